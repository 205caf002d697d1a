"""The page on reliability names tests that are there, and every command that is killed."""

from __future__ import annotations

import re
from pathlib import Path

from tests.soak.project import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "reliability.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[^`]*)`", PAGE))
    assert len(named) > 8
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_test_of_reliability_is_named() -> None:
    files = {f"tests/soak/{file.name}" for file in (ROOT / "tests" / "soak").glob("test_*.py")}
    assert [name for name in sorted(files) if f"`{name}`" not in PAGE] == []


def test_every_command_that_is_killed_is_named() -> None:
    words = {command.line.split("{", maxsplit=1)[0].split("--", maxsplit=1)[0].split()[0] for command in COMMANDS}
    assert [word for word in sorted(words) if f"`{word}" not in PAGE] == []
