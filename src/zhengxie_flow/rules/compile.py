"""A decision made ready to be asked: its rules as boxes in the space of its facts, looked up by region.

Asking for facts in hand costs one look-up a fact.  A rule that rests on acts, items, states, other decisions or other
fields has no boxes to look up and is evaluated as it is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import cached_property
from typing import Any, assert_never

from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.comparing import DEFAULT_ZONE
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.event import canonical
from zhengxie_flow.model.rule import Rule
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.rules.facts_view import FactsAlone, rules_holding
from zhengxie_flow.rules.kinds import Kind, comparisons, kinds, literals, operands, output_types, read_fact, typed
from zhengxie_flow.rules.policy import Policy
from zhengxie_flow.rules.regions import DAY, Variable
from zhengxie_flow.rules.space import Box, Space, TooManyError, meet

Finder = Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class Column:
    """A variable as it is looked up: for each region the boxes that allow it, and the boxes that leave it free."""

    name: str
    find: Callable[[Any], int]
    masks: tuple[int, ...]
    free: int


class Ruleset:
    """One decision, compiled; immutable once made and safe to share between threads."""

    def __init__(
        self, decision: Decision, types: Mapping[str, ValueType] | None = None, zone: tzinfo = DEFAULT_ZONE
    ) -> None:
        self.decision = decision
        self.zone = zone
        hints = {name: hint for name, hint in decision.inputs.items() if hint is not None}
        self.types: dict[str, ValueType] = {**hints, **(types or {})}
        raw = [test for rule in decision.rules for test in rule.tests]
        raw += [constraint.impossible for constraint in decision.constraints]
        self.kinds: dict[str, Kind] = kinds(raw, self.types, zone)
        self.tests = tuple(tuple(typed(test, self.kinds, zone) for test in rule.tests) for rule in decision.rules)
        self.constraints = tuple(typed(constraint.impossible, self.kinds, zone) for constraint in decision.constraints)
        self.policy = Policy(decision)
        self.dated = any(rule.in_force.from_ or rule.in_force.to for rule in decision.rules)

    @property
    def name(self) -> str:
        """The id of the decision."""
        return self.decision.decision

    @property
    def outputs(self) -> dict[str, ValueType]:
        """The outputs that other conditions can look up (``fee.amount``), with their types."""
        return output_types({self.name: self.decision})

    @cached_property
    def hash(self) -> str:
        """The content hash of the decision with the types of its facts; comments and layout change nothing."""
        types = {name: kind.model_dump(mode="json", include={"type", "of"}) for name, kind in sorted(self.types.items())
                 if name in self.kinds}  # fmt: skip
        plain = {
            "decision": self.decision.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            "types": types,
        }
        return "sha256:" + hashlib.sha256(canonical(plain)).hexdigest()

    @cached_property
    def table(self) -> Table:
        """The rules as boxes."""
        return Table(self)

    def read(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Read facts as a person enters them into the form in which they are compared.

        Args:
            facts: values by name; None is left out, and a name that the decision does not look at is kept as it is.

        Returns:
            The facts for `decide`.

        Raises:
            UsageError: ZX4020 for a value that is not of the kind of its fact.
        """
        read: dict[str, Any] = {}
        for name, value in facts.items():
            if value is not None:
                kind = self.kinds.get(name)
                read[name] = value if kind is None else read_fact(name, kind, value)
        return read

    def decide(self, facts: Mapping[str, Any]) -> Resolved:
        """Resolve the decision over facts alone.

        For decisions whose rules look at facts only; a condition on acts, items or states stays unknown.

        Args:
            facts: values by name, as `read` returns them; a fact left out is unknown.

        Returns:
            The status and the outcome; while it is pending, the facts that would settle it and the outcomes still
            possible.
        """
        return self.table.decide(facts)


