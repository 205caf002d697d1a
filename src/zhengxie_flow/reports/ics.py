"""Deadlines as an iCalendar file (RFC 5545) that calendar programs import or subscribe to.

An event keeps its UID for as long as the case, the obligation and the item are the same, and its SEQUENCE grows with
the case, so that a later file moves the event instead of adding another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from zhengxie_flow.errors import UsageError
from zhengxie_flow.i18n import label
from zhengxie_flow.model.counting import opens
from zhengxie_flow.model.event import canonical
from zhengxie_flow.ports import DeadlineRow, Head

if TYPE_CHECKING:
    import icalendar

__all__ = ["Entry", "document", "uid"]

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A deadline with the head of its case and the labels of the obligation and of the role that owes it.

    Attributes:
        row: The deadline.
        head: The head of its case.
        what: The label of the obligation.
        who: The label of the role; None where nobody in particular owes it.
    """

    row: DeadlineRow
    head: Head
    what: str
    who: str | None = None


def uid(row: DeadlineRow) -> str:
    """Return the UID of a deadline: a hash of its case, obligation, item and round that does not depend on its day.

    Args:
        row: The deadline.

    Returns:
        The UID of the calendar event.
    """
    further = [row.round] if row.round > 1 else []  # a calendar that has the first one keeps it
    digest = hashlib.sha256(canonical([row.case, row.obligation, row.item, *further])).hexdigest()
    return f"{digest[:32]}@zhengxie-flow"


def document(entries: Iterable[Entry], now: datetime, lang: str) -> bytes:
    """Write one all-day event per deadline, in the order of the entries; deadlines without a day are left out.

    A day that a notice may still move is marked in the title and TENTATIVE.

    Args:
        entries: The deadlines.
        now: The instant of writing (DTSTAMP): the same entries at the same instant give the same bytes.
        lang: The language, ``zh`` or ``en``.

    Returns:
        The iCalendar file.

    Raises:
        UsageError: ZX6061, the package `icalendar` is not installed.
    """
    try:
        import icalendar
    except ImportError:
        raise UsageError("ZX6061") from None
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//zhengxie-flow//deadlines//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", label("ics.name", lang))
    for entry in entries:
        if entry.row.day is not None:
            calendar.add_component(_event(icalendar.Event(), entry, now, lang))
    content: bytes = calendar.to_ical()
    return content


def _event(event: icalendar.Event, entry: Entry, now: datetime, lang: str) -> icalendar.Event:
    row, head = entry.row, entry.head
    assert row.day is not None  # noqa: S101  # document() passes only deadlines with a day
    event.add("uid", uid(row))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("last-modified", head.updated.astimezone(UTC))
    event.add("sequence", head.version)
    event.add("dtstart", row.day)
    event.add("dtend", row.day + timedelta(days=1))
    event.add("summary", _one_line(_summary(entry, lang)))
    event.add("description", "\n".join(map(_one_line, _description(entry, lang))))
    event.add("status", "TENTATIVE" if row.status == "provisional" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # a deadline takes up nobody's time
    return event


def _one_line(text: str) -> str:
    """Put a blank in the place of what would end a line or steer a program that reads it.

    The library escapes commas, semicolons and line feeds, and folds long lines; a bare carriage return it leaves.
    """
    return _STEERING.sub(" ", text)


def _summary(entry: Entry, lang: str) -> str:
    row = entry.row
    kind = label("cli.limit.earliest" if opens(row.direction) else "cli.limit.due", lang)
    what = entry.what or row.obligation
    item = f" [{row.item}]" if row.item is not None else ""
    status = f" ({label('calendar.status.provisional', lang)})" if row.status == "provisional" else ""
    return f"{row.case} {kind}: {what}{item}{status}"


def _description(entry: Entry, lang: str) -> Iterable[str]:
    row = entry.row
    yield f"{label('cli.head.obligation', lang)}: {row.obligation}"
    if row.clause is not None:
        yield f"{label('cli.clause', lang)}: {row.clause}"
    if entry.who is not None:
        yield f"{label('cli.head.who', lang)}: {entry.who}"
    if row.status == "provisional":
        yield label("cli.count.possible", lang, low=row.earliest, high=row.latest)
