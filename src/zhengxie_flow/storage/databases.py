"""Databases as programs name them or hand them over: an address, or an engine, connection or session of SQLAlchemy.

What cannot be used is refused here, each kind with the word of what to pass instead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias, TypedDict

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from zhengxie_flow.errors import StorageError, UsageError
from zhengxie_flow.model.patience import DEFAULT
from zhengxie_flow.redaction import without_password

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
    from sqlalchemy.orm import Session, scoped_session

HostDatabase: TypeAlias = "Engine | Connection | Session"
"""A database that an embedding program hands over: it stays the program's."""

Database: TypeAlias = "str | os.PathLike[str] | URL | Engine | Connection | Session | scoped_session[Any]"
"""A database: its URL, the path of an SQLite file, or an engine, connection or session of SQLAlchemy."""

AsyncDatabase: TypeAlias = "AsyncConnection | AsyncSession"
"""A database in an asynchronous program: an open connection or session of ``sqlalchemy.ext.asyncio``."""


class PoolOptions(TypedDict, total=False):
    """Options of the pool of connections that an engine makes for a URL, under the names that SQLAlchemy gives them.

    Attributes:
        pool_size: The number of connections that stay open.
        max_overflow: The number of connections beyond these while they are needed; -1 for no limit.
        pool_pre_ping: True to try a connection before it is used, so that a restarted server is not noticed.
        pool_recycle: Seconds after which a connection is replaced by a new one; -1 for never.
        pool_timeout: Seconds to wait for a connection while all are in use.
        pool_use_lifo: True to use the connection that was used last, so that the others can be closed when idle.
    """

    pool_size: int
    max_overflow: int
    pool_pre_ping: bool
    pool_recycle: int
    pool_timeout: float
    pool_use_lifo: bool


@dataclass(frozen=True, slots=True)
class Access:
    """Access to a database, as a program asks for it.

    Attributes:
        read_only: True for reading alone.
        patience: Seconds to wait for a lock, where the URL does not say.
        schema: The schema of PostgreSQL that holds the journal; None for what the connection finds by itself.
        pool: The options of the pool made for a URL; None for the usual ones.
    """

    read_only: bool = False
    patience: float = DEFAULT
    schema: str | None = None
    pool: PoolOptions | None = None


_BACKENDS: Final = frozenset({"sqlite", "postgresql"})
ASYNC_DRIVERS: Final = {"aiosqlite": "sqlite", "asyncpg": "postgresql+psycopg", "psycopg_async": "postgresql+psycopg"}
"""The asynchronous drivers of both databases, and what a URL says instead of them."""

_ORM: Final = "sqlalchemy.orm"
_ASYNC: Final = "sqlalchemy.ext.asyncio"


def database_of(value: object) -> Path | URL | str | HostDatabase:
    """Return a database that can be used.

    Args:
        value: What a program passed.

    Returns:
        The address, or the object of SQLAlchemy; of a session that stands for those of a thread, the thread's own.

    Raises:
        UsageError: ZX5060 to ZX5064, it is no database, asynchronous, closed, or what makes sessions.
        StorageError: ZX5011, it is one of another kind than SQLite or PostgreSQL.

    Example:
        >>> database_of("cases.db")
        'cases.db'
    """
    if isinstance(value, str | Path | URL):
        return _synchronous(value)
    if isinstance(value, Connection):
        check_open(value)
        _check_backend(value.dialect.name)
        return value
    if isinstance(value, Engine):
        if value.dialect.is_async:
            raise UsageError("ZX5062", given="AsyncEngine.sync_engine")
        _check_backend(value.dialect.name)
        return value
    if _is(value, _ORM, "Session"):
        session: Session = value  # type: ignore[assignment]
        return session
    if _is(value, _ORM, "scoped_session"):
        return database_of(value())  # type: ignore[operator]
    if isinstance(value, os.PathLike) and isinstance(path := os.fspath(value), str):
        return path
    return _refuse(value)


def async_database_of(value: object) -> AsyncDatabase:
    """Return an asynchronous database that can be used.

    Args:
        value: What a program passed.

    Returns:
        The connection or session.

    Raises:
        UsageError: ZX5063, it is closed; ZX5064, it makes sessions; ZX5070, it is anything else.
    """
    if _is(value, _ASYNC, "AsyncConnection"):
        connection: AsyncConnection = value  # type: ignore[assignment]
        if connection.closed:
            raise UsageError("ZX5063")
        return connection
    if _is(value, _ASYNC, "AsyncSession"):
        session: AsyncSession = value  # type: ignore[assignment]
        return session
    if _is(value, _ASYNC, "async_sessionmaker"):
        _refuse(value)
    raise UsageError("ZX5070", given=_kind(value))


def check_open(connection: Connection) -> None:
    """Refuse a connection that was closed.

    Args:
        connection: The connection of an embedding program.

    Raises:
        UsageError: ZX5063, it is closed.
    """
    if connection.closed:
        raise UsageError("ZX5063")


