"""Many running cases moved to another edition by one decision: planned, previewed, gone on with, undone."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from tests.cli.program import run
from tests.projects import edition, small
from tests.support import SOAK, tries

from zhengxie_flow import Engine, NotFound, Runtime
from zhengxie_flow.errors import Refused, UsageError
from zhengxie_flow.model.difference import differences
from zhengxie_flow.model.event import EventType
from zhengxie_flow.services.commands import bulk_moves
from zhengxie_flow.storage import upgrade

MERGED = edition("2026", "2026-03-01", """\
transition: {by: office}
moved_states: {ready: planned}
changes:
  states: {ready: null}
  actions:
    notify: {from: planned}
    prepare: null
    hold: {from: planned}
    spare: {from: planned}
    drop: {from: [planned, held]}
    hear: {from: [planned, held]}
  obligations:
    a2.notice: {limit: {at_least: 5}}
    a3.conclude: {limit: {within: 9}}
""")  # fmt: skip
LATER = edition("2027", "2026-03-05", "changes: {obligations: {a3.conclude: {limit: {within: 12}}}}\n")
MOVE = {"to": "2026", "by": "office", "reason": "新办法施行"}


class Hand:
    """A clock turned by hand."""

    fixed = False

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 6, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    return small(tmp_path_factory.mktemp("project"), MERGED, LATER)


@pytest.fixture(scope="module")
def runtime(project):
    return Runtime(project, clock=Hand())


@pytest.fixture(scope="module")
def prepared(runtime, tmp_path_factory) -> Path:
    """A database with a case of every story."""
    place = tmp_path_factory.mktemp("prepared") / "cases.db"
    with runtime.on(place) as made:
        every_story(made)
    return place


@pytest.fixture
def engine(runtime, prepared, tmp_path):
    shutil.copy(prepared, tmp_path / "cases.db")
    with runtime.on(tmp_path / "cases.db") as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, runtime):
    """An engine on either database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("engine")
        return
    place = request.getfixturevalue("postgresql")
    upgrade(place)
    with runtime.on(place) as made:
        every_story(made)
        yield made


STORIES = {
    "planned": (),
    "noticed": (("plan", "hold", date(2026, 3, 24)), ("notify", date(2026, 3, 2))),
    "ready": (("plan", "hold", date(2026, 4, 20)), ("prepare", date(2026, 2, 2))),
    "held": (("prepare", date(2026, 2, 2)), ("hold", date(2026, 2, 20)), ("finish", date(2026, 2, 24))),
    "late": (("prepare", date(2026, 2, 2)), ("hold", date(2026, 2, 5)), ("finish", date(2026, 2, 11))),
    "spared": (("spare", date(2026, 2, 2)),),
    "dropped": (("drop", date(2026, 2, 2)),),
}
ROLES = {"hold": "department", "finish": "department", "spare": "mayor"}


def begun(engine: Engine, case: str, story: str) -> None:
    """A case that went some way before the new edition."""
    engine.open("mini/talk", case, by="office", at=date(2026, 1, 5), items={"guest": {"g1": {"kind": "expert"}}})
    for step in STORIES[story]:
        if step[0] == "plan":
            engine.plan(case, step[1], to=step[2], by="office", at=date(2026, 1, 6))
        else:
            item = "g1" if step[0] == "notify" else None
            engine.record(case, step[0], at=step[1], by=ROLES.get(step[0], "office"), item=item)


def every_story(engine: Engine) -> None:
    for story in STORIES:
        begun(engine, story, story)


def outcomes(rows) -> dict[str, str]:
    return {row.case: row.outcome for row in rows}


def lines(engine: Engine, case: str):
    return engine.audit(case).cases[0]


def test_a_plan_says_what_moves_and_why_not_and_the_act_does_just_that(either):
    versions = {head.case: head.version for head in either.heads()}
    before = {case: lines(either, case) for case in versions}
    plan = either.move_cases(**MOVE, dry_run=True)
    assert {head.case: head.version for head in either.heads()} == versions
    assert outcomes(plan) == {**dict.fromkeys(STORIES, "moved"), "dropped": "ended"}
    assert {row.case: (row.state, row.state_after) for row in plan if row.state != row.state_after} == {
        "ready": ("ready", "planned")
    }
    assert either.move_cases(**MOVE) == plan
    for row in plan:
        assert tuple(differences(before[row.case], lines(either, row.case))) == row.changes
        assert either.case(row.case).state == row.state_after
    assert any(row.changes for row in plan)
    assert either.verify(replay=True) == ()
    assert set(outcomes(either.move_cases(**MOVE)).values()) == {"present", "ended"}


