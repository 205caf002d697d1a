"""Every citation of the law in a definition, each with the place of its clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from zhengxie_flow.model.citation import ClauseRef, Incorporated
from zhengxie_flow.model.exemption import ByClause, Exemption
from zhengxie_flow.reading.checks.cache import cached
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import ModelNode, model_nodes
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.sources import Loaded


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation of a clause by a model; ``encodes``: the model puts the clause into effect."""

    ref: ClauseRef
    place: Place
    by: BaseModel
    encodes: bool


@cached
def citations(loaded: Loaded) -> Iterator[Citation]:
    """Citations of every clause that a definition rests on, lifts or interprets."""
    for model_node in model_nodes(loaded):
        encodes = loaded.register is None or model_node.place.source is not loaded.register
        cited = getattr(model_node.model, "law", ())
        if isinstance(cited, tuple) and cited:
            places = _places(model_node.place.at("law"))
            for ref, place in zip(cited, places, strict=True):
                yield Citation(ref, place, model_node.model, encodes)
        for clause, place in _pointed(model_node):
            yield Citation(ClauseRef(clause=clause), place, model_node.model, encodes=False)


def cites_own_law(loaded: Loaded, ref: ClauseRef) -> bool:
    """True if a reference is to the instrument that the process implements."""
    return ref.instrument in (None, loaded.definition.process.law)


def _pointed(model_node: ModelNode) -> Iterator[tuple[str, Place]]:
    """Clauses referred to without being put into effect."""
    match model_node.model:
        case Exemption():
            for key in ("lifts", "never_lifts"):
                for index, lift in enumerate(getattr(model_node.model, key)):
                    if isinstance(lift, ByClause):
                        yield lift.clause, model_node.place.at(key, index, "clause")
        case Incorporated():
            for index, clause in enumerate(model_node.model.cited_in):
                yield clause, model_node.place.at("cited_in", index)


def _places(place: Place) -> list[Place]:
    """The places of the clauses in ``law:``, in the order in which they are read."""
    return [Place(place.source, node) for node in _clauses(place.value)]


def _clauses(node: Node) -> Iterator[Node]:
    match node.kind:
        case "list":
            for entry in node.items:
                yield from _clauses(entry)
        case "map" if "clause" in node.fields:
            yield node.fields["clause"]
        case "map":
            for entry in node.fields.values():
                yield from _clauses(entry)
        case _:
            yield node
