"""``audit --readings`` and ``register --impact``: what other readings of the register would change."""

from __future__ import annotations

import pytest
from tests.cli.program import run
from tests.cli.test_law_as_it_changes import REGISTER, Office
from tests.cli.test_output_schema import check
from tests.projects import put, small

PROCESS = "processes/mini/talk.yaml"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An open case whose guest was notified on the last day, and one that has ended; the tests only read."""
    made = Office(small(tmp_path_factory.mktemp("office") / "city", REGISTER) / "cases.db")
    process = made.db.parent / PROCESS
    text = process.read_text(encoding="utf-8").replace("en: Notice, law", "en: Notice, interpretation: [I-1], law")
    put(made.db.parent, {PROCESS: text})
    story = made.db.parent / "story.yaml"
    events = (
        "  - {at: 2026-02-26, do: notify, for: g1, by: office}\n  - {at: 2026-03-18, do: hold, by: department}\n",
        "  - {at: 2026-03-20, do: close, by: office}\n",
    )
    head = "language: 1\ncase: %s\nprocess: mini/talk\nopened: 2026-01-05\nby: office\n"
    guests = "given: {items: {guest: {g1: {kind: expert}}}}\nevents:\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHENGXIE_CLOCK", "2026-04-30T10:00:00+08:00")
        assert made("db", "upgrade").code == 0
        for case, told in (("c1", events[:1]), ("c2", events)):
            story.write_text(head % case + guests + "".join(told), encoding="utf-8")
            assert made("import", story).code == 0
    return made


def test_an_audit_says_which_lines_depend_on_which_reading(office):
    answer = office.json("audit", "c1", "--readings")
    check(answer, "audit")
    lines = {line["obligation"]: line["depends_on_reading"] for line in answer.data["cases"][0]["verdicts"]}
    assert (lines["a2.notice"], lines["a4.report"]) == (["I-1"], [])
    trials = answer.data["other_readings"]
    (trial,) = trials["trials"]
    assert (trial["readings"], trial["lines"], trial["cases"]) == ({"I-1": "clear"}, 1, ["c1"])
    changed = {change["obligation"]: (change["before"], change["after"]) for change in trial["changes"]}
    assert [line["verdict"] for line in changed["a2.notice"]] == ["pass", "breach"]
    assert (trials["untried"], trials["combinations"]) == ([], None)
    plain = office.json("audit", "c1").data
    assert "other_readings" not in plain
    assert {line["depends_on_reading"] for line in plain["cases"][0]["verdicts"]} == {None}


def test_the_text_shows_what_would_change_and_whether_all_sets_were_tried(office):
    text = office("audit", "c1", "--all", "--combinations", "5", "--fail-on", "never").out
    assert "depends on the reading of: I-1" in text
    assert "I-1=clear" in text
    assert "two or more together: all 0 sets were tried" in text


def test_the_impact_counts_the_open_cases_alone(office):
    answer = office.json("register", "mini/talk", "--impact")
    check(answer, "register")
    assert answer.data["cases"] == 1
    (reading,) = answer.data["readings"]
    assert (reading["entry"], reading["reading"], reading["cases"], reading["signed"]) == (
        "I-1",
        "clear",
        ["c1"],
        False,
    )
    assert {"before": "pass", "after": "breach", "count": 1} in reading["outcomes"]
    assert office.json("register", "--impact", "--as-of", "2026-03-01").data["readings"][0]["cases"] == []
    text = office("register", "--impact").out
    assert "1 open cases" in text
    assert "pass → breach 1" in text


@pytest.mark.parametrize(
    ("args", "code", "ends"),
    [
        (("audit", "c1", "--readings", "--reading", "I-1=clear"), "ZX6100", 2),
        (("register", "--as-of", "2026-01-01"), "ZX6101", 2),
        (("register", "--combinations", "3"), "ZX6101", 2),
        (("register", "mini/walk", "--impact"), "ZX4003", 4),
        (("audit", "c9", "--readings"), "ZX4002", 4),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_code(office, args, code, ends):
    answer = office.json(*args)
    assert (answer.error["code"], answer.code) == (code, ends)


def test_a_register_says_which_entries_are_working_assumptions(tmp_path):
    read = REGISTER["processes/mini/interpretations.yaml"]
    law = "language: 1\n" + (small(tmp_path) / "processes/mini/law.yaml").read_text(encoding="utf-8").split("\n", 1)[1]
    put(tmp_path, {"processes/mini/interpretations.yaml": read.replace('law: "2"', 'law: {state-1: "3"}'),
                   "processes/mini/law.yaml": law + "incorporates: {state-1: {zh: 条例, en: Order, source_status: read}}\n"})  # fmt: skip
    answer = run("--project", tmp_path, "--format", "json", "register")
    check(answer, "register")
    assert answer.data["registers"][0]["entries"][0]["working_assumption"] is True
    assert "working assumption" in run("--project", tmp_path, "--lang", "en", "register").out
