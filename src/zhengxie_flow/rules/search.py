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
    """How many branches may be explored, and how many were."""

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


@dataclass(slots=True)
class Landscape:
    """The rules and constraints of one decision, or of several side by side, as boxes in one space.

    ``whole`` names rules that could not be taken apart.
    """

    rulesets: Sequence[Ruleset]
    space: Space
    boxes: list[Box] = field(default_factory=list)
    owner: list[tuple[int, int]] = field(default_factory=list)  # which ruleset, which rule; -1 is a constraint
    whole: list[str] = field(default_factory=list)
    asks: list[int] = field(default_factory=list)  # for each box, the variables it constrains
    axes: list[Axis] = field(default_factory=list)
    all: int = 0
    of: list[list[int]] = field(default_factory=list)  # for each ruleset and rule, its boxes
    mine: list[int] = field(default_factory=list)  # for each ruleset, the boxes of its rules
    impossible: list[int] = field(default_factory=list)  # for each ruleset, the boxes of its constraints

    def search(
        self,
        judge: Judge,
        budget: Budget,
        *,
        start: Mapping[int, int] | None = None,
        among: int = -1,
        without: int | None = None,
    ) -> Box | None:
        """A part of the space where ``judge`` says found, or None when there is none.  Raises `OutOfBranchesError`.

        ``start`` limits the regions of some variables, ``among`` the boxes looked at; the variable ``without`` is never
        split and counts as free, for a judge that looks at its regions itself.
        """
        limits = dict(start or {})
        axes = [
            self._limited(index, limits[index]) if index in limits else axis for index, axis in enumerate(self.axes)
        ]
        if without is not None:
            axes[without] = Axis((), -1)
        alive = self.all & among
        for index in limits:
            seen = 0
            for _, mask in axes[index].masks:
                seen |= mask
            alive &= seen
        every = (1 << len(axes)) - 1
        frees = _Frees(axes)
        seen_: set[tuple[int, int]] = set()
        stack: list[tuple[int, int, Any]] = [(alive, every, None)]
        while stack:
            alive, left, path = stack.pop()
            budget.spend()
            held = alive & frees.over(left)
            answer = judge(held, alive)
            if answer:
                return _reached(limits, path)
            if answer is False or held == alive:
                continue
            index = self._next(alive & ~held, left, axes)
            left &= ~(1 << index)
            fresh: dict[int, int] = {}
            for region, mask in axes[index].masks:
                fresh.setdefault(alive & mask, region)
            for mask, region in fresh.items():
                if (mask, left) not in seen_:
                    seen_.add((mask, left))
                    stack.append((mask, left, (path, index, region)))
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

    def rules(self, which: int, boxes: int) -> int:
        """The rules of one ruleset that some boxes belong to."""
        found = 0
        for place in bits(boxes & self.mine[which]):
            found |= 1 << self.owner[place][1]
        return found

    def standing(self, which: int, held: int, alive: int) -> Resolved | None:
        """How a decision stands in a part of the space; None where it differs there."""
        found = self.rulesets[which].policy.settle(self.rules(which, held), self.rules(which, alive))
        return None if found.status == "pending" else found

    def of_facts(self, facts: Mapping[str, Any]) -> Box:
        """The part of the space that some facts leave."""
        box: Box = {}
        for name, indices in self.space.of_name.items():
            value = facts.get(name)
            if value is None or self.space.is_opaque(indices[0]):
                continue
            known = {self.space.variables[index].member for index in indices}
            for index in indices:
                made = self.space.variables[index]
                if made.group == "member":
                    inside = made.member in value if made.member is not None else not known.issuperset(value)
                    box[index] = 2 if inside else 1
                else:
                    box[index] = 1 << made.find(value)
        return box


def _reached(limits: Box, path: Any) -> Box:
    found = dict(limits)
    while path is not None:
        path, index, region = path
        found[index] = 1 << region
    return found


class _Frees:
    """The boxes that ask nothing of some variables, remembered by the variables."""

    def __init__(self, axes: Sequence[Axis]) -> None:
        self._axes = axes
        self._known: dict[int, int] = {0: -1}

    def over(self, left: int) -> int:
        """The boxes free in every variable that is left."""
        found = self._known.get(left)
        if found is None:
            found = -1
            for index in bits(left):
                found &= self._axes[index].free
            self._known[left] = found
        return found


def landscape(rulesets: Sequence[Ruleset], *each_others: Mapping[str, Ruleset]) -> Landscape:
    """Decisions side by side in one space, the other decisions that each asks written out."""
    asked = [
        {
            name: other
            for name, other in (each_others[which] if which < len(each_others) else {}).items()
            if name != each.name
        }
        for which, each in enumerate(rulesets)
    ]
    raw = [
        [[expanded(test, asked[which]) for test in tests] for tests in each.tests]
        for which, each in enumerate(rulesets)
    ]
    barred = [[expanded(test, asked[which]) for test in each.constraints] for which, each in enumerate(rulesets)]
    known: dict[str, ValueType] = {}
    for each in (*reversed(rulesets), *(other for others in asked for other in others.values())):
        known |= {name: kind for name, kind in each.types.items() if name not in known}
    conditions = [test for rules in raw for tests in rules for test in tests]
    conditions += [test for constraints in barred for test in constraints]
    found = kinds(conditions, known)
    periods = [rule.in_force for each in rulesets for rule in each.decision.rules]
    days = [day.isoformat() for period in periods for day in (period.from_, period.to) if day is not None]
    space = Space([typed(test, found) for test in conditions], found, days)
    made = Landscape(rulesets, space)
    for which, each in enumerate(rulesets):
        of: list[int] = []
        for index, tests in enumerate(raw[which]):
            of.append(_add_rule(made, (which, index), [typed(test, found) for test in tests]))
        made.of.append(of)
        made.mine.append(sum(of))
        made.impossible.append(
            sum(_add(made, (which, -1), _boxes(made, typed(test, found), f"{each.name}: {number}"))
                for number, test in enumerate(barred[which], 1))
        )  # fmt: skip
    _finish(made)
    return made


def _add_rule(made: Landscape, owner: tuple[int, int], tests: Iterable[Condition]) -> int:
    rule = made.rulesets[owner[0]].decision.rules[owner[1]]
    if rule.never:
        return 0
    period = made.space.period(rule.in_force.from_, rule.in_force.to)
    whole = TRUE.model_copy(update={"all": tuple(tests)})
    met = (meet(box, period) for box in _boxes(made, whole, rule.id))
    return _add(made, owner, [box for box in met if box is not None])


def _boxes(made: Landscape, condition: Condition, name: str) -> list[Box]:
    try:
        return made.space.boxes(condition)
    except TooManyError:
        made.whole.append(name)
        return made.space.as_a_whole(condition)


def _add(made: Landscape, owner: tuple[int, int], boxes: list[Box]) -> int:
    first = len(made.boxes)
    made.boxes += boxes
    made.owner += [owner] * len(boxes)
    return (1 << len(made.boxes)) - (1 << first)


def _finish(made: Landscape) -> None:
    made.all = (1 << len(made.boxes)) - 1
    made.asks = [sum(1 << index for index in box) for box in made.boxes]
    asked: dict[int, int] = {}
    for place, box in enumerate(made.boxes):
        for index in box:
            asked[index] = asked.get(index, 0) | 1 << place
    for index, each in enumerate(made.space.variables):
        free = made.all & ~asked.get(index, 0)
        masks = by_region(each, index, made.boxes, free)[: each.size]
        made.axes.append(Axis(tuple(enumerate(masks)), free))
