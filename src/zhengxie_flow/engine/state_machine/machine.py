"""The state machine of a case (or of an item), with `transitions` as the authority on transitions.

One machine per compiled definition and never a model of its own: each question is put to a fresh cursor, so nothing is
shared and threads are safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from transitions import EventData, Machine

from zhengxie_flow.model.item import ItemStep
from zhengxie_flow.model.process import Action, Move, Process


class Cursor:
    """A bare state, the model that a machine moves when it is asked for the target of an action."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _holds(index: int, data: EventData) -> bool:
    """The guard of the index-th way, evaluated by the engine beforehand and passed in as event data."""
    guards: Sequence[bool] | None = data.kwargs.get("guards")
    return guards is None or guards[index]


class StateMachine:
    """The states and actions of one process; with ``item`` those of the items of one type."""

    def __init__(self, process: Process, item: str | None = None) -> None:
        states = process.states if item is None else process.items[item].states
        self._machine: Any = Machine(
            model=None,
            states=list(states),
            initial=next(iter(states)),
            auto_transitions=False,
            send_event=True,
        )
        self._ways: dict[str, tuple[Move | ItemStep, ...]] = {}
        for name, action in process.actions.items():
            if item is not None and action.item_type != item:
                continue
            ways: tuple[Move | ItemStep, ...] = action.ways if item is None else action.item
            self._ways[name] = ways
            for index, way in enumerate(ways):
                guard = None if way.when is None else partial(_holds, index)
                self._machine.add_transition(name, list(way.from_) or "*", way.to, conditions=guard)
            if not ways:
                self._stay(name, action, item)

        self._events = self._machine.events
        # Asked once: the machine never changes, and looking through all its events costs more than a step.
        self._possible = {state: dict.fromkeys(self._machine.get_triggers(state)) for state in states}

    def _stay(self, name: str, action: Action, item: str | None) -> None:
        """An action allowed without moving the state, or moving it from wherever the case is."""
        if item is None:
            self._machine.add_transition(name, list(action.from_) or "*", action.to)
        else:
            self._machine.add_transition(name, "*", None)

    def allowed(self, state: str, action: str) -> bool:
        """Return whether an action has a transition from a state, guards left aside."""
        return action in self._possible[state]

    def possible(self, state: str) -> tuple[str, ...]:
        """The actions that have a way out of a state."""
        return tuple(self._possible[state])

    def ways(self, action: str) -> tuple[Move | ItemStep, ...]:
        """The ways an action can move the state, in order; none for an action that stays."""
        return self._ways[action]

    def move(self, state: str, action: str, guards: Sequence[bool] | None = None) -> str | None:
        """Return the state an action leads to: the same one when it does not move, None when no way is open.

        ``guards`` says for each way of the action whether its ``when`` holds; a way without one is always open.
        """
        if action not in self._possible[state]:
            return None
        cursor = Cursor(state)
        return cursor.state if self._events[action].trigger(cursor, guards=guards) else None

    def destination(self, action: str) -> str | None:
        """The target of an act recorded outside its ``from``: that of its first way that moves; None without one."""
        return next((way.to for way in self._ways[action] if way.to is not None), None)

    def reachable(self) -> frozenset[str]:
        """Every state that some sequence of actions reaches from the start."""
        visited, todo = set(), [self._machine.initial]
        while todo:
            state = todo.pop()
            if state in visited:
                continue
            visited.add(state)
            for action in self.possible(state):
                transitions = self._machine.events[action].transitions[state]
                todo += [transition.dest for transition in transitions if transition.dest is not None]
        return frozenset(visited)
