"""The value of a parameter of the rules on a day."""

from __future__ import annotations

from zhengxie_flow.conditions import Scope, Trace, View, evaluate_optional
from zhengxie_flow.conditions.comparison import lookup
from zhengxie_flow.conditions.view import ParameterValue
from zhengxie_flow.model.condition import FieldRef
from zhengxie_flow.model.parameter import Parameter, Setting


def parameter_value(parameter: Parameter | None, view: View, scope: Scope) -> ParameterValue:
    """The value of the first row in force that holds, else the default; a row that may hold leaves it unknown."""
    if parameter is None:
        return ParameterValue()
    interpretations = () if parameter.interpretation is None else (parameter.interpretation,)
    for row in parameter.rows:
        if not row.in_force.covers(view.day):
            continue
        trace = Trace()
        holds = evaluate_optional(row.when, view, scope, trace)
        if holds is None:
            return ParameterValue(needs=tuple(trace.needs), interpretations=interpretations)
        if holds:
            own = interpretations if row.interpretation is None else (row.interpretation,)
            return _value(row, own, view, scope)
    if parameter.default is None:
        return ParameterValue(None, (), interpretations)
    return _value(parameter.default, interpretations, view, scope)


def _value(setting: Setting, interpretations: tuple[str, ...], view: View, scope: Scope) -> ParameterValue:
    """The value written in a row or the default, or that of the fact or output it names."""
    if not isinstance(setting.value, FieldRef):
        return ParameterValue(setting.value, (), interpretations)
    name = setting.value.field
    fact = lookup(name, view, scope)
    needs = () if fact.value is not None else fact.needs or (name,)
    return ParameterValue(fact.value, needs, interpretations)
