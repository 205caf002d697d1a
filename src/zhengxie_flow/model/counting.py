"""The words in which time is counted, shared by limits and calendars: units, directions, conventions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, assert_never, get_args

LongUnit = Literal["calendar_day", "week", "half_month", "month", "year"]
"""Units counted by the civil calendar alone."""

CalendarUnit = Literal["working_day", LongUnit]
"""Units counted in days."""

InstantUnit = Literal["hour", "working_hour", "half_working_day"]
"""Units that end at an instant: elapsed hours, hours while the office is open, halves of its day."""

Unit = Literal[CalendarUnit, InstantUnit]
"""Every unit of a time limit."""

UNITS: tuple[Unit, ...] = get_args(Unit)


def elapsed(unit: Unit | None) -> bool:
    """Return whether a limit in a unit ends at an instant; every other one is counted in days.

    Example:
        >>> elapsed("hour"), elapsed("working_day"), elapsed(None)
        (True, False, False)
    """
    match unit:
        case "hour" | "working_hour" | "half_working_day":
            return True
        case "working_day" | "calendar_day" | "week" | "half_month" | "month" | "year" | None:
            return False
        case _:
            assert_never(unit)


def calendar_unit(unit: Unit) -> CalendarUnit:
    """Return a unit that is counted in days.

    Raises:
        ValueError: It ends at an instant.

    Example:
        >>> calendar_unit("week")
        'week'
    """
    match unit:
        case "working_day" | "calendar_day" | "week" | "half_month" | "month" | "year":
            return unit
        case "hour" | "working_hour" | "half_working_day":
            raise ValueError(unit)
        case _:
            assert_never(unit)


def instant_unit(unit: Unit | None) -> InstantUnit:
    """Return a unit that ends at an instant.

    Raises:
        ValueError: It is counted in days, or there is none.

    Example:
        >>> instant_unit("working_hour")
        'working_hour'
    """
    match unit:
        case "hour" | "working_hour" | "half_working_day":
            return unit
        case "working_day" | "calendar_day" | "week" | "half_month" | "month" | "year" | None:
            raise ValueError(unit)
        case _:
            assert_never(unit)


def in_working_days(unit: CalendarUnit) -> bool:
    """Return whether only working days are counted in a unit; days of every other one are those of the civil calendar.

    Example:
        >>> in_working_days("working_day"), in_working_days("month")
        (True, False)
    """
    match unit:
        case "working_day":
            return True
        case "calendar_day" | "week" | "half_month" | "month" | "year":
            return False
        case _:
            assert_never(unit)


def days_of(*, working: bool) -> CalendarUnit:
    """Return the unit of days: working days, or all of the civil calendar."""
    return "working_day" if working else "calendar_day"


def unit_of_days(unit: Unit | None) -> CalendarUnit:
    """Return the unit in which days beyond a limit are counted: working days for a limit in those, else calendar days.

    Example:
        >>> unit_of_days("working_day"), unit_of_days("month"), unit_of_days(None)
        ('working_day', 'calendar_day', 'calendar_day')
    """
    match unit:
        case "working_day":
            return unit
        case "working_hour" | "half_working_day":
            return "working_day"
        case "calendar_day" | "week" | "half_month" | "month" | "year" | "hour" | None:
            return "calendar_day"
        case _:
            assert_never(unit)


Counting = Literal["forward", "backward", "minimum", "earliest"]
"""Directions of an amount of time: the last day after, the latest day before, the earliest day after, or the earliest
day before something."""

Direction = Literal[Counting, "by_date", "by", "order_before", "order_after"]
"""Directions of a limit; the last four count nothing."""


def counts_back(direction: str) -> bool:
    """Return whether a limit of a direction is counted back from its event.

    Example:
        >>> counts_back("backward"), counts_back("earliest"), counts_back("minimum")
        (True, True, False)
    """
    return direction in ("backward", "earliest")


def signed(units: int, direction: str) -> int:
    """Return units as they are counted in a direction: negative where they are counted back.

    Example:
        >>> signed(3, "forward"), signed(3, "backward")
        (3, -3)
    """
    return -units if counts_back(direction) else units


def ends(direction: Direction) -> bool:
    """Return whether limits of a direction have a last day that another limit can run from.

    Example:
        >>> ends("forward"), ends("minimum")
        (True, False)
    """
    match direction:
        case "forward" | "backward" | "by_date" | "by":
            return True
        case "minimum" | "earliest" | "order_before" | "order_after":
            return False
        case _:
            assert_never(direction)


def opens(direction: str) -> bool:
    """Return whether limits of a direction set the first day on which an act may be done, and oblige nobody to do it.

    Example:
        >>> opens("minimum"), opens("earliest"), opens("forward")
        (True, True, False)
    """
    return direction in ("minimum", "earliest")


Convention = Literal["event_excluded", "first_day_included", "clear_days"]
"""The day counted from is left out, is the first one counted, or full days lie between."""

Roll = Literal["next", "previous", "none"]
"""An end that falls on a day of rest goes to the next working day, to the one before, or nowhere."""

Period = Literal["month", "quarter", "half_year", "year"]
"""The periods of a recurring duty, by the civil calendar."""

MONTHS: Mapping[Period, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""The months of each period."""

Early = Literal["counts", "out_of_order"]
"""An act before its round was opened counts for it, or is out of order."""
