"""Resolving a decision over a case: facts by look-up, what rests on acts, items and states as it is written.

Unknown facts make a decision ``pending``, with the facts that would settle it and the outcomes still possible.  Rules
that hold together and contradict each other are a ``conflict``; no rule and no default is ``no_rule``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zhengxie_flow.conditions import Scope, Trace, View, evaluate
from zhengxie_flow.conditions.comparison import lookup
from zhengxie_flow.conditions.truth import conjunction
from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.facts_view import in_force
from zhengxie_flow.rules.regions import DAY


def resolve(ruleset: Ruleset, view: View, scope: Scope) -> Resolved:
    """Resolve a decision in a view.

    Args:
        ruleset: the decision.
        view: the case at one point of its life.
        scope: the act and the item whose fields names mean first.

    Returns:
        The status and the outcome; while it is pending, the facts that would settle it and the outcomes still possible.
    """
    table, trace = ruleset.table, Trace()
    held = maybe = table.all
    values: dict[str, Any] = {}
    unknown: dict[str, int] = {}
    for name, find, masks, free in table.lookups:
        if name not in values:
            values[name] = _value(name, view, scope, trace)
        value = values[name]
        if value is None:
            held &= free
            unknown[name] = unknown.get(name, 0) | ~free
        else:
            mask = masks[find(value)]
            held &= mask
            maybe &= mask
    open_ = maybe & ~held
    needs = dict.fromkeys(
        need for name, asks in unknown.items() if asks & open_ for need in _settling(name, view, scope)
    )
    if not table.straight:
        held, maybe = table.rules(held), table.rules(maybe)
    for index in table.written:
        truth = _written(ruleset, index, view, scope, trace)
        if truth is not False:
            maybe |= 1 << index
            held |= (truth is True) << index
    resolved = ruleset.policy.settle(held, maybe)
    if resolved.status != "pending" and not trace.presumed:
        return resolved
    pending = resolved.status == "pending"
    needed = tuple({**needs, **trace.needs}) if pending else ()
    return replace(resolved, needs=needed, presumed=tuple(trace.presumed))


def _value(name: str, view: View, scope: Scope, trace: Trace) -> Any:
    if name == DAY:
        return view.day.isoformat()
    fact = lookup(name, view, scope)
    if fact.presumed:
        trace.presumed[name] = None
    trace.presumed.update(dict.fromkeys(fact.presumptions))
    return fact.value


def _settling(name: str, view: View, scope: Scope) -> tuple[str, ...]:
    """The facts that would settle an unknown one: itself, or what an output of a decision rests on."""
    return (lookup(name, view, scope).needs if "." in name else ()) or (name,)


def _written(ruleset: Ruleset, index: int, view: View, scope: Scope, trace: Trace) -> bool | None:
    rule = ruleset.decision.rules[index]
    if rule.never or not in_force(rule, view.day):
        return False
    return conjunction(evaluate(test, view, scope, trace) for test in ruleset.tests[index])
