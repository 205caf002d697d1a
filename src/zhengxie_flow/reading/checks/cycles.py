"""Cycles in a graph of dependencies, and the check of decisions, verdicts and due days that rest on each other."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from zhengxie_flow.i18n.ids import Cycle
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.limit import DueAnchor
from zhengxie_flow.model.process import Process
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.conditions import ConditionUse, anchors, asks_of, condition_uses, decided, place_of
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded

N = TypeVar("N", bound=Hashable)
Edges = Mapping[N, Mapping[N, Place]]
"""Adjacency: from each node to those it depends on, with the place that states the dependency."""


def cycles(edges: Edges[N]) -> Iterator[tuple[tuple[N, ...], Place]]:
    """One cycle for each strongly connected component, with the place of its first edge, where it could be cut."""
    done: set[N] = set()
    for start in edges:
        if start in done:
            continue
        path = _back_to(start, edges)
        if path is not None:
            yield path, edges[start][path[1]]
            done |= {
                model_node
                for model_node in edges
                if _leads(start, model_node, edges) and _leads(model_node, start, edges)
            }


def _back_to(start: N, edges: Edges[N]) -> tuple[N, ...] | None:
    """The shortest cycle through a node, by breadth-first search; None where there is none."""
    ways: list[tuple[N, ...]] = [(start,)]
    visited: set[N] = set()
    for way in ways:
        for onward in edges.get(way[-1], {}):
            if onward == start:
                return (*way, start)
            if onward not in visited:
                visited.add(onward)
                ways.append((*way, onward))
    return None


def _leads(start: N, end: N, edges: Edges[N]) -> bool:
    todo, visited = [start], {start}
    for model_node in todo:
        if model_node == end:
            return True
        new = [onward for onward in edges.get(model_node, {}) if onward not in visited]
        visited.update(new)
        todo += new
    return False


Node = tuple[str, str]


@check(
    "ZX1236",
    "circular-reference",
    en="What is settled by looking at itself is never settled.",
    zh="以自身为依据的判断永远得不出结论。",
)
def circular_reference(loaded: Loaded) -> Iterator[Defect]:
    """Report each circle of duties, exemptions and decisions once."""
    for circle, place in cycles(_edges(loaded)):
        yield Defect(place, "judged", circle=Cycle(name for _, name in circle))


def _edges(loaded: Loaded) -> dict[Node, dict[Node, Place]]:
    """Dependencies of duties, exemptions and decisions, in the order they are written."""
    process = loaded.definition.process
    edges: dict[Node, dict[Node, Place]] = {}
    for use in condition_uses(loaded):
        if (verdict := _verdict(process, use)) is not None:
            onward, place = verdict
            edges.setdefault(use.owner, {}).setdefault(onward, place)
        for name in asks_of(loaded, use.condition):
            edges.setdefault(use.owner, {}).setdefault(("decision", name), place_of(use, name))
    for name, other, place in decided(loaded):
        edges.setdefault(("decision", name), {}).setdefault(("decision", other), place)
    for anchor_use in anchors(loaded):
        if isinstance(anchor_use.anchor, DueAnchor):
            edges.setdefault(("duty", anchor_use.duty), {}).setdefault(
                ("duty", anchor_use.anchor.due), anchor_use.place.at("due")
            )
    return _lifted(loaded, edges)


def _verdict(process: Process, use: ConditionUse) -> tuple[Node, Place] | None:
    """Return the duty or exemption that a condition depends on, where it asks for a verdict."""
    if not isinstance(use.condition, c.VerdictIs):
        return None
    (name,) = use.condition.verdict
    kind = "exemption" if name in process.exemptions else "duty"
    return (kind, name), use.place.name("verdict", name)


def _lifted(loaded: Loaded, edges: dict[Node, dict[Node, Place]]) -> dict[Node, dict[Node, Place]]:
    """A duty rests on the exemptions that can lift it too, and every duty on what the whole process rests on."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    owed = {name: duty.law for name, duty in process.obligations.items()}
    owed |= {name: requirement.law for name, (_, requirement) in process.requirements().items()}
    whole = edges.pop(("process", process.process), {})
    for name, refs in owed.items():
        onward = edges.setdefault(("duty", name), {})
        for exemption, power in process.exemptions.items():
            if power.covers(name, refs):
                onward.setdefault(("exemption", exemption), top.at("exemptions", exemption, "lifts"))
        for node, place in whole.items() if name in process.obligations else ():
            onward.setdefault(node, place)
    return edges


CHECKS = (circular_reference,)
