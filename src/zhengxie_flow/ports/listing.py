"""The port of lists over many cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from zhengxie_flow.ports.lists import CaseFilter, CaseStretch, DueRows, DueStretch, HeadStretch, Overtaken, Renewal


class Lists(Protocol):
    """Lists over many cases as they are kept, all of one state of the journal."""

    def heads(self, selection: CaseFilter, stretch: CaseStretch, test: Overtaken) -> HeadStretch:
        """Read the heads of a stretch: those that match as they are kept, and those whose state may be another by now.

        Args:
            selection: The selection.
            stretch: Where the stretch begins, and how long it is.
            test: The test of what no longer holds.

        Returns:
            The heads, by id.
        """

    def overtaken(self, selection: CaseFilter, test: Overtaken) -> Renewal:
        """Read which cases no longer stand as they are kept: those that match, in any state, and all above any.

        Args:
            selection: The selection.
            test: The test of what no longer holds.

        Returns:
            The cases.
        """

    def ancestors(self, test: Overtaken) -> frozenset[str]:
        """Return the ids of all cases above those of which what is kept no longer holds.

        Args:
            test: The test of what no longer holds.

        Returns:
            The ids.
        """

    def deadlines(self, selection: CaseFilter, stretch: DueStretch, test: Overtaken) -> DueRows:
        """Read the open deadlines of a stretch, by day, then by case.

        Args:
            selection: The selection; those of a case whose state may be another by now are listed in any state.
            stretch: Where the stretch begins, and how long it is.
            test: The test of what no longer holds.

        Returns:
            The deadlines.
        """

    def count_cases(self, selection: CaseFilter, but: Sequence[str]) -> dict[tuple[str, str], int]:
        """Count cases by process and state, as they are kept.

        Args:
            selection: The selection.
            but: Cases that are not counted.

        Returns:
            The numbers.
        """

    def count_deadlines(self, selection: CaseFilter, today: date, but: Sequence[str]) -> dict[str, int]:
        """Count open deadlines against a day.

        Args:
            selection: The selection.
            today: The day.
            but: Cases whose deadlines are not counted.

        Returns:
            The numbers by `BUCKETS`.
        """
