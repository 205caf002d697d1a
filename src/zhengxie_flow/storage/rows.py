"""Conversion between the columns of `tables` and the values of the ports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Date

from zhengxie_flow.errors import ChainBroken, StorageError, Where
from zhengxie_flow.model.body import UnfitBody
from zhengxie_flow.model.event import (
    FIELDS,
    Event,
    EventField,
    EventType,
    FieldForm,
    Precision,
    Record,
    canonical,
    fields_of,
    read_record,
)
from zhengxie_flow.model.instant import with_offset
from zhengxie_flow.model.personal import MARK
from zhengxie_flow.ports import (
    AssignmentRow,
    DeadlineRow,
    Head,
    PersonalDatum,
    Projection,
    StoredDefinition,
)
from zhengxie_flow.storage import tables
from zhengxie_flow.storage.diagnosis import Link
from zhengxie_flow.storage.digests import GENESIS
from zhengxie_flow.storage.parents import to_parents
from zhengxie_flow.storage.personal import unseal
from zhengxie_flow.storage.raw import AnyRow
from zhengxie_flow.storage.texts import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    PersonalOfCase = Callable[[], Mapping[int, Sequence[PersonalDatum]]]

T = TypeVar("T")


def event_row(record: Record, digest: str) -> dict[str, Any]:
    """Convert a chained event to columns; one of an earlier schema leaves later columns empty.

    Args:
        record: The record, with personal values sealed.
        digest: Its hash.

    Returns:
        The values by column.
    """
    columns = {field.column: _to_column(field, record.get(field.name)) for field in FIELDS}
    columns["hash"] = digest
    columns["occurred_day"] = date.fromisoformat(record["occurred"][: len("2026-01-01")])
    return columns


def _to_column(field: EventField, value: Any) -> Any:
    match field.form:
        case FieldForm.BODY | FieldForm.TEXTS:
            return canonical(value).decode()
        case _ if field.name == "key":
            return value or None  # several events may have none
        case _:
            return value


def to_record(row: AnyRow) -> Record:
    """Convert a row to the record of its event, in the shape of its own schema.

    Args:
        row: The stored row.

    Returns:
        The record, with personal values sealed.

    Raises:
        ValueError, TypeError: The row was made unreadable.
    """
    schema = row.schema_version
    if not isinstance(schema, int) or not isinstance(row.sequence, int):  # SQLite keeps a text where a number should be
        raise TypeError("a text where a number should stand")
    if schema < 1:
        raise ValueError(f"no schema {schema}")
    values = row._mapping  # noqa: SLF001  # the public name for it
    record = {name: values[column] for name, column in _plain_columns(schema)}
    record["key"] = record["key"] or ""
    record["body"], record["evidence"] = json.loads(row.body), json.loads(row.evidence)
    if not isinstance(record["body"], dict) or not isinstance(record["evidence"], list):
        raise TypeError("a body is an object, evidence a list")
    return record


@cache
def _plain_columns(schema: int) -> tuple[tuple[str, str], ...]:
    """Names and columns of the fields whose values need no conversion."""
    return tuple(
        (field.name, field.column) for field in fields_of(schema) if field.form not in (FieldForm.BODY, FieldForm.TEXTS)
    )


def to_event(row: AnyRow, data: Iterable[PersonalDatum] = ()) -> Event:
    """Convert a row to its event.

    Args:
        row: The stored row.
        data: The stored personal values of the event.

    Returns:
        The event as it was written, with its personal values.

    Raises:
        ChainBroken: ZX5900, the row was made unreadable; ZX5904, its body is not of its kind.
    """
    where = Where(case=row.case_id, event=row.sequence)
    try:
        return read_record(unseal(to_record(row), data), row.hash)
    except UnfitBody as error:
        raise ChainBroken("ZX5904", where=where, why=str(error)) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise ChainBroken("ZX5900", where=where, why=str(error)) from error


def to_events(source: Iterable[AnyRow], case: str, personal: PersonalOfCase) -> tuple[Event, ...]:
    """Convert the rows of a case to its events, each naming the hash of the one before.

    The hashes themselves are for `verify`; a missing or misplaced event is never passed over.

    Args:
        source: The rows in order of sequence.
        case: The case.
        personal: Gives the personal values of the case by event; asked only where some are marked.

    Returns:
        The events in journal order.

    Raises:
        ChainBroken: ZX5900 for a row that cannot be read, ZX5901 for one that does not follow, ZX5904 for a body that
            is not of its kind.
    """
    return _chained(list(source), case, personal, (0, GENESIS))


def to_events_since(
    source: Iterable[AnyRow], case: str, end: tuple[int, str], personal: PersonalOfCase
) -> tuple[Event, ...] | None:
    """Convert the rows of a case from a version on to the events after it.

    Args:
        source: The rows in order of sequence, the one of the version first.
        case: The case.
        end: The version, and the hash that the case had at it.
        personal: Gives the personal values of the case by event; asked only where some are marked.

    Returns:
        The events in journal order; None where the first row has another hash, or values were erased since.

    Raises:
        ChainBroken: As `to_events`.
    """
    stored = list(source)
    if not stored or (stored[0].sequence, stored[0].hash) != end:
        return None
    if any(row.type == EventType.ERASED for row in stored[1:]):
        return None
    return _chained(stored[1:], case, personal, end)


def _chained(stored: Sequence[AnyRow], case: str, personal: PersonalOfCase, end: tuple[int, str]) -> tuple[Event, ...]:
    """The events of rows that follow on an event, of which its number and hash are known."""
    data = personal() if any(MARK in row.body for row in stored if isinstance(row.body, str)) else {}
    events: list[Event] = []
    version, previous = end
    for number, row in enumerate(stored, start=version + 1):
        if row.sequence != number or row.previous_hash != previous:
            raise ChainBroken("ZX5901", where=Where(case=case, event=number))
        events.append(to_event(row, data.get(number, ())))
        previous = row.hash
    return tuple(events)


def to_link(row: AnyRow) -> Link:
    """Convert a row to evidence for the diagnosis.

    Args:
        row: The stored row.

    Returns:
        The link; without fields where the row cannot be an event.
    """
    try:
        record = to_record(row)
        derived = (
            canonical(record["body"]).decode() == row.body
            and canonical(record["evidence"]).decode() == row.evidence
            and row.occurred_day == row.occurred[: len("2026-01-01")]
            and (row.precision == Precision.INSTANT) == ("T" in row.occurred)
        )
        canonical(record)  # a column may hold bytes, or a number that is none
    except (ValueError, TypeError, AttributeError, RecursionError):
        derived = False
    previous, digest = as_text(row.previous_hash), as_text(row.hash)
    if not derived:
        return Link(row.sequence if isinstance(row.sequence, int) else 0, previous, digest, None)
    return Link(row.sequence, previous, digest, record)


def head_row(head: Head) -> dict[str, Any]:
    """Convert a head to columns."""
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


def to_day(value: date | str) -> date:
    """A day, as a driver gives it or as it lies in the database."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def instant_column(moment: datetime | None) -> str | None:
    """An instant in the one form in which texts compare as instants do."""
    return None if moment is None else with_offset(moment).astimezone(UTC).isoformat(timespec="microseconds")


