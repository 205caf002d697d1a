"""``test`` and ``check``: every failure with its line, every fault of every file at once."""

from __future__ import annotations

import shutil

import pytest
from tests.cli.program import MINI, run

PASSING = """\
language: 1
scenario: in time
process: mini/talk
as_of: 2026-03-10
given: {items: {guest: {g1: {kind: expert}}}}
events:
  - {at: 2026-02-05, do: notify, for: g1, by: office}
  - {at: 2026-02-11, try: prepare, by: office, refused: [a2.joint]}
  - {at: 2026-02-11, determine: {urgent: false}, by: office, reason: calm}
  - {at: 2026-03-04, do: hold, by: department}
expect:
  - {obligation: a2.notice, verdict: pass, latest: 2026-02-05}
  - {state: held}
  - {decided: {duty: required}}
"""
FAILING = (
    PASSING.replace("in time", "not so")
    .replace("verdict: pass", "verdict: breach")
    .replace("{state: held}", "{state: ready}")
)


@pytest.fixture
def project(tmp_path):
    shutil.copytree(MINI, tmp_path / "city")
    (tmp_path / "city" / "processes" / "mini" / "scenarios").mkdir()
    return tmp_path / "city"


def scenario(project, name, *texts):
    file = project / "processes" / "mini" / "scenarios" / name
    entries = ["- " + text.strip().replace("\n", "\n  ") + "\n" for text in texts]
    file.write_text(texts[0] if len(texts) == 1 else "".join(entries), encoding="utf-8")
    return file


def test_scenarios_of_the_project_are_run_with_their_coverage(project):
    scenario(project, "a.yaml", PASSING)
    answer = run("--project", project, "--format", "json", "test")
    assert answer.code == 0
    assert answer.data["scenarios"] == [
        {"file": "processes/mini/scenarios/a.yaml", "scenario": "in time", "passed": True, "failures": []}
    ]
    covered = answer.data["coverage"]["mini/talk"]
    assert covered["actions"]["exercised"] == ["notify", "hold"]
    assert "prepare" in covered["actions"]["not_exercised"]
    assert "a2.notice" in covered["obligations"]["exercised"]
    assert "a4.settle" in covered["obligations"]["not_exercised"]
    assert covered["requirements"]["exercised"] == ["a2.joint", "a2.guests"]  # of preparing, which was left out
    assert covered["rules"] == {"exercised": ["duty/default"], "not_exercised": ["duty/5-1"]}
    assert {"2"} <= set(covered["clauses"]["exercised"])


def test_a_failure_has_its_line_what_was_expected_and_what_came(project):
    file = scenario(project, "b.yaml", PASSING, FAILING)
    answer = run("--project", project, "--format", "json", "test", file)
    assert answer.code == 1
    good, bad = answer.data["scenarios"]
    assert (good["passed"], bad["passed"]) == (True, False)
    assert [(failure["line"], failure["what"], failure["expected"], failure["got"]) for failure in bad["failures"]] == [
        (26, "verdict", "breach", "pass"),
        (27, "state", "ready", "held"),
    ]
    text = run("--project", project, "--lang", "en", "test")
    assert text.code == 1
    assert "processes/mini/scenarios/b.yaml:26: verdict: expected breach, got pass" in text.out
    assert "scenarios: 2, passed: 1, failed: 1" in text.out


def test_an_event_that_cannot_happen_fails_with_its_reason(project):
    scenario(project, "c.yaml", PASSING.replace("do: hold, by: department", "do: hold, by: emperor"))
    answer = run("--project", project, "--format", "json", "test")
    failures = answer.data["scenarios"][0]["failures"]
    assert (failures[0]["line"], failures[0]["got"]) == (10, "ZX1201")
    assert "emperor" in run("--project", project, "test").out


def test_scenarios_that_cannot_be_read_are_told_all_at_once(project):
    scenario(project, "a.yaml", PASSING.replace("as_of: 2026-03-10", "as_of: 2026-02-30"))
    scenario(project, "b.yaml", PASSING.replace("scenario:", "scenary:"))
    answer = run("--project", project, "--format", "json", "test")
    assert answer.code == 3
    assert {problem["file"].rsplit("/", 1)[-1] for problem in answer.error["problems"]} == {"a.yaml", "b.yaml"}


