"""Volumes: what another statute, or internal controls, add to a process from a day on, and what they leave alone."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.checks.project import faults
from tests.projects import compiled, engine_at, files_of, put
from tests.support import CALENDARS, DATA, cn

from zhengxie_flow.bootstrap import scenario_files
from zhengxie_flow.engine import audit, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.errors import NotFound, Refused
from zhengxie_flow.model.scenario import ScenarioSetup, ScriptEvent
from zhengxie_flow.model.volume import Volume
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant, opening_of

TOWN = DATA / "volumes"
ORDER = "processes/town/volumes/order-9.yaml"
CONTROLS = "processes/town/volumes/controls.yaml"
ADVICE = {"ZX1346", "ZX1282"}


def town(folder: Path, *left_out: str) -> Path:
    """The town with its volumes, some left out, without scenarios."""
    shutil.copytree(TOWN, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("scenarios"))
    for name in left_out:
        (folder / name).unlink()
    return folder


def opened(engine, case="c", day=date(2026, 2, 2), **facts):
    """A case with a guest who was heard the day after."""
    engine.open("town/matter", case, by="office", at=day, items={"guest": {"g1": {}}}, facts=facts)
    engine.record(case, "hear", at=day.replace(day=day.day + 1), by="office", item="g1")
    return case


def lines(engine, case="c"):
    """The verdicts of a case by the id of the duty."""
    return {line.obligation: line for line in engine.audit(case).cases[0].verdicts}


def test_the_town_is_without_fault_and_its_scenarios_hold():
    files = files_of(TOWN)
    assert faults(files) == ()
    path = files.processes / "town/scenarios/attached.yaml"
    played = list(scenario_files.play(files, CALENDARS, scenario_files.read([path], files.root)))
    assert [play.outcome.failures for play in played if not play.outcome.passed] == []


@pytest.fixture
def running(tmp_path):
    """A case of the town that was opened, and decided on, before the order was attached."""
    project = town(tmp_path, ORDER, CONTROLS)
    with engine_at(project, "2026-03-10T09:00:00") as engine:
        opened(engine)
        engine.record("c", "decide", at=date(2026, 3, 2), by="mayor")
        assert "o5.assess" not in lines(engine)
        shutil.copy(TOWN / ORDER, project / ORDER)
        yield engine
        assert engine.verify(replay=True) == ()


def test_a_volume_attached_later_judges_a_running_case_and_changes_no_hash(running):
    before = running.case("c").definition
    line = lines(running)["o5.assess"]
    assert (str(line.verdict), line.volume, line.edition) == ("breach", "order-9", "town/matter@2024-01-01+order-9")
    own = lines(running)["t2.hear"]
    assert (str(own.verdict), own.volume, own.edition) == ("pass", "measure", "town/matter@2024-01-01")
    running.record("c", "publish", at=date(2026, 3, 3), by="office")
    assert running.case("c").definition == before
    assert lines(running)["o5.assess"].verdict is line.verdict
    with pytest.raises(NotFound):  # the life of the case goes on as it began
        running.record("c", "file", at=date(2026, 3, 5), by="office")


def test_what_speaks_of_a_name_that_a_running_case_does_not_have_does_not_judge_it(tmp_path):
    project = town(tmp_path, ORDER, CONTROLS)
    with engine_at(project, "2026-04-20T09:00:00") as engine:
        opened(engine)
        engine.record("c", "decide", at=date(2026, 3, 20), by="mayor")
        engine.record("c", "publish", at=date(2026, 3, 21), by="office")
        path = project / "processes/town/matter.yaml"
        text = path.read_text(encoding="utf-8")
        newer = 'actions:\n  seal: {zh: 用印, en: Seal, law: "3", by: office, from: settled, with: {seal_no: {type: text, zh: 号, en: No}}}\n'
        path.write_text(text.replace("actions:\n", newer), encoding="utf-8")
        put(project, {"processes/town/volumes/piece.yaml": HEAD.format(begins="2026-03-01") + """\
actions:
  seal: {requires: [{id: o1.sealed, law: "1", that: {seal_no: {recorded: true}}, zh: 无号, en: No number}]}
  publish: {requires: [{id: o1.seal_first, law: "1", that: {done: seal}, zh: 未用印, en: Not sealed},
    {id: o1.heard, law: "1", that: {done: hear}, zh: 未听取, en: Not heard}]}
