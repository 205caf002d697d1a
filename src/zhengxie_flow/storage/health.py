"""Health of a database: what it is, at which schema, what it lacks, and what was begun in it and not finished."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from zhengxie_flow.storage import erasures, schema_check, tables, versions
from zhengxie_flow.storage.dialects import target
from zhengxie_flow.storage.opening import BUSY_TIMEOUT, must_exist, reader

if TYPE_CHECKING:
    from zhengxie_flow.storage.dialects import Target


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """Health of a database.

    Attributes:
        name: The address, without a password.
        path: The SQLite file; None for a server.
        kind: ``SQLite`` or ``PostgreSQL`` with the version of it.
        revision: The revision of its schema; None where it holds no journal.
        newest: The revision that this program reads and writes.
        missing: The tables, columns and triggers that it lacks of the newest revision.
        latest: The latest instant at which a case was recorded; None where there is none.
        unfinished: The mark of an erasure whose value is still in the files; None where there is none.
    """

    name: str
    path: Path | None
    kind: str
    revision: str | None
    newest: str
    missing: tuple[str, ...] = ()
    latest: datetime | None = None
    unfinished: str | None = None


@dataclass(frozen=True, slots=True)
class SchemaHealth:
    """Schema of a database, and what it lacks.

    Attributes:
        revision: The revision of the schema; None where it holds no journal.
        newest: The revision that this program reads and writes.
        missing: The tables, columns and triggers that it lacks of the newest revision.
    """

    revision: str | None
    newest: str
    missing: tuple[str, ...]


def schema_health(url: str, busy_timeout: float = BUSY_TIMEOUT, *, known: bool = False) -> SchemaHealth:
    """Compare the schema of a database with the newest, without changing anything in it.

    Args:
        url: The file path or URL.
        busy_timeout: Seconds to wait for another writer; what the URL says (``?patience=``) goes before it.
        known: True to refuse a journal at a revision that this version does not know.

    Returns:
        The schema.

    Raises:
        StorageError: It is missing or cannot be used; where ``known``, ZX5002 and ZX5022 too.
        Conflict: ZX5003, it is locked.
    """
    where = target(url)
    must_exist(where)
    patience = busy_timeout if where.patience is None else where.patience
    with closing(reader(where, patience)) as source, source.reading() as connection:
        present = schema_check.inventory(connection)  # first: it begins the transaction that the next may spoil
        revision = versions.revision(connection, where)
        if known and revision is not None and revision not in versions.revisions():
            versions.check_newer(connection, where, revision)
        missing = schema_check.missing(present, connection.dialect.name, guards=True)
    return SchemaHealth(revision, versions.newest(), missing)


def database_health(url: str) -> DatabaseHealth:
    """Examine a database without changing anything in it.

    Args:
        url: The file path or URL.

    Returns:
        Its health.

    Raises:
        StorageError: It is missing or cannot be used.
        Conflict: ZX5003, it is locked.
    """
    where = target(url)
    must_exist(where)
    source = reader(where, BUSY_TIMEOUT)
    try:
        with source.reading() as connection:
            return _examined(connection, where)
    finally:
        source.close()


def _examined(connection: Connection, where: Target) -> DatabaseHealth:
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    version = ".".join(map(str, connection.dialect.server_version_info or ()))
    kind = f"{names[connection.dialect.name]} {version}".rstrip()
    revision, newest = versions.revision(connection, where), versions.newest()
    if revision != newest:
        return DatabaseHealth(where.name, where.path, kind, revision, newest)
    missing = schema_check.missing(schema_check.inventory(connection), connection.dialect.name, guards=True)
    lacking = {name.partition(".")[0] for name in missing}
    return DatabaseHealth(
        where.name, where.path, kind, revision, newest, missing,
        latest=None if tables.heads.name in lacking else _latest(connection),
        unfinished=None if tables.journal_properties.name in lacking else erasures.unfinished(connection),
    )  # fmt: skip


def _latest(connection: Connection) -> datetime | None:
    """The latest instant of the heads; one that cannot be read is for `verify` to name."""
    instants = []
    for (text,) in connection.execute(select(tables.heads.c.updated)):
        try:
            instants.append(datetime.fromisoformat(text))
        except (TypeError, ValueError):
            continue
    return max((instant for instant in instants if instant.tzinfo is not None), default=None)
