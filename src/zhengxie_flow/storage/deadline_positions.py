"""Positions of the deadline rows of a case: one after the other, or with room between them where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from zhengxie_flow.ports import RowEdit

MANY: Final = 100
"""Up to so many rows of a case stand at 0, 1, 2 and so on, and are written anew each time."""
_HIGHEST: Final = 2**31 - 1
_WIDEST: Final = 2**16
_SHARE: Final = 64
"""A row goes a 64th of the way to the next one, so that hundreds find room behind each other."""


def spread(count: int) -> tuple[int, ...]:
    """Spread the positions of all rows of a case.

    Args:
        count: The number of rows.

    Returns:
        Their positions.

    Example:
        >>> spread(3)
        (0, 1, 2)
        >>> spread(101)[:3]
        (0, 65536, 131072)
    """
    width = 1 if count <= MANY else max(1, min(_WIDEST, _HIGHEST // (2 * count)))
    return tuple(range(0, count * width, width))


def edited(positions: Sequence[int], edits: Sequence[RowEdit]) -> tuple[int, ...] | None:
    """Find positions for the rows of edits among those that stay.

    Args:
        positions: The positions before.
        edits: The edits, first to last.

    Returns:
        The positions of all rows after; None where they are to be spread anew.

    Example:
        >>> edited(range(0, 1020, 10), [RowEdit(5, 6, ())])[4:7]
        (40, 60, 70)
        >>> edited((0, 1, 2), []) is None
        True
    """
    after, end = list(positions), len(positions)
    if len(after) <= MANY:
        return None
    for edit in reversed(edits):
        before = after[edit.start - 1] if edit.start else -1
        room = after[edit.stop] if edit.stop < end else min(_HIGHEST, before + _WIDEST * (len(edit.rows) + 1))
        places = _same_places(after, edit) or _between(before, room, len(edit.rows))
        if places is None:
            return None
        after[edit.start : edit.stop] = places
        end = len(after)
    return tuple(after) if len(after) > MANY else None


def _same_places(positions: Sequence[int], edit: RowEdit) -> Sequence[int] | None:
    """The places of the rows before, where as many take them."""
    return positions[edit.start : edit.stop] if len(edit.rows) == edit.stop - edit.start else None


def _between(before: int, after: int, count: int) -> Sequence[int] | None:
    """Places between two others; None where there is no room."""
    if after - before - 1 < count:
        return None
    step = max(1, (after - before) // max(_SHARE, count + 1))
    return range(before + step, before + step * count + 1, step)


def written(edits: Sequence[RowEdit], positions: Sequence[int]) -> Iterator[tuple[RowEdit, Sequence[int]]]:
    """Pair edits with the positions of their rows.

    Args:
        edits: The edits, first to last.
        positions: The positions of all rows after them.

    Yields:
        Each edit, with the positions of its rows.
    """
    moved = 0
    for edit in edits:
        start = edit.start + moved
        yield edit, positions[start : start + len(edit.rows)]
        moved += len(edit.rows) - (edit.stop - edit.start)
