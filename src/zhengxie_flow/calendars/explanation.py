"""The explanation of a day: its reason, the instrument behind it, its festivals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from zhengxie_flow.calendars.nominal import festivals, statutory_text
from zhengxie_flow.calendars.proof import Day

if TYPE_CHECKING:
    from zhengxie_flow.calendars.timeline import DayMark, Timeline

__all__ = ["explained"]

_FESTIVE = frozenset({"statutory", "in_lieu", "country"})


def explained(timeline: Timeline, day: date, *, working: bool) -> Day:
    """Explain a day of a timeline.

    Args:
        timeline: The calendar.
        day: A civil day of its data.
        working: Whether it is worked.
    """
    status = "provisional" if timeline.may_change(day, day) else "firm"
    mark = timeline.marks.get(day.toordinal())
    if mark is None:
        return Day(day, working, "working_week" if working else "weekend", status)
    notice = mark.notice
    return Day(
        day,
        working,
        mark.reason,
        status,
        instrument=notice.number,
        level=notice.level,
        festivals=_festivals(timeline, day, notice.year) if _festive(mark, day) else (),
        occasion=notice.occasion,
        name=notice.names.get(day.toordinal()) if notice.names else None,
        source=notice.source,
    )


def _festive(mark: DayMark, day: date) -> bool:
    """True where a day belongs to a run of days off that a country's notice or statutory text sets."""
    ordinal = day.toordinal()
    return mark.notice.level in _FESTIVE and any(low <= ordinal <= high for low, high in mark.notice.off)


def _festivals(timeline: Timeline, day: date, year: int) -> tuple[str, ...]:
    """The festivals whose statutory days lie in the run of days off around a day."""
    text = statutory_text(timeline.facts, year)
    if text is None:
        return ()
    low, high = timeline.run_off(day.toordinal())
    by_festival = festivals(timeline.facts, text, year)
    return tuple(name for name, days in by_festival.items() if any(low <= ordinal <= high for ordinal in days))
