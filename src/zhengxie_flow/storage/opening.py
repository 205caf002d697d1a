"""Opening a journal, and bringing its schema up to date.

`open_journal` never changes the schema and never creates a file: a wrong path must not silently become an empty
journal.
"""

from __future__ import annotations

import os
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, Engine

from zhengxie_flow.errors import Conflict, StorageError
from zhengxie_flow.model.patience import DEFAULT, patience_of
from zhengxie_flow.storage import erasures, upgrading, versions
from zhengxie_flow.storage.connections import ConnectionSource, OwnEngine, ReadOnlyFile
from zhengxie_flow.storage.databases import Access, database_of, is_memory, pool_of
from zhengxie_flow.storage.dialects import Target, make_engine, target, writing
from zhengxie_flow.storage.faults import translated
from zhengxie_flow.storage.host import CheckedSchemas
from zhengxie_flow.storage.joining import creates, examine, is_missing, join, make_whole, migrate, named_schema
from zhengxie_flow.storage.journal import SqlJournal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhengxie_flow.storage.databases import Database
    from zhengxie_flow.storage.joining import Joined

BUSY_TIMEOUT: Final = DEFAULT
"""Seconds to wait for another writer before giving up, where neither the caller nor the URL says otherwise."""


def open_journal(
    url: Database, *, read_only: bool = False, hash_name: str = "sha256", busy_timeout: float = BUSY_TIMEOUT
) -> SqlJournal:
    """Open the journal at a file path or SQLAlchemy URL, or on what an embedding program hands over.

    With a connection or session, every write is a savepoint of its transaction: it is kept when the caller commits and
    gone when the caller rolls back.

    Args:
        url: The file path, the URL, or an engine, connection or session of SQLAlchemy.
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
        UsageError: ZX5060 to ZX5069, ``url`` is nothing that can be used, and what to pass instead.
    """
    access = Access(read_only=read_only, patience=busy_timeout)
    return _journal(_source(database_of(url), access, CheckedSchemas(), create=False), hash_name)


def open_or_create(db: Database, access: Access, checked: CheckedSchemas, *, create: bool | None) -> SqlJournal:
    """Open a journal for an engine; create it first where it is missing and may be created.

    Args:
        db: The database, as a program names it or hands it over; in memory too.
        access: How it is used.
        checked: The databases of which it is known that their schema is whole.
        create: Whether a missing journal is created; None for where it is in SQLite.

    Returns:
        The journal.

    Raises:
        StorageError: As `open_journal`.
        Conflict: ZX5003, the database is locked.
        UsageError: ZX5060 to ZX5071, the database or what is said about its use cannot be used.

    Example:
        >>> with open_or_create("sqlite://", Access(), CheckedSchemas(), create=True) as journal:
        ...     list(journal.heads())
        []
    """
    return _journal(_source(database_of(db), access, checked, create=create))


def _journal(source: ConnectionSource, hash_name: str = "sha256") -> SqlJournal:
    try:
        return SqlJournal(source, hash_name=hash_name)
    except BaseException:
        source.close()
        raise


def _source(place: Path | Joined, access: Access, checked: CheckedSchemas, *, create: bool | None) -> ConnectionSource:
    """The connections to a database whose schema is whole; it is created where it is missing and may be."""
    create = False if access.read_only else create
    if not isinstance(place, str | Path | URL):
        return _joined(place, access, checked, create=create)
    if create is not False and is_memory(place) and not isinstance(place, Path):
        return _joined(place, access, checked, create=create)
    where, patience = _target(place, access)
    try:
        return _open(where, patience, read_only=access.read_only)
    except StorageError as error:
        if not is_missing(error) or not creates(where, create):
            raise
    _upgrade(place, access, versions.newest())
    return _open(where, patience, read_only=access.read_only)


def _joined(place: Joined, access: Access, checked: CheckedSchemas, *, create: bool | None) -> ConnectionSource:
    source = join(place, access)
    try:
        make_whole(source, place, checked, create=create)
    except BaseException:
        source.close()
        raise
    return source


