"""Recording: what every new event of a case is made against, and the fields that it takes from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.events.attribution import Attribution, Moment
from zhengxie_flow.engine.events.decide import not_future
from zhengxie_flow.engine.view import Calendars
from zhengxie_flow.model.body import AnyBody
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, EventType, Mode


@dataclass(frozen=True, slots=True)
class RecordingTime:
    """The time of a recording: its instant, and the hash of the calendar as known on that day."""

    now: datetime
    calendar: str = ""

    @classmethod
    def at(cls, now: datetime, compiled: CompiledProcess, calendars: Calendars) -> RecordingTime:
        """The time of a recording at an instant, with the calendar of its civil day in the zone of the process."""
        return cls(now, calendars(now.astimezone(compiled.zone).date()).calendar_hash)


@dataclass(frozen=True, slots=True)
class Recording:
    """The recording of a statement: the case and its definition, the attribution, and the time of recording."""

    compiled: CompiledProcess
    case: Case
    attribution: Attribution
    time: RecordingTime

    @property
    def mode(self) -> Mode:
        """Advanced for a statement of now, recorded for one of a past time."""
        return Mode.ADVANCED if self.attribution.at is None else Mode.RECORDED

    def occurred(self) -> Moment:
        """The time the statement was made: now, or the time of its attribution.

        Raises:
            UsageError: ZX4012 for a time in the future, ZX2001 for an instant without a zone.
        """
        now, at = self.time.now, self.attribution.at
        return now.astimezone(self.case.zone) if at is None else not_future(at, now, self.case)

    def event(self, kind: EventType, body: AnyBody, action: str | None = None) -> Event:
        """The event that records the statement, as the next one of the case.

        Args:
            kind: The type of the event.
            body: The changes it makes.
            action: The action it is about.

        Raises:
            UsageError: As `occurred`.
        """
        attribution = self.attribution
        return Event(
            case=self.case.id,
            sequence=self.case.version + 1,
            type=kind,
            mode=self.mode,
            occurred=self.occurred(),
            recorded=self.time.now,
            action=action,
            item=attribution.item,
            by=attribution.by,
            actor=attribution.actor,
            recorded_by=attribution.recorded_by,
            body=body,
            evidence=attribution.evidence,
            definition=self.compiled.hash,
            calendar=self.time.calendar,
            key=attribution.key,
        )
