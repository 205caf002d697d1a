"""Lists over all cases as they stand today: heads and deadlines.

The journal keeps both for quick reading.  Where time alone, a new edition or another calendar has overtaken what it
keeps of a case, the case is worked out anew, and so are the cases above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge

from zhengxie_flow.calendars import CHINA_TIME
from zhengxie_flow.engine import deadlines
from zhengxie_flow.errors import ChainBroken, NotFound, StorageError
from zhengxie_flow.ports import AssignmentRow, Damaged, DeadlineRow, Head
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.projecting import deadline_row, outdated
from zhengxie_flow.services.queries.derived_cases import read_derived

NEWER_SCHEMA = "ZX5021"
"""The code of an event of a schema that this program does not know."""
UNREADABLE_ROW = "ZX5019"
"""The code of a row that was made unreadable."""


@dataclass(frozen=True, slots=True)
class _Current:
    """What a list shows of a case that was worked out anew."""

    state: str
    rows: tuple[DeadlineRow, ...]


def heads(context: Context, damaged: Damaged | None = None) -> Iterator[Head]:
    """List all cases as they stand today.

    Args:
        context: The ports.
        damaged: Called with what cannot be read of a case; None to end there.

    Yields:
        The heads, by case id.
    """
    stored = tuple(context.journal.heads(damaged))
    deeming = {digest for digest in {head.definition for head in stored} if _deems(context, digest)}
    by_time = {head.case for head in stored if head.definition in deeming}  # no other state changes by time alone
    anew = _worked_out(context, [case for case in outdated(context) if case in by_time], damaged)
    for head in stored:
        yield replace(head, state=anew[head.case].state) if head.case in anew else head


def due(context: Context, until: date | None = None, damaged: Damaged | None = None) -> Iterator[DeadlineRow]:
    """List the open deadlines of all cases that have a day, by day, then case.

    Args:
        context: The ports.
        until: The last day of interest; None for all.
        damaged: Called with what cannot be read of a case; None to end there.

    Yields:
        The rows; of a provisional day the earliest counts for ``until``.
    """
    anew = _worked_out(context, outdated(context), damaged)
    stored = context.journal.deadlines(until=until, damaged=damaged)
    kept = (row for row in stored if row.day is not None and row.case not in anew)
    again = [row for case in anew.values() for row in case.rows if row.open and _may_fall(row, until)]
    held = _assigned_today(context)
    for row in merge(kept, sorted(again, key=_place), key=_place):
        made = held.get((row.case, row.bearer or ""))
        yield row if made is None else replace(row, office=made.office, person=made.person)


def _assigned_today(context: Context) -> Mapping[tuple[str, str], AssignmentRow]:
    """To whom the roles of cases fall today, by case and role."""
    today = context.now().astimezone(CHINA_TIME).date()
    return {
        (row.case, row.role): row
        for row in context.journal.assignments()
        if row.from_day <= today and (row.to_day is None or today <= row.to_day)
    }


def _may_fall(row: DeadlineRow, until: date | None) -> bool:
    first = row.earliest or row.day
    return row.day is not None and (until is None or (first is not None and first <= until))


def _place(row: DeadlineRow) -> tuple[date, str]:
    return (row.day or date.max, row.case)


def _deems(context: Context, definition: str) -> bool:
    """True where time alone may bring an act to the cases of a definition; False too where it is no longer stored."""
    try:
        return context.definitions.by_hash(definition).deems
    except (NotFound, ChainBroken):  # for `verify` to name
        return False


def _worked_out(context: Context, cases: Iterable[str], damaged: Damaged | None) -> Mapping[str, _Current]:
    """Some cases and those above them, as they stand."""
    anew: dict[str, _Current] = {}
    pending = list(cases)
    while pending:
        name = pending.pop()
        if name not in anew:
            try:
                derived = read_derived(context, name)
            except StorageError as error:
                if not isinstance(error, ChainBroken) and error.code not in (NEWER_SCHEMA, UNREADABLE_ROW):
                    raise
                if damaged is not None and error.code == UNREADABLE_ROW:
                    damaged(error)
                continue  # for `verify` to name; one broken case does not bar the others, and shows as kept
            rows = tuple(deadline_row(derived, row) for row in deadlines(derived))
            anew[name] = _Current(derived.case.state, rows)
            pending += [parent.case for parent in derived.case.parents]
    return anew
