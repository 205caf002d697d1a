"""Examination of the calendar of China: day by day against other libraries, and its age against today.

Nothing is fetched: the libraries compared with are those installed, and ``today`` is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from zhengxie_flow.errors import CalendarError
from zhengxie_flow.reading.holidays_adapter import library_days

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from zhengxie_flow.calendars.snapshot import Snapshot

__all__ = ["Examination", "LibraryComparison", "examine"]

DUE = (12, 1)
"""From this day on the notice for the next year is looked for: of those for 2013 to 2026 eight were out by then, the
latest came on 16 December."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A day on which a library disagrees, and whether it is worked by our answer."""

    date: date
    working: bool


@dataclass(frozen=True, slots=True)
class LibraryComparison:
    """One library asked about every day whose notice both know; ``disagreements`` are days with our answer.

    ``days`` is 0 where the library is not installed; ``through`` is the last day compared.
    """

    library: str
    days: int
    disagreements: tuple[Disagreement, ...] = ()
    through: date | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """Result of an examination: newest notice, its age in days, the overdue year if any, and the comparisons."""

    KEYS: ClassVar = (
        "today", "healthy", "newest", "published", "age", "firm_through", "overdue", "comparisons",
    )  # fmt: skip

    today: date
    newest: str
    published: date | None
    age: int | None
    firm_through: date
    overdue: int | None  # the year whose notice should be known by now
    comparisons: tuple[LibraryComparison, ...]

    @property
    def healthy(self) -> bool:
        """Nothing overdue, no day on which a library disagrees."""
        return self.overdue is None and not any(comparison.disagreements for comparison in self.comparisons)


def examine(
    snapshot: Snapshot, today: date, libraries: Mapping[str, Callable[[date, date], Mapping[date, bool]]] | None = None
) -> Examination:
    """Look the calendar over on a day.

    ``libraries`` gives, by name, a function that answers for a stretch of days as far as it knows their notices; by
    default those that are known and installed.  The comparison ends with the newest announced year, and with the last
    year that the library has: what it merely estimates beyond is no reason for alarm.
    """
    notices = [notice for notice in snapshot.timeline.notices if notice.level == "country"]
    newest = max(notices, key=lambda notice: (notice.known_from, notice.year))
    announced = snapshot.firm_through.year
    comparisons = tuple(
        _compare(name, ask, snapshot, date(announced, 12, 31)) for name, ask in (libraries or KNOWN).items()
    )
    due_year = today.year + (today >= date(today.year, *DUE))
    return Examination(
        today,
        newest.number,
        newest.published,
        None if newest.published is None else (today - newest.published).days,
        snapshot.firm_through,
        due_year if announced < due_year else None,
        comparisons,
    )


def _compare(
    name: str, ask: Callable[[date, date], Mapping[date, bool]], snapshot: Snapshot, last: date
) -> LibraryComparison:
    try:
        theirs = ask(snapshot.first, last)
    except CalendarError:
        return LibraryComparison(name, 0)
    if not theirs:
        return LibraryComparison(name, 0)
    unknown = _arranged_later(snapshot, max(theirs).year)
    ours = {day: snapshot.is_working_day(day) for day in theirs if day.toordinal() not in unknown}
    disagreements = tuple(Disagreement(day, ours[day]) for day in ours if ours[day] != theirs[day])
    return LibraryComparison(name, len(ours), disagreements, max(ours))


def _arranged_later(snapshot: Snapshot, year: int) -> set[int]:
    """The days that notices of later years arrange: one for next year can change the last days of this one."""
    days: set[int] = set()
    for notice in snapshot.timeline.notices:
        if notice.level == "country" and notice.year > year:
            days.update(notice.work, notice.clears, *(range(low, high + 1) for low, high in notice.off))
    return days


def _chinese_calendar(first: date, last: date) -> dict[date, bool]:
    try:
        import chinese_calendar  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise CalendarError("ZX2019", country="CN") from None
    days: dict[date, bool] = {}
    for day in (first + timedelta(days=i) for i in range((last - first).days + 1)):
        try:
            days[day] = chinese_calendar.is_workday(day)
        except NotImplementedError:  # a year it does not cover (yet)
            continue
    return days


KNOWN: Mapping[str, Callable[[date, date], Mapping[date, bool]]] = {
    "holidays": library_days,
    "chinesecalendar": _chinese_calendar,
}
