"""The entries of a case file: what each kind holds, and the values that it is read as."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

from zhengxie_flow.ports import CalendarEdition, CaseFileHead, JudgedLine, PersonalDatum, SealedEvent, StoredDefinition
from zhengxie_flow.storage.case_file_lines import Entry

FORMAT: Final = "zhengxie-case-file"
VERSION: Final = 1
"""The version of the form; a program reads its own and earlier ones."""

PART: Final = 48 * 1024
"""Bytes of an attachment in one entry."""

_JUDGED: Final = tuple(field.name for field in fields(JudgedLine))
_CALENDAR: Final = tuple(field.name for field in fields(CalendarEdition))
_PERSONAL: Final = tuple(field.name for field in fields(PersonalDatum))
KEYS: Final[Mapping[str, frozenset[str]]] = {
    "header": frozenset({"case", "evidence", "format", "kind", "personal", "version"}),
    "definition": frozenset({"bundle", "hash", "kind", "process", "sources"}),
    "calendar": frozenset({"kind", *_CALENDAR}),
    "attachment": frozenset({"hash", "kind", "size"}),
    "part": frozenset({"content", "kind"}),
    "family": frozenset({"cases", "kind"}),
    "case": frozenset({"case", "events", "kind", "personal"}),
    "event": frozenset({"hash", "kind", "record"}),
    "personal": frozenset({"kind", *_PERSONAL}),
    "verdicts": frozenset({"as_of", "kind", "lines"}),
    "end": frozenset({"attachments", "cases", "definitions", "events", "families", "kind"}),
}
"""The keys of the entries of each kind."""


def header_entry(head: CaseFileHead) -> Entry:
    """Give the first entry of a file."""
    return {
        "kind": "header", "format": FORMAT, "version": VERSION,
        "case": head.case, "personal": head.personal, "evidence": head.evidence,
    }  # fmt: skip


def definition_entry(definition: StoredDefinition) -> Entry:
    """Give the entry of a definition; the bundle is a text, in the order in which its authors wrote it."""
    bundle = json.dumps(definition.bundle, ensure_ascii=False, separators=(",", ":"))
    return {
        "kind": "definition", "hash": definition.hash, "process": definition.process,
        "bundle": bundle, "sources": definition.sources,
    }  # fmt: skip


def to_definition(entry: Entry) -> StoredDefinition:
    """Read the entry of a definition.

    Raises:
        ValueError: It is none.
    """
    bundle = json.loads(_text(entry["bundle"]))
    if json.dumps(bundle, ensure_ascii=False, separators=(",", ":")) != entry["bundle"]:
        raise ValueError("another text of the same bundle")
    if bundle.get("id", entry["process"]) != entry["process"]:
        raise ValueError("a bundle of another process")
    sources = entry["sources"]
    if not isinstance(sources, dict) or not all(isinstance(text, str) for text in sources.values()):
        raise ValueError("sources are texts")
    return StoredDefinition(hash=_text(entry["hash"]), process=_text(entry["process"]), bundle=bundle, sources=sources)


def calendar_entry(edition: CalendarEdition) -> Entry:
    """Give the entry of an edition of a calendar."""
    return {"kind": "calendar", **{name: getattr(edition, name) for name in _CALENDAR}}


def to_calendar(entry: Entry) -> CalendarEdition:
    """Read the entry of an edition of a calendar.

    Raises:
        ValueError: It is none.
    """
    return CalendarEdition(
        name=_text(entry["name"]),
        hash=_text(entry["hash"]),
        first=_day(entry["first"]),
        last=_day(entry["last"]),
        settled_through=_day(entry["settled_through"]),
        working=tuple(map(date.fromisoformat, entry["working"])),
        resting=tuple(map(date.fromisoformat, entry["resting"])),
    )


def event_entry(event: SealedEvent) -> Entry:
    """Give the entry of an event; its record stands there in the very bytes that are hashed."""
    return {"kind": "event", "hash": event.hash, "record": event.record}


def to_sealed(entry: Entry) -> SealedEvent:
    """Read the entry of an event.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(entry["record"], dict):
        raise ValueError("a record is an object")  # noqa: TRY004  # read like the others
    return SealedEvent(entry["record"], _text(entry["hash"]))


def personal_entry(datum: PersonalDatum, *, carried: bool) -> Entry:
    """Give the entry of a personal value; of one that is not carried, only its place and digest."""
    values = {name: getattr(datum, name) for name in _PERSONAL}
    if not carried and datum.value is not None:
        values |= {"value": None, "salt": None}
    return {"kind": "personal", **values}


def to_personal(entry: Entry) -> PersonalDatum:
    """Read the entry of a personal value.

    Raises:
        ValueError: It is none.
    """
    values = {name: entry[name] for name in _PERSONAL}
    texts = [value for name, value in values.items() if name != "sequence" and value is not None]
    if type(values["sequence"]) is not int or not all(isinstance(text, str) for text in texts):
        raise ValueError("not the columns of a personal value")
    return PersonalDatum(**values)


def verdicts_entry(as_of: date, lines: tuple[JudgedLine, ...]) -> Entry:
    """Give the entry of the verdicts on a case."""
    return {
        "kind": "verdicts",
        "as_of": as_of,
        "lines": [{name: getattr(line, name) for name in _JUDGED} for line in lines],
    }


def to_judged(values: Entry) -> JudgedLine:
    """Read a verdict.

    Raises:
        ValueError: It is none.
    """
    if set(values) != set(_JUDGED) or type(values["round"]) is not int:
        raise ValueError("not the keys of a verdict")
    return JudgedLine(
        obligation=_text(values["obligation"]),
        item=_optional(values["item"]),
        round=values["round"],
        clause=_optional(values["clause"]),
        edition=_optional(values["edition"]),
        verdict=_text(values["verdict"]),
        detail=tuple(map(_text, values["detail"])),
        due=_day(values["due"]),
        latest=_day(values["latest"]),
        earliest=_day(values["earliest"]),
        date_status=_optional(values["date_status"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a text, and not {type(value).__name__}")  # noqa: TRY004  # read like the others
    return value


def to_day(value: Any) -> date:
    """Read a civil day.

    Raises:
        ValueError: It is none.
    """
    return date.fromisoformat(_text(value))


def _optional(value: Any) -> str | None:
    return None if value is None else _text(value)


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(_text(value))
