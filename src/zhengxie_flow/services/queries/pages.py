"""Lists over all cases, page by page: the cases by id, and the open deadlines by day, with their numbers.

A page is a stretch of an order that does not change (keyset pagination): it begins after the key of the page before,
so that what others write meanwhile neither loses nor doubles a case.  The journal keeps both lists; only where time, an
edition or a calendar has overtaken what it keeps of a case is that case worked out anew:

- in the list of cases those that come to stand on the page, for nothing but state and title can be another by now;
- in that of deadlines every one that matches, for any of its deadlines may come to stand on the page.  `tick` brings
  what is kept up to date, and then there are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from zhengxie_flow.engine import open_work
from zhengxie_flow.engine.case_title import case_title
from zhengxie_flow.ports import (
    BUCKETS,
    AssignmentRow,
    CaseFilter,
    CaseStretch,
    Damaged,
    DueRow,
    DueStretch,
    Head,
    Lists,
    Overtaken,
    bucket,
    is_owed,
)
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.projecting import assignment_rows, deadline_row, overtaken_by_now
from zhengxie_flow.services.queries.derived_cases import read_derived, read_unless_damaged

CHUNK = 500
"""How many rows are read at once where all are asked for."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of cases and of open deadlines.

    Attributes:
        today: The day against which deadlines are counted.
        cases: The cases by process, then by state.
        deadlines: The open deadlines: ``overdue``, due ``today``, in the ``week`` after, ``later``, and
            ``other``: without a day, or on a past day that is no last day.
    """

    today: date
    cases: dict[str, dict[str, int]]
    deadlines: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Anew:
    """State, title and open rows of a case that was worked out anew."""

    process: str
    state: str
    title: str
    rows: tuple[DueRow, ...]
    assignments: tuple[AssignmentRow, ...]

    def owned(self, selection: CaseFilter) -> Iterator[DueRow]:
        """Yield the rows that the selection asks for."""
        if selection.state in (None, self.state):
            yield from (row for row in self.rows if selection.owned(row.row, self.assignments))


@dataclass(slots=True)
class _Lister:
    """Reading of lists: what is kept, and beside it the cases that were worked out anew, each once."""

    context: Context
    damaged: Damaged | None
    test: Overtaken
    anew: dict[str, _Anew | None] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Context, damaged: Damaged | None) -> _Lister:
        return cls(context, damaged, overtaken_by_now(context))

    def heads(self, selection: CaseFilter, after: str | None, limit: int) -> Iterator[Head]:
        """Yield the cases after an id, ``limit`` at most read at once."""
        doubtful: frozenset[str] | None = None
        while True:
            with self.context.journal.listing(self.damaged) as lists:
                if doubtful is None:
                    doubtful = lists.ancestors(self.test)
                read = lists.heads(selection, CaseStretch(after, limit, doubtful), self.test)
            for row in read.rows:
                head = row.head
                if row.overtaken or head.case in doubtful:
                    anew = self.worked_out(head.case)
                    head = head if anew is None else replace(head, state=anew.state, title=anew.title)
                if selection.state in (None, head.state):
                    yield head if head.title is not None else replace(head, title=head.case)
            if read.end is None:
                return
            after = read.end

    def deadlines(self, selection: CaseFilter, stretch: DueStretch) -> Iterator[DueRow]:
        """Yield the open deadlines of a stretch and all after it."""
        again = [
            row
            for anew in self.renewed(selection).values()
            for row in anew.owned(selection)
            if _may_fall(row, stretch.until)
        ]
        again.sort(key=lambda row: row.place, reverse=True)
        after = stretch.after
        while again and after is not None and again[-1].place <= after:
            again.pop()
        while True:
            with self.context.journal.listing(self.damaged) as lists:
                read = lists.deadlines(selection, replace(stretch, after=after), self.test)
            for row in read.rows:
                if self.anew.get(row.row.case) is None and self._in_state(row, selection):
                    while again and again[-1].place < row.place:
                        yield again.pop()
                    yield row
            if read.end is None:
                yield from reversed(again)
                return
            after = read.end

    def _in_state(self, row: DueRow, selection: CaseFilter) -> bool:
        """True for a deadline of a case in the state asked for; one written just now may be overtaken by now."""
        if selection.state is None:
            return True
        anew = self.worked_out(row.row.case) if row.overtaken else None
        return selection.state == (row.state if anew is None else anew.state)

    def renewed(self, selection: CaseFilter) -> dict[str, _Anew]:
        """Work out every case that matches, in any state, and was overtaken or stands above one that was."""
        anywhere = replace(selection, state=None)
        with self.context.journal.listing() as lists:
            renewal = lists.overtaken(anywhere, self.test)
            names = dict.fromkeys(renewal.cases)
            names |= dict.fromkeys(self._matching(lists, anywhere, set(renewal.ancestors) - names.keys()))
        current = {name: self.worked_out(name) for name in names}
        return {name: anew for name, anew in current.items() if anew is not None}

    def _matching(self, lists: Lists, selection: CaseFilter, names: set[str]) -> Iterator[str]:
        """Select those of some cases that match."""
        among = names if selection.among is None else names & set(selection.among)
        after: str | None = None
        while among:
            read = lists.heads(replace(selection, among=among), CaseStretch(after, CHUNK), self.test)
            yield from (row.head.case for row in read.rows)
            if read.end is None:
                return
            after = read.end

    def worked_out(self, case: str) -> _Anew | None:
        """The state and the open deadlines of a case as they are today; None where it cannot be read."""
        if case not in self.anew:
            self.anew[case] = self._worked_out(case)
        return self.anew[case]

    def _worked_out(self, case: str) -> _Anew | None:
        derived = read_unless_damaged(self.context, case, self.damaged)
        if derived is None:  # for `verify` to name; it shows as kept
            return None
        current, title = derived.case, case_title(derived.compiled, derived.case)
        every = (deadline_row(derived, row) for row in open_work(derived))
        rows = (DueRow(row, position, current.state, title) for position, row in enumerate(every) if is_owed(row))
        return _Anew(current.process, current.state, title, tuple(rows), tuple(assignment_rows(current)))


def _may_fall(row: DueRow, until: date | None) -> bool:
    first = row.row.earliest or row.row.day
    return until is None or (row.row.day is not None and first is not None and first <= until)


def heads_after(
    context: Context,
    selection: CaseFilter,
    after: str | None = None,
    *,
    limit: int = CHUNK,
    damaged: Damaged | None = None,
) -> Iterator[Head]:
    """List the cases after an id as they stand today.

    Args:
        context: The ports.
        selection: The selection.
        after: The id; None for the beginning.
        limit: How many are read at once.
        damaged: Called with what cannot be read of a case; None to end there.

    Yields:
        The heads, by case id.
    """
    yield from _Lister.of(context, damaged).heads(selection, after, limit)


def names_after(context: Context, selection: CaseFilter, after: str | None = None) -> Iterator[str]:
    """List the ids of cases after one; nothing is worked out where no state is asked for.

    Args:
        context: The ports.
        selection: The selection.
        after: The id; None for the beginning.

    Yields:
        The ids, in order.
    """
    if selection.state is not None:
        yield from (head.case for head in heads_after(context, selection, after))
        return
    end = after
    while True:
        with context.journal.listing() as lists:
            read = lists.heads(selection, CaseStretch(end, CHUNK), Overtaken(context.now().date()))
        yield from (row.head.case for row in read.rows)
        if read.end is None:
            return
        end = read.end


def subcases_of(context: Context, parent: str) -> frozenset[str]:
    """Return the ids of the subcases of a case.

    Args:
        context: The ports.
        parent: The id of the case.

    Raises:
        NotFound: ZX4002, there is no such case.
    """
    derived = read_derived(context, parent)
    kinds = derived.compiled.process.subcases
    return frozenset(summary.case for kind in kinds for summary in derived.view.subcases(kind))


def due_after(
    context: Context, selection: CaseFilter, stretch: DueStretch, damaged: Damaged | None = None
) -> Iterator[DueRow]:
    """List the open deadlines after a place, by day, then by case.

    Args:
        context: The ports.
        selection: The selection of cases.
        stretch: The place, how many are read at once, and the last day of interest.
        damaged: Called with what cannot be read of a case; None to end there.

    Yields:
        The deadlines, each with its place.
    """
    yield from _Lister.of(context, damaged).deadlines(selection, stretch)


def counts(context: Context, selection: CaseFilter, today: date) -> Counts:
    """Count cases and their open deadlines as they stand today.

    Args:
        context: The ports.
        selection: The selection.
        today: The day against which deadlines are overdue or not.

    Returns:
        The numbers.
    """
    lister = _Lister.of(context, None)
    anew = lister.renewed(selection)
    with context.journal.listing() as lists:
        by_state = lists.count_cases(selection, tuple(anew))
        due = lists.count_deadlines(selection, today, tuple(anew))
    for current in anew.values():
        if selection.state in (None, current.state):
            key = (current.process, current.state)
            by_state[key] = by_state.get(key, 0) + 1
            for row in current.owned(selection):
                due[bucket(row.row, today)] += 1
    cases: dict[str, dict[str, int]] = {}
    for (process, state), number in sorted(by_state.items()):
        cases.setdefault(process, {})[state] = number
    return Counts(today, cases, {name: due[name] for name in BUCKETS})
