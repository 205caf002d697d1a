"""Limits with a calendar and a convention of their own in a journal: one answer at every door, notices, the chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import run, write
from tests.cli.test_ticking import LAW
from tests.integration.test_recomputing import AFTER, BEFORE, Moving, bring
from tests.projects import put

from zhengxie_flow import Engine
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.services.commands.importing import import_cases

PROCESS = """\
language: 1
process: p
zh: 跨境事项
en: Matter across a border
law: trial
in_force: {from: 2020-01-01}
calendar: NL
convention: nl_awb
zone: Asia/Shanghai
roles:
  office: {zh: 办公室, en: Office, law: "1"}
facts:
  place: {type: enum, of: [here, there], zh: 地点, en: Place, law: "1", by: office}
states:
  open: {zh: 办理中, en: Open, law: "1"}
  ended: {zh: 办结, en: Ended, final: true, law: "1"}
actions:
  start: {zh: 开始, en: Start, law: "1", by: office, from: open}
  act: {zh: 办理, en: Act, law: "1", by: office, from: open}
  look: {zh: 核查, en: Look, law: "1", by: office, from: open}
  report: {zh: 报告, en: Report, law: "1", by: office, from: open}
  answer: {zh: 答复, en: Answer, law: "1", by: office, from: open}
  end: {zh: 办结, en: End, law: "1", by: office, from: open, to: ended}
obligations:
  own: {zh: 按另一日历, en: By another calendar, law: "1", who: office, do: act, limit: {within: 75, unit: calendar_day, after: start, calendar: cn, convention: cn_civil}}
  home: {zh: 按本日历, en: By its calendar, law: "1", who: office, do: look, limit: {within: 6, unit: week, after: start}}
  chosen: {zh: 按所选日历, en: By a chosen calendar, law: "1", who: office, do: answer, limit: {within: 30, unit: working_day, after: start, calendar: {field: place, of: {here: cn, there: NL}}}}
  monthly: {zh: 每月报告, en: Reported monthly, law: "1", who: office, do: report, limit: {every: {period: month}, roll: next, calendar: cn}}
