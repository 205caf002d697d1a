"""The civil day an act counts for by its instant, and limits in hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from zhengxie_flow.calendars.arithmetic import whole_amount
from zhengxie_flow.errors import CalendarError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CHINA_TIME", "OfficeHours", "add_hours", "deemed_day"]

CHINA_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Legal time of the whole country: UTC+8, without summer time since 1992."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The time at which an office closes, and the days for which that holds (both ends included, open where None).

    ``opens`` and the ``breaks`` between are told where hours are counted while it is open.
    """

    closes: time
    valid_from: date | None = None
    valid_to: date | None = None
    basis: str | None = None  # the instrument that says so
    opens: time | None = None
    breaks: tuple[tuple[time, time], ...] = ()

    def covers(self, day: date) -> bool:
        """Return whether these hours hold on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def deemed_day(
    moment: datetime, zone: tzinfo = CHINA_TIME, cutoff: time | OfficeHours | Sequence[OfficeHours] | None = None
) -> date:
    """The civil day an act counts for.

    A day ends at 24:00; only where office hours exist does it end when business stops (Civil Code art. 203), and an act
    after that counts as done on the next calendar day.  An act at the very minute of closing is in time.

    Args:
        moment: the instant of the act, with its zone.
        zone: the zone whose civil days count.
        cutoff: the time at which business stops, or office hours with their own dates of validity; None: midnight.

    Returns:
        The civil day in ``zone``.

    Raises:
        CalendarError: ZX2001 for an instant without a zone, ZX2003 for another type, ZX2014 where two office hours hold
            on one day.

    Examples:
        >>> late = datetime(2026, 8, 10, 17, 30, tzinfo=CHINA_TIME)
        >>> deemed_day(late)
        datetime.date(2026, 8, 10)
        >>> deemed_day(late, cutoff=time(17))
        datetime.date(2026, 8, 11)
    """
    if not isinstance(moment, datetime):
        raise CalendarError("ZX2003", given=repr(moment))
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise CalendarError("ZX2001", given=moment.isoformat())
    local = moment.astimezone(zone)
    closes = _closing(local.date(), cutoff)
    late = closes is not None and local.time() > closes
    return local.date() + timedelta(days=1) if late else local.date()


def _closing(day: date, cutoff: time | OfficeHours | Sequence[OfficeHours] | None) -> time | None:
    if cutoff is None or isinstance(cutoff, time):
        return cutoff
    hours = [cutoff] if isinstance(cutoff, OfficeHours) else cutoff
    valid = [entry for entry in hours if entry.covers(day)]
    if len(valid) > 1:
        raise CalendarError("ZX2014", day=day, first=valid[0].closes, second=valid[1].closes)
    return valid[0].closes if valid else None


def add_hours(moment: datetime, n: int) -> datetime:
    """The instant n elapsed hours after another (before it when negative), in its own zone; it never rolls.

    Args:
        moment: the instant from which the hours run, with its zone.
        n: the number of hours.

    Raises:
        CalendarError: ZX2001 for an instant without a zone, ZX2003 for another type, ZX2004 and ZX2005 for an amount
            that cannot be counted, ZX2008 past the end of the Gregorian calendar.

    Examples:
        >>> add_hours(datetime(2026, 8, 10, 17, 30, tzinfo=CHINA_TIME), 48).isoformat()
        '2026-08-12T17:30:00+08:00'
    """
    if not isinstance(moment, datetime):
        raise CalendarError("ZX2003", given=repr(moment))
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise CalendarError("ZX2001", given=moment.isoformat())
    hours = whole_amount(n, negative=True)
    try:
        # Elapsed time is reckoned in UTC: local time would count an hour too many or too few when clocks change.
        return (moment.astimezone(UTC) + timedelta(hours=hours)).astimezone(moment.tzinfo)
    except OverflowError:
        raise CalendarError("ZX2008", day=moment, n=n, first=date.min, last=date.max) from None
