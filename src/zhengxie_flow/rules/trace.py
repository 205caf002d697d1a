"""The trace of a decision: the reasons for its outcome, as a value that is the same for the same facts and rules.

Every rule with every comparison in it, the value compared and its provenance, the clause, the reading, the place in
the file and the content hash of the rules.  Nothing in it depends on when or where it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final, Literal, assert_never

from zhengxie_flow.conditions import NOWHERE, View
from zhengxie_flow.conditions.comparison import lookup
from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.document import Hash, named, one_of
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.facts_view import in_force, truth
from zhengxie_flow.rules.partial_facts import PartialDecision
from zhengxie_flow.rules.readback import phrase
from zhengxie_flow.rules.reference_evaluator import FactsView

FORMAT: Final = 1

DecisionStatus = Annotated[str, one_of("decided", "pending", "conflict", "no_rule")]
TruthWord = Annotated[str, one_of("true", "false", "unknown")]


@dataclass(frozen=True, slots=True)
class Ending:
    """A way a decision can still end."""

    status: DecisionStatus
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """The provenance of a fact: by which role, on what day, in which event."""

    by: str | None
    day: date
    event: int


@dataclass(frozen=True, slots=True)
class FactTrace:
    """The value a decision met for a fact."""

    value: Any
    presumed: bool
    kind: str
    provenance: Provenance | None = field(metadata=named("from"))


@dataclass(frozen=True, slots=True)
class ConditionTrace:
    """A condition with its truth, and what it says as a phrase."""

    truth: TruthWord
    says: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AllTrace(ConditionTrace):
    """Conditions that must all hold."""

    all: tuple[TracedCondition, ...]


@dataclass(frozen=True, slots=True)
class AnyTrace(ConditionTrace):
    """Conditions of which one must hold."""

    any: tuple[TracedCondition, ...]


@dataclass(frozen=True, slots=True)
class NotTrace(ConditionTrace):
    """A condition that must not hold."""

    inner: TracedCondition = field(metadata=named("not"))


@dataclass(frozen=True, slots=True)
class ComparisonTrace(ConditionTrace):
    """A fact compared, with the value it had (None: unknown)."""

    fact: str
    value: Any


TracedCondition = AllTrace | AnyTrace | NotTrace | ComparisonTrace | ConditionTrace


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule: how it came out, the rules that go before it, what it gives, its clauses and its place."""

    id: str
    state: Annotated[str, one_of("fired", "overridden", "not_met", "open")]
    overridden_by: tuple[str, ...]
    then: Any
    law: tuple[str, ...]
    interpretation: str | None
    in_force: bool
    place: str | None
    conditions: tuple[TracedCondition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTrace:
    """The trace of a decision, rule by rule.

    ``default``: no rule holds, and the default decides; ``either_way``: it is not known which rules hold, and the
    outcome is the same whichever do.
    """

    format: Literal[1] = FORMAT
    decision: str
    hash: Hash
    day: date
    status: DecisionStatus
    outcome: str | None
    value: Any
    default: bool
    either_way: bool
    endings: tuple[Ending, ...]
    exact: bool
    needs: tuple[str, ...]
    presumed: tuple[str, ...]
    must_record: tuple[str, ...]
    facts: dict[str, FactTrace]
    rules: tuple[RuleTrace, ...]


ProvenanceOf = Callable[[str], Provenance | None]
"""Where the value of a fact is from; None where nobody says."""

_WORDS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


def trace(
    ruleset: Ruleset,
    standing: PartialDecision,
    view: View,
    *,
    provenance: ProvenanceOf = lambda _: None,
    places: Mapping[str, str] | None = None,
) -> DecisionTrace:
    """Trace a decision.

    Args:
        ruleset: the decision.
        standing: its status over the known facts.
        view: the facts, or the case.
        provenance: gives the provenance of a fact by its name.
        places: ``file:line`` of each rule by its id.

    Returns:
        The trace, ready to be written as JSON.
    """
    resolved = standing.resolved
    if isinstance(view, FactsView):
        view = view.of(ruleset)
    lost = _overridden(ruleset, view)
    rules = tuple(_rule(ruleset, index, view, lost, places or {}) for index in range(len(ruleset.decision.rules)))
    unfired = resolved.status == "decided" and not resolved.fired
    open_ = any(rule.state == "open" for rule in rules)
    return DecisionTrace(
        decision=ruleset.name,
        hash=ruleset.hash,
        day=view.day,
        status=resolved.status,
        outcome=resolved.outcome,
        value=resolved.value,
        default=unfired and not open_ and ruleset.decision.default is not None,
        either_way=unfired and open_,
        endings=tuple(Ending(status, outcome) for status, outcome in standing.endings),
        exact=standing.exact,
        needs=standing.needs,
        presumed=tuple(sorted(resolved.presumed)),
        must_record=resolved.must_record,
        facts={name: _fact(name, ruleset, view, provenance) for name in sorted(ruleset.kinds)},
        rules=rules,
    )


def _fact(name: str, ruleset: Ruleset, view: View, provenance: ProvenanceOf) -> FactTrace:
    fact = lookup(name, view, NOWHERE)
    return FactTrace(fact.value, fact.presumed, ruleset.kinds[name].group, provenance(name))


def _overridden(ruleset: Ruleset, view: View) -> dict[int, list[str]]:
    """For each rule that holds and does not decide, the rules that go before it."""
    held = sum(1 << index for index in range(len(ruleset.tests)) if _holds(ruleset, index, view) is True)
    winners, _ = ruleset.policy.winners(held)
    if ruleset.decision.several:
        return {}
    rules = ruleset.decision.rules
    return {
        index: [rules[other].id for other in range(len(rules))
                if winners >> other & 1 and ruleset.policy.before(index) >> other & 1]
        for index in range(len(rules))
        if held >> index & 1 and not winners >> index & 1
    }  # fmt: skip


def _holds(ruleset: Ruleset, index: int, view: View) -> Truth:
    rule = ruleset.decision.rules[index]
    if rule.never or not in_force(rule, view.day):
        return False
    return truth(c.All.model_construct(all=ruleset.tests[index]), view)


def _rule(
    ruleset: Ruleset, index: int, view: View, lost: Mapping[int, list[str]], places: Mapping[str, str]
) -> RuleTrace:
    rule, holds = ruleset.decision.rules[index], _holds(ruleset, index, view)
    state = {True: "fired", False: "not_met", None: "open"}[holds]
    return RuleTrace(
        id=rule.id,
        state="overridden" if index in lost else state,
        overridden_by=tuple(lost.get(index, ())),
        then=ruleset.policy.values[index],
        law=tuple(str(ref) for ref in rule.law or ruleset.decision.law),
        interpretation=rule.reading.interpretation if rule.reading is not None else None,
        in_force=in_force(rule, view.day),
        place=places.get(rule.id),
        conditions=tuple(_condition(test, view) for test in ruleset.tests[index]),
    )


def _condition(condition: Condition, view: View) -> TracedCondition:
    """A condition with its truth, and those inside it."""
    word, says = _WORDS[truth(condition, view)], phrase(condition).plain()
    match condition:
        case c.All():
            return AllTrace(word, says, tuple(_condition(part, view) for part in condition.all))
        case c.AnyOf():
            return AnyTrace(word, says, tuple(_condition(part, view) for part in condition.any))
        case c.Not():
            return NotTrace(word, says, _condition(condition.not_, view))
        case c.Compare():
            return ComparisonTrace(word, says, condition.name, lookup(condition.name, view, NOWHERE).value)
        case (
            c.Done() | c.Last() | c.Every() | c.Some() | c.Count()
            | c.Decided() | c.SubcaseIs() | c.InState() | c.VerdictIs() | c.ParameterIs()
        ):  # fmt: skip
            return ConditionTrace(word, says)  # said as a whole
        case _:
            assert_never(condition)
