"""Typed comparison of two values: the one used by conditions, decisions, proofs and whatever else compares values.

Moments are moments in whatever zone they are written, days are those of the zone of the process, numbers go by their
value, sets by their members.  A literal of a definition is text and takes the type of the value it is held against.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhengxie_flow.model.condition import DATED, EQUALITY, NUMERIC

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")
"""The zone whose days count where no process says otherwise."""


def zone_named(name: str) -> tzinfo:
    """The zone of a name; the default where there is none, which is a fault of its own."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return DEFAULT_ZONE


_DAY = len("2026-01-01")


def moment(value: Any) -> date | datetime:
    """A day or an instant from its text.  Raises `ValueError` for other text."""
    if isinstance(value, date):
        return value
    return datetime.fromisoformat(value) if len(value) > _DAY else date.fromisoformat(value)


def civil_day(value: Any, zone: tzinfo) -> date:
    """The civil day of a day or an instant (or its text) in a zone; an instant without a zone has the day written.

    Example:
        >>> civil_day("2026-08-10T20:00:00Z", DEFAULT_ZONE).isoformat()
        '2026-08-11'
    """
    at = moment(value)
    if not isinstance(at, datetime):
        return at
    try:
        return at.date() if at.tzinfo is None else at.astimezone(zone).date()
    except OverflowError:  # the first or the last day there is
        return at.date()


def day_start(day: date, zone: tzinfo) -> datetime:
    """The instant at which a civil day begins in a zone."""
    begins = datetime.combine(day, time(), zone)
    return begins.replace(tzinfo=timezone(begins.utcoffset() or timedelta()))


def number(value: Any) -> Any:
    """A number by its value: an int, else a Decimal, never a float.  Raises `InvalidOperation` for other text."""
    return value if type(value) is int or type(value) is Decimal else Decimal(str(value))


def typed(value: Any, type_: str | None) -> Any:
    """A value as it is kept, with the type it is compared by: decimals are kept as text, days and instants as ISO text.

    Args:
        value: the plain value.
        type_: the type that its fact or field declares; None where that is not declared.

    Returns:
        A Decimal, date or datetime in place of text of that type; else the value itself.
    """
    if type(value) is not str:
        return value
    try:
        if type_ == "decimal":
            return Decimal(value)
        return moment(value) if type_ in {"date", "instant"} else value
    except (ValueError, InvalidOperation):
        return value


def members(value: Any) -> Iterable[Any]:
    """The members of a set, or a single value as the only one."""
    return value if isinstance(value, list | tuple) else (value,)


def same(value: Any, other: Any, zone: tzinfo = DEFAULT_ZONE) -> bool:
    """Return whether two typed values are equal; text is read as the type of the other side.

    Example:
        >>> same(Decimal("1.50"), "1.5"), same(moment("2026-08-10T20:00:00Z"), "2026-08-11T04:00:00+08:00")
        (True, True)
    """
    if type(value) is str and type(other) is str:
        return value == other
    if isinstance(value, list | tuple) or isinstance(other, list | tuple):
        return set(members(value)) == set(members(other))
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    try:
        if isinstance(value, date) or isinstance(other, date):
            return _moments(value, other, zone) == 0
        if isinstance(value, int | Decimal) or isinstance(other, int | Decimal):
            return bool(number(value) == number(other))
    except (ValueError, TypeError, InvalidOperation):
        return False
    return bool(value == other)


def _moments(value: Any, other: Any, zone: tzinfo) -> int:
    """The order of two moments: of instants by the instant, of anything else by the civil day."""
    left, right = moment(value), moment(other)
    if isinstance(left, datetime) and isinstance(right, datetime) and (left.tzinfo is None) == (right.tzinfo is None):
        return (left > right) - (left < right)
    first, second = civil_day(left, zone), civil_day(right, zone)
    return (first > second) - (first < second)


def _numbers(value: Any, other: Any) -> int:
    left, right = number(value), number(other)
    return int(left > right) - int(left < right)


_ORDERS = (operator.ge, operator.le, operator.gt, operator.lt)
_NUMERIC = dict(zip(NUMERIC, _ORDERS, strict=True))
_DATED = dict(zip(DATED, (operator.lt, operator.gt, operator.le, operator.ge), strict=True))


def order_of(value: Any, other: Any, zone: tzinfo = DEFAULT_ZONE) -> int:
    """The order of two numbers, or of two moments: -1, 0 or 1."""
    dated = isinstance(value, date) or isinstance(other, date)
    return _moments(value, other, zone) if dated else _numbers(value, other)


def orders(test: str) -> tuple[bool, bool, bool] | None:
    """The orders of two values (less, equal, greater) that pass a test; None where it is not one of order."""
    if test in EQUALITY:
        same_passes = EQUALITY[test]
        return not same_passes, same_passes, not same_passes
    passes = _NUMERIC.get(test) or _DATED.get(test)
    return None if passes is None else (passes(-1, 0), passes(0, 0), passes(1, 0))


def compare(test: str, value: Any, other: Any, zone: tzinfo = DEFAULT_ZONE) -> bool:
    """Return whether a value passes a test against another one: the one comparison of all values.

    Args:
        test: ``equals``, ``differs_from``, or one of the tests of numbers and of days.
        value: the typed value (see `typed`).
        other: the typed value, or the literal, that it is held against.
        zone: the zone whose days count.

    Example:
        >>> compare("on_or_after", moment("2026-08-10T20:00:00Z"), "2026-08-11")
        True
    """
    wanted = EQUALITY.get(test)
    if wanted is not None:
        return same(value, other, zone) is wanted
    passes = _NUMERIC.get(test)
    if passes is not None:
        return bool(passes(number(value), number(other)))
    return bool(_DATED[test](_moments(value, other, zone), 0))


def absent(required: Iterable[Any], held: Any) -> list[Any]:
    """The members required of a set that it does not have."""
    has = members(held)
    return [member for member in required if member not in has]


def spelled_apart(type_: str) -> bool:
    """Return whether values of a type that are equal can be spelled in several ways."""
    return type_ in {"decimal", "instant"}


def canonical_text(value: Any, type_: str | None) -> str:
    """A value in words that are the same for values that are equal, however they are spelled."""
    read = typed(value, type_)
    if isinstance(read, bool):
        return str(read).lower()
    if isinstance(read, Decimal):
        return "0" if not read else format(read.normalize(), "f")
    if isinstance(read, datetime) and read.tzinfo is not None:
        return str(read.timestamp() if read.year in {1, 9999} else read.astimezone(timezone.utc))  # noqa: UP017
    return str(read)
