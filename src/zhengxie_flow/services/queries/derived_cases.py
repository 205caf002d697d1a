"""Reading a case as it stands: what is recorded of it and of its subcases, with all that time has brought.

Every screen, list and act reads cases through these functions, so that no two of them can differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from zhengxie_flow.engine import DerivedCase, evolve, parent_updates, view_of
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events.recording import RecordingTime
from zhengxie_flow.errors import ChainBroken, StorageError
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.ports import Damaged
from zhengxie_flow.services.context import Context

NEWER_SCHEMA = "ZX5021"
"""The code of an event of a schema that this program does not know."""
UNREADABLE_ROW = "ZX5019"
"""The code of a row that was made unreadable."""
DEEPEST = 20
"""Depth limit: cases cannot be their own ancestors, but an old journal may have it so."""


def read_derived(
    context: Context, case: str, as_of: date | None = None, known_at: datetime | None = None
) -> DerivedCase:
    """Read a case as of the end of a day, by what was known at an instant.

    Args:
        context: The ports.
        case: The id of the case.
        as_of: The civil day; None for the day of ``known_at``, or today, in the zone of its process.
        known_at: The instant up to which events count as recorded; None for all.

    Returns:
        The derived case.

    Raises:
        NotFound: ZX4002, there is no such case, or it had not been opened yet by what was known.
        ChainBroken: The journal of the case was tampered with.
    """
    recorded = context.read(case, known_at)
    day = as_of or (known_at or context.now()).astimezone(recorded.compiled.zone).date()
    return derived_case(context, recorded, day, known_at)


def read_unless_damaged(context: Context, case: str, damaged: Damaged | None) -> DerivedCase | None:
    """Read a case as it stands today for a list, in which one broken case does not bar the others.

    Args:
        context: The ports.
        case: The id of the case.
        damaged: Called with what cannot be read of it; None to leave that to `verify`.

    Returns:
        The derived case; None where the journal of the case is broken, or of a newer version.

    Raises:
        StorageError: The database cannot be read at all.
    """
    try:
        return read_derived(context, case)
    except StorageError as error:
        if not isinstance(error, ChainBroken) and error.code not in (NEWER_SCHEMA, UNREADABLE_ROW):
            raise
        if damaged is not None and error.code == UNREADABLE_ROW:
            damaged(error)
        return None


def derived_case(context: Context, recorded: GovernedCase, day: date, known_at: datetime | None = None) -> DerivedCase:
    """Derive a recorded case as of the end of a day, its subcases first.

    Args:
        context: The ports.
        recorded: The case as recorded.
        day: The civil day.
        known_at: The instant up to which events count as recorded; None for all.

    Returns:
        The derived case.
    """
    compiled, case = recorded
    current = with_subcases(context, recorded, day, known_at)
    derived = context.derived(compiled, current, day)
    return derived if current is case else replace(derived, version=case.version)


def with_subcases(
    context: Context, governed: GovernedCase, day: date, known_at: datetime | None = None, depth: int = DEEPEST
) -> Case:
    """Mirror into a case what time has brought to its subcases, without writing.

    Args:
        context: The ports.
        governed: The case as recorded.
        day: The civil day up to which limits lapse.
        known_at: The instant up to which events count as recorded; None for all.
        depth: How many levels of subcases are followed.

    Returns:
        The case with the progress of its subcases.
    """
    compiled, case = governed
    for link, subcase in open_subcases(context, governed, day, known_at):
        process, child = subcase
        deeper = with_subcases(context, subcase, day, known_at, depth - 1) if depth else child
        after = context.derived(process, deeper, day).case
        if after is not child:
            time = RecordingTime(context.now(), context.calendar(compiled, day).calendar_hash)
            for event in parent_updates(GovernedCase(compiled, case), GovernedCase(process, after), link, time):
                case = evolve(case, event)
    return case


def open_subcases(
    context: Context, governed: GovernedCase, day: date, known_at: datetime | None = None
) -> Iterator[tuple[Parent, GovernedCase]]:
    """Yield the open subcases of a case.

    Args:
        context: The ports.
        governed: The case.
        day: The civil day.
        known_at: The instant up to which events count as recorded; None for all.

    Yields:
        The link and the subcase as recorded.
    """
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
