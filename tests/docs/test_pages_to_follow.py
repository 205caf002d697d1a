"""The pages that people follow step by step, followed in an empty folder, show what the program says."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

import pytest

from zhengxie_flow.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    "tutorial/first-statute.md": ("en", "2026-02-26T09:00:00+08:00"),
    "tutorial/first-statute.zh-CN.md": ("zh", "2026-02-26T09:00:00+08:00"),
    "howto/amend-a-statute.md": ("en", "2026-07-21T09:00:00+08:00"),
    "howto/calendar-notice.md": ("en", "2026-11-30T09:00:00+08:00"),
    "howto/sign-a-process.md": ("en", "2026-11-22T09:00:00+08:00"),
}
"""The language and the clock of each page."""
SAYS_NO = "# 1"
"""Behind a command whose answer is no: it ends with exit code 1."""


def blocks(page: str) -> list[tuple[str, str]]:
    """What there is to do, in order: files to write, lines to change, commands with what they answer."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^```(console|yaml|diff)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_the_steps_of_a_page_say_what_is_shown(page, tmp_path, monkeypatch):
    language, clock = PAGES[page]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHENGXIE_CLOCK", clock)
    monkeypatch.setenv("ZHENGXIE_LANG", language)
    for name in ("ZHENGXIE_PROJECT", "ZHENGXIE_DB"):
        monkeypatch.delenv(name, raising=False)
    steps = 0
    for kind, block in blocks(page):
        if kind == "console":
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
                run(command, shown, tmp_path, monkeypatch)
                steps += 1
        elif block.startswith("# "):
            name, _, text = block.removeprefix("# ").partition("\n")
            (write if kind == "yaml" else change)(Path(name), text)
    assert steps >= 9


def run(command, shown, folder, monkeypatch):
    """Run one command and compare what it answers; ``...`` stands for lines left out."""
    name, _, arguments = command.partition(" ")
    if name == "cd":
        monkeypatch.chdir(Path.cwd() / arguments)
        return
    assert name == "zhengxie", command
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = main(shlex.split(arguments, comments=True))
    answer = out.getvalue().replace(f"{folder}{os.sep}", "")
    pattern = re.sub(r"(?:\\ )*\\\.\\\.\\\.\\\n", "(?:.*\n)+", re.escape(shown))
    assert re.fullmatch(pattern, answer), f"{command}\n{answer}"
    assert code == (1 if command.endswith(SAYS_NO) else 0), command


def write(path, text):
    """A file that the page shows whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change(path, text):
    """Lines that the page shows with a minus give way to those with a plus, in the lines around them."""
    old, new = (
        "".join(line[1:] for line in text.splitlines(keepends=True) if line[0] in keep) for keep in (" -", " +")
    )
    whole = path.read_text(encoding="utf-8")
    assert whole.count(old) == 1, old
    path.write_text(whole.replace(old, new), encoding="utf-8")
