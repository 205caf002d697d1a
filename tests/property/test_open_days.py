"""Whatever an open day turns out to be, the count stays inside the interval that was told."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import assume, given, settings, strategies as st
from tests.support import CALENDARS, tries

from zhengxie_flow.calendars import Layer, Notice, Snapshot
from zhengxie_flow.calendars.outlook import runs
from zhengxie_flow.calendars.timeline import Timeline

BASES: list[Any] = ["cn", "NL", "US+US-MA", {"week": ["mon", "tue", "wed", "thu", "fri", "sat"]}]
START = date(2025, 1, 1)
days = st.integers(0, 900).map(lambda offset: START + timedelta(days=offset))


def layer(name: str, off: list[date], through: date | None = None) -> Layer:
    spans = tuple((day.toordinal(), day.toordinal()) for day in off)
    notice = Notice(number=name, year=2025, published=date.min, off=spans, level="organisation")
    return Layer(name, "organisation", (notice,), complete_from=date(2024, 6, 1), complete_through=through)


@settings(max_examples=tries(20), deadline=None)
@given(st.sampled_from(BASES), st.lists(days, max_size=6), days, days, days, st.integers(1, 20))
def test_one_day_off_more_after_a_list_ends(
    base: Any, off: list[date], through: date, extra: date, start: date, n: int
) -> None:
    assume(extra > through)
    told = CALENDARS.snapshot(base, overlays=[layer("listed", off, through)])
    then = CALENDARS.snapshot(base, overlays=[layer("listed", [*off, extra])])
    for before, after in (
        (told.within(start, n), then.within(start, n)),
        (told.before(start, n), then.before(start, n)),
        (told.within(start, n, unit="calendar_day"), then.within(start, n, unit="calendar_day")),
    ):
        assert before.earliest <= before.date <= before.latest
        assert before.earliest <= after.date <= before.latest
        if before.status == "firm":
            assert after.date == before.date


@lru_cache(maxsize=8)
def feasts(code: str) -> tuple[Snapshot, tuple[tuple[int, int], ...]]:
    snapshot = CALENDARS.snapshot(code)
    return snapshot, tuple(runs(snapshot.timeline.estimated))


def moved(timeline: Timeline, shifts: dict[int, int]) -> Snapshot:
    """The calendar with its estimated feasts on other days."""
    certain, estimated = timeline.notices
    spans = tuple(
        (first + shifts.get(place, 0), last + shifts.get(place, 0))
        for place, (first, last) in enumerate(runs(timeline.estimated))
    )
    notices = (certain, estimated._replace(off=spans, estimated=frozenset()))
    return Snapshot(
        Timeline(
            timeline.name,
            timeline.first,
            timeline.weekly,
            notices=notices,
            firm_through=timeline.last,
            facts=timeline.facts,
            outlook=timeline.outlook,
        )
    )


@settings(max_examples=tries(20), deadline=None)
@given(st.sampled_from(["ID", "QA", "SA", "TR", "NG"]), st.data())
def test_feasts_on_other_days_than_estimated(code: str, data: st.DataObject) -> None:
    told, spans = feasts(code)
    place = data.draw(st.integers(0, len(spans) - 1))
    shifts = {place + near: data.draw(st.sampled_from([-1, 0, 1])) for near in (-1, 0, 1, 2)}
    then = moved(told.timeline, shifts)
    start = date.fromordinal(spans[place][0]) - timedelta(days=data.draw(st.integers(-15, 15)))
    assume(told.first + timedelta(days=60) < start < told.last - timedelta(days=60))
    n = data.draw(st.integers(1, 15))
    for before, after in (
        (told.within(start, n), then.within(start, n)),
        (told.before(start, n), then.before(start, n)),
        (told.within(start, n, unit="calendar_day"), then.within(start, n, unit="calendar_day")),
    ):
        assert before.earliest <= after.date <= before.latest
        if before.status == "firm":
            assert after.date == before.date
