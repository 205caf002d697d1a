"""Cells of a page: text with a style, without control characters."""

from __future__ import annotations

import json
import re

from zhengxie_flow.cli.output.writer import Styled

Cell = str | tuple[str, str] | None
"""A text, a text with a style (a verdict or the like), or nothing."""


_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
"""Characters that steer a terminal or reorder a line, but for the ends of lines and tabs."""


def styled(cell: Cell) -> Styled:
    """Return a cell as text and style, printable."""
    text, style = cell if isinstance(cell, tuple) else (cell or "", "")
    return printable(text), style


def printable(text: str) -> str:
    """Escape control characters: text of a journal must not steer a terminal."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def neutralised(text: str) -> str:
    r"""Escape what steers a terminal in a text of several lines: an error repeats what somebody typed, or a file says.

    Example:
        >>> neutralised("no case \x1b[31mX")
        'no case \\x1b[31mX'
    """
    return _STEERING.sub(lambda match: ascii(match.group())[1:-1], text)


def neutralised_json(text: str) -> str:
    r"""Write the same characters of a JSON document as escapes, which mean the same.

    Example:
        >>> neutralised_json('"a\u009bb"')
        '"a\\u009bb"'
    """
    return _STEERING.sub(lambda match: json.dumps(match.group())[1:-1], text)
