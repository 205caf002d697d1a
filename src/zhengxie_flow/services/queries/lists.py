"""Lists over all cases as they stand today: heads, and what is open.

The journal keeps both for quick reading.  Where time alone, a new edition or another calendar has overtaken what it
keeps of a case, the case is worked out anew, and so are the cases above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge

from zhengxie_flow.engine import open_work
from zhengxie_flow.engine.case_title import case_title, has_titles
from zhengxie_flow.errors import ChainBroken, NotFound
from zhengxie_flow.ports import AssignmentRow, CaseFilter, Damaged, DeadlineRow, Head, is_owed
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.projecting import deadline_row, outdated
from zhengxie_flow.services.queries.derived_cases import read_derived, read_unless_damaged


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


def title_of(context: Context, case: str) -> str:
    """Find the title of a case.

    Args:
        context: The ports.
        case: The id of the case.

    Returns:
        Its title; its id where none is determined yet, or where there is no such case.
    """
    head = context.journal.head(case)
    if head is not None and head.title is None and _shown_by(context, head.definition).titled:
        derived = read_derived(context, case)  # its projection is of a version that kept none
        return case_title(derived.compiled, derived.case)
    return case if head is None else head.title or case


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
    kept = (row for row in stored if is_owed(row) and row.case not in anew)
    again = [row for case in anew.values() for row in case.rows if is_owed(row) and _may_fall(row, until)]
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
    today = CaseFilter(day=context.civil_day())
    return {(row.case, row.role): row for row in context.journal.assignments() if today.holds(row)}


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
    return _Shown(compiled.deems, has_titles(compiled))


def _worked_out(context: Context, cases: Iterable[str], damaged: Damaged | None) -> Mapping[str, _Current]:
    """Some cases and those above them, as they stand."""
    anew: dict[str, _Current] = {}
    pending = list(cases)
    while pending:
        name = pending.pop()
        if name not in anew:
            derived = read_unless_damaged(context, name, damaged)
            if derived is None:  # for `verify` to name; it shows as kept
                continue
            rows = tuple(deadline_row(derived, row) for row in open_work(derived))
            anew[name] = _Current(derived.case.state, case_title(derived.compiled, derived.case), rows)
            pending += [parent.case for parent in derived.case.parents]
    return anew
