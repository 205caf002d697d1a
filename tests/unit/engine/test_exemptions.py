"""What exemptions lift, for how long and for whom: variants of the small statute and of the shipped one."""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.support import MINI, cn, judged, line, tell

from zhengxie_flow.engine import Command, compile_process, decide, view_of
from zhengxie_flow.engine.exemptions.grants import grants, reached_duties
from zhengxie_flow.errors import InvalidDefinition, Refused
from zhengxie_flow.model.working import LiftedBy
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.resources import processes_dir, rules_dir
from zhengxie_flow.services.commands.case_script import instant

PLAN = {"at": "2026-01-06", "plan": "hold", "to": "2026-03-04"}
SPARE = {"do": "spare", "with": {"urgent": True, "why": "flood"}}
JILIN = {"facts": {"phase": "pre_decision"}, "items": {}, "by": "general_office", "opened": "2026-06-01"}
GROUND = {
    "immediate_decision_required": True,
    "public_safety": True,
    "ground": "flood",
    "immediacy_reason": "now",
    "proposer": "undertaking_department",
}


@cache
def variant(*changes, process="mini/talk", home=(MINI / "processes", MINI / "rules")):
    """A process with pieces of its text replaced; every piece must be there."""
    folder = process.split("/")[0]
    with TemporaryDirectory() as place:
        files = Files(Path(place) / "processes", Path(place) / "rules")
        shutil.copytree(home[0] / folder, files.processes / folder)
        shutil.copytree(home[1] / folder, files.rules / folder)
        for old, new in changes:
            found = [path for path in Path(place).rglob("*.yaml") if old in path.read_text(encoding="utf-8")]
            assert found, old
            for path in found:
                path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return compile_process(files.load(process).definition)


def jilin(*changes):
    return variant(*changes, process="jilin/consultation", home=(processes_dir(), rules_dir()))


def grant(at, **fields):
    return {"at": at, "do": "approve_exemption", "by": "principal_leader", "with": {**GROUND, **fields}}


LIFTS = '    lifts: [{clause: "2"}, {clause: "3"}, {clause: "4"}, order.talk_first]\n'
BY_LAW = (
    "    never_lifts: [a3.hear]\n",
    """\
    never_lifts: [a3.hear]
  a5.law:
    {zh: 当然免除, en: By law, law: "5", when: urgent,
     lifts: [a3.conclude, a2.joint, {obligation: a2.notice, to: {at_least: 3}}]}
""",
)


def urgent(at, value=True):
    return {"at": at, "determine": {"urgent": value}, "by": "office", "reason": "flood"}


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ([urgent("2026-03-05")], "exempt"),  # due 2026-03-11
        ([urgent("2026-03-11")], "exempt"),
        ([urgent("2026-03-12")], "exempt"),  # a first answer counts whenever it is given
        ([urgent("2026-03-12", value=False)], "overdue"),
        ([urgent("2026-03-05"), urgent("2026-03-10", value=False)], "overdue"),
        ([urgent("2026-03-05"), {"at": "2026-03-10", "do": "conclude"}], "exempt"),
    ],
)
def test_what_the_law_itself_lifts_depends_on_the_day_the_duty_is_performed_or_due(told, verdict):
    story = tell({"at": "2026-03-04", "do": "finish"}, *told, compiled=variant(BY_LAW), state="held")
    found = line(judged(story, "2026-03-20"), "a3.conclude")
    assert (str(found.verdict), found.due) == (verdict, date(2026, 3, 11))
    if verdict == "exempt":
        (shown,) = found.note(LiftedBy).lifted_by
        assert (shown.exemption, shown.event, shown.clause) == ("a5.law", None, "5")


def test_the_law_itself_can_shorten_a_limit_and_lifts_requirements_at_their_act():
    compiled = variant(BY_LAW)
    day_before = {"at": "2026-02-26", "do": "notify", "for": "g1", "by": "office"}
    story = tell(urgent("2026-01-10"), PLAN, day_before, {"at": "2026-02-27", "do": "prepare"}, compiled=compiled)
    result = judged(story, "2026-03-04")
    assert (line(result, "a2.notice").verdict, line(result, "a2.notice").detail) == ("exempt", ("partial",))
    assert line(result, "a2.notice").latest == date(2026, 2, 28)  # a make-up Saturday
    assert line(result, "a2.joint").verdict == "exempt"
    assert line(result, "a5.law").verdict == "pass"
    for answer, verdict in ((None, "needs_judgement"), (False, "breach"), (True, "exempt")):
        determined = [] if answer is None else [urgent("2026-02-28", value=answer)]
        late = tell(PLAN, {"at": "2026-02-27", "do": "prepare"}, *determined, compiled=compiled)
        assert line(judged(late, "2026-03-04"), "a2.joint").verdict == verdict


