"""What the end of a case, and an act that closes a duty, make of what was not performed: the same ever after."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.engine.test_limits import did, lines, the

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
def test_a_plan_that_nobody_can_move_any_more_was_missed_whether_its_day_had_passed_or_not(ended):
    told = [PLANNED, did(ended, "end")]
    assert verdicts(THREE_BEFORE, told, ended, "2026-05-01") == ["breach"] * 2
    assert verdicts(THREE_BEFORE, [PLANNED, did(ended, "drop")], ended, "2026-05-01") == ["not_applicable"] * 2
