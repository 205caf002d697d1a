"""Text for people: lines and tables that stay aligned with wide characters, in colour on a terminal only."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.i18n import describe, label

UNBOUNDED: Final = 100_000
"""Columns of a page that is not a terminal: nothing is cut or wrapped there."""

_STYLES: Final = {
    "breach": "bold red", "overdue": "bold red", "invalid": "bold red", "incomplete": "red", "error": "bold red",
    "deviation": "yellow", "finding": "yellow", "needs_judgement": "magenta", "needs_parameter": "magenta",
    "warning": "yellow", "provisional": "cyan", "pending": "cyan", "exempt": "green", "pass": "green",
    "deviation_justified": "green", "not_applicable": "dim", "dim": "dim", "strong": "bold",
}  # fmt: skip

Cell = str | tuple[str, str] | None
"""A text, a text with a style (a verdict or the like), or nothing."""


class Paper:
    """A page that is written line by line and comes out as one text."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._out = io.StringIO()
        terminal = sys.stdout.isatty()
        self._console = Console(
            file=self._out,
            width=shutil.get_terminal_size().columns if terminal else UNBOUNDED,
            force_terminal=terminal,
            no_color=not terminal or bool(os.environ.get("NO_COLOR")),
            highlight=False,
            soft_wrap=not terminal,
        )

    def say(self, key: str, **params: Any) -> str:
        """A phrase of the catalogue."""
        return label(key, self.lang, **params)

    def error(self, error: ZhengxieError) -> str:
        """The text of an error."""
        return describe(error, self.lang).message

    def line(self, *cells: Cell, indent: int = 0) -> None:
        """One line; cells are joined by a blank."""
        shown = Text(" ").join(_text(cell) for cell in cells if cell is not None)
        self._console.print(Text(" " * indent) + shown, soft_wrap=True)

    def table(self, rows: Iterable[Sequence[Cell]], heads: Sequence[str] = (), *, indent: int = 0) -> None:
        """Rows in columns; a column where every cell is empty is left out."""
        rows = [tuple(row) for row in rows]
        if not rows:
            return
        used = [column for column in range(len(rows[0])) if any(_filled(row[column]) for row in rows)]
        table = Table(box=None, show_header=bool(heads), pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
        for column in used:
            table.add_column(Text(heads[column]) if heads else "", header_style="bold", overflow="fold")
        for row in rows:
            table.add_row(*(_text(row[column]) for column in used))
        if indent:
            from rich.padding import Padding

            self._console.print(Padding(table, (0, 0, 0, indent), expand=False))
        else:
            self._console.print(table)

    def text(self) -> str:
        """Everything written so far, without blanks at the ends of lines."""
        return "".join(line.rstrip() + "\n" for line in self._out.getvalue().splitlines())


def _filled(cell: Cell) -> bool:
    return bool(cell[0] if isinstance(cell, tuple) else cell)


def _text(cell: Cell) -> Text:
    if cell is None:
        return Text("")
    content, style = cell if isinstance(cell, tuple) else (cell, "")
    return Text(printable(content), style=_STYLES.get(style, ""))


def printable(text: str) -> str:
    """A text without control characters: what lies in a journal must not steer a terminal."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)
