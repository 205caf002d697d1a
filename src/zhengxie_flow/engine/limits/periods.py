"""Periods of the civil calendar: the one that a text names, and its last day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

from zhengxie_flow.calendars.arithmetic import shift
from zhengxie_flow.model.counting import MONTHS, Period

_NAMED = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:(?P<month>0[1-9]|1[0-2])(?:-\d\d(?:T[\d:.+Z-]{1,30})?)?|Q(?P<quarter>[1-4])|H(?P<half_year>[12])))?",
    re.ASCII,
)

_SHORTER: tuple[Period, ...] = ("month", "quarter", "half_year")


def first_day(period: Period, day: date) -> date:
    """Return the first day of the period that a day lies in.

    Example:
        >>> first_day("quarter", date(2026, 5, 20))
        datetime.date(2026, 4, 1)
    """
    months = MONTHS[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def last_day(period: Period, day: date) -> date:
    """Return the last day of the period that a day lies in.

    Example:
        >>> last_day("year", date(2026, 5, 20))
        datetime.date(2026, 12, 31)
    """
    month = shift(first_day(period, day), MONTHS[period] - 1, "month")
    return month.replace(day=monthrange(month.year, month.month)[1])


def named_start(period: Period, value: Any) -> date | None:
    """Return the first day of the period that a value names; None where it names none, or several.

    Args:
        period: How long the period is.
        value: A day in it, or ``2026``, ``2026-03``, ``2026-Q1``, ``2026-H1``.

    Example:
        >>> named_start("half_year", "2026-Q4"), named_start("month", "2026-Q4")
        (datetime.date(2026, 7, 1), None)
    """
    match = None if value is None else _NAMED.fullmatch(str(value))
    if match is None or (year := int(match["year"])) < date.min.year:
        return None
    of: Period = next((shorter for shorter in _SHORTER if match[shorter] is not None), "year")
    if MONTHS[of] > MONTHS[period]:
        return None
    place = (int(match[of]) - 1) * MONTHS[of] if of != "year" else 0
    return first_day(period, date(year, place + 1, 1))
