"""Personal data beside the journal: the event and its chain hold a salted hash, a side table holds the value.

Erasing the value and its salt (end of retention, a request under the Personal Information Protection Law,
Art. 47) leaves the chain valid, and without the salt a short value such as a name cannot be found again by
trying.
"""

from __future__ import annotations

import copy
import json
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from zhengxie_flow.errors import InternalError, Where
from zhengxie_flow.model.event import Event, canonical
from zhengxie_flow.storage.chain import algorithm_of, hasher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARK: Final = "$personal"
"""A body value ``{"$personal": "<hash>"}`` stands for a value kept (or erased) in the side table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDatum:
    """One value of one event, kept apart.  ``field`` is a JSON pointer (RFC 6901) into the event's body.

    ``value`` is canonical JSON text; it and ``salt`` are None once erased, and then ``erased`` says when (ISO
    instant) and ``ground`` on what ground.
    """

    case: str
    sequence: int
    field: str
    digest: str
    value: str | None
    salt: str | None
    erased: str | None = None
    ground: str | None = None

    def matches(self) -> bool:
        """Whether the kept value is the one whose hash went into the event."""
        if self.value is None or self.salt is None:
            return self.erased is not None
        return digest_of(self.value, self.salt, algorithm_of(self.digest) or "sha256") == self.digest


def digest_of(value: str, salt: str, algorithm: str) -> str:
    """The hash that stands in the event for a value: over canonical JSON of ``[salt, value]``."""
    return hasher(algorithm)(canonical([salt, value]))


def seal(event: Event, fields: Iterable[str], *, algorithm: str = "sha256") -> tuple[Event, tuple[PersonalDatum, ...]]:
    """Take the values at these JSON pointers out of an event's body before it is chained.

    Returns the event with marks in their place and the data for the side table.
    """
    body = copy.deepcopy(event.body)
    data: list[PersonalDatum] = []
    for field in fields:
        *path, last = (_unescape(part) for part in field.split("/")[1:])
        place: Any = body
        try:
            for part in path:
                place = place[_index(place, part)]
            index = _index(place, last)
            value = canonical(place[index]).decode()
        except (KeyError, IndexError, ValueError, TypeError) as error:
            where = Where(case=event.case, event=event.sequence)
            raise InternalError("ZX5017", where=where, why=f"no value at {field}") from error
        salt = secrets.token_hex(16)
        digest = digest_of(value, salt, algorithm)
        place[index] = {MARK: digest}
        data.append(
            PersonalDatum(case=event.case, sequence=event.sequence, field=field, digest=digest, value=value, salt=salt)
        )
    return replace(event, body=body), tuple(data)


def unseal(event: Event, data: Iterable[PersonalDatum]) -> Event:
    """The event with its personal values back in their places; erased ones stay marks."""
    body = copy.deepcopy(event.body)
    for datum in data:
        if datum.value is None:
            continue
        *path, last = (_unescape(part) for part in datum.field.split("/")[1:])
        place: Any = body
        for part in path:
            place = place[_index(place, part)]
        place[_index(place, last)] = json.loads(datum.value)
    return replace(event, body=body)


def marks(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """All marks of a body as (JSON pointer, hash), in body order."""
    if isinstance(value, dict):
        if set(value) == {MARK} and isinstance(value[MARK], str):
            yield pointer, value[MARK]
            return
        for key, inner in value.items():
            yield from marks(inner, f"{pointer}/{_escape(key)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from marks(inner, f"{pointer}/{index}")


def _index(place: Any, part: str) -> Any:
    return int(part) if isinstance(place, list) else part


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
