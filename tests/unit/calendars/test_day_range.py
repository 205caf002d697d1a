"""The interval of a provisional day against every combination of precedents, each walked day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from zhengxie_flow.calendars.interval import DayRange

ONE = timedelta(days=1)
SIZE = 40


def drawn(chance: Random) -> DayRange:
    """Forty days, the first ten firm, some settled later on, and two or three festivals of three arrangements each."""
    base = date(2027, 3, 1).toordinal() + chance.randrange(7)
    weekly = bytes((base + 1 + index + 6) % 7 not in (5, 6) for index in range(SIZE))
    firm = bytes(chance.randrange(2) for _ in range(10))
    free = chance.sample(range(base + 11, base + 41), 16)
    settled = {day: chance.random() < 0.5 for day in free[:4]}
    festivals = [free[4:8], free[8:12], free[12:16]][: chance.randint(2, 3)]
    flips = {
        day: ((festival, tuple((precedent, -1 if weekly[day - base - 1] else 1) for precedent in chance.sample(range(3), chance.randint(1, 2)))),)
        for festival, days in enumerate(festivals)
        for day in days
    }  # fmt: skip
    return DayRange(
        firm=firm,
        base=base,
        weekly=weekly,
        rest_days=frozenset({5, 6}),
        settled=settled,
        flips=flips,
        sizes=(3,) * len(festivals),
    )


def worlds(spread: DayRange) -> Iterator[dict[int, bool]]:
    """Every calendar that the precedents allow: day -> worked; days outside the data by the ordinary week."""
    for choice in product(*(range(size) for size in spread.sizes)):
        days = {}
        for day in range(spread.base - 30, spread.base + SIZE + 40):
            index = day - spread.base - 1
            if day in spread.settled:
                days[day] = spread.settled[day]
            elif 0 <= index < len(spread.firm):
                days[day] = bool(spread.firm[index])
            else:
                worked = date.fromordinal(day).weekday() < 5
                for festival, changes in spread.flips.get(day, ()):
                    change = dict(changes).get(choice[festival])
                    worked = worked if change is None else change > 0
                days[day] = worked
        yield days


def walked(days: dict[int, bool], start: int, n: int, step: int) -> date:
    day = start
    while n:
        day += step
        n -= days[day]
    return date.fromordinal(day)


@pytest.mark.parametrize("seed", range(25))
def test_the_ends_of_the_interval_are_days_that_can_come_true(seed: int) -> None:
    chance = Random(seed)
    spread = drawn(chance)
    possible = list(worlds(spread))
    for start in range(spread.base - 3, spread.base + SIZE + 3, 2):
        n = chance.randint(1, 9)
        after = {walked(days, start, n, 1) for days in possible}
        before = {walked(days, start, n, -1) for days in possible}
        assert spread.forward(date.fromordinal(start), n) == (min(after), max(after)), (start, n)
        assert spread.backward(date.fromordinal(start), n) == (min(before), max(before)), (start, n)


@pytest.mark.parametrize("rest", [{5, 6}, {4, 5}, {6}])
def test_beyond_the_data_the_ordinary_week_goes_on(rest: set[int]) -> None:
    spread = DayRange(
        firm=b"",
        base=date(2027, 3, 1).toordinal(),
        weekly=bytes(3),
        rest_days=frozenset(rest),
        settled={},
        flips={},
        sizes=(),
    )
    for start in (date(2027, 3, 4), date(2027, 3, 5), date(2027, 3, 1)):
        day, left = start, 6
        while left:
            day += ONE
            inside = date(2027, 3, 2) <= day <= date(2027, 3, 4)
            left -= not inside and day.weekday() not in rest
        assert spread.forward(start, 6) == (day, day)
        day, left = start, 6
        while left:
            day -= ONE
            inside = date(2027, 3, 2) <= day <= date(2027, 3, 4)
            left -= not inside and day.weekday() not in rest
        assert spread.backward(start, 6) == (day, day)
