"""What each direction of a limit says of the days of its act, and of the act it hangs on, when the other is set."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from tests.support import cn
from tests.unit.engine.test_schedule_by_sets import process_of

from zhengxie_flow.engine.limits.schedule import Bound, LawfulDays, schedule

CALENDAR = cn(date(2026, 11, 22))
ONE = timedelta(days=1)
SET = date(2026, 9, 9)
UNITS = ("working_day", "calendar_day", "week", "half_month", "month")


def holds(kind: str, unit: Any, word: Any, day: date, anchor: date) -> bool:
    """Whether an act may lie on a day, in plain words."""
    match kind:
        case "within":
            return anchor <= day <= CALENDAR.within(anchor, 3, unit).date
        case "at least before":
            return day <= CALENDAR.before(anchor, 3, word, unit).date
        case "at most before":
            return day >= CALENDAR.before(anchor, 3, word, unit, "earliest").date
        case "at least after":
            return day >= CALENDAR.minimum(anchor, 3, unit, word).date
        case "by" | "before":
            return day <= anchor
        case "after":
            return day >= anchor
        case _:
            return day == anchor


def written(kind: str, unit: str, word: str) -> dict[str, Any]:
    amounts = {
        "within": {"within": 3, "after": "ask"}, "at least before": {"at_least": 3, "before": "ask"},
        "at most before": {"at_most": 3, "before": "ask"}, "at least after": {"at_least": 3, "after": "ask"},
    }  # fmt: skip
    if kind not in amounts:
        return {kind: "ask"}
    return {**amounts[kind], "unit": unit, **({"count": word} if word != "event_excluded" else {})}


KINDS = [
    *product(("within",), UNITS, ("event_excluded",)),
    *product(("at least before", "at most before", "at least after"), UNITS, ("event_excluded", "clear_days")),
    *product(("by", "by_date", "before", "after"), ("working_day",), ("event_excluded",)),
]


@pytest.mark.parametrize(("kind", "unit", "word"), KINDS)
def test_the_bounds_are_the_first_and_last_days_that_the_limit_allows(kind, unit, word):
    compiled = process_of({"o": {"do": "send", "limit": written(kind, unit, word)}})
    days = [SET + place * ONE for place in range(-150, 151)]
    for name, other in (("ask", "send"), ("send", "ask")):
        lawful = [day for day in days if holds(kind, unit, word, *((day, SET) if name == "ask" else (SET, day)))]
        span = schedule(compiled, CALENDAR, {name: SET}).spans[other]
        wanted = (lawful[0] if lawful[0] != days[0] else None, lawful[-1] if lawful[-1] != days[-1] else None)
        assert (span.earliest and span.earliest.day, span.latest and span.latest.day) == wanted, name
        assert all(
            bound is None or (bound.because, bound.firm) == (("o",), True) for bound in (span.earliest, span.latest)
        )
        assert (span.planned, span.possible) == (None, True)
        own = schedule(compiled, CALENDAR, {name: SET}).spans[name]
        assert own == LawfulDays(Bound(SET), Bound(SET), SET)


@pytest.mark.parametrize(("kind", "unit", "word"), KINDS)
def test_today_is_the_first_day_of_what_is_not_set(kind, unit, word):
    compiled = process_of({"o": {"do": "send", "limit": written(kind, unit, word)}})
    for today in (SET - 200 * ONE, SET, SET + ONE):
        spans = schedule(compiled, CALENDAR, {}, today).spans
        assert all(span.earliest is not None and span.earliest.day >= today for span in spans.values())
        assert all(span.latest is None for span in spans.values())
        assert schedule(compiled, CALENDAR, {}).spans == {"ask": LawfulDays(), "send": LawfulDays()}


def test_of_several_choices_the_last_is_the_ordinary_one():
    choose = [{"when": {"do": "file"}, "within": 90}, {"when": {"do": "file"}, "within": 30}, {"within": 10}]
    choose = [{**part, **({"when": {"done": "file"}} if "when" in part else {})} for part in choose]
    compiled = process_of({"o": {"do": "send", "limit": {"after": "ask", "unit": "calendar_day", "choose": choose}}})
    span = schedule(compiled, CALENDAR, {"ask": SET}).spans["send"]
    assert span.latest is not None
    assert span.latest.day == CALENDAR.within(SET, 10, "calendar_day").date


def test_limits_that_push_one_another_on_without_end_leave_no_day():
    """Each of two acts waits for the other: a contradiction that names both, though no day is set but today."""
    duties = {
        "o1": {"do": "send", "limit": {"at_least": 3, "unit": "calendar_day", "after": "ask"}},
        "o2": {"do": "ask", "limit": {"at_least": 3, "unit": "calendar_day", "after": "send"}},
    }
    result = schedule(process_of(duties), CALENDAR, {}, SET)
    assert {name for clash in result.clashes for name in clash.because} == {"o1", "o2"}
    assert not all(span.possible for span in result.spans.values())
    calm = schedule(process_of(duties), CALENDAR, {})
    assert calm.clashes == ()
    backward = {
        name: {"do": duty["do"], "limit": {"at_least": 3, "unit": "calendar_day", "before": other}}
        for (name, duty), other in zip(duties.items(), ("ask", "send"), strict=True)
    }
    late = {"o3": {"do": "ask", "limit": {"before": "file"}}}
    clashing = schedule(process_of(backward | late), CALENDAR, {"file": SET})
    assert {"o1", "o2"} <= {name for clash in clashing.clashes for name in clash.because}


def test_the_contradiction_with_the_fewest_limits_is_shown():
    """One that shows at every act on its way is told at its source, with the days on which a set act could be instead."""
    duties = {
        "o1": {"do": "hear", "limit": {"at_least": 10, "unit": "calendar_day", "after": "ask"}},
        "o2": {"do": "send", "limit": {"within": 5, "unit": "calendar_day", "after": "hear"}},
    }
    result = schedule(process_of(duties), CALENDAR, {"ask": SET, "hear": SET + 5 * ONE})
    assert {clash.because for clash in result.clashes} == {("o1",)}
    assert {clash.action for clash in result.clashes} == {"ask", "hear"}
    clash = result.clashes[0]
    assert set(clash.instead) == {"ask", "hear"}
    assert clash.instead["hear"].earliest == Bound(SET + 10 * ONE, ("o1",))
    assert clash.instead["ask"].latest == Bound(SET - 5 * ONE, ("o1",))
    assert schedule(process_of(duties), CALENDAR, {"ask": SET, "hear": SET + 10 * ONE}).clashes == ()
