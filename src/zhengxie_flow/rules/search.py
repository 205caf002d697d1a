"""The case split behind every proof: fix one fact after the other until the answer is the same everywhere.

Branches are counted, not seconds, so that a proof comes out the same on every machine.  A search that would need more
than its budget raises `OutOfBranchesError`, and what it was for counts as not proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.rules import ordering
from zhengxie_flow.rules.compile import Ruleset, by_region
from zhengxie_flow.rules.expand import TRUE, expanded
from zhengxie_flow.rules.kinds import kinds, typed
from zhengxie_flow.rules.policy import bits
from zhengxie_flow.rules.space import Box, Space, TooManyError, meet

BRANCHES = 200_000
"""Branches that one proof may explore unless told otherwise."""

Judge = Callable[[int, int], bool | None]
"""Asked at each branch with the boxes that hold everywhere in it and those that may: found, nothing here, or go on."""


class OutOfBranchesError(Exception):
    """The budget is used up."""


@dataclass(slots=True)
class Budget:
    """The branches that may be explored, and those that were."""

    most: int = BRANCHES
    used: int = 0

    def spend(self, branches: int = 1) -> None:
        """Count some branches.  Raises `OutOfBranchesError`."""
        self.used += branches
        if self.used > self.most:
            raise OutOfBranchesError


@dataclass(frozen=True, slots=True)
class Axis:
    """A variable in one search: the boxes that allow each region that is left, and those that allow all of them."""

    masks: tuple[tuple[int, int], ...]  # region, boxes
    free: int


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a search looks at.

    Attributes:
        start: Limits the regions of some variables.
        among: The boxes looked at.
        without: A variable that is never split and counts as free, for a judge that looks at its regions itself.
        values: Facts that are known, which say more than their region where facts are compared with each other.
        strict: Passes over parts of the space in which no case lies because of the order of facts.
    """

    start: Mapping[int, int] | None = None
    among: int = -1
    without: int | None = None
    values: Mapping[str, Any] | None = None
    strict: bool = True


@dataclass(slots=True)
class Landscape:
    """The rules and constraints of one decision, or of several side by side, as boxes in one space.

    ``opaque_rules`` names rules that could not be taken apart.
    """

    rulesets: Sequence[Ruleset]
    space: Space
    boxes: list[Box] = field(default_factory=list)
    owner: list[tuple[int, int]] = field(default_factory=list)  # ruleset, rule; rule -1 is a constraint
    opaque_rules: list[str] = field(default_factory=list)
    asks: list[int] = field(default_factory=list)  # for each box, the variables it constrains
    axes: list[Axis] = field(default_factory=list)
    all: int = 0
    rule_boxes: list[list[int]] = field(default_factory=list)  # for each ruleset and rule, its boxes
    all_rules: list[int] = field(default_factory=list)  # for each ruleset, the boxes of its rules
    impossible: list[int] = field(default_factory=list)  # for each ruleset, the boxes of its constraints

    def search(  # noqa: C901  # one loop, not worth taking apart: it is what a proof costs
        self,
        judge: Judge,
        budget: Budget,
        within: Restriction | None = None,
    ) -> Box | None:
        """A part of the space that ``judge`` accepts; None where there is none.

        Args:
            judge: accepts (True) or rejects (False) a branch as a whole, or has it split further (None).
            budget: counts the branches.
            within: the part of the space, and the boxes, that are looked at; None: all.

        Raises:
            OutOfBranchesError: the budget is used up.
        """
        within = within or Restriction()
        limits, without, values = dict(within.start or {}), within.without, within.values
        axes = [
            self._limited(index, limits[index]) if index in limits else axis for index, axis in enumerate(self.axes)
        ]
        if without is not None:
            axes[without] = Axis((), -1)
        alive = self.all & within.among
        for index in limits:
            limited = 0
            for _, mask in axes[index].masks:
                limited |= mask
            alive &= limited
        every = (1 << len(axes)) - 1
        frees = _Frees(axes)
        visited: set[Any] = set()
        tied = (
            self.space.tied if within.strict else frozenset[int]()
        )  # their regions differ even where the boxes do not
        stack: list[tuple[int, int, Any, Any]] = [(alive, every, None, ())]
        while stack:
            alive, left, path, chosen = stack.pop()
            budget.spend()
            if tied and ordering.assignment(self.space, _reached(limits, path), values) is None:
                continue
            held = alive & frees.over(left)
            answer = judge(held, alive)
            if answer:
                return _reached(limits, path)
            if answer is False or held == alive:
                continue
            index = self._next(alive & ~held, left, axes)
            left &= ~(1 << index)
            fresh: dict[tuple[int, Any], int] = {}
            for region, mask in axes[index].masks:
                fresh.setdefault((alive & mask, (*chosen, region) if index in tied else chosen), region)
            for (mask, steps), region in fresh.items():
                if (mask, left, steps) not in visited:
                    visited.add((mask, left, steps))
                    stack.append((mask, left, (path, index, region), steps))
        return None

    def _limited(self, index: int, allowed: int) -> Axis:
        masks = tuple((region, mask) for region, mask in self.axes[index].masks if allowed >> region & 1)
        free = -1
        for _, mask in masks:
            free &= mask
        return Axis(masks, free)

    def _next(self, open_: int, left: int, axes: list[Axis]) -> int:
        """The variable to split next: of the first box still open, the one with the fewest regions."""
        first = (open_ & -open_).bit_length() - 1
        return min(
            (index for index in bits(self.asks[first] & left) if not axes[index].free >> first & 1),
            key=lambda index: len(axes[index].masks),
        )

    def rules(self, side: int, boxes: int) -> int:
        """The rules of one ruleset that some boxes belong to."""
        rules = 0
        for place in bits(boxes & self.all_rules[side]):
            rules |= 1 << self.owner[place][1]
        return rules

    def standing(self, side: int, held: int, alive: int) -> Resolved | None:
        """The status of a decision throughout a part of the space; None where it differs there."""
        resolved = self.rulesets[side].policy.settle(self.rules(side, held), self.rules(side, alive))
        return None if resolved.status == "pending" else resolved

    def of_facts(self, facts: Mapping[str, Any]) -> Box:
        """The part of the space that some facts leave."""
        box: Box = {}
        for name, indices in self.space.of_name.items():
            value = facts.get(name)
            pair = self.space.variables[indices[0]].pair
            if pair is not None and None not in (both := [facts.get(part) for part in pair]):
                box[indices[0]] = 1 << self.space.order_of(pair, both)
            if value is None or not self.space.is_fact(indices[0]):
                continue
            mentioned = {self.space.variables[index].member for index in indices}
            for index in indices:
                variable = self.space.variables[index]
                if variable.group == "member":
                    inside = (
                        variable.member in value if variable.member is not None else not mentioned.issuperset(value)
                    )
                    box[index] = 2 if inside else 1
                else:
                    box[index] = 1 << variable.find(value)
        return box


