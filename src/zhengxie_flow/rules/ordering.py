"""Cases for facts that are compared with each other: values in the regions allowed that lie in the order allowed.

Regions of single facts and orders of two facts are cut apart as if they were independent, which they are not: 5 is not
more than 7, and of three facts the first is not less than the second, that less than the third, and that less than the
first.  A part of the space counts only where there are such values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from itertools import product
from math import floor
from typing import Any, Protocol

from zhengxie_flow.rules.kinds import Kind
from zhengxie_flow.rules.regions import Variable

_EXACT = Context(prec=500)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_FIRST_DAY, _LAST_DAY = date.min.toordinal(), date.max.toordinal()
_FIRST_TICK = (datetime(1, 1, 3, tzinfo=UTC) - _EPOCH) // _TICK
_LAST_TICK = (datetime(9999, 12, 29, tzinfo=UTC) - _EPOCH) // _TICK


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of the line of numbers; None is without end, ``open`` ends do not belong to it."""

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False
    whole: bool = False

    def meet(self, other: Range) -> Range:
        """The part that two ranges share; whole where either is."""
        low, low_open = self.low, self.low_open
        if low is None or (other.low is not None and (other.low, other.low_open) > (low, low_open)):
            low, low_open = other.low, other.low_open
        high, high_open = self.high, self.high_open
        if high is None or (other.high is not None and (other.high, not other.high_open) < (high, not high_open)):
            high, high_open = other.high, other.high_open
        return Range(low, high, low_open, high_open, self.whole or other.whole).rounded()

    def rounded(self) -> Range:
        """The same range with whole ends where only whole numbers lie in it."""
        if not self.whole:
            return self
        low = None if self.low is None else _next_whole(self.low) if self.low_open else -floor(-self.low)
        high = None if self.high is None else -_next_whole(-self.high) if self.high_open else floor(self.high)
        return Range(low, high, whole=True)

    @property
    def empty(self) -> bool:
        """True where no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)))

    def least(self, start: Any) -> Any:
        """A number in it as near to its lower end as may be; ``start`` or its upper end where it has none."""
        if self.low is None:
            return self._below(start)
        if not self.low_open:
            return self.low
        ceiling = floor(self.low) + 1  # below the next whole number, so that one is left for who needs it
        if self.high is not None and self.high < ceiling:
            ceiling = self.high
        return _EXACT.divide(_EXACT.add(Decimal(self.low), Decimal(ceiling)), Decimal(2))

    def _below(self, start: Any) -> Any:
        if self.high is None or start < self.high:
            return start
        return floor(self.high) - 1 if self.high_open else self.high


def _next_whole(value: Any) -> int:
    below: int = floor(value)
    return below + 1


class OrderedSpace(Protocol):
    """The space of all cases, as far as the order of facts goes."""

    kinds: dict[str, Kind]
    variables: list[Variable]
    of_name: dict[str, list[int]]

    @property
    def pairs(self) -> Mapping[tuple[str, str], int]:
        """The facts that are compared with each other by their order, with the variable of it."""

    def partners(self, name: str) -> frozenset[str]:
        """The facts that a fact is compared with by their order."""


def assignment(
    space: OrderedSpace, box: Mapping[int, int], fixed: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """Values for the facts that are compared with each other, in a part of the space.

    Args:
        space: the space.
        box: the regions allowed.
        fixed: facts whose value is known.

    Returns:
        The values by name, as facts are kept; None where there are none.
    """
    names = list(dict.fromkeys(name for pair in space.pairs for name in pair))
    relations = [(pair, box.get(index, 7)) for pair, index in space.pairs.items() if box.get(index, 7) != 7]
    choices = [list(_ranges(space, name, box, fixed or {})) for name in names]
    for orders in product(*([order for order in range(3) if mask >> order & 1] for _, mask in relations)):
        held = [(pair, order) for (pair, _), order in zip(relations, orders, strict=True)]
        for ranges in product(*choices):
            values = _solved(dict(zip(names, ranges, strict=True)), held, _starts(space, names))
            if values is not None:
                return {name: _written(space.variables[space.of_name[name][0]], value, space, name)
                        for name, value in values.items()}  # fmt: skip
    return None


def around(space: OrderedSpace, name: str, values: Mapping[str, Any]) -> list[Any]:
    """Values of a fact just below, at and just above those of the facts it is compared with, and one of each region."""
    (index,) = space.of_name[name]
    variable = space.variables[index]
    line = _line(space.kinds[name].group, space.kinds[name].whole)
    places = [
        _point(space.variables[space.of_name[partner][0]], values[partner]) + step
        for partner in sorted(space.partners(name) & values.keys())
        for step in (-1, 0, 1)
    ]
    fitting = [place for place in places if not line.meet(Range(place, place)).empty]
    return [*(_written(variable, place, space, name) for place in fitting), *variable.samples]


def _starts(space: OrderedSpace, names: list[str]) -> dict[str, Any]:
    return {name: _EPOCH.toordinal() if space.kinds[name].group == "date" else 0 for name in names}


def _ranges(space: OrderedSpace, name: str, box: Mapping[int, int], fixed: Mapping[str, Any]) -> Iterator[Range]:
    """The stretches of the line in which a fact may lie: runs of the regions allowed."""
    (index,) = space.of_name[name]
    variable, kind = space.variables[index], space.kinds[name]
    line = _line(kind.group, kind.whole)
    if fixed.get(name) is not None:
        at = _point(variable, fixed[name])
        yield line.meet(Range(at, at))
        return
    mask = box.get(index, variable.full) & variable.full
    if mask == variable.full:
        yield line
        return
    while mask:
        first = (mask & -mask).bit_length() - 1
        run = ~(mask >> first)
        last = first + (run & -run).bit_length() - 2
        low, high = variable.spans[first], variable.spans[last]
        yield line.meet(
            Range(_end(variable, low.low), _end(variable, high.high), not low.point, not high.point).rounded()
        )
        mask &= -1 << last + 1


def _line(group: str, whole: bool) -> Range:
    match group:
        case "date":
            return Range(_FIRST_DAY, _LAST_DAY, whole=True)
        case "instant":
            return Range(_FIRST_TICK, _LAST_TICK, whole=True)
    return Range(whole=whole)


def _end(variable: Variable, value: Any) -> Any:
    return None if value is None else _point(variable, value)


def _point(variable: Variable, value: Any) -> Any:
    """The place of a value on the line."""
    match variable.group:
        case "date":
            return date.fromisoformat(variable.read(value)).toordinal()
        case "instant":
            return (variable.read(value) - _EPOCH) // _TICK
    return variable.read(value)


def _written(variable: Variable, value: Any, space: OrderedSpace, name: str) -> Any:
    """A place on the line as the value that is kept."""
    match variable.group:
        case "date":
            return date.fromordinal(int(value)).isoformat()
        case "instant":
            return (_EPOCH + int(value) * _TICK).isoformat()
    return int(value) if space.kinds[name].whole else value


def _solved(
    ranges: Mapping[str, Range], held: list[tuple[tuple[str, str], int]], starts: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Values in ranges that lie in some orders (0: less, 1: equal, 2: greater); None where there are none."""
    head = _heads(ranges, held)
    bounds: dict[str, Range] = {}
    for name, top in head.items():
        bounds[top] = ranges[name].meet(bounds[top]) if top in bounds else ranges[name].rounded()
    above: dict[str, set[str]] = {top: set() for top in bounds}
    for (first, second), order in held:
        if order != 1:
            less, more = (first, second) if order == 0 else (second, first)
            above[head[less]].add(head[more])
    line = _sorted(above)
    values = None if line is None else _placed(line, bounds, above, starts)
    return None if values is None else {name: values[top] for name, top in head.items()}