class Table:
    """The rules of a decision as boxes, each box one bit."""

    def __init__(self, ruleset: Ruleset) -> None:
        rules, decision = ruleset.decision.rules, ruleset.decision
        every = [test for tests in ruleset.tests for test in tests]
        days = [day.isoformat() for rule in rules for day in (rule.in_force.from_, rule.in_force.to) if day is not None]
        self.ruleset = ruleset
        self.space = Space(every, ruleset.kinds, days if ruleset.dated else (), ruleset.zone)
        self.policy = ruleset.policy
        self.cache = ruleset.policy.cache
        self.boxes: list[Box] = []
        self.owner: list[int] = []
        self.written: list[int] = []  # rules evaluated as they are written
        for index, rule in enumerate(rules):
            rule_boxes = (
                None
                if any(not plain(test) or _undeclared(test, ruleset.kinds) for test in ruleset.tests[index])
                else self._boxes_of(rule, ruleset.tests[index])
            )
            if rule_boxes is None:
                self.written.append(index)
            else:
                self.boxes += rule_boxes
                self.owner += [index] * len(rule_boxes)
        self.straight = not self.written and self.owner == list(range(len(rules)))
        self.all = (1 << len(self.boxes)) - 1
        self.columns = columns(self.space, self.boxes)
        self.name = decision.decision
        self.lookups = tuple((column.name, column.find, column.masks, column.free) for column in self.columns)

    def _boxes_of(self, rule: Rule, tests: Iterable[Condition]) -> list[Box] | None:
        if rule.never:
            return []
        period = self.space.period(rule.in_force.from_, rule.in_force.to)
        try:
            whole = c.All.model_construct(all=tuple(tests))
            boxes = self.space.boxes(whole)
        except TooManyError:
            return None
        met = (meet(box, period) for box in boxes)
        return [box for box in met if box is not None]

    def decide(self, facts: Mapping[str, Any]) -> Resolved:
        """Resolve the decision over facts alone."""
        held = maybe = self.all
        get = facts.get
        for name, find, masks, free in self.lookups:
            value = get(name)
            if value is None:
                held &= free
            else:
                mask = masks[find(value)]
                held &= mask
                maybe &= mask
                if not maybe:
                    break
        if self.straight:
            resolved = self.cache.get((held, maybe)) or self.policy.settle(held, maybe)
            if held == maybe or resolved.status != "pending":
                return resolved
            return self._pending(resolved, facts, maybe & ~held)
        open_ = maybe & ~held
        held, maybe = self.rules(held), self.rules(maybe)
        needs: tuple[str, ...] = ()
        if self.written:
            day = facts.get(DAY)
            on = date.min if day is None else date.fromisoformat(day)
            view = FactsAlone(facts, on, kinds=self.ruleset.kinds, zone=self.space.zone)
            rules, tests = self.ruleset.decision.rules, self.ruleset.tests
            sure, possible, needs = rules_holding(rules, tests, view, self.written, dated=day is not None)
            held, maybe = held | sure, maybe | possible
        resolved = self.policy.settle(held, maybe)
        return resolved if resolved.status != "pending" else self._pending(resolved, facts, open_, needs)

    def _pending(
        self, resolved: Resolved, facts: Mapping[str, Any], open_: int, more: tuple[str, ...] = ()
    ) -> Resolved:
        """A pending answer with the unknown facts that boxes still open rest on."""
        unknown = (name for name, _, _, free in self.lookups if facts.get(name) is None and open_ & ~free)
        return replace(resolved, needs=tuple(dict.fromkeys((*unknown, *more))))

    def rules(self, boxes: int) -> int:
        """The rules that some boxes belong to."""
        rules = 0
        while boxes:
            low = boxes & -boxes
            rules |= 1 << self.owner[low.bit_length() - 1]
            boxes ^= low
        return rules


def plain(condition: Condition) -> bool:
    """Return whether a condition does nothing but compare facts with literals."""
    match condition:
        case c.Compare():
            tests = list(operands(condition.test))
            counts = ((operand if isinstance(operand, tuple) else (operand,)) for _, operand in tests)
            return condition.test.recorded is None and all(
                len(literals(operand)) == len(members) for (_, operand), members in zip(tests, counts, strict=True)
            )
        case c.Connective():
            return all(map(plain, condition.children()))
        case (
            c.Done() | c.Last() | c.Every() | c.Some() | c.Count()
            | c.Decided() | c.SubcaseIs() | c.InState() | c.VerdictIs() | c.ParameterIs()
        ):  # fmt: skip
            return False
        case _:
            assert_never(condition)


