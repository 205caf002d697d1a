"""Gates in full: the facts, requirements and obligations that a gate before an act stands for."""

from __future__ import annotations

from typing import Any

from zhengxie_flow.model.condition import IN_STATE
from zhengxie_flow.model.process import CONDITION, RIGHT
from zhengxie_flow.reading.expansion.sections import Sections
from zhengxie_flow.reading.expansion.trees import at_key, entries_of, rebuilt, standing_at, with_defaults
from zhengxie_flow.reading.nodes import Node

REQUIRED = "required"
NOT_REQUIRED = "not_required"


def opened_gates(sections: Sections) -> None:
    """Put the facts, requirements and obligations of every gate into their sections."""
    for name, gate in sections.entries.pop("gates", {}).items():
        clause = sections.cited.get("gates", {}).get(name)
        for section, entries in _Gate(name, gate).parts().items():
            sections.add(section, entries, clause=clause)


class _Gate:
    """One gate, as written."""

    def __init__(self, name: str, node: Node) -> None:
        self.name = name
        self.node = node

    def parts(self) -> dict[str, Node]:
        """The entries of each section that it stands for."""
        fields = self.node.fields
        facts = {**self._elements(), **(fields["finding"].fields if "finding" in fields else {})}
        places = {name: at_key(self._holder(name), name).position for name in facts}
        return {
            "facts": rebuilt(self.node, facts, places),
            "requirements": self._requirements(),
            "obligations": self._obligations(),
        }

    def _holder(self, name: str) -> Node:
        """The mapping that a fact of the gate is written in."""
        finding = self.node.fields.get("finding")
        return finding if finding is not None and name in finding.fields else self.node.fields["elements"].fields["of"]

    def _elements(self) -> dict[str, Node]:
        elements = self.node.fields.get("elements")
        if elements is None:
            return {}
        shared = {key: inner for key, inner in elements.fields.items() if key != "of"}
        return {
            name: standing_at({"type": "bool", "presumed": False, "zh": label, **shared}, label)
            for name, label in elements.fields["of"].fields.items()
        }

    def _requirements(self) -> Node:
        entries: dict[str, Node] = {}
        keys = {}
        for part, conditions in (("determined", self._determined), ("conduct", self._conduct)):
            holder = self.node.fields.get(part)
            for name, written in holder.fields.items() if holder is not None else ():
                if holder is not None:
                    entry = standing_at({"zh": written}, written) if written.kind == "scalar" else written
                    entries[name] = with_defaults(*conditions(entry))
                    entries[name] = with_defaults(entries[name], {"each": self.node.fields["before"]})
                    keys[name] = holder.keys[name]
        return rebuilt(self.node, entries, keys)

    def _determined(self, entry: Node) -> tuple[Node, dict[str, Node]]:
        answered = {"decided": {self.name: [REQUIRED, NOT_REQUIRED]}}
        return entry, self._conditions(entry, [], **{CONDITION: answered})

    def _conduct(self, entry: Node) -> tuple[Node, dict[str, Node]]:
        rest = {key: inner for key, inner in entry.fields.items() if key != "done"}
        held = [{"done": entry.fields["done"]}] if "done" in entry.fields else []
        return rebuilt(entry, rest), self._conditions(entry, held)

    def _obligations(self) -> Node:
        acts = self.node.fields["acts"]
        entries = {name: self._duty(entry) if entry.kind == "map" else entry for name, entry in acts.fields.items()}
        return rebuilt(acts, entries)

    def _duty(self, duty: Node) -> Node:
        required: list[Any] = [{"decided": {self.name: REQUIRED}}]
        if "force" in duty.fields and duty.fields["force"].value == RIGHT:
            return with_defaults(duty, self._conditions(duty, required))
        before, until = self.node.fields["before"], entries_of(self.node.fields.get("until"))
        if until:
            ended = until[0] if len(until) == 1 else self.node.fields["until"]
            required.append({"any": [{"done": before}, {"not": {IN_STATE: ended}}]})
        defaults = {"limit": standing_at({"before": before}, duty), "required_by": before}
        return with_defaults(duty, {**self._conditions(duty, required), **defaults})

    def _conditions(self, at: Node, conditions: list[Any], **others: Any) -> dict[str, Node]:
        asked = self.node.fields.get("asked")
        every = [*([] if asked is None else [asked]), *conditions]
        entries = {key: standing_at(value, at) for key, value in others.items()}
        if every:
            entries["when"] = standing_at(every[0] if len(every) == 1 else {"all": every}, at)
        return entries
