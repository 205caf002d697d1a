"""The documents of events: one entry of a journal, and what a command wrote or would write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict, cast

from zhengxie_flow.model.document import OPTIONAL, Form, Hash
from zhengxie_flow.model.event import Event, EventType, Mode, Precision, content

Instant = Annotated[str, Form(format="date-time", description="An instant with its offset.")]
Moment = Annotated[str, Form(description="A civil day where only the day is known, else an instant with its offset.")]


class EventDocument(TypedDict):
    """One entry of the journal: what is under its hash, and the hash."""

    action: str | None
    actor: str | None
    body: Annotated[dict[str, Any], Form(description="What changed: fields, facts, items, state from and to, reason.")]
    by: str | None
    calendar: str
    case: str
    definition: Hash
    evidence: list[str]
    item: str | None
    key: str
    mode: Mode
    occurred: Moment
    precision: Precision
    previous_hash: str | None
    recorded: Instant
    recorded_by: str | None
    schema: int
    sequence: int
    supersedes: int | None
    type: EventType
    hash: str | None


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """What a command wrote; or, where ``written`` is false, would write, with the state that would follow."""

    written: bool
    event: Event
    state: str | None = field(default=None, metadata=OPTIONAL)


def event_document(event: Event) -> EventDocument:
    """An event as a document; an event that is only previewed has no hash yet."""
    hashes = {"hash": event.hash or None, "previous_hash": event.previous_hash or None}
    return cast("EventDocument", {**content(event), **hashes})
