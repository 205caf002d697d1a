"""Checks of the state machines of a process and of its items, on the graph of their states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from zhengxie_flow.engine.state_machine.machine import edges_of
from zhengxie_flow.engine.state_machine.reachability import graph_of
from zhengxie_flow.model.condition import All, Condition, Done
from zhengxie_flow.model.process import Action, Process, Requirement
from zhengxie_flow.reading.checks.catalogue import Defect, advice, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_references import name_references
from zhengxie_flow.reading.sources import Loaded


def exits(process: Process) -> dict[str, set[str]]:
    """Transitions: the states that each state leads to."""
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
    """States reachable from some states, these included."""
    visited: set[str] = set()
    todo = list(start)
    while todo:
        state = todo.pop()
        if state not in visited:
            visited.add(state)
            todo += ways.get(state, ())
    return visited


def reachable(process: Process) -> set[str]:
    """States that a case can reach from the first one."""
    return reached(exits(process), [process.start])


def possible(process: Process, action: Action) -> bool:
    """True if an action is allowed in at least one state that a case can reach."""
    sources = {state for move in action.moves for state in move.from_} | set(action.from_)
    return not sources or bool(sources & reachable(process))


def sound(loaded: Loaded) -> bool:
    """True if every reference to a state resolves; otherwise the graph is not judged."""
    return all(
        reference.name in reference.choices for reference in name_references(loaded) if reference.kind == "state"
    )


@check(
    "ZX1230",
    "unreachable-state",
    en="A state that nothing leads to is never seen; usually an action forgot to name it.",
    zh="没有任何行为通向的状态永远不会出现，多半是某个行为漏写了去向。",
)
def unreachable_state(loaded: Loaded) -> Iterator[Defect]:
    """Report states that no sequence of actions reaches from the first one."""
    process = loaded.definition.process
    if not sound(loaded):
        return
    possible_states = reachable(process)
    for state in process.states:
        if state not in possible_states:
            yield Defect(Place(loaded.process, loaded.process.node).name("states", state), state=state)


@check(
    "ZX1231",
    "dead-end",
    en="A case comes to an end in a final state; where none can be reached any more, it stays open for ever.",
    zh="案件应在终局状态结束；到达不了任何终局状态的，案件将永远悬置。",
)
def dead_end(loaded: Loaded) -> Iterator[Defect]:
    """Report reachable states from which no final state can be reached."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    if not sound(loaded):
        return
    ways = exits(process)
    final = {name for name, state in process.states.items() if state.final}
    for state in reached(ways, [process.start]):
        if not reached(ways, [state]) & final:
            yield Defect(top.name("states", state), state=state)


_WITHDRAWN_IDS = frozenset(("withdrawn", "abandoned", "dropped"))
_WITHDRAWN_LABEL = re.compile(r"(已|自行|主动)*(撤回|撤件|撤诉)(申请|案件|申报|请求|提案)?")
_ENDED_BY_THE_OFFICE = ("撤销", "取消", "作废")  # an act annulled, which leaves what was owed until then as it was


@warning(
    "ZX1244",
    "withdrawn-state",
    en="When a case is withdrawn its open obligations fall away; at an ordinary end they are missed.",
    zh="案件撤回时未到期的义务随之消灭；按普通终局处理则会被判为未履行。",
)
def withdrawn_state(loaded: Loaded) -> Iterator[Defect]:
    """Report final states that by their name end a withdrawn case and do not say so."""
    for name, state in loaded.definition.process.states.items():
        if state.final is True and _sounds_withdrawn(name, state.zh or ""):
            yield Defect(Place(loaded.process, loaded.process.node, ("states", name, "final")), state=name)


def _sounds_withdrawn(name: str, label: str) -> bool:
    """Return whether a state is named like a withdrawal by the applicant, not like the annulment of an act."""
    if any(word in label for word in _ENDED_BY_THE_OFFICE):
        return False
    return name in _WITHDRAWN_IDS or _WITHDRAWN_LABEL.fullmatch(label) is not None


@check(
    "ZX1316",
    "unreachable-item-state",
    en="A state of an item that no action moves it to is never seen; usually an `item:` forgot to name it.",
    zh="没有任何行为使对象转入的状态永远不会出现，多半是某个 item: 漏写了去向。",
)
def unreachable_item_state(loaded: Loaded) -> Iterator[Defect]:
    """Report states of items that no sequence of actions leads to from the first one."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    if not sound(loaded):
        return
    for name, kind in process.items.items():
        start = kind.start
        if start is None:
            continue
        ways = ways_of_items(process, name)
        begins = [step.to for action in process.actions.values() if action.adds == name for step in action.item]
        possible_states = reached(ways, [start, *(state for state in begins if state is not None)])
        for state in kind.states:
            if state not in possible_states:
                yield Defect(top.name("items", name, "states", state), state=state, type=name)


def ways_of_items(process: Process, kind: str) -> dict[str, set[str]]:
    """Transitions of an item: the states that each of its states leads to."""
    ways: dict[str, set[str]] = {state: set() for state in process.items[kind].states}
    for action in process.actions.values():
        for step in action.item if action.item_type == kind else ():
            for state in step.from_ or ways:
                if step.to is not None:
                    ways.setdefault(state, set()).add(step.to)
    return ways


@check(
    "ZX1314",
    "item-without-states",
    en="`item:` says where an act moves the item it is done for; that item's type has to have states.",
    zh="item: 写明行为使所办的对象由何状态转入何状态；该类对象须先写明状态。",
)
def item_without_states(loaded: Loaded) -> Iterator[Defect]:
    """Report actions that move an item whose type has no states."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, action in process.actions.items():
        kind = process.items.get(action.item_type or "")
        if action.item and kind is not None and not kind.states:
            yield Defect(top.at("actions", name, "item"), type=action.item_type)


@advice(
    "ZX1346",
    "requirement-passed-over",
    en="A record may show a case in a state past an act nobody did; what was required of that act is then broken.",
    zh="补记可能使案件越过某个没有办的行为进入后面的状态；该行为所要求的，届时视为没有做到。",
)
def requirement_passed_over(loaded: Loaded) -> Iterator[Defect]:
    """Report requirements, binding by their clause, of an act without which some state cannot be reached."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    if not sound(loaded):
        return
    edges = tuple(edges_of(process))
    every = graph_of(process.states, edges).reachable(process.start)
    for name, action in process.actions.items():
        binding = [
            (index, entry.id)
            for index, entry in enumerate(action.requires)
            if isinstance(entry, Requirement) and entry.binding
        ]
        if not binding:
            continue
        others = [edge for edge in edges if edge.action != name and not _needs(edge.when, name)]
        without = graph_of(process.states, others).reachable(process.start)
        first = next((state for state in process.states if state in every and state not in without), None)
        for index, requirement in binding if first is not None else ():
            yield Defect(top.at("actions", name, "requires", index), action=name, requirement=requirement, state=first)


def _needs(condition: Condition | None, action: str) -> bool:
    """True where a condition holds only once an action was done."""
    if isinstance(condition, All):
        return any(_needs(part, action) for part in condition.all)
    return isinstance(condition, Done) and set(condition.done) == {action}


CHECKS = (
    unreachable_state,
    dead_end,
    withdrawn_state,
    unreachable_item_state,
    item_without_states,
    requirement_passed_over,
)
