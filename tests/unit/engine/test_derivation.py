"""Receipts of what time brought are no input: nothing that is said of them changes a reading, or stops one."""

from __future__ import annotations

from datetime import timedelta

from tests.property.worlds import CASE, Shape, World

from zhengxie_flow.engine import derive
from zhengxie_flow.engine.events.deemed_acts import without_receipts
from zhengxie_flow.model.event import EventType
from zhengxie_flow.services.commands.ticking import tick
from zhengxie_flow.services.queries.derived_cases import read_derived

SHAPE = Shape("working_day", 2, 1, 1, ends=True, stop_if=False, lasting=False, minimum=1, back=False)


def states(world: World) -> list[tuple[object, str]]:
    """The states of the case, each with its day."""
    return [(stay.key[0], stay.state) for stay in read_derived(world.context, CASE).case.stays]


def granted() -> World:
    """A case on which silence granted, with the receipt of that."""
    world = World(SHAPE)
    world.step((0, "receive", 1, False))
    world.clock.day += timedelta(days=10)
    list(tick(world.context))
    return world


def test_what_is_said_of_a_receipt_changes_nothing() -> None:
    world = granted()
    case = world.context.read(CASE).case
    (receipt,) = (event for event in case.events if event.type is EventType.DEEMED)
    before = states(world)
    for number in (receipt.sequence, receipt.sequence + 1, receipt.sequence + 2):  # it, its correction, and that one's
        world.clock.day += timedelta(days=1)
        world.step((0, "correct", number, False))
        assert states(world) == before
    list(tick(world.context))  # one that somebody withdrew is written again
    assert states(world) == before
    assert [ticked for ticked in tick(world.context) if ticked.events] == []


def test_corrections_of_corrections_of_receipts_are_left_out_too() -> None:
    world = granted()
    compiled, _ = world.context.read(CASE)
    for number in (3, 4, 5, 6):
        world.step((1, "correct", number, False))
    events = world.context.read(CASE).case.events
    assert [event.sequence for event in without_receipts(events)] == [1, 2]
    derived = derive(
        compiled, world.context.read(CASE).case, lambda day: world.context.calendar(compiled, day), world.clock.day
    )
    assert derived.case.state == read_derived(world.context, CASE).case.state
