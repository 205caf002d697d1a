"""Opening a journal, and bringing its schema up to date.

Opening never changes the schema and never creates a file: a wrong path must not silently become an empty journal.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, Connection, Engine

from zhengxie_flow.errors import Conflict, StorageError
from zhengxie_flow.model.patience import DEFAULT, patience_of
from zhengxie_flow.resources import migrations_dir
from zhengxie_flow.storage import erasures, schema_check, versions
from zhengxie_flow.storage.connections import CallerConnection, ConnectionSource, OwnEngine, ReadOnlyFile
from zhengxie_flow.storage.dialects import (
    Target,
    begin_in,
    lock_upgrade,
    make_engine,
    target,
    writing,
)
from zhengxie_flow.storage.faults import translated
from zhengxie_flow.storage.journal import SqlJournal

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_TIMEOUT: Final = DEFAULT
"""Seconds to wait for another writer before giving up, where neither the caller nor the URL says otherwise."""

Place = str | Path | URL | Connection
"""A file path, an SQLAlchemy URL, or an open connection of an embedding program."""


def open_journal(
    url: Place, *, read_only: bool = False, hash_name: str = "sha256", busy_timeout: float = BUSY_TIMEOUT
) -> SqlJournal:
    """Open the journal at a file path or SQLAlchemy URL, or inside an embedding program's own connection.

    With a connection, every write is a savepoint of its transaction: it is kept when the caller commits and gone when
    the caller rolls back.

    Args:
        url: The file path, URL or connection.
        read_only: True to open nothing for writing; works on a read-only file in a read-only folder, and sees a steady
            state while others write.
        hash_name: The hash algorithm, ``sha256`` or ``sm3``.
        busy_timeout: Seconds to wait for another writer; what the URL says (``?patience=``) goes before it.

    Returns:
        The journal.

    Raises:
        StorageError: ZX5001 missing, ZX5002 to be brought up to date, ZX5004 read-only, ZX5005 not a database, ZX5010
            no such hash, ZX5011 not a usable URL, ZX5014 server not reached, ZX5018 not allowed, ZX5022 written by a
            newer version, ZX5023 migrated in part.
        Conflict: ZX5003, the database is locked.
    """
    source = (
        _borrow(url, read_only=read_only)
        if isinstance(url, Connection)
        else _open(*_target(url, busy_timeout), read_only=read_only)
    )
    try:
        return SqlJournal(source, hash_name=hash_name)
    except BaseException:
        source.close()
        raise


def upgrade(url: Place, *, busy_timeout: float = BUSY_TIMEOUT) -> str:
    """Create the journal's tables, or bring them to the newest schema.

    Runs in one transaction (the caller's, if a connection is given) and may be repeated.  Needs alembic.

    Args:
        url: The file path, URL or connection.
        busy_timeout: Seconds to wait for another writer; what the URL says (``?patience=``) goes before it.

    Returns:
        The revision of the schema.

    Raises:
        StorageError: The database cannot be used.
        Conflict: ZX5003, the database is locked.
    """
    if isinstance(url, Connection):
        where = _where(url)
        with translated(where):
            begin_in(url)
            _migrate(url, where)
        return versions.newest()
    where, busy_timeout = _target(url, busy_timeout)
    if where.path is not None and not where.path.parent.is_dir():
        raise StorageError("ZX5001", database=where.name, detail="its folder does not exist")
    _refuse_irregular(where)
    with _engine(where, "rwc", busy_timeout) as engine, translated(where):
        connection = writing(engine)
        with connection, connection.begin():
            _migrate(connection, where)
    return versions.newest()


def create(url: Place, *, hash_name: str = "sha256", busy_timeout: float = BUSY_TIMEOUT) -> SqlJournal:
    """Open a journal after `upgrade`, whether or not there was one before.

    Args:
        url: The file path, URL or connection.
        hash_name: The hash algorithm, ``sha256`` or ``sm3``.
        busy_timeout: Seconds to wait for another writer; what the URL says (``?patience=``) goes before it.

    Returns:
        The journal.

    Raises:
        StorageError: The database cannot be used.
        Conflict: ZX5003, the database is locked.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder, create(Path(folder) / "cases.db") as journal:
        ...     list(journal.heads())
        []
    """
    upgrade(url, busy_timeout=busy_timeout)
    return open_journal(url, hash_name=hash_name, busy_timeout=busy_timeout)


def current(url: Place, *, busy_timeout: float = BUSY_TIMEOUT) -> str | None:
    """Read the schema revision of a database.

    Args:
        url: The file path, URL or connection.
        busy_timeout: Seconds to wait for another writer; what the URL says (``?patience=``) goes before it.

    Returns:
        The revision; None where it holds no journal.

    Raises:
        StorageError: As `open_journal`.
        Conflict: ZX5003, the database is locked.
    """
    if isinstance(url, Connection):
        return versions.revision(url, _where(url))
    where, busy_timeout = _target(url, busy_timeout)
    must_exist(where)
    source = reader(where, busy_timeout)
    try:
        with source.reading() as connection:
            return versions.revision(connection, where)
    finally:
        source.close()


def _target(url: str | Path | URL, busy_timeout: float) -> tuple[Target, float]:
    """The database and the patience for its locks."""
    where = target(url)
    return where, patience_of(busy_timeout, "busy_timeout") if where.patience is None else where.patience


def file_of(url: Place) -> Path | None:
    """Return the SQLite file that a place names.

    Args:
        url: The file path, URL or connection.

    Returns:
        The file; None for a database on a server, and for a connection, whose database is the caller's.

    Raises:
        StorageError: ZX5011, it is no usable place.

    Example:
        >>> file_of("sqlite:///cases.db"), file_of("postgresql://office@db/cases")
        (PosixPath('cases.db'), None)
    """
    return None if isinstance(url, Connection) else target(url).path


def _open(where: Target, busy_timeout: float, *, read_only: bool) -> ConnectionSource:
    must_exist(where)
    source = reader(where, busy_timeout) if read_only else _writer(where, busy_timeout)
    try:
        with source.reading() as connection:
            versions.check(connection, where)
            _check_parts(connection, where, guards=not read_only)
            unfinished = not read_only and erasures.unfinished(connection) is not None
        if unfinished:
            with suppress(Conflict):  # somebody else is at work; the next opening tries again
                source.forget(patient=False)
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


def reader(where: Target, busy_timeout: float) -> OwnEngine:
    """Open a database for reading alone, whatever it holds.

    Args:
        where: The database.
        busy_timeout: Seconds to wait for another writer.

    Returns:
        The source of its connections.

    Raises:
        StorageError: It cannot be read.
    """

    def make(mode: str) -> Engine:
        return make_engine(where, mode=mode, busy_timeout=busy_timeout)

    if where.path is None:
        return OwnEngine(where, lambda: make("ro"), read_only=True, patience=busy_timeout)
    source = ReadOnlyFile(where, where.path, make, patience=busy_timeout)
    try:
        with source.reading() as connection:
            versions.revision(connection, where)
    except StorageError as error:
        if error.code not in {"ZX5004", "ZX5018"} or not source.freeze():
            source.close()
            raise
    return source


def _borrow(connection: Connection, *, read_only: bool) -> ConnectionSource:
    where = _where(connection)
    versions.check(connection, where)
    _check_parts(connection, where, guards=not read_only)
    return CallerConnection(where, connection, read_only=read_only)


def _where(connection: Connection) -> Target:
    return Target(connection.engine.url, None)


def must_exist(where: Target) -> None:
    """Refuse a database file that is missing, a folder, a pipe or a device.

    Args:
        where: The database.

    Raises:
        StorageError: ZX5001, it is missing; ZX5018, it is no regular file.
    """
    if where.path is not None and not where.path.exists():
        raise StorageError("ZX5001", database=where.name, detail="no such file")
    _refuse_irregular(where)


def _refuse_irregular(where: Target) -> None:
    if where.path is not None and where.path.exists() and not where.path.is_file():
        detail = "it is a folder" if where.path.is_dir() else "it is no regular file"
        raise StorageError("ZX5018", database=where.name, detail=detail)


def _check_parts(connection: Connection, where: Target, *, guards: bool) -> None:
    """Refuse a schema that has its revision in name only; ``guards``: for writing, which needs the triggers too."""
    with translated(where):
        present, schemas = schema_check.inventory(connection), schema_check.schemas(connection)
    if len(schemas) > 1:
        raise StorageError("ZX5916", database=where.name, schemas=", ".join(schemas))
    if absent := schema_check.missing(present, connection.dialect.name, guards=guards):
        raise StorageError("ZX5023", database=where.name, revision=versions.newest(), missing=", ".join(absent))


@contextmanager
def _engine(where: Target, mode: str, busy_timeout: float) -> Iterator[Engine]:
    engine = make_engine(where, mode=mode, busy_timeout=busy_timeout)
    try:
        yield engine
    finally:
        engine.dispose()


def _migrate(connection: Connection, where: Target) -> None:
    revision = versions.revision(connection, where)
    if revision is not None and revision not in versions.revisions():
        versions.check_newer(connection, where, revision)
        return
    lock_upgrade(connection)
    from alembic import command  # only an upgrade needs it, and it is slow to load
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    _check_parts(connection, where, guards=True)
