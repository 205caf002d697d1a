"""What time produces is written before the next live act, once, and the audit says the same with or without it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.support import shanghai

from zhengxie_flow import Engine, Refused
from zhengxie_flow.bootstrap import FixedClock

STATUTE = """\
language: 1
process: permit
law: permit-1
roles: {office: {zh: 办公室}, citizen: {zh: 申请人}}
states: {open: {zh: 受理中}, granted: {zh: 视为同意}}
actions:
  apply: {zh: 申请, by: citizen, from: open}
  refuse: {zh: 拒绝, by: office, from: open}
  grant: {zh: 同意, from: open, to: granted}
  build: {zh: 开工, by: citizen, from: granted}
obligations:
  answer.in_time:
    {zh: 答复, law: "1", who: office, do: refuse,
     limit: {within: 10, unit: calendar_day, after: apply, late: lapsed, on_lapse: {deem: {action: grant}}}}
"""


@pytest.fixture
def project(tmp_path) -> Path:
    folder = tmp_path / "processes" / "permit"
    folder.mkdir(parents=True)
    (folder / "permit.yaml").write_text(STATUTE, encoding="utf-8")
    return tmp_path


def at(project: Path, day: str) -> Engine:
    clock = FixedClock(shanghai(f"{day}T09:00:00"))
    return Engine(f"sqlite:///{project}/cases.db", project=project, clock=clock)


def verdicts(engine: Engine) -> list[tuple[str, str]]:
    return [(line.obligation, str(line.verdict)) for line in engine.audit("p1").cases[0].verdicts]


def test_silence_grants_and_the_citizen_may_build(project):
    with at(project, "2026-03-02") as engine:
        engine.open("permit/permit", "p1", by="citizen")
        engine.advance("p1", "apply", by="citizen")
    with at(project, "2026-03-13") as engine:
        before = verdicts(engine)
        assert ("grant", "deemed") in before
        engine.advance("p1", "build", by="citizen")
        case = engine.case("p1")
        granted = [event for event in case.events if event.type == "deemed"]
        assert [(event.action, event.occurred) for event in granted] == [("grant", date(2026, 3, 12))]
        assert case.state == "granted"
        assert verdicts(engine) == before
        engine.advance("p1", "build", by="citizen")
        assert sum(event.type == "deemed" for event in engine.case("p1").events) == 1
        assert engine.verify(replay=True) == ()


def test_before_the_day_nothing_is_deemed(project):
    with at(project, "2026-03-02") as engine:
        engine.open("permit/permit", "p1", by="citizen")
        engine.advance("p1", "apply", by="citizen")
    with at(project, "2026-03-12") as engine:
        assert ("grant", "deemed") not in verdicts(engine)


def test_what_can_only_be_deemed_is_nobodys_to_do(project):
    with at(project, "2026-03-02") as engine:
        engine.open("permit/permit", "p1", by="citizen")
        with pytest.raises(Refused) as caught:
            engine.advance("p1", "grant", by="office")
    assert [reason.id for reason in caught.value.reasons] == ["role"]


def test_an_answer_told_late_undoes_what_silence_was_thought_to_have_granted(project):
    with at(project, "2026-03-02") as engine:
        engine.open("permit/permit", "p1", by="citizen")
        engine.advance("p1", "apply", by="citizen")
    with at(project, "2026-03-13") as engine:
        engine.advance("p1", "build", by="citizen")
        assert engine.case("p1").state == "granted"
        told = engine.record("p1", "refuse", at=date(2026, 3, 6), by="office")
        assert told.action == "refuse"
        case = engine.case("p1")
        withdrawn = case.events[-1]
        assert (withdrawn.type, withdrawn.body.retract, withdrawn.action) == ("corrected", True, "grant")
        assert case.state == "open"
        assert "grant" not in dict(verdicts(engine))
        assert ("integrity.order", "finding") in verdicts(engine)  # building came before anything was granted
        assert not engine.verify(replay=True)
        engine.correct("p1", told.sequence, by="office", reason="another case was meant", retract=True)
        assert dict(verdicts(engine))["grant"] == "deemed"
        engine.advance("p1", "build", by="citizen")  # and what time produced stands in the journal again
        assert engine.case("p1").state == "granted"
