"""Constraints that leave no case at all."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.proofs import proofs
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.prove import CONTRADICTION

CODE = "ZX3125"
NAME = "contradictory-constraint"
SHARED = True
REASON = Reason(
    en="Where every combination of facts is called impossible, nothing is left to decide.",
    zh="把事实的一切组合都说成不可能，就没有什么可决定的了。",
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
constraints:
  - {id: c1, law: "5", impossible: {all: [urgent, {headcount: {less_than: 3}}]}}
rows:
  - {id: "1", urgent: true, headcount: {at_most: 9}, then: high}
  - {id: "2", urgent: true, headcount: {more_than: 9}, then: low}
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
policy: exceptions
default: low
exceptions:
  - {id: "1", when: urgent, then: high}
constraints:
# ^ constraints
  - {id: c1, impossible: urgent}
  - {id: c2, impossible: {not: urgent}}
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report constraints that exclude everything."""
    for each in proofs(loaded):
        for _ in each.faults(CONTRADICTION):
            yield fault(CODE, each.place.name("constraints"), decision=each.decision.decision)
