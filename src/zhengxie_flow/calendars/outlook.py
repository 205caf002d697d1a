"""What may still change in a calendar that is taken from a library or listed by hand, and up to where it is firm.

A library tells nobody when its days became known.  What is open in it are feasts whose date it only estimates (each may
fall a day earlier or later, in any year), and the years to come of a country whose government arranges its days off
year by year.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from zhengxie_flow.calendars.facts import LOCAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zhengxie_flow.calendars.timeline import Timeline

__all__ = ["Outlook", "feast_runs", "fixed_days", "horizon", "last_complete", "open_days", "settled_until", "unsettled"]

Pattern: TypeAlias = tuple[int, tuple[tuple[int, bool], ...]]
"""The arrangement of one month of one year: the month, and days of the month from 0, each worked or not."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of the years to come.

    Attributes:
        kept_through: The last day up to which whoever lists the days has followed them.
        arranged_through: The last day of the years arranged so far; None where no government arranges them by year.
        arrangements: The arrangements of past years, as precedents, month by month.
    """

    kept_through: date
    arranged_through: date | None = None
    arrangements: tuple[Pattern, ...] = ()


def horizon(timeline: Timeline) -> date:
    """The last day before anything that is expected to change.

    Args:
        timeline: A composed calendar; feasts up to the day its list was kept to do not end the firm range, though each
            of them stays open by itself.
    """
    if timeline.outlook is None:
        return min(limit for limit in (timeline.announced_through, timeline.complete_through) if limit is not None)
    limits = [last_complete(timeline)]
    days = timeline.open_days
    place = bisect_left(days, timeline.outlook.kept_through.toordinal() + 1)
    if place < len(days):
        limits.append(date.fromordinal(days[place] - 1))
    return min(limits)


def settled_until(timeline: Timeline) -> date:
    """The last day before the first that is open, in any year."""
    if timeline.outlook is None or not timeline.open_days:
        return timeline.firm_through
    return min(timeline.firm_through, date.fromordinal(timeline.open_days[0] - 1))


def unsettled(timeline: Timeline, first: date, last: date) -> bool:
    """Return whether a day of a closed interval may still change."""
    if last > timeline.firm_through and (timeline.outlook is None or last > last_complete(timeline)):
        return True
    days = timeline.open_days
    place = bisect_left(days, first.toordinal())
    return place < len(days) and days[place] <= last.toordinal()


def last_complete(timeline: Timeline) -> date:
    """The last day up to which every list of days off is complete; after it, days off may come that none has."""
    limits = [timeline.last, timeline.complete_through]
    if timeline.outlook is not None:
        limits.append(timeline.outlook.arranged_through)
    return min(limit for limit in limits if limit is not None)


def open_days(timeline: Timeline) -> tuple[int, ...]:
    """The ordinary working days that an estimated feast may take or leave, in order."""
    if not any(notice.estimated for notice in timeline.notices):
        return ()
    fixed, start = fixed_days(timeline), timeline.base + 1
    near = {day for first, last in feast_runs(timeline) for day in range(first - 1, last + 2)} - fixed
    return tuple(sorted(day for day in near if 0 <= day - start < timeline.size and timeline.weekly[day - start]))


def feast_runs(timeline: Timeline) -> Iterator[tuple[int, int]]:
    """Runs of consecutive days of estimated feasts."""
    return _runs(timeline.estimated)


def fixed_days(timeline: Timeline) -> set[int]:
    """The days that an instrument settles whatever the date of a feast: holidays of a certain date, and local days."""
    fixed: set[int] = set()
    for notice in timeline.notices:
        days = (day for low, high in notice.off for day in range(low, high + 1))
        fixed.update(day for day in days if day not in notice.estimated)
        if notice.level in LOCAL:
            fixed.update(notice.work)
    return fixed


def _runs(days: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Consecutive days as runs."""
    ordered = sorted(days)
    starts = [day for place, day in enumerate(ordered) if place == 0 or ordered[place - 1] != day - 1]
    ends = [day for place, day in enumerate(ordered) if place + 1 == len(ordered) or ordered[place + 1] != day + 1]
    return zip(starts, ends, strict=True)
