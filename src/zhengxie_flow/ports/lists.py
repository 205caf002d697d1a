"""Values of lists over many cases: the cases asked for, the stretch of the order, and what time has overtaken."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhengxie_flow.ports.values import AssignmentRow, DeadlineRow, Head

Basis = tuple[str, str | None]
"""A definition, and what the projections of its cases were worked out from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Selection of cases; None asks for nothing in particular.

    Attributes:
        process: The id of the process.
        state: The present state.
        office: The office that some role of the case is assigned to.
        person: The person that some role of the case is assigned to.
        text: A part of the id or the title; capital and small letters of ASCII are the same.
        among: The ids in question, such as the subcases of a case.
        day: The civil day on which assignments count.
    """

    process: str | None = None
    state: str | None = None
    office: str | None = None
    person: str | None = None
    text: str | None = None
    among: Collection[str] | None = None
    day: date = date.min

    def holds(self, row: AssignmentRow) -> bool:
        """Return whether an assignment is to the office and to the person asked for, on the day."""
        in_effect = row.from_day <= self.day and (row.to_day is None or self.day <= row.to_day)
        return in_effect and self.office in (None, row.office) and self.person in (None, row.person)

    def owned(self, row: DeadlineRow, made: Iterable[AssignmentRow]) -> bool:
        """Return whether a role that owes what a row says is assigned as asked for.

        Args:
            row: The row.
            made: The assignments of its case.
        """
        if self.office is None and self.person is None:
            return True
        return any(self.holds(entry) and entry.role in row.roles for entry in made)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Test of the projections that no longer hold.

    Attributes:
        day: Time alone may have changed the cases whose next change is on or before this day.
        bases: The pairs of definition and basis that are no longer current.
        deeming: The definitions of whose cases state or title may be another than what is kept: time alone brings acts,
            or an earlier version kept no title.
    """

    day: date
    bases: tuple[Basis, ...] = ()
    deeming: frozenset[str] = frozenset()

    def by(self, definition: str, basis: str | None, next_change: date | None) -> bool:
        """Return whether what is kept of a case no longer holds."""
        return (definition, basis) in self.bases or (next_change is not None and next_change <= self.day)


@dataclass(frozen=True, slots=True)
class Renewal:
    """Cases that no longer stand as they are kept.

    Attributes:
        cases: Those of a selection, in order.
        ancestors: All cases above any such case, whether they are of the selection or not.
    """

    cases: tuple[str, ...]
    ancestors: frozenset[str]


@dataclass(frozen=True, slots=True)
class CaseStretch:
    """Stretch of the list of cases, in the order of their ids.

    Attributes:
        after: The id after which it begins; None for the beginning.
        limit: How many cases at most.
        doubtful: Cases whose state is to be worked out whatever is kept of them: they are listed in any state.
    """

    after: str | None
    limit: int
    doubtful: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A head in a list, and whether its state may be another by now."""

    head: Head
    overtaken: bool


@dataclass(frozen=True, slots=True)
class HeadStretch:
    """The heads of a stretch, by id: all that match between its beginning and ``end``; None there is the end of all."""

    rows: tuple[HeadRow, ...]
    end: str | None


@dataclass(frozen=True, slots=True, order=True)
class DuePlace:
    """Place of a row in the order of all that is open: by day, without one last, then by case, then as in its case.

    Attributes:
        undated: True where it has no day.
        day: The day; the last day there is where it has none.
        case: The id of its case.
        position: Its position among the rows of its case.
    """

    undated: bool
    day: date
    case: str
    position: int


@dataclass(frozen=True, slots=True)
class DueStretch:
    """Stretch of the list of what is open.

    Attributes:
        after: The place after which it begins; None for the beginning.
        limit: How many deadlines at most.
        until: The last day of interest, and then only what has a day; None for all.
    """

    after: DuePlace | None
    limit: int
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DueRow:
    """A deadline in a list, with its position in its case, the state and the title that are kept of the case, and
    whether time may have brought another state.
    """

    row: DeadlineRow
    position: int
    state: str = ""
    title: str | None = None
    overtaken: bool = False

    @property
    def place(self) -> DuePlace:
        """Its place in the order of all."""
        return DuePlace(self.row.day is None, self.row.day or date.max, self.row.case, self.position)


@dataclass(frozen=True, slots=True)
class DueRows:
    """The deadlines of a stretch, in their order: all that match between its beginning and ``end``; None there is the
    end of all.
    """

    rows: tuple[DueRow, ...]
    end: DuePlace | None


WAITING: Final = "waiting"
"""The kind of rows that hang on an event which has not happened: nobody owes anything yet."""
OVERDUE: Final = "overdue"
BUCKETS: Final = (OVERDUE, "today", "week", "later", "other")
"""What is open is counted by: past its last day; due today; within the seven days after; later; without a day, or on a
day that is past and is no last day."""
WEEK: Final = timedelta(days=7)
AFTER_ITS_ANCHOR: Final = ("forward", "by_date")
"""Directions of limits whose last day comes only once their anchor has happened."""


def is_owed(row: DeadlineRow) -> bool:
    """Return whether a row is listed: it is open, and hangs on nothing that has not happened."""
    return row.open and row.kind != WAITING


def bucket(row: DeadlineRow, today: date) -> str:
    """Return which of the `BUCKETS` an open deadline is counted in."""
    if overdue(row.direction, row.anchor_kind, row.day, row.latest, today):
        return OVERDUE
    day = row.day or date.min
    if day <= today:
        return BUCKETS[1] if day == today else BUCKETS[4]
    return BUCKETS[2] if day <= today + WEEK else BUCKETS[3]


def overdue(direction: str, anchor_kind: str, day: date | None, latest: date | None, today: date) -> bool:
    """Return whether a time limit is overdue: its last day lies before today, whatever notices are still to come.

    Order and minimum windows have no last day, and a limit that runs after an event has none before it happens.

    Example:
        >>> overdue("forward", "actual", date(2026, 3, 12), None, today=date(2026, 3, 13))
        True
        >>> overdue("forward", "planned", date(2026, 3, 12), None, today=date(2026, 3, 13))
        False
    """
    last = latest or day
    running = direction == "backward" or (direction in AFTER_ITS_ANCHOR and anchor_kind == "actual")
    running = running and anchor_kind != "projected"  # the day of another act that is itself only due
    return running and last is not None and last < today
