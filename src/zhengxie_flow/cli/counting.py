"""A count shown day by day: which days were counted, which were passed over, and which notice made them so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from zhengxie_flow.cli.paper import Cell, Paper


def counted_days(paper: Paper, working: Mapping[str, Any], *, indent: int = 0) -> None:
    """The working of a limit: where the count starts, every day of it, and where it ends."""
    if "date" not in working:
        return
    heading = paper.say(
        f"cli.count.{working['direction']}" if working.get("amount") else "cli.count.order",
        start=working["start"], amount=working.get("amount"), unit=_unit(paper, working.get("unit")),
        date=working["date"],
    )  # fmt: skip
    paper.line(heading, indent=indent)
    if working.get("possible"):
        low, high = working["possible"]
        paper.line((paper.say("cli.count.possible", low=low, high=high), "provisional"), indent=indent)
    rows = day_rows(paper, working.get("counted", ()), working.get("skipped", ()))
    paper.table(rows, indent=indent + 2)


def day_rows(paper: Paper, counted: Sequence[date], skipped: Sequence[Mapping[str, Any]]) -> list[tuple[Cell, ...]]:
    """One row a day in the order they were walked; ordinary weekends in between are joined into one row."""
    numbers = {found: number for number, found in enumerate(counted, 1)}
    reasons = {entry["date"]: entry for entry in skipped}
    days = sorted({*numbers, *reasons}, reverse=len(counted) > 1 and counted[0] > counted[-1])
    return [_row(paper, found, numbers.get(found), reasons.get(found)) for found in days]


def _row(paper: Paper, found: date, number: int | None, skipped: Mapping[str, Any] | None) -> tuple[Cell, ...]:
    weekday = paper.say(f"cli.weekday.{found.isoweekday()}")
    if skipped is None:
        return (str(number), found.isoformat(), weekday, None)
    why = paper.say(f"calendar.reason.{skipped['reason']}", instrument=skipped.get("instrument") or "-")
    return (("-", "dim"), (found.isoformat(), "dim"), (weekday, "dim"), (why, "dim"))


def _unit(paper: Paper, unit: str | None) -> str:
    return "" if unit is None else paper.say(f"calendar.unit.{unit}")


def every_day(first: date, last: date) -> list[date]:
    """All days of a closed interval."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
