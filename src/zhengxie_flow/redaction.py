"""Redaction: database addresses for messages, without their passwords."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, unquote_plus

__all__ = ["HIDDEN", "secret_values", "without_password"]

HIDDEN: Final = "***"
"""Stands in the place of a password."""

_SECRET: Final = ("pass", "pwd", "secret", "token")
"""Parts of the names of parameters whose values are not for other eyes: ``password``, ``passfile``, ``sslpassword``."""


def without_password(address: str) -> str:
    """Hide the passwords of a database address, whether or not it can be used as one.

    Args:
        address: A URL, a file path, or the ``name=value`` pairs that PostgreSQL takes.

    Returns:
        The address with `HIDDEN` in the place of each password, in the URL itself or among its parameters.

    Example:
        >>> without_password("postgresql://office:t@p/secret@db:x/cases?sslpassword=p&sslmode=require")
        'postgresql://office:***@db:x/cases?sslpassword=***&sslmode=require'
        >>> without_password("host=db password=secret")
        'host=db password=***'
    """
    for value in sorted(set(_secrets(address)), key=len, reverse=True):
        address = _hidden(address, value)
    return address


def secret_values(address: str) -> tuple[str, ...]:
    """Return the passwords of an address, as written and decoded: what no message of a driver may repeat.

    Args:
        address: As for `without_password`.

    Returns:
        The values; a short one may stand in a message by chance, and is left out.
    """
    found = {form for value in _secrets(address) for form in (value[1:], unquote(value[1:]), unquote_plus(value[1:]))}
    return tuple(sorted((form for form in found if len(form) > 2), key=len, reverse=True))


def _hidden(address: str, value: str) -> str:
    return address.replace(value, f"{value[0]}{HIDDEN}")


def _secrets(address: str) -> Iterator[str]:
    """Each password with the character before it, a colon or an equals sign."""
    scheme, slashes, rest = address.partition(":" if address.startswith("postgres") else "://")
    if not slashes:
        yield from _parameters(scheme.split())
        return
    rest = rest.lstrip("/")
    _, colon, after = rest.partition(":")
    password, at, tail = after.partition("@")
    if colon and at and password:
        more, at, _ = tail.partition("?")[0].rpartition("@")  # an "@" that should have been written %40
        yield f":{password}@{more}" if at else f":{password}"
        rest = tail
    yield from _parameters(rest.partition("?")[2].replace(";", "&").split("&"))


def _parameters(pairs: list[str]) -> Iterator[str]:
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if equals and value and any(part in unquote(name).lower() for part in _SECRET):
            yield f"={value}"
