"""Calendar days, weeks, months and years; validation of days and amounts."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Never

from zhengxie_flow.errors import CalendarError

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhengxie_flow.model.counting import CalendarUnit, Convention, LongUnit

__all__ = ["civil_day", "counted", "including", "shift", "whole_amount"]


def civil_day(value: Any) -> date:
    """Validate a civil day.

    Args:
        value: a `datetime.date`.

    Returns:
        The day, as a plain `datetime.date`.

    Raises:
        CalendarError: ZX2001 for an instant without a zone, ZX2002 for an instant with one (its civil day depends on
            zone and office hours: use `deemed_day`), ZX2003 for any other type.
    """
    if type(value) is date:
        return value
    if isinstance(value, datetime):
        raise CalendarError("ZX2001" if value.tzinfo is None else "ZX2002", given=value.isoformat())
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    raise CalendarError("ZX2003", given=repr(value))


def whole_amount(n: Any, *, negative: bool = False) -> int:
    """Validate a number of units.

    Args:
        n: the number.
        negative: whether it may be negative.

    Raises:
        CalendarError: ZX2004 for nought, ZX2005 for anything but a whole number, ZX2006 for a negative number.
    """
    if isinstance(n, bool) or not isinstance(n, int):
        raise CalendarError("ZX2005", given=repr(n))
    if n == 0:
        raise CalendarError("ZX2004")
    if n < 0 and not negative:
        raise CalendarError("ZX2006", given=n)
    return n


def shift(day: date, n: int, unit: LongUnit) -> date:
    """``n`` calendar days, weeks, half months, months or years from a day.

    A month ends on the corresponding day, or on its last day where there is none (Civil Code art. 202).

    Raises:
        CalendarError: ZX2008 past the end of the Gregorian calendar, ZX2011 for another unit.

    Examples:
        >>> shift(date(2026, 1, 31), 1, "month")
        datetime.date(2026, 2, 28)
    """
    try:
        match unit:
            case "calendar_day":
                return day + timedelta(days=n)
            case "week":
                return day + timedelta(weeks=n)
            case "half_month":  # whole months first, then fifteen days (BGB § 189)
                whole, half = divmod(abs(n), 2)
                sign = 1 if n > 0 else -1
                return _months(day, sign * whole) + timedelta(days=sign * HALF_MONTH * half)
            case "month":
                return _months(day, n)
            case "year":
                return _months(day, 12 * n)
            case _:
                raise _unknown_unit(unit)
    except (OverflowError, ValueError):
        raise CalendarError("ZX2008", day=day, first=date.min, last=date.max) from None


HALF_MONTH = 15
"""The days of half a month."""


def including(day: date, n: int, unit: LongUnit) -> date:
    """The last of n calendar units whose first day is a day itself (back from it when negative).

    A term of months ends on the day before the corresponding one, or on the month's last day where there is none
    (BGB § 188(2), (3)).

    Examples:
        >>> including(date(2026, 4, 1), 2, "week"), including(date(2026, 1, 31), 1, "month")
        (datetime.date(2026, 4, 14), datetime.date(2026, 2, 28))
    """
    step = 1 if n > 0 else -1
    if unit in ("calendar_day", "week"):
        return shift(shift(day, -step, "calendar_day"), n, unit)
    if unit == "half_month":  # whole months first, then fifteen days from where they end
        whole, half = divmod(abs(n), 2)
        end = including(day, step * whole, "month") if whole else shift(day, -step, "calendar_day")
        return shift(end, step * HALF_MONTH * half, "calendar_day")
    end = shift(day, n, unit)
    clamped = n > 0 and end.day < day.day
    return end if clamped else shift(end, -step, "calendar_day")


def counted(add: Callable[[date, int], date], day: date, n: int, counting: tuple[CalendarUnit, Convention]) -> date:
    """The n-th unit after a day (before it when negative), by a convention; it never rolls.

    Args:
        add: gives the n-th working day after a day.
        day: the day counted from.
        n: the number of units.
        counting: the unit and the convention.

    Raises:
        CalendarError: ZX2012 for an unknown convention.
    """
    unit, convention = counting
    step = 1 if n > 0 else -1
    match convention:
        case "event_excluded":
            return add(day, n) if unit == "working_day" else shift(day, n, unit)
        case "clear_days":
            return add(day, n + step) if unit == "working_day" else shift(shift(day, n, unit), step, "calendar_day")
        case "first_day_included":
            return add(shift(day, -step, "calendar_day"), n) if unit == "working_day" else including(day, n, unit)
        case _:
            raise _unknown_convention(convention)


def _months(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _unknown_unit(unit: Never) -> CalendarError:
    """The end of a match over units, for programs that are not type-checked."""
    return CalendarError("ZX2011", given=unit)


def _unknown_convention(convention: Never) -> CalendarError:
    return CalendarError("ZX2012", given=convention)
