"""Joining the database of an embedding program, and examining a schema before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, func, make_url, select
from sqlalchemy.pool import StaticPool

from zhengxie_flow.errors import StorageError, UsageError
from zhengxie_flow.storage import schema_check, upgrading, versions
from zhengxie_flow.storage.connections import ConnectionSource
from zhengxie_flow.storage.databases import Access, HostDatabase, engine_of, is_memory
from zhengxie_flow.storage.dialects import Target, lock_upgrade, without_patience
from zhengxie_flow.storage.faults import translated
from zhengxie_flow.storage.host import CallerConnection, CheckedSchemas, HostEngine, MemoryDatabase

if TYPE_CHECKING:
    from collections.abc import Callable

Joined: TypeAlias = "HostDatabase | str | URL"
"""What an embedding program hands over, or the address of a database in memory."""

_MEMORY = URL.create("sqlite")
_CURRENT_SCHEMA = select(func.current_schema())


def join(database: Joined, access: Access) -> ConnectionSource:
    """Make the source of connections to what an embedding program hands over, or to a new database in memory.

    Args:
        database: An engine, a connection or a session; or an address in memory.
        access: How it is used.

    Returns:
        The source; nothing was looked at yet.

    Raises:
        UsageError: ZX5067, a schema was named that cannot be used; ZX5069, a session has no single database; ZX5071,
            options of a pool were given.
    """
    if access.pool is not None:
        raise UsageError("ZX5071")
    if isinstance(database, str | URL):
        where = Target(_MEMORY, None, schema=_schema_of("sqlite", access.schema, None))
        patience = _patience_in_memory(database, access)
        return MemoryDatabase(where, _memory_engine().connect, read_only=access.read_only, patience=patience, own=True)
    engine = engine_of(database)
    where = Target(
        engine.url, None, schema=_schema_of(engine.dialect.name, access.schema, _translated_to(database, engine))
    )
    if isinstance(database, Engine):
        if is_memory(engine):
            return MemoryDatabase(where, engine.connect, read_only=access.read_only, patience=access.patience)
        return HostEngine(where, engine, read_only=access.read_only, patience=access.patience)
    connection: Callable[[], Connection] = (
        (lambda: database) if isinstance(database, Connection) else database.connection
    )
    return CallerConnection(where, connection, read_only=access.read_only)


def make_whole(source: ConnectionSource, database: Joined, checked: CheckedSchemas, *, create: bool | None) -> None:
    """Examine the schema of what was joined, unless that was done before; create it where it is missing and may be.

    Args:
        source: The source of its connections.
        database: What was joined.
        checked: The databases that were examined; this is one of them afterwards.
        create: Whether a missing journal is created (see `creates`).

    Raises:
        StorageError: As `zhengxie_flow.storage.open_journal`.
    """
    engine = None if isinstance(database, str | URL) else engine_of(database)
    schema, guards = source.where.schema, not source.read_only
    if engine is not None and (engine, schema, guards) in checked:
        return
    try:
        with source.reading() as connection:
            examine(connection, source.where, guards=guards)
    except StorageError as error:
        if not is_missing(error) or not creates(source.where, create):
            raise
        with source.writing() as connection, translated(source.where):
            migrate(connection, source.where, versions.newest())
        if not isinstance(database, Engine):
            return  # created in a transaction of the program, which may be rolled back: it is looked at once more
    if engine is not None:
        checked.add(engine, schema, guards=guards)


def examine(connection: Connection, where: Target, *, guards: bool) -> None:
    """Refuse a journal that this version must not touch, or that has its revision in name only.

    Args:
        connection: An open connection.
        where: The database.
        guards: True for writing, which needs the triggers too.

    Raises:
        StorageError: ZX5002, ZX5022, ZX5023, ZX5068, ZX5916.
    """
    _check_schema(connection, where)
    versions.check(connection, where)
    _check_parts(connection, where, guards=guards)


def is_missing(error: StorageError) -> bool:
    """Return whether an error says that there is no journal at all.

    Args:
        error: The error of an opening.

    Returns:
        True where there is no file, or no table of ours.
    """
    return error.code == "ZX5001" or (error.code == "ZX5002" and error.params.get("found") == "-")


def creates(where: Target, create: bool | None) -> bool:
    """Return whether a missing journal is created when it is opened.

    A file of SQLite belongs to whoever may write it.  The tables of a server have an owner of their own, who is asked.

    Args:
        where: The database.
        create: What the program says; None where it does not say.

    Returns:
        What it says, else True on SQLite alone.
    """
    return where.url.get_backend_name() == "sqlite" if create is None else create


def migrate(connection: Connection, where: Target, to: str) -> None:
    """Create the tables, or bring them to a revision of the schema; needs alembic.

    Args:
        connection: A connection inside a write.
        where: The database.
        to: The revision; a journal that is at a later one stays there.

    Raises:
        StorageError: The database cannot be used.
    """
    _check_schema(connection, where)
    revision = versions.revision(connection, where)
    if revision is not None and revision not in versions.revisions():
        versions.check_newer(connection, where, revision)
        return
    lock_upgrade(connection)
    upgrading.run(connection, revision, to)
    if to == versions.newest():
        _check_parts(connection, where, guards=True)


def _check_schema(connection: Connection, where: Target) -> None:
    """Refuse a schema that was named and is not there."""
    if where.schema is None:
        return
    with translated(where):
        present = connection.execute(_CURRENT_SCHEMA).scalar()
    if present is None:
        raise StorageError("ZX5068", database=where.name, schema=where.schema)


def _check_parts(connection: Connection, where: Target, *, guards: bool) -> None:
    """Refuse a schema that has its revision in name only; ``guards``: for writing, which needs the triggers too."""
    with translated(where):
        present, schemas = schema_check.inventory(connection), schema_check.schemas(connection)
    if len(schemas) > 1:
        raise StorageError("ZX5916", database=where.name, schemas=", ".join(schemas))
    if absent := schema_check.missing(present, connection.dialect.name, guards=guards):
        raise StorageError("ZX5023", database=where.name, revision=versions.newest(), missing=", ".join(absent))


def _memory_engine() -> Engine:
    arguments = {"check_same_thread": False, "isolation_level": None}
    return create_engine(_MEMORY, poolclass=StaticPool, connect_args=arguments)


def _patience_in_memory(address: str | URL, access: Access) -> float:
    """The patience that the address says, else that of the access; it can say nothing else."""
    url, patience = without_patience(_MEMORY if address == ":memory:" else make_url(address))
    if url.query:
        raise StorageError("ZX5011", database=str(url), detail=f"{', '.join(url.query)}: not for a database in memory")
    return access.patience if patience is None else patience


def _schema_of(dialect: str, named: object, mapped: str | None) -> str | None:
    """The schema of the journal: the one that is named, else the one the program's own tables are mapped to."""
    schema = mapped if named is None else named
    if schema is None:
        return None
    if dialect != "postgresql":
        raise UsageError("ZX5067", schema=schema, why="sqlite")
    if not isinstance(schema, str) or not schema or "\0" in schema:
        raise UsageError("ZX5067", schema=ascii(schema)[:80], why="name")
    if mapped is not None and mapped != schema:
        raise UsageError("ZX5067", schema=schema, why=f"schema_translate_map: {mapped}")
    return schema


def named_schema(where: Target, named: str | None) -> str | None:
    """Return the schema that a program names for a database of its own URL.

    Args:
        where: The database.
        named: The schema; None where none is named.

    Returns:
        The schema.

    Raises:
        UsageError: ZX5067, the database has no schemas, or none can be called so.
    """
    return _schema_of(where.url.get_backend_name(), named, None)


def _translated_to(database: HostDatabase, engine: Engine) -> str | None:
    """The schema to which SQLAlchemy maps tables without one, as it does ours, on what a program hands over."""
    options: dict[str, Any] = dict(engine.get_execution_options())
    if isinstance(database, Connection):
        options.update(database.get_execution_options())
    elif not isinstance(database, Engine) and database.in_transaction():
        options.update(database.connection().get_execution_options())
    schema: str | None = (options.get("schema_translate_map") or {}).get(None)
    return schema
