"""The documents of events: one entry of a journal, and the result of a command that writes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zhengxie_flow.model.document import OPTIONAL
from zhengxie_flow.model.event import Event, as_json
from zhengxie_flow.services.queries.effects import ActEffect


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """The event that a command wrote, or where ``written`` is false would write, with the state that would follow.

    ``effects`` are the verdicts that rest on an act.
    """

    written: bool
    event: Event
    state: str | None = field(default=None, metadata=OPTIONAL)
    effects: tuple[ActEffect, ...] | None = field(default=None, metadata=OPTIONAL)


def event_document(event: Event) -> dict[str, Any]:
    """Give an event as a document; one that is only previewed has no hash yet."""
    return {**as_json(event), "hash": event.hash or None, "previous_hash": event.previous_hash or None}
