"""Whether the heads and deadline rows are what the events give; and making them so again, on request.

They are copies for quick looking.  A difference is reported and never mended in passing: whoever reads it learns that
something wrote to the database, or that a program counts otherwise than the one that wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date

from zhengxie_flow.engine import fold
from zhengxie_flow.engine.events.conformance import misfits
from zhengxie_flow.model.case import Case
from zhengxie_flow.ports import DeadlineRow, Finding, Head
from zhengxie_flow.services.context import Context, deadline_rows, vocabulary_of
from zhengxie_flow.services.queries.consistency import LOST, disagreements, unexplained

PROJECTION, BODY = "projection", "body"
_TOLD = ("process", "definition", "state", "opened", "updated")
"""What a head says that its chain does not already prove."""


def mismatches(
    context: Context, broken: Collection[str] = (), *, among: bool = False, erased: Collection[str] = ()
) -> Iterator[Finding]:
    """A finding for each case whose head or deadline rows are not what its events give.

    ``broken`` are the cases whose events themselves are in doubt: nothing is to be learned from them here.  With
    ``among``, cases are held against those above and below them too; of those in ``erased`` it is asked whether events
    say so.  A case somebody writes to meanwhile is left out.
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
        unfit = next(misfits(vocabulary_of(context.definitions, events), events), None)
        if unfit is not None:
            found_there = f"{unfit.place}={unfit.name}"
            yield Finding(case=head.case, sequence=unfit.sequence, kind=BODY, expected=None, found=found_there)
            continue
        known = fold(events)
        found = [*_of_head(head, known), *_of_rows(context, known, rows.get(head.case, []))]
        if among:
            found += disagreements(context, known, heads, {*broken, *lost}, parents)
        if head.case in erased:
            found += unexplained(context, known)
        if found and context.journal.head(head.case) == head:
            yield from found
            lost |= {each.case for each in found if each.kind == LOST}


def rebuild(context: Context, broken: Collection[str] = (), also: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Write head and deadline rows anew where they are not what the events give; returns what was found.

    The rows are those of the day of the last event, as they were; what the calendar did since is for `recompute`.
    ``also`` are findings made elsewhere.
    """
    found = (*(finding for finding in also if finding.case not in broken), *mismatches(context, broken))
    for case in dict.fromkeys(finding.case for finding in found if finding.kind != BODY):
        with context.journal.transaction() as transaction:
            head = transaction.head(case)
            known = context.rebuilt(transaction.events(case))
            if head is not None:
                transaction.restate(_head(head, known))
            transaction.replace_deadlines(case, _rows(context, known))
    return found


def _head(head: Head, known: Case) -> Head:
    """The head as the events give it; version and hash are the chain's business."""
    return replace(
        head,
        process=known.process,
        definition=known.definition,
        state=known.state,
        opened=known.opened,
        updated=known.events[-1].recorded,
    )


def _of_head(head: Head, known: Case) -> Iterator[Finding]:
    meant = _head(head, known)
    for name in _TOLD:
        expected, found = getattr(meant, name), getattr(head, name)
        if expected != found:
            texts = (f"{name}={value}" for value in (expected, found))
            yield Finding(case=head.case, sequence=None, kind=PROJECTION, expected=next(texts), found=next(texts))
            return


def _of_rows(context: Context, known: Case, stored: list[DeadlineRow]) -> Iterator[Finding]:
    """Rows are compared as of the day they were written, where the calendar of that day can still be had."""
    meant = _rows(context, known)
    compiled = context.definitions.by_hash(known.definition)
    editions = {row.calendar for row in meant} | {context.calendar(compiled, _written(known)).edition}
    if any(row.calendar not in editions for row in stored):
        return  # counted anew since, or with a calendar that is no longer here: `recompute` sees to those
    ours, theirs = set(meant), set(stored)
    if ours != theirs and {*map(_as_earlier, meant)} != theirs:
        expected = next((_named(row) for row in meant if row not in theirs), None)
        found = next((_named(row) for row in stored if row not in ours), None)
        yield Finding(case=known.id, sequence=None, kind=PROJECTION, expected=expected, found=found)


def _as_earlier(row: DeadlineRow) -> DeadlineRow:
    """A row as versions before 0.4 wrote it: they knew nothing of a clock that stops."""
    return replace(row, consumed=0, running_since=row.anchor_date)


def _rows(context: Context, known: Case) -> list[DeadlineRow]:
    """The deadline rows as of the day they were written."""
    return deadline_rows(context, context.definitions.by_hash(known.definition), known, _written(known))


def _written(known: Case) -> date:
    return known.events[-1].recorded.astimezone(known.zone).date()


def _named(row: DeadlineRow) -> str:
    item = f"[{row.item}]" if row.item else ""
    return f"{row.obligation}{item}={row.day or '-'}"
