"""The calendar as programs use it: an immutable snapshot that answers every question in constant time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from zhengxie_flow.calendars.arithmetic import civil_day, counted, whole_amount
from zhengxie_flow.calendars.explanation import explained
from zhengxie_flow.calendars.precedents import spread_of
from zhengxie_flow.calendars.proof import Day, LimitCount, OtherLimitCount
from zhengxie_flow.calendars.timeline import joined_hash
from zhengxie_flow.calendars.vector import add_many
from zhengxie_flow.deprecation import deprecated_property
from zhengxie_flow.errors import CalendarError, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from zhengxie_flow.calendars.interval import DayRange
    from zhengxie_flow.calendars.moments import OfficeHours
    from zhengxie_flow.calendars.timeline import Timeline
    from zhengxie_flow.model.counting import CalendarUnit, Convention

__all__ = ["Snapshot"]


class Snapshot:
    """A working-day calendar as it was known on ``as_of`` (None: with everything known), safe to share between threads.

    All days are civil days (`datetime.date`) of the calendar's own country.  Every method raises CalendarError: ZX2001
    to ZX2003 for what is not a civil day, ZX2004 to ZX2006 for an amount that cannot be counted, ZX2007 for a reversed
    range, ZX2008 for a day outside the data, ZX2011 and ZX2012 for an unknown unit or count.
    """

    edition = deprecated_property("Snapshot.edition", "calendar_hash")
    __slots__ = (
        "_base", "_days", "_others", "_preceding", "_ranks", "_size", "as_of", "firm_through", "settled_through",
        "timeline",
    )  # fmt: skip

    timeline: Timeline
    as_of: date | None
    firm_through: date
    """The last day that no notice still to come is expected to change; a feast that is only estimated stays open."""
    settled_through: date
    """The last day before any that may still change; earlier than `firm_through` where past feasts are estimated."""
    _base: int
    _size: int
    _ranks: list[int]
    _preceding: list[int]
    _days: list[date | None]
    _others: Mapping[str, Snapshot] | None

    def __init__(
        self, timeline: Timeline, as_of: date | None = None, others: Mapping[str, Snapshot] | None = None
    ) -> None:
        put = object.__setattr__
        put(self, "timeline", timeline)
        put(self, "as_of", as_of)
        # What the counting methods touch stands in slots of its own: they answer in little more than two additions.
        put(self, "firm_through", timeline.firm_through)
        put(self, "settled_through", timeline.settled_through)
        put(self, "_base", timeline.base)
        put(self, "_size", timeline.size)
        put(self, "_ranks", timeline.ranks)
        put(self, "_preceding", timeline.preceding)
        put(self, "_days", timeline.days)
        put(self, "_others", others)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a calendar snapshot does not change: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a calendar snapshot does not change: {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return Snapshot, (self.timeline, self.as_of, self._others)

    def __repr__(self) -> str:
        return f"Snapshot({self.name!r}, as_of={self.as_of}, calendar_hash={self.calendar_hash[:19]!r})"

    # What it is

    @property
    def name(self) -> str:
        """Name of the calendar, with its local layers: ``cn``, ``cn+yanbian``, ``NL``."""
        return self.timeline.name

    @property
    def calendar_hash(self) -> str:
        """SHA-256 over everything that decides an answer, the calendars beside it included; equal ones answer alike."""
        own, others = self.timeline.calendar_hash, self._others
        return joined_hash(own, (others[name].calendar_hash for name in sorted(others))) if others else own

    def beside(self, name: str) -> Snapshot:
        """The calendar of another name, as known on the same day: one of those it was loaded with, or itself.

        Raises:
            NotFound: ZX2015, it was not loaded with it.
        """
        if self._others is not None and name in self._others:
            return self._others[name]
        if name == self.name:
            return self
        raise NotFound("ZX2015", calendar=name)

    @property
    def first(self) -> date:
        """The first day of the data."""
        return self.timeline.first

    @property
    def last(self) -> date:
        """The last day that is answered at all; the days after `firm_through` are nominal."""
        return self.timeline.last

    @property
    def office_hours(self) -> tuple[OfficeHours, ...]:
        """The closing times of offices, by the nearest layer that has some; none: days end at midnight."""
        return self.timeline.office_hours

    @property
    def spread(self) -> DayRange:
        """The range in which notices still to come may move a provisional day."""
        return spread_of(self.timeline)

    @property
    def announced_by_notice(self) -> bool:
        """True where a country's notices settle each year: until one is out, every day of it is provisional."""
        return self.timeline.outlook is None

    def may_change(self, first: date, last: date) -> bool:
        """Return whether a day of a closed interval is not firm.

        Args:
            first: the first day.
            last: the last day.
        """
        return last > self.settled_through and self.timeline.may_change(first, last)

    # Single days

    def is_working_day(self, day: date) -> bool:
        """Return whether a civil day is worked: an ordinary working day that is no holiday, or a make-up working day.

        Args:
            day: the civil day.

        Raises:
            CalendarError: ZX2001 to ZX2003 for what is not a civil day, ZX2008 for a day outside the data.

        Examples:
            >>> from zhengxie_flow import load_calendar
            >>> load_calendar("cn").is_working_day(date(2026, 10, 10))  # a Saturday, worked by the notice
            True
        """
        if type(day) is not date:
            day = civil_day(day)
        index = day.toordinal() - self._base
        if not 0 < index <= self._size:
            raise self._outside(day)
        return self._ranks[index] != self._ranks[index - 1]

    def explain(self, day: date) -> Day:
        """Explain a day: its reason, the instrument behind it, and whether that is firm.

        Args:
            day: the civil day.

        Returns:
            The day with the code of its reason and the number of the instrument.

        Raises:
            CalendarError: ZX2001 to ZX2003 for what is not a civil day, ZX2008 for a day outside the data.

        Examples:
            >>> from zhengxie_flow import load_calendar
            >>> day = load_calendar("cn").explain(date(2026, 10, 1))
            >>> day.working, day.reason, day.instrument, day.festivals, day.status
            (False, 'holiday', '国办发明电〔2025〕7号', ('national_day',), 'firm')
        """
        return explained(self.timeline, day, working=self.is_working_day(day))

    # Working days

    def add(self, day: date, n: int) -> date:
        """The n-th working day after a day, or before it when negative; the day itself is not counted.

        Args:
            day: the civil day from which to count.
            n: the number of working days, not nought.

        Raises:
            CalendarError: ZX2001 to ZX2005 for what cannot be counted, ZX2008 outside the data.

        Examples:
            >>> from zhengxie_flow import load_calendar
            >>> calendar = load_calendar("cn")
            >>> calendar.add(date(2026, 9, 28), 5)
            datetime.date(2026, 10, 10)
            >>> calendar.add(date(2026, 9, 28), -5)
            datetime.date(2026, 9, 20)
        """
        if type(day) is not date:
            day = civil_day(day)
        index = day.toordinal() - self._base
        if index > 0:
            try:
                if n > 0:
                    place = self._ranks[index] + n
                    return self._days[place] or self.timeline.day(place)
                place = self._preceding[index] + n
                if place >= 0 > n:
                    return self._days[place] or self.timeline.day(place)
            except (IndexError, TypeError):
                pass  # the cause is found below, off the fast path
        raise self._fault(day, n)

    def count(self, first: date, last: date) -> int:
        """The number of working days in a closed interval.

        Args:
            first: the first day, included.
            last: the last day, included.

        Raises:
            CalendarError: ZX2001 to ZX2003 for what is not a civil day, ZX2007 where ``last`` lies before ``first``,
                ZX2008 for a day outside the data.

        Examples:
            >>> from zhengxie_flow import load_calendar
            >>> load_calendar("cn").count(date(2026, 10, 1), date(2026, 10, 31))
            18
        """
        if type(first) is not date or type(last) is not date:
            first, last = civil_day(first), civil_day(last)
        low = first.toordinal() - self._base
        high = last.toordinal() - self._base
        if 0 < low <= high <= self._size:
            return self._ranks[high] - self._ranks[low - 1]
        if low > high:
            raise CalendarError("ZX2007", first=first, last=last)
        raise self._outside(first if low <= 0 else last)

    def add_many(self, days: NDArray[np.datetime64], n: int) -> NDArray[np.datetime64]:
        """`add` for a whole numpy array.

        Args:
            days: civil days as datetime64[D], in an array of any shape.
            n: the number of working days, negative to count back, not nought.

        Returns:
            An array of the same shape with the n-th working day of each element.

        Raises:
            CalendarError: ZX2003 for another type or a missing value, ZX2004 and ZX2005 for an amount that cannot be
                counted, ZX2008 where a day or a result lies outside the data, ZX2013 where numpy is not installed.

        Examples:
            >>> import numpy as np
            >>> from zhengxie_flow import load_calendar
            >>> days = np.array(["2026-09-28", "2026-10-08"], dtype="datetime64[D]")
            >>> load_calendar("cn").add_many(days, 5).tolist()
            [datetime.date(2026, 10, 10), datetime.date(2026, 10, 14)]
        """
        return add_many(self.timeline, days, whole_amount(n, negative=True))

    # Time limits

    def within(
        self, day: date, n: int, unit: CalendarUnit = "working_day", count: Convention = "event_excluded"
    ) -> LimitCount:
        """The last day of a limit of n units after a day.

        The start day is not counted (Civil Code art. 201) and is not moved first when it is a rest day; the last day
        belongs to the limit (art. 1259).  A limit in calendar days, months or years that ends on a rest day moves to
        the next working day (art. 203).

        Args:
            day: the day of the event that starts the limit.
            n: the length of the limit, at least 1.
            unit: ``working_day``, ``calendar_day``, ``week``, ``month`` or ``year``.
            count: ``event_excluded``; ``first_day_included``: the day itself, or the first working day from it, is the
                first one counted; ``clear_days``: n full days lie between.

        Returns:
            The count, whose ``date`` is the last day in time.

        Raises:
            CalendarError: ZX2001 to ZX2006, ZX2011 and ZX2012 for what cannot be counted, ZX2008 outside the data.

        Examples:
            >>> from zhengxie_flow import load_calendar
            >>> calendar = load_calendar("cn", as_of=date(2026, 1, 1))
            >>> calendar.within(date(2026, 9, 28), 10)
            LimitCount(2026-10-16, firm, forward 10 working_day from 2026-09-28)
            >>> month = calendar.within(date(2026, 9, 1), 1, "month")
            >>> month.raw.isoformat(), month.date.isoformat(), month.rolled  # 1 to 7 October are days off
            ('2026-10-01', '2026-10-08', True)
        """
        if unit == "working_day" and count == "event_excluded":
            due = self.add(day, n)
            if n < 0:
                raise CalendarError("ZX2006", given=n)
            return LimitCount(self, day, n, due)
        day = civil_day(day)
        raw = counted(self.add, day, whole_amount(n), (unit, count))
        due = raw if unit == "working_day" else self._on_or_after(raw)
        return OtherLimitCount(self, day, n, due, unit=unit, count=count, raw=raw)

    def before(
        self,
        event: date,
        n: int,
        count: Convention = "event_excluded",
        unit: CalendarUnit = "working_day",
        direction: Literal["backward", "earliest"] = "backward",
    ) -> LimitCount:
        """The latest lawful day of an act due at least n units before an event; it never rolls.

        ``event_excluded``: the event day is not counted, the n-th day before it is still in time.  ``clear_days``: n
        full days must lie between the two, so one day earlier.  ``first_day_included``: the event day, or the first
        working day back from it, is the first one counted.  No statute says how to count backwards: it is an
        interpretation.

        Args:
            event: the day of the event.
            n: the least number of units before it, at least 1.
            count: ``event_excluded``, ``first_day_included`` or ``clear_days``.
            unit: ``working_day``, ``calendar_day``, ``week``, ``month`` or ``year``.
            direction: ``earliest`` for an act due at most n units before it, whose day is the first lawful one.

        Returns:
            The count, whose ``date`` is the latest lawful day, or the earliest.

        Raises:
            CalendarError: ZX2001 to ZX2006, ZX2011 and ZX2012 for what cannot be counted, ZX2008 outside the data.

        Examples:
            >>> from zhengxie_flow import load_calendar
            >>> calendar = load_calendar("cn", as_of=date(2026, 1, 1))
            >>> calendar.before(date(2026, 10, 15), 5).date
            datetime.date(2026, 10, 9)
            >>> calendar.before(date(2026, 10, 15), 5, "clear_days").date
            datetime.date(2026, 10, 8)
        """
        if unit == "working_day" and count == "event_excluded" and n.__class__ is int and n > 0:
            return OtherLimitCount(self, event, n, self.add(event, -n), direction=direction)
        day = civil_day(event)
        latest = counted(self.add, day, -whole_amount(n), (unit, count))
        return OtherLimitCount(self, day, n, latest, direction=direction, unit=unit, count=count)

    def minimum(
        self, day: date, n: int, unit: CalendarUnit = "calendar_day", count: Convention = "event_excluded"
    ) -> LimitCount:
        """The earliest lawful day of an act that must wait at least n units after a day; it never rolls.

        ``clear_days``: n full days must lie between the two, so one day later.

        Args:
            day: the day from which the act must wait.
            n: the least number of units after it, at least 1.
            unit: ``working_day``, ``calendar_day``, ``week``, ``month`` or ``year``.
            count: ``event_excluded``, ``first_day_included`` or ``clear_days``.

        Returns:
            The count, whose ``date`` is the earliest lawful day.

        Raises:
            CalendarError: ZX2001 to ZX2006, ZX2011 and ZX2012 for what cannot be counted, ZX2008 outside the data.

        Examples:
            >>> from zhengxie_flow import load_calendar
            >>> load_calendar("cn", as_of=date(2026, 1, 1)).minimum(date(2026, 9, 1), 30)
            LimitCount(2026-10-01, firm, minimum 30 calendar_day from 2026-09-01)
        """
        day = civil_day(day)
        earliest = counted(self.add, day, whole_amount(n), (unit, count))
        return OtherLimitCount(self, day, n, earliest, direction="minimum", unit=unit, count=count)

    def _on_or_after(self, day: date) -> date:
        index = day.toordinal() - self._base
        if 0 < index <= self._size:
            place = self._ranks[index - 1] + 1
            if place < len(self._days):
                return self.timeline.day(place)
        raise self._outside(day)

    def _fault(self, day: date, n: Any) -> CalendarError:
        whole_amount(n, negative=True)
        return self._outside(day, n)

    def _outside(self, day: date, n: int | None = None) -> CalendarError:
        return CalendarError(
            "ZX2008", calendar=self.name, day=day, n=n, first=self.timeline.first, last=self.timeline.last
        )
