"""How far a provisional day may move: from what the notices of other years did around the same festival.

Every announced year is a precedent for each festival: the days off and make-up working days around it, as offsets from the
festival.  A year to come takes, festival by festival, one of the precedents; the festivals are independent.  The number of
working days up to a day therefore lies between the sum of the smallest and the sum of the greatest precedent, and the days on
which these two sums reach n are the two ends of the interval: no scenario has to be enumerated.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

__all__ = ["Spread"]

Flips = Mapping[int, tuple[tuple[int, int, int], ...]]
"""Day -> (festival, precedent, +1 worked instead of rested or -1 rested instead of worked)."""


class Spread:
    """The interval of a count over days that are not firm.

    ``settled`` are the days whose flag no notice of the country can change (firm days, local layers): day -> worked;
    ``flips`` what the precedents do to the ordinary week on all other days; ``sizes`` how many precedents each festival has.
    """

    def __init__(
        self,
        firm: bytes,
        base: int,
        rest_days: frozenset[int],
        local: Mapping[int, bool],
        flips: Flips,
        sizes: tuple[int, ...],
    ) -> None:
        self._firm = firm  # one byte a day from day base + 1 up to the firm horizon
        self._base = base
        self._rest_days = rest_days
        self._local = local
        self._flips = flips
        self._sizes = sizes

    def forward(self, anchor: date, n: int) -> tuple[date, date]:
        """Earliest and latest n-th working day after a day."""
        return self._walk(anchor.toordinal(), n, 1)

    def backward(self, event: date, n: int) -> tuple[date, date]:
        """Earliest and latest n-th working day before a day."""
        late, early = self._walk(event.toordinal(), n, -1)
        return early, late

    def _walk(self, day: int, n: int, step: int) -> tuple[date, date]:
        """The first days, walking away, on which the most and the fewest possible working days reach n."""
        sure = 0
        sums = [[0] * size for size in self._sizes]
        near: date | None = None
        while True:
            day += step
            flag = self._settled(day)
            if flag is None:
                sure += (day + 6) % 7 not in self._rest_days
                for festival, precedent, change in self._flips.get(day, ()):
                    sums[festival][precedent] += change
            else:
                sure += flag
            if near is None and sure + sum(map(max, sums)) >= n:
                near = date.fromordinal(day)
            if near is not None and sure + sum(map(min, sums)) >= n:
                return near, date.fromordinal(day)

    def _settled(self, day: int) -> bool | None:
        if day in self._local:
            return self._local[day]
        index = day - self._base - 1
        if index < len(self._firm):
            return index >= 0 and self._firm[index] == 1
        return None
