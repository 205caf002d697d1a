"""Cases that no rule of a decision provides for."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.proofs import proofs, told
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.prove import GAP

CODE = "ZX3120"
NAME = "rule-gap"
SHARED = True
REASON = Reason(
    en="Where no rule holds and no default is written, nobody knows what the law requires.",
    zh="没有规则适用、又没有默认结果的情形，谁也不知道该怎么办。",
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
# ^ fee
zh: 收费
en: Fee
law: "5"
outcomes: {low: {zh: 低, en: Low}, high: {zh: 高, en: High}}
policy: unique
inputs: [urgent, headcount]
rows:
  - {id: "1", urgent: true, headcount: {at_least: 3}, then: high}
  - {id: "2", urgent: true, headcount: {less_than: 3}, then: low}
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report one case that a decision has no answer for."""
    for each in proofs(loaded):
        for found in each.faults(GAP):
            yield fault(CODE, each.place.at("decision"), case=told(found.case))
