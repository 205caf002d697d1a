"""Reference evaluator: a decision evaluated as written, over facts alone; every counterexample is replayed with it.

It shares no region and no table with the compiled form.  Conditions on acts, items and states are unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, assert_never

from zhengxie_flow.conditions import NOWHERE, Scope, Trace, View, evaluate
from zhengxie_flow.conditions.truth import Truth, conjunction, disjunction
from zhengxie_flow.conditions.view import FactValue, ParameterValue, Resolved, SubcaseSummary
from zhengxie_flow.errors import InternalError
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.case import Act, Item
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.resolve import in_force

MOST_DEEP = 32
"""Decisions that rest on each other in a row; a circle is stopped here."""


@dataclass(frozen=True, slots=True)
class FactsView:
    """Facts alone, as a view of a case; ``presumed`` names the facts that were presumed and not determined."""

    facts: Mapping[str, Any]
    day: date
    presumed: frozenset[str] = frozenset()
    rulesets: Mapping[str, Ruleset] = field(default_factory=dict)
    depth: int = 0

    @property
    def state(self) -> str:
        """Facts alone are in no state."""
        return ""

    def fact(self, name: str) -> FactValue:
        """A fact, as given."""
        return FactValue(self.facts.get(name), presumed=name in self.presumed)

    def item_field(self, item: Item, name: str) -> FactValue | None:  # noqa: ARG002  # there are no items
        """There are no items."""
        return None

    def item_state(self, item: Item) -> str | None:  # noqa: ARG002
        """There are no items."""
        return None

    def refers_to(self, name: str, scope: Scope) -> tuple[str | None, bool]:  # noqa: ARG002
        """There are no items to refer to."""
        return None, False

    def owed_for(self, duty: str) -> str | None:  # noqa: ARG002
        """Facts alone owe nothing."""
        return None

    def act_field(self, act: Act, name: str) -> ValueType | None:  # noqa: ARG002  # facts know no actions
        """Facts alone know nothing of the fields of acts."""
        return None

    def parameter(self, name: str, scope: Scope) -> ParameterValue:  # noqa: ARG002  # facts know no parameters
        """Facts alone know no parameters."""
        return ParameterValue(needs=(name,))

    def acts(self, actions: Iterable[str]) -> Sequence[Act]:
        """Facts named after fields of acts (``serve.received``), as acts that carry them."""
        acts: list[Act] = []
        for action in actions:
            fields = {
                name.rpartition(".")[2]: value for name, value in self.facts.items() if name.startswith(action + ".")
            }
            if fields:
                acts.append(Act((date.min, 0), action, None, None, fields))
        return acts

    def items(self, kind: str) -> Sequence[Item]:  # noqa: ARG002
        """There are no items."""
        return ()

    def subcases(self, name: str) -> Sequence[SubcaseSummary]:  # noqa: ARG002
        """There are no subcases."""
        return ()

    def decision(self, name: str, scope: Scope) -> Resolved:
        """Another decision over the same facts; unknown where it is not at hand."""
        ruleset = self.rulesets.get(name)
        if ruleset is None or self.depth >= MOST_DEEP:
            return Resolved("pending", needs=(name,))
        deeper = FactsView(self.facts, self.day, self.presumed, self.rulesets, self.depth + 1)
        return replay(ruleset, deeper, scope)

    def verdict(self, obligation: str, item: Item | None) -> Verdict:  # noqa: ARG002
        """Facts alone give no verdict."""
        raise InternalError("ZX9000", kind="verdict", detail=obligation)


def truth(condition: Condition, view: View, trace: Trace | None = None) -> Truth:
    """The truth of a condition; over facts alone, conditions on acts, items and states are unknown."""
    trace = Trace() if trace is None else trace
    if not isinstance(view, FactsView):
        return evaluate(condition, view, NOWHERE, trace)
    match condition:
        case c.All():
            return conjunction([truth(part, view, trace) for part in condition.all])
        case c.AnyOf():
            return disjunction([truth(part, view, trace) for part in condition.any])
        case c.Not():
            inner = truth(condition.not_, view, trace)
            return None if inner is None else not inner
        case c.Compare():
            return None if _of_this(condition) else evaluate(condition, view, NOWHERE, trace)
        case c.Decided():
            return evaluate(condition, view, NOWHERE, trace)
        case (
            c.Done() | c.Last() | c.Every() | c.Some() | c.Count()
            | c.SubcaseIs() | c.InState() | c.VerdictIs() | c.ParameterIs()
        ):  # fmt: skip
            return None
        case _:
            assert_never(condition)


def _of_this(compare: c.Compare) -> bool:
    """Return whether a test names the item under judgement, which facts alone do not have."""
    operands = (getattr(compare.test, name) for name in type(compare.test).model_fields)
    return any("this" in operand if isinstance(operand, tuple) else operand == "this" for operand in operands)


def replay(ruleset: Ruleset, view: FactsView, scope: Scope = NOWHERE) -> Resolved:  # noqa: ARG001  # facts have no scope
    """Resolve a decision over facts alone, each condition evaluated as written."""
    held = maybe = 0
    trace = Trace()
    for index, rule in enumerate(ruleset.decision.rules):
        if rule.never or not in_force(rule, view.day):
            continue
        holds = conjunction([truth(test, view, trace) for test in ruleset.tests[index]])
        if holds is not False:
            maybe |= 1 << index
            held |= (holds is True) << index
    resolved = ruleset.policy.settle(held, maybe)
    if resolved.status == "pending":
        return Resolved("pending", possible=resolved.possible, needs=tuple(trace.needs))
    return resolved


def impossible(ruleset: Ruleset, view: FactsView) -> bool:
    """Return whether a constraint excludes these facts."""
    return any(truth(constraint, view) is True for constraint in ruleset.constraints)