obligations:
  o1.seal: {zh: 用印, en: Seal, law: "1", who: office, do: seal, limit: {within: 2, unit: calendar_day, after: decide}}
  o1.publish: {zh: 公布, en: Publish, law: "1", who: office, do: publish, limit: {within: 2, unit: calendar_day, after: decide}}
"""})  # fmt: skip
        assert faults(files_of(project)) == ()
        judged = lines(engine)
        assert {name: str(line.verdict) for name, line in judged.items() if line.volume == "piece-1"} == {
            "o1.publish": "pass", "o1.heard": "pass",
        }  # fmt: skip
        assert engine.verify(replay=True) == ()


def test_a_volume_whose_names_a_running_case_has_all_of_itself_changes_nothing(tmp_path):
    project = town(tmp_path, CONTROLS)
    with engine_at(project, "2026-04-20T09:00:00") as engine:
        opened(engine, risky=True)
        engine.record("c", "decide", at=date(2026, 3, 20), by="mayor")
        before = lines(engine)
        (project / ORDER).rename(project / "processes/town/volumes/renamed.yaml")
        path = project / "processes/town/volumes/renamed.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("volume: order-9", "volume: order-9a"), encoding="utf-8"
        )
        assert lines(engine) == before


def test_a_case_that_moves_may_do_what_the_volume_defines(running):
    with pytest.raises(Refused) as caught:
        running.move("c", to="order-9", by="mayor", reason="r")
    assert caught.value.code == "ZX4067"
    seen = running.move("c", to="order-9", by="office", reason="r", dry_run=True)
    assert (seen.before, seen.after, seen.changes) == ("settled", "settled", ())
    running.move("c", to="order-9", by="office", reason="r")
    running.determine("c", {"risky": True}, by="assessor", reason="r", at=date(2026, 3, 4))
    assert "o7.file" in {row.obligation for row in running.journal.deadlines()}
    running.record("c", "file", at=date(2026, 3, 5), by="office")
    assert str(lines(running)["o7.file"].verdict) == "pass"


def test_what_a_volume_defines_is_judged_by_nobody_where_it_is_not_attached(tmp_path):
    with engine_at(town(tmp_path), "2026-03-10T09:00:00") as engine:
        for case, day in (("early", date(2026, 2, 4)), ("late", date(2026, 3, 4))):
            opened(engine, case)
            engine.record(case, "assess", at=day, by="office")
            engine.determine(case, {"secret": True}, by="office", reason="r", at=day)
        for case, count in (("early", 0), ("late", 2)):
            wrong = [line for line in engine.audit(case).cases[0].verdicts if "wrong_authority" in line.detail]
            assert [line.volume for line in wrong] == ["order-9"] * count


def test_a_county_that_follows_by_reference_weakens_the_duties_of_the_process_alone(tmp_path):
    county = put(town(tmp_path), {"processes/town/county.yaml": """\
language: 1
process: county
extends: town/matter
zh: 示例村
en: Example village
law: "1"
in_force: {from: 2025-01-01}
"""})  # fmt: skip
    with engine_at(county, "2026-04-20T09:00:00") as engine:
        engine.open("town/county", "c", by="office", at=date(2026, 2, 2), items={"guest": {"g1": {}}})
        engine.record("c", "decide", at=date(2026, 3, 2), by="mayor")
        judged = lines(engine)
        assert {name: str(judged[name].verdict) for name in ("t2.hear", "o5.assess", "o6.number")} == {
            "t2.hear": "deviation", "o5.assess": "breach", "o6.number": "breach",
        }  # fmt: skip


def test_an_amendment_of_the_process_leaves_its_volumes_as_they_are(tmp_path):
    project = put(town(tmp_path), {"processes/town/editions/matter/2026.yaml": """\
