"""Rules that contradict each other with none going first."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.proofs import proofs, told
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.prove import CONFLICT

CODE = "ZX3122"
NAME = "rule-conflict"
SHARED = True
REASON = Reason(
    en="Two rules that hold together and say different things need an order between them.",
    zh="同时适用而结果不同的两条规则，必须分出先后。",
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
policy: exceptions
default: low
exceptions:
  - {id: "1", when: urgent, then: high, priority: 2}
  - {id: "2", when: {headcount: {at_most: 3}}, then: low, priority: 1}
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
  - {id: "2", when: {headcount: {at_most: 3}}, then: low}
# ^ "2"
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
policy: any
inputs: [urgent, headcount]
rows:
  - {id: "1", urgent: true, headcount: {at_least: 3}, then: high}
  - {id: "2", urgent: any, headcount: {at_most: 3}, then: low}
# ^ "2"
  - {id: "3", urgent: false, headcount: {more_than: 3}, then: low}
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report two rules that contradict each other, with a case."""
    for each in proofs(loaded):
        for found in each.faults(CONFLICT):
            yield fault(
                CODE, each.rule(found.rules[1]), one=found.rules[0], other=found.rules[1], case=told(found.case)
            )