def test_the_cases_of_a_state_and_of_a_process_alone(engine):
    assert outcomes(engine.move_cases(**MOVE, state="ready", dry_run=True)) == {"ready": "moved"}
    held = engine.move_cases(**MOVE, process="mini/talk", state="held")
    assert outcomes(held) == {"held": "moved", "late": "moved"}
    assert engine.move_cases(**MOVE, state="nowhere") == ()
    with pytest.raises(NotFound, match="ZX1201"):
        engine.move_cases(**{**MOVE, "to": "2062"})
    with pytest.raises(NotFound, match="ZX4003"):
        engine.move_cases(**MOVE, process="mini/walk")
    with pytest.raises(UsageError, match="ZX4029"):
        engine.move_cases(**{**MOVE, "reason": " "})


def test_who_cannot_move_is_named_and_the_others_move(engine):
    rows = engine.move_cases(**{**MOVE, "by": "mayor"}, dry_run=True)
    assert {row.error.code for row in rows if row.outcome == "barred"} == {"ZX4067"}
    assert all(isinstance(row.error, Refused) for row in rows if row.outcome == "barred")
    early = engine.move_cases(**MOVE, at=date(2026, 2, 1), dry_run=True)
    assert {row.error.code for row in early if row.outcome == "barred"} == {"ZX4066"}
    engine.move_cases(**MOVE, state="ready")
    engine.move_cases(**MOVE, state="held")
    back = engine.move_cases(**{**MOVE, "to": "2020-01-01"})
    assert outcomes(back) == {
        "planned": "present", "noticed": "present", "ready": "moved", "held": "moved", "late": "moved",
        "spared": "present", "dropped": "ended",
    }  # fmt: skip


def test_a_decision_is_undone_by_another(engine):
    before = {case: lines(engine, case).verdicts for case in STORIES}
    engine.move_cases(**MOVE)
    back = engine.move_cases(to="2020-01-01", by="office", reason="转错了")
    assert {row.case: row.state_after for row in back if row.outcome == "moved"} == {
        case: engine.case(case).state for case in STORIES if case != "dropped"
    }
    assert engine.case("ready").state == "ready"
    for case in STORIES:
        after = [line for line in lines(engine, case).verdicts if not line.obligation.startswith("integrity.")]
        assert after == [line for line in before[case] if not line.obligation.startswith("integrity.")]
    assert engine.verify(replay=True) == ()
    moved = [event.body.reason for event in engine.journal.events("ready") if event.type is EventType.MOVED]
    assert moved == ["新办法施行", "转错了"]


def test_a_state_that_changed_since_goes_back_only_where_it_has_a_place(engine):
    engine.move_cases(**MOVE)
    engine.record("ready", "hold", at=date(2026, 3, 6), by="department")
    back = engine.move_cases(to="2020-01-01", by="office", reason="转错了")
    after = {row.case: row.state_after for row in back}
    assert (after["ready"], after["planned"]) == ("held", "planned")


def test_a_key_passes_over_what_was_moved_under_it(engine):
    engine.move_cases(**MOVE, key="decision-7")
    engine.move_cases(to="2020-01-01", by="office", reason="转错了", key="decision-8")
    again = engine.move_cases(**MOVE, key="decision-7")
    assert set(outcomes(again).values()) == {"repeated", "ended"}
    assert engine.case("ready").state == "ready"


def test_somebody_who_writes_meanwhile_loses_nothing(either, monkeypatch):
    real, raced = bulk_moves._Moves._commit, []

    def racing(self, planned):
        if not raced:
            raced.append(True)
            either.determine("held", {"urgent": True}, by="office", reason="meanwhile")
        real(self, planned)

    monkeypatch.setattr(bulk_moves._Moves, "_commit", racing)
    rows = either.move_cases(**MOVE)
    assert outcomes(rows) == {**dict.fromkeys(STORIES, "moved"), "dropped": "ended"}
    assert [event.type for event in either.journal.events("held")][-2:] == [EventType.DETERMINED, EventType.MOVED]
    assert either.verify(replay=True) == ()


