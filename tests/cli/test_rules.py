"""``zhengxie rules``: what it answers in both forms, and how it ends."""

from __future__ import annotations

import shutil

import pytest
from tests.cli.program import run
from tests.cli.test_output_schema import check
from tests.support import DATA

from zhengxie_flow.resources import rules_dir

TABLES = DATA / "rules"
JILIN = {
    "consultation_duty", "gates", "counterpart_form",
    "hearing", "expert_review", "risk_assessment",
}  # fmt: skip
"""What the measures decide; other statutes may be shipped beside them."""


def test_readback_reads_in_the_language_asked_for():
    english = run("--lang", "en", "rules", "readback", "consultation_duty")
    chinese = run("--lang", "zh", "rules", "readback", "consultation_duty")
    assert english.code == chinese.code == 0
    assert 'if "Concerns public safety" is true, the outcome is "May be left out"' in english.out
    assert "「涉及公众安全」成立的，结果为「可以不协商」" in chinese.out
    answer = run("--format", "json", "rules", "readback", "consultation_duty")
    check(answer, "rules.readback")
    assert answer.data["decisions"][0]["sentences"][-1] == 'In all other cases the outcome is "Required".'


def test_the_shipped_rules_are_proved():
    answer = run("--format", "json", "rules", "prove")
    check(answer, "rules.prove")
    assert answer.code == 0
    assert {each["decision"] for each in answer.data["decisions"]} >= JILIN
    assert all(set(each["claims"].values()) <= {"proved"} for each in answer.data["decisions"])
    assert "proved every case is provided for" in run("--lang", "en", "rules", "prove", "hearing").out


@pytest.fixture
def faulty(tmp_path):
    path = tmp_path / "fee.yaml"
    path.write_text(
        "language: 1\ndecision: fee\nzh: 收费\noutcomes: [low, high]\npolicy: unique\ninputs: {n: int}\nrows:\n"
        '  - {id: "1", n: {at_least: 3}, then: high}\n  - {id: "2", n: {at_most: 3, at_least: 0}, then: low}\n',
        encoding="utf-8",
    )
    return path


def test_what_is_wrong_is_shown_with_a_case_and_its_place(faulty):
    answer = run("--format", "json", "rules", "prove", faulty)
    check(answer, "rules.prove")
    assert answer.code == 1
    (decision,) = answer.data["decisions"]
    faults = {fault["claim"]: fault for fault in decision["faults"]}
    assert faults["overlap"]["case"]["facts"] == {"n": 3}
    assert faults["overlap"]["places"] == ["fee.yaml:8", "fee.yaml:9"]
    assert faults["gap"]["case"]["facts"]["n"] < 0
    assert faults["gap"]["replayed"]["status"] == "no_rule"
    shown = run("--lang", "en", "rules", "prove", faulty)
    assert "refuted no two rows hold together" in shown.out
    assert "n=3" in shown.out


def test_too_few_branches_are_no_proof():
    assert run("rules", "prove", "hearing", "--branches", "1").code == 1


def test_a_difference_is_shown_with_its_case(tmp_path):
    same = run("--format", "json", "rules", "diff", rules_dir() / "jilin", rules_dir() / "jilin")
    check(same, "rules.diff")
    assert same.code == 0
    assert {change["change"] for change in same.data["decisions"]} == {"same"}
    changed = tmp_path / "jilin"
    shutil.copytree(rules_dir() / "jilin", changed)
    text = (changed / "gates.yaml").read_text(encoding="utf-8")
    (changed / "gates.yaml").write_text(
        text.replace("{all: [affects_development", "{any: [affects_development"), encoding="utf-8"
    )
    answer = run("--format", "json", "rules", "diff", rules_dir() / "jilin", changed)
    check(answer, "rules.diff")
    assert answer.code == 1
    moved = {change["decision"]: change for change in answer.data["decisions"] if change["change"] != "same"}
    assert list(moved) == ["hearing"]
    facts = moved["hearing"]["case"]["facts"]
    assert facts["affects_development"] is not facts["affects_vital_interests"]
    assert (moved["hearing"]["old"]["outcome"], moved["hearing"]["new"]["outcome"]) == ("not_required", "required")
    assert "changed hearing" in run("--lang", "en", "rules", "diff", rules_dir() / "jilin", changed).out


