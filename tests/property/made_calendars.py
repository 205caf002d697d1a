"""Calendars made of any days of work, and their plain twins: a set of days, stepped through one by one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from hypothesis import strategies as st

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.moments import OfficeHours
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.reading.calendars import load

ONE = timedelta(days=1)
FIRST, LAST = date(2023, 1, 1), date(2028, 12, 31)
SIZE = (LAST - FIRST).days + 1
FACTS = load("cn").timeline.facts


EVERY_DAY = tuple(FIRST + place * ONE for place in range(SIZE))
"""The days of all calendars made here."""


def made(off: Collection[date], name: str = "made", hours: tuple[OfficeHours, ...] = ()) -> Snapshot:
    """A calendar with these days off, all other days worked."""
    weekly = bytes(day not in off for day in EVERY_DAY)
    return Snapshot(Timeline(name, FIRST, weekly, notices=(), firm_through=LAST, facts=FACTS, office_hours=hours))


@st.composite
def days_off(draw: st.DrawFn) -> frozenset[date]:
    """Days off: the weekends of some weeks, runs of days, single days."""
    weekends = draw(st.sampled_from([(), (6,), (5, 6), (4, 5)]))
    off = {day for day in EVERY_DAY if day.weekday() in weekends}
    for begin, length in draw(st.lists(st.tuples(near, st.integers(1, 9)), max_size=6)):
        off |= {begin + place * ONE for place in range(length)}
    off -= draw(st.frozensets(near, max_size=4))
    return frozenset(off)


near = st.dates(date(2025, 1, 1), date(2026, 6, 30))
"""Days around which terms are counted, far from the ends of the calendars."""
