"""The interval of a provisional day, from the notices of other years around the same festival.

Every announced year is a precedent for each festival: the days off and make-up working days around it, as offsets
from the festival.  A year to come takes, festival by festival, one of the precedents; the festivals are independent.
The number of working days up to a day therefore lies between the sum of the smallest and the sum of the greatest
precedent, and the days on which these two sums reach n are the two ends of the interval: no scenario has to be
enumerated.  A day that two festivals both take is counted for both, which can only make the interval wider.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from zhengxie_flow.calendars.nominal import weekday
from zhengxie_flow.deprecation import deprecated_names

__all__ = ["DayRange"]

Flips: TypeAlias = Mapping[int, Sequence[tuple[int, Sequence[tuple[int, int]]]]]
"""Day -> (festival, its changes: (precedent, +1 worked instead of rested or -1 rested instead of worked))."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DayRange:
    """The interval of a count over days that are not firm.

    ``firm`` and ``weekly`` hold one byte a day, counted from day ``base`` + 1: the days up to the firm horizon, and the
    ordinary week of the whole calendar.  ``settled`` are later days that are firm all the same (a local layer's);
    ``flips`` what the precedents do to the ordinary week on the others; ``sizes`` how many precedents a festival has.
    After ``complete_through`` one day off more may come than any precedent has.
    """

    firm: bytes
    base: int
    weekly: bytes
    rest_days: frozenset[int]
    settled: Mapping[int, bool]
    flips: Flips
    sizes: tuple[int, ...]
    complete_through: int | None = None

    def forward(self, anchor: date, n: int) -> tuple[date, date]:
        """Earliest and latest n-th working day after a day."""
        return self._walk(anchor.toordinal(), n, 1)

    def backward(self, event: date, n: int) -> tuple[date, date]:
        """Earliest and latest n-th working day before a day."""
        late, early = self._walk(event.toordinal(), n, -1)
        return early, late

    def _walk(self, day: int, n: int, step: int) -> tuple[date, date]:
        """The first days, walking away, on which the most and the fewest possible working days reach n."""
        most = fewest = 0
        sums: dict[int, list[int]] = {}  # festival -> working days gained or lost so far under each precedent
        near: date | None = None
        limit = self.complete_through
        spare = 0  # days off that no list has yet
        while True:
            day += step
            worked = self._worked(day)
            if worked is None:
                worked = self._ordinary(day)
                for festival, changes in self.flips.get(day, ()):
                    gained = sums.setdefault(festival, [0] * self.sizes[festival])
                    most, fewest = most - max(gained), fewest - min(gained)
                    for precedent, change in changes:
                        gained[precedent] += change
                    most, fewest = most + max(gained), fewest + min(gained)
            most, fewest = most + worked, fewest + worked
            if limit is not None and day > limit and worked:
                spare = 1
            if near is None and most >= n:
                near = date.fromordinal(day)
            if near is not None and fewest - spare >= n:
                return near, date.fromordinal(day)

    def _worked(self, day: int) -> bool | None:
        """True or False for a day that no notice to come can change, else None."""
        if day in self.settled:
            return self.settled[day]
        index = day - self.base - 1
        return self.firm[index] == 1 if 0 <= index < len(self.firm) else None

    def _ordinary(self, day: int) -> bool:
        """Return whether the ordinary week works on a day; an end of the interval may lie outside the data."""
        index = day - self.base - 1
        return self.weekly[index] == 1 if 0 <= index < len(self.weekly) else weekday(day) not in self.rest_days


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Spread": "DayRange"})
