"""The page on taking in a notice, followed step by step in an empty folder, shows what the program says."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

from zhengxie_flow.cli.main import main

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "calendar-notice.md").read_text(encoding="utf-8")
FILE = re.search(r"^```yaml\n# (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
STEPS = [
    step
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    for step in re.findall(r"^\$ zhengxie (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]


def test_the_steps_of_the_page_say_what_is_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-11-30T09:00:00+08:00")
    monkeypatch.setenv("ZHENGXIE_LANG", "en")
    for name in ("ZHENGXIE_PROJECT", "ZHENGXIE_DB"):
        monkeypatch.delenv(name, raising=False)
    assert FILE is not None
    Path(FILE[1]).write_text(FILE[2], encoding="utf-8")
    for command, shown in STEPS:
        answer = said(command).replace(f"{tmp_path}{os.sep}", "")
        pattern = re.escape(shown).replace(re.escape("  ...\n"), "(?:  2.*\n)+")  # rows of days left out
        assert re.fullmatch(pattern, answer), f"{command}\n{answer}"
    assert len(STEPS) >= 9


def said(command: str) -> str:
    """What a command answers that ends well."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(shlex.split(command))
    assert code == 0, command
    return out.getvalue()
