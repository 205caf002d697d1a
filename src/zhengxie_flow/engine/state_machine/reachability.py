"""The life graph of a case: its states, and the moves between them that are still possible.

A move whose condition is false is none; one whose condition nobody can answer yet may be taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhengxie_flow.conditions import evaluate
from zhengxie_flow.engine.state_machine.machine import Edge
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import StatePeriod
from zhengxie_flow.model.event import EventType

Moves = Mapping[str, Sequence[tuple[str, str]]]
"""For each state the moves out of it: the action, and the state it leads to."""


@dataclass(frozen=True, slots=True)
class LifeGraph:
    """The states of a process with the moves that are possible between them."""

    moves: Moves

    def path(self, start: str, goal: str) -> tuple[str, ...] | None:
        """The actions of a shortest path between two states; None where there is none."""
        return _search(self.moves, start, None, goal)[1]

    def reachable(self, start: str, without: str | None = None) -> frozenset[str]:
        """The states that a case can come to from a state, itself among them, ``without`` the moves of an action."""
        return _search(self.moves, start, without, None)[0]

    def needed(self, start: str, goal: str) -> tuple[str, ...]:
        """The actions without whose moves one state cannot be reached from another; none where it cannot at all."""
        path = self.path(start, goal)
        return tuple(action for action in dict.fromkeys(path or ()) if goal not in self.reachable(start, action))


def _search(
    moves: Moves, start: str, without: str | None, goal: str | None
) -> tuple[frozenset[str], tuple[str, ...] | None]:
    """Breadth-first search: the states visited, and the actions that led to the goal."""
    paths: dict[str, tuple[str, ...]] = {start: ()}
    todo = [start]
    for state in todo:  # grows while it is walked
        if state == goal:
            break
        for action, target in moves.get(state, ()):
            if target not in paths and action != without:
                paths[target] = (*paths[state], action)
                todo.append(target)
    return frozenset(paths), paths.get(goal) if goal is not None else None


def graph_of(states: Iterable[str], edges: Iterable[Edge]) -> LifeGraph:
    """The graph of some moves; one without a state it leaves can be made in every state."""
    every = tuple(states)
    moves: dict[str, list[tuple[str, str]]] = {}
    for edge in edges:
        for state in edge.from_ or every:
            moves.setdefault(state, []).append((edge.action, edge.to))
    return LifeGraph(moves)


def life_graph(view: CaseView) -> LifeGraph:
    """The graph of a case: all moves of its process but those whose condition is false."""
    machine = view.compiled.machine
    if not machine.guarded:
        return graph_of(machine.states, machine.edges)
    possible = (edge for edge in machine.edges if edge.when is None or evaluate(edge.when, view) is not False)
    return graph_of(machine.states, possible)


def passed_over(view: CaseView, graph: LifeGraph) -> dict[str, StatePeriod]:
    """The actions not done that the case went past, each with the first state it could not be in without them.

    What lies before the state the case was opened in, or set to by a change of edition, is not judged.
    """
    start, *later = _judged_periods(view)
    first: dict[str, StatePeriod] = {}
    for period in later:
        if period.state != start.state:
            for action in graph.needed(start.state, period.state):
                if action not in first and not view.acts((action,)):
                    first[action] = period
    return first


def _judged_periods(view: CaseView) -> Sequence[StatePeriod]:
    """The states a case was in, from its opening or the last change of edition that set its state."""
    periods = view.past(view.case.stays)
    if not view.case.pins:
        return periods
    moved = {event.sequence for event in view.case.events if event.type is EventType.MOVED}
    begin = max((index for index, period in enumerate(periods) if period.event in moved), default=0)
    return periods[begin:]


def still_possible(view: CaseView, action: str) -> bool:
    """True where an action is allowed in a state that the case can still come to."""
    machine = view.compiled.machine
    if not machine.knows(action):
        return True  # an act that a subcase brings
    states = machine.allowed_in(action)
    return view.state in states or not states.isdisjoint(life_graph(view).reachable(view.state))
