"""Evaluation of a condition: true, false or unknown (strong Kleene logic), with what would settle the unknown.

Acts are two-valued: what is not recorded has not happened.  Their fields, the fields of items and the facts of the case
are three-valued: what nobody asserted is unknown and stays unknown unless a presumption is written for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, assert_never

from zhengxie_flow.conditions.comparison import compare_name, nearest_item
from zhengxie_flow.conditions.truth import Trace, Truth, conjunction, disjunction
from zhengxie_flow.conditions.view import NOWHERE, Scope, View
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.comparing import same
from zhengxie_flow.model.condition import (
    All,
    AnyOf,
    Compare,
    Condition,
    Count,
    Decided,
    Done,
    Every,
    InState,
    Last,
    Not,
    ParameterIs,
    Some,
    SubcaseIs,
    VerdictIs,
)


def evaluate_optional(condition: Condition | None, view: View, scope: Scope, trace: Trace) -> Truth:
    """The truth of a condition that may be left out, and then holds."""
    return True if condition is None else evaluate(condition, view, scope, trace)


def evaluate(  # noqa: C901, PLR0912  # one case for each head
    condition: Condition, view: View, scope: Scope = NOWHERE, trace: Trace | None = None
) -> Truth:
    """Evaluate a condition in strong Kleene logic.

    Args:
        condition: the condition as it was read.
        view: the case at one point of its life.
        scope: the act and the item whose fields names mean first.
        trace: collects the unknown and the presumed names that the result rests on.

    Returns:
        True, False, or None for unknown.
    """
    trace = Trace() if trace is None else trace
    # By type and not by `match`, which asks the metaclass of every head in vain; in the order of how often each comes.
    if type(condition) is Compare:
        return compare_name(condition, view, scope, trace)
    if type(condition) is All:
        return conjunction(evaluate(part, view, scope, trace) for part in condition.all)
    if type(condition) is Decided:
        return _decided(condition, view, scope, trace)
    if type(condition) is Not:
        inner = evaluate(condition.not_, view, scope, trace)
        return None if inner is None else not inner
    if type(condition) is AnyOf:
        return disjunction(evaluate(part, view, scope, trace) for part in condition.any)
    if type(condition) is Done:
        return _done(condition, view, scope, trace)
    if type(condition) is VerdictIs:
        return _verdict(condition, view, scope)
    if type(condition) is Last:
        return _last(condition, view, scope, trace)
    if type(condition) is InState:
        return _in_state(condition, view, scope)
    if type(condition) is Every:
        return _every(condition, view, scope, trace)
    if type(condition) is Some:
        return _some(condition, view, scope, trace)
    if type(condition) is Count:
        return _count(condition, view, scope, trace)
    if type(condition) is ParameterIs:
        return _parameter(condition, view, scope, trace)
    if type(condition) is SubcaseIs:
        return _subcase(condition, view, scope, trace)
    assert_never(condition)


def _done(cond: Done, view: View, scope: Scope, trace: Trace) -> Truth:
    acts = [act for act in view.acts(cond.done) if _placed(act, cond, view, scope)]
    return disjunction(evaluate_optional(cond.where, view, _at(act, scope), trace) for act in acts)


def _placed(act: Act, cond: Done, view: View, scope: Scope) -> bool:
    """Return whether an act lies before, after or since the acts that the condition names (absent: before all), and has
    effect where that is asked.
    """
    if cond.in_force is not None and view.in_force(act) is not cond.in_force:
        return False
    if cond.before is not None:
        first = next(iter(_of_item(view.acts((cond.before,)), view, scope)), None)
        if first is not None and act.key >= first.key:
            return False
    for bound in (cond.after, cond.since):
        if bound is not None:
            reference = _of_item(view.acts((bound,)), view, scope)
            if not reference:
                return False
            pivot = reference[0] if bound == cond.after else reference[-1]
            if act.key <= pivot.key:
                return False
    return True


def _last(cond: Last, view: View, scope: Scope, trace: Trace) -> Truth:
    acts = _of_item(view.acts(cond.last), view, scope)
    return evaluate(cond.where, view, _at(acts[-1], scope), trace) if acts else False


def _of_item(acts: Sequence[Act], view: View, scope: Scope) -> Sequence[Act]:
    """The acts about the item in sight, where they are done for items of its type.

    A ``where`` could not pick the first or the last of them.
    """
    if scope.item is None and scope.this is None:
        return acts
    return [act for act in acts if _is_about(act, view, scope)]


def _is_about(act: Act, view: View, scope: Scope) -> bool:
    kind, _ = view.refers_to("for", Scope(act))
    item = nearest_item(kind, scope, inclusive=True) if kind is not None and act.item is not None else None
    return item is None or item.type != kind or item.id == act.item


def _at(act: Act, scope: Scope) -> Scope:
    return Scope(act, scope.item, scope.this, scope.around)


def item_candidates(
    kind: str, where: Condition | None, view: View, scope: Scope, trace: Trace
) -> list[tuple[Scope, Truth]]:
    """The items of a type that ``where`` selects or may select; inside, names mean the item's own fields first."""
    if where is not None and (choosing := view.choices(where, kind, scope)) is not None:
        return choosing(lambda inside, noted: evaluate(where, view, inside, noted), trace)
    around = scope.around if scope.item is None else (*scope.around, scope.item)
    inner = [Scope(None, item, scope.this or scope.item, around) for item in view.items(kind)]
    picked = [(inside, evaluate_optional(where, view, inside, trace)) for inside in inner]
    return [(inside, truth) for inside, truth in picked if truth is not False]


