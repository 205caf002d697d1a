"""What the notices of other years did around each festival, laid onto the years that have no notice yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from zhengxie_flow.calendars.interval import Spread
from zhengxie_flow.calendars.nominal import festivals, nominal_notices, statutory_text

if TYPE_CHECKING:
    from zhengxie_flow.calendars.facts import Facts, Notice
    from zhengxie_flow.calendars.timeline import Timeline

__all__ = ["spread_of"]

Pattern: TypeAlias = dict[int, int]
"""Offset from the festival's first statutory day -> +1 (a day of rest is worked) or -1 (a working day is not)."""


def spread_of(timeline: Timeline) -> Spread:
    """The spread of a timeline: precedents from its own announced years, for its own years to come."""
    facts = timeline.facts
    country = [notice for notice in timeline.notices if notice.level == "country"]
    announced = {notice.year for notice in country if notice.amends is None}
    history = {year: _patterns(facts, year, country) for year in announced}
    horizon = timeline.firm_through.toordinal()
    flips: dict[int, list[tuple[int, int, int]]] = {}
    sizes: list[int] = []
    for year in range(timeline.firm_through.year + 1, timeline.last.year + 1):
        for festival, start in _starts(facts, year):
            patterns = _choose(festival, start, history)
            patterns.append(_nominal(facts, year, festival, start))
            for place, pattern in enumerate(patterns):
                for offset, change in pattern.items():
                    if start + offset > horizon:
                        flips.setdefault(start + offset, []).append((len(sizes), place, change))
            sizes.append(len(patterns))
    local = {
        day: timeline.flags[day - timeline.base - 1] == 1
        for day, mark in timeline.marks.items()
        if mark.notice.level in ("province", "prefecture", "organisation") and 0 < day - timeline.base <= timeline.size
    }
    return Spread(
        timeline.flags[: horizon - timeline.base],
        timeline.base,
        facts.rest_days,
        local,
        {day: tuple(changes) for day, changes in flips.items()},
        tuple(sizes),
    )


def _starts(facts: Facts, year: int) -> Iterator[tuple[str, int]]:
    text = statutory_text(facts, year)
    if text is not None:
        for festival in festivals(facts, text, year):
            yield festival, _start(facts, festival, year)


def _start(facts: Facts, festival: str, year: int) -> int:
    """The festival itself (1 October, the first day of the lunar year): fixed, whatever days a text adds to it."""
    fixed = {"new_year": (1, 1), "labour_day": (5, 1), "national_day": (10, 1)}
    return date(year, *fixed[festival]).toordinal() if festival in fixed else facts.lunar[festival][year]


def _patterns(facts: Facts, year: int, notices: list[Notice]) -> dict[str, tuple[int, Pattern]]:
    """One year's arrangement, festival by festival, with the weekday each festival fell on."""
    worked: dict[int, bool] = {}
    for notice in notices:
        if notice.year == year:
            for low, high in notice.off:
                worked.update(dict.fromkeys(range(low, high + 1), False))
            worked.update(dict.fromkeys(notice.work, True))
            for day in notice.clears:
                worked[day] = False
    starts = dict(_starts(facts, year))
    found: dict[str, tuple[int, Pattern]] = {name: (_weekday(start), {}) for name, start in starts.items()}
    for day, flag in worked.items():
        ordinary = _weekday(day) not in facts.rest_days
        if flag != ordinary:
            nearest = min(starts, key=lambda name: abs(day - starts[name]))
            found[nearest][1][day - starts[nearest]] = 1 if flag else -1
    return found


def _choose(festival: str, start: int, history: dict[int, dict[str, tuple[int, Pattern]]]) -> list[Pattern]:
    """The precedents of a festival that fell on the same weekday."""
    return [
        year[festival][1] for year in history.values() if festival in year and year[festival][0] == _weekday(start)
    ]


def _nominal(facts: Facts, year: int, festival: str, start: int) -> Pattern:
    text = statutory_text(facts, year)
    assert text is not None
    days = festivals(facts, text, year)[festival]
    _, lieu = nominal_notices(facts, year)
    taken = [day for day in days if _weekday(day) not in facts.rest_days]
    taken += [low for low, _ in lieu.off if days[0] < low <= days[-1] + 5]
    return {day - start: -1 for day in taken}


def _weekday(ordinal: int) -> int:
    return (ordinal + 6) % 7
