"""Order of recording: nothing is recorded before the latest instant of its case, unless a reason is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from zhengxie_flow.errors import Conflict, Where
from zhengxie_flow.model.body_parts import ClockSetBack
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.services.context import Context


def check_clock(context: Context, case: Case) -> None:
    """Check that the clock does not stand before the latest instant recorded in a case.

    Args:
        context: The ports, with the reason for a clock that was set back.
        case: The case as recorded.

    Raises:
        Conflict: ZX4090, it does, and no reason was given.
    """
    if context.clock_back is None:
        events = case.events
        if len(events) != case.version:  # not what time brought
            events = tuple(event for event in events if event.sequence <= case.version)
        latest = context.folded.summary(case.id, events).latest
        now = context.present()
        if latest is not None and now < latest:
            raise _set_back(case, now, latest)


def in_order(context: Context, case: Case, events: Sequence[Event]) -> Sequence[Event]:
    """Prepare new events to follow the latest instant recorded in their case.

    What an import records takes the instant at which it began, or that of an entry made meanwhile.  Where the clock
    was set back, each event bears the reason.

    Args:
        context: The ports, with the reason for a clock that was set back.
        case: The case after the events.
        events: The new events, the last ones of the case.

    Returns:
        The events as they are to be stored.

    Raises:
        Conflict: ZX4090, the clock was set back, and no reason was given.
    """
    latest = context.folded.summary(case.id, case.events[: events[0].sequence - 1]).latest
    if latest is None or min(event.recorded for event in events) >= latest:
        return events
    now = context.present()
    if now >= latest:
        return tuple(replace(event, recorded=max(event.recorded, latest)) for event in events)
    if context.clock_back is None:
        raise _set_back(case, now, latest)
    reason = context.clock_back
    return tuple(_marked(event, reason) if event.recorded < latest else event for event in events)


def _marked(event: Event, reason: str) -> Event:
    mark = ClockSetBack(back=reason, fixed=event.body.clock is not None)
    return replace(event, body=replace(event.body, clock=mark))


def _set_back(case: Case, now: datetime, latest: datetime) -> Conflict:
    now, latest = (instant.astimezone(case.zone) for instant in (now, latest))
    return Conflict("ZX4090", where=Where(case=case.id), now=now.isoformat(), latest=latest.isoformat())
