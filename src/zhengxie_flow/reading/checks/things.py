"""Every labelled, cited or dated thing of a definition, with its place: a walk over the models, conditions left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from zhengxie_flow.model import condition, limit
from zhengxie_flow.model.citation import ClauseRef, Register
from zhengxie_flow.reading.checks.memory import remembered
from zhengxie_flow.reading.checks.places import Place
from zhengxie_flow.reading.sources import Loaded

_SKIPPED = (condition.__name__, limit.__name__)


@dataclass(frozen=True, slots=True)
class Thing:
    """One model inside a definition; ``place`` is where its value stands."""

    model: BaseModel
    place: Place


@remembered
def things(loaded: Loaded) -> Iterator[Thing]:
    """Everything in the process, its law, its register and its decisions, the outer before the inner."""
    definition = loaded.definition
    yield from _walk(definition.process, Place(loaded.process, loaded.process.node))
    if definition.law is not None and loaded.law is not None:
        yield from _walk(definition.law, Place(loaded.law, loaded.law.node))
    if loaded.register is not None:
        register = Register.model_validate(loaded.register.node.value)
        yield from _walk(register, Place(loaded.register, loaded.register.node))
    for name, (source, node) in loaded.decisions.items():
        yield from _walk(definition.decisions[name], Place(source, node))


def _walk(value: Any, place: Place) -> Iterator[Thing]:
    match value:
        case ClauseRef():
            return
        case BaseModel() if type(value).__module__ not in _SKIPPED:
            yield Thing(value, place)
            for name, info in type(value).model_fields.items():
                yield from _walk(getattr(value, name), place.at(info.alias or name))
        case dict():
            for key, inner in value.items():
                yield from _walk(inner, place.at(key))
        case tuple():
            for index, inner in enumerate(value):
                yield from _walk(inner, place.at(index))
