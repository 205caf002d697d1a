"""The answer to a counted limit, and its proof: every counted and every skipped day, made only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from zhengxie_flow.calendars.interval import Spread
    from zhengxie_flow.model.counting import CalendarUnit, Convention, Counting

__all__ = ["Day", "OtherReckoning", "Reckoning"]

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar and why it is worked or not.

    ``reason`` is a code with texts in the catalogue (``calendar.reason.<code>``): working_week, weekend, holiday,
    make_up, cleared, statutory, in_lieu, public_holiday, public_make_up, local_holiday, local_make_up.  ``instrument``
    is the number of the notice or law that says so (None for the ordinary week), ``source`` the library it was taken
    from, if it was.
    """

    date: date
    working: bool
    reason: str
    status: str = "firm"  # firm | provisional
    instrument: str | None = None
    level: str | None = None
    festivals: tuple[str, ...] = ()
    occasion: tuple[str, str] | None = None  # Chinese, English
    name: str | None = None  # as a library calls it
    source: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain data with ISO dates and untranslated codes."""
        return {
            "date": self.date.isoformat(),
            "working": self.working,
            "reason": self.reason,
            "instrument": self.instrument,
            "level": self.level,
            "status": self.status,
            "festivals": list(self.festivals),
            "name": self.name,
            "source": self.source,
        }


class Calendar(Protocol):
    """What a proof asks of the calendar that the limit was counted with."""

    @property
    def name(self) -> str: ...
    @property
    def as_of(self) -> date | None: ...
    @property
    def edition(self) -> str: ...
    @property
    def firm_through(self) -> date: ...
    @property
    def spread(self) -> Spread: ...
    def explain(self, day: date, /) -> Day: ...


class Reckoning:
    """A limit counted out: ``date`` is the last day (forward), the latest lawful day (backward) or the earliest
    (minimum).

    ``anchor`` is never counted, ``date`` always belongs to the window; ``raw`` is the day on which a forward calendar
    limit ended before it rolled.  All else is worked out when it is read.
    """

    __slots__ = ("anchor", "date", "n", "snapshot")

    direction: Counting = "forward"
    unit: CalendarUnit = "working_day"
    count: Convention = "event_excluded"
    raw: date | None = None

    def __init__(self, snapshot: Calendar, anchor: date, n: int, day: date) -> None:
        self.snapshot = snapshot
        self.anchor = anchor
        self.n = n
        self.date = day

    @property
    def status(self) -> str:
        """``provisional`` when a day between anchor (excluded) and date (included) is not firm, else ``firm``.

        Calendar units that never roll do not ask the calendar, so they are always firm.
        """
        return "firm" if self.date <= self.snapshot.firm_through else "provisional"

    @property
    def rolled(self) -> bool:
        """Whether a forward calendar limit ended on a rest day and moved to the next working day."""
        return self.raw is not None and self.raw != self.date

    @property
    def earliest(self) -> date:
        """The earliest day the answer may become when notices not yet known arrive; ``date`` when firm."""
        return self._interval()[0]

    @property
    def latest(self) -> date:
        """The latest day the answer may become when notices not yet known arrive; ``date`` when firm."""
        return self._interval()[1]

    @property
    def edition(self) -> str:
        """Content hash of the calendar it was counted with."""
        return self.snapshot.edition

    @property
    def counted(self) -> tuple[date, ...]:
        """The counted days in counting order, walking away from the anchor: working days, or all days of the limit."""
        return tuple(day.date for day in self._walk() if self._counts(day))

    @property
    def skipped(self) -> tuple[Day, ...]:
        """The days passed over, in counting order, each with its reason and instrument."""
        return tuple(day for day in self._walk() if not self._counts(day))

    def as_json(self, *, proof: bool = True) -> dict[str, Any]:
        """Plain data with ISO dates; with ``proof`` also the counted and skipped days."""
        data: dict[str, Any] = {
            "date": self.date.isoformat(),
            "status": self.status,
            "earliest": self.earliest.isoformat(),
            "latest": self.latest.isoformat(),
            "anchor": self.anchor.isoformat(),
            "n": self.n,
            "unit": self.unit,
            "direction": self.direction,
            "count": self.count,
            "rolled": self.rolled,
            "calendar": self.snapshot.name,
            "as_of": self.snapshot.as_of.isoformat() if self.snapshot.as_of else None,
            "edition": self.edition,
        }
        if proof:
            data["counted"] = [day.isoformat() for day in self.counted]
            data["skipped"] = [day.as_json() for day in self.skipped]
        return data

    @property
    def _asks_calendar(self) -> bool:
        return self.unit == "working_day" or self.direction == "forward"

    def _walk(self) -> list[Day]:
        step = -1 if self.date < self.anchor else 1
        first = self.anchor.toordinal() + step
        walked = range(first, self.date.toordinal() + step, step)
        if self._asks_calendar:
            return [self.snapshot.explain(date.fromordinal(day)) for day in walked]
        return [_plain(day) for day in walked]

    def _counts(self, day: Day) -> bool:
        if self.unit == "working_day":
            return day.working
        return self.raw is None or day.date <= self.raw

    def _interval(self) -> tuple[date, date]:
        if self.status == "firm":
            return self.date, self.date
        spread = self.snapshot.spread
        if self.unit != "working_day":  # the first working day on or after the day it would end on
            return spread.forward((self.raw or self.date) - _ONE, 1)
        n = self.n + (self.count == "clear_days")
        return spread.backward(self.anchor, n) if self.direction == "backward" else spread.forward(self.anchor, n)

    def __repr__(self) -> str:
        limit = f"{self.direction} {self.n} {self.unit} from {self.anchor.isoformat()}"
        return f"Reckoning({self.date.isoformat()}, {self.status}, {limit})"


class OtherReckoning(Reckoning):
    """A limit of another kind than so many working days forward; a class of its own keeps that common kind light."""

    __slots__ = ("count", "direction", "raw", "unit")

    def __init__(
        self,
        snapshot: Calendar,
        anchor: date,
        n: int,
        day: date,
        *,
        direction: Counting = "forward",
        unit: CalendarUnit = "working_day",
        count: Convention = "event_excluded",
        raw: date | None = None,
    ) -> None:
        super().__init__(snapshot, anchor, n, day)
        self.direction = direction
        self.unit = unit
        self.count = count
        self.raw = raw

    @property
    def status(self) -> str:
        """As of any limit; the window of a backward one ends on the day before its event."""
        if not self._asks_calendar:
            return "firm"
        last = self.anchor - _ONE if self.direction == "backward" else self.date
        return "firm" if last <= self.snapshot.firm_through else "provisional"


def _plain(ordinal: int) -> Day:
    return Day(date.fromordinal(ordinal), working=True, reason="calendar_day")