def _reached(limits: Box, path: Any) -> Box:
    box = dict(limits)
    while path is not None:
        path, index, region = path
        box[index] = 1 << region
    return box


class _Frees:
    """The boxes that leave some variables free, cached by the set of variables."""

    def __init__(self, axes: Sequence[Axis]) -> None:
        self._axes = axes
        self._cache: dict[int, int] = {0: -1}

    def over(self, left: int) -> int:
        """The boxes free in every variable that is left."""
        boxes = self._cache.get(left)
        if boxes is None:
            boxes = -1
            for index in bits(left):
                boxes &= self._axes[index].free
            self._cache[left] = boxes
        return boxes


def landscape(rulesets: Sequence[Ruleset], *available: Mapping[str, Ruleset]) -> Landscape:
    """Write decisions as boxes in one space, side by side.

    Args:
        rulesets: the decisions.
        available: for each of them, the decisions that it may ask, which are written out.

    Returns:
        The landscape.
    """
    asked = [
        {
            name: other
            for name, other in (available[side] if side < len(available) else {}).items()
            if name != ruleset.name
        }
        for side, ruleset in enumerate(rulesets)
    ]
    raw = [
        [[expanded(test, asked[side]) for test in tests] for tests in ruleset.tests]
        for side, ruleset in enumerate(rulesets)
    ]
    constraints = [
        [expanded(test, asked[side]) for test in ruleset.constraints] for side, ruleset in enumerate(rulesets)
    ]
    types: dict[str, ValueType] = {}
    for ruleset in (*reversed(rulesets), *(other for others in asked for other in others.values())):
        types |= {name: kind for name, kind in ruleset.types.items() if name not in types}
    conditions = [test for rules in raw for tests in rules for test in tests]
    conditions += [test for tests in constraints for test in tests]
    zone = rulesets[0].zone
    by_name = kinds(conditions, types, zone)
    periods = [rule.in_force for ruleset in rulesets for rule in ruleset.decision.rules]
    days = [day.isoformat() for period in periods for day in (period.from_, period.to) if day is not None]
    space = Space([typed(test, by_name, zone) for test in conditions], by_name, days, zone)
    land = Landscape(rulesets, space)
    for side, ruleset in enumerate(rulesets):
        boxes_of_rules: list[int] = []
        for index, tests in enumerate(raw[side]):
            boxes_of_rules.append(_add_rule(land, (side, index), [typed(test, by_name, zone) for test in tests]))
        land.rule_boxes.append(boxes_of_rules)
        land.all_rules.append(sum(boxes_of_rules))
        land.impossible.append(
            sum(_add(land, (side, -1), _boxes(land, typed(test, by_name, zone), f"{ruleset.name}: {number}"))
                for number, test in enumerate(constraints[side], 1))
        )  # fmt: skip
    _finish(land)
    return land


def _add_rule(land: Landscape, owner: tuple[int, int], tests: Iterable[Condition]) -> int:
    rule = land.rulesets[owner[0]].decision.rules[owner[1]]
    if rule.never:
        return 0
    period = land.space.period(rule.in_force.from_, rule.in_force.to)
    whole = TRUE.model_copy(update={"all": tuple(tests)})
    met = (meet(box, period) for box in _boxes(land, whole, rule.id))
    return _add(land, owner, [box for box in met if box is not None])


def _boxes(land: Landscape, condition: Condition, name: str) -> list[Box]:
    try:
        return land.space.boxes(condition)
    except TooManyError:
        land.opaque_rules.append(name)
        return land.space.as_a_whole(condition)


def _add(land: Landscape, owner: tuple[int, int], boxes: list[Box]) -> int:
    first = len(land.boxes)
    land.boxes += boxes
    land.owner += [owner] * len(boxes)
    return (1 << len(land.boxes)) - (1 << first)


def _finish(land: Landscape) -> None:
    land.all = (1 << len(land.boxes)) - 1
    land.asks = [sum(1 << index for index in box) for box in land.boxes]
    asked: dict[int, int] = {}
    for place, box in enumerate(land.boxes):
        for index in box:
            asked[index] = asked.get(index, 0) | 1 << place
    for index, variable in enumerate(land.space.variables):
        free = land.all & ~asked.get(index, 0)
        masks = by_region(variable, index, land.boxes, free)[: variable.size]
        land.axes.append(Axis(tuple(enumerate(masks)), free))
