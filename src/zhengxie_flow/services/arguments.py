"""What a program hands to the engine: days, instants and names, refused with a code where they are of another kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from zhengxie_flow.engine import Command
from zhengxie_flow.errors import UsageError

Moment = date | datetime
P = ParamSpec("P")
R = TypeVar("R")
MAX_KEY = 200
"""Longest idempotency key, in characters, that every journal keeps."""
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
"""The kinds a parameter can be annotated with; what is in a mapping, and the rest, is looked at where it is used."""


def typed(method: Callable[P, R]) -> Callable[P, R]:
    """Hold the plain parameters of a method to their annotations: a program may hand over anything.

    Raises `UsageError` ZX4016 with the name of the parameter, and ZX4041 for a key that cannot be kept.
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
            kinds = kinds_by_name.get(name)
            if kinds and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
                raise _wrong_type(name, value, "dict" if kinds[0] is Mapping else kinds[0].__name__)
        return method(*args, **kwargs)

    return checked


def moment(value: Any) -> Moment:
    """A civil day, or an instant with its offset.  Raises `UsageError` ZX4015 and ZX4013."""
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, date):
        return value
    raise UsageError("ZX4015", given=str(value))


def moment_or_now(at: Any) -> Moment | None:
    """The same, where nothing given means now."""
    return None if at is None else moment(at)


def day(value: Any) -> date | None:
    """A civil day, or nothing; an instant is none, for it lies on different days in different zones.

    Raises `UsageError` ZX6014.
    """
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise UsageError("ZX6014", given=str(value))


def instant(value: Any) -> datetime | None:
    """An instant with its offset, or nothing.  Raises `UsageError` ZX4015 and ZX4013."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return _aware(value)
    raise UsageError("ZX4015", given=str(value))


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise UsageError("ZX4013", given=value.isoformat())
    return value


def names(values: Any, parameter: str = "evidence") -> tuple[str, ...]:
    """Several names; a single text is one name, not its letters.  Raises `UsageError` ZX4016."""
    if isinstance(values, str):
        return (values,)
    listed = tuple(values) if isinstance(values, Iterable) else None
    if listed is None or not all(isinstance(name, str) for name in listed):
        raise _wrong_type(parameter, values, "list")
    return listed


def command(
    action: str,
    by: str,
    at: Moment | None,
    item: str | None,
    fields: Mapping[str, Any] | None,
    evidence: Any,
    actor: str | None,
    key: str | None,
) -> Command:
    """What is to be done, or was: an action with all that is handed over about it."""
    return Command(
        action=action, by=by, at=at, item=item, fields=dict(fields or {}),
        evidence=names(evidence), actor=actor, key=key or "",
    )  # fmt: skip


def facts(values: Any) -> dict[str, Any]:
    """Values by name, as a mapping or as pairs.  Raises `UsageError` ZX4016."""
    listed = tuple(values.items() if isinstance(values, Mapping) else values) if isinstance(values, Iterable) else None
    if listed is None or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in listed):
        raise _wrong_type("facts", values, "dict")
    if not all(isinstance(name, str) for name, _ in listed):
        raise _wrong_type("facts", values, "dict")
    return dict(listed)


def items(values: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Fields by name, by the id of an item, by its type.  Raises `UsageError` ZX4016."""
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
