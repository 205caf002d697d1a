"""Projections (heads and deadline rows) compared with the events they come from, and rebuilt on request.

Projections serve quick lookups.  A difference is reported and never repaired in passing: it shows that another program
wrote to the database, or that a version computes otherwise than the one that wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from zhengxie_flow.engine import fold
from zhengxie_flow.errors import NotFound
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.ports import DeadlineRow, Finding, Head
from zhengxie_flow.services.context import Context, first_misfit
from zhengxie_flow.services.queries.consistency import LOST, subcase_mismatches, unexplained_erasures
from zhengxie_flow.services.writing import deadline_rows

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
    rows: dict[str, list[DeadlineRow]] = {}
    lost: set[str] = set()
    parents: dict[str, Case] = {}
    for row in context.journal.deadlines(open_only=False):
        rows.setdefault(row.case, []).append(row)
    for head in heads.values():
        if head.case in broken:
            continue
        events = context.journal.events(head.case)
        if (unfit := _unfit(context, events)) is not None:
            yield unfit
            continue
        case = fold(events)
        findings = [*_of_head(head, case), *_of_rows(context, case, rows.get(head.case, []))]
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

    The rows are those of the day of the last event, as they were; later changes of the calendar are for `recompute`.

    Args:
        context: The ports.
        broken: The cases whose events themselves are in doubt; they are left alone.
        also: Findings made elsewhere, repaired too.

    Returns:
        The findings that were repaired.
    """
    findings = (*(finding for finding in also if finding.case not in broken), *mismatches(context, broken))
    for case in dict.fromkeys(finding.case for finding in findings if finding.kind not in (BODY, DEFINITION)):
        with context.journal.transaction() as transaction:
            head = transaction.head(case)
            current = context.rebuilt(transaction.events(case))
            if head is not None:
                transaction.restate(_head(head, current))
            transaction.replace_deadlines(case, _rows(context, current))
    return findings


def _head(head: Head, case: Case) -> Head:
    """The head as the events give it; its version and hash belong to the chain."""
    return replace(
        head,
        process=case.process,
        definition=case.definition,
        state=case.state,
        opened=case.opened,
        updated=case.events[-1].recorded,
    )


def _of_head(head: Head, case: Case) -> Iterator[Finding]:
    expected_head = _head(head, case)
    for name in _COMPARED:
        expected, stored = getattr(expected_head, name), getattr(head, name)
        if expected != stored:
            texts = (f"{name}={value}" for value in (expected, stored))
            yield Finding(case=head.case, sequence=None, kind=PROJECTION, expected=next(texts), found=next(texts))
            return


def _of_rows(context: Context, case: Case, stored: list[DeadlineRow]) -> Iterator[Finding]:
    """Compare rows as of the day they were written, where the calendar of that day is still available."""
    expected_rows = _rows(context, case)
    compiled = context.definitions.by_hash(case.definition)
    editions = {row.calendar for row in expected_rows} | {context.calendar(compiled, _written(case)).calendar_hash}
    if any(row.calendar not in editions for row in stored):
        return  # counted anew since, or with a calendar that is no longer here: `recompute` sees to those
    ours, theirs = set(expected_rows), set(stored)
    if ours != theirs and {*map(_as_earlier, expected_rows)} != theirs:
        expected = next((_named(row) for row in expected_rows if row not in theirs), None)
        actual = next((_named(row) for row in stored if row not in ours), None)
        yield Finding(case=case.id, sequence=None, kind=PROJECTION, expected=expected, found=actual)


def _as_earlier(row: DeadlineRow) -> DeadlineRow:
    """A row as versions before 0.4 wrote it, without suspensions of the clock."""
    return replace(row, consumed=0, running_since=row.anchor_date)


def _rows(context: Context, case: Case) -> list[DeadlineRow]:
    """The deadline rows as of the day they were written."""
    return deadline_rows(context, context.definitions.by_hash(case.definition), case, _written(case))


def _written(case: Case) -> date:
    return case.events[-1].recorded.astimezone(case.zone).date()


def _named(row: DeadlineRow) -> str:
    item = f"[{row.item}]" if row.item else ""
    return f"{row.obligation}{item}={row.day or '-'}"
