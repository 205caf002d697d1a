"""Connections to the database of an embedding program: its engine, connection or session, or one database in memory."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import SQLAlchemyError

from zhengxie_flow.errors import Conflict, UsageError
from zhengxie_flow.storage.connections import settled
from zhengxie_flow.storage.databases import check_open, is_memory
from zhengxie_flow.storage.dialects import Target, begin_in, check_transactional, search_path, snapshot
from zhengxie_flow.storage.faults import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine, Pool
    from sqlalchemy.engine import Transaction

    from zhengxie_flow.storage.connections import ConnectionSource

_SETTING: Final = "search_path"
_LOOK_ONLY_AT = select(func.current_setting(_SETTING), func.set_config(_SETTING, bindparam("path"), True))


class CheckedSchemas:
    """Memory of the databases whose schema is whole, so that it is looked at once for each of them.

    A database is known by its pool of connections, which is held weakly: whoever drops an engine, or closes its pool,
    drops what is remembered of it.
    """

    def __init__(self) -> None:
        self._checked: WeakKeyDictionary[Pool, set[tuple[str | None, bool]]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def __contains__(self, key: tuple[Engine, str | None, bool]) -> bool:
        engine, schema, guards = key
        checked = self._checked.get(engine.pool, ())
        return (schema, True) in checked or (schema, guards) in checked

    def add(self, engine: Engine, schema: str | None, *, guards: bool) -> None:
        """Remember that a schema is whole.

        Args:
            engine: The engine of the database.
            schema: The schema that was named; None for that of the connection.
            guards: True where the triggers were looked for too.
        """
        with self._lock:
            self._checked.setdefault(engine.pool, set()).add((schema, guards))


class CallerConnection:
    """Connection of an embedding program: writes are savepoints in its transaction and end as it ends.

    How long to wait for a lock is a setting of that connection, and what is repeated after waiting, its owner decides.

    Args:
        where: The database.
        connection: What gives the connection; a session gives that of its present transaction.
        read_only: True for reading alone.
    """

    def __init__(self, where: Target, connection: Callable[[], Connection], *, read_only: bool) -> None:
        self.where = where
        self.read_only = read_only
        self.patience = 0.0
        self._connection = connection
        self._inside = False

    def _present(self) -> Connection:
        connection = self._connection()
        check_open(connection)
        check_transactional(connection)
        return connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `zhengxie_flow.storage.connections.ConnectionSource.reading`."""
        with translated(self.where):
            connection = self._present()
            if connection.dialect.name != "sqlite" and not connection.in_transaction():
                connection.begin()  # so that a statement that fails can be undone by itself
            with self._in_schema(connection):
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `zhengxie_flow.storage.connections.ConnectionSource.writing`."""
        try:
            with translated(self.where):
                connection = self._present()
                begin_in(connection)
            with self._in_schema(connection):
                with translated(self.where):
                    savepoint = connection.begin_nested()
                with settled(savepoint, self.where):
                    yield connection
        except Conflict as error:
            if error.code == "ZX5003":  # what a lock of the outer transaction is in the way of, no savepoint can help
                error.retry = "never"
            raise

    @contextmanager
    def _in_schema(self, connection: Connection) -> Iterator[None]:
        """Look for tables in the journal's schema alone, and leave the program's own setting as it was."""
        if self.where.schema is None or self._inside:
            yield
            return
        with looking_only_at(connection, self.where):
            self._inside = True
            try:
                yield
            finally:
                self._inside = False

    def apart(self) -> ConnectionSource:
        """Return the source of another connection of the program's pool; its own where there is but one database."""
        connection = self._connection()
        if is_memory(connection.engine):
            return self
        return HostEngine(self.where, connection.engine, read_only=self.read_only, patience=self.patience)

    def forget(self, *, patient: bool = True) -> None:
        """Leave the log to the embedding program: its transaction decides what is erased."""

    def close(self) -> None:
        """Leave the connection open, for it belongs to the embedding program."""


@contextmanager
def looking_only_at(connection: Connection, where: Target) -> Iterator[None]:
    """Look for tables in one schema alone until the block ends, or the transaction.

    Args:
        connection: A connection to PostgreSQL.
        where: The database and the schema.

    Yields:
        Nothing.
    """
    with translated(where):
        before, _ = connection.execute(_LOOK_ONLY_AT, {"path": search_path(where.schema or "")}).one()
    try:
        yield
    finally:
        with suppress(SQLAlchemyError):  # a transaction that failed is rolled back, and the setting with it
            connection.execute(_LOOK_ONLY_AT, {"path": before})


