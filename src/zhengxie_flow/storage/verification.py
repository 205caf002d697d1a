"""Verification over the tables: sorted streams of rows, merged by case; memory holds one case at a time.

Every row is read as it lies there, whatever was put into it, so that no damage keeps the rest from being verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select, Table, select
from sqlalchemy.exc import DBAPIError

from zhengxie_flow.ports import UNREADABLE, Finding
from zhengxie_flow.storage import feed, rows, schema_shape, tables, versions
from zhengxie_flow.storage.beside import Beside
from zhengxie_flow.storage.checkpoint_columns import to_checkpoint
from zhengxie_flow.storage.checkpoints import CheckpointChain
from zhengxie_flow.storage.definition_rows import StoredDefinitions
from zhengxie_flow.storage.diagnosis import HeadMark, StoredChain, examine
from zhengxie_flow.storage.driver_faults import fault_of
from zhengxie_flow.storage.raw import AnyRow, by_case, columns, tolerant
from zhengxie_flow.storage.texts import as_text

T = TypeVar("T")
_PAGE: Final = {"yield_per": 1000}
_ORDER: Final[Mapping[Table, Sequence[str]]] = {
    tables.events: ("case_id", "sequence"),
    tables.heads: ("case_id",),
    tables.personal: ("case_id", "sequence", "field"),
    tables.deadlines: ("case_id", "position"),
    tables.assignments: ("case_id", "position"),
    tables.definitions: ("hash",),
    tables.checkpoints: ("id",),
    tables.outbox: ("case_id", "id"),
    tables.feed: ("case_id", "last_sequence"),
}


def findings(connection: Connection, root: str | None = None) -> Iterator[Finding]:
    """Find the breaks of a journal.

    Args:
        connection: An open connection that sees one state of the database.
        root: The root of a checkpoint that must be there.

    Yields:
        The first break of every case in order of case id, with what is wrong in the tables beside its events; then
        broken definitions that no case names, cases that are gone since a checkpoint, broken checkpoints, and whatever
        the schema lacks.
    """
    with tolerant(connection):
        yield from _Verifier(connection).findings(root)


class _Verifier:
    """One verification.

    Attributes:
        connection: The connection.
        dialect: The name of its database.
        torn: Tables whose file is damaged, as findings.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.torn: list[Finding] = []

    def findings(self, root: str | None) -> Iterator[Finding]:
        """See `findings`."""
        history = CheckpointChain.of(map(to_checkpoint, self._rows(tables.checkpoints)), root)
        definitions = StoredDefinitions.of(self._rows(tables.definitions))
        cases: set[str] = set()
        named: set[str] = set()
        for chain, beside in self._cases():
            cases.add(chain.case)
            named.update(str(link.fields["definition"]) for link in chain.links if link.fields)
            if chain.exists:
                yield from examine(
                    chain,
                    definitions=definitions.computed,
                    personal=beside.personal,
                    earlier=history.first_difference,
                )
            yield from beside.findings(chain)
        yield from definitions.findings(named)
        yield from history.lost(cases)
        yield from history.broken
        yield from self._whole(feed.misplaced(self.connection), tables.feed.name)
        yield from self._whole(schema_shape.findings(self.connection), tables.VERSION_TABLE)
        yield from self._whole(versions.property_findings(self.connection), tables.journal_properties.name)
        yield from self.torn

    def _cases(self) -> Iterator[tuple[StoredChain, Beside]]:
        """The chain of every case, with its rows in the other tables."""
        beside = (tables.heads, tables.personal, tables.deadlines, tables.outbox, tables.feed, tables.assignments)
        for case, groups in by_case(*map(self._rows, (tables.events, *beside))):
            events, *others = groups
            heads = others[0]
            links = [rows.to_link(row) for row in events]
            head = _mark(heads[0]) if len(heads) == 1 else None
            yield StoredChain(as_text(case), links, head), Beside(self.dialect, *others)

    def _rows(self, table: Table) -> Iterator[AnyRow]:
        """The rows of a table in their order, as far as its file can be read."""
        statement = select(*columns(table, self.dialect)).select_from(table)
        statement = statement.order_by(*(table.c[name] for name in _ORDER[table]))
        yield from self._whole(self._executed(statement), table.name)

    def _executed(self, statement: Select[Any]) -> Iterator[AnyRow]:
        yield from self.connection.execute(statement, execution_options=_PAGE)

    def _whole(self, results: Iterator[T], place: str) -> Iterator[T]:
        """Results as far as the file can be read; where it cannot, that is a finding."""
        try:
            yield from results
        except DBAPIError as error:
            if fault_of(error) != "not_a_database":  # of the database as a whole, and not of what it holds
                raise
            detail = str(error.orig)
            self.torn.append(Finding(case="", sequence=None, kind=UNREADABLE, expected=place, found=detail))


def _mark(row: AnyRow) -> HeadMark:
    version = row.version if type(row.version) is int else 0  # SQLite keeps a text where a number should stand
    return HeadMark(version, as_text(row.hash), as_text(row.definition))
