"""Reading a case as it stands: what is recorded of it and of its subcases, with all that time has brought.

Every screen, list and act reads cases through these functions, so that no two of them can differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from zhengxie_flow.engine import CompiledProcess, DerivedCase, derive, evolve, parent_updates, view_of
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.services.context import Context

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
    compiled, recorded = context.read(case, known_at)
    day = as_of or (known_at or context.now()).astimezone(compiled.zone).date()
    return derived_case(context, compiled, recorded, day, known_at)


def derived_case(
    context: Context, compiled: CompiledProcess, recorded: Case, day: date, known_at: datetime | None = None
) -> DerivedCase:
    """Derive a recorded case as of the end of a day, its subcases first.

    Args:
        context: The ports.
        compiled: The definition that governs the case.
        recorded: The case as recorded.
        day: The civil day.
        known_at: The instant up to which events count as recorded; None for all.

    Returns:
        The derived case.
    """
    current = with_subcases(context, compiled, recorded, day, known_at)
    derived = derive(compiled, current, partial(context.calendar, compiled), day)
    return derived if current is recorded else replace(derived, version=recorded.version)


def with_subcases(
    context: Context,
    compiled: CompiledProcess,
    case: Case,
    day: date,
    known_at: datetime | None = None,
    depth: int = DEEPEST,
) -> Case:
    """Mirror into a case what time has brought to its subcases, without writing.

    Args:
        context: The ports.
        compiled: The definition that governs the case.
        case: The case.
        day: The civil day up to which limits lapse.
        known_at: The instant up to which events count as recorded; None for all.
        depth: How many levels of subcases are followed.

    Returns:
        The case with the progress of its subcases.
    """
    for link, process, child in open_subcases(context, compiled, case, day, known_at):
        deeper = with_subcases(context, process, child, day, known_at, depth - 1) if depth else child
        derived = derive(process, deeper, partial(context.calendar, process), day)
        if derived.case is not child:
            calendar_hash = context.calendar(compiled, day).calendar_hash
            for event in parent_updates(
                case, compiled, derived.case, process, link, now=context.now(), calendar=calendar_hash
            ):
                case = evolve(case, event)
    return case


def open_subcases(
    context: Context, compiled: CompiledProcess, case: Case, day: date, known_at: datetime | None
) -> Iterator[tuple[Parent, CompiledProcess, Case]]:
    """Yield the open subcases of a case, each with its link and its definition.

    Args:
        context: The ports.
        compiled: The definition that governs the case.
        case: The case.
        day: The civil day.
        known_at: The instant up to which events count as recorded; None for all.

    Yields:
        The link, the definition of the subcase and the subcase as recorded.
    """
    if not compiled.process.subcases:
        return
    view = view_of(compiled, case, partial(context.calendar, compiled), day)
    for name in compiled.process.subcases:
        for summary in view.subcases(name):
            if summary.status != "open" or summary.case == case.id:
                continue
            if (definition_and_case := context.find_subcase(case.id, summary.case, known_at)) is not None:
                process, child = definition_and_case
                places = (link for link in child.parents if (link.case, link.subcase) == (case.id, name))
                yield from ((place, process, child) for place in places)
