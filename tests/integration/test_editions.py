"""A process as amended: which edition a case starts under, which judges its duties, and how a case moves (Art. 15)."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest
from tests.checks.project import faults
from tests.projects import amended, compiled, edition, engine_at, files_of, put, small
from tests.support import CALENDARS, cn

from zhengxie_flow.bootstrap import scenario_files
from zhengxie_flow.engine import audit, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.errors import Conflict, InvalidDefinition, NotFound, Refused, UsageError
from zhengxie_flow.model.body_parts import HashChange
from zhengxie_flow.model.scenario import ScenarioSetup, ScriptEvent
from zhengxie_flow.reading.checked.run import run
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant, opening_of
from zhengxie_flow.services.commands.importing import import_cases

V1, V2 = "mini/talk@2020-01-01", "mini/talk@2026-03-01"
SHORTER = edition("2026", "2026-03-01", "changes: {obligations: {a2.notice: {limit: {at_least: 5}}}}\n")
BY_START = edition(
    "2026", "2026-03-01",
    "transition: {rule: by_start}\nchanges: {obligations: {a2.notice: {limit: {at_least: 5}}}}\n",
)  # fmt: skip


def story(process, *happenings, opened="2026-01-05", **given):
    """A case of an amended process after some happenings, written as in a scenario."""
    day = date.fromisoformat(opened)
    setting = ScenarioSetup(items={"guest": {"g1": {"kind": "expert"}}}, **given)
    told, _ = begin(
        ScriptSource(process, cn), "c", opening_of(setting), Attribution(by="office", at=day), instant(day, process)
    )
    for written in happenings:
        happening = ScriptEvent.model_validate(written)
        list(told.apply(happening, instant(happening.at, told.compiled)))
    return told


def judged(told, obligation, as_of, item=None):
    """The one line about a duty."""
    found = [
        line
        for line in audit(derive(told.compiled, told.case, cn, date.fromisoformat(as_of))).verdicts
        if line.obligation == obligation and item in (None, line.item)
    ]
    assert len(found) == 1
    return found[0]


def notice(told, as_of="2026-06-01"):
    line = judged(told, "a2.notice", as_of)
    return str(line.verdict), line.latest and line.latest.isoformat(), line.edition


PLAN = {"at": "2026-01-06", "plan": "hold", "to": "2026-03-18", "by": "office"}


def told_on(day):
    return {"at": day, "do": "notify", "for": "g1", "by": "office"}


HOLD = {"at": "2026-03-18", "do": "hold", "by": "department"}


def test_the_amended_shipped_process_is_without_fault_and_its_scenarios_hold(tmp_path):
    files = files_of(amended(tmp_path))
    # The amendment names another number than the clause whose words it leaves as they are: that is said.
    assert {fault.code for fault in faults(files)} <= {"ZX1282"}
    path = files.processes / "jilin/scenarios/amended.yaml"
    played = list(scenario_files.play(files, CALENDARS, scenario_files.read([path], files.root)))
    assert len(played) == 5
    assert [each.outcome.failures for each in played if not each.outcome.passed] == []


def test_a_duty_is_judged_by_the_edition_of_the_day_it_was_performed(tmp_path):
    process = compiled(small(tmp_path, SHORTER))
    assert notice(story(process, PLAN, told_on("2026-02-25"), HOLD)) == ("pass", "2026-02-26", V1)
    assert notice(story(process, PLAN, told_on("2026-02-27"), HOLD)) == ("breach", "2026-02-26", V1)
    assert notice(story(process, PLAN, told_on("2026-03-02"), HOLD)) == ("pass", "2026-03-11", V2)
    assert notice(story(process, PLAN, told_on("2026-03-16"), HOLD)) == ("breach", "2026-03-11", V2)


def test_one_that_was_not_performed_by_the_edition_of_the_day_it_fell_due(tmp_path):
    process = compiled(small(tmp_path, SHORTER))
    assert notice(story(process, PLAN), "2026-02-28") == ("overdue", "2026-02-26", V1)
    assert notice(story(process, PLAN), "2026-03-05") == ("overdue", "2026-02-26", V1)
    later = {**PLAN, "to": "2026-04-15"}
    assert notice(story(process, later), "2026-03-31") == ("pending", "2026-04-08", V2)
    assert notice(story(process), "2026-02-01")[::2] == ("pending", V1)
    assert notice(story(process), "2026-03-01")[::2] == ("pending", V2)


def test_by_start_leaves_a_case_the_duties_it_started_with(tmp_path):
    process = compiled(small(tmp_path, BY_START))
    assert notice(story(process, PLAN, told_on("2026-03-02"), HOLD)) == ("breach", "2026-02-26", V1)
    started_later = story(process, {**PLAN, "at": "2026-03-02"}, told_on("2026-03-02"), HOLD, opened="2026-03-02")
    assert notice(started_later) == ("pass", "2026-03-11", V2)


def test_a_third_edition_rests_on_the_second(tmp_path):
    third = edition("2027", "2026-03-10", 'changes: {obligations: {a2.notice: {en: Third, law: "2"}}}\n')
    process = compiled(small(tmp_path, SHORTER, third))
    assert [each.begins and each.begins.isoformat() for each in process.editions] == [
        "2020-01-01", "2026-03-01", "2026-03-10",
    ]  # fmt: skip
    line = judged(story(process, PLAN, told_on("2026-03-11"), HOLD), "a2.notice", "2026-06-01")
    assert (line.latest, line.edition) == (date(2026, 3, 11), "mini/talk@2026-03-10")


NEW_DUTY = edition("2026", "2026-03-01", """\
changes:
  obligations:
    a4.reply: null
    a3.file:
      zh: 存档
      en: File
      law: "3"
      who: department
      do: conclude
      limit: {within: 10, unit: working_day, after: hold}
