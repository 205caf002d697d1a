"""Text for a terminal: as wide as it is, in colour unless ``NO_COLOR`` is set."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zhengxie_flow.cli.output.writer import Styled

_STYLES: Final = {
    "breach": "bold red", "overdue": "bold red", "invalid": "bold red", "incomplete": "red", "error": "bold red",
    "deviation": "yellow", "finding": "yellow", "needs_judgement": "magenta", "needs_parameter": "magenta",
    "warning": "yellow", "provisional": "cyan", "pending": "cyan", "exempt": "green", "pass": "green",
    "deviation_justified": "green", "not_applicable": "dim", "dim": "dim", "strong": "bold",
}  # fmt: skip


class Screen:
    """A page for a terminal."""

    def __init__(self) -> None:
        coloured = not os.environ.get("NO_COLOR")
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=shutil.get_terminal_size().columns,
            force_terminal=coloured,
            color_system="auto" if coloured else None,
            highlight=False,
        )

    def line(self, cells: Sequence[Styled], indent: int) -> None:
        """Write one line, left to the terminal to wrap."""
        self._console.print(Text(" " * indent) + Text(" ").join(map(_text, cells)), soft_wrap=True)

    def table(self, rows: Sequence[Sequence[Styled]], heads: Sequence[str], indent: int) -> None:
        """Write rows in columns that share the width of the terminal."""
        table = Table(box=None, show_header=bool(heads), pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
        for column in range(len(rows[0])):
            table.add_column(Text(heads[column]) if heads else "", header_style="bold", overflow="fold")
        for row in rows:
            table.add_row(*map(_text, row))
        self._console.print(Padding(table, (0, 0, 0, indent), expand=False))

    def text(self) -> str:
        """Return the text written so far."""
        return self._out.getvalue()


def _text(cell: Styled) -> Text:
    text, style = cell
    return Text(text, style=_STYLES.get(style, ""))