def to_instant(text: str | None) -> datetime | None:
    """An instant as it lies in the database, in whatever form."""
    return None if text is None else datetime.fromisoformat(text)


def _instant(text: str) -> datetime:
    """An instant in the one form in which it is written; Python reads others too."""
    moment = datetime.fromisoformat(text)
    if moment.isoformat() != text:
        raise ValueError(f"not an instant: {text}")
    return moment


def to_head(row: AnyRow) -> Head:
    """Convert a row to its head."""
    return Head(
        case=row.case_id,
        process=row.process,
        definition=row.definition,
        version=row.version,
        state=row.state,
        opened=to_day(row.opened),
        updated=_instant(row.updated),
        hash=row.hash,
        title=row.title,
    )


_DEADLINE_COLUMNS = tuple(field.name for field in fields(DeadlineRow) if field.name in tables.deadlines.c)
_DAYS = tuple(name for name in _DEADLINE_COLUMNS if isinstance(tables.deadlines.c[name].type, Date))


def deadline_row(row: DeadlineRow, position: int) -> dict[str, Any]:
    """Convert a deadline to columns.

    Args:
        row: The deadline.
        position: Its place among the deadlines of its case.

    Returns:
        The values by column.
    """
    columns = {name: getattr(row, name) for name in _DEADLINE_COLUMNS}
    columns["roles"] = json.dumps(row.roles, ensure_ascii=False)
    return {"case_id": row.case, "position": position, "first_day": row.earliest or row.day, **columns}


