"""The finite regions of each fact: between two literals it is compared with, every value does the same.

Regions are numbered from 0 and sets of them are bits of an int.  A number or a day has a region for each literal and
one for each stretch between; a choice one for each value mentioned, and one for the rest.  A set is a variable for each
member.  An instant is cut at the instants it is compared with and where the days begin and end that it is compared
with.  How two facts lie to each other is a variable with the regions less, equal and greater.  A condition whose truth
no literal tells (acts, items) is a variable of its own with the regions false and true.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Context, Decimal
from math import floor
from typing import Any

from zhengxie_flow.model.comparing import DEFAULT_ZONE, civil_day, day_start, moment, number as by_value
from zhengxie_flow.rules.kinds import Kind

DAY = "$day"
"""The name of the day a decision is taken on, where rules are in force for a time."""

_EXACT = Context(prec=500)
"""Arithmetic that rounds nothing: numbers have at most a hundred places on either side."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The ends of a region on a line; a ``point`` is a literal itself, else neither end belongs to it."""

    low: Any
    high: Any
    point: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """One fact (or a member of a set, or an opaque condition) cut into regions.

    ``full`` holds all regions, ``samples`` a value of each, ``find`` the region of a value; where they lie on a line
    ``spans`` holds their ends, and ``read`` brings a value to that line.  ``pair`` names two facts in their order.
    """

    name: str
    group: str  # as Kind.group, or "member", "order", "opaque"
    size: int
    full: int
    samples: tuple[Any, ...]
    find: Callable[[Any], int] = field(compare=False)
    member: str | None = None
    pair: tuple[str, str] | None = None
    spans: tuple[Stretch, ...] = ()
    read: Callable[[Any], Any] = field(default=lambda value: value, compare=False)


def variable(name: str, kind: Kind, values: Iterable[Any], zone: tzinfo = DEFAULT_ZONE) -> Variable:
    """A fact cut at the literals it is compared with."""
    match kind.group:
        case "bool":
            return Variable(name, "bool", 2, 3, (False, True), _truth)
        case "number":
            return _ordered(name, "number", sorted(set(values)), _between_numbers(kind.whole), number)
        case "date":
            read_day = _day_in(zone)
            return _ordered(name, "date", sorted({read_day(value) for value in values}), _between_days, read_day)
        case "instant":
            cuts = sorted({cut for value in values for cut in cuts_of(value, zone)})
            return _ordered(name, "instant", cuts, _between_instants, _instant_in(zone))
    return _chosen(name, kind, sorted(set(values)))


def opaque(key: str) -> Variable:
    """A condition taken as a whole, as a variable with the regions false and true."""
    return Variable(key, "opaque", 2, 3, (False, True), _truth)


def member(name: str, of: str | None) -> Variable:
    """Membership of a set as a variable; ``of`` None stands for all members that are not mentioned."""
    return Variable(name, "member", 2, 3, (False, True), _truth, member=of)


def _truth(value: Any) -> int:
    return 1 if value is True else 0


def plain_value(value: Any) -> Any:
    """A sample in the form facts are kept in: decimals and instants as text."""
    return (
        value
        if isinstance(value, bool | int | str | list)
        else value.isoformat()
        if hasattr(value, "isoformat")
        else str(value)
    )


def order(first: str, second: str) -> Variable:
    """The order of two facts as a variable with the regions less, equal and greater."""
    return Variable(f"{first} <> {second}", "order", 3, 7, (-1, 0, 1), lambda value: value + 1, pair=(first, second))


def number(value: Any) -> Any:
    """A number as it is compared; decimals are kept as text."""
    return by_value(value) if isinstance(value, str) else value


def cuts_of(value: Any, zone: tzinfo) -> tuple[datetime, ...]:
    """Where a literal cuts the line of instants: at the instant, or where the day begins and where it has ended."""
    at = moment(value)
    if isinstance(at, datetime):
        return (at,)
    return (day_start(at, zone), *(() if at == date.max else (day_start(at + timedelta(1), zone),)))


def _instant_in(zone: tzinfo) -> Callable[[Any], datetime]:
    """An instant as it is compared; a day stands for its begin."""

    def read(value: Any) -> datetime:
        at = moment(value)
        if not isinstance(at, datetime):
            return day_start(at, zone)
        return at if at.tzinfo is not None else at.replace(tzinfo=zone)

    return read


def _day_in(zone: tzinfo) -> Callable[[Any], str]:
    """The civil day of a day or an instant, as text that sorts like days."""

    def read(value: Any) -> str:
        return value if isinstance(value, str) and len(value) == 10 else civil_day(value, zone).isoformat()

    return read


def _ordered(
    name: str, group: str, cuts: list[Any], between: Callable[[Any, Any], Any], read: Callable[[Any], Any]
) -> Variable:
    """A region for each cut and for each stretch below, between and above them that is not empty."""
    samples: list[Any] = []
    spans: list[Stretch] = []
    place: list[int] = []  # the region of each cut and each stretch; an empty stretch is never met and has none
    for index in range(len(cuts) + 1):
        low = cuts[index - 1] if index else None
        high = cuts[index] if index < len(cuts) else None
        inner = between(low, high)
        place.append(len(samples))
        if inner is not None:
            samples.append(inner)
            spans.append(Stretch(low, high, point=False))
        if high is not None:
            place.append(len(samples))
            samples.append(high)
            spans.append(Stretch(high, high, point=True))
    ends = len(cuts)

    def find(value: Any) -> int:
        point = read(value)
        index = bisect_left(cuts, point)
        return place[2 * index + 1 if index < ends and cuts[index] == point else 2 * index]

    full = (1 << len(samples)) - 1
    return Variable(name, group, len(samples), full, tuple(samples), find, spans=tuple(spans), read=read)


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
    """An instant between two others; None where there is none."""
    if low is None and high is None:
        return datetime(2000, 1, 1, tzinfo=UTC)
    try:
        if low is None:
            return high - timedelta(days=1)
        if high is None:
            return low + timedelta(days=1)
    except OverflowError:
        return None
    inner = low + (high - low) / 2
    return inner if low < inner < high else None


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
