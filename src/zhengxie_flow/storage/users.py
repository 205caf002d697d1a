"""The directory of persons and the record of refusals in SQL, beside the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from zhengxie_flow.model.directory import Holding, UserChange
from zhengxie_flow.ports.access import AccessRefusal
from zhengxie_flow.storage import rows, tables, user_rows
from zhengxie_flow.storage.connections import require_writable
from zhengxie_flow.storage.faults import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from zhengxie_flow.storage.connections import ConnectionSource


class SqlUsers:
    """Directory and refusals (see `zhengxie_flow.ports.access.UserStore`).

    Args:
        source: The connections of the journal they lie beside.
    """

    def __init__(self, source: ConnectionSource) -> None:
        self._source = source

    def changes(self) -> Iterator[UserChange]:
        """Return the changes of persons, in the order in which they were entered."""
        table = tables.users
        with self._source.reading() as connection:
            stored = connection.execute(select(table).order_by(table.c.id)).all()
        yield from rows.read(stored, user_rows.to_user_change, table.name)

    def holdings(self) -> Iterator[Holding]:
        """Return the rows of holdings, in the order in which they were entered."""
        table = tables.holdings
        with self._source.reading() as connection:
            stored = connection.execute(select(table).order_by(table.c.id)).all()
        yield from rows.read(stored, user_rows.to_holding, table.name)

    def change(self, change: UserChange) -> None:
        """Add a change of a person.

        Args:
            change: The change.
        """
        self._add(tables.users, user_rows.user_change_row(change))

    def hold(self, holding: Holding) -> None:
        """Add a row of a holding.

        Args:
            holding: The holding.
        """
        self._add(tables.holdings, user_rows.holding_row(holding))

    def refuse(self, refusal: AccessRefusal) -> None:
        """Add a refusal.

        Args:
            refusal: The refusal.
        """
        self._add(tables.refusals, user_rows.refusal_row(refusal))

    def refusals(self, after: int = 0, limit: int | None = None) -> Iterator[AccessRefusal]:
        """Return refusals in the order in which they were entered.

        Args:
            after: The number after which to begin.
            limit: The largest number of them; None for all.
        """
        table = tables.refusals
        with self._source.reading() as connection:
            stored = connection.execute(select(table).where(table.c.id > after).order_by(table.c.id).limit(limit)).all()
        yield from rows.read(stored, user_rows.to_refusal, table.name)

    def _add(self, table: Table, values: dict[str, Any]) -> None:
        require_writable(self._source)
        with self._source.writing() as connection, translated(self._source.where):
            connection.execute(insert(table), values)
