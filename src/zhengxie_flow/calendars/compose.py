"""From facts to a timeline: which notices were known, where nominal rules fill in, and up to where it is firm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from zhengxie_flow.calendars.facts import LEVELS, Facts, Layer, Notice
from zhengxie_flow.calendars.nominal import nominal_notices
from zhengxie_flow.calendars.outlook import Outlook
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.errors import CalendarError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "FIRM_UNTIL", "NOMINAL_YEARS", "compose", "layered", "visible_notices", "weekly_pattern", "weekly_timeline",
]  # fmt: skip

NOMINAL_YEARS = 2
"""Years after the newest notice that are answered by nominal rules; a day beyond them is refused."""

FIRM_UNTIL = (12, 23)
"""Last firm day of a year whose next notice is unknown: a next-year notice has moved the days from 29 December on."""


def visible_notices(
    notices: Iterable[Notice], as_of: date | None = None, known_at: datetime | None = None
) -> tuple[Notice, ...]:
    """The notices published on or before ``as_of`` and recorded here at or before ``known_at`` (None: all)."""
    return tuple(
        notice
        for notice in notices
        if (as_of is None or notice.known_from <= as_of)
        and (known_at is None or notice.recorded_at is None or notice.recorded_at <= known_at)
    )


def compose(
    facts: Facts,
    as_of: date | None = None,
    *,
    known_at: datetime | None = None,
    overlays: tuple[Layer, ...] = (),
) -> Timeline:
    """Compose the timeline of a calendar as it was known.

    Args:
        facts: the notices and statutory days of the country.
        as_of: keep the notices published on or before this day; None: all.
        known_at: keep the notices recorded by this instant; None: all.
        overlays: local layers.

    Raises:
        CalendarError: ZX2010 where no notice was known yet on ``as_of``.
    """
    visible = visible_notices(facts.notices, as_of, known_at)
    years = {notice.year for notice in visible if notice.amends is None}
    if facts.first.year not in years:
        raise CalendarError("ZX2010", calendar=facts.name, as_of=as_of, first=facts.first)
    firm_year = facts.first.year
    while firm_year + 1 in years:
        firm_year += 1
    last_year = max(years) + NOMINAL_YEARS
    nominal = [
        notice
        for year in range(facts.first.year, last_year + 1)
        if year not in years
        for notice in nominal_notices(facts, year, as_of)
    ]
    country = Timeline(
        facts.name,
        facts.first,
        weekly_pattern(facts.first, date(last_year, 12, 31), facts.rest_days),
        notices=(*nominal, *visible),
        firm_through=date(firm_year, *FIRM_UNTIL),
        facts=facts,
    )
    return layered(country, overlays, as_of, known_at=known_at) if overlays else country


def layered(
    base: Timeline, layers: tuple[Layer, ...], as_of: date | None = None, *, known_at: datetime | None = None
) -> Timeline:
    """Put layers on a calendar: a country's own, one from a library, or a plain week.

    The nearer level wins whatever the order of the name.  Days before a layer's list is complete are not answered;
    after it, one more day off may come.

    Args:
        base: the calendar below.
        layers: the layers, in the order of the name.
        as_of: keep the notices published on or before this day; None: all.
        known_at: keep the notices recorded by this instant; None: all.

    Raises:
        CalendarError: ZX2061 where no day is left that the lists cover.
    """
    ordered = sorted(layers, key=lambda layer: LEVELS.index(layer.level))
    first = max([base.first, *(layer.complete_from for layer in layers if layer.complete_from)])
    ends = [layer.complete_through for layer in layers if layer.complete_through]
    if first > base.last:
        raise CalendarError("ZX2061", calendar=base.name, first=first, last=base.last)
    local = [notice for layer in ordered for notice in visible_notices(layer.notices, as_of, known_at)]
    composed = replace(
        base,
        name="+".join([base.name, *(layer.id for layer in layers)]),
        first=first,
        weekly=base.weekly[(first - base.first).days :],
        notices=(*base.notices, *local),
        complete_through=min(ends, default=None),
        announced_through=base.announced_through or base.firm_through,
        office_hours=next((layer.office_hours for layer in reversed(ordered) if layer.office_hours), ()),
    )
    return replace(composed, firm_through=composed.horizon)


def weekly_timeline(name: str, rest_days: frozenset[int], first: date, last: date) -> Timeline:
    """Compose a plain week without holidays: the base of a calendar whose days off somebody lists.

    Args:
        name: its name.
        rest_days: the weekdays that are not worked; Monday is 0.
        first: the first day of the data.
        last: the last day of the data.
    """
    return Timeline(
        name,
        first,
        weekly_pattern(first, last, rest_days),
        notices=(),
        firm_through=last,
        facts=Facts(name, first, (), rest_days=rest_days),
        outlook=Outlook(first),
    )


def weekly_pattern(first: date, last: date, rest_days: frozenset[int]) -> bytes:
    """One byte a day, 1 for an ordinary working day of the week."""
    week = bytes(weekday not in rest_days for weekday in range(7))
    size = last.toordinal() - first.toordinal() + 1
    return (week * (size // 7 + 2))[first.weekday() : first.weekday() + size]
