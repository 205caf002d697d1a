"""Counts over a feast whose date is only estimated, and over the last day of a list, against every calendar that may come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from tests.property.made_calendars import LAST, made

from zhengxie_flow.calendars import Notice, Snapshot
from zhengxie_flow.calendars.compose import compose, weekly_timeline
from zhengxie_flow.calendars.difference import RecountedLimit, compare, reproject
from zhengxie_flow.calendars.extremes import extremes, one_more_off
from zhengxie_flow.calendars.precedents import spread_of
from zhengxie_flow.calendars.term import TermRules, count_term
from zhengxie_flow.reading.calendars import load

ONE = timedelta(days=1)
MONDAY, FRIDAY = date(2026, 1, 5), date(2026, 12, 18)
FEAST = date(2026, 3, 11)  # a Wednesday
WEEK = weekly_timeline("week", frozenset({5, 6}), MONDAY, FRIDAY)


def feast(day: date, *, estimated: bool) -> Snapshot:
    number = day.toordinal()
    listed = Notice("list", 2026, None, ((number, number),), level="library")
    return Snapshot(
        replace(WEEK, notices=(listed._replace(estimated=frozenset({number}) if estimated else frozenset()),))
    )


OPEN = feast(FEAST, estimated=True)
WORLDS = [feast(FEAST + place * ONE, estimated=False) for place in (-1, 0, 1)]
ANCHORS = [FEAST + place * ONE for place in range(-6, 7)]


@pytest.mark.parametrize("count", ["event_excluded", "first_day_included", "clear_days"])
@pytest.mark.parametrize("direction", ["forward", "backward", "minimum"])
def test_a_count_is_firm_exactly_where_every_calendar_that_may_come_gives_the_same_day(count, direction):
    for anchor, days in product(ANCHORS, (1, 2, 5, 9)):
        shown, *others = [
            {"forward": calendar.within, "backward": calendar.before, "minimum": calendar.minimum}[direction](
                anchor, days, unit="working_day", count=count
            )
            for calendar in (OPEN, *WORLDS)
        ]
        ends = {other.date for other in others}
        assert (shown.earliest, shown.latest) == (min(ends), max(ends)), (anchor, days)
        assert shown.status == ("firm" if len(ends) == 1 else "provisional"), (anchor, days)


@pytest.mark.parametrize("amount", [1, 3, 20])
def test_a_term_of_its_own_rules_is_firm_where_none_and_all_of_the_open_days_off_give_the_same_day(amount):
    around = Notice("list", 2026, None, (((FEAST - ONE).toordinal(), (FEAST + ONE).toordinal()),), level="library")
    bounds = Snapshot(WEEK), Snapshot(replace(WEEK, notices=(around,)))
    for anchor in ANCHORS:
        found = [
            count_term(TermRules(counted=calendar, rolled=calendar, unit="working_day"), anchor, amount)
            for calendar in (OPEN, *bounds)
        ]
        ends = {other.date for other in found[1:]}
        assert found[0].status == ("firm" if len(ends) == 1 else "provisional"), anchor


def test_the_first_and_the_last_day_of_the_data_are_days_like_others():
    assert WEEK.is_ordinary(MONDAY.toordinal())
    assert not WEEK.is_ordinary(MONDAY.toordinal() - 1)
    fewest, most = extremes(feast(FRIDAY - ONE, estimated=True))
    assert (fewest.is_working_day(FRIDAY), most.is_working_day(FRIDAY)) == (True, False)
    fewest, most = extremes(feast(MONDAY + ONE, estimated=True))
    assert (fewest.is_working_day(MONDAY), most.is_working_day(MONDAY)) == (True, False)


def test_a_list_answers_for_its_last_day_and_not_for_the_next():
    wednesday = date(2026, 3, 4)
    until = replace(WEEK, complete_through=wednesday)
    spread = spread_of(until)
    assert spread.forward(wednesday - ONE, 1) == (wednesday, wednesday)
    assert spread.forward(wednesday, 1) == (wednesday + ONE, wednesday + 2 * ONE)
    for near, day in ((MONDAY, wednesday + ONE), (wednesday + 3 * ONE, wednesday + 5 * ONE)):
        (likely,) = one_more_off(Snapshot(until), near)
        off = [MONDAY + n * ONE for n in range(100) if not likely.is_working_day(MONDAY + n * ONE)]
        assert [other for other in off if other.weekday() < 5] == [day]
    (likely,) = one_more_off(Snapshot(replace(WEEK, complete_through=MONDAY - ONE)), MONDAY)
    assert not likely.is_working_day(MONDAY)


@pytest.mark.parametrize("place", range(4))
def test_what_a_notice_says_is_settled_up_to_the_firm_horizon_and_open_after_it(place):
    """A notice gives a day off around the last firm day of its year, a day on which other years may work."""
    country = load("cn").timeline.facts
    *_, latest = (notice for notice in country.notices if notice.year == 2026)
    firm = compose(country, date(2026, 1, 1)).firm_through
    day = firm + (place - 2) * ONE
    added = Notice("n", 2026, date(2025, 12, 1), ((day.toordinal(), day.toordinal()),), amends=latest.number)
    known = tuple(notice for notice in country.notices if notice.year < 2027)
    calendar = Snapshot(compose(replace(country, notices=(*known, added))))
    assert (day.weekday() < 5, calendar.is_working_day(day)) == (True, False)
    fewest, most = extremes(calendar)
    assert not most.is_working_day(day) or day > firm
    assert fewest.is_working_day(day) is (day > firm)


OLD, NEW = load("cn", as_of=date(2024, 6, 1)), load("cn", as_of=date(2026, 1, 1))
DIFFERENCE = compare(OLD, NEW)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_limit_that_moved_names_the_notices_of_the_days_between_its_ends_alone(direction):
    assert len(DIFFERENCE.instruments) > 1
    seen = set()
    for change in DIFFERENCE.changes:
        for place, days in product((-9, -4, -1, 0, 1, 4, 9), (1, 3, 6)):
            limit = RecountedLimit("x", direction, change.date + place * ONE, days)
            for move in reproject([limit], DIFFERENCE, date(2024, 6, 1)):
                ends = [limit.anchor, move.new.date, *([move.old.date] if move.old else [])]
                inside = [entry for entry in DIFFERENCE.changes if min(ends) <= entry.date <= max(ends)]
                named = tuple(dict.fromkeys(entry.now.instrument for entry in inside if entry.now.instrument))
                assert move.instruments == (named or DIFFERENCE.instruments)
                seen.add(move.instruments)
    assert len(seen) > 1


def test_the_last_days_that_both_answer_are_compared():
    for day in (LAST, LAST - ONE, LAST - 2 * ONE):
        (change,) = compare(made(()), made({day})).changes
        assert change.date == day
