"""Cycles in a graph of dependencies."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from zhengxie_flow.reading.checks.locations import Place

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
