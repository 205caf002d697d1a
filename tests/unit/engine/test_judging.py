"""Every verdict the engine gives, each from the facts that lead to it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.support import judged, line, tell

from zhengxie_flow.model.findings import BeforeAnchor
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import Hindsight

HELD = {"state": "held"}
PLAN = {"at": "2026-01-06", "plan": "hold", "to": "2026-03-04"}


def notified(at: str, item: str = "g1") -> dict[str, str]:
    return {"at": at, "do": "notify", "for": item, "by": "office"}


def held(at: str = "2026-03-04") -> dict[str, str]:
    return {"at": at, "do": "hold"}


@pytest.mark.parametrize(
    ("told", "as_of", "verdict"),
    [
        ([], "2026-01-10", "pending"),
        ([PLAN], "2026-02-05", "pending"),
        ([PLAN], "2026-02-06", "overdue"),
        ([PLAN, held()], "2026-03-04", "breach"),
        ([notified("2026-02-05")], "2026-02-05", "incomplete"),
        ([PLAN, notified("2026-02-05")], "2026-02-05", "pass"),
        ([PLAN, notified("2026-02-06")], "2026-02-06", "overdue"),
        ([PLAN, notified("2026-02-06"), held()], "2026-03-05", "breach"),
        (
            [PLAN, notified("2026-02-06"), {"at": "2026-02-07", "plan": "hold", "to": "2026-03-05"}],
            "2026-02-09",
            "pass",
        ),
        (
            [PLAN, notified("2026-02-05"), {"at": "2026-02-07", "plan": "hold", "to": "2026-03-03"}],
            "2026-02-09",
            "overdue",
        ),
        ([held(), notified("2026-03-05")], "2026-03-06", "breach"),
    ],
)
def test_a_backward_limit_is_judged_against_the_anchor_as_it_stands(told, as_of, verdict):
    found = line(judged(tell(*told), as_of), "a2.notice", "g1")
    assert found.verdict == verdict


def test_the_latest_day_counts_make_up_saturdays_and_skips_the_festival():
    found = line(judged(tell(PLAN), "2026-01-31"), "a2.notice", "g1")
    assert found.latest == date(2026, 2, 5)
    assert found.due is None
    assert found.anchor is not None and found.anchor.kind == "planned"
    assert len(found.working.limit.counted) == 15
    assert date(2026, 2, 14) in found.working.limit.counted
    assert {skip.date for skip in found.working.limit.skipped} >= {date(2026, 2, 16), date(2026, 2, 17)}


def test_each_item_is_judged_by_itself():
    story = tell(
        PLAN, notified("2026-02-05"), notified("2026-02-09", "g2"), held(),
        items={"guest": {"g1": {}, "g2": {}, "g3": {}}},
    )  # fmt: skip
    result = judged(story, "2026-03-05")
    assert [line(result, "a2.notice", item).verdict for item in ("g1", "g2", "g3")] == ["pass", "breach", "breach"]


def test_no_items_nothing_owed():
    assert line(judged(tell(items={}), "2026-01-10"), "a2.notice").verdict == "not_applicable"


FINISHED = {"at": "2026-03-04", "do": "finish"}


@pytest.mark.parametrize(
    ("told", "as_of", "verdict"),
    [
        ([], "2026-03-04", "pending"),
        ([FINISHED], "2026-03-11", "pending"),
        ([FINISHED], "2026-03-12", "overdue"),
        ([FINISHED, {"at": "2026-03-11", "do": "conclude"}], "2026-03-12", "pass"),
        ([FINISHED, {"at": "2026-03-12", "do": "conclude"}], "2026-03-12", "breach"),
        ([{"at": "2026-03-04", "do": "conclude"}], "2026-03-12", "incomplete"),
    ],
)
def test_a_forward_limit(told, as_of, verdict):
    found = line(judged(tell(*told, **HELD), as_of), "a3.conclude")
    assert found.verdict == verdict


def test_while_the_first_act_is_open_the_second_is_projected_from_its_due_day():
    found = line(judged(tell(FINISHED, **HELD), "2026-03-05"), "a4.report")
    assert (found.verdict, found.due, found.anchor.kind) == ("pending", date(2026, 3, 18), "projected")
    assert found.waits_for == ("conclude",)


REPORTED_LATE = [
    FINISHED,
    {"at": "2026-03-11", "do": "conclude"},
    {"at": "2026-03-20", "do": "report", "with": {"to": ["council", "committee"]}},
]


def explained(at: str) -> dict[str, str]:
    return {"at": at, "explain": "a4.report", "reason": "the committee did not sit", "by": "office"}


def test_a_soft_duty_missed_is_a_deviation():
    assert line(judged(tell(*REPORTED_LATE, **HELD), "2026-03-23"), "a4.report").verdict == "deviation"


def test_a_reason_on_the_due_day_justifies_it():
    story = tell(*REPORTED_LATE, explained("2026-03-18"), **HELD)
    assert line(judged(story, "2026-03-23"), "a4.report").verdict == "deviation_justified"


@pytest.mark.parametrize(("public", "detail"), [(True, ()), (False, ("not_published",))])
def test_a_reason_that_justifies_is_said_not_to_be_public_where_it_is_not(public, detail):
    story = tell(*REPORTED_LATE, explained("2026-03-18") | {"public": public}, **HELD)
    found = line(judged(story, "2026-03-31"), "a4.report")
    assert (found.verdict, found.detail) == ("deviation_justified", detail)
    both = tell(*REPORTED_LATE, explained("2026-03-18"), explained("2026-03-18") | {"public": True}, **HELD)
    assert line(judged(both, "2026-03-31"), "a4.report").detail == ()


def test_a_reason_after_the_due_day_does_not():
    story = tell(*REPORTED_LATE, explained("2026-03-19"), **HELD)
    assert line(judged(story, "2026-03-23"), "a4.report").verdict == "deviation"


def test_a_reason_never_excuses_a_hard_duty():
    story = tell(FINISHED, {"at": "2026-03-11", "explain": "a3.conclude", "reason": "busy"}, **HELD)
    assert line(judged(story, "2026-03-12"), "a3.conclude").verdict == "overdue"


def test_a_requirement_is_judged_at_each_act_and_names_what_is_missing():
    story = tell({"at": "2026-03-04", "do": "report", "with": {"to": "council"}}, **HELD)
    found = line(judged(story, "2026-03-04"), "a4.to")
    assert (found.verdict, found.missing) == ("breach", ("committee",))


def test_a_requirement_whose_fact_is_unknown_needs_judgement():
    story = tell({"at": "2026-03-04", "do": "report"}, **HELD)
    found = line(judged(story, "2026-03-04"), "a4.to")
    assert (found.verdict, found.needs) == ("needs_judgement", ("to",))


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ([], "pending"),
        ([{"at": "2026-03-05", "do": "decide"}], "needs_judgement"),
        ([{"at": "2026-03-01", "determine": {"hearing_required": False}, "reason": "x"}, {"at": "2026-03-05", "do": "decide"}], "not_applicable"),
        ([{"at": "2026-03-01", "determine": {"hearing_required": True}, "reason": "x"}, {"at": "2026-03-05", "do": "decide"}], "breach"),
        ([{"at": "2026-03-01", "determine": {"hearing_required": True}, "reason": "x"}, {"at": "2026-03-05", "do": "hear"},
          {"at": "2026-03-05", "do": "decide"}], "pass"),
        ([{"at": "2026-03-01", "determine": {"hearing_required": True}, "reason": "x"}, {"at": "2026-03-05", "do": "decide"},
          {"at": "2026-03-05", "do": "hear"}], "breach"),
    ],
)  # fmt: skip
def test_a_gate_rests_on_a_determination_and_on_the_order_of_the_journal(told, verdict):
    assert line(judged(tell(*told, **HELD), "2026-03-10"), "a3.hear").verdict == verdict


REPORTED = {"at": "2026-03-04", "do": "report", "with": {"to": ["council", "committee"]}}
REPLIED = {"at": "2026-03-20", "do": "reply"}


@pytest.mark.parametrize(("answer", "verdict"), [(None, "needs_judgement"), (True, "pass"), (False, "breach")])
def test_open_texture_is_judged_by_a_person(answer, verdict):
    told = [REPORTED, REPLIED]
    if answer is not None:
        told.append({"at": "2026-03-21", "determine": {"reply_timely": answer}, "reason": "x"})
    assert line(judged(tell(*told, **HELD), "2026-03-23"), "a4.reply").verdict == verdict


def test_a_closing_act_leaves_open_items_incomplete():
    views = [{"at": "2026-03-05", "do": "note", "for": f"v{n}", "with": {"guest": "g1"}} for n in range(3)]
    settled = [{"at": "2026-03-10", "do": "settle", "for": f"v{n}", "with": {"outcome": "taken"}} for n in range(2)]
    result = judged(tell(*views, *settled, REPLIED, **HELD), "2026-03-23")
    assert [line(result, "a4.settle", f"v{n}").verdict for n in range(3)] == ["pass", "pass", "incomplete"]
    assert line(result, "a4.settle", "v2").missing == ("v2",)


def test_a_prospective_exemption_lifts_what_is_not_yet_due_and_keeps_what_is_done():
    story = tell(
        PLAN, notified("2026-02-05"),
        {"at": "2026-02-10", "do": "spare", "with": {"urgent": True, "why": "flood"}},
        {"at": "2026-02-11", "do": "decide"},
    )  # fmt: skip
    result = judged(story, "2026-03-10")
    verdicts = {one.obligation: str(one.verdict) for one in result.verdicts}
    assert verdicts["a5.spare"] == "pass"
    assert verdicts["a2.notice"] == "pass"
    assert verdicts["a3.conclude"] == verdicts["a4.report"] == "exempt"
    assert "a2.joint" not in verdicts  # of an act that nobody did, planned or owes
    assert verdicts["order.talk_first"] == "exempt"
    assert verdicts["a3.hear"] == "needs_judgement"


def test_an_exemption_after_the_decision_is_retroactive_and_cures_nothing():
    story = tell(
        {"at": "2026-02-10", "do": "decide"},
        {"at": "2026-02-11", "do": "spare", "with": {"urgent": True, "why": "flood"}},
    )
    result = judged(story, "2026-03-10")
    assert (line(result, "a5.spare").verdict, line(result, "a5.spare").detail) == ("breach", ("retroactive",))
    assert line(result, "order.talk_first").verdict == "breach"
    assert line(result, "a3.conclude").verdict == "pending"  # it lifts nothing


def test_an_exemption_without_ground_or_authority_lifts_nothing():
    groundless = tell({"at": "2026-02-10", "do": "spare", "with": {"urgent": False, "why": "x"}})
    assert line(judged(groundless, "2026-03-10"), "a5.spare").verdict == "invalid"
    assert line(judged(groundless, "2026-03-10"), "a3.conclude").verdict == "pending"
    usurped = tell({"at": "2026-02-10", "do": "spare", "by": "office", "with": {"urgent": True, "why": "x"}})
    result = judged(usurped, "2026-03-10")
    spared = [one for one in result.verdicts if one.obligation == "a5.spare"]
    assert (spared[0].verdict, spared[0].detail) == ("invalid", ("wrong_authority",))


def test_an_invalid_grant_does_not_bar_a_later_valid_one():
    story = tell(
        {"at": "2026-02-09", "do": "spare", "by": "office", "with": {"urgent": True, "why": "flood"}},
        {"at": "2026-02-10", "do": "spare", "with": {"urgent": True, "why": "flood"}},
    )
    result = judged(story, "2026-03-10")
    spared = [one for one in result.verdicts if one.obligation == "a5.spare"]
    assert (spared[0].verdict, spared[0].detail) == ("invalid", ("wrong_authority",))
    assert line(result, "a3.conclude").verdict == "exempt"


def test_an_exemption_not_recorded_in_full_is_incomplete():
    story = tell({"at": "2026-02-10", "do": "spare", "with": {"urgent": True}})
    found = line(judged(story, "2026-03-10"), "a5.spare")
    assert (found.verdict, found.missing) == ("incomplete", ("why",))


@pytest.mark.parametrize(("action", "verdict"), [("finish", "finding"), ("conclude", "breach"), ("decide", "invalid")])
def test_an_act_by_the_wrong_role_still_happened(action, verdict):
    story = tell({"at": "2026-03-04", "do": action, "by": "partner"}, **HELD)
    found = [one for one in judged(story, "2026-03-04").verdicts if one.is_action]
    assert [(one.obligation, str(one.verdict)) for one in found] == [(action, verdict)]


def test_an_act_outside_its_states_moves_the_case_and_is_a_finding():
    story = tell(held())
    result = judged(story, "2026-03-04")
    assert result.state == "held"
    assert line(result, "integrity.order").verdict == "finding"


def test_an_act_before_its_anchor_is_a_finding_and_does_not_count():
    story = tell({"at": "2026-03-03", "do": "conclude"}, FINISHED, **HELD)
    result = judged(story, "2026-03-05")
    assert line(result, "a3.conclude").verdict == "pending"
    assert line(result, "integrity.order").note(BeforeAnchor).obligation == "a3.conclude"


def test_in_a_final_state_nobody_missed_what_hangs_on_an_act_that_nobody_owed():
    result = judged(tell({"at": "2026-03-04", "do": "close"}, **HELD), "2026-03-10")
    verdicts = {one.obligation: (str(one.verdict), one.detail) for one in result.verdicts}
    assert verdicts["a3.conclude"] == ("not_applicable", ("closed",))
    assert verdicts["a4.report"] == ("not_applicable", ("closed",))
    assert "a2.joint" not in verdicts


def test_a_final_state_spares_what_was_not_yet_due_and_keeps_what_was_missed():
    told = [FINISHED, {"at": "2026-03-06", "do": "close"}]
    assert line(judged(tell(*told, **HELD), "2026-03-20"), "a3.conclude").verdict == "not_applicable"
    late = [FINISHED, {"at": "2026-03-12", "do": "close"}]
    assert line(judged(tell(*late, **HELD), "2026-03-20"), "a3.conclude").verdict == "overdue"


def test_a_withdrawn_case_owes_nothing_more():
    result = judged(tell({"at": "2026-03-04", "do": "drop"}, **HELD), "2026-03-10")
    assert line(result, "a3.conclude").verdict == "not_applicable"


def test_a_day_in_an_unannounced_year_is_provisional():
    result = judged(tell({"at": "2026-11-20", "plan": "finish", "to": "2026-12-30"}, **HELD), "2026-11-22")
    found = line(result, "a3.conclude")
    assert (found.verdict, found.date_status) == ("provisional", "provisional")
    assert found.working.limit.possible.earliest <= found.due <= found.working.limit.possible.latest


def test_acts_are_judged_by_the_notices_known_when_they_were_done():
    story = tell(
        {"at": "2020-01-17", "do": "notify", "for": "g1", "by": "office"},
        {"at": "2020-02-12", "do": "hold"},
        opened="2020-01-02",
    )
    found = line(judged(story, "2020-02-12"), "a2.notice", "g1")
    assert (found.verdict, found.detail) == ("pass", ("hindsight",))
    assert found.note(Hindsight).hindsight.verdict == "breach"


def test_duties_that_fell_due_before_the_measure_came_into_force_do_not_apply():
    story = tell({"at": "2019-12-20", "do": "finish"}, opened="2019-12-01", **HELD)
    assert line(judged(story, "2020-02-01"), "a3.conclude").verdict == "not_applicable"


def test_the_case_shows_the_worst_of_its_lines():
    assert judged(tell(PLAN, held()), "2026-03-05").worst is Verdict.BREACH


def test_a_determination_without_authority_stands_and_is_a_finding():
    story = tell({"at": "2026-02-01", "determine": {"urgent": True}, "by": "partner", "reason": "x"})
    found = line(judged(story, "2026-02-02"), "integrity.authority")
    assert (found.verdict, found.needs, found.who) == ("finding", ("urgent",), ("office",))
    assert story.case.value("urgent") is True


def test_a_day_outside_the_calendar_says_so_and_stops_nothing_else():
    far = tell({"at": "2026-01-06", "plan": "hold", "to": "2099-01-01"})
    found = line(judged(far, "2026-01-10"), "a2.notice", "g1")
    assert (found.verdict, found.detail, found.latest) == ("provisional", ("outside_calendar",), None)
    old = tell({"at": "2007-01-03", "do": "finish"}, opened="2007-01-02", **HELD)
    result = judged(old, "2007-01-05")
    assert line(result, "a3.conclude").verdict in ("pending", "not_applicable")
    early = tell({"at": "2007-01-03", "do": "hold"}, opened="2007-01-02", state="ready")
    found = line(judged(early, "2007-01-05"), "a2.notice", "g1")
    assert (found.verdict, found.needs) == ("needs_judgement", ("calendar",))
