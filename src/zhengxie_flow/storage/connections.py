"""Connections of a journal that has an engine of its own (see `zhengxie_flow.storage.host` for those of a program)."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.exc import SQLAlchemyError

from zhengxie_flow.errors import Conflict, StorageError, UsageError
from zhengxie_flow.storage import erasures
from zhengxie_flow.storage.databases import writers_of
from zhengxie_flow.storage.dialects import Target, empty_log, snapshot, writing
from zhengxie_flow.storage.faults import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import Transaction as SqlAlchemyTransaction


def require_writable(source: ConnectionSource) -> None:
    """Raise `StorageError` ZX5004 for a source that was opened read-only."""
    if source.read_only:
        raise StorageError("ZX5004", database=source.where.name, detail="opened read-only")


class ConnectionSource(Protocol):
    """Source of connections; every database error on the way is already one of this package."""

    where: Target
    read_only: bool
    patience: float

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a connection that sees one state of the database; errors of what is read on it are coded."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Open a connection inside a write; leaving without an exception commits."""

    def apart(self) -> ConnectionSource:
        """Return a source whose transactions are its own, and see only what is committed."""

    def forget(self, *, patient: bool = True) -> None:
        """Remove erased values from the files, as far as the database lets its users do that.

        Args:
            patient: False to leave it to a later opening where somebody else uses the database now.
        """

    def close(self) -> None:
        """Close every connection of its own."""


class OwnEngine:
    """Engine of its own per process, safe between threads; after a fork the child makes new connections."""

    def __init__(self, where: Target, make: Callable[[], Engine], *, read_only: bool, patience: float) -> None:
        self.where = where
        self.read_only = read_only
        self._make = make
        self.patience = patience
        self._opening = threading.Lock()
        self._closed = False
        self._renew()

    def _renew(self) -> None:
        self._pid = os.getpid()
        self._engine = self._make()
        self._turn = threading.BoundedSemaphore(
            1 if self._engine.dialect.name == "sqlite" else writers_of(self.where.pool)
        )

    def engine(self) -> Engine:
        """Return the engine of this process.

        Returns:
            The engine; a new one after a fork.

        Raises:
            UsageError: ZX5016, the journal was closed.
        """
        if self._closed:
            raise UsageError("ZX5016", database=self.where.name)
        if self._pid != os.getpid():
            self._opening = threading.Lock()  # the parent's may be held by a thread that is not here
            self._engine.dispose(close=False)
            self._renew()
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `ConnectionSource.reading`."""
        with translated(self.where), snapshot(self.engine()) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `ConnectionSource.writing`."""
        engine = self.engine()
        with self._in_turn():
            with translated(self.where):
                connection = writing(engine)
            with connection:
                with translated(self.where):
                    transaction = connection.begin()
                with settled(transaction, self.where):
                    yield connection

    def apart(self) -> ConnectionSource:
        """See `ConnectionSource.apart`."""
        return self

    def forget(self, *, patient: bool = True) -> None:
        """See `ConnectionSource.forget`; while others read, SQLite leaves it to the next opening for writing."""
        engine = self.engine()
        if engine.dialect.name != "sqlite":
            return
        with translated(self.where), self._in_turn():
            with engine.connect() as connection:
                mark = erasures.unfinished(connection)
            if empty_log(engine, patient=patient) and mark is not None:
                with writing(engine) as connection, connection.begin():
                    erasures.finish(connection, mark)
                empty_log(engine, patient=patient)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """SQLite has one writer: threads queue here, which is quicker than SQLite's busy handler.

        On a server so many threads write that each still finds a second connection, to read with.
        """
        turn = self._turn  # after a fork there is another
        if not turn.acquire(timeout=self.patience):
            detail = "another thread is writing"
            raise Conflict("ZX5003", retry="in_time", database=self.where.name, detail=detail)
        try:
            yield
        finally:
            turn.release()

    def close(self) -> None:
        """Close every connection; may be called twice."""
        if not self._closed:
            self._closed = True
            self._engine.dispose(close=self._pid == os.getpid())