"""
CASE = {
    "language": 1, "case": "C", "process": "t/p", "opened": "2026-11-21", "by": "office",
    "given": {"facts": {"place": "here"}}, "events": [{"at": "2026-11-22", "do": "start", "by": "office"}],
}  # fmt: skip
FIRM = {"own": "2027-02-14", "home": "2027-01-04", "chosen": "2027-01-04", "monthly": "2026-11-30"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return put(tmp_path / "city", {"zhengxie.toml": "", "processes/t/law.yaml": LAW, "processes/t/p.yaml": PROCESS})


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture
def engine(project: Path, clock: Moving) -> Iterator[Engine]:
    with Engine(project / "cases.db", project=project, clock=clock) as opened:
        import_cases(opened.context, read_cases(write(project / "c.yaml", CASE)))
        yield opened


def due(engine: Engine) -> dict[str, tuple[str, str]]:
    """The deadlines of the list, with whether they are firm."""
    return {f"{row.obligation}.{row.round}": (str(row.day), row.status) for row in engine.due(date(2027, 12, 31))}


def audited(engine: Engine) -> dict[str, tuple[str, str]]:
    """The open lines of the audit, in the same way."""
    lines = engine.audit("C").cases[0].verdicts
    still = ("pending", "provisional", "overdue")
    return {f"{one.obligation}.{one.round}": (str(one.due), one.date_status) for one in lines if one.verdict in still}


def agree(engine: Engine) -> dict[str, tuple[str, str]]:
    """The one answer of the list and the audit, kept by the journal and made again."""
    first = due(engine)
    assert audited(engine) == first
    assert engine.verify(replay=True) == ()
    engine.rebuild()
    assert (due(engine), audited(engine), engine.verify(replay=True)) == (first, first, ())
    assert engine.tick() == ()
    return first


def test_every_door_tells_the_same(engine: Engine) -> None:
    assert agree(engine) == {
        "own.1": ("2027-02-11", "provisional"), "home.1": ("2027-01-04", "firm"),
        "chosen.1": ("2027-01-04", "provisional"), "monthly.1": ("2026-11-30", "firm"),
    }  # fmt: skip
    engine.advance("C", "look", by="office")
    engine.advance("C", "report", by="office")
    assert set(agree(engine)) == {"own.1", "chosen.1"}


def test_a_notice_for_the_second_calendar_moves_what_is_counted_by_it(
    engine: Engine, project: Path, clock: Moving
) -> None:
    before = agree(engine)
    clock.at = AFTER
    bring(project)
    moved = {shift.obligation: (str(shift.old.day), str(shift.new.day)) for shift in engine.recompute()}
    assert moved["own"] == ("2027-02-11", "2027-02-14")
    assert "home" not in moved
    after = agree(engine)
    assert {name: day for name, (day, _) in after.items()} == {f"{name}.1": day for name, day in FIRM.items()}
    assert {status for _, status in after.values()} == {"firm"}
    assert after["home.1"] == before["home.1"]


def test_the_list_follows_the_months_without_an_event(engine: Engine, clock: Moving) -> None:
    """What is kept until the next change, and what is worked out on each day, are one."""
    for month, day in ((11, 30), (12, 1), (12, 2), (12, 31)):
        clock.at = datetime(2026, month, day, 9, tzinfo=BEFORE.tzinfo)
        assert due(engine) == audited(engine), clock.at
        assert engine.verify(replay=True) == ()
    assert {"monthly.1", "monthly.2"} <= set(due(engine))


def test_the_line_proves_its_calendar_its_convention_and_each_step(engine: Engine) -> None:
    lines: dict[str, Any] = {one.obligation: one for one in engine.audit("C").cases[0].verdicts}
    own, home = (lines[name].working.limit for name in ("own", "home"))
    assert (own.counted_by, home.counted_by) == ("cn_civil", "nl_awb")
    assert [(step.kind, step.clause) for step in home.steps] == [("nominal", "Awb 6:8(1)"), ("rolled", "Atw 1(1)")]


def test_the_command_line_tells_it_too(project: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = due(engine)
    monkeypatch.setenv("ZHENGXIE_CLOCK", BEFORE.isoformat())
    here = ("--project", project, "--db", project / "cases.db", "--format", "json")
    rows = run(*here, "due", "--until", "2027-12-31").data["deadlines"]
    assert {f"{row['obligation']}.{row['round']}": row["day"] for row in rows} == {
        k: day for k, (day, _) in listed.items()
    }
    lines = run(*here, "audit", "C", "--fail-on", "never").data["cases"][0]["verdicts"]
    days = {f"{line['obligation']}.{line['round'] or 1}": line["due"] for line in lines if line["due"]}
    assert days == {name: day for name, (day, _) in listed.items()}
    assert run(*here, "verify", "--replay").code == 0
    assert run(*here, "db", "rebuild").code == 0
    assert run(*here, "verify", "--replay").code == 0


def test_a_convention_that_changes_reaches_new_cases_alone(engine: Engine, project: Path, clock: Moving) -> None:
    """A case keeps the conventions of the definition it was opened with."""
    before = agree(engine)
    text = (Path(__file__).parents[2] / "rules" / "conventions" / "nl_awb.yaml").read_text(encoding="utf-8")
    put(project, {"rules/conventions/nl_awb.yaml": text.replace("roll: {forward: next,", "roll: {forward: none,")})
    with Engine(project / "cases.db", project=project, clock=clock) as again:
        assert due(again) == before
        again.open("t/p", "D", by="office", facts={"place": "here"}, at=date(2026, 11, 21))
        again.record("D", "start", at=date(2026, 11, 22), by="office")
        rows = {row.obligation: str(row.day) for row in again.due(date(2027, 12, 31)) if row.case == "D"}
        assert (rows["home"], before["home.1"][0]) == ("2027-01-03", "2027-01-04")
        assert again.verify(replay=True) == ()
