"""What may still change in a calendar that is taken from a library or listed by hand.

A library says of no day when it became known.  Open are feasts whose date it only estimates (each may fall a day
earlier or later, in any year), and the years to come of a country whose government arranges its days off by year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

__all__ = ["Outlook", "Pattern", "runs"]

Pattern: TypeAlias = tuple[int, tuple[tuple[int, bool], ...]]
"""The arrangement of one month of one year: the month, and days of the month from 0, each worked or not."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The years to come of a calendar, as far as they are foreseen.

    Attributes:
        kept_through: The last day up to which whoever lists the days has followed them.
        arranged_through: The last day of the years arranged so far; None where no government arranges them by year.
        arrangements: The arrangements of past years, as precedents, month by month.
    """

    kept_through: date
    arranged_through: date | None = None
    arrangements: tuple[Pattern, ...] = ()


def runs(days: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive days, both ends included.

    Examples:
        >>> list(runs([7, 3, 4]))
        [(3, 4), (7, 7)]
    """
    ordered = sorted(days)
    starts = [day for place, day in enumerate(ordered) if place == 0 or ordered[place - 1] != day - 1]
    ends = [day for place, day in enumerate(ordered) if place + 1 == len(ordered) or ordered[place + 1] != day + 1]
    return zip(starts, ends, strict=True)
