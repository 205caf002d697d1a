"""What a parameter of the rules gives on a day, and who may act where a parameter names the role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhengxie_flow.conditions import Scope, Trace, View, evaluate_optional
from zhengxie_flow.conditions.view import NOWHERE, Given
from zhengxie_flow.model.parameter import Parameter

if TYPE_CHECKING:
    from zhengxie_flow.engine.view import CaseView
    from zhengxie_flow.model.process import Action


def parameter_value(parameter: Parameter | None, view: View, scope: Scope) -> Given:
    """The value of the first row in force that holds, else the default; a row that may hold leaves it unknown."""
    if parameter is None:
        return Given()
    behind = () if parameter.interpretation is None else (parameter.interpretation,)
    for row in parameter.rows:
        if not row.in_force.covers(view.day):
            continue
        trace = Trace()
        holds = evaluate_optional(row.when, view, scope, trace)
        if holds is None:
            return Given(needs=tuple(trace.needs), interpretations=behind)
        if holds:
            return Given(row.value, (), behind if row.interpretation is None else (row.interpretation,))
    default = parameter.default
    return Given(None if default is None else default.value, (), behind)


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