class ReadOnlyFile(OwnEngine):
    """An SQLite file opened for reading alone.

    SQLite's own protection against writers (``mode=ro``) needs a ``-shm`` file beside a database in WAL mode.
    Where that cannot be made, or would be made by a reader in a place where the owner of a protected file
    could then no longer write, the file is read as unchanging (``immutable``).  That is right only while
    there is no writer: it is chosen only when no write-ahead log lies beside the file, and every reading checks
    that the file stayed the same.
    """

    def __init__(self, where: Target, path: Path, make: Callable[[str], Engine], *, patience: float) -> None:
        self._path = path
        self._seen: tuple[object, ...] | None = None
        self._forced = False

        def chosen() -> Engine:
            frozen = not pending(path) and (self._forced or _better_untouched(path))
            self._seen = fingerprint(path) if frozen else None
            return make("immutable" if frozen else "ro")

        super().__init__(where, chosen, read_only=True, patience=patience)

    def freeze(self) -> bool:
        """Read the file as immutable, SQLite having refused to open it otherwise.

        Returns:
            False where that is not safe, for a write-ahead log holds changes.
        """
        if pending(self._path):
            return False
        self._forced = True
        self._engine.dispose()
        self._renew()
        return True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `ConnectionSource.reading`."""
        with self._opening:
            if self._changed():
                self._engine.dispose()
                self._renew()
        before = self._seen
        try:
            with super().reading() as connection:
                yield connection
        except StorageError as error:
            if before is not None and before != fingerprint(self._path):
                raise self._disturbed() from error
            raise
        if before is not None and before != fingerprint(self._path):
            raise self._disturbed()

    def _changed(self) -> bool:
        return self._seen is not None and self._seen != fingerprint(self._path)

    def _disturbed(self) -> Conflict:
        detail = "the file was changed while it was read"
        return Conflict("ZX5003", retry="at_once", database=self.where.name, detail=detail)


@contextmanager
def settled(transaction: SqlAlchemyTransaction, where: Target) -> Iterator[None]:
    """Commit when the body ends well, else roll back; the body's own exceptions pass unchanged.

    Args:
        transaction: The transaction, or a savepoint.
        where: The database, for the message.

    Yields:
        Nothing.
    """
    try:
        yield
        with translated(where):
            transaction.commit()
    except BaseException as error:
        try:
            if _current(transaction):
                transaction.rollback()
        except SQLAlchemyError as also:  # a full disk makes SQLite roll back by itself; the first error matters
            error.add_note(f"rolling back: {also}")
        raise


def _current(transaction: SqlAlchemyTransaction) -> bool:
    """Return whether a transaction was not ended by somebody else already."""
    connection = transaction.connection
    return transaction in (connection.get_transaction(), connection.get_nested_transaction())


def fingerprint(path: Path) -> tuple[object, ...]:
    """Return the fingerprint of an SQLite file: it differs as soon as a program writes the file or starts to.

    Args:
        path: The file.

    Returns:
        Its inode, size and time, and whether a write-ahead log lies beside it.

    Raises:
        StorageError: ZX5001, the file cannot be read.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise StorageError("ZX5001", database=str(path), detail=str(error)) from error
    return status.st_ino, status.st_size, status.st_mtime_ns, log_of(path).exists()


def pending(path: Path) -> bool:
    """Return whether a write-ahead log holds changes that are not yet in the file.

    Args:
        path: The SQLite file.

    Returns:
        True where the log is not empty.
    """
    try:
        return log_of(path).stat().st_size > 0
    except FileNotFoundError:
        return False


def log_of(path: Path) -> Path:
    """Return the path of the write-ahead log of an SQLite file.

    Args:
        path: The SQLite file.

    Returns:
        The path beside it.

    Example:
        >>> log_of(Path("cases.db")).name
        'cases.db-wal'
    """
    return Path(f"{path}-wal")


def _better_untouched(path: Path) -> bool:
    """True where SQLite's side files cannot be made or would belong to a mere reader, and there is no writer now."""
    writable = os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)
    return not writable and not log_of(path).exists()
