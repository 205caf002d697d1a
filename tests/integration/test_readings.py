"""Judging again by another reading of the register (Art. 18)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from tests.projects import ROOT, compiled, edition, engine_at, put, shipped, small

from zhengxie_flow.engine.editions.interpretations import reread
from zhengxie_flow.errors import NotFound, UsageError

REGISTER = "processes/mini/interpretations.yaml"
ENTRIES = """\
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
    sets: {obligations.a2.notice.limit.at_least: 15}
    signer: office
"""


@pytest.fixture
def notified(tmp_path):
    """A case whose guest was notified on the last lawful day."""
    project = small(tmp_path, {REGISTER: ENTRIES})
    with engine_at(project, "2026-03-25T09:00:00") as engine:
        engine.open("mini/talk", "c", by="office", at=date(2026, 1, 5), items={"guest": {"g1": {}}})
        engine.record("c", "notify", at=date(2026, 2, 26), by="office", item="g1")
        engine.record("c", "hold", at=date(2026, 3, 18), by="department")
        yield engine


def test_the_standing_verdicts_stay_and_the_others_stand_beside_them(notified):
    plain, both = notified.audit("c"), notified.audit("c", readings={"I-1": "clear"})
    assert both.cases == plain.cases
    assert plain.reread is None
    assert both.reread.readings == {"I-1": "clear"}
    change, _ = both.reread.changes  # the other is about the late entry, which cured nothing by that reading
    assert (change.case, change.obligation, change.item) == ("c", "a2.notice", "g1")
    assert (str(change.before.verdict), change.before.latest) == ("pass", date(2026, 2, 26))
    assert (str(change.after.verdict), change.after.latest) == ("breach", date(2026, 2, 25))
    assert str(both.reread.cases[0].worst) == "breach"
    assert notified.case("c").version == 3


@pytest.mark.parametrize(
    ("readings", "code", "kind", "known"),
    [
        ({"I-2": "clear"}, "ZX1201", NotFound, ("I-1",)),
        ({"I-1": "full"}, "ZX4061", NotFound, ("clear", "unheard")),
        ({"I-1": "unheard"}, "ZX4062", UsageError, None),
    ],
)
def test_a_reading_that_is_not_there_is_told_with_what_is(notified, readings, code, kind, known):
    with pytest.raises(kind) as caught:
        notified.audit("c", readings=readings)
    assert (caught.value.code, caught.value.params.get("known")) == (code, known)


def test_a_reading_holds_in_every_edition(tmp_path):
    shorter = edition("2026", "2026-03-01", "changes: {obligations: {a2.notice: {limit: {at_least: 5}}}}\n")
    process = compiled(small(tmp_path, {REGISTER: ENTRIES}, shorter))
    other = reread(process, {"I-1": "clear"}, [process.definition.interpretations])
    assert [each.obligation("a2.notice").limit.count for each in other.editions] == ["clear_days", "clear_days"]
    assert [each.obligation("a2.notice").limit.amount for each in other.editions] == [15, 5]
    assert [each.hash for each in other.editions] == [each.hash for each in process.editions]
    assert process.obligation("a2.notice").limit.count is None


def test_a_case_started_before_the_register_said_what_is_set_is_judged_by_the_register_of_now(tmp_path):
    project = small(
        tmp_path, {REGISTER: ENTRIES.replace(", sets: {obligations.a2.notice.limit.count: clear_days}", "")}
    )
    with engine_at(project, "2026-03-25T09:00:00") as engine:
        engine.open("mini/talk", "c", by="office", at=date(2026, 1, 5), items={"guest": {"g1": {}}})
        engine.record("c", "notify", at=date(2026, 2, 26), by="office", item="g1")
        engine.record("c", "hold", at=date(2026, 3, 18), by="department")
    put(project, {REGISTER: ENTRIES})
    with engine_at(project, "2026-03-25T09:00:00") as engine:
        changes = engine.audit("c", readings={"I-1": "clear"}).reread.changes
        assert [change.obligation for change in changes] == ["a2.notice", "integrity.backdated"]


@pytest.mark.parametrize("folder", ["jilin", "examples/petition"])
def test_the_readings_of_a_shipped_register_can_be_judged_by_or_say_why_not(tmp_path, folder):
    """Under each alternative that sets something, at least one process of the register is another."""
    project = shipped(tmp_path)
    names = [path.stem for path in sorted((ROOT / "processes" / folder).glob("*.yaml"))]
    processes = [
        compiled(project, f"{folder}/{name}")
        for name in names
        if re.search(
            r"^process:", (ROOT / "processes" / folder / f"{name}.yaml").read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    register = processes[0].definition.interpretations
    assert [number for number, entry in register.items() if not placed(entry)] == []
    readings = [(number, name, each) for number, entry in register.items() for name, each in entry.alternatives.items()]
    assert [(number, name) for number, name, each in readings if not each.sets and each.why_not is None] == []
    idle = [
        (number, name)
        for number, name, each in readings
        if each.sets and not any(changed(p, number, name) for p in processes)
    ]
    assert idle == []


def placed(entry):
    """True if an entry of words can be judged otherwise, and one of a silence says what would be set."""
    return bool(entry.would_set or entry.sets) if entry.status == "not_in_text" else entry.runnable


def changed(process, number, name):
    """True if a reading makes a process another."""
    standing = process.definition
    other = reread(process, {number: name}, [standing.interpretations]).definition
    return any(getattr(other, part) != getattr(standing, part) for part in ("process", "decisions", "parameters"))


def test_the_settled_readings_of_the_article_on_reports(tmp_path):
    """The report was sent five working days after the opinion: in time from there, late from the end."""
    project = shipped(tmp_path)
    with engine_at(project, "2026-03-31T09:00:00") as engine:
        engine.open("jilin/consultation", "m", by="general_office", at=date(2026, 1, 20))
        for action, day, by, fields in (
            ("end_consultation", date(2026, 3, 4), "undertaking_department", {}),
            ("form_opinion", date(2026, 3, 11), "undertaking_department", {}),
            ("submit_report", date(2026, 3, 18), "general_office",
             {"recipients": ["municipal_government"], "links_all_opinions": True}),
        ):  # fmt: skip
            engine.record("m", action, at=day, by=by, fields=fields)
        found = {}
        for number, name in (("I-2016-02", "from_end"), ("I-2016-06", "both")):
            changes = engine.audit("m", readings={number: name}).reread.changes
            found[number] = [(each.obligation, str(each.before.verdict), str(each.after.verdict)) for each in changes]
    assert found["I-2016-02"] == [("a7.4.report", "pass", "deviation")]
    assert found["I-2016-06"] == [("a7.4.recipients", "breach", "deviation")]


def test_the_register_tells_how_to_ask():
    text = (ROOT / "processes/jilin/interpretations.yaml").read_text(encoding="utf-8")
    assert re.search(r"zhengxie audit --reading", text)
