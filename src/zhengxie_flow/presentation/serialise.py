"""The one serialiser: every result as plain JSON values, by the declarations of `zhengxie_flow.model.document`.

Keys and ids are never translated, days and instants are ISO text, an absent value is null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, singledispatch
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from zhengxie_flow.presentation.forms import FORMS


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a document: its attribute, and whether it is optional or flattened."""

    name: str
    attribute: str
    optional: bool = False
    flat: bool = False


@cache
def keys(kind: type[Any]) -> tuple[Key, ...]:
    """Return the keys of a class of documents, in their order."""
    declared: dict[str, Field[Any]] = {entry.name: entry for entry in fields(kind)} if is_dataclass(kind) else {}
    return tuple(_key(name, declared.get(name)) for name in getattr(kind, "KEYS", declared))


def _key(name: str, declared: Field[Any] | None) -> Key:
    """A property, or a field with what its metadata say."""
    if declared is None:
        return Key(name, name)
    marks = declared.metadata
    return Key(marks.get("key", name), name, optional="optional" in marks, flat="flat" in marks)


@singledispatch
def serialise(value: Any) -> Any:
    """Convert a value to plain JSON values.

    Args:
        value: A result of the engine or of a calendar, a document made of such results, or a container of them.

    Returns:
        Dictionaries, lists, text, numbers, booleans and None.

    Raises:
        TypeError: The value is of a class that is no document.

    Example:
        >>> from datetime import date
        >>> serialise({"due": date(2026, 3, 12), "items": ("b", "a")})
        {'due': '2026-03-12', 'items': ['b', 'a']}
    """
    kind: type[Any] = type(value)
    if (form := FORMS.get(kind)) is not None:
        return serialise(form(value))
    if is_dataclass(kind) or hasattr(kind, "KEYS"):
        return dict(_entries(value))
    raise TypeError(f"{kind.__name__} is no document")


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    for key in keys(value.__class__):
        shown = getattr(value, key.attribute)
        if key.flat:
            for part in shown if isinstance(shown, tuple) else (shown,):
                yield from () if part is None else serialise(part).items()
        elif not (key.optional and shown is None):
            yield key.name, serialise(shown)


@serialise.register(bool)
@serialise.register(int)
@serialise.register(float)
@serialise.register(type(None))
def _as_it_is(value: Any) -> Any:
    return value


@serialise.register(str)  # a word of an enumeration is a text too
@serialise.register(Decimal)
@serialise.register(PurePath)
def _text(value: Any) -> str:
    return str(value)


@serialise.register
def _day_or_instant(value: date) -> str:
    return value.isoformat()


@serialise.register(dict)
@serialise.register(MappingProxyType)
def _table(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): serialise(entry) for key, entry in value.items()}


@serialise.register(list)
@serialise.register(tuple)
def _list(value: Any) -> list[Any]:
    return [serialise(entry) for entry in value]


@serialise.register(set)
@serialise.register(frozenset)
def _sorted(value: Any) -> list[Any]:
    return sorted(serialise(entry) for entry in value)
