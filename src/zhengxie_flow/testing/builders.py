"""Builders of events, heads, deadlines and definitions for tests of journals, with plain defaults."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from zhengxie_flow.model.body import Body, read_body
from zhengxie_flow.model.event import Event, EventType, Mode, canonical
from zhengxie_flow.ports import AssignmentRow, DeadlineRow, Head, Journal, Projection, StoredDefinition

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 3, 5, 10, 30, 15, 250, tzinfo=BEIJING)
DAY = date(2026, 3, 5)


def make_event(case: str, sequence: int, *, body: Body | Mapping[str, Any] | None = None, **fields: Any) -> Event:
    """Build an event of a case with plain defaults.

    Args:
        case: The id of the case.
        sequence: The number of the event in the case, from 1.
        body: The body as a value or in its JSON form.
        fields: Any other field of `Event`.

    Example:
        >>> make_event("QH-01", 1, action="hold").key
        'key-1'
    """
    kind = fields.pop("type", EventType.ACT)
    return Event(
        **{
            "case": case,
            "sequence": sequence,
            "type": kind,
            "mode": Mode.RECORDED,
            "occurred": DAY,
            "recorded": NOW,
            "key": f"key-{sequence}",
            "body": body if isinstance(body, Body) else read_body(kind, body or {}),
            **fields,
        }
    )


def make_head(case: str, state: str = "planned", **fields: Any) -> Head:
    """Build a head as a service hands it over: version and hash are set by the journal."""
    return Head(
        **{
            "case": case,
            "process": "jilin/consultation",
            "definition": "",
            "version": 0,
            "state": state,
            "opened": DAY,
            "updated": NOW,
            "hash": "",
            **fields,
        }
    )


def make_definition(bundle: dict[str, Any] | None = None, sources: dict[str, str] | None = None) -> StoredDefinition:
    """Build a definition whose id is the hash of its bundle."""
    bundle = bundle or {"process": "jilin/consultation", "states": ["proposed", "planned"]}
    digest = "sha256:" + hashlib.sha256(canonical(bundle)).hexdigest()
    return StoredDefinition(
        hash=digest,
        process="jilin/consultation",
        bundle=bundle,
        sources=sources or {"consultation.yaml": "协商"},
    )


def make_deadline(case: str, obligation: str, day: date | None, **fields: Any) -> DeadlineRow:
    """Build a firm forward deadline."""
    return DeadlineRow(
        **{
            "case": case,
            "obligation": obligation,
            "item": None,
            "clause": "7(2)",
            "bearer": "organizer",
            "direction": "forward",
            "amount": 5,
            "unit": "working_day",
            "anchor": "hold",
            "anchor_date": DAY,
            "anchor_kind": "actual",
            "consumed": 0,
            "running_since": DAY,
            "day": day,
            "earliest": day,
            "latest": day,
            "status": "firm" if day else "unknown",
            "open": True,
            "calendar": "sha256:c",
            **fields,
        }
    )


def write(journal: Journal, case: str, *events: Event, expected: int, state: str = "planned") -> tuple[Event, ...]:
    """Append events to a case in a transaction of its own."""
    with journal.transaction() as transaction:
        return transaction.append(make_head(case, state), events, expected_version=expected)


def make_assignment(case: str, role: str, from_day: date, **values: Any) -> AssignmentRow:
    """Build an assignment of a case.

    Args:
        case: The id of the case.
        role: The role.
        from_day: The first day.
        values: The office or person, and the last day.

    Returns:
        The row.
    """
    return AssignmentRow(
        case=case, role=role, from_day=from_day, **{"office": None, "person": None, "to_day": None, **values}
    )


def make_projection(case: str, rows: Sequence[DeadlineRow], **values: Any) -> Projection:
    """Build the projection of a case.

    Args:
        case: The id of the case.
        rows: Its deadlines.
        values: The other values, where they matter.

    Returns:
        The projection.
    """
    return Projection(
        case=case,
        rows=tuple(rows),
        **{"as_of": date(2026, 3, 2), "basis": "sha256:basis", "next_change": None, **values},
    )
