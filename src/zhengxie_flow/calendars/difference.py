"""Differences between two snapshots of a calendar: which days changed, and which open limits move with them.

Past verdicts are never rewritten; these functions only tell what a recomputation of open deadlines would bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, assert_never

from zhengxie_flow.calendars.proof import Day
from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.document import Hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zhengxie_flow.calendars.proof import LimitCount
    from zhengxie_flow.calendars.snapshot import Snapshot
    from zhengxie_flow.model.counting import CalendarUnit, Convention, Counting

__all__ = ["DayChange", "Difference", "MovedLimit", "RecountedLimit", "compare", "reckon", "reproject"]

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that is worked in one snapshot and not in the other."""

    date: date
    was: Day
    now: Day


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between two snapshots of one calendar: changed days, new instruments, the firm period gained."""

    KEYS: ClassVar = (
        "calendar", "old_edition", "new_edition", "old_firm_through", "new_firm_through", "instruments", "changes",
    )  # fmt: skip

    old: Snapshot
    new: Snapshot
    changes: tuple[DayChange, ...]
    instruments: tuple[str, ...]

    @property
    def dates(self) -> tuple[date, ...]:
        """The changed days."""
        return tuple(change.date for change in self.changes)

    def touches(self, first: date, last: date) -> bool:
        """Return whether a changed day lies in a closed interval."""
        return any(first <= change.date <= last for change in self.changes)

    @property
    def calendar(self) -> str:
        """The name of the calendar."""
        return self.new.name

    @property
    def old_edition(self) -> Hash:
        """Content hash of the older snapshot."""
        return self.old.calendar_hash

    @property
    def new_edition(self) -> Hash:
        """Content hash of the newer snapshot."""
        return self.new.calendar_hash

    @property
    def old_firm_through(self) -> date:
        """The last day that was firm in the older snapshot."""
        return self.old.firm_through

    @property
    def new_firm_through(self) -> date:
        """The last day that is firm in the newer snapshot."""
        return self.new.firm_through


def compare(old: Snapshot, new: Snapshot) -> Difference:
    """Compare two snapshots of one calendar.

    Args:
        old: the older snapshot.
        new: the newer snapshot.

    Returns:
        The days that both answer and answer differently, and the instruments that only the new one knows.

    Examples:
        >>> from zhengxie_flow import load_calendar
        >>> difference = compare(load_calendar("cn", date(2025, 1, 1)), load_calendar("cn", date(2026, 1, 1)))
        >>> difference.touches(date(2026, 2, 14), date(2026, 2, 28))
        True
        >>> difference.changes[0].was.reason, difference.changes[0].now.reason
        ('working_week', 'moved_rest')
    """
    first, last = max(old.first, new.first), min(old.last, new.last)
    size = (last - first).days + 1
    left, right = (snapshot.timeline.flags[(first - snapshot.first).days :][:size] for snapshot in (old, new))
    days = [] if left == right else [first + i * _ONE for i in range(size) if left[i] != right[i]]
    earlier = {(notice.level, notice.number) for notice in old.timeline.notices}
    instruments = {
        notice.number: None for notice in new.timeline.notices if (notice.level, notice.number) not in earlier
    }
    changes = tuple(DayChange(day, old.explain(day), new.explain(day)) for day in days)
    return Difference(old, new, changes, tuple(instruments))


@dataclass(frozen=True, slots=True)
class RecountedLimit:
    """An open limit as a deadline row holds it: its anchor, and how it is counted."""

    key: Any  # whatever tells the caller which row it is
    direction: Counting
    anchor: date
    n: int
    unit: CalendarUnit = "working_day"
    count: Convention = "event_excluded"


@dataclass(frozen=True, slots=True)
class MovedLimit:
    """An open limit counted with the old and with the new snapshot.

    ``warnings``: ``earlier`` (the day moved to an earlier one), ``past`` (the day now advised, the earliest possible,
    lies before today).  ``instruments`` are those of the changed days in the window, else all that the new snapshot
    adds (where only the firmness changed).
    """

    limit: RecountedLimit
    old: LimitCount | None  # None: the old data did not reach so far
    new: LimitCount
    instruments: tuple[str, ...]
    warnings: tuple[str, ...]


def reckon(snapshot: Snapshot, limit: RecountedLimit) -> LimitCount:
    """Count one limit with a snapshot."""
    direction = limit.direction
    match direction:
        case "forward":
            return snapshot.within(limit.anchor, limit.n, unit=limit.unit)
        case "backward" | "earliest":
            return snapshot.before(limit.anchor, limit.n, limit.count, limit.unit, direction)
        case "minimum":
            return snapshot.minimum(limit.anchor, limit.n, unit=limit.unit, count=limit.count)
        case _:
            assert_never(direction)


def reproject(limits: Iterable[RecountedLimit], difference: Difference, today: date) -> Iterator[MovedLimit]:
    """Recount open limits with a new snapshot.

    Args:
        limits: the open limits.
        difference: between the snapshot they were counted with and the new one.
        today: the day for the warning ``past``.

    Returns:
        The limits whose day, interval or firmness changes, in the order of ``limits``.  A limit that neither snapshot
        can answer, because it runs past the data, is passed over.
    """
    stays_firm = difference.old_firm_through <= difference.new_firm_through
    for limit in limits:
        old = _reckon_or_none(difference.old, limit)
        if stays_firm and old is not None and old.status == "firm" and not difference.touches(*_window(old)):
            continue
        new = _reckon_or_none(difference.new, limit)
        if new is not None and (old is None or _answer(old) != _answer(new)):
            yield MovedLimit(limit, old, new, _responsible(difference, old or new, new), _warnings(old, new, today))


def _reckon_or_none(snapshot: Snapshot, limit: RecountedLimit) -> LimitCount | None:
    try:
        return reckon(snapshot, limit)
    except CalendarError as error:
        if error.code != "ZX2008":
            raise
        return None  # beyond the data: a later notice may bring it within reach


def _window(reckoning: LimitCount) -> tuple[date, date]:
    return min(reckoning.anchor, reckoning.date), max(reckoning.anchor, reckoning.date)


def _answer(reckoning: LimitCount) -> tuple[date, str, date, date]:
    return reckoning.date, reckoning.status, reckoning.earliest, reckoning.latest


def _responsible(difference: Difference, old: LimitCount, new: LimitCount) -> tuple[str, ...]:
    first = min(*_window(old), *_window(new))
    last = max(*_window(old), *_window(new))
    named = {
        change.now.instrument: None
        for change in difference.changes
        if first <= change.date <= last and change.now.instrument is not None
    }
    return tuple(named) or difference.instruments


def _warnings(old: LimitCount | None, new: LimitCount, today: date) -> tuple[str, ...]:
    # A minimum window that opens earlier puts no one in breach, and one that opened in the past is simply open.
    if new.direction in ("minimum", "earliest"):
        return ()
    warnings = []
    if old is not None and new.date < old.date:
        warnings.append("earlier")
    if new.earliest < today:
        warnings.append("past")
    return tuple(warnings)


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Change": "DayChange", "Limit": "RecountedLimit", "Move": "MovedLimit"})
