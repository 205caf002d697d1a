"""The value of a parameter of the rules on a day."""

from __future__ import annotations

from zhengxie_flow.conditions import Scope, Trace, View, evaluate_optional
from zhengxie_flow.conditions.view import ParameterValue
from zhengxie_flow.model.parameter import Parameter


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
            return ParameterValue(
                row.value, (), interpretations if row.interpretation is None else (row.interpretation,)
            )
    default = parameter.default
    return ParameterValue(None if default is None else default.value, (), interpretations)
