"""Spans of states: ``planned..reported`` is all from one to another, ``open`` all in which a case has not ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.reading.expansion.entries import Entries
from zhengxie_flow.reading.expansion.trees import entries_of, listing, rebuilt, standing_at
from zhengxie_flow.reading.nodes import Node

BACKWARDS = "ZX1361"
OPEN = "open"
BETWEEN = ".."


@dataclass(frozen=True, slots=True)
class Spans:
    """Reading of spans of states.

    Attributes:
        states: the states of the process in order, in full.
        entries: reports what is wrong.
    """

    states: Mapping[str, Node]
    entries: Entries

    def action(self, action: Node) -> Node:
        """An action with the states from which it is allowed."""
        if action.kind != "map":
            return action
        action = self._from(action)
        moves = action.fields.get("moves")
        if moves is None or moves.kind != "list":
            return action
        return rebuilt(action, {**action.fields, "moves": listing(moves, map(self._from, moves.items))})

    def _from(self, holder: Node) -> Node:
        written = holder.fields.get("from") if holder.kind == "map" else None
        if written is None or not any(self._is_span(entry.value) for entry in entries_of(written)):
            return holder
        names = [state for entry in entries_of(written) for state in self._states(entry)]
        return rebuilt(holder, {**holder.fields, "from": listing(written, names)})

    def _is_span(self, value: object) -> bool:
        return isinstance(value, str) and (BETWEEN in value or (value == OPEN and OPEN not in self.states))

    def _states(self, entry: Node) -> list[Node]:
        if not self._is_span(entry.value):
            return [entry]
        names = list(self.states)
        if entry.value == OPEN:
            return [standing_at(name, entry) for name in names if not self._ends(name)]
        first, _, last = entry.value.partition(BETWEEN)
        unknown = [name for name in (first, last) if name not in self.states]
        for name in unknown:
            self.entries.unknown(name, "state", tuple(names), entry)
        if unknown:
            return []
        if names.index(first) >= names.index(last):
            where = Where(entry.file or self.entries.label, entry.line, entry.column)
            self.entries.problems.append(Problem(BACKWARDS, where, {"first": first, "last": last}))
        return [standing_at(name, entry) for name in names[names.index(first) : names.index(last) + 1]]

    def _ends(self, name: str) -> bool:
        state = self.states[name]
        return state.kind == "map" and "final" in state.fields and state.fields["final"].value is not False
