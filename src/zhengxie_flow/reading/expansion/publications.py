"""Publications: the duty to make public what was approved, unless it is lawfully withheld."""

from __future__ import annotations

from typing import Any

from zhengxie_flow.reading.expansion.sections import Sections
from zhengxie_flow.reading.expansion.trees import at_key, entries_of, rebuilt, standing_at, with_defaults
from zhengxie_flow.reading.nodes import Node

_OWN = ("published", "approved", "withheld")


def open_publications(sections: Sections) -> None:
    """Make every publication the obligation that it stands for."""
    publications, keys = sections.entries.pop("publications", {}), sections.keys.pop("publications", {})
    for name, entry in publications.items():
        made = _duty(entry, sections) if entry.kind == "map" else entry
        parent = rebuilt(entry, {name: made}, {name: keys[name]})
        sections.add("obligations", parent, clause=sections.cited.get("publications", {}).get(name))


def _duty(entry: Node, sections: Sections) -> Node:
    fields = entry.fields
    own = rebuilt(entry, {name: inner for name, inner in fields.items() if name not in _OWN})
    defaults: dict[str, Node] = {}
    if "published" in fields:
        defaults["do"] = fields["published"]
    if "approved" in fields:
        defaults["limit"] = standing_at({"after": fields["approved"]}, at_key(entry, "approved"))
    withheld = [_withheld(written, entry, sections) for written in entries_of(fields.get("withheld"))]
    if withheld:
        lifted = {"not": withheld[0] if len(withheld) == 1 else {"any": withheld}}
        asked = {"all": [fields["when"], lifted]} if "when" in fields else lifted
        own = rebuilt(own, {**own.fields, "when": standing_at(asked, at_key(entry, "withheld"))})
    return with_defaults(own, defaults)


def _withheld(written: Node, entry: Node, sections: Sections) -> dict[str, Any]:
    """The condition that an act withheld it lawfully: by whom it may be, with everything it has to record.

    An act about the same type of item is about this one; ``{ACT: FIELD}`` is about the item that the field names.
    """
    act, subject = (written, None) if written.kind == "scalar" else next(iter(_pairs(written)), (written, None))
    action = sections.entries.get("actions", {}).get(str(act.value), rebuilt(written, {}))
    details = action.fields if action.kind == "map" else {}
    lawful: list[Any] = []
    if subject is not None:
        lawful += [{str(subject.value): {"recorded": True}}, {"for": {"field": subject}}]
    elif "for" in details and "for" in entry.fields and details["for"].value == entry.fields["for"].value:
        lawful.append({"for": "this"})
    if "by" in details:
        lawful.append({"by": details["by"]})
    lawful += [{name: {"recorded": True}} for name in _asked_for(details.get("with"))]
    if not lawful:
        return {"done": act}
    return {"done": act, "where": lawful[0] if len(lawful) == 1 else {"all": lawful}}


def _pairs(written: Node) -> list[tuple[Node, Node]]:
    return [(standing_at(name, at_key(written, name)), inner) for name, inner in written.fields.items()]


def _asked_for(fields: Node | None) -> list[str]:
    """The fields that an act has to record."""
    if fields is None or fields.kind != "map":
        return []
    return [
        name
        for name, field in fields.fields.items()
        if field.value == "required" or (field.kind == "map" and field.value.get("required") is True)
    ]
