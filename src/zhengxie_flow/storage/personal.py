"""Personal data beside the journal: the event and its chain hold a salted hash, a side table holds the value.

Erasing the value and its salt (end of retention, a request under the Personal Information Protection Law,
Art. 47) leaves the chain valid, and without the salt a short value such as a name cannot be found again by
trying.
"""

from __future__ import annotations

import copy
import json
import secrets
from typing import TYPE_CHECKING, Any

from zhengxie_flow.errors import ChainBroken, InternalError, Where
from zhengxie_flow.model.event import Record, canonical
from zhengxie_flow.model.personal import ERASED, MARK, withheld
from zhengxie_flow.ports import PersonalDatum
from zhengxie_flow.storage.digests import algorithm_of, hasher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def matches(datum: PersonalDatum) -> bool:
    """Whether the kept value is the one whose hash went into the event."""
    if datum.value is None or datum.salt is None:
        return datum.erased is not None
    return digest_of(datum.value, datum.salt, algorithm_of(datum.digest) or "sha256") == datum.digest


def digest_of(value: str, salt: str, algorithm: str) -> str:
    """The hash that stands in the event for a value: over canonical JSON of ``[salt, value]``."""
    return hasher(algorithm)(canonical([salt, value]))


def seal(
    record: Record, fields: Iterable[str], *, algorithm: str = "sha256"
) -> tuple[Record, tuple[PersonalDatum, ...]]:
    """Take the values at these JSON pointers out of an event's body before it is chained.

    Returns the record with marks in their place and the data for the side table.  A value that was erased before (a
    correction repeats what it does not change) stays erased: there is nothing to keep.
    """
    case, sequence = record["case"], record["sequence"]
    body = _unshared(record["body"])
    data: list[PersonalDatum] = []
    for field in fields:
        *path, last = (_unescape(part) for part in field.split("/")[1:])
        place: Any = body
        try:
            for part in path:
                place = place[_index(place, part)]
            index = _index(place, last)
            if withheld(place[index]):
                continue
            value = canonical(place[index]).decode()
        except (KeyError, IndexError, ValueError, TypeError) as error:
            where = Where(case=case, event=sequence)
            raise InternalError("ZX5017", where=where, why=f"no value at {field}") from error
        salt = secrets.token_hex(16)
        digest = digest_of(value, salt, algorithm)
        place[index] = {MARK: digest}
        data.append(PersonalDatum(case=case, sequence=sequence, field=field, digest=digest, value=value, salt=salt))
    return {**record, "body": body}, tuple(data)


def unseal(record: Record, data: Iterable[PersonalDatum]) -> Record:
    """The record with its personal values back in their places, and where one was erased, when that was.

    A mark whose value was taken away without being erased stays as it is: `verify` tells.  Raises `ChainBroken` ZX5900
    for a value that was made unreadable.
    """
    if not data:
        return record
    body = copy.deepcopy(record["body"])
    kept = {datum.field: datum for datum in data}
    for field, digest in list(marks(body)):
        datum = kept.get(field)
        if datum is None or datum.digest != digest:
            continue
        *path, last = (_unescape(part) for part in field.split("/")[1:])
        place: Any = body
        for part in path:
            place = place[_index(place, part)]
        place[_index(place, last)] = {ERASED: datum.erased} if datum.value is None else _read(datum)
    return {**record, "body": body}


def _read(datum: PersonalDatum) -> Any:
    try:
        return json.loads(datum.value or "")
    except ValueError as error:
        raise ChainBroken("ZX5900", where=Where(case=datum.case, event=datum.sequence), why=str(error)) from error


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


def _unshared(value: Any) -> Any:
    """A copy in which no mapping stands in two places: what is sealed in one would be sealed in the other."""
    if isinstance(value, dict):
        return {key: _unshared(inner) for key, inner in value.items()}
    return [_unshared(inner) for inner in value] if isinstance(value, list | tuple) else value


def _index(place: Any, part: str) -> Any:
    return int(part) if isinstance(place, list) else part


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
