"""The shipped conventions: every worked date of the project of examples, and what each file has to say."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.support import DATA

from zhengxie_flow.bootstrap import scenario_files
from zhengxie_flow.cli.main import main
from zhengxie_flow.engine.limits.calculator import CountedTerm, OneOffTerm, calendars_of, count_one_off
from zhengxie_flow.model.convention import Convention, RuleSet
from zhengxie_flow.model.limit import Part
from zhengxie_flow.reading.calendars import CalendarFiles, load
from zhengxie_flow.reading.conventions import convention_files, load_convention
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.resources import rules_dir

FILES = Files(DATA / "conventions" / "processes", DATA / "conventions" / "rules")
CALENDARS = CalendarFiles(project=FILES.rules)
SCENARIOS = sorted((FILES.processes / "orders" / "scenarios").glob("*.yaml"))
SHIPPED = convention_files(None)
PAGES = [Path(__file__).parents[2] / "docs" / "reference" / name for name in ("conventions.md",)]


@cache
def convention(name: str) -> Convention:
    """A shipped convention, read from its file."""
    conventions, problems = load_convention(name, None)
    assert problems == ()
    return conventions[name]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_worked_date_holds(path):
    played = scenario_files.play(FILES, CALENDARS, scenario_files.read([path], FILES.root))
    failures = {scenario.written.scenario.scenario: scenario.outcome.failures for scenario in played}
    assert failures
    assert {name: failed for name, failed in failures.items() if failed} == {}


def test_each_worked_date_of_an_order_is_there():
    """None of the numbered examples may get lost: those of a number are named so."""
    numbers = {
        number
        for path in SCENARIOS
        for number in re.findall(r"\b(?:CN|DE|NL|US|UK)\d\b", path.read_text(encoding="utf-8"))
    }
    wanted = {"CN": range(1, 8), "DE": range(2, 8), "NL": range(1, 7), "US": (1, 3, 4, 5, 6), "UK": (1, 2, 4, 5, 6)}
    assert numbers == {f"{order}{number}" for order, all_of in wanted.items() for number in all_of}


def test_the_examples_are_a_faultless_project(capsys):
    assert main(["--project", str(FILES.root), "check"]) == 0, capsys.readouterr().out


def test_every_shipped_file_is_here():
    assert set(SHIPPED) == {path.stem for path in (rules_dir() / "conventions").glob("*")}
    assert len(SHIPPED) == 11


@pytest.mark.parametrize("name", sorted(SHIPPED))
class TestShipped:
    """What every shipped convention has."""

    def test_the_file_is_valid_and_named_as_it_is(self, name):
        assert convention(name).convention == name

    def test_its_page_lists_it(self, name):
        for page in PAGES:
            assert f"| `{name}` |" in page.read_text(encoding="utf-8")

    def test_every_rule_has_its_clause(self, name):
        assert convention(name).law.strip()
        for place, rules in rule_sets(convention(name)):
            for key, rule in rules:
                assert rule.law.strip(), (place, key)
        for edition in convention(name).editions:
            assert all(terms.law.strip() for terms in edition.excepted)

    def test_every_question_and_reading_has_texts_in_both_languages(self, name):
        texts = [convention(name)]
        for edition in convention(name).editions:
            for question in edition.unsettled.values():
                texts += [question, *question.readings.values()]
        for labelled in texts:
            assert re.search(r"[\u4e00-\u9fff]", labelled.zh), labelled
            assert re.search(r"[a-z]", labelled.en), labelled

    def test_the_readings_of_a_question_differ(self, name):
        for edition in convention(name).editions:
            for ident, question in edition.unsettled.items():
                rules = [reading.rules for reading in question.readings.values()]
                assert all(rule != other for place, rule in enumerate(rules) for other in rules[:place]), ident

    def test_the_calendars_it_names_can_be_loaded(self, name):
        names = [*calendars_of([convention(name)])]
        own = convention(name).calendar
        for calendar in [*names, *([own] if own is not None else [])]:
            assert load(calendar).is_working_day(date(2026, 3, 4))

    def test_its_editions_follow_one_another(self, name):
        begins = [edition.in_force.from_ or date.min for edition in convention(name).editions]
        assert begins == sorted(set(begins))


def rule_sets(read: Convention) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Every set of rules of a convention, with its place and the rules in it."""
    sets: list[tuple[str, RuleSet]] = []
    for number, edition in enumerate(read.editions):
        sets.append((f"{number}", edition.rules))
        sets += [(f"{number}.{kind}", rules) for kind, rules in edition.kinds.items()]
        for ident, question in edition.unsettled.items():
            sets += [(f"{number}.{ident}.{key}", reading.rules) for key, reading in question.readings.items()]
    written = [(place, [(name, getattr(rules, name)) for name in RuleSet.model_fields]) for place, rules in sets]
    return [(place, [(name, rule) for name, rule in rules if rule is not None]) for place, rules in written]


def one_off(calendar: str, start: date | datetime, zone: str, **words: Any) -> tuple[CountedTerm, ...]:
    """A term of a convention counted by itself."""
    part = Part.model_validate(words)
    conventions, _ = load_convention(part.convention or "", None)
    names = [calendar, *(name for name in calendars_of(list(conventions.values())) if name != calendar)]
    return count_one_off(OneOffTerm(part, start), load(",".join(names)), conventions, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("calendar", "zone", "words", "start", "end"),
    [
        (
            "DE-BE", "Europe/Berlin", {"within": 24, "convention": "de_bgb", "kind": "civil_procedure"},
            "2026-06-12T15:00+02:00", "2026-06-15T15:00+02:00",
        ),
        ("DE-BE", "Europe/Berlin", {"within": 24, "convention": "de_bgb", "kind": "administrative"},
            "2026-06-12T15:00+02:00", "2026-06-13T15:00+02:00"),
        ("US", "America/New_York", {"within": 72, "convention": "us_frcp6"},
            "2026-05-21T10:23-04:00", "2026-05-26T10:23-04:00"),
        ("cn", "Asia/Shanghai", {"within": 24, "convention": "cn_civil_procedure"},
            "2026-03-03T09:20+08:00", "2026-03-04T10:00+08:00"),
    ],
    ids=["DE7", "DE7 administrative", "US6", "CN next full hour"],
)  # fmt: skip
def test_terms_in_hours_end_at_their_instant(calendar, zone, words, start, end):
    begin = datetime.fromisoformat(start)
    results = one_off(calendar, begin, zone, after="start", unit="hour", **words)
    assert [result.moment for result in results] == [datetime.fromisoformat(end)]


def test_hours_are_counted_where_the_days_are():
    """The days off of a place are those of its own zone, whatever zone an instant is written in."""
    begin = datetime.fromisoformat("2026-06-12T13:00+00:00")
    (result,) = one_off(
        "DE-BE", begin, "Europe/Berlin", after="x", within=24, unit="hour", convention="de_bgb", kind="civil_procedure"
    )
    assert result.moment == datetime.fromisoformat("2026-06-15T13:00+00:00")
