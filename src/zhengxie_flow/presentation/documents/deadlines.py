"""The documents of deadlines: a row with what is worked out against a day and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.model.bearer import Bearer
from zhengxie_flow.model.counting import CalendarUnit
from zhengxie_flow.model.document import FLAT, OPTIONAL
from zhengxie_flow.ports import DeadlineRow, overdue
from zhengxie_flow.presentation.documents.problems import ErrorDocument


@dataclass(frozen=True, slots=True)
class CaseDeadline:
    """A time limit of one case, whether its last day has passed, and whether it is counted from a day to come that is
    itself only due (``projected``).
    """

    row: Deadline = field(metadata=FLAT)
    overdue: bool
    projected: bool


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """Open work of any case, of one of the kinds of its row; ``days_left`` are counted from today in the days of
    ``days_unit``, negative once the last day has passed, and null where there is none.  What is open is called
    ``title`` and said in ``sentence``, in the asked language; ``bearers`` owe it, or may settle it.
    """

    row: DeadlineRow = field(metadata=FLAT)
    overdue: bool
    days_left: int | None
    projected: bool
    days_unit: CalendarUnit | None = None
    case_title: str | None = None
    title: str | None = None
    bearers: tuple[Bearer, ...] = ()
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class DueList:
    """Open work of cases, up to a day where one was asked for; ``ics`` is the calendar file written, ``next`` the key
    to go on after where a limit left some out, ``damaged`` what was not readable.
    """

    today: date
    until: date | None
    ics: str | None
    deadlines: tuple[DueDeadline, ...]
    next: str | None = None
    damaged: tuple[ErrorDocument, ...] | None = field(default=None, metadata=OPTIONAL)


def due_list(rows: Iterable[DeadlineRow], today: date, until: date | None = None, ics: str | None = None) -> DueList:
    """Build the document of the open time limits.

    Args:
        rows: The rows that `Engine.due` gives; `with_words` gives each of them its working days, title and sentence.
        today: The civil day against which they are overdue or not.
        until: The last day that was asked for, where one was.
        ics: The calendar file that was written, where one was.

    Returns:
        Every row with its days left, in the order given.
    """
    return DueList(today, until, ics, tuple(due_deadline(row, today) for row in rows))


def due_deadline(row: DeadlineRow, today: date) -> DueDeadline:
    """Build the document of one row against a day; `zhengxie_flow.presentation.due_rows` gives it its words."""
    late = overdue(row.direction, row.anchor_kind, row.day, row.latest, today)
    days_left = None if row.day is None else (row.day - today).days
    return DueDeadline(row, late, days_left, row.anchor_kind == "projected")


def case_deadline(row: Deadline, today: date) -> CaseDeadline:
    """Build the document of one time limit of a case, as of a day."""
    late = overdue(row.direction, row.anchor_kind, row.day, row.latest, today)
    return CaseDeadline(row, late, row.anchor_kind == "projected")
