"""Cache of derived values by loaded definition, for as long as it lives: many checks need the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from weakref import WeakKeyDictionary

from zhengxie_flow.reading.sources import Loaded

T = TypeVar("T")


def cached(find: Callable[[Loaded], Iterable[T]]) -> Callable[[Loaded], tuple[T, ...]]:
    """Decorator that evaluates a function of a definition once and keeps its results."""
    results: WeakKeyDictionary[Loaded, tuple[T, ...]] = WeakKeyDictionary()

    def recall(loaded: Loaded) -> tuple[T, ...]:
        result = results.get(loaded)
        if result is None:
            result = results[loaded] = tuple(find(loaded))
        return result

    return recall
