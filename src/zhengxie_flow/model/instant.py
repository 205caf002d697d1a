"""Instants as people and programs write them, read in one way by every option, file and variable."""

from __future__ import annotations

from datetime import date, datetime

from zhengxie_flow.errors import UsageError

_SHOWN = 40
"""Characters of a wrong instant that a message repeats."""


def has_civil_days(instant: datetime) -> bool:
    """Return whether an instant has a civil day in every time zone.

    Those at either end of the years 1 to 9999 have none somewhere: a day there cannot be counted, nor written.
    """
    return date(1, 1, 2) <= instant.date() <= date(9999, 12, 30)


def with_offset(value: object) -> datetime:
    """Check an instant that a program passes.

    Args:
        value: What it passed.

    Returns:
        The instant.

    Raises:
        UsageError: ZX4015, it is no instant; ZX2001, it has no offset, so that nobody knows when it is.

    Example:
        >>> with_offset(datetime(2026, 3, 4))
        Traceback (most recent call last):
        ...
        zhengxie_flow.errors.UsageError: ZX2001 given='2026-03-04T00:00:00'
    """
    if not isinstance(value, datetime):
        raise UsageError("ZX4015", given=str(value)[:_SHOWN])
    if value.tzinfo is None:
        raise UsageError("ZX2001", given=value.isoformat())
    return value


class NaiveInstant(ValueError):
    """An instant without an offset."""


def read_instant(text: str) -> datetime:
    """Read an instant as people and programs write it.

    Args:
        text: ISO 8601 text with an offset.

    Returns:
        The instant.

    Raises:
        NaiveInstant: It has no offset, or ``-00:00``, which says that the offset is unknown (RFC 3339, 4.3).
        ValueError: It is no instant, or one that no calendar year holds in every time zone.

    Example:
        >>> read_instant("2026-03-04T09:00:00+08:00").isoformat()
        '2026-03-04T09:00:00+08:00'
        >>> read_instant("2026-12-31T23:59:60Z")
        Traceback (most recent call last):
        ...
        ValueError: second must be in 0..59
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None or text.rstrip("0:").endswith("-"):
        raise NaiveInstant(f"an instant without an offset: {text[:_SHOWN]}")
    if not has_civil_days(instant):
        raise ValueError(f"an instant at the end of time: {text[:_SHOWN]}")
    return instant
