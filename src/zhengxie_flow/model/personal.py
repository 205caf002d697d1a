"""Personal values in the bodies of events: how one that is not shown looks, kept apart or erased.

What a person enters is never a mapping, so these marks cannot be mistaken for a value.
"""

from __future__ import annotations

from typing import Any, Final

MARK: Final = "$personal"
"""In a stored event ``{"$personal": "<hash>"}`` stands for a value that is kept beside the journal."""

ERASED: Final = "$erased"
"""In an event that is read ``{"$erased": "<instant>"}`` stands for a value that was erased then."""


NOT_CARRIED: Final = "$not_carried"
"""The ground of a personal value that did not come with its case from elsewhere: here it was never erased."""

HIDDEN: Final = "$hidden"
"""In what is read for somebody who may not see a value ``{"$hidden": true}`` stands for it."""

HIDDEN_TEXT: Final = "[hidden]"
"""In the same place where a text has to stand."""


def withheld(value: Any) -> bool:
    """Return whether a value was erased or cannot be read or seen: it was stated once and is not recoverable.

    Example:
        >>> withheld({ERASED: "2026-03-04T09:00:00+08:00"}), withheld("张三")
        (True, False)
    """
    return isinstance(value, dict) and len(value) == 1 and (ERASED in value or MARK in value or HIDDEN in value)


def readable(value: Any) -> Any:
    """Return a value, or None (unknown) where it was erased."""
    return None if withheld(value) else value


def alike(now: Any, then: Any) -> bool:
    """Return whether two bodies are equal as far as can still be told: an erased value equals any other.

    Args:
        now: the plain JSON values of one body.
        then: those of the other.

    Example:
        >>> alike({"name": "张三", "sum": 1}, {"name": {ERASED: "2026-03-04T09:00:00+08:00"}, "sum": 1})
        True
    """
    if withheld(then) or withheld(now):
        return True
    if isinstance(now, dict) and isinstance(then, dict):
        return now.keys() == then.keys() and all(alike(value, then[name]) for name, value in now.items())
    if isinstance(now, list) and isinstance(then, list):
        return len(now) == len(then) and all(map(alike, now, then))
    return bool(now == then)
