"""Personal data beside the journal: the event and its chain hold a salted hash, a side table holds the value.

Erasing the value and its salt (end of retention, a request under the Personal Information Protection Law,
Art. 47) leaves the chain valid, and without the salt a short value such as a name cannot be found again by
trying.
"""

from __future__ import annotations

import copy
import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zhengxie_flow.errors import ChainBroken, InternalError, Where
from zhengxie_flow.model.event import Record, canonical
from zhengxie_flow.model.personal import ERASED, MARK, withheld
from zhengxie_flow.ports import PersonalDatum
from zhengxie_flow.storage.digests import algorithm_of, hasher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def matches(datum: PersonalDatum) -> bool:
    """Return whether a stored value is the one whose hash is in the event, with nothing said of an erasure.

    Args:
        datum: The stored value, whatever lies in its columns.

    Returns:
        True where it fits, or was erased on record: at an instant, on a ground, with its salt.

    Example:
        >>> digest = digest_of('"Li"', "00", "sha256")
        >>> datum = PersonalDatum(case="c1", sequence=1, field="/fields/name", digest=digest, value='"Li"', salt="00")
        >>> matches(datum)
        True
    """
    if datum.value is None:
        return datum.salt is None and isinstance(datum.ground, str) and _is_instant(datum.erased)
    if (datum.erased, datum.ground) != (None, None):
        return False
    try:
        return digest_of(datum.value, datum.salt or "", algorithm_of(datum.digest) or "sha256") == datum.digest
    except (TypeError, ValueError):  # bytes where a text should be, or a text that is no UTF-8
        return False


def _is_instant(text: object) -> bool:
    try:
        return isinstance(text, str) and _is_written(datetime.fromisoformat(text), text)
    except ValueError:
        return False


def _is_written(moment: datetime, text: str) -> bool:
    return moment.tzinfo is not None and moment.isoformat() == text


def digest_of(value: str, salt: str, algorithm: str) -> str:
    """Compute the hash that an event holds for a personal value.

    Args:
        value: The value as canonical JSON text.
        salt: The salt of the value.
        algorithm: One of `zhengxie_flow.storage.digests.ALGORITHMS`.

    Returns:
        The hash over canonical JSON of ``[salt, value]``.
    """
    return hasher(algorithm)(canonical([salt, value]))


def seal(
    record: Record, fields: Iterable[str], *, algorithm: str = "sha256"
) -> tuple[Record, tuple[PersonalDatum, ...]]:
    """Seal personal values of a record before it is chained.

    A value that was erased before (a correction repeats what it does not change) stays erased: there is nothing to
    store.

    Args:
        record: The record of the event.
        fields: The JSON pointers of the values in its body.
        algorithm: The hash algorithm.

    Returns:
        The record with marks in the place of the values, and the values for the side table.

    Raises:
        InternalError: ZX5017, there is no value at a pointer.
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
    """Put the personal values of a record back in their places; of an erased one the instant of its erasure.

    A mark whose value was removed without erasure stays as it is, for `verify` to report.

    Args:
        record: The record as it is stored.
        data: The stored personal values of the event.

    Returns:
        The record with its values.

    Raises:
        ChainBroken: ZX5900, a value was made unreadable.
    """
    if not data:
        return record
    body = copy.deepcopy(record["body"])
    by_pointer = {datum.field: datum for datum in data}
    for field, digest in list(marks(body)):
        datum = by_pointer.get(field)
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
    """Find all marks of a body.

    Args:
        value: The body, or a part of it.
        pointer: The JSON pointer of that part.

    Yields:
        JSON pointer and hash, in body order.

    Example:
        >>> list(marks({"fields": {"name": {MARK: "sha256:00"}}}))
        [('/fields/name', 'sha256:00')]
    """
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
    """A copy in which no mapping is shared: a value sealed in one place would be sealed in the other too."""
    if isinstance(value, dict):
        return {key: _unshared(inner) for key, inner in value.items()}
    return [_unshared(inner) for inner in value] if isinstance(value, list | tuple) else value


def _index(place: Any, part: str) -> Any:
    return int(part) if isinstance(place, list) else part


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
