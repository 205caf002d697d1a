"""What is read and made is bounded: links out of the project, pipes as evidence, a project that was cut short."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.program import CLOCK, PYTHONPATH, run
from tests.support import MINI

from zhengxie_flow.cli.new_folder import COMPLETE, LOCK, clear_up, new_folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the small statute, as a project."""
    shutil.copytree(MINI, tmp_path / "town")
    return tmp_path / "town"


LINKED = {
    "processes/mini/talk.yaml": (("open", "mini/talk", "--case", "c", "--by", "office"), ("check",), ("schedule", "mini/talk")),
    "processes/mini/law.yaml": (("check",), ("open", "mini/talk", "--case", "c", "--by", "office")),
    "rules/mini/duty.yaml": (("check",), ("rules", "readback"), ("open", "mini/talk", "--case", "c", "--by", "office")),
    "rules/calendars/cn/2027.yaml": (("calendar", "day", "2026-03-04"),),
    "processes/mini/scenarios/one.yaml": (("test",), ("check",)),
}  # fmt: skip


@pytest.mark.parametrize("name", LINKED)
@pytest.mark.parametrize("whole_folder", [False, True])
def test_a_link_out_of_the_project_is_named(project: Path, tmp_path: Path, name: str, whole_folder: bool) -> None:
    assert run("--db", "a.db", "db", "upgrade").code == 0
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text("language: 1\n", encoding="utf-8")
    link = path.parent if whole_folder else path
    outside = tmp_path / "elsewhere"
    link.rename(outside)
    link.symlink_to(outside)
    for command in LINKED[name]:
        answer = run("--project", project, "--db", "a.db", "--lang", "en", *command)
        if whole_folder and command[0] == "test":
            continue  # a folder behind a link is not looked into
        assert answer.code in (1, 3), (command, answer)
        assert "ZX6085" in answer.out + answer.err
        assert str(outside) in answer.out + answer.err


def test_a_link_inside_the_project_is_followed(project: Path) -> None:
    assert run("--db", "a.db", "db", "upgrade").code == 0
    path = project / "processes/mini/talk.yaml"
    path.rename(project / "talk.txt")
    path.symlink_to(project / "talk.txt")
    assert run("--project", project, "--db", "a.db", "open", "mini/talk", "--case", "c", "--by", "office").code == 0


@pytest.mark.parametrize(
    ("made", "code"),
    [("pipe", "ZX5043"), ("device", "ZX5043"), ("folder", "ZX6013"), ("none", "ZX6013"), ("large", "ZX5044")],
)
def test_evidence_is_a_regular_file_of_a_bounded_size(told, made: str, code: str) -> None:
    path = Path("paper")
    if made == "pipe":
        os.mkfifo(path)
    elif made == "device":
        path.symlink_to("/dev/zero")
    elif made == "folder":
        path.mkdir()
    elif made == "large":
        with path.open("wb") as stream:
            stream.truncate(5_000_000_000)  # as it is measured; nothing lies on the disk
    answer = told.json("advance", "c1", "report", "--by", "office", "--evidence", path)
    assert (answer.code, answer.error["code"]) == (3, code)


KILLED = """
import os, signal, sys
from pathlib import Path
from zhengxie_flow.cli.main import main
from zhengxie_flow.cli import new_folder
from zhengxie_flow.cli.commands import init
renames = 0
def rename(self, target, really=Path.rename):
    global renames
    if renames == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    renames += 1
    return really(self, target)
fill = init._fill
def filled(*args, **named):
    fill(*args, **named)
    Path.rename = rename
init._fill = filled
main(["init", sys.argv[1]])
"""


@pytest.mark.parametrize("place", ["city", "deep/below/city", "there"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_init_that_was_killed_leaves_no_half_project_and_the_next_one_clears_up(
    tmp_path: Path, place: str, after: int
) -> None:
    (tmp_path / "there").mkdir()
    environ = {**os.environ, "PYTHONPATH": PYTHONPATH}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, place, str(after)], env=environ, check=False, capture_output=True
    )
    whole = place != "there" and after > 0  # one rename makes all of it
    assert (killed.returncode == -signal.SIGKILL) is not whole
    assert not (Path(place) / "zhengxie.toml").exists() or whole
    again = run("--lang", "en", "init", place)
    completed = place == "there"  # it was complete but for its last renames, which were made up for
    assert again.code == (2 if whole or completed else 0), again.err
    assert sorted(os.listdir(place)) == ["processes", "rules", "zhengxie.db", "zhengxie.toml"]
    assert not list(tmp_path.rglob(".init-*"))
    assert run("--project", place, "--format", "json", "list").data == {"cases": [], "next": None}


