"""The days that estimated feasts leave open, by looking at every day, and what is certain because of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.difference import MovedLimit, RecountedLimit, compare, reproject
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.model.counting import Counting
from zhengxie_flow.reading.calendars import load

ONE = timedelta(days=1)
COUNTRIES = ("AE", "ID", "MY", "SG", "TR", "MV")


@pytest.fixture(scope="module", params=COUNTRIES)
def timeline(request: pytest.FixtureRequest) -> Timeline:
    return load(request.param).timeline


def test_a_feast_leaves_open_the_days_of_work_of_its_days_and_on_both_sides(timeline: Timeline) -> None:
    near = {day + side for day in timeline.estimated for side in (-1, 0, 1)} - timeline.certain
    days = range(timeline.first.toordinal(), timeline.last.toordinal() + 1)
    ordinary = {day for day, worked in zip(days, timeline.weekly, strict=True) if worked}
    assert list(timeline.open_days) == sorted(near & ordinary)
    assert timeline.open_days
    for edge in (days[0], days[-1]):
        assert timeline.is_ordinary(edge) is (edge in ordinary)
    assert not timeline.is_ordinary(days[0] - 1)
    assert not timeline.is_ordinary(days[-1] + 1)


def test_what_comes_before_the_first_open_feast_is_settled(timeline: Timeline) -> None:
    first = date.fromordinal(timeline.open_days[0])
    assert timeline.settled_through == min(timeline.firm_through, first - ONE)
    assert timeline.outlook is not None
    later = [day for day in timeline.open_days if day > timeline.outlook.kept_through.toordinal()]
    ends = [timeline.last, timeline.complete_through, timeline.outlook.arranged_through]
    ends += [date.fromordinal(later[0]) - ONE] if later else []
    assert timeline.horizon == min(end for end in ends if end is not None)


def test_a_run_of_days_off_ends_where_work_begins(timeline: Timeline) -> None:
    calendar = Snapshot(timeline)
    day = timeline.first
    while day < timeline.first + 400 * ONE:
        if not calendar.is_working_day(day):
            low = high = day
            while low > timeline.first and not calendar.is_working_day(low - ONE):
                low -= ONE
            while not calendar.is_working_day(high + ONE):
                high += ONE
            assert timeline.run_off(day.toordinal()) == (low.toordinal(), high.toordinal())
        day += ONE


OLD, NEW = load("cn", as_of=date(2025, 6, 1)), load("cn", as_of=date(2026, 1, 1))
DIFFERENCE = compare(OLD, NEW)
CHANGED = [change.date for change in DIFFERENCE.changes]
DIRECTIONS: tuple[Counting, ...] = ("forward", "backward", "minimum", "earliest")


def moved(anchor: date, days: int, direction: Counting = "forward", today: date = date(2025, 1, 1)) -> list[MovedLimit]:
    return list(reproject([RecountedLimit("x", direction, anchor, days)], DIFFERENCE, today))


def test_all_days_that_both_lists_answer_are_compared() -> None:
    first, last = max(OLD.first, NEW.first), min(OLD.last, NEW.last)
    days = [first + n * ONE for n in range((last - first).days + 1)]
    assert [day for day in days if OLD.is_working_day(day) is not NEW.is_working_day(day)] == CHANGED
    assert CHANGED


@pytest.mark.parametrize("place", range(0, len(CHANGED), 3))
def test_a_limit_that_moved_names_the_instruments_of_the_changes_from_its_anchor_to_its_later_day(place: int) -> None:
    day = CHANGED[place]
    for anchor in (day - 3 * ONE, day - ONE, day):
        for move in moved(anchor, 2):
            assert move.old is not None
            ends = (move.old.date, move.new.date, anchor)
            inside = [change for change in DIFFERENCE.changes if min(ends) <= change.date <= max(ends)]
            named = tuple(dict.fromkeys(change.now.instrument for change in inside if change.now.instrument))
            assert move.instruments == (named or DIFFERENCE.instruments)


def test_a_window_that_opens_earlier_warns_nobody() -> None:
    late = date(2030, 1, 1)
    seen = set()
    for day in CHANGED:
        for direction in ("forward", "backward", "minimum", "earliest"):
            for move in moved(day + (2 if direction == "forward" else 9) * ONE, 8, direction, late):
                seen.add(direction)
                assert ("past" in move.warnings) is (direction in ("forward", "backward"))
    assert seen >= {"forward", "backward", "earliest"}
