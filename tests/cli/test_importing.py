"""Importing: each case all or nothing, line numbers on errors, and doing it again goes on or changes nothing."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import weakref

import pytest
from tests.cli.program import MINI, PYTHONPATH, case_file, run, write, write_lines
from tests.support import SOAK, shanghai

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.cli.output.progress import progress
from zhengxie_flow.reading import imports
from zhengxie_flow.reading.case_spool import CaseSpool
from zhengxie_flow.services.commands import importing

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
    assert desk.json("list").data == {"cases": [], "next": None}
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
    assert desk.json("list").data == {"cases": [], "next": None}


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


KILLED_AT_STORE = """
import os, signal, sys
from zhengxie_flow.cli.main import main
from zhengxie_flow.services.commands import importing
from zhengxie_flow.services.appending import Draft

written, last = 0, int(sys.argv.pop())
importing.FIRST_CHUNK = int(sys.argv.pop())

def store(*args):
    global written
    after = kept(*args)
    written += 1
    if written == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return after

kept, Draft.store = Draft.store, store
main(sys.argv[1:])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system that can kill a process outright")
@pytest.mark.parametrize(
    ("chunk", "options", "stored"),
    [(1000, [], 0), (80, [], 10), (80, ["--atomic"], 0)],
    ids=["one chunk", "second chunk", "atomic"],
)
def test_killed_in_the_middle_each_case_is_there_or_not_and_it_can_be_done_again(
    desk, tmp_path, chunk, options, stored
):
    file = write(tmp_path / "many.yaml", [case_file(f"c{number:02}", *NOTES) for number in range(20)])
    args = ["--project", str(MINI), "--db", str(desk.db), "import", str(file), *options]
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_STORE, *args, str(chunk), "13"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert [case["version"] for case in desk.json("list").data["cases"]] == [8] * stored
    assert desk.json("verify").data["intact"]
    again = run(*args, "--format", "json")
    counts = json.loads(again.out)["data"]
    assert (counts["cases_new"], counts["cases_known"]) == (20 - stored, stored)
    assert desk.json("verify").data["cases"] == 20


@pytest.fixture
def small_chunks(monkeypatch):
    """Two of the cases below fill a chunk."""
    for name in ("FIRST_CHUNK", "LEAST_CHUNK", "MOST_CHUNK"):
        monkeypatch.setattr(importing, name, 16)


@pytest.mark.usefixtures("small_chunks")
def test_an_import_that_ends_early_says_what_is_stored_and_how_to_go_on(desk, tmp_path):
    bad = {"at": "2026-01-12", "do": "dance", "by": "office"}
    cases = [case_file(f"c{number}", *(NOTES if number < 5 else [bad])) for number in range(8)]
    answer = desk("import", write(tmp_path / "in.yaml", cases))
    assert answer.code == 3
    assert "4 new cases and 32 new events are in the database" in answer.err
    assert answer.err.count("ZX1201") == 3  # the fifth case waited for the rest of its chunk
    assert len(desk.json("list").data["cases"]) == 4
    mended = [case_file(f"c{number}", *NOTES) for number in range(8)]
    data = desk.json("import", write(tmp_path / "in.yaml", mended)).data
    assert (data["cases_new"], data["cases_known"], data["events_known"]) == (4, 4, 32)


@pytest.mark.usefixtures("small_chunks")
def test_an_interrupted_import_says_so_too(desk, tmp_path, monkeypatch):
    file = write(tmp_path / "in.yaml", [case_file(f"c{number}", *NOTES) for number in range(8)])
    kept, taken = CaseSpool.take, []

    def take(spool, case):
        taken.append(case)
        if len(taken) == 6:
            raise KeyboardInterrupt
        return kept(spool, case)

    with monkeypatch.context() as patch:
        patch.setattr(CaseSpool, "take", take)
        answer = desk.json("import", file)
    assert (answer.code, answer.error["code"]) == (130, "ZX6008")
    assert "4 new cases and 32 new events are in the database" in answer.err
    assert desk.json("import", file).data["cases_known"] == 4


