"""Lapsed limits of subcases, applied to a case before anything is judged by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from zhengxie_flow.engine import apply_lapsed_limits, evolve, parent_updates, view_of
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events.recording import RecordingTime
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.writing import commit, with_lapsed_acts

DEEPEST = 20
"""Depth limit: cases cannot be their own ancestors, but an old journal may have it so."""


def with_lapsed_subcases(
    context: Context,
    governed: GovernedCase,
    day: date,
    known_at: datetime | None = None,
    depth: int = DEEPEST,
) -> Case:
    """Apply the lapsed limits of the subcases of a case, without writing.

    Args:
        context: The ports.
        governed: The case.
        day: The civil day up to which limits lapse.
        known_at: The instant up to which events count as recorded; None for all.
        depth: How many levels of subcases are followed.

    Returns:
        The case with all that these limits have brought about.
    """
    compiled, case = governed
    for link, subcase in _running(context, governed, day, known_at):
        process, child = subcase
        deeper = with_lapsed_subcases(context, subcase, day, known_at, depth - 1) if depth else child
        after, _ = apply_lapsed_limits(process, deeper, partial(context.calendar, process), day, context.now())
        if after is not child:
            time = RecordingTime(context.now(), context.calendar(compiled, day).calendar_hash)
            for event in parent_updates(GovernedCase(compiled, case), GovernedCase(process, after), link, time):
                case = evolve(case, event)
    return case


def settle_subcases(context: Context, case: str, depth: int = DEEPEST) -> None:
    """Write the lapsed limits of the subcases of a case, the lowest first, each in a transaction of its own.

    It happens before the case itself is written to, so that locks are only ever taken upwards.

    Args:
        context: The ports.
        case: The id of the case.
        depth: How many levels of subcases are followed.
    """
    governed = context.read(case)
    for _, subcase in _running(context, governed, context.today(governed.compiled), None):
        if depth:
            settle_subcases(context, subcase.case.id, depth - 1)
        _settle(context, subcase.case.id)


def _settle(context: Context, case: str) -> None:
    """Write the lapsed limits of one case, if there are any."""
    compiled, current = context.read(case)
    after, fired = with_lapsed_acts(context, compiled, current)
    if not fired:
        return
    with context.journal.transaction() as transaction:
        head = transaction.head(case)
        if head is not None and head.version == current.version:  # else it was written to meanwhile
            commit(context, transaction, GovernedCase(compiled, after), fired)


def _running(
    context: Context, governed: GovernedCase, day: date, known_at: datetime | None
) -> Iterator[tuple[Parent, GovernedCase]]:
    """The open subcases of a case, each with its link."""
    compiled, case = governed
    if not compiled.process.subcases:
        return
    view = view_of(compiled, case, partial(context.calendar, compiled), day)
    for name in compiled.process.subcases:
        for summary in view.subcases(name):
            if summary.status != "open" or summary.case == case.id:
                continue
            if (subcase := context.find_subcase(case.id, summary.case, known_at)) is not None:
                links = (link for link in subcase.case.parents if (link.case, link.subcase) == (case.id, name))
                yield from ((link, subcase) for link in links)
