"""Lists over many cases, page by page in the order of an index: heads by id, deadlines by day, and their numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    collate,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from zhengxie_flow.ports.lists import (
    AFTER_ITS_ANCHOR,
    BUCKETS,
    WAITING,
    WEEK,
    CaseFilter,
    CaseStretch,
    DueRow,
    DueRows,
    DueStretch,
    HeadRow,
    HeadStretch,
    Overtaken,
    Renewal,
)
from zhengxie_flow.storage import raw, rows, tables
from zhengxie_flow.storage.parents import to_parents
from zhengxie_flow.storage.reader import Reader

if TYPE_CHECKING:
    from zhengxie_flow.ports import Damaged

_heads, _deadlines = tables.heads.c, tables.deadlines.c
_IDS: Final = 500
"""How many ids stand in one statement; SQLite takes a limited number of values."""


def _assigned(selection: CaseFilter, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a role of a case is assigned, on the day, to the office and to the person asked for."""
    made = tables.assignments.c
    held = select(literal(1)).where(made.case_id == _heads.case_id, made.from_day <= selection.day, *conditions)
    held = held.where(or_(made.to_day.is_(None), made.to_day >= selection.day))
    if selection.office is not None:
        held = held.where(made.office == selection.office)
    if selection.person is not None:
        held = held.where(made.person == selection.person)
    return held.exists()


def _owned(selection: CaseFilter) -> Iterator[ColumnElement[bool]]:
    """The condition that a role that owes what a row says is assigned so."""
    if selection.office is not None or selection.person is not None:
        role = func.replace(func.replace(tables.assignments.c.role, "/", "//"), "_", "/_")
        yield _assigned(selection, _deadlines.roles.like('%"' + role + '"%', escape="/"))


def _containing(text: str, dialect: str) -> ColumnElement[bool]:
    """The condition that a text stands in the id or the title of a case; a wild card in it stands for itself."""
    lowered = text.translate(_ASCII_LOWER)
    title = collate(_heads.title, "C") if dialect == "postgresql" else _heads.title  # compared by code point, as ids
    return or_(*(func.lower(column).contains(lowered, autoescape=True) for column in (_heads.case_id, title)))


_ASCII_LOWER: Final = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def _matching(selection: CaseFilter, dialect: str, *, state: bool = True) -> Iterator[ColumnElement[bool]]:
    """The conditions of a selection, with or without that on the state."""
    if selection.process is not None:
        yield _heads.process == selection.process
    if state and selection.state is not None:
        yield _heads.state == selection.state
    if selection.office is not None or selection.person is not None:
        yield _assigned(selection)
    if selection.text is not None:
        yield _containing(selection.text, dialect)


def _overtaken(test: Overtaken) -> ColumnElement[bool]:
    """The condition that what is kept of a case no longer holds; false, never unknown, of a case that is not there."""
    of_bases = (
        and_(_heads.definition == definition, _heads.basis.is_(None) if basis is None else _heads.basis == basis)
        for definition, basis in test.bases
    )
    by_time = and_(_heads.next_change.is_not(None), _heads.next_change <= test.day)
    return or_(by_time, *of_bases)


def _restated(test: Overtaken) -> ColumnElement[bool]:
    """The condition that time alone may have moved a case to another state."""
    return and_(_heads.definition.in_(sorted(test.deeming)), _overtaken(test)) if test.deeming else false()


def _is_restated(row: raw.AnyRow, test: Overtaken) -> bool:
    """True where time alone may have moved the case of a row to another state."""
    if row.kept_definition not in test.deeming:
        return False
    next_change = None if row.kept_next_change is None else date.fromisoformat(row.kept_next_change)
    return test.by(row.kept_definition, row.kept_basis, next_change)


_TESTED: Final = ("definition", "basis", "next_change", "state", "title")


@cache
def _kept(dialect: str) -> tuple[ColumnElement[Any], ...]:
    """Columns that the test of a case looks at, under names of their own."""
    columns = {column.name: column for column in raw.columns(tables.heads, dialect)}
    return tuple(columns[name].element.label(f"kept_{name}") for name in _TESTED)