@pytest.mark.usefixtures("small_chunks")
def test_an_atomic_import_with_a_fault_at_its_end_leaves_nothing(desk, tmp_path):
    bad = case_file("z", {"at": "2026-01-12", "do": "dance", "by": "office"})
    file = write(tmp_path / "in.yaml", [*(case_file(f"c{number}", *NOTES) for number in range(5)), bad])
    before = desk.bytes()
    answer = desk("import", file, "--atomic")
    assert (answer.code, "in the database" in answer.err) == (3, False)
    assert desk.bytes() == before
    write(file, [case_file(f"c{number}", *NOTES) for number in range(5)])
    assert desk.json("import", file, "--atomic").data["cases_new"] == 5


@pytest.mark.parametrize("apart", [0, 1])
def test_lines_of_a_case_may_stand_anywhere_in_a_file(desk, tmp_path, monkeypatch, apart):
    """All openings first, or all events first: a case is whole wherever its lines are."""
    monkeypatch.setattr(importing, "FIRST_CHUNK", 1)
    names = [f"c{number}" for number in range(6)]
    opened = [
        {key: value for key, value in case_file(name).items() if key not in ("events", "language")} for name in names
    ]
    notes = [{"case": name, **note} for note in NOTES[:3] for name in names]
    lines = [notes + opened, opened + notes][apart]
    assert desk.json("import", write_lines(tmp_path / "in.jsonl", *lines)).data["cases_new"] == 6
    assert [case["version"] for case in desk.json("list").data["cases"]] == [5] * 6


class Watched(CaseSpool):
    """Cases of which it is known how many are in memory."""

    def __init__(self):
        super().__init__()
        self.alive = weakref.WeakValueDictionary()
        self.most = 0

    def take(self, case):
        incoming = super().take(case)
        self.alive[case] = incoming.lines[0].script_event
        self.most = max(self.most, len(self.alive))
        return incoming


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_only_the_cases_of_one_chunk_are_in_memory(desk, tmp_path, monkeypatch, known):
    monkeypatch.setattr(imports, "CaseSpool", Watched)
    monkeypatch.setattr(importing, "FIRST_CHUNK", 20)
    monkeypatch.setattr(importing, "MOST_CHUNK", 40)
    file = write(tmp_path / "in.yaml", [case_file(f"c{number}", NOTES[0]) for number in range(100)])
    if known:
        desk("import", file)
    sizes = []
    monkeypatch.setattr(importing._Import, "_keep", spy(importing._Import._keep, sizes))
    source = imports.read_cases(file)
    with source, Engine(desk.db, project=MINI, clock=FixedClock(shanghai("2026-03-01T09:00:00"))) as engine:
        done = importing.import_cases(engine.context, source)
    assert (done.cases_new, done.cases_known) == ((0, 100) if known else (100, 0))
    assert len(sizes) >= 5
    assert max(sizes) <= 41
    assert source.most <= 3  # what was taken from the files is dropped as soon as its events are made


def spy(method, sizes):
    def watched(run, chunk):
        sizes.append(sum(entry.size for unit in chunk for entry in unit))
        return method(run, chunk)

    return watched


def test_problems_are_listed_up_to_a_number(desk, tmp_path):
    bad = {"at": "2026-01-12", "do": "dance", "by": "office"}
    cases = [case_file(f"c{number}", bad) for number in range(130)]
    codes = [each["code"] for each in desk.json("import", write(tmp_path / "in.yaml", cases)).error["problems"]]
    assert (len(codes), set(codes[:100]), codes[100:]) == (101, {"ZX1201"}, ["ZX1036"])
    family = [case_file("top"), *(case_file(f"c{number}", bad, under="top") for number in range(130))]
    problems = desk.json("import", write(tmp_path / "in.yaml", family)).error["problems"]
    assert [(each["code"], each["message"][:3]) for each in problems[100:]] == [("ZX6080", "30 ")]


