"""Tables for spreadsheets: CSV in UTF-8 with a byte order mark, whose cells no program takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from zhengxie_flow.cli.output.cell import printable

BYTE_ORDER_MARK: Final = "\ufeff"
"""By it a spreadsheet reads the text as UTF-8."""
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet may take for a formula."""


def sheet(heads: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> str:
    """Return a table as CSV.

    Args:
        heads: The headings.
        rows: The cells by row; a number stays one.

    Example:
        >>> sheet(["Case", "Left"], [("=cmd()", -3)])[1:].splitlines()
        ['Case,Left', "'=cmd(),-3"]
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([guarded(head) for head in heads])
    writer.writerows([cell if isinstance(cell, int) else guarded(cell or "") for cell in row] for row in rows)
    return BYTE_ORDER_MARK + written.getvalue()


def guarded(text: str) -> str:
    """Return the text of a cell: printable, and behind an apostrophe where it could be taken for a formula.

    Example:
        >>> guarded(" =1+1"), guarded("案件")
        ("' =1+1", '案件')
    """
    shown = printable(text)
    return f"'{shown}" if shown.lstrip(" \u3000'").startswith(_FORMULA) else shown
