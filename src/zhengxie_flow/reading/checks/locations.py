"""Locations in files, resolved to line and column only when a fault is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.positions import Step, follow
from zhengxie_flow.reading.sources import SourceFile


@dataclass(frozen=True, slots=True)
class Place:
    """A path into a file; ``key`` means the key at its end, where it has one, rather than the value."""

    source: SourceFile
    node: Node
    loc: tuple[Step, ...] = ()
    key: bool = False

    def at(self, *steps: Step) -> Place:
        """The value further down."""
        return Place(self.source, self.node, (*self.loc, *steps))

    def entry(self, index: int) -> Place:
        """An entry of what may be written as a list or alone."""
        return self.at(index) if self.value.kind == "list" else self

    def name(self, *steps: Step) -> Place:
        """The key further down; where the last step leads nowhere (a bare name), the value it stands in."""
        return Place(self.source, self.node, (*self.loc, *steps), key=True)

    @property
    def value(self) -> Node:
        """The value itself, with its positions."""
        return follow(self.node, self.loc).node

    def where(self) -> Where:
        """File, line and column."""
        reached = follow(self.node, self.loc)
        led = bool(reached.led) and reached.led[-1]
        line, column = reached.key if self.key and led and reached.key is not None else reached.node.position
        return Where(file=reached.node.file or self.source.label, line=line, column=column)


def fault(code: str, place: Place, **params: Any) -> Problem:
    """An error at a place."""
    return Problem(code, place.where(), params)
