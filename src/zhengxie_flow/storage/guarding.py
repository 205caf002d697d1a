"""Guard of a write's transaction while code of an embedding program runs in it: it may not end there.

A commit is refused before it reaches the database.  What cannot be seen before, such as a call of the driver's own
connection, is noticed by a savepoint that is gone; what is left is rolled back, and the table is asked what it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from zhengxie_flow.errors import UsageError
from zhengxie_flow.ports import TransactionEnded
from zhengxie_flow.storage import tables
from zhengxie_flow.storage.faults import translated

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from zhengxie_flow.storage.dialects import Target

_MARK: Final = "zx_subscriber"
_REMARKS: Final = r"(?:\s|--[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*"
_COMMITS: Final = re.compile(rf"{_REMARKS}(?:commit|end|prepare\s+transaction)\b", re.IGNORECASE)


@contextmanager
def guarded(connection: Connection, where: Target, digest: str | None) -> Iterator[None]:
    """Guard the transaction of a write until the block ends.

    Args:
        connection: The connection of the write.
        where: The database.
        digest: The hash of an event that the write appended; None where it appended none.

    Yields:
        Nothing.

    Raises:
        TransactionEnded: The block ended the transaction, or tried to commit it.
        StorageError: A statement of the block failed, which it kept to itself, so that the write is lost.
    """
    with translated(where):
        connection.exec_driver_sql(f"SAVEPOINT {_MARK}")
    try:
        with _commits_refused(connection):
            yield
    except Exception as error:
        if not _marked(connection, "ROLLBACK TO"):
            raise _ended(connection, where, digest) from error
        raise
    fault = _fault_of(connection, "RELEASE")
    if fault is None:
        return
    if not _marked(connection, "ROLLBACK TO"):
        raise _ended(connection, where, digest) from fault
    with translated(where):  # a statement failed before, and on PostgreSQL the whole transaction with it
        raise fault


@contextmanager
def _commits_refused(connection: Connection) -> Iterator[None]:
    """Refuse to commit: by a call of SQLAlchemy, of whatever object, or by a statement."""
    for name, listener in _LISTENERS.items():
        event.listen(connection, name, listener)
    try:
        yield
    finally:
        for name, listener in _LISTENERS.items():
            event.remove(connection, name, listener)


def _committing(connection: Connection, *_: Any) -> None:
    connection.dialect.do_rollback(connection.connection)  # SQLAlchemy counts it as over, whatever is raised here
    raise UsageError("ZX4098")


def _executing(_: Connection, __: Any, statement: str, *___: Any) -> None:
    if _COMMITS.match(statement):
        raise UsageError("ZX4098")


_LISTENERS: Final[dict[str, Callable[..., None]]] = {
    "commit": _committing,
    "commit_twophase": _committing,
    "prepare_twophase": _committing,
    "before_cursor_execute": _executing,
}


def _ended(connection: Connection, where: Target, digest: str | None) -> TransactionEnded:
    """Roll back what is left of a transaction that was ended, and tell what of the write is stored."""
    if connection.closed or connection.invalidated:
        return TransactionEnded("undone")
    present = connection.get_transaction()
    with suppress(SQLAlchemyError):
        if present is not None and present.is_active:  # that of the write, or one that the block began after it
            present.rollback()
    try:
        connection.dialect.do_rollback(connection.connection)
        stored = digest is not None and _is_stored(connection, where, digest)
        connection.dialect.do_rollback(connection.connection)
    except Exception:  # noqa: BLE001  # whatever the driver raises: it is gone, and what it did is not known here
        return TransactionEnded("unknown")
    return TransactionEnded("stored" if stored else "undone")


def _is_stored(connection: Connection, where: Target, digest: str) -> bool:
    """Return whether an event is in the table; its hash is letters and digits, and so may stand in the statement."""
    quote = connection.dialect.identifier_preparer.quote
    table = ".".join(quote(name) for name in (where.schema, tables.events.name) if name is not None)
    return _fetched(connection, f"SELECT sequence FROM {table} WHERE hash = '{digest}'")  # noqa: S608  # our own


def _fetched(connection: Connection, statement: str) -> bool:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement)
        return cursor.fetchone() is not None
    finally:
        cursor.close()


def _marked(connection: Connection, verb: str) -> bool:
    return _fault_of(connection, verb) is None


def _fault_of(connection: Connection, verb: str) -> Exception | None:
    """Run a statement about the savepoint by the driver, as SQLAlchemy refuses after an end; return what it raises."""
    statement = f"{verb} SAVEPOINT {_MARK}"
    try:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(statement)
        finally:
            cursor.close()
    except SQLAlchemyError as error:  # the connection is closed
        return error
    except Exception as error:  # noqa: BLE001  # of the driver
        return DBAPIError.instance(statement, None, error, connection.dialect.loaded_dbapi.Error)
    return None
