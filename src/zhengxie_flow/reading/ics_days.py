"""Days off and worked from an iCalendar file: all-day events whose title says which they are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhengxie_flow.errors import InvalidInput, UsageError
from zhengxie_flow.reading.listed_days import ListedDay, UnmappedEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_events"]

_WORKED = ("班", "workday", "working day", "work day", "make-up")
_OFF = ("休", "假", "holiday", "day off", "days off")
_APPLE = {"WORK-HOLIDAY": True, "ALTERNATE-WORKDAY": False}
_LONGEST = 31


def read_events(text: str, file: str) -> tuple[list[ListedDay], list[UnmappedEntry]]:
    """Read the all-day events of an iCalendar file.

    Args:
        text: The content of the file.
        file: Its name.

    Returns:
        The days, in the order of the file, and what could not be mapped.

    Raises:
        InvalidInput: ZX2063, the file cannot be read.
        UsageError: ZX6061, the package `icalendar` is not installed.
    """
    try:
        import icalendar
    except ImportError:
        raise UsageError("ZX6061") from None
    try:
        events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    except (ValueError, KeyError, IndexError, TypeError) as error:  # whatever a broken file makes the parser raise
        raise InvalidInput("ZX2063", file=file, reason=str(error)[:200]) from error
    days: dict[date, ListedDay] = {}
    unmapped: list[UnmappedEntry] = []
    for event in events:
        title, place = str(event.get("SUMMARY", "")), f"UID:{event.get('UID', '?')}"
        reason = _fault(event, title)
        if reason is not None:
            unmapped.append(UnmappedEntry(place, title, reason))
            continue
        listed = list(_days(event, title))
        twice = [day for day in listed if days.setdefault(day.date, day).off != day.off]
        unmapped += [UnmappedEntry(day.date.isoformat(), title, "twice") for day in twice]
    return list(days.values()), unmapped


def _fault(event: Any, title: str) -> str | None:
    """The reason why an event is no day of a list; None where it is."""
    start, end = _value(event, "DTSTART"), _value(event, "DTEND")
    if event.get("RRULE") is not None or event.get("RDATE") is not None:
        return "repeated"
    if not isinstance(start, date):
        return "date"
    if isinstance(start, datetime) or isinstance(end, datetime):
        return "timed"
    if isinstance(end, date) and not timedelta() <= end - start <= timedelta(_LONGEST):
        return "date"
    return "state" if _is_off(event, title) is None else None


def _days(event: Any, title: str) -> Iterator[ListedDay]:
    """The days of an event; the day on which it ends is not among them."""
    start, end = _value(event, "DTSTART"), _value(event, "DTEND")
    size = max((end - start).days, 1) if isinstance(end, date) else 1
    for offset in range(size):
        yield ListedDay(start + timedelta(days=offset), bool(_is_off(event, title)), title)


def _value(event: Any, name: str) -> Any:
    value = event.get(name)
    return getattr(value, "dt", None)


def _is_off(event: Any, title: str) -> bool | None:
    """True for a day off, False for a worked one, None where the event says neither."""
    special = str(event.get("X-APPLE-SPECIAL-DAY", ""))
    if special in _APPLE:
        return _APPLE[special]
    words = title.lower()
    if any(word in words for word in _WORKED):
        return False
    return True if any(word in words for word in _OFF) else None
