"""Projections (heads and deadline rows) compared with the events they come from, and rebuilt on request.

Projections serve quick lookups.  A difference is reported and never repaired in passing: it shows that another program
wrote to the database, or that a version computes otherwise than the one that wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.engine import CompiledProcess, DerivedCase, derive, fold
from zhengxie_flow.engine.editions.governing import with_pin
from zhengxie_flow.errors import NotFound
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.ports import DeadlineRow, Finding, Head, Projection
from zhengxie_flow.services.context import Context, first_misfit
from zhengxie_flow.services.projecting import METHOD, basis, basis_of, projection_of
from zhengxie_flow.services.queries.consistency import LOST, subcase_mismatches, unexplained_erasures
from zhengxie_flow.services.retrying import repeated

PROJECTION, BODY, DEFINITION = "projection", "body", "definition"
_COMPARED = ("process", "definition", "state", "opened", "updated")
"""The columns of a head that its chain does not already prove."""


def mismatches(
    context: Context, broken: Collection[str] = (), *, among: bool = False, erased: Collection[str] = ()
) -> Iterator[Finding]:
    """Find the cases whose head or deadline rows differ from what their events give.

    A case that is written to meanwhile is left out.

    Args:
        context: The ports.
        broken: The cases whose events themselves are in doubt; they are left out.
        among: True to compare cases with their parents and subcases too.
        erased: The cases with erased values; of these it is checked that events record the erasures.

    Yields:
        The findings, case by case.
    """
    heads = {head.case: head for head in context.journal.heads()}
    projections = {projection.case: projection for projection in context.journal.projections()}
    lost: set[str] = set()
    parents: dict[str, Case] = {}
    for head in heads.values():
        if head.case in broken:
            continue
        events = context.journal.events(head.case)
        if (unfit := _unfit(context, events)) is not None:
            yield unfit
            continue
        case = fold(events)
        findings = [*_of_projected(context, head, case, projections[head.case])]
        if among:
            findings += subcase_mismatches(context, case, heads, {*broken, *lost}, parents)
        if head.case in erased:
            findings += unexplained_erasures(context, case)
        if findings and context.journal.head(head.case) == head:
            yield from findings
            lost |= {finding.case for finding in findings if finding.kind == LOST}


def _unfit(context: Context, events: Sequence[Event]) -> Finding | None:
    """The first event of a case that its definitions have no place for, or a definition that is not there."""
    case = events[0].case
    try:
        misfit = first_misfit(context.definitions, events)
    except NotFound as error:
        digest = str(error.params.get("hash", ""))
        return Finding(case=case, sequence=None, kind=DEFINITION, expected=digest, found=None)
    if misfit is None:
        return None
    place = f"{misfit.place}={misfit.name}"
    return Finding(case=case, sequence=misfit.sequence, kind=BODY, expected=None, found=place)


def rebuild(context: Context, broken: Collection[str] = (), also: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Rewrite heads and deadline rows where they differ from what the events give.

    They are worked out as of today; the events of deadlines that another calendar moves are for `recompute`.

    Args:
        context: The ports.
        broken: The cases whose events themselves are in doubt; they are left alone.
        also: Findings made elsewhere, repaired too.

    Returns:
        The findings that were repaired.
    """
    findings = (*(finding for finding in also if finding.case not in broken), *mismatches(context, broken))
    for case in dict.fromkeys(finding.case for finding in findings if finding.kind not in (BODY, DEFINITION)):
        repeated(context, partial(_rebuild, context, case))
    return findings


def _rebuild(context: Context, case: str) -> None:
    """Rewrite the head and the deadline rows of a case."""
    with context.journal.transaction() as transaction:
        head = transaction.head(case)
        current = context.rebuilt(transaction.events(case))
        compiled = context.definitions.by_hash(current.definition)
        derived = context.derived(compiled, current)
        if head is not None:
            transaction.restate(_head(head, derived, current))
        transaction.project(projection_of(derived, basis(context, compiled, derived.as_of)))


