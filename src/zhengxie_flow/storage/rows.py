"""Between rows and values: what stands in the columns of `tables` and what the ports speak of."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Row

from zhengxie_flow.errors import ChainBroken, StorageError, Where
from zhengxie_flow.model.event import Event, EventType, Mode, Precision, canonical
from zhengxie_flow.ports import Checkpoint, DeadlineRow, Head, PersonalDatum, StoredDefinition
from zhengxie_flow.storage.chain import GENESIS
from zhengxie_flow.storage.diagnosis import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]


def event_row(event: Event) -> dict[str, Any]:
    """The columns of a chained event."""
    occurred = event.occurred.isoformat()
    return {
        "case_id": event.case,
        "sequence": event.sequence,
        "schema_version": event.schema,
        "type": str(event.type),
        "mode": str(event.mode),
        "action": event.action,
        "item": event.item,
        "by_role": event.by,
        "actor": event.actor,
        "recorded_by": event.recorded_by,
        "occurred": occurred,
        "precision": str(event.precision),
        "occurred_day": date.fromisoformat(occurred[:10]),
        "recorded": event.recorded.isoformat(),
        "body": canonical(event.body).decode(),
        "evidence": canonical(event.evidence).decode(),
        "supersedes": event.supersedes,
        "definition": event.definition,
        "calendar": event.calendar,
        "key": event.key or None,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }


def to_event(row: AnyRow) -> Event:
    """An event as it was written.  Raises `ChainBroken` when the row was made unreadable."""
    try:
        moment = row.occurred
        instant = row.precision == Precision.INSTANT
        body = json.loads(row.body)
        if not isinstance(body, dict):
            raise TypeError(f"a body is no {type(body).__name__}")  # noqa: TRY301  # told like all that is unreadable
        return Event(
            case=row.case_id,
            sequence=row.sequence,
            type=EventType(row.type),
            mode=Mode(row.mode),
            occurred=datetime.fromisoformat(moment) if instant else date.fromisoformat(moment),
            recorded=datetime.fromisoformat(row.recorded),
            action=row.action,
            item=row.item,
            by=row.by_role,
            actor=row.actor,
            recorded_by=row.recorded_by,
            body=body,
            evidence=tuple(json.loads(row.evidence)),
            supersedes=row.supersedes,
            definition=row.definition,
            calendar=row.calendar,
            key=row.key or "",
            schema=row.schema_version,
            previous_hash=row.previous_hash,
            hash=row.hash,
        )
    except (ValueError, TypeError) as error:
        raise ChainBroken("ZX5900", where=Where(case=row.case_id, event=row.sequence), why=str(error)) from error


def to_events(source: Iterable[AnyRow], case: str) -> tuple[Event, ...]:
    """The events of a case in journal order, each naming the hash of the one before.

    Whether each is what was hashed is for `verify`; what is missing or stands elsewhere is never read over.  Raises
    `ChainBroken` ZX5900 for a row that cannot be read and ZX5901 for one that does not follow.
    """
    events: list[Event] = []
    previous = GENESIS
    for number, row in enumerate(source, start=1):
        if row.sequence != number or row.previous_hash != previous:
            raise ChainBroken("ZX5901", where=Where(case=case, event=number))
        events.append(to_event(row))
        previous = row.hash
    return tuple(events)


def to_link(row: AnyRow) -> Link:
    """A stored event as evidence, taken from its columns one by one; a row that cannot be one has no
    fields.
    """
    try:
        body, evidence = json.loads(row.body), json.loads(row.evidence)
        derived = (
            canonical(body).decode() == row.body
            and canonical(evidence).decode() == row.evidence
            and row.day == row.occurred[:10]
            and (row.precision == Precision.INSTANT) == ("T" in row.occurred)
        )
    except (ValueError, TypeError, AttributeError):
        derived = False
    if not derived or not isinstance(row.sequence, int):  # SQLite keeps a text where a number should stand
        return Link(row.sequence if isinstance(row.sequence, int) else 0, row.previous_hash, row.hash, None)
    content = {
        "action": row.action,
        "actor": row.actor,
        "body": body,
        "by": row.by_role,
        "calendar": row.calendar,
        "case": row.case_id,
        "definition": row.definition,
        "evidence": evidence,
        "item": row.item,
        "key": row.key or "",
        "mode": row.mode,
        "occurred": row.occurred,
        "precision": row.precision,
        "previous_hash": row.previous_hash,
        "recorded": row.recorded,
        "recorded_by": row.recorded_by,
        "schema": row.schema_version,
        "sequence": row.sequence,
        "supersedes": row.supersedes,
        "type": row.type,
    }
    return Link(row.sequence, row.previous_hash, row.hash, content)


def head_row(head: Head) -> dict[str, Any]:
    """The columns of a head."""
    return {
        "case_id": head.case,
        "process": head.process,
        "definition": head.definition,
        "version": head.version,
        "state": head.state,
        "opened": head.opened,
        "updated": head.updated.isoformat(),
        "hash": head.hash,
    }


def to_head(row: AnyRow) -> Head:
    """A head as it was written."""
    return Head(
        case=row.case_id,
        process=row.process,
        definition=row.definition,
        version=row.version,
        state=row.state,
        opened=row.opened,
        updated=datetime.fromisoformat(row.updated),
        hash=row.hash,
    )


_DEADLINE_COLUMNS = tuple(field.name for field in fields(DeadlineRow) if field.name != "case")


def deadline_row(row: DeadlineRow, position: int) -> dict[str, Any]:
    """The columns of a deadline, with its place among the deadlines of its case."""
    columns = {name: getattr(row, name) for name in _DEADLINE_COLUMNS}
    return {"case_id": row.case, "position": position, "first_day": row.earliest or row.day, **columns}


def to_deadline(row: AnyRow) -> DeadlineRow:
    """A deadline as it was written."""
    return DeadlineRow(case=row.case_id, **{name: getattr(row, name) for name in _DEADLINE_COLUMNS})


def definition_row(definition: StoredDefinition) -> dict[str, Any]:
    """The columns of a definition; the bundle keeps the order its authors wrote, the hash does not depend on it."""
    return {
        "hash": definition.hash,
        "process": definition.process,
        "bundle": json.dumps(definition.bundle, ensure_ascii=False, separators=(",", ":")),
        "sources": canonical(definition.sources).decode(),
    }


def to_definition(row: AnyRow) -> StoredDefinition:
    """A definition as it was kept."""
    return StoredDefinition(
        hash=row.hash, process=row.process, bundle=json.loads(row.bundle), sources=json.loads(row.sources)
    )


def checkpoint_row(made: Checkpoint) -> dict[str, Any]:
    """The columns of a checkpoint."""
    return {
        "taken": made.taken,
        "cases": len(made.heads),
        "events": sum(version for _, version, _ in made.heads),
        "root": made.root,
        "heads": canonical([list(mark) for mark in made.heads]).decode(),
        "previous_root": made.previous_root,
    }


def to_checkpoint(row: AnyRow) -> Checkpoint:
    """A checkpoint as it was kept; one whose heads were made unreadable has none, and so another root."""
    try:
        heads = tuple((str(case), int(version), str(digest)) for case, version, digest in json.loads(row.heads))
    except (ValueError, TypeError):
        heads = ()
    return Checkpoint(taken=row.taken, heads=heads, previous_root=row.previous_root, root=row.root)


def personal_row(datum: PersonalDatum) -> dict[str, Any]:
    """The columns of a personal value."""
    return {
        "case_id": datum.case,
        "sequence": datum.sequence,
        "field": datum.field,
        "digest": datum.digest,
        "value": datum.value,
        "salt": datum.salt,
        "erased": datum.erased,
        "ground": datum.ground,
    }


def to_personal(row: AnyRow) -> PersonalDatum:
    """A personal value as it is kept (or erased)."""
    return PersonalDatum(
        case=row.case_id,
        sequence=row.sequence,
        field=row.field,
        digest=row.digest,
        value=row.value,
        salt=row.salt,
        erased=row.erased,
        ground=row.ground,
    )


def read(rows: Iterable[AnyRow], convert: Callable[[AnyRow], T], table: str) -> Iterator[T]:
    """Convert rows one by one; a row that was made unreadable is a coded error (ZX5019), not a crash."""
    source = iter(rows)
    while True:
        try:
            row = next(source, None)
            if row is None:
                return
            value = convert(row)
        except (ValueError, TypeError) as error:
            raise StorageError("ZX5019", table=table, detail=str(error)) from error
        yield value
