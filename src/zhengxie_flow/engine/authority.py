"""Authority to act: the role an action asks for, the days its office existed, delegation, and four-eyes rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhengxie_flow.conditions import Scope
from zhengxie_flow.conditions.view import NOWHERE
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import Reason
from zhengxie_flow.model.case import Act, Case, Key
from zhengxie_flow.model.process import Action
from zhengxie_flow.model.values import FactRef, ValueType

NOT_IN_FORCE = "not_in_force"
"""The office did not exist on that day."""
NOT_DELEGATED, LAPSED = "not_delegated", "delegation_lapsed"
"""The role acts only by delegation, and there was none, or none for that day."""
DELEGATION, FOUR_EYES = "delegation", "four_eyes"
"""Reasons for refusing an act: the role has no delegation in force; another person has to do it."""


def roles_for(view: CaseView, action: Action, scope: Scope = NOWHERE) -> tuple[str, ...]:
    """The roles that may do an action here, empty where a parameter that names the role is not set."""
    if action.by_parameter is None:
        return action.by
    value = view.parameter(action.by_parameter, scope).value
    return () if value is None else (str(value),)


def may_act(view: CaseView, action: Action, by: str | None, item: str | None) -> bool:
    """Return whether a role may do an action; where ``by`` names an item type, the item itself acts.

    An action without ``by`` can only be deemed; an act without an actor (``by`` None) is a deemed one.
    """
    roles = roles_for(view, action)
    return by is None or by in roles or (item is not None and by == item and action.item_type in roles)


def missing_authority(compiled: CompiledProcess, case: Case, role: str | None, key: Key) -> str | None:
    """The defect of a role's authority at a position on the timeline.

    A role that some action ``delegates`` has authority only from the first to the last day of a delegation, and until
    it is revoked.

    Args:
        compiled: The definition the act falls under.
        case: The case, whose acts hold the delegations and revocations.
        role: The role that acts; None for a deemed act.
        key: The position on the timeline.

    Returns:
        ``not_in_force``, ``not_delegated`` or ``delegation_lapsed``; None where the role has authority.
    """
    office = compiled.process.roles.get(role or "")
    if role is None or office is None:
        return None
    if not office.in_force.covers(key[0]):
        return NOT_IN_FORCE
    if role not in compiled.delegating:
        return None
    granted = [act for act in _acts(case, compiled.delegating[role], key) if _may_lend(compiled, act)]
    if not granted:
        return NOT_DELEGATED
    revoked = max((act.key for act in _acts(case, compiled.revoking.get(role, ()), key)), default=None)
    valid = any((revoked is None or act.key > revoked) and _covers(compiled, act, key[0]) for act in granted)
    return None if valid else LAPSED


def _acts(case: Case, actions: tuple[str, ...], key: Key) -> list[Act]:
    return [act for action in actions for act in case.acts.get(action, ()) if act.key < key]


def _may_lend(compiled: CompiledProcess, act: Act) -> bool:
    """True where the delegating role may delegate; where a parameter names that role, every role may."""
    action = compiled.action(act.action)
    return action.by_parameter is not None or act.by in action.by


def _covers(compiled: CompiledProcess, act: Act, day: date) -> bool:
    """True where a delegation covers a day, its first and last day included."""
    delegation = compiled.action(act.action).delegates
    if delegation is None:
        return False
    first = _day(act, delegation.from_) or act.day
    last = _day(act, delegation.until)
    return first <= day and (last is None or day <= last)


def _day(act: Act, field: str | None) -> date | None:
    value = act.fields.get(field) if field is not None else None
    return date.fromisoformat(str(value)[:10]) if value is not None else None


def refusals_for_actor(compiled: CompiledProcess, case: Case, act: Act, clause: str | None) -> Iterator[Reason]:
    """Reasons to refuse an act because of its actor: role not in force, role not delegated, four eyes violated."""
    action = compiled.action(act.action)
    for role in (act.by, *roles_named(compiled, act)):
        defect = missing_authority(compiled, case, role, act.key)
        if defect is not None and (role == act.by or defect != NOT_IN_FORCE):
            yield Reason("role" if defect == NOT_IN_FORCE else DELEGATION, "false", (role or "",), clause)
    for name in action.four_eyes:
        if four_eyes_violation(compiled, case, act, name) is not None:
            yield Reason(FOUR_EYES, "false", (name,), clause)


def roles_named(compiled: CompiledProcess, act: Act) -> tuple[str, ...]:
    """The roles, other than the one that acts, that an act names in its fields."""
    if not compiled.delegating:
        return ()
    kinds, facts = compiled.action(act.action).fields, compiled.process.facts
    named: dict[str, None] = {}
    for name, value in act.fields.items():
        kind = facts.get(name) if isinstance(kinds.get(name), FactRef) else kinds.get(name)
        if isinstance(kind, ValueType) and kind.type == "role" and value not in (None, act.by):
            named[str(value)] = None
    return tuple(named)


def four_eyes_violation(compiled: CompiledProcess, case: Case, act: Act, name: str) -> str | None:
    """The violation of a four-eyes rule by an act.

    Two acts are compared by the persons behind them; where these are not recorded for both, by their roles.

    Args:
        compiled: The definition the act falls under.
        case: The case with the earlier acts.
        act: The act under test.
        name: A field of the act (a role or a person), or an action whose latest act before this one counts.

    Returns:
        ``same_actor`` or ``same_role``; None where two persons acted.
    """
    if name not in compiled.process.actions:
        value = act.fields.get(name)
        if value is None:
            return None
        return "same_role" if value == act.by else "same_actor" if value == act.actor else None
    per_item = compiled.action(name).item_type is not None and act.item is not None
    earlier = [previous for previous in _acts(case, (name,), act.key) if not per_item or previous.item == act.item]
    if not earlier:
        return None
    other = earlier[-1]
    if act.actor is not None and other.actor is not None:
        return "same_actor" if act.actor == other.actor else None
    return "same_role" if act.by is not None and act.by == other.by else None
