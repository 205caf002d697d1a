"""The ways of an act: where it moves the case or an item, and where it may move them while a condition is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.body import ActBody
from zhengxie_flow.model.case import Act, Case, Item, Key, StatePeriod
from zhengxie_flow.model.item import ItemStep
from zhengxie_flow.model.process import Move


def truths(
    view: CaseView, ways: Sequence[Move | ItemStep], act: Act, item: Item | None, trace: Trace | None = None
) -> list[Truth]:
    """The truth of the condition of each way, at the act."""
    scope, noted = Scope(act=act, item=item, this=item), Trace() if trace is None else trace
    return [evaluate_optional(way.when, view, scope, noted) for way in ways]


def destinations(view: CaseView, act: Act, item: Item | None, trace: Trace | None = None) -> tuple[str, ...]:
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
        return (view.compiled.process.actions[act.action].to or state,)
    return machine.destinations(state, act.action, truths(view, ways, act, item, trace))


def item_destinations(view: CaseView, act: Act, item: Item, trace: Trace | None = None) -> tuple[str, ...]:
    """The states of its own that an act may lead its item to; none where the type has no states, or no way is open."""
    machine, state = view.compiled.item_machines.get(item.type), view.item_state(item)
    if machine is None or state is None:
        return ()
    ways = machine.ways(act.action)
    return machine.destinations(state, act.action, truths(view, ways, act, item, trace)) if ways else (state,)


def sure(states: tuple[str, ...], otherwise: str) -> str:
    """The one state that is possible; where there are several, or none, the state stays as it was."""
    return states[0] if len(states) == 1 else otherwise


@dataclass(frozen=True, slots=True)
class OpenWay:
    """An act of which it was unknown, when it was recorded, which way it took.

    Attributes:
        act: The act.
        item: The item that it may have moved; None for the case.
        before: The state before it.
        possible: The states it may have led to, by what is known in a view.
        needs: The names that would settle it.
    """

    act: Act
    item: Item | None
    before: str
    possible: tuple[str, ...]
    needs: tuple[str, ...]


def open_ways(view: CaseView) -> Iterator[OpenWay]:
    """The acts of which it was unknown which way they took, with what answers given since make of them."""
    for act in view.past(view.case.timeline):
        body = act.event.body if act.event is not None else None
        outline = view.compiled.outlines.get(act.action)
        if outline is None or not isinstance(body, ActBody):
            continue
        item = view.case.items.get(outline.item_type or "", {}).get(act.item or "")
        if outline.guarded and body.state is None:
            yield from _open_way(view, act, item, None)
        if outline.guards_items and item is not None and (body.items is None or not body.items.moved):
            yield from _open_way(view, act, item, item)


def _open_way(view: CaseView, act: Act, item: Item | None, moving: Item | None) -> Iterator[OpenWay]:
    then, compiled = view.at(act.key), view.compiled
    machine = compiled.machine if moving is None else compiled.item_machines.get(moving.type)
    before = then.state if moving is None else then.item_state(moving)
    if machine is None or before is None:
        return
    ways, trace = machine.ways(act.action), Trace()
    possible = machine.destinations(before, act.action, truths(then, ways, act, item, trace))
    if len(possible) < 2:
        return
    for key in _asserted_since(view, act.key):
        trace = Trace()
        later = view.at((key[0], key[1] + 1))
        possible = machine.destinations(before, act.action, truths(later, ways, act, item, trace))
        if len(possible) < 2:
            break
    yield OpenWay(act, moving, before, possible, tuple(trace.needs))


def _asserted_since(view: CaseView, since: Key) -> list[Key]:
    """The positions on the timeline, from one on, at which facts were asserted."""
    keys = {assertion.key for assertions in view.case.facts.values() for assertion in assertions}
    return sorted(key for key in keys if since <= key < view.until)


def with_answered_ways(view: CaseView) -> Case:
    """The case with the states to which acts led it, or its items, once it is known which way they took.

    An answer moves the state as of the act; what was recorded meanwhile stays as it is.
    """
    case = view.case
    if not any(outline.guarded or outline.guards_items for outline in view.compiled.outlines.values()):
        return case
    for way in open_ways(view):
        reached = sure(way.possible, way.before)
        if reached == way.before:
            continue
        period = StatePeriod(way.act.key, reached, way.act.sequence)
        if way.item is None:
            case = replace(case, stays=_inserted(case.stays, period))
        else:
            item = case.items[way.item.type][way.item.id]
            moved = {**case.items[item.type], item.id: replace(item, stays=_inserted(item.stays, period))}
            case = replace(case, items={**case.items, item.type: moved})
    return case


def _inserted(periods: tuple[StatePeriod, ...], period: StatePeriod) -> tuple[StatePeriod, ...]:
    return tuple(sorted((*periods, period), key=lambda entry: entry.key))
