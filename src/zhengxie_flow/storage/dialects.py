"""Differences between SQLite and PostgreSQL, and nothing else: engines, column types, beginning a write."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlalchemy import (
    URL,
    BigInteger,
    Connection,
    Engine,
    Integer,
    String,
    Table,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import QueuePool

from zhengxie_flow.durability import flush_file
from zhengxie_flow.errors import StorageError, UsageError
from zhengxie_flow.model.patience import PARAMETER, patience_of
from zhengxie_flow.redaction import HIDDEN, secret_values, without_password

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.types import TypeEngine

ROW_ID: Final = BigInteger().with_variant(Integer(), "sqlite")  # SQLite: only INTEGER is the row id itself

_WRITE: Final = "zhengxie_write"
UPGRADE_LOCK: Final = 0x7A78_666C  # "zxfl"


def bytewise(length: int) -> TypeEngine[str]:
    """Return the type of text compared by code point, so that both databases and Python sort ids alike."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


@dataclass(frozen=True, slots=True)
class Target:
    """Target of a journal: a file (SQLite), or a server (PostgreSQL).

    Attributes:
        url: The SQLAlchemy URL.
        path: The SQLite file; None for a server.
        patience: Seconds to wait for a lock, where the URL says so; None where it does not.
        schema: The schema of PostgreSQL that holds the journal; None for what a connection finds by itself.
        pool: Options of the pool of connections, as SQLAlchemy takes them.
    """

    url: URL
    path: Path | None
    patience: float | None = None
    schema: str | None = None
    pool: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name for messages; never with a password."""
        if self.path is not None:
            return without_password(str(self.path))
        return without_password(self.url.render_as_string(hide_password=True))

    def hidden(self, message: str) -> str:
        """Return a message of the driver without the passwords of the URL."""
        for secret in secret_values(self.url.render_as_string(hide_password=False)):
            message = message.replace(secret, HIDDEN)
        return message


def target(place: str | Path | URL) -> Target:
    """Read a file path or an SQLAlchemy URL.

    Args:
        place: The path or URL.

    Returns:
        The target.

    Raises:
        StorageError: ZX5011, it is neither, or names another database than SQLite or PostgreSQL.
        UsageError: ZX5030, its parameter ``patience`` is no number of seconds.

    Example:
        >>> target("cases.db").url.drivername
        'sqlite'
        >>> target("postgresql://office@db/cases").name
        'postgresql+psycopg://office@db/cases'
    """
    if (isinstance(place, str) and "://" not in place) or isinstance(place, Path):
        return Target(URL.create("sqlite", database=str(place)), _path(str(place)))
    try:
        url = make_url(place)
    except ArgumentError:
        raise _unusable(place, "it is no URL") from None  # its text may hold the password
    except ValueError:
        raise _unusable(place, "its port is no number") from None
    url, patience = without_patience(url)
    backend = url.get_backend_name()
    if backend == "sqlite":
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            raise _unusable(url, "a journal in SQLite needs a file path")
        return Target(url, _path(url.database), patience)
    if backend == "postgresql":
        url = url.set(drivername="postgresql+psycopg") if "+" not in url.drivername else url
        return Target(url, None, patience)
    raise _unusable(url, f"backend {backend}")


def _path(text: str) -> Path:
    """The path of an SQLite file; a text that no file system takes is refused."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        raise _unusable(ascii(text), "it is no path") from None
    if "\0" in text:
        raise _unusable(ascii(text), "it is no path")
    return Path(text).expanduser()


def _unusable(place: str | URL, detail: str) -> StorageError:
    address = place.render_as_string(hide_password=True) if isinstance(place, URL) else place
    return StorageError("ZX5011", database=without_password(str(address)), detail=detail)


def without_patience(url: URL) -> tuple[URL, float | None]:
    """Take our own parameter, which no driver knows, out of a URL.

    Args:
        url: The URL.

    Returns:
        The rest, and the seconds that it says; None where it does not.

    Raises:
        UsageError: ZX5030, it is no number of seconds.
    """
    values = url.query.get(PARAMETER)
    if values is None:
        return url, None
    value = values if isinstance(values, str) else values[-1]
    return url.difference_update_query([PARAMETER]), patience_of(value, f"?{PARAMETER}=")


def make_engine(where: Target, *, mode: str, busy_timeout: float) -> Engine:
    """Make an SQLAlchemy engine.

    Args:
        where: The target.
        mode: ``ro`` (read), ``rw`` (write what exists), ``rwc`` (create) or ``immutable`` (the file never changes).
        busy_timeout: Seconds to wait for another writer.

    Returns:
        The engine; nothing is opened yet.

    Raises:
        StorageError: ZX5011, the driver of the URL is not installed.
    """
    if where.path is not None:
        return _sqlite_engine(where, where.path, mode, busy_timeout)
    milliseconds = max(1, int(busy_timeout * 1000))
    settings = f"-c lock_timeout={milliseconds}"
    if where.schema is not None:
        path = search_path(where.schema).replace("\\", "\\\\").replace(" ", "\\ ")
        settings = f"{settings} -c search_path={path}"
    options: dict[str, Any] = {"pool_timeout": max(busy_timeout, 1.0), **where.pool}
    try:
        engine = create_engine(where.url, connect_args={"options": _options(where.url, settings)}, **options)
    except ModuleNotFoundError as error:
        raise StorageError("ZX5011", database=where.name, detail=f"Python package {error.name} is missing") from error
    except ArgumentError as error:  # an unknown driver
        raise StorageError("ZX5011", database=where.name, detail=where.hidden(str(error))) from error
    return engine.execution_options(postgresql_readonly=True) if mode == "ro" else engine


