"""Who changed the record: attribution of every write, who may state what, and what a change made milder."""

from __future__ import annotations

import json
from datetime import date
from inspect import signature
from pathlib import Path

import pytest
from tests.cli.program import run
from tests.projects import edition, engine_at, small
from tests.support import shanghai

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.errors import Refused, UsageError
from zhengxie_flow.model.findings import MilderRecord
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.services.commands.importing import import_cases

TALK = "processes/mini/talk.yaml"
NAMED = "statements: {plan: {by: mayor}, explain: {by: mayor}, correct: {by: [mayor, office]}, open: {by: [office, department]}}\n"
WRITES = ("open", "advance", "record", "determine", "plan", "explain", "correct", "link", "move", "erase")


@pytest.fixture
def project(tmp_path):
    small(tmp_path)
    path = tmp_path / TALK
    path.write_text(path.read_text(encoding="utf-8") + "\n" + NAMED, encoding="utf-8")
    return tmp_path


@pytest.fixture
def engine(project):
    with engine_at(project, "2026-03-25T09:00:00") as made:
        made.open("mini/talk", "c", by="office", at=date(2026, 1, 5), items={"guest": {"g1": {}}})
        yield made


def findings(engine: Engine, as_of: date | None = None, known_at=None) -> list[tuple[str, str, tuple[str, ...]]]:
    lines = engine.audit("c", as_of=as_of, known_at=known_at).cases[0].verdicts
    return [
        (line.obligation, str(line.actual.event), line.detail)
        for line in lines
        if line.obligation.startswith("integrity.")
    ]


@pytest.mark.parametrize("name", WRITES)
def test_every_write_takes_role_person_and_recorder(name):
    assert {"by", "actor", "recorded_by"} <= signature(getattr(Engine, name)).parameters.keys()


def test_what_is_written_names_all_three(engine):
    who = {"actor": "zhang", "recorded_by": "li"}
    written = [
        engine.open("mini/talk", "d", by="office", at=date(2026, 1, 5), **who),
        engine.record("c", "prepare", at=date(2026, 1, 6), by="office", **who),
        engine.determine("c", {"urgent": True}, by="office", reason="r", **who),
        engine.plan("c", "hold", to=date(2026, 5, 1), by="mayor", **who),
        engine.explain("c", "a4.report", reason="r", by="office", **who),
        engine.correct("c", 2, reason="r", by="office", retract=True, **who),
    ]
    assert {(event.actor, event.recorded_by) for event in written} == {("zhang", "li")}


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (
            lambda engine, by, **at: engine.plan("c", "hold", to=date(2026, 5, 1), by=by, **at),
            {"mayor": True, "office": False, "department": False},
        ),
        (  # the office owes it, the mayor is named
            lambda engine, by, **at: engine.explain("c", "a4.report", reason="r", by=by, **at),
            {"office": True, "mayor": True, "department": False},
        ),
        (
            lambda engine, by, **at: engine.correct("c", 2, reason="r", retract=True, by=by, **at),
            {"office": True, "mayor": True, "partner": False},
        ),
    ],
)
def test_who_may_state_what(engine, ask, told):
    engine.record("c", "prepare", at=date(2026, 1, 6), by="office")
    for by, allowed in told.items():
        if not allowed:
            before = engine.case("c").version
            with pytest.raises(Refused) as caught:
                ask(engine, by)
            assert (caught.value.code, engine.case("c").version) == ("ZX4043", before)
            event = ask(engine, by, at=date(2026, 3, 1))  # told of the past, it stands
            assert ("integrity.authority", str(event.sequence), ("wrong_authority",)) in findings(engine)
    allowed = next(by for by, may in told.items() if may)
    event = ask(engine, allowed)
    assert not [entry for entry in findings(engine) if entry[:2] == ("integrity.authority", str(event.sequence))]


def test_who_may_open(project):
    with engine_at(project, "2026-03-25T09:00:00") as engine:
        with pytest.raises(Refused) as caught:
            engine.open("mini/talk", "c", by="mayor")
        assert caught.value.code == "ZX4043"
        engine.open("mini/talk", "c", by="mayor", at=date(2026, 1, 5))
        assert findings(engine) == [("integrity.authority", "1", ("wrong_authority",))]


@pytest.mark.parametrize(("by", "code"), [(None, "ZX4042"), ("nobody", "ZX1201")])
@pytest.mark.parametrize("at", [None, date(2026, 3, 1)])
def test_nobody_corrects(engine, by, code, at):
    engine.record("c", "prepare", at=date(2026, 1, 6), by="office")
    with pytest.raises(UsageError) as caught:
        engine.correct("c", 2, reason="r", retract=True, by=by, at=at)
    assert caught.value.code == code


