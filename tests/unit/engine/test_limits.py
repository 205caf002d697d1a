"""Each primitive of a time limit, and what becomes of it when others act on the same clock."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from tests.support import CALENDARS, cn

from zhengxie_flow.engine import audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.model.working import DeemedDay
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

ACTIONS = ("receive", "accept", "reject", "stop", "resume", "extend", "restart", "answer", "appeal", "publish")


def lines(limit: dict[str, Any], told: list[dict[str, Any]], as_of: str, **more: Any) -> list[Judgement]:
    """The audit of a duty ``answer`` under a limit, after some happenings."""
    actions: dict[str, Any] = {name: {"by": "office"} for name in ACTIONS}
    actions["extend"] = {"by": ["office", "head"], "with": {"days": {"type": "int"}, "until": {"type": "date"}}}
    actions.update(more.pop("actions", {}))
    process = {
        "language": 1, "process": "clock", "law": "x-1", "roles": {"office": {}, "head": {}, "clerk": {}},
        "facts": {"complicated": {"type": "bool"}, "place": {"type": "text"}, "day": {"type": "date"}, "ready": {"type": "bool"}},
        "states": more.pop("states", {"open": {}, "accepted": {}}), "actions": actions,
        "obligations": {
            "the.duty": {"law": "1", "do": "answer", "limit": limit, **more.pop("duty", {})},
            **more.pop("obligations", {}),
        },
        **{key: more.pop(key) for key in ("items", "in_force", "convention", "exemptions") if key in more},
    }  # fmt: skip
    calendars = more.pop("calendars", cn)
    compiled = compile_process(resolve({"id": "x/clock", "process": process, **more}))
    first = date.fromisoformat(str(told[0]["at"])[:10]) if told else date.fromisoformat(as_of)
    story, _ = begin(
        ScriptSource(compiled, calendars), "c", Opening(), Attribution(by="office", at=first), instant(first, compiled)
    )
    for written in told:
        happening = ScriptEvent.model_validate({"by": "office", **written})
        for _ in story.apply(happening, instant(happening.at, compiled)):
            pass
    return list(audit(derive(compiled, story.case, calendars, date.fromisoformat(as_of))).verdicts)


def the(found: list[Judgement], name: str = "the.duty") -> Judgement:
    return next(one for one in found if one.obligation == name)


def did(at: str, action: str, **more: Any) -> dict[str, Any]:
    return {"at": at, "do": action, **more}


RECEIVED = did("2026-01-05", "receive")
SIXTY = {"within": 60, "unit": "calendar_day", "after": "receive"}


def test_a_calendar_limit_rolls_off_a_rest_day_but_not_off_a_make_up_saturday():
    onto_rest = {"within": 5, "unit": "calendar_day", "after": "receive"}
    assert the(lines(onto_rest, [RECEIVED], "2026-01-06")).due == date(2026, 1, 12)  # 10 January is a Saturday
    onto_make_up = {"within": 40, "unit": "calendar_day", "after": "receive"}
    assert the(lines(onto_make_up, [RECEIVED], "2026-01-06")).due == date(2026, 2, 14)  # a worked Saturday


def test_a_month_ends_on_the_corresponding_day_or_the_month_end():
    month = {"within": 1, "unit": "month", "after": "receive"}
    assert the(lines(month, [did("2026-01-30", "receive")], "2026-02-01")).due == date(2026, 2, 28)
    assert the(lines(month, [did("2026-04-10", "receive")], "2026-04-11")).due == date(2026, 5, 11)  # off a Sunday


def test_a_minimum_window_never_rolls_and_obliges_nobody():
    window = {"at_least": 5, "unit": "calendar_day", "after": "receive"}
    assert the(lines(window, [RECEIVED], "2026-03-01")).verdict == "pending"
    early = the(lines(window, [RECEIVED, did("2026-01-09", "answer")], "2026-03-01"))
    assert (early.verdict, early.earliest) == ("breach", date(2026, 1, 10))
    assert the(lines(window, [RECEIVED, did("2026-01-10", "answer")], "2026-03-01")).verdict == "pass"
    clear = {**window, "count": "clear_days"}
    assert the(lines(clear, [RECEIVED], "2026-01-06")).earliest == date(2026, 1, 11)


def test_hours_need_instants():
    limit = {"within": 24, "unit": "hour", "after": "receive"}
    at = "2026-01-09T10:00:00+08:00"
    assert (
        the(lines(limit, [did(at, "receive"), did("2026-01-10T10:00:00+08:00", "answer")], "2026-01-12")).verdict
        == "pass"
    )
    assert (
        the(lines(limit, [did(at, "receive"), did("2026-01-10T10:00:01+08:00", "answer")], "2026-01-12")).verdict
        == "breach"
    )
    assert (
        the(lines(limit, [did(at, "receive"), did("2026-01-10", "answer")], "2026-01-12")).verdict == "needs_judgement"
    )
    assert the(lines(limit, [did(at, "receive")], "2026-01-12")).verdict == "overdue"
    assert the(lines(limit, [did("2026-01-09", "receive")], "2026-01-09")).verdict == "needs_judgement"


CHOICE = {
    "after": "receive",
    "choose": [{"when": "complicated", "within": 90, "unit": "calendar_day"}, {"within": 60, "unit": "calendar_day"}],
}


@pytest.mark.parametrize(
    ("told", "verdict", "due"),
    [
        ([], "pending", date(2026, 3, 6)),
        ([{"at": "2026-01-05", "determine": {"complicated": False}, "reason": "r"}], "pending", date(2026, 3, 6)),
        ([{"at": "2026-01-05", "determine": {"complicated": True}, "reason": "r"}], "pending", date(2026, 4, 7)),
        ([{"at": "2026-01-20", "determine": {"complicated": True}, "reason": "r"}], "pending", date(2026, 4, 7)),
        ([{"at": "2026-01-05", "determine": {"complicated": False}, "reason": "r"},
          {"at": "2026-01-20", "determine": {"complicated": True}, "reason": "r"}], "pending", date(2026, 3, 6)),
    ],
)  # fmt: skip
def test_a_choice_is_read_on_the_day_the_clock_starts_or_at_its_first_assertion(told, verdict, due):
    found = the(lines(CHOICE, [RECEIVED, *told], "2026-02-01"))
    assert (found.verdict, found.due) == (verdict, due)


def test_an_unknown_choice_is_open_until_the_outcomes_differ():
    """The shortest term shows, with the longest beside it; between them only a person can say."""
    pending = the(lines(CHOICE, [RECEIVED], "2026-02-01"))
    assert (pending.verdict, pending.date_status, pending.needs) == ("pending", "provisional", ("complicated",))
    assert pending.working.limit.possible == (date(2026, 3, 6), date(2026, 4, 7))
    between = the(lines(CHOICE, [RECEIVED], "2026-03-20"))
    assert (between.verdict, between.outcomes) == ("needs_judgement", ("overdue", "pending"))
    assert the(lines(CHOICE, [RECEIVED], "2026-04-20")).verdict == "overdue"
    assert the(lines(CHOICE, [RECEIVED, did("2026-03-05", "answer")], "2026-04-20")).verdict == "pass"
    late = the(lines(CHOICE, [RECEIVED, did("2026-03-20", "answer")], "2026-04-20"))
    assert (late.verdict, late.outcomes, late.needs) == ("needs_judgement", ("breach", "pass"), ("complicated",))


PARAMETERS = {
    "period": {
        "law": "1",
        "rows": [{"id": "county", "basis": "doc-12", "when": {"place": "yongji"}, "within": 10, "unit": "working_day"}],
        "default": {"within": 5, "unit": "working_day"},
    },
    "unset": {"law": "1", "status": "not_in_text"},
}


def test_a_parameter_comes_from_the_rules_and_a_missing_one_is_said():
    limit = {"after": "receive", "parameter": "period"}
    there = {"at": "2026-01-05", "determine": {"place": "yongji"}, "reason": "r"}
    here = {"at": "2026-01-05", "determine": {"place": "city"}, "reason": "r"}
    assert the(lines(limit, [RECEIVED, there], "2026-01-06", parameters=PARAMETERS)).due == date(2026, 1, 19)
    assert the(lines(limit, [RECEIVED, here], "2026-01-06", parameters=PARAMETERS)).due == date(2026, 1, 12)
    unset = the(lines({"after": "receive", "parameter": "unset"}, [RECEIVED], "2026-01-06", parameters=PARAMETERS))
    assert (unset.verdict, unset.needs) == ("needs_parameter", ("unset",))


@pytest.mark.parametrize(
    ("received", "verdict", "due"),
    [
        (did("2026-01-04", "receive"), "needs_parameter", None),
        (did("2026-01-05", "receive"), "pending", date(2026, 1, 12)),
        ({"at": "2026-01-04", "plan": "receive", "to": "2026-01-05"}, "pending", date(2026, 1, 12)),
    ],
)
def test_a_row_of_a_parameter_counts_while_it_is_in_force_on_the_day_the_clock_starts(received, verdict, due):
    row = {"id": "new", "basis": "doc-1", "in_force": {"from": "2026-01-05"}, "within": 5, "unit": "working_day"}
    parameters = {"period": {"law": "1", "rows": [row]}}
    found = the(lines({"after": "receive", "parameter": "period"}, [received], "2026-01-06", parameters=parameters))
    assert (found.verdict, found.due) == (verdict, due)


EXTENDED = {**SIXTY, "extended_by": {"action": "extend", "by": "head", "add": {"field": "days"}, "up_to": 30}}


@pytest.mark.parametrize(
    ("act", "verdict", "due"),
    [
        (did("2026-02-20", "extend", by="head", **{"with": {"days": 20}}), "pass", date(2026, 3, 26)),
        (did("2026-02-20", "extend", by="head", **{"with": {"days": 45}}), "capped", date(2026, 4, 7)),
        (did("2026-02-20", "extend", by="office", **{"with": {"days": 20}}), "invalid", date(2026, 3, 6)),
        (did("2026-03-07", "extend", by="head", **{"with": {"days": 20}}), "invalid", date(2026, 3, 6)),
    ],
)
def test_an_extension_has_its_own_line(act, verdict, due):
    found = lines(EXTENDED, [RECEIVED, act], "2026-03-10")
    extension = next(one for one in found if one.is_action and one.verdict == verdict)
    assert (extension.obligation, the(found).due) == ("extend", due)


def test_an_extension_may_set_a_new_period_or_a_day():
    ninety = {**SIXTY, "extended_by": {"action": "extend", "to": {"within": 90, "unit": "calendar_day"}}}
    assert the(lines(ninety, [RECEIVED, did("2026-02-20", "extend")], "2026-03-01")).due == date(2026, 4, 7)
    until = {**SIXTY, "extended_by": {"action": "extend", "to": {"field": "until"}}}
    told = [RECEIVED, did("2026-02-20", "extend", **{"with": {"until": "2026-03-21"}})]
    assert the(lines(until, told, "2026-03-01")).due == date(2026, 3, 21)


def test_an_extension_counts_as_often_as_it_may():
    once = {**SIXTY, "extended_by": {"action": "extend", "add": 10, "times": 1}}
    told = [RECEIVED, did("2026-02-20", "extend"), did("2026-02-21", "extend")]
    found = lines(once, told, "2026-03-01")
    assert [str(one.verdict) for one in found if one.is_action] == ["pass", "capped"]
    assert the(found).due == date(2026, 3, 16)


SUSPENDED = {**SIXTY, "suspended": {"from": "stop", "until": {"first_of": ["resume", {"due": "reply.duty"}]}}}
REPLY = {"reply.duty": {"law": "1", "do": "resume", "limit": {"within": 10, "unit": "calendar_day", "after": "stop"}}}


def test_a_suspended_clock_has_no_day_until_it_runs_again():
    told = [RECEIVED, did("2026-01-15", "stop")]
    held = the(lines(SUSPENDED, told, "2026-01-20", obligations=REPLY))
    assert (held.verdict, held.detail, held.due) == ("pending", ("suspended",), None)
    resumed = the(lines(SUSPENDED, [*told, did("2026-01-19", "resume")], "2026-01-20", obligations=REPLY))
    assert resumed.due == date(2026, 3, 10)
    lapsed = the(lines(SUSPENDED, told, "2026-02-01", obligations=REPLY))
    assert lapsed.due == date(2026, 3, 17)  # the reply was due on Monday 26 January: eleven days


def test_an_extension_may_be_asked_for_while_the_clock_stands_still():
    limit = {**SUSPENDED, "extended_by": {"action": "extend", "add": 30}}
    told = [RECEIVED, did("2026-03-01", "stop"), did("2026-03-08", "extend"), did("2026-03-09", "resume")]
    found = lines(limit, told, "2026-03-20", obligations=REPLY)
    assert next(one for one in found if one.is_action).verdict == "pass"
    assert the(found).due == date(2026, 4, 13)


def test_a_restart_begins_anew_and_forgets_what_was_added():
    limit = {**SIXTY, "restarts_on": "restart", "extended_by": {"action": "extend", "add": 30}}
    told = [RECEIVED, did("2026-02-01", "extend"), did("2026-02-10", "restart")]
    found = the(lines(limit, told, "2026-03-01"))
    assert (found.due, found.anchor.date) == (date(2026, 4, 13), date(2026, 2, 10))
    answered = [RECEIVED, did("2026-02-01", "answer"), did("2026-02-10", "restart")]
    first, second = (line for line in lines(limit, answered, "2026-03-01") if line.obligation == found.obligation)
    assert (first.verdict, first.round, second.verdict, second.round) == ("pass", 1, "pending", 2)


def test_a_backward_limit_is_tested_again_whenever_its_event_moves():
    limit = {"at_least": 15, "unit": "working_day", "before": "publish"}
    told = [
        {"at": "2026-01-06", "plan": "publish", "to": "2026-03-04"},
        did("2026-02-05", "answer"),
        {"at": "2026-02-06", "plan": "publish", "to": "2026-02-28"},
        {"at": "2026-02-07", "plan": "publish", "to": "2026-03-05"},
    ]
    verdicts = [the(lines(limit, told[:n], "2026-02-09")).verdict for n in (1, 2, 3, 4)]
    assert verdicts == ["overdue", "pass", "overdue", "pass"]


def test_caps():
    first = {"earliest_of": [SIXTY, {"by_date": "day"}]}
    told = [RECEIVED, {"at": "2026-01-06", "determine": {"day": "2026-02-02"}, "reason": "r"}]
    assert the(lines(first, told, "2026-01-10")).due == date(2026, 2, 2)
    assert the(lines(first, told[:1], "2026-01-10")).due == date(2026, 3, 6)
    last = {"latest_of": [SIXTY, {"by_date": "day"}]}
    assert the(lines(last, told, "2026-01-10")).due == date(2026, 3, 6)
    assert the(lines(last, told[:1], "2026-01-10")).due is None


def test_on_the_very_day():
    limit = {"by_date": "day"}
    told = [{"at": "2026-01-06", "determine": {"day": "2026-01-10"}, "reason": "r"}]
    assert the(lines(limit, [*told, did("2026-01-10", "answer")], "2026-01-12")).verdict == "pass"
    assert the(lines(limit, [*told, did("2026-01-11", "answer")], "2026-01-12")).verdict == "breach"
    assert the(lines(limit, told, "2026-01-11")).verdict == "overdue"


@pytest.mark.parametrize(
    ("late", "done", "undone"),
    [("breach", "breach", "overdue"), ("lapsed", "lapsed", "lapsed"), ("out_of_time", "out_of_time", "lapsed")],
)
def test_what_lateness_means(late, done, undone):
    limit = {**SIXTY, "late": late}
    assert the(lines(limit, [RECEIVED, did("2026-03-07", "answer")], "2026-03-10")).verdict == done
    assert the(lines(limit, [RECEIVED], "2026-03-10")).verdict == undone


LAPSING = {**SIXTY, "on_lapse": {"deem": {"action": "accept"}}}
ACCEPTS = {"accept": {"by": "office", "from": "open", "to": "accepted"}}


def test_time_produces_acts_once_and_they_are_like_any_other():
    after = {
        "then.publish": {"law": "1", "do": "publish", "limit": {"within": 5, "unit": "working_day", "after": "accept"}}
    }
    found = lines(LAPSING, [RECEIVED], "2026-03-09", actions=ACCEPTS, obligations=after)
    deemed = [one for one in found if one.is_action]
    assert [(one.obligation, str(one.verdict), one.actual.date) for one in deemed] == [
        ("accept", "deemed", date(2026, 3, 6))
    ]
    assert the(found, "then.publish").due == date(2026, 3, 13)
    assert not [one for one in lines(LAPSING, [RECEIVED], "2026-03-06", actions=ACCEPTS) if one.is_action]
    in_time = lines(LAPSING, [RECEIVED, did("2026-03-06", "answer")], "2026-03-09", actions=ACCEPTS)
    assert not [one for one in in_time if one.is_action]


def test_a_duty_answered_by_a_deemed_act_is_deemed():
    limit = {"within": 10, "unit": "calendar_day", "after": "receive"}
    actions = {"accept": {"by": "office", "deem": {"action": "answer"}}}
    found = lines(limit, [RECEIVED, did("2026-01-09", "accept")], "2026-02-01", actions=actions)
    assert the(found).verdict == "deemed"


def test_the_moment_a_fact_becomes_true_starts_a_clock():
    limit = {"within": 3, "unit": "working_day", "after": "ready"}
    told = [
        {"at": "2026-01-06", "determine": {"ready": False}, "reason": "r"},
        {"at": "2026-01-07", "determine": {"ready": True}, "reason": "r"},
    ]
    assert the(lines(limit, told[:1], "2026-01-08")).verdict == "pending"
    assert the(lines(limit, told, "2026-01-08")).due == date(2026, 1, 12)


def test_saying_again_that_a_fact_is_true_moves_no_clock():
    limit = {"within": 3, "unit": "working_day", "after": "ready"}
    again = {"at": "2026-01-08", "determine": {"ready": True}, "reason": "r"}
    told = [{"at": "2026-01-07", "determine": {"ready": True}, "reason": "r"}, again]
    assert the(lines(limit, told, "2026-01-08")).due == date(2026, 1, 12)
    taken_back = [told[0], {"at": "2026-01-08", "determine": {"ready": False}, "reason": "r"}, again]
    assert the(lines(limit, taken_back, "2026-01-08")).due == date(2026, 1, 13)


@pytest.mark.parametrize(
    ("explained", "verdict"),
    [(None, "deviation"), ("2026-01-09", "deviation_justified"), ("2026-01-10", "deviation")],
)
def test_a_soft_requirement_departed_from_is_justified_by_a_reason_in_time(explained, verdict):
    soft = {"id": "soft.one", "law": "1", "force": "should", "zh": "先受理", "that": {"done": "accept"}}
    actions = {"answer": {"by": "office", "requires": [soft]}}
    told = [did("2026-01-09", "answer")]
    if explained:
        told.append({"at": explained, "explain": "soft.one", "reason": "r"})
    found = lines({"within": 3, "unit": "working_day", "after": "receive"}, told, "2026-01-12", actions=actions)
    assert the(found, "soft.one").verdict == verdict


def test_first_and_last_of_several():
    first = {"within": 1, "unit": "calendar_day", "after": {"first_of": ["accept", "reject"]}}
    told = [did("2026-01-06", "reject"), did("2026-01-13", "accept")]
    assert the(lines(first, told, "2026-01-14")).due == date(2026, 1, 7)
    last = {"within": 1, "unit": "calendar_day", "after": {"last_of": ["accept", "reject"]}}
    assert the(lines(last, told, "2026-01-14")).due == date(2026, 1, 14)
    assert the(lines(last, told[:1], "2026-01-14")).waits_for == ("accept",)


def test_the_day_another_limit_ends_starts_the_next():
    limit = {"within": 5, "unit": "working_day", "after": {"due": "reply.duty"}}
    found = the(lines(limit, [did("2026-01-15", "stop")], "2026-01-16", obligations=REPLY))
    assert found.due == date(2026, 2, 2)


def test_an_act_after_configured_office_hours_counts_for_the_next_day():
    limit = {"within": 5, "unit": "working_day", "after": "receive"}
    late = did("2026-06-05T17:30:00+08:00", "answer")
    told = [did("2026-05-29", "receive"), late]
    assert the(lines(limit, told, "2026-06-10")).verdict == "pass"
    hours = {"id": "hall", "level": "organisation", "office_hours": [{"closes": "17:00", "basis": "hall-1"}]}

    def with_hours(as_of: date) -> Any:
        return CALENDARS.snapshot("cn", as_of, overlays=[hours])

    found = the(lines(limit, told, "2026-06-10", calendars=with_hours))
    assert (found.verdict, found.note(DeemedDay).deemed) == ("breach", date(2026, 6, 6))
    on_time = [told[0], did("2026-06-05T17:00:00+08:00", "answer")]
    assert the(lines(limit, on_time, "2026-06-10", calendars=with_hours)).verdict == "pass"


def test_a_process_may_run_on_the_calendar_of_another_country():
    states = {"language": 1, "process": "x", "law": "y-1", "states": {"open": {}}}
    assert Process.model_validate({**states, "calendar": {"country": "NL"}}).calendar == "NL"
    assert Process.model_validate({**states, "calendar": {"country": "US", "subdivision": "CA"}}).calendar == "US-CA"
    king = CALENDARS.snapshot("NL", date(2026, 11, 22))
    assert not king.is_working_day(date(2026, 4, 27))
    limit = {"within": 1, "unit": "working_day", "after": "receive"}
    dutch = lines(
        limit, [did("2026-04-24", "receive")], "2026-04-25", calendars=lambda day: CALENDARS.snapshot("NL", day)
    )
    assert the(dutch).due == date(2026, 4, 28)
    assert Process.model_validate({**states, "calendar": {"country": "nl"}}).calendar == "NL"
    for wrong in ({"country": ""}, {"land": "NL"}, {"country": "US", "subdivision": "California!"}):
        with pytest.raises(ValidationError):
            Process.model_validate({**states, "calendar": wrong})
