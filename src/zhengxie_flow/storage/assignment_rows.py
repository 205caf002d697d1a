"""Rows of assignments: to whom the roles of each case fall, worked out from its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from zhengxie_flow.storage import raw, rows, tables
from zhengxie_flow.storage.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from zhengxie_flow.ports import AssignmentRow, Damaged


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
    yield from Reader(table, dialect, damaged).read(connection.execute(query), rows.to_assignment)
