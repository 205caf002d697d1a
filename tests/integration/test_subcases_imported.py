"""Files of cases that lie under other cases: opened there or linked, in any order, never in a circle."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.cli.program import run
from tests.integration.test_subcases import Hand, acts, clock, nested_town
from tests.support import DATA

from zhengxie_flow import Engine
from zhengxie_flow.errors import InvalidInput
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.scenario import Scenario
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.services.commands.importing import import_cases

__all__ = ["clock"]

LINKED = """\
- {language: 1, case: X, process: town/hearing, opened: 2026-03-03, by: clerk, events: [
    {at: 2026-03-05, link: M, as: complaint, by: clerk}, {at: 2026-03-10, do: hold}]}
- {language: 1, case: M, process: town/matter, opened: 2026-03-02, by: clerk}
"""
CIRCLE = """\
- {language: 1, case: A, process: town/matter, opened: 2026-03-02, by: clerk, under: B}
- {language: 1, case: B, process: town/matter, opened: 2026-03-02, by: clerk, events: [
    {at: 2026-03-03, link: A, as: part, by: clerk}]}
"""


def test_an_import_brings_cases_in_any_order(tmp_path: Path, clock: Hand) -> None:
    told = DATA / "subcases" / "import.yaml"
    clock.on("2026-04-01")
    run("--project", str(DATA / "subcases"), "--db", str(tmp_path / "i.db"), "db", "upgrade")
    for _ in range(2):  # a second time nothing is new
        answer = run("--project", str(DATA / "subcases"), "--db", str(tmp_path / "i.db"), "import", str(told))
        assert answer.code == 0, answer.err
    with Engine(tmp_path / "i.db", project=DATA / "subcases", clock=clock) as engine:
        assert acts(engine) == [
            "2026-03-03 hearing.opened", "2026-03-10 hearing.held", "2026-03-11 hearing.reported", "2026-03-16 decide",
        ]  # fmt: skip
        assert engine.audit("M").worst is Verdict.PASS
        assert not engine.verify(replay=True)


def test_an_import_links_a_case_to_one_of_the_same_import(tmp_path: Path, clock: Hand) -> None:
    told = tmp_path / "linked.yaml"
    told.write_text(LINKED, encoding="utf-8")
    clock.on("2026-04-01")
    with Engine(tmp_path / "i.db", project=DATA / "subcases", clock=clock) as engine:
        for new in (2, 0):  # a second time nothing is new
            done = import_cases(engine.context, read_cases(told))
            assert (done.cases_new, done.cases_new + done.cases_known) == (new, 2)
        assert acts(engine) == ["2026-03-05 complaint.opened", "2026-03-10 complaint.held"]
        assert [(one.case, one.subcase, one.linked) for one in engine.case("X").parents] == [("M", "complaint", True)]
        assert not engine.verify(replay=True)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (LINKED.replace("link: M, as: complaint", "link: M"), "ZX4074"),
        (LINKED.replace("link: M", "link: N"), "ZX4077"),
        (LINKED.replace("as: complaint, by: clerk", "as: complaint"), "ZX4014"),
        (LINKED.replace("link: M, as: complaint", "link: M, as: part"), "ZX4073"),
    ],
)
def test_an_import_says_where_a_link_does_not_fit(written: str, code: str, tmp_path: Path, clock: Hand) -> None:
    told = tmp_path / "linked.yaml"
    told.write_text(written, encoding="utf-8")
    clock.on("2026-04-01")
    with Engine(tmp_path / "i.db", project=DATA / "subcases", clock=clock) as engine:
        with pytest.raises(InvalidInput) as refused:
            import_cases(engine.context, read_cases(told))
        (problem,) = refused.value.problems
        assert problem.where is not None
        assert (problem.code, problem.where.line) == (code, 2)
        assert engine.heads() == ()


def test_who_links_need_not_be_said_where_only_one_may(tmp_path: Path, clock: Hand) -> None:
    told = tmp_path / "linked.yaml"
    told.write_text(LINKED.replace("as: complaint, by: clerk", "as: hearing"), encoding="utf-8")
    clock.on("2026-04-01")
    with Engine(tmp_path / "i.db", project=DATA / "subcases", clock=clock) as engine:
        import_cases(engine.context, read_cases(told))
        assert [event.by for event in engine.case("X").events if event.type is EventType.LINKED] == ["clerk"]


def test_an_import_does_not_close_a_circle(tmp_path: Path, clock: Hand) -> None:
    told = tmp_path / "circle.yaml"
    told.write_text(CIRCLE, encoding="utf-8")
    clock.on("2026-04-01")
    with Engine(tmp_path / "i.db", project=nested_town(tmp_path / "town"), clock=clock) as engine:
        with pytest.raises(InvalidInput) as refused:
            import_cases(engine.context, read_cases(told))
        assert {problem.code for problem in refused.value.problems} == {"ZX4076"}
        assert engine.heads() == ()


@pytest.mark.parametrize(
    ("written", "code"), [("link: M, by: clerk", "ZX1157"), ("do: hold, by: clerk, as: complaint", "ZX1156")]
)
def test_a_scenario_has_nothing_to_link_to(written: str, code: str) -> None:
    told = {
        "language": 1, "scenario": "s", "process": "town/hearing", "as_of": "2026-04-01",
        "events": [{"at": "2026-03-10", **dict(part.split(": ") for part in written.split(", "))}],
        "expect": [{"state": "held"}],
    }  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        Scenario.model_validate(told)
    assert [error["type"] for error in refused.value.errors()] == [code]
