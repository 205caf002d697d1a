"""Mutants: each kind turns what it says and nothing else, and a scenario that says what the law says notices."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from tests.support import DATA, MINI, SOAK

from zhengxie_flow.bootstrap import project_files
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.testing.mutant import DROP, Mutant, list_positions
from zhengxie_flow.testing.mutants import KINDS, mutants
from zhengxie_flow.testing.mutation import MutantOutcome, MutatedProcess, stale

BUNDLE = {
    "process": {
        "roles": {"office": {}, "mayor": {}, "clerk": {}},
        "states": {"open": {}, "held": {}, "shut": {}},
        "facts": {"urgent": {"type": "bool", "by": ["office", "mayor"]}},
        "actions": {
            "hold": {
                "by": "office",
                "power": True,
                "from": ["open", "held"],
                "to": "shut",
                "requires": [
                    {"obligation": "notice"},
                    {"id": "r1", "law": "1", "that": {"all": ["urgent", {"count": "guest", "at_least": 2}]}},
                    {"id": "r2", "that": {"done": "ask", "where": {"by": "clerk"}, "before": "hold"}, "when": "urgent"},
                ],
            },
            "ask": {},
            "extend": {},
        },
        "obligations": {
            "notice": {"law": "1", "who": "office", "do": "ask", "limit": {"at_least": 15, "unit": "working_day", "before": "hold"}},
            "answer": {
                "law": "1",
                "force": "should",
                "limit": {
                    "within": 60, "unit": "calendar_day", "after": {"first_of": ["ask", "hold"]},
                    "extended_by": {"action": "extend", "by": "mayor", "add": {"field": "days"}, "up_to": 30},
                },
            },
        },
        "exemptions": {"spare": {"granted_by": "hold", "before": "ask", "lifts": [{"clause": "1"}, "notice"], "never_lifts": ["answer"]}},
    },
    "decisions": [{"decision": "duty", "outcomes": ["a", "b"], "default": "a", "exceptions": [{"id": "1", "when": {"any": ["urgent", "secret"]}, "then": "b"}]}],
    "parameters": {"period": {"default": {"within": 10, "unit": "month"}}},
}  # fmt: skip
AT = "process.actions.hold.requires"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("requirement", {f"{AT}.notice: notice dropped", f"{AT}.notice: negated", f"{AT}.r1: r1 dropped", f"{AT}.r1.that: negated", f"{AT}.r2: r2 dropped", f"{AT}.r2.that: negated"}),
        ("number", {
            f"{AT}.r1.that.all.1.at_least: 2 -> 1", f"{AT}.r1.that.all.1.at_least: 2 -> 3",
            "process.obligations.notice.limit.at_least: 15 -> 14", "process.obligations.notice.limit.at_least: 15 -> 16",
            "process.obligations.answer.limit.within: 60 -> 59", "process.obligations.answer.limit.within: 60 -> 61",
            "process.obligations.answer.limit.extended_by.up_to: 30 -> 29", "process.obligations.answer.limit.extended_by.up_to: 30 -> 31",
            "parameters.period.default.within: 10 -> 9", "parameters.period.default.within: 10 -> 11",
        }),
        ("unit", {
            "process.obligations.notice.limit.unit: working_day -> calendar_day",
            "process.obligations.answer.limit.unit: calendar_day -> working_day",
            "parameters.period.default.unit: month -> year",
        }),
        ("direction", {
            f"{AT}.r1.that.all.1: at_least -> at_most", f"{AT}.r2.that: before -> after",
            "process.obligations.notice.limit: before -> after", "process.obligations.answer.limit: within -> at_least",
            "process.obligations.answer.limit.after: first_of -> last_of", "parameters.period.default: within -> at_least",
        }),
        ("force", {
            "process.actions.hold.power: power dropped", f"{AT}.r1.force: must -> should",
            "process.obligations.notice.force: must -> should", "process.obligations.answer.force: should -> must",
        }),
        ("role", {
            "process.facts.urgent.by.0: office -> clerk", "process.facts.urgent.by.1: mayor -> clerk",
            "process.actions.hold.by: office -> mayor", f"{AT}.r2.that.where.by: clerk -> office",
            "process.obligations.notice.who: office -> mayor", "process.obligations.answer.limit.extended_by.by: mayor -> clerk",
        }),
        ("exemption", {
            "process.exemptions.spare.lifts.0: clause 1 dropped", "process.exemptions.spare.lifts.1: notice dropped",
            "process.exemptions.spare.never_lifts.0: answer dropped", "process.exemptions.spare.before: ask dropped",
        }),
        ("condition", {
            f"{AT}.r1.that.all.0: urgent dropped", f"{AT}.r1.that.all.1: count guest at_least 2 dropped", f"{AT}.r2.when: negated",
            "decisions.duty.exceptions.1.when: negated", "decisions.duty.exceptions.1.when.any.0: urgent dropped",
            "decisions.duty.exceptions.1.when.any.1: secret dropped",
        }),
        ("anchor", {
            "process.obligations.notice.do: ask -> extend", "process.obligations.notice.limit.before: hold -> ask",
            "process.obligations.answer.limit.after.first_of.0: ask -> extend",
            "process.obligations.answer.limit.after.first_of.1: hold -> extend",
        }),
        ("outcome", {"decisions.duty.default: a -> b", "decisions.duty.exceptions.1.then: b -> a"}),
        ("state", {
            "process.actions.hold.from.0: open dropped", "process.actions.hold.from.1: held dropped",
            "process.actions.hold.to: shut -> open",
        }),
    ],
)  # fmt: skip
def test_every_kind_turns_what_it_says(kind, expected):
    assert {one.id for one in mutants(BUNDLE) if one.kind == kind} == expected


COUNTING = {
    "process": {
        "convention": "de_bgb",
        "obligations": {
            "a": {"limit": {"within": 3, "unit": "month", "after": "x", "roll": "next", "month_end": "keep", "grow": {"run": 3},
                            "early": "counts", "calendar": "cn+hall", "convention": "cn_tax", "kind": "k", "count": "first_day_included"}},
            "b": {"limit": {"after": "x", "choose": [{"roll": "previous", "within": 1, "unit": "week", "when": "urgent"}, {"roll": "none", "within": 2, "unit": "week"}],
                            "calendar": {"field": "place", "of": {"hall": "cn", "school": "cn+school"}}, "occurrence": "each"}},
            "c": {"limit": {"every": {"period": "quarter", "by": {"month": 3, "day": 31}, "named_by": "q"}, "roll": "next"}},
            "d": {"limit": {"every": {"period": "year"}, "early": "out_of_order", "month_end": "off"}},
            "e": {"limit": {"every": {"period": "year", "by": {"month": 7, "day": 1}}}},
            "f": {"limit": {"every": "year"}},
        },
    },
    "parameters": {"period": {"default": {"within": 10, "unit": "calendar_day", "roll": "none", "grow": {"run": 1}}}},
}  # fmt: skip


def test_every_word_of_counting_is_turned():
    def limit(duty: str) -> str:
        return f"process.obligations.{duty}.limit"

    found = {one.id for one in mutants(COUNTING) if one.kind == "counting"}
    assert found == {
        "process.convention: de_bgb dropped",
        f"{limit('a')}.roll: next -> none", f"{limit('a')}.month_end: keep -> off", f"{limit('a')}.grow: grow dropped",
        f"{limit('a')}.early: counts -> out_of_order", f"{limit('a')}.calendar: cn+hall dropped",
        f"{limit('a')}.convention: convention dropped", f"{limit('a')}.kind: kind dropped",
        f"{limit('b')}.choose.0.roll: previous -> next", f"{limit('b')}.choose.1.roll: none -> next",
        f"{limit('b')}.calendar.of.hall: cn -> cn+school", f"{limit('b')}.calendar.of.school: cn+school -> cn",
        f"{limit('b')}.occurrence: each -> first",
        f"{limit('c')}.every.period: quarter -> half_year", f"{limit('c')}.every.named_by: q dropped", f"{limit('c')}.roll: next -> none",
        f"{limit('d')}.every.period: year -> half_year", f"{limit('d')}.every.by: last -> day 1",
        f"{limit('f')}.every: period year -> half_year", f"{limit('f')}.every: by last -> day 1",
        f"{limit('d')}.early: out_of_order -> counts", f"{limit('d')}.month_end: off -> keep",
        "parameters.period.default.roll: none -> next", "parameters.period.default.grow: grow dropped",
    }  # fmt: skip
    numbers = {
        one.id for one in mutants(COUNTING) if one.kind == "number" and (".every." in one.id or ".grow." in one.id)
    }
    assert numbers == {
        f"{limit('a')}.grow.run: 3 -> 4", f"{limit('a')}.grow.run: 3 -> 2", "parameters.period.default.grow.run: 1 -> 2",
        f"{limit('c')}.every.by.day: 31 -> 30", f"{limit('c')}.every.by.month: 3 -> 2",
        f"{limit('e')}.every.by.day: 1 -> 2", f"{limit('e')}.every.by.month: 7 -> 8", f"{limit('e')}.every.by.month: 7 -> 6",
    }  # fmt: skip
    assert f"{limit('a')}.count: first_day_included -> event_excluded" in {one.id for one in mutants(COUNTING)}


def test_scenarios_notice_every_turned_word_of_counting():
    """The words of counting and conventions are held: the scenarios of the rules of time notice what is turned."""
    files = Files(DATA / "time" / "processes", DATA / "time" / "rules")
    process = MutatedProcess(files, "time/words")
    assert process.failing() == []
    outcomes = [process.judge(one) for one in process.mutants(["counting"])]
    survivors = {outcome.mutant.id for outcome in outcomes if outcome.fate == "survived"}
    limit = "process.obligations.{}.limit.{}"
    assert survivors == {  # their ends are working days; a key of the limit goes before the convention
        limit.format("month_including", "roll: none -> next"), limit.format("month_end", "roll: none -> next"),
        limit.format("own_roll", "convention: convention dropped"),
    }  # fmt: skip


def test_one_thing_is_turned_and_the_original_stays():
    before = repr(BUNDLE)
    found = list(mutants(BUNDLE))
    assert len({one.id for one in found}) == len(found), "ids are unique"
    for one in found:
        assert one.apply(BUNDLE) != BUNDLE, one.id
    assert repr(BUNDLE) == before
    assert {one.kind for one in found} | {"counting"} == set(KINDS)


def test_a_mutant_of_the_shipped_processes_has_its_place():
    files = project_files(None)
    for name in files.ids() if SOAK else ("jilin/hearing",):
        process = MutatedProcess(files, name)
        if process.follows_another:
            continue
        found = process.mutants()
        assert found, name
        for one in found[:: max(1, len(found) // 40)]:
            file, line = process.place(one)
            text = (files.root / file).read_text(encoding="utf-8").splitlines()
            assert 1 <= line <= len(text)
            if one.kind in ("number", "unit"):
                assert one.change.split(" -> ")[0] in text[line - 1], (one.id, text[line - 1])


@pytest.mark.parametrize(
    "name", ["jilin/consultation", "examples/petition/petition"] if SOAK else ["examples/petition/petition"]
)
def test_numbers_and_units_of_the_shipped_processes_are_noticed(name):
    process = MutatedProcess(project_files(None), name)
    assert process.failing() == []
    judged = [process.judge(one) for one in process.mutants(("number", "unit"))]
    assert [one.mutant.id for one in judged if one.fate == "survived"] == []
    assert sum(one.fate == "killed" for one in judged) >= 10
    assert all(one.by for one in judged if one.fate == "killed")


def test_an_id_in_a_list_is_its_place():
    path = ("process", "actions", "hold", "requires", "r2", "when")
    assert list_positions(BUNDLE, path) == ("process", "actions", "hold", "requires", 2, "when")
    assert list_positions(BUNDLE, ("decisions", "duty", "exceptions", "1")) == ("decisions", 0, "exceptions", 0)


@pytest.fixture
def script():
    path = Path(__file__).parents[3] / "scripts" / "mutate.py"
    spec = importlib.util.spec_from_file_location("mutate", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_reports_what_is_noticed(script, capsys):
    asked = ["--process", "examples/petition/petition", "--sample", "30", "--format", "json", "--quiet"]
    assert script.main(asked) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["process"] == "examples/petition/petition"
    assert report["share"] == 100.0
    assert sum(sum(counted.values()) for counted in report["kinds"].values()) == 30
    assert script.main(["--process", "no/such"]) == 2
    assert "examples/petition/petition" in capsys.readouterr().err


def test_the_script_names_the_place_of_a_survivor_and_fails_below_the_goal(script, capsys, tmp_path):
    for name in ("processes", "rules"):
        shutil.copytree(MINI / name, tmp_path / name)
    folder = tmp_path / "processes" / "mini" / "scenarios"
    folder.mkdir()
    told = {
        "language": 1,
        "scenario": "s",
        "process": "mini/talk",
        "as_of": "2026-01-05",
        "expect": [{"state": "planned"}],
    }
    (folder / "one.yaml").write_text(json.dumps(told), encoding="utf-8")
    assert script.main(["--project", str(tmp_path), "--kind", "number", "--quiet"]) == 1
    out = capsys.readouterr().out
    line = next(
        n
        for n, text in enumerate((MINI / "processes/mini/talk.yaml").read_text(encoding="utf-8").splitlines(), 1)
        if "at_least: 15" in text
    )
    assert f"processes/mini/talk.yaml:{line}: number: process.obligations.a2.notice.limit.at_least: 15 -> 16" in out
    assert "mini/talk: 0.0 % noticed" in out


def test_every_declared_equivalent_is_a_mutant_that_survives(script):
    equivalents = script._equivalents()
    for name, declared in equivalents.items() if SOAK else list(equivalents.items())[:1]:
        process = MutatedProcess(project_files(None), name)
        by_id = {one.id: one for one in process.mutants()}
        assert set(declared) <= set(by_id)
        assert all(why for why in declared.values())
        tried = list(declared) if SOAK else list(declared)[:1]
        assert [each for each in tried if process.judge(by_id[each]).fate != "survived"] == []


def test_what_the_language_refuses_is_no_mutant_and_what_nothing_tells_survives():
    process = MutatedProcess(Files(MINI / "processes", MINI / "rules"), "mini/talk")
    assert process.scenarios == []
    force = process.mutants(["force"])[0]
    assert process.judge(force).fate == "survived"
    assert process.judge(force, {force.id: "why"}).fate == "equivalent"
    nonsense = Mutant("unit", (*force.path[:-1], "unknown"), "a -> b", 1)
    assert process.judge(nonsense).fate == "refused"


def test_an_entry_that_is_no_survivor_is_stale():
    mutant = Mutant("role", ("process", "when"), "dropped", DROP)
    judged = [MutantOutcome(mutant, "equivalent", "a.yaml", 1)]
    assert stale([mutant.id], judged) == []
    assert stale([mutant.id, "process.x: gone"], judged) == ["process.x: gone"]


def test_a_mutant_can_be_resolved_unless_the_language_refuses_it():
    process = MutatedProcess(Files(MINI / "processes", MINI / "rules"), "mini/talk")
    bundle = process.loaded.definition.bundle
    for one in process.mutants():
        if process.judge(one).fate != "refused":
            assert resolve(one.apply(bundle)).hash != process.loaded.definition.hash