def projection_columns(kept: Projection) -> dict[str, Any]:
    """Convert what a head keeps of a projection to columns."""
    parents = canonical(list(kept.parents)).decode() if kept.parents else None
    return {
        "projected": kept.as_of,
        "basis": kept.basis,
        "next_change": kept.next_change,
        "parents": parents,
        "title": kept.title,
    }


def to_projection(row: AnyRow, deadlines: Sequence[DeadlineRow], made: Sequence[AssignmentRow] = ()) -> Projection:
    """Convert a row of the heads to a projection with the deadlines and assignments of its case."""
    return Projection(
        case=row.case_id,
        as_of=None if row.projected is None else to_day(row.projected),
        basis=row.basis,
        next_change=None if row.next_change is None else to_day(row.next_change),
        rows=tuple(deadlines),
        parents=to_parents(row.parents),
        assignments=tuple(made),
        title=row.title,
    )


def to_deadline(row: AnyRow) -> DeadlineRow:
    """Convert a row to its deadline."""
    values = {name: getattr(row, name) for name in _DEADLINE_COLUMNS}
    for name in _DAYS:
        if values[name] is not None:
            values[name] = to_day(values[name])
    values["roles"] = _roles(values["roles"])
    return DeadlineRow(case=row.case_id, **{**values, "open": bool(values["open"])})


def _roles(text: str) -> tuple[str, ...]:
    """The roles of a deadline row."""
    roles = json.loads(text)
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise ValueError(f"not a list of roles: {text[:80]}")
    return tuple(roles)


def definition_row(definition: StoredDefinition) -> dict[str, Any]:
    """Convert a definition to columns; the bundle keeps its authors' order, on which the hash does not depend."""
    return {
        "hash": definition.hash,
        "process": definition.process,
        "bundle": json.dumps(definition.bundle, ensure_ascii=False, separators=(",", ":")),
        "sources": canonical(definition.sources).decode(),
    }


def to_definition(row: AnyRow) -> StoredDefinition:
    """Convert a row to its definition."""
    return StoredDefinition(
        hash=row.hash, process=row.process, bundle=json.loads(row.bundle), sources=json.loads(row.sources)
    )


def read(rows: Iterable[AnyRow], convert: Callable[[AnyRow], T], table: str, case: str | None = None) -> Iterator[T]:
    """Convert rows one by one.

    Args:
        rows: The rows.
        convert: The conversion of one row.
        table: The name of the table, for the message.
        case: The case they are of, where they are of one.

    Yields:
        The values.

    Raises:
        StorageError: ZX5019, a row was made unreadable.
    """
    source = iter(rows)
    while True:
        try:
            row = next(source, None)
            if row is None:
                return
            value = convert(row)
        except (ValueError, TypeError) as error:
            raise StorageError("ZX5019", where=Where(case=case), table=table, detail=str(error)) from error
        yield value
