"""What time alone brought: every command says it before it is written, and `tick` writes it once."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import run
from tests.cli.test_calendar_notices import NOTICE
from tests.cli.test_output_schema import check
from tests.projects import put

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.presentation.documents.journals import CaseList, tick_summary
from zhengxie_flow.presentation.serialise import serialise

LAW = """\
language: 1
law: trial
zh: 试验条例
en: Trial Regulations
number: 试〔2020〕1号
issuer: {zh: 试验市, en: Trial City}
issued: 2019-12-01
in_force: {from: 2020-01-01}
clauses:
  "1": {zh: 程序, en: Procedure, force: must}
"""
PROCESS = """\
language: 1
process: p
zh: 许可
en: Permit
law: trial
in_force: {from: 2020-01-01}
calendar: cn
zone: Asia/Shanghai
roles:
  office: {zh: 办公室, en: Office, law: "1"}
  head: {zh: 负责人, en: Head, law: "1"}
states:
  start: {zh: 始, en: Start, law: "1"}
  running: {zh: 办理中, en: Running, law: "1"}
  ended: {zh: 办结, en: Ended, final: true, law: "1"}
actions:
  receive: {zh: 收到, en: Receive, law: "1", by: office, from: start, to: running}
  refuse: {zh: 不予许可, en: Refuse, law: "1", by: office, from: running, to: ended}
  look: {zh: 核查, en: Look, law: "1", by: head, from: running}
  granted: {zh: 视为许可, en: Granted by silence, law: "1", from: running, to: ended}
obligations:
  o.decide:
    zh: 按期决定
    en: Decided in time
    law: "1"
    who: office
    force: must
    do: refuse
    limit: {within: 8, unit: working_day, after: receive, on_lapse: {deem: {action: granted}}}
"""
NOW = "2026-03-20T10:00:00+08:00"


class City:
    """A project with one case on which silence granted on 12 March."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        put(folder, {"zhengxie.toml": "", "processes/t/law.yaml": LAW, "processes/t/p.yaml": PROCESS})
        self.folder, self.db, self._environment = folder, folder / "cases.db", monkeypatch

    def __call__(self, *args: Any, form: str = "json", clock: str = NOW) -> Any:
        self._environment.setenv("ZHENGXIE_CLOCK", clock)
        return run("--project", self.folder, "--db", self.db, "--lang", "en", "--format", form, *args)

    def data(self, *args: Any) -> Any:
        answer = self(*args)
        assert answer.code == 0, answer.out
        return answer.data


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    made = City(tmp_path / "city", monkeypatch)
    for line in (
        "db upgrade",
        "open t/p --case C --by office --at 2026-03-02",
        "record C receive --by office --at 2026-03-02",
    ):
        assert made(*line.split(), clock="2026-03-02T10:00:00+08:00").code == 0
    return made


def told(city: City) -> dict[str, Any]:
    """What each command says of the case."""
    shown, listed = city.data("show", "C"), city.data("list")["cases"]
    audited = city("audit", "C", "--fail-on", "never").data["cases"][0]
    refused = city("advance", "C", "refuse", "--by", "office")
    return {
        "state": [shown["state"], listed[0]["state"], audited["state"]],
        "possible": [action["action"] for action in shown["possible"] if action["ready"]],
        "due": [city.data("due")["deadlines"], shown["deadlines"]],
        "lines": {(line["obligation"], line["verdict"]) for line in audited["verdicts"]},
        "advance": (refused.code, refused.error["code"], [reason["id"] for reason in refused.error["reasons"]]),
    }


