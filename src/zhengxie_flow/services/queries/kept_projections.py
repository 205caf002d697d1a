"""Comparison of what a journal keeps of a case for quick lists (head and deadline rows) with what its events give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Final

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.engine import CompiledProcess, DerivedCase, derive
from zhengxie_flow.engine.editions.governing import link_editions, with_pin
from zhengxie_flow.errors import NotFound
from zhengxie_flow.model.case import Case
from zhengxie_flow.ports import PROJECTION, STALE, DeadlineRow, Finding, Head, Projection
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.projecting import EARLIER_METHODS, basis_of, projection_of

COMPARED: Final = ("process", "definition", "state", "opened", "updated")
"""The columns of a head that its chain does not already prove."""


def head_of(derived: DerivedCase, recorded: Case) -> Head:
    """Work out the head of a case from its events.

    Args:
        derived: The case as of a day.
        recorded: The case as recorded.

    Returns:
        The head.
    """
    case, last = derived.case, recorded.events[-1]
    return Head(
        case=case.id,
        process=case.process,
        definition=case.definition,
        state=case.state,
        opened=case.opened,
        updated=last.recorded,
        version=last.sequence,
        hash=last.hash,
    )


def projection_mismatches(
    context: Context, head: Head, case: Case, stored: Projection, written: datetime
) -> Iterator[Finding]:
    """Find the parts of what the journal keeps of a case that is not what its events give.

    Args:
        context: The ports.
        head: Its stored head.
        case: The case as recorded.
        stored: The rest of what is kept of it.
        written: The latest instant at which anything was written to the journal.

    Yields:
        The findings.
    """
    compiled = context.definitions.by_hash(case.definition)
    if stored.basis is None or stored.basis.partition(":")[0] in EARLIER_METHODS:
        yield from _of_earlier_version(context, compiled, head, case, stored)
        return
    latest = max(context.today(compiled), written.astimezone(compiled.zone).date())
    if stored.as_of is not None and stored.as_of > latest:
        yield _finding(case, None, f"projected={stored.as_of}")  # lists would show what has not come yet
        return
    derived = _as_projected(context, case, stored)
    if derived is None:
        yield _finding(case, None, f"basis={stored.basis}")
    else:
        yield from _of_projection(head, derived, case, stored)


def _of_earlier_version(
    context: Context, compiled: CompiledProcess, head: Head, case: Case, stored: Projection
) -> Iterator[Finding]:
    """Of a projection that an earlier version wrote: nobody reads it but its head, it is worked out anew everywhere."""
    calendars = partial(context.calendar, compiled)
    recorded = DerivedCase(compiled=compiled, calendars=calendars, as_of=case.opened, case=case, version=case.version)
    with_basis = stored.basis is not None
    yield from _of_head(replace(head, state=case.state) if with_basis and compiled.deems else head, recorded, case)
    later = stored.as_of or stored.next_change or any(row.definition or row.edition for row in stored.rows)
    if stored.basis is None and later:  # only versions that write a basis write the rest
        yield _finding(case, None, "basis=None")
    else:
        yield Finding(case=case.id, sequence=None, kind=STALE, expected=None, found=f"basis={stored.basis}")


def _of_head(head: Head, derived: DerivedCase, recorded: Case) -> Iterator[Finding]:
    expected_head = head_of(derived, recorded)
    for name in COMPARED:
        expected, stored = getattr(expected_head, name), getattr(head, name)
        if str(expected) != str(stored):  # an instant is compared with its offset
            yield _finding(recorded, f"{name}={expected}", f"{name}={stored}")
            return


def _of_projection(head: Head, derived: DerivedCase, recorded: Case, stored: Projection) -> Iterator[Finding]:
    """Compare a head and its deadlines with what the events give on the day they were worked out for."""
    yield from _of_head(head, derived, recorded)
    again = projection_of(derived, stored.basis or "")
    if again != stored:
        if again.assignments != stored.assignments:
            yield _finding(recorded, _assigned(again), _assigned(stored))
            return
        ours, theirs = set(again.rows), set(stored.rows)
        expected = next((_named(row) for row in again.rows if row not in theirs), _beside(again, stored))
        actual = next((_named(row) for row in stored.rows if row not in ours), _beside(stored, again))
        yield _finding(recorded, expected, actual)


def _finding(case: Case, expected: str | None, found: str) -> Finding:
    return Finding(case=case.id, sequence=None, kind=PROJECTION, expected=expected, found=found)


def _as_projected(context: Context, case: Case, stored: Projection) -> DerivedCase | None:
    """The case as of the day of its projection, by the editions and the calendar that its basis is made of.

    None where no definitions and calendar at hand lead to that basis.
    """
    day = stored.as_of
    if day is None:
        return None
    editions = tuple(_governing(context, case, stored))
    for calendars in _calendars(context, editions[0], case, stored):
        digest = calendars(day).calendar_hash
        for compiled in editions:
            if basis_of(compiled, digest) == stored.basis:
                return derive(compiled, case, calendars, day)
    return None


def _governing(context: Context, case: Case, stored: Projection) -> Iterator[CompiledProcess]:
    """The definition of a case with today's editions, then with those that the rows name, or that came first."""
    compiled = context.definitions.by_hash(case.definition)
    yield compiled
    named = dict.fromkeys(row.edition for row in stored.rows if row.edition is not None)
    with suppress(NotFound):  # an edition that is nowhere to be had: the basis is unknown
        others = [context.definitions.by_hash(digest) for digest in named if digest != compiled.hash]
        alone = replace(compiled, editions=())
        yield with_pin(alone, [replace(other, editions=()) for other in others]) if others else alone
    yield from earlier_editions(compiled)


def earlier_editions(compiled: CompiledProcess) -> Iterator[CompiledProcess]:
    """A definition with the editions beside it as they were before the later ones came.

    Args:
        compiled: The definition, linked to all editions of today.

    Yields:
        The definition with ever fewer of them, at last alone.
    """
    editions = [replace(edition, editions=()) for edition in compiled.editions]
    for count in range(len(editions) - 1, 0, -1):
        present = editions[:count]
        if any(edition.hash == compiled.hash for edition in present):
            linked = link_editions(present)
            yield next(edition for edition in linked if edition.hash == compiled.hash)
    if editions:
        yield replace(compiled, editions=())


def _calendars(
    context: Context, compiled: CompiledProcess, case: Case, stored: Projection
) -> Iterator[Callable[[date], Snapshot]]:
    """The calendar of a process as it is known now, then as it was when a row was counted or an event written."""
    yield partial(context.calendar, compiled)
    events = (event.calendar for event in reversed(case.events))
    for digest in dict.fromkeys((*(row.calendar for row in stored.rows), *events)):
        earlier = context.calendars.standing(compiled.calendar, digest, stored.as_of or date.max)
        if earlier is not None:
            yield earlier


def _assigned(projection: Projection) -> str:
    rows = projection.assignments
    return "; ".join(f"{row.role}={row.office or row.person} {row.from_day}..{row.to_day or ''}" for row in rows) or "-"


def _beside(projection: Projection, other: Projection) -> str:
    """The part of a projection beside its rows that another does not share: the title, else the next change."""
    if projection.title != other.title:
        return f"title={projection.title}"
    return f"next_change={projection.next_change}"


def _named(row: DeadlineRow) -> str:
    item = f"[{row.item}]" if row.item else ""
    return f"{row.obligation}{item}={row.day or '-'}"
