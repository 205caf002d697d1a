"""What the pages about the calendar show is what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from zhengxie_flow.cli.main import run
from zhengxie_flow.reading.calendar_files import LocalFile, NoticeEntry
from zhengxie_flow.reading.yaml_reader import read_yaml

DOCS = Path(__file__).parents[2] / "docs"
EXPLANATION = (DOCS / "explanation" / "calendar.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "calendar.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


SHOWN = [
    (command, output.strip().splitlines())
    for block in blocks(EXPLANATION, "console")
    for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_commands_say_what_is_shown(command, output, capsys, monkeypatch):
    program, *arguments = shlex.split(command)
    assert program == "zhengxie"
    monkeypatch.setattr("sys.argv", [program, *arguments])
    monkeypatch.setenv("COLUMNS", "120")
    try:
        code = run()
    except SystemExit as end:
        code = end.code
    assert not code
    assert [line.rstrip() for line in capsys.readouterr().out.strip().splitlines()] == output


def test_the_python_of_the_reference_runs():
    names: dict[str, object] = {}
    for block in blocks(REFERENCE, "python"):
        exec(compile(block, "calendar.md", "exec"), names)  # noqa: S102 - running them is the test


def test_the_files_of_the_reference_can_be_read():
    notice, layer, week = blocks(REFERENCE, "yaml")
    assert NoticeEntry.model_validate(read_yaml(notice, "notice").value).year == 2027
    assert LocalFile.model_validate(read_yaml(layer, "layer").value).level == "prefecture"
    assert LocalFile.model_validate(read_yaml(week, "week").value).week == ("mon", "tue", "wed", "thu", "fri", "sat")


def test_something_is_shown():
    assert len(SHOWN) == 6
    assert len(blocks(REFERENCE, "python")) == 2
