"""A question about readings of the law: which cases, as of when, and how many combinations at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ReadingsQuestion:
    """A question about readings: which cases, as of when, by what was known, and how many combinations at most.

    ``open_only`` leaves out cases that have ended; ``process`` those of any other process.
    """

    cases: Sequence[str] | None = None
    as_of: date | None = None
    known_at: datetime | None = None
    process: str | None = None
    open_only: bool = False
    combinations: int = 0