def test_a_folder_that_another_program_fills_is_left_alone(tmp_path: Path) -> None:
    with new_folder(tmp_path / "city", ()) as first:
        (first / "kept").touch()
        with new_folder(tmp_path / "town", ()) as second:
            clear_up(tmp_path / "town", ())
            assert first.is_dir()
            assert (second.parent / LOCK).exists()
    assert (tmp_path / "city" / "kept").exists()
    strange = tmp_path / ".init-mine"
    strange.mkdir()
    clear_up(tmp_path / "village", ())
    assert strange.is_dir()
    (strange / LOCK).touch()
    (strange / COMPLETE).touch()
    clear_up(tmp_path / "hamlet", ())
    assert not strange.exists()


def test_nothing_that_is_typed_steers_the_terminal(desk) -> None:
    text = "\x1b[31mred\x9b31m\u202eevil\x07bell a\rb\x7f"
    commands = (
        ("show", text), ("open", text, "--case", "x", "--by", "office"), (text,), ("--" + text,),  ("check", text),
        ("calendar", "day", text), ("import", text), ("--project", text, "list"), ("--db", text, "list"), ("--lang", text, "list"),
        ("open", "mini/talk", "--case", "k", "--by", text), ("audit", "--as-of", text), ("rules", "explain", text), ("doctor", text),
        ("--db", text, "db", "upgrade"), ("--db", text, "doctor"), ("test", text), ("due", "--ics", text), ("init", text, "--empty"),
    )  # fmt: skip
    for command in commands:
        for form in ("text", "json"):
            answer = run("--project", MINI, "--db", desk.db, "--lang", "zh", "--format", form, *command)
            for stream in (answer.out, answer.err):
                assert not [sign for sign in stream if sign in text and not sign.isprintable()], (command, stream)


def test_what_a_file_says_steers_no_terminal_either(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text('language: 1\ncase: "a\\e[31mb"\nprocess: "mini/\\u202ex"\n', encoding="utf-8")
    for command in (("import", path), ("check", path), ("test", path)):
        answer = run("--project", MINI, "--db", "n.db", *command)
        assert "\x1b" not in answer.out + answer.err
        assert "\u202e" not in answer.out + answer.err


def test_the_doctor_says_who_may_read_and_what_is_wrong(told, tmp_path: Path) -> None:
    def checks() -> dict[str, str]:
        return {check["id"]: check["status"] for check in told.json("doctor").data["checks"]}

    told.db.chmod(0o600)
    tmp_path.chmod(0o755)
    found = checks()
    assert found | {"clock": "", "calendar": "", "disk": ""} == {
        "program": "ok", "project": "ok", "calendar": "", "database": "ok", "schema": "ok", "clock": "", "erasures": "ok",
        "access": "ok", "disk": "",
    }  # fmt: skip
    told.db.chmod(0o640)
    assert checks()["access"] in ("warning", "ok")  # ok where a folder above is closed
    told.db.chmod(0o644)
    (access,) = [check for check in told.json("doctor").data["checks"] if check["id"] == "access"]
    (file, *_) = access["values"]["files"]
    assert (file["mode"], file["path"]) == ("0644", str(told.db))
    assert (access["status"] == "failed") == ("others" in file["readers"])
    for lang in ("zh", "en"):
        assert "0644" in run("--project", MINI, "--db", told.db, "--lang", lang, "doctor").out
    missing = run("--project", MINI, "--db", "none.db", "--format", "json", "doctor")
    (database,) = [check for check in missing.data["checks"] if check["id"] == "database"]
    assert (missing.code, database["status"], database["code"]) == (1, "failed", "ZX5001")


def test_the_doctor_says_that_the_clock_is_behind(told, monkeypatch: pytest.MonkeyPatch) -> None:
    assert CLOCK.startswith("2026-04-30")
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-04-29T10:00:00+08:00")
    answer = told.json("doctor")
    (clock,) = [check for check in answer.data["checks"] if check["id"] == "clock"]
    assert (answer.code, clock["status"]) == (1, "failed")
    assert not answer.data["healthy"]