def test_a_scenario_of_no_process_names_the_place(project):
    file = scenario(project, "a.yaml", PASSING.replace("mini/talk", "mini/walk"))
    answer = run("--project", project, "--format", "json", "test", file)
    assert (answer.code, answer.error["code"], answer.error["line"]) == (3, "ZX4003", 3)


def test_folders_and_files_elsewhere_can_be_named(project, tmp_path):
    scenario(project, "a.yaml", PASSING)
    (tmp_path / "loose").mkdir()
    (tmp_path / "loose" / "one.yaml").write_text(PASSING, encoding="utf-8")
    counts = [
        len(run("--project", project, "--format", "json", "test", path).data["scenarios"])
        for path in (project / "processes", tmp_path / "loose", tmp_path / "loose" / "one.yaml")
    ]
    assert counts == [1, 1, 1]


def test_nothing_to_run_is_a_usage_error(project):
    answer = run("--project", project, "--format", "json", "test")
    assert (answer.code, answer.error["code"]) == (2, "ZX6031")
    gone = run("--project", project, "--format", "json", "test", "gone.yaml")
    assert (gone.code, gone.error["code"]) == (4, "ZX1001")


def test_a_sound_project_passes_the_checks(project):
    process = project / "processes/mini/talk.yaml"
    spared = 'spared: {zh: 已豁免, en: Spared, law: "5"'
    process.write_text(process.read_text(encoding="utf-8").replace(spared, f"{spared}, final: true"), encoding="utf-8")
    answer = run("--project", project, "--format", "json", "check")
    assert answer.code == 0
    assert all(found["severity"] != "error" for found in answer.data["findings"])


def test_every_fault_of_every_file_is_reported_at_once(project):
    process, rules = project / "processes/mini/talk.yaml", project / "rules/mini/duty.yaml"
    process.write_text(process.read_text(encoding="utf-8").replace("calendar: cn", "calender: cn"), encoding="utf-8")
    rules.write_text(rules.read_text(encoding="utf-8").replace("then: may_skip", "then: may_jump"), encoding="utf-8")
    answer = run("--project", project, "--format", "json", "check")
    assert answer.code == 1
    found = {(fault["file"], fault["code"]): fault for fault in answer.data["findings"] if fault["severity"] == "error"}
    assert ("rules/mini/duty.yaml", "ZX3001") in found
    misspelt = found["processes/mini/talk.yaml", "ZX1040"]
    assert list(misspelt) == ["code", "severity", "file", "line", "column", "message", "fix"]
    assert (misspelt["line"], misspelt["column"]) == (7, 1)
    text = run("--project", project, "--lang", "en", "check")
    assert text.code == 1
    assert "processes/mini/talk.yaml:7:1: error ZX1040 " in text.out
    assert "\n  fix: " in text.out


def test_a_broken_file_is_a_finding_and_a_missing_one_is_not_found(project):
    process = project / "processes/mini/talk.yaml"
    process.write_text("language: 1\nprocess: [talk\n", encoding="utf-8")
    answer = run("--project", project, "--format", "json", "check", process)
    assert answer.code == 1
    assert answer.data["findings"][0]["line"] in (2, 3)
    gone = run("--project", project, "--format", "json", "check", "gone.yaml")
    assert (gone.code, gone.error["code"]) == (4, "ZX1001")


def test_commands_on_cases_tell_a_broken_process_with_every_fault(project, desk):
    process = project / "processes/mini/talk.yaml"
    process.write_text(process.read_text(encoding="utf-8").replace("calendar: cn", "calender: cn"), encoding="utf-8")
    answer = run(
        "--project", project, "--db", desk.db, "--format", "json", "open", "mini/talk", "--case", "c", "--by", "office"
    )
    assert (answer.code, answer.error["code"], answer.error["line"]) == (3, "ZX1040", 7)


def test_a_language_this_program_does_not_know_is_told_with_the_one_it_knows(project):
    scenario(project, "a.yaml", PASSING.replace("language: 1", "language: 2"))
    answer = run("--project", project, "--lang", "en", "test")
    assert answer.code == 3
    assert "ZX1049" in answer.err
    assert "Choose one of: 1." in answer.err