def test_a_law_that_does_not_apply_is_not_applicable():
    assert line(judged(tell(compiled=variant(BY_LAW)), "2026-03-04"), "a5.law").verdict == "not_applicable"


TWO = (
    LIFTS,
    """\
    lifts:
      - {clause: "3"}
      - {clause: "2", when: {why: flood}}
      - {obligation: a2.notice, when: {why: haste}, to: {at_least: 3}}
""",
)


def spare(at, why):
    return {"at": at, "do": "spare", "with": {"urgent": True, "why": why}}


def noticed(at):
    return {"at": at, "do": "notify", "for": "g1", "by": "office"}


@pytest.mark.parametrize(
    ("first", "second", "verdict", "detail"),
    [("flood", "haste", "breach", ("partial",)), ("haste", "flood", "exempt", ())],
)
def test_of_two_grants_the_later_wins_and_both_are_shown(first, second, verdict, detail):
    story = tell(
        spare("2026-01-12", first), spare("2026-01-13", second), PLAN, noticed("2026-03-02"),
        {"at": "2026-03-04", "do": "hold"}, compiled=variant(TWO),
    )  # fmt: skip
    found = line(judged(story, "2026-03-04"), "a2.notice")
    assert (str(found.verdict), found.detail) == (verdict, detail)
    shown = found.note(LiftedBy).lifted_by
    assert [one.event for one in shown] == [3, 2]
    assert {one.partial for one in shown} == {True, False}
    assert line(judged(story, "2026-03-04"), "a3.conclude").note(LiftedBy).lifted_by[0].event == 3


def test_kept_in_full_a_shortened_limit_passes_and_never_asks_for_more():
    in_time = tell(spare("2026-01-12", "haste"), PLAN, noticed("2026-02-05"), compiled=variant(TWO))
    found = line(judged(in_time, "2026-03-03"), "a2.notice")
    assert (found.verdict, found.latest) == ("pass", date(2026, 2, 5))
    longer = variant((LIFTS, "    lifts: [{obligation: a2.notice, to: {at_least: 30}}]\n"))
    found = line(judged(tell(SPARE | {"at": "2026-01-12"}, PLAN, compiled=longer), "2026-02-04"), "a2.notice")
    assert (found.verdict, found.latest) == ("pending", date(2026, 2, 5))


def test_a_grant_cures_nothing_past_due_but_a_new_plan_tests_anew():
    told = [PLAN, spare("2026-02-10", "flood")]
    compiled = variant(TWO)
    assert line(judged(tell(*told, compiled=compiled), "2026-02-20"), "a2.notice").verdict == "overdue"
    moved = {"at": "2026-02-11", "plan": "hold", "to": "2026-03-31"}
    assert line(judged(tell(*told, moved, compiled=compiled), "2026-02-20"), "a2.notice").verdict == "exempt"


def test_a_grant_for_an_item_lifts_duties_of_that_item_alone():
    compiled = variant(
        ("    from: [planned, ready]\n    to: spared\n", "    from: [planned, ready]\n    to: spared\n    for: guest\n")
    )
    items = {"guest": {"g1": {"kind": "expert"}, "g2": {"kind": "expert"}}}
    story = tell(SPARE | {"at": "2026-01-12", "for": "g1"}, PLAN, compiled=compiled, items=items)
    result = judged(story, "2026-02-20")
    assert [line(result, "a2.notice", name).verdict for name in ("g1", "g2")] == ["exempt", "overdue"]
    assert line(result, "a3.conclude").verdict == "pending"


ENDING = (
    ("      why: {type: text", "      until: {type: date, zh: 有效至, en: Until}\n      why: {type: text"),
    ("    before: decide\n", "    before: decide\n    expires: until\n    revoked_by: recall\n"),
    ("  drop: {", '  recall: {zh: 撤销, en: Recall, law: "5", by: mayor, power: true, from: [spared], to: planned}\n  drop: {'),
)  # fmt: skip


