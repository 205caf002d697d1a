"""What is wrong in a decision is told with its code at its place; what is merely large is handled within bounds."""

from __future__ import annotations

import shutil

import pytest
from tests.cli.program import run
from tests.support import MINI

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.rule import MOST_ROWS
from zhengxie_flow.reading.sources import validate
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.rules import compiled
from zhengxie_flow.rules.diff import diff
from zhengxie_flow.rules.prove import prove

HEAD = """\
language: 1
decision: d
zh: 决定
outcomes: [low, high]
policy: unique
inputs: {amount: int, urgent: bool, kind: {type: enum, of: [expert, public]}, due: date, note: text}
rows:
"""
EXCEPTIONS = """\
language: 1
decision: d
zh: 决定
outcomes: [low, high]
layers: [act, rule]
default: low
exceptions:
"""


THREE = (
    '  - {id: "1", when: a, then: high, over: "2"}\n  - {id: "2", when: b, then: low, over: "3"}\n'
    '  - {id: "3", when: c, then: low, over: "1"}\n'
)


def problems(text):
    found = []
    validate(read_yaml(text, "d.yaml"), "d.yaml", Decision, found)
    return [(each.code, each.where.line, each.where.column, each.params) for each in found]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ('  - {id: "1", amount: "> 5", then: low}', "ZX3106", 23),
        ('  - {id: "1", amount: "[1..5)", then: low}', "ZX3106", 23),
        ('  - {id: "1", note: "=1+1", then: low}', "ZX3106", 21),
        ('  - {id: "1", note: "${jndi}", then: low}', "ZX3106", 21),
        ('  - {id: "1", note: ["a", "not(5)"], then: low}', "ZX3106", 27),
        ('  - {id: "1", note: "__import__(\'os\')", then: low}', "ZX3106", 21),
        ('  - {id: "1", due: "< 2026-01-01", then: low}', "ZX3106", 20),
        ('  - {id: "1", amuont: 5, then: low}', "ZX3104", 15),
        ('  - {id: "1", amount: {at_leest: 5}, then: low}', "ZX1040", 24),
        ('  - {id: "1", urgent: 1, then: low}', "ZX3111", 23),
        ('  - {id: "1", amount: true, then: low}', "ZX3111", 23),
        ('  - {id: "1", amount: five, then: low}', "ZX3111", 23),
        ('  - {id: "1", due: {before: soon}, then: low}', "ZX3111", 29),
        ('  - {id: "1", due: {at_least: 5}, then: low}', "ZX3111", 15),
        ('  - {id: "1", kind: [expert, publik], then: low}', "ZX1201", 30),
        ('  - {id: "1", kind: {not: expret}, then: low}', "ZX1201", 27),
        ('  - {id: "1", kind: expert, then: lo}', "ZX3001", 35),
        ('  - {id: "1", kind: expert}', "ZX1041", 5),
        ("  - {id: 1, kind: expert, then: low}", "ZX1043", 10),
        ('  - {id: "1а", then: low}', "ZX3107", 10),
        ('  - {id: "１", then: low}', "ZX3107", 10),
        ('  - {id: "1", priority: 2, then: low}', "ZX3101", 25),
    ],
)
def test_a_bad_row_is_told_where_it_is(row, code, column):
    found = problems(HEAD + row + "\n")
    assert [(each[0], each[1], each[2]) for each in found] == [(code, 8, column)]


@pytest.mark.parametrize(
    ("when", "code", "at"),
    [
        ("amount", "ZX3111", "amount"),
        ("{amount: urgent}", "ZX3111", "urgent"),
        ("{amount: {differs_from: {field: kind}}}", "ZX3111", "kind"),
        ("{kind: publik}", "ZX1201", "publik"),
        ("{not: {kind: [expert, publik]}}", "ZX1201", "publik"),
        ("{any: [urgent, {kynd: expert}]}", "ZX3104", "kynd"),
        ("{any: [urgent, urgant]}", "ZX3104", "urgant"),
        ("{all: [urgent, {due: {at_least: 3}}]}", "ZX3111", "due"),
        ("{amount: {at_least: {field: amuont}}}", "ZX3104", "amuont"),
    ],
)
def test_conditions_beside_declared_inputs_are_held_to_them(when, code, at):
    row = f'  - {{id: "1", when: {when}, then: low}}'
    assert [each[:3] for each in problems(HEAD + row)] == [(code, 8, row.index(at) + 1)]
    constraint = f'  - {{id: "1", impossible: {when}}}'
    found = problems(HEAD + '  - {id: "1", then: low}\nconstraints:\n' + constraint)
    assert [each[:3] for each in found] == [(code, 10, constraint.index(at) + 1)]


