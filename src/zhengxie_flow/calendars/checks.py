"""Checks of a notice before it may change a calendar: sums, weekdays, spans, and what it amends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from zhengxie_flow.calendars.compose import compose
from zhengxie_flow.calendars.nominal import festivals, statutory_text, weekday
from zhengxie_flow.deprecation import deprecated_names

if TYPE_CHECKING:
    from zhengxie_flow.calendars.facts import Facts, Notice, Span

__all__ = ["CalendarProblem", "check_notice", "check_runs"]

LONGEST_RUN = 6
"""Most working days without a day off, by the text in force since 2025; a wish before that."""
RUN_BINDING_FROM = 2025


@dataclass(frozen=True, slots=True)
class CalendarProblem:
    """A fault of a notice: a code, the key and the entry of the notice it lies in, parameters, severity."""

    code: str
    key: str
    index: int | None = None
    params: dict[str, Any] = field(default_factory=dict)
    severity: str = "error"


def check_notice(notice: Notice, facts: Facts) -> Iterator[CalendarProblem]:
    """Check one notice against the facts known before it.

    ZX2030 day outside its year · ZX2031 make-up day not on a day of rest · ZX2032 day both off and worked · ZX2033
    spans overlap · ZX2034 days off and make-up days do not balance to the statutory days of the year · ZX2035 statutory
    day not off · ZX2036 an amendment changes the number of days off without naming its occasion · ZX2037 published too
    late · ZX2038 amends an unknown notice · ZX2039 the year has a notice already · ZX2040 the year before has none ·
    ZX2041 takes back a day that is no make-up day · ZX2042 turns a make-up day into a day off without taking it back.
    """
    yield from _days(notice, facts)
    yield from _place(notice, facts)
    if notice.amends is None:
        yield from _balance(notice, facts)
    else:
        yield from _amendment(notice, facts)


def _days(notice: Notice, facts: Facts) -> Iterator[CalendarProblem]:
    # A year's notice may reach into the last week of the year before (30 December 2018 was off by the notice for 2019).
    low, high = date(notice.year - 1, 12, 24).toordinal(), date(notice.year, 12, 31).toordinal()
    for key, spans in (
        ("off_days", notice.off),
        ("work_days", _single(notice.work)),
        ("clears_work", _single(notice.clears)),
    ):
        for index, (first, last) in enumerate(spans):
            if not low <= first <= last <= high:
                yield CalendarProblem(
                    "ZX2030", key, index, {"day": _iso(first if first < low else last), "year": notice.year}
                )
    for index, day in enumerate(notice.work):
        if weekday(day) not in facts.rest_days:
            yield CalendarProblem("ZX2031", "work_days", index, {"day": _iso(day)})
        if any(first <= day <= last for first, last in notice.off):
            yield CalendarProblem("ZX2032", "work_days", index, {"day": _iso(day)})
    for index, (first, last) in enumerate(notice.off):
        if any(first <= high and low <= last for low, high in notice.off[:index]):
            yield CalendarProblem("ZX2033", "off_days", index, {"day": _iso(first)})


def _place(notice: Notice, facts: Facts) -> Iterator[CalendarProblem]:
    others = [other for other in facts.notices if other.amends is None and other.number != notice.number]
    years = {other.year for other in others}
    if notice.published is not None and notice.published > date(notice.year, 12, 31):
        yield CalendarProblem("ZX2037", "published", None, {"day": notice.published.isoformat(), "year": notice.year})
    if notice.amends is not None:
        if not any(other.number == notice.amends and other.year == notice.year for other in facts.notices):
            yield CalendarProblem("ZX2038", "amends", None, {"amends": notice.amends, "year": notice.year})
        return
    if notice.year in years:
        taken = next(other.number for other in others if other.year == notice.year)
        yield CalendarProblem("ZX2039", "year", None, {"year": notice.year, "known": taken})
    elif years and notice.year - 1 not in years and notice.year != min(years | {notice.year}):
        yield CalendarProblem("ZX2040", "year", None, {"year": notice.year, "missing": notice.year - 1})


def _balance(notice: Notice, facts: Facts) -> Iterator[CalendarProblem]:
    text = statutory_text(facts, notice.year)
    if text is None or notice.year <= facts.first.year:  # days moved out of the first year lie before the data
        return
    days = festivals(facts, text, notice.year)
    required = sum(map(len, days.values()))
    arranged = _net(notice, facts)
    if arranged != required:
        yield CalendarProblem("ZX2034", "off_days", None, {"given": arranged, "wanted": required, "law": text.number})
    off = _off(notice)
    for festival, listed in days.items():
        for day in listed:
            if day not in off:
                yield CalendarProblem(
                    "ZX2035", "off_days", None, {"day": _iso(day), "festival": festival, "law": text.number}
                )


def _amendment(notice: Notice, facts: Facts) -> Iterator[CalendarProblem]:
    before = {day for other in facts.notices if other.number != notice.number for day in other.work}
    taken_back = {day for other in facts.notices if other.number != notice.number for day in other.clears}
    standing = before - taken_back
    for index, day in enumerate(notice.clears):
        if day not in standing:
            yield CalendarProblem("ZX2041", "clears_work", index, {"day": _iso(day)})
    for index, (first, last) in enumerate(notice.off):
        for day in standing.intersection(range(first, last + 1)).difference(notice.clears):
            yield CalendarProblem("ZX2042", "off_days", index, {"day": _iso(day)})
    if notice.occasion is None:
        others = [other for other in facts.notices if other.year == notice.year and other.number != notice.number]
        already = {day for other in others for day in _off(other)}
        gained = sum(weekday(day) not in facts.rest_days for day in _off(notice) - already)
        gained += len(notice.clears) - len(set(notice.work) - standing)
        if gained:
            yield CalendarProblem("ZX2036", "occasion", None, {"change": gained})


def check_runs(facts: Facts, year: int) -> Iterator[CalendarProblem]:
    """ZX2043: runs of working days without a day off that are longer than allowed (a warning before 2025).

    A run over the turn of the year belongs to the year it ends in.
    """
    timeline = compose(facts)
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = range(timeline.base + 1, timeline.base + timeline.size + 1)
    for worked, run in groupby(days, key=lambda day: timeline.flags[day - timeline.base - 1]):
        length = list(run)
        if worked and len(length) > LONGEST_RUN and first <= length[-1] <= last:
            severity = "error" if year >= RUN_BINDING_FROM else "warning"
            params = {"first": _iso(length[0]), "last": _iso(length[-1]), "days": len(length), "most": LONGEST_RUN}
            yield CalendarProblem("ZX2043", "work_days", None, params, severity)


def _net(notice: Notice, facts: Facts) -> int:
    """Ordinary working days taken off less days of rest worked."""
    return sum(weekday(day) not in facts.rest_days for day in _off(notice)) - len(notice.work)


def _off(notice: Notice) -> set[int]:
    return {day for first, last in notice.off for day in range(first, last + 1)}


def _single(days: tuple[int, ...]) -> tuple[Span, ...]:
    return tuple((day, day) for day in days)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Fault": "CalendarProblem"})
