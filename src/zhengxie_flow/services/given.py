"""What a program hands to the engine: days, instants and names, refused with a code where they are of another kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from zhengxie_flow.errors import UsageError

Moment = date | datetime
P = ParamSpec("P")
R = TypeVar("R")
PLAIN: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "str | None": (str, type(None)),
    "int": (int,),
    "int | None": (int, type(None)),
    "bool": (bool,),
}
"""The plain kinds a parameter can be annotated with; the rest is looked at where it is used."""


def typed(method: Callable[P, R]) -> Callable[P, R]:
    """Hold the plain parameters of a method to their annotations: a program may hand over anything.

    Raises `UsageError` ZX4016 with the name of the parameter.
    """
    sign = signature(method)
    wanted = {name: PLAIN[each.annotation] for name, each in sign.parameters.items() if each.annotation in PLAIN}

    @wraps(method)
    def held(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in sign.bind(*args, **kwargs).arguments.items():
            kinds = wanted.get(name)
            if kinds and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
                raise UsageError("ZX4016", name=name, given=repr(value)[:80], wanted=kinds[0].__name__)
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


def names(evidence: Sequence[str]) -> tuple[str, ...]:
    """Evidence by name; a single text is one name, not its letters."""
    return (evidence,) if isinstance(evidence, str) else tuple(evidence)
