"""Compatibility of programs and journals: revisions of the schema, and the least version that a journal names.

A migration that older programs cannot live with raises the least version in its journal.  So an older program can tell
a journal that a newer one went on with from one that was damaged, and reports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from sqlalchemy import ColumnClause, Connection, Select, column, select, table
from sqlalchemy.exc import DBAPIError

from zhengxie_flow.errors import StorageError
from zhengxie_flow.ports import SCHEMA, Finding
from zhengxie_flow.resources import migrations_dir
from zhengxie_flow.storage import erasures, tables
from zhengxie_flow.storage.dialects import Target
from zhengxie_flow.storage.driver_faults import fault_of
from zhengxie_flow.storage.faults import as_ours
from zhengxie_flow.storage.raw import columns
from zhengxie_flow.storage.texts import as_text
from zhengxie_flow.version import __version__

LEAST_VERSION: Final = "least_version"
_RAISED: Final = re.compile(r'^LEAST_VERSION = "([0-9.]+)"$', re.MULTILINE)

_NUMBER: Final[ColumnClause[str]] = column("version_num")
_REVISION = select(_NUMBER).select_from(table(tables.VERSION_TABLE, _NUMBER))
_LEAST = select(tables.journal_properties.c.value).where(tables.journal_properties.c.name == LEAST_VERSION)


@cache
def revisions() -> tuple[str, ...]:
    """List every revision of the schema, oldest first: the migrations by their numbers.

    Returns:
        The revisions.

    Example:
        >>> revisions()[0]
        '0001'
    """
    return tuple(sorted(file.name.partition("_")[0] for file in (migrations_dir() / "versions").glob("[0-9]*.py")))


def newest() -> str:
    """Return the revision that this version reads and writes.

    Returns:
        The newest revision.

    Example:
        >>> newest() == revisions()[-1]
        True
    """
    return revisions()[-1]


def revision(connection: Connection, where: Target) -> str | None:
    """Read the revision of a database, without alembic.

    Args:
        connection: An open connection.
        where: The database, for the message.

    Returns:
        The revision; None where the database holds no journal.

    Raises:
        StorageError: The database cannot be read.
    """
    # several are the mark of a merge gone wrong, and no revision of ours
    numbers = sorted(map(str, _read(connection, where, _REVISION)))
    return (", ".join(numbers) or "-") if numbers else None


def check(connection: Connection, where: Target) -> None:
    """Refuse a journal that this version must not touch.

    Args:
        connection: An open connection.
        where: The database, for the message.

    Raises:
        StorageError: ZX5002, there is no journal, or one that `upgrade` has to bring up to date first; ZX5022, a newer
            version wrote it and names a later one than this as the least that can read it.
    """
    present = revision(connection, where)
    if present == newest():
        return
    if present is None or present in revisions():
        raise StorageError("ZX5002", database=where.name, found=present or "-", expected=newest())
    check_newer(connection, where, present)


def check_newer(connection: Connection, where: Target, present: str) -> None:
    """Refuse a journal at an unknown revision, unless it is a newer one that this version can read by its own word.

    Args:
        connection: An open connection.
        where: The database, for the message.
        present: The revision of the journal.

    Raises:
        StorageError: ZX5002, no version ever made such a journal; ZX5022, one that is too new.
    """
    if re.fullmatch(r"[0-9]{4}", present) is None or present < newest():
        raise StorageError("ZX5002", database=where.name, found=present, expected=newest())
    least = next(map(str, _read(connection, where, _LEAST)), None)
    if least is None or _parts(least) > _parts(__version__):
        raise StorageError("ZX5022", database=where.name, found=present, least=least or "-", version=__version__)


def revision_number(connection: Connection) -> str | None:
    """Read the revision of a journal that was opened.

    Args:
        connection: An open connection.

    Returns:
        The revision.
    """
    number: str | None = connection.execute(_REVISION).scalars().first()
    return number


def least_version() -> str:
    """Return the least version that a journal at the newest revision names: that of the last migration which raised it
    (``LEAST_VERSION``).

    Returns:
        The version.
    """
    files = sorted((migrations_dir() / "versions").glob("[0-9]*.py"))
    texts = (file.read_text(encoding="utf-8") for file in files)
    return [match[1] for match in map(_RAISED.search, texts) if match is not None][-1]


def property_findings(connection: Connection) -> Iterator[Finding]:
    """Find properties of a journal that no migration wrote.

    Args:
        connection: An open connection, on a journal at the newest revision or a later one.

    Yields:
        A finding for each property that is missing, unknown or of another value.
    """
    properties = tables.journal_properties
    statement = select(*columns(properties, connection.dialect.name)).select_from(properties)
    stored = {as_text(row.name): as_text(row.value) for row in connection.execute(statement)}
    stored.pop(erasures.UNFINISHED, None)  # left by a program that was killed, for the next opening to finish
    expected = {LEAST_VERSION: least_version()}
    if revision_number(connection) != newest():  # of a later one, which may name a later version and say more
        return
    for name in sorted(stored.keys() | expected.keys()):
        if stored.get(name) != expected.get(name):
            texts = (f"{name}={values[name]}" if name in values else None for values in (expected, stored))
            yield Finding(case="", sequence=None, kind=SCHEMA, expected=next(texts), found=next(texts))


def _read(connection: Connection, where: Target, query: Select[str]) -> tuple[str, ...]:
    """The values of a column, none where its table is missing; a failed look must not spoil an embedder's write."""
    try:
        if connection.dialect.name == "postgresql" and connection.in_transaction():
            with connection.begin_nested():
                return tuple(connection.execute(query).scalars())
        return tuple(connection.execute(query).scalars())
    except DBAPIError as error:
        if fault_of(error) == "no_table":
            return ()
        raise as_ours(error, where) from error


def _parts(version: str) -> tuple[int, ...]:
    """Numbers of a version for comparing; what is no number counts as the latest, so that nothing is read by luck."""
    return tuple(int(part) if re.fullmatch(r"[0-9]{1,9}", part) else 2**31 for part in version.split("."))
