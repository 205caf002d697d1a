"""Calendars of other countries, taken from the library `holidays` and marked with its version.

The library costs 50 to 100 ms to import, so this module is imported only for a calendar that needs it.  Its answer for
China is never used: for a year without a notice it silently gives statutory days and no make-up working days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from zhengxie_flow.calendars.compose import FIRM_UNTIL
from zhengxie_flow.calendars.facts import Facts, Layer, Notice
from zhengxie_flow.calendars.outlook import Outlook, Pattern
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.errors import CalendarError, NotFound

if TYPE_CHECKING:
    from holidays.holiday_base import HolidayBase

__all__ = [
    "FIRST", "LAST", "countries", "country_layer", "country_timeline", "library_days", "library_through",
    "regions_beyond",
]  # fmt: skip

FIRST = date(2000, 1, 1)
LAST = date(2040, 12, 31)

_AND = "; "
_DECLARED = ("islamic", "hindu", "buddhist", "sinhala", "tibetan", "mongolian")
"""Calendars of feasts whose days somebody declares; the Chinese lunar year is computed, and certain."""
_TABLES = ("special_public_holidays", "special_public_holidays_observed")
_RECENT_YEARS, _ARRANGED_LEAST = 5, 3
"""A country whose days off were set by decree in three of the last five years is taken to arrange every year."""
_PRECEDENT_YEARS = 10


@lru_cache(maxsize=32)
def country_timeline(country: str, subdivision: str | None = None) -> Timeline:
    """Return a country's days by its ISO 3166 code.

    Open are the feasts whose date the library only estimates, each by itself, and the years after the last that a
    government arranged, where it arranges them by year.

    Args:
        country: the code of the country, in capitals.
        subdivision: the code of a part of it.

    Raises:
        NotFound: ZX2018, an unknown country or subdivision.
        CalendarError: ZX2019, the library is missing.
    """
    installed, days = _open(country, subdivision)
    kept = date(_kept_year(), 12, 31)
    outlook = _outlook(country, subdivision, kept)
    names = _names(days)
    first, last = _span(days, names, kept)
    every = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    weekly = bytes(not resting for resting in _resting(days, every))
    worked = {day.toordinal() for day in days.weekend_workdays if first <= day <= last and days.is_working_day(day)}
    off = names.keys() - worked
    unlabelled = _unlabelled(country, subdivision, kept) & off
    estimated = {day for day in off if any(map(_is_estimated, names[day].split(_AND)))} | unlabelled
    certain = {day for day in off - unlabelled if not all(map(_is_estimated, names[day].split(_AND)))}
    name = country if subdivision is None else f"{country}-{subdivision}"
    notice = Notice(
        number=f"holidays {installed} {name}",
        year=FIRST.year,
        published=date.min,
        off=_single(certain),
        work=tuple(sorted(worked)),
        level="library",
        source=f"holidays {installed}",
        names=names,
    )
    feasts = notice._replace(off=_single(estimated), work=(), estimated=frozenset(estimated))
    rest_days = frozenset(day.weekday() for day, worked in zip(every[-7:], weekly[-7:], strict=True) if not worked)
    timeline = Timeline(
        name,
        first,
        weekly,
        notices=(notice, feasts) if estimated else (notice,),
        firm_through=last,
        facts=Facts(name, first, (notice,), rest_days=rest_days),
        outlook=outlook,
    )
    return replace(timeline, firm_through=timeline.horizon)


def _names(days: HolidayBase) -> dict[int, str]:
    """The holidays of the years covered by name, each day with all its names."""
    for year in range(FIRST.year, LAST.year + 1):
        days.get(date(year, 1, 1))  # fills in the year
    return {day.toordinal(): name for day, name in days.items() if FIRST <= day <= LAST}


def _span(days: HolidayBase, names: dict[int, str], kept: date) -> tuple[date, date]:
    """The first and the last day for which the library has all feasts: some of its tables end before others."""
    by_name: dict[str, set[int]] = {}
    for day, label in names.items():
        for name in label.split(_AND):
            by_name.setdefault(name.partition(" (")[0], set()).add(date.fromordinal(day).year)
    recent = set(range(kept.year - _RECENT_YEARS + 1, kept.year + 1))
    ends = [max(years) for years in by_name.values() if recent <= years]
    # A feast of the moon can miss a year, and the names of decreed days end with the decrees.
    ended = [year for year in ends if kept.year + 1 < year < LAST.year - 1]
    last = min([LAST.year, days.end_year, *ended])
    return max(FIRST, date(days.start_year, 1, 1)), date(last, 12, 31)


def _resting(days: HolidayBase, every: list[date]) -> Iterator[bool]:
    """The weekly rest, True or False for each day, whatever its holidays."""
    from holidays.holiday_base import HolidayBase as Base

    if type(days)._get_weekend is Base._get_weekend:  # noqa: SLF001 - the public answer mixes in holidays
        return (day.weekday() in days.weekend for day in every)
    return (days._is_weekend(day) for day in every)  # noqa: SLF001


def country_layer(country: str, subdivision: str | None = None) -> Layer:
    """Return a country's holidays as a layer on top of another calendar: its days off, but not its week.

    Args:
        country: the code of the country, in capitals.
        subdivision: the code of a part of it.

    Raises:
        NotFound: ZX2018, an unknown country or subdivision.
        CalendarError: ZX2019, the library is missing.
    """
    timeline = country_timeline(country, subdivision)
    notices = tuple(notice._replace(work=()) for notice in timeline.notices)
    complete = None if timeline.outlook is None else timeline.outlook.arranged_through
    return Layer(timeline.name, "library", notices, complete_through=complete)


def _single(days: set[int]) -> tuple[tuple[int, int], ...]:
    return tuple((day, day) for day in sorted(days))


def _is_estimated(label: str) -> bool:
    return "estimated" in label.lower()


def _unlabelled(country: str, subdivision: str | None, kept: date) -> set[int]:
    """Days to come that the library estimates without saying so in their names."""
    _, days = _open(country, subdivision)
    shown: Any = days
    quiet = [name for kind in _DECLARED if not getattr(days, name := f"_{kind}_calendar_show_estimated", True)]
    if not quiet:
        return set()
    for name in quiet:
        setattr(shown, name, True)
    if not hasattr(days, "estimated_label"):
        shown.estimated_label = "%s (estimated)"
    names = _names(days)
    return {
        day for day, label in names.items() if day > kept.toordinal() and all(map(_is_estimated, label.split(_AND)))
    }


def _kept_year() -> int:
    """The year up to which the library is kept: the newest whose notice for China it has."""
    return library_through().year


@lru_cache(maxsize=1)
def library_through() -> date:
    """The end of the last year whose notice for China the library has; it estimates the days after it."""
    _, days = _open("CN", None)
    return date(max(getattr(days, _TABLES[0], {}), default=FIRST.year), 12, 31)


def _outlook(country: str, subdivision: str | None, kept: date) -> Outlook:
    """The outlook: open are estimated feasts, and the years not arranged yet where a government arranges them."""
    _, days = _open(country, subdivision)
    tables = [*_TABLES, f"special_{subdivision}_public_holidays".lower()]
    years = {year for name in tables for year in getattr(days, name, {})}
    if sum(kept.year - _RECENT_YEARS < year <= kept.year for year in years) < _ARRANGED_LEAST:
        return Outlook(kept)
    last = kept.year
    while last + 1 in years:
        last += 1
    arrangements = tuple(_arrangements(country, subdivision, range(last - _PRECEDENT_YEARS + 1, last + 1)))
    return Outlook(kept, date(last, *FIRM_UNTIL), arrangements)


def _arrangements(country: str, subdivision: str | None, years: range) -> Iterator[Pattern]:
    """The months that decrees arranged in some years: the days that differ from the rules alone."""
    _, arranged = _open(country, subdivision)
    _, nominal = _open(country, subdivision)
    plain: Any = nominal
    for name in [name for name in vars(nominal) if name.startswith("special_")]:
        setattr(plain, name, {})
    plain.weekend_workdays = set()
    _names(arranged), _names(nominal)
    for year in years:
        for month in range(1, 13):
            first = date(year, month, 1)
            size = (date(year + month // 12, month % 12 + 1, 1) - first).days
            changed = tuple(
                (place, arranged.is_working_day(day))
                for place, day in ((place, first + timedelta(days=place)) for place in range(size))
                if arranged.is_working_day(day) != nominal.is_working_day(day)
            )
            if changed:
                yield month, changed


def countries() -> dict[str, list[str]]:
    """The countries the library knows, each with its parts; none where it is not installed."""
    try:
        import holidays
    except ImportError:
        return {}
    return holidays.list_supported_countries(include_aliases=True)


def regions_beyond(country: str) -> list[str]:
    """The regions of a country, where every one has holidays beyond the national ones; else none.

    Args:
        country: the code of the country, in capitals.
    """
    _, national = _open(country, None)
    common, parts = _of_year(national), list(national.subdivisions)
    own = (_of_year(_open(country, part)[1]) - common for part in parts)
    return parts if parts and all(own) else []


def _of_year(days: HolidayBase) -> set[date]:
    """The holidays of one year, those on a weekend too: another year they fall on a working day."""
    year = _kept_year()
    days.get(date(year, 1, 1))  # fills in the year
    return {day for day in days if day.year == year}


def library_days(first: date, last: date) -> dict[date, bool]:
    """Working days of China by the library, day by day, without what it merely estimates; for comparison only."""
    _, days = _open("CN", None)
    last = min(last, library_through())
    every = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    for year in range(first.year, last.year + 2):
        days.get(date(year, 1, 1))  # fills in the year, which may work a day of rest of the one before
    return {day: days.is_working_day(day) for day in every}


def _open(country: str, subdivision: str | None) -> tuple[str, HolidayBase]:
    try:
        import holidays
    except ImportError:
        raise CalendarError("ZX2019", country=country) from None
    try:
        days = holidays.country_holidays(country, subdiv=subdivision, language="en_US")
    except NotImplementedError:
        raise NotFound("ZX2018", country=country, subdivision=subdivision) from None
    return version("holidays"), days
