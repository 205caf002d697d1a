"""Reminder ladders: which rung is due on which day, and that a case without any pays nothing for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.support import CALENDARS, DATA

from zhengxie_flow.bootstrap import Engine, FixedClock
from zhengxie_flow.engine import DerivedCase, derive
from zhengxie_flow.engine.judging.deadlines import work_of_case
from zhengxie_flow.engine.judging.reminders import Reminders, reminders
from zhengxie_flow.errors import Refused

PROJECT = DATA / "reminders"


def of_case(derived: DerivedCase) -> Reminders:
    return reminders(derived, work_of_case(derived).limits)


class Desk:
    """A case of the example at a clock that can be set."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "cases.db"

    def at(self, day: str) -> Engine:
        return Engine(self.path, project=PROJECT, clock=FixedClock(datetime.fromisoformat(day + "T09:00+08:00")))

    def do(self, day: str, act: Callable[[Engine], Any]) -> Any:
        with self.at(day) as engine:
            return act(engine)

    def act(self, day: str, action: str, by: str = "desk", **more: Any) -> None:
        self.do(day, lambda engine: engine.advance("c", action, by=by, **more))

    def due(self, day: str, as_of: str | None = None) -> Reminders:
        with self.at(day) as engine:
            compiled, case = engine.context.read("c")
            return of_case(derive(compiled, case, partial(CALENDARS.snapshot, "cn"), date.fromisoformat(as_of or day)))

    def rungs(self, day: str) -> list[tuple[str, int, str]]:
        return [(entry.rung, entry.number, str(entry.day)[5:]) for entry in self.due(day).due]

    def messages(self) -> list[tuple[Any, ...]]:
        with self.at("2030-01-01") as engine:
            return [
                (entry.payload["rung"], entry.payload["number"], entry.payload["day"], entry.payload["due"])
                for entry in engine.outbox.messages()
            ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.do("2026-03-02", lambda engine: engine.open("desk/request", "c", by="desk"))
    return made


def test_a_ladder_from_its_first_rung_to_its_last(desk: Desk) -> None:
    desk.act("2026-03-02", "receive")  # last day: 2026-03-16
    assert desk.due("2026-03-06") == Reminders((), date(2026, 3, 9))
    assert desk.rungs("2026-04-30") == [
        ("soon", 1, "03-09"),
        ("target", 1, "03-12"),
        ("day", 1, "03-16"),
        ("late", 1, "03-17"),
        ("head", 1, "03-18"),
        ("late", 2, "03-20"),
        ("late", 3, "03-25"),
        ("late", 4, "03-30"),
    ]
    assert desk.due("2026-04-30").next_day is None
    first = desk.due("2026-04-30").due[0]
    assert (first.due, first.target, first.to) == (date(2026, 3, 16), date(2026, 3, 12), ())


def test_a_duty_done_is_not_reminded_of(desk: Desk) -> None:
    desk.act("2026-03-02", "receive")
    desk.act("2026-03-13", "reply")
    assert desk.due("2026-04-30") == Reminders((), None)


def test_a_stopped_clock_has_no_rungs_and_goes_on_with_the_last_that_passed(desk: Desk) -> None:
    desk.act("2026-03-02", "receive")
    desk.act("2026-03-10", "ask")
    assert desk.due("2026-03-20") == Reminders((), None)
    desk.act("2026-03-20", "complete")  # 8 working days stand still: 2026-03-26 or so
    rungs = desk.rungs("2026-03-31")
    assert [name for name, *_ in rungs][:3] == ["soon", "target", "day"]
    assert rungs[0][2] >= "03-19"


def test_a_moved_day_gives_the_rungs_anew_under_another_id(desk: Desk) -> None:
    desk.act("2026-03-02", "receive")
    before = {entry.id for entry in desk.due("2026-03-16").due}
    desk.act("2026-03-16", "extend", by="head")  # last day: 2026-03-23
    after = desk.due("2026-03-31").due
    assert [(entry.rung, str(entry.day)) for entry in after[:3]] == [
        ("soon", "2026-03-16"),
        ("target", "2026-03-19"),
        ("day", "2026-03-23"),
    ]
    assert not before & {entry.id for entry in after}


def test_of_what_had_passed_when_a_day_became_known_the_last_counts(desk: Desk) -> None:
    desk.do("2026-03-30", lambda engine: engine.record("c", "receive", at=date(2026, 3, 3), by="desk"))
    assert desk.rungs("2026-03-30") == [("late", 3, "03-30")]  # 2026-03-26 was the last that had passed


def test_urging_by_hand_puts_off_the_rungs_and_keeps_its_distance(desk: Desk) -> None:
    desk.act("2026-03-02", "receive")
    desk.do("2026-03-11", lambda engine: engine.urge("c", "a1.reply", by="head"))
    with pytest.raises(Refused) as refused:
        desk.do("2026-03-11", lambda engine: engine.urge("c", "a1.reply", by="head"))
    assert refused.value.code == "ZX4131"
    assert ("target", 1, "03-12") in desk.rungs("2026-03-12")
    desk.do("2026-03-13", lambda engine: engine.urge("c", "a1.reply", by="head", note="请按期答复"))
    with desk.at("2026-03-13") as engine:
        urged = engine.case("c").events[-1]
    assert (urged.type, urged.body.obligation, urged.body.due) == ("urged", "a1.reply", "2026-03-16")
    desk.act("2026-03-13", "reply")
    with pytest.raises(Refused) as refused:
        desk.do("2026-03-20", lambda engine: engine.urge("c", "a1.reply", by="head"))
    assert refused.value.code == "ZX4130"


def test_a_planned_day_reminds_of_what_comes_before_it(desk: Desk) -> None:
    def add(engine: Engine) -> None:
        engine.open(
            "desk/request", "d", by="desk", items={"party": {"a": {"name": "甲"}, "b": {"name": "乙"}}},
        )  # fmt: skip
        engine.plan("d", "meet", to=date(2026, 4, 20), by="head")

    desk.do("2026-03-02", add)
    with desk.at("2026-03-26") as engine:
        compiled, case = engine.context.read("d")
        due = of_case(derive(compiled, case, partial(CALENDARS.snapshot, "cn"), date(2026, 3, 27))).due
    assert {entry.item for entry in due} == {"a", "b"}
    assert [(entry.rung, entry.number, str(entry.day)) for entry in due if entry.item == "a"] == [
        ("soon", 1, "2026-03-20"),
        ("soon", 2, "2026-03-23"),
        ("soon", 3, "2026-03-26"),
        ("day", 1, "2026-03-27"),
    ]


def test_each_rung_is_put_into_the_outbox_once_with_whatever_is_written(desk: Desk) -> None:
    desk.act("2026-03-02", "receive")
    for day in ("2026-03-09", "2026-03-09", "2026-03-08", "2026-03-20", "2026-03-10", "2026-03-20"):
        desk.do(day, lambda engine: engine.tick())
    assert [row[:3] for row in desk.messages()] == [
        ("soon", 1, "2026-03-09"),
        ("target", 1, "2026-03-12"),
        ("day", 1, "2026-03-16"),
        ("late", 1, "2026-03-17"),
        ("head", 1, "2026-03-18"),
        ("late", 2, "2026-03-20"),
    ]
    desk.do("2026-03-20", lambda engine: [engine.rebuild() for _ in range(2)])
    with desk.at("2026-03-20") as engine:
        assert len(engine.outbox.messages()) == 6
        assert not engine.verify()
