"""Move a case to another edition of its process; the preview is the same code without the write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from zhengxie_flow.engine import CompiledProcess, audit, evolve, fold
from zhengxie_flow.engine.editions.governing import edition_governing_life
from zhengxie_flow.engine.events.moves import move as decide
from zhengxie_flow.engine.events.statements import Attribution
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.difference import differences
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import VerdictChange
from zhengxie_flow.services.context import Context, write


@dataclass(frozen=True, slots=True)
class Moved:
    """What moving a case did, or would do: the event, the state before and after, the duties judged otherwise."""

    event: Event
    before: str
    after: str
    changes: tuple[VerdictChange, ...]
    written: bool


def move(
    context: Context,
    case: str,
    to: str,
    told: Attribution,
    *,
    reason: str,
    basis: str | None = None,
    expected_version: int | None = None,
    dry_run: bool = False,
) -> Moved:
    """Decide that a running case goes on under another edition, with what that changes as things stand today."""

    def make(compiled: CompiledProcess, known: Case) -> Event:
        edition = context.calendar(compiled, context.today(compiled)).edition
        return decide(compiled, known, to, told, context.now(), reason=reason, basis=basis, calendar=edition)

    compiled, known = context.read(case)
    if dry_run:
        return _moved(context, compiled, known, make(compiled, known), written=False)
    event = write(context, case, make, key=told.key or None, expected_version=expected_version)
    before = fold(known.events[: event.sequence - 1])
    return _moved(context, compiled, before, event, written=True)


def _moved(context: Context, compiled: CompiledProcess, known: Case, event: Event, *, written: bool) -> Moved:
    after = evolve(known, event)
    target = edition_governing_life(compiled, after)
    day, calendars = context.today(compiled), partial(context.calendar, compiled)
    old = audit(compiled, known, calendars, day)
    new = audit(target, after, calendars, day)
    return Moved(event, known.state, after.state, tuple(differences(old, new)), written)