def _heads(names: Iterable[str], held: list[tuple[tuple[str, str], int]]) -> dict[str, str]:
    """For each name one that stands for it and all that are equal to it."""
    head = {name: name for name in names}
    for (first, second), order in held:
        if order == 1:
            old, new = head[first], head[second]
            head = {name: new if top == old else top for name, top in head.items()}
    return head


def _placed(
    line: list[str], bounds: dict[str, Range], above: Mapping[str, set[str]], starts: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The least values in ranges, from the least name on; None where a range has no room."""
    for top in reversed(line):
        for high in (bounds[greater].high for greater in above[top]):
            if high is not None:
                bounds[top] = bounds[top].meet(Range(high=high, high_open=True))
    values: dict[str, Any] = {}
    for top in line:
        if bounds[top].empty:
            return None
        values[top] = bounds[top].least(starts[top])
        for greater in above[top]:
            bounds[greater] = bounds[greater].meet(Range(low=values[top], low_open=True))
    return values


def _sorted(above: Mapping[str, set[str]]) -> list[str] | None:
    """The names from the least on; None where some lie in a circle."""
    left = {name: sum(name in greater for greater in above.values()) for name in above}
    line: list[str] = []
    ready = [name for name, below in left.items() if not below]
    while ready:
        name = ready.pop()
        line.append(name)
        for greater in above[name]:
            left[greater] -= 1
            if not left[greater]:
                ready.append(greater)
    return line if len(line) == len(above) else None
