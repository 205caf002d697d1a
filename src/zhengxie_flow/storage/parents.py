"""Ids of the cases above a case, as its head keeps them."""

from __future__ import annotations

import json

from zhengxie_flow.model.event import canonical


def to_parents(text: str | None) -> tuple[str, ...]:
    """Convert what a head keeps of the cases above it to their ids.

    Raises:
        ValueError: It was made unreadable.
    """
    parents = [] if text is None else json.loads(text)
    if not isinstance(parents, list) or not all(isinstance(parent, str) for parent in parents):
        raise ValueError(f"parents={text}")
    if text is not None and (not parents or canonical(parents).decode() != text):
        raise ValueError(f"parents={text}")
    return tuple(parents)
