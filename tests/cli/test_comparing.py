"""Facts held against values and against each other: the same answer in a case and around it."""

from __future__ import annotations

import shutil

import pytest
from tests.cli.program import run
from tests.cli.test_output_schema import check
from tests.projects import put
from tests.support import DATA

pytestmark = pytest.mark.usefixtures("project")
CASES = DATA / "comparing" / "cases"
CLOCK = "2026-11-30T10:00:00+08:00"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose requirements compare moments, amounts and points."""
    monkeypatch.setenv("ZHENGXIE_CLOCK", CLOCK)
    folder = tmp_path / "project"
    shutil.copytree(DATA / "comparing", folder)
    monkeypatch.chdir(folder)
    assert run("db", "upgrade").code == 0
    return folder


def verdicts(case):
    answer = run("--format", "json", "audit", case, "--fail-on", "never")
    assert answer.code == 0, answer.err
    return {line["obligation"]: line["verdict"] for line in answer.data["cases"][0]["verdicts"]}


def test_the_same_moment_written_in_two_zones_gives_the_same_verdicts():
    for number in (1, 2):
        assert run("import", CASES / f"{number}.yaml").code == 0
    first, second = verdicts("Z-1"), verdicts("Z-2")
    assert first == second
    assert first["gate.late"] == first["gate.same"] == "pass"


def test_nothing_false_is_said_of_facts_compared_with_each_other():
    checked = run("--format", "json", "check")
    assert checked.code == 0
    assert [found for found in checked.data["findings"] if found["severity"] != "advice"] == []
    proved = run("--format", "json", "rules", "prove", "settled")
    check(proved, "rules.prove")
    assert set(proved.data["decisions"][0]["claims"].values()) == {"proved"}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [(("paid=5", "owed=3"), "full"), (("paid=3", "owed=5"), "short"), (("paid=1.0", "owed=1.00"), "full"),
     (("paid=10", "owed=9"), "full")],
)  # fmt: skip
def test_two_facts_are_explained(facts, outcome):
    answer = run(
        "--format", "json", "rules", "explain", "--decision", "settled", *(f"--facts={fact}" for fact in facts)
    )
    check(answer, "rules.explain")
    (decision,) = answer.data["decisions"]
    assert (decision["status"], decision["outcome"], decision["exact"]) == ("decided", outcome, True)
    assert set(decision["facts"]) == {"paid", "owed"}


def test_both_facts_are_asked_for():
    answer = run("--format", "json", "rules", "ask", "--decision", "settled", "--facts", "paid=5")
    check(answer, "rules.ask")
    (decision,) = answer.data["decisions"]
    assert [question["fact"] for question in decision["questions"]] == ["owed"]
    endings = [[ending["outcome"] for ending in kind["endings"]] for kind in decision["questions"][0]["answers"]]
    assert sorted(endings) == [["full"], ["short"]]
    explained = run("--format", "json", "rules", "explain", "--decision", "settled", "--facts", "rows=1")
    assert explained.code == 2
    nothing = run("--format", "json", "rules", "explain", "--decision", "grade", "--facts", "rows=40")
    assert nothing.data["decisions"][0]["needs"] == ["paid"]


def test_outputs_of_decisions_are_looked_up_like_facts(project):
    given = "{facts: {got: '2026-08-11T04:00:00+08:00', rows: %s, paid: 2.0, owed: 3}}"
    text = (CASES / "1.yaml").read_text(encoding="utf-8").replace("Z-1", "P-%s")
    for rows, points in ((29, "breach"), (30, "pass")):
        head, _, rest = (text % rows).partition("given: ")
        put(project, {"case.yaml": f"{head}given: {given % rows}\n{rest.partition(chr(10))[2]}"})
        assert run("import", "case.yaml").code == 0
        found = verdicts(f"P-{rows}")
        assert (found["gate.points"], found["gate.settled"]) == (points, "breach")
        answer = run("--format", "json", "rules", "explain", f"P-{rows}", "--decision", "grade")
        check(answer, "rules.explain")
        assert answer.data["decisions"][0]["outcome"] == {29: "low", 30: "high"}[rows]
        facts = run(
            "--format", "json", "rules", "explain", "--decision", "grade", f"--facts=rows={rows}", "--facts=paid=2"
        )
        assert facts.data["decisions"][0]["outcome"] == {29: "low", 30: "high"}[rows]


def test_an_output_names_the_role_that_may_act():
    for rows, role, other in ((29, "office", "head"), (30, "head", "office")):
        case = f"R-{rows}"
        assert run("open", "gate/gate", "--case", case, "--by", "office", "--set", f"rows={rows}").code == 0
        assert run("advance", case, "close", "--by", other, "--dry-run").code == 1
        assert run("advance", case, "close", "--by", role).code == 0
    assert run("open", "gate/gate", "--case", "R-0", "--by", "office").code == 0
    assert run("advance", "R-0", "close", "--by", "office").code == 1
    read = run("--lang", "en", "rules", "readback", "closer")
    assert (read.code, 'the value of "Role"' in read.out) == (0, True), read


OPENED = """\
language: 1
case: O-1
process: gate/gate
opened: 2026-08-01
by: office
given: {facts: {paid: 5}}
events: []
"""


def test_a_fact_of_the_opening_is_dated_on_its_day(project):
    assert run("import", CASES / "1.yaml").code == 0
    answer = run("--format", "json", "rules", "explain", "Z-1", "--decision", "settled")
    assert answer.data["decisions"][0]["facts"]["paid"]["from"] is None
    put(project, {"one.yaml": OPENED})
    assert run("import", "one.yaml").code == 0
    answer = run("--format", "json", "rules", "explain", "O-1", "--decision", "settled")
    check(answer, "rules.explain")
    assert answer.data["decisions"][0]["facts"]["paid"]["from"] == {"by": "office", "day": "2026-08-01", "event": 1}


EITHER_WAY = """\
language: 1
decision: band
zh: 档次
en: Band
policy: unique
outcomes: [low, high]
inputs: {income: int, student: bool}
rows:
  - {id: "1", income: {less_than: 100}, then: low}
  - {id: "2", income: {at_least: 100}, student: true, then: low}
  - {id: "3", income: {at_least: 100}, student: false, then: high}
"""


def test_a_decision_settled_whatever_is_unknown_has_no_default(project):
    put(project, {"rules/gate/band.yaml": EITHER_WAY})
    command = ("rules", "explain", "--decision", "band", "--facts", "student=true")
    answer = run("--format", "json", *command)
    check(answer, "rules.explain")
    (decision,) = answer.data["decisions"]
    assert (decision["outcome"], decision["default"], decision["either_way"]) == ("low", False, True)
    shown = run("--lang", "en", *command).out
    assert "the outcome is the same whatever the unknown facts are" in shown
    assert "default" not in shown
    assert "结果都一样" in run("--lang", "zh", *command).out
