"""Public lists of days off, turned into notices: the JSON of common holiday repositories, and iCalendar files.

Such a list says of each day whether it is off or worked.  What else a notice has, its number and the day on which it
was published, a list mostly lacks: whoever imports it gives them, and what nobody gave is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhengxie_flow.calendars.facts import Facts
from zhengxie_flow.calendars.nominal import weekday
from zhengxie_flow.calendars.outlook import runs
from zhengxie_flow.reading.listed_days import ListedDay, UnmappedEntry

__all__ = ["DayList", "arranged_alike", "fitted", "plain_notice", "read_day_list"]

FESTIVALS = (
    "元旦", "春节", "除夕", "清明", "劳动", "五一", "端午", "中秋", "国庆",
    "new year", "spring festival", "qingming", "tomb", "labour", "labor", "dragon boat", "mid-autumn", "national day",
)  # fmt: skip
"""What the names of statutory festivals contain."""
_NEW_YEAR = ("元旦", "new year")
_LAST_WEEK = 24
_DESCRIPTION = frozenset({"$schema", "$id", "year", "papers", "days"})
_ENTRY = frozenset({"name", "date", "isOffDay"})


@dataclass(frozen=True, slots=True)
class DayList:
    """A list of days off and worked, year by year, and what of it could not be mapped."""

    years: Mapping[int, tuple[ListedDay, ...]]
    unmapped: tuple[UnmappedEntry, ...]
    papers: tuple[str, ...] = ()


def read_day_list(text: str, file: str) -> DayList | None:
    """Read a list of days from JSON or iCalendar.

    Args:
        text: The content of the file.
        file: Its name.

    Returns:
        The list; None for anything else, such as a notice in YAML.

    Raises:
        InvalidInput: ZX2063, an iCalendar file that cannot be read.
        UsageError: ZX6061, the package `icalendar` is not installed.
    """
    if text.lstrip().startswith("BEGIN:VCALENDAR"):
        from zhengxie_flow.reading.ics_days import read_events

        days, unmapped = read_events(text, file)
        return DayList(_by_year(days), tuple(unmapped))
    content = _json(text)
    if content is None:
        return None
    unmapped = [UnmappedEntry(key, _short(content[key]), "key") for key in content if key not in _DESCRIPTION]
    days = list(_entries(content["days"], unmapped))
    papers = content.get("papers")
    listed = tuple(paper for paper in papers if isinstance(paper, str)) if isinstance(papers, list) else ()
    year = content.get("year")
    return DayList({year: tuple(days)} if isinstance(year, int) else _by_year(days), tuple(unmapped), listed)


def _json(text: str) -> dict[str, Any] | None:
    """The content of a JSON file that is a list of days, else None."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and isinstance(content.get("days"), list) else None


def _entries(entries: list[Any], unmapped: list[UnmappedEntry]) -> Iterator[ListedDay]:
    """The days of a JSON list; what cannot be mapped is added to ``unmapped``."""
    earlier: dict[date, bool] = {}
    for place, entry in enumerate(entries):
        day, reason = _day(entry)
        if day is None:
            unmapped.append(UnmappedEntry(f"days[{place}]", _short(entry), reason))
            continue
        more = sorted(entry.keys() - _ENTRY)
        unmapped += [UnmappedEntry(f"days[{place}].{key}", _short(entry[key]), "key") for key in more]
        if day.date not in earlier:
            earlier[day.date] = day.off
            yield day
        elif earlier[day.date] != day.off:
            unmapped.append(UnmappedEntry(f"days[{place}]", _short(entry), "twice"))


def _day(entry: Any) -> tuple[ListedDay | None, str]:
    """An entry as a day, or the reason why it is none."""
    if not isinstance(entry, dict):
        return None, "entry"
    try:
        day = date.fromisoformat(str(entry.get("date")))
    except ValueError:
        return None, "date"
    off = entry.get("isOffDay")
    if not isinstance(off, bool):
        return None, "state"
    return ListedDay(day, off, str(entry.get("name", ""))), ""


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:80]


def _by_year(days: Iterable[ListedDay]) -> dict[int, tuple[ListedDay, ...]]:
    """Days by the year whose notice arranges them: those of New Year in the last week of December by the next one's."""
    years: dict[int, list[ListedDay]] = {}
    for day in sorted(days, key=lambda day: day.date):
        ends = day.date.month == 12 and day.date.day >= _LAST_WEEK
        following = ends and any(name in day.name.lower() for name in _NEW_YEAR)
        years.setdefault(day.date.year + following, []).append(day)
    return {year: tuple(listed) for year, listed in years.items()}


def fitted(listed: DayList, facts: Facts) -> DayList:
    """A list without the days that say nothing to a calendar, which are added to what could not be mapped.

    Args:
        listed: The list.
        facts: The facts of the country.
    """
    unmapped = list(listed.unmapped)
    years: dict[int, tuple[ListedDay, ...]] = {}
    for year, days in listed.years.items():
        ordinary = [day for day in days if not day.off and weekday(day.date.toordinal()) not in facts.rest_days]
        unnamed = [day for day in days if day.name and not any(name in day.name.lower() for name in FESTIVALS)]
        unmapped += [UnmappedEntry(day.date.isoformat(), day.name, "ordinary") for day in ordinary]
        unmapped += [UnmappedEntry(day.date.isoformat(), day.name, "name") for day in unnamed if day not in ordinary]
        years[year] = tuple(day for day in days if day not in ordinary)
    return replace(listed, years=years, unmapped=tuple(unmapped))


def plain_notice(listed: DayList, year: int, *, number: str, published: date) -> dict[str, Any]:
    """The content of a notice made of a year of a list, as its file would have it.

    Args:
        listed: The list.
        year: The year.
        number: The number of the notice.
        published: The day it was published.
    """
    days = listed.years[year]
    off = runs(day.date.toordinal() for day in days if day.off)
    content = {
        "notice_no": number,
        "year": year,
        "published": published.isoformat(),
        "url": next(iter(listed.papers), None),
        "off_days": ["/".join(date.fromordinal(day).isoformat() for day in sorted(set(run))) for run in off],
        "work_days": [day.date.isoformat() for day in days if not day.off],
    }
    return {key: value for key, value in content.items() if value is not None}


def arranged_alike(days: Iterable[ListedDay], year: int, facts: Facts) -> bool:
    """True where the notices of a year arrange the same days as a list: the same days of the week off and worked.

    Args:
        days: The days of the list.
        year: The year.
        facts: The facts of the country.
    """
    arranged: dict[int, bool] = {}
    for notice in facts.notices:
        if notice.year == year:
            arranged.update((day, False) for low, high in notice.off for day in range(low, high + 1))
            arranged.update(dict.fromkeys(notice.work, True) | dict.fromkeys(notice.clears, False))
    listed = {day.date.toordinal(): not day.off for day in days}
    return _unusual(arranged, facts) == _unusual(listed, facts)


def _unusual(days: Mapping[int, bool], facts: Facts) -> dict[int, bool]:
    """The days that are not as in an ordinary week."""
    return {day: worked for day, worked in days.items() if worked == (weekday(day) in facts.rest_days)}
