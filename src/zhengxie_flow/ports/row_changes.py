"""Changes of deadline rows: what a write may leave as it is of the rows that an earlier one stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhengxie_flow.ports.values import DeadlineRow


@dataclass(frozen=True, slots=True)
class RowEdit:
    """Edit of a sequence of rows: what stands from ``start`` to before ``stop`` gives way to ``rows``."""

    start: int
    stop: int
    rows: tuple[DeadlineRow, ...]


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Deadline rows as a write stored them; of one that was undone the head of the case tells.

    Attributes:
        version: The version of the case after the write.
        hash: The hash of its last event then.
        as_of: The day as of which they were worked out.
        basis: What they were worked out with.
        positions: The position of each.
    """

    version: int
    hash: str
    as_of: date | None
    basis: str | None
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """Change of the rows of a case since they were stored.

    Attributes:
        stored: The rows as they were stored.
        edits: The edits of them, first to last.
    """

    stored: StoredRows
    edits: Sequence[RowEdit]
