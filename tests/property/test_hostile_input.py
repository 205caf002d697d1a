"""Whatever is typed or read, the answer is a coded one: no option and no file of any content is a fault of the program.

Each parameter of each command is filled with hostile text while the others are right; each kind of file is given
arbitrary bytes, and its right content with a part put out of order.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.cli.program import CLOCK, case_file, run
from tests.support import MINI, tries

from zhengxie_flow.cli.group import COMMANDS, make_command

ROLE = ("--by", "office")
LINES: dict[str, tuple[str, ...]] = {
    "init": ("new", "--empty"),
    "db.upgrade": (), "db.current": (), "db.rebuild": (), "db.checkpoint": (),
    "db.backup": ("copy.db",), "doctor": (), "check": ("project",), "test": ("scenario.yaml",), "coverage": (),
    "open": ("mini/talk", "--case", "c9", *ROLE), "link": ("c1", "--under", "c2", *ROLE),
    "advance": ("c1", "prepare", *ROLE), "record": ("c1", "prepare", "--at", "2026-03-04", *ROLE),
    "determine": ("c1", "urgent=true", *ROLE, "--reason", "r"),
    "plan": ("c1", "hold", "--to", "2026-05-04", *ROLE),
    "explain": ("c1", "a2.notice", "--reason", "r", *ROLE), "correct": ("c1", "2", "--reason", "r", "--retract", *ROLE),
    "assign": ("c1", "office", "--to", "finance", *ROLE), "urge": ("c1", "a2.notice", *ROLE),
    "move": ("c1", "--to", "2026-01-01", "--reason", "r", *ROLE),
    "erase": ("c1", "2", "name", "--reason", "r", *ROLE),
    "show": ("c1",), "list": (), "cases": (), "feed": (), "due": (), "tick": (), "worker": (), "schedule": ("mini/talk",), "audit": (), "exemptions": (),
    "verify": (), "import": ("case.yaml",), "case.export": ("c1", "copy.jsonl"), "case.import": ("carried.jsonl",),
    "user.add": ("li",), "user.role": ("li", "office"), "user.passwd": ("li",), "user.disable": ("li",),
    "user.list": (), "user.refusals": (),
    "calendar.day": ("2026-03-04",), "calendar.add": ("2026-03-04", "3"), "calendar.within": ("2026-03-04", "3"),
    "calendar.before": ("2026-03-04", "3"),
    "calendar.count": ("2026-03-04", "2026-03-09"), "calendar.import": ("notice.yaml", "--dry-run"),
    "calendar.doctor": (), "calendar.diff": ("2025-01-01", "2026-01-01"),
    "rules.explain": ("late",), "rules.ask": ("late",), "rules.prove": (), "rules.diff": ("project/rules", "project/rules"),
    "rules.readback": (), "register": (), "readback": ("mini/talk",),
}  # fmt: skip
"""A right command line for each command; a new command adds its own."""

WRITING_FILES = {("init", "folder"), ("due", "ics"), ("db.upgrade", "db"), ("db.backup", "file")}
"""Parameters that name a file to be made: never one outside the test's own folder."""

AWKWARD = (
    "", " ", "\x1b[31mred\x1b[0m", "\u202eevil", "\x07", "a" * 100_000, "9" * 5_000, "-" + "9" * 5_000, "0x" + "f" * 9_000,
    "=", "x=", "=x", "x==x", "urgent=" + "9" * 5_000, "{", "}", "{x}", "{{", "[[x]]", "%s", "%(x)s", "$HOME", "`id`", "null",
    "~", "1e999", "NaN", "-1", "0", str(2**63), str(-(2**63) - 1), "٣", "２０２６-０１-０１", "!!python/object", "&a [*a]",
    "0000-01-01", "0001-01-01", "9999-12-31", "2026-02-30", "2026-W01-1", "20260304", "2026-01-01T00:00:00",
    "2026-12-31T23:59:60+08:00", "2026-01-01T10:00:00+24:00", "2026-01-01T10:00:00-00:00", "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59+00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2026-01-01T10:00:00+08:00:00.5",
    "--", "-", "--help", "project/..", "./", "nowhere/at/all", "pipe", "loop", "project", "c1", "case.yaml", "x\ny", "\t", "a\r\nb",
    "postgresql://u:secret@127.0.0.1:port/db", "postgresql+nothing://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "://", "x://y",
    "\ud800", "\udcff", "\x00", "\ufeff", "\u2028", "😀" * 300,
)  # fmt: skip

