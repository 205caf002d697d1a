"""The pages of lists: rows with the key to go on after, and the numbers of cases and deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhengxie_flow.ports import Head
from zhengxie_flow.presentation.documents.deadlines import DueDeadline


@dataclass(frozen=True, slots=True)
class CasePage:
    """Part of the list of cases, by id; ``next`` is the key to go on after, null at the end."""

    rows: tuple[Head, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class DuePage:
    """Part of the list of what is open, by day, then case; ``next`` is the key to go on after, null at the end."""

    today: date
    rows: tuple[DueDeadline, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class DueCounts:
    """Numbers of what is open: past its last day, due today, within the seven days after, later, and ``other``: without
    a day, or on a past day that is no last day.
    """

    overdue: int
    today: int
    week: int
    later: int
    other: int


@dataclass(frozen=True, slots=True)
class ListCounts:
    """Numbers of cases by process and state, and of their open time limits against a day."""

    today: date
    cases: Mapping[str, Mapping[str, int]]
    due: DueCounts
