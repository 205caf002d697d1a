"""Comparison of one name with its operands: the value as stated, else as presumed, else unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from zhengxie_flow.conditions.truth import Trace, Truth, conjunction
from zhengxie_flow.conditions.view import FactValue, Scope, View, stated
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.case import Act, Item
from zhengxie_flow.model.comparing import absent, compare, members, same, typed
from zhengxie_flow.model.condition import FieldRef, Test


def lookup(name: str, view: View, scope: Scope) -> FactValue:
    """The value of a name: the act's own field, else the item's, else the fact of the case.

    A name with a dot is a field of the item that another name refers to, else an output of a decision, else a field of
    the first act of an action.
    """
    if scope.act is not None:
        of_act = _of_act(scope.act, name)
        if of_act is not None:
            return of_act
        kind = view.act_field(scope.act, name)
        if name in scope.act.fields:
            return stated(scope.act.fields[name], kind)
        if kind is not None and kind.presumed is not None:
            return replace(stated(kind.presumed, kind), presumed=True)
    if scope.item is not None:
        of_item = view.item_field(scope.item, name)
        if of_item is not None:
            return of_item
    if "." in name:
        action, _, part = name.rpartition(".")
        of_item = _of_referred(action, part, view, scope)
        if of_item is not None:
            return of_item
        output = view.output(action, part, scope)
        if output is not None:
            return output
        first = next(iter(view.acts((action,))), None)
        return stated(first.fields.get(part), view.act_field(first, part)) if first is not None else FactValue()
    return view.fact(name)


def _of_referred(name: str, field: str, view: View, scope: Scope) -> FactValue | None:
    """A field of the item that a name refers to; None where it is no name of a reference."""
    kind, _ = view.refers_to(name, scope)
    if kind is None:
        return None
    reference = lookup(name, view, scope)
    item = view.item(kind, reference.value) if isinstance(reference.value, str) else None
    if item is None:
        return FactValue(needs=reference.needs or (name,))
    return view.item_field(item, field)


OF_EVERY_ACT = frozenset({"by", "at", "for", "actor"})
"""Names that mean the act itself, whatever its fields are called."""


def _of_act(act: Act, name: str) -> FactValue | None:
    match name:
        case "by":
            return FactValue(act.by)
        case "at":
            return FactValue(act.day.isoformat(), type="date")
        case "for":
            return FactValue(act.item)
        case "actor":
            return FactValue(act.actor)
    return None


def nearest_item(kind: str | None, scope: Scope, *, inclusive: bool) -> Item | None:
    """The item that ``this`` means: the nearest one around of the requested type, else the one under judgement.

    ``inclusive`` counts the item looked at among those around: where an act is compared with it, or a duty asked about
    it.
    """
    inward = (*scope.around, *((scope.item,) if inclusive and scope.item is not None else ()))
    near = next((item for item in reversed(inward) if item.type == kind), None)
    return near or scope.this or scope.item


_LONG_WAY = (str, dict)
"""Kinds of a stated value that have to be looked at: text may be a decimal, a mapping the mark of what was erased."""


def compare_name(cond: c.Compare, view: View, scope: Scope, trace: Trace) -> Truth:
    """The truth of a comparison of one name; unknown where its value was neither stated nor presumed."""
    name, recorded, checks, names_this = _ready(cond)
    act = scope.act
    presumed = erased = False
    value = act.fields.get(name) if act is not None and name not in OF_EVERY_ACT else None
    needs: tuple[str, ...] = (name,)
    if value is None or type(value) in _LONG_WAY:
        fact = lookup(name, view, scope)
        presumed, erased = fact.presumed, fact.erased
        value, needs = _compared(fact, name, trace)
    if recorded is not None:
        on_record = erased or (value is not None and not presumed)
        if on_record is not recorded or not on_record:
            return on_record is recorded
        if erased and not checks:
            return True  # the test asks only whether the value was recorded
    if presumed:
        trace.presumed[name] = None
    if value is None:
        trace.needs.update(dict.fromkeys(needs))
        return None
    if names_this and scope.around:
        scope = _scope_of_this(name, view, scope)
    if len(checks) == 1:  # most tests ask one thing
        ((check, operand),) = checks
        return check(value, operand, view, scope, trace)
    return conjunction(check(value, operand, view, scope, trace) for check, operand in checks)


def _compared(fact: FactValue, name: str, trace: Trace) -> tuple[Any, tuple[str, ...]]:
    """A value as it is compared, and the names that would settle it where it is unknown."""
    if fact.presumptions:
        trace.presumed.update(dict.fromkeys(fact.presumptions))
    return typed(fact.value, fact.type), fact.needs or (name,)


def _ready(cond: c.Compare) -> _Ready:
    """A comparison prepared for evaluation.

    Its name, whether it must be recorded, the (check, operand) pairs, and whether an operand is ``this``.  Worked out
    once and kept: a test knows thirteen checks and most ask one.  Literal members become a list, so that they are not
    resolved again at each evaluation.
    """
    try:
        return cond.kept  # type: ignore[attr-defined, no-any-return]  # the slot of every Model
    except AttributeError:
        operands = ((check, getattr(cond.test, name)) for name, check in _CHECKS.items())
        checks = tuple((check, _settled(operand)) for check, operand in operands if operand is not None)
        ready = (cond.name, cond.test.recorded, checks, _names_this(cond.test))
        object.__setattr__(cond, "kept", ready)
        return ready


def _settled(operand: Any) -> Any:
    open_ = isinstance(operand, tuple) and any(isinstance(entry, FieldRef) or entry == "this" for entry in operand)
    return list(operand) if isinstance(operand, tuple) and not open_ else operand


def _scope_of_this(name: str, view: View, scope: Scope) -> Scope:
    """The scope in which ``this`` is the item that a name can refer to."""
    kind, of_act = view.refers_to(name, scope)
    near = nearest_item(kind, scope, inclusive=of_act)
    return scope if near is scope.this else Scope(scope.act, scope.item, near, scope.around)


def _names_this(test: Test) -> bool:
    if test.equals == "this" or test.differs_from == "this":
        return True
    several = (test.one_of, test.includes, test.within)
    return any(isinstance(operand, tuple) and "this" in operand for operand in several)


def _operand(operand: Any, view: View, scope: Scope, trace: Trace) -> Any:
    if type(operand) is FieldRef:  # asking a model's class with isinstance is slow
        # An operand never names the field under test of the same act alone: outer names stay reachable.
        fact = lookup(operand.field, view, scope)
        if fact.presumed:
            trace.presumed[operand.field] = None
        value, needs = _compared(fact, operand.field, trace)
        if value is None:
            trace.needs.update(dict.fromkeys(needs))
        return value
    if operand == "this":
        this: Item | None = scope.this or scope.item
        return this.id if this is not None else None
    return operand


def _by(operator: str) -> Callable[[Any, Any, View, Scope, Trace], Truth]:
    """A check of one value against one operand that may itself be unknown."""

    def check(value: Any, operand: Any, view: View, scope: Scope, trace: Trace) -> Truth:
        other = _operand(operand, view, scope, trace)
        return None if other is None else compare(operator, value, other, view.zone)

    return check


def _one_of(value: Any, operands: Any, view: View, _scope: Scope, _trace: Trace) -> Truth:
    return any(same(value, entry, view.zone) for entry in operands)


def _includes(value: Any, operands: Any, view: View, scope: Scope, trace: Trace) -> Truth:
    required, complete = (operands, True) if type(operands) is list else _members(operands, view, scope, trace)
    missing = absent(required, value)
    if missing:
        trace.absent.update(dict.fromkeys(map(str, missing)))
        return False
    return True if complete else None


def _within(value: Any, operands: Any, view: View, scope: Scope, trace: Trace) -> Truth:
    allowed, complete = _members(operands, view, scope, trace)
    if not absent(members(value), allowed):
        return True
    return False if complete else None


def _members(operands: Any, view: View, scope: Scope, trace: Trace) -> tuple[list[Any], bool]:
    """The members of a set operand, and whether all are known; a set among them stands for its own members."""
    if isinstance(operands, list):  # settled
        return operands, True
    written = (operands,) if isinstance(operands, FieldRef) else operands
    values = [_operand(entry, view, scope, trace) for entry in written]
    named = [member for value in values if value is not None for member in members(value)]
    return named, None not in values


_Check = Callable[[Any, Any, View, Scope, Trace], Truth]
_Ready = tuple[str, bool | None, tuple[tuple[_Check, Any], ...], bool]

_CHECKS: dict[str, _Check] = {
    "equals": _by("equals"),
    "one_of": _one_of,
    "at_least": _by("at_least"),
    "at_most": _by("at_most"),
    "more_than": _by("more_than"),
    "less_than": _by("less_than"),
    "before": _by("before"),
    "after": _by("after"),
    "on_or_before": _by("on_or_before"),
    "on_or_after": _by("on_or_after"),
    "includes": _includes,
    "within": _within,
    "differs_from": _by("differs_from"),
}
