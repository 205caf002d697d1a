"""Events: one entry of the journal for everything that happened or was said about a case.

Events are facts in the past tense and are never edited.  They say *what changed* (state from and to, items, facts), so
the case can be rebuilt from them without the definition that was in force when they were written.

The declaration of `Event` is the one table of its fields: name, type, form, column, the schema that brought it, and
whether it is under the hash.  Canonical bytes, SQL columns, JSON and the reference follow from it.  A *record* is the
plain JSON form of an event in the shape of the schema it was written with.  Its bytes are hashed in that shape for
ever; when it is read, `upcast` brings it into the shape of today.

To give events a field: declare it here with ``since=SCHEMA``, raise `SCHEMA` by one, and add a migration with its
column.  To change what a body says: raise `SCHEMA` and give `UPCASTERS` the function that reads the shape before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from zhengxie_flow.errors import StorageError, Where
from zhengxie_flow.model.body import AnyBody, plain, read_body
from zhengxie_flow.model.body_parts import read_moment
from zhengxie_flow.model.event_type import EventType, Mode, Precision
from zhengxie_flow.model.instant import has_civil_days

__all__ = [
    "CASE_LENGTH",
    "FIELDS",
    "IMPORTED",
    "KEY_LENGTH",
    "SCHEMA",
    "UPCASTERS",
    "Event",
    "EventField",
    "EventType",
    "FieldForm",
    "Mode",
    "Precision",
    "Record",
    "as_json",
    "canonical",
    "content",
    "fields_of",
    "read_record",
    "upcast",
]

SCHEMA: Final = 1
"""The schema new events are written with: the version of the shape of an event and of its bodies."""

IMPORTED: Final = "import:"
"""Prefix of the keys of events that were brought in from files."""

Record = dict[str, Any]
"""An event as plain JSON values by the names of its fields, in the shape of its own schema."""

UPCASTERS: Final[Mapping[int, Callable[[Record], Record]]] = MappingProxyType({})
"""For a schema, the function from a record of its shape to one of the next.

One is needed only where something that was there changed; a field that is merely new takes its default.
"""


class FieldForm(Enum):
    """The plain form of a field's values in a record."""

    TEXT = "text"
    NUMBER = "number"
    WORD = "word"  # a member of an enumeration
    INSTANT = "instant"  # ISO text with an offset
    MOMENT = "moment"  # ISO text of a civil day, or of an instant
    TEXTS = "texts"  # a list
    BODY = "body"  # an object


@dataclass(frozen=True, slots=True)
class EventField:
    """One row of the table of event fields.

    Attributes:
        name: The field of `Event`, and its key in a record.
        form: The plain form of its values.
        column: The column of the journal's table.
        since: The schema that brought it; records of earlier ones lack it.
        hashed: Whether it is under the event's hash.
        nullable: Whether it may be missing.
        size: The longest text it takes, where that is bounded.
        default: The value in events of earlier schemas.
    """

    name: str
    form: FieldForm
    column: str
    since: int
    hashed: bool
    nullable: bool
    size: int | None
    default: Any


def _stored(
    form: FieldForm,
    *,
    column: str | None = None,
    since: int = 1,
    hashed: bool = True,
    size: int | None = None,
    **default: Any,
) -> Any:
    """A field of `Event` with its row in the table of fields; one whose default is None may be missing."""
    return field(metadata={"form": form, "column": column, "since": since, "hashed": hashed, "size": size}, **default)


CASE_LENGTH: Final = 200
"""Longest case id, in characters (not bytes), so a Chinese document number fits as well as a UUID."""

KEY_LENGTH: Final = 200
"""Longest idempotency key, in characters; both keep a unique index entry below PostgreSQL's row limit."""

