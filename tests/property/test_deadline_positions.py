"""Positions of many deadline rows stay in order, whatever is put between them, and rows that stay keep theirs."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from zhengxie_flow.ports import RowEdit
from zhengxie_flow.storage.deadline_positions import MANY, edited, spread, written


@given(st.integers(MANY + 1, MANY + 40), st.data())
def test_edits_find_room_in_order(count: int, data: Any) -> None:
    rows = [f"row {number}" for number in range(count)]
    positions = spread(count)
    for turn in range(data.draw(st.integers(1, 8))):
        cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), min_size=2, max_size=6)))
        pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
        edits = [
            RowEdit(start, stop, tuple(f"{turn}/{start}/{n}" for n in range(data.draw(st.integers(0, 5)))))  # type: ignore[misc]
            for start, stop in pairs
        ]
        after = list(rows)
        for edit in reversed(edits):
            after[edit.start : edit.stop] = edit.rows  # type: ignore[assignment]
        found = edited(positions, edits)
        if found is None:
            rows, positions = after, spread(len(after))
            continue
        assert len(found) == len(after)
        assert list(found) == sorted(set(found))
        assert found[0] >= 0
        assert found[-1] < 2**31
        stored = dict(zip(positions, rows, strict=True))
        for edit, places in written(edits, found):
            for position in positions[edit.start : edit.stop]:
                del stored[position]
            stored |= dict(zip(places, edit.rows, strict=True))  # type: ignore[arg-type]
        assert [stored[position] for position in sorted(stored)] == after
        rows, positions = after, found
