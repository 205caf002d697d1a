"""Cells of a page: text with a style, without control characters."""

from __future__ import annotations

from zhengxie_flow.cli.output.writer import Styled

Cell = str | tuple[str, str] | None
"""A text, a text with a style (a verdict or the like), or nothing."""


def styled(cell: Cell) -> Styled:
    """Return a cell as text and style, printable."""
    text, style = cell if isinstance(cell, tuple) else (cell or "", "")
    return printable(text), style


def printable(text: str) -> str:
    """Escape control characters: text of a journal must not steer a terminal."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)
