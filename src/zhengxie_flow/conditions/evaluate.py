"""Evaluation of a condition: true, false or unknown (strong Kleene logic), with what would settle the unknown.

Acts are two-valued: what is not recorded has not happened.  Their fields, the fields of items and the facts of the case
are three-valued: what nobody asserted is unknown and stays unknown unless a presumption is written for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations
from typing import Any

from zhengxie_flow.conditions.view import NOWHERE, Scope, Seen, View, stated
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.case import Act, Item
from zhengxie_flow.model.condition import Condition, FieldRef, Test

Truth = bool | None


@dataclass(slots=True)
class Trace:
    """What an evaluation met: unknown names, presumptions it rested on, and members found absent from a set."""

    needs: dict[str, None] = field(default_factory=dict)  # an ordered set
    presumed: dict[str, None] = field(default_factory=dict)
    absent: dict[str, None] = field(default_factory=dict)


def evaluate_optional(condition: Condition | None, view: View, scope: Scope, trace: Trace) -> Truth:
    """A condition that is not written holds."""
    return True if condition is None else evaluate(condition, view, scope, trace)


def evaluate(condition: Condition, view: View, scope: Scope = NOWHERE, trace: Trace | None = None) -> Truth:
    """Whether a condition holds in a view: True, False, or None for unknown."""
    return _EVALUATORS[type(condition)](condition, view, scope, Trace() if trace is None else trace)


def lookup(name: str, view: View, scope: Scope) -> Seen:
    """The value of a name: the act's own field, else the item's, else the fact of the case."""
    if scope.act is not None:
        own = _of_act(scope.act, name)
        if own is not None:
            return own
        kind = view.act_field(scope.act, name)
        if name in scope.act.fields:
            return stated(scope.act.fields[name], kind)
        if kind is not None and kind.presumed is not None:
            return replace(stated(kind.presumed, kind), presumed=True)
    if scope.item is not None:
        seen = view.item_field(scope.item, name)
        if seen is not None:
            return seen
    if "." in name:
        action, _, part = name.rpartition(".")
        first = next(iter(view.acts((action,))), None)
        return stated(first.fields.get(part), view.act_field(first, part)) if first is not None else Seen()
    return view.fact(name)


def _of_act(act: Act, name: str) -> Seen | None:
    match name:
        case "by":
            return Seen(act.by)
        case "at":
            return Seen(act.day.isoformat())
        case "for":
            return Seen(act.item)
        case "actor":
            return Seen(act.actor)
    return None


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Strong Kleene "and"."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Strong Kleene "or"."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def _all(cond: c.All, view: View, scope: Scope, trace: Trace) -> Truth:
    return conjunction(evaluate(part, view, scope, trace) for part in cond.all)


def _any(cond: c.AnyOf, view: View, scope: Scope, trace: Trace) -> Truth:
    return disjunction(evaluate(part, view, scope, trace) for part in cond.any)


def _not(cond: c.Not, view: View, scope: Scope, trace: Trace) -> Truth:
    inner = evaluate(cond.not_, view, scope, trace)
    return None if inner is None else not inner


def _done(cond: c.Done, view: View, scope: Scope, trace: Trace) -> Truth:
    acts = [act for act in view.acts(cond.done) if _placed(act, cond, view)]
    return disjunction(evaluate_optional(cond.where, view, _at(act, scope), trace) for act in acts)


def _placed(act: Act, cond: c.Done, view: View) -> bool:
    """Whether an act lies where ``before``/``after``/``since`` want it against another act (absent: before all)."""
    if cond.before is not None:
        first = next(iter(view.acts((cond.before,))), None)
        if first is not None and act.key >= first.key:
            return False
    for bound in (cond.after, cond.since):
        if bound is not None:
            reference = view.acts((bound,))
            if not reference:
                return False
            pivot = reference[0] if bound == cond.after else reference[-1]
            if act.key <= pivot.key:
                return False
    return True


def _last(cond: c.Last, view: View, scope: Scope, trace: Trace) -> Truth:
    acts = view.acts(cond.last)
    return evaluate(cond.where, view, _at(acts[-1], scope), trace) if acts else False


def _at(act: Act, scope: Scope) -> Scope:
    return Scope(act=act, item=scope.item, this=scope.this)


def _each(kind: str, where: Condition | None, view: View, scope: Scope, trace: Trace) -> list[tuple[Scope, Truth]]:
    """Every item of a type with whether ``where`` picks it; inside, names mean the item's own fields first."""
    inner = [Scope(item=item, this=scope.this or scope.item) for item in view.items(kind)]
    picked = [(inside, evaluate_optional(where, view, inside, trace)) for inside in inner]
    return [(inside, truth) for inside, truth in picked if truth is not False]


