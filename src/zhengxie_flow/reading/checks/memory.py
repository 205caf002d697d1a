"""Remember what was worked out about a loaded definition for as long as it lives: many checks ask the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from weakref import WeakKeyDictionary

from zhengxie_flow.reading.sources import Loaded

T = TypeVar("T")


def remembered(find: Callable[[Loaded], Iterable[T]]) -> Callable[[Loaded], tuple[T, ...]]:
    """A function of a definition whose results are worked out once."""
    known: WeakKeyDictionary[Loaded, tuple[T, ...]] = WeakKeyDictionary()

    def recall(loaded: Loaded) -> tuple[T, ...]:
        found = known.get(loaded)
        if found is None:
            found = known[loaded] = tuple(find(loaded))
        return found

    return recall
