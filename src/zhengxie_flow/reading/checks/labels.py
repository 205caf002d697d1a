"""What people see: everything that carries a label in two languages."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.rule import Constraint, Hint, Reading, Rule
from zhengxie_flow.model.values import FactRef
from zhengxie_flow.reading.checks.places import Place
from zhengxie_flow.reading.checks.things import Thing, things
from zhengxie_flow.reading.sources import Loaded

_OPTIONAL = (Rule, Constraint, Hint, Reading, FactRef)
"""Rows are known by their number, a reading by its register entry, a fact by its own label."""


def labelled(loaded: Loaded) -> Iterator[tuple[Thing, Labelled]]:
    """Everything that has to have labels; choices given as a plain list are shown by their ids and have none."""
    for thing in things(loaded):
        if isinstance(thing.model, Labelled) and not isinstance(thing.model, _OPTIONAL) and not _in_list(thing.place):
            yield thing, thing.model


def _in_list(place: Place) -> bool:
    if not place.loc or not isinstance(place.loc[-1], str):
        return False
    return Place(place.source, place.node, place.loc[:-1]).value.kind == "list"
