"""One calendar with the days off of another beside its own, day by day, and how far that is firm."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from tests.property.made_calendars import ONE

from zhengxie_flow.calendars import Layer, Notice, Snapshot
from zhengxie_flow.calendars.compose import layered, weekly_timeline
from zhengxie_flow.calendars.union import with_days_off
from zhengxie_flow.reading.calendars import load

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AS_OF = date(2025, 12, 1)
REST = frozenset({5, 6})


def town(name: str, off: tuple[date, ...], work: tuple[date, ...] = (), through: date | None = None) -> Snapshot:
    """A week with the days of a town."""
    spans = tuple((day.toordinal(), day.toordinal()) for day in off)
    notice = Notice(name, 2026, FIRST - 99 * ONE, spans, tuple(day.toordinal() for day in work), level="organisation")
    layer = Layer(name, "organisation", (notice,), complete_through=through)
    return Snapshot(layered(weekly_timeline(name, REST, FIRST, LAST), (layer,)), AS_OF)


A_DAY, ANOTHER, SATURDAY = date(2026, 3, 4), date(2026, 3, 11), date(2026, 3, 14)
ENDS = (None, date(2026, 5, 1), date(2026, 7, 1), LAST)


@pytest.mark.parametrize(("own_end", "other_end"), [*product(ENDS, ENDS)])
def test_the_days_off_of_both_are_off_and_what_the_other_works_changes_nothing(own_end, other_end):
    own, other = town("own", (A_DAY,), (), own_end), town("other", (ANOTHER,), (SATURDAY,), other_end)
    both = with_days_off(own, other)
    for place in range((LAST - FIRST).days + 1):
        day = FIRST + place * ONE
        assert both.is_working_day(day) is (own.is_working_day(day) and day != ANOTHER), day
    assert (both.name, both.as_of, both.first, both.last) == ("own+own&other+other", AS_OF, FIRST, LAST)
    assert both.explain(ANOTHER).reason == "local_holiday"
    ends = [end for end in (own_end, other_end) if end is not None and end != LAST]
    firm = min([LAST, *ends])
    assert both.firm_through == firm
    after = min(firm + ONE, LAST)
    assert both.may_change(firm, after) is (firm < LAST)
    assert not both.may_change(FIRST, firm)


@pytest.mark.parametrize("names", [("cn", "NL"), ("NL", "cn"), ("cn", "TR"), ("TR", "cn")])
def test_both_are_firm_as_far_as_each_of_them_is(names):
    own, other = (load(name, date(2026, 3, 1)) for name in names)
    both = with_days_off(own, other)
    assert both.firm_through == min(own.firm_through, other.firm_through)
    assert (both.first, both.last, both.name) == (own.first, own.last, f"{own.name}&{other.name}")
    for place in range(365):
        day = FIRST + place * ONE
        listed = any(low <= day.toordinal() <= high for notice in other.timeline.notices for low, high in notice.off)
        assert both.is_working_day(day) is (own.is_working_day(day) and not listed), day
