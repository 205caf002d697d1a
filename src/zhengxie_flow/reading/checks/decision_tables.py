"""Checks of decisions, by proof over every case: gaps, overlaps, conflicts, rules and inputs without effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.i18n.ids import Assignment
from zhengxie_flow.model.comparing import zone_named
from zhengxie_flow.model.condition import FieldRef
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.exemption import OfDuty
from zhengxie_flow.reading.checks.catalogue import Defect, advice, cached, check, warning
from zhengxie_flow.reading.checks.conditions import asks_of, condition_uses, decided, parameter_fields
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules import Ruleset, compiled, types_of
from zhengxie_flow.rules.policy import shown
from zhengxie_flow.rules.prove import (
    CONFLICT,
    CONTRADICTION,
    GAP,
    NOT_PROVED,
    OVERLAP,
    REFUTED,
    SHADOWED,
    UNREACHABLE,
    USELESS,
    Counterexample,
    DecisionProblem,
    DecisionProof,
    prove,
)

BRANCHES = 20_000
"""Branches for each claim: a check is run often; ``zhengxie rules prove`` goes further."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A decision with its proof and its place."""

    decision: Decision
    proof: DecisionProof
    place: Place

    def faults(self, claim: str) -> Iterator[DecisionProblem]:
        """The faults of one kind; where no case is left at all, nothing else is worth telling."""
        nothing_left = self.proof.claims[CONTRADICTION] == REFUTED
        return (
            fault
            for fault in self.proof.faults
            if fault.claim == claim and (claim == CONTRADICTION or not nothing_left)
        )

    def rule(self, ident: str) -> Place:
        """Place of a rule: its id."""
        index = next(index for index, rule in enumerate(self.decision.rules) if rule.id == ident)
        return self.place.at(self.decision.rules_key, index, "id")


@cached
def proofs(loaded: Loaded) -> Iterator[Proved]:
    """Proofs of the decisions that compile; those that do not have a check of their own."""
    process = loaded.definition.process
    types = types_of(process, loaded.definition.decisions)
    rulesets: dict[str, Ruleset] = {}
    for name, decision in loaded.definition.decisions.items():
        try:
            rulesets[name] = compiled(decision, types, zone_named(process.zone))
        except InvalidDefinition:
            continue
    for name, ruleset in rulesets.items():
        proof = prove(ruleset, rulesets, branches=BRANCHES)
        yield Proved(ruleset.decision, proof, Place(*loaded.decisions[name]))


def _refuted(loaded: Loaded, claim: str) -> Iterator[tuple[Proved, DecisionProblem]]:
    """The faults of one kind in all decisions."""
    return ((proved, fault) for proved in proofs(loaded) for fault in proved.faults(claim))


def _in_one_line(case: Counterexample | None) -> tuple[Assignment | date, ...]:
    """The facts and the day of a counterexample."""
    if case is None:
        return ()
    facts = (Assignment(name, value if isinstance(value, bool) else shown(value)) for name, value in case.facts.items())
    return (*facts, *((case.day,) if case.day is not None else ()))


def _both(proved: Proved, fault: DecisionProblem) -> Defect:
    """The defect of two rules that do not go together, at the second."""
    first, second = fault.rules
    return Defect(proved.rule(second), one=first, other=second, case=_in_one_line(fault.case))


@check(
    "ZX3120",
    "rule-gap",
    en="Where no rule holds and no default is written, nobody knows what the law requires.",
    zh="没有规则适用、又没有默认结果的情形，谁也不知道该怎么办。",
    shared=True,
)
def rule_gap(loaded: Loaded) -> Iterator[Defect]:
    """Report a counterexample: a case for which a decision has no outcome."""
    for proved, fault in _refuted(loaded, GAP):
        yield Defect(proved.place.at("decision"), case=_in_one_line(fault.case))


@check(
    "ZX3121",
    "rule-overlap",
    en="A table with policy unique promises that one row at most holds; where two do, it has no answer.",
    zh="策略为 unique 的表至多一行适用；两行同时适用就没有答案。",
    shared=True,
)
def rule_overlap(loaded: Loaded) -> Iterator[Defect]:
    """Report two rows that hold together, with a case."""
    for proved, fault in _refuted(loaded, OVERLAP):
        yield _both(proved, fault)


@check(
    "ZX3122",
    "rule-conflict",
    en="Two rules that hold together and say different things need an order between them.",
    zh="同时适用而结果不同的两条规则，必须分出先后。",
    shared=True,
)
def rule_conflict(loaded: Loaded) -> Iterator[Defect]:
    """Report two rules that contradict each other, with a case."""
    for proved, fault in _refuted(loaded, CONFLICT):
        yield _both(proved, fault)


