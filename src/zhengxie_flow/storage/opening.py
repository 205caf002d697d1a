"""Opening a journal, and bringing its schema up to date.

Opening never changes the schema and never creates a file: a wrong path must not silently become an empty
journal.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, ColumnClause, Connection, Engine, column, select, table
from sqlalchemy.exc import DBAPIError

from zhengxie_flow.errors import StorageError
from zhengxie_flow.resources import migrations_dir
from zhengxie_flow.storage import schema_check, tables
from zhengxie_flow.storage.connections import Borrowed, OwnEngine, ReadOnlyFile, Source
from zhengxie_flow.storage.dialects import (
    Target,
    begin_in,
    fault_of,
    lock_upgrade,
    make_engine,
    target,
    writing,
)
from zhengxie_flow.storage.faults import as_ours, translated
from zhengxie_flow.storage.journal import SqlJournal

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_TIMEOUT: Final = 5.0
"""Seconds to wait for another writer before giving up."""

Place = str | Path | URL | Connection
"""A file path, an SQLAlchemy URL, or an open connection of an embedding program."""

_VERSION: Final[ColumnClause[str]] = column("version_num")
_REVISION = select(_VERSION).select_from(table(tables.VERSION_TABLE, _VERSION))


def open_journal(
    url: Place, *, read_only: bool = False, hash_name: str = "sha256", busy_timeout: float = BUSY_TIMEOUT
) -> SqlJournal:
    """Open the journal at a file path or SQLAlchemy URL, or inside an embedding program's own connection.

    With a connection, every write is a savepoint of its transaction: it is kept when the caller commits and
    gone when the caller rolls back.  ``read_only`` opens nothing for writing, works on a read-only file in a
    read-only folder, and sees a steady state while others write.  ``hash_name`` is ``sha256`` or ``sm3``;
    ``busy_timeout`` is in seconds.

    Raises `StorageError`: ZX5001 missing, ZX5002 at another schema, ZX5004 read-only, ZX5005 not a database,
    ZX5010 no such hash, ZX5011 not a usable URL, ZX5014 server not reached, ZX5018 not allowed, ZX5022 migrated in
    part; `Conflict` ZX5003 when locked.
    """
    source = (
        _borrow(url, read_only=read_only)
        if isinstance(url, Connection)
        else _open(target(url), busy_timeout, read_only=read_only)
    )
    try:
        return SqlJournal(source, hash_name=hash_name)
    except BaseException:
        source.close()
        raise


def upgrade(url: Place, *, busy_timeout: float = BUSY_TIMEOUT) -> str:
    """Create the journal's tables, or bring them to the newest schema; returns the revision.

    Runs in one transaction (the caller's, if a connection is given) and may be repeated.  Needs alembic.
    """
    if isinstance(url, Connection):
        where = _where(url)
        with translated(where):
            begin_in(url)
            _migrate(url, where)
        return tables.REVISIONS[-1]
    where = target(url)
    if where.path is not None and not where.path.parent.is_dir():
        raise StorageError("ZX5001", database=where.name, detail="its folder does not exist")
    if where.path is not None and where.path.is_dir():
        raise StorageError("ZX5018", database=where.name, detail="it is a folder")
    with _engine(where, "rwc", busy_timeout) as engine, translated(where):
        connection = writing(engine)
        with connection, connection.begin():
            _migrate(connection, where)
    return tables.REVISIONS[-1]


def create(url: Place, *, hash_name: str = "sha256", busy_timeout: float = BUSY_TIMEOUT) -> SqlJournal:
    """`upgrade`, then `open_journal`: a journal that is there whether or not it was before."""
    upgrade(url, busy_timeout=busy_timeout)
    return open_journal(url, hash_name=hash_name, busy_timeout=busy_timeout)


def current(url: Place, *, busy_timeout: float = BUSY_TIMEOUT) -> str | None:
    """The schema revision of a database; None when it holds no journal.  Raises as `open_journal` does."""
    if isinstance(url, Connection):
        return _revision(url, _where(url))
    where = target(url)
    _must_exist(where)
    source = _reader(where, busy_timeout)
    try:
        return _read_revision(source)
    finally:
        source.close()


def _open(where: Target, busy_timeout: float, *, read_only: bool) -> Source:
    _must_exist(where)
    source = _reader(where, busy_timeout) if read_only else _writer(where, busy_timeout)
    try:
        with source.reading() as connection:
            _check(_revision(connection, where), where)
            _check_parts(connection, where, guards=not read_only)
    except BaseException:
        source.close()
        raise
    return source


def _writer(where: Target, busy_timeout: float) -> OwnEngine:
    def make() -> Engine:
        return make_engine(where, mode="rw", busy_timeout=busy_timeout)

    if where.path is not None and not os.access(where.path, os.W_OK):  # before SQLite lays files beside it
        raise StorageError("ZX5004", database=where.name, detail="the file may not be written")
    return OwnEngine(where, make, read_only=False, patience=busy_timeout)


def _reader(where: Target, busy_timeout: float) -> OwnEngine:
    def make(mode: str) -> Engine:
        return make_engine(where, mode=mode, busy_timeout=busy_timeout)

    if where.path is None:
        return OwnEngine(where, lambda: make("ro"), read_only=True, patience=busy_timeout)
    source = ReadOnlyFile(where, where.path, make, patience=busy_timeout)
    try:
        _read_revision(source)
    except StorageError as error:
        if error.code not in {"ZX5004", "ZX5018"} or not source.freeze():
            source.close()
            raise
    return source


def _borrow(connection: Connection, *, read_only: bool) -> Source:
    where = _where(connection)
    _check(_revision(connection, where), where)
    _check_parts(connection, where, guards=not read_only)
    return Borrowed(where, connection, read_only=read_only)


def _where(connection: Connection) -> Target:
    return Target(connection.engine.url, None)


def _must_exist(where: Target) -> None:
    if where.path is not None and not where.path.exists():
        raise StorageError("ZX5001", database=where.name, detail="no such file")
    if where.path is not None and where.path.is_dir():
        raise StorageError("ZX5018", database=where.name, detail="it is a folder")


def _read_revision(source: OwnEngine) -> str | None:
    with source.reading() as connection:
        return _revision(connection, source.where)


def _revision(connection: Connection, where: Target) -> str | None:
    """The revision, without alembic; a failed look must not spoil an embedder's PostgreSQL transaction."""
    try:
        if connection.dialect.name == "postgresql" and connection.in_transaction():
            with connection.begin_nested():
                return _stated(connection)
        return _stated(connection)
    except DBAPIError as error:
        if fault_of(error) == "no_table":
            return None
        raise as_ours(error, where) from error


def _stated(connection: Connection) -> str | None:
    """What the database says its revision is; several are the mark of a merge gone wrong, and no revision of ours."""
    return ", ".join(sorted(connection.execute(_REVISION).scalars())) or None


def _check(found: str | None, where: Target) -> None:
    expected = tables.REVISIONS[-1]
    if found != expected:
        raise StorageError("ZX5002", database=where.name, found=found or "-", expected=expected)


def _check_parts(connection: Connection, where: Target, *, guards: bool) -> None:
    """Refuse what is at the right revision in name only; ``guards``: for writing, which nothing unguarded may take."""
    with translated(where):
        present = schema_check.inventory(connection)
    if lacking := schema_check.missing(present, connection.dialect.name, guards=guards):
        raise StorageError("ZX5022", database=where.name, revision=tables.REVISIONS[-1], missing=", ".join(lacking))


@contextmanager
def _engine(where: Target, mode: str, busy_timeout: float) -> Iterator[Engine]:
    engine = make_engine(where, mode=mode, busy_timeout=busy_timeout)
    try:
        yield engine
    finally:
        engine.dispose()


def _migrate(connection: Connection, where: Target) -> None:
    found = _revision(connection, where)
    if found is not None and found not in tables.REVISIONS:
        raise StorageError("ZX5002", database=where.name, found=found, expected=tables.REVISIONS[-1])
    lock_upgrade(connection)
    from alembic import command  # only an upgrade needs it, and it is slow to load
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    _check_parts(connection, where, guards=True)
