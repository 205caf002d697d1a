"""A watched case notes whatever of it is looked at, so that a change of it is always found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zhengxie_flow.engine.watched import COARSE, WatchedCase, changed_parts, coarse, noting, shared, watched
from zhengxie_flow.model.body import read_body
from zhengxie_flow.model.case import Act, Assertion, Case, Item, Plan, StatePeriod
from zhengxie_flow.model.event import Event, EventType, Mode

DAY = date(2026, 3, 2)
OPENING = Event(
    case="c", sequence=1, type=EventType.OPENED, mode=Mode.RECORDED, occurred=DAY, recorded=datetime(2026, 3, 2, tzinfo=UTC),
    body=read_body(EventType.OPENED, {"process": "p", "zone": "Asia/Shanghai", "state": {"to": "start"}}),
)  # fmt: skip
ACT = Act((DAY, 2), "pay", None, "i", {})
ITEM = Item("party", "i", (DAY, 1), {})
CASE = Case(
    id="c", process="p", definition="d", zone=ZoneInfo("Asia/Shanghai"), version=1, events=(OPENING,), last=(DAY, 1),
    stays=(StatePeriod((DAY, 1), "start", 1),), timeline=(ACT,), acts={"pay": (ACT,)},
    facts={(None, "grave"): (Assertion((DAY, 1), True, None),)}, items={"party": {"i": ITEM}},
    plans={("pay", None): (Plan((DAY, 1), DAY),)}, acts_of_items={("pay", "i"): (ACT,)},
)  # fmt: skip
OTHER = replace(ACT, key=(DAY, 3))
CHANGED: dict[str, Any] = {
    "version": 2, "events": (OPENING, replace(OPENING, sequence=2)), "last": (DAY, 2), "stays": (), "timeline": (),
    "acts": {"pay": (ACT, OTHER)}, "facts": {(None, "grave"): ()}, "items": {"party": {"i": replace(ITEM, ended=(DAY, 4))}},
    "plans": {}, "explanations": (ACT,), "parents": (ACT,), "pins": (ACT,), "assignments": (ACT,),
    "acts_of_items": {("pay", "i"): (ACT, OTHER)},
}  # fmt: skip
FIXED = {"id", "process", "definition", "zone"}
READINGS: dict[str, tuple[Callable[[Case], object], ...]] = {
    "acts": (lambda case: case.acts.get("pay"), lambda case: case.acts["pay"], lambda case: list(case.acts.values()),
             lambda case: dict(case.acts), lambda case: {**case.acts}),
    "facts": (lambda case: case.value("grave"), lambda case: case.values(), lambda case: dict(case.facts)),
    "items": (lambda case: case.items.get("party", {}).get("i"), lambda case: case.items["party"]["i"],
              lambda case: [list(items.values()) for items in case.items.values()],
              lambda case: [list(items.items()) for _, items in case.items.items()]),
    "plans": (lambda case: case.plans.get(("pay", None)), lambda case: list(case.plans), lambda case: len(case.plans),
              lambda case: ("pay", None) in case.plans, lambda case: bool(case.plans)),
    "acts_of_items": (lambda case: case.acts_of_items.get(("pay", "i")),),
    "stays": (lambda case: case.state if case.stays else None,),
}  # fmt: skip


def test_every_field_of_a_case_is_watched_or_the_same_for_ever() -> None:
    assert {field.name for field in fields(Case)} == CHANGED.keys() | FIXED


def test_a_watched_case_is_the_same_to_whoever_reads_it() -> None:
    case = watched(CASE)
    assert isinstance(case, Case)
    assert case.opened == CASE.opened
    for name in (*CHANGED, *FIXED):
        assert getattr(case, name) == getattr(CASE, name)
    assert dict(case.items["party"]) == CASE.items["party"]


@pytest.mark.parametrize("name", CHANGED)
def test_a_reading_is_touched_by_a_change_of_it_and_by_no_other(name: str) -> None:
    for reading in READINGS.get(name, (lambda case: getattr(case, name),)):
        case = watched(CASE)
        with noting(case) as parts:
            reading(case)
        for other, value in CHANGED.items():
            changed = changed_parts(CASE, replace(CASE, **{other: value}))
            assert changed is not None
            assert (not changed.isdisjoint(parts)) == (other == name), other
            assert other != name or not changed.isdisjoint(coarse(parts))


def test_names_are_touched_by_names_that_come_and_go() -> None:
    for reading in (
        lambda case: list(case.items),
        lambda case: "other" in case.items,
        lambda case: case.items.get("other"),
    ):
        case = watched(CASE)
        with noting(case) as parts:
            found = reading(case)
            _ = bool(found)
        changed = changed_parts(CASE, replace(CASE, items={**CASE.items, "other": {"o": ITEM}}))
        assert changed is not None
        assert not changed.isdisjoint(parts)


def test_many_parts_of_a_table_are_noted_as_the_whole() -> None:
    case = watched(CASE)
    with noting(case) as parts:
        for number in range(COARSE + 1):
            case.facts.get((f"i{number}", "name"))
        _ = case.state
    assert coarse(parts) == {("facts", "*"), ("stays",)}


def test_another_case_or_definition_has_no_parts_in_common() -> None:
    assert changed_parts(CASE, replace(CASE, definition="e")) is None
    assert changed_parts(CASE, replace(CASE, events=(replace(OPENING, key="k"),))) is None


def test_what_is_shared_is_noted_for_whoever_asks() -> None:
    case = watched(CASE)
    for _ in range(2):
        with noting(case) as parts:
            assert shared(case, "key", lambda: case.acts.get("pay")) == (ACT,)
        assert parts == {("acts", "pay")}
    assert shared(CASE, "key", lambda: 1) == 1


def test_chaining_an_act_changes_nothing() -> None:
    act = replace(ACT, event=OPENING)
    chained = replace(act, event=replace(OPENING, hash="h", previous_hash="g"))
    before, after = (replace(CASE, acts={"pay": (row,)}) for row in (act, chained))
    assert changed_parts(before, after) == frozenset()
    other = replace(chained, fields={"sum": 1})
    assert changed_parts(before, replace(CASE, acts={"pay": (other,)})) == {("acts", "pay"), ("acts", "*")}
    assert isinstance(watched(before), WatchedCase)
