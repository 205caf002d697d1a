"""Keys that a model allows at a path, and the nearest spelling among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from zhengxie_flow.reading.positions import Step

__all__ = ["allowed_keys"]

SHORT_FORMS = {
    "Process": ("articles", "requirements", "gates", "publications", "expected"),
    "Obligation": ("required_by", "yearly", "published", "approved", "withheld"),
    "Requirement": ("each", "or"),
    "ValueType": ("open",),
}
"""Keys beside those of a model that are expanded before it is read."""


def allowed_keys(model: Any, loc: Sequence[Step]) -> tuple[str, ...]:
    """The keys of the model (or models, in a union) that a validation path leads to, spelled as in YAML."""
    candidates = [model]
    for step in loc:
        forms = [form for candidate in candidates for form in _forms(candidate)]
        candidates = [target for form in forms for target in _descend(form, step)] or candidates
    keys: dict[str, None] = {}
    for candidate in candidates:
        for _, form in _forms(candidate):
            if isinstance(form, type) and issubclass(form, BaseModel):
                keys.update({info.alias or name: None for name, info in form.model_fields.items()})
                keys.update(dict.fromkeys(SHORT_FORMS.get(form.__name__, ())))
    return tuple(keys)


def _forms(annotation: Any, tag: str | None = None) -> Iterator[tuple[str | None, Any]]:
    """The alternatives of an annotation, each with its discriminator tag if it has one."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extras = get_args(annotation)
        tag = next((extra.tag for extra in extras if isinstance(extra, Tag)), tag)
        yield from _forms(inner, tag)
    elif origin in (Union, UnionType):
        for member in get_args(annotation):
            yield from _forms(member, tag)
    else:
        yield tag, annotation


def _descend(form: tuple[str | None, Any], step: Step) -> list[Any]:
    tag, annotation = form
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(step, int):
        entries = [argument for argument in arguments if argument is not Ellipsis]
        return entries[:1] if origin in (list, tuple, set, frozenset) else []
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        # Without a tag the validator names a variant by its class, or ``function-after[check(), Class]``.
        if step == tag or re.search(rf"\b{annotation.__name__}\b", step):
            return [annotation]
        return [info.annotation for name, info in annotation.model_fields.items() if step in (name, info.alias)]
    return [arguments[1]] if origin is dict else []