def _undeclared(condition: Condition, kinds_: Mapping[str, Kind]) -> bool:
    """Return whether a condition compares instants that no type declares, which may be days as well."""
    return any(
        kinds_[compare.name].group == "instant" and kinds_[compare.name].type is None
        for compare in comparisons(condition)
    )


def columns(space: Space, boxes: list[Box]) -> tuple[Column, ...]:
    """The variables that boxes constrain, each with its boxes by region."""
    asked: dict[int, int] = {}
    for place, box in enumerate(boxes):
        for index in box:
            asked[index] = asked.get(index, 0) | 1 << place
    every = (1 << len(boxes)) - 1
    result: list[Column] = []
    for index, mask in sorted(asked.items()):
        variable: Variable = space.variables[index]
        free = every & ~mask
        masks = by_region(variable, index, boxes, free)
        result.append(Column(variable.name, _finder(variable, space), tuple(masks), free))
    return tuple(result)


def by_region(variable: Variable, index: int, boxes: list[Box], free: int) -> list[int]:
    """The boxes that allow each region; one more for a value that lies in none."""
    change = [0] * (variable.size + 1)
    for place, box in enumerate(boxes):
        allowed = box.get(index)
        if allowed is None:
            continue
        while allowed:  # runs of regions, so that a wide range costs as little as a narrow one
            start = (allowed & -allowed).bit_length() - 1
            run = ~(allowed >> start)
            end = start + (run & -run).bit_length() - 1
            change[start] ^= 1 << place
            change[min(end, variable.size)] ^= 1 << place
            allowed &= -1 << end
    masks, current = [], free
    for step in change:
        current ^= step
        masks.append(current)
    masks[variable.size] = free
    return masks


def _finder(variable: Variable, space: Space) -> Finder:
    if variable.group != "member":
        return variable.find
    of = variable.member
    if of is not None:
        return lambda value: 1 if of in value else 0
    mentioned = {space.variables[index].member for index in space.of_name[variable.name]}
    return lambda value: 0 if mentioned.issuperset(value) else 1


def unlike_at(decision: Decision, part: int) -> tuple[str | int, ...]:
    """The place in a decision of the condition that an error ZX3117 is about: its rule, or its constraint."""
    key = decision.rules_key
    places: list[tuple[str | int, ...]] = []
    for index, rule in enumerate(decision.rules):
        places += [(key, index, "id")] * len(rule.tests)
    places += [("constraints", index, "id") for index in range(len(decision.constraints))]
    return places[part]


def compiled(decision: Decision, types: Mapping[str, ValueType] | None = None, zone: tzinfo = DEFAULT_ZONE) -> Ruleset:
    """Compile a decision, ready to be asked.

    Args:
        decision: the decision as it was read.
        types: the types of facts that the decision does not declare itself, such as those of a process.
        zone: the zone whose days count, that of the process.

    Returns:
        The compiled decision; safe to share between threads.

    Raises:
        InvalidDefinition: ZX3117 where a fact is compared with a value of another kind.

    Examples:
        >>> from zhengxie_flow.model.decision import Decision
        >>> fee = compiled(Decision.model_validate({
        ...     "language": 1, "decision": "fee", "outcomes": ["low", "high"], "policy": "unique",
        ...     "inputs": {"amount": "int"},
        ...     "rows": [
        ...         {"id": "1", "amount": {"less_than": 100}, "then": "low"},
        ...         {"id": "2", "amount": {"at_least": 100}, "then": "high"},
        ...     ],
        ... }))
        >>> fee.decide({"amount": 250}).outcome
        'high'
        >>> fee.decide({}).possible
        ('high', 'low')
    """
    return Ruleset(decision, types, zone)


__all__ = ["DAY", "Column", "Ruleset", "Table", "columns", "compiled", "plain", "unlike_at"]
