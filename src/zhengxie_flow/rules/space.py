"""The space of all cases as a decision sees them: its variables, and each condition as boxes in it.

A box allows some regions of some variables and every region of the others; a condition is a union of boxes.  Two facts
compared with each other are a variable of their order; not every box has a case then (see `rules.ordering`).
Conditions on acts, items and states have no regions: each is a variable of its own, and whatever rests on one is not
proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, assert_never

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.comparing import DEFAULT_ZONE, moment, number, order_of, orders
from zhengxie_flow.model.condition import Condition, FieldRef, Test
from zhengxie_flow.rules import ordering, regions
from zhengxie_flow.rules.kinds import Kind, comparisons, fields, literals, operands
from zhengxie_flow.rules.regions import DAY, Variable

Box = dict[int, int]
"""The regions allowed of each variable that is not free."""

MOST_BOXES = 512
"""Boxes of one condition; a condition that needs more is not taken apart."""


class TooManyError(Exception):
    """A condition takes more than `MOST_BOXES` boxes."""


class Space:
    """The variables of some conditions (and of the days between which rules are in force)."""

    def __init__(
        self,
        conditions: Iterable[Condition],
        kinds: Mapping[str, Kind],
        days: Iterable[str] = (),
        zone: tzinfo = DEFAULT_ZONE,
    ) -> None:
        self.kinds = dict(kinds)
        self.zone = zone
        self.variables: list[Variable] = []
        self.of_name: dict[str, list[int]] = {}
        self._members: dict[tuple[str, str | None], int] = {}
        self._opaque: dict[str, int] = {}
        self.conditions: dict[int, Condition] = {}  # what an opaque variable stands for
        self._order: dict[tuple[str, str], int] = {}
        cuts: dict[str, list[Any]] = {name: [] for name in kinds} | {DAY: list(days)}
        for condition in conditions:
            for compare in comparisons(condition):
                for _, operand in operands(compare.test):
                    cuts[compare.name] += literals(operand)
                for _, other in fields(compare.test):  # two choices are held against each other choice by choice
                    for name in (compare.name, other):
                        cuts[name] += self.kinds[name].choices if self.kinds[name].group == "choice" else ()
        for name, values in cuts.items():
            kind = Kind("date") if name == DAY else self.kinds.get(name)
            if kind is not None and kind.group == "set":
                self._set(name, kind, values)
            elif kind is not None and (name != DAY or values):
                self._add(name, regions.variable(name, kind, values, zone))

    def _add(self, name: str, variable: Variable) -> int:
        self.variables.append(variable)
        self.of_name.setdefault(name, []).append(len(self.variables) - 1)
        return len(self.variables) - 1

    def _set(self, name: str, kind: Kind, values: Iterable[Any]) -> None:
        for member in dict.fromkeys((*kind.choices, *sorted(map(str, values)))):
            self._members[name, member] = self._add(name, regions.member(name, member))
        if not kind.choices:
            self._members[name, None] = self._add(name, regions.member(name, None))

    def full(self, index: int) -> int:
        """All regions of a variable."""
        return self.variables[index].full

    def boxes(self, condition: Condition, *, holds: bool = True) -> list[Box]:
        """The boxes in which a condition holds, or does not hold.

        Raises:
            TooManyError: it takes more than `MOST_BOXES` of them.
        """
        match condition:
            case c.All():
                parts = [self.boxes(part, holds=holds) for part in condition.all]
                return _product(parts) if holds else _union(parts)
            case c.AnyOf():
                parts = [self.boxes(part, holds=holds) for part in condition.any]
                return _union(parts) if holds else _product(parts)
            case c.Not():
                return self.boxes(condition.not_, holds=not holds)
            case c.Compare():
                return self._compared(condition, holds)
            case (
                c.Done() | c.Last() | c.Every() | c.Some() | c.Count()
                | c.Decided() | c.SubcaseIs() | c.InState() | c.VerdictIs() | c.ParameterIs()
            ):  # fmt: skip
                return self._whole(condition, holds)
            case _:
                assert_never(condition)

    def as_a_whole(self, condition: Condition) -> list[Box]:
        """A condition as a variable of its own."""
        return self._whole(condition, True)

    def _whole(self, condition: Condition, holds: bool) -> list[Box]:
        key = condition.model_dump_json(by_alias=True, exclude_none=True)
        if key not in self._opaque:
            self._opaque[key] = self._add(key, regions.opaque(key))
            self.conditions[self._opaque[key]] = condition
        return [{self._opaque[key]: 2 if holds else 1}]

    def _compared(self, compare: c.Compare, holds: bool) -> list[Box]:
        parts: list[list[Box]] = []
        for operator, operand in operands(compare.test):
            members = operand if isinstance(operand, tuple) else (operand,)
            single = c.Compare.model_construct(name=compare.name, test=Test.model_construct(**{operator: operand}))
            if len(literals(operand)) < len(members):
                against = self._against_field(compare.name, operator, operand, holds)
                parts.append(self._whole(single, holds) if against is None else against)
                continue
            kind = self.kinds[compare.name]
            if kind.group == "set":
                parts.append(self._of_set(compare.name, operator, members, holds))
            else:
                parts.append(self._cut(compare.name, operator, operand, holds))
        if compare.test.recorded is not None:
            single = c.Compare.model_construct(
                name=compare.name, test=Test.model_construct(recorded=compare.test.recorded)
            )
            parts.append(self._whole(single, holds))
        return _product(parts) if holds else _union(parts)

    def _against_field(self, name: str, operator: str, operand: Any, holds: bool) -> list[Box] | None:
        """The boxes of a test against another fact; None where only the test as a whole can be told."""
        passes = orders(operator)
        if passes is None or not isinstance(operand, FieldRef):
            return None
        other, group = operand.field, self.kinds[name].group
        if group != self.kinds[other].group or group not in {"number", "date", "instant", "bool", "choice"}:
            return None
        if name == other:
            return [{}] if passes[1] is holds else []
        if group in {"bool", "choice"}:
            return self._alike(name, other, passes[1] is holds)
        less, equal, greater = passes if name < other else passes[::-1]
        pair = (min(name, other), max(name, other))
        if pair not in self._order:
            self._order[pair] = self._add(regions.order(*pair).name, regions.order(*pair))
        allowed = less | equal << 1 | greater << 2
        return [{self._order[pair]: allowed if holds else 7 & ~allowed}]

    def _alike(self, name: str, other: str, equal: bool) -> list[Box] | None:
        """The boxes in which two choices are the same, or differ; None where the choices are not all listed."""
        (first,), (second,) = self.of_name[name], self.of_name[other]
        left, right = self.variables[first], self.variables[second]
        if left.group == "choice" and not (self.kinds[name].choices and self.kinds[other].choices):
            return None
        boxes: list[Box] = []
        for region, value in enumerate(left.samples):
            partner = 1 << right.samples.index(value) if value in right.samples else 0
            allowed = partner if equal else right.full & ~partner
            if allowed:
                boxes.append({first: 1 << region, second: allowed})
        return boxes

    @property
    def pairs(self) -> Mapping[tuple[str, str], int]:
        """The facts that are compared with each other by their order, with the variable of it."""
        return self._order

    @property
    def tied(self) -> frozenset[int]:
        """The variables of facts that are compared with each other by their order, and of those orders."""
        facts = {index for pair in self._order for name in pair for index in self.of_name[name]}
        return frozenset(facts | set(self._order.values()))

    def order_of(self, pair: tuple[str, str], values: Sequence[Any]) -> int:
        """The region of the order of two facts."""
        dated = self.kinds[pair[0]].group in {"date", "instant"}
        first, second = map(moment if dated else number, values)
        return order_of(first, second, self.zone) + 1

    def partners(self, name: str) -> frozenset[str]:
        """The facts that a fact is compared with by their order."""
        return frozenset(other for pair in self._order if name in pair for other in pair if other != name)

    def _cut(self, name: str, operator: str, operand: Any, holds: bool) -> list[Box]:
        (index,) = self.of_name[name]
        members = operand if isinstance(operand, tuple) else (operand,)
        passing = self._within(index, operator, members)
        allowed = self.full(index) & (passing if holds else ~passing)
        return [{index: allowed}] if allowed else []

    def _within(self, index: int, operator: str, members: tuple[Any, ...]) -> int:
        """The regions that pass one test; every literal is a cut, so it has a region of its own."""
        find = self.variables[index].find
        if self.variables[index].group == "instant" and operator != "includes":
            return self._within_instants(index, operator, members)
        if operator in _ORDER:
            return _ORDER[operator](find(members[0]))
        points = [1 << find(member) for member in members]
        if operator == "includes" and len(set(points)) > 1:
            return 0
        passing = 0
        for point in points:
            passing |= point
        return ~passing if operator == "differs_from" else passing

    def _within_instants(self, index: int, operator: str, members: tuple[Any, ...]) -> int:
        """The regions of instants that pass one test; a day covers the regions from its begin to its end."""
        variable = self.variables[index]
        spans: list[int] = []
        for member in members:
            first, *end = map(variable.find, regions.cuts_of(member, self.zone))
            if len(str(member)) > 10:  # an instant
                spans.append(1 << first)
            else:
                spans.append(_from(first) & (_below(end[0]) if end else -1) & variable.full)
        if operator in _ORDER:
            low = (spans[0] & -spans[0]).bit_length() - 1
            high = spans[0].bit_length() - 1
            lower = operator in {"before", "on_or_after"}
            return _ORDER[operator](low if lower else high)
        passing = 0
        for span in spans:
            passing |= span
        return ~passing if operator == "differs_from" else passing

    def _of_set(self, name: str, operator: str, members: tuple[Any, ...], holds: bool) -> list[Box]:
        variables = {member: index for (owner, member), index in self._members.items() if owner == name}
        named = set(members)
        inside = [{variables[member]: 2} for member in variables if member in named]
        outside = [{variables[member]: 1} for member in variables if member not in named]
        match operator:
            case "includes":
                literal = [[box] for box in inside]
            case "within":
                literal = [[box] for box in outside]
            case "one_of":  # the set has this one member, or that one
                equal = [self._of_set(name, "equals", (value,), True) for value in members]
                if holds:
                    return _union(equal)
                return _product([self._of_set(name, "equals", (value,), False) for value in members])
            case "differs_from":
                return self._of_set(name, "equals", members, not holds)
            case _:
                literal = [[box] for box in (*inside, *outside)]
        if holds:
            return _product(literal)
        return _union([[{index: 3 ^ allowed} for box in part for index, allowed in box.items()] for part in literal])

    def period(self, first: Any, last: Any) -> Box:
        """The days between two days, both included; open where None."""
        if first is None and last is None:
            return {}
        (index,) = self.of_name[DAY]
        low, high = (None if day is None else day.isoformat() for day in (first, last))
        allowed = self.full(index)
        if low is not None:
            allowed &= self._within(index, "on_or_after", (low,))
        if high is not None:
            allowed &= self._within(index, "on_or_before", (high,))
        return {index: allowed}

    def is_opaque(self, index: int) -> bool:
        """Return whether a variable is a condition taken as a whole."""
        return self.variables[index].group == "opaque"

    def is_fact(self, index: int) -> bool:
        """Return whether a variable is one of a single fact: neither a condition nor the order of two facts."""
        return self.variables[index].group not in {"opaque", "order"}

    def sample(self, allowed: Mapping[int, int]) -> dict[str, Any]:
        """A value for every fact, in the regions allowed and in the order allowed; opaque conditions are left out."""
        values: dict[str, Any] = {}
        ordered = ordering.assignment(self, allowed) or {} if self._order else {}
        for name, indices in self.of_name.items():
            first = self.variables[indices[0]]
            if not self.is_fact(indices[0]):
                continue
            if name in ordered:
                values[name] = ordered[name]
                continue
            chosen = [_lowest(allowed.get(index, self.full(index))) for index in indices]
            if first.group == "member":
                present = zip(indices, chosen, strict=True)
                values[name] = sorted(self.variables[index].member or "other" for index, region in present if region)
            else:
                values[name] = first.samples[chosen[0]]
        return values


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _from(region: int) -> int:
    return -1 << region


def _above(region: int) -> int:
    return -1 << region + 1


def _upto(region: int) -> int:
    return (1 << region + 1) - 1


def _below(region: int) -> int:
    return (1 << region) - 1


_ORDER = {
    "at_least": _from, "more_than": _above, "at_most": _upto, "less_than": _below,
    "on_or_after": _from, "after": _above, "on_or_before": _upto, "before": _below,
}  # fmt: skip


def meet(box: Box, other: Box) -> Box | None:
    """The part two boxes share; None where they share none."""
    if len(box) < len(other):
        box, other = other, box
    both = dict(box)
    for index, allowed in other.items():
        shared = both.get(index, allowed) & allowed
        if not shared:
            return None
        both[index] = shared
    return both


def _union(parts: Iterable[list[Box]]) -> list[Box]:
    return _distinct(box for part in parts for box in part)


def _product(parts: Iterable[list[Box]]) -> list[Box]:
    boxes: list[Box] = [{}]
    for part in parts:
        met = (meet(left, other) for left in boxes for other in part)
        boxes = _distinct(left for left in met if left is not None)
    return boxes


def _distinct(boxes: Iterable[Box]) -> list[Box]:
    unique: dict[tuple[tuple[int, int], ...], Box] = {}
    for box in boxes:
        unique.setdefault(tuple(sorted(box.items())), box)
        if len(unique) > MOST_BOXES:
            raise TooManyError
    return list(unique.values())
