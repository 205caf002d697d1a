"""The ways of an act: where it moves the case or an item, and where it may move them while a condition is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.engine.state_machine.machine import Destinations
from zhengxie_flow.engine.validity import is_void
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.body import ActBody
from zhengxie_flow.model.case import Act, Case, Item, StatePeriod
from zhengxie_flow.model.event import Mode
from zhengxie_flow.model.item import ItemStep
from zhengxie_flow.model.process import Move


def truths(
    view: CaseView, ways: Sequence[Move | ItemStep], act: Act, item: Item | None, trace: Trace | None = None
) -> list[Truth]:
    """The truth of the condition of each way, at the act; a void act opens none."""
    if is_void(view, view.compiled.process.actions.get(act.action), act):
        return [False for _ in ways]
    scope, noted = Scope(act=act, item=item, this=item), Trace() if trace is None else trace
    return [evaluate_optional(way.when, view, scope, noted) for way in ways]


def destinations(view: CaseView, act: Act, item: Item | None, trace: Trace | None = None) -> Destinations:
    """The states an act may lead the case to; several where it is unknown which way it took, none where no way is open.

    Args:
        view: The case just before the act.
        act: The act.
        item: The item it is about.
        trace: Collects the names that would settle which way it took.
    """
    machine, state = view.compiled.machine, view.state
    ways = machine.ways(act.action)
    if not ways:
        return Destinations((view.compiled.process.actions[act.action].to or state,), certain=True)
    return machine.destinations(state, act.action, truths(view, ways, act, item, trace))


def item_destinations(view: CaseView, act: Act, item: Item, trace: Trace | None = None) -> Destinations:
    """The states of its own that an act may lead its item to; none where the type has no states, or no way is open."""
    machine, state = view.compiled.item_machines.get(item.type), view.item_state(item)
    if machine is None or state is None:
        return Destinations((), certain=True)
    ways = machine.ways(act.action)
    if not ways:
        return Destinations((state,), certain=True)
    return machine.destinations(state, act.action, truths(view, ways, act, item, trace))


@dataclass(frozen=True, slots=True)
class OpenWay:
    """An act of which it was unknown, when it was recorded, which way it took.

    Attributes:
        act: The act.
        item: The item that it may have moved; None for the case.
        before: The state before it.
        recorded: The state it was recorded to lead to.
        reached: Where it may have led, by what is known in a view.
        needs: The names that would settle it.
    """

    act: Act
    item: Item | None
    before: str
    recorded: str
    reached: Destinations
    needs: tuple[str, ...]

    @property
    def answered(self) -> bool:
        """True where answers given since make it certain which way it took."""
        return self.reached.certain


def open_ways(view: CaseView) -> Iterator[OpenWay]:
    """The acts of which it was unknown which way they took, with what answers given since make of them."""
    outlines = view.compiled.outlines
    for act in view.acts([name for name, outline in outlines.items() if outline.guarded or outline.guards_items]):
        event, outline = act.event, outlines[act.action]
        if event is None or event.mode is Mode.ADVANCED or not isinstance(event.body, ActBody):
            continue
        item = view.case.items.get(outline.item_type or "", {}).get(act.item or "")
        if outline.guarded:
            yield from _open_way(view, act, item, None)
        if outline.guards_items and item is not None:
            yield from _open_way(view, act, item, item)


def _open_way(view: CaseView, act: Act, item: Item | None, moving: Item | None) -> Iterator[OpenWay]:
    then, compiled = view.at(act.key), view.compiled
    machine = compiled.machine if moving is None else compiled.item_machines.get(moving.type)
    before = then.state if moving is None else then.item_state(moving)
    if machine is None or before is None or act.event is None or before not in machine.states:
        return
    ways, trace = machine.ways(act.action), Trace()
    reached = machine.destinations(before, act.action, truths(then, ways, act, item, trace))
    if reached.certain:
        return
    trace = Trace()
    reached = machine.destinations(before, act.action, truths(view.read_at(act.key), ways, act, item, trace))
    yield OpenWay(act, moving, before, _recorded(act, before, moving), reached, tuple(trace.needs))


def _recorded(act: Act, before: str, moving: Item | None) -> str:
    """The state an act was recorded to lead to."""
    body = act.event.body if act.event is not None else None
    if not isinstance(body, ActBody):
        return before
    if moving is None:
        return before if body.state is None else body.state.to
    moved = body.items.moved if body.items is not None else ()
    return next((move.to for move in moved if move.id == moving.id), before)


def with_answered_ways(view: CaseView) -> Case:
    """The case with the states to which acts led it, or its items, once it is known which way they took.

    An answer moves the state as of the act; what was recorded meanwhile stays as it is.
    """
    case = view.case
    if not view.compiled.guarded:
        return case
    for way in open_ways(view):
        goal = way.reached.sure(way.before)
        if not way.answered or goal == way.recorded:
            continue
        period = StatePeriod(way.act.key, goal, way.act.sequence)
        if way.item is None:
            case = replace(case, stays=_put(case.stays, period, way.before))
        else:
            item = case.items[way.item.type][way.item.id]
            moved = {**case.items[item.type], item.id: replace(item, stays=_put(item.stays, period, way.before))}
            case = replace(case, items={**case.items, item.type: moved})
    return case


def _put(periods: tuple[StatePeriod, ...], period: StatePeriod, before: str) -> tuple[StatePeriod, ...]:
    """The periods with one in the place of that of its event; an act that stays begins none."""
    others = [other for other in periods if other.key != period.key]
    if period.state != before:
        others.append(period)
    return tuple(sorted(others, key=lambda entry: entry.key))
