"""Inputs of a table that never matter."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import warning
from zhengxie_flow.reading.checks.proofs import proofs
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.prove import USELESS

CODE = "ZX3126"
NAME = "useless-input"
SHARED = True
REASON = Reason(
    en="A fact that changes nothing need not be found out; or a cell is missing.",
    zh="不影响结果的事实不必查明；否则就是漏填了单元格。",
)
GOOD: tuple[Example, ...] = (
    {
        "rules/example/fee.yaml": """\
language: 1
decision: fee
zh: 收费
en: Fee
law: "5"
outcomes: {low: {zh: 低, en: Low}, high: {zh: 高, en: High}}
policy: unique
inputs: [urgent, headcount]
rows:
  - {id: "1", urgent: true, headcount: {at_least: 3}, then: high}
  - {id: "2", urgent: true, headcount: {less_than: 3}, then: low}
  - {id: "3", urgent: false, headcount: any, then: low}
""",
    },
)
BAD: tuple[Example, ...] = (
    {
        "rules/example/fee.yaml": """\
language: 1
decision: fee
zh: 收费
en: Fee
law: "5"
outcomes: {low: {zh: 低, en: Low}, high: {zh: 高, en: High}}
policy: unique
inputs: [urgent, headcount, phase]
# ^ phase
rows:
  - {id: "1", urgent: true, headcount: {at_least: 3}, then: high}
  - {id: "2", urgent: true, headcount: {less_than: 3}, then: low}
  - {id: "3", urgent: false, headcount: any, then: low}
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report inputs of a table that change the outcome in no case."""
    for each in proofs(loaded):
        for found in each.faults(USELESS):
            if found.name in each.decision.inputs:
                yield warning(CODE, each.place.name("inputs", found.name or ""), name=found.name)
