"""Where a journal gets its connections: an engine of its own, or one connection of an embedding program."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.exc import SQLAlchemyError

from zhengxie_flow.errors import Conflict, StorageError, UsageError
from zhengxie_flow.storage.dialects import Target, begin_in, checkpoint, snapshot, writing
from zhengxie_flow.storage.faults import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import Transaction as SqlAlchemyTransaction


class ConnectionSource(Protocol):
    """Gives connections for reading and writing; every database error on the way is already one of ours."""

    where: Target
    read_only: bool

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of the database."""

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection inside a write; leaving without an exception keeps it."""

    def forget(self) -> None:
        """See to it that what was erased is gone from the files, as far as the database lets its users do that."""

    def close(self) -> None:
        """Give everything back."""


class OwnEngine:
    """An engine per process, safe between threads; after a fork the child makes its own connections."""

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
        """See `Source.reading`."""
        with translated(self.where):
            connection = snapshot(self.engine())
        with connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `Source.writing`."""
        engine = self.engine()
        with self._one_at_a_time(engine):
            with translated(self.where):
                connection = writing(engine)
            with connection:
                with translated(self.where):
                    transaction = connection.begin()
                with _settled(transaction, self.where):
                    yield connection

    def forget(self) -> None:
        """See `Source.forget`; while somebody reads SQLite leaves it to the next one who closes the database."""
        engine = self.engine()
        if engine.dialect.name == "sqlite":
            with translated(self.where), self._one_at_a_time(engine):
                checkpoint(engine)

    @contextmanager
    def _one_at_a_time(self, engine: Engine) -> Iterator[None]:
        """SQLite has one writer: threads queue here, which is quicker than SQLite's busy handler."""
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
        """Close every connection; may be called twice."""
        if not self._closed:
            self._closed = True
            self._engine.dispose(close=self._pid == os.getpid())


class ReadOnlyFile(OwnEngine):
    """An SQLite file opened for reading alone.

    SQLite's own protection against writers (``mode=ro``) needs a ``-shm`` file beside a database in WAL mode.
    Where that cannot be made, or would be made by a reader in a place where the owner of a protected file
    could then no longer write, the file is read as unchanging (``immutable``).  That is right only while
    nobody writes: it is chosen only when no write-ahead log lies beside the file, and every reading checks
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
        """Read as unchanging, SQLite having refused to open the file otherwise; False where not safe."""
        if pending(self._path):
            return False
        self._forced = True
        self._engine.dispose()
        self._renew()
        return True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `Source.reading`."""
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
        return Conflict("ZX5003", database=self.where.name, detail="the file was changed while it was read")


class CallerConnection:
    """An embedding program's connection: our writes are savepoints in its transaction and end as it ends."""

    def __init__(self, where: Target, connection: Connection, *, read_only: bool) -> None:
        self.where = where
        self.read_only = read_only
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `Source.reading`."""
        yield self._connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `Source.writing`."""
        with translated(self.where):
            begin_in(self._connection)
            savepoint = self._connection.begin_nested()
        with _settled(savepoint, self.where):
            yield self._connection

    def forget(self) -> None:
        """What is erased here ends as the embedding program's transaction ends; so does its log."""

    def close(self) -> None:
        """The connection is not ours to close."""


@contextmanager
def _settled(transaction: SqlAlchemyTransaction, where: Target) -> Iterator[None]:
    """Commit when the body ends well, else roll back; the body's own exceptions pass unchanged."""
    try:
        yield
        with translated(where):
            transaction.commit()
    except BaseException as error:
        try:
            transaction.rollback()
        except SQLAlchemyError as also:  # a full disk makes SQLite roll back by itself; the first error matters
            error.add_note(f"rolling back: {also}")
        raise


def fingerprint(path: Path) -> tuple[object, ...]:
    """What changes when anybody writes the file or starts to."""
    try:
        status = path.stat()
    except OSError as error:
        raise StorageError("ZX5001", database=str(path), detail=str(error)) from error
    return status.st_ino, status.st_size, status.st_mtime_ns, log_of(path).exists()


def pending(path: Path) -> bool:
    """Whether a write-ahead log holds changes that are not yet in the file."""
    try:
        return log_of(path).stat().st_size > 0
    except FileNotFoundError:
        return False


def log_of(path: Path) -> Path:
    """The write-ahead log of an SQLite file."""
    return Path(f"{path}-wal")


def _better_untouched(path: Path) -> bool:
    """Whether SQLite's side files cannot be made or would belong to a mere reader, and nobody writes now."""
    writable = os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)
    return not writable and not log_of(path).exists()