def _head(head: Head, derived: DerivedCase, recorded: Case) -> Head:
    """The head as the events give it; its version and hash belong to the chain."""
    case = derived.case
    return replace(
        head,
        process=case.process,
        definition=case.definition,
        state=case.state,
        opened=case.opened,
        updated=recorded.events[-1].recorded,
    )


def _of_projected(context: Context, head: Head, case: Case, stored: Projection) -> Iterator[Finding]:
    """What the journal keeps of a case for quick lists, where it differs from what the events give.

    A projection by another method of counting is read by nobody: it is worked out anew wherever it is needed.
    """
    if stored.basis is None or not stored.basis.startswith(f"{METHOD}:"):
        compiled = context.definitions.by_hash(case.definition)
        calendars = partial(context.calendar, compiled)
        recorded = DerivedCase(
            compiled=compiled, calendars=calendars, as_of=case.opened, case=case, version=case.version
        )
        yield from _of_head(head if stored.basis is None else replace(head, state=case.state), recorded, case)
        return
    derived = _as_projected(context, case, stored)
    if derived is None:
        yield Finding(case=case.id, sequence=None, kind=PROJECTION, expected=None, found=f"basis={stored.basis}")
    else:
        yield from _of_projection(head, derived, case, stored)


def _of_head(head: Head, derived: DerivedCase, recorded: Case) -> Iterator[Finding]:
    expected_head = _head(head, derived, recorded)
    for name in _COMPARED:
        expected, stored = getattr(expected_head, name), getattr(head, name)
        if expected != stored:
            texts = (f"{name}={value}" for value in (expected, stored))
            yield Finding(case=head.case, sequence=None, kind=PROJECTION, expected=next(texts), found=next(texts))
            return


def _of_projection(head: Head, derived: DerivedCase, recorded: Case, stored: Projection) -> Iterator[Finding]:
    """Compare a head and its deadlines with what the events give on the day they were worked out for."""
    yield from _of_head(head, derived, recorded)
    again = projection_of(derived, stored.basis or "")
    if again != stored:
        ours, theirs = set(again.rows), set(stored.rows)
        expected = next((_named(row) for row in again.rows if row not in theirs), f"next_change={again.next_change}")
        actual = next((_named(row) for row in stored.rows if row not in ours), f"next_change={stored.next_change}")
        yield Finding(case=head.case, sequence=None, kind=PROJECTION, expected=expected, found=actual)


def _as_projected(context: Context, case: Case, stored: Projection) -> DerivedCase | None:
    """The case as of the day of its projection, by the editions and the calendar that its basis is made of.

    None where no definitions and calendar at hand lead to that basis.
    """
    day = stored.as_of
    if day is None:
        return None
    for compiled in _governing(context, case, stored):
        for calendars in _calendars(context, compiled, stored):
            if basis_of(compiled, calendars(day).calendar_hash) == stored.basis:
                return derive(compiled, case, calendars, day)
    return None


def _governing(context: Context, case: Case, stored: Projection) -> Iterator[CompiledProcess]:
    """The definition of a case with today's editions, then with those that the rows name."""
    compiled = context.definitions.by_hash(case.definition)
    yield compiled
    named = dict.fromkeys(row.edition for row in stored.rows if row.edition is not None)
    with suppress(NotFound):  # an edition that is nowhere to be had: the basis is unknown
        others = [context.definitions.by_hash(digest) for digest in named if digest != compiled.hash]
        alone = replace(compiled, editions=())
        yield with_pin(alone, [replace(other, editions=()) for other in others]) if others else alone


def _calendars(context: Context, compiled: CompiledProcess, stored: Projection) -> Iterator[Callable[[date], Snapshot]]:
    """The calendar of a process as it is known now, then as it was when a row was counted with it."""
    yield partial(context.calendar, compiled)
    for digest in dict.fromkeys(row.calendar for row in stored.rows):
        earlier = context.calendars.standing(compiled.process.calendar, digest, stored.as_of or date.max)
        if earlier is not None:
            yield earlier


def _named(row: DeadlineRow) -> str:
    item = f"[{row.item}]" if row.item else ""
    return f"{row.obligation}{item}={row.day or '-'}"
