"""The result of counting a limit, and its proof: every counted and every skipped day, listed only when read."""

from __future__ import annotations

import datetime as dt  # days and limits have a ``date`` of their own
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.model.counting import CalendarUnit, Convention, Counting, counts_back
from zhengxie_flow.model.document import Firmness, Hash

if TYPE_CHECKING:
    from zhengxie_flow.calendars.interval import DayRange

__all__ = ["Day", "LimitCount", "OtherLimitCount"]

_ONE = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar with the reason why it is worked or not.

    ``reason`` is a code with texts in the catalogue (``calendar.reason.<code>``): working_week, weekend; of a notice:
    holiday (a statutory day), moved_rest, extra_day_off, make_up, cleared; without one: statutory, in_lieu; of a
    library: public_holiday, public_in_lieu, public_moved_rest, public_make_up; of a layer: local_holiday,
    local_make_up.  ``instrument`` is the number of the notice or law that says so (None for the ordinary week),
    ``source`` the library it was taken from, if it was.
    """

    KEYS: ClassVar = ("date", "working", "reason", "instrument", "level", "status", "festivals", "name", "source")

    date: dt.date
    working: bool
    reason: str
    status: Firmness = "firm"
    instrument: str | None = None
    level: str | None = None
    festivals: tuple[str, ...] = ()
    occasion: tuple[str, str] | None = None  # Chinese, English
    name: str | None = None  # as a library calls it
    source: str | None = None


class Calendar(Protocol):
    """The calendar a limit was counted with, as far as its proof needs it."""

    @property
    def name(self) -> str: ...
    @property
    def as_of(self) -> dt.date | None: ...
    @property
    def calendar_hash(self) -> str: ...
    @property
    def settled_through(self) -> dt.date: ...
    @property
    def announced_by_notice(self) -> bool: ...
    def may_change(self, first: dt.date, last: dt.date, /) -> bool: ...
    @property
    def spread(self) -> DayRange: ...
    def explain(self, day: dt.date, /) -> Day: ...


@dataclass(slots=True, eq=False, repr=False)
class LimitCount:
    """A counted limit: ``date`` is its last day (forward), its latest lawful day (backward) or its earliest (minimum).

    ``anchor`` is counted only where its own day is the first one, ``date`` always belongs to the window; ``raw`` is the
    day on which a forward calendar limit ended before it rolled.  All else is worked out when it is read.  Made by
    `Snapshot.within`, `before` and `minimum`.

    Examples:
        >>> from zhengxie_flow import load_calendar
        >>> limit = load_calendar("cn", dt.date(2026, 1, 1)).within(dt.date(2026, 9, 28), 10)
        >>> limit
        LimitCount(2026-10-16, firm, forward 10 working_day from 2026-09-28)
        >>> [day.isoformat() for day in limit.counted[:4]]
        ['2026-09-29', '2026-09-30', '2026-10-08', '2026-10-09']
        >>> limit.skipped[0].reason, limit.skipped[0].instrument
        ('holiday', '国办发明电〔2025〕7号')

        A year whose notice was not yet published gives a provisional day, and the interval it may move in:

        >>> early = load_calendar("cn", dt.date(2025, 1, 1)).within(dt.date(2026, 9, 28), 10)
        >>> early.status, early.earliest.isoformat(), early.date.isoformat(), early.latest.isoformat()
        ('provisional', '2026-10-08', '2026-10-15', '2026-10-22')
    """

    KEYS: ClassVar = (
        "date", "status", "earliest", "latest", "anchor", "n", "unit", "direction", "count", "rolled", "calendar",
        "as_of", "edition", "counted", "skipped",
    )  # fmt: skip

    snapshot: Calendar
    anchor: dt.date
    n: int
    date: dt.date

    @property
    def direction(self) -> Counting:
        """The direction of the count."""
        return "forward"

    @property
    def unit(self) -> CalendarUnit:
        """The unit it counts."""
        return "working_day"

    @property
    def count(self) -> Convention:
        """The convention for the day of the event."""
        return "event_excluded"

    @property
    def raw(self) -> dt.date | None:
        """The day on which it ended before it rolled."""
        return None

    @property
    def status(self) -> Firmness:
        """``provisional`` when a day between anchor (excluded) and date (included) is not firm, else ``firm``.

        Calendar units that never roll do not ask the calendar, so they are always firm.  By a calendar without notices
        of a country it is provisional only where another day is possible.
        """
        return "firm" if self.date <= self.snapshot.settled_through else self._firmness(self.anchor + _ONE, self.date)

    @property
    def rolled(self) -> bool:
        """True where a forward calendar limit ended on a rest day and moved to the next working day."""
        return self.raw is not None and self.raw != self.date

    @property
    def earliest(self) -> dt.date:
        """The earliest day the answer may become when notices not yet known arrive; ``date`` when firm."""
        return self._interval()[0]

    @property
    def latest(self) -> dt.date:
        """The latest day the answer may become when notices not yet known arrive; ``date`` when firm."""
        return self._interval()[1]

    @property
    def calendar(self) -> str:
        """The name of the calendar it was counted with."""
        return self.snapshot.name

    @property
    def as_of(self) -> dt.date | None:
        """The day by whose notices it was counted; None: with every notice known."""
        return self.snapshot.as_of

    @property
    def edition(self) -> Hash:
        """Content hash of the calendar it was counted with."""
        return self.snapshot.calendar_hash

    @property
    def counted(self) -> tuple[dt.date, ...]:
        """The counted days in counting order, walking away from the anchor: working days, or all days of the limit."""
        return tuple(day.date for day in self._walk() if self._counts(day))

    @property
    def skipped(self) -> tuple[Day, ...]:
        """The days passed over, in counting order, each with its reason and instrument."""
        return tuple(day for day in self._walk() if not self._counts(day))

    @property
    def _asks_calendar(self) -> bool:
        return self.unit == "working_day" or self.direction == "forward"

    def _walk(self) -> list[Day]:
        step = -1 if counts_back(self.direction) else 1
        first = self.anchor.toordinal() + (0 if self.count == "first_day_included" else step)
        walked = range(first, self.date.toordinal() + step, step)
        if self._asks_calendar:
            return [self.snapshot.explain(dt.date.fromordinal(day)) for day in walked]
        return [_plain(day) for day in walked]

    def _counts(self, day: Day) -> bool:
        if self.unit == "working_day":
            return day.working
        return self.raw is None or day.date <= self.raw

    def _firmness(self, first: dt.date, last: dt.date) -> Firmness:
        """The firmness of a count whose window does not end before the first day that may change."""
        if not self.snapshot.may_change(first, last):
            return "firm"
        if self.snapshot.announced_by_notice:
            return "provisional"
        low, high = self._possible()
        return "firm" if low == high else "provisional"

    def _interval(self) -> tuple[dt.date, dt.date]:
        return (self.date, self.date) if self.status == "firm" else self._possible()

    def _possible(self) -> tuple[dt.date, dt.date]:
        """The earliest and the latest day by what may still change."""
        spread = self.snapshot.spread
        if self.unit != "working_day":  # the first working day on or after the day it would end on
            return spread.forward((self.raw or self.date) - _ONE, 1)
        n = self.n + (self.count == "clear_days")
        shift = _ONE if self.count == "first_day_included" else dt.timedelta(0)
        if counts_back(self.direction):
            return spread.backward(self.anchor + shift, n)
        return spread.forward(self.anchor - shift, n)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """The schema for pydantic: an instance as it is, written by its keys."""
        from pydantic_core import core_schema  # here, so that counting does not load pydantic

        shown = core_schema.plain_serializer_function_ser_schema(
            lambda limit: {key: getattr(limit, key) for key in cls.KEYS},
            return_schema=handler.generate_schema(dict[str, Any]),
        )
        return core_schema.is_instance_schema(source, serialization=shown)

    def __repr__(self) -> str:
        limit = f"{self.direction} {self.n} {self.unit} from {self.anchor.isoformat()}"
        return f"LimitCount({self.date.isoformat()}, {self.status}, {limit})"


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class OtherLimitCount(LimitCount):
    """A count in another unit or direction than working days forward; separate, so that the common case stays light."""

    direction: Counting = "forward"
    unit: CalendarUnit = "working_day"
    count: Convention = "event_excluded"
    raw: dt.date | None = None

    @property
    def status(self) -> Firmness:
        """As of any limit; the window of a backward one ends on the day before its event."""
        if not self._asks_calendar:
            return "firm"
        if counts_back(self.direction):
            first, last = self.date, self.anchor - _ONE
        else:
            first, last = self.anchor + _ONE, self.date
        if self.count == "first_day_included":
            first, last = min(first, self.anchor), max(last, self.anchor)
        return "firm" if last <= self.snapshot.settled_through else self._firmness(first, last)


def _plain(ordinal: int) -> Day:
    return Day(dt.date.fromordinal(ordinal), working=True, reason="calendar_day")


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"OtherReckoning": "OtherLimitCount", "Reckoning": "LimitCount"})
