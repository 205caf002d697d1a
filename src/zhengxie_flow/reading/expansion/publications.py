"""Publications: the duty to make public what was approved, unless it is lawfully withheld."""

from __future__ import annotations

from typing import Any

from zhengxie_flow.reading.expansion.sections import Sections
from zhengxie_flow.reading.expansion.trees import at_key, entries_of, rebuilt, standing_at, with_defaults
from zhengxie_flow.reading.nodes import Node

IN_FORCE = "in_force"
_OWN = ("published", "approved", "withheld")


def open_publications(sections: Sections) -> None:
    """Make every publication the obligation that it stands for."""
    publications, keys = sections.entries.pop("publications", {}), sections.keys.pop("publications", {})
    for name, entry in publications.items():
        duty = _duty(entry, sections) if entry.kind == "map" else entry
        parent = rebuilt(entry, {name: duty}, {name: keys[name]})
        sections.add("obligations", parent, clause=sections.cited.get("publications", {}).get(name))


def _duty(entry: Node, sections: Sections) -> Node:
    fields = entry.fields
    duty = rebuilt(entry, {name: inner for name, inner in fields.items() if name not in _OWN})
    defaults: dict[str, Node] = {}
    if "published" in fields:
        defaults["do"] = fields["published"]
    if "approved" in fields:
        defaults["limit"] = standing_at({"after": fields["approved"]}, at_key(entry, "approved"))
    withheld = [_withheld(written, entry, sections) for written in entries_of(fields.get("withheld"))]
    if withheld:
        lifted = {"not": withheld[0] if len(withheld) == 1 else {"any": withheld}}
        asked = {"all": [fields["when"], lifted]} if "when" in fields else lifted
        duty = rebuilt(duty, {**duty.fields, "when": standing_at(asked, at_key(entry, "withheld"))})
    return with_defaults(duty, defaults)


def _withheld(written: Node, entry: Node, sections: Sections) -> dict[str, Any]:
    """The condition that an act withheld it lawfully, which is that the act has effect.

    An act about the same type of item is about this one; ``{ACT: FIELD}`` is about the item that the field names.
    """
    if written.kind == "map":
        name, field = next(iter(written.fields.items()), ("", written))
        named = [{str(field.value): {"recorded": True}}, {"for": {"field": field}}]
        return {"done": standing_at(name, written), "where": {"all": named}, IN_FORCE: True}
    action = sections.entries.get("actions", {}).get(str(written.value))
    subject = action.fields.get("for") if action is not None and action.kind == "map" else None
    if subject is not None and "for" in entry.fields and subject.value == entry.fields["for"].value:
        return {"done": written, "where": {"for": "this"}, IN_FORCE: True}
    return {"done": written, IN_FORCE: True}
