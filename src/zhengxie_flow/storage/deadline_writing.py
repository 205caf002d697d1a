"""Writing of the deadline rows of a case: all of them, or those that differ from what an earlier write stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select

from zhengxie_flow.errors import InternalError, Where
from zhengxie_flow.storage import deadline_positions, rows, tables
from zhengxie_flow.storage.rows import to_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhengxie_flow.ports import DeadlineRow, Projection, RowChange, StoredRows
    from zhengxie_flow.storage.raw import AnyRow

_table = tables.deadlines
_case: BindParameter[str] = bindparam("case")
_DROP_ALL = delete(_table).where(_table.c.case_id == _case)
_DROP = delete(_table).where(
    _table.c.case_id == _case, _table.c.position.between(bindparam("first"), bindparam("last"))
)
_place = _table.c.position
_PLACES = select(func.count(), func.sum(_place), func.max(_place)).where(_table.c.case_id == _case)


def stands(change: RowChange | None, in_this_write: StoredRows | None, head: AnyRow | None) -> bool:
    """Return whether the rows that a change is one of were the last to be stored of a case.

    Args:
        change: The change; None where it is not known what is stored.
        in_this_write: Those that this write stored; None where it stored none yet.
        head: The row of the head as this write found it; None where there was none.
    """
    if change is None or in_this_write is not None or head is None:
        return change is not None and in_this_write is change.stored
    stored = change.stored
    as_of = None if head.projected is None else to_day(head.projected)
    return (head.version, head.hash, as_of, head.basis) == (stored.version, stored.hash, stored.as_of, stored.basis)


def write_rows(connection: Connection, projection: Projection, change: RowChange | None) -> tuple[int, ...]:
    """Write the deadline rows of a case.

    Args:
        connection: The connection of the write.
        projection: The projection with the rows.
        change: What differs from the rows that are stored; None where it is not known what is stored.

    Returns:
        The positions of all rows.

    Raises:
        InternalError: ZX5017, a row belongs to another case.
    """
    case = projection.case
    if any(row.case != case for row in projection.assignments):
        raise InternalError("ZX5017", where=Where(case=case), why="deadline of another case")
    positions = None if change is None else deadline_positions.edited(change.stored.positions, change.edits)
    if change is None or positions is None or len(positions) != len(projection.rows):
        return _write_all(connection, projection)
    if change.edits and not _stand(connection, case, change.stored.positions):
        return _write_all(connection, projection)
    entries: list[dict[str, object]] = []
    for edit, places in deadline_positions.written(change.edits, positions):
        _check(case, edit.rows)
        if edit.stop > edit.start:
            first, last = change.stored.positions[edit.start], change.stored.positions[edit.stop - 1]
            connection.execute(_DROP, {"case": case, "first": first, "last": last})
        entries += [rows.deadline_row(row, place) for row, place in zip(edit.rows, places, strict=True)]
    if entries:
        connection.execute(insert(_table), entries)
    return positions


def _write_all(connection: Connection, projection: Projection) -> tuple[int, ...]:
    _check(projection.case, projection.rows)
    positions = deadline_positions.spread(len(projection.rows))
    values = [rows.deadline_row(row, place) for row, place in zip(projection.rows, positions, strict=True)]
    connection.execute(_DROP_ALL, {"case": projection.case})
    if values:
        connection.execute(insert(_table), values)
    return positions


def _stand(connection: Connection, case: str, positions: Sequence[int]) -> bool:
    """True where the rows stand at these positions: somebody may have spread them anew."""
    stored = tuple(connection.execute(_PLACES, {"case": case}).one())
    return tuple(map(int, (value or 0 for value in stored))) == (len(positions), sum(positions), max(positions))


def _check(case: str, several: Sequence[DeadlineRow]) -> None:
    if any(row.case != case for row in several):
        raise InternalError("ZX5017", where=Where(case=case), why="deadline of another case")
