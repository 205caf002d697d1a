"""Facts alone, as a view of a case, and rules evaluated over them as they are written.

Conditions on acts, items and states are unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any, assert_never

from zhengxie_flow.conditions import NOWHERE, Scope, Trace, View, evaluate
from zhengxie_flow.conditions.truth import Truth, conjunction, disjunction
from zhengxie_flow.conditions.view import Choosing, FactValue, ParameterValue, Resolved, SubcaseSummary, stated
from zhengxie_flow.errors import InternalError
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.case import Act, Item
from zhengxie_flow.model.comparing import DEFAULT_ZONE
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.rule import Rule
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.rules.kinds import Kind, type_of


@dataclass(frozen=True, slots=True)
class FactsAlone:
    """Facts alone, as a view of a case; ``presumed`` names the facts that were presumed and not determined.

    ``kinds`` are those that a decision compares its facts by.
    """

    facts: Mapping[str, Any]
    day: date
    presumed: frozenset[str] = frozenset()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    zone: tzinfo = DEFAULT_ZONE

    @property
    def state(self) -> str:
        """Facts alone are in no state."""
        return ""

    def fact(self, name: str) -> FactValue:
        """A fact, as given."""
        value = self.facts.get(name)
        kind = self.kinds.get(name)
        if name in self.presumed:
            return FactValue(value, presumed=True, type=None if kind is None else type_of(kind).type)
        return stated(value, None if kind is None else type_of(kind))

    def item_field(self, item: Item, name: str) -> FactValue | None:  # noqa: ARG002  # there are no items
        """There are no items."""
        return None

    def item_state(self, item: Item) -> str | None:  # noqa: ARG002
        """There are no items."""
        return None

    def refers_to(self, name: str, scope: Scope) -> tuple[str | None, bool]:  # noqa: ARG002
        """There are no items to refer to."""
        return None, False

    def item(self, kind: str, ident: str) -> Item | None:  # noqa: ARG002
        """There are no items."""
        return None

    def owed_for(self, duty: str) -> str | None:  # noqa: ARG002
        """Facts alone owe nothing."""
        return None

    def act_field(self, act: Act, name: str) -> ValueType | None:
        """The type of a field of an act, by the name a fact has in its place."""
        kind = self.kinds.get(f"{act.action}.{name}")
        return None if kind is None else type_of(kind)

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

    def in_force(self, act: Act) -> bool:  # noqa: ARG002
        """Facts alone know of no act without effect."""
        return True

    def choices(self, where: Condition, kind: str, scope: Scope) -> Choosing | None:  # noqa: ARG002
        """Nothing: there are no items."""
        return None

    def items(self, kind: str) -> Sequence[Item]:  # noqa: ARG002
        """There are no items."""
        return ()

    def output(self, decision: str, part: str, scope: Scope) -> FactValue | None:  # noqa: ARG002
        """No other decision is at hand."""
        return None

    def subcases(self, name: str) -> Sequence[SubcaseSummary]:  # noqa: ARG002
        """There are no subcases."""
        return ()

    def decision(self, name: str, scope: Scope) -> Resolved:  # noqa: ARG002
        """No other decision is at hand."""
        return Resolved("pending", needs=(name,))

    def verdict(self, obligation: str, item: Item | None) -> Verdict:  # noqa: ARG002
        """Facts alone give no verdict."""
        raise InternalError("ZX9000", kind="verdict", detail=obligation)


def truth(condition: Condition, view: View, trace: Trace | None = None) -> Truth:
    """The truth of a condition; over facts alone, conditions on acts, items and states are unknown."""
    trace = Trace() if trace is None else trace
    if not isinstance(view, FactsAlone):
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


def rules_holding(
    rules: Sequence[Rule],
    tests: Sequence[Sequence[Condition]],
    view: View,
    chosen: Iterable[int],
    *,
    dated: bool = True,
) -> tuple[int, int, tuple[str, ...]]:
    """The rules that hold over facts alone, those that may, and the unknown facts they rest on.

    Args:
        rules: the rules of a decision.
        tests: what has to hold for each of them.
        view: the facts.
        chosen: the rules looked at, by their index.
        dated: whether the day is known; a rule in force for a time may hold at most without it.

    Returns:
        The rules as bits: those that hold, those that hold or may; and the names of the facts.
    """
    held = maybe = 0
    trace = Trace()
    for index in chosen:
        rule = rules[index]
        limited = rule.in_force.from_ is not None or rule.in_force.to is not None
        if rule.never or (dated and not in_force(rule, view.day)):
            continue
        holds = conjunction([truth(test, view, trace) for test in tests[index]])
        if holds is not False:
            maybe |= 1 << index
            held |= (holds is True and (dated or not limited)) << index
    return held, maybe, tuple(trace.needs)


def in_force(rule: Rule, day: date | None) -> bool:
    """Return whether a rule is in force on a day; without a day every rule is."""
    return day is None or rule.in_force.covers(day)
