"""Every door tells the same story of a case, before and after time was written down.

A table of doors (what a user can ask) by facts (what they would be told): the state, the items, the acts possible now, the
due days and the verdicts.  Over random statutes and histories, subcases among them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from tests.property.worlds import CASE, HISTORIES, SHAPES, Shape, Step, Tally, World, brought
from tests.support import SOAK

from zhengxie_flow.engine import Command, deadlines
from zhengxie_flow.errors import Refused
from zhengxie_flow.ports import Projection
from zhengxie_flow.services.commands import acts
from zhengxie_flow.services.commands.projections import mismatches
from zhengxie_flow.services.commands.ticking import tick
from zhengxie_flow.services.projecting import basis, outdated, projection_of
from zhengxie_flow.services.queries import lists
from zhengxie_flow.services.queries.audit import audit
from zhengxie_flow.services.queries.available_actions import Possible, possible
from zhengxie_flow.services.queries.derived_cases import read_derived
from zhengxie_flow.services.queries.overview import overview

FACTS = ("state", "items", "acts", "days", "verdicts")


def items(case: Any) -> dict[str, tuple[str | None, bool]]:
    return {
        item.id: (item.stays[-1].state if item.stays else None, item.ended is not None)
        for kind in case.items.values()
        for item in kind.values()
    }


def days(rows: Any) -> set[tuple[Any, ...]]:
    return {(row.obligation, row.item, row.day, row.status) for row in rows if row.open and row.day is not None}


def ready(actions: Any) -> dict[str, tuple[bool, tuple[str, ...]]]:
    return {action.action: (action.ready, action.items) for action in actions}


def by_audit(world: World) -> dict[str, Any]:
    (case,) = audit(world.context, [CASE]).cases
    verdicts = {
        (line.obligation, line.item, line.round, line.actual and line.actual.date): str(line.verdict)
        for line in case.verdicts
    }
    return {"state": case.state, "verdicts": verdicts}


def by_show(world: World) -> dict[str, Any]:
    shown = overview(world.context, CASE)
    return {
        "state": shown.case.state,
        "items": items(shown.case),
        "acts": ready(shown.possible),
        "days": days(shown.deadlines),
    }


def by_list(world: World) -> dict[str, Any]:
    (head,) = (head for head in lists.heads(world.context) if head.case == CASE)
    return {"state": head.state}


def by_due(world: World) -> dict[str, Any]:
    return {"days": days(row for row in lists.due(world.context) if row.case == CASE)}


def by_case(world: World) -> dict[str, Any]:
    derived = read_derived(world.context, CASE)
    return {"state": derived.case.state, "items": items(derived.case), "days": days(deadlines(derived))}


def by_possible(world: World) -> dict[str, Any]:
    return {"acts": ready(possible(world.context, read_derived(world.context, CASE)))}


def by_preview(world: World) -> dict[str, Any]:
    """What `advance` would answer to each act that `show` calls possible, or not."""
    answers: dict[str, tuple[bool, tuple[str, ...]]] = {}
    for action in possible(world.context, read_derived(world.context, CASE)):
        if action.asks or not action.by or action.action == "consult":
            return_ = (
                action.ready,
                action.items,
            )  # asks for a field, is nobody's, or about an item that is not there yet
        else:
            taken = tuple(item for item in _items(world, action) if _accepted(world, action, item))
            return_ = (bool(taken), tuple(item for item in taken if item is not None))
        answers[action.action] = return_
    return {"acts": answers}


def _items(world: World, action: Possible) -> tuple[str | None, ...]:
    if action.action != "reply":
        return (None,)
    case = read_derived(world.context, CASE).case
    return tuple(item.id for kind in case.items.values() for item in kind.values() if item.ended is None)


def _accepted(world: World, action: Possible, item: str | None) -> bool:
    role = item if action.action == "reply" and item is not None else action.by[0]
    try:
        acts.preview(world.context, CASE, Command(action=action.action, by=role, item=item))
    except Refused:
        return False
    return True


DOORS = {
    "audit": by_audit, "show": by_show, "list": by_list, "due": by_due, "case": by_case, "possible": by_possible,
    "preview": by_preview,
}  # fmt: skip


def told(world: World) -> dict[str, dict[str, Any]]:
    """The table: for each fact, what each door says of it."""
    table: dict[str, dict[str, Any]] = {fact: {} for fact in FACTS}
    for door, ask in DOORS.items():
        for fact, answer in ask(world).items():
            table[fact][door] = answer
    return table


def agree(table: dict[str, dict[str, Any]]) -> None:
    for fact, answers in table.items():
        first = next(iter(answers))
        for door, answer in answers.items():
            assert answer == answers[first], f"{fact}: {door} against {first}"


def test_every_door_tells_the_same() -> None:
    tally = Tally()

    @settings(max_examples=20_000 if SOAK else 150)
    @given(shape=SHAPES, history=HISTORIES)
    def ask(shape: Shape, history: list[Step]) -> None:
        world = World(shape)
        for step in history:
            world.step(step)
        before = told(world)
        agree(before)
        tally.count(world.holds() | brought(read_derived(world.context, CASE).case))
        list(tick(world.context))
        after = told(world)
        agree(after)
        assert after == before
        assert [done for done in tick(world.context) if done.events] == []
        assert outdated(world.context) == ()
        assert list(mismatches(world.context, among=True)) == []

    ask()
    assert tally.scarce() == {}  # the histories held everything that time can do


@settings(max_examples=20_000 if SOAK else 30)
@given(shape=SHAPES, history=HISTORIES)
def test_when_time_was_written_down_changes_no_reading(shape: Shape, history: list[Step]) -> None:
    """Corrections are left out: they name events by number, and a journal with receipts has other numbers."""
    quiet, ticking = World(shape), World(shape)
    for step in (step for step in history if step[1] not in ("tick", "correct")):
        quiet.step(step)
        ticking.step(step)
        list(tick(ticking.context))
    assert told(quiet) == told(ticking)


@settings(max_examples=4_000 if SOAK else 60)
@given(shape=SHAPES, history=HISTORIES)
def test_until_the_next_change_time_alone_changes_nothing(shape: Shape, history: list[Step]) -> None:
    world = World(shape)
    for step in history:
        world.step(step)
    list(tick(world.context))
    _, case = world.context.read(CASE)
    today = world.clock.day
    now = projected(world, today)
    assert now.next_change is None or now.next_change > today
    horizon = min(now.next_change or date.max, today + timedelta(days=40))
    state = read_derived(world.context, CASE, today).case.state
    for later in range(1, (horizon - today).days):
        day = today + timedelta(days=later)
        again = projected(world, day)
        assert [_without_calendar(row) for row in again.rows] == [_without_calendar(row) for row in now.rows], day
        assert again.next_change == now.next_change
        if not case.acts.get("hearing.opened"):
            assert read_derived(world.context, CASE, day).case.state == state


def projected(world: World, day: date) -> Projection:
    compiled, case = world.context.read(CASE)
    return projection_of(world.context.derived(compiled, case, day), basis(world.context, compiled, day))


def _without_calendar(row: Any) -> tuple[Any, ...]:
    return (
        row.obligation,
        row.item,
        row.round,
        row.day,
        row.earliest,
        row.latest,
        row.status,
        row.open,
        row.anchor_kind,
    )
