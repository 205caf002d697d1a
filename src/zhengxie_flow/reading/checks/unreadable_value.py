"""Values in a story that are not of the type of their fact or field."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem, UsageError
from zhengxie_flow.model.values import read_value
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.stories import given_values
from zhengxie_flow.reading.checks.unknown import suggestion
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1215"
NAME = "unreadable-value"
REASON = Reason(
    en="A fact or field takes values of its type alone: a date as 2026-03-04, one of the choices listed, a number.",
    zh="事实和字段只接受其类型的值：日期写作 2026-03-04，选项取列出的值，数字写数字。",
)
GOOD: tuple[Example, ...] = (
    {
        "scenario.yaml": """\
events:
  - {at: 2026-02-05, determine: {decided_on: 2026-02-04, headcount: 12}, by: office, reason: 会议纪要}
"""
    },
)
BAD: tuple[Example, ...] = (
    {
        "scenario.yaml": """\
events:
  - {at: 2026-02-05, determine: {decided_on: 2026-02-30, headcount: many}, by: office, reason: 会议纪要}
# ^ 2026-02-30
# ^ many
"""
    },
    {
        "scenario.yaml": """\
given: {facts: {phase: earl}, items: {guest: {g1: {group: expert}}}}
# ^ earl
"""
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report values that cannot be read as what they are given for."""
    for given in given_values(loaded):
        try:
            read_value(given.type, given.value, given.name)
        except UsageError:
            choices = given.type.of if isinstance(given.type.of, dict) else ()
            hint = suggestion(str(given.value), choices) if choices else {"suggestion": "-", "known": "-"}
            params = {**hint, "name": given.name, "type": given.type.type, "given": str(given.value)}
            yield fault(CODE, given.place, **params)
