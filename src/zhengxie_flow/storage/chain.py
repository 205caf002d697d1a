"""The hash chain of a case: what is hashed, in which form, and what may be chained at all.  Pure.

A hash is written ``<algorithm>:<hex>`` so that a reader, years later, needs nothing but the stored text to
know how to check it.  The first event of a case follows the empty string.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from zhengxie_flow.errors import Conflict, InternalError, InvalidInput, StorageError, UsageError, Where
from zhengxie_flow.model.event import Event, canonical, content

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from zhengxie_flow.ports import Head, StoredDefinition

CASE_LENGTH: Final = 200
"""Longest case id, in characters (not bytes), so a Chinese document number fits as well as a UUID."""

KEY_LENGTH: Final = 200
"""Longest idempotency key, in characters; both keep a unique index entry below PostgreSQL's row limit."""

ALGORITHMS: Final = ("sha256", "sm3")
"""What a chain may be made with: SHA-256 (FIPS 180-4), or SM3 (GB/T 32905-2016) where OpenSSL brings it."""

GENESIS: Final = ""
"""``previous_hash`` of the first event of a case."""

_CHECKED_TEXTS = ("action", "item", "by", "actor", "recorded_by", "definition", "calendar", "key")


def hasher(name: str) -> Callable[[bytes], str]:
    """A function from bytes to ``name:hex``.

    Raises `StorageError` ZX5010 when the name is not one of `ALGORITHMS` or this OpenSSL does not have it.
    """
    if name not in ALGORITHMS or name not in hashlib.algorithms_available:
        raise StorageError("ZX5010", algorithm=name, known=", ".join(ALGORITHMS))

    def digest(data: bytes) -> str:
        return f"{name}:{hashlib.new(name, data).hexdigest()}"

    return digest


def algorithm_of(digest: str) -> str | None:
    """The algorithm a stored hash names, if it is one a chain may be made with."""
    name, separator, _ = digest.partition(":")
    return name if separator and name in ALGORITHMS else None


def hash_matches(fields: dict[str, Any], digest: str) -> bool:
    """Whether a stored hash is the hash of these fields (see `zhengxie_flow.model.event.content`)."""
    name = algorithm_of(digest)
    return name is not None and hasher(name)(canonical(fields)) == digest


def link(events: Sequence[Event], previous_hash: str, algorithm: str) -> tuple[Event, ...]:
    """Hash events one after the other behind ``previous_hash``.

    The returned events hold exactly what a later reading returns: bodies as plain JSON values, hashes filled
    in.  Raises `InvalidInput` ZX5009 when an event holds something that cannot be kept.
    """
    digest = hasher(algorithm)
    linked: list[Event] = []
    for event in events:
        _check_times_and_texts(event)
        plain = replace(event, body=_plain_body(event), previous_hash=previous_hash)
        try:
            previous_hash = digest(canonical(content(plain)))
        except (TypeError, ValueError) as error:  # a lone surrogate in a text column has no UTF-8 form
            raise _unfit(event, str(error)) from error
        linked.append(replace(plain, hash=previous_hash))
    return tuple(linked)


def check_order(head: Head, events: Sequence[Event], expected_version: int) -> None:
    """Refuse an append that does not continue the case: wrong case, gap in sequence, nothing to write."""
    check_case_id(head.case)
    if not events:
        raise InternalError("ZX5017", where=Where(case=head.case), why="nothing to append")
    for sequence, event in enumerate(events, start=expected_version + 1):
        if event.case != head.case or event.sequence != sequence:
            found = f"{event.case}#{event.sequence}"
            raise InternalError(
                "ZX5017", where=Where(case=head.case), why=f"{found} where {head.case}#{sequence} is next"
            )


def check_case_id(case: str) -> None:
    """Raise `UsageError` ZX5007 unless the id has 1 to `CASE_LENGTH` characters, none a control character."""
    if not 1 <= len(case) <= CASE_LENGTH or any(_unprintable(sign) for sign in case):
        raise UsageError("ZX5007", where=Where(case=case[:40]), limit=CASE_LENGTH, length=len(case))


def finished_head(head: Head, last: Event) -> Head:
    """The head as it is stored: at the last event and carrying its hash."""
    return replace(head, version=last.sequence, hash=last.hash)


def stale(case: str, expected: int, found: int) -> Conflict:
    """Somebody appended to the case since the caller looked at it."""
    return Conflict("ZX5012", where=Where(case=case), expected=expected, found=found)


def key_taken(case: str, key: str) -> Conflict:
    """The idempotency key belongs to an event that is already kept."""
    return Conflict("ZX5013", where=Where(case=case), key=key)


def definition_hash(definition: StoredDefinition) -> str:
    """What a stored definition's id must be, written the way its id is written (bare hex means SHA-256)."""
    name, separator, _ = definition.hash.rpartition(":")
    digest = hasher(name or "sha256")(canonical(definition.bundle))
    return digest if separator else digest.partition(":")[2]


def check_definition(definition: StoredDefinition) -> None:
    """Refuse to keep a definition under an id that is not its hash: `StorageError` ZX5008."""
    computed = definition_hash(definition)
    if computed != definition.hash:
        raise StorageError("ZX5008", hash=definition.hash, computed=computed, process=definition.process)


def _plain_body(event: Event) -> dict[str, Any]:
    try:
        body: dict[str, Any] = json.loads(canonical(event.body))
    except (TypeError, ValueError, RecursionError) as error:
        raise _unfit(event, str(error)) from error
    return body


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
