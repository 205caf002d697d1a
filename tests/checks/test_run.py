"""Checking a project: all of it, or some files and folders, wherever they lie."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.checks.project import FILES, examples, set_in
from tests.support import MINI

from zhengxie_flow.engine.state_machine.machine import StateMachine
from zhengxie_flow.errors import NotFound
from zhengxie_flow.i18n import problem as said
from zhengxie_flow.reading.checks import all_checks, references, run
from zhengxie_flow.reading.checks.states import reachable
from zhengxie_flow.reading.definitions import Files

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = Files(ROOT / "processes", ROOT / "rules")

FAULTY = {
    "law.yaml": "issued: 2020-13-01\n",
    "talk.yaml": "process: talks\nzone: Nowhere/Else\n",
    "scenario.yaml": "process: example/tolk\n",
}


def codes(problems):
    return [(each.where.file, each.code) for each in problems]


def test_all_faults_of_all_files_come_in_one_run(tmp_path):
    files, _ = set_in(
        {
            "law.yaml": 'clauses:\n  "4": {zh: 公布, en: Publication}\n',
            "interpretations.yaml": "register: other\n",
            "talk.yaml": "process: talks\n",
            "duty.yaml": 'exceptions:\n  - {id: "5-1", law: "6", when: urgent, then: may_skip}\n',
            "scenario.yaml": "process: example/tolk\n",
            "processes/other/law.yaml": "language: 2\n",
            "rules/other/duty.yaml": "language: 1\n",
        },
        tmp_path,
    )
    assert codes(run(files)) == [
        ("processes/example/interpretations.yaml", "ZX1222"),
        ("processes/example/law.yaml", "ZX1223"),
        ("processes/example/scenarios/scenario.yaml", "ZX1201"),
        ("processes/example/talk.yaml", "ZX1242"),
        ("processes/other/law.yaml", "ZX1217"),
        ("rules/example/duty.yaml", "ZX1201"),
        ("rules/other/duty.yaml", "ZX1217"),
    ]


def test_faults_of_shape_come_with_those_of_other_files(tmp_path):
    files, _ = set_in(FAULTY, tmp_path)
    assert codes(run(files)) == [
        ("processes/example/law.yaml", "ZX2003"),
        ("processes/example/scenarios/scenario.yaml", "ZX1201"),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("law.yaml", ["ZX1223"]),
        ("interpretations.yaml", ["ZX1222"]),
        ("talk.yaml", ["ZX1222", "ZX1223", "ZX1242", "ZX1201"]),
        ("duty.yaml", ["ZX1201"]),
        ("scenario.yaml", ["ZX1201"]),
    ],
)
def test_one_file_is_checked_for_itself_and_a_process_with_all_it_rests_on(name, expected, tmp_path):
    files, _ = set_in(
        {
            "law.yaml": 'clauses:\n  "4": {zh: 公布, en: Publication}\n',
            "interpretations.yaml": "register: other\n",
            "talk.yaml": "process: talks\n",
            "duty.yaml": 'exceptions:\n  - {id: "5-1", law: "6", when: urgent, then: may_skip}\n',
            "scenario.yaml": "expect:\n  - {obligation: a2.notice, verdict: passed}\n",
        },
        tmp_path,
    )
    assert [each.code for each in run(files, [tmp_path / FILES[name]])] == expected
    assert {"ZX1201", *expected} <= {each.code for each in run(files, [tmp_path])}


def test_a_folder_stands_for_all_yaml_in_it(tmp_path):
    files, _ = set_in({"scenario.yaml": "expect:\n  - {state: helt}\n"}, tmp_path)
    assert [each.code for each in run(files, [tmp_path / "processes/example/scenarios"])] == ["ZX1201"]
    assert run(files, [tmp_path / "rules"]) == ()


def test_a_path_where_nothing_is_is_an_error(tmp_path):
    files, _ = set_in("process: talk\n", tmp_path)
    with pytest.raises(NotFound) as caught:
        run(files, [tmp_path / "processes/example/nothing.yaml"])
    assert caught.value.code == "ZX1001"


def test_files_from_elsewhere_are_checked_with_the_project_they_belong_to(tmp_path):
    here, _ = set_in("process: talk\n", tmp_path / "here")
    there, _ = set_in("process: talks\n", tmp_path / "there")
    assert [each.code for each in run(here, [there.path("example/talk")])] == ["ZX1242"]
    story = tmp_path / "story.yaml"
    story.write_text(
        "language: 1\nscenario: 一\nprocess: example/talk\nas_of: 2026-03-04\nexpect:\n  - {state: helt}\n",
        encoding="utf-8",
    )
    assert [(each.where.file, each.where.line, each.code) for each in run(here, [story])] == [
        ("story.yaml", 6, "ZX1201")
    ]


def test_a_case_file_is_checked_like_a_scenario(tmp_path):
    files, _ = set_in("process: talk\n", tmp_path)
    case = tmp_path / "case.yaml"
    case.write_text(
        "language: 1\ncase: C-1\nprocess: example/talk\nopened: 2026-01-05\nby: ofice\n"
        "events:\n  - {at: 2026-01-06, do: notfy, by: office}\n",
        encoding="utf-8",
    )
    assert [(each.where.line, each.code) for each in run(files, [case])] == [(5, "ZX1201"), (7, "ZX1201")]


def test_a_process_alone_in_a_folder_is_checked(tmp_path):
    alone = tmp_path / "talk.yaml"
    alone.write_text((MINI / "processes/mini/talk.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    found = run(SHIPPED, [alone])
    assert {"ZX1201", "ZX1222"} <= {each.code for each in found}
    assert {each.where.file for each in found} == {"talk.yaml"}


def test_what_several_processes_share_counts_when_all_of_them_miss_it(tmp_path):
    second = {"law.yaml": 'clauses:\n  "4": {zh: 公布, en: Publication}\n  "6": {zh: 存档, en: Archive}\n'}
    files, _ = set_in(second, tmp_path)
    talk = files.path("example/talk").read_text(encoding="utf-8")
    other = talk.replace("process: talk", "process: other").replace('law: "1"', 'law: "4"').replace(
        "zh: 办公室, en: Office", 'zh: 办公室, en: Office, law: "4"'
    )  # fmt: skip
    (files.path("example/talk").parent / "other.yaml").write_text(other, encoding="utf-8")
    assert [(each.code, each.params["clause"]) for each in run(files)] == [("ZX1223", "6")]


def test_a_decision_of_another_process_may_speak_of_facts_that_this_one_has_not(tmp_path):
    files, _ = set_in("process: talk\n", tmp_path)
    bare = re.sub(r"exemptions:\n(  .*\n)+", "", files.path("example/talk").read_text(encoding="utf-8"))
    bare = re.sub(r"  urgent:.*\n", "", bare).replace("process: talk", "process: bare")
    path = files.path("example/talk").parent / "bare.yaml"
    path.write_text(bare, encoding="utf-8")
    assert references(files.read("example/bare")) == ()
    files.load("example/bare")
    files.path("example/talk").unlink()
    assert [each.code for each in references(files.read("example/bare"))] == ["ZX1205"]


def test_the_life_seen_by_the_checks_is_the_life_the_engine_runs():
    for files in (SHIPPED, Files(MINI / "processes", MINI / "rules")):
        for process in files.ids():
            definition = files.load(process).definition
            assert reachable(definition.process) == StateMachine(definition.process).reachable()


def test_the_shipped_files_have_no_error():
    assert [str(each) for each in run(SHIPPED) if each.severity == "error"] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)
def test_every_fault_is_said_whole_in_both_languages(check, lang, tmp_path):
    files, _ = set_in(examples()[check.name].bad[0], tmp_path)
    for found in run(files):
        rendered = said(found, lang)
        assert rendered.message
        assert rendered.fix
        assert not re.search(r"\{\w+\}", re.sub(r"\{count: \w+", "", rendered.message + rendered.fix))
