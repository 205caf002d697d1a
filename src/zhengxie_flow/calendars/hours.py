"""Terms in hours: elapsed, without those of days off, or while an office is open; and where they end on a day off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, assert_never

from zhengxie_flow.calendars.extremes import extremes, one_more_off
from zhengxie_flow.calendars.moments import CHINA_TIME, OfficeHours
from zhengxie_flow.errors import CalendarError

if TYPE_CHECKING:
    from zhengxie_flow.calendars.snapshot import Snapshot
    from zhengxie_flow.model.convention import HourRegime
    from zhengxie_flow.model.counting import InstantUnit

__all__ = ["HourRules", "hours_end", "hours_interval", "open_spans"]

HOUR = timedelta(hours=1)
ONE = timedelta(days=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class HourRules:
    """The rules by which hours are counted.

    Attributes:
        calendar: The calendar whose days off, and whose opening hours, count.
        zone: The zone of its days.
        regime: What becomes of the hours of days off, and of an end on one.
        next_hour: Whether they run from the next full hour; the hour of the event is then left out.
    """

    calendar: Snapshot
    zone: tzinfo = CHINA_TIME
    regime: HourRegime = "elapsed"
    next_hour: bool = False


def hours_end(rules: HourRules, start: datetime, amount: int, unit: InstantUnit) -> datetime:
    """The instant at which a term in hours ends.

    Args:
        rules: The rules of counting.
        start: The instant of the event, with its zone.
        amount: The units; negative to count back.
        unit: ``hour``; ``working_hour``, inside opening hours; ``half_working_day``, half the opening time of the first
            day that counts.

    Raises:
        CalendarError: ZX2070 where the calendar has no opening hours and they are counted, ZX2008 outside the data.
    """
    begin = _next_hour(start.astimezone(rules.zone)) if rules.next_hour and amount > 0 else start
    match unit:
        case "hour":
            end = _elapsed(rules, begin, amount * HOUR)
        case "working_hour":
            end = _walk(_open(rules, begin, forward=amount > 0), abs(amount) * HOUR, forward=amount > 0)
        case "half_working_day":
            end = _halves(rules, begin, amount)
        case _:
            assert_never(unit)
    return end.astimezone(start.tzinfo)


def hours_interval(
    rules: HourRules, start: datetime, end: datetime, asked: tuple[int, InstantUnit]
) -> tuple[date, date]:
    """The earliest and the latest day on which a term in hours may end by what may still change.

    Args:
        rules: The rules of counting.
        start: The instant of the event.
        end: The instant at which it ends by what is known.
        asked: The amount and the unit, as of `hours_end`.
    """
    days = [moment.astimezone(rules.zone).date() for moment in (start, end)]
    first, last, day = min(days), max(days), days[1]
    asks = asked[1] != "hour" or rules.regime != "elapsed"
    if not asks or not rules.calendar.may_change(first - ONE, last):
        return day, day
    possible = [day]
    for calendar in extremes(rules.calendar):
        for likely in (calendar, *one_more_off(calendar, day)):
            moment = hours_end(replace(rules, calendar=likely), start, *asked)
            possible.append(moment.astimezone(rules.zone).date())
    return min(possible), max(possible)


def _next_hour(moment: datetime) -> datetime:
    """The next full hour of local time; an hour that comes twice where clocks change is the next one after itself."""
    return (moment.replace(minute=0, second=0, microsecond=0).astimezone(UTC) + HOUR).astimezone(moment.tzinfo)


def _elapsed(rules: HourRules, start: datetime, length: timedelta) -> datetime:
    regime = rules.regime
    try:
        match regime:
            case "elapsed":
                return start.astimezone(UTC) + length
            case "rolls":
                return _off_days_off(rules, start.astimezone(UTC) + length, forward=length > timedelta(0))
            case "without_days_off":
                forward = length > timedelta(0)
                return _walk(_working_time(rules, start, forward=forward), abs(length), forward=forward)
            case _:
                assert_never(regime)
    except OverflowError:
        raise CalendarError("ZX2008", day=start, n=length, first=date.min, last=date.max) from None


def _off_days_off(rules: HourRules, end: datetime, *, forward: bool) -> datetime:
    """The same time of day on the next working day (counting back: the one before), where an end is on a day off."""
    local = end.astimezone(rules.zone)
    if rules.calendar.is_working_day(local.date()):
        return end
    day = rules.calendar.add(local.date(), 1 if forward else -1)
    return datetime.combine(day, local.time(), rules.zone)


def _working_time(rules: HourRules, start: datetime, *, forward: bool) -> Iterator[Span]:
    """The time of working days from a moment on, or back from it, midnight to midnight."""
    day = start.astimezone(rules.zone).date()
    while True:
        if rules.calendar.is_working_day(day):
            first = datetime.combine(day, time(), rules.zone)
            last = datetime.combine(day + ONE, time(), rules.zone)
            yield from _clipped((first, last), start, forward=forward)
        day += ONE if forward else -ONE


def open_spans(rules: HourRules, day: date) -> list[Span]:
    """The time during which an office is open on a day, without its breaks.

    Raises:
        CalendarError: ZX2070 where the calendar says on no day when it opens.
    """
    opening = [entry for entry in rules.calendar.office_hours if entry.opens is not None]
    if not opening:
        raise CalendarError("ZX2070", calendar=rules.calendar.name)
    times = (span for entry in opening if entry.covers(day) for span in _open_times(entry))
    zone = rules.zone
    return [(datetime.combine(day, first, zone), datetime.combine(day, last, zone)) for first, last in times]


def _open_times(hours: OfficeHours) -> Iterator[tuple[time, time]]:
    begin = hours.opens or time()
    for first, last in sorted(hours.breaks):
        yield begin, first
        begin = last
    yield begin, hours.closes


def _open(rules: HourRules, start: datetime, *, forward: bool) -> Iterator[Span]:
    """The time during which the office is open, from a moment on or back from it."""
    day = start.astimezone(rules.zone).date()
    while True:
        if rules.calendar.is_working_day(day):
            spans = open_spans(rules, day)
            for span in spans if forward else reversed(spans):
                yield from _clipped(span, start, forward=forward)
        day += ONE if forward else -ONE


def _clipped(span: Span, start: datetime, *, forward: bool) -> Iterator[Span]:
    first, last = span
    first, last = (max(first, start), last) if forward else (first, min(last, start))
    if first < last:
        yield first, last


def _walk(spans: Iterator[Span], length: timedelta, *, forward: bool) -> datetime:
    """The moment at which the time in some spans comes to a length."""
    for first, last in spans:
        begin, end = (
            first.astimezone(UTC),
            last.astimezone(UTC),
        )  # local time is off where clocks change
        if length <= end - begin:
            return begin + length if forward else end - length
        length -= end - begin
    raise AssertionError  # the spans end with the calendar's data, which raises


def _halves(rules: HourRules, start: datetime, amount: int) -> datetime:
    forward = amount > 0
    day = start.astimezone(rules.zone).date()
    while not (rules.calendar.is_working_day(day) and list(_clipped_day(rules, day, start, forward=forward))):
        day += ONE if forward else -ONE
    whole = sum((last - first for first, last in open_spans(rules, day)), timedelta())
    return _walk(_open(rules, start, forward=forward), abs(amount) * whole / 2, forward=forward)


def _clipped_day(rules: HourRules, day: date, start: datetime, *, forward: bool) -> Iterator[Span]:
    for span in open_spans(rules, day):
        yield from _clipped(span, start, forward=forward)
