"""Proof of a decision: its faults, each with a counterexample that was replayed through the evaluator.

Gaps, overlaps, contradictions, rules that never apply, outcomes that never come, constraints that exclude everything,
facts that never matter.  Complete for comparisons of facts with literals.  A claim that needs more than the budget of
branches, or rests on conditions that facts alone do not settle, is *not proved*: never silently true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.rules import ordering
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.policy import bits
from zhengxie_flow.rules.reference_evaluator import FactsView, impossible, replay
from zhengxie_flow.rules.regions import DAY, plain_value
from zhengxie_flow.rules.search import BRANCHES, Budget, Landscape, OutOfBranchesError, Restriction, landscape
from zhengxie_flow.rules.space import Box, meet

GAP, OVERLAP, CONFLICT, SHADOWED = "gap", "overlap", "conflict", "shadowed"
UNREACHABLE, CONTRADICTION, USELESS = "unreachable", "contradiction", "useless"
CLAIMS = (GAP, OVERLAP, CONFLICT, SHADOWED, UNREACHABLE, CONTRADICTION, USELESS)

PROVED, REFUTED, NOT_PROVED = "proved", "refuted", "not_proved"
MOST_FOUND = 20
"""Faults of one kind that are shown; more of them are mended together."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Facts that show a fault or a difference; ``day`` where rules are in force for a time."""

    facts: dict[str, Any]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionProblem:
    """A fault of a decision: the rules concerned (``name`` for an outcome or a fact), and a case that shows it."""

    claim: str
    rules: tuple[str, ...] = ()
    name: str | None = None
    case: Counterexample | None = None
    outcome: Resolved | None = None


@dataclass(frozen=True, slots=True)
class DecisionProof:
    """The result of a proof: each claim with ``proved``, ``refuted`` or ``not_proved``, and the faults."""

    decision: str
    claims: dict[str, str]
    faults: tuple[DecisionProblem, ...]
    branches: int
    hash: str

    @property
    def sound(self) -> bool:
        """True where every claim was proved."""
        return all(claim == PROVED for claim in self.claims.values())


@dataclass(slots=True)
class _Prover:
    ruleset: Ruleset
    others: Mapping[str, Ruleset]
    budget: Budget
    land: Landscape
    start: Box
    doubtful: set[str] = field(default_factory=set)

    @property
    def decision(self) -> Decision:
        return self.ruleset.decision

    @property
    def barred(self) -> int:
        return self.land.impossible[0]

    @property
    def complete(self) -> bool:
        """True where every rule and constraint could be written as boxes."""
        return not self.land.opaque_rules

    def uncovered(self, box: Box, boxes: int) -> Box | None:
        """A part of a box that lies in none of the ``boxes``."""
        begin = meet(self.start, box)
        if begin is None:
            return None
        return self.land.search(_covered, self.budget, Restriction(start=begin, among=boxes))

    def played(self, case: Counterexample) -> Resolved | None:
        """The decision replayed as written; None where the case is impossible or facts alone do not settle it."""
        view = FactsView(case.facts, case.day or some_day(self.decision), rulesets=self.others)
        if impossible(self.ruleset, view):
            return None
        resolved = replay(self.ruleset, view)
        return None if resolved.status == "pending" else resolved

    def show(self, claim: str, box: Box, rules: tuple[str, ...] = ()) -> DecisionProblem | None:
        """A fault with its case, if the evaluator agrees; else the claim counts as not proved."""
        case = case_of(self.land, box)
        resolved = self.played(case)
        agreed = (
            resolved is not None
            and {
                GAP: lambda: resolved.status == "no_rule",
                OVERLAP: lambda: resolved.status == "conflict" and set(rules) <= set(resolved.fired),
                CONFLICT: lambda: resolved.status == "conflict" and set(rules) <= set(resolved.fired),
                SHADOWED: lambda: (
                    rules[0] not in resolved.fired and (rules[0] in resolved.overridden or bool(resolved.fired))
                ),
            }[claim]()
        )
        if not agreed:
            self.doubtful.add(claim)
            return None
        return DecisionProblem(claim, rules, case=case, outcome=resolved)


