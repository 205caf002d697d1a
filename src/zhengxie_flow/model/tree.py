"""Models that hold others of their own family: conditions inside a condition, anchors inside an anchor.

The fields say where the parts are, so a new member of a family is walked and rewritten without a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar, Union, get_args

from pydantic import Discriminator, GetCoreSchemaHandler, Tag
from pydantic_core import CoreSchema

from zhengxie_flow.model.base import Model

M = TypeVar("M", bound=Model)
Path = tuple[str | int, ...]
"""Keys and indices from a whole to one of its parts, as written in YAML."""


def parts(whole: Model, family: type[Model]) -> Iterator[tuple[Path, Any]]:
    """The direct parts of a whole that belong to a family, in the order of the fields, with their places."""
    for name, field in type(whole).model_fields.items():
        value = getattr(whole, name)
        key = field.alias or name
        if isinstance(value, family):
            yield (key,), value
        elif isinstance(value, tuple):
            for index, entry in enumerate(value):
                if isinstance(entry, family):
                    yield (key, index), entry


def mapped(whole: M, family: type[Model], change: Callable[[Any], Any]) -> M:
    """A whole with each direct part of a family changed; the whole itself where none is.

    The parts are not validated again: what a change makes is already a part.
    """
    changed: dict[str, Any] = {}
    for name in type(whole).model_fields:
        old = getattr(whole, name)
        if isinstance(old, family):
            new = change(old)
            if new is not old:
                changed[name] = new
        elif isinstance(old, tuple):
            entries = tuple(change(entry) if isinstance(entry, family) else entry for entry in old)
            if any(new is not entry for new, entry in zip(entries, old, strict=True)):
                changed[name] = entries
    return whole.model_copy(update=changed) if changed else whole


class HeadUnion:
    """Reader of a union of models: each by its head, the key of its first field; without any head, as ``default``.

    The heads are taken from the union itself, so that a model added to it is read, described and reserved with no
    second list to keep.
    """

    def __init__(self, union: Any, default: type[Model], tag: str) -> None:
        members: tuple[type[Model], ...] = get_args(union)
        self.heads = tuple(head_of(member) for member in members if member is not default)
        self._tags = {member: tag if member is default else head_of(member) for member in members}
        self._default = tag

    def tag(self, value: Any) -> str:
        """The name of the member that a value is, or is to be read as."""
        if isinstance(value, dict):
            return next((head for head in self.heads if head in value), self._default)
        return self._tags.get(type(value), self._default)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # pydantic wants a tag on every member; put on here, they leave the union plain for the type checker
        tagged: Any = Union[tuple(Annotated[member, Tag(tag)] for member, tag in self._tags.items())]  # noqa: UP007
        return handler.generate_schema(Annotated[tagged, Discriminator(self.tag)])


def head_of(model: type[Model]) -> str:
    """The key that a model is known by: that of its first field."""
    name, field = next(iter(model.model_fields.items()))
    return field.alias or name
