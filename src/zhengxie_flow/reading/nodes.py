"""A file as plain values that remember where they stood.

A `Node` is what is left of YAML once its freedoms are taken away: mappings with text keys, lists, and
scalars that are text, whole number, decimal, true/false or nothing.  ``value`` is the same content without
positions, ready for validation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

__all__ = ["Kind", "Node", "Plain", "Position", "with_source"]

Kind: TypeAlias = Literal["map", "list", "scalar"]
Position: TypeAlias = tuple[int, int]
"""Line and column, both from 1; a column counts characters (code points), so a hanzi is one."""
Plain: TypeAlias = "bool | int | Decimal | str | list[Plain] | dict[str, Plain] | None"
"""A JSON-like value.  Numbers with a point are Decimal: ``7.4`` and ``"7.4"`` differ, and ``7.10`` keeps
its nought.
"""


_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING  # one empty mapping for the thousands of scalars of a file


@dataclass(frozen=True, slots=True)
class Node:
    """One mapping, list or scalar.

    ``value`` is made once and shared with the parent's value: read it, do not change it.  ``keys`` holds
    the position of each key of a mapping, ``fields`` its children by key, ``items`` the children of a
    list.  ``quoted`` is true for a scalar that was written in quotes or as a block.  ``file`` is set where several
    files make one tree: the file of the node, and of the key before it.
    """

    kind: Kind
    line: int
    column: int
    value: Any  # a Plain; typed loosely for the sake of those who index into it
    quoted: bool = False
    keys: Mapping[str, Position] = field(default_factory=_nothing)
    fields: Mapping[str, Node] = field(default_factory=_nothing)
    items: tuple[Node, ...] = ()
    file: str | None = None

    @property
    def position(self) -> Position:
        """Line and column of its beginning, both from 1."""
        return self.line, self.column

    def child(self, step: str | int) -> Node | None:
        """The child under a key or index, or None when there is none."""
        if self.kind == "map":
            return self.fields.get(step) if isinstance(step, str) else None
        if self.kind == "list" and isinstance(step, int) and 0 <= step < len(self.items):
            return self.items[step]
        return None


def with_source(node: Node, label: str) -> Node:
    """A tree in which every node knows its file."""
    if node.file is not None:
        return node
    fields = {name: with_source(inner, label) for name, inner in node.fields.items()} if node.fields else _NOTHING
    items = tuple(with_source(inner, label) for inner in node.items)
    return Node(node.kind, node.line, node.column, node.value, node.quoted, node.keys, fields, items, label)
