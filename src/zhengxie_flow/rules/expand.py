"""Conditions on other decisions, written out in the facts of those, so that a proof sees through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.policy import bits

_SEEN_THROUGH = frozenset({"exceptions", "first", "priority", "any", "unique"})
TRUE = c.All.model_construct(all=())
FALSE = c.AnyOf.model_construct(any=())


def expanded(condition: Condition, others: Mapping[str, Ruleset], path: tuple[str, ...] = ()) -> Condition:
    """A condition with ``decided`` replaced by the conditions of that decision wherever those can be written out."""
    if isinstance(condition, c.Connective):
        return condition.map(lambda part: expanded(part, others, path))
    if not isinstance(condition, c.Decided):
        return condition
    ((name, outcomes),) = condition.decided.items()
    other = others.get(name)
    if other is None or name in path or other.dated or other.decision.policy not in _SEEN_THROUGH:
        return condition
    return _written_out(other, outcomes, others, (*path, name)) if other.decision.outcomes else condition


def asks(condition: Condition) -> Iterator[str]:
    """The other decisions that a condition over facts rests on."""
    if isinstance(condition, c.Decided):
        yield from condition.decided
    elif isinstance(condition, c.Connective):
        for part in condition.children():
            yield from asks(part)


def _written_out(
    ruleset: Ruleset, outcomes: tuple[str, ...], others: Mapping[str, Ruleset], path: tuple[str, ...]
) -> Condition:
    """The condition that a decision has one of some outcomes: a rule for it holds and no rule before it does."""
    holds = [
        FALSE if rule.never else c.All.model_construct(all=tuple(expanded(test, others, path) for test in tests))
        for rule, tests in zip(ruleset.decision.rules, ruleset.tests, strict=True)
    ]
    ways: list[Condition] = []
    for index, rule in enumerate(ruleset.decision.rules):
        if rule.then in outcomes:
            ahead = ruleset.policy.before(index)
            if ruleset.decision.policy == "unique":
                ahead |= (1 << len(holds)) - 1 & ~(1 << index)
            rivals = [holds[other] for other in bits(ahead) if ruleset.decision.rules[other].then not in outcomes]
            ways.append(
                c.All.model_construct(all=(holds[index], *(c.Not.model_construct(not_=rival) for rival in rivals)))
            )
    if ruleset.decision.default in outcomes:
        ways.append(c.All.model_construct(all=tuple(c.Not.model_construct(not_=rival) for rival in holds)))
    return c.AnyOf.model_construct(any=tuple(ways))
