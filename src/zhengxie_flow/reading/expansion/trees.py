"""Nodes of a tree put together anew: every value keeps the place where its words are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zhengxie_flow.reading.nodes import Node, Position

Fields = Mapping[str, Node]


def rebuilt(node: Node, fields: Fields, keys: Mapping[str, Position] | None = None) -> Node:
    """Return a mapping with other entries.

    Args:
        node: the mapping as written; anything else becomes one that stands in its place.
        fields: the entries.
        keys: the positions of their keys; a key without one stands where its value stands.
    """
    before, places = node.keys, keys or {}
    return Node(
        "map",
        node.line,
        node.column,
        {name: inner.value for name, inner in fields.items()},
        keys={name: places.get(name) or before.get(name) or inner.position for name, inner in fields.items()},
        fields=fields,
        file=node.file,
    )


def listing(node: Node, items: Iterable[Node]) -> Node:
    """Return a list of these entries in the place of a node."""
    entries = tuple(items)
    value = [entry.value for entry in entries]
    return Node("list", node.line, node.column, value, items=entries, file=node.file)


def standing_at(value: Any, place: Node) -> Node:
    """Return plain values, or nodes among them, as nodes that stand in the place of another."""
    match value:
        case Node():
            return value
        case dict():
            at = Node("map", place.line, place.column, {}, file=place.file)
            return rebuilt(at, {name: standing_at(inner, place) for name, inner in value.items()})
        case list() | tuple():
            return listing(place, (standing_at(inner, place) for inner in value))
    return Node("scalar", place.line, place.column, value, quoted=True, file=place.file)


def at_key(parent: Node, name: str) -> Node:
    """Return an empty node in the place of a key of a mapping."""
    line, column = parent.keys.get(name, parent.position)
    inner = parent.fields[name]
    return Node("scalar", line, column, None, file=inner.file or parent.file)


def entries_of(node: Node | None) -> tuple[Node, ...]:
    """Return the entries of a list, or the lone value that stands for a list of one."""
    if node is None or node.value is None:
        return ()
    return node.items if node.kind == "list" else (node,)


def with_defaults(node: Node, defaults: Mapping[str, Node]) -> Node:
    """Return a mapping with entries from elsewhere under the keys that it does not write."""
    missing = {name: inner for name, inner in defaults.items() if name not in node.fields}
    return rebuilt(node, {**node.fields, **missing}) if missing or node.kind != "map" else node
