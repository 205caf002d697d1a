"""One immutable run of days: which are worked, why, and up to where that is firm.

The arrays answer every count: ``ranks`` numbers the working days up to a day, ``preceding`` those before it, ``days``
lists the working days.  They, the reasons and the content hash are made at first use.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from dataclasses import KW_ONLY, dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from zhengxie_flow.calendars.facts import LOCAL
from zhengxie_flow.calendars.outlook import runs
from zhengxie_flow.calendars.reasons import reasons_of
from zhengxie_flow.deprecation import deprecated_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhengxie_flow.calendars.facts import Facts, Notice
    from zhengxie_flow.calendars.moments import OfficeHours
    from zhengxie_flow.calendars.outlook import Outlook

__all__ = ["DayMark", "Timeline"]


@dataclass(frozen=True, slots=True)
class DayMark:
    """The exception of a day from the ordinary week: its reason code and the instrument behind it."""

    reason: str
    notice: Notice


@dataclass(eq=False)
class Timeline:
    """The composed days of a calendar; made by `compose.compose`, used through `snapshot.Snapshot`.

    ``weekly`` holds one byte a day (1: an ordinary working day of the week); ``notices`` are applied in order, later
    ones win.  ``outlook`` tells what may still change where no notices of a country govern its years; with layers,
    ``announced_through`` is the firm horizon below them and ``complete_through`` the last day that their lists cover.
    """

    name: str
    first: date
    weekly: bytes
    _: KW_ONLY
    notices: tuple[Notice, ...]
    firm_through: date
    facts: Facts
    office_hours: tuple[OfficeHours, ...] = ()
    outlook: Outlook | None = None
    announced_through: date | None = None
    complete_through: date | None = None

    @cached_property
    def base(self) -> int:
        """The ordinal before the first day: day i of the arrays is base + i; entry 0 stands before the first day."""
        return self.first.toordinal() - 1

    @cached_property
    def size(self) -> int:
        """The number of days."""
        return len(self.weekly)

    @property
    def last(self) -> date:
        """The last day that can be answered."""
        return date.fromordinal(self.base + self.size)

    @cached_property
    def estimated(self) -> frozenset[int]:
        """The days off whose date is only estimated."""
        return frozenset().union(*(notice.estimated for notice in self.notices))

    @cached_property
    def certain(self) -> frozenset[int]:
        """The days that an instrument settles whatever the date of a feast: holidays of a certain date, local days."""
        days: set[int] = set()
        for notice in self.notices:
            off = (day for low, high in notice.off for day in range(low, high + 1))
            days.update(day for day in off if day not in notice.estimated)
            if notice.level in LOCAL:
                days.update(notice.work)
        return frozenset(days)

    @cached_property
    def open_days(self) -> tuple[int, ...]:
        """The ordinary working days that an estimated feast may take or leave, in order."""
        if not self.estimated:
            return ()
        near = {day for first, last in runs(self.estimated) for day in range(first - 1, last + 2)} - self.certain
        return tuple(sorted(day for day in near if self.is_ordinary(day)))

    def is_ordinary(self, day: int) -> bool:
        """True for an ordinary working day of the week, inside the data."""
        return 0 < day - self.base <= self.size and self.weekly[day - self.base - 1] == 1

    @cached_property
    def complete(self) -> date:
        """The last day up to which every list of days off is complete; after it, one may come that none has."""
        limits = [self.last, self.complete_through, self.outlook.arranged_through if self.outlook else None]
        return min(limit for limit in limits if limit is not None)

    @property
    def horizon(self) -> date:
        """The last day before anything that is expected to change, or before the end of a list.

        Feasts up to the day that a list was kept to do not end it, though each of them stays open by itself.
        """
        if self.outlook is None:
            return min(self.announced_through or self.last, self.complete_through or self.last)
        place = bisect_right(self.open_days, self.outlook.kept_through.toordinal())
        following = [date.fromordinal(day - 1) for day in self.open_days[place : place + 1]]
        return min([self.complete, *following])

    @cached_property
    def settled_through(self) -> date:
        """The last day before the first that may still change, in any year; the firm horizon where no feast is open."""
        if self.outlook is None or not self.open_days:
            return self.firm_through
        return min(self.firm_through, date.fromordinal(self.open_days[0] - 1))

    def may_change(self, first: date, last: date) -> bool:
        """True where a day of a closed interval is not firm."""
        if last > (self.firm_through if self.outlook is None else self.complete):
            return True
        place = bisect_left(self.open_days, first.toordinal())
        return place < len(self.open_days) and self.open_days[place] <= last.toordinal()

    @cached_property
    def flags(self) -> bytes:
        """One byte a day: 1 is worked."""
        flags = bytearray(self.weekly)
        start = self.base + 1
        for notice in self.notices:
            for first, last in notice.off:
                low, high = max(first - start, 0), min(last - start + 1, self.size)
                if low < high:
                    flags[low:high] = bytes(high - low)
            for day in notice.work:
                if 0 <= day - start < self.size:
                    flags[day - start] = 1
            for day in notice.clears:
                if 0 <= day - start < self.size:
                    flags[day - start] = self.weekly[day - start]
        return bytes(flags)

    @cached_property
    def ranks(self) -> list[int]:
        """``ranks[i]``: index into ``days`` of the last working day up to day i; -1 before the first."""
        return list(accumulate(self.flags, initial=-1))

    @cached_property
    def preceding(self) -> list[int]:
        """``preceding[i]``: the number of working days before day i, the place of the first on or after it."""
        return [0, *accumulate(self.flags[:-1], initial=0)]

    @cached_property
    def days(self) -> list[date | None]:
        """The working days in order; None until `day` was asked for it, for making all of them takes a while."""
        return [None] * (self.ranks[-1] + 1)

    def day(self, place: int) -> date:
        """The working day at a place of ``days``, which it fills."""
        day = self.days[place]
        if day is None:
            # The first index whose rank reaches the place; making a date costs more than finding it again.
            day = date.fromordinal(self.base + bisect_left(self.ranks, place))
            self.days[place] = day
        return day

    @cached_property
    def marks(self) -> dict[int, DayMark]:
        """The days that an instrument names, with the instrument that prevails."""
        marks: dict[int, DayMark] = {}
        for notice in self.notices:
            for day, reason in reasons_of(notice, self.facts).items():
                marks[day] = DayMark(reason, notice)
        return marks

    def run_off(self, day: int) -> tuple[int, int]:
        """The run of consecutive days off around a day off."""
        flags = self.flags
        low = flags.rfind(1, 0, day - self.base - 1) + 1
        high = flags.find(1, day - self.base - 1)
        return self.base + 1 + low, self.base + (high if high >= 0 else self.size)

    @cached_property
    def calendar_hash(self) -> str:
        """SHA-256 over the facts that decide any answer: days, instruments, firm horizon; not comments or layout."""
        content: dict[str, Any] = {
            "calendar": self.name,
            "first": self.first.isoformat(),
            "firm_through": self.firm_through.isoformat(),
            "weekly": hashlib.sha256(self.weekly).hexdigest(),
            "office_hours": [
                [str(hours.closes), str(hours.valid_from), str(hours.valid_to), *_opening(hours)]
                for hours in self.office_hours
            ],
            "notices": [
                [n.level, n.number, n.known_from.isoformat(), n.off, n.work, n.clears, n.source] for n in self.notices
            ],
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def joined_hash(own: str, others: Iterable[str]) -> str:
    """The hash of a calendar together with those beside it."""
    return "sha256:" + hashlib.sha256("|".join([own, *others]).encode()).hexdigest()


def _opening(hours: OfficeHours) -> list[Any]:
    """The opening time and the breaks, where they are told."""
    return [] if hours.opens is None else [str(hours.opens), [[str(first), str(last)] for first, last in hours.breaks]]


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Mark": "DayMark"})
