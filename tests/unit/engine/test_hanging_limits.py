"""Limits that hang on the last day of others, clocks changed more than once, caps whose parts run."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from tests.unit.engine.test_limits import did, lines, the

from zhengxie_flow.model.limit import Limit

RECEIVED = did("2026-03-02", "receive")  # a Monday
FIVE = {"within": 5, "unit": "working_day", "after": "receive"}  # until Monday 9 March
TEN = {"within": 10, "unit": "working_day", "after": "receive"}  # until Monday 16 March


def hung(limit: dict[str, Any], told: list[dict[str, Any]], as_of: str, **base: Any) -> Any:
    """The duty under a limit, beside another one, ``first``, of ten working days after receipt."""
    first = {"law": "1", "do": "accept", "limit": base.pop("first", TEN), **base}
    return the(lines(limit, told, as_of, obligations={"first": first}))


def test_order_before_the_end_of_another_limit():
    limit = {"before": {"due": "first"}}
    assert hung(limit, [RECEIVED, did("2026-03-05", "answer")], "2026-03-06").verdict == "pass"
    assert hung(limit, [RECEIVED, did("2026-03-16", "answer")], "2026-04-01").verdict == "pass"
    assert hung(limit, [RECEIVED, did("2026-03-17", "answer")], "2026-04-01").verdict == "breach"
    assert hung(limit, [RECEIVED], "2026-03-16").verdict == "pending"
    assert hung(limit, [RECEIVED], "2026-03-17").verdict == "breach"


def test_the_first_of_an_act_and_the_end_of_a_limit_is_what_came_first():
    limit = {"within": 3, "unit": "working_day", "after": {"first_of": ["publish", {"due": "first"}]}}
    waiting = hung(limit, [RECEIVED], "2026-03-03")
    assert (waiting.verdict, waiting.due, waiting.anchor.kind) == ("pending", date(2026, 3, 19), "planned")
    assert waiting.waits_for == ("publish",)
    early = hung(limit, [RECEIVED, did("2026-03-04", "publish")], "2026-03-05")
    assert (early.due, early.anchor.kind) == (date(2026, 3, 9), "actual")
    late = hung(limit, [RECEIVED, did("2026-03-18", "publish")], "2026-03-18")
    assert (late.due, late.anchor.date) == (date(2026, 3, 19), date(2026, 3, 16))


def test_what_happened_before_a_clock_began_does_not_start_it_anew():
    limit = {"within": 3, "unit": "working_day", "after": {"due": "first"}, "restarts_on": "restart"}
    told = [RECEIVED, did("2026-03-04", "restart")]
    assert hung(limit, told, "2026-03-20").due == date(2026, 3, 19)
    again = [RECEIVED, did("2026-03-18", "restart")]
    assert hung(limit, again, "2026-03-20").due == date(2026, 3, 23)


def test_a_limit_hung_on_a_day_that_can_still_move_is_only_projected():
    limit = {"at_least": 3, "unit": "working_day", "before": {"due": "first"}}
    first = {**TEN, "extended_by": {"action": "extend", "add": 5}}
    late = hung(limit, [RECEIVED], "2026-03-12", first=first)
    assert (late.verdict, late.latest) == ("overdue", date(2026, 3, 11))
    cured = hung(limit, [RECEIVED, did("2026-03-12", "extend")], "2026-03-12", first=first)
    assert (cured.verdict, cured.latest) == ("pending", date(2026, 3, 18))
    assert hung(limit, [RECEIVED], "2026-03-17", first=first).verdict == "breach"


def test_a_limit_hung_on_a_clock_that_stands_still_waits():
    first = {**TEN, "suspended": {"from": "stop", "until": "resume"}}
    limit = {"within": 3, "unit": "working_day", "after": {"due": "first"}}
    told = [RECEIVED, did("2026-03-04", "stop")]
    still = hung(limit, told, "2026-03-20", first=first)
    assert (still.verdict, still.due, still.waits_for) == ("pending", None, ("first",))
    assert hung(limit, [*told, did("2026-03-11", "resume")], "2026-03-20", first=first).due == date(2026, 3, 26)


@pytest.mark.parametrize("limit", [
    {"within": 3, "unit": "working_day", "after": {"due": "first"}},
    {"within": 3, "unit": "working_day", "after": {"first_of": ["publish", {"due": "first"}]}},
    {"by_date": "day"},
])  # fmt: skip
def test_what_time_alone_would_bring_is_not_missed_when_the_case_ends(limit):
    told = [RECEIVED, {"at": "2026-03-03", "determine": {"day": "2026-04-01"}, "reason": "r"}]
    ends = {"close": {"by": "office", "from": "open", "to": "closed"}}
    process = {"states": {"open": {}, "closed": {"final": True}}, "actions": ends}
    line = the(lines(limit, [*told, did("2026-03-05", "close")], "2026-05-01",
                     obligations={"first": {"law": "1", "do": "accept", "limit": TEN}}, **process))  # fmt: skip
    assert (line.verdict, line.detail) == ("not_applicable", ("closed",))


def test_what_hangs_on_a_clock_that_stands_still_is_not_missed_when_the_case_ends():
    first = {"law": "1", "do": "accept", "limit": {**TEN, "suspended": {"from": "stop", "until": "resume"}}}
    ends = {"close": {"by": "office", "from": "open", "to": "closed"}}
    process = {"states": {"open": {}, "closed": {"final": True}}, "actions": ends, "obligations": {"first": first}}
    limit = {"within": 3, "unit": "working_day", "after": {"due": "first"}}
    found = lines(limit, [RECEIVED, did("2026-03-04", "stop"), did("2026-03-05", "close")], "2026-05-01", **process)
    assert [str(the(found, name).verdict) for name in ("first", "the.duty")] == ["not_applicable"] * 2


def test_an_act_before_a_day_still_to_come_does_not_count_and_is_out_of_order():
    limit = {"within": 3, "unit": "working_day", "after": {"due": "first"}}
    told = [RECEIVED, did("2026-03-05", "answer")]
    assert hung(limit, told, "2026-03-06").verdict == "pending"
    assert hung(limit, told, "2026-03-20").verdict == "overdue"


# -- more than one change to one clock


def test_a_new_amount_needs_no_unit_of_its_own():
    limit = {**FIVE, "extended_by": {"action": "extend", "to": {"within": 9}}}
    assert the(lines(limit, [RECEIVED, did("2026-03-04", "extend")], "2026-03-05")).due == date(2026, 3, 13)
    in_months = {**FIVE, "extended_by": {"action": "extend", "to": {"within": 1, "unit": "month"}}}
    assert the(lines(in_months, [RECEIVED, did("2026-03-04", "extend")], "2026-03-05")).due == date(2026, 4, 2)


@pytest.mark.parametrize(("first", "second", "due"), [
    ("amount", "day", date(2026, 3, 27)),
    ("more", "amount", date(2026, 3, 13)),
    ("amount", "more", date(2026, 3, 17)),
    ("day", "more", date(2026, 3, 31)),
])  # fmt: skip
def test_of_several_extensions_the_later_wins(first, second, due):
    kinds = {"day": "stop", "amount": "resume", "more": "extend"}
    limit = {**FIVE, "extended_by": [
        {"action": "stop", "to": {"field": "until"}},
        {"action": "resume", "to": {"within": 9}},
        {"action": "extend", "add": 2},
    ]}  # fmt: skip
    until = {"with": {"until": {"type": "date"}}}
    told = [RECEIVED, did("2026-03-03", kinds[first]), did("2026-03-04", kinds[second])]
    told = [one | ({"with": {"until": "2026-03-27"}} if one["do"] == "stop" else {}) for one in told]
    found = lines(limit, told, "2026-03-05", actions={"stop": {"by": "office", **until}})
    assert the(found).due == due
    assert [one.verdict for one in found if one.is_action] == ["pass", "pass"]


def test_an_extension_that_leads_to_no_later_end_is_void():
    limit = {**FIVE, "extended_by": [
        {"action": "stop", "to": {"field": "until"}},
        {"action": "resume", "to": {"within": 9}},
    ]}  # fmt: skip
    until = {"with": {"until": {"type": "date"}}}
    acts = [RECEIVED, did("2026-03-03", "stop", **{"with": {"until": "2026-03-27"}}), did("2026-03-04", "resume")]
    shown = lines(limit, acts, "2026-03-05", actions={"stop": {"by": "office", **until}})
    assert the(shown).due == date(2026, 3, 27)
    assert [(line.verdict, line.detail) for line in shown if line.is_action] == [
        ("pass", ()),
        ("invalid", ("not_longer",)),
    ]


def test_the_parts_of_a_cap_run_each_by_itself_and_show_their_extensions():
    limit = {"earliest_of": [
        {**FIVE, "extended_by": {"action": "extend", "add": {"field": "days"}, "up_to": 8}},
        {**TEN, "after": "receive"},
    ]}  # fmt: skip
    told = [RECEIVED, did("2026-03-03", "extend", **{"with": {"days": 3}})]
    assert the(lines(limit, told, "2026-03-05")).due == date(2026, 3, 12)
    more = [RECEIVED, did("2026-03-03", "extend", **{"with": {"days": 30}})]
    found = lines(limit, more, "2026-03-05")
    assert the(found).due == date(2026, 3, 16)
    assert [one.verdict for one in found if one.is_action] == ["capped"]


@pytest.mark.parametrize(("limit", "code"), [
    ({"earliest_of": [FIVE, TEN], "extended_by": {"action": "extend", "add": 3}}, "ZX1143"),
    ({"latest_of": [FIVE, TEN], "suspended": {"from": "stop", "until": "resume"}}, "ZX1143"),
    ({"latest_of": [FIVE, TEN], "restarts_on": "restart"}, "ZX1143"),
    ({"earliest_of": [{**FIVE, "late": "lapsed"}, TEN]}, "ZX1144"),
    ({"earliest_of": [FIVE, {**TEN, "on_lapse": {"deem": {"action": "accept"}}}]}, "ZX1144"),
    ({**FIVE, "extended_by": {"action": "extend", "to": {"unit": "month"}}}, "ZX1142"),
    ({**FIVE, "extended_by": {"action": "extend", "to": {"within": 3, "after": "accept"}}}, "ZX1142"),
    ({"within": 24, "unit": "hour", "after": "receive", "suspended": {"from": "stop", "until": "resume"}}, "ZX1145"),
    ({"within": 24, "unit": "hour", "after": "receive", "extended_by": {"action": "extend", "add": 24}}, "ZX1145"),
])  # fmt: skip
def test_what_would_have_no_effect_is_refused(limit, code):
    with pytest.raises(ValidationError) as caught:
        Limit.model_validate(limit)
    assert code in {one["type"] for one in caught.value.errors()}


# -- clocks that start anew


LAPSE = {**FIVE, "restarts_on": "restart", "on_lapse": {"deem": {"action": "accept"}}}
DEEMED = {"accept": {"from": "open", "to": "accepted"}}


def deemed_on(told: list[dict[str, Any]], as_of: str) -> list[date]:
    found = lines(LAPSE, told, as_of, actions=DEEMED)
    return [one.actual.date for one in found if one.obligation == "accept"]


def test_a_limit_that_has_run_out_stays_run_out_when_its_clock_starts_anew():
    told = [RECEIVED, did("2026-03-12", "restart")]
    assert deemed_on(told, "2026-03-13") == [date(2026, 3, 9)]
    assert deemed_on(told, "2026-03-23") == [date(2026, 3, 9), date(2026, 3, 19)]
    in_time = [RECEIVED, did("2026-03-09", "restart")]
    assert deemed_on(in_time, "2026-03-13") == []
    assert deemed_on(in_time, "2026-03-18") == [date(2026, 3, 16)]


def test_what_answered_a_clock_before_it_started_anew_is_in_order():
    limit = {**FIVE, "restarts_on": "restart"}
    told = [RECEIVED, did("2026-03-03", "answer"), did("2026-03-05", "restart"), did("2026-03-06", "answer")]
    found = lines(limit, told, "2026-03-13")
    assert the(found).verdict == "pass"
    assert not [one for one in found if one.obligation == "integrity.order"]
    early = lines(limit, [did("2026-03-02", "answer"), did("2026-03-03", "receive")], "2026-03-13")
    assert [one.obligation for one in early if one.verdict == "finding"] == ["integrity.order"]


def test_a_choice_is_read_anew_when_the_clock_starts_anew():
    limit = {"choose": [{"when": "complicated", "within": 10}, {"within": 5}], "unit": "working_day",
             "after": "receive", "restarts_on": "restart"}  # fmt: skip
    plain = {"at": "2026-03-02", "determine": {"complicated": False}, "reason": "r"}
    later = {"at": "2026-03-04", "determine": {"complicated": True}, "reason": "r"}
    told = [plain, RECEIVED, later]
    assert the(lines(limit, told, "2026-03-05")).due == date(2026, 3, 9)
    again = [*told, did("2026-03-05", "restart")]
    assert the(lines(limit, again, "2026-03-05")).due == date(2026, 3, 19)


def test_an_extension_before_a_new_start_keeps_its_line_and_lengthens_nothing_after_it():
    limit = {**FIVE, "restarts_on": "restart", "extended_by": {"action": "extend", "by": "head", "add": 3, "times": 1}}
    head = {"by": "head"}
    told = [RECEIVED, did("2026-03-03", "extend"), did("2026-03-04", "extend", **head), did("2026-03-05", "restart")]
    found = lines(limit, told, "2026-03-06")
    assert the(found).due == date(2026, 3, 12)
    shown = [(str(one.actual.date), str(one.verdict)) for one in found if one.obligation == "extend"]
    assert sorted(shown) == [("2026-03-03", "invalid"), ("2026-03-04", "pass")]
    more = lines(limit, [*told, did("2026-03-06", "extend", **head)], "2026-03-06")
    assert the(more).due == date(2026, 3, 17)
    assert [one.verdict for one in more if one.obligation == "extend"].count("pass") == 2


REPLY = {
    "law": "1",
    "do": "resume",
    "limit": {"within": 5, "unit": "working_day", "after": "stop", "restarts_on": "stop"},
}


@pytest.mark.parametrize(("told", "due"), [
    ([("04", "stop")], date(2026, 3, 23)),  # still for five days at most: until the 11th
    ([("04", "stop"), ("16", "stop"), ("18", "resume")], date(2026, 3, 25)),  # two days more
    ([("04", "stop"), ("16", "stop")], date(2026, 3, 30)),
    ([("04", "stop"), ("10", "stop"), ("13", "resume")], date(2026, 3, 25)),  # asked again before the five were over
    ([("04", "stop"), ("06", "resume"), ("09", "stop"), ("11", "resume")], date(2026, 3, 20)),
])  # fmt: skip
def test_a_clock_stands_still_each_time_for_as_long_as_the_other_may_take(told, due):
    until = {"first_of": ["resume", {"due": "reply"}]}
    limit = {**TEN, "suspended": {"from": "stop", "until": until}}
    happened = [RECEIVED, *(did(f"2026-03-{day}", action) for day, action in told)]
    assert the(lines(limit, happened, "2026-03-24", obligations={"reply": REPLY})).due == due
