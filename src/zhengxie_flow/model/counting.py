"""The words in which time is counted, shared by limits and calendars: units, directions, conventions."""

from __future__ import annotations

from typing import Literal, assert_never, get_args

LongUnit = Literal["calendar_day", "month", "year"]
"""Units counted by the civil calendar alone."""

CalendarUnit = Literal["working_day", LongUnit]
"""Units counted in days."""

Unit = Literal[CalendarUnit, "hour"]
"""Every unit of a time limit; hours are elapsed time."""

UNITS: tuple[Unit, ...] = get_args(Unit)


def elapsed(unit: Unit | None) -> bool:
    """Return whether a unit is elapsed time, which ends at an instant; every other one is counted in days.

    Example:
        >>> elapsed("hour"), elapsed("working_day"), elapsed(None)
        (True, False, False)
    """
    match unit:
        case "hour":
            return True
        case "working_day" | "calendar_day" | "month" | "year" | None:
            return False
        case _:
            assert_never(unit)


def hours_in(unit: Unit | None) -> int:
    """Return the hours in one unit of elapsed time.

    Raises:
        ValueError: The unit is counted by a calendar.

    Example:
        >>> hours_in("hour")
        1
    """
    match unit:
        case "hour":
            return 1
        case "working_day" | "calendar_day" | "month" | "year" | None:
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
        case "calendar_day" | "month" | "year":
            return False
        case _:
            assert_never(unit)


def unit_of_days(unit: Unit | None) -> CalendarUnit:
    """Return the unit in which days beyond a limit are counted: working days for a limit in those, else calendar days.

    Example:
        >>> unit_of_days("working_day"), unit_of_days("month"), unit_of_days(None)
        ('working_day', 'calendar_day', 'calendar_day')
    """
    match unit:
        case "working_day":
            return unit
        case "calendar_day" | "month" | "year" | "hour" | None:
            return "calendar_day"
        case _:
            assert_never(unit)


Counting = Literal["forward", "backward", "minimum"]
"""What an amount of time asks: the last day after, the latest day before, or the earliest day after something."""

Direction = Literal[Counting, "by_date", "order_before", "order_after"]
"""What a limit asks; the last three count nothing."""

Convention = Literal["event_excluded", "clear_days"]
"""Whether the day counted to is merely left out, or full days lie between."""