def is_memory(place: object) -> bool:
    """Return whether a place is a database in memory.

    Args:
        place: An address, or what a program handed over.

    Returns:
        True for ``:memory:``, ``sqlite://`` and ``sqlite:///:memory:``, and an engine on such.

    Example:
        >>> is_memory("sqlite://"), is_memory("sqlite:///cases.db"), is_memory("cases.db")
        (True, False, False)
    """
    if isinstance(place, str):
        if place == ":memory:":
            return True
        if not place.startswith("sqlite"):
            return False
        try:
            place = make_url(place)
        except (ArgumentError, ValueError):
            return False
    url = place.url if isinstance(place, Engine) else place
    if not isinstance(url, URL) or url.get_backend_name() != "sqlite":
        return False
    return url.database in {None, "", ":memory:"}


def engine_of(database: HostDatabase) -> Engine:
    """Return the engine behind what a program handed over.

    Args:
        database: The engine, connection or session.

    Returns:
        The engine.

    Raises:
        UsageError: ZX5069, a session has no single database.
        StorageError: ZX5011, it is one of another kind than SQLite or PostgreSQL.
    """
    if isinstance(database, Engine | Connection):
        return database.engine
    try:
        bind = database.get_bind()
    except SQLAlchemyError as error:
        raise UsageError("ZX5069", why=str(error).partition("\n")[0]) from error
    engine = bind.engine
    _check_backend(engine.dialect.name)
    return engine


def pool_of(pool: object) -> dict[str, Any]:
    """Return the options of a pool as SQLAlchemy takes them.

    Args:
        pool: The options that a program passed.

    Returns:
        The options.

    Raises:
        UsageError: ZX5066, there is no such option, or no such value.
    """
    if pool is not None and not isinstance(pool, Mapping):
        raise UsageError("ZX5066", name="pool", given=repr(pool)[:80], known=", ".join(_POOL_KINDS))
    options = dict(pool or {})
    for name, value in options.items():
        kind = _POOL_KINDS.get(name)
        fits = kind is not None and isinstance(value, kind) and (isinstance(value, bool) == (kind is bool))
        if not fits or (kind is not bool and value < _LEAST.get(name, 0)):
            raise UsageError("ZX5066", name=name, given=repr(value)[:80], known=", ".join(_POOL_KINDS))
    overflow = options.get("max_overflow", _OVERFLOW)
    if overflow >= 0 and options.get("pool_size", _SIZE) + overflow < _LEAST_CONNECTIONS:
        raise UsageError("ZX5066", name="max_overflow", given=repr(overflow), known=", ".join(_POOL_KINDS))
    return options


def writers_of(pool: Mapping[str, Any] | None) -> int:
    """Return the number of threads that may write at once, so that each finds a second connection to read with.

    Args:
        pool: The options of the pool.

    Returns:
        Half of its connections, rounded up; 8 where there is no limit.

    Example:
        >>> writers_of(None), writers_of({"pool_size": 30, "max_overflow": 10}), writers_of({"max_overflow": -1})
        (8, 20, 8)
    """
    options = pool or {}
    size, overflow = options.get("pool_size", _SIZE), options.get("max_overflow", _OVERFLOW)
    return _WRITERS if overflow < 0 else (size + overflow + 1) // 2


_SIZE: Final = 5
_OVERFLOW: Final = 10
_LEAST_CONNECTIONS: Final = 2
_WRITERS: Final = 8
_POOL_KINDS: Final[dict[str, Any]] = {
    "pool_size": int,
    "max_overflow": int,
    "pool_pre_ping": bool,
    "pool_recycle": int,
    "pool_timeout": int | float,
    "pool_use_lifo": bool,
}
_LEAST: Final = {"pool_size": 1, "max_overflow": -1, "pool_recycle": -1}


def _synchronous(address: str | Path | URL) -> str | Path | URL:
    """An address, unless it names a driver that only works with ``await``."""
    if isinstance(address, Path) or (isinstance(address, str) and "://" not in address):
        return address
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return address  # what is wrong with it, the reading of addresses says
    instead = ASYNC_DRIVERS.get(url.drivername.partition("+")[2])
    if instead is None:
        return address
    shown = [without_password(named.render_as_string()) for named in (url, url.set(drivername=instead))]
    raise UsageError("ZX5061", database=shown[0], instead=shown[1])


def _check_backend(backend: str) -> None:
    if backend not in _BACKENDS:
        raise StorageError("ZX5011", database=f"{backend}://", detail=f"backend {backend}")


def _is(value: object, module: str, *names: str) -> bool:
    """Whether a value is of a class of a module; one that was never imported made no value."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(value, tuple(getattr(loaded, name) for name in names))


def _refuse(value: object) -> NoReturn:
    if _is(value, _ASYNC, "AsyncEngine", "AsyncConnection", "AsyncSession", "async_scoped_session"):
        raise UsageError("ZX5062", given=_kind(value))
    if _is(value, _ORM, "sessionmaker") or _is(value, _ASYNC, "async_sessionmaker"):
        raise UsageError("ZX5064", given=_kind(value))
    raise UsageError("ZX5060", given=_kind(value))


def _kind(value: object) -> str:
    """The name of a type; of what is no object of SQLAlchemy, with its module."""
    kind = value if isinstance(value, type) else type(value)
    plain = kind.__module__ in {"builtins", "zhengxie_flow"} or kind.__module__.startswith("sqlalchemy")
    return kind.__qualname__ if plain else f"{kind.__module__}.{kind.__qualname__}"
