"""What the calculator shows of a term beside its day: each step, the zone of its hours, why it cannot be counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.unit.engine.limits.test_clocks_by_walking import CALENDAR, LAW, OPEN, Stops, span

from zhengxie_flow.engine.limits.calculator import OneOffTerm, count_one_off, whole_units
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.convention import read_conventions
from zhengxie_flow.model.limit import Part

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROLLING = {"roll": {"forward": "next", **LAW}, "count": {"is": "event_excluded", **LAW}}
TUESDAY = date(2026, 4, 7)


def shown(keys: dict[str, Any], stops: Stops = (), added: tuple[int, ...] = ()) -> list[tuple[str, str]]:
    order = {"language": 1, "convention": "order", "law": "1", "editions": [{"rules": ROLLING}]}
    part = Part.model_validate({"after": "x", **keys})
    term = OneOffTerm(part, TUESDAY, stops, added)
    (result,) = count_one_off(term, CALENDAR, read_conventions({"order": order}), SHANGHAI)
    assert not result.steps or result.steps[-1].day == result.day
    return [(step.kind, step.day.isoformat()[5:]) for step in result.steps]


SATURDAY = [("nominal", "04-11"), ("rolled", "04-13")]


@pytest.mark.parametrize("convention", [{}, {"convention": "order"}])
@pytest.mark.parametrize(("amount", "stops", "added"), [
    (4, (), ()), (2, (span("04-07", "04-09"),), ()), (2, (), (2,)), (1, (span("04-07", "04-09"),), (1,)),
])  # fmt: skip
def test_a_term_that_ends_on_a_day_off_shows_its_bare_end_and_the_day_after(convention, amount, stops, added):
    assert shown({"within": amount, "unit": "calendar_day", **convention}, stops, added) == SATURDAY


@pytest.mark.parametrize(("stops", "steps"), [((), []), ((span("04-08", "04-09"),), [("nominal", "04-10")])])
def test_a_term_that_ends_on_a_day_of_work_needs_no_second_step(stops, steps):
    assert shown({"within": 3 - len(stops), "unit": "calendar_day"}, stops) == steps


def test_what_a_stop_in_the_roll_leaves_is_the_last_step():
    steps = shown({"within": 4, "unit": "calendar_day"}, (span("04-12", "04-14"),))
    assert steps == [("nominal", "04-11"), ("rolled", "04-15")]


def test_a_term_in_hours_ends_on_the_day_of_its_zone():
    part = Part.model_validate({"within": 30, "unit": "hour", "after": "x"})
    (result,) = count_one_off(OneOffTerm(part, date(2026, 4, 2)), OPEN, {}, SHANGHAI)
    assert result.moment == datetime(2026, 4, 3, 6, tzinfo=SHANGHAI)
    assert (result.day, result.readings) == (date(2026, 4, 3), {})  # in UTC it is the day before still


def test_hours_fill_no_days():
    part = Part.model_validate({"within": 3, "unit": "hour", "after": "x"})
    with pytest.raises(CalendarError) as refused:
        whole_units(part, TUESDAY, TUESDAY, OPEN)
    assert (refused.value.code, refused.value.params) == ("ZX2011", {"given": "hour"})
