"""Counting for a whole numpy array at once; numpy is imported only here, and only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhengxie_flow.errors import CalendarError

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from zhengxie_flow.calendars.snapshot import Snapshot

__all__ = ["add_many"]


def add_many(snapshot: Snapshot, days: NDArray[numpy.datetime64], n: int) -> NDArray[numpy.datetime64]:
    """`Snapshot.add` for every element of a datetime64[D] array of any shape.

    Raises CalendarError ZX2003 for another type or a missing value, ZX2008 when one start or result lies outside the data,
    ZX2013 when numpy is not installed.
    """
    try:
        import numpy
    except ImportError:
        raise CalendarError("ZX2013") from None

    starts = numpy.asarray(days)
    if starts.dtype != numpy.dtype("datetime64[D]"):
        raise CalendarError("ZX2003", given=str(starts.dtype))
    # One table "day -> n-th working day" first: the million elements then cost one subtraction and one look-up each.
    table, first = _table(snapshot, n)
    if starts.size:
        low, high = starts.min(), starts.max()
        if numpy.isnat(low):
            raise CalendarError("ZX2003", given="NaT")
        if low < first or high >= first + table.size:
            outside = low if low < first else high
            raise CalendarError(
                "ZX2008", calendar=snapshot.name, day=outside.item(), n=n, first=snapshot.first, last=snapshot.last
            )
    found = table.take((starts - first).view(numpy.int64))
    if found.size and numpy.isnat(found.min()):
        bad = starts[numpy.isnat(found)].ravel()[0]
        raise CalendarError(
            "ZX2008", calendar=snapshot.name, day=bad.item(), n=n, first=snapshot.first, last=snapshot.last
        )
    return found


def _table(snapshot: Snapshot, n: int) -> tuple[NDArray[numpy.datetime64], numpy.datetime64]:
    """For every day of the data its n-th working day; not-a-time where that lies outside."""
    import numpy

    timeline = snapshot.timeline
    first = numpy.datetime64(timeline.first, "D")
    flags = numpy.frombuffer(timeline.flags, dtype=numpy.int8)
    worked = first + numpy.flatnonzero(flags)
    through = numpy.cumsum(flags, dtype=numpy.int64)
    place = through - 1 + n if n > 0 else through - flags + n
    inside = (place >= 0) & (place < worked.size)
    table = numpy.full(timeline.size, numpy.datetime64("NaT", "D"))
    table[inside] = worked[place[inside]]
    return table, first
