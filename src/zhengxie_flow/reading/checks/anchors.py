"""Checks of what a limit hangs on: its own act, an act after the end, an act that nobody owes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import assert_never

from zhengxie_flow.engine.state_machine.machine import edges_of
from zhengxie_flow.engine.state_machine.reachability import graph_of
from zhengxie_flow.model.counting import opens
from zhengxie_flow.model.limit import (
    ANCHORED,
    ActAnchor,
    Anchor,
    DueAnchor,
    FirstOf,
    LastOf,
    NamedAnchor,
    Part,
    PeriodEnd,
)
from zhengxie_flow.model.process import Action, Obligation, Process
from zhengxie_flow.reading.checks.catalogue import Defect, advice, check
from zhengxie_flow.reading.checks.conditions import AnchorUse, LimitUse, anchors, limits
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.states import exits, reachable, reached, sound, ways_of_items
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1264",
    "own-anchor",
    en="An act that opens a time limit and meets it at once is never late; before itself it is never in time.",
    zh="起算的行为同时又是所要求的行为：期限一开始就已办结，永远不会逾期；要求在自己之前办，则永远办不到。",
)
def own_anchor(loaded: Loaded) -> Iterator[Defect]:
    """Report limits that hang on an act which performs their obligation, or on the end of the same limit."""
    duties = loaded.definition.process.obligations
    for anchor_use in _of_limits(loaded):
        do = set(duties[anchor_use.duty].do)
        for action, place in _acts(anchor_use):
            if action in do:
                yield Defect(place, action=action, duty=anchor_use.duty)


def _of_limits(loaded: Loaded) -> Iterator[AnchorUse]:
    """The anchors that start limits; those of suspensions start nothing."""
    for anchor_use in anchors(loaded):
        if "suspended" not in anchor_use.place.loc:
            yield anchor_use


def _acts(anchor_use: AnchorUse) -> Iterator[tuple[str, Place]]:
    """The actions whose acts an anchor waits for itself, each at its place; a day that an act names is no act."""
    anchor = anchor_use.anchor
    match anchor:
        case NamedAnchor():
            yield anchor.name, anchor_use.place
        case ActAnchor():
            for index, name in enumerate(anchor.done):
                yield name, anchor_use.place.at("done").entry(index)
        case DueAnchor() | PeriodEnd() | FirstOf() | LastOf():
            pass  # no act of its own; the parts are visited
        case _:
            assert_never(anchor)


@check(
    "ZX1265",
    "final-anchor",
    en="In a final state nothing is owed any more: a limit that only begins there, or with the last act, binds nobody.",
    zh="到了终局状态就不再负有义务：期限到那时才起算，或者由终结案件、对象的行为起算的，约束不了任何人。",
)
def final_anchor(loaded: Loaded) -> Iterator[Defect]:
    """Report obligations whose clock can only start where the case, or the item they are owed for, has ended."""
    process = loaded.definition.process
    if not sound(loaded):
        return
    for limit_use in limits(loaded):
        duty = process.obligations[limit_use.duty]
        for part, key, place in _anchored(limit_use) if duty.obliges else ():
            minimum = opens(part.direction)  # obliges nobody
            moving = key.endswith("_date") or (key == "after" and _counts(loaded, limit_use, part))

            def too_late(name: str, duty: Obligation = duty, moving: bool = moving) -> bool:
                return _after_the_end(process, duty, name, moving=moving)

            if not minimum and _of_every_act(getattr(part, key), too_late):
                yield Defect(place, duty=limit_use.duty)


def _anchored(limit_use: LimitUse) -> Iterator[tuple[Part, str, Place]]:
    """The parts of a limit that have an anchor, the key under which it stands, and its place; one shared only once."""
    limit = limit_use.limit
    for index, part in enumerate(limit.candidates):
        key = next((key for key in ANCHORED if getattr(part, key) is not None), None)
        if key is None:
            continue
        shared = getattr(limit, key) is not None
        if not shared or index == 0:
            yield part, key, (limit_use.place if shared else limit_use.place.at("choose", index)).at(key)


def _counts(loaded: Loaded, limit_use: LimitUse, part: Part) -> bool:
    """True where a day is counted from the anchor; after an act that ends the case, order alone still binds."""
    parameter = loaded.definition.parameters.get(limit_use.limit.parameter or "")
    filled = () if parameter is None else parameter.settings
    parts = (part, *limit_use.limit.candidates, *filled)
    return any(entry.amount is not None or entry.amount_field is not None for entry in parts)


def _of_every_act(anchor: Anchor, holds: Callable[[str], bool]) -> bool:
    """True where something holds of all acts by which an anchor can happen; the last of several needs each of them."""
    match anchor:
        case NamedAnchor():
            return holds(anchor.name.partition(".")[0])
        case ActAnchor():
            return all(holds(name) for name in anchor.done)
        case DueAnchor() | PeriodEnd():
            return False
        case FirstOf():
            return all(_of_every_act(part, holds) for _, part in anchor.parts())
        case LastOf():
            return any(_of_every_act(part, holds) for _, part in anchor.parts())
        case _:
            assert_never(anchor)


def _after_the_end(process: Process, duty: Obligation, name: str, *, moving: bool) -> bool:
    """True where an action is only done in final states that nothing leaves (``moving``: or only leads to them)."""
    action = process.actions.get(name)
    if action is None:
        return False
    final = {state for state, kind in process.states.items() if kind.final}
    ways = exits(process)
    ended = {state for state in final if reached(ways, [state]) <= final}
    places = _goals(action, reachable(process)) if moving else _sources(action, reachable(process))
    if places and places <= ended:
        return True
    return duty.for_ is not None and action.item_type == duty.for_ and _ends_item(process, action, moving=moving)


def _sources(action: Action, states: set[str]) -> set[str]:
    """The states in which an action is allowed."""
    allowed = {state for move in action.moves for state in move.from_} | set(action.from_)
    return allowed & states if allowed else states


def _goals(action: Action, states: set[str]) -> set[str]:
    """The states in which a case may be after an action."""
    if action.to is not None:
        return {action.to}
    if not action.moves:
        return _sources(action, states)
    return {move.to or state for move in action.moves for state in move.from_ if state in states}


def _ends_item(process: Process, action: Action, *, moving: bool) -> bool:
    """True where an action is only done for items that have ended, or (``moving``) ends them."""
    if action.item_type not in (action.for_, action.adds, action.replaces):  # it takes the item out of the case
        return moving
    kind = process.items.get(action.item_type or "")
    if kind is None or not action.item:
        return False
    final = {state for state, item_state in kind.states.items() if item_state.final}
    ways = ways_of_items(process, action.item_type or "")
    ended = {state for state in final if reached(ways, [state]) <= final}
    steps = [(step.from_ or tuple(kind.states), step.to) for step in action.item]
    places = {(to if moving and to is not None else state) for sources, to in steps for state in sources}
    return bool(places) and places <= ended


@advice(
    "ZX1266",
    "optional-anchor",
    en="Nobody misses what hangs on an act that nobody owes; if somebody does, an obligation or a way has to say so.",
    zh="起算的行为没有人必须办的，不办就什么也不欠；有人必须办的，应当写成义务，或者成为流程的必经之处。",
)
def optional_anchor(loaded: Loaded) -> Iterator[Defect]:
    """Report obligations that wait for an act which no obligation asks for and no way has to pass."""
    process = loaded.definition.process
    if not sound(loaded):
        return
    owed = {name for duty in process.obligations.values() if duty.obliges for name in duty.do}

    @cache
    def free(name: str) -> bool:
        return name in process.actions and name not in owed and not _passed(process, name)

    for limit_use in limits(loaded):
        obliges = process.obligations[limit_use.duty].obliges
        for part, key, place in _anchored(limit_use) if obliges else ():
            anchor = getattr(part, key)
            if key == "after" and _of_every_act(anchor, free):
                yield Defect(place, duty=limit_use.duty, action=tuple(dict.fromkeys(_names(anchor))))


def _names(anchor: Anchor) -> Iterator[str]:
    match anchor:
        case NamedAnchor():
            yield anchor.name.partition(".")[0]
        case ActAnchor():
            yield from anchor.done
        case DueAnchor() | PeriodEnd():
            pass  # a day, and no act
        case FirstOf() | LastOf():
            for _, part in anchor.parts():
                yield from _names(part)
        case _:
            assert_never(anchor)


def _passed(process: Process, name: str) -> bool:
    """True where some state cannot be reached without an action."""
    edges = tuple(edges_of(process))
    every = graph_of(process.states, edges).reachable(process.start)
    without = graph_of(process.states, [edge for edge in edges if edge.action != name]).reachable(process.start)
    return not set(every) <= set(without)


CHECKS = (own_anchor, final_anchor, optional_anchor)
