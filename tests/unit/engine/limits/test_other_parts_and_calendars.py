"""Clocks that go on by another amount or count by a calendar of their own, and lawful days where the data or what is firm ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.property.made_calendars import made
from tests.support import cn
from tests.unit.engine.limits.test_clocks_by_walking import CALENDAR as WEEK, LAW
from tests.unit.engine.test_limits import did, lines, the
from tests.unit.engine.test_resolving import FIVE, TEN, owed, resolved, rounds, view_of
from tests.unit.engine.test_schedule_by_sets import process_of

from zhengxie_flow.engine import compile_process
from zhengxie_flow.engine.limits.clock_end import ClockEnds, EndChange
from zhengxie_flow.engine.limits.resolve import resolve_limit, resolve_rounds
from zhengxie_flow.engine.limits.running_limit import count_of
from zhengxie_flow.engine.limits.schedule import LawfulDays, schedule
from zhengxie_flow.engine.limits.suspensions import ClockStop
from zhengxie_flow.engine.limits.term_rules import CountingRules
from zhengxie_flow.model.case import LAST
from zhengxie_flow.model.convention import RuleSet
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.limit import Part

ONE = timedelta(days=1)
TUESDAY = date(2026, 4, 7)
ALWAYS = made((), "always")
"""A calendar on which every day is worked, beside one with weekends."""
ROLLS = RuleSet.model_validate({"roll": {"forward": "next", **LAW}})


def part(amount: int, unit: str) -> Part:
    return Part.model_validate({"within": amount, "unit": unit, "after": "x"})


def held(first: int, last: int) -> ClockStop:
    return ClockStop((date(2026, 4, first), 0), (date(2026, 4, last), LAST))


def test_a_clock_by_a_calendar_of_its_own_stops_and_ends_by_it():
    run = ClockEnds(WEEK, TUESDAY, part(3, "working_day"), None, CountingRules(part(3, "working_day"), ROLLS, ALWAYS))
    run.stop(held(8, 13))
    end = run.end()
    assert end is not None
    assert (end.day, run.rolled(end)) == (date(2026, 4, 15), date(2026, 4, 15))  # three days, and five more
    assert run.counted(run.part).name == "always"
    assert run.working(date(2026, 4, 11)) == date(2026, 4, 11)  # a Saturday
    assert run.units(end, date(2026, 4, 20)) == 5
    proof = count_of(run, end)
    assert proof is not None and proof.date == end.day


@pytest.mark.parametrize(("before", "after", "nominal", "last"), [
    (part(3, "working_day"), part(4, "calendar_day"), date(2026, 4, 11), date(2026, 4, 13)),
    (part(30, "calendar_day"), part(4, "working_day"), date(2026, 4, 13), date(2026, 4, 13)),
    (part(2, "working_day"), part(1, "month"), date(2026, 5, 7), date(2026, 5, 7)),
])  # fmt: skip
@pytest.mark.parametrize("stopped", [False, True])
def test_a_clock_that_was_given_another_amount_counts_and_rolls_by_that(before, after, nominal, last, stopped):
    run = ClockEnds(WEEK, TUESDAY, before, None, CountingRules(before, ROLLS, WEEK))
    run.steps.append(EndChange("extend", (TUESDAY, 1), base=after))
    end = run.end()
    assert end is not None
    assert (end.day, run.rolled(end), end.part) == (nominal, last, after)
    if stopped:  # from Wednesday to Friday: two days of either kind
        run.stop(held(8, 10))
        end = run.end()
        assert end is not None
        working = after.unit == "working_day"
        moved = WEEK.add(nominal, 2) if working else nominal + 2 * ONE
        assert end.day == moved
        assert run.rolled(end) == (moved if WEEK.is_working_day(moved) else WEEK.add(moved, 1))
    proof = count_of(run, end)
    assert proof is not None and proof.date == run.rolled(end)


@pytest.mark.parametrize("least", [1, 2, 3, 4])
def test_the_proof_of_a_clock_that_stops_adds_the_least_days_of_work_once(least):
    rules = RuleSet.model_validate({"roll": {"forward": "next", **LAW}, "least": {"working_days": least, **LAW}})
    days = part(3, "calendar_day")
    for start in (date(2026, 4, day) for day in range(7, 14)):
        run = ClockEnds(WEEK, start, days, None, CountingRules(days, rules, WEEK))
        run.stop(ClockStop((start + ONE, 0), (start + 2 * ONE, LAST)))
        end = run.end()
        assert end is not None
        proof = count_of(run, end)
        assert proof is not None and proof.date == run.rolled(end)


CN = cn(date(2026, 11, 22))
AT_LEAST = {"at_least": 10, "unit": "calendar_day"}


def test_nothing_is_carried_on_from_an_act_that_has_no_day_left():
    duties = {
        "o1": {"do": "hear", "limit": {**AT_LEAST, "after": "ask"}},
        "o2": {"do": "send", "limit": {"within": 5, "unit": "calendar_day", "after": "hear"}},
    }
    day = date(2026, 9, 9)
    result = schedule(process_of(duties), CN, {"ask": day, "hear": day + 5 * ONE})
    assert not result.spans["hear"].possible
    assert result.spans["send"] == LawfulDays()


@pytest.mark.parametrize("beyond", [-2, -1, 0, 1, 2])
def test_what_lies_outside_the_data_bounds_nothing(beyond):
    """Two limits in a row: the first leads to a day at the end of the data, from which the second counts only inside."""
    duties = {
        name: {"do": act, "limit": {**AT_LEAST, "after": of}}
        for name, act, of in (("o1", "hear", "ask"), ("o2", "send", "hear"))
    }
    near = CN.last + beyond * ONE
    spans = schedule(process_of(duties), CN, {"ask": near - 10 * ONE}).spans
    assert spans["hear"].earliest is not None and spans["hear"].earliest.day == near
    found = spans["send"].earliest
    assert (found and found.day) == (near + 10 * ONE if beyond <= 0 else None)


@pytest.mark.parametrize("beyond", [-2, -1, 0, 1, 2])
def test_what_lies_before_the_data_bounds_nothing(beyond):
    duties = {
        name: {"do": act, "limit": {**AT_LEAST, "before": of}}
        for name, act, of in (("o1", "hear", "ask"), ("o2", "send", "hear"))
    }
    near = CN.first + beyond * ONE
    spans = schedule(process_of(duties), CN, {"ask": near + 10 * ONE}).spans
    assert spans["hear"].latest is not None and spans["hear"].latest.day == near
    found = spans["send"].latest
    assert (found and found.day) == (near - 10 * ONE if beyond >= 0 else None)


def test_a_bound_carried_back_is_as_firm_as_the_count_from_it():
    compiled = process_of({"o": {"do": "send", "limit": {"at_least": 3, "unit": "working_day", "after": "ask"}}})
    seen = set()
    for place in range(-12, 20):
        day = CN.firm_through + place * ONE
        latest = schedule(compiled, CN, {"send": day}).spans["ask"].latest
        assert latest is not None
        wanted = CN.minimum(latest.day, 3, "working_day")
        assert wanted.date <= day < CN.minimum(latest.day + ONE, 3, "working_day").date
        assert latest.firm is (wanted.status == "firm")
        seen.add(latest.firm)
    assert seen == {True, False}


def test_lawful_days_are_counted_by_the_edition_in_force_on_the_day_counted_from():
    rules = [{"roll": {"forward": word, **LAW}} for word in ("none", "next")]
    periods = [{"to": "2026-09-05"}, {"from": "2026-09-06"}]
    order = {
        "language": 1, "convention": "order", "law": "1",
        "editions": [{"in_force": period, "rules": rule} for period, rule in zip(periods, rules, strict=True)],
    }  # fmt: skip
    process = {
        "language": 1, "process": "plan", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}}, "convention": "order",
        "actions": {name: {"by": "office"} for name in ("ask", "send")},
        "obligations": {"o": {"law": "1", "who": "office", "do": "send", "limit": {"within": 4, "unit": "calendar_day", "after": "ask"}}},
    }  # fmt: skip
    compiled = compile_process(resolve({"id": "x/plan", "process": process, "conventions": {"order": order}}))
    for asked, day in (("2026-09-01", "2026-09-05"), ("2026-09-08", "2026-09-14")):  # both end on a Saturday
        latest = schedule(compiled, CN, {"ask": date.fromisoformat(asked)}).spans["send"].latest
        assert latest is not None and latest.day == date.fromisoformat(day)


RECEIVED = did("2026-03-02", "receive")  # a Monday
COUNTED = cn(date(2026, 3, 1))


def test_a_duty_that_two_owe_together_is_done_when_both_have_acted():
    duty = {"law": "1", "do": "answer", "jointly": ["office", "head"], "limit": FIVE}
    actions = {"answer": {"by": ["office", "head"]}}
    told = [RECEIVED, did("2026-03-03", "answer"), did("2026-03-04", "answer", by="head")]
    for number, wanted in ((2, []), (3, [date(2026, 3, 4)])):
        view = view_of(
            TEN, told[:number], "2026-03-05", actions=actions, obligations={"both": duty}, roles=("office", "head")
        )
        owing = owed(view, "both")
        assert set(owing.jointly) == {"office", "head"}
        assert [act.day for act in resolve_rounds(view, owing)[0].acts] == wanted


def test_what_follows_a_provisional_day_is_bounded_by_both_ends_of_it():
    """Ten days that end around a Spring Festival nobody has arranged yet, and five more from there."""
    obligations = {"first": {"law": "1", "do": "reply", "limit": TEN}}
    limit: dict[str, Any] = {"within": 5, "unit": "working_day", "after": {"due": "first"}}
    for received in ("2027-01-25", "2027-02-01", "2027-02-15"):
        told = [did(received, "receive")]
        view = view_of(limit, told, received, obligations=obligations)
        first, found = resolve_limit(view, owed(view, "first")), resolve_limit(view, owed(view))
        calendar = view.calendar()
        assert None not in (first.low, first.high, found.low, found.high)
        assert found.low == calendar.within(first.low, 5).earliest
        assert found.high == calendar.within(first.high, 5).latest


@pytest.mark.parametrize("day", ["2027-02-01", "2027-02-18", "2027-02-19", "2027-03-01"])
def test_a_set_day_that_may_become_one_of_rest_has_the_bounds_of_its_roll(day):
    written = {
        "language": 1,
        "convention": "order",
        "law": "1",
        "editions": [{"rules": {"roll": {"forward": "next", "set_day": "next", **LAW}}}],
    }
    told = [{"at": "2026-11-01", "determine": {"day": day}, "reason": "r"}]
    found = the(lines({"by_date": "day"}, told, "2026-11-03", convention="order", conventions={"order": written}))
    calendar = cn(date(2026, 11, 3))
    shown = date.fromisoformat(day)
    wanted = calendar.within(shown - ONE, 1, unit="calendar_day")
    assert found.due == wanted.date
    limit = found.working.limit
    assert limit is not None
    assert tuple(limit.possible or (limit.date, limit.date)) == (wanted.earliest, wanted.latest)


DOTTED = {"sign": {"by": "office", "with": {"until": {"type": "date"}}}}


def test_an_act_at_the_place_of_its_occurrence_and_each_later_one_open_rounds_by_the_day_that_was_set():
    """A day named by an act can be met from that act on, and each act that names another opens another round."""
    limit = {"by_date": "sign.until"}
    told = [
        did("2026-03-02", "sign", **{"with": {"until": "2026-03-06"}}), did("2026-03-04", "answer"),
        did("2026-03-09", "sign", **{"with": {"until": "2026-03-13"}}),
    ]  # fmt: skip
    found = rounds(limit, told, "2026-03-10", actions=DOTTED)
    assert [(part.limit.day, [act.day for act in part.acts]) for part in found] == [
        (date(2026, 3, 6), [date(2026, 3, 4)]), (date(2026, 3, 13), []),
    ]  # fmt: skip
    due = resolved(limit, told, "2026-03-10", actions=DOTTED)
    assert (due.day, due.number) == (date(2026, 3, 13), 2)