def _every(cond: c.Every, view: View, scope: Scope, trace: Trace) -> Truth:
    each = _each(cond.every, cond.where, view, scope, trace)
    return conjunction(
        disjunction((None if picked is None else False, evaluate(cond.is_, view, inside, trace)))
        for inside, picked in each
    )


def _some(cond: c.Some, view: View, scope: Scope, trace: Trace) -> Truth:
    each = _each(cond.some, cond.where, view, scope, trace)
    return disjunction(
        conjunction((picked, evaluate_optional(cond.is_, view, inside, trace))) for inside, picked in each
    )


def _count(cond: c.Count, view: View, scope: Scope, trace: Trace) -> Truth:
    each = _each(cond.count, cond.where, view, scope, trace)
    sure = sum(picked is True for _, picked in each)
    low, high = cond.at_least or 0, cond.at_most
    within = [low <= n and (high is None or n <= high) for n in range(sure, len(each) + 1)]
    return within[0] if len(set(within)) == 1 else None


def _decided(cond: c.Decided, view: View, scope: Scope, trace: Trace) -> Truth:
    ((name, wanted),) = cond.decided.items()
    resolved = view.decision(name, scope)
    trace.presumed.update(dict.fromkeys(resolved.presumed))
    if resolved.status == "decided":
        several = isinstance(resolved.value, list)
        return any(one in wanted for one in resolved.value) if several else resolved.outcome in wanted
    if resolved.possible and not set(resolved.possible) & set(wanted):
        return False
    trace.needs.update(dict.fromkeys(resolved.needs or (name,)))
    return None


def _parameter(cond: c.ParameterIs, view: View, scope: Scope, trace: Trace) -> Truth:
    ((name, wanted),) = cond.parameter.items()
    found = view.parameter(name, scope)
    if found.value is None:
        trace.needs.update(dict.fromkeys(found.needs or (name,)))
        return None
    return _in_words(found.value) in wanted


def _in_words(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _subcase(cond: c.SubcaseIs, view: View, scope: Scope, trace: Trace) -> Truth:
    ((name, wanted),) = cond.subcase.items()
    each = [(seen, evaluate_optional(cond.where, view, _at(seen.act, scope), trace)) for seen in view.subcases(name)]
    sure = {seen.status for seen, picked in each if picked}
    doubtful = {seen.status for seen, picked in each if picked is None}
    some = (set(chosen) for size in range(len(doubtful) + 1) for chosen in combinations(doubtful, size))
    answers = {together(sure | chosen) in wanted for chosen in some}
    return answers.pop() if len(answers) == 1 else None


def together(statuses: set[str]) -> str:
    """How several subcases of a name stand as one: open until all have ended, completed if one was."""
    return next((status for status in ("open", "completed", "withdrawn") if status in statuses), "none")


def _in_state(cond: c.InState, view: View, _scope: Scope, _trace: Trace) -> Truth:
    return view.state in cond.in_state


def _verdict(cond: c.VerdictIs, view: View, scope: Scope, _trace: Trace) -> Truth:
    ((name, wanted),) = cond.verdict.items()
    return str(view.verdict(name, scope.this or scope.item)) in wanted


def _compare(cond: c.Compare, view: View, scope: Scope, trace: Trace) -> Truth:
    seen = lookup(cond.name, view, scope)
    if cond.test.recorded is not None:
        stated = seen.erased or (seen.value is not None and not seen.presumed)
        if stated is not cond.test.recorded or not stated:
            return stated is cond.test.recorded
        if seen.erased and all(getattr(cond.test, name) is None for name in _CHECKS):
            return True  # nothing is asked of the value but that somebody stated it
    if seen.presumed:
        trace.presumed[cond.name] = None
    if seen.value is None:
        trace.needs[cond.name] = None
        return None
    return _test(cond.test, seen.value, view, scope, trace)


def _test(test: Test, value: Any, view: View, scope: Scope, trace: Trace) -> Truth:
    return conjunction(
        check(value, getattr(test, name), view, scope, trace)
        for name, check in _CHECKS.items()
        if getattr(test, name) is not None
    )


def _operand(operand: Any, view: View, scope: Scope, trace: Trace) -> Any:
    if isinstance(operand, FieldRef):
        # An operand never names the field under test of the same act alone: outer names stay reachable.
        seen = lookup(operand.field, view, scope)
        if seen.presumed:
            trace.presumed[operand.field] = None
        if seen.value is None:
            trace.needs[operand.field] = None
        return seen.value
    if operand == "this":
        this: Item | None = scope.this or scope.item
        return this.id if this is not None else None
    return operand


def _against(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any, View, Scope, Trace], Truth]:
    """A test of one value against one operand that may itself be unknown."""

    def check(value: Any, operand: Any, view: View, scope: Scope, trace: Trace) -> Truth:
        other = _operand(operand, view, scope, trace)
        return None if other is None else compare(value, other)

    return check