def prove(
    ruleset: Ruleset,
    others: Mapping[str, Ruleset] | None = None,
    *,
    branches: int = BRANCHES,
    requested: Iterable[str] = CLAIMS,
) -> DecisionProof:
    """Prove a decision, claim by claim.

    Args:
        ruleset: the decision.
        others: the decisions that it may ask.
        branches: the most branches each claim may explore.
        requested: the claims to prove.

    Returns:
        The claims with their results, and the faults, each with a case that shows it.
    """
    others = {**(others or {}), ruleset.name: ruleset}
    land = landscape([ruleset], others)
    claims: dict[str, str] = {}
    faults: list[DecisionProblem] = []
    used = 0
    for claim in requested:
        budget = Budget(branches)
        prover = _Prover(ruleset, others, budget, land, _days(ruleset, land))
        problems: list[DecisionProblem] = []
        try:
            problems.extend(_take(_CLAIMS[claim](prover)))
            settled = PROVED
        except OutOfBranchesError:
            settled = NOT_PROVED
        if problems:
            settled = REFUTED
        elif claim in prover.doubtful or (claim in {SHADOWED, UNREACHABLE, USELESS} and not prover.complete):
            settled = NOT_PROVED
        claims[claim] = settled
        faults += problems
        used += budget.used
    return DecisionProof(ruleset.name, claims, tuple(faults), used, ruleset.hash)


def _take(problems: Iterator[DecisionProblem]) -> Iterator[DecisionProblem]:
    for count, fault in enumerate(problems, 1):
        yield fault
        if count == MOST_FOUND:
            return


def _covered(held: int, alive: int) -> bool | None:
    if held:
        return False
    return None if alive else True


def _gaps(prover: _Prover) -> Iterator[DecisionProblem]:
    if prover.decision.default is not None or prover.ruleset.policy.settle(0, 0).status == "decided":
        return
    box = prover.uncovered({}, prover.land.all)
    fault = prover.show(GAP, box) if box is not None else None
    if fault is not None:
        yield fault


def _overlaps(prover: _Prover) -> Iterator[DecisionProblem]:
    if prover.decision.policy == "unique":
        yield from _pairs(prover, OVERLAP, lambda rule, other: True)  # noqa: ARG005


def _conflicts(prover: _Prover) -> Iterator[DecisionProblem]:
    if prover.decision.policy in {"exceptions", "any"}:
        alike = prover.ruleset.policy.alike
        yield from _pairs(prover, CONFLICT, lambda rule, other: not alike(rule, other))


def _pairs(prover: _Prover, claim: str, differ: Any) -> Iterator[DecisionProblem]:
    """Rules of one rank that hold together."""
    land, policy = prover.land, prover.ruleset.policy
    rules = prover.decision.rules
    reported: set[tuple[int, int]] = set()
    before = [policy.before(index) for index in range(len(rules))]
    for place in bits(land.all_rules[0]):
        rule = land.owner[place][1]
        prover.budget.spend()
        for rival in bits(_meeting(land, place) & land.all_rules[0] & ~((2 << place) - 1)):
            other = land.owner[rival][1]
            pair = (min(rule, other), max(rule, other))
            if rule == other or pair in reported or not differ(rule, other):
                continue
            if before[rule] >> other & 1 or before[other] >> rule & 1:
                continue
            both = meet(land.boxes[place], land.boxes[rival])
            if both is None:
                continue
            ahead = sum(land.rule_boxes[0][index] for index in bits(before[rule] | before[other]))
            box = prover.uncovered(both, prover.barred | ahead)
            if box is not None:
                reported.add(pair)
                fault = prover.show(claim, box, tuple(rules[index].id for index in pair))
                if fault is not None:
                    yield fault


def _meeting(land: Landscape, place: int) -> int:
    """The boxes that share a part of the space with one box."""
    boxes = land.all
    for index, allowed in land.boxes[place].items():
        here = 0
        for region, mask in land.axes[index].masks:
            if allowed >> region & 1:
                here |= mask
        boxes &= here
    return boxes


def _shadowed(prover: _Prover) -> Iterator[DecisionProblem]:
    for index, rule in enumerate(prover.decision.rules):
        if _applies(prover, index):
            continue
        # A case in which it would hold shows who goes before it; without one its conditions exclude each other.
        for place in bits(prover.land.rule_boxes[0][index]):
            box = prover.uncovered(prover.land.boxes[place], prover.barred)
            if box is not None:
                fault = prover.show(SHADOWED, box, (rule.id,))
                if fault is not None:
                    yield fault
                break
        else:
            yield DecisionProblem(SHADOWED, (rule.id,))


def _applies(prover: _Prover, index: int) -> bool:
    """Return whether a rule applies in some case: it holds and no rule that goes before it does."""
    land = prover.land
    ahead = sum(land.rule_boxes[0][other] for other in bits(prover.ruleset.policy.before(index)))
    boxes = (land.boxes[place] for place in bits(land.rule_boxes[0][index]))
    return any(prover.uncovered(box, prover.barred | ahead) is not None for box in boxes)


def _unreachable(prover: _Prover) -> Iterator[DecisionProblem]:
    decision = prover.decision
    for outcome in decision.outcomes if decision.aggregate != "count" else ():
        giving = [index for index, rule in enumerate(decision.rules) if rule.then == outcome]
        if any(_applies(prover, index) for index in giving):
            continue
        if decision.default == outcome and prover.uncovered({}, prover.land.all) is not None:
            continue
        yield DecisionProblem(UNREACHABLE, name=outcome)


