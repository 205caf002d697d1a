"""Parts of a definition that are read once: its tree, and what of it every definition changed from it shares."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from pydantic import ValidationError

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.validated import ValidatedParts
from zhengxie_flow.reading.nodes import Node, with_source
from zhengxie_flow.reading.sources import Loaded, SourceFile, validate


class ReadParts:
    """The parts of a definition, each read when it is first needed.

    A change leaves most values of a tree as the same objects; what is known of an object need not be worked out again.

    Attributes:
        tree: the definition as one tree.
        validator: makes models, and keeps them.
    """

    def __init__(self, loaded: Loaded) -> None:
        """Start from a definition."""
        self.tree = tree_of_sources(loaded)
        self.validator = ValidatedParts()
        self._laws: dict[int, tuple[SourceFile, Node, SourceFile]] = {}

    def fits(self, node: Node, label: str, model: type[Model], problems: list[Problem]) -> bool:
        """Validate values against a model, like `sources.validate`."""
        try:
            self.validator(model, node.value)
        except ValidationError:
            return validate(node, label, model, problems)
        return True

    def law(self, law: SourceFile, clauses: Node) -> SourceFile:
        """Return the file of the law with other clauses."""
        kept = self._laws.get(id(clauses))
        if kept is None or kept[0] is not law:
            fields = {**law.node.fields, "clauses": clauses}
            value = {name: node.value for name, node in fields.items()}
            changed = SourceFile(law.label, law.text, replace(law.node, fields=fields, value=value))
            kept = self._laws[id(clauses)] = (law, clauses, changed)
        return kept[2]


_PARTS: WeakKeyDictionary[Loaded, ReadParts] = WeakKeyDictionary()


def read_parts(loaded: Loaded) -> ReadParts:
    """Return the parts of a definition that are read once, for as long as the definition lives.

    Args:
        loaded: the definition.
    """
    parts = _PARTS.get(loaded)
    if parts is None:
        parts = _PARTS[loaded] = ReadParts(loaded)
    return parts


def tree_of_sources(loaded: Loaded) -> Node:
    """A definition as one tree: the process with its decisions, parameters and clauses."""
    process = with_source(loaded.process.node, loaded.process.label)
    parts = {
        "decisions": {name: with_source(node, source.label) for name, (source, node) in loaded.decisions.items()},
        "parameters": {name: with_source(node, source.label) for name, (source, node) in loaded.parameters.items()},
        "clauses": {},
    }
    if loaded.law is not None:
        clauses = with_source(loaded.law.node, loaded.law.label).fields["clauses"]
        parts["clauses"] = dict(clauses.fields)
    fields = {**process.fields, **{name: _map(entries, process) for name, entries in parts.items()}}
    keys = {**process.keys, **dict.fromkeys(parts, process.position)}
    return replace(process, keys=keys, fields=fields, value={name: node.value for name, node in fields.items()})


def _map(entries: dict[str, Node], beside: Node) -> Node:
    keys = {name: node.position for name, node in entries.items()}
    value = {name: node.value for name, node in entries.items()}
    return Node("map", beside.line, beside.column, value, keys=keys, fields=entries, file=beside.file)
