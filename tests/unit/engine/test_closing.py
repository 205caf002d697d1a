"""What the end of a case, and an act that closes a duty, make of what was not performed: the same ever after."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support import judged, line, story_of
from tests.unit.engine.test_limits import did, lines, the

from zhengxie_flow.engine import compile_process
from zhengxie_flow.model.definition import resolve

FIVE = {"within": 5, "unit": "working_day", "after": "receive"}  # received on Monday 2 March: until the 9th
THREE_BEFORE = {"at_least": 3, "unit": "working_day", "before": "publish"}
RECEIVED = did("2026-03-02", "receive")
PLANNED = {"at": "2026-03-02", "plan": "publish", "to": "2026-03-12"}  # notice until Monday 9 March
STATES = {"open": {}, "closed": {"final": True}, "dropped": {"final": "withdrawn"}}


def verdicts(limit: dict[str, Any], told: list[dict[str, Any]], *days: str, **duty: Any) -> list[str]:
    """How the duty stands on each of some days."""
    actions = {
        "end": {"by": "office", "from": "open", "to": "closed"},
        "drop": {"by": "office", "from": "open", "to": "dropped"},
        "settle": {"by": "office", "closes": ["the.duty"]},
    }
    found = [the(lines(limit, told, day, states=STATES, actions=actions, duty=duty)) for day in days]
    return [str(one.verdict) for one in found]


@pytest.mark.parametrize("closed", ["2026-03-05", "2026-03-09", "2026-03-12"])
def test_a_dated_duty_missed_when_an_act_closes_it_is_a_breach_on_every_later_day(closed):
    told = [RECEIVED, did(closed, "settle")]
    assert verdicts(FIVE, told, closed, "2026-03-16", "2026-05-01") == ["breach"] * 3


def test_a_party_who_let_it_pass_stays_where_it_was():
    told = [RECEIVED, did("2026-03-12", "settle")]
    assert verdicts({**FIVE, "late": "lapsed"}, told, "2026-03-12", "2026-05-01") == ["lapsed"] * 2


def test_in_a_final_state_what_was_not_yet_due_is_asked_of_nobody_and_what_was_overdue_stays():
    early, late = [RECEIVED, did("2026-03-05", "end")], [RECEIVED, did("2026-03-12", "end")]
    assert verdicts(FIVE, early, "2026-03-05", "2026-05-01") == ["not_applicable"] * 2
    assert verdicts(FIVE, late, "2026-03-12", "2026-05-01") == ["overdue"] * 2


@pytest.mark.parametrize("ended", ["2026-03-05", "2026-03-10"])
def test_a_plan_that_nobody_can_move_any_more_owes_nothing_whether_its_day_had_passed_or_not(ended):
    told = [PLANNED, did(ended, "end")]
    assert verdicts(THREE_BEFORE, told, ended, "2026-05-01") == ["not_applicable"] * 2
    assert verdicts(THREE_BEFORE, [PLANNED, did(ended, "drop")], ended, "2026-05-01") == ["not_applicable"] * 2


PAPERS = {
    "language": 1, "process": "p", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}},
    "items": {"paper": {"fields": {}}},
    "actions": {"enter": {"by": "office", "adds": "paper"}, "read": {"by": "office", "for": "paper"},
                "sum_up": {"by": "office", "closes": ["read"]}},
    "obligations": {"read": {"law": "1", "for": "paper", "do": "read",
                             "limit": {"within": 5, "unit": "working_day", "after": "enter"}}},
}  # fmt: skip


def read(told: list[dict[str, Any]], item: str, *days: str) -> list[str]:
    compiled = compile_process(resolve({"id": "x/p", "process": PAPERS}))
    happened = [{"by": "office", **one} for one in told]
    story = story_of(compiled, *happened, opened="2026-03-02", by="office")
    return [str(line(judged(story, day), "read", item).verdict) for day in days]


def test_an_item_left_open_by_a_closing_act_stays_incomplete_and_one_overdue_by_then_overdue():
    told = [did("2026-03-02", "enter", **{"for": "a"})]  # to be read by Monday 9 March
    assert read([*told, did("2026-03-04", "sum_up")], "a", "2026-03-04", "2026-05-01") == ["incomplete"] * 2
    assert read([*told, did("2026-03-11", "sum_up")], "a", "2026-03-11", "2026-05-01") == ["overdue"] * 2


def test_an_item_that_comes_in_after_a_closing_act_is_closed_by_the_next_one_alone():
    told = [did("2026-03-04", "sum_up"), did("2026-03-05", "enter", **{"for": "b"})]
    assert read(told, "b", "2026-03-05", "2026-03-20") == ["pending", "overdue"]
    assert read([*told, did("2026-03-06", "sum_up")], "b", "2026-03-06", "2026-03-20") == ["incomplete"] * 2