@warning(
    "ZX3123",
    "shadowed-rule",
    en="A rule whose conditions exclude each other, or before which others always go, says nothing.",
    zh="条件自相矛盾，或者总有别的规则在先的规则，等于没写。",
    shared=True,
)
def shadowed_rule(loaded: Loaded) -> Iterator[Defect]:
    """Report rules that never apply; where their conditions can hold, with a case that shows what goes before them."""
    for proved, fault in _refuted(loaded, SHADOWED):
        yield Defect(proved.rule(fault.rules[0]), rule=fault.rules[0], case=_in_one_line(fault.case))


@warning(
    "ZX3124",
    "unreachable-outcome",
    en="An outcome that never comes is a rule forgotten, or a leftover.",
    zh="永远得不出的结果，不是漏写了规则，就是多余的。",
    shared=True,
)
def unreachable_outcome(loaded: Loaded) -> Iterator[Defect]:
    """Report outcomes that no case leads to."""
    for proved, fault in _refuted(loaded, UNREACHABLE):
        yield Defect(proved.place.name("outcomes", fault.name or ""), outcome=fault.name)


@check(
    "ZX3125",
    "contradictory-constraint",
    en="Where every combination of facts is called impossible, nothing is left to decide.",
    zh="把事实的一切组合都说成不可能，就没有什么可决定的了。",
    shared=True,
)
def contradictory_constraint(loaded: Loaded) -> Iterator[Defect]:
    """Report constraints that exclude everything."""
    for proved, _ in _refuted(loaded, CONTRADICTION):
        yield Defect(proved.place.name("constraints"), decision=proved.decision.decision)


@warning(
    "ZX3126",
    "useless-input",
    en="A fact that changes nothing need not be found out; or a cell is missing.",
    zh="不影响结果的事实不必查明；否则就是漏填了单元格。",
    shared=True,
)
def useless_input(loaded: Loaded) -> Iterator[Defect]:
    """Report inputs of a table that change the outcome in no case."""
    for proved, fault in _refuted(loaded, USELESS):
        if fault.name in proved.decision.inputs:
            yield Defect(proved.place.name("inputs", fault.name or ""), name=fault.name)


@warning(
    "ZX3127",
    "unproved-decision",
    en="What could not be proved may still be wrong; silence would be taken for a proof.",
    zh="没有证明的仍可能有错；沉默会被当成已经证明。",
    shared=True,
)
def unproved_decision(loaded: Loaded) -> Iterator[Defect]:
    """Report decisions of which a claim was neither proved nor refuted."""
    for proved in proofs(loaded):
        open_ = [claim for claim, settled in proved.proof.claims.items() if settled == NOT_PROVED]
        if open_:
            yield Defect(proved.place.at("decision"), claims=tuple(open_), branches=BRANCHES)


@warning(
    "ZX3128",
    "first-policy",
    en="Where the first row that holds decides, no row can be read alone, and moving one changes the law.",
    zh="以先适用的一行为准的表，没有一行能单独读懂，挪动一行就改了规则。",
    shared=True,
)
def first_policy(loaded: Loaded) -> Iterator[Defect]:
    """Report every table with the policy first."""
    for name, decision in loaded.definition.decisions.items():
        if decision.policy == "first":
            yield Defect(Place(*loaded.decisions[name], ("policy",)))


@advice(
    "ZX1286",
    "unasked-decision",
    en="A decision that no process asks judges nothing; it may be kept to be asked by hand.",
    zh="没有流程引用的决策表不影响任何结论；只供人工查询的可以保留。",
    shared=True,
)
def unasked_decision(loaded: Loaded) -> Iterator[Defect]:
    """Report decisions that neither a process nor one of its parameters asks, directly or by another decision."""
    uses = [use.condition for use in condition_uses(loaded) if use.owner[0] != "decision"]
    asked = {name for condition in uses for name in asks_of(loaded, condition)}
    asked |= {name_use.name.rpartition(".")[0] for name_use in parameter_fields(loaded)}
    asked |= {field.partition(".")[0] for field in _amounts_granted(loaded)}
    edges = [(name, other) for name, other, _ in decided(loaded)]
    while more := {other for name, other in edges if name in asked} - asked:
        asked |= more
    for name, source in loaded.decisions.items():
        if name not in asked:
            yield Defect(Place(*source).at("decision"), decision=name)


def _amounts_granted(loaded: Loaded) -> Iterator[str]:
    """The names from which exemptions read the amounts of shortened limits."""
    for exemption in loaded.definition.process.exemptions.values():
        for entry in exemption.lifts:
            replacement = entry.to if isinstance(entry, OfDuty) else None
            if replacement is not None and isinstance(replacement.amount, FieldRef):
                yield replacement.amount.field


CHECKS = (
    rule_gap,
    rule_overlap,
    rule_conflict,
    shadowed_rule,
    unreachable_outcome,
    contradictory_constraint,
    useless_input,
    unproved_decision,
    first_policy,
    unasked_decision,
)
