"""Requirements bound to acts: what is written beside the acts becomes a part of them."""

from __future__ import annotations

from dataclasses import replace

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.reading.expansion.entries import Entries, without
from zhengxie_flow.reading.expansion.sections import Sections
from zhengxie_flow.reading.expansion.trees import entries_of, listing, rebuilt, standing_at
from zhengxie_flow.reading.nodes import Node, Position

MISSING_KEY = "ZX1041"


def bind_requirements(sections: Sections, reading: Entries) -> None:
    """Put what binds an act among the requirements of that act, in the order of the text."""
    bound: list[tuple[Position, Node, Node]] = []
    for name, duty in sections.entries.get("obligations", {}).items():
        if duty.kind == "map" and "required_by" in duty.fields:
            sections.entries["obligations"][name] = without(duty, "required_by")
            at = sections.keys["obligations"][name]
            acts = entries_of(duty.fields["required_by"])
            bound += [(at, act, standing_at({"obligation": name}, act)) for act in acts]
    for name, entry in sections.entries.get("requirements", {}).items():
        line, column = at = sections.keys["requirements"][name]
        acts = entries_of(entry.fields.get("each"))
        if not acts:
            where = Where(entry.file or reading.label, line, column)
            reading.problems.append(Problem(MISSING_KEY, where, {"key": "each"}))
        requirement = without(entry, "each")
        ident = standing_at(name, replace(requirement, line=line, column=column))
        bound += [(at, act, rebuilt(requirement, {"id": ident, **requirement.fields})) for act in acts]
    for _, act, requirement in sorted(bound, key=lambda entry: entry[0]):
        _bind(sections, act, requirement, reading)


def _bind(sections: Sections, act: Node, requirement: Node, reading: Entries) -> None:
    actions = sections.entries.get("actions", {})
    action = actions.get(str(act.value))
    if action is None or action.kind != "map":
        reading.unknown(str(act.value), "action", tuple(actions), act)
        return
    requires = action.fields.get("requires")
    entries = listing(requires or action, (*entries_of(requires), requirement))
    actions[str(act.value)] = rebuilt(action, {**action.fields, "requires": entries})