def _options(url: URL, more: str) -> str:
    options = url.query.get("options", "")
    return f"{options if isinstance(options, str) else ' '.join(options)} {more}".strip()


def search_path(schema: str) -> str:
    """Return the setting by which unqualified names of tables are those of one schema.

    Args:
        schema: The name of the schema.

    Returns:
        The name, quoted.

    Example:
        >>> search_path("office north")
        '"office north"'
    """
    return '"' + schema.replace('"', '""') + '"'


def _sqlite_engine(where: Target, path: Path, mode: str, busy_timeout: float) -> Engine:
    opener = _opener(path, mode, busy_timeout)
    # Threads that read are as many as the program has: a file has no limit of connections that would have to be shared.
    engine = create_engine("sqlite://", creator=opener, poolclass=QueuePool, **{"max_overflow": -1, **where.pool})

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The write lock is taken at the start: what is read inside a write is then still true when it
        # commits, and a second writer waits here instead of failing half-way.
        writing = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _opener(path: Path, mode: str, busy_timeout: float) -> Callable[[], sqlite3.Connection]:
    query = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    uri = f"file:{quote(str(path.absolute()))}?{query}"

    def connect() -> sqlite3.Connection:
        if mode == "rwc":
            make_private(path)
        connection = sqlite3.connect(uri, uri=True, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA foreign_keys=ON")
            if mode in {"rw", "rwc"}:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("PRAGMA secure_delete=ON")  # erased personal values are overwritten, not unlinked
                _flush_log(path)
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def _flush_log(path: Path) -> None:
    """Flush what SQLite has just taken over from a log that a killed program may have written and not flushed."""
    try:
        flush_file(Path(f"{os.path.realpath(path)}-wal"))
    except OSError as error:
        failure = sqlite3.OperationalError(error.strerror)
        failure.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise failure from error


def make_private(path: Path) -> None:
    """Make a missing SQLite file readable and writable by its owner alone; SQLite gives its side files the same mode.

    A file that is there is not opened: closing it would drop the locks that this process has on it.
    """
    real = os.path.realpath(path)  # behind a link that leads nowhere yet
    if not os.path.lexists(real):
        try:
            os.close(os.open(real, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError:
            return  # another program was faster, or SQLite will say what is wrong


def writing(engine: Engine) -> Connection:
    """Open a connection whose transaction takes the write lock when it begins.

    Args:
        engine: The engine.

    Returns:
        The connection.
    """
    return engine.connect().execution_options(**{_WRITE: True})


def snapshot(engine: Engine) -> Connection:
    """Open a connection whose transaction sees one state of the database throughout.

    Args:
        engine: The engine.

    Returns:
        The connection.
    """
    if engine.dialect.name == "postgresql":
        return engine.connect().execution_options(isolation_level="REPEATABLE READ")
    return engine.connect()


def empty_log(engine: Engine, *, patient: bool) -> bool:
    """Bring SQLite's write-ahead log into the file and empty it.

    Args:
        engine: The engine of the file.
        patient: True to wait for readers as long as for a writer, False not to wait at all.

    Returns:
        True where the log is empty; False while another connection still needs it.
    """
    pooled = engine.raw_connection()
    driver: Any = pooled.dbapi_connection
    ((patience,),) = driver.execute("PRAGMA busy_timeout")
    statement = "PRAGMA wal_checkpoint(TRUNCATE)"
    try:
        driver.execute(f"PRAGMA busy_timeout={patience if patient else 0}")
        ((busy, _, _),) = driver.execute(statement)
    except sqlite3.Error as error:  # the disk is full or fails: as everywhere else
        raise DBAPIError(statement, None, error) from error
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")
        pooled.close()
    return not busy


def begin_in(connection: Connection, *, writing: bool = True) -> None:
    """Make sure a transaction is really open on a connection that an embedding program passed in.

    Python's sqlite3 module begins none before a SAVEPOINT, and releasing a savepoint outside a transaction
    commits: the embedder's rollback would then come too late.

    Args:
        connection: The connection.
        writing: True to take SQLite's write lock where no transaction is open yet.
    """
    if not connection.in_transaction():
        connection.begin()
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def check_transactional(connection: Connection) -> None:
    """Refuse a connection on which each statement is a transaction of its own; on SQLite `begin_in` begins one anyway.

    Args:
        connection: The connection that an embedding program passed in.

    Raises:
        UsageError: ZX5065, it is in AUTOCOMMIT mode.
    """
    if connection.dialect.name != "sqlite":
        driver: Any = connection.connection.driver_connection
        if getattr(driver, "autocommit", False) is True:
            raise UsageError("ZX5065")


def lock_upgrade(connection: Connection) -> None:
    """Let one upgrade run at a time (on SQLite the write lock does that already)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})


def lock_out(connection: Connection, table: Table) -> None:
    """Keep all others from writing to a table, or locking a row of it, until the transaction ends.

    On SQLite the write lock does that already.

    Args:
        connection: A connection inside a write.
        table: The table.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))


def insert_once(connection: Connection, table: Table, values: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Insert a row, or several, unless one with its primary key, or another key of its own, is there.

    Args:
        connection: A connection inside a write.
        table: The table.
        values: The values by column.
    """
    dialect_insert: Any = sqlite.insert
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # a journal in a file never needs it

        dialect_insert = postgresql.insert
    connection.execute(dialect_insert(table).on_conflict_do_nothing(), values)


def is_key_violation(error: IntegrityError) -> bool:
    """Return whether an integrity error is about the idempotency key (and not the sequence).

    Args:
        error: The error of an insert.

    Returns:
        True where the key is taken.
    """
    message = str(error.orig)
    return "zx_events.key" in message or "uq_zx_events_key" in message
