"""Editions, readings and the register on the command line, as text and as JSON."""

from __future__ import annotations

import pytest
from tests.cli.program import Desk, run
from tests.cli.test_output_schema import check
from tests.projects import edition, put, small

from zhengxie_flow.cli.main import main

LATER = edition("2026", "2026-03-01", """\
transition: {by: office}
changes: {obligations: {a2.notice: {limit: {at_least: 5}}, a4.reply: null}}
""")  # fmt: skip
REGISTER = {"processes/mini/interpretations.yaml": """\
language: 1
register: mini-2020
interpretations:
  I-1:
    zh: 算法
    en: Counting
    law: "2"
    date: 2026-01-05
    question: {zh: 怎样算, en: How to count}
    answer: {zh: 不算当日, en: The day itself is left out}
    alternatives:
      clear: {zh: 隔满, en: Clear days, sets: {obligations.a2.notice.limit.count: clear_days}}
      unheard: {zh: 不可表达, en: Not to be expressed, why_not: {zh: 无, en: None}}
    signer: unsigned
"""}  # fmt: skip


class Office(Desk):
    """A project of its own, with its database."""

    def __call__(self, *args):
        return run("--project", self.db.parent, "--db", self.db, "--lang", "en", *args)

    def json(self, *args):
        return run("--project", self.db.parent, "--db", self.db, "--format", "json", *args)


@pytest.fixture
def office(tmp_path):
    """A case with a register that knows another reading, notified on the last day."""
    made = Office(small(tmp_path / "office", REGISTER) / "cases.db")
    for line in (
        "db upgrade",
        "open mini/talk --case c1 --by office --at 2026-01-05",
        "open mini/talk --case c2 --by office --at 2026-04-01",
    ):
        assert made(*line.split()).code == 0
    story = made.db.parent / "c3.yaml"
    story.write_text(
        "language: 1\ncase: c3\nprocess: mini/talk\nopened: 2026-01-05\nby: office\n"
        "given: {items: {guest: {g1: {kind: expert}}}}\nevents:\n"
        "  - {at: 2026-02-26, do: notify, for: g1, by: office}\n  - {at: 2026-03-18, do: hold, by: department}\n",
        encoding="utf-8",
    )
    assert made("import", story).code == 0
    return made


def test_another_reading_is_shown_beside_the_standing_one(office):
    plain = office.json("audit", "--fail-on", "never")
    other = office.json("audit", "--fail-on", "never", "--reading", "I-1=clear")
    check(other, "audit")
    assert {name: value for name, value in other.data.items() if name != "readings"} == plain.data
    assert other.data["readings"]["chosen"] == {"I-1": "clear"}
    assert [(each["case"], each["worst"]) for each in other.data["readings"]["cases"]][-1] == ("c3", "breach")
    (change,) = other.data["readings"]["changes"]
    assert (change["case"], change["obligation"], change["item"]) == ("c3", "a2.notice", "g1")
    assert [change[side]["verdict"] for side in ("before", "after")] == ["pass", "breach"]
    assert [change[side]["latest"] for side in ("before", "after")] == ["2026-02-26", "2026-02-25"]
    text = office("audit", "--fail-on", "never", "--reading", "I-1=clear").out
    assert "by another reading: I-1=clear" in text
    assert text.splitlines()[-1].split() == [
        "c3", "a2.notice", "g1", "pass", "→", "breach", "by", "2026-02-26", "→", "by", "2026-02-25", "Notice",
    ]  # fmt: skip


def test_the_exit_code_is_that_of_the_standing_reading(office):
    assert office("audit", "c3", "--reading", "I-1=clear", "--fail-on", "breach").code == office("audit", "c3").code


@pytest.mark.parametrize(
    ("given", "exit_", "code", "known"),
    [("I-2=clear", 4, "ZX1201", "I-1"), ("I-1=full", 4, "ZX4061", "clear, unheard"), ("I-1", 2, "ZX6010", ""),
     ("I-1=unheard", 2, "ZX4062", "")],
)  # fmt: skip
def test_an_unknown_reading_names_what_there_is(office, given, exit_, code, known):
    answer = office.json("audit", "--reading", given)
    assert (answer.code, answer.error["code"]) == (exit_, code)
    assert known in answer.error["fix"]
    check(answer, "error")


def test_the_register_shows_what_nobody_has_signed(office):
    answer = office.json("register")
    check(answer, "register")
    (register,) = answer.data["registers"]
    (entry,) = register["entries"]
    assert (entry["number"], entry["signed"], entry["status"]) == ("I-1", False, "adopted")
    assert [each["reading"] for each in entry["alternatives"]] == ["clear", "unheard"]
    text = office("register", "mini/talk").out
    assert "I-1" in text
    assert "clear, (unheard)" in text
    assert "1 entries, 1 not signed" in text
    assert office("register", "mini/walk").code == 4


def test_a_case_is_moved_after_a_look_at_what_that_does(office):
    put(office.db.parent, LATER)
    line = ("move", "c1", "--to", "2026", "--by", "office", "--reason", "new law", "--basis", "order 3")
    seen = office.json(*line, "--dry-run")
    check(seen, "move")
    assert seen.data["written"] is False
    assert seen.data["edition"] == {"before": "mini/talk@2020-01-01", "after": "mini/talk@2026-03-01"}
    assert len(office.events("c1")) == 1
    done = office.json(*line)
    check(done, "move")
    assert {**done.data, "event": None, "written": None} == {**seen.data, "event": None, "written": None}
    assert done.data["event"]["type"] == "moved"
    assert [each["type"] for each in office.events("c1")] == ["opened", "moved"]
    check(office.json("show", "c1"), "show")
    again = office.json(*line)
    assert (again.code, again.error["code"]) == (2, "ZX4064")
    assert office("verify").code == 0  # the deadlines of other cases are those of the old edition, which is known
    assert office.json("tick").data["refreshed"] == 2  # of them nothing is written but what lists read
    assert office("verify").code == 0


def test_a_move_is_told_in_words(office):
    put(office.db.parent, LATER)
    text = office("move", "c1", "--to", "2026-03-01", "--by", "office", "--reason", "new law", "--dry-run").out
    assert "edition: mini/talk@2020-01-01 → mini/talk@2026-03-01" in text
    assert "state: Planned → Planned" in text
    assert "no verdict changes" not in text


def test_who_may_not_decide_is_told_who_may(office):
    put(office.db.parent, LATER)
    answer = office.json("move", "c1", "--to", "2026", "--by", "mayor", "--reason", "x")
    assert (answer.code, answer.error["code"]) == (1, "ZX4067")
    (reason,) = answer.error["reasons"]
    assert (reason["id"], reason["value"], reason["needs"], reason["clause"]) == ("role", "false", ["office"], None)


def test_a_case_opened_after_the_amendment_runs_under_it(office):
    put(office.db.parent, LATER)
    assert office("open", "mini/talk", "--case", "c9", "--by", "office").code == 0
    lines = office.json("audit", "c9", "--fail-on", "never").data["cases"][0]["verdicts"]
    assert {line["edition"] for line in lines if line["obligation"] == "a3.conclude"} == {"mini/talk@2026-03-01"}
    assert "a4.reply" in {line["obligation"] for line in lines if line["verdict"] == "not_applicable"}


def test_the_help_of_both_commands_is_whole(capsys):
    for name in ("move", "register"):
        assert main([name, "--help"]) == 0
        assert name in capsys.readouterr().out