def same(value: Any, other: Any) -> bool:
    """Whether two values are the same: sets by their members, numbers by their worth."""
    if isinstance(value, list) or isinstance(other, list):
        return sorted(_listed(value)) == sorted(_listed(other))
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    if isinstance(other, int | Decimal) or isinstance(value, Decimal):
        return _number(value) == _number(other)
    return bool(value == other)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _number(value: Any) -> Decimal:
    return Decimal(value)


def _moment(value: Any) -> date | datetime:
    if isinstance(value, date):
        return value
    return datetime.fromisoformat(value) if len(value) > len("2026-01-01") else date.fromisoformat(value)


def _earlier(value: Any, other: Any) -> bool:
    left, right = _moment(value), _moment(other)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left < right
    return _civil(left) < _civil(right)


def _civil(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _one_of(value: Any, operands: Any, view: View, scope: Scope, trace: Trace) -> Truth:
    return any(same(value, _operand(entry, view, scope, trace)) for entry in operands)


def _includes(value: Any, operands: Any, view: View, scope: Scope, trace: Trace) -> Truth:
    wanted = _members(operands, view, scope, trace)
    if wanted is None:
        return None
    missing = [entry for entry in wanted if entry not in _listed(value)]
    trace.absent.update(dict.fromkeys(map(str, missing)))
    return not missing


def _within(value: Any, operands: Any, view: View, scope: Scope, trace: Trace) -> Truth:
    allowed = _members(operands, view, scope, trace)
    return None if allowed is None else set(_listed(value)) <= set(allowed)


def _members(operands: Any, view: View, scope: Scope, trace: Trace) -> list[Any] | None:
    if isinstance(operands, FieldRef):
        value = _operand(operands, view, scope, trace)
        return None if value is None else _listed(value)
    return [_operand(entry, view, scope, trace) for entry in operands]


_CHECKS: dict[str, Callable[[Any, Any, View, Scope, Trace], Truth]] = {
    "equals": _against(same),
    "one_of": _one_of,
    "at_least": _against(lambda value, other: _number(value) >= _number(other)),
    "at_most": _against(lambda value, other: _number(value) <= _number(other)),
    "more_than": _against(lambda value, other: _number(value) > _number(other)),
    "less_than": _against(lambda value, other: _number(value) < _number(other)),
    "before": _against(_earlier),
    "after": _against(lambda value, other: _earlier(other, value)),
    "on_or_before": _against(lambda value, other: not _earlier(other, value)),
    "on_or_after": _against(lambda value, other: not _earlier(value, other)),
    "includes": _includes,
    "within": _within,
    "differs_from": _against(lambda value, other: not same(value, other)),
}

_EVALUATORS: dict[type, Callable[..., Truth]] = {
    c.All: _all,
    c.AnyOf: _any,
    c.Not: _not,
    c.Done: _done,
    c.Last: _last,
    c.Every: _every,
    c.Some: _some,
    c.Count: _count,
    c.Decided: _decided,
    c.SubcaseIs: _subcase,
    c.InState: _in_state,
    c.VerdictIs: _verdict,
    c.ParameterIs: _parameter,
    c.Compare: _compare,
}