""")  # fmt: skip


def test_a_duty_that_an_edition_brings_is_judged_where_that_edition_governs(tmp_path):
    process = compiled(small(tmp_path, NEW_DUTY))
    told = story(process, PLAN, told_on("2026-02-25"), HOLD)
    line = judged(told, "a3.file", "2026-03-25")
    assert (str(line.verdict), line.due, line.edition) == ("pending", date(2026, 4, 1), V2)
    assert str(judged(story(process), "a3.file", "2026-02-10").verdict) == "not_applicable"
    assert str(judged(story(process), "a3.file", "2026-03-02").verdict) == "pending"
    early = story(process, {"at": "2026-01-07", "do": "hold", "by": "department"})
    assert str(judged(early, "a3.file", "2026-06-01").verdict) == "not_applicable"


def test_a_duty_that_an_edition_takes_away_does_not_apply_from_then_on(tmp_path):
    process = compiled(small(tmp_path, NEW_DUTY))
    before = story(process, {"at": "2026-01-07", "do": "hold", "by": "department"})
    assert judged(before, "a4.reply", "2026-02-01").edition == V1
    after = judged(before, "a4.reply", "2026-03-02")
    assert (str(after.verdict), after.edition) == ("not_applicable", V2)
    started_later = story(process, opened="2026-03-02")
    assert str(judged(started_later, "a4.reply", "2026-03-03").verdict) == "not_applicable"


def test_a_requirement_is_judged_at_each_act_by_the_edition_of_its_day(tmp_path):
    looser = edition("2026", "2026-03-01", """\
