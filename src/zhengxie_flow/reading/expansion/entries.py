"""Entries in full: labels written alone, types written with their label, and what a shared vocabulary holds."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.model.values import LISTED, TYPES
from zhengxie_flow.reading.expansion.trees import Fields, at_key, rebuilt, standing_at, with_defaults
from zhengxie_flow.reading.nodes import Node, Position
from zhengxie_flow.spelling import closest, hint

NOT_OPEN = "ZX1362"
REQUIRED = "required"
OTHER = "other"
"""The value that an open list has beside those it names."""

_NONE = Node("map", 1, 1, {})


@dataclass(frozen=True, slots=True)
class Entries:
    """Reading of the entries of a process file.

    Attributes:
        label: of the file.
        vocabulary: the sections of the vocabulary beside it, every node with its file; none without such a file.
        problems: takes what is wrong.
    """

    label: str
    vocabulary: Node = _NONE
    problems: list[Problem] = field(default_factory=list)

    def shared(self, section: str) -> Fields:
        """The entries of a section of the vocabulary."""
        inner = self.vocabulary.fields.get(section)
        return inner.fields if inner is not None else {}

    def labelled(self, entry: Node) -> Node:
        """A mapping for a label that is written alone."""
        if entry.kind == "scalar" and isinstance(entry.value, str):
            return standing_at({"zh": entry}, entry)
        return entry

    def from_vocabulary(self, name: str, entry: Node, section: str) -> Node:
        """An entry with what the vocabulary says of its name, where it has no label of its own."""
        shared = self.shared(section).get(name)
        if shared is None or not (entry.value is None or (entry.kind == "map" and "zh" not in entry.fields)):
            return entry
        return with_defaults(entry if entry.kind == "map" else rebuilt(entry, {}), shared.fields)

    def role(self, name: str, entry: Node) -> Node:
        """A role in full."""
        return self.from_vocabulary(name, self.labelled(entry), "roles")

    def state(self, _name: str, entry: Node) -> Node:
        """A state in full."""
        return self.labelled(entry)

    def fact(self, name: str, entry: Node) -> Node:
        """A fact in full."""
        return self.typed(self.from_vocabulary(name, typed_label(entry), "facts"))

    def typed(self, entry: Node) -> Node:
        """A type of values in full: its label, its list of values."""
        entry = typed_label(entry)
        if entry.kind != "map":
            return entry
        of = entry.fields.get("of")
        if of is not None and entry.fields.get("type", of).value in LISTED:
            entry = rebuilt(entry, {**entry.fields, "of": self._values(of)})
        return entry

    def _values(self, of: Node) -> Node:
        """The values of an enum or set: a list of the vocabulary by its name, labels written alone."""
        if of.kind == "scalar" and isinstance(of.value, str):
            lists = self.shared("values")
            if of.value not in lists:
                self.unknown(of.value, "value_list", tuple(lists), of)
                return rebuilt(of, {})
            shared = lists[of.value]
            return rebuilt(shared, {name: self.labelled(inner) for name, inner in shared.fields.items()})
        if of.kind != "map":
            return of
        return rebuilt(of, {name: self.labelled(inner) for name, inner in of.fields.items()})

    def fields(self, parent: Node, facts: Container[str]) -> Node:
        """The fields of an act or item in full.

        Args:
            parent: the mapping that holds them.
            facts: the facts of the case: a field without a type that is called like one of them is that fact.
        """
        if parent.kind != "map":
            return parent
        full: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        for name, entry in parent.fields.items():
            written = typed_label(_required(entry))
            taken = written if name in facts else self.from_vocabulary(name, written, "fields")
            full |= self.opened(name, self.typed(taken))
            keys[name] = parent.keys[name]
        return rebuilt(parent, full, keys)

    def opened(self, name: str, entry: Node) -> dict[str, Node]:
        """An entry with its list of values open, where it says ``open``, and the field of the reason, where it has one.

        Args:
            name: the id of the entry.
            entry: the entry in full.
        """
        opening = entry.fields.get("open") if entry.kind == "map" else None
        if opening is None:
            return {name: entry}
        closed, values, kind = without(entry, "open"), entry.fields.get("of"), entry.fields.get("type")
        if kind is None or kind.value not in LISTED or values is None or OTHER in values.fields:
            place = at_key(entry, "open")
            where = Where(place.file or self.label, place.line, place.column)
            self.problems.append(Problem(NOT_OPEN, where, {"name": name}))
            return {name: closed}
        label = self.labelled(opening)
        if label.kind != "map":
            label = standing_at({"zh": "其他", "en": "Other"}, opening)
        of = rebuilt(values, {**values.fields, OTHER: without(label, "reason")}, {OTHER: opening.position})
        reasons = label.fields["reason"].fields if "reason" in label.fields else {}
        return {
            name: rebuilt(closed, {**closed.fields, "of": of}),
            **{ident: with_defaults(self.labelled(text), _text(text)) for ident, text in reasons.items()},
        }

    def unknown(self, name: str, kind: str, names: tuple[str, ...], place: Node) -> None:
        """Report a name that leads nowhere."""
        params = {"kind": kind, "name": name, "suggestion": hint(name, names), "known": tuple(closest(name, names))}
        self.problems.append(Problem("ZX1201", Where(place.file or self.label, place.line, place.column), params))


def _required(entry: Node) -> Node:
    """A field that the word ``required`` alone stands for."""
    if entry.kind == "scalar" and entry.value == REQUIRED:
        return standing_at({REQUIRED: True}, entry)
    return entry


def typed_label(entry: Node) -> Node:
    """Return a type of values whose label is written with the type (``{document: 回执}``) in full."""
    if entry.kind != "map" or "type" in entry.fields:
        return entry
    word = next((word for word in TYPES if word in entry.fields), None)
    if word is None or not isinstance(entry.fields[word].value, str):
        return entry
    label = {"type": standing_at(word, at_key(entry, word)), "zh": entry.fields[word]}
    rest: Mapping[str, Node] = {name: inner for name, inner in entry.fields.items() if name != word}
    return rebuilt(entry, {**label, **rest})


def _text(place: Node) -> dict[str, Node]:
    return {"type": standing_at("text", place)}


def without(entry: Node, name: str) -> Node:
    """Return a mapping without one of its keys."""
    return rebuilt(entry, {key: inner for key, inner in entry.fields.items() if key != name})
