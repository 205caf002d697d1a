"""A day that was set, an instant, and hours, counted by the rules of a convention, with the bounds of what may still come."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import product
from typing import Any

import pytest
from tests.property.made_calendars import EVERY_DAY, FACTS, FIRST, LAST, ONE, made
from tests.property.test_term_oracle import Term, Walk
from tests.unit.engine.test_limits import did, lines, the

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.moments import OfficeHours
from zhengxie_flow.calendars.timeline import Timeline

WEEKENDS = frozenset(day for day in EVERY_DAY if day.weekday() > 4)
OFF = WEEKENDS | {date(2026, 3, 16)}  # a Monday
LAW = {"law": "1"}
CALENDAR = made(OFF)
HOURS = made(OFF, "hours", (OfficeHours(time(17), opens=time(9)),))
LOOSE = Snapshot(
    Timeline("loose", FIRST, bytes(day not in OFF for day in EVERY_DAY), notices=(), firm_through=date(2026, 3, 10), facts=FACTS)
)  # fmt: skip


def line(limit: dict[str, Any], told: list[dict[str, Any]], calendar: Snapshot, rules: dict[str, Any] | None) -> Any:
    more: dict[str, Any] = {}
    if rules is not None:
        order = {"language": 1, "convention": "order", "law": "1", "editions": [{"rules": rules}]}
        more = {"convention": "order", "conventions": {"order": order}}
    return the(lines(limit, told, "2026-03-02", calendars=lambda _: calendar, **more))


def setting(day: date) -> list[dict[str, Any]]:
    return [{"at": "2026-03-01", "determine": {"day": day.isoformat()}, "reason": "r"}]


DAYS = [date(2026, 3, 9) + place * ONE for place in range(10)]


@pytest.mark.parametrize(("roll", "added"), [*product(("none", "next", "previous"), (0, 3))])
@pytest.mark.parametrize("key", ["by", "by_date"])
def test_a_set_day_gives_way_as_the_rules_say(key, roll, added):
    rules = {"roll": {"set_day": roll, **LAW}, **({"added": {"days": added, **LAW}} if added else {})}
    for day in DAYS:
        wanted = Walk(Term(day, 0, "calendar_day", roll=roll, added=added), OFF, OFF)
        rolled = wanted.roll(day)
        last = wanted.roll(rolled + added * ONE) if added else rolled
        found = line({key: "day"}, setting(day), CALENDAR, rules)
        assert found.due == last
        assert found.date_status == "firm"
        proof = found.working.limit
        assert (proof.date, proof.possible, proof.amount) == (last, None, None)
        assert [step.kind for step in proof.steps][:1] == ["nominal"]
        assert proof.steps[-1].day == last
        assert proof.counted_by == "order"


@pytest.mark.parametrize("key", ["by", "by_date"])
def test_a_set_day_without_a_rule_stays(key):
    for day in DAYS:
        for rules in (None, {"roll": {"forward": "next", **LAW}}):
            found = line({key: "day"}, setting(day), CALENDAR, rules)
            assert (found.due, found.date_status) == (day, "firm")
        own = line({key: "day", "roll": "next"}, setting(day), CALENDAR, None)
        assert own.due == Walk(Term(day, 0, "calendar_day", roll="next"), OFF, OFF).roll(day)


def test_before_a_set_day_is_the_day_before_whatever_rolls():
    for day in DAYS:
        rules = {"roll": {"set_day": "next", "backward": "previous", **LAW}}
        assert line({"before": "day"}, setting(day), CALENDAR, rules).latest == day - ONE


@pytest.mark.parametrize("roll", ["next", "previous"])
def test_a_set_day_that_may_still_become_one_of_rest_has_bounds(roll):
    """By a calendar whose later days a notice settles; a set day that does not roll asks no calendar."""
    for day in DAYS:
        found = line({"by": "day"}, setting(day), LOOSE, {"roll": {"set_day": roll, **LAW}})
        loose = day > LOOSE.firm_through or found.due > LOOSE.firm_through
        assert found.date_status == ("provisional" if loose else "firm"), day
        assert line({"by": "day"}, setting(day), LOOSE, {"roll": {"set_day": "none", **LAW}}).date_status == "firm"


AT = datetime.fromisoformat("2026-03-13T15:30:00+08:00")  # a Friday


@pytest.mark.parametrize(("unit", "amount", "rules", "end"), [
    ("hour", 5, None, "2026-03-13T20:30"),
    ("hour", 5, {"hours": {"is": "elapsed", **LAW}}, "2026-03-13T20:30"),
    ("hour", 5, {"hours": {"is": "elapsed", "from": "next_hour", **LAW}}, "2026-03-13T21:00"),
    ("hour", 24, {"hours": {"is": "rolls", **LAW}}, "2026-03-17T15:30"),
    ("hour", 24, {"hours": {"is": "without_days_off", **LAW}}, "2026-03-17T15:30"),
    ("working_hour", 3, None, "2026-03-17T10:30"),
    ("half_working_day", 3, {"hours": {"is": "elapsed", **LAW}}, "2026-03-18T11:30"),
])  # fmt: skip
def test_hours_by_the_rules_of_a_convention(unit, amount, rules, end):
    limit = {"within": amount, "unit": unit, "after": "receive"}
    found = the(lines(
        limit, [did(AT.isoformat(), "receive")], "2026-03-13", calendars=lambda _: HOURS,
        **({} if rules is None else {"convention": "order", "conventions": {"order": {
            "language": 1, "convention": "order", "law": "1", "editions": [{"rules": rules}]}}}),
    ))  # fmt: skip
    moment = datetime.fromisoformat(f"{end}:00+08:00")
    assert (found.working.limit.moment, found.due) == (moment, moment.date())
    assert found.working.limit.counted_by == (None if rules is None else "order")


def test_hours_of_an_office_that_no_calendar_tells_need_a_person():
    for unit in ("working_hour", "half_working_day"):
        limit = {"within": 3, "unit": unit, "after": "receive"}
        found = the(lines(limit, [did(AT.isoformat(), "receive")], "2026-03-13", calendars=lambda _: CALENDAR))
        assert (str(found.verdict), found.due) == ("needs_judgement", None)


@pytest.mark.parametrize(("limit", "direction"), [
    ({"within": 2000, "unit": "working_day", "after": "receive"}, "forward"),
    ({"at_least": 2000, "unit": "working_day", "after": "receive"}, "minimum"),
    ({"within": 99, "unit": "month", "after": "receive", "extended_by": {"action": "extend", "add": 1}}, "forward"),
])  # fmt: skip
def test_a_day_outside_the_data_is_said_to_lie_there(limit, direction):
    found = the(lines(limit, [did(AT.isoformat(), "receive")], "2026-03-13", calendars=lambda _: CALENDAR))
    proof = found.working.limit
    assert (found.due, proof.direction, proof.start) == (None, direction, AT.date())
    assert (proof.outside["first"], proof.outside["last"]) == (FIRST, LAST)
