"""Stops of one clock united: every pair and many triples of them, against the places in time that they hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from random import Random

import pytest

from zhengxie_flow.engine.limits.suspensions import OPEN_END, ClockStop, united, whole
from zhengxie_flow.model.case import Key

PLACES: list[Key] = [(date(2026, 3, day), order) for day in range(1, 5) for order in (1, 2)]
"""Two places on each of four days, in order."""
LAST = len(PLACES)
STOPS = [*combinations(range(LAST), 2), *((begin, LAST) for begin in range(LAST))]
"""Stops by the numbers of their places; one without an end goes on."""
Numbers = tuple[int, int]


def stop(numbers: Numbers) -> ClockStop:
    begin, end = numbers
    return ClockStop(PLACES[begin], OPEN_END if end == LAST else PLACES[end])


def numbered(place: Key) -> int:
    return LAST if place == OPEN_END else PLACES.index(place)


def day_of(number: int) -> date:
    return date.max if number == LAST else PLACES[number][0]


def held(stops: list[Numbers], start: int, until: int) -> set[int]:
    """The places at which the clock stands still: after a beginning up to and including its end, none before the start."""
    return {
        place
        for begin, end in stops
        if begin < until and day_of(end) > day_of(start)
        for place in range(max(begin, start) + 1, end + 1)
    }


def acts_behind(stops: list[Numbers], start: int, until: int) -> list[tuple[int | None, bool]]:
    """For each stop that holds days of its own, its own beginning where they begin later, and whether it prolongs another."""
    found: list[tuple[int | None, bool]] = []
    reach = -1
    for begin, end in stops:
        if begin < until and day_of(end) > day_of(start) and end > reach:
            prolongs = max(begin, start) <= reach
            found.append((begin if prolongs or begin < start else None, prolongs))
            reach = end
    return found


def stories() -> Iterator[list[Numbers]]:
    yield []
    yield from ([one] for one in STOPS)
    yield from (sorted(pair, key=lambda numbers: numbers[0]) for pair in product(STOPS, repeat=2))
    chance = Random(1)
    yield from (sorted(chance.choices(STOPS, k=3), key=lambda numbers: numbers[0]) for _ in range(400))


TOLD = list(stories())


@pytest.mark.parametrize("start", [0, 1, 2, 5])
def test_united_stops_hold_the_same_places_each_once(start):
    for told, until in product(TOLD, (3, LAST)):
        found = united(map(stop, told), PLACES[start], PLACES[until] if until < LAST else OPEN_END)
        spans = [(numbered(one.begin), numbered(one.end)) for one in found]
        places = [place for begin, end in spans for place in range(begin + 1, end + 1)]
        assert sorted(set(places)) == sorted(places), told
        assert set(places) == held(told, start, until), (told, until)
        assert spans == sorted(spans)
        behind = [(None if one.began is None else numbered(one.began), one.joins) for one in found]
        assert behind == acts_behind(told, start, until), (told, until)
        for one, (begin, end) in zip(found, spans, strict=True):
            assert one.place == (one.began if one.joins else PLACES[begin])
            assert one.open is (end == LAST)


def test_stops_that_prolong_others_are_shown_with_them_as_one():
    for told in TOLD:
        found = united(map(stop, told), PLACES[0], OPEN_END)
        shown = [(numbered(one.begin), numbered(one.end)) for one in whole(found)]
        assert [place for begin, end in shown for place in range(begin + 1, end + 1)] == sorted(held(told, 0, LAST))
        assert len(shown) == sum(not one.joins for one in found)
        for one in whole(found):
            last = None if one.end == OPEN_END else one.end[0]
            assert (one.shown().first, one.shown().last) == (one.begin[0], last)
    apart = [stop((0, 2)), ClockStop(PLACES[4], PLACES[6], PLACES[1], joins=True)]
    assert whole(apart) == apart  # what does not begin where the other ends is by itself
    assert whole([apart[1]]) == [apart[1]]


def test_a_stop_holds_from_after_its_beginning_up_to_its_end():
    one = stop((2, 5))
    assert [one.holds(place) for place in PLACES] == [2 < number <= 5 for number in range(LAST)]
