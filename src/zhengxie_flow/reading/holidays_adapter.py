"""Calendars of other countries, taken from the library `holidays` and marked with its version.

The library costs 50 to 100 ms to import, so this module is imported only for a calendar that needs it.  Its answer for
China is never used: for a year without a notice it silently gives statutory days and no make-up working days.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from zhengxie_flow.calendars.facts import Facts, Notice
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.errors import CalendarError, NotFound

if TYPE_CHECKING:
    from holidays.holiday_base import HolidayBase

__all__ = ["FIRST", "LAST", "countries", "country_timeline", "library_days"]

FIRST = date(2000, 1, 1)
LAST = date(2040, 12, 31)


@lru_cache(maxsize=32)
def country_timeline(country: str, subdivision: str | None = None) -> Timeline:
    """Return a country's days by its ISO 3166 code.

    Days whose date the library itself only estimates (feasts fixed by sighting the moon) end the firm range.

    Args:
        country: the code of the country, in capitals.
        subdivision: the code of a part of it.

    Raises:
        NotFound: ZX2018, an unknown country or subdivision.
        CalendarError: ZX2019, the library is missing.
    """
    installed, days = _open(country, subdivision, range(FIRST.year, LAST.year + 1))
    start = FIRST.toordinal()
    size = LAST.toordinal() - start + 1
    every = [FIRST + timedelta(days=i) for i in range(size)]
    weekly = bytes(not days._is_weekend(day) for day in every)  # noqa: SLF001 - the public answer mixes in holidays
    off, work, names = [], [], {}
    for place, day in enumerate(every):
        if day in days:
            names[start + place] = days[day]
        if days.is_working_day(day) != bool(weekly[place]):
            if weekly[place]:
                off.append((start + place, start + place))
            else:
                work.append(start + place)
    name = country if subdivision is None else f"{country}-{subdivision}"
    source = f"holidays {installed}"
    notice = Notice(
        number=f"{source} {name}",
        year=FIRST.year,
        published=date.min,
        off=tuple(off),
        work=tuple(work),
        level="library",
        source=source,
        names=names,
    )
    estimated = frozenset(day for day, label in names.items() if "estimated" in label.lower())
    firm = date.fromordinal(min(estimated) - 2) if estimated else LAST  # a feast may fall a day earlier
    facts = Facts(name, FIRST, (notice,))
    return Timeline(name, FIRST, weekly, notices=(notice,), firm_through=firm, facts=facts, estimated=estimated)


def countries() -> dict[str, list[str]]:
    """The countries the library knows, each with its parts; none where it is not installed."""
    try:
        import holidays
    except ImportError:
        return {}
    return holidays.list_supported_countries(include_aliases=True)


def library_days(first: date, last: date) -> dict[date, bool]:
    """Working days of China by the library, day by day; for comparison only."""
    _, days = _open("CN", None, range(first.year, last.year + 1))
    return {
        day: days.is_working_day(day) for day in (first + timedelta(days=i) for i in range((last - first).days + 1))
    }


def _open(country: str, subdivision: str | None, years: range) -> tuple[str, HolidayBase]:
    try:
        import holidays
    except ImportError:
        raise CalendarError("ZX2019", country=country) from None
    try:
        days = holidays.country_holidays(country, subdiv=subdivision, years=years, language="en_US")
    except NotImplementedError:
        raise NotFound("ZX2018", country=country, subdivision=subdivision) from None
    return version("holidays"), days
