"""Importing: all or nothing, line numbers on errors, and doing it again changes nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from tests.cli.program import MINI, PYTHONPATH, case_file, run, write, write_lines

NOTES = [
    {"at": "2026-01-12", "do": "agree", "by": "partner"},
    {"at": "2026-02-03", "do": "notify", "for": "all", "by": "office"},
    {"at": "2026-02-09", "do": "agree", "by": "partner"},
    {"at": "2026-02-09", "do": "agree", "by": "partner"},  # twice on one day is two acts
    {"at": "2026-02-10", "determine": {"urgent": False}, "by": "office", "reason": "calm", "id": "calm"},
    {"at": "2026-02-11", "correct": "calm", "with": {"urgent": True}, "reason": "storm"},
]


def test_an_import_is_told_and_done_again_changes_nothing(desk, tmp_path):
    file = write(tmp_path / "c1.yaml", case_file("c1", *NOTES))
    first = desk.json("import", file)
    assert first.code == 0
    assert first.data == {
        "file": str(file), "files": [str(file)], "dry_run": False,
        "cases_new": 1, "cases_known": 0, "events_new": 8, "events_known": 0,
    }  # fmt: skip
    before = desk.bytes()
    again = desk.json("import", file)
    assert (again.data["events_new"], again.data["events_known"], again.data["cases_known"]) == (0, 8, 1)
    assert "0 new events, 8 already there" in desk("import", file).out
    assert desk.bytes() == before


def test_lines_added_later_are_told_apart_though_the_case_grew_meanwhile(desk, tmp_path):
    file = write(tmp_path / "c1.yaml", case_file("c1", *NOTES))
    desk("import", file)
    desk("record", "c1", "prepare", "--at", "2026-03-02", "--by", "office")
    more = [*NOTES[:2], {"at": "2026-02-04", "do": "agree", "by": "partner"}, *NOTES[2:], NOTES[0]]
    write(file, case_file("c1", *more, zh="改了标题"))
    answer = desk.json("import", file)
    assert (answer.data["events_new"], answer.data["events_known"]) == (2, 8)
    assert [event["occurred"] for event in desk.events("c1")[-2:]] == ["2026-02-04", "2026-01-12"]


def test_layout_and_comments_do_not_make_another_event(desk, tmp_path):
    file = write(tmp_path / "c1.yaml", case_file("c1", *NOTES))
    desk("import", file)
    file.write_text(
        "# the same, written by hand\nlanguage: 1\ncase: c1\nprocess: mini/talk\nby: office\nopened: 2026-01-05\n"
        "given:\n  items: {guest: {g1: {kind: expert}, g2: {kind: public}}}\nevents:\n"
        "  - {by: partner, at: 2026-01-12, do: agree}\n",
        encoding="utf-8",
    )
    assert desk.json("import", file).data["events_new"] == 0


def test_json_lines_and_yaml_tell_the_same(desk, tmp_path):
    whole = case_file("c1", *NOTES)
    desk("import", write(tmp_path / "c1.yaml", whole))
    opening = {key: value for key, value in whole.items() if key not in ("events", "language")}
    lines = write_lines(tmp_path / "c1.jsonl", opening, *({"case": "c1", **note} for note in NOTES))
    assert desk.json("import", lines).data["events_new"] == 0


def test_events_alone_continue_a_case_that_is_there(desk, tmp_path):
    desk("import", write(tmp_path / "c1.yaml", case_file("c1")))
    lines = write_lines(tmp_path / "more.jsonl", {"case": "c1", "at": "2026-01-12", "do": "agree", "by": "partner"})
    assert desk.json("import", lines).data["events_new"] == 1
    stranger = write_lines(tmp_path / "other.jsonl", {"case": "c9", "at": "2026-01-12", "do": "agree"})
    answer = desk.json("import", stranger)
    assert (answer.code, answer.error["code"], answer.error["line"]) == (3, "ZX4002", 1)


def test_several_files_are_one_import(desk, tmp_path):
    good = write(tmp_path / "a.yaml", [case_file("a", *NOTES), case_file("b")])
    bad = write(tmp_path / "b.yaml", case_file("d", {"at": "2026-01-12", "do": "dance", "by": "office"}))
    assert desk("import", good, bad).code == 3
    assert desk.json("list").data == {"cases": []}
    assert desk.json("import", good, write(tmp_path / "b.yaml", case_file("d"))).data["cases_new"] == 3


BAD_LINES = [
    ({"at": "2026-02-30", "do": "agree"}, "ZX2003"),
    ({"at": "2026-02-03T09:00:00", "do": "agree"}, "ZX2001"),
    ({"at": "2026-02-03", "do": "dance"}, "ZX1201"),
    ({"at": "2026-02-03", "do": "agree", "by": "emperor"}, "ZX1201"),
    ({"at": "2026-12-03", "do": "agree"}, "ZX4012"),
    ({"at": "2026-02-03", "do": "notify"}, "ZX4014"),
    ({"at": "2026-02-03", "do": "notify", "by": "office"}, "ZX4023"),
    ({"at": "2026-02-03", "do": "notify", "by": "office", "for": "g9"}, "ZX4025"),
    ({"at": "2026-02-03", "do": "agree", "with": {"x": 1}}, "ZX4021"),
    ({"at": "2026-02-03", "determine": {"urgent": 3}, "reason": "r"}, "ZX4020"),
    ({"at": "2026-02-03", "correct": "nobody", "retract": True, "reason": "r"}, "ZX4033"),
    ({"at": "2026-02-03", "try": "agree"}, "ZX6041"),
    ({"at": "2026-02-03", "do": "agree", "known": "2026-02-05"}, "ZX6041"),
    ({"at": "2026-02-03", "do": "agree", "plan": "hold"}, "ZX1150"),
    ({"at": "2026-02-03", "dos": "agree"}, "ZX1040"),
    ({"do": "agree"}, "ZX1041"),
]


@pytest.mark.parametrize(
    ("bad", "code"), BAD_LINES, ids=[f"{code}-{index}" for index, (_, code) in enumerate(BAD_LINES)]
)
def test_a_bad_line_is_named_and_nothing_is_kept(desk, tmp_path, bad, code):
    good = {"case": "c1", "at": "2026-01-12", "do": "agree", "by": "partner"}
    opening = {"case": "c1", "process": "mini/talk", "opened": "2026-01-05", "by": "office",
               "given": {"items": {"guest": {"g1": {}}}}}  # fmt: skip
    before = desk.bytes()
    answer = desk.json("import", write_lines(tmp_path / "in.jsonl", opening, good, {"case": "c1", **bad}, good))
    problems = answer.error.get("problems", [answer.error])
    assert answer.code == 3
    assert {problem["code"] for problem in problems} == {code}
    assert {problem["line"] for problem in problems} == {3}
    assert desk.bytes() == before


def test_in_yaml_the_place_is_the_line_of_the_event(desk, tmp_path):
    file = tmp_path / "c1.yaml"
    file.write_text(
        "language: 1\ncase: c1\nprocess: mini/talk\nopened: 2026-01-05\nby: office\nevents:\n"
        "  - {at: 2026-01-12, do: agree}\n  - at: 2026-01-13\n    do: dance\n    by: office\n",
        encoding="utf-8",
    )
    answer = desk("import", file)
    assert answer.code == 3
    assert answer.err.startswith(f"{file}:8:5 c1: error ZX1201 ")


def test_every_bad_case_of_a_file_is_told_at_once(desk, tmp_path):
    bad = {"at": "2026-01-12", "do": "dance", "by": "office"}
    cases = [case_file("a", bad), case_file("b"), case_file("d", process="mini/none")]
    codes = [problem["code"] for problem in desk.json("import", write(tmp_path / "in.yaml", cases)).error["problems"]]
    assert codes == ["ZX1201", "ZX4003"]
    assert desk.json("list").data == {"cases": []}


def test_a_case_opened_otherwise_is_a_conflict(desk, tmp_path):
    desk("import", write(tmp_path / "c1.yaml", case_file("c1")))
    answer = desk.json("import", write(tmp_path / "c1.yaml", case_file("c1", opened="2026-01-06")))
    assert (answer.code, answer.error["code"], answer.error["line"]) == (5, "ZX6040", 3)
    twice = desk.json("import", write(tmp_path / "d.yaml", [case_file("d"), case_file("d")]))
    assert (twice.code, twice.error["code"]) == (3, "ZX6042")


def test_a_dry_run_only_looks(desk, tmp_path):
    before = desk.bytes()
    file = write(tmp_path / "c1.yaml", case_file("c1", *NOTES))
    answer = desk.json("import", file, "--dry-run")
    assert (answer.data["dry_run"], answer.data["events_new"]) == (True, 8)
    assert desk.bytes() == before
    assert "nothing written" in desk("import", file, "--dry-run").out


@pytest.mark.parametrize(
    ("content", "exit_code", "code"),
    [
        (b"language: 1\ncase: [c1\n", 3, "ZX10"),
        ("language: 1\ncase: 甲\n".encode("gbk"), 3, "ZX1005"),
        (b"", 3, "ZX10"),
        (b"case: c1\ncase: c2\n", 3, "ZX10"),
        (b"- 1\n", 3, "ZX10"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(desk, tmp_path, content, exit_code, code):
    file = tmp_path / "bad.yaml"
    file.write_bytes(content)
    answer = desk.json("import", file)
    assert answer.code == exit_code
    assert answer.error["code"].startswith(code)
    assert answer.error["file"] == str(file)


def test_a_file_that_is_not_there_is_not_found(desk):
    answer = desk.json("import", "nowhere.yaml")
    assert (answer.code, answer.error["code"]) == (4, "ZX1001")


KILLED_AT_COMMIT = """
import os, signal, sys
from zhengxie_flow.cli.main import main
from zhengxie_flow.services.commands import importing

written = 0

def commit(*args, **how):
    global written
    after = kept(*args, **how)
    written += 1
    if written == 20:
        os.kill(os.getpid(), signal.SIGKILL)
    return after

kept, importing.commit_alone = importing.commit_alone, commit
main(sys.argv[1:])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system that can kill a process outright")
def test_killed_in_the_middle_nothing_is_kept_and_it_can_be_done_again(desk, tmp_path):
    file = write(tmp_path / "many.yaml", [case_file(f"c{number:02}", *NOTES) for number in range(40)])
    args = ["--project", str(MINI), "--db", str(desk.db), "import", str(file)]
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_COMMIT, *args],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert desk.json("list").data == {"cases": []}
    assert desk.json("verify").data["intact"]
    again = run(*args, "--format", "json")
    assert json.loads(again.out)["data"]["cases_new"] == 40