def test_a_case_is_explained_with_where_its_facts_are_from(told):
    answer = told.json("rules", "explain", "c1")
    check(answer, "rules.explain")
    traced = answer.data["decisions"][0]
    assert traced["rules"][0]["place"].startswith("rules/mini/")
    assert all(fact["from"] is None or fact["from"]["event"] >= 1 for fact in traced["facts"].values())
    assert told.json("rules", "explain", "c1").out == answer.out
    told("determine", "c1", "urgent=true", "--by", "office", "--reason", "storm")
    after = told.json("rules", "explain", "c1").data["decisions"][0]
    assert after["facts"]["urgent"]["from"]["by"] == "office"
    assert "(Office on 2026-04-30, event 8)" in told("rules", "explain", "c1").out
    check(told.json("rules", "diff", TABLES / "routing.yaml", TABLES / "routing.yaml", "--cases"), "rules.diff")


def test_facts_alone_are_explained_and_asked_about():
    path = TABLES / "eligibility.yaml"
    answer = run(
        "--format", "json", "rules", "explain", "--decision", path, "--facts", "income=5001", "--facts", "household=4"
    )
    check(answer, "rules.explain")
    assert answer.data["decisions"][0]["outcome"] == "none"
    asked = run("--format", "json", "rules", "ask", "--decision", path, "--facts", "income=2500")
    check(asked, "rules.ask")
    (allowance,) = [each for each in asked.data["decisions"] if each["decision"] == "allowance"]
    assert {each["fact"] for each in allowance["questions"]} == {"household", "disabled"}
    text = run("--lang", "en", "rules", "ask", "--decision", path, "--facts", "income=2500")
    assert "to find out: " in text.out


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("rules explain", 2, "ZX3141"),
        ("rules explain c1 --facts a=1", 2, "ZX3141"),
        ("rules explain --facts nothing=1", 2, "ZX3142"),
        ("rules explain --facts public_safety=perhaps", 2, "ZX4020"),
        ("rules explain --facts public_safety", 2, "ZX6010"),
        ("rules prove nothing", 4, "ZX3140"),
        ("rules prove gone.yaml", 4, "ZX1001"),
        ("rules diff gone gone", 4, "ZX1001"),
        ("rules dance", 2, "ZX1201"),
    ],
)
def test_what_cannot_be_answered_says_why(line, code, message):
    answer = run("--format", "json", *line.split())
    assert (answer.code, answer.error["code"]) == (code, message)


def test_rules_of_unlike_types_are_told_with_their_place(tmp_path):
    path = tmp_path / "d.yaml"
    path.write_text(
        "language: 1\ndecision: d\noutcomes: [a]\ndefault: a\nexceptions:\n"
        '  - {id: "1", when: {all: [n, {n: {at_least: 3}}]}, then: a}\n',
        encoding="utf-8",
    )
    answer = run("--format", "json", "rules", "prove", path)
    assert (answer.code, answer.error["code"], answer.error["line"]) == (3, "ZX3117", 6)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("explain", ("explain", "--decision", "consultation_duty", "--as-of", "2026-06-10",
                     "--facts", "public_safety=true", "--facts", "superior_order=false")),
        ("open", ("explain", "--decision", "consultation_duty", "--as-of", "2026-06-10",
                  "--facts", "public_safety=false")),
        ("readback", ("readback", "consultation_duty")),
    ],
)  # fmt: skip
def test_article_14_is_told_in_sentences_as_approved(name, line, lang):
    kept = TABLES / "golden" / f"article-14.{name}.{lang}.txt"
    assert run("--lang", lang, "rules", *line).out == kept.read_text(encoding="utf-8"), f"compare with {kept}"