def test_every_fault_of_a_decision_is_told_at_once():
    rows = '  - {id: "1", kind: publik, then: lo}\n  - {id: "1", amount: five, when: late, over: "2", then: high}\n'
    found = problems(HEAD + rows)
    assert [each[:2] for each in found] == [
        ("ZX1201", 8), ("ZX3001", 8), ("ZX3102", 9), ("ZX3111", 9), ("ZX3104", 9), ("ZX3101", 9),
    ]  # fmt: skip


CIRCLE = """\
- {language: 1, decision: d, zh: 甲, outcomes: [a, b], default: a, exceptions: [
    {id: "1", when: {all: [{decided: {e: a}}, n]}, then: b}]}
- {language: 1, decision: e, zh: 乙, outcomes: [a, b], default: a, exceptions: [
    {id: "1", when: {not: {decided: {d: b}}}, then: b}]}
"""


@pytest.mark.parametrize(
    "command", [("check",), ("rules", "prove"), ("rules", "explain", "--facts", "n=true", "--decision")]
)
def test_decisions_that_rest_on_each_other_are_refused_where_the_circle_could_be_cut(tmp_path, command):
    path = tmp_path / "circle.yaml"
    path.write_text(CIRCLE, encoding="utf-8")
    answer = run("--lang", "en", *command, path)
    assert "circle.yaml:2:10: error ZX1236" in answer.out + answer.err
    assert "d → e → d" in answer.out + answer.err
    assert answer.code in (1, 3)


def test_a_decision_nobody_asks_for_may_not_rest_on_itself_either(tmp_path):
    shutil.copytree(MINI, tmp_path / "own")
    (tmp_path / "own" / "rules" / "mini" / "self.yaml").write_text(
        'language: 1\ndecision: self\nzh: 自\nen: Self\nlaw: "3"\noutcomes: [a, b]\ndefault: a\n'
        'exceptions:\n  - {id: "1", law: "3", when: {decided: {self: a}}, then: b}\n',
        encoding="utf-8",
    )
    answer = run("--project", tmp_path / "own", "--format", "json", "check")
    own = [found for found in answer.data["findings"] if "self.yaml" in found["file"]]
    assert [found["code"] for found in own if found["severity"] != "advice"] == ["ZX1236"]


def test_a_choice_that_does_not_exist_brings_the_nearest():
    ((_, _, _, params),) = problems(HEAD + '  - {id: "1", kind: publik, then: low}\n')
    assert params["suggestion"] == "public"


def test_text_that_is_meant_as_it_stands_is_taken():
    assert problems(HEAD + '  - {id: "1", note: {equals: "> 5"}, then: low}\n') == []


@pytest.mark.parametrize("character", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad"])
def test_what_nobody_sees_is_refused_before_anything_is_read(character):
    with pytest.raises(InvalidDefinition, match="ZX1009"):
        read_yaml(HEAD + f'  - {{id: "1{character}", then: low}}\n', "d.yaml")


@pytest.mark.parametrize(
    ("rules", "code", "line"),
    [
        ('  - {id: "1", when: a, then: high}\n  - {id: "1", when: b, then: low}\n', "ZX3102", 9),
        ('  - {id: "1", when: a, then: high, over: "2"}\n', "ZX1201", 8),
        ('  - {id: "1", when: a, then: high, over: "1"}\n', "ZX3105", 8),
        ('  - {id: "1", when: a, then: high, over: "2"}\n  - {id: "2", when: b, then: low, over: "1"}\n', "ZX3105", 8),
        (THREE, "ZX3105", 8),
        ('  - {id: "1", when: a, then: high, over: "2"}\n  - {id: "2", when: b, then: low, priority: 1}\n', "ZX3105", 8),
        ('  - {id: "1", when: a, then: high, layer: city}\n', "ZX1201", 8),
        ('  - {id: "1", then: high}\n', "ZX1041", 8),
    ],
)  # fmt: skip
def test_a_bad_exception_is_told_where_it_is(rules, code, line):
    assert [(each[0], each[1]) for each in problems(EXCEPTIONS + rules)] == [(code, line)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("outcomes: [low, high]\n", ""), "ZX3114"),
        (("outcomes: [low, high]\n", "outcomes: [low]\noutputs: {a: int}\n"), "ZX3101"),
        (("policy: unique", "policy: exceptions"), "ZX3101"),
        (("policy: unique", "policy: unique\naggregate: sum"), "ZX3101"),
        (("policy: unique", "policy: collect\naggregate: sum"), "ZX3109"),
        (("policy: unique", "policy: collect\nlayers: [act]"), "ZX3101"),
        (("policy: unique", "policy: best"), "ZX1049"),
        (("amount: int", "then: int"), "ZX3108"),
        (("outcomes: [low, high]\npolicy: unique", "outputs: {fee: int}\npolicy: priority"), "ZX3115"),
        (("outcomes: [low, high]", "outputs: {fee: int, tax: int}"), "ZX3112"),
        (("outcomes: [low, high]", "outputs: {fee: int}"), "ZX3111"),
        (("[low, high]", "[low, hіgh]"), "ZX3107"),
    ],
)
def test_a_bad_head_is_told(change, code):
    text = HEAD.replace(*change) + '  - {id: "1", urgent: true, then: low}\n'
    assert [each[0] for each in problems(text)] == [code]