_WORD = 32
_TIME = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One immutable entry of a case's journal.

    Attributes:
        case: The case it belongs to.
        sequence: Its number in the journal of the case, from 1.
        type: What kind of thing it says.
        mode: Whether it was asked for or told.
        occurred: When it happened in the world: a civil day, or an aware instant.
        recorded: When this installation learned of it: an aware instant.
        action: The action of the definition it is about.
        item: The item it is about.
        by: The role that acted.
        actor: The person or body behind the role.
        recorded_by: Who entered it.
        body: What changed.
        evidence: References to documents that prove it.
        supersedes: The sequence of the event that a correction replaces.
        definition: Content hash of the definition it was written under.
        calendar: Content hash of the calendar used when it was written.
        key: Idempotency key: the same key with the same content is the same event.
        schema: The shape it was written in.
        previous_hash: The hash of the event before it.
        hash: The hash of its content.
    """

    case: str = _stored(FieldForm.TEXT, column="case_id", size=CASE_LENGTH)
    sequence: int = _stored(FieldForm.NUMBER)
    type: EventType = _stored(FieldForm.WORD, size=_WORD)
    mode: Mode = _stored(FieldForm.WORD, size=_WORD)
    occurred: date | datetime = _stored(FieldForm.MOMENT, size=_TIME)
    recorded: datetime = _stored(FieldForm.INSTANT, size=_TIME)
    action: str | None = _stored(FieldForm.TEXT, default=None)
    item: str | None = _stored(FieldForm.TEXT, default=None)
    by: str | None = _stored(FieldForm.TEXT, column="by_role", default=None)
    actor: str | None = _stored(FieldForm.TEXT, default=None)
    recorded_by: str | None = _stored(FieldForm.TEXT, default=None)
    body: AnyBody = _stored(FieldForm.BODY)
    evidence: tuple[str, ...] = _stored(FieldForm.TEXTS, default=())
    supersedes: int | None = _stored(FieldForm.NUMBER, default=None)
    definition: str = _stored(FieldForm.TEXT, default="")
    calendar: str = _stored(FieldForm.TEXT, default="")
    key: str = _stored(FieldForm.TEXT, size=KEY_LENGTH, default="")
    schema: int = _stored(FieldForm.NUMBER, column="schema_version", default=SCHEMA)
    previous_hash: str = _stored(FieldForm.TEXT, default="")
    hash: str = _stored(FieldForm.TEXT, hashed=False, default="")

    @property
    def imported(self) -> bool:
        """True for an event that was imported from a case file."""
        return self.key.startswith(IMPORTED)

    @property
    def precision(self) -> Precision:
        """The precision of `occurred`: a civil day or an instant."""
        return Precision.INSTANT if isinstance(self.occurred, datetime) else Precision.DAY

    def day(self, zone: ZoneInfo) -> date:
        """Return the civil day on which it happened (Civil Code 201 counts in days).

        Args:
            zone: the time zone of the process.
        """
        if isinstance(self.occurred, datetime):
            return self.occurred.astimezone(zone).date()
        return self.occurred


FIELDS: Final[tuple[EventField, ...]] = (
    *(
        EventField(
            name=declared.name,
            form=declared.metadata["form"],
            column=declared.metadata["column"] or declared.name,
            since=declared.metadata["since"],
            hashed=declared.metadata["hashed"],
            nullable=declared.default is None,
            size=declared.metadata["size"],
            default=None if declared.default is MISSING else declared.default,
        )
        for declared in fields(Event)
    ),
    # derived from `occurred`, and under the hash all the same
    EventField("precision", FieldForm.WORD, "precision", 1, hashed=True, nullable=False, size=8, default=None),
)
"""The table of event fields, from the declaration of `Event`."""


@cache
def fields_of(schema: int) -> tuple[EventField, ...]:
    """List the fields under the hash of an event written with a schema."""
    return tuple(event_field for event_field in FIELDS if event_field.hashed and event_field.since <= schema)


def content(event: Event) -> Record:
    """Give the record of an event: everything of it that is under its hash, as plain JSON values.

    Only for events as they are written.  One that was read may have been brought into another shape; its bytes are
    those that were stored.
    """
    return {
        event_field.name: _TO_PLAIN[event_field.form](getattr(event, event_field.name))
        for event_field in fields_of(event.schema)
    }


def as_json(event: Event) -> Record:
    """Give every field of an event as plain JSON values, in the shape of today whatever its schema."""
    return {event_field.name: _TO_PLAIN[event_field.form](getattr(event, event_field.name)) for event_field in FIELDS}


def upcast(record: Record) -> Record:
    """Bring a record into the shape of today.

    Args:
        record: A record of any schema up to `SCHEMA`; it is not changed.

    Raises:
        StorageError: ZX5021, the record was written with a schema this program does not know.
    """
    schema = record["schema"]
    if schema > SCHEMA:
        raise StorageError("ZX5021", where=Where(case=record["case"], event=record["sequence"]), schema=schema)
    for version in range(schema, SCHEMA):
        if version in UPCASTERS:
            record = UPCASTERS[version](record)
    return record


_KINDS: Final = {FieldForm.TEXT: str, FieldForm.NUMBER: int}
_AS_THEY_ARE = tuple(
    (
        event_field.name,
        event_field.default,
        (_KINDS[event_field.form], type(None)) if event_field.nullable else (_KINDS[event_field.form],),
    )
    for event_field in FIELDS
    if event_field.form in _KINDS and event_field.hashed
)
"""The fields whose values are the same in a record and in an event, with their defaults and types."""


def read_record(record: Record, digest: str = "") -> Event:
    """Read an event from its record, of whatever schema; ``schema`` of the event stays that of the record.

    Args:
        record: The plain form, with personal values back in their places.
        digest: The hash of the event.

    Raises:
        StorageError: ZX5021, an unknown schema.
        ValueError: Something is missing or cannot be read (`UnfitBody` where that is in the body).
    """
    current = upcast(record)
    kind = EventType(current["type"])
    occurred = read_moment(current["occurred"])
    recorded = datetime.fromisoformat(current["recorded"])
    if isinstance(occurred, datetime) != (current["precision"] == Precision.INSTANT):
        raise ValueError("a time that is no instant, or no day")
    if recorded.tzinfo is None or not has_civil_days(recorded):
        raise ValueError(f"not recorded at an instant: {recorded}")
    values = {name: _checked(name, current.get(name, default), kinds) for name, default, kinds in _AS_THEY_ARE}
    evidence = current["evidence"]
    if not isinstance(evidence, list | tuple) or not all(isinstance(entry, str) for entry in evidence):
        raise ValueError("evidence is a list of texts")
    return Event(
        type=kind,
        mode=Mode(current["mode"]),
        occurred=occurred,
        recorded=recorded,
        body=read_body(kind, current["body"]),
        evidence=tuple(evidence),
        hash=digest,
        **values,
    )


def _checked(name: str, value: Any, kinds: tuple[type, ...]) -> Any:
    """A value of a record; a database may keep a text where a number should be."""
    if type(value) not in kinds:
        raise ValueError(f"{name} is {value!r}")
    return value


def canonical(value: Any) -> bytes:
    """Return the one byte form of a JSON value that is hashed: sorted keys, no blanks, UTF-8.

    Raises:
        TypeError: for a float, which has more than one text, and for whatever JSON has no form for.

    Example:
        >>> canonical({"b": 1, "a": "甲"}).decode()
        '{"a":"甲","b":1}'
    """
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


def _same(value: Any) -> Any:
    return value


def _iso(moment: date) -> str:
    return moment.isoformat()


_TO_PLAIN: Final[Mapping[FieldForm, Callable[[Any], Any]]] = {
    FieldForm.TEXT: _same,
    FieldForm.NUMBER: _same,
    FieldForm.WORD: str,
    FieldForm.INSTANT: _iso,
    FieldForm.MOMENT: _iso,
    FieldForm.TEXTS: list,
    FieldForm.BODY: plain,
}


PROVISIONAL = 1_000_000_000
"""Acts deemed done that are only provisional are numbered from here: beside the journal, which never learns of them."""


def is_provisional(sequence: int | None) -> bool:
    """Return whether an event is a provisional one, by its number.

    Example:
        >>> is_provisional(7), is_provisional(PROVISIONAL + 1), is_provisional(None)
        (False, True, False)
    """
    return sequence is not None and sequence > PROVISIONAL
