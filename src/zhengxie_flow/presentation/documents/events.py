"""The documents of events: one entry of a journal, and the result of a command that writes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zhengxie_flow.model.document import OPTIONAL
from zhengxie_flow.model.event import Event, as_json
from zhengxie_flow.model.written import TouchedCase, Written
from zhengxie_flow.services.queries.effects import ActEffect


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """The event that a command wrote, or where ``written`` is false would write, with the state that would follow;
    ``effects`` are the verdicts that rest on an act, ``events`` all that was stored, also of what time had brought and
    in parent cases (none where a key gave back an earlier event), and ``cases`` the cases these belong to.
    """

    written: bool
    event: Event
    state: str | None = field(default=None, metadata=OPTIONAL)
    effects: tuple[ActEffect, ...] | None = field(default=None, metadata=OPTIONAL)
    events: tuple[Event, ...] | None = field(default=None, metadata=OPTIONAL)
    cases: tuple[TouchedCase, ...] | None = field(default=None, metadata=OPTIONAL)


def written_event(written: Written, effects: Sequence[ActEffect] | None = None) -> WrittenEvent:
    """Build the document of a write, from what a method of `Engine` returns.

    Args:
        written: The result.
        effects: The verdicts that rest on it; None where it is no act.
    """
    kept = None if effects is None else tuple(effects)
    return WrittenEvent(True, written.event, None, kept, written.events, written.cases)


def written_document(written: Written) -> dict[str, Any]:
    """Give the result of a write as a document: that of its event, with all events stored and the cases touched."""
    stored = [event_document(event) for event in written.events]
    cases = [{"case": touched.case, "version": touched.version} for touched in written.cases]
    return {**event_document(written.event), "events": stored, "cases": cases}


def event_document(event: Event) -> dict[str, Any]:
    """Give an event as a document; one that is only previewed has no hash yet."""
    return {**as_json(event), "hash": event.hash or None, "previous_hash": event.previous_hash or None}
