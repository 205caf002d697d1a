"""Former names: scenarios and case files that call something as it was called before a definition renamed it.

A name that the definition uses today always means what it means today; only one that it does not know is looked up
among the former ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengxie_flow.model.base import Renamed
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.scenario import Expectation, ScenarioSetup, ScriptEvent
from zhengxie_flow.model.values import FieldSpec, ValueType

Names = Mapping[str, str]
"""Names of today by former ones."""


def renamed(entries: Mapping[str, object]) -> dict[str, str]:
    """The names of today by former ones, but for those that are in use.

    Args:
        entries: The things of one family by their names.
    """
    return {
        before: name
        for name, entry in entries.items()
        if isinstance(entry, Renamed)
        for before in entry.was
        if before not in entries
    }


@dataclass(frozen=True, slots=True)
class FormerNames:
    """The former names in a process, by family; fields by the name, of today, of what they belong to."""

    roles: Names = field(default_factory=dict)
    facts: Names = field(default_factory=dict)
    items: Names = field(default_factory=dict)
    states: Names = field(default_factory=dict)
    actions: Names = field(default_factory=dict)
    duties: Names = field(default_factory=dict)
    fields: Mapping[str, Names] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, FieldSpec]] = field(default_factory=dict)

    @classmethod
    def of(cls, process: Process) -> FormerNames | None:
        """The former names in a process; None where nothing was renamed, as in most."""
        fields: dict[str, Mapping[str, FieldSpec]] = {name: kind.fields for name, kind in process.items.items()}
        fields |= {name: action.fields for name, action in process.actions.items()}
        states: dict[str, object] = {**process.states}
        for kind in process.items.values():
            states |= {name: state for name, state in kind.states.items() if name not in states}
        requirements = {name: requirement for name, (_, requirement) in process.requirements().items()}
        former = cls(
            roles=renamed(process.roles),
            facts=renamed(process.facts),
            items=renamed(process.items),
            states=renamed(states),
            actions=renamed(process.actions),
            duties=renamed({**process.obligations, **requirements, **process.exemptions}),
            fields={name: names for name, entries in fields.items() if (names := renamed(entries))},
            kinds={**fields, "": {**process.facts}},
        )
        families = (former.roles, former.facts, former.items, former.states, former.actions, former.duties)
        return former if any(families) or former.fields else None

    def event(self, written: ScriptEvent) -> ScriptEvent:
        """An entry of a scenario or case file in the names of today.

        Args:
            written: The entry as the file has it.
        """
        return written.renamed(self)

    def setup(self, written: ScenarioSetup) -> ScenarioSetup:
        """The setup of a case in the names of today.

        Args:
            written: The setup as the file has it.
        """
        items = {
            (kind := self.items.get(name, name)): {
                ident: self.values(values, kind) for ident, values in members.items()
            }
            for name, members in written.items.items()
        }
        state = self.states.get(written.state or "", written.state)
        return written.model_copy(update={"facts": self.values(written.facts, ""), "items": items, "state": state})

    def expectation(self, written: Expectation) -> Expectation:
        """An expectation of a scenario in the names of today.

        Args:
            written: The expectation as the file has it.
        """
        return written.renamed(self)

    def values(self, values: Mapping[str, Any], owner: str) -> dict[str, Any]:
        """Values under the names of today, with the roles among them.

        Args:
            values: The values as the file has them.
            owner: The action or type of item whose fields they are; empty for facts.
        """
        names, kinds = {**self.facts, **self.fields.get(owner, {})}, self.kinds.get(owner, {})
        renamed_values = {name if name in kinds else names.get(name, name): value for name, value in values.items()}
        return {name: self._value(kinds.get(name), value) for name, value in renamed_values.items()}

    def _value(self, kind: FieldSpec | None, value: Any) -> Any:
        if isinstance(kind, ValueType) and kind.type == "role" and isinstance(value, str):
            return self.roles.get(value, value)
        return value
