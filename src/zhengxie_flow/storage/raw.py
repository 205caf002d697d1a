"""Rows as they lie in the database, whatever stands in them: nothing is converted, so no value stops a reading.

A database keeps what somebody wrote into it with other tools: bytes that are no UTF-8, a text where a number should
stand, a day that does not exist.  The types of the tables would raise on the first of these; here it comes back as it
is, and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Row,
    Table,
    Text,
    case,
    cast,
    func,
    literal_column,
)

from zhengxie_flow.storage.texts import as_text, is_written

AnyRow = Row[*tuple[Any, ...]]
_FIRST_DAY: Final[ColumnElement[Any]] = literal_column("DATE '0001-01-01'")
_LAST_DAY: Final[ColumnElement[Any]] = literal_column("DATE '9999-12-31'")
SHOWN: Final = 80
_TOLERANT: Final = partial(str, encoding="utf-8", errors="surrogateescape")


@cache
def columns(table: Table, dialect: str) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of a table without their types, under their own names.

    Args:
        table: The table.
        dialect: ``sqlite`` or ``postgresql``; the driver of the latter refuses days that Python does not have.

    Returns:
        The columns, to be selected.
    """
    return tuple(_untyped(column, dialect).label(column.name) for column in table.c)


def _untyped(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    name: ColumnElement[Any] = literal_column(f'"{column.table.name}"."{column.name}"')
    if dialect != "postgresql" or not isinstance(column.type, Date):
        return name
    ordinary = name.between(_FIRST_DAY, _LAST_DAY)  # the others have no form of ten characters
    return case((ordinary, func.to_char(name, "YYYY-MM-DD")), else_=cast(name, Text))


@contextmanager
def tolerant(connection: Connection) -> Iterator[None]:
    """Read texts that are no UTF-8 too: each byte that does not fit comes as half of a surrogate pair.

    Args:
        connection: An open connection; PostgreSQL lets no such text in.

    Yields:
        Nothing.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    before = driver.text_factory
    driver.text_factory = _TOLERANT
    try:
        yield
    finally:
        driver.text_factory = before


def misfit(table: Table, row: AnyRow, dialect: str, leave: frozenset[str] = frozenset()) -> str | None:
    """Find the first value of a row that its column cannot hold.

    Args:
        table: The table.
        row: The row, of all `columns` at least.
        dialect: ``sqlite`` or ``postgresql``.
        leave: The columns that are looked at elsewhere.

    Returns:
        The column and the value; None where all of them fit.
    """
    values = row._mapping  # noqa: SLF001  # the public name for it
    for name, fits, nullable in tests(table, dialect):
        value = values[name]
        if name not in leave and not (nullable if value is None else fits(value)):
            return f"{name}={as_text(value)[:SHOWN]}"
    return None


@cache
def tests(table: Table, dialect: str) -> tuple[tuple[str, Callable[[Any], bool], bool], ...]:
    """Return the test of each column of a table, in their order: its name, the test, and whether NULL may stand there.

    Args:
        table: The table.
        dialect: ``sqlite`` or ``postgresql``.
    """
    return tuple((column.name, _test(column, dialect), bool(column.nullable)) for column in table.c)


def _test(column: Column[Any], dialect: str) -> Callable[[Any], bool]:
    if isinstance(column.type, Boolean):
        return _is_bit if dialect == "sqlite" else _is_bool
    if isinstance(column.type, Integer):
        return _is_number
    return _is_day if isinstance(column.type, Date) else _is_text


def _is_bit(value: Any) -> bool:
    return type(value) is int and value in (0, 1)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return type(value) is int


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and (value.isascii() or is_written(value))


def _is_day(value: Any) -> bool:
    try:
        return str(date.fromisoformat(value)) == str(value)
    except (ValueError, TypeError):
        return False


def by_case(*streams: Iterator[AnyRow]) -> Iterator[tuple[Any, tuple[list[AnyRow], ...]]]:
    """Merge streams of rows that the database has put in order of case.

    Args:
        streams: The streams; each has a column ``case_id``.

    Yields:
        The id of a case as it is stored, and its rows in each of the streams.
    """
    groups = [groupby(stream, attrgetter("case_id")) for stream in streams]
    heads = [next(group, None) for group in groups]
    while present := [head[0] for head in heads if head is not None]:
        key = min(present, key=_place)
        place = _place(key)
        rows: list[list[AnyRow]] = []
        for index, head in enumerate(heads):
            if head is not None and _place(head[0]) == place:
                rows.append(list(head[1]))
                heads[index] = next(groups[index], None)
            else:
                rows.append([])
        yield key, tuple(rows)


def _place(value: Any) -> tuple[int, Any]:
    """The place of an id in the order of the database: NULL, numbers, texts by their bytes, bytes."""
    match value:
        case None:
            return (0, 0)
        case int() | float():
            return (1, value)
        case str():
            return (2, value.encode("utf-8", "surrogateescape"))
        case _:
            return (3, bytes(value))
