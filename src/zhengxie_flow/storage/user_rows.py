"""Conversion between the columns of persons, holdings and refusals and the values of the ports."""

from __future__ import annotations

from typing import Any

from zhengxie_flow.model.directory import Holding, UserChange
from zhengxie_flow.ports import AccessRefusal
from zhengxie_flow.storage.raw import AnyRow


def user_change_row(change: UserChange) -> dict[str, Any]:
    """Convert a change of a person to columns."""
    return {
        "person": change.person,
        "change": change.change,
        "label": change.label,
        "password": change.password,
        "at": change.at,
        "by_person": change.by,
    }


def to_user_change(row: AnyRow) -> UserChange:
    """Convert a row to its change of a person."""
    return UserChange(
        person=row.person, change=row.change, label=row.label, password=row.password, at=row.at, by=row.by_person
    )


_HOLDING_COLUMNS = ("kind", "name", "holder_kind", "holder", "from_day", "to_day", "at")


def holding_row(holding: Holding) -> dict[str, Any]:
    """Convert a holding to columns."""
    return {**{name: getattr(holding, name) for name in _HOLDING_COLUMNS}, "by_person": holding.by}


def to_holding(row: AnyRow) -> Holding:
    """Convert a row to its holding."""
    values = {name: getattr(row, name) for name in _HOLDING_COLUMNS}
    return Holding(**values, by=row.by_person)


def refusal_row(refusal: AccessRefusal) -> dict[str, Any]:
    """Convert a refusal to columns; its number is that of its row."""
    return {
        "at": refusal.at,
        "actor": refusal.actor,
        "role": refusal.role,
        "action": refusal.action,
        "case_id": refusal.case,
        "reason": refusal.reason,
    }


def to_refusal(row: AnyRow) -> AccessRefusal:
    """Convert a row to its refusal."""
    return AccessRefusal(
        number=row.id,
        at=row.at,
        actor=row.actor,
        role=row.role,
        action=row.action,
        case=row.case_id,
        reason=row.reason,
    )
