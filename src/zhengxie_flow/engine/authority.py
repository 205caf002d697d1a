"""Who may act: which role an action asks for, whether that office was there on a day, and whether what is lent was lent
then.
"""

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
"""The office was not there on that day."""
NOT_GIVEN, LAPSED = "not_delegated", "delegation_lapsed"
"""The role is only lent, and nobody had lent it, or not for that day."""
DELEGATION, FOUR_EYES = "delegation", "four_eyes"
"""Why an act is refused: the role is not lent now; somebody else has to do it."""


def roles_for(view: CaseView, action: Action, scope: Scope = NOWHERE) -> tuple[str, ...]:
    """The roles that may do an action here; none where a parameter that names the role is not set."""
    if action.by_parameter is None:
        return action.by
    value = view.parameter(action.by_parameter, scope).value
    return () if value is None else (str(value),)


def may_act(view: CaseView, action: Action, by: str | None, item: str | None) -> bool:
    """Whether a role may do an action; where an item type is named, the item itself acts.

    An action without ``by`` can only be deemed; an act of nobody (``by`` None) is one that was.
    """
    roles = roles_for(view, action)
    return by is None or by in roles or (item is not None and by == item and action.item_type in roles)


def missing_authority(compiled: CompiledProcess, case: Case, role: str | None, key: Key) -> str | None:
    """What a role lacks to act at a place in time; None where it has authority.

    A role that some action ``delegates`` is borrowed: it has authority from the day it is lent to the last day of that,
    until it is revoked.
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
        return NOT_GIVEN
    revoked = max((act.key for act in _acts(case, compiled.revoking.get(role, ()), key)), default=None)
    valid = any((revoked is None or act.key > revoked) and _covers(compiled, act, key[0]) for act in granted)
    return None if valid else LAPSED


def _acts(case: Case, actions: tuple[str, ...], key: Key) -> list[Act]:
    return [act for action in actions for act in case.acts.get(action, ()) if act.key < key]


def _may_lend(compiled: CompiledProcess, act: Act) -> bool:
    """Whether who delegated may; where a parameter says who, whoever did."""
    action = compiled.action(act.action)
    return action.by_parameter is not None or act.by in action.by


def _covers(compiled: CompiledProcess, act: Act, day: date) -> bool:
    """Whether a delegation covers a day; both its days included."""
    delegation = compiled.action(act.action).delegates
    if delegation is None:
        return False
    first = _day(act, delegation.from_) or act.day
    last = _day(act, delegation.until)
    return first <= day and (last is None or day <= last)


def _day(act: Act, field: str | None) -> date | None:
    value = act.fields.get(field) if field is not None else None
    return date.fromisoformat(str(value)[:10]) if value is not None else None


def refusals_for_actor(
    compiled: CompiledProcess, case: Case, act: Act, actor: str | None, clause: str | None
) -> Iterator[Reason]:
    """What stands against an act in who does it: an office not there, a role not lent, two hands that are one."""
    action = compiled.action(act.action)
    for role in (act.by, *roles_named(compiled, act)):
        wants = missing_authority(compiled, case, role, act.key)
        if wants is not None and (role == act.by or wants != NOT_IN_FORCE):
            yield Reason("role" if wants == NOT_IN_FORCE else DELEGATION, "false", (role or "",), clause)
    for name in action.four_eyes:
        if four_eyes_violation(compiled, case, act, name, actor) is not None:
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


def four_eyes_violation(
    compiled: CompiledProcess, case: Case, act: Act, name: str, actor: str | None = None
) -> str | None:
    """How the one who acts is the one who must be somebody else: ``same_actor``, ``same_role``; None where not.

    ``name`` is a field of the act (a role or a person) or an action whose latest act before this one counts.  Two acts
    are compared by the persons behind them; where these are not recorded for both, by their roles.
    """
    actor = act.event.actor if act.event is not None else actor
    if name not in compiled.process.actions:
        value = act.fields.get(name)
        if value is None:
            return None
        return "same_role" if value == act.by else "same_actor" if value == actor else None
    per_item = compiled.action(name).item_type is not None and act.item is not None
    earlier = [previous for previous in _acts(case, (name,), act.key) if not per_item or previous.item == act.item]
    if not earlier:
        return None
    other = earlier[-1]
    person = other.event.actor if other.event is not None else None
    if actor is not None and person is not None:
        return "same_actor" if actor == person else None
    return "same_role" if act.by is not None and act.by == other.by else None
