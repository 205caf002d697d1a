"""Lists over all cases as they stand today: heads, and what is open.

The journal keeps both for quick reading.  Where time alone, a new edition or another calendar has overtaken what it
keeps of a case, the case is worked out anew, and so are the cases above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge

from zhengxie_flow.calendars import CHINA_TIME
from zhengxie_flow.engine import open_work
from zhengxie_flow.engine.case_title import case_title
from zhengxie_flow.errors import ChainBroken, NotFound, StorageError
from zhengxie_flow.ports import AssignmentRow, Damaged, DeadlineRow, Head
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.projecting import deadline_row, outdated
from zhengxie_flow.services.queries.derived_cases import read_derived

NEWER_SCHEMA = "ZX5021"
"""The code of an event of a schema that this program does not know."""
WAITING = "waiting"
"""The kind of rows that hang on an event which has not happened: nobody owes anything yet."""
UNREADABLE_ROW = "ZX5019"
"""The code of a row that was made unreadable."""


@dataclass(frozen=True, slots=True)
class _Current:
    """What a list shows of a case that was worked out anew."""

    state: str
    title: str
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
    definitions = {digest: _shown_by(context, digest) for digest in {head.definition for head in stored}}
    changing = {
        head.case
        for head in stored
        for shown in (definitions[head.definition],)
        if shown.by_time or (shown.titled and head.title is None)  # no other state changes by time alone
    }
    anew = _worked_out(context, [case for case in outdated(context) if case in changing], damaged)
    for head in stored:
        again = anew.get(head.case)
        if again is None:
            yield replace(head, title=head.title or head.case)
        else:
            yield replace(head, state=again.state, title=again.title)


def case_titles(context: Context, cases: Iterable[str]) -> dict[str, str]:
    """Find the titles of some cases.

    Args:
        context: The ports.
        cases: Their ids.

    Returns:
        The title of each of them that is there: its id where none is determined yet.
    """
    titles: dict[str, str] = {}
    for case in cases:
        head = context.journal.head(case)
        if head is None:
            continue
        if head.title is None and _shown_by(context, head.definition).titled:  # of a version that kept none
            derived = read_derived(context, case)
            titles[case] = case_title(derived.compiled, derived.case)
        else:
            titles[case] = head.title or case
    return titles


def due(context: Context, until: date | None = None, damaged: Damaged | None = None) -> Iterator[DeadlineRow]:
    """List what is open in all cases: by day, then what has none by case.

    Args:
        context: The ports.
        until: The last day of interest, and then only what has a day; None for all.
        damaged: Called with what cannot be read of a case; None to end there.

    Yields:
        The rows; of a provisional day the earliest counts for ``until``.  What hangs on an event that has not happened
        is not among them.
    """
    anew = _worked_out(context, outdated(context), damaged)
    stored = context.journal.deadlines(until=until, damaged=damaged)
    kept = (row for row in stored if _is_owed(row) and row.case not in anew)
    again = [row for case in anew.values() for row in case.rows if _is_owed(row) and _may_fall(row, until)]
    held = assigned_today(context)
    for row in merge(kept, sorted(again, key=_place), key=_place):
        made = held.get((row.case, row.bearer or ""))
        yield row if made is None else replace(row, office=made.office, person=made.person)


def assigned_today(context: Context) -> Mapping[tuple[str, str], AssignmentRow]:
    """Read to whom the roles of cases fall today.

    Args:
        context: The ports.

    Returns:
        The assignments by case and role.
    """
    today = context.now().astimezone(CHINA_TIME).date()
    return {
        (row.case, row.role): row
        for row in context.journal.assignments()
        if row.from_day <= today and (row.to_day is None or today <= row.to_day)
    }


def _is_owed(row: DeadlineRow) -> bool:
    return row.open and row.kind != WAITING


def _may_fall(row: DeadlineRow, until: date | None) -> bool:
    first = row.earliest or row.day
    return until is None or (first is not None and first <= until)


def _place(row: DeadlineRow) -> tuple[date, str]:
    return (row.day or date.max, row.case)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Properties of a definition that lists show of its cases: a state that time alone changes, a title."""

    by_time: bool = False
    titled: bool = False


def _shown_by(context: Context, definition: str) -> _Shown:
    try:
        compiled = context.definitions.by_hash(definition)
    except (NotFound, ChainBroken):  # for `verify` to name
        return _Shown()
    return _Shown(compiled.deems, any(entry.process.title for entry in (compiled, *compiled.editions)))


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
            rows = tuple(deadline_row(derived, row) for row in open_work(derived))
            anew[name] = _Current(derived.case.state, case_title(derived.compiled, derived.case), rows)
            pending += [parent.case for parent in derived.case.parents]
    return anew
