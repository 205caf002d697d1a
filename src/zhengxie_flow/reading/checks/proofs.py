"""What was proved of every decision, worked out once for all checks that tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.reading.checks.memory import remembered
from zhengxie_flow.reading.checks.places import Place
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules import Ruleset, compiled, types_of
from zhengxie_flow.rules.policy import shown
from zhengxie_flow.rules.prove import CONTRADICTION, REFUTED, Case, Fault, Proof, prove

BRANCHES = 20_000
"""Branches for each claim: a check is run often; ``zhengxie rules prove`` goes further."""


@dataclass(frozen=True, slots=True)
class Proved:
    """One decision with its proof and its place."""

    decision: Decision
    proof: Proof
    place: Place

    def faults(self, claim: str) -> Iterator[Fault]:
        """The faults of one kind; where no case is left at all, nothing else is worth telling."""
        nothing_left = self.proof.claims[CONTRADICTION] == REFUTED
        return (
            fault
            for fault in self.proof.faults
            if fault.claim == claim and (claim == CONTRADICTION or not nothing_left)
        )

    def rule(self, ident: str) -> Place:
        """Where a rule stands: its id."""
        index = next(index for index, rule in enumerate(self.decision.rules) if rule.id == ident)
        return self.place.at(self.decision.rules_key, index, "id")


@remembered
def proofs(loaded: Loaded) -> Iterator[Proved]:
    """Every decision whose comparisons make sense, with what was proved of it; the others have a check of their own."""
    types = types_of(loaded.definition.process)
    rulesets: dict[str, Ruleset] = {}
    for name, decision in loaded.definition.decisions.items():
        try:
            rulesets[name] = compiled(decision, types)
        except InvalidDefinition:
            continue
    for name, ruleset in rulesets.items():
        proof = prove(ruleset, rulesets, branches=BRANCHES)
        yield Proved(ruleset.decision, proof, Place(*loaded.decisions[name]))


def told(case: Case | None) -> str:
    """A case in one line."""
    if case is None:
        return "-"
    facts = [f"{name}={shown(value)}" for name, value in case.facts.items()]
    return ", ".join([*facts, *([case.day.isoformat()] if case.day is not None else [])]) or "-"