def upgrade(
    url: Database, *, to: str | None = None, schema: str | None = None, busy_timeout: float = BUSY_TIMEOUT
) -> str:
    """Create the journal's tables, or bring them to the newest schema.

    Runs in one transaction (the caller's, if a connection or session is given) and may be repeated; a journal is never
    brought back to an earlier schema.

    Args:
        url: A database URL, the path of an SQLite file, or an engine, connection or session of SQLAlchemy.
        to: The revision of the schema to bring it to; None for the newest.
        schema: The schema of PostgreSQL that holds the journal; None for the one the connection finds by itself.
        busy_timeout: Seconds to wait for another writer; what the URL says (``?patience=``) goes before it.

    Returns:
        The revision that was asked for.

    Raises:
        StorageError: The database cannot be used.
        Conflict: ZX5003, the database is locked.
        UsageError: ZX5080, there is no such revision; ZX5060 to ZX5069, ``url`` is nothing that can be used.

    Example:
        >>> from sqlalchemy import create_engine
        >>> from zhengxie_flow.storage import upgrade
        >>> with create_engine("sqlite://").begin() as connection:
        ...     upgrade(connection, to="0001")
        '0001'
    """
    revision = upgrading.revision_named(to)
    _upgrade(database_of(url), Access(patience=busy_timeout, schema=schema), revision)
    return revision


def _upgrade(place: Path | Joined, access: Access, to: str) -> None:
    if not isinstance(place, str | Path | URL):
        source = join(place, access)
        with closing(source), source.writing() as connection, translated(source.where):
            migrate(connection, source.where, to)
        return
    where, busy_timeout = _target(place, access)
    if where.path is not None and not where.path.parent.is_dir():
        raise StorageError("ZX5001", database=where.name, detail="its folder does not exist")
    _refuse_irregular(where)
    with _engine(where, "rwc", busy_timeout) as engine, translated(where):
        connection = writing(engine)
        with connection, connection.begin():
            migrate(connection, where, to)


def create(url: Database, *, hash_name: str = "sha256", busy_timeout: float = BUSY_TIMEOUT) -> SqlJournal:
    """Open a journal after `upgrade`, whether or not there was one before.

    Args:
        url: As for `open_journal`.
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


def current(url: Database, *, schema: str | None = None, busy_timeout: float = BUSY_TIMEOUT) -> str | None:
    """Read the schema revision of a database.

    Args:
        url: As for `open_journal`.
        schema: The schema of PostgreSQL that holds the journal; None for the one the connection finds by itself.
        busy_timeout: Seconds to wait for another writer; what the URL says (``?patience=``) goes before it.

    Returns:
        The revision; None where it holds no journal.

    Raises:
        StorageError: As `open_journal`.
        Conflict: ZX5003, the database is locked.
    """
    place, access = database_of(url), Access(read_only=True, patience=busy_timeout, schema=schema)
    if isinstance(place, str | Path | URL):
        where, busy_timeout = _target(place, access)
        must_exist(where)
        source: ConnectionSource = reader(where, busy_timeout)
    else:
        source = join(place, access)
    with closing(source), source.reading() as connection:
        return versions.revision(connection, source.where)


def _target(url: str | Path | URL, access: Access) -> tuple[Target, float]:
    """The database and the patience for its locks."""
    where = target(url)
    patience = patience_of(access.patience, "busy_timeout") if where.patience is None else where.patience
    return replace(where, schema=named_schema(where, access.schema), pool=pool_of(access.pool)), patience


def file_of(url: Database) -> Path | None:
    """Return the SQLite file that a place names.

    Args:
        url: As for `open_journal`.

    Returns:
        The file; None for a database on a server or in memory, and for what an embedding program hands over.

    Raises:
        StorageError: ZX5011, it is no usable place.
        UsageError: ZX5060 to ZX5064, it is no database.

    Example:
        >>> file_of("sqlite:///cases.db"), file_of("postgresql://office@db/cases")
        (PosixPath('cases.db'), None)
    """
    place = database_of(url)
    if not isinstance(place, str | Path | URL) or is_memory(place):
        return None
    return target(place).path


def _open(where: Target, busy_timeout: float, *, read_only: bool) -> ConnectionSource:
    must_exist(where)
    source = reader(where, busy_timeout) if read_only else _writer(where, busy_timeout)
    try:
        with source.reading() as connection:
            examine(connection, where, guards=not read_only)
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


@contextmanager
def _engine(where: Target, mode: str, busy_timeout: float) -> Iterator[Engine]:
    engine = make_engine(where, mode=mode, busy_timeout=busy_timeout)
    try:
        yield engine
    finally:
        engine.dispose()
