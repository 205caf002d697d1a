"""Internal controls written as what is expected of an act, or else a reason: requirements that cite no clause."""

from __future__ import annotations

from zhengxie_flow.model.process import CONDITION
from zhengxie_flow.reading.expansion.entries import without
from zhengxie_flow.reading.expansion.sections import Sections
from zhengxie_flow.reading.expansion.trees import Fields, entries_of, rebuilt, standing_at, with_defaults
from zhengxie_flow.reading.nodes import Node


def expect_controls(sections: Sections) -> None:
    """Make every expectation a requirement of its acts, and a control of the process."""
    expected = sections.entries.pop("expected", {})
    keys = sections.keys.pop("expected", {})
    for name, entry in expected.items():
        sections.controls[name] = standing_at(name, entry)
        requirement = _or_reason(entry, sections) if entry.kind == "map" and "or" in entry.fields else entry
        sections.add("requirements", rebuilt(entry, {name: requirement}, {name: keys[name]}))


def _or_reason(entry: Node, sections: Sections) -> Node:
    """An expectation that a reason on record stands in for; a reason written with its label is a field of the act."""
    written = entry.fields["or"]
    reason = str(written.value) if written.kind == "scalar" else next(iter(written.fields), "")
    if written.kind == "map":
        _take_fields(written.fields, entries_of(entry.fields.get("each")), sections)
    choices = [standing_at({reason: {"recorded": True}}, written)]
    held = entry.fields.get(CONDITION)
    if held is not None:
        several = held.kind == "map" and tuple(held.fields) == ("any",)
        choices = [*(entries_of(held.fields["any"]) if several else (held,)), *choices]
    return rebuilt(
        without(entry, "or"), {**without(entry, "or").fields, CONDITION: standing_at({"any": choices}, entry)}
    )


def _take_fields(reasons: Fields, acts: tuple[Node, ...], sections: Sections) -> None:
    actions = sections.entries.get("actions", {})
    for act in acts:
        action = actions.get(str(act.value))
        if action is None or action.kind != "map":
            continue
        taken = {name: standing_at({"type": "text", "zh": label}, label) for name, label in reasons.items()}
        before = action.fields.get("with")
        fields = with_defaults(before if before is not None else rebuilt(action, {}, {}), taken)
        actions[str(act.value)] = rebuilt(action, {**action.fields, "with": fields})
