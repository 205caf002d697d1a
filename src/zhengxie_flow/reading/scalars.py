"""Resolution of unquoted YAML scalars: the core schema of YAML 1.2, with fewer types.

Only ``null true false``, whole numbers and decimals in plain notation are anything but text.  Dates, ``on
off yes no``, ``007``, ``0x1F``, ``1e3``, ``12:30`` and ``.5`` stay the text that was written.
"""

from __future__ import annotations

import re
from decimal import Decimal

from zhengxie_flow.reading.nodes import Plain

__all__ = ["LEGACY_BOOLEANS", "NumberTooLong", "needs_quotes", "resolve"]

_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip

LEGACY_BOOLEANS = frozenset(form for word in ("on", "off", "yes", "no") for form in (word, word.title(), word.upper()))
"""Words that YAML 1.1 tools (many editors and converters) turn into true and false."""

_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(\.[0-9]+)?\Z", re.ASCII)
_FIRST = frozenset("+-0123456789")
_MAX_INT = 18  # digits; beyond that a "number" is a serial number, and 64-bit readers would spoil it
_MAX_DECIMAL = 30


class NumberTooLong(ValueError):
    """A number with more digits than any amount has; serial numbers belong in quotes."""


def resolve(text: str) -> Plain:
    """Resolve an unquoted scalar to its value.

    Raises:
        NumberTooLong: more digits than any amount has.

    Example:
        >>> resolve("15"), resolve("true"), resolve("2026-10-01"), resolve("007")
        (15, True, '2026-10-01', '007')
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST or (number := _NUMBER.match(text)) is None:
        return text
    if number.group(1) is None:
        if len(text) > _MAX_INT:
            raise NumberTooLong
        return int(text)
    if len(text) > _MAX_DECIMAL:
        raise NumberTooLong
    return Decimal(text)


def needs_quotes(text: str) -> bool:
    """Return whether a text, written without quotes, would be read as another value here or by a YAML 1.1 tool.

    Example:
        >>> needs_quotes("no"), needs_quotes("7.2"), needs_quotes("office")
        (True, True, False)
    """
    try:
        return text in LEGACY_BOOLEANS or not isinstance(resolve(text), str)
    except NumberTooLong:
        return True
