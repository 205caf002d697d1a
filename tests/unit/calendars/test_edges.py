"""Where calendars and counts begin and end: the first and the last day, a moment at closing time, a year not arranged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from tests.property.made_calendars import made

from zhengxie_flow.calendars import Notice, OfficeHours, Snapshot
from zhengxie_flow.calendars.checks import check_runs
from zhengxie_flow.calendars.compose import weekly_timeline
from zhengxie_flow.calendars.hours import HourRules, hours_end, hours_interval
from zhengxie_flow.calendars.outlook import Outlook, Pattern
from zhengxie_flow.calendars.precedents import spread_of
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.calendars.union import with_days_off
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.reading.calendars import load

REST = frozenset({5, 6})
MONDAY, FRIDAY = date(2026, 1, 5), date(2026, 12, 18)
ONE, HOUR = timedelta(days=1), timedelta(hours=1)
EAST = timezone(12 * HOUR)
"""A zone in which the day begins while it is still the day before in most others."""


def week(first: date = MONDAY, last: date = FRIDAY) -> Timeline:
    return weekly_timeline("week", REST, first, last)


def test_a_plain_week_says_what_it_is():
    timeline = week()
    assert (timeline.facts.name, timeline.facts.first, timeline.facts.notices) == ("week", MONDAY, ())
    assert timeline.outlook == Outlook(MONDAY)
    assert Snapshot(timeline).is_working_day(MONDAY)


def test_an_end_may_lie_on_the_first_day_and_on_the_last_but_not_outside():
    calendar = Snapshot(week())
    assert calendar.within(MONDAY - ONE, 1, unit="calendar_day").date == MONDAY
    assert calendar.within(FRIDAY - ONE, 1, unit="calendar_day").date == FRIDAY
    for day in (MONDAY - 2 * ONE, FRIDAY):
        with pytest.raises(CalendarError) as refused:
            calendar.within(day, 1, unit="calendar_day")
        assert refused.value.code == "ZX2008"


def test_the_range_of_a_plain_week_is_its_own_answer_from_the_first_day_past_the_last():
    spread = spread_of(week())
    for anchor, days, end in ((MONDAY, 1, MONDAY + ONE), (FRIDAY, 1, FRIDAY + 3 * ONE), (MONDAY, 9, date(2026, 1, 16))):
        assert spread.forward(anchor, days) == (end, end)
    assert spread.backward(MONDAY + 2 * ONE, 2) == (MONDAY, MONDAY)


YEAR = date(2027, 1, 1), date(2027, 12, 30)  # a Friday, a Thursday
ARRANGED: tuple[Pattern, ...] = (
    (1, ((0, False), (1, True))),  # Friday 1 January off, Saturday 2 January worked
    (5, ((2, False),)),  # Monday 3 May, a day off already
    (6, ((1, False),)),  # Wednesday 2 June, worked by a local list
    (7, ((0, False),)),  # Thursday 1 July
    (12, ((29, False), (30, False))),  # Thursday 30 December is the last day, the Friday after it is not answered
)


def arranged(through: date) -> Timeline:
    off, worked = date(2027, 5, 3).toordinal(), date(2027, 6, 2).toordinal()
    notices = (
        Notice("listed", 2027, None, ((off, off),), level="library"),
        Notice("local", 2027, None, (), (worked,), level="province"),
    )
    return replace(week(*YEAR), notices=notices, outlook=Outlook(through, through, ARRANGED))


def test_months_that_nobody_arranged_may_be_arranged_as_those_of_other_years():
    spread = spread_of(arranged(date(2026, 12, 31)))
    may = {
        date.fromordinal(day).isoformat(): {change for _, changes in by for _, change in changes}
        for day, by in spread.flips.items()
    }
    assert may == {"2027-01-01": {-1}, "2027-01-02": {1}, "2027-07-01": {-1}, "2027-12-30": {-1}}
    places = {date.fromordinal(day).month: [place for place, _ in by] for day, by in spread.flips.items()}
    assert places == {1: [0], 7: [6], 12: [11]}
    assert spread.sizes == tuple(3 if month in (1, 5, 6, 7, 12) else 1 for month in range(1, 13))


def test_a_year_that_is_arranged_stays_as_it_is():
    spread = spread_of(arranged(date(2027, 12, 31)))
    assert (spread.flips, spread.sizes) == ({}, ())


@pytest.mark.parametrize("beside", [date(2026, 9, 30), FRIDAY, None])
def test_a_calendar_with_the_days_off_of_another_is_complete_as_long_as_both(beside):
    other = replace(week(), name="other", complete_through=beside)
    together = with_days_off(Snapshot(week()), Snapshot(other)).timeline
    assert together.complete_through == (None if beside == FRIDAY else beside)
    assert together.complete == (beside or FRIDAY)


def test_days_of_work_and_days_taken_back_of_another_calendar_change_nothing():
    monday, saturday = date(2026, 3, 2).toordinal(), date(2026, 3, 7).toordinal()
    other = replace(
        week(), notices=(Notice("o", 2026, None, ((monday, monday),), (saturday,), (monday + 1,), level="library"),)
    )
    own = replace(week(), notices=(Notice("own", 2026, None, ((monday + 1, monday + 1),), level="library"),))
    calendar = with_days_off(Snapshot(own), Snapshot(other))
    days = [calendar.is_working_day(date.fromordinal(monday + n)) for n in range(7)]
    assert days == [False, False, True, True, True, False, False]


@pytest.mark.parametrize(("length", "found"), [(6, 0), (7, 1)])
@pytest.mark.parametrize("side", ["first", "last"])
def test_a_run_of_work_is_measured_from_the_first_day_to_the_last(length, found, side):
    """The last days of 2026 or the first days are worked in a row, the day beside the run is off."""
    country = load("cn").timeline.facts
    first = country.first
    begin = first if side == "first" else date(2026, 3, 9)
    work = tuple(begin.toordinal() + n for n in range(length))
    beside = (begin - ONE).toordinal(), begin.toordinal() + length
    made_up = Notice("made", begin.year, None, tuple((day, day) for day in beside), work, level="country", amends="x")
    facts = replace(country, notices=(*(n for n in country.notices), made_up))
    runs = [problem.params for problem in check_runs(facts, begin.year)]
    wanted = {"first": begin.isoformat(), "last": (begin + (length - 1) * ONE).isoformat(), "days": length, "most": 6}
    assert runs.count(wanted) == found


def test_the_next_full_hour_has_no_seconds():
    start = datetime(2026, 3, 4, 9, 15, 30, 500, tzinfo=EAST)
    rules = HourRules(made(()), EAST, next_hour=True)
    assert hours_end(rules, start, 2, "hour") == datetime(2026, 3, 4, 12, tzinfo=EAST)


SHORT, LONG = (
    date(2026, 3, 3),
    date(2026, 3, 4),
)  # a Tuesday of three hours, a Wednesday of eight and every day after it
OFFICE = made(
    {date(2026, 3, 7), date(2026, 3, 8)},
    "office",
    (
        OfficeHours(time(9), None, SHORT, opens=time(6)),
        OfficeHours(time(14), LONG, date(2026, 3, 6), opens=time(6)),
        OfficeHours(time(10), date(2026, 3, 7), date(2026, 3, 8), opens=time(6)),
        OfficeHours(time(16), date(2026, 3, 9), None, opens=time(6)),
    ),
)


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=EAST)


@pytest.mark.parametrize(("start", "amount", "end"), [
    (moment(3, 8), 1, moment(4, 6, 30)),  # half of three hours: one is left on Tuesday
    (moment(3, 9), 1, moment(4, 10)),  # at closing time: Wednesday is the first day that counts
    (moment(3, 12), 1, moment(4, 10)),
    (moment(7, 7), 1, moment(9, 11)),  # a Saturday: Monday has ten hours
    (moment(4, 7), -1, moment(3, 6)),  # four hours back: one on Wednesday, three on Tuesday
    (moment(4, 6), -1, moment(3, 7, 30)),
])  # fmt: skip
def test_half_a_working_day_is_half_of_the_first_day_that_counts(start, amount, end):
    assert hours_end(HourRules(OFFICE, EAST), start, amount, "half_working_day") == end


@pytest.mark.parametrize("unit", ["working_hour", "half_working_day"])
def test_hours_back_from_a_morning_are_of_the_same_day_where_it_is_the_day_before_elsewhere(unit):
    end = hours_end(HourRules(OFFICE, EAST), moment(5, 11), -1, unit)
    assert end == (moment(5, 10) if unit == "working_hour" else moment(5, 7))


@pytest.mark.parametrize("hour", [6, 20])
def test_the_days_on_which_hours_may_end_are_those_of_the_zone(hour):
    calendar = load("cn", as_of=date(2026, 1, 1))
    start = datetime(2027, 3, 9, hour, tzinfo=EAST)
    rules = HourRules(calendar, EAST, "without_days_off")
    end = hours_end(rules, start.astimezone(UTC), 24, "hour")
    assert hours_interval(rules, start, end, (24, "hour")) == (date(2027, 3, 10), date(2027, 3, 10))
