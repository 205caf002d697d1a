"""Entries of all sections brought into their full form: labels, types, vocabulary, clauses and spans of states."""

from __future__ import annotations

from collections.abc import Container

from zhengxie_flow.model.limit import JUDGED_BY
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.reading.expansion.entries import Entries, without
from zhengxie_flow.reading.expansion.sections import SECTIONS, Sections, cited_requirements, citing
from zhengxie_flow.reading.expansion.spans import Spans
from zhengxie_flow.reading.expansion.trees import rebuilt, standing_at, with_defaults
from zhengxie_flow.reading.nodes import Node

USUAL_FORCE = Obligation.model_fields["force"].default


def fill_in(sections: Sections, reading: Entries) -> None:
    """Bring every entry into its full form."""
    for section, full in (("roles", reading.role), ("facts", reading.fact), ("states", reading.state)):
        entries = sections.entries.get(section, {})
        for name, entry in entries.items():
            entries[name] = full(name, entry)
    _open_lists(sections, reading)
    for section in (*SECTIONS, "requirements"):
        entries = sections.entries.get(section, {})
        for name, clause in sections.cited.get(section, {}).items():
            entries[name] = _cited(section, name, entries[name], clause, sections.controls)
    _fill_fields(sections, reading)
    duties = sections.entries.get("obligations", {})
    for name, entry in duties.items():
        duties[name] = _recurring(entry)
    items = sections.entries.get("items", {})
    for name, entry in items.items():
        items[name] = _states_of_item(entry, reading)
    spans = Spans(sections.entries.get("states", {}), reading)
    actions = sections.entries.get("actions", {})
    for name, entry in actions.items():
        actions[name] = spans.action(entry)


def _open_lists(sections: Sections, reading: Entries) -> None:
    """Open the lists of values of facts; the field of a reason is a fact of its own, under the same clause."""
    facts, cited = sections.entries.setdefault("facts", {}), sections.cited.setdefault("facts", {})
    for name in tuple(facts):
        opened = reading.opened(name, facts[name])
        facts |= opened
        cited |= {other: cited[name] for other in opened if name in cited}


def _fill_fields(sections: Sections, reading: Entries) -> None:
    """Bring the fields of items, acts and subcases into their full form."""
    facts = sections.entries["facts"]
    for section, key in (("items", "fields"), ("actions", "with"), ("subcases", "with")):
        entries = sections.entries.get(section, {})
        for name, entry in entries.items():
            if entry.kind == "map" and key in entry.fields:
                inner = reading.fields(entry.fields[key], facts if section == "actions" else ())
                entries[name] = rebuilt(entry, {**entry.fields, key: inner})


def _recurring(duty: Node) -> Node:
    """A duty of every year: a round a year, which a fact judges where it names one."""
    yearly = duty.fields.get("yearly") if duty.kind == "map" else None
    if yearly is None:
        return duty
    limit = {"every": {"period": "year"}}
    judged = {"timely": True, JUDGED_BY: yearly} if isinstance(yearly.value, str) else {}
    return with_defaults(without(duty, "yearly"), {"limit": standing_at({**limit, **judged}, yearly)})


def _states_of_item(item: Node, reading: Entries) -> Node:
    states = item.fields.get("states") if item.kind == "map" else None
    if states is None or states.kind != "map":
        return item
    full = rebuilt(states, {name: reading.labelled(entry) for name, entry in states.fields.items()})
    return rebuilt(item, {**item.fields, "states": full})


def _cited(section: str, name: str, entry: Node, clause: Node, controls: Container[str]) -> Node:
    """An entry under an article: it cites its clause; a duty that says nothing of its force must be done."""
    cited = entry if name in controls else citing(entry, clause)
    if section == "actions" and cited.kind == "map":
        return cited_requirements(cited, clause, controls)
    if section == "obligations" and cited.kind == "map":
        return with_defaults(cited, {"force": standing_at(USUAL_FORCE, clause)})
    return cited
