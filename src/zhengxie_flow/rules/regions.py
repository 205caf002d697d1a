"""The finite regions of each fact: between two literals it is compared with, every value does the same.

Regions are numbered from 0 and sets of them are bits of an int.  A number or a day has a region for each literal and
one for each stretch between; a choice one for each value mentioned, and one for the rest.  A set is a variable for each
member.  A condition whose truth no literal tells (acts, items, another field) is a variable of its own with the regions
false and true.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from math import floor
from typing import Any

from zhengxie_flow.rules.kinds import Kind

DAY = "$day"
"""The name of the day a decision is taken on, where rules are in force for a time."""

_EXACT = Context(prec=500)
"""Arithmetic that rounds nothing: numbers have at most a hundred places on either side."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One fact (or a member of a set, or an opaque condition) cut into regions.

    ``full`` holds all regions, ``samples`` a value of each, ``find`` the region of a value.
    """

    name: str
    group: str  # as Kind.group, or "member", "opaque"
    size: int
    full: int
    samples: tuple[Any, ...]
    find: Callable[[Any], int] = field(compare=False)
    member: str | None = None


def variable(name: str, kind: Kind, values: Iterable[Any]) -> Variable:
    """A fact cut at the literals it is compared with."""
    match kind.group:
        case "bool":
            return Variable(name, "bool", 2, 3, (False, True), _truth)
        case "number":
            return _ordered(name, "number", sorted(set(values)), _between_numbers(kind.whole), number)
        case "date":
            return _ordered(name, "date", sorted({str(value)[:10] for value in values}), _between_days, civil)
        case "instant":
            cuts = sorted({datetime.fromisoformat(value) for value in values if len(value) > 10})
            if not cuts:
                return _ordered(name, "date", sorted({str(value) for value in values}), _between_days, civil)
            return _ordered(name, "instant", cuts, _between_instants, _moment)
    return _chosen(name, kind, sorted(set(values)))


def opaque(key: str) -> Variable:
    """A condition taken as a whole, as a variable with the regions false and true."""
    return Variable(key, "opaque", 2, 3, (False, True), _truth)


def member(name: str, of: str | None) -> Variable:
    """Membership of a set as a variable; ``of`` None stands for all members that are not mentioned."""
    return Variable(name, "member", 2, 3, (False, True), _truth, member=of)


def _truth(value: Any) -> int:
    return 1 if value is True else 0


def number(value: Any) -> Any:
    """A number as it is compared; decimals are kept as text."""
    return Decimal(value) if isinstance(value, str) else value


def _moment(value: Any) -> datetime:
    """An instant as it is compared."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def civil(value: Any) -> str:
    """The civil day of a day or an instant, as text that sorts like days."""
    return value[:10] if isinstance(value, str) else value.isoformat()[:10]


def _ordered(
    name: str, group: str, cuts: list[Any], between: Callable[[Any, Any], Any], read: Callable[[Any], Any]
) -> Variable:
    """A region for each cut and for each stretch below, between and above them that is not empty."""
    samples: list[Any] = []
    place: list[int] = []  # the region of each cut and each stretch; an empty stretch is never met and has none
    for index in range(len(cuts) + 1):
        low = cuts[index - 1] if index else None
        high = cuts[index] if index < len(cuts) else None
        inner = between(low, high)
        place.append(len(samples))
        if inner is not None:
            samples.append(inner)
        if high is not None:
            place.append(len(samples))
            samples.append(high)
    ends = len(cuts)

    def find(value: Any) -> int:
        point = read(value)
        index = bisect_left(cuts, point)
        return place[2 * index + 1 if index < ends and cuts[index] == point else 2 * index]

    return Variable(name, group, len(samples), (1 << len(samples)) - 1, tuple(samples), find)


def _between_numbers(whole: bool) -> Callable[[Any, Any], Any]:
    def between(low: Any, high: Any) -> Any:
        if low is None and high is None:
            return 0
        if low is None:
            return floor(high) if floor(high) < high else floor(high) - 1
        next_whole = floor(low) + 1
        if high is None or next_whole < high:
            return next_whole
        return None if whole else _EXACT.divide(_EXACT.add(Decimal(low), Decimal(high)), Decimal(2))

    return between


def _between_days(low: Any, high: Any) -> Any:
    if low is None and high is None:
        return "2000-01-01"
    if low is None:
        first = date.fromisoformat(high)
        return None if first == date.min else (first - timedelta(1)).isoformat()
    last = date.fromisoformat(low)
    if last == date.max:
        return None
    after = (last + timedelta(1)).isoformat()
    return after if high is None or after < high else None


def _between_instants(low: Any, high: Any) -> Any:
    if low is None:
        return high - timedelta(days=1)
    return low + timedelta(days=1) if high is None else low + (high - low) / 2


def _chosen(name: str, kind: Kind, values: list[str]) -> Variable:
    rest = next((choice for choice in kind.choices if choice not in values), None)
    listed = [value for value in values if not kind.choices or value in kind.choices]
    samples: list[Any] = list(listed)
    if not kind.choices:
        rest = "other"
        while rest in values:
            rest += "_"
    if rest is not None:
        samples.append(rest)
    place = {value: region for region, value in enumerate(listed)}
    last = len(listed)

    def find(value: Any) -> int:
        return place.get(value, last)

    return Variable(name, kind.group, len(samples), (1 << len(samples)) - 1, tuple(samples), find)