@settings(max_examples=tries(5), deadline=None)
@given(
    stories=st.lists(st.sampled_from(sorted(STORIES)), min_size=1, max_size=5),
    to=st.sampled_from(["2026", "2027", "2020-01-01"]),
    first=st.sampled_from([None, "2026", "2027"]),
    by=st.sampled_from(["office", "mayor"]),
    size=st.integers(1, 4),
)
def test_a_preview_is_the_act(runtime, stories, to, first, by, size):
    with runtime.on("sqlite://") as engine:
        for number, story in enumerate(stories):
            begun(engine, f"{number}", story)
        if first is not None:
            engine.move("0", to=first, by="office", reason="before") if stories[0] != "dropped" else None
        decision = {"to": to, "by": by, "reason": "r"}
        plan = engine.move_cases(**decision, dry_run=True)
        before = {row.case: lines(engine, row.case) for row in plan}
        bulk_moves.FIRST_CHUNK, kept = size, bulk_moves.FIRST_CHUNK
        try:
            assert engine.move_cases(**decision) == plan
        finally:
            bulk_moves.FIRST_CHUNK = kept
        for row in plan:
            assert tuple(differences(before[row.case], lines(engine, row.case))) == row.changes
        assert engine.verify(replay=True) == ()


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.services.commands import bulk_moves
from zhengxie_flow.storage import upgrade
place, project, at = sys.argv[1:]
bulk_moves.FIRST_CHUNK = bulk_moves.LEAST_CHUNK = bulk_moves.MOST_CHUNK = 2
real, count = bulk_moves._Moves._commit, 0
def commit(self, planned):
    global count
    real(self, planned)
    count += 1
    if count == int(at):
        os.kill(os.getpid(), signal.SIGKILL)
bulk_moves._Moves._commit = commit
with Engine(place, project=Path(project), clock=FixedClock(datetime.fromisoformat("2026-03-06T10:00:00+08:00"))) as engine:
    engine.move_cases(to="2026", by="office", reason="r", key="k")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
@pytest.mark.parametrize("at", range(1, 5) if SOAK else [2])
def test_a_killed_run_goes_on_where_it_stopped(runtime, project, tmp_path, at):
    place = tmp_path / "cases.db"
    with runtime.on(place) as engine:
        for number in range(9):
            begun(engine, f"c{number}", "planned")
    done = subprocess.run([sys.executable, "-c", KILLED, place, project, str(at)], check=False)
    assert done.returncode == -signal.SIGKILL
    with runtime.on(place) as engine:
        rows = engine.move_cases(to="2026", by="office", reason="r", key="k")
        assert list(outcomes(rows).values()) == ["repeated"] * (2 * at) + ["moved"] * (9 - 2 * at)
        assert {head.version for head in engine.heads()} == {2}
        assert engine.verify(replay=True) == ()


def test_the_command_line(prepared, project, tmp_path, monkeypatch):
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-03-06T10:00:00+08:00")
    place = tmp_path / "cases.db"
    shutil.copy(prepared, place)
    common = ("--db", place, "--project", project, "--lang", "en")
    arguments = ("move", "--to", "2026", "--by", "office", "--reason", "law")
    plan = run(*common, "--format", "json", *arguments, "--all", "--dry-run")
    assert (plan.code, plan.data["written"], plan.data["moved"], plan.data["ended"]) == (0, False, 6, 1)
    text = run(*common, *arguments, "--process", "mini/talk")
    assert text.code == 0
    assert "6 cases moved" in text.out
    again = run(*common, "--format", "json", *arguments, "--all")
    assert (again.data["present"], again.data["cases"]) == (6, [])
    no = run(*common, "--format", "json", "move", "--to", "2027", "--by", "nobody", "--reason", "law", "--all")
    assert (no.code, no.data["barred"], no.data["cases"][0]["error"]["code"]) == (1, 6, "ZX1201")
    for wrong in ((), ("ready", "--all"), ("ready", "--state", "ready"), ("--all", "--expect-version", "1")):
        assert run(*common, *arguments, *wrong).code == 2
    single = run(*common, "--format", "json", "move", "ready", "--to", "2020-01-01", "--by", "office", "--reason", "no")
    assert (single.code, single.data["state"]) == (0, {"before": "planned", "after": "ready"})


def test_each_case_is_asked_for_and_a_preview_records_no_refusal(project, tmp_path):
    runtime = Runtime(
        project, clock=Hand(), authorise=lambda _actor, _role, action, _case: not action.startswith("move:")
    )
    upgrade(tmp_path / "cases.db")
    with runtime.on(tmp_path / "cases.db") as made:
        made.open("mini/talk", "c1", by="office", at=date(2026, 1, 5))
        [previewed] = made.move_cases(**MOVE, dry_run=True)
        assert made.refusals() == ()
        [refused] = made.move_cases(**MOVE)
        assert [row.outcome for row in (previewed, refused)] == ["barred", "barred"]
        assert [(row.action, row.case) for row in made.refusals()] == [("move:2026", "c1")]
