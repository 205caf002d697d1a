"""The journal in SQL: append-only events, heads and projections of all cases."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from sqlalchemy import BindParameter, Connection, bindparam, false, insert, select
from sqlalchemy.exc import IntegrityError

from zhengxie_flow.errors import ChainBroken, Conflict, StorageError
from zhengxie_flow.storage import chain, checkpoints, personal_rows, rows, tables, verification
from zhengxie_flow.storage.digests import hasher
from zhengxie_flow.storage.faults import translated
from zhengxie_flow.storage.transaction import SqlTransaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from types import TracebackType

    from zhengxie_flow.model.event import Event
    from zhengxie_flow.ports import Checkpoint, DeadlineRow, Finding, Head, PersonalDatum, StoredDefinition
    from zhengxie_flow.storage.connections import ConnectionSource

_PAGE = {"yield_per": 1000}

_case: BindParameter[str] = bindparam("case")
_HEAD = select(tables.heads).where(tables.heads.c.case_id == _case)
_HEADS = select(tables.heads).order_by(tables.heads.c.case_id)
_EVENTS = select(*tables.EVENT_COLUMNS).where(tables.events.c.case_id == _case).order_by(tables.events.c.sequence)
_LAST_CHECKPOINT = select(tables.checkpoints).order_by(tables.checkpoints.c.id.desc()).limit(1)
_DEFINITION = select(tables.definitions).where(tables.definitions.c.hash == bindparam("digest"))


class SqlJournal:
    """Append-only memory of all cases in SQLite or PostgreSQL (see `zhengxie_flow.ports.Journal`).

    Safe to share between threads; usable as a context manager.  Made by `open_journal`.
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

    def close(self) -> None:
        """Close all connections (never one that was passed in); may be called twice."""
        self._source.close()

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """Begin an immediate write; leaving without an exception commits.

        Raises `StorageError` ZX5004 on a journal opened read-only, `Conflict` ZX5003 when another writer
        keeps the database locked longer than the busy timeout.  After a write that erased personal values, SQLite's
        write-ahead log, which still holds the pages as they were, is brought into the file and emptied.
        """
        if self._source.read_only:
            raise StorageError("ZX5004", database=self._source.where.name, detail="opened read-only")
        with self._source.writing() as connection:
            write = SqlTransaction(connection, self._source.where, self._hash_name)
            yield write
            write.settle()
        if write.erased:
            self._source.forget()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._source.reading() as connection, translated(self._source.where):
            yield connection

    def head(self, case: str) -> Head | None:
        """The head of one case."""
        with self._reading() as connection:
            return next(rows.read(connection.execute(_HEAD, {"case": case}), rows.to_head, "zx_heads"), None)

    def heads(self) -> Iterator[Head]:
        """All heads, by case id."""
        with self._reading() as connection:
            result = connection.execute(_HEADS, execution_options=_PAGE)
            yield from rows.read(result, rows.to_head, "zx_heads")

    def events(self, case: str) -> tuple[Event, ...]:
        """All events of one case in journal order (empty: no such case), with the personal values that are left."""
        with self._reading() as connection:
            stored = connection.execute(_EVENTS, {"case": case})
            return rows.to_events(stored, case, lambda: personal_rows.by_event(connection, case))

    def deadlines(self, *, until: date | None = None, open_only: bool = True) -> Iterator[DeadlineRow]:
        """Deadline rows by day (undated last), then case; ``until`` keeps those that may fall by then."""
        table = tables.deadlines
        query = select(table).order_by(table.c.day.is_(None), table.c.day, table.c.case_id, table.c.position)
        if until is not None:
            query = query.where(table.c.first_day <= until)
        if open_only:
            query = query.where(table.c.open != false())
        with self._reading() as connection:
            result = connection.execute(query, execution_options=_PAGE)
            yield from rows.read(result, rows.to_deadline, "zx_deadlines")

    def definition(self, digest: str) -> StoredDefinition | None:
        """A definition kept earlier, by its hash.  Raises `ChainBroken` ZX5903 when it is no longer what was hashed."""
        with self._reading() as connection:
            result = connection.execute(_DEFINITION, {"digest": digest})
            kept = next(rows.read(result, rows.to_definition, "zx_definitions"), None)
        if kept is not None and (computed := chain.definition_hash(kept)) != digest:
            raise ChainBroken("ZX5903", process=kept.process, hash=digest, computed=computed)
        return kept

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """The personal values of a case, erased ones too, by event and field."""
        with self._reading() as connection:
            return personal_rows.of_case(connection, case)

    def checkpoint(self, at: datetime) -> Checkpoint:
        """Keep where every case stands; the last checkpoint again where nothing was written since.

        Raises as every write, and `Conflict` ZX5003 when another program takes one at the same time.
        """
        if self._source.read_only:
            raise StorageError("ZX5004", database=self._source.where.name, detail="opened read-only")
        with self._source.writing() as connection, translated(self._source.where):
            last = connection.execute(_LAST_CHECKPOINT).first()
            previous = None if last is None else rows.to_checkpoint(last)
            heads = rows.read(connection.execute(_HEADS), rows.to_head, "zx_heads")
            checkpoint = checkpoints.next_checkpoint(heads, at, previous, self._hash_name)
            if checkpoint is not previous:
                try:
                    connection.execute(insert(tables.checkpoints), rows.checkpoint_row(checkpoint))
                except IntegrityError as error:
                    detail = "another checkpoint is being taken"
                    raise Conflict("ZX5003", database=self._source.where.name, detail=detail) from error
        return checkpoint

    def verify(self, root: str | None = None) -> Iterator[Finding]:
        """Check every chain in one pass; yields the first break of each broken case and each erased value.

        ``root`` is that of a checkpoint there must be.
        """
        with self._reading() as connection:
            findings = list(verification.findings(connection, root))  # told only once the reading was undisturbed
        yield from findings
