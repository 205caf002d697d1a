"""The documents of deadlines: a row with what is worked out against a day and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.model.document import FLAT
from zhengxie_flow.ports import DeadlineRow


@dataclass(frozen=True, slots=True)
class CaseDeadline:
    """A time limit of one case, and whether its last day has passed."""

    row: Deadline = field(metadata=FLAT)
    overdue: bool


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """An open time limit of any case; ``days_left`` are counted from today, negative once it has passed."""

    row: DeadlineRow = field(metadata=FLAT)
    overdue: bool
    days_left: int | None


@dataclass(frozen=True, slots=True)
class DueList:
    """The open time limits of all cases up to a day; ``ics`` is the calendar file written."""

    today: date
    until: date | None
    ics: str | None
    deadlines: tuple[DueDeadline, ...]


def due_list(rows: Iterable[DeadlineRow], today: date, until: date | None = None, ics: str | None = None) -> DueList:
    """The rows that `Engine.due` gives, held against a day."""
    return DueList(today, until, ics, tuple(_due(row, today) for row in rows))


def _due(row: DeadlineRow, today: date) -> DueDeadline:
    late = overdue(row.direction, row.anchor_kind, row.day, row.latest, today)
    return DueDeadline(row, late, None if row.day is None else (row.day - today).days)


def case_deadline(row: Deadline, today: date) -> CaseDeadline:
    """A row of one case, held against a day."""
    return CaseDeadline(row, overdue(row.direction, row.anchor_kind, row.day, row.latest, today))


def overdue(direction: str, anchor_kind: str, day: date | None, latest: date | None, today: date) -> bool:
    """Whether the last day to act lies before today, whatever notices are still to come.

    Order and minimum windows have no last day, and a limit that runs after an event has none before it happens.
    """
    last = latest or day
    running = direction == "backward" or (direction in ("forward", "by_date") and anchor_kind == "actual")
    return running and last is not None and last < today