INPUTS = ("/dev/zero", "/dev/null", "/proc/self/mem", "/dev/stdin/x", "/root/\x00")
"""Paths that no reader may wait for, nor read without end."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with a case, a scenario, a notice and a pipe, as the working folder."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as monkey:
        for name in [name for name in os.environ if name.startswith(("ZHENGXIE_", "LC_")) or name == "LANG"]:
            monkey.delenv(name)
        monkey.setenv("ZHENGXIE_CLOCK", CLOCK)
        monkey.chdir(folder)
        shutil.copytree(MINI, "project")
        os.mkfifo("pipe")
        Path("loop").symlink_to("loop")
        for name, content in SEEDS.items():
            Path(name).write_text(content, encoding="utf-8")
        (folder / "project" / "zhengxie.toml").write_text(TOML, encoding="utf-8")
        assert run("--db", "whole.db", "db", "upgrade").code == 0
        for case in ("c1", "c2"):
            opened = run("--project", "project", "--db", "whole.db", "open", "mini/talk", "--case", case, *ROLE)
            assert opened.code == 0, opened.err
        carried = run("--project", "project", "--db", "whole.db", "case", "export", "c1", "carried.jsonl")
        assert carried.code == 0, carried.err
        SEEDS["carried.jsonl"] = Path("carried.jsonl").read_text(encoding="utf-8")
        yield folder


def answered(*args: object) -> dict[str, Any]:
    """The document of a command line, which is an answer, or an error with a code that is none of ours alone."""
    with patch.object(sys, "stdin", io.StringIO("a password\n")):
        answer = run("--format", "json", *args)
    shown = [str(arg)[:200] for arg in args]
    assert answer.code in range(7), (shown, answer.out, answer.err)
    assert "Traceback" not in answer.err
    if "--help" in args or not answer.out.startswith("{"):
        return {}
    document: dict[str, Any] = json.loads(answer.out)
    assert document.get("error", {}).get("code") != "ZX9000", (shown, answer.out)
    assert "secret" not in answer.out or "--db" not in args
    return document


def commands() -> Iterator[tuple[str, Any]]:
    for name in COMMANDS:
        made = make_command(name)
        if hasattr(made, "commands"):
            yield from ((f"{name}.{inner}", child) for inner, child in made.commands.items())
        else:
            yield name, made


def test_every_command_has_a_right_line() -> None:
    assert {name for name, _ in commands()} == set(LINES)


PARAMETERS = [
    (name, param.name, param.param_type_name == "argument", max(param.opts, key=len))
    for name, command in commands()
    for param in command.params
    if not getattr(param, "is_flag", False) and param.name != "help"
]


def line(name: str, parameter: tuple[str, bool, str], text: str, db: str) -> list[str]:
    """The right line of a command with a text in the place of one parameter."""
    called, is_argument, option = parameter
    words = list(LINES[name])
    if is_argument:
        positions = [param.name for param in dict(commands())[name].params if param.param_type_name == "argument"]
        place = positions.index(called)
        words[place : place + 1] = [text]
    elif option in words:
        words[words.index(option) + 1] = text
    else:
        words += [option, text]
    if is_argument and text.startswith("-"):
        words = ["--", *words] if not any(word.startswith("--") for word in words[1:]) else words
    shared = [] if option in ("--db", "--project") else ["--project", "project", "--db", db]
    return [*shared, *name.split("."), *words]


@settings(max_examples=tries(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_each_parameter_of_each_command_is_answered(desk: Path, data: st.DataObject) -> None:
    name, called, is_argument, option = data.draw(st.sampled_from(PARAMETERS))
    pool = AWKWARD if (name, called) in WRITING_FILES else AWKWARD + INPUTS
    text = data.draw(st.sampled_from(pool) | st.text(max_size=60))
    if (name, called) in WRITING_FILES:
        text = text.replace("/", "_").lstrip(".")
    shutil.copy(desk / "whole.db", desk / "cases.db")
    for made in ("new", "copy.db", "copy.jsonl", "cases.db-wal", "cases.db-shm"):
        path = desk / made
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    answered(*line(name, (called, is_argument, option), text, "cases.db"))


TOML = 'database = "zhengxie.db"\nlanguage = "zh"\n'
SEEDS = {
    "case.yaml": json.dumps(case_file("c5", {"at": "2026-01-12", "do": "agree", "by": "partner"})),
    "lines.jsonl": "\n".join(map(json.dumps, (case_file("c6"), {"case": "c6", "at": "2026-01-12", "do": "agree"}))),
    "scenario.yaml": (MINI / "../time/processes/time/scenarios/t12_later.yaml").read_text(encoding="utf-8"),
    "process.yaml": (MINI / "processes/mini/talk.yaml").read_text(encoding="utf-8"),
    "law.yaml": (MINI / "processes/mini/law.yaml").read_text(encoding="utf-8"),
    "duty.yaml": (MINI / "rules/mini/duty.yaml").read_text(encoding="utf-8"),
    "notice.yaml": "notices:\n- {notice_no: X〔2026〕1号, year: 2026, published: 2025-11-04, off_days: [2026-01-01]}\n",
    "zhengxie.toml": TOML,
    "evidence.pdf": "%PDF",
}
READERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "case.yaml": (("import", "case.yaml", "--dry-run"), ("check", "case.yaml")),
    "lines.jsonl": (("import", "lines.jsonl", "--dry-run"),),
    "carried.jsonl": (("case", "import", "carried.jsonl", "--dry-run"),),
    "scenario.yaml": (("test", "scenario.yaml"), ("check", "scenario.yaml")),
    "process.yaml": (("check", "process.yaml"),),
    "law.yaml": (("check", "law.yaml"),),
    "duty.yaml": (("check", "duty.yaml"), ("rules", "readback", "duty.yaml")),
    "notice.yaml": (("calendar", "import", "notice.yaml", "--dry-run"), ("check", "notice.yaml")),
    "zhengxie.toml": (("list",), ("doctor",)),
    "evidence.pdf": (("advance", "c1", "prepare", *ROLE, "--evidence", "evidence.pdf", "--dry-run"),),
}
"""The commands that read each kind of file."""

GRAFTS = (
    "[" * 5_000, "{" * 5_000, "9" * 10_000, "0x" + "f" * 9_000, '"\\uD800"', "\x00", "\x1b", "\u202e", "&a [*a, *a]", "!!binary x", "%YAML 9.9\n---",
    "9999-12-31", "2026-12-31T23:59:60Z", "1e99999", ".inf", "null", "? ", "<<: *x", "- - - -", "\t", "'", '"', "|", "#", ":", "\ufeff", "\r",
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, seed: str) -> bytes:
    """The right content of a file with some of it taken out, doubled, or replaced by what is hard to read."""
    content = seed
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 30)))
        graft = draw(st.sampled_from(("", content[start:end] * 2, *GRAFTS)) | st.text(max_size=5))
        content = content[:start] + graft + content[end:]
    return content.encode("utf-8", "surrogatepass")


@settings(max_examples=tries(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_each_kind_of_file_is_answered_whatever_it_holds(desk: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(READERS)))
    content = data.draw(mutated(SEEDS[name]) | st.binary(max_size=200))
    args = data.draw(st.sampled_from(READERS[name]))
    folder = desk / "project" if name == "zhengxie.toml" else desk
    try:
        (folder / name).write_bytes(content)
        answered("--project", "project", "--db", "whole.db", *args)
    finally:
        (folder / name).write_text(SEEDS[name], encoding="utf-8")


@pytest.mark.parametrize("name", sorted(READERS))
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "link that leads nowhere"])
def test_each_reader_refuses_what_is_no_regular_file(desk: Path, name: str, kind: str) -> None:
    path = (desk / "project" if name == "zhengxie.toml" else desk) / name
    path.unlink()
    try:
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        else:
            path.symlink_to("/dev/zero" if kind == "device" else "/no/such/file")
        for args in READERS[name]:
            document = answered("--project", "project", "--db", "whole.db", *args)
            empty = kind == "folder" and args[0] == "rules"  # a folder of rules may hold none
            refused = (
                "error" in document or document["data"].get("findings") or not document["data"].get("healthy", True)
            )
            assert refused or empty
    finally:
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        path.write_text(SEEDS[name], encoding="utf-8")


EXPECTED_TOML = {
    "x = " + "[" * 5_000: "ZX6022",
    "x = " + "9" * 10_000: "ZX6022",
    "x = 0x" + "f" * 9_000: "ZX1201",
    "language = 0x" + "f" * 9_000: "ZX6024",
    'database = ["postgresql://u:secret@h/d"]': "ZX6024",
    'database = "postgresql://u:secret@h:port/d"': "ZX5011",
}


@pytest.mark.parametrize("content", EXPECTED_TOML, ids=lambda content: re.sub(r"(.)\1{9,}", r"\1…", content))
def test_a_fault_of_the_settings_is_coded(desk: Path, content: str) -> None:
    path = desk / "project" / "zhengxie.toml"
    try:
        path.write_text(content, encoding="utf-8")
        assert answered("--project", "project", "list")["error"]["code"] == EXPECTED_TOML[content]
        path.write_bytes(b"language = '\xff'")
        assert answered("--project", "project", "list")["error"]["code"] == "ZX1007"
    finally:
        path.write_text(TOML, encoding="utf-8")
