"""The parts of a false condition that make it false, down to the test, the act or the item that is wanting."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.conditions.comparison import lookup
from zhengxie_flow.conditions.evaluate import evaluate, item_candidates
from zhengxie_flow.conditions.truth import Trace
from zhengxie_flow.conditions.view import Scope, View
from zhengxie_flow.model.condition import All, AnyOf, Compare, Condition, Every, Not
from zhengxie_flow.model.working import FailedCondition


def failed_conditions(
    condition: Condition, view: View, scope: Scope, item: str | None = None
) -> tuple[FailedCondition, ...]:
    """List what makes a condition false.

    Args:
        condition: The condition.
        view: The case at one point of its life.
        scope: The act and the item whose fields names mean first.
        item: The item that an enclosing condition looks at; None outside of any.

    Returns:
        The failed parts in their order; empty where the condition is true or unknown.
    """
    if evaluate(condition, view, scope) is not False:
        return ()
    return tuple(_failed(condition, view, scope, item))


def _failed(condition: Condition, view: View, scope: Scope, item: str | None) -> Iterator[FailedCondition]:
    if isinstance(condition, All):
        for part in condition.all:
            yield from failed_conditions(part, view, scope, item)
    elif isinstance(condition, Not):
        yield from _held(condition.not_, view, scope, item)
    elif isinstance(condition, Every):
        for inside, picked in item_candidates(condition.every, condition.where, view, scope, Trace()):
            if picked is True and inside.item is not None:
                yield from failed_conditions(condition.is_, view, inside, inside.item.id)
    elif isinstance(condition, Compare):
        trace = Trace()
        evaluate(condition, view, scope, trace)
        value = lookup(condition.name, view, scope).value
        yield FailedCondition(condition, item, value, tuple(trace.absent))
    else:
        yield FailedCondition(condition, item)


def _held(condition: Condition, view: View, scope: Scope, item: str | None) -> Iterator[FailedCondition]:
    """The parts of a condition that must not hold and does."""
    if isinstance(condition, AnyOf):
        for part in condition.any:
            if evaluate(part, view, scope) is True:
                yield from _held(part, view, scope, item)
    elif isinstance(condition, Not):
        yield from failed_conditions(condition.not_, view, scope, item)
    else:
        yield FailedCondition(condition, item, negated=True)
