"""The journal in SQL: append-only events, heads and projections of all cases."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Self, TypeVar

from sqlalchemy import BindParameter, Connection, bindparam, false, select

from zhengxie_flow.errors import ChainBroken, StorageError, Where
from zhengxie_flow.model.event import EventType
from zhengxie_flow.storage import (
    assignment_rows,
    case_events,
    chain,
    checkpoint_rows,
    evidence_rows,
    feed,
    overtaken,
    personal_rows,
    raw,
    rows,
    tables,
    verification,
)
from zhengxie_flow.storage.assignment_rows import AssignmentsAndUsers
from zhengxie_flow.storage.connections import require_writable
from zhengxie_flow.storage.digests import hasher
from zhengxie_flow.storage.listing import Listing
from zhengxie_flow.storage.outbox import SqlOutbox
from zhengxie_flow.storage.reader import Reader
from zhengxie_flow.storage.transaction import SqlTransaction

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import date, datetime
    from types import TracebackType

    from zhengxie_flow.model.event import Event
    from zhengxie_flow.model.feed import FeedPage
    from zhengxie_flow.ports import (
        Checkpoint,
        Damaged,
        DeadlineRow,
        Finding,
        Head,
        PersonalDatum,
        Projection,
        SealedEvent,
        StoredDefinition,
        StoredEvidence,
    )
    from zhengxie_flow.storage.connections import ConnectionSource
    from zhengxie_flow.storage.raw import AnyRow

_PAGE = {"yield_per": 1000}
UNREADABLE_ROW: Final = "ZX5019"
"""The code of a row that was made unreadable."""

_case: BindParameter[str] = bindparam("case")
_HEAD = select(tables.heads).where(tables.heads.c.case_id == _case)
_HEADS = select(tables.heads).order_by(tables.heads.c.case_id)
_EVIDENCE = (
    select(tables.events.c.case_id, tables.events.c.sequence, tables.events.c.evidence)
    .where(tables.events.c.evidence != "[]")
    .order_by(tables.events.c.case_id, tables.events.c.sequence)
)
_ERASURES = select(tables.events.c.body).where(tables.events.c.type == EventType.ERASED.value)
_DEFINITION = select(tables.definitions).where(tables.definitions.c.hash == bindparam("digest"))
T = TypeVar("T")


def _deadlines(stored: Iterable[AnyRow], reader: Reader) -> Iterator[DeadlineRow]:
    """The deadline rows; where somebody takes them, those of cases that are not there are handed over."""
    owned = stored
    if reader.damaged is not None:
        owned = (row for row in stored if row.owner is not None or _orphaned(row, reader))
    yield from reader.read(owned, rows.to_deadline)


def _orphaned(row: AnyRow, reader: Reader) -> bool:
    reader.report(row, "ZX5910", table=reader.table.name)
    return False


class SqlJournal(AssignmentsAndUsers):
    """Append-only journal of all cases in SQLite or PostgreSQL (see `zhengxie_flow.ports.Journal`).

    Safe to share between threads; usable as a context manager.  Made by `zhengxie_flow.storage.opening.open_journal`.
    """

    def __init__(self, source: ConnectionSource, *, hash_name: str = "sha256") -> None:
        hasher(hash_name)
        self._source = source
        self._hash_name = hash_name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<SqlJournal {self._source.where.name}{' read-only' if self._source.read_only else ''}>"

    @property
    def patience(self) -> float:
        """Seconds that a write waits for a lock; 0 where that is the business of an embedding program."""
        return self._source.patience

    def close(self) -> None:
        """Close all connections (never one that was passed in); may be called twice."""
        self._source.close()

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """Begin an immediate write; leaving without an exception commits.

        After a write that erased personal values, SQLite's write-ahead log, which still holds the old pages, is brought
        into the file and emptied.

        Yields:
            The write.

        Raises:
            StorageError: ZX5004, the journal was opened read-only.
            Conflict: ZX5003, another writer keeps the database locked longer than the busy timeout.
        """
        require_writable(self._source)
        with self._source.writing() as connection:
            write = SqlTransaction(connection, self._source.where, self._hash_name)
            yield write
            write.settle()
        if write.erased:
            self._source.forget()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._source.reading() as connection:
            yield connection

    @contextmanager
    def _tolerantly(self) -> Iterator[Connection]:
        """A reading of many cases, of which texts that are no UTF-8 shall not be the end."""
        with self._reading() as connection, raw.tolerant(connection):
            yield connection

    @contextmanager
    def _reading_case(self, case: str) -> Iterator[Connection]:
        """A reading of one case; of what cannot be read there, it is named."""
        try:
            with self._reading() as connection:
                yield connection
        except StorageError as error:
            if error.code != UNREADABLE_ROW or error.where.case is not None:
                raise
            raise StorageError(UNREADABLE_ROW, where=Where(case=case), **error.params) from error

    def head(self, case: str) -> Head | None:
        """Return the head of one case.

        Args:
            case: The id of the case.

        Returns:
            The head; None where there is no such case.
        """
        with self._reading_case(case) as connection:
            return next(rows.read(connection.execute(_HEAD, {"case": case}), rows.to_head, "zx_heads"), None)

    def heads(self, damaged: Damaged | None = None) -> Iterator[Head]:
        """Read all heads.

        Args:
            damaged: Called with each row that cannot be read; None to end there.

        Yields:
            The heads, by case id.
        """
        with self._tolerantly() as connection:
            yield from self._heads(connection, rows.to_head, damaged)

    def _heads(self, connection: Connection, convert: Callable[[AnyRow], T], damaged: Damaged | None) -> Iterator[T]:
        dialect = connection.dialect.name
        stored = select(*raw.columns(tables.heads, dialect)).select_from(tables.heads).order_by(tables.heads.c.case_id)
        result = connection.execute(stored, execution_options=_PAGE)
        yield from Reader(tables.heads, dialect, damaged).read(result, convert)

    def events(self, case: str) -> tuple[Event, ...]:
        """Return all events of one case, with the personal values not erased.

        Args:
            case: The id of the case.

        Returns:
            The events in journal order; none for an unknown case.

        Raises:
            ChainBroken: An event is missing, misplaced or cannot be read.
        """
        with self._reading_case(case) as connection:
            return case_events.all_events(connection, case)

    def events_since(self, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
        """Return the events of a case after a version, where what was read of it up to there still holds.

        Args:
            case: The id of the case.
            version: The version, at least 1.
            digest: The hash that the case had at that version.

        Returns:
            The events in journal order; None where the case has another hash there, or values were erased since.

        Raises:
            ChainBroken: An event is missing, misplaced or cannot be read.
        """
        with self._reading_case(case) as connection:
            return case_events.events_since(connection, case, version, digest)

    def sealed(self, case: str) -> tuple[SealedEvent, ...]:
        """Return all events of one case as they lie under their hashes (see `zhengxie_flow.ports.Journal.sealed`)."""
        with self._reading_case(case) as connection:
            return case_events.sealed_events(connection, case)

    def evidence(self) -> Iterator[StoredEvidence]:
        """Read the evidence of the events of all cases, as it lies there.

        Yields:
            The entries, by case, event and place; what cannot be read is left out, and for `verify` to find.
        """
        with self._tolerantly() as connection:
            erased = evidence_rows.erased_evidence(connection.execute(_ERASURES, execution_options=_PAGE).scalars())
            for row in connection.execute(_EVIDENCE, execution_options=_PAGE):
                yield from evidence_rows.to_evidence(row, erased)

    def deadlines(
        self, *, until: date | None = None, open_only: bool = True, damaged: Damaged | None = None
    ) -> Iterator[DeadlineRow]:
        """Yield deadline rows by day (undated last), then case.

        Args:
            until: The last day of interest: rows whose (earliest) day is on or before it; None for all.
            open_only: True to leave out settled deadlines.
            damaged: Called with each row that cannot be read, and each of a case that is not there; None to end at the
                former.

        Yields:
            The rows.
        """
        table = tables.deadlines
        order = (table.c.day.is_(None), table.c.day, table.c.case_id, table.c.position)
        with self._tolerantly() as connection:
            dialect = connection.dialect.name
            owner = tables.heads.c.case_id.label("owner")
            query = select(*raw.columns(table, dialect), owner).select_from(table)
            query = query.outerjoin(tables.heads, tables.heads.c.case_id == table.c.case_id).order_by(*order)
            if until is not None:
                query = query.where(table.c.first_day <= until)
            if open_only:
                query = query.where(table.c.open != false())
            result = connection.execute(query, execution_options=_PAGE)
            yield from _deadlines(result, Reader(table, dialect, damaged))

    def bases(self) -> tuple[tuple[str, str | None], ...]:
        """Return what the projections of all cases were worked out from.

        Returns:
            Each pair of the hash of a definition and a basis that some head has.
        """
        with self._reading() as connection:
            return overtaken.bases(connection)

    @contextmanager
    def listing(self, damaged: Damaged | None = None) -> Iterator[Listing]:
        """Begin a reading of lists, which sees one state of the journal.

        Args:
            damaged: Called with each row that cannot be read; None to end there.
        """
        with self._tolerantly() as connection:
            yield Listing(connection, damaged)

    def outdated(self, day: date, bases: Collection[tuple[str, str | None]] = ()) -> tuple[str, ...]:
        """Return the cases whose projections do not hold on a day any more.

        Args:
            day: The day: see `zhengxie_flow.ports.Journal.outdated`.
            bases: The pairs of definition and basis that are no longer current.

        Returns:
            The ids of the cases, in order.
        """
        with self._reading() as connection:
            return overtaken.outdated(connection, day, bases)

    def projections(self, damaged: Damaged | None = None) -> Iterator[Projection]:
        """Read what is kept of every case for quick lists.

        Args:
            damaged: Called with each row that cannot be read; None to end there.

        Yields:
            The projections, by case id.
        """
        with self._tolerantly() as connection:
            table, dialect = tables.deadlines, connection.dialect.name
            query = select(*raw.columns(table, dialect)).select_from(table)
            query = query.order_by(table.c.case_id, table.c.position)
            stored = Reader(table, dialect, damaged).read(connection.execute(query), rows.to_deadline)
            by_case = {case: tuple(group) for case, group in groupby(stored, key=attrgetter("case"))}
            assigned = assignment_rows.by_case(connection, damaged)

            def whole(row: AnyRow) -> Projection:
                return rows.to_projection(row, by_case.get(row.case_id, ()), assigned.get(row.case_id, ()))

            yield from self._heads(connection, whole, damaged)

    def definition(self, digest: str) -> StoredDefinition | None:
        """Return a stored definition by its hash.

        Args:
            digest: The hash.

        Returns:
            The definition; None where there is none.

        Raises:
            ChainBroken: ZX5903, it is no longer what was hashed.
        """
        with self._reading() as connection:
            result = connection.execute(_DEFINITION, {"digest": digest})
            stored = next(rows.read(result, rows.to_definition, "zx_definitions"), None)
        if stored is not None and (computed := chain.definition_hash(stored)) != digest:
            raise ChainBroken("ZX5903", process=stored.process, hash=digest, computed=computed)
        return stored

    @property
    def outbox(self) -> SqlOutbox:
        """The messages to deliver."""
        return SqlOutbox(self._source)

    def feed(self, after: int = 0, limit: int = 1000) -> FeedPage:
        """Read committed events in an order in which none ever appears below one that was read.

        Args:
            after: The position after which to begin.
            limit: The most events to return.

        Returns:
            The page.

        Raises:
            NotFound: ZX5072, the journal never reached ``after``.
        """
        return feed.page(self._source.apart(), after, limit)

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """Return the personal values of a case, erased ones too.

        Args:
            case: The id of the case.

        Returns:
            The values by event and field.
        """
        with self._reading_case(case) as connection:
            return personal_rows.of_case(connection, case)

    def checkpoint(self, at: datetime) -> Checkpoint:
        """Store the version and hash of every case under one root hash.

        Args:
            at: The instant of the checkpoint.

        Returns:
            The new checkpoint, or the last one again where nothing was written since.

        Raises:
            StorageError: ZX5004, the journal was opened read-only.
            Conflict: ZX5003, another program takes a checkpoint at the same time.
        """
        return checkpoint_rows.take(self._source, at, self._hash_name)

    def verify(self, root: str | None = None) -> Iterator[Finding]:
        """Verify every chain in one pass.

        Args:
            root: The root of a checkpoint that must be there, or its note.

        Yields:
            The first break of each broken case, and each erased value.
        """
        with self._reading() as connection:
            findings = list(verification.findings(connection, root))  # reported only once the reading was undisturbed
        yield from findings
