"""Arguments of the engine's methods: days, instants and names, refused with a code where they are of another type."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.instant import has_civil_days
from zhengxie_flow.ports import Attachment

Moment = date | datetime
P = ParamSpec("P")
R = TypeVar("R")
MAX_KEY = 200
"""Longest idempotency key, in characters, that every journal keeps."""
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
PLAIN: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "str | None": (str, type(None)),
    "int": (int,),
    "int | None": (int, type(None)),
    "bool": (bool,),
    "Mapping[str, Any]": (Mapping,),
    "Mapping[str, Any] | None": (Mapping, type(None)),
    "Mapping[str, str] | None": (Mapping, type(None)),
}
"""The types checked here, by annotation; the contents of mappings, and the rest, are checked where they are used."""


def typed(method: Callable[P, R]) -> Callable[P, R]:
    """Check the plain parameters of a method against their annotations: a program may pass anything.

    Args:
        method: The method; its annotations are looked up in `PLAIN`.

    Returns:
        The method with the check before it.  It raises `UsageError` ZX4016 with the name of the parameter, ZX4041
        for a key that cannot be stored, and ZX4091 for a text that no file can hold, wherever it stands in an argument.

    Example:
        >>> @typed
        ... def double(number: int) -> int:
        ...     return 2 * number
        >>> double(4)
        8
        >>> double("4")
        Traceback (most recent call last):
        ...
        zhengxie_flow.errors.UsageError: ...
    """
    parameters = signature(method)
    kinds_by_name = {
        name: PLAIN[parameter.annotation]
        for name, parameter in parameters.parameters.items()
        if parameter.annotation in PLAIN
    }

    @wraps(method)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in parameters.bind(*args, **kwargs).arguments.items():
            if name == "key" and isinstance(value, str) and (len(value) > MAX_KEY or "\0" in value):
                raise UsageError("ZX4041", given=value[:40], limit=MAX_KEY)
            check_text(name, value)
            kinds = kinds_by_name.get(name)
            if kinds and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
                raise _wrong_type(name, value, "dict" if kinds[0] is Mapping else kinds[0].__name__)
        return method(*args, **kwargs)

    return checked


def check_text(name: str, value: Any) -> None:
    """Check every text of an argument: each database and file must be able to hold it.

    Args:
        name: The name of the parameter.
        value: The argument, a text or a container of texts and others.

    Raises:
        UsageError: ZX4091, a text has a lone surrogate or a NUL.

    Example:
        >>> check_text("reason", {"部门": ["甲", "乙"]})
    """
    waiting, seen = [value], set[int]()
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            if (match := _UNWRITABLE.search(current)) is not None:
                raise UsageError("ZX4091", name=name, codepoint=f"U+{ord(match.group()):04X}")
        elif isinstance(current, Mapping | list | tuple | set | frozenset) and id(current) not in seen:
            seen.add(id(current))  # one that holds itself is refused later, by its type
            waiting += [*current.keys(), *current.values()] if isinstance(current, Mapping) else current


def moment(value: Any) -> Moment:
    """Check a civil day or an instant.

    Args:
        value: The argument.

    Returns:
        The argument unchanged.

    Raises:
        UsageError: ZX4015, it is neither; ZX2001, an instant has no offset.

    Example:
        >>> moment(date(2026, 1, 20))
        datetime.date(2026, 1, 20)
    """
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, date):
        return value
    raise UsageError("ZX4015", given=str(value))


def moment_or_now(at: Any) -> Moment | None:
    """Check a civil day or an instant, where None means now.

    Args:
        at: The argument.

    Returns:
        The argument unchanged.

    Raises:
        UsageError: As `moment`.
    """
    return None if at is None else moment(at)


def day(value: Any) -> date | None:
    """Check an optional civil day; an instant is none, for it lies on different days in different zones.

    Args:
        value: The argument.

    Returns:
        The argument unchanged.

    Raises:
        UsageError: ZX2003, it is no civil day.
    """
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise UsageError("ZX2003", given=str(value))


def instant(value: Any) -> datetime | None:
    """Check an optional instant.

    Args:
        value: The argument.

    Returns:
        The argument unchanged.

    Raises:
        UsageError: ZX4015, it is no instant; ZX2001, it has no offset.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return _aware(value)
    raise UsageError("ZX4015", given=str(value))


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise UsageError("ZX2001", given=value.isoformat())
    if not has_civil_days(value):
        raise UsageError("ZX4015", given=value.isoformat())
    return value


def names(values: Any, parameter: str = "names") -> tuple[str, ...]:
    """Check several names; a single text is one name, not its letters.

    Args:
        values: The argument.
        parameter: The name of the parameter, for the message.

    Returns:
        The names.

    Raises:
        UsageError: ZX4016, it holds a value that is no text.

    Example:
        >>> names("letter.pdf")
        ('letter.pdf',)
        >>> names(["letter.pdf", "receipt.pdf"])
        ('letter.pdf', 'receipt.pdf')
    """
    if isinstance(values, str):
        return (values,)
    listed = tuple(values) if isinstance(values, Iterable) else None
    if listed is None or not all(isinstance(name, str) for name in listed):
        raise _wrong_type(parameter, values, "list")
    return listed


def evidence(values: Any) -> tuple[str | Attachment, ...]:
    """Check the evidence of a command: references in words, paths of files, and files with a name of their own.

    Args:
        values: The argument, one or several.

    Returns:
        The references and files; a path becomes a file called by its last name.

    Raises:
        UsageError: ZX4016, it holds something else.

    Example:
        >>> evidence("minutes, page 3")
        ('minutes, page 3',)
    """
    if isinstance(values, str | os.PathLike | Attachment):
        values = (values,)
    listed = tuple(values) if isinstance(values, Iterable) else None
    if listed is None or not all(isinstance(entry, str | os.PathLike | Attachment) for entry in listed):
        raise _wrong_type("evidence", values, "list")
    return tuple(
        entry if isinstance(entry, str | Attachment) else Attachment(os.path.basename(os.fsdecode(entry)), entry)  # noqa: PTH119
        for entry in listed
    )


def facts(values: Any) -> dict[str, Any]:
    """Check values by name, as a mapping or as pairs.

    Args:
        values: The argument.

    Returns:
        The values by name.

    Raises:
        UsageError: ZX4016, it is neither.

    Example:
        >>> facts([("phase", "pre_decision")])
        {'phase': 'pre_decision'}
    """
    listed = tuple(values.items() if isinstance(values, Mapping) else values) if isinstance(values, Iterable) else None
    if listed is None or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in listed):
        raise _wrong_type("facts", values, "dict")
    if not all(isinstance(name, str) for name, _ in listed):
        raise _wrong_type("facts", values, "dict")
    return dict(listed)


def items(values: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Check items: fields by name, by the id of an item, by its type.

    Args:
        values: The argument; None for no items.

    Returns:
        The same as plain dictionaries.

    Raises:
        UsageError: ZX4016, it has another shape.

    Example:
        >>> items({"counterpart": {"party_a": {"kind": "democratic_party"}}})
        {'counterpart': {'party_a': {'kind': 'democratic_party'}}}
    """
    return {
        kind: {ident: _mapping(fields) for ident, fields in _mapping(entries).items()}
        for kind, entries in _mapping(values or {}).items()
    }


def _mapping(values: Any) -> dict[str, Any]:
    if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
        raise _wrong_type("items", values, "dict")
    return dict(values)


def _wrong_type(name: str, value: Any, expected: str) -> UsageError:
    return UsageError("ZX4016", name=name, given=repr(value)[:80], wanted=expected)
