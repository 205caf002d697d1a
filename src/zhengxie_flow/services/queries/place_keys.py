"""Keys to go on after in a list of deadlines: a place in its order as text, which a URL or a command line carries."""

from __future__ import annotations

from datetime import date

from zhengxie_flow.errors import UsageError
from zhengxie_flow.ports import DuePlace

_SHOWN = 80


def key_of(place: DuePlace) -> str:
    """Return the key of a place.

    Example:
        >>> key_of(DuePlace(False, date(2026, 3, 12), "QH-01", 4))
        '2026-03-12/4/QH-01'
    """
    day = NO_DAY if place.undated else place.day.isoformat()
    return f"{day}/{place.position}/{place.case}"


def place_of(key: str) -> DuePlace:
    """Return the place of a key.

    Raises:
        UsageError: ZX4110, it is no such key.

    Example:
        >>> place_of("2026-03-12/4/QH-01") == DuePlace(False, date(2026, 3, 12), "QH-01", 4)
        True
    """
    day, _, rest = key.partition("/")
    position, slash, case = rest.partition("/")
    try:
        undated = day == NO_DAY
        place = DuePlace(undated, date.max if undated else date.fromisoformat(day), case, int(position))
    except ValueError:
        place = None
    if place is None or not slash or key_of(place) != key or place.position > MOST:
        raise UsageError("ZX4110", given=key[:_SHOWN])
    return place


NO_DAY = "-"
"""The day in the key of a row without one."""
MOST = 2**31 - 1
"""The last position that every database can compare with."""
