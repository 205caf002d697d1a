"""Text for files and pipes: aligned, never cut or wrapped, without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from zhengxie_flow.cli.output.writer import Styled

GAP: Final = 2


class Plain:
    """A page of plain text; a wide character counts as two cells."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def line(self, cells: Sequence[Styled], indent: int) -> None:
        """Write one line."""
        self._lines.append(" " * indent + " ".join(text for text, _ in cells))

    def table(self, rows: Sequence[Sequence[Styled]], heads: Sequence[str], indent: int) -> None:
        """Write rows in columns as wide as their widest cell."""
        texts = [list(heads)] if heads else []
        texts += [[text for text, _ in row] for row in rows]
        sizes = [[cell_len(text) for text in row] for row in texts]
        widths = [max(column) + GAP for column in zip(*sizes, strict=True)]
        for row, size in zip(texts, sizes, strict=True):
            padded = (text + " " * (width - used) for text, used, width in zip(row, size, widths, strict=True))
            self._lines.append(" " * indent + "".join(padded))

    def text(self) -> str:
        """Return the text written so far."""
        return "\n".join(self._lines)