def test_a_correction_that_cures_is_a_finding_from_the_day_it_cured_once_known(tmp_path):
    small(tmp_path)
    database = str(tmp_path / "cases.db")
    with Engine(database, project=tmp_path, clock=FixedClock(shanghai("2026-03-02T18:00:00"))) as engine:
        engine.open("mini/talk", "c", by="office", at=date(2026, 1, 5), items={"guest": {"g1": {}}})
        engine.record("c", "finish", at=date(2026, 3, 2), by="department")  # to be concluded by 9 March
    with Engine(database, project=tmp_path, clock=FixedClock(shanghai("2026-03-25T09:00:00"))) as engine:
        assert engine.correct("c", 2, reason="r", by="office", fields={"at": "2026-03-23"}).sequence == 3
        cure = ("a3.conclude", "overdue", "pending")
        days = {day: cure in cured(engine, date(2026, 3, day)) for day in (9, 10, 20, 25, 31)}
        assert days == {9: False, 10: True, 20: True, 25: True, 31: True}
        assert cured(engine, date(2026, 3, 25), shanghai("2026-03-25T08:00:00")) == []
        (line,) = [line for line in engine.audit("c").cases[0].verdicts if line.obligation == "integrity.correction"]
        note = line.note(MilderRecord)
        changes = [(change.name, change.old, change.new) for change in note.values]
        assert (line.actual.event, note.changed, changes) == (3, 2, [("at", "2026-03-02", "2026-03-23")])


def cured(engine: Engine, as_of: date, known_at=None) -> list[tuple[str, str, str | None]]:
    """The lines that became milder by a change of the record, before and after."""
    lines = engine.audit("c", as_of=as_of, known_at=known_at).cases[0].verdicts
    notes = [line.note(MilderRecord) for line in lines if line.obligation == "integrity.correction"]
    return [(change.obligation, change.old, change.new) for note in notes for change in note.verdicts]


@pytest.mark.parametrize("rule", ["by_performance", "by_start"])
@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("finished", [date(2026, 2, 20), date(2026, 3, 4)])
def test_the_day_that_is_shown_is_the_day_the_audit_honours_whatever_edition_governs(tmp_path, rule, moved, finished):
    longer = edition(
        "2026", "2026-03-01",
        f"transition: {{rule: {rule}}}\nchanges: {{obligations: {{a3.conclude: {{limit: {{within: 9}}}}}}}}\n",
    )  # fmt: skip
    with engine_at(small(tmp_path, longer), "2026-03-05T09:00:00") as engine:
        engine.open("mini/talk", "c", by="office", at=date(2026, 1, 5))
        engine.record("c", "finish", at=finished, by="department")
        if moved:
            engine.move("c", to="2026", by="office", reason="r")
        (row,) = [row for row in engine.due() if row.obligation == "a3.conclude"]
        audited = {line.due for line in engine.audit("c").cases[0].verdicts if line.obligation == "a3.conclude"}
        assert audited == {row.day}
        verdicts = {}
        for day in (row.day, date.fromordinal(row.day.toordinal() + 1)):
            lines = engine.audit("c", as_of=day).cases[0].verdicts
            verdicts[day] = [str(line.verdict) for line in lines if line.obligation == "a3.conclude"]
        assert list(verdicts.values()) == [["pending"], ["overdue"]]


FILE = {"language": 1, "case": "f", "process": "mini/talk", "opened": "2026-01-05", "by": "office"}
HISTORY = [
    {"at": "2026-03-02", "do": "finish", "by": "department"},  # to be concluded by 9 March
    {"at": "2026-03-05", "do": "conclude", "by": "department", "actor": "zhang"},
    {"at": "2026-03-06", "correct": 3, "by": "office", "reason": "r", "with": {"at": "2026-03-04"}},
]


@pytest.mark.parametrize(("first", "expected"), [(len(HISTORY), []), (1, [("integrity.correction", "4")]), (2, [])])
def test_a_file_that_opens_its_case_has_nothing_before_it_and_one_that_adds_to_it_is_one_entry(
    tmp_path, first, expected
):
    small(tmp_path)
    for count, now in ((first, "2026-03-23T09:00:00"), (len(HISTORY), "2026-03-25T09:00:00")):
        path = tmp_path / "f.yaml"
        path.write_text(json.dumps({**FILE, "events": HISTORY[:count]}), encoding="utf-8")
        with Engine(str(tmp_path / "cases.db"), project=tmp_path, clock=FixedClock(shanghai(now))) as engine:
            import_cases(engine.context, read_cases(path))
            lines = engine.audit("f").cases[0].verdicts
    marks = [line for line in lines if line.obligation in ("integrity.correction", "integrity.backdated")]
    assert [(line.obligation, str(line.actual.event)) for line in marks] == expected


def test_an_import_is_one_entry_in_the_cases_above_too(tmp_path, monkeypatch):
    """The subcases of a file are told to their parents with the file, however the clock runs meanwhile."""
    monkeypatch.delenv("ZHENGXIE_CLOCK", raising=False)
    city = sorted((Path(__file__).parents[2] / "examples" / "qinghe").glob("*.yaml"))
    database = str(tmp_path / "city.db")
    with Engine(database):
        pass
    assert run("--db", database, "import", *city).code == 0
    with Engine(database, clock=FixedClock(shanghai("2026-11-22T09:00:00")), read_only=True) as engine:
        lines = [line for case in engine.audit(as_of=date(2026, 11, 22)).cases for line in case.verdicts]
    assert not [line for line in lines if line.note(MilderRecord) is not None]
