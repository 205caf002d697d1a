"""Terms in hours around days off, openings and the ends of days, against a walk from quarter to quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import product

import pytest
from tests.property.made_calendars import made

from zhengxie_flow.calendars.hours import HourRules, hours_end, hours_interval, open_spans
from zhengxie_flow.calendars.moments import OfficeHours, add_hours, deemed_day
from zhengxie_flow.errors import CalendarError

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
ZONE = timezone(2 * HOUR)
OFF = frozenset({date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 11), date(2026, 3, 14), date(2026, 3, 15)})
SPANS = ((time(8), time(10)), (time(10, 30), time(12)), (time(13), time(17, 30)))
HOURS = OfficeHours(time(17, 30), opens=time(8), breaks=((time(12), time(13)), (time(10), time(10, 30))))
CALENDAR = made(OFF, "office", (HOURS,))
STARTS = [
    datetime(2026, 3, day, hour, minute, tzinfo=ZONE)
    for day, hour, minute in (
        (6, 0, 0), (6, 7, 45), (6, 8, 0), (6, 10, 0), (6, 10, 15), (6, 17, 0), (6, 17, 30), (6, 23, 45), (7, 0, 0), (8, 12, 30),
        (10, 9, 15), (11, 9, 15), (12, 0, 0),
    )
]  # fmt: skip


def worked(quarter: datetime) -> bool:
    return quarter.date() not in OFF


def opened(quarter: datetime) -> bool:
    return worked(quarter) and any(first <= quarter.time() < last for first, last in SPANS)


def always(_: datetime) -> bool:
    return True


def walk(start: datetime, quarters: int, counts: Callable[[datetime], bool]) -> datetime:
    """The moment when so many quarters that count have passed, on or back."""
    moment, left = start, abs(quarters)
    while left:
        quarter = moment if quarters > 0 else moment - QUARTER
        left -= counts(quarter)
        moment += QUARTER if quarters > 0 else -QUARTER
    return moment


def on_a_working_day(end: datetime, step: timedelta) -> datetime:
    while end.date() in OFF:
        end += step
    return end


AMOUNTS = (1, 2, 5, 9, 24, 31, 50, -1, -2, -5, -9, -24, -31, -50)


@pytest.mark.parametrize("next_hour", [False, True])
@pytest.mark.parametrize("regime", ["elapsed", "rolls", "without_days_off"])
def test_hours_end_where_the_walk_does(regime, next_hour):
    rules = HourRules(CALENDAR, ZONE, regime, next_hour)
    for start, amount in product(STARTS, AMOUNTS):
        begin = start
        if next_hour and amount > 0:
            begin = begin.replace(minute=0) + HOUR
        end = walk(begin, 4 * amount, worked if regime == "without_days_off" else always)
        if regime == "rolls":
            end = on_a_working_day(end, DAY if amount > 0 else -DAY)
        found = hours_end(rules, start, amount, "hour")
        assert found == end, (start, amount)
        assert found.utcoffset() == 2 * HOUR
        assert hours_end(rules, start.astimezone(UTC), amount, "hour").utcoffset() == timedelta(0)
        day = found.date()
        assert hours_interval(rules, start, found, (amount, "hour")) == (day, day)


@pytest.mark.parametrize("amount", [1, 2, 3, 7, 16, -1, -2, -3, -7, -16])
def test_hours_of_an_office_end_where_the_walk_does(amount):
    rules = HourRules(CALENDAR, ZONE)
    for start in STARTS:
        assert hours_end(rules, start, amount, "working_hour") == walk(start, 4 * amount, opened), start
        first = walk(start, 1 if amount > 0 else -1, opened)  # the first quarter that is open
        day = (first - QUARTER if amount > 0 else first).date()
        assert sum(opened(datetime.combine(day, time(), ZONE) + n * QUARTER) for n in range(96)) == 32
        assert hours_end(rules, start, amount, "half_working_day") == walk(start, amount * 16, opened), start


def test_the_open_time_of_a_day_has_no_break_in_it():
    for day in (date(2026, 3, 6), date(2026, 3, 7)):
        spans = [(datetime.combine(day, first, ZONE), datetime.combine(day, last, ZONE)) for first, last in SPANS]
        assert open_spans(HourRules(CALENDAR, ZONE), day) == spans


def test_hours_of_several_seasons_are_those_of_the_day():
    winter = OfficeHours(time(16), None, date(2026, 3, 9), opens=time(9))
    summer = OfficeHours(time(18), date(2026, 3, 10), None, opens=time(8))
    closing = OfficeHours(time(12), date(2026, 3, 10), None)  # says when it closes, not when it opens
    calendar = made(frozenset(), "seasons", (winter, closing, summer))
    rules = HourRules(calendar, ZONE)
    for day, opens, closes in ((date(2026, 3, 9), 9, 16), (date(2026, 3, 10), 8, 18)):
        begin = datetime.combine(day, time(), ZONE)
        assert open_spans(rules, day) == [(begin + opens * HOUR, begin + closes * HOUR)]
    with pytest.raises(CalendarError) as refused:
        open_spans(HourRules(made(frozenset(), "none", (closing,)), ZONE), date(2026, 3, 10))
    assert (refused.value.code, refused.value.params) == ("ZX2070", {"calendar": "none"})


def test_hours_beyond_every_calendar_are_refused():
    start = datetime(2026, 3, 6, 12, tzinfo=ZONE)
    for regime, amount in product(("elapsed", "rolls", "without_days_off"), (10**9, -(10**9))):
        with pytest.raises(CalendarError) as refused:
            hours_end(HourRules(CALENDAR, ZONE, regime), start, amount, "hour")
        assert refused.value.code == "ZX2008"
        if regime == "elapsed":
            params = {"day": start, "n": amount * HOUR, "first": date.min, "last": date.max}
            assert refused.value.params == params


OPEN = made(frozenset({date(2026, 3, 7), date(2026, 3, 8)}), "open")


@pytest.mark.parametrize(("cutoff", "wanted"), [
    (None, 6), (time(17), 7), (time(17, 30), 6), (time(17, 29), 7),
    (OfficeHours(time(17), date(2026, 3, 6), date(2026, 3, 6)), 7), (OfficeHours(time(17), date(2026, 3, 7)), 6),
    (OfficeHours(time(17), None, date(2026, 3, 5)), 6),
    ((OfficeHours(time(17), None, date(2026, 3, 5)), OfficeHours(time(17, 15), date(2026, 3, 6))), 7), ((), 6),
])  # fmt: skip
def test_an_act_after_closing_time_counts_for_the_next_day(cutoff, wanted):
    moment = datetime(2026, 3, 6, 17, 30, tzinfo=ZONE)
    for asked in (moment, moment.astimezone(UTC)):
        assert deemed_day(asked, ZONE, cutoff) == date(2026, 3, wanted)


def test_a_day_is_that_of_the_zone():
    late = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    assert deemed_day(late) == date(2026, 3, 7)  # legal time of China
    assert deemed_day(late, UTC) == date(2026, 3, 6)
    two = [OfficeHours(time(16)), OfficeHours(time(17))]
    with pytest.raises(CalendarError) as refused:
        deemed_day(late, UTC, two)
    params = {"day": date(2026, 3, 6), "first": time(16), "second": time(17)}
    assert (refused.value.code, refused.value.params) == ("ZX2014", params)


def test_a_moment_without_a_zone_is_refused():
    bare = datetime(2026, 3, 6, 12)  # noqa: DTZ001
    for ask in (lambda: deemed_day(bare), lambda: add_hours(bare, 1)):
        with pytest.raises(CalendarError) as refused:
            ask()
        assert (refused.value.code, refused.value.params) == ("ZX2001", {"given": "2026-03-06T12:00:00"})
    for ask in (lambda: deemed_day(bare.date()), lambda: add_hours(bare.date(), 1)):  # type: ignore[arg-type]
        with pytest.raises(CalendarError) as refused:
            ask()
        assert (refused.value.code, refused.value.params) == ("ZX2003", {"given": "datetime.date(2026, 3, 6)"})


@pytest.mark.parametrize("n", [1, 48, -1, -48])
def test_elapsed_hours_keep_the_zone_of_the_moment(n):
    start = datetime(2026, 3, 6, 12, tzinfo=ZONE)
    end = add_hours(start, n)
    assert (end - start, end.tzinfo) == (n * HOUR, ZONE)
    for far in (10**9, -(10**9)):
        with pytest.raises(CalendarError) as refused:
            add_hours(start, far)
        assert refused.value.code == "ZX2008"
        assert refused.value.params == {"day": start, "n": far, "first": date.min, "last": date.max}