class HostEngine:
    """Engine of an embedding program: each write is a transaction of its own, on connections of the program's pool.

    A thread needs one connection at a time: what it reads during a write, it reads on the connection of the write.

    Args:
        where: The database.
        engine: The engine.
        read_only: True for reading alone.
        patience: Seconds to go on trying while others write.
    """

    def __init__(self, where: Target, engine: Engine, *, read_only: bool, patience: float) -> None:
        self.where = where
        self.read_only = read_only
        self.patience = patience
        self._engine = engine
        self._held = threading.local()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `zhengxie_flow.storage.connections.ConnectionSource.reading`."""
        with translated(self.where):
            present = self._of_this_thread()
            if present is not None:
                yield present
                return
            with snapshot(self._engine) as connection:
                begin_in(connection, writing=False)
                with self._kept(connection), self._in_schema(connection):
                    yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `zhengxie_flow.storage.connections.ConnectionSource.writing`."""
        with translated(self.where):
            connection = self._engine.connect()
            if connection.dialect.name != "sqlite":
                connection = connection.execution_options(isolation_level="READ COMMITTED")
        with connection:
            with translated(self.where):
                transaction = _begun(connection)
            with settled(transaction, self.where), self._kept(connection), self._in_schema(connection):
                yield connection

    def _of_this_thread(self) -> Connection | None:
        connection: Connection | None = getattr(self._held, "connection", None)
        return connection

    @contextmanager
    def _kept(self, connection: Connection) -> Iterator[None]:
        before = self._of_this_thread()
        self._held.connection = connection
        try:
            yield
        finally:
            self._held.connection = before

    def _in_schema(self, connection: Connection) -> AbstractContextManager[None]:
        return nullcontext() if self.where.schema is None else looking_only_at(connection, self.where)

    def apart(self) -> ConnectionSource:
        """Return a source that never reads on the connection of a write."""
        return HostEngine(self.where, self._engine, read_only=self.read_only, patience=self.patience)

    def forget(self, *, patient: bool = True) -> None:
        """Leave the log to the embedding program, whose settings its connections have."""

    def close(self) -> None:
        """Leave the engine as it is, for it belongs to the embedding program."""


def _begun(connection: Connection) -> Transaction:
    """A transaction; inside another of the same thread a savepoint of that."""
    outer = None if connection.in_transaction() else connection.begin()
    begin_in(connection)
    return outer or connection.begin_nested()


class MemoryDatabase:
    """Database in memory, which is as good as one connection: threads take turns on it.

    Args:
        where: The database.
        connect: What opens the connection.
        read_only: True for reading alone.
        patience: Seconds that a thread waits for its turn.
        own: True where the database ends with this, and is no program's.
    """

    def __init__(
        self,
        where: Target,
        connect: Callable[[], Connection],
        *,
        read_only: bool,
        patience: float,
        own: bool = False,
    ) -> None:
        self.where = where
        self.read_only = read_only
        self.patience = patience
        self._own = own
        self._turn = threading.RLock()
        with translated(where):
            self._connection = connect()

    @contextmanager
    def _in_turn(self) -> Iterator[Connection]:
        if not self._turn.acquire(timeout=self.patience):
            detail = "another thread is writing"
            raise Conflict("ZX5003", retry="in_time", database=self.where.name, detail=detail)
        try:
            if self._connection.closed:
                raise UsageError("ZX5016", database=self.where.name)
            yield self._connection
        finally:
            self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `zhengxie_flow.storage.connections.ConnectionSource.reading`."""
        with self._in_turn() as connection, translated(self.where):
            inside = connection.in_transaction()
            try:
                yield connection
            finally:
                if not inside and connection.in_transaction():
                    connection.commit()  # nothing was written, or by a write inside that ended well

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `zhengxie_flow.storage.connections.ConnectionSource.writing`."""
        with self._in_turn() as connection:
            with translated(self.where):
                transaction = _begun(connection)
            with settled(transaction, self.where):
                yield connection

    def apart(self) -> ConnectionSource:
        """Return itself: there is one connection."""
        return self

    def forget(self, *, patient: bool = True) -> None:
        """Do nothing: what is erased in memory leaves no log."""

    def close(self) -> None:
        """Close the connection, and with it the database, unless a program's own engine keeps it."""
        with self._turn:
            self._connection.close()
            if self._own:
                self._connection.engine.dispose()