def test_every_command_tells_the_same_before_and_after_a_tick(city: City) -> None:
    before = told(city)
    assert before["state"] == ["ended"] * 3
    assert before["possible"] == []
    assert before["due"] == [[], []]
    assert {("o.decide", "overdue"), ("granted", "deemed")} <= before["lines"]
    assert before["advance"] == (1, "ZX4001", ["state"])
    unwritten = city.data("show", "C")["unwritten"]
    assert [(event["action"], event["occurred"]) for event in unwritten] == [("granted", "2026-03-12")]
    assert "Brought by time, not yet written" in city("show", "C", form="text").out
    ticked = city("tick")
    check(ticked, "tick")
    assert [(case["case"], [event["action"] for event in case["events"]]) for case in ticked.data["cases"]] == [
        ("C", ["granted"])
    ]
    assert told(city) == before
    assert city.data("show", "C")["unwritten"] == []
    assert city.data("tick") == {"dry_run": False, "cases": [], "refreshed": 0}
    assert city("verify").code == 0


def test_a_dry_run_writes_nothing(city: City) -> None:
    tried = city.data("tick", "C", "--dry-run")
    assert [(case["case"], len(case["events"])) for case in tried["cases"]] == [("C", 1)]
    assert city.data("show", "C")["version"] == 2
    assert "1 events in 1 cases" in city("tick", "--dry-run", form="text").out


def test_python_ticks_as_the_command_does(city: City) -> None:
    with Engine(city.db, project=city.folder, clock=FixedClock(datetime.fromisoformat(NOW))) as engine:
        assert [(action.action, action.ready) for action in engine.possible("C", "office")] == [
            ("receive", False), ("refuse", False), ("look", False), ("granted", False),
        ]  # fmt: skip
        assert engine.case("C").state == "ended"
        assert engine.case("C").version == 2
        assert city.data("list") == serialise(CaseList(engine.heads()))
        earlier = engine.tick(datetime.fromisoformat("2026-03-12T23:00:00+08:00"), cases=["C"], dry_run=True)
        assert tick_summary(earlier, dry_run=True).cases == ()
        assert tick_summary(engine.tick()).cases[0].events[0].action == "granted"
        assert engine.tick() == ()


def test_who_may_act_is_told_by_role_and_person(city: City) -> None:
    early = "2026-03-05T10:00:00+08:00"
    by_head = city("show", "C", "--role", "head", clock=early).data["possible"]
    reasons = {action["action"]: [reason["id"] for reason in action["reasons"]] for action in by_head}
    assert reasons == {"receive": ["role", "state"], "refuse": ["role"], "look": [], "granted": ["role"]}
    assert city("show", "C", "--role", "mayor", clock=early).error["code"] == "ZX1201"


def test_a_case_that_is_not_there(city: City) -> None:
    assert (city("tick", "X").code, city("tick", "X").error["code"]) == (4, "ZX4002")


def test_a_broken_case_keeps_no_other_from_its_tick(city: City) -> None:
    early = "2026-03-02T10:00:00+08:00"
    for line in ("open t/p --case A --by office --at 2026-03-02", "record A receive --by office --at 2026-03-02"):
        assert city(*line.split(), clock=early).code == 0
    with sqlite3.connect(city.db) as database:
        (guard,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'zx_events_no_update'").fetchone()
        database.execute("DROP TRIGGER zx_events_no_update")
        database.execute("UPDATE zx_events SET previous_hash = 'x' WHERE case_id = 'A' AND sequence = 2")
        database.execute(guard)
    broken = city("tick")
    assert (broken.code, broken.error["code"], broken.error["case"]) == (1, "ZX5901", "A")
    assert city.data("show", "C")["unwritten"] == []
    assert {head["case"]: head["state"] for head in city.data("list")["cases"]} == {"A": "running", "C": "ended"}


def test_after_a_notice_the_lists_name_the_state_that_time_has_brought(city: City) -> None:
    later = "2026-11-30T10:00:00+08:00"
    notice = put(city.folder, {"notice.yaml": NOTICE}) / "notice.yaml"
    for line in (["list"], ["calendar", "import", notice], ["list"]):
        answer = city(*line, clock=later).data
        assert [case["state"] for case in answer.get("cases", ())] in ([], ["ended"])
    assert city("verify", clock=later).code == 0
