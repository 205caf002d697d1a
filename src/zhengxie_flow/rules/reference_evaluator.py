"""Reference evaluator: a decision evaluated as written, over facts alone; every counterexample is replayed with it.

It shares no region and no table with the compiled form.  Conditions on acts, items and states are unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from zhengxie_flow.conditions import NOWHERE, Scope
from zhengxie_flow.conditions.view import FactValue, Resolved, output_value
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.facts_view import FactsAlone, rules_holding, truth

MOST_DEEP = 32
"""Decisions that rest on each other in a row; a circle is stopped here."""


@dataclass(frozen=True, slots=True)
class FactsView(FactsAlone):
    """Facts alone, with the decisions that may be asked over them."""

    rulesets: Mapping[str, Ruleset] = field(default_factory=dict)
    depth: int = 0

    def of(self, ruleset: Ruleset) -> FactsView:
        """The same facts, compared by the kinds and the days of a decision."""
        if self.kinds is ruleset.kinds:
            return self
        return replace(self, kinds=ruleset.kinds, zone=ruleset.zone)

    def decision(self, name: str, scope: Scope) -> Resolved:
        """Another decision over the same facts; unknown where it is not at hand."""
        ruleset = self.rulesets.get(name)
        if ruleset is None or self.depth >= MOST_DEEP:
            return Resolved("pending", needs=(name,))
        return replay(ruleset, replace(self, depth=self.depth + 1), scope)

    def output(self, decision: str, part: str, scope: Scope) -> FactValue | None:
        """An output of another decision over the same facts."""
        ruleset = self.rulesets.get(decision)
        if ruleset is None:
            return None
        return output_value(self.decision(decision, scope), part, ruleset.decision.output_type(part))


def replay(ruleset: Ruleset, view: FactsView, scope: Scope = NOWHERE) -> Resolved:  # noqa: ARG001  # facts have no scope
    """Resolve a decision over facts alone, each condition evaluated as written."""
    rules = ruleset.decision.rules
    held, maybe, needs = rules_holding(rules, ruleset.tests, view.of(ruleset), range(len(rules)))
    resolved = ruleset.policy.settle(held, maybe)
    if resolved.status == "pending":
        return Resolved("pending", possible=resolved.possible, needs=needs)
    return resolved


def impossible(ruleset: Ruleset, view: FactsView) -> bool:
    """Return whether a constraint excludes these facts."""
    own = view.of(ruleset)
    return any(truth(constraint, own) is True for constraint in ruleset.constraints)
