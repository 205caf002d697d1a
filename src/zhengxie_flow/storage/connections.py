"""Where a journal gets its connections from: an engine of its own, or one connection of an embedding program."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import Transaction as SqlAlchemyTransaction

from zhengxie_flow.errors import Conflict, StorageError, UsageError
from zhengxie_flow.storage.dialects import Target, begin_in, snapshot, writing
from zhengxie_flow.storage.faults import translated


class Source(Protocol):
    """Gives connections for reading and writing; every database error on the way is already one of ours."""

    where: Target
    read_only: bool

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of the database."""

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection inside a write; leaving without an exception keeps it."""

    def close(self) -> None:
        """Give everything back."""


class OwnEngine:
    """An engine per process; safe between threads, and after a fork (connections are never shared with a child)."""

    def __init__(self, where: Target, make: Callable[[], Engine], *, read_only: bool, patience: float) -> None:
        self.where = where
        self.read_only = read_only
        self._make = make
        self._patience = patience
        self._opening = threading.Lock()
        self._closed = False
        self._renew()

    def _renew(self) -> None:
        self._pid = os.getpid()
        self._engine = self._make()
        self._turn = threading.Lock()

    def engine(self) -> Engine:
        """The engine of this process.  Raises `UsageError` ZX5016 once closed."""
        if self._closed:
            raise UsageError("ZX5016", database=self.where.name)
        if self._pid != os.getpid():
            self._opening = threading.Lock()  # the parent's may be held by a thread that is not here
            self._engine.dispose(close=False)
            self._renew()
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with translated(self.where):
            connection = snapshot(self.engine())
        with connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        engine = self.engine()
        with self._one_at_a_time(engine):
            with translated(self.where):
                connection = writing(engine)
            with connection:
                with translated(self.where):
                    transaction = connection.begin()
                with _settled(transaction, self.where):
                    yield connection

    @contextmanager
    def _one_at_a_time(self, engine: Engine) -> Iterator[None]:
        """SQLite has one writer: threads of this process queue here, which is quicker than its busy handler."""
        if engine.dialect.name != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=self._patience):
            raise Conflict("ZX5003", database=self.where.name, detail="another thread is writing")
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._engine.dispose(close=self._pid == os.getpid())


class FrozenFile(OwnEngine):
    """A file SQLite can only read as unchanging (read-only folder, nobody writing): checks that this stays true."""

    def __init__(self, where: Target, path: Path, make: Callable[[], Engine]) -> None:
        self._path = path
        self._seen = fingerprint(path)
        super().__init__(where, make, read_only=True, patience=0)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if fingerprint(self._path) != self._seen:
            with self._opening:
                self._seen = fingerprint(self._path)
                self.engine().dispose()
        with super().reading() as connection:
            yield connection
        if fingerprint(self._path) != self._seen:
            raise Conflict("ZX5003", database=self.where.name, detail="the file was changed while it was read")


class Borrowed:
    """An embedding program's connection: our writes are a savepoint in its transaction and end as that ends."""

    def __init__(self, where: Target, connection: Connection, *, read_only: bool) -> None:
        self.where = where
        self.read_only = read_only
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self._connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with translated(self.where):
            begin_in(self._connection)
            savepoint = self._connection.begin_nested()
        with _settled(savepoint, self.where):
            yield self._connection

    def close(self) -> None:
        """The connection is not ours to close."""


@contextmanager
def _settled(transaction: SqlAlchemyTransaction, where: Target) -> Iterator[None]:
    """Commit when the body ends well, else roll back; the body's own exceptions pass unchanged."""
    try:
        yield
        with translated(where):
            transaction.commit()
    except BaseException:
        with translated(where):
            transaction.rollback()
        raise


def fingerprint(path: Path) -> tuple[int, int, int, bool]:
    """What changes when anybody writes the file."""
    try:
        status = path.stat()
    except OSError as error:
        raise StorageError("ZX5001", database=str(path), detail=str(error)) from error
    return status.st_ino, status.st_size, status.st_mtime_ns, pending(path)


def pending(path: Path) -> bool:
    """Whether a write-ahead log holds changes that are not yet in the file."""
    log = Path(f"{path}-wal")
    try:
        return log.stat().st_size > 0
    except FileNotFoundError:
        return False
