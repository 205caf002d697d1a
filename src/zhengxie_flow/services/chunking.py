"""Chunks of a long write: each holds the lock for about the same time, so that others can write in between."""

from __future__ import annotations

from typing import Final

from zhengxie_flow.services.context import Context

LOCKED: Final = 0.25
"""The seconds for which a chunk is meant to hold the lock of the database."""


def seconds(context: Context) -> float:
    """Return the seconds since some fixed moment; none pass where a write is tried once.

    Args:
        context: The ports.

    Returns:
        The seconds.
    """
    return 0.0 if context.retries is None else context.retries.seconds()


def next_size(size: int, stored: int, elapsed: float, bounds: tuple[int, int]) -> int:
    """Let the size of the next chunk follow the time that the last one took, in small steps.

    Args:
        size: The size aimed at so far.
        stored: The size of the chunk that was stored.
        elapsed: The seconds that it took.
        bounds: The least and the greatest size.

    Returns:
        The size to aim at.

    Example:
        >>> next_size(20, 20, 0.125, (5, 200)), next_size(20, 20, 5.0, (5, 200)), next_size(20, 20, 0.0, (5, 200))
        (40, 5, 20)
    """
    if elapsed <= 0:
        return size
    least, most = bounds
    return max(least, min(int(stored * LOCKED / elapsed), size * 2, most))
