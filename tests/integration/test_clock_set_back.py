"""A clock that stands before what a case has recorded: every write is refused, or bears the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import Answer, case_file, run, write
from tests.support import MINI

from zhengxie_flow import Conflict, Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.cli.group import RECORDING
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.body import plain, read_body
from zhengxie_flow.model.body_parts import ClockSetBack
from zhengxie_flow.model.event_type import EventType
from zhengxie_flow.model.findings import ClockBehind
from zhengxie_flow.services.recording_order import in_order

LATER = datetime(2026, 3, 2, 2, tzinfo=UTC)
EARLIER = LATER - timedelta(days=1)
WHY = "主板没电，时钟倒退"

WRITES: dict[str, Callable[[Engine], Any]] = {
    "advance": lambda engine: engine.advance("c", "agree", by="partner"),
    "record": lambda engine: engine.record("c", "prepare", at=date(2026, 2, 2), by="office"),
    "determine": lambda engine: engine.determine("c", {"urgent": True}, by="office", reason="r"),
    "plan": lambda engine: engine.plan("c", "hold", to=date(2026, 5, 4), by="office"),
    "explain": lambda engine: engine.explain("c", "a4.report", by="office", reason="r"),
    "correct": lambda engine: engine.correct("c", 2, by="office", reason="r", retract=True),
    "tick": lambda engine: engine.tick(cases=["c"]),
    "advance, without writing": lambda engine: engine.preview("c", "agree", by="partner"),
    "record, without writing": lambda engine: engine.preview("c", "prepare", by="office", at=date(2026, 2, 2)),
    "tick, without writing": lambda engine: engine.tick(cases=["c"], dry_run=True),
}


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A journal with a case whose last entry was recorded at `LATER`."""
    with Engine(tmp_path / "cases.db", project=MINI, clock=FixedClock(EARLIER)) as engine:
        engine.open("mini/talk", "c", by="office")
    with Engine(tmp_path / "cases.db", project=MINI, clock=FixedClock(LATER)) as engine:
        engine.plan("c", "hold", to=date(2026, 4, 4), by="office")
    return tmp_path / "cases.db"


@pytest.fixture
def engine(db: Path) -> Iterator[Engine]:
    with Engine(db, project=MINI, clock=FixedClock(EARLIER)) as engine:
        yield engine


@pytest.mark.parametrize("name", WRITES)
def test_a_write_before_the_latest_entry_is_refused_with_both_instants(engine: Engine, name: str) -> None:
    with pytest.raises(Conflict) as raised:
        WRITES[name](engine)
    assert raised.value.code == "ZX4090"
    assert raised.value.where.case == "c"
    assert raised.value.params == {"now": "2026-03-01T10:00:00+08:00", "latest": "2026-03-02T10:00:00+08:00"}
    assert len(engine.journal.events("c")) == 2


@pytest.mark.parametrize("name", [name for name in WRITES if "without" not in name and name != "tick"])
def test_with_a_reason_it_is_written_and_the_reason_is_a_finding_of_record(db: Path, name: str) -> None:
    with Engine(db, project=MINI, clock=FixedClock(EARLIER), clock_back=WHY) as engine:
        event = WRITES[name](engine)
        assert event.body.clock == ClockSetBack(back=WHY, fixed=True)
        assert engine.journal.events("c")[-1] == event
        assert engine.verify() == ()
    with Engine(db, project=MINI, clock=FixedClock(LATER)) as engine:
        (line,) = [line for line in engine.audit("c").cases[0].verdicts if line.obligation == "integrity.clock"]
        assert line.note(ClockBehind) == ClockBehind(EARLIER, LATER, WHY)
        assert line.actual is not None
        assert line.actual.event == 3


def test_a_reason_that_is_not_needed_leaves_no_mark(db: Path) -> None:
    with Engine(db, project=MINI, clock=FixedClock(LATER), clock_back=WHY) as engine:
        assert engine.advance("c", "agree", by="partner").body.clock == "fixed"
    with pytest.raises(UsageError) as raised:
        Engine(db, project=MINI, clock_back=" ")
    assert raised.value.code == "ZX4029"


def test_a_command_repeated_under_its_key_is_answered_all_the_same(db: Path) -> None:
    with Engine(db, project=MINI, clock=FixedClock(LATER)) as engine:
        first = engine.advance("c", "agree", by="partner", key="k")
    with Engine(db, project=MINI, clock=FixedClock(EARLIER)) as engine:
        assert engine.advance("c", "agree", by="partner", key="k") == first


def test_the_mark_is_read_as_it_was_written_and_an_older_one_as_ever() -> None:
    for clock in ("fixed", {"back": WHY}, {"back": WHY, "fixed": True}):
        body = read_body(EventType.PLANNED, {"to": "2026-03-04", "clock": clock})
        assert plain(body)["clock"] == clock


class Hand:
    """A clock that moves on by itself, a second at each look."""

    fixed = False

    def __init__(self) -> None:
        self.at = LATER

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def lines(answer: Answer) -> Any:
    assert answer.code == 0, answer.out
    return answer.data


def test_at_the_command_line_each_command_that_records_takes_the_reason(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGXIE_CLOCK", EARLIER.isoformat())
    here = ("--project", MINI, "--db", db, "--lang", "zh")
    plan = ("plan", "c", "hold", "--to", "2026-05-04", "--by", "office")
    for command in (plan, ("tick", "c")):
        refused = run(*here, *command)
        assert refused.code == 5
        assert "ZX4090" in refused.err
        assert "2026-03-01T10:00:00+08:00" in refused.err
        assert "2026-03-02T10:00:00+08:00" in refused.err
    written = lines(run(*here, "--format", "json", *plan, "--clock-back", WHY))
    assert written["event"]["body"]["clock"] == {"back": WHY, "fixed": True}
    monkeypatch.setenv("ZHENGXIE_CLOCK", LATER.isoformat())
    assert f"时钟倒退：{WHY}" in run(*here, "show", "c").out
    assert WHY in run(*here, "audit", "c").out
    for name in RECORDING:
        assert "--clock-back" in run("--lang", "en", *name.split("."), "--help").out


def test_an_import_is_refused_and_takes_the_reason(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def bring(*events: dict[str, Any], more: tuple[str, ...] = ()) -> Answer:
        file = write(tmp_path / "case.yaml", case_file("i", *events))
        return run("--project", MINI, "--db", db, "--format", "json", "import", file, *more)

    first = {"at": "2026-01-12", "do": "agree", "by": "partner"}
    second = {"at": "2026-01-13", "do": "prepare", "by": "office"}
    monkeypatch.setenv("ZHENGXIE_CLOCK", LATER.isoformat())
    lines(bring(first))
    monkeypatch.setenv("ZHENGXIE_CLOCK", EARLIER.isoformat())
    assert lines(bring(first))["events_new"] == 0
    for more in ((), ("--dry-run",)):
        assert bring(first, second, more=more).error["code"] == "ZX4090"
    assert lines(bring(first, second, more=("--clock-back", WHY)))["events_new"] == 1


def test_what_is_recorded_while_an_import_runs_is_no_clock_set_back(engine: Engine) -> None:
    """Its entries take the later instant."""
    events, whole = engine.journal.events("c"), engine.case("c")
    late = replace(events[-1], sequence=3, recorded=EARLIER)
    grown = replace(whole, events=(*events, late), version=3)
    with pytest.raises(Conflict):
        in_order(engine.context, grown, (late,))
    assert in_order(replace(engine.context, clock=Hand()), grown, (late,))[0].recorded == LATER
