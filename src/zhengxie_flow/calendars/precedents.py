"""Precedents: the arrangements around each festival in announced years, laid onto the years without a notice.

A precedent is one year's arrangement around one festival, as offsets from it.  Festivals fall on other weekdays every
year, so each precedent is laid on twice: a make-up working day that would fall on an ordinary working day is moved to
the nearest free day of rest before it, and after it.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from zhengxie_flow.calendars.interval import DayRange
from zhengxie_flow.calendars.nominal import festivals, statutory_text, weekday

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from zhengxie_flow.calendars.facts import Facts, Notice
    from zhengxie_flow.calendars.timeline import Timeline

__all__ = ["spread_of"]

Pattern: TypeAlias = dict[int, bool]
"""Offset from the festival -> worked or not."""
Changes: TypeAlias = dict[int, int]
"""Day -> +1 (a day of rest that is worked) or -1 (an ordinary working day that is not)."""

_SOLAR = {"new_year": (1, 1), "labour_day": (5, 1), "national_day": (10, 1)}
_LOCAL = frozenset({"province", "prefecture", "organisation"})


@lru_cache(maxsize=16)
def spread_of(timeline: Timeline) -> DayRange:
    """The range of a timeline's provisional days, from the precedents of its announced years.

    The results for the latest timelines are cached, for making one takes a while.
    """
    facts = timeline.facts
    if not facts.statutory:
        return _spread_of_library(timeline)
    horizon = timeline.firm_through.toordinal()
    precedents = _precedents(facts, [notice for notice in timeline.notices if notice.level == "country"])
    starts = [
        (festival, start)
        for year in range(timeline.firm_through.year + 1, timeline.last.year + 1)
        for festival, start in _starts(facts, year).items()
    ]
    planned = _planned_changes(timeline, horizon, [start for _, start in starts])
    flips: dict[int, dict[int, list[tuple[int, int]]]] = {}
    sizes: list[int] = []
    for place, (festival, start) in enumerate(starts):
        scenarios = [planned[place], *_laid_on(start, precedents.get(festival, ()), facts.rest_days)]
        distinct = {tuple(sorted(changes.items())) for changes in scenarios}
        for scenario, changes in enumerate(sorted(distinct)):
            for day, change in changes:
                if day > horizon:
                    flips.setdefault(day, {}).setdefault(place, []).append((scenario, change))
        sizes.append(len(distinct))
    return DayRange(
        firm=timeline.flags[: horizon - timeline.base],
        base=timeline.base,
        weekly=timeline.weekly,
        rest_days=facts.rest_days,
        settled=_local_days(timeline),
        flips={day: tuple(changes.items()) for day, changes in flips.items()},
        sizes=tuple(sizes),
    )


def _spread_of_library(timeline: Timeline) -> DayRange:
    """The range of a calendar from a library: its days are settled, but for the feasts it only estimates (by the moon).

    Such a feast may fall a day earlier or later; its days move together.
    """
    flips: dict[int, dict[int, list[tuple[int, int]]]] = {}
    fixed = _days_off(timeline) - timeline.estimated
    runs = list(_runs(timeline.estimated))
    for place, (first, last) in enumerate(runs):
        for scenario, moved in enumerate((-1, 0, 1)):
            for day in range(first + moved, last + moved + 1):
                index = day - timeline.base - 1
                if 0 <= index < timeline.size and timeline.weekly[index] and day not in fixed:
                    flips.setdefault(day, {}).setdefault(place, []).append((scenario, -1))
    open_days = {day for first, last in runs for day in range(first - 1, last + 2)} - fixed
    horizon = timeline.firm_through.toordinal()
    return DayRange(
        firm=timeline.flags[: horizon - timeline.base],
        base=timeline.base,
        weekly=timeline.weekly,
        rest_days=timeline.facts.rest_days,
        settled={
            timeline.base + 1 + index: timeline.flags[index] == 1
            for index in range(horizon - timeline.base, timeline.size)
            if timeline.base + 1 + index not in open_days
        },
        flips={day: tuple(changes.items()) for day, changes in flips.items() if day > horizon},
        sizes=(3,) * len(runs),
    )


def _days_off(timeline: Timeline) -> set[int]:
    """The ordinary working days that are off."""
    start = timeline.base + 1
    return {start + i for i in range(timeline.size) if timeline.weekly[i] and not timeline.flags[i]}


def _runs(days: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Consecutive days as runs."""
    ordered = sorted(days)
    starts = [day for place, day in enumerate(ordered) if place == 0 or ordered[place - 1] != day - 1]
    ends = [day for place, day in enumerate(ordered) if place + 1 == len(ordered) or ordered[place + 1] != day + 1]
    return zip(starts, ends, strict=True)


def _starts(facts: Facts, year: int) -> dict[str, int]:
    """The principal day of each festival of a year (1 October, the first day of the lunar year)."""
    text = statutory_text(facts, year)
    if text is None:
        return {}
    return {
        festival: date(year, *_SOLAR[festival]).toordinal() if festival in _SOLAR else facts.lunar[festival][year]
        for festival in festivals(facts, text, year)
    }


def _precedents(facts: Facts, notices: list[Notice]) -> dict[str, list[Pattern]]:
    """Every announced year's arrangement, festival by festival; a day belongs to the festival nearest to it."""
    by_festival: dict[str, list[Pattern]] = {}
    for year in {notice.year for notice in notices if notice.amends is None}:
        starts = _starts(facts, year)
        patterns: dict[str, Pattern] = {festival: {} for festival in starts}
        for day, worked in _arranged(notice for notice in notices if notice.year == year).items():
            nearest = min(starts, key=lambda festival: abs(day - starts[festival]))
            patterns[nearest][day - starts[nearest]] = worked
        for festival, pattern in patterns.items():
            by_festival.setdefault(festival, []).append(pattern)
    return by_festival


def _arranged(notices: Iterable[Notice]) -> dict[int, bool]:
    worked: dict[int, bool] = {}
    for notice in notices:
        for low, high in notice.off:
            worked.update(dict.fromkeys(range(low, high + 1), False))
        worked.update(dict.fromkeys(notice.work, True))
        worked.update(dict.fromkeys(notice.clears, False))
    return worked


def _laid_on(start: int, patterns: Iterable[Pattern], rest_days: frozenset[int]) -> Iterator[Changes]:
    for pattern in patterns:
        off = {start + offset for offset, worked in pattern.items() if not worked}
        for side in (-1, 1):
            changes = {day: -1 for day in off if weekday(day) not in rest_days}
            for target in sorted(start + offset for offset, worked in pattern.items() if worked):
                day = target
                while weekday(day) not in rest_days or day in off or day in changes:
                    day += side
                changes[day] = 1
            yield changes


def _planned_changes(timeline: Timeline, horizon: int, starts: list[int]) -> list[Changes]:
    """The timeline's own changes to its days to come: so its own answer always lies inside the interval."""
    planned: list[Changes] = [{} for _ in starts]
    first = horizon - timeline.base
    for index in range(first, timeline.size):
        change = timeline.flags[index] - timeline.weekly[index]
        if change and starts:
            day = timeline.base + 1 + index
            nearest = min(range(len(starts)), key=lambda place: abs(day - starts[place]))
            planned[nearest][day] = change
    return planned


def _local_days(timeline: Timeline) -> Mapping[int, bool]:
    """The days that a local layer settles, whatever the country's notices will say."""
    return {
        day: timeline.flags[day - timeline.base - 1] == 1
        for day, mark in timeline.marks.items()
        if mark.notice.level in _LOCAL and 0 < day - timeline.base <= timeline.size
    }