changes: {actions: {report: {requires: {a4.to: {that: {to: {includes: [council]}}}}}}}
""")  # fmt: skip
    process = compiled(small(tmp_path, looser))
    report = {"do": "report", "by": "office", "with": {"to": ["council"]}}
    held = {"at": "2026-02-02", "do": "hold", "by": "department"}
    told = story(process, held, {**report, "at": "2026-02-03"}, {**report, "at": "2026-03-03"})
    line = judged(told, "a4.to", "2026-06-01")
    assert (str(line.verdict), line.actual.date, line.edition) == ("breach", date(2026, 2, 3), V1)
    told = story(process, held, {**report, "at": "2026-03-03"})
    line = judged(told, "a4.to", "2026-06-01")
    assert (str(line.verdict), line.edition) == ("pass", V2)


def test_a_power_is_exercised_under_the_law_of_its_day(tmp_path):
    gone = edition("2026", "2026-03-01", "changes: {exemptions: {a5.spare: null}}\n")
    process = compiled(small(tmp_path, gone))
    grant = {"do": "spare", "by": "mayor", "with": {"urgent": True, "why": "急"}}
    early = story(process, {**grant, "at": "2026-02-02"})
    assert str(judged(early, "a5.spare", "2026-06-01").verdict) == "pass"
    assert str(judged(early, "a4.report", "2026-06-01").verdict) == "exempt"
    late = story(process, {**grant, "at": "2026-03-02"})
    assert str(judged(late, "a5.spare", "2026-06-01").verdict) == "not_applicable"


def test_the_gate_asks_by_the_edition_in_force_today(tmp_path):
    process = compiled(small(tmp_path, SHORTER))
    agree = {"at": "2026-02-02", "do": "agree", "by": "partner"}
    told = story(process, PLAN, agree, told_on("2026-03-05"), {"at": "2026-03-09", "try": "prepare", "by": "office"})
    assert told.case.state == "ready"
    with pytest.raises(Refused) as caught:
        story(process, {**PLAN, "to": "2026-03-06"}, agree, told_on("2026-02-25"),
              {"at": "2026-02-26", "try": "prepare", "by": "office"})  # fmt: skip
    assert [reason.id for reason in caught.value.reasons] == ["a2.notice"]


def test_a_case_starts_under_the_edition_in_force_on_the_day_it_opens(tmp_path):
    project = small(tmp_path, SHORTER)
    first, second = compiled(project).editions
    with engine_at(project, "2026-03-02T09:00:00") as engine:
        assert engine.open("mini/talk", "new", by="office").definition == second.hash
        assert engine.open("mini/talk", "old", by="office", at=date(2026, 2, 27)).definition == first.hash
        assert engine.open("mini/talk", "ancient", by="office", at=date(2019, 2, 27)).definition == first.hash
        assert engine.verify(replay=True) == ()


def test_a_later_edition_changes_no_hash_and_binds_running_cases(tmp_path):
    project = small(tmp_path)
    before = compiled(project).hash
    with engine_at(project, "2026-03-06T09:00:00") as engine:
        engine.open("mini/talk", "c", by="office", at=date(2026, 1, 5), items={"guest": {"g1": {}}})
        engine.plan("c", "hold", to=date(2026, 3, 18), by="office", at=date(2026, 1, 6))
        engine.record("c", "notify", at=date(2026, 3, 2), by="office", item="g1")
        row = next(row for row in engine.journal.deadlines(open_only=False) if row.obligation == "a2.notice")
        assert row.day == date(2026, 2, 26)
        put(project, SHORTER)
        assert compiled(project).hash == before
        line = next(line for line in engine.audit("c").cases[0].verdicts if line.obligation == "a2.notice")
        assert (str(line.verdict), line.latest, line.edition) == ("pass", date(2026, 3, 11), V2)
        engine.explain("c", "a4.report", reason="r", by="office")
        row = next(row for row in engine.journal.deadlines(open_only=False) if row.obligation == "a2.notice")
        assert row.day == date(2026, 3, 11)
    with engine_at(project, "2026-03-06T09:00:00") as again:
        line = next(line for line in again.audit("c").cases[0].verdicts if line.obligation == "a2.notice")
        assert line.edition == V2


def test_an_edition_whose_file_is_taken_away_judges_no_longer(tmp_path):
    project = small(tmp_path)
    put(project, SHORTER)
    with engine_at(project, "2026-02-06T09:00:00") as engine:
        digest = engine.open("mini/talk", "c", by="office").definition
        definitions = engine.context.definitions
        assert [str(each.begins) for each in definitions.by_hash(digest).editions] == ["2020-01-01", "2026-03-01"]
        shutil.rmtree(project / "processes/mini/editions")
        assert definitions.by_hash(digest).editions == ()


MERGED = edition("2026", "2026-03-01", """\
transition: {by: office}
moved_states: {ready: planned}
changes:
  states: {ready: null}
  actions:
    notify: {from: planned}
    prepare: null
    hold: {from: planned}
    spare: {from: planned}
    drop: {from: [planned, held]}
    hear: {from: [planned, held]}
  obligations:
    a2.notice: {limit: {at_least: 5}}
