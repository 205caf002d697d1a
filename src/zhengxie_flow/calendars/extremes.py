"""The calendars with the fewest and with the most days of rest that one may still become, for bounds of any count.

They do not know, as `DayRange` does, that of a festival only one precedent comes; they serve counts that ask more of a
calendar than how many working days lie between two days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from zhengxie_flow.calendars.nominal import weekday
from zhengxie_flow.calendars.precedents import spread_of
from zhengxie_flow.calendars.snapshot import Snapshot

if TYPE_CHECKING:
    from zhengxie_flow.calendars.interval import DayRange
    from zhengxie_flow.calendars.timeline import Timeline

__all__ = ["extremes", "one_more_off"]

MARGIN = 366
"""The days after the data that are taken as ordinary ones: an end of an interval may lie there."""


def extremes(snapshot: Snapshot) -> tuple[Snapshot, Snapshot]:
    """The calendar with the fewest days of rest still possible, and the one with the most."""
    fewest, most = _timelines(snapshot.timeline)
    return Snapshot(fewest, snapshot.as_of), Snapshot(most, snapshot.as_of)


def one_more_off(snapshot: Snapshot, near: date) -> Iterator[Snapshot]:
    """The calendar with a day off that no list has yet: a day, or where lists are complete there, the first they lack.

    None where every list is complete.
    """
    timeline = snapshot.timeline
    limit = spread_of(timeline).complete_through
    if limit is None:
        return
    place = max(near.toordinal(), limit + 1) - timeline.base - 1
    place = timeline.flags.find(1, place)
    if place >= 0:
        flags = bytearray(timeline.flags)
        flags[place] = 0
        yield Snapshot(_with_flags(timeline, flags), snapshot.as_of)


@lru_cache(maxsize=16)
def _timelines(timeline: Timeline) -> tuple[Timeline, Timeline]:
    spread = spread_of(timeline)
    fewest, most = bytearray(timeline.flags), bytearray(timeline.flags)
    end = timeline.base + timeline.size
    not_firm = set(range(timeline.firm_through.toordinal() + 1, end + 1))
    for ordinal in sorted(not_firm | {day for day in spread.flips if timeline.base < day <= end}):
        place = ordinal - timeline.base - 1
        possible = _possible(spread, ordinal, worked=bool(spread.weekly[place]))
        fewest[place], most[place] = True in possible, False not in possible
    margin = bytes(weekday(day) not in spread.rest_days for day in range(end + 1, end + MARGIN + 1))
    longer = replace(timeline, weekly=timeline.weekly + margin)
    return _with_flags(longer, fewest + margin), _with_flags(longer, most + margin)


def _possible(spread: DayRange, ordinal: int, *, worked: bool) -> set[bool]:
    """The answers still possible to whether a day is worked."""
    if ordinal in spread.settled:
        return {spread.settled[ordinal]}
    possible = set()
    untouched = True  # by no notice, whatever precedent comes
    for festival, changes in spread.flips.get(ordinal, ()):
        possible |= {change > 0 for _, change in changes}
        untouched = untouched and len(changes) < spread.sizes[festival]
    return possible | {worked} if untouched else possible


def _with_flags(timeline: Timeline, flags: bytearray) -> Timeline:
    """The same timeline with other days worked; what `Timeline.flags` would compose is put in its place."""
    other = replace(timeline)
    other.__dict__["flags"] = bytes(flags)
    return other