def _every(cond: Every, view: View, scope: Scope, trace: Trace) -> Truth:
    candidates = item_candidates(cond.every, cond.where, view, scope, trace)
    return conjunction(
        disjunction((None if picked is None else False, evaluate(cond.is_, view, inside, trace)))
        for inside, picked in candidates
    )


def _some(cond: Some, view: View, scope: Scope, trace: Trace) -> Truth:
    candidates = item_candidates(cond.some, cond.where, view, scope, trace)
    return disjunction(
        conjunction((picked, evaluate_optional(cond.is_, view, inside, trace))) for inside, picked in candidates
    )


def _count(cond: Count, view: View, scope: Scope, trace: Trace) -> Truth:
    candidates = item_candidates(cond.count, cond.where, view, scope, trace)
    sure = sum(picked is True for _, picked in candidates)
    low, high = cond.at_least or 0, cond.at_most
    within = [low <= n and (high is None or n <= high) for n in range(sure, len(candidates) + 1)]
    return within[0] if len(set(within)) == 1 else None


def _decided(cond: Decided, view: View, scope: Scope, trace: Trace) -> Truth:
    ((name, outcomes),) = cond.decided.items()
    resolved = view.decision(name, scope)
    trace.presumed.update(dict.fromkeys(resolved.presumed))
    if resolved.status == "decided":
        several = isinstance(resolved.value, list)
        return any(outcome in outcomes for outcome in resolved.value) if several else resolved.outcome in outcomes
    if resolved.possible and not set(resolved.possible) & set(outcomes):
        return False
    trace.needs.update(dict.fromkeys(resolved.needs or (name,)))
    return None


def _parameter(cond: ParameterIs, view: View, scope: Scope, trace: Trace) -> Truth:
    ((name, values),) = cond.parameter.items()
    parameter = view.parameter(name, scope)
    if parameter.value is None:
        trace.needs.update(dict.fromkeys(parameter.needs or (name,)))
        return None
    return any(_is_worded(parameter.value, text, view) for text in values)


def _is_worded(value: Any, text: str, view: View) -> bool:
    """Return whether a value is the one that a text names."""
    if isinstance(value, bool):
        return text == str(value).lower()
    return same(value, text, view.zone)


def _subcase(cond: SubcaseIs, view: View, scope: Scope, trace: Trace) -> Truth:
    ((name, statuses),) = cond.subcase.items()
    candidates = [
        (subcase, evaluate_optional(cond.where, view, _at(subcase.act, scope), trace))
        for subcase in view.subcases(name)
    ]
    sure = {subcase.status for subcase, picked in candidates if picked}
    doubtful = {subcase.status for subcase, picked in candidates if picked is None}
    subsets = (set(chosen) for size in range(len(doubtful) + 1) for chosen in combinations(doubtful, size))
    answers = {combined_status(sure | chosen) in statuses for chosen in subsets}
    return answers.pop() if len(answers) == 1 else None


def combined_status(statuses: set[str]) -> str:
    """The status of several subcases of a name taken as one: open until all have ended, completed if one was."""
    return next((status for status in ("open", "completed", "withdrawn") if status in statuses), "none")


def _in_state(cond: InState, view: View, scope: Scope) -> Truth:
    """True where the item looked at is in one of these states of its own, or the case in one of its."""
    item_state = view.item_state(scope.item) if scope.item is not None else None
    return item_state in cond.in_state or view.state in cond.in_state


def _verdict(cond: VerdictIs, view: View, scope: Scope) -> Truth:
    ((name, verdicts),) = cond.verdict.items()
    return str(view.verdict(name, nearest_item(view.owed_for(name), scope, inclusive=True))) in verdicts
