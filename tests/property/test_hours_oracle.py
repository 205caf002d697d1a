"""Terms in hours against a walk from minute to minute that shares no code with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st
from tests.property.made_calendars import made
from tests.support import tries

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.hours import HourRules, hours_end
from zhengxie_flow.calendars.moments import OfficeHours
from zhengxie_flow.errors import CalendarError

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata")]
CHANGES = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 7), (3, 28), (10, 24), (10, 31))]
"""The days before clocks change, here or there."""

moments = st.builds(
    lambda day, minutes: day + minutes * MINUTE,
    st.sampled_from([*CHANGES, datetime(2026, 6, 11, tzinfo=UTC)]),
    st.integers(0, 4 * 24 * 60),
)
BEGINS = [date(2026, month, day) for month, day in ((3, 5), (3, 26), (6, 10), (10, 22), (10, 29))]
offs = st.frozensets(st.sampled_from([begin + later * DAY for begin in BEGINS for later in range(9)]), max_size=20)


class Minutes:
    """The minutes after a moment, or before it, told apart by the time of the place."""

    def __init__(self, zone: ZoneInfo, off: frozenset[date], opening: tuple[tuple[time, time], ...] = ()) -> None:
        self.zone, self.off, self.opening = zone, off, opening

    def local(self, minute: datetime) -> datetime:
        """The time of the place at the beginning of a minute."""
        return minute.astimezone(self.zone)

    def worked(self, minute: datetime) -> bool:
        return self.local(minute).date() not in self.off

    def open(self, minute: datetime) -> bool:
        at = self.local(minute)
        return at.date() not in self.off and any(first <= at.time() < last for first, last in self.opening)

    def walk(self, start: datetime, number: int, counts: Callable[[datetime], bool], *, forward: bool) -> datetime:
        """The moment at which so many minutes that count have passed."""
        moment = start.astimezone(UTC)
        while number:
            minute = moment if forward else moment - MINUTE
            number -= counts(minute)
            moment += MINUTE if forward else -MINUTE
        return moment

    def next_hour(self, start: datetime) -> datetime:
        """The next full hour of the place."""
        moment = start.astimezone(UTC) + MINUTE
        while self.local(moment).minute:
            moment += MINUTE
        return moment

    def off_days_off(self, end: datetime, *, forward: bool) -> datetime:
        """The same time of day on a working day."""
        at = self.local(end)
        if at.date() not in self.off:
            return end
        day = at.date()
        while day in self.off:
            day += DAY if forward else -DAY
        return datetime.combine(day, at.time(), self.zone).astimezone(UTC)

    def half_day(self, start: datetime, amount: int, *, forward: bool) -> datetime:
        """Halves of the opening time of the first day that has any left."""
        minute = start.astimezone(UTC)
        step = MINUTE if forward else -MINUTE
        while not self.open(minute if forward else minute - MINUTE):
            minute += step
        first = self.local(minute if forward else minute - MINUTE).date()
        begin = datetime.combine(first, time(), self.zone).astimezone(UTC)
        whole = sum(self.open(begin + place * MINUTE) for place in range(25 * 60) if self.local(begin + place * MINUTE).date() == first)  # fmt: skip
        return self.walk(start, amount * whole // 2, self.open, forward=forward)


@settings(max_examples=tries(40), deadline=None)
@given(
    moments,
    st.integers(1, 80) | st.integers(-80, -1),
    st.sampled_from(("elapsed", "without_days_off", "rolls")),
    st.booleans(),
    st.sampled_from(ZONES),
    offs,
)
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 1, "elapsed", True, ZoneInfo("Europe/Berlin"), frozenset())
@example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 1, "elapsed", True, ZoneInfo("Europe/Berlin"), frozenset())
def test_hours_end_where_the_minutes_do(start, amount, regime, next_hour, zone, off):
    forward, minutes = amount > 0, Minutes(zone, off)
    begin = minutes.next_hour(start) if next_hour and forward else start
    counts = minutes.worked if regime == "without_days_off" else lambda _minute: True
    end = minutes.walk(begin, 60 * abs(amount), counts, forward=forward)
    if regime == "rolls":
        end = minutes.off_days_off(end, forward=forward)
    rules = HourRules(made(off), zone, regime, next_hour)
    assert hours_end(rules, start, amount, "hour") == end
    assert hours_end(rules, start.astimezone(ZoneInfo("Pacific/Auckland")), amount, "hour") == end


QUARTERS = [time(hour, minute) for hour in range(7, 20) for minute in (0, 30)]


@st.composite
def openings(draw: st.DrawFn) -> tuple[OfficeHours, tuple[tuple[time, time], ...]]:
    """Opening hours with breaks, and the spans between them."""
    times = sorted(draw(st.lists(st.sampled_from(QUARTERS), min_size=2, max_size=6, unique=True)))
    times = times[: len(times) // 2 * 2]
    breaks = list(zip(times[1:-1:2], times[2:-1:2], strict=True))
    hours = OfficeHours(times[-1], opens=times[0], breaks=tuple(draw(st.permutations(breaks))))
    return hours, tuple(zip(times[::2], times[1::2], strict=True))


@settings(max_examples=tries(40), deadline=None)
@given(
    moments,
    st.integers(1, 12) | st.integers(-12, -1),
    st.sampled_from(("working_hour", "half_working_day")),
    st.sampled_from(ZONES),
    offs,
    openings(),
)
def test_hours_of_an_office_end_where_the_minutes_do(start, amount, unit, zone, off, opening):
    hours, spans = opening
    weekends = frozenset(date(2026, 1, 3) + k * DAY for k in range(365) if k % 7 in (0, 1))
    minutes, forward = Minutes(zone, off | weekends, spans), amount > 0
    if unit == "working_hour":
        end = minutes.walk(start, 60 * abs(amount), minutes.open, forward=forward)
    else:
        end = minutes.half_day(start, abs(amount), forward=forward)
    rules = HourRules(made(off | weekends, hours=(hours,)), zone)
    assert hours_end(rules, start, amount, unit) == end


@settings(max_examples=tries(25), deadline=None)
@given(moments, st.integers(1, 30), st.sampled_from(ZONES), offs, offs, openings(), st.data())
def test_more_hours_are_never_earlier_and_more_days_off_never_either(start, amount, zone, off, more, opening, data):
    unit, regime = data.draw(
        st.sampled_from([("hour", "elapsed"), ("hour", "rolls"), ("hour", "without_days_off"), ("working_hour", "elapsed"), ("half_working_day", "elapsed")])
    )  # fmt: skip
    rules = HourRules(made(off, hours=opening[:1]), zone, regime)
    longer = HourRules(made(off | more, hours=opening[:1]), zone, regime)
    end = hours_end(rules, start, amount, unit)
    assert end <= hours_end(rules, start, amount + 1, unit)
    assert end <= hours_end(longer, start, amount, unit)
    assert hours_end(rules, start, -amount - 1, unit) <= hours_end(rules, start, -amount, unit) <= start


def seasons() -> Snapshot:
    """An office with other hours in summer, and none in winter."""
    summer = OfficeHours(time(17), date(2026, 6, 1), date(2026, 8, 31), opens=time(8), breaks=((time(12), time(13)),))
    spring = OfficeHours(time(16), date(2026, 3, 1), date(2026, 5, 31), opens=time(9))
    return made(frozenset(), hours=(spring, summer))


def test_hours_follow_the_season():
    rules = HourRules(seasons())
    start = datetime.fromisoformat("2026-05-31T14:00+08:00")
    assert hours_end(rules, start, 3, "working_hour") == datetime.fromisoformat("2026-06-01T09:00+08:00")
    assert hours_end(rules, start, 1, "half_working_day") == datetime.fromisoformat("2026-06-01T09:30+08:00")


@pytest.mark.parametrize("unit", ["working_hour", "half_working_day"])
def test_a_term_without_an_open_office_ends_outside_the_data(unit):
    start = datetime.fromisoformat("2026-08-31T16:30+08:00")
    with pytest.raises(CalendarError) as refused:
        hours_end(HourRules(seasons()), start, 4, unit)
    assert refused.value.code == "ZX2008"
    with pytest.raises(CalendarError) as refused:
        hours_end(HourRules(made(frozenset())), start, 4, unit)
    assert refused.value.code == "ZX2070"


@pytest.mark.parametrize("regime", ["elapsed", "rolls", "without_days_off"])
@pytest.mark.parametrize("amount", [10**6, -(10**6), 10**9])
def test_hours_past_the_data_are_refused_with_a_code(regime, amount):
    assume_hours: Any = regime
    rules = HourRules(made(frozenset()), ZONES[0], assume_hours)
    start = datetime.fromisoformat("2026-08-31T16:30+08:00")
    try:
        end = hours_end(rules, start, amount, "hour")
    except CalendarError as refused:
        assert refused.code == "ZX2008"
    else:
        assert regime == "elapsed"
        assert abs(end - start) == abs(amount) * HOUR
