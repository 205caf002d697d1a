"""The page on amending a statute, followed step by step in an empty folder, shows what the program says."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

from zhengxie_flow.cli.main import main

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "amend-a-statute.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(console|yaml)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_steps_of_the_page_say_what_is_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-07-21T09:00:00+08:00")
    monkeypatch.setenv("ZHENGXIE_LANG", "en")
    for name in ("ZHENGXIE_PROJECT", "ZHENGXIE_DB"):
        monkeypatch.delenv(name, raising=False)
    steps = 0
    for kind, block in BLOCKS:
        if kind == "yaml":
            name, _, text = block.partition("\n")
            path = Path(name.removeprefix("# "))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            continue
        for command, shown in re.findall(r"^\$ zhengxie (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            pattern = re.escape(shown).replace(re.escape("...\n"), "(?:.*\n)+")  # lines left out
            answer = said(command)
            assert re.fullmatch(pattern, answer), f"{command}\n{answer}"
            steps += 1
    assert steps >= 9
    assert main(["--project", "city", "check"]) == 0


def said(command: str) -> str:
    """What a command answers that ends well."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(shlex.split(command))
    assert code == 0, command
    return out.getvalue()
