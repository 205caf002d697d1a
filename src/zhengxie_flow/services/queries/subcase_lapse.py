"""What time has produced in the subcases of a case reaches the case before anything is judged by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from zhengxie_flow.engine import CompiledProcess, apply_lapsed_limits, evolve, parent_updates, view_of
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.services.context import Context, commit, produced

DEEPEST = 20
"""How far down is looked: cases cannot lie under each other in a circle, but an old journal may have it so."""


def with_below(
    context: Context,
    compiled: CompiledProcess,
    case: Case,
    day: date,
    known_at: datetime | None = None,
    depth: int = DEEPEST,
) -> Case:
    """A case as it stands with all that limits of its subcases have brought about by a day; nothing is written."""
    for link, process, child in _running(context, compiled, case, day, known_at):
        deeper = with_below(context, process, child, day, known_at, depth - 1) if depth else child
        after, _ = apply_lapsed_limits(process, deeper, partial(context.calendar, process), day, context.now())
        if after is not child:
            edition = context.calendar(compiled, day).edition
            for event in parent_updates(case, compiled, after, process, link, now=context.now(), calendar=edition):
                case = evolve(case, event)
    return case


def settle_below(context: Context, case: str, depth: int = DEEPEST) -> None:
    """Write what time has produced in the subcases of a case, the lowest first, each in a write of its own.

    It happens before the case itself is written to, so that locks are only ever taken upwards.
    """
    compiled, known = context.read(case)
    for _, _, child in _running(context, compiled, known, context.today(compiled), None):
        if depth:
            settle_below(context, child.id, depth - 1)
        _settle(context, child.id)


def _settle(context: Context, case: str) -> None:
    """Write what time has produced in one case, if it has produced anything."""
    compiled, known = context.read(case)
    after, fired = produced(context, compiled, known)
    if not fired:
        return
    with context.journal.transaction() as transaction:
        head = transaction.head(case)
        if head is not None and head.version == known.version:  # else somebody wrote meanwhile
            commit(context, transaction, compiled, head, after, fired)


def _running(
    context: Context, compiled: CompiledProcess, case: Case, day: date, known_at: datetime | None
) -> Iterator[tuple[Parent, CompiledProcess, Case]]:
    """The subcases of a case that have not ended."""
    if not compiled.process.subcases:
        return
    view = view_of(compiled, case, partial(context.calendar, compiled), day)
    for name in compiled.process.subcases:
        for seen in view.subcases(name):
            if seen.status != "open" or seen.case == case.id:
                continue
            if (found := context.known_below(case.id, seen.case, known_at)) is not None:
                process, child = found
                places = (one for one in child.parents if (one.case, one.subcase) == (case.id, name))
                yield from ((place, process, child) for place in places)
