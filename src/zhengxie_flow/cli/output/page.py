"""Text for people: lines and tables that stay aligned with wide characters, in colour on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from zhengxie_flow.calendars import CHINA_TIME
from zhengxie_flow.cli.output.cell import Cell, styled
from zhengxie_flow.cli.output.writer import PageWriter
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.i18n import describe, label, labelled


class Page:
    """A page that is written line by line and comes out as one text."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._writer = _writer()

    def say(self, key: str, **params: Any) -> str:
        """Return a phrase of the catalogue."""
        return label(key, self.lang, **params)

    def labelled(self, key: str, entries: Iterable[str]) -> str:
        """Return a phrase of the catalogue, a colon, and entries in the punctuation of the language."""
        return labelled(key, ("、" if self.lang == "zh" else ", ").join(entries), self.lang)

    def when(self, moment: date | datetime) -> str:
        """Format a civil day, or an instant to the minute in China time."""
        if isinstance(moment, datetime):
            return moment.astimezone(CHINA_TIME).strftime("%Y-%m-%d %H:%M")
        return moment.isoformat()

    def error(self, error: ZhengxieError) -> str:
        """Return the message of an error."""
        return describe(error, self.lang).message

    def line(self, *cells: Cell, indent: int = 0) -> None:
        """Write one line; cells are joined by a blank."""
        self._writer.line([styled(cell) for cell in cells if cell is not None], indent)

    def table(self, rows: Iterable[Sequence[Cell]], heads: Sequence[str] = (), *, indent: int = 0) -> None:
        """Write a table; a column where every cell is empty is left out.

        Args:
            rows: Cells by row, each row as long as the first.
            heads: Headings of the columns, if any.
            indent: Blanks before each row.
        """
        cells = [[styled(cell) for cell in row] for row in rows]
        if not cells:
            return
        used = [column for column in range(len(cells[0])) if any(row[column][0] for row in cells)]
        titles = [heads[column] for column in used] if heads else []
        self._writer.table([[row[column] for column in used] for row in cells], titles, indent)

    def text(self) -> str:
        """Return the text written so far, without blanks at the ends of lines."""
        return "".join(line.rstrip() + "\n" for line in self._writer.text().splitlines())


def _writer() -> PageWriter:
    if sys.stdout.isatty():
        from zhengxie_flow.cli.output.terminal import Screen

        return Screen()
    from zhengxie_flow.cli.output.plain import Plain

    return Plain()
