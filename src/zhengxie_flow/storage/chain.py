"""The hash chain of a case: what is hashed, in which form, and what may be chained at all.  Pure.

A hash is written ``<algorithm>:<hex>`` so that a reader, years later, needs nothing but the stored text to
know how to check it.  The first event of a case follows the empty string.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zhengxie_flow.errors import ChainBroken, Conflict, InternalError, InvalidInput, StorageError, UsageError, Where
from zhengxie_flow.model.event import (
    CASE_LENGTH,
    FIELDS,
    KEY_LENGTH,
    Event,
    FieldForm,
    Record,
    canonical,
    content,
    read_record,
)
from zhengxie_flow.ports import NOTHING_PERSONAL, PersonalDatum
from zhengxie_flow.storage.digests import algorithm_of, hasher
from zhengxie_flow.storage.personal import seal, unseal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zhengxie_flow.ports import Head, SealedEvent, StoredDefinition

_CHECKED_TEXTS = tuple(field.name for field in FIELDS if field.form is FieldForm.TEXT and field.hashed)


def hash_matches(fields: dict[str, Any], digest: str) -> bool:
    """Return whether a stored hash is the hash of a record.

    Args:
        fields: The record (see `zhengxie_flow.model.event.content`).
        digest: The hash, ``<algorithm>:<hex>``.

    Returns:
        True where it fits; False also for an unknown algorithm.

    Example:
        >>> digest = hasher("sha256")(canonical({"case": "c1"}))
        >>> hash_matches({"case": "c1"}, digest), hash_matches({"case": "c2"}, digest)
        (True, False)
    """
    name = algorithm_of(digest)
    return name is not None and hasher(name)(canonical(fields)) == digest


@dataclass(frozen=True, slots=True)
class Chained:
    """Event ready to be stored.

    Attributes:
        record: Its record, with personal values sealed.
        hash: The hash of the record.
        personal: The personal values.
    """

    record: Record
    hash: str
    personal: tuple[PersonalDatum, ...]

    def event(self) -> Event:
        """Return the event exactly as a later reading returns it."""
        return read_record(unseal(self.record, self.personal), self.hash)


def link(
    events: Sequence[Event],
    previous_hash: str,
    algorithm: str,
    personal: Mapping[int, Sequence[str]] = NOTHING_PERSONAL,
) -> tuple[Chained, ...]:
    """Hash events into a chain behind ``previous_hash``.

    Args:
        events: The events in order; they need no hashes yet.
        previous_hash: The hash they follow, `GENESIS` for the first of a case.
        algorithm: One of `ALGORITHMS`.
        personal: By sequence, the JSON pointers of the personal values in a body.

    Returns:
        The events ready to be stored.

    Raises:
        InvalidInput: ZX5009, an event holds a value that cannot be stored.
    """
    digest = hasher(algorithm)
    chained: list[Chained] = []
    for event in events:
        _check_times_and_texts(event)
        record = {**_plain_record(event), "previous_hash": previous_hash}
        record, data = seal(record, personal.get(event.sequence, ()), algorithm=algorithm)
        try:
            previous_hash = digest(canonical(record))
        except (TypeError, ValueError) as error:  # a lone surrogate in a text column has no UTF-8 form
            raise _unfit(event, str(error)) from error
        chained.append(Chained(record, previous_hash, data))
    return tuple(chained)


def check_order(head: Head, events: Sequence[Event], expected_version: int) -> None:
    """Check that an append continues its case.

    Args:
        head: The new head.
        events: The events to append.
        expected_version: The version before them.

    Raises:
        InternalError: ZX5017, wrong case, gap in the sequence, or nothing to write.
        UsageError: ZX4037, the case id cannot be stored.
    """
    check_case_id(head.case)
    if not events:
        raise InternalError("ZX5017", where=Where(case=head.case), why="nothing to append")
    for sequence, event in enumerate(events, start=expected_version + 1):
        if event.case != head.case or event.sequence != sequence:
            actual = f"{event.case}#{event.sequence}"
            raise InternalError(
                "ZX5017", where=Where(case=head.case), why=f"{actual} where {head.case}#{sequence} is next"
            )


def check_case_id(case: str) -> None:
    """Check that a case id can be stored.

    Args:
        case: The id.

    Raises:
        UsageError: ZX4037, it has not 1 to `CASE_LENGTH` characters, or holds a control character.

    Example:
        >>> check_case_id("bus-fares")
        >>> check_case_id("")
        Traceback (most recent call last):
        ...
        zhengxie_flow.errors.UsageError: ...
    """
    if not 1 <= len(case) <= CASE_LENGTH or any(_unprintable(sign) for sign in case):
        raise UsageError("ZX4037", where=Where(case=case[:40]), limit=CASE_LENGTH, length=len(case))


def linked_elsewhere(
    case: str, events: Sequence[SealedEvent], personal: Sequence[PersonalDatum], before: tuple[int, str]
) -> tuple[Chained, ...]:
    """Take events that were hashed elsewhere.

    Args:
        case: The id of the case.
        events: The events.
        personal: A row for each personal value that they seal.
        before: The version and the last hash of the case.

    Returns:
        The events ready to be stored.

    Raises:
        ChainBroken: ZX5901, one does not follow, or is not what was hashed.
    """
    version, previous = before
    check_sealed(case, events, previous, version)
    by_sequence: dict[int, list[PersonalDatum]] = {}
    for datum in personal:
        by_sequence.setdefault(datum.sequence, []).append(datum)
    return tuple(
        Chained(event.record, event.hash, tuple(by_sequence.get(number, ())))
        for number, event in enumerate(events, start=version + 1)
    )


def check_sealed(case: str, events: Sequence[SealedEvent], previous: str, version: int) -> None:
    """Check that events hashed elsewhere follow on the last one of a case, and are what was hashed.

    Args:
        case: The id of the case.
        events: The events.
        previous: The hash of the last event of the case; `GENESIS` before the first.
        version: Its number; 0 before the first.

    Raises:
        ChainBroken: ZX5901, one does not follow, or is not what was hashed.
        UsageError: ZX4037, the case id cannot be stored.
    """
    check_case_id(case)
    for number, event in enumerate(events, start=version + 1):
        place = (event.record["case"], event.record["sequence"], event.record["previous_hash"])
        if place != (case, number, previous) or not hash_matches(event.record, event.hash):
            raise ChainBroken("ZX5901", where=Where(case=case, event=number))
        previous = event.hash


def finished_head(head: Head, version: int, digest: str) -> Head:
    """Return the head as it is stored: at the last event and with its hash."""
    return replace(head, version=version, hash=digest)


def stale(case: str, expected: int, actual: int) -> Conflict:
    """Build the conflict of an append to a case that was written to meanwhile.

    Args:
        case: The id of the case.
        expected: The version the caller expected.
        actual: The version the case has.

    Returns:
        The conflict ZX4031.
    """
    return Conflict("ZX4031", where=Where(case=case), retry="at_once", expected=expected, version=actual)


def key_taken(case: str, key: str) -> Conflict:
    """Build the conflict of an idempotency key that belongs to a stored event.

    Args:
        case: The id of the case.
        key: The key.

    Returns:
        The conflict ZX4030.
    """
    return Conflict("ZX4030", where=Where(case=case), retry="at_once", key=key)


def definition_hash(definition: StoredDefinition) -> str:
    """Compute the id that a stored definition must have, in the form of its present id (bare hex means SHA-256).

    Args:
        definition: The stored definition.

    Returns:
        The hash of its bundle.
    """
    name, separator, _ = definition.hash.rpartition(":")
    digest = hasher(name or "sha256")(canonical(definition.bundle))
    return digest if separator else digest.partition(":")[2]


def check_definition(definition: StoredDefinition) -> None:
    """Check that a definition is stored under its hash.

    Args:
        definition: The definition.

    Raises:
        StorageError: ZX5008, its id is not its hash.
    """
    computed = definition_hash(definition)
    if computed != definition.hash:
        raise StorageError("ZX5008", hash=definition.hash, computed=computed, process=definition.process)


def _plain_record(event: Event) -> Record:
    """The record of an event as it will be read: nothing in its body but what JSON knows."""
    record = content(event)
    try:
        record["body"] = json.loads(canonical(record["body"]))
    except (TypeError, ValueError, RecursionError) as error:
        raise _unfit(event, str(error)) from error
    return record


def _check_times_and_texts(event: Event) -> None:
    for moment in (event.occurred, event.recorded):
        if isinstance(moment, datetime) and moment.utcoffset() is None:
            raise _unfit(event, "time without an offset")
    if len(event.key) > KEY_LENGTH:
        raise _unfit(event, f"key longer than {KEY_LENGTH} characters")
    for name in _CHECKED_TEXTS:
        if "\0" in (getattr(event, name) or ""):  # PostgreSQL cannot store it, so nobody may
            raise _unfit(event, f"NUL character in {name}")


def _unfit(event: Event, why: str) -> InvalidInput:
    return InvalidInput("ZX5009", where=Where(case=event.case, event=event.sequence), why=why)


def _unprintable(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"}  # control characters, and halves of a surrogate pair
