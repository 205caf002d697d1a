"""Cases judged again under each other reading of the register, one at a time, and several together within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.projects import engine_at, put, small
from tests.support import MINI

from zhengxie_flow import Engine
from zhengxie_flow.model.reading_trials import ReadingTrials, decides
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.services.queries.question import ReadingsQuestion
from zhengxie_flow.services.queries.readings import try_readings

REGISTER = "processes/mini/interpretations.yaml"
PROCESS = "processes/mini/talk.yaml"
HEAD = "language: 1\nregister: mini-2020\ninterpretations:\n"
ENTRY = """\
  {number}:
    zh: 条目
    en: Entry
    law: "2"
    date: 2026-01-05
    question: {{zh: 问, en: Asked}}
    answer: {{zh: 答, en: Answered}}
    signer: unsigned
"""


def entry(number: str, **alternatives: str) -> str:
    """An entry of the register with some alternatives."""
    named = "".join(f"      {name}: {{zh: 另, en: Other, {text}}}\n" for name, text in alternatives.items())
    return ENTRY.format(number=number) + (f"    alternatives:\n{named}" if named else "")


CLEAR = entry("I-1", clear="sets: {obligations.a2.notice.limit.count: clear_days}")
LONGER = entry("I-2", longer="sets: {obligations.a2.notice.limit.at_least: 16}")
ANCHORED = entry("I-3", session="sets: {obligations.a3.conclude.limit.after: hold}")
HOPELESS = entry("I-4", never="why_not: {zh: 没有, en: Nothing}") + entry("I-5")
UNFIT = entry("I-6", absurd="sets: {obligations.a2.notice.limit.within: 3}")
NAMED = "zh: 提前通知, en: Notice, interpretation: [I-1, I-4, I-5, I-6],"


def project(folder: Path, *entries: str) -> Path:
    """The small statute with a register, and a notice that rests on four entries."""
    made = small(folder, {REGISTER: HEAD + "".join(entries)})
    text = (MINI / PROCESS).read_text(encoding="utf-8")
    return put(made, {PROCESS: text.replace("zh: 提前通知, en: Notice,", NAMED)})


def told(engine: Engine, case: str, notified: date, *more: tuple[str, date, str]) -> None:
    """A session on 18 March, for which 26 February is the last day of notice."""
    engine.open("mini/talk", case, by="office", at=date(2026, 1, 5), items={"guest": {"g1": {"kind": "expert"}}})
    engine.record(case, "notify", at=notified, by="office", item="g1")
    engine.record(case, "hold", at=date(2026, 3, 18), by="department")
    for action, day, role in more:
        engine.record(case, action, at=day, by=role)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Three cases, which the tests only read."""
    made = project(tmp_path_factory.mktemp("trials"), CLEAR, LONGER, ANCHORED, HOPELESS, UNFIT)
    with engine_at(made, "2026-04-30T09:00:00") as engine:
        told(engine, "late", date(2026, 2, 26))
        told(engine, "early", date(2026, 2, 25))
        told(engine, "closed", date(2026, 2, 26), ("close", date(2026, 4, 1), "office"))
        yield engine


def trials(engine: Engine, **question: Any) -> ReadingTrials:
    return try_readings(engine.context, ReadingsQuestion(**question))


def marked(result: ReadingTrials) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (case.case, line.obligation): line.depends_on_reading
        for case in result.audit.cases
        for line in case.verdicts
        if line.depends_on_reading
    }


def test_a_line_says_under_which_readings_it_would_come_out_otherwise(engine: Engine) -> None:
    assert {line.depends_on_reading for line in engine.audit("late").cases[0].verdicts} == {None}
    result = trials(engine, cases=["late"])
    notice = next(line for line in result.audit.cases[0].verdicts if line.obligation == "a2.notice")
    assert (notice.verdict.value, notice.depends_on_reading) == ("pass", ("I-1", "I-2"))
    # names no entry, and yet depends on one: its limit runs from another act
    conclusion = next(line for line in result.audit.cases[0].verdicts if line.obligation == "a3.conclude")
    assert (conclusion.interpretations, conclusion.depends_on_reading) == ((), ("I-3",))
    others = [line for line in result.audit.cases[0].verdicts if line.obligation == "a4.settle"]
    assert all(line.depends_on_reading == () for line in others)


