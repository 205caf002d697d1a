"""Authority to act: the role an action asks for, the days its office existed, delegation, and four-eyes rules."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.validity import acts_before, delegations, is_lent
from zhengxie_flow.errors import Reason
from zhengxie_flow.model.case import Act, Case, Key
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.needs import NeededPerson

NOT_IN_FORCE = "not_in_force"
"""The office did not exist on that day."""
NOT_DELEGATED, LAPSED = "not_delegated", "delegation_lapsed"
"""The role acts only by delegation, and there was none, or none for that day."""
DELEGATION, FOUR_EYES = "delegation", "four_eyes"
"""Reasons for refusing an act: the role has no delegation in force; another person has to do it."""


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
    granted = delegations(compiled, case, role, key)
    if not granted:
        return NOT_DELEGATED
    return None if any(is_lent(compiled, case, act, key) for act in granted) else LAPSED


def refusals_for_actor(compiled: CompiledProcess, case: Case, act: Act, clause: str | None) -> Iterator[Reason]:
    """Reasons to refuse an act because of its actor: role not in force, role not delegated, four eyes violated."""
    action = compiled.action(act.action)
    for role in (act.by, *roles_named(compiled, act)):
        defect = missing_authority(compiled, case, role, act.key)
        if defect is not None and (role == act.by or defect != NOT_IN_FORCE):
            yield Reason("role" if defect == NOT_IN_FORCE else DELEGATION, "false", (role or "",), clause)
    for name in action.four_eyes:
        if four_eyes_violation(compiled, case, act, name) is not None:
            yield Reason(FOUR_EYES, "false", (NeededPerson(name),), clause)


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
    earlier = [
        previous for previous in acts_before(case, (name,), act.key) if not per_item or previous.item == act.item
    ]
    if not earlier:
        return None
    other = earlier[-1]
    if act.actor is not None and other.actor is not None:
        return "same_actor" if act.actor == other.actor else None
    return "same_role" if act.by is not None and act.by == other.by else None