language: 1
edition: "2026"
amends: town/matter
zh: 修订
en: Amendment
in_force: {from: 2026-03-15}
changes: {obligations: {t3.publish: {limit: {within: 5}}}}
"""})  # fmt: skip
    assert {fault.code for fault in faults(files_of(project))} <= ADVICE
    with engine_at(project, "2026-04-20T09:00:00") as engine:
        opened(engine, risky=True)
        engine.record("c", "decide", at=date(2026, 3, 20), by="mayor")
        judged = lines(engine)
        assert {name: (str(judged[name].verdict), judged[name].edition) for name in ("t3.publish", "o5.assess")} == {
            "t3.publish": ("overdue", "town/matter@2026-03-15"), "o5.assess": ("breach", "town/matter@2026-03-15"),
        }  # fmt: skip
        assert judged["t3.publish"].due == date(2026, 3, 25)
    process = compiled(project, "town/matter")
    assert [len(edition.definition.volumes) for edition in process.editions] == [2, 2]


HEAD = """\
language: 1
volume: piece-1
zh: 某规定
en: A rule
law: order-9
attaches: [{{to: town/matter, from: {begins}}}]
incorporates:
  order-9: {{zh: 条例, en: Order, source_status: read, clauses: {{"1": {{zh: 条, en: Clause, force: must}}}}}}
"""
ACT = 'actions: {file: {zh: 备案, en: File, law: "1", by: office, from: settled}}\n'
DUTY = 'obligations: {o1.file: {zh: 备案, en: File, law: "1", who: office, do: %s, limit: {%s, after: decide}%s}}\n'
WITHIN = "within: 2, unit: calendar_day"
PIECES = {
    "obligations": (DUTY % ("publish", WITHIN, ""), "overdue"),
    "actions": (ACT + DUTY % ("file", WITHIN, ""), "overdue"),
    "facts": ('facts: {big: {type: bool, zh: 大, en: Big, law: "1", by: office}}\n'
              + DUTY % ("publish", WITHIN, ", when: big"), "needs_judgement"),
    "roles": ("roles: {archivist: {zh: 档案员, en: Archivist}}\n"
              + (ACT + DUTY % ("file", WITHIN, "")).replace("by: office", "by: archivist"), "overdue"),
    "items": ('items: {copy: {zh: 副本, en: Copy, law: "1"}}\nactions: {copy_it: {zh: 抄送, en: Copy, law: "1", by: office, '
              'from: settled, adds: copy}}\n' + DUTY % ("copy_it", WITHIN, ""), "overdue"),
    "parameters": ('parameters: {days: {zh: 期限, en: Days, law: "1", default: {within: 2, unit: calendar_day}}}\n'
                   + DUTY % ("publish", "parameter: days", ""), "overdue"),
    "decisions": ('decisions: {whether: {language: 1, decision: whether, zh: 是否, en: Whether, law: "1", outcomes: {yes_: '
                  '{zh: 是, en: "Yes"}, no_: {zh: 否, en: "No"}}, default: no_, exceptions: [{id: "1", law: "1", zh: 紧急, '
                  'en: Urgent, when: urgent, then: yes_}]}}\n'
                  + DUTY % ("publish", WITHIN, ", when: {decided: {whether: no_}}"), "overdue"),
    "interpretations": ('interpretations: {P-1: {zh: 读法, en: Reading, law: "1", date: 2026-01-01, question: {zh: 问, en: Q}, '
                        'answer: {zh: 答, en: A}, status: not_in_text, would_set: roles.mayor, signer: unsigned}}\n'
                        + DUTY % ("publish", WITHIN, ", interpretation: P-1"), "overdue"),
    "requirements": ('actions: {decide: {requires: [{id: o1.file, law: "1", that: {done: spare}, zh: 未免, en: Not spared}]}}\n',
                     "breach"),
    "exemptions": (ACT.replace("file:", "waive:").replace("File", "Waive") + DUTY % ("publish", WITHIN, "")
                   + 'exemptions: {o1.waive: {zh: 免, en: Waiver, law: "1", granted_by: waive, lifts: [o1.file]}}\n', "exempt"),
}  # fmt: skip
"""A volume with a piece of every kind, and the verdict on ``o1.file`` where it is attached."""


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("roles: {office: {zh: 办, en: Office}}\n", "ZX1371", 9),
        ('obligations: {t3.publish: {law: "1"}}\n', "ZX1041", 9),
        ("actions: {decide: {to: closed}}\n", "ZX1371", 9),
        ("actions: {spare: {with: {urgent: {}}}}\n", "ZX1371", 9),
        ("volumes: {}\n", "ZX1040", 9),
        (None, "ZX1370", 2),
    ],
)
def test_a_volume_that_says_again_what_stands_already_is_refused_where_it_does(tmp_path, text, code, line):
    head = HEAD.format(begins="2026-03-01")
    volume = head.replace("piece-1", "measure") if text is None else head + text
    project = put(town(tmp_path, ORDER, CONTROLS), {"processes/town/volumes/piece.yaml": volume})
    found = {(fault.code, fault.where.file, fault.where.line) for fault in faults(files_of(project))}
    assert (code, "processes/town/volumes/piece.yaml", line) in found


def test_two_volumes_of_one_name_are_refused(tmp_path):
    head = HEAD.format(begins="2026-03-01").partition("incorporates")[0]
    volumes = {f"processes/town/volumes/{name}.yaml": head for name in ("a", "b")}
    project = put(town(tmp_path, ORDER, CONTROLS), volumes)
    (fault,) = faults(files_of(project))
    assert (fault.code, fault.where.file, fault.where.line) == ("ZX1371", "processes/town/volumes/b.yaml", 2)


def test_one_statute_is_attached_to_several_processes_in_a_file_for_each(tmp_path):
    chat = """\
