"""Lists are worked out anew where a new edition, a calendar or time has overtaken them; what nobody can explain is a finding."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.cli.test_ticking import LAW, PROCESS
from tests.integration.test_recomputing import AFTER, BEFORE, bring
from tests.projects import put

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.services.projecting import METHOD, basis

NOW = datetime.fromisoformat("2026-03-05T10:00:00+08:00")
SLOWER = """\
language: 1
edition: "2026"
amends: t/p
law: "1"
in_force: {from: 2026-03-04}
changes: {obligations: {o.decide: {limit: {within: 12}}}}
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    project = put(tmp_path / "city", {"zhengxie.toml": "", "processes/t/law.yaml": LAW, "processes/t/p.yaml": PROCESS})
    with Engine(project / "cases.db", project=project, clock=FixedClock(NOW)) as opened:
        opened.open("t/p", "C", by="office", at=date(2026, 3, 2))
        opened.record("C", "receive", at=date(2026, 3, 2), by="office")
        yield opened


def days(engine: Engine) -> list[date | None]:
    return [row.day for row in engine.due()]


def change(engine: Engine, statement: str) -> None:
    with sqlite3.connect(Path(engine.journal._source.where.url.database or "")) as database:
        database.execute(statement)


def test_a_new_edition_moves_what_is_due_at_once_and_is_no_tampering(engine: Engine, tmp_path: Path) -> None:
    assert days(engine) == [date(2026, 3, 12)]
    put(tmp_path / "city", {"processes/t/editions/p/2026-03-04.yaml": SLOWER})
    assert days(engine) == [date(2026, 3, 18)]
    (line,) = (line for line in engine.audit("C").cases[0].verdicts if line.obligation == "o.decide")
    assert line.due == date(2026, 3, 18)
    assert engine.verify(replay=True) == ()
    (ticked,) = engine.tick()
    assert (ticked.case, ticked.events) == ("C", ())
    assert days(engine) == [date(2026, 3, 18)]
    assert engine.verify(replay=True) == ()
    assert engine.tick() == ()


FORGED = {
    "a day": "UPDATE zx_deadlines SET day = '2026-04-30'",
    "a day with all that goes with it": (
        "UPDATE zx_deadlines SET day = '2026-04-30', earliest = '2026-04-30', latest = '2026-04-30', "
        "first_day = '2026-04-30', calendar = 'sha256:0'"
    ),
    "an unknown calendar": "UPDATE zx_deadlines SET calendar = 'sha256:0'",
    "an unknown edition": "UPDATE zx_deadlines SET edition = 'sha256:0'",
    "an unknown definition": "UPDATE zx_deadlines SET definition = 'sha256:0'",
    "an unknown basis": f"UPDATE zx_heads SET basis = '{METHOD}:sha256:0'",  # noqa: S608  # a constant of our own
    "a deadline that was taken out": "DELETE FROM zx_deadlines",
    "the next change": "UPDATE zx_heads SET next_change = '2027-01-01'",
    "another day": "UPDATE zx_heads SET projected = '2026-03-20'",
    "a state": "UPDATE zx_heads SET state = 'ended'",
}


@pytest.mark.parametrize("name", FORGED)
def test_what_its_own_hashes_do_not_give_is_a_finding(engine: Engine, name: str) -> None:
    change(engine, FORGED[name])
    assert {(finding.case, finding.kind) for finding in engine.verify()} == {("C", "projection")}
    engine.rebuild()
    assert engine.verify(replay=True) == ()
    assert days(engine) == [date(2026, 3, 12)]


def test_a_list_of_a_version_before_is_worked_out_where_it_is_read(engine: Engine) -> None:
    change(engine, "UPDATE zx_deadlines SET day = '2026-04-30', definition = NULL, edition = NULL")
    change(engine, "UPDATE zx_heads SET projected = NULL, basis = NULL, next_change = NULL")
    assert days(engine) == [date(2026, 3, 12)]
    assert [(finding.case, finding.kind) for finding in engine.verify()] == [("C", "stale")]
    engine.rebuild()
    assert engine.verify(replay=True) == ()


def test_a_list_without_deadlines_knows_its_calendar_again(tmp_path: Path) -> None:
    bare = PROCESS[: PROCESS.index("obligations:")].replace("process: p\n", "process: q\n")
    city = put(tmp_path / "city", {"zhengxie.toml": "", "processes/t/law.yaml": LAW, "processes/t/q.yaml": bare})
    with Engine(city / "cases.db", project=city, clock=FixedClock(BEFORE)) as engine:
        engine.open("t/q", "C", by="office")
    bring(city)
    with Engine(city / "cases.db", project=city, clock=FixedClock(AFTER)) as engine:
        assert engine.context.journal.bases()[0][1] != basis(
            engine.context, engine.context.definitions.by_id("t/q"), AFTER.date()
        )
        assert engine.verify(replay=True) == ()


def test_an_edition_after_the_one_that_governs_is_no_tampering(engine: Engine, tmp_path: Path) -> None:
    put(tmp_path / "city", {"processes/t/editions/p/2026-03-04.yaml": SLOWER})
    engine.tick()
    later = SLOWER.replace('edition: "2026"', 'edition: "2027"').replace("2026-03-04", "2027-03-04")
    put(tmp_path / "city", {"processes/t/editions/p/2027-03-04.yaml": later})
    assert engine.verify(replay=True) == ()
