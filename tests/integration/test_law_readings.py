"""Readings of the measure with their arguments: each is a scenario that the shipped definitions have to judge right."""

from __future__ import annotations

import re

from tests.cli.program import run
from tests.projects import ROOT
from tests.support import DATA

READINGS = DATA / "readings" / "scenarios.yaml"


def test_the_readings_come_out_right():
    outcome = run("test", str(READINGS), "--project", str(ROOT))
    assert outcome.code == 0, outcome.out
    assert re.search(r"passed: (\d+), failed: 0", outcome.out)


def test_no_text_of_a_definition_ends_in_a_mark_that_other_readers_of_yaml_take_for_a_key():
    """``{en: Why?}`` reads as a key to some: a question inside braces is quoted."""
    files = [
        path for folder in ("processes", "rules", "examples", "tests/data") for path in (ROOT / folder).rglob("*.yaml")
    ]
    bare = re.compile(r"[^\"'\s]\?\s*[},]")
    faulty = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(text.split(" #")[0])
    ]
    assert faulty == []