def spared_until(last):
    return {"at": "2026-02-10", "do": "spare", "with": {"urgent": True, "why": "flood", "until": last}}


FINISHED = [{"at": "2026-03-04", "do": "finish"}]  # a3.conclude falls due on 2026-03-11


@pytest.mark.parametrize(
    ("told", "verdict", "ended"),
    [
        ([spared_until("2026-03-11")], "exempt", "expired"),
        ([spared_until("2026-03-10")], "overdue", "expired"),
        ([spared_until("2026-03-10"), {"at": "2026-03-10", "do": "decide"}], "exempt", None),
        ([spared_until("2026-03-10"), {"at": "2026-03-11", "do": "decide"}], "overdue", "expired"),
        ([spared_until("2026-04-30"), {"at": "2026-03-05", "do": "recall"}], "overdue", "revoked"),
        ([spared_until("2026-04-30"), {"at": "2026-03-05", "do": "recall", "by": "office"}], "exempt", None),
        ([spared_until("2026-04-30"), {"at": "2026-03-12", "do": "recall"}], "exempt", "revoked"),
    ],
)
def test_a_grant_ends_unless_it_was_used_before(told, verdict, ended):
    story = tell(*told, *FINISHED, compiled=variant(*ENDING))
    assert str(line(judged(story, "2026-03-31"), "a3.conclude").verdict) == verdict
    view = view_of(story.compiled, story.case, cn, date(2026, 3, 31))
    (found,) = grants(view)
    assert found.ended == ended
    assert found.stands(view) is (ended is None)


def test_what_is_not_due_when_a_grant_ends_is_owed_again():
    story = tell(spared_until("2026-02-20"), compiled=variant(*ENDING))
    still = line(judged(story, "2026-02-20"), "a3.conclude")
    assert (still.verdict, still.note(LiftedBy).lifted_by[0].until) == ("exempt", date(2026, 2, 20))
    assert line(judged(story, "2026-02-21"), "a3.conclude").verdict == "pending"


def approving(by, at="2026-06-10", **fields):
    return {"at": at, "do": "approve_exemption", "by": by, "with": {**GROUND, **fields}}


APPROVER = ("default: principal_leader", "default: leader_in_charge")


def test_the_approver_is_a_parameter():
    compiled = jilin(APPROVER)
    chosen = tell(approving("leader_in_charge"), compiled=compiled, **JILIN)
    found = line(judged(chosen, "2026-06-30"), "a14.exemption")
    assert (found.verdict, found.who) == ("pass", ("leader_in_charge",))
    assert "I-2016-12" in found.interpretations
    other = tell(approving("principal_leader"), compiled=compiled, **JILIN)
    assert line(judged(other, "2026-06-30"), "a14.exemption").detail == ("wrong_authority",)
    assert line(judged(other, "2026-06-30"), "approve_exemption").verdict == "invalid"
    command = Command(action="approve_exemption", by="principal_leader", fields=GROUND)
    with pytest.raises(Refused) as refused:
        decide(compiled, chosen.case, command, cn, instant(date(2026, 6, 30), compiled))
    assert "role" in {reason.id for reason in refused.value.reasons}


ROWS = (
    "    default: principal_leader\n",
    """\
    rows:
      - {id: "1", basis: doc-7, in_force: {from: 2026-06-11}, when: superior_order, value: leader_in_charge}
    default: principal_leader
""",
)


@pytest.mark.parametrize(
    ("at", "by", "superior", "verdict"),
    [
        ("2026-06-10", "principal_leader", True, "pass"),
        ("2026-06-11", "principal_leader", True, "invalid"),
        ("2026-06-11", "leader_in_charge", True, "pass"),
        ("2026-06-11", "principal_leader", False, "pass"),
    ],
)
def test_an_approver_may_differ_by_kind_and_date(at, by, superior, verdict):
    compiled = jilin(ROWS)
    facts = {"phase": "pre_decision", "superior_order": superior}
    story = tell(approving(by, at, superior_document="doc-1"), compiled=compiled, **{**JILIN, "facts": facts})
    assert line(judged(story, "2026-06-30"), "a14.exemption").verdict == verdict