language: 1
process: chat
zh: 谈话
en: Chat
law: town-2024
in_force: {from: 2024-01-01}
roles: {office: {zh: 办公室, en: Office}}
states: {begun: {zh: 开始, en: Begun, law: "1"}, talked: {zh: 已谈, en: Talked, law: "1", final: true}}
actions: {talk: {zh: 谈话, en: Talk, law: "1", by: office, from: begun, to: talked}}
"""
    head = HEAD.format(begins="2026-03-01")
    talk = DUTY % ("talk", "by_date: {month: 4, day: 1}", "")
    project = put(town(tmp_path, ORDER, CONTROLS), {
        "processes/town/chat.yaml": chat,
        "processes/town/volumes/piece.yaml": head + DUTY % ("publish", WITHIN, ""),
        "processes/town/volumes/piece-chat.yaml": head.replace("town/matter", "town/chat")
        + talk.replace("limit: {by_date: {month: 4, day: 1}, after: decide}", "when: {done: talk}"),
    })  # fmt: skip
    assert {fault.code for fault in faults(files_of(project))} <= ADVICE | {"ZX1287"}
    assert str(decided_on(project)["o1.file"].verdict) == "overdue"
    assert [volume.volume for volume in compiled(project, "town/chat").definition.volumes] == ["piece-1"]


def test_every_section_of_a_volume_has_an_example():
    header = {"language", "volume", "kind", "zh", "en", "law", "in_force", "attaches", "incorporates"}
    header |= {"reminders"}  # which judge nothing
    assert set(Volume.model_fields) - header == set(PIECES) - {"requirements"}


def decided_on(project, *acts):
    """The verdicts on a case of the town that was decided on 2026-03-20, and on which nothing else was done."""
    process = compiled(project, "town/matter")
    setting = ScenarioSetup(items={"guest": {"g1": {}}}, facts={"urgent": False})
    day = date(2026, 2, 2)
    told, _ = begin(
        ScriptSource(process, cn), "c", opening_of(setting), Attribution(by="office", at=day), instant(day, process)
    )
    for act in ({"at": "2026-03-20", "do": "decide", "by": "mayor"}, *acts):
        happening = ScriptEvent.model_validate(act)
        list(told.apply(happening, instant(happening.at, told.compiled)))
    return {line.obligation: line for line in audit(derive(process, told.case, cn, date(2026, 4, 20))).verdicts}


@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_of_every_kind_counts_where_it_is_attached_and_nowhere_else(tmp_path, piece):
    text, verdict = PIECES[piece]
    alone = decided_on(town(tmp_path / "alone", ORDER, CONTROLS))
    for begins, expected in (("2026-03-01", verdict), ("2026-05-01", "not_applicable")):
        volume = {"processes/town/volumes/piece.yaml": HEAD.format(begins=begins) + text}
        project = put(town(tmp_path / begins, ORDER, CONTROLS), volume)
        assert {fault.code for fault in faults(files_of(project))} <= ADVICE
        # what is not attached can be recorded all the same
        judged = decided_on(project, *([{"at": "2026-03-20", "do": "waive", "by": "office"}] * (piece == "exemptions")))
        line = judged.get("o1.file")  # a requirement that binds no act of the case has no line
        assert line is None if piece == "requirements" and expected != verdict else str(line.verdict) == expected
        assert line is None or line.volume == "piece-1"
        measure = {name: line.verdict for name, line in judged.items() if line.volume == "measure"}
        assert measure == {name: line.verdict for name, line in alone.items()}