def test_one_reading_at_a_time_says_what_an_audit_by_it_says(engine: Engine) -> None:
    """The oracle: the lines that depend on an entry are those that ``audit(readings=...)`` changes."""
    result = trials(engine)
    assert [case.case for case in result.audit.cases] == ["closed", "early", "late"]
    for trial in result.trials:
        changes = engine.audit(readings=dict(trial.readings)).reread.changes
        assert trial.changes == tuple(filter(decides, changes)), trial.readings
        assert trial.days == len(changes) - len(trial.changes)
        (number,) = trial.readings
        lines = {(change.case, change.obligation) for change in trial.changes if change.before is not None}
        assert {key for key, entries in marked(result).items() if number in entries} == lines


def test_another_last_day_of_what_was_done_in_time_decides_nothing(engine: Engine) -> None:
    result = trials(engine, cases=["early"])
    assert ("early", "a2.notice") not in marked(result)
    assert {next(iter(trial.readings)): trial.days for trial in result.trials}["I-1"] == 1


def test_readings_together_are_tried_within_bounds_and_said_to_be(engine: Engine) -> None:
    assert trials(engine, cases=["early"]).combinations is None
    whole = trials(engine, cases=["early"], combinations=100).combinations
    assert whole is not None
    assert (whole.tried, whole.possible, whole.exhaustive) == (4, 4, True)
    both = next(trial for trial in whole.trials if dict(trial.readings) == {"I-1": "clear", "I-2": "longer"})
    assert [str(each.after.verdict) for each in both.changes if each.obligation == "a2.notice"] == ["breach"]
    some = trials(engine, cases=["early"], combinations=1).combinations
    assert (some.tried, some.possible, some.exhaustive) == (1, 4, False)


def test_what_cannot_be_tried_is_said_with_its_reason(engine: Engine) -> None:
    result = trials(engine, cases=["late"])
    assert [(each.entry, each.reading, each.reason, each.lines) for each in result.untried] == [
        ("I-6", "absurd", "unfit", 1),
        ("I-4", None, "not_to_be_judged_by", 1),
        ("I-5", None, "no_alternative", 1),
    ]


def test_cases_that_have_ended_are_left_out_where_open_ones_are_asked_for(engine: Engine) -> None:
    result = trials(engine, open_only=True, process="mini/talk")
    assert [case.case for case in result.audit.cases] == ["early", "late"]
    assert trials(engine, process="mini/other").audit.cases == ()


def test_a_reading_of_the_process_of_a_subcase_marks_the_lines_of_the_subcase(tmp_path: Path) -> None:
    hearing = (MINI / PROCESS).read_text(encoding="utf-8").replace("process: talk", "process: hearing")
    made = project(tmp_path, CLEAR, HOPELESS, UNFIT)
    parent = (made / PROCESS).read_text(encoding="utf-8")
    subcase = 'subcases: {sub: {zh: 子, en: Sub, law: "3", process: mini/hearing, by: office}}\n'
    put(made, {"processes/mini/hearing.yaml": hearing, PROCESS: parent.replace("a2.notice:", "a2.told:").replace(
        "obligation: a2.notice", "obligation: a2.told") + subcase})  # fmt: skip
    with engine_at(made, "2026-04-30T09:00:00") as engine:
        engine.open("mini/talk", "p", by="office", at=date(2026, 1, 5))
        engine.open("mini/hearing", "s", by="office", at=date(2026, 1, 6), under="p", subcase="sub",
                    items={"guest": {"g1": {"kind": "expert"}}})  # fmt: skip
        engine.record("s", "notify", at=date(2026, 2, 26), by="office", item="g1")
        engine.record("s", "hold", at=date(2026, 3, 18), by="department")
        result = trials(engine, cases=["p"])
    (subcase_audit,) = result.audit.cases[0].subcases
    lines: list[Judgement] = [line for line in subcase_audit.audit.verdicts if line.depends_on_reading]
    assert ("a2.notice", ("I-1",)) in [(line.obligation, line.depends_on_reading) for line in lines]
    assert [trial.cases for trial in result.trials] == [("s",)]
