"""The documents of the working-day calendar."""

from __future__ import annotations

import datetime as dt  # a day has a ``date`` of its own
from collections.abc import Sequence
from dataclasses import dataclass, field

from zhengxie_flow.calendars import Day, Snapshot
from zhengxie_flow.calendars.difference import Difference
from zhengxie_flow.model.document import FLAT, Hash


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day, and the calendar that says whether it is worked."""

    calendar: str
    as_of: dt.date | None
    edition: Hash
    day: Day = field(metadata=FLAT)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The working days of a closed interval."""

    calendar: str
    as_of: dt.date | None
    edition: Hash
    first: dt.date
    last: dt.date
    count: int
    counted: tuple[dt.date, ...]
    skipped: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class CalendarDifference:
    """The difference of a calendar between the notices known on one day and on another."""

    old_as_of: dt.date
    new_as_of: dt.date
    difference: Difference = field(metadata=FLAT)


def calendar_day(snapshot: Snapshot, day: Day) -> CalendarDay:
    """Build the document of a day, with the calendar that explained it."""
    return CalendarDay(snapshot.name, snapshot.as_of, snapshot.calendar_hash, day)


def day_count(snapshot: Snapshot, number: int, days: Sequence[Day]) -> DayCount:
    """Build the document of a count: all days of an interval and the number of working days."""
    return DayCount(
        calendar=snapshot.name,
        as_of=snapshot.as_of,
        edition=snapshot.calendar_hash,
        first=days[0].date,
        last=days[-1].date,
        count=number,
        counted=tuple(day.date for day in days if day.working),
        skipped=tuple(day for day in days if not day.working),
    )
