"""The writer of a page, for any kind of output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Styled = tuple[str, str]
"""A text without control characters, and its style."""


class PageWriter(Protocol):
    """Plain for files and pipes; with colour and wrapping for a terminal."""

    def line(self, cells: Sequence[Styled], indent: int) -> None:
        """Write one line, the cells joined by a blank."""

    def table(self, rows: Sequence[Sequence[Styled]], heads: Sequence[str], indent: int) -> None:
        """Write rows in columns."""

    def text(self) -> str:
        """Return the text written so far."""
