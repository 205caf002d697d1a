"""Making many immutable values cheaply.

A frozen dataclass fills itself through ``object.__setattr__``, one call for each field: made so, the values of one act
cost more than half as much as all the rest of it (docs/explanation/speed.md has the figures).  Here an open twin of the
class is filled with plain stores and becomes the frozen class in the end, which Python allows because both have
the same slots.  What comes out is a value like any other: frozen, and equal, copied and pickled as if its own class had
made it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, field, fields, make_dataclass
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


def maker(cls: Callable[P, T]) -> Callable[P, T]:
    """A constructor for a frozen dataclass with slots, with the same arguments and a third of the cost.

    The class must have no ``__post_init__`` of its own.
    """
    return cast("Callable[P, T]", _twin(cls))


def filler(cls: Callable[..., T]) -> Callable[..., T]:
    """A `maker` for a class of many fields: it takes them all, by position and in the order of the class.

    Passing sixteen names costs more than making the value.  Nothing has a default here, so that a field that comes to
    the class later cannot be forgotten.
    """
    return _twin(cls, complete=True)


def _twin(cls: Any, *, complete: bool = False) -> type[Any]:
    """The class once more, open; its instances turn into the frozen class in the end.  ``complete``: no defaults."""

    def freeze(self: Any) -> None:
        self.__class__ = cls

    parts = [(declared.name, declared.type, field() if complete else _default(declared)) for declared in fields(cls)]
    return make_dataclass(cls.__name__, parts, bases=cls.__bases__, slots=True, namespace={"__post_init__": freeze})


def _default(declared: Field[Any]) -> Any:
    if declared.default_factory is not MISSING:
        return field(default_factory=declared.default_factory, kw_only=bool(declared.kw_only))
    return field(default=declared.default, kw_only=bool(declared.kw_only))
