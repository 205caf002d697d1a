"""Trials of other readings of the law: what each alternative of the register changes, and what was not tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from zhengxie_flow.model.verdict import Audit, Verdict, VerdictChange

OPEN = frozenset({Verdict.OVERDUE, Verdict.PROVISIONAL, Verdict.PENDING})
"""Verdicts on what is still to be done."""

Untriable = Literal["no_alternative", "not_to_be_judged_by", "unfit"]
"""Reasons for not trying an entry: it has no alternative, none that sets anything, or one that fits no definition."""


def decides(change: VerdictChange) -> bool:
    """Return whether a line comes out otherwise: in its verdict, in what is missing, or in the day it is still owed by.

    Another last day of what was done in time, or is not owed, changes nothing for anybody.

    Args:
        change: The line before and after.
    """
    before, after = change.before, change.after
    if before is None or after is None or before.verdict is not after.verdict or before.missing != after.missing:
        return True
    return before.actual is None and before.verdict in OPEN


@dataclass(frozen=True, slots=True)
class ReadingTrial:
    """One alternative, or several together, by the numbers of their entries, and the lines that differ under it.

    ``lines`` is how many lines rest on the entry as they stand; for several together it is nought.  ``days`` counts the
    lines of which another last day is all that differs.
    """

    KEYS: ClassVar = ("readings", "lines", "cases", "days", "changes")

    readings: Mapping[str, str]
    lines: int
    changes: tuple[VerdictChange, ...]
    days: int = 0

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases in which a line differs."""
        return tuple(dict.fromkeys(change.case for change in self.changes))


@dataclass(frozen=True, slots=True)
class UntriedEntry:
    """An entry that lines rest on, which could not be tried; ``reading`` where that is so of one alternative alone."""

    entry: str
    reading: str | None
    reason: Untriable
    lines: int


@dataclass(frozen=True, slots=True)
class Combinations:
    """Readings tried together: how many sets of two or more there are, how many were tried, and what they change.

    A set is counted once for each case.  ``trials`` hold only what no reading of the set changes in that way by itself.
    """

    KEYS: ClassVar = ("tried", "possible", "exhaustive", "trials")

    tried: int
    possible: int
    trials: tuple[ReadingTrial, ...]

    @property
    def exhaustive(self) -> bool:
        """True where every set was tried."""
        return self.tried == self.possible


@dataclass(frozen=True, slots=True)
class ReadingTrials:
    """An audit whose lines say under which other readings they would differ, with the trials behind that."""

    audit: Audit
    trials: tuple[ReadingTrial, ...]
    untried: tuple[UntriedEntry, ...]
    combinations: Combinations | None = None
