"""Walk over the labelled, cited or dated models of a definition, each with its place; conditions are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

from zhengxie_flow.model import condition, limit
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.reading.checks.catalogue import cached
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded

_SKIPPED = (condition.__name__, limit.__name__)


@dataclass(frozen=True, slots=True)
class ModelNode:
    """Model inside a definition, with the ``place`` of its value."""

    model: BaseModel
    place: Place


@cached
def model_nodes(loaded: Loaded) -> Iterator[ModelNode]:
    """Everything in the process, its law, its register, its decisions and parameters, the outer before the inner."""
    definition = loaded.definition
    yield from _walk(definition.process, Place(loaded.process, loaded.process.node))
    if definition.law is not None and loaded.law is not None:
        yield from _walk(definition.law, Place(loaded.law, loaded.law.node))
    if loaded.register is not None:
        yield from _walk(definition.interpretations, Place(loaded.register, loaded.register.node, ("interpretations",)))
    for name, decision in definition.decisions.items():
        yield from _walk(decision, Place(*loaded.decisions[name]))
    for name, parameter in definition.parameters.items():
        yield from _walk(parameter, Place(*loaded.parameters[name]))


def _walk(value: Any, place: Place) -> Iterator[ModelNode]:
    keys = _keys(type(value))  # type: ignore[arg-type]  # mypy doubts that classes can be hashed
    if keys is not None:
        yield ModelNode(value, place)
        for name, key in keys:
            inner = getattr(value, name)
            if inner is not None and type(inner) is not str:
                yield from _walk(inner, place.at(key))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, place.at(key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _walk(inner, place.at(index))


@cache
def _keys(kind: type) -> tuple[tuple[str, str], ...] | None:
    """The fields of a model with their keys in YAML; None for what is not walked into."""
    if not issubclass(kind, BaseModel) or kind is ClauseRef or kind.__module__ in _SKIPPED:
        return None
    return tuple((name, info.alias or name) for name, info in kind.model_fields.items())
