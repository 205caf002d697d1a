"""The page on the rules of time: each numbered rule has one scenario of its number that holds, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.support import DATA

from zhengxie_flow.bootstrap import scenario_files
from zhengxie_flow.cli.main import main
from zhengxie_flow.reading.calendars import CalendarFiles
from zhengxie_flow.reading.definitions import Files

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PAGES = ("time.md", "time.zh-CN.md")
FILES = Files(DATA / "time" / "processes", DATA / "time" / "rules")
CALENDARS = CalendarFiles(project=FILES.rules)
SCENARIOS = FILES.processes / "time" / "scenarios"


def rules(page: str) -> Iterator[tuple[str, str, Path]]:
    """The number of each rule of a page, the number of its section, and the file that the section links."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    for section, rest in re.findall(r"^## (T\d+) .*\n((?:(?!## ).*\n)*)", text, re.MULTILINE):
        (link,) = re.findall(r"\]\((\S+\.yaml)\)", rest)
        for number in re.findall(r"^- \*\*(T[\d.]+)\*\* ", rest, re.MULTILINE):
            yield number, section, (REFERENCE / link).resolve()


@cache
def played(path: Path) -> tuple[scenario_files.Played, ...]:
    """The scenarios of a file, run."""
    return tuple(scenario_files.play(FILES, CALENDARS, scenario_files.read([path], FILES.root)))


def number_of(name: str) -> str:
    return name.partition(" ")[0]


@pytest.mark.parametrize("page", PAGES)
def test_rules_are_numbered_within_their_sections(page):
    counts: dict[str, int] = {}
    for number, section, _ in rules(page):
        counts[section] = counts.get(section, 0) + 1
        assert number == f"{section}.{counts[section]}"


def test_both_languages_have_the_same_rules():
    english, chinese = (list(rules(page)) for page in PAGES)
    assert english == chinese


def test_each_rule_has_one_scenario_of_its_number_and_each_scenario_a_rule():
    on_page = [(number, path) for number, _, path in rules("time.md")]
    in_files = [
        (number_of(scenario.written.scenario.scenario), path.resolve())
        for path in SCENARIOS.glob("*.yaml")
        for scenario in played(path)
    ]
    assert sorted(on_page) == sorted(in_files)
    assert len(on_page) == len({number for number, _ in on_page}) > 90


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_rule_holds(path):
    failures = {scenario.written.scenario.scenario: scenario.outcome.failures for scenario in played(path)}
    assert {name: failed for name, failed in failures.items() if failed} == {}


def test_the_examples_are_a_faultless_project(capsys):
    assert main(["--project", str(FILES.root), "check"]) == 0, capsys.readouterr().out
