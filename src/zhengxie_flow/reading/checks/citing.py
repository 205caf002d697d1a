"""Every citation of the law in a definition, each with the place of its clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from zhengxie_flow.model.citation import ClauseRef, Incorporated
from zhengxie_flow.model.exemption import ByClause, Exemption
from zhengxie_flow.reading.checks.cache import remembered
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import ModelNode, things
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.sources import Loaded


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation of a clause by a model; ``encodes``: the model puts the clause into effect."""

    ref: ClauseRef
    place: Place
    by: BaseModel
    encodes: bool


@remembered
def citations(loaded: Loaded) -> Iterator[Citation]:
    """Citations of every clause that a definition rests on, lifts or interprets."""
    for thing in things(loaded):
        encodes = loaded.register is None or thing.place.source is not loaded.register
        cited = getattr(thing.model, "law", ())
        if isinstance(cited, tuple) and cited:
            places = _places(thing.place.at("law"))
            for ref, place in zip(cited, places, strict=True):
                yield Citation(ref, place, thing.model, encodes)
        for clause, place in _pointed(thing):
            yield Citation(ClauseRef(clause=clause), place, thing.model, encodes=False)


def own(loaded: Loaded, ref: ClauseRef) -> bool:
    """True if a reference is to the instrument that the process implements."""
    return ref.instrument in (None, loaded.definition.process.law)


def _pointed(thing: ModelNode) -> Iterator[tuple[str, Place]]:
    """Clauses referred to without being put into effect."""
    match thing.model:
        case Exemption():
            for key in ("lifts", "never_lifts"):
                for index, lift in enumerate(getattr(thing.model, key)):
                    if isinstance(lift, ByClause):
                        yield lift.clause, thing.place.at(key, index, "clause")
        case Incorporated():
            for index, clause in enumerate(thing.model.cited_in):
                yield clause, thing.place.at("cited_in", index)


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
