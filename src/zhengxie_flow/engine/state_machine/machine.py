"""The state machine of a case (or of an item), with `transitions` as the authority on transitions.

One machine per compiled definition and never a model of its own: each question is put to a fresh cursor, so nothing is
shared and threads are safe.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from transitions import EventData, Machine

from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.conditions.undone import left_open
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.item import ItemStep
from zhengxie_flow.model.process import Action, Move, Process


class Cursor:
    """A bare state, the model that a machine moves when it is asked for the target of an action."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


@dataclass(frozen=True, slots=True)
class Edge:
    """One move of a case: the action, the states it leaves (none: every one), the state it leads to, and its condition.

    What the condition says of the act's own fields is left open: the act was not done.
    """

    action: str
    from_: tuple[str, ...]
    to: str
    when: Condition | None


def edges_of(process: Process) -> Iterator[Edge]:
    """The moves of a process, in the order of its actions."""
    for name, action in process.actions.items():
        fields = process.field_names(name)
        for way in action.ways:
            if way.to is not None:
                yield Edge(name, way.from_, way.to, None if way.when is None else left_open(way.when, fields))
        if not action.ways and action.to is not None:
            yield Edge(name, action.from_, action.to, None)


def _holds(index: int, data: EventData) -> bool:
    """The guard of the index-th way, evaluated by the engine beforehand and passed in as event data."""
    guards: Sequence[bool] | None = data.kwargs.get("guards")
    return guards is None or guards[index]


class Destinations(NamedTuple):
    """The states that an act may lead to, and whether it is certain which way it takes, or that no way is open."""

    states: tuple[str, ...]
    certain: bool

    def sure(self, otherwise: str) -> str:
        """The state that all ways share which are possible; where there are several, or none, another one."""
        return self.states[0] if len(self.states) == 1 else otherwise

    @property
    def allowed(self) -> bool:
        """True where one way is certain to be open, or several that lead to the same state."""
        return self.certain and len(self.states) == 1


def first_open(goals: Sequence[str], guards: Sequence[Truth]) -> Destinations:
    """The destinations of ways tried in order, by the truth of the condition of each: the first true one counts."""
    possible: dict[str, None] = {}
    for goal, truth in zip(goals, guards, strict=True):
        if truth is not False:
            possible[goal] = None
        if truth is True:
            return Destinations(tuple(possible), len(possible) == 1)
    return Destinations(tuple(possible), not possible)


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

        self.states: tuple[str, ...] = tuple(states)
        self.edges: tuple[Edge, ...] = () if item is not None else tuple(edges_of(process))
        self.guarded: bool = any(edge.when is not None for edge in self.edges)
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

    def knows(self, action: str) -> bool:
        """Return whether it is an action of the state machine."""
        return action in self._ways

    def allowed_in(self, action: str) -> frozenset[str]:
        """The states from which an action has a transition, guards left aside."""
        return frozenset(state for state in self.states if action in self._possible[state])

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

    def destinations(self, state: str, action: str, guards: Sequence[Truth]) -> Destinations:
        """The states an act may lead to, by the truth of the condition of each of its ways: the first true one counts.

        An act in a state that allows it takes a way from there, any other a way from wherever it leads.

        Args:
            state: The state before the act.
            action: The action.
            guards: The truth of the condition of each way, in their order.
        """
        ways = list(zip(self._ways[action], guards, strict=True))
        if action in self._possible[state]:
            ways = [(way, truth) for way, truth in ways if not way.from_ or state in way.from_]
        return first_open([way.to or state for way, _ in ways], [truth for _, truth in ways])

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