@cache
def _head_query(dialect: str) -> Select[Any]:
    columns = (*raw.columns(tables.heads, dialect), *_kept(dialect))
    return select(*columns).select_from(tables.heads).order_by(_heads.case_id)


@cache
def _due_query(dialect: str) -> Select[Any]:
    columns = (*raw.columns(tables.deadlines, dialect), *_kept(dialect), _heads.case_id.label("owner"))
    query = select(*columns).select_from(tables.deadlines)
    query = query.outerjoin(tables.heads, _heads.case_id == _deadlines.case_id)
    return query.where(_deadlines.open == true(), _deadlines.kind != WAITING)


def _parents_of(stored: str | None) -> tuple[str, ...]:
    try:
        return to_parents(stored)
    except (ValueError, TypeError):  # for `verify` to name
        return ()


def _due_row(row: raw.AnyRow, test: Overtaken) -> DueRow:
    return DueRow(rows.to_deadline(row), row.position, row.kept_state, row.kept_title, _is_restated(row, test))


def _batches(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Ids in groups that a statement can take."""
    source = iter(names)
    while batch := tuple(islice(source, _IDS)):
        yield batch


_PARENTS_OF_CHANGED: Final = select(_heads.parents).where(
    _heads.parents.is_not(None), _heads.next_change <= bindparam("day")
)


class Listing:
    """Reading of lists on an open connection that sees one state of the database.

    Args:
        connection: The connection.
        damaged: Called with each row that cannot be read; None to end there.
    """

    def __init__(self, connection: Connection, damaged: Damaged | None = None) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._damaged = damaged

    def heads(self, selection: CaseFilter, stretch: CaseStretch, test: Overtaken) -> HeadStretch:
        """Read the heads of a stretch: those that match as they are kept, and those whose state may be another by now.

        Args:
            selection: The selection.
            stretch: Where the stretch begins, and how long it is.
            test: The test of what no longer holds.

        Returns:
            The heads, by id.
        """
        parts = [self._stretch([*_matching(selection, self._dialect)], selection.among, stretch, test)]
        if selection.state is not None:
            in_any = [*_matching(selection, self._dialect, state=False)]
            if test.deeming:
                parts.append(self._stretch([*in_any, _restated(test)], selection.among, stretch, test))
            doubtful = set(stretch.doubtful)
            if among := doubtful if selection.among is None else doubtful & set(selection.among):
                parts.append(self._stretch(in_any, among, stretch, test))
        end = min((part.end for part in parts if part.end is not None), default=None)
        by_id = {row.head.case: row for part in parts for row in part.rows if end is None or row.head.case <= end}
        return HeadStretch(tuple(by_id[name] for name in sorted(by_id)), end)

    def _stretch(
        self,
        conditions: Sequence[ColumnElement[bool]],
        among: Collection[str] | None,
        stretch: CaseStretch,
        test: Overtaken,
    ) -> HeadStretch:
        query = _head_query(self._dialect).where(*conditions).limit(stretch.limit)
        if stretch.after is not None:
            query = query.where(_heads.case_id > stretch.after)
        last: str | None = None
        if among is not None:
            names = sorted(name for name in among if stretch.after is None or name > stretch.after)
            if len(names) > _IDS:
                names, last = names[:_IDS], names[_IDS - 1]
            query = query.where(_heads.case_id.in_(names))
        stored = self._connection.execute(query).all()
        if len(stored) == stretch.limit:
            last = str(stored[-1].case_id)
        reader = Reader(tables.heads, self._dialect, self._damaged)
        read = reader.read(stored, lambda row: HeadRow(rows.to_head(row), _is_restated(row, test)))
        return HeadStretch(tuple(read), last)

    def overtaken(self, selection: CaseFilter, test: Overtaken) -> Renewal:
        """Read which cases no longer stand as they are kept: those that match, in any state, and all above any."""
        matching = case((and_(true(), *_matching(selection, self._dialect, state=False)), 1), else_=0).label("matching")
        query = select(_heads.case_id, _heads.parents, matching).where(_overtaken(test)).order_by(_heads.case_id)
        stored = self._connection.execute(query).all()
        names = [str(row.case_id) for row in stored if row.matching]
        parents = self._all_ancestors([name for row in stored for name in _parents_of(row.parents)])
        return Renewal(
            tuple(name for name in names if selection.among is None or name in selection.among), frozenset(parents)
        )

    def ancestors(self, test: Overtaken) -> frozenset[str]:
        """Return the ids of all cases above those of which what is kept no longer holds."""
        if not test.bases:  # the usual case, in a statement made once
            stored = self._connection.execute(_PARENTS_OF_CHANGED, {"day": test.day}).scalars().all()
            return frozenset(self._all_ancestors([name for text in stored for name in _parents_of(text)]))
        query = select(_heads.parents).where(_heads.parents.is_not(None), _overtaken(test))
        return frozenset(self._all_ancestors(self._parents(query)))

    def _all_ancestors(self, waiting: list[str]) -> Iterable[str]:
        parents: dict[str, None] = {}
        query = select(_heads.parents).where(_heads.parents.is_not(None))
        while new := [name for name in dict.fromkeys(waiting) if name not in parents]:
            parents |= dict.fromkeys(new)
            waiting = [name for part in _batches(new) for name in self._parents(query.where(_heads.case_id.in_(part)))]
        return parents

    def _parents(self, query: Select[Any]) -> list[str]:
        return [name for stored in self._connection.execute(query).scalars() for name in _parents_of(stored)]

    def deadlines(self, selection: CaseFilter, stretch: DueStretch, test: Overtaken) -> DueRows:
        """Read the open deadlines of a stretch, by day, then by case.

        Args:
            selection: The selection; its state is left to the caller where time may have moved it.
            stretch: Where the stretch begins, and how long it is.
            test: The test of what no longer holds.

        Returns:
            The deadlines.
        """
        query = self._due(selection, test)
        if selection.among is None:
            return self._of_stretch(query, stretch, test)
        parts = [
            self._of_stretch(query.where(_heads.case_id.in_(batch)), stretch, test)
            for batch in _batches(sorted(selection.among))
        ]
        end = min((part.end for part in parts if part.end is not None), default=None)
        merged = merge(*(part.rows for part in parts), key=lambda row: row.place)
        return DueRows(tuple(row for row in merged if end is None or row.place <= end), end)

    def _of_stretch(self, query: Select[Any], stretch: DueStretch, test: Overtaken) -> DueRows:
        dated = DueRows((), None)
        if stretch.after is None or not stretch.after.undated:
            dated = self._dated(query, stretch, test)
        if dated.end is not None or stretch.until is not None:
            return dated
        undated = self._undated(query, replace(stretch, limit=max(stretch.limit - len(dated.rows), 1)), test)
        return DueRows((*dated.rows, *undated.rows), undated.end)

    def _dated(self, query: Select[Any], stretch: DueStretch, test: Overtaken) -> DueRows:
        after, order = stretch.after, (_deadlines.day, _deadlines.case_id, _deadlines.position)
        query = query.where(_deadlines.day.is_not(None)).order_by(*order)
        if after is not None:
            place = (literal(after.day), literal(after.case), literal(after.position))
            query = query.where(tuple_(*order) > tuple_(*place))
        if stretch.until is not None:
            query = query.where(_deadlines.first_day <= stretch.until)
        return self._read(query, stretch.limit, test)

    def _undated(self, query: Select[Any], stretch: DueStretch, test: Overtaken) -> DueRows:
        after, order = stretch.after, (_deadlines.case_id, _deadlines.position)
        query = query.where(_deadlines.day.is_(None)).order_by(*order)
        if after is not None and after.undated:
            query = query.where(tuple_(*order) > tuple_(literal(after.case), literal(after.position)))
        return self._read(query, stretch.limit, test)

    def _read(self, query: Select[Any], limit: int, test: Overtaken) -> DueRows:
        reader = Reader(tables.deadlines, self._dialect, self._damaged)
        while True:
            stored = self._connection.execute(query.limit(limit)).all()
            owned = (row for row in stored if row.owner is not None or self._orphaned(row, reader))
            read = tuple(reader.read(owned, lambda row: _due_row(row, test)))
            if len(stored) < limit or read:
                return DueRows(read, None if len(stored) < limit else read[-1].place)
            limit *= 2  # none of so many rows could be read

    def _orphaned(self, row: raw.AnyRow, reader: Reader) -> bool:
        """Hand over a deadline of a case that is not there, where somebody takes it."""
        if self._damaged is not None:
            reader.report(row, "ZX5910", table=reader.table.name)
        return False

    def _due(self, selection: CaseFilter, test: Overtaken) -> Select[Any]:
        query = _due_query(self._dialect).where(*_matching(selection, self._dialect, state=False), *_owned(selection))
        return query if selection.state is None else query.where(or_(_heads.state == selection.state, _restated(test)))

    def count_cases(self, selection: CaseFilter, but: Sequence[str]) -> dict[tuple[str, str], int]:
        """Return the numbers of cases by process and state as they are kept, but for some cases."""
        query = select(_heads.process, _heads.state, func.count().label("number"))
        query = query.where(*_matching(selection, self._dialect)).group_by(_heads.process, _heads.state)
        counted: dict[tuple[str, str], int] = {}
        for sign, part in self._parts(query, selection, but):
            for row in self._connection.execute(part):
                key = (row.process, row.state)
                counted[key] = counted.get(key, 0) + sign * row.number
        return {key: number for key, number in counted.items() if number}

    def count_deadlines(self, selection: CaseFilter, today: date, but: Sequence[str]) -> dict[str, int]:
        """Return the numbers of open deadlines against a day, by their `BUCKETS`, but for those of some cases."""
        late = _late(today)
        bucket = case(
            (late, BUCKETS[0]),
            (_deadlines.day == today, BUCKETS[1]),
            (and_(_deadlines.day > today, _deadlines.day <= today + WEEK), BUCKETS[2]),
            (_deadlines.day > today, BUCKETS[3]),
            else_=BUCKETS[4],
        ).label("bucket")
        query = select(bucket, func.count().label("number")).select_from(tables.deadlines)
        query = query.join(tables.heads, _heads.case_id == _deadlines.case_id)
        query = query.where(_deadlines.open == true(), _deadlines.kind != WAITING, *_owned(selection))
        query = query.where(*_matching(selection, self._dialect)).group_by(bucket)
        counted = dict.fromkeys(BUCKETS, 0)
        for sign, part in self._parts(query, selection, but):
            for row in self._connection.execute(part):
                counted[row.bucket] += sign * row.number
        return counted

    def _parts(
        self, query: Select[Any], selection: CaseFilter, but: Sequence[str]
    ) -> Iterator[tuple[int, Select[Any]]]:
        """A count as counts to be added and subtracted: of all cases or those in question, less some of these."""
        if selection.among is None:
            yield 1, query
        else:
            for part in _batches(sorted(selection.among)):
                yield 1, query.where(_heads.case_id.in_(part))
        left_out = sorted(set(but) if selection.among is None else set(but) & set(selection.among))
        for part in _batches(left_out):
            yield -1, query.where(_heads.case_id.in_(part))


def _late(today: date) -> ColumnElement[bool]:
    """The condition that a deadline is overdue (see `zhengxie_flow.ports.lists.overdue`)."""
    running = or_(
        _deadlines.direction == "backward",
        and_(_deadlines.direction.in_(AFTER_ITS_ANCHOR), _deadlines.anchor_kind == "actual"),
    )
    last = func.coalesce(_deadlines.latest, _deadlines.day)
    return and_(running, _deadlines.anchor_kind != "projected", last.is_not(None), last < today)