def decision(**keys):
    return Decision.model_validate({"language": 1, "decision": "d", "outcomes": ["low", "high"], **keys})


@pytest.mark.parametrize(
    "when",
    [
        {"all": ["a", {"a": {"at_least": 3}}]},
        {"any": [{"n": {"at_least": 3}}, {"n": {"before": "2026-01-01"}}]},
        {"all": [{"n": {"more_than": 1}}, "n"]},
    ],
)
def test_a_name_held_against_unlike_things_is_refused(when):
    with pytest.raises(InvalidDefinition, match="ZX3117"):
        compiled(decision(default="low", exceptions=[{"id": "1", "when": when, "then": "high"}]))


def test_a_table_may_be_long_and_no_longer():
    rows = [{"id": str(n), "a": {"at_least": n, "less_than": n + 1}, "then": "low"} for n in range(MOST_ROWS + 1)]
    assert len(decision(policy="first", inputs={"a": "int"}, rows=rows[:2000]).rows) == 2000
    with pytest.raises(ValueError, match="at most 10000"):
        decision(policy="first", inputs={"a": "int"}, rows=rows)


def test_two_thousand_rows_are_decided_and_proved():
    rows = [{"id": str(n), "a": {"at_least": n, "less_than": n + 1}, "then": "low"} for n in range(1998)]
    rows += [
        {"id": "below", "a": {"less_than": 0}, "then": "low"},
        {"id": "above", "a": {"at_least": 1998}, "then": "high"},
    ]
    ruleset = compiled(decision(policy="unique", inputs={"a": "int"}, rows=rows))
    assert ruleset.decide({"a": 77}).fired == ("77",)
    assert prove(ruleset, requested=("gap", "overlap")).claims == {"gap": "proved", "overlap": "proved"}


def test_forty_booleans_that_rows_look_at_one_each_are_proved():
    names = [f"f{n}" for n in range(40)]
    rows = [{"id": name, name: True, "then": "high"} for name in names]
    ruleset = compiled(decision(policy="any", inputs=dict.fromkeys(names, "bool"), rows=rows, default="low"))
    assert prove(ruleset).sound
    gap = prove(compiled(decision(policy="any", inputs=dict.fromkeys(names, "bool"), rows=rows)))
    assert gap.claims["gap"] == "refuted"
    assert gap.faults[0].case.facts == dict.fromkeys(names, False)


def test_what_takes_more_than_the_branches_is_not_proved_and_never_silently_sound():
    names = [f"f{n}" for n in range(16)]
    odd = [{"all": [one, {"not": other}]} for one in names for other in names if one != other]
    ruleset = compiled(decision(default="low", exceptions=[{"id": "1", "when": {"any": odd}, "then": "high"}]))
    proof = prove(ruleset, branches=5)
    assert "not_proved" in proof.claims.values()
    assert not proof.sound
    (change,) = diff({"d": ruleset}, {"d": compiled(decision(default="low"))}, branches=1)
    assert change.change == "not_proved"


def test_a_condition_that_cannot_be_taken_apart_is_not_proved():
    deep = {"any": [{"all": [f"a{n}", f"b{n}"]} for n in range(12)]}
    ruleset = compiled(decision(default="low", exceptions=[{"id": "1", "when": {"not": deep}, "then": "high"}]))
    assert prove(ruleset).claims["shadowed"] == "not_proved"
    facts = {f"{letter}{n}": False for n in range(12) for letter in "ab"}
    from datetime import date

    from zhengxie_flow.rules.reference_evaluator import FactsView, replay

    assert replay(ruleset, FactsView(facts, date(2026, 1, 1))).outcome == "high"


def test_what_rests_on_acts_is_not_proved():
    rows = [
        {"id": "1", "when": {"done": "agree"}, "then": "high"},
        {"id": "2", "when": {"not": {"done": "agree"}}, "then": "low"},
    ]
    ruleset = compiled(decision(policy="unique", rows=[*rows, {"id": "3", "a": True, "then": "low"}]))
    claims = prove(ruleset).claims
    assert claims["overlap"] == "not_proved"
    assert claims["gap"] == "proved"  # the two rows cover everything whatever happened
