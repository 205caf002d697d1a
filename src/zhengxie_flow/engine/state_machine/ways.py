"""The ways of an act: where it moves the case or an item, and where it may move them while a condition is unknown."""

from __future__ import annotations

from collections.abc import Sequence

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item
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
