"""Validity of acts: by who may do them, with what they may not lack, and of a delegation within its days."""

from __future__ import annotations

from datetime import date

from zhengxie_flow.conditions import Scope, View
from zhengxie_flow.conditions.view import NOWHERE
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.model.case import Act, Case, Key
from zhengxie_flow.model.process import Action


def roles_for(view: View, action: Action, scope: Scope = NOWHERE) -> tuple[str, ...]:
    """The roles that may do an action here, empty where a parameter that names the role is not set."""
    if action.by_parameter is None:
        return action.by
    value = view.parameter(action.by_parameter, scope).value
    return () if value is None else (str(value),)


def may_act(view: View, action: Action, by: str | None, item: str | None) -> bool:
    """Return whether a role may do an action; where ``by`` names an item type, the item itself acts.

    An action without ``by`` can only be deemed; an act without an actor (``by`` None) is a deemed one.
    """
    roles = roles_for(view, action)
    return by is None or by in roles or (item is not None and by == item and action.item_type in roles)


def is_void(view: View, action: Action | None, act: Act) -> bool:
    """True for an act without effect: a power that somebody else exercised, or one that lacks what it may not lack."""
    if action is None:
        return False
    if action.power and not may_act(view, action, act.by, act.item):
        return True
    return any(act.fields.get(name) is None for name in action.void_without)


def delegations(compiled: CompiledProcess, case: Case, role: str, key: Key) -> list[Act]:
    """The acts before a place that lend a role, by who may lend it."""
    acts = acts_before(case, compiled.delegating.get(role, ()), key)
    return [act for act in acts if _may_lend(compiled.action(act.action), act)]


def is_lent(compiled: CompiledProcess, case: Case, act: Act, key: Key) -> bool:
    """True where a delegation covers the day of a place, its first and last day included, and was not revoked; other
    acts lend nothing that could end.
    """
    action = compiled.process.actions.get(act.action)
    delegation = None if action is None else action.delegates
    if action is None or delegation is None:
        return True
    if not _may_lend(action, act):
        return False
    revoked = acts_before(case, compiled.revoking.get(delegation.role, ()), key)
    if any(end.key >= act.key for end in revoked):
        return False
    first, last = _day(act, delegation.from_) or act.day, _day(act, delegation.until)
    return first <= key[0] and (last is None or key[0] <= last)


def acts_before(case: Case, actions: tuple[str, ...], key: Key) -> list[Act]:
    """The acts of some actions before a place."""
    return [act for action in actions for act in case.acts.get(action, ()) if act.key < key]


def _may_lend(action: Action, act: Act) -> bool:
    """True where the delegating role may delegate; where a parameter names that role, every role may."""
    return action.by_parameter is not None or act.by in action.by


def _day(act: Act, field: str | None) -> date | None:
    value = act.fields.get(field) if field is not None else None
    return date.fromisoformat(str(value)[:10]) if value is not None else None
