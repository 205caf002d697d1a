"""Days of rest, and counting by stepping from day to day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

ONE = timedelta(days=1)

Unit = Literal["working_day", "calendar_day", "week", "month", "year"]
Convention = Literal["event_excluded", "first_day_included", "clear_days"]
Roll = Literal["next", "none", "previous"]


@dataclass(frozen=True)
class OfficeDays:
    """The days on which the office is closed, as a plain set; every other day is a working day."""

    closed: frozenset[date]

    def works(self, day: date) -> bool:
        return day not in self.closed


@dataclass(frozen=True)
class Calendar:
    """A calendar, and what may still become of it where a notice is not out yet.

    ``shown`` is the one that is shown; ``fewest`` and ``most`` have the fewest and the most days of rest still possible.
    """

    shown: OfficeDays
    fewest: OfficeDays
    most: OfficeDays

    @property
    def settled(self) -> bool:
        return self.fewest == self.most


def settled(closed: frozenset[date]) -> Calendar:
    """A calendar whose notices are all out."""
    days = OfficeDays(closed)
    return Calendar(days, days, days)


def weekends(first: date, last: date) -> frozenset[date]:
    """Every Saturday and Sunday from one day to another."""
    days = set()
    day = first
    while day <= last:
        if day.weekday() >= 5:
            days.add(day)
        day += ONE
    return frozenset(days)


@dataclass(frozen=True)
class Counting:
    """Way of counting: its unit, the convention, and whether a month's last day leads to a month's last day."""

    unit: Unit
    convention: Convention = "event_excluded"
    keep_month_end: bool = False


def month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def months_away(day: date, months: int) -> tuple[date, bool]:
    """The last day of the month that lies some months away, and whether that month has a day of the same number."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    last = monthrange(year, month)[1]
    return date(year, month, last), day.day <= last


def corresponding(day: date, months: int, *, keep: bool) -> date:
    """Rule 6: the day of the same number, else the month's last; with ``keep`` a last day leads to a last day."""
    last, has_it = months_away(day, months)
    if not has_it or (keep and day.day == month_length(day)):
        return last
    return last.replace(day=day.day)


def advance(day: date, amount: int, counting: Counting, office: OfficeDays) -> date:
    """Some units on from a day (back, if fewer than none): the day itself is not counted."""
    step = ONE if amount >= 0 else -ONE
    left = abs(amount)
    if counting.unit in ("month", "year"):
        months = amount * (12 if counting.unit == "year" else 1)
        return corresponding(day, months, keep=counting.keep_month_end)
    if counting.unit == "week":  # Rule 6: a week is seven calendar days.
        left *= 7
    while left:
        day += step
        # Is it a day that this limit counts?  Then count one.
        if counting.unit != "working_day" or office.works(day):
            left -= 1
    return day


def counted(anchor: date, amount: int, counting: Counting, office: OfficeDays) -> date:
    """The day to which an amount leads from its anchor by a convention (rule 6); backward if the amount is negative."""
    step = ONE if amount > 0 else -ONE
    if counting.convention == "clear_days":
        # That many full units lie between: one more working day, or the day after so many units of any other kind.
        if counting.unit == "working_day":
            return advance(anchor, amount + (1 if amount > 0 else -1), counting, office)
        return advance(anchor, amount, counting, office) + step
    if counting.convention == "first_day_included":
        return first_day_included(anchor, amount, counting, office)
    return advance(anchor, amount, counting, office)


def first_day_included(anchor: date, amount: int, counting: Counting, office: OfficeDays) -> date:
    """Rule 6: the anchor's day, or the first working day from it, is day 1."""
    step = ONE if amount > 0 else -ONE
    if counting.unit in ("month", "year"):
        months = amount * (12 if counting.unit == "year" else 1)
        end = corresponding(anchor, months, keep=counting.keep_month_end)
        _, has_it = months_away(anchor, months)
        return end - step if has_it or amount < 0 else end
    day, left = anchor, abs(amount) * (7 if counting.unit == "week" else 1)
    while True:
        if counting.unit != "working_day" or office.works(day):
            left -= 1
        if left == 0:
            return day
        day += step


def rolled(day: date, roll: Roll, office: OfficeDays) -> date:
    """Rule 6: off a day of rest, to the next working day or to the one before."""
    while roll != "none" and not office.works(day):
        day += ONE if roll == "next" else -ONE
    return day
