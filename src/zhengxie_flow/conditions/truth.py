"""Strong Kleene logic: true, false, or unknown, and the names that an evaluation rested on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Truth = bool | None
"""None is unknown."""


@dataclass(slots=True, init=False)
class Trace:
    """The names that an evaluation rested on: unknown ones, presumed ones, and members absent from a set."""

    needs: dict[str, None]  # an ordered set
    presumed: dict[str, None]
    absent: dict[str, None]

    def __init__(self) -> None:
        self.needs, self.presumed, self.absent = {}, {}, {}


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Strong Kleene "and"."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Strong Kleene "or"."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result
