"""Conditions of an act that was not done: what they say of its own fields has no answer, and is put aside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from zhengxie_flow.conditions.comparison import OF_EVERY_ACT
from zhengxie_flow.model.condition import All, AnyOf, Compare, Condition, Connective, FieldRef, Not, Test

UNANSWERED: Condition = Compare.model_construct(name="?", test=Test(equals=True))
"""A condition that is always unknown: no fact has such a name."""

UNANSWERED_NAMES = frozenset({"?"})
"""The names that an evaluation needs where nothing but such a condition leaves it unknown."""

_TRUE: Condition = All.model_construct(all=())
_FALSE: Condition = AnyOf.model_construct(any=())
Substitute = Callable[[bool], Condition]


def left_open(condition: Condition, fields: Collection[str]) -> Condition:
    """A condition in which every comparison of the act's own fields is unknown.

    Args:
        condition: The condition of an action, or of one of its ways.
        fields: The names of the fields of the action.
    """
    return _without(condition, frozenset(fields) | OF_EVERY_ACT, lambda _: UNANSWERED, positive=True)


def not_shown(condition: Condition, fields: Collection[str]) -> Condition:
    """A condition in which whatever only the act's own fields could show counts as not shown.

    Args:
        condition: The condition of a requirement of the action.
        fields: The names of the fields of the action.
    """
    own = frozenset(fields) | OF_EVERY_ACT
    return _without(condition, own, lambda positive: _FALSE if positive else _TRUE, positive=True)


def own_names(condition: Condition, fields: Collection[str]) -> Iterator[str]:
    """The fields of the act itself that a condition compares.

    Args:
        condition: The condition of a requirement of the action.
        fields: The names of the fields of the action.

    Yields:
        The names, in order.
    """
    if isinstance(condition, Compare):
        yield from (name for name in sorted(_names(condition)) if name in fields)
    elif isinstance(condition, Not | Connective):
        for part in condition.children():
            yield from own_names(part, fields)


def _without(condition: Condition, own: frozenset[str], substitute: Substitute, *, positive: bool) -> Condition:
    """A condition with each comparison of own fields replaced, by its sign; only connectives see these fields."""
    if isinstance(condition, Compare):
        return substitute(positive) if own.intersection(_names(condition)) else condition
    if isinstance(condition, Not):
        return condition.map(lambda part: _without(part, own, substitute, positive=not positive))
    if isinstance(condition, Connective):
        return condition.map(lambda part: _without(part, own, substitute, positive=positive))
    return condition


def _names(condition: Compare) -> set[str]:
    """The names that a comparison reads: the one compared, and those it is compared with."""
    operands: list[Any] = [getattr(condition.test, name) for name in type(condition.test).model_fields]
    several = [entry for operand in operands for entry in (operand if isinstance(operand, tuple) else (operand,))]
    return {condition.name, *(entry.field for entry in several if isinstance(entry, FieldRef))}