def test_where_the_approver_is_not_set_nobody_may_approve():
    compiled = jilin(("    default: principal_leader\n", ""))
    story = tell(approving("principal_leader"), compiled=compiled, **JILIN)
    assert line(judged(story, "2026-06-30"), "a14.exemption").verdict == "invalid"


LENIENT = ("default: every_ground", "default: superior_order")


@pytest.mark.parametrize("ground", ["national_security", "public_safety", "economic_social_security", "superior_order"])
@pytest.mark.parametrize("lenient", [False, True])
def test_the_reason_for_urgency_is_wanted_for_every_ground_or_for_a_superior_order_alone(ground, lenient):
    compiled = jilin(LENIENT) if lenient else jilin()
    fields = {
        "immediate_decision_required": True,
        ground: True,
        "ground": "flood",
        "proposer": "undertaking_department",
        "superior_document": "doc-1",
    }
    act = {"at": "2026-06-10", "do": "approve_exemption", "by": "principal_leader", "with": fields}
    found = line(judged(tell(act, compiled=compiled, **JILIN), "2026-06-30"), "a14.exemption")
    spared = lenient and ground != "superior_order"
    if spared:  # whether there was a superior order besides, nobody has said
        assert (str(found.verdict), found.needs) == ("needs_judgement", ("superior_order",))
        fields["superior_order"] = False
        found = line(judged(tell(act, compiled=compiled, **JILIN), "2026-06-30"), "a14.exemption")
    assert (str(found.verdict), found.missing) == (("pass", ()) if spared else ("incomplete", ("immediacy_reason",)))


def test_no_ground_determined_is_no_ground():
    fields = {"ground": "flood", "proposer": "undertaking_department", "immediacy_reason": "now"}
    act = {"at": "2026-06-10", "do": "approve_exemption", "by": "principal_leader", "with": fields}
    story = tell(act, compiled=jilin(), **JILIN)
    result = judged(story, "2026-06-30")
    assert line(result, "a14.exemption").verdict == "needs_judgement"
    assert line(result, "a7.1.catalogue").verdict == "needs_judgement"


def test_the_reach_of_a_grant_follows_its_scope():
    full = tell(grant("2026-06-10"), compiled=jilin(), **JILIN)
    part = tell(grant("2026-06-10", scope="shorten_notice", notice_days=5), compiled=jilin(), **JILIN)
    reached = []
    for story in (full, part):
        view = view_of(story.compiled, story.case, cn, date(2026, 6, 30))
        (found,) = grants(view)
        reached.append(reached_duties(view, found))
        assert found.grounds == ("14-2",)
    (lifted, none), (nothing, shorter) = reached
    assert {"a7.2.notice", "order.consult_before_decision", "a2.scope"} <= set(lifted)
    assert not {"a9.hearing", "a10.expert", "a12.assess", "a12.report", "a9.determine"} & set(lifted)
    assert (none, nothing) == ((), ())
    assert shorter == ("a7.2.notice",)


