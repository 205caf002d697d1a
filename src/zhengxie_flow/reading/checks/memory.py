"""Remember what was worked out about a loaded definition for as long as it lives: many checks ask the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from weakref import WeakKeyDictionary

from zhengxie_flow.reading.sources import Loaded

T = TypeVar("T")


def remembered(find: Callable[[Loaded], Iterable[T]]) -> Callable[[Loaded], tuple[T, ...]]:
    """A function of a definition whose results are worked out once."""
    results: WeakKeyDictionary[Loaded, tuple[T, ...]] = WeakKeyDictionary()

    def recall(loaded: Loaded) -> tuple[T, ...]:
        result = results.get(loaded)
        if result is None:
            result = results[loaded] = tuple(find(loaded))
        return result

    return recall
