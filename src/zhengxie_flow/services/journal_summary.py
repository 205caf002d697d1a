"""Summary of the events of a case: what writes ask of all of them, carried on from event to event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhengxie_flow.engine.judging.reminders import REMINDING
from zhengxie_flow.model.body import MovedBody, parent_of
from zhengxie_flow.model.case import Parent
from zhengxie_flow.model.event import Event


@dataclass(frozen=True, slots=True)
class JournalSummary:
    """The summary of the events of a case.

    Attributes:
        events: The events.
        latest: The latest instant recorded; None where there is no event.
        parents: Every parent the case has ever had, also those that a correction took away again, in order of time.
        moved_to: The hashes of the definitions it moved to.
        reminding: The events that reminders rest on, whatever the limit (see `zhengxie_flow.engine.judging.reminders`).
    """

    events: tuple[Event, ...] = ()
    latest: datetime | None = None
    parents: tuple[Parent, ...] = ()
    moved_to: tuple[str, ...] = ()
    reminding: tuple[Event, ...] = ()

    def through(self, events: Sequence[Event]) -> JournalSummary:
        """Return the summary of events, from this one where they begin with the same.

        Args:
            events: The events in journal order.

        Returns:
            The summary.
        """
        before = len(self.events)
        if not before or not self._begins(events):
            return _extended(JournalSummary(), events, events)
        return self if len(events) == before else _extended(self, events, events[before:])

    def _begins(self, events: Sequence[Event]) -> bool:
        """True where events begin with those of this summary: the hash of the last of them covers all before it."""
        before, last = len(self.events), self.events[-1]
        if len(events) < before:
            return False
        return (events[before - 1] is last and last.hash != "") or tuple(events[:before]) == self.events


def _extended(summary: JournalSummary, events: Sequence[Event], later: Sequence[Event]) -> JournalSummary:
    """The summary of events, the last of which are later than those of another."""
    latest = max((event.recorded for event in later), default=summary.latest)
    if latest is not None and summary.latest is not None and latest < summary.latest:
        latest = summary.latest
    linked = [parent for event in later if (parent := parent_of(event.body)) is not None]
    moved = [event.body.definition.to for event in later if isinstance(event.body, MovedBody)]
    reminding = tuple(event for event in later if event.type in REMINDING)
    return JournalSummary(
        events=tuple(events),
        latest=latest,
        parents=tuple(dict.fromkeys((*summary.parents, *linked))) if linked else summary.parents,
        moved_to=tuple(dict.fromkeys((*summary.moved_to, *moved))) if moved else summary.moved_to,
        reminding=summary.reminding + reminding if reminding else summary.reminding,
    )


NO_EVENTS = JournalSummary()
