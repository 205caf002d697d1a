"""Which states lead where, as far as names go; whether a guard holds is not asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhengxie_flow.model.process import Action, Process
from zhengxie_flow.reading.checks.mentions import mentions
from zhengxie_flow.reading.sources import Loaded


def exits(process: Process) -> dict[str, set[str]]:
    """The states that each state leads to."""
    ways: dict[str, set[str]] = {state: set() for state in process.states}
    for action in process.actions.values():
        for move in action.ways:
            for state in move.from_:
                ways.setdefault(state, set()).update([move.to] if move.to is not None else [])
        if action.to is not None and not action.from_:
            for state in process.states:
                ways[state].add(action.to)
    return ways


def reached(ways: Mapping[str, Iterable[str]], start: Iterable[str]) -> set[str]:
    """Everything that can be come to from some states, themselves included."""
    seen: set[str] = set()
    todo = list(start)
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo += ways.get(state, ())
    return seen


def reachable(process: Process) -> set[str]:
    """Every state that a case can come to."""
    return reached(exits(process), [process.start])


def possible(process: Process, action: Action) -> bool:
    """Whether there is a state from which an action can happen and to which a case can come."""
    sources = {state for move in action.moves for state in move.from_} | set(action.from_)
    return not sources or bool(sources & reachable(process))


def sound(loaded: Loaded) -> bool:
    """Whether every state named is there; else nothing is said about ways between states."""
    return all(each.name in each.known for each in mentions(loaded) if each.kind == "state")
