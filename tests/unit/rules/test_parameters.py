"""Parameters proved, compared and read back like decisions."""

from __future__ import annotations

import pytest
from tests.cli.program import run
from tests.cli.test_output_schema import check

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.reading.rulesets import of_path
from zhengxie_flow.rules.diff import diff_folders
from zhengxie_flow.rules.parameters import prove_parameter

HEAD = "language: 1\nparameters:\n  period:\n    zh: 期间\n    en: Period\n    law: '3'\n"
ROWS = """\
    rows:
      - {id: big, basis: doc-1, when: {headcount: {at_least: 100}}, within: 20, unit: working_day}
      - {id: middle, law: '4', when: {headcount: {at_least: 10, less_than: 100}}, within: 10, unit: working_day}
"""
DEFAULT = "    default: {within: 5, unit: working_day}\n"


def made(tmp_path, text, name="p.yaml"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def proof_of(path):
    (rules,) = of_path(path)
    return prove_parameter(rules.parameters["period"])


def test_rows_that_are_told_apart_are_proved(tmp_path):
    proof = proof_of(made(tmp_path, ROWS + DEFAULT))
    assert proof.claims == dict.fromkeys(("overlap", "shadowed", "unreachable", "useless"), "proved")


def faulty(tmp_path, text, claim):
    proof = proof_of(made(tmp_path, text))
    assert proof.claims[claim] == "refuted"
    return next(fault for fault in proof.faults if fault.claim == claim)


def test_rows_that_hold_together_are_shown_with_a_case(tmp_path):
    fault = faulty(tmp_path, ROWS.replace(", less_than: 100", "") + DEFAULT, "overlap")
    assert fault.rules == ("big", "middle")
    assert fault.case.facts["headcount"] >= 100
    assert fault.outcome.status == "conflict"


def test_a_row_behind_another_never_counts(tmp_path):
    rows = ROWS + "      - {id: late, when: {headcount: {at_least: 50}}, within: 9, unit: working_day}\n"
    fault = faulty(tmp_path, rows + DEFAULT, "shadowed")
    assert (fault.rules, fault.outcome.fired, fault.outcome.overridden) == (("late",), ("middle",), ("late",))
    assert faulty(tmp_path, rows + DEFAULT, "unreachable").name == "within: 9, unit: working_day"


def test_a_row_that_contradicts_itself_never_counts(tmp_path):
    rows = (
        "    rows:\n      - {id: none, when: {headcount: {at_least: 5, less_than: 3}}, within: 9, unit: working_day}\n"
    )
    assert faulty(tmp_path, rows + DEFAULT, "shadowed").case is None


def test_where_nothing_is_set_is_a_gap_unless_nothing_ever_is(tmp_path):
    fault = faulty(tmp_path, ROWS, "gap")
    assert fault.case.facts["headcount"] < 10
    assert proof_of(made(tmp_path, "    status: not_in_text\n")).claims == {}


def test_the_same_default_twice_makes_no_row_useless(tmp_path):
    proof = proof_of(
        made(tmp_path, ROWS.replace("within: 20", "within: 5").replace("within: 10", "within: 5") + DEFAULT)
    )
    assert proof.claims["useless"] == "refuted"


def test_what_cannot_be_compared_is_told_with_its_row(tmp_path):
    rows = ROWS + "      - {id: odd, when: headcount, within: 9, unit: working_day}\n"
    with pytest.raises(InvalidDefinition) as told:
        of_path(made(tmp_path, rows + DEFAULT))
    (problem,) = told.value.problems
    assert (problem.code, problem.where.file, problem.where.line) == ("ZX3117", "p.yaml", 10)


def test_a_change_is_shown_with_a_case(tmp_path):
    old = made(tmp_path, ROWS + DEFAULT, "old.yaml")
    new = made(tmp_path, ROWS.replace("less_than: 100", "less_than: 90") + DEFAULT, "new.yaml")
    answer = run("--format", "json", "rules", "diff", old, new)
    check(answer, "rules.diff")
    (change,) = answer.data["decisions"]
    assert (answer.code, change["decision"], change["kind"], change["change"]) == (1, "period", "parameter", "changed")
    assert 90 <= change["case"]["facts"]["headcount"] < 100
    assert (change["old"]["outcome"], change["new"]["outcome"]) == (
        "within: 10, unit: working_day", "within: 5, unit: working_day",
    )  # fmt: skip
    assert run("rules", "diff", old, old).code == 0


def test_folders_are_compared_each_with_its_own(tmp_path):
    for side, hours in {"old": ("1", "2"), "new": ("1", "3")}.items():
        for folder, n in zip(("a", "b"), hours, strict=True):
            made(tmp_path / side / folder, f"    default: {{within: {n}, unit: hour}}\n")
    sides = [{rules.folder: rules.parameters for rules in of_path(tmp_path / side)} for side in ("old", "new")]
    found = diff_folders(*sides, kind="parameter")
    assert [(change.decision, change.change) for change in found] == [("a/period", "same"), ("b/period", "changed")]
    moved = diff_folders({"a": sides[0]["a"]}, {"z": sides[1]["a"]})
    assert [(change.decision, change.change) for change in moved] == [("period", "same")]
    gone = diff_folders(sides[0], {"a": sides[1]["a"]})
    assert [(change.decision, change.change) for change in gone] == [("a/period", "same"), ("b/period", "removed")]


SENTENCES = {
    "en": [
        "[Period] A parameter, not in the text. Under: 3.",
        'big (under doc-1): if "headcount" is at least 100, it is "within 20 working days". In force from 2020-01-01.',
        'middle (under 4): if "headcount" is at least 10 and is less than 100, it is "within 10 working days".',
        'In all other cases it is "within 5 working days".',
    ],
    "zh": [
        "【期间】参数，条文未写。依据：3。",
        "big（依据 doc-1）：「headcount」不少于100的，为「20 个工作日内」。自 2020-01-01 起施行。",
        "middle（依据 4）：「headcount」不少于10，并且少于100的，为「10 个工作日内」。",
        "其他情形：为「5 个工作日内」。",
    ],
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_parameter_reads_back_as_sentences(tmp_path, lang):
    rows = ROWS.replace("basis: doc-1,", "basis: doc-1, in_force: {from: 2020-01-01},")
    path = made(tmp_path, "    status: not_in_text\n" + rows + DEFAULT)
    answer = run("--lang", lang, "--format", "json", "rules", "readback", path)
    check(answer, "rules.readback")
    (parameter,) = answer.data["decisions"]
    assert (parameter["kind"], parameter["sentences"]) == ("parameter", SENTENCES[lang])


@pytest.mark.parametrize(
    ("row", "lang", "said"),
    [
        ("{id: all, basis: doc-1}", "en", 'all (under doc-1): it is "no set time, the order alone counts".'),
        ("{id: all, basis: doc-1}", "zh", "all（依据 doc-1）：为「不定天数，只看先后」。"),
        (
            "{id: small, when: {not: {headcount: {at_least: 10}}}, within: 5, unit: hour}",
            "en",
            'small (under 3): if it is not so that "headcount" is at least 10, it is "within 5 hours".',
        ),
        (
            "{id: quiet, when: {not: urgent}, within: 5, unit: hour}",
            "en",
            'quiet (under 3): if "urgent" is false, it is "within 5 hours".',
        ),
    ],
)
def test_a_row_says_no_more_than_it_has(tmp_path, row, lang, said):
    path = made(tmp_path, f"    rows:\n      - {row}\n")
    answer = run("--lang", lang, "--format", "json", "rules", "readback", path)
    assert answer.data["decisions"][0]["sentences"][1] == said


def test_the_shipped_parameters_are_proved_and_read_back():
    answer = run("--format", "json", "rules", "prove", "a14.approver")
    check(answer, "rules.prove")
    assert answer.code == 0
    shown = run("--lang", "en", "rules", "readback", "a14.approver").out
    assert 'In every case it is "Principal leader of the municipal government".' in shown
