"""The precedents of a year to come, worked out again from the notices one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from zhengxie_flow.calendars.compose import compose
from zhengxie_flow.calendars.facts import Facts, Layer, Notice
from zhengxie_flow.calendars.interval import DayRange
from zhengxie_flow.calendars.precedents import spread_of
from zhengxie_flow.reading.calendars import CalendarFiles

ONE = timedelta(days=1)
SUN = {"new_year": (1, 1), "labour_day": (5, 1), "national_day": (10, 1)}
Changes = frozenset[tuple[date, int]]


def text_of(facts: Facts, year: int) -> set[str]:
    """The festivals of the text in force on the first day of a year."""
    texts = [text for text in facts.statutory if text.in_force <= date(year, 1, 1)]
    return {festival for festival, _, _ in texts[-1].days} if texts else set()


def principal(facts: Facts, festival: str, year: int) -> date:
    return date(year, *SUN[festival]) if festival in SUN else date.fromordinal(facts.lunar[festival][year])


def arranged(facts: Facts, year: int) -> dict[date, bool]:
    """What the notices of a year say about days, the later ones over the earlier."""
    said: dict[date, bool] = {}
    for notice in facts.notices:
        if notice.year == year:
            for low, high in notice.off:
                said |= {date.fromordinal(day): False for day in range(low, high + 1)}
            said |= {date.fromordinal(day): True for day in notice.work}
            said |= {date.fromordinal(day): False for day in notice.clears}
    return said


def patterns(facts: Facts) -> dict[str, list[dict[int, bool]]]:
    """Each announced year's arrangement around each festival, as offsets; a day is of the nearest one."""
    found: dict[str, list[dict[int, bool]]] = {}
    for year in sorted({notice.year for notice in facts.notices if notice.amends is None}):
        days = {festival: principal(facts, festival, year) for festival in text_of(facts, year)}
        around: dict[str, dict[int, bool]] = {festival: {} for festival in days}
        for day, worked in arranged(facts, year).items():
            distances = sorted((abs((day - start).days), festival) for festival, start in days.items())
            nearest = distances[0][1]
            around[nearest][(day - days[nearest]).days] = worked
        for festival, pattern in around.items():
            found.setdefault(festival, []).append(pattern)
    return found


def laid_on(start: date, pattern: dict[int, bool], side: int) -> Changes:
    """A pattern around another day: a make-up day that falls on a working day moves to the next free day of rest."""
    off = {start + offset * ONE for offset, worked in pattern.items() if not worked}
    changes = {day: -1 for day in off if day.weekday() < 5}
    for offset in sorted(offset for offset, worked in pattern.items() if worked):
        day = start + offset * ONE
        while not (day.weekday() >= 5 and day not in off and day not in changes):
            day += side * ONE
        changes[day] = 1
    return frozenset(changes.items())


def in_spread(spread: DayRange) -> dict[int, set[Changes]]:
    """The arrangements of each festival, by its place."""
    kept: dict[tuple[int, int], set[tuple[date, int]]] = {}
    for day, festivals in spread.flips.items():
        for place, changes in festivals:
            for scenario, change in changes:
                kept.setdefault((place, scenario), set()).add((date.fromordinal(day), change))
    found: dict[int, set[Changes]] = {place: set() for place in range(len(spread.sizes))}
    for place, size in enumerate(spread.sizes):
        found[place] = {frozenset(kept.get((place, scenario), set())) for scenario in range(size)}
    return found


@pytest.mark.parametrize("as_of", [date(2026, 11, 22), date(2018, 12, 5), date(2014, 6, 1), date(2025, 3, 1)])
def test_the_arrangements_of_years_to_come_are_those_of_announced_ones(as_of: date) -> None:
    snapshot = CalendarFiles().snapshot("cn", as_of)
    timeline, facts = snapshot.timeline, snapshot.timeline.facts
    known = Facts(
        facts.name, facts.first, tuple(n for n in facts.notices if n.known_from <= as_of), facts.statutory, facts.lunar
    )
    spread, of_year = snapshot.spread, patterns(known)
    coming = [
        (festival, principal(facts, festival, year))
        for year in range(snapshot.firm_through.year + 1, snapshot.last.year + 1)
        for festival in dict.fromkeys(name for name, _, _ in [t for t in facts.statutory if t.in_force <= date(year, 1, 1)][-1].days)
    ]  # fmt: skip
    horizon = snapshot.firm_through
    own: list[list[tuple[date, int]]] = [[] for _ in coming]
    day = horizon + ONE
    while day <= snapshot.last:
        if snapshot.is_working_day(day) != (day.weekday() < 5):
            nearest = min(range(len(coming)), key=lambda place: abs((day - coming[place][1]).days))
            own[nearest].append((day, 1 if snapshot.is_working_day(day) else -1))
        day += ONE
    found = in_spread(spread)
    assert len(found) == len(coming)
    for place, (festival, start) in enumerate(coming):
        every = {frozenset(own[place])} | {
            laid_on(start, pattern, side) for pattern in of_year.get(festival, []) for side in (-1, 1)
        }
        assert spread.sizes[place] == len(every)
        assert found[place] == {frozenset(change for change in changes if change[0] > horizon) for changes in every}
    assert (spread.base, spread.weekly, spread.rest_days) == (timeline.base, timeline.weekly, frozenset({5, 6}))
    assert spread.firm == timeline.flags[: (horizon - timeline.first).days + 1]
    assert spread.settled == {}


@pytest.mark.parametrize("level", ["country", "province", "prefecture", "organisation"])
def test_what_a_local_layer_says_is_settled(level: str) -> None:
    facts = CalendarFiles().snapshot("cn", date(2026, 11, 22)).timeline.facts
    off, work = date(2027, 3, 3), date(2027, 3, 6)
    first, last, beyond = facts.first, date(2028, 12, 31), date(2029, 1, 1)
    spans = tuple((day.toordinal(), day.toordinal()) for day in (first - ONE, first, off, last, beyond))
    notice = Notice("local", 2027, date(2026, 1, 1), spans, (work.toordinal(),), level=level)  # type: ignore[arg-type]
    spread = spread_of(compose(facts, overlays=(Layer("town", level, (notice,)),)))  # type: ignore[arg-type]
    settled = {first.toordinal(): False, off.toordinal(): False, work.toordinal(): True, last.toordinal(): False}
    assert spread.settled == ({} if level == "country" else settled)