""")  # fmt: skip


@pytest.fixture
def running(tmp_path):
    """A case in a state that the next edition has no longer."""
    project = small(tmp_path, MERGED)
    with engine_at(project, "2026-03-06T09:00:00") as engine:
        engine.open("mini/talk", "c", by="office", at=date(2026, 1, 5), items={"guest": {"g1": {}}})
        engine.plan("c", "hold", to=date(2026, 4, 20), by="office", at=date(2026, 1, 6))
        engine.record("c", "prepare", at=date(2026, 2, 2), by="office")
        yield engine


def test_moving_a_case_moves_its_state_and_is_kept(running):
    old, new = (each.hash for each in running.context.definitions.by_id("mini/talk").editions)
    seen = running.move("c", to="2026", by="office", reason="新办法", basis="令", dry_run=True)
    assert running.case("c").version == 3
    moved = running.move("c", to="2026-03-01", by="office", reason="新办法", basis="令", key="k")
    assert (seen.before, seen.after, seen.changes) == (moved.before, moved.after, moved.changes)
    assert (moved.before, moved.after, moved.written, seen.written) == ("ready", "planned", True, False)
    assert replace(moved.event.body, clock=None) == seen.event.body
    assert moved.event.body.definition == HashChange(from_=old, to=new)
    case = running.case("c")
    assert (case.state, case.definition, case.version) == ("planned", new, 4)
    assert running.heads()[0].definition == new
    assert running.case("c", as_of=date(2026, 3, 5)).state == "ready"
    assert running.advance("c", "notify", by="office", item="g1").definition == new
    assert running.move("c", to="2026", by="office", reason="新办法", basis="令", key="k").event == moved.event
    with pytest.raises(NotFound):
        running.advance("c", "prepare", by="office")
    assert running.verify(replay=True) == ()


def test_what_was_done_before_the_move_was_in_order_then(running):
    running.move("c", to="2026", by="office", reason="新办法")
    lines = running.audit("c").cases[0].verdicts
    assert not [line for line in lines if line.obligation == "integrity.order"]
    running.correct("c", 4, reason="误转", retract=True, by="office")
    assert running.case("c").state == "ready"
    assert running.context.read("c")[0].begins == date(2020, 1, 1)


def test_the_preview_lists_the_duties_that_stand_otherwise(tmp_path):
    soft = edition("2026", "2026-03-01", "transition: {rule: by_start}\nchanges: {obligations: {a2.notice: null}, "
                   "actions: {prepare: {requires: {a2.notice: null}}}}\n")  # fmt: skip
    project = small(tmp_path, soft)
    with engine_at(project, "2026-03-06T09:00:00") as engine:
        engine.open("mini/talk", "c", by="office", at=date(2026, 1, 5), items={"guest": {"g1": {}}})
        moved = engine.move("c", to="2026", by="office", reason="r", dry_run=True)
        assert moved.changes == ()  # duties by start stay those it started with, whatever life it leads


RENAMED = edition("2026", "2026-03-01", """\
changes:
  states:
    ready: null
    prepared: {was: ready, zh: 已备妥, en: Prepared, law: "2"}
  actions:
    notify: {from: [planned, prepared]}
    prepare: {to: prepared}
    hold: {from: prepared}
    spare: {from: [planned, prepared]}
    drop: {from: [planned, prepared, held]}
    hear: {from: [planned, prepared, held]}
  obligations:
    a4.report: null
    a4.account:
      {was: a4.report, zh: 报告, en: Report, law: "4", who: office, force: should, do: report,
       limit: {within: 5, unit: working_day, after: conclude}}
