"""What is kept: one event for every thing that happened or was said about a case.

Events are facts in the past tense and are never edited.  They say *what changed* (state from and to, items, facts), so
the case can be rebuilt from them without the definition that was in force when they were written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

SCHEMA = 1
"""Version of the event's own shape; older shapes are read through upcasters."""


IMPORTED = "import:"
"""What the keys of events brought in from files begin with."""


class EventType(StrEnum):
    """What kind of thing an event tells."""

    OPENED = "opened"  # the case begins, with its given facts and items
    ACT = "act"  # an action of the definition happened
    DETERMINED = "determined"  # a person asserted facts, on an authority
    PLANNED = "planned"  # an action that has not happened got a date
    EXPLAINED = "explained"  # a reason was given for departing from an obligation
    CORRECTED = "corrected"  # an earlier event is replaced or withdrawn
    DEEMED = "deemed"  # the law says an act counts as done
    MOVED = "moved"  # the case passed to another edition
    SUBCASE = "subcase"  # a case under this one was opened, moved or told a fact
    LINKED = "linked"  # the case was taken under another
    ERASED = "erased"  # personal values of an earlier event were erased; the event says which, never what
    RECOMPUTED = "recomputed"  # a stored deadline changed because the calendar did


class Mode(StrEnum):
    """How an event entered: asked for now (and allowed), or told about afterwards (and judged)."""

    ADVANCED = "advanced"
    RECORDED = "recorded"


class Precision(StrEnum):
    """Whether the time of an event is a civil day or an instant; a day is never turned into midnight."""

    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One immutable entry of a case's journal.

    ``occurred`` is when it happened in the world (a civil date or an aware instant), ``recorded`` when this
    installation learned of it (always an aware instant).  ``by`` is the role that acted, ``actor`` the person or body
    behind it, ``recorded_by`` who typed it.  ``body`` holds what changed, in plain JSON values without floats.
    ``supersedes`` is the sequence of the event that a correction replaces.
    """

    case: str
    sequence: int
    type: EventType
    mode: Mode
    occurred: date | datetime
    recorded: datetime
    action: str | None = None
    item: str | None = None
    by: str | None = None
    actor: str | None = None
    recorded_by: str | None = None
    body: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    supersedes: int | None = None
    definition: str = ""  # content hash of the definition the event was written under
    calendar: str = ""  # content hash of the calendar snapshot used when it was written
    key: str = ""  # idempotency key: the same key with the same content is the same event
    schema: int = SCHEMA
    previous_hash: str = ""
    hash: str = ""

    @property
    def imported(self) -> bool:
        """Whether it was brought in from a file of what happened, long known elsewhere."""
        return self.key.startswith(IMPORTED)

    @property
    def precision(self) -> Precision:
        """Whether ``occurred`` is a civil day or an instant."""
        return Precision.INSTANT if isinstance(self.occurred, datetime) else Precision.DAY

    def day(self, zone: ZoneInfo) -> date:
        """The civil day on which it happened, in the process's zone (Civil Code 201 counts in days)."""
        if isinstance(self.occurred, datetime):
            return self.occurred.astimezone(zone).date()
        return self.occurred


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value that is hashed: sorted keys, no blanks, UTF-8; floats are refused."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case set() | frozenset():
            return sorted(_plain(inner) for inner in value)
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")


def content(event: Event) -> dict[str, Any]:
    """Everything of an event that is under its hash, as plain JSON values (all but the hash itself)."""
    return {
        "action": event.action,
        "actor": event.actor,
        "body": event.body,
        "by": event.by,
        "calendar": event.calendar,
        "case": event.case,
        "definition": event.definition,
        "evidence": list(event.evidence),
        "item": event.item,
        "key": event.key,
        "mode": str(event.mode),
        "occurred": event.occurred.isoformat(),
        "precision": str(event.precision),
        "previous_hash": event.previous_hash,
        "recorded": event.recorded.isoformat(),
        "recorded_by": event.recorded_by,
        "schema": event.schema,
        "sequence": event.sequence,
        "supersedes": event.supersedes,
        "type": str(event.type),
    }