def test_the_law_is_listed_clause_by_clause_with_what_encodes_and_tries_it():
    answer = run("--project", MINI, "--format", "json", "coverage")
    assert answer.code == 0
    (law,) = answer.data["laws"]
    clauses = {clause["clause"]: clause for clause in law["clauses"]}
    notice = next(thing for thing in clauses["2"]["encoded"] if thing["id"] == "a2.notice")
    assert (notice["kind"], notice["process"], notice["force"]) == ("obligation", "mini/talk", "must")
    assert notice["place"].startswith("processes/mini/talk.yaml:")
    assert "a2.notice" in run("--project", MINI, "--lang", "en", "coverage", "-v").out


LATE = PASSING.replace("at: 2026-02-05, do: notify", "at: 2026-02-09, do: notify")


def test_the_lines_of_a_failed_scenario_are_shown_with_their_reasons(project):
    scenario(project, "a.yaml", LATE, PASSING)
    shown = run("--project", project, "--lang", "zh", "test", "--show")
    assert shown.code == 1
    assert "a2.notice" in shown.out
    assert "2026-02-05" in shown.out
    assert "通知：最迟应于2026年2月5日办理，2月9日办理，晚2个工作日（第二条）" in shown.out
    assert "晚2个工作日" not in run("--project", project, "--lang", "zh", "test").out
    failed, passed = run("--project", project, "--format", "json", "test", "--show").data["scenarios"]
    lines = {line["obligation"]: line for line in failed["verdicts"]}
    assert lines["a2.notice"]["late_by"] == {"amount": 2, "unit": "working_day"}
    assert lines["a2.notice"]["sentence"].startswith("Notify: due by 5 Feb 2026")
    assert "verdicts" not in passed


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_path_belongs_to_the_project_above_it_wherever_the_command_is_given(project, tmp_path, monkeypatch, command):
    file = scenario(project, "a.yaml", PASSING)
    (project / "zhengxie.toml").touch()
    other = tmp_path / "elsewhere"
    shutil.copytree(MINI, other)
    (other / "zhengxie.toml").touch()
    (other / "processes" / "mini" / "talk.yaml").unlink()  # the process is in the project of the path alone
    monkeypatch.chdir(other)
    monkeypatch.delenv("ZHENGXIE_PROJECT", raising=False)
    for path in (file, file.parent, project, f"../city/processes/mini/scenarios/{file.name}"):
        answer = run("--format", "json", command, path)
        assert (path, answer.code, answer.err) == (path, 0, "")


def test_paths_of_several_projects_are_each_of_their_own(project, tmp_path):
    shutil.copytree(project, tmp_path / "town")
    files = []
    for top in (project, tmp_path / "town"):
        (top / "zhengxie.toml").touch()
        files.append(scenario(top, "a.yaml", PASSING))
    answer = run("--format", "json", "test", *files)
    assert (answer.code, len(answer.data["scenarios"])) == (0, 2)
    assert run("--format", "json", "check", *files).code == 0


def test_what_a_file_stands_for_is_shown_and_reads_back_as_the_same_process(project):
    talk = project / "processes" / "mini" / "talk.yaml"
    short = talk.read_text(encoding="utf-8").replace(
        "obligations:\n", "expected: {guard.x: {each: hold, zh: 紧急, en: Urgent, that: urgent}}\nobligations:\n"
    )
    assert "expected:" in short
    talk.write_text(short, encoding="utf-8")
    before = run("--project", project, "--format", "json", "check", "--expand", talk)
    (shown,) = before.data["expanded"]
    assert (shown["process"], shown["edition"]) == ("mini/talk", None)
    assert "expected" not in shown["yaml"] and "guard.x" in shown["yaml"]
    assert run("--project", project, "check", "--expand", talk).out == f"# mini/talk\n{shown['yaml']}"
    talk.write_text(shown["yaml"], encoding="utf-8")
    assert run("--project", project, "--format", "json", "check", "--expand", talk).data["expanded"] == [shown]
    assert "expanded" not in run("--project", project, "--format", "json", "check", talk).data