""")  # fmt: skip


def test_what_an_edition_calls_otherwise_is_the_same_thing(tmp_path):
    """A state under its new name is where the case stands; a reason given under the old name of a duty still counts."""
    project = small(tmp_path, RENAMED)
    with engine_at(project, "2026-03-20T09:00:00") as engine:
        engine.open("mini/talk", "c", by="office", at=date(2026, 1, 5), items={"guest": {"g1": {}}})
        engine.record("c", "prepare", at=date(2026, 2, 2), by="office")
        moved = engine.move("c", to="2026", by="office", reason="新办法")
        assert (moved.before, moved.after) == ("ready", "prepared")
        back = engine.move("c", to="2020-01-01", by="office", reason="改错了")
        assert (back.before, back.after) == ("prepared", "ready")
        engine.record("c", "hold", at=date(2026, 2, 24), by="department")
        engine.record("c", "conclude", at=date(2026, 2, 26), by="department", actor="甲")
        engine.record("c", "report", at=date(2026, 3, 18), by="office", fields={"to": ["council", "committee"]})

        def verdicts():
            lines = engine.audit("c", as_of=date(2026, 3, 20)).cases[0].verdicts
            return {
                line.obligation: str(line.verdict) for line in lines if line.obligation in ("a4.report", "a4.account")
            }

        assert verdicts() == {"a4.report": "not_applicable", "a4.account": "deviation"}
        engine.explain("c", "a4.report", reason="等待会议", by="office", public=True, at=date(2026, 2, 27))
        assert verdicts() == {"a4.report": "not_applicable", "a4.account": "deviation_justified"}
        engine.move("c", to="2026", by="office", reason="新办法")
        assert verdicts() == {"a4.report": "not_applicable", "a4.account": "deviation_justified"}
        assert engine.verify(replay=True) == ()


@pytest.mark.parametrize(
    ("to", "by", "reason", "code", "kind"),
    [
        ("2027", "office", "r", "ZX1201", NotFound),
        ("2020-01-01", "office", "r", "ZX4064", UsageError),
        ("2026", "nobody", "r", "ZX1201", UsageError),
        ("2026", "mayor", "r", "ZX4067", Refused),
        ("2026", "office", " ", "ZX4029", UsageError),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(running, to, by, reason, code, kind):
    with pytest.raises(kind) as caught:
        running.move("c", to=to, by=by, reason=reason)
    assert caught.value.code == code
    assert running.case("c").version == 3


def test_nothing_moves_to_an_edition_before_it_is_in_force_or_twice_with_one_key(running):
    with pytest.raises(UsageError) as caught:
        running.move("c", to="2026", by="office", reason="r", at=date(2026, 2, 28))
    assert caught.value.code == "ZX4066"
    running.move("c", to="2026", by="office", reason="r", key="k")
    with pytest.raises(Conflict):
        running.move("c", to="2026", by="office", reason="another", key="k")


def test_a_case_may_move_back_where_its_state_has_a_place(running):
    running.move("c", to="2026", by="office", reason="r")
    moved = running.move("c", to="2020-01-01", by="office", reason="改错了")
    assert (moved.before, moved.after) == ("planned", "ready")
    assert running.case("c").definition == running.context.definitions.by_id("mini/talk").hash


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("changes: {obligations: {a2.notce: {limit: {at_least: 5}}}}\n", "ZX1270"),
        ("changes: {obligations: {a2.notce: null}}\n", "ZX1270"),
        ("changes: {obligatoins: {a2.notice: {limit: {at_least: 5}}}}\n", "ZX1040"),
        ("changes: {obligations: {a2.notice: {do: nottify}}}\n", "ZX1201"),
        ("changes: {obligations: {a2.notice: {limit: {at_lest: 5}}}}\n", "ZX1040"),
        ("changes: {states: {ready: null}}\n", "ZX1201"),
    ],
)
def test_a_faulty_edition_is_told_where_it_is_wrong(tmp_path, text, code):
    project = small(tmp_path, edition("2026", "2026-03-01", text))
    found = [each for each in run(files_of(project)) if each.severity == "error"]
    assert code in {each.code for each in found}
    with pytest.raises(InvalidDefinition):
        compiled(project)
    mine = next(each for each in found if each.code == code)
    if code != "ZX1201":  # what the rest of the process says of a state that is gone
        assert mine.where.file == "processes/mini/editions/talk/2026.yaml"
        assert mine.where.line == 7


def test_an_edition_without_its_day_or_of_another_process_is_refused(tmp_path):
    text = edition("2026", "2026-03-01", "")
    (name,) = text
    put(small(tmp_path), {name: text[name].replace("from: 2026-03-01", "to: 2026-03-01")})
    assert {each.code for each in run(files_of(tmp_path))} == {"ZX1271"}
    put(tmp_path, {name: text[name].replace("amends: mini/talk", "amends: mini/walk")})
    assert {each.code for each in run(files_of(tmp_path))} == {"ZX1272"}


def test_a_scenario_may_speak_of_what_only_a_later_edition_has(tmp_path):
    text = "language: 1\nscenario: 存档\nprocess: mini/talk\nas_of: 2026-03-05\nexpect:\n"
    name = "processes/mini/scenarios/filed.yaml"
    project = small(tmp_path, NEW_DUTY, {name: text + "  - {obligation: a3.file, verdict: pending}\n"})
    assert [each for each in run(files_of(project)) if each.severity == "error"] == []
    put(project, {name: text + "  - {obligation: a3.flie, verdict: pending}\n"})
    assert [each.code for each in run(files_of(project)) if each.severity == "error"] == ["ZX1201"]


MOVES = """\
- language: 1
  scenario: 转入修订后的办法
  process: mini/talk
  as_of: 2026-03-10
  given: {items: {guest: {g1: {kind: expert}}}}
  events:
    - {at: 2026-01-06, plan: hold, to: 2026-04-20, by: office}
    - {at: 2026-02-02, do: prepare, by: office}
    - {at: 2026-03-02, move: "2026", by: mayor, reason: 新办法, refused: [role]}
    - {at: 2026-03-03, move: "2026", reason: 新办法, basis: 令, id: m}
    - {at: 2026-03-04, try: notify, for: g1, by: office}
  expect:
    - {state: planned}
    - {obligation: a2.notice, verdict: pass, latest: 2026-04-13}