def _contradiction(prover: _Prover) -> Iterator[DecisionProblem]:
    if prover.decision.constraints and prover.uncovered({}, prover.barred) is None:
        yield DecisionProblem(CONTRADICTION)


def _useless(prover: _Prover) -> Iterator[DecisionProblem]:
    declared = dict.fromkeys((*prover.decision.inputs, *prover.ruleset.kinds))
    for name in declared:
        if not matters(prover.land, 0, name, prover.budget, prover.start):
            yield DecisionProblem(USELESS, name=name)
        elif prover.land.space.partners(name) and not _shown_to_matter(prover, name):
            prover.doubtful.add(USELESS)


def _shown_to_matter(prover: _Prover, name: str) -> bool:
    """Return whether two cases that differ in one fact alone were replayed with different outcomes.

    The fact is set to every value that lies just below, at and just above those it is compared with.
    """
    land = prover.land
    for index in land.space.pairs.values():
        for allowed in (1, 2, 4):
            box = land.search(lambda held, alive: True, prover.budget, Restriction(start={index: allowed}))  # noqa: ARG005
            if box is None:
                continue
            case = case_of(land, box)
            values = ordering.around(land.space, name, case.facts)
            outcomes = {
                (resolved.status, resolved.outcome)
                for value in values
                if (resolved := prover.played(Counterexample({**case.facts, name: plain_value(value)}, case.day)))
            }
            if len(outcomes) > 1:
                return True
    return False


def matters(land: Landscape, side: int, name: str, budget: Budget, start: Box) -> bool:
    """Return whether two cases that differ in one fact alone are decided differently.

    Of a fact that is compared with another: whether they may be, for its values are not looked at one by one.

    Raises:
        OutOfBranchesError: the budget was used up before this was known.
    """
    space = land.space
    orders = (index for pair, index in space.pairs.items() if name in pair)
    return any(
        _changes(land, side, index, budget, start) is not None for index in (*space.of_name.get(name, ()), *orders)
    )


def _changes(land: Landscape, side: int, index: int, budget: Budget, start: Box) -> Box | None:
    """A part of the space in which the regions of one variable are decided differently."""
    allowed = start.get(index, land.space.full(index))
    masks = list(dict.fromkeys(mask for region, mask in land.axes[index].masks if allowed >> region & 1))
    if len(masks) < 2:
        return None
    barred = land.impossible[side]

    def judge(held: int, alive: int) -> bool | None:
        # The variable itself is never split: its boxes are distinguished here, region by region.
        budget.spend(len(masks) - 1)
        outcomes: dict[Any, None] = {}
        undecided = False
        for mask in masks:
            here, sure = alive & mask, held & mask
            if sure & barred:
                continue
            resolved = None if here & barred else land.standing(side, sure, here)
            if resolved is None:
                undecided = True
            else:
                outcomes[resolved.status, resolved.outcome] = None
        if len(outcomes) > 1:
            return True
        return None if undecided else False

    rest = {place: regions for place, regions in start.items() if place != index}
    return land.search(judge, budget, Restriction(start=rest, without=index, strict=False))


def _days(ruleset: Ruleset, land: Landscape) -> Box:
    """The days a decision is asked on: while it is in force, else from its first rule to its last."""
    if DAY not in land.space.of_name:
        return {}
    period = ruleset.decision.in_force
    first, last = period.from_, period.to
    periods = [rule.in_force for rule in ruleset.decision.rules]
    if first is None and all(span.from_ is not None for span in periods):
        first = min(span.from_ for span in periods if span.from_ is not None)
    if last is None and all(span.to is not None for span in periods):
        last = max(span.to for span in periods if span.to is not None)
    return land.space.period(first, last)


def case_of(land: Landscape, box: Box) -> Counterexample:
    """A case in a part of the space."""
    values = land.space.sample(box)
    day = values.pop(DAY, None)
    facts = {name: plain_value(value) for name, value in values.items()}
    return Counterexample(facts, None if day is None else date.fromisoformat(day))


def some_day(decision: Decision) -> date:
    """A day to ask a decision on whose rules are in force at all times."""
    return decision.in_force.from_ or date(2000, 1, 1)


_CLAIMS = {
    GAP: _gaps, OVERLAP: _overlaps, CONFLICT: _conflicts, SHADOWED: _shadowed,
    UNREACHABLE: _unreachable, CONTRADICTION: _contradiction, USELESS: _useless,
}  # fmt: skip

if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(
        __name__, {"Case": "Counterexample", "Fault": "DecisionProblem", "Proof": "DecisionProof"}
    )
