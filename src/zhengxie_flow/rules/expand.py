"""Conditions on other decisions, written out in the facts of those, so that a proof sees through them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date

from zhengxie_flow.conditions import evaluate
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.rules.compile import Ruleset, plain
from zhengxie_flow.rules.facts_view import FactsAlone
from zhengxie_flow.rules.kinds import fields, kinds
from zhengxie_flow.rules.policy import bits

_SEEN_THROUGH = frozenset({"exceptions", "first", "priority", "any", "unique"})
TRUE = c.All.model_construct(all=())
FALSE = c.AnyOf.model_construct(any=())


def expanded(condition: Condition, others: Mapping[str, Ruleset], path: tuple[str, ...] = ()) -> Condition:
    """A condition with ``decided`` replaced by the conditions of that decision wherever those can be written out."""
    if isinstance(condition, c.Connective):
        return condition.map(lambda part: expanded(part, others, path))
    if isinstance(condition, c.Compare):
        return _output_compared(condition, others, path)
    if not isinstance(condition, c.Decided):
        return condition
    ((name, outcomes),) = condition.decided.items()
    other = others.get(name)
    if other is None or not _seen_through(other, path) or not other.decision.outcomes:
        return condition
    passing = [rule.then in outcomes for rule in other.decision.rules]
    return _written_out(other, passing, other.decision.default in outcomes, others, path)


def _output_compared(condition: c.Compare, others: Mapping[str, Ruleset], path: tuple[str, ...]) -> Condition:
    """A test of an output of another decision, as the rules of that whose output passes it."""
    name, _, part = condition.name.rpartition(".")
    other = others.get(name)
    if other is None or not _seen_through(other, path) or not other.decision.outputs or not plain(condition):
        return condition
    values = [value[part] for value in (*other.policy.values, other.policy.default) if value is not None]
    truths = [
        evaluate(condition, FactsAlone({condition.name: value}, date.min, kinds=kinds([condition], other.outputs)))
        for value in values
    ]
    rules = len(other.decision.rules)
    passing = [truth is True for truth in truths]
    return _written_out(other, passing[:rules], any(passing[rules:]), others, path)


def _seen_through(ruleset: Ruleset, path: tuple[str, ...]) -> bool:
    return ruleset.name not in path and not ruleset.dated and ruleset.decision.policy in _SEEN_THROUGH


def asks(condition: Condition, decisions: Container[str] = ()) -> Iterator[str]:
    """The other decisions that a condition over facts rests on, by their outcome or by an output.

    Args:
        condition: the condition.
        decisions: the decisions whose outputs a name with a dot can mean.
    """
    if isinstance(condition, c.Decided):
        yield from condition.decided
    elif isinstance(condition, c.Compare):
        names = (condition.name, *(name for _, name in fields(condition.test)))
        yield from (head for name in names if (head := name.rpartition(".")[0]) in decisions)
    elif isinstance(condition, c.Connective):
        for part in condition.children():
            yield from asks(part, decisions)


def _written_out(
    ruleset: Ruleset, passing: Sequence[bool], default: bool, others: Mapping[str, Ruleset], path: tuple[str, ...]
) -> Condition:
    """The condition that a rule that passes decides: it holds and no rule before it does; ``default``: it passes."""
    path = (*path, ruleset.name)
    holds = [
        FALSE if rule.never else c.All.model_construct(all=tuple(expanded(test, others, path) for test in tests))
        for rule, tests in zip(ruleset.decision.rules, ruleset.tests, strict=True)
    ]
    ways: list[Condition] = []
    for index in range(len(holds)):
        if passing[index]:
            ahead = ruleset.policy.before(index)
            if ruleset.decision.policy == "unique":
                ahead |= (1 << len(holds)) - 1 & ~(1 << index)
            rivals = [holds[other] for other in bits(ahead) if not passing[other]]
            ways.append(
                c.All.model_construct(all=(holds[index], *(c.Not.model_construct(not_=rival) for rival in rivals)))
            )
    if default:
        ways.append(c.All.model_construct(all=tuple(c.Not.model_construct(not_=rival) for rival in holds)))
    return c.AnyOf.model_construct(any=tuple(ways))