@pytest.mark.parametrize(
    "many",
    [
        {f"key{number}": 1 for number in range(8_000)},
        {"given": {"facts": {f"K{number}": 1 for number in range(8_000)}}},
        {"given": {"items": {"guest": {f"g{number}": {"K": 1} for number in range(8_000)}}}},
        {"x" * 900_000: 1},
        {"by": ["x" * 900_000]},
        {"opened": "x" * 900_000},
        {"process": "x" * 900_000},
        {"events": [{"at": "2026-01-12", "do": "x" * 300_000, "by": "y" * 300_000}]},
    ],
    ids=["keys", "facts", "items", "long key", "long value", "long day", "long process", "long action"],
)
@pytest.mark.parametrize("suffix", ["jsonl", "yaml"])
def test_what_is_wrong_in_one_place_many_times_is_said_briefly(desk, tmp_path, many, suffix):
    file = tmp_path / f"in.{suffix}"
    opening = {"language": 1, "case": "c", "process": "mini/talk", "opened": "2026-01-05", "by": "office"}
    write_lines(file, {**opening, **many})
    answer = desk.json("import", file)
    problems = answer.error.get("problems", [answer.error])
    assert answer.code == 3
    assert len(problems) <= 101
    assert len(answer.out) < 150_000
    if len(problems) == 101:
        assert problems[-1]["code"] in ("ZX6080", "ZX1036")


def test_a_case_id_without_end_is_not_repeated_in_messages(desk, tmp_path):
    lines = [{"case": "x" * 100_000, "at": "2026-01-12", "do": "agree", "by": "partner"}] * 5
    answer = desk.json("import", write_lines(tmp_path / "in.jsonl", *lines))
    assert {problem["code"] for problem in answer.error["problems"]} == {"ZX4037"}
    assert len(answer.out) < 10_000


def test_a_key_without_end_that_is_written_twice_is_not_repeated(desk, tmp_path):
    name = "x" * 300_000
    (tmp_path / "in.jsonl").write_text(f'{{"case":"c","{name}":1,"{name}":2}}\n' * 3, encoding="utf-8")
    answer = desk.json("import", tmp_path / "in.jsonl")
    assert {problem["code"] for problem in answer.error["problems"]} == {"ZX1072"}
    assert len(answer.out) < 10_000
    keys = ",".join(f'"{number}":1' for number in range(60_000))
    (tmp_path / "in.jsonl").write_text(f'{{{keys},"59999":2}}\n', encoding="utf-8")
    answer = desk.json("import", tmp_path / "in.jsonl")  # found at once, however many keys there are
    assert (answer.error["code"], "59999" in answer.error["message"]) == ("ZX1072", True)


def test_a_full_disk_of_temporary_files_is_a_storage_error(desk, tmp_path, monkeypatch):
    class Full:
        def seek(self, _place):
            pass

        def write(self, _data):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            pass

    monkeypatch.setattr("zhengxie_flow.reading.case_spool.tempfile.TemporaryFile", Full)
    monkeypatch.setattr("zhengxie_flow.reading.case_spool._IN_MEMORY", 100)
    before = desk.bytes()
    answer = desk.json("import", write(tmp_path / "c1.yaml", case_file("c1", *NOTES)))
    assert (answer.code, answer.error["code"]) == (6, "ZX6081")
    assert desk.bytes() == before


def test_a_large_import_goes_through_a_temporary_file(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("zhengxie_flow.reading.case_spool._IN_MEMORY", 100)
    file = write(tmp_path / "in.yaml", [case_file(f"c{number}", *NOTES) for number in range(3)])
    assert desk.json("import", file).data["events_new"] == 24


def test_progress_is_shown_where_standard_error_is_a_terminal(monkeypatch, capsys):
    with progress("importing", 3) as step:
        step()
        step(2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress("importing", 3) as step:
        step()
        step(2)
    assert "importing" in capsys.readouterr().err


CHILD = """
import resource, sys
from zhengxie_flow.cli.main import main
code = main(sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.skipif(not SOAK, reason="takes minutes; `make soak`")
def test_memory_does_not_grow_with_the_file(desk, tmp_path):
    opened = {"process": "mini/talk", "opened": "2026-01-05", "by": "office"}
    file = tmp_path / "many.jsonl"
    with file.open("w", encoding="utf-8") as stream:
        for number in range(100_000):
            stream.write(json.dumps({"case": f"c{number}", **opened}) + "\n")
            stream.write(json.dumps({"case": f"c{number}", "at": "2026-01-12", "do": "agree", "by": "partner"}) + "\n")
    args = ["--project", str(MINI), "--db", str(desk.db), "import", str(file)]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *args],
        capture_output=True, check=True, text=True, env={**os.environ, "PYTHONPATH": PYTHONPATH},
    )  # fmt: skip
    code, megabytes = map(int, done.stdout.split()[-2:])
    assert code == 0, done.stderr
    assert megabytes < 300
