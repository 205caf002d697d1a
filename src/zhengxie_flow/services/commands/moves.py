"""Move of a case to another edition of its process; the preview is the same code without the write."""

from __future__ import annotations

from dataclasses import dataclass

from zhengxie_flow.engine import CompiledProcess, audit, evolve, fold
from zhengxie_flow.engine.editions.governing import edition_governing_life
from zhengxie_flow.engine.events.moves import move as decide
from zhengxie_flow.engine.events.statements import Attribution
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.difference import differences
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import VerdictChange
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.derived_cases import derived_case
from zhengxie_flow.services.writing import write


@dataclass(frozen=True, slots=True)
class Moved:
    """Effect of a move, done or previewed.

    Attributes:
        event: The event ``moved``.
        before: The state before the move.
        after: The state after it.
        changes: Every verdict that changes, as of today.
        written: False for a preview.
    """

    event: Event
    before: str
    after: str
    changes: tuple[VerdictChange, ...]
    written: bool


def move(
    context: Context,
    case: str,
    to: str,
    attribution: Attribution,
    *,
    reason: str,
    basis: str | None = None,
    expected_version: int | None = None,
    dry_run: bool = False,
) -> Moved:
    """Move a running case to another edition.

    Args:
        context: The ports.
        case: The id of the case.
        to: The edition, by its name or its first day.
        attribution: The role and time of the decision.
        reason: The reason, as it is kept.
        basis: The document or clause it rests on.
        expected_version: The version the case must have.
        dry_run: True to preview it without writing.

    Returns:
        The event and its effect.

    Raises:
        NotFound: The case or the edition is unknown.
        UsageError: The case cannot move there.
        Refused: The edition does not let this role move the case.
        Conflict: The version or the key does not fit.
    """

    def make(compiled: CompiledProcess, current: Case) -> Event:
        calendar_hash = context.calendar_hash(compiled)
        return decide(
            compiled, current, to, attribution, context.now(), reason=reason, basis=basis, calendar=calendar_hash
        )

    compiled, current = context.read(case)
    if dry_run:
        return _moved(context, compiled, current, make(compiled, current), written=False)
    event = write(context, case, make, key=attribution.key or None, expected_version=expected_version)
    before = fold(current.events[: event.sequence - 1])
    return _moved(context, compiled, before, event, written=True)


def _moved(context: Context, compiled: CompiledProcess, case: Case, event: Event, *, written: bool) -> Moved:
    after = evolve(case, event)
    target = edition_governing_life(compiled, after)
    day = context.today(compiled)
    old = audit(derived_case(context, compiled, case, day))
    new = audit(derived_case(context, target, after, day))
    return Moved(event, case.state, after.state, tuple(differences(old, new)), written)
