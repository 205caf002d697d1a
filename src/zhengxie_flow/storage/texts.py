"""Texts out of a database that may hold anything."""

from __future__ import annotations

import re
from typing import Any, Final

_SHOWN: Final = 80
_HALVES: Final = re.compile("[\ud800-\udfff]")


def is_written(text: str) -> bool:
    """Return whether a text has a form in UTF-8."""
    return text.isascii() or _HALVES.search(text) is None


def as_text(value: Any) -> str:
    r"""Return a text that can be written anywhere, for a value that should be one and may be anything.

    Args:
        value: The value as it lies in the database.

    Returns:
        A text as it is, with what is no UTF-8 escaped; of anything else its Python form, shortened.

    Example:
        >>> as_text("QH-01"), as_text(b"QH"), as_text("Q\udcff")
        ('QH-01', "b'QH'", 'Q\\xff')
    """
    if not isinstance(value, str):
        return repr(value)[:_SHOWN]
    if is_written(value):
        return value
    return _HALVES.sub(_escaped, value)


def _escaped(half: re.Match[str]) -> str:
    code = ord(half[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
