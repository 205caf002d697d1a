"""The space of all cases as a decision sees them: its variables, and each condition as boxes in it.

A box allows some regions of some variables and every region of the others; a condition is a union of boxes.  Conditions
on acts, items, states and other fields have no regions: each is a variable of its own, and whatever rests on one is not
proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import DATED, Condition, Test
from zhengxie_flow.rules import regions
from zhengxie_flow.rules.kinds import Kind, comparisons, literals, operands
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
        names: Iterable[str] = (),
    ) -> None:
        self.kinds = dict(kinds)
        self.variables: list[Variable] = []
        self.of_name: dict[str, list[int]] = {}
        self._members: dict[tuple[str, str | None], int] = {}
        self._opaque: dict[str, int] = {}
        self.conditions: dict[int, Condition] = {}  # what an opaque variable stands for
        cuts: dict[str, list[Any]] = {name: [] for name in (*kinds, *names)} | {DAY: list(days)}
        for condition in conditions:
            for compare in comparisons(condition):
                for _, operand in operands(compare.test):
                    cuts[compare.name] += literals(operand)
        for name, values in cuts.items():
            kind = Kind("date") if name == DAY else self.kinds.get(name)
            if kind is not None and kind.group == "set":
                self._set(name, kind, values)
            elif kind is not None and (name != DAY or values):
                self._add(name, regions.variable(name, kind, values))

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
                parts.append(self._whole(single, holds))
                continue
            kind = self.kinds[compare.name]
            if kind.group == "set":
                parts.append(self._of_set(compare.name, operator, members, holds))
            elif kind.group == "instant" and not self._exact(compare.name, operator, members):
                parts.append(self._whole(single, holds))
            else:
                parts.append(self._cut(compare.name, operator, operand, holds))
        if compare.test.recorded is not None:
            single = c.Compare.model_construct(
                name=compare.name, test=Test.model_construct(recorded=compare.test.recorded)
            )
            parts.append(self._whole(single, holds))
        return _product(parts) if holds else _union(parts)

    def _exact(self, name: str, operator: str, members: tuple[Any, ...]) -> bool:
        """Return whether regions settle this test of an instant: instants against instants, or civil days alone."""
        by_day = self.variables[self.of_name[name][0]].group == "date"
        return operator in DATED and all((len(value) <= 10) == by_day for value in members)

    def _cut(self, name: str, operator: str, operand: Any, holds: bool) -> list[Box]:
        (index,) = self.of_name[name]
        members = operand if isinstance(operand, tuple) else (operand,)
        passing = self._within(index, operator, members)
        allowed = self.full(index) & (passing if holds else ~passing)
        return [{index: allowed}] if allowed else []

    def _within(self, index: int, operator: str, members: tuple[Any, ...]) -> int:
        """The regions that pass one test; every literal is a cut, so it has a region of its own."""
        find = self.variables[index].find
        if operator in _ORDER:
            return _ORDER[operator](find(members[0]))
        points = [1 << find(member) for member in members]
        if operator == "includes" and len(set(points)) > 1:
            return 0
        passing = 0
        for point in points:
            passing |= point
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

    def sample(self, allowed: Mapping[int, int]) -> dict[str, Any]:
        """A value for every fact, in the regions allowed; opaque conditions are left out."""
        values: dict[str, Any] = {}
        for name, indices in self.of_name.items():
            first = self.variables[indices[0]]
            if first.group == "opaque":
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
