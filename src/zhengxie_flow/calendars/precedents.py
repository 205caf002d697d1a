"""Precedents: the arrangements around each festival in announced years, laid onto the years without a notice.

A precedent is one year's arrangement around one festival, as offsets from it.  Festivals fall on other weekdays every
year, so each precedent is laid on twice: a make-up working day that would fall on an ordinary working day is moved to
the nearest free day of rest before it, and after it.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from zhengxie_flow.calendars.facts import LOCAL
from zhengxie_flow.calendars.interval import DayRange
from zhengxie_flow.calendars.nominal import festivals, statutory_text, weekday
from zhengxie_flow.calendars.outlook import runs

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


@lru_cache(maxsize=16)
def spread_of(timeline: Timeline) -> DayRange:
    """The range of a timeline's provisional days, from the precedents of its announced years.

    The results for the latest timelines are cached, for making one takes a while.
    """
    facts = timeline.facts
    if timeline.outlook is not None:
        return _spread_of_library(timeline)
    announced = timeline.announced_through or timeline.firm_through
    horizon = announced.toordinal()
    precedents = _precedents(facts, [notice for notice in timeline.notices if notice.level == "country"])
    starts = [
        (festival, start)
        for year in range(announced.year + 1, timeline.last.year + 1)
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
        complete_through=None if timeline.complete_through is None else timeline.complete_through.toordinal(),
    )


def _spread_of_library(timeline: Timeline) -> DayRange:
    """The range of a calendar without notices of a country: its own answer, but for what may still change.

    A feast that is only estimated may fall a day earlier or later; its days move together.  The months of a year that
    nobody has arranged yet may be arranged as those of other years were.
    """
    scenarios = [*_moved_feasts(timeline), *_arranged_months(timeline)]
    flips: dict[int, dict[int, list[tuple[int, int]]]] = {}
    for place, group in enumerate(scenarios):
        for scenario, changes in enumerate(group):
            for day, change in changes.items():
                flips.setdefault(day, {}).setdefault(place, []).append((scenario, change))
    return DayRange(
        firm=b"",
        base=timeline.base,
        weekly=timeline.flags,
        rest_days=timeline.facts.rest_days,
        settled={},
        flips={day: tuple(changes.items()) for day, changes in flips.items()},
        sizes=tuple(len(group) for group in scenarios),
        complete_through=timeline.complete.toordinal() if timeline.complete < timeline.last else None,
    )


def _moved_feasts(timeline: Timeline) -> Iterator[list[Changes]]:
    """The changes of each estimated feast: where it falls a day earlier, as estimated, or a day later."""
    for first, last in runs(timeline.estimated):
        estimated = set(range(first, last + 1))
        group: list[Changes] = []
        for moved in (-1, 0, 1):
            actual = set(range(first + moved, last + moved + 1))
            left = dict.fromkeys(estimated - actual - timeline.certain, 1)
            taken = dict.fromkeys(actual - timeline.estimated - timeline.certain, -1)
            group.append({day: change for day, change in (left | taken).items() if timeline.is_ordinary(day)})
        yield group


def _arranged_months(timeline: Timeline) -> Iterator[list[Changes]]:
    """The changes that arrangements of past years would make to each month of the years not arranged yet."""
    outlook = timeline.outlook
    if outlook is None or outlook.arranged_through is None:
        return
    settled, flags, start = _local_days(timeline), timeline.flags, timeline.base + 1
    for year in range(outlook.arranged_through.year + 1, timeline.last.year + 1):
        for month in range(1, 13):
            first = date(year, month, 1).toordinal()
            patterns = [dict(days) for number, days in outlook.arrangements if number == month]
            group = [
                {
                    day: change
                    for day, change in changes.items()
                    if 0 <= day - start < timeline.size and flags[day - start] == (change < 0) and day not in settled
                }
                for changes in _laid_on(first, patterns, timeline.facts.rest_days)
            ]
            yield [{}, *group]


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
        if mark.notice.level in LOCAL and 0 < day - timeline.base <= timeline.size
    }
