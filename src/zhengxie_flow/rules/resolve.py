"""Resolving a decision: the default, unless an exception holds; the higher priority wins.

Unknown facts make a decision ``pending``, with the facts that would settle it and the outcomes still possible.  Two
exceptions of the same priority with different outcomes are a ``conflict``; no default and no exception is ``no_rule``.
"""

from __future__ import annotations

from zhengxie_flow.conditions import Scope, Trace, View, evaluate
from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.model.decision import Decision, Rule


def resolve(decision: Decision, view: View, scope: Scope) -> Resolved:
    """How a decision stands in a view."""
    trace = Trace()
    held: list[Rule] = []
    open_: list[Rule] = []
    for rule in decision.exceptions:
        truth = evaluate(rule.when, view, scope, trace)
        if truth is not False:
            (held if truth else open_).append(rule)
    presumed = tuple(trace.presumed)
    top = max((rule.priority for rule in held), default=None)
    winners = [rule for rule in held if rule.priority == top]
    outcomes = {rule.then for rule in winners}
    # An exception still open matters only if it could overrule or contradict what holds already.
    rivals = [rule for rule in open_ if (top is None or rule.priority >= top)]
    settled = outcomes or ({decision.default} if decision.default is not None else set())
    possible = settled | {rule.then for rule in rivals}
    if len(outcomes) > 1:
        return Resolved("conflict", possible=tuple(sorted(outcomes)), fired=tuple(rule.id for rule in winners))
    if rivals and (len(possible) > 1 or not settled):
        return Resolved(
            "pending", needs=tuple(trace.needs), presumed=presumed, possible=tuple(sorted(map(str, possible)))
        )
    if not settled:
        return Resolved("no_rule", presumed=presumed)
    record = tuple(dict.fromkeys(name for rule in winners for name in rule.must_record))
    return Resolved(
        "decided",
        next(iter(settled)),
        presumed=presumed,
        possible=tuple(settled),
        fired=tuple(rule.id for rule in winners),
        must_record=record,
    )