def test_the_presumed_scope_is_listed_with_its_register_entry():
    story = tell(grant("2026-06-10"), compiled=jilin(), **JILIN)
    assert story.case.state == "exempted"
    part = tell(grant("2026-06-10", scope="shorten_notice", notice_days=5), compiled=jilin(), **JILIN)
    assert part.case.state == "proposed"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (LIFTS, "    lifts: [{obligation: a2.notice, to: {unit: working_day}}]\n", "ZX1300"),
        ("    granted_by: spare\n", "", "ZX1301"),
        ("    granted_by: spare\n    when: {decided: {duty: may_skip}}\n    before: decide\n", "", "ZX1302"),
        ("never_lifts: [a3.hear]", "never_lifts: [{obligation: a2.notice, to: {at_least: 3}}]", "ZX1303"),
        ("by: mayor\n    power: true\n", "by: mayor\n    by_parameter: who\n    power: true\n", "ZX1304"),
        ("    granted_by: spare\n", "    granted_by: spare\n    expires: never\n", "ZX1201"),
        ("when: {decided: {duty: may_skip}}", "when: {parameter: {gone: a}}", "ZX1201"),
        ("by: mayor\n    power: true\n", "by_parameter: gone\n    power: true\n", "ZX1201"),
    ],
)
def test_an_exemption_that_makes_no_sense_is_told(old, new, code):
    with pytest.raises(InvalidDefinition) as told:
        variant((old, new))
    assert code in {problem.code for problem in told.value.problems}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("default: principal_leader", "default: {within: 5, unit: working_day}", "ZX1305"),
        ("    type: role\n", "", "ZX1305"),
        ("default: every_ground", "default: sometimes", "ZX1306"),
        ("a14.urgency: every_ground}", "a14.urgency: always}", "ZX1201"),
        ("default: principal_leader", "default: nobody", "ZX1201"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_told(old, new, code):
    with pytest.raises(InvalidDefinition) as told:
        jilin((old, new))
    found = {problem.code: problem for problem in told.value.problems}
    assert code in found
    assert found[code].where.line


AFTERWARDS = (
    "exemptions:\n",
    """\
  a2.again:
    {zh: 再次通知, en: Again, law: "2", who: office, for: guest, do: notify,
     limit: {within: 2, unit: working_day, after: {due: a2.notice}}}

exemptions:
""",
)


@pytest.mark.parametrize(
    ("told", "latest", "due"),
    [
        ([], date(2026, 2, 5), date(2026, 2, 9)),
        ([spare("2026-01-12", "haste")], date(2026, 2, 28), date(2026, 3, 3)),  # three days before 4 March
        ([spare("2026-02-09", "haste")], date(2026, 2, 5), date(2026, 2, 9)),  # granted when it was past due
        ([noticed("2026-01-06"), spare("2026-01-12", "haste")], date(2026, 2, 5), date(2026, 2, 9)),
    ],
)
def test_what_hangs_on_the_end_of_a_limit_made_shorter_counts_from_the_shorter_end(told, latest, due):
    plan = {"at": "2026-01-05", "plan": "hold", "to": "2026-03-04", "by": "department"}
    result = judged(tell(plan, *told, compiled=variant(TWO, AFTERWARDS)), "2026-02-10")
    assert line(result, "a2.notice").latest == latest
    assert line(result, "a2.again").due == due


SILENCE = (
    "     limit: {within: 5, unit: working_day, after: finish}}\n",
    "     limit: {within: 5, unit: working_day, after: finish, on_lapse: {deem: {action: silent}}}}\n",
)
SILENT = ("  close: {", '  silent: {zh: 视为, en: Deemed, law: "3", from: [held, spared]}\n  close: {')
LONGER = (LIFTS, "    lifts: [{obligation: a3.conclude, to: {within: 8}}]\n")
FROM_HELD = ("    from: [planned, ready]\n    to: spared\n", "    from: [planned, ready, held]\n")


@pytest.mark.parametrize(
    ("lifts", "told", "deemed"),
    [
        ((), [], ["2026-03-11"]),
        ((), [spare("2026-03-06", "flood")], []),  # lifted: the silence says nothing
        ((), [spare("2026-03-12", "flood")], ["2026-03-11"]),
        ((LONGER,), [spare("2026-03-06", "flood")], ["2026-03-16"]),
    ],
)
def test_the_passing_of_a_limit_that_was_lifted_does_nothing(lifts, told, deemed):
    compiled = variant(SILENCE, SILENT, FROM_HELD, *lifts)
    story = tell({"at": "2026-03-04", "do": "finish"}, *told, compiled=compiled, state="held")
    found = [one for one in judged(story, "2026-03-20").verdicts if one.obligation == "silent"]
    assert [str(one.actual.date) for one in found] == deemed


WAIVING = (
    ("    from: [planned, ready]\n    to: spared\n", "    from: [planned, ready]\n    for: guest\n"),
    ("    by: mayor\n    power: true\n    from: [planned, ready]\n", "    by: [mayor, guest]\n    power: true\n    from: [planned, ready]\n"),
)  # fmt: skip


@pytest.mark.parametrize(("by", "detail"), [("g1", ("waived",)), ("mayor", ())])
def test_a_duty_lifted_by_the_one_it_is_owed_for_is_waived(by, detail):
    story = tell(SPARE | {"at": "2026-01-12", "for": "g1", "by": by}, PLAN, compiled=variant(*WAIVING))
    found = line(judged(story, "2026-02-20"), "a2.notice", "g1")
    assert (found.verdict, found.detail) == ("exempt", detail)
