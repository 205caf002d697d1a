"""A year without a notice: weekly rest and the statutory days of the text in force, nothing more.

A statutory day on a weekend is made up on the next working day (全国年节及纪念日放假办法: 应当在工作日补假);
no weekend is turned into a working day, for only a notice can do that.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from zhengxie_flow.calendars.facts import Notice
from zhengxie_flow.errors import CalendarError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhengxie_flow.calendars.facts import Facts, Level, StatutoryText

__all__ = ["festivals", "nominal_notices", "statutory_text", "weekday"]


def statutory_text(facts: Facts, year: int, as_of: date | None = None) -> StatutoryText | None:
    """The text in force on 1 January of a year, as far as it was published on ``as_of``."""
    start = date(year, 1, 1)
    valid = [text for text in facts.statutory if text.in_force <= start and (as_of is None or text.published <= as_of)]
    return max(valid, key=lambda text: text.in_force, default=None)


def festivals(facts: Facts, text: StatutoryText, year: int) -> dict[str, tuple[int, ...]]:
    """The statutory days of a year by festival.

    Raises:
        CalendarError: ZX2009 past the table of lunar dates.
    """
    days: dict[str, list[int]] = {}
    for festival, base, offset in text.days:
        days.setdefault(festival, []).append(_resolve(facts, base, year) + offset)
    return {festival: tuple(sorted(ordinals)) for festival, ordinals in days.items()}


def _resolve(facts: Facts, base: str, year: int) -> int:
    if base[0].isdigit():
        return date(year, int(base[:2]), int(base[3:])).toordinal()
    try:
        return facts.lunar[base][year]
    except KeyError:
        raise CalendarError("ZX2009", festival=base, year=year) from None


def nominal_notices(facts: Facts, year: int, as_of: date | None = None) -> tuple[Notice, ...]:
    """A year's statutory days and the days taken in lieu of those on a weekend, as two layers."""
    text = statutory_text(facts, year, as_of)
    if text is None:
        return ()
    statutory = sorted(day for days in festivals(facts, text, year).values() for day in days)
    lieu = tuple(_in_lieu(statutory, facts.rest_days))

    def layer(level: Level, days: Iterable[int]) -> Notice:
        return Notice(
            number=text.number,
            year=year,
            published=text.published,
            off=tuple((day, day) for day in days),
            level=level,
        )

    return (layer("statutory", statutory), layer("in_lieu", lieu))


def _in_lieu(statutory: list[int], rest_days: frozenset[int]) -> Iterable[int]:
    taken = set(statutory)
    for statutory_day in statutory:
        if weekday(statutory_day) in rest_days:
            day = statutory_day
            while day in taken or weekday(day) in rest_days:
                day += 1
            taken.add(day)
            yield day


def weekday(ordinal: int) -> int:
    """The weekday of a day given as its ordinal; Monday is 0."""
    return (ordinal + 6) % 7
