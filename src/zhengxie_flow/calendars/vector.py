"""Counting for a whole numpy array at once; numpy is imported only here, at the first such count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhengxie_flow.errors import CalendarError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from zhengxie_flow.calendars.timeline import Timeline

__all__ = ["add_many"]


def add_many(timeline: Timeline, days: NDArray[np.datetime64], n: int) -> NDArray[np.datetime64]:
    """`Snapshot.add` for every element of a datetime64[D] array of any shape.

    Raises:
        CalendarError: ZX2003 for another type or a missing value, ZX2008 when one start or result lies outside the
            data, ZX2013 when numpy is not installed.
    """
    try:
        import numpy as np
    except ImportError:
        raise CalendarError("ZX2013") from None

    starts = np.asarray(days)
    if starts.dtype != np.dtype("datetime64[D]"):
        raise CalendarError("ZX2003", given=str(starts.dtype))
    # One table "day -> n-th working day" first: the million elements then cost one subtraction and one look-up each.
    table, first = _table(timeline, n)
    if starts.size:
        low, high = starts.min(), starts.max()
        if np.isnat(low):
            raise CalendarError("ZX2003", given="NaT")
        if low < first or high >= first + table.size:
            outside = low if low < first else high
            raise CalendarError(
                "ZX2008", calendar=timeline.name, day=outside.item(), n=n, first=timeline.first, last=timeline.last
            )
    results = table.take((starts - first).view(np.int64))
    if results.size and np.isnat(results.min()):
        bad = starts[np.isnat(results)].ravel()[0]
        raise CalendarError(
            "ZX2008", calendar=timeline.name, day=bad.item(), n=n, first=timeline.first, last=timeline.last
        )
    return results


def _table(timeline: Timeline, n: int) -> tuple[NDArray[np.datetime64], np.datetime64]:
    """The n-th working day of every day of the data; not-a-time where that lies outside."""
    import numpy as np

    first = np.datetime64(timeline.first, "D")
    flags = np.frombuffer(timeline.flags, dtype=np.int8)
    worked = first + np.flatnonzero(flags)
    through = np.cumsum(flags, dtype=np.int64)
    place = through - 1 + n if n > 0 else through - flags + n
    inside = (place >= 0) & (place < worked.size)
    table = np.full(timeline.size, np.datetime64("NaT", "D"))
    table[inside] = worked[place[inside]]
    return table, first
