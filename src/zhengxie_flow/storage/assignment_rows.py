"""Assignments and persons beside the events: to whom the roles of each case fall, and who the persons are."""

from __future__ import annotations

from dataclasses import fields
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from zhengxie_flow.ports import AssignmentRow
from zhengxie_flow.storage import raw, rows, tables
from zhengxie_flow.storage.reader import Reader
from zhengxie_flow.storage.users import SqlUsers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from zhengxie_flow.ports import Damaged
    from zhengxie_flow.storage.connections import ConnectionSource
    from zhengxie_flow.storage.raw import AnyRow
    from zhengxie_flow.storage.work import SqlWork


_ASSIGNMENT_COLUMNS = tuple(field.name for field in fields(AssignmentRow) if field.name != "case")


def assignment_row(row: AssignmentRow, position: int) -> dict[str, Any]:
    """Convert an assignment to columns."""
    columns = {name: getattr(row, name) for name in _ASSIGNMENT_COLUMNS}
    return {"case_id": row.case, "position": position, **columns}


def to_assignment(row: AnyRow) -> AssignmentRow:
    """Convert a row to its assignment."""
    values = {name: getattr(row, name) for name in _ASSIGNMENT_COLUMNS}
    days = {name: None if values[name] is None else rows.to_day(values[name]) for name in ("from_day", "to_day")}
    return AssignmentRow(case=row.case_id, **{**values, **days})


def read(connection: Connection, damaged: Damaged | None = None, *, case: str | None = None) -> Iterator[AssignmentRow]:
    """Read the assignments of cases.

    Args:
        connection: An open connection.
        damaged: Called with each row that cannot be read; None to end there.
        case: The id of a case; None for all.

    Yields:
        The rows, by case, then first day.
    """
    table, dialect = tables.assignments, connection.dialect.name
    query = select(*raw.columns(table, dialect)).select_from(table)
    if case is not None:
        query = query.where(table.c.case_id == case)
    query = query.order_by(table.c.case_id, table.c.position)
    yield from Reader(table, dialect, damaged).read(connection.execute(query), to_assignment)


def by_case(connection: Connection, damaged: Damaged | None = None) -> Mapping[str, tuple[AssignmentRow, ...]]:
    """Read the assignments of all cases by the id of the case.

    Args:
        connection: An open connection.
        damaged: Called with each row that cannot be read; None to end there.

    Returns:
        The rows of each case that has any, by first day.
    """
    return {case: tuple(group) for case, group in groupby(read(connection, damaged), key=attrgetter("case"))}


class AssignmentsAndUsers:
    """The part of a journal in SQL that reads assignments and leads to the directory."""

    _source: ConnectionSource

    def users(self) -> SqlUsers:
        """Return the directory of persons and the refusals that lie beside this journal.

        Returns:
            The store.
        """
        return SqlUsers(self._source)

    def work(self) -> SqlWork:
        """Return what workers keep beside the journal.

        Returns:
            The failed jobs and the workers.
        """
        from zhengxie_flow.storage.work import SqlWork  # workers alone need it

        return SqlWork(self._source)

    def assignments(self, case: str | None = None) -> Iterator[AssignmentRow]:
        """Read to whom the roles of cases fall, and when, as it is kept for quick lists.

        Args:
            case: The id of a case; None for all.

        Yields:
            The rows, by case, then first day.
        """
        with self._source.reading() as connection, raw.tolerant(connection):
            yield from read(connection, case=case)
