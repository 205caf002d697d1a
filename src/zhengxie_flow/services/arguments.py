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
    sign = signature(method)
    wanted = {name: PLAIN[each.annotation] for name, each in sign.parameters.items() if each.annotation in PLAIN}

    @wraps(method)
    def held(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in sign.bind(*args, **kwargs).arguments.items():
            if name == "key" and isinstance(value, str) and (len(value) > MAX_KEY or "\0" in value):
                raise UsageError("ZX4041", given=value[:40], limit=MAX_KEY)
            kinds = wanted.get(name)
            if kinds and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
                raise _of_another_kind(name, value, "dict" if kinds[0] is Mapping else kinds[0].__name__)
        return method(*args, **kwargs)

    return held


def moment(given: Any) -> Moment:
    """A civil day, or an instant with its offset.  Raises `UsageError` ZX4015 and ZX4013."""
    if isinstance(given, datetime):
        return _aware(given)
    if isinstance(given, date):
        return given
    raise UsageError("ZX4015", given=str(given))


def moment_or_now(at: Any) -> Moment | None:
    """The same, where nothing given means now."""
    return None if at is None else moment(at)


def day(given: Any) -> date | None:
    """A civil day, or nothing; an instant is none, for it lies on different days in different zones.

    Raises `UsageError` ZX6014.
    """
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    raise UsageError("ZX6014", given=str(given))


def instant(given: Any) -> datetime | None:
    """An instant with its offset, or nothing.  Raises `UsageError` ZX4015 and ZX4013."""
    if given is None:
        return None
    if isinstance(given, datetime):
        return _aware(given)
    raise UsageError("ZX4015", given=str(given))


def _aware(given: datetime) -> datetime:
    if given.tzinfo is None:
        raise UsageError("ZX4013", given=given.isoformat())
    return given


def names(given: Any, parameter: str = "evidence") -> tuple[str, ...]:
    """Several names; a single text is one name, not its letters.  Raises `UsageError` ZX4016."""
    if isinstance(given, str):
        return (given,)
    listed = tuple(given) if isinstance(given, Iterable) else None
    if listed is None or not all(isinstance(name, str) for name in listed):
        raise _of_another_kind(parameter, given, "list")
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


def facts(given: Any) -> dict[str, Any]:
    """Values by name, as a mapping or as pairs.  Raises `UsageError` ZX4016."""
    listed = tuple(given.items() if isinstance(given, Mapping) else given) if isinstance(given, Iterable) else None
    if listed is None or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in listed):
        raise _of_another_kind("facts", given, "dict")
    if not all(isinstance(name, str) for name, _ in listed):
        raise _of_another_kind("facts", given, "dict")
    return dict(listed)


def items(given: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Fields by name, by the id of an item, by its type.  Raises `UsageError` ZX4016."""
    return {
        kind: {ident: _mapping(fields) for ident, fields in _mapping(entries).items()}
        for kind, entries in _mapping(given or {}).items()
    }


def _mapping(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise _of_another_kind("items", given, "dict")
    return dict(given)


def _of_another_kind(name: str, given: Any, wanted: str) -> UsageError:
    return UsageError("ZX4016", name=name, given=repr(given)[:80], wanted=wanted)