- language: 1
  scenario: 转入之前所知的
  process: mini/talk
  as_of: 2026-03-10
  known_at: 2026-03-02
  given: {items: {guest: {g1: {kind: expert}}}}
  events:
    - {at: 2026-02-02, do: prepare, by: office}
    - {at: 2026-03-03, move: 2026-03-01, by: office, reason: 新办法}
  expect:
    - {state: ready}
"""


def test_a_scenario_moves_a_case(tmp_path):
    project = small(tmp_path, MERGED, {"processes/mini/scenarios/moves.yaml": MOVES})
    files = files_of(project)
    path = files.processes / "mini/scenarios/moves.yaml"
    played = list(scenario_files.play(files, CALENDARS, scenario_files.read([path], files.root)))
    assert [each.outcome.failures for each in played] == [(), ()]
    assert [problem for problem in run(files) if problem.where.file == "processes/mini/scenarios/moves.yaml"] == []
    put(project, {"processes/mini/scenarios/moves.yaml": MOVES.replace('"2026", by: mayor', '"2062", by: mayor')})
    (unknown,) = [problem for problem in run(files) if problem.where.file == "processes/mini/scenarios/moves.yaml"]
    assert (unknown.code, unknown.params["suggestion"], unknown.where.line) == ("ZX1201", "2026", 9)


def test_a_move_is_only_told_with_a_reason_and_not_twice(tmp_path):
    process = compiled(small(tmp_path, MERGED))
    move = {"at": "2026-03-03", "move": "2026", "by": "office", "reason": "r"}
    for told, code in (
        ([{**move, "reason": " "}], "ZX4029"),
        ([move, move], "ZX4064"),
        ([{**move, "move": "1"}], "ZX1201"),
    ):
        with pytest.raises((UsageError, NotFound)) as error:
            story(process, *told)
        assert error.value.code == code


CASE = {
    "language": 1, "case": "m", "process": "mini/talk", "opened": "2026-01-05", "by": "office",
    "given": {"items": {"guest": {"g1": {"kind": "expert"}}}},
    "events": [
        {"at": "2026-02-02", "do": "prepare", "by": "office"},
        {"at": "2026-03-03", "move": "2026", "by": "office", "reason": "新办法"},
        {"at": "2026-03-04", "do": "notify", "for": "g1", "by": "office"},
    ],
}  # fmt: skip


def test_a_history_with_a_move_is_imported_once(tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text(json.dumps(CASE, ensure_ascii=False), encoding="utf-8")
    with engine_at(small(tmp_path / "p", MERGED), "2026-03-06T09:00:00") as engine:
        old, new = (each.hash for each in engine.context.definitions.by_id("mini/talk").editions)
        assert import_cases(engine.context, read_cases(path)).events_new == 4
        case = engine.case("m")
        assert (case.state, case.definition, [event.definition for event in case.events]) == (
            "planned", new, [old, old, old, new],
        )  # fmt: skip
        assert import_cases(engine.context, read_cases(path)).events_new == 0
        assert engine.verify(replay=True) == ()
