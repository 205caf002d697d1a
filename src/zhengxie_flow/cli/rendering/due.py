"""Open work as text: one line a row, cut to a width that fits a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.cell import Cell
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.presentation.documents.deadlines import DueDeadline

WIDTH: Final = 100
GAP: Final = 2
LEAST: Final = 16
"""Cells that the last column keeps, however long the others are."""


def table(page: Page, deadlines: Sequence[DueDeadline]) -> None:
    """Write one line for each row: its day, what is left, the case, what is to be done and who has to.

    Args:
        page: The page.
        deadlines: The rows with their words.
    """
    titles = [page.say(f"cli.head.{name}") for name in ("day", "left", "case", "what", "who")]
    rows = [_cells(page, deadline) for deadline in deadlines]
    widths = [max(cell_len(text) for text in column) for column in zip(titles, *rows, strict=True)]
    room = WIDTH - sum(widths[:3]) - GAP * (len(widths) - 1)
    bearer_width = min(widths[4], max(LEAST, room // 3))
    matter_width = max(LEAST, room - bearer_width)
    shown: list[tuple[Cell, ...]] = []
    for deadline, (day, left, case, matter, bearer) in zip(deadlines, rows, strict=True):
        style = "overdue" if deadline.overdue else deadline.row.status if deadline.row.kind == "dated" else "pending"
        shown.append(((day, style), (left, style), case, _cut(matter, matter_width), _cut(bearer, bearer_width)))
    page.table(shown, titles)


def _cells(page: Page, deadline: DueDeadline) -> tuple[str, ...]:
    from zhengxie_flow.presentation.due_rows import remaining

    row = deadline.row
    title = deadline.title or row.obligation
    matter = title if row.item is None else f"{row.item} {title}"
    if row.round > 1:
        matter = page.say("cli.due.marked", left=matter, mark=page.say("cli.round", number=row.round))
    bearers = page.say("cli.due.bearers", bearers=[bearer.named for bearer in deadline.bearers])
    left = remaining(deadline, page.lang)
    mark = _mark(page, deadline)
    status = left if mark is None else page.say("cli.due.marked", left=left, mark=mark)
    return (_day(page, deadline), status, row.case, matter, bearers)


def _day(page: Page, deadline: DueDeadline) -> str:
    """The day of a row; of a clock that stands still, since when."""
    row = deadline.row
    if row.stopped_since is not None and row.day is None:
        return page.say("cli.due.since", day=row.stopped_since.isoformat())
    return row.day.isoformat() if row.day is not None else "-"


def _mark(page: Page, deadline: DueDeadline) -> str | None:
    """The one thing most worth knowing of a day: what it is counted from, else that a notice may still move it."""
    row = deadline.row
    if row.kind != "dated":
        return None
    if row.anchor_kind in ("planned", "projected"):
        return page.say(f"anchor.{row.anchor_kind}")
    return page.say("calendar.status.provisional") if row.status == "provisional" else None


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"
