"""Rows of a case in the order of time: appended after all others, or inserted at their position on the timeline."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from typing import TypeVar

from zhengxie_flow.model.case import HasPosition

K = TypeVar("K")
V = TypeVar("V", bound=HasPosition)
BY_KEY = attrgetter("key")


def appended(things: tuple[V, ...], thing: V) -> tuple[V, ...]:
    """Append a row after all others."""
    return things + (thing,)  # noqa: RUF005 - unpacking copies a long row twice


def placed(things: tuple[V, ...], thing: V) -> tuple[V, ...]:
    """Insert a row at its position on the timeline."""
    index = bisect_right(things, thing.key, key=BY_KEY)
    return (*things[:index], thing, *things[index:])


def noted(table: dict[K, tuple[V, ...]], name: K, thing: V) -> dict[K, tuple[V, ...]]:
    """Append to the rows of a name, after everything in the table."""
    return {**table, name: table.get(name, ()) + (thing,)}  # noqa: RUF005


def entered(table: dict[K, tuple[V, ...]], name: K, thing: V) -> dict[K, tuple[V, ...]]:
    """Insert among the rows of a name; the names stay in the order of their first rows."""
    row = placed(table.get(name, ()), thing)
    if row[0] is not thing:
        return {**table, name: row}
    others = {other: things for other, things in table.items() if other != name}
    return dict(sorted({**others, name: row}.items(), key=lambda entry: entry[1][0].key))
