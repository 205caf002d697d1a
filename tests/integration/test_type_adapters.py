"""pydantic takes every public result: a program can dump it, describe it and put it into models of its own."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_type_hints

import pytest
from pydantic import TypeAdapter
from tests.cli.program import CLOCK, GUESTS
from tests.support import DATA, MINI

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.calendars import Day, LimitCount
from zhengxie_flow.model.verdict import Audit, Judgement
from zhengxie_flow.reading.calendars import load

NOW = datetime.fromisoformat(CLOCK)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "cases.db", project=MINI, clock=FixedClock(NOW)) as made:
        made.open("mini/talk", "c1", by="office", at=date(2026, 1, 5), items=GUESTS)
        made.record("c1", "notify", at=date(2026, 2, 9), by="office", item="g2")
        made.record("c1", "hold", at=date(2026, 3, 4), by="department")
        yield made


CALLS = {
    "open": lambda engine: engine.open("mini/talk", "c2", by="office"),
    "advance": lambda engine: engine.advance("c1", "finish", by="department"),
    "record": lambda engine: engine.record("c1", "finish", at=date(2026, 3, 4), by="department"),
    "preview": lambda engine: engine.preview("c1", "finish", by="department"),
    "determine": lambda engine: engine.determine("c1", {"urgent": True}, by="office", reason="storm"),
    "plan": lambda engine: engine.plan("c1", "report", to=date(2026, 9, 1), by="office"),
    "explain": lambda engine: engine.explain("c1", "a4.report", reason="storm", by="office"),
    "correct": lambda engine: engine.correct("c1", 2, reason="wrong", by="office", retract=True),
    "case": lambda engine: engine.case("c1"),
    "effects": lambda engine: engine.effects(engine.record("c1", "finish", at=date(2026, 3, 4), by="department")),
    "possible": lambda engine: engine.possible("c1", "department"),
    "tick": lambda engine: engine.tick(),
    "overview": lambda engine: engine.overview("c1"),
    "audit": lambda engine: engine.audit(),
    "due": lambda engine: engine.due(),
    "feed": lambda engine: engine.feed(),
    "recompute": lambda engine: engine.recompute(),
    "preview_recompute": lambda engine: engine.preview_recompute(()),
    "heads": lambda engine: engine.heads(),
    "checkpoint": lambda engine: engine.checkpoint(),
    "verify": lambda engine: engine.verify("no such root"),
    "rebuild": lambda engine: engine.rebuild(),
    "assign": lambda engine: engine.assign("c1", "department", to="education", by="office"),
    "urge": lambda engine: engine.urge("c1", "a4.report", by="office", at=date(2026, 3, 4)),
    "add_user": lambda engine: engine.add_user("zhang", label="张"),
    "disable_user": lambda engine: (engine.add_user("zhang"), engine.disable_user("zhang"))[1],
    "set_password": lambda engine: (engine.add_user("zhang"), engine.set_password("zhang", "correct horse"))[1],
    "password_matches": lambda engine: engine.password_matches("zhang", "correct horse"),
    "hold": lambda engine: (engine.add_user("zhang"), engine.hold("zhang", "education"))[1],
    "directory": lambda engine: (engine.add_user("zhang"), engine.hold("zhang", "education"), engine.directory())[2],
    "refusals": lambda engine: engine.refusals(),
    "cases": lambda engine: engine.cases(),
    "counts": lambda engine: engine.counts(),
    "due_page": lambda engine: engine.due_page(),
    "forms": lambda engine: engine.forms("c1"),
    "labels": lambda engine: engine.labels("mini/talk"),
    "processes": lambda engine: engine.processes(),
    "coverage": lambda engine: engine.coverage(),
    "register": lambda engine: engine.register(),
    "schedule": lambda engine: engine.schedule("mini/talk", {"hold": date(2026, 3, 4)}),
    "exemptions": lambda engine: engine.exemptions(),
    "sentences": lambda engine: engine.sentences(engine.audit("c1")),
    "export_case": lambda engine: carried(lambda file: engine.export_case("c1", file)),
    "import_case": lambda engine: carried(lambda file: (engine.export_case("c1", file), engine.import_case(file))[1]),
}
GIVING_NO_VALUE = {"subscribe", "reading_as"}
"""Methods that give their argument back, or a view of the engine."""
ELSEWHERE = {"close", "erase", "link", "move", "move_cases"}
"""Methods without a result, and those that a case of the small statute cannot show: their types are checked alone."""
PROVED = {"audit", "move", "move_cases", "sentences"}
"""Methods whose values hold what is described as written alone: a count with its proof, an error."""
STREAMS = {"iter_audit", "iter_events"}
"""Methods that give the values of others one by one."""


def carried(call: Callable[[Path], Any]) -> Any:
    """What a call gives of a case file that it writes."""
    with TemporaryDirectory() as folder:
        return call(Path(folder) / "case.jsonl")


def results() -> dict[str, Any]:
    """The type of the result of every public method."""
    methods = inspect.getmembers(Engine, inspect.isfunction)
    named = ((name, method) for name, method in methods if not name.startswith("_") and name not in GIVING_NO_VALUE)
    return {name: get_type_hints(method)["return"] for name, method in named}


def test_no_method_is_left_out() -> None:
    assert set(results()) == set(CALLS) | ELSEWHERE | STREAMS


@pytest.mark.parametrize("name", sorted(set(results()) - STREAMS))
def test_every_result_is_described(name: str) -> None:
    for mode in ("serialization", "validation") if name not in PROVED else ("serialization",):
        TypeAdapter(results()[name]).json_schema(mode=mode)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CALLS)
def test_every_result_is_dumped_and_taken(engine: Engine, name: str) -> None:
    result, adapter = CALLS[name](engine), TypeAdapter(results()[name])
    assert adapter.validate_python(result) == result
    dumped = adapter.dump_python(result, mode="json")
    assert json.loads(adapter.dump_json(result)) == json.loads(json.dumps(dumped))


def test_an_audit_is_dumped_with_every_counted_day(engine: Engine) -> None:
    (case,) = TypeAdapter(Audit).dump_python(engine.audit("c1"), mode="json")["cases"]
    late = next(line for line in case["verdicts"] if line["item"] == "g2")
    assert (late["verdict"], late["latest"], len(late["proof"]["counted"])) == ("breach", "2026-02-05", 15)


def test_a_line_is_dumped_and_taken(engine: Engine) -> None:
    adapter = TypeAdapter(Judgement)
    for line in engine.audit("c1").cases[0].verdicts:
        assert adapter.validate_python(line) == line
        assert adapter.dump_python(line, mode="json")["obligation"] == line.obligation


def test_the_answers_of_a_calendar_are_dumped_and_taken() -> None:
    calendar = load("cn")
    reckoning, day = calendar.within(date(2026, 2, 10), 6), calendar.explain(date(2026, 2, 17))
    assert TypeAdapter(LimitCount).validate_python(reckoning) is reckoning
    assert TypeAdapter(LimitCount).dump_python(reckoning, mode="json")["date"] == reckoning.date.isoformat()
    assert TypeAdapter(Day).validate_python(day) == day
    assert TypeAdapter(Day).dump_python(day, mode="json")["festivals"] == list(day.festivals)


def test_an_erasure_too(tmp_path: Path) -> None:
    with Engine(tmp_path / "cases.db", project=DATA / "personal", clock=FixedClock(NOW)) as engine:
        engine.open("town/petition", "P", by="clerk", facts={"petitioner": "张三丰", "topic": "绿化"})
        erasure = engine.erase("P", 1, "petitioner", reason="asked", by="clerk", dry_run=True)
        adapter = TypeAdapter(results()["erase"])
        assert adapter.validate_python(erasure) == erasure
        assert adapter.dump_python(erasure, mode="json")["places"][0]["field"] == "/facts/petitioner"
