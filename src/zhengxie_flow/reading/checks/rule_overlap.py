"""Rows of a table for one row only that hold together."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.proofs import proofs, told
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.prove import OVERLAP

CODE = "ZX3121"
NAME = "rule-overlap"
SHARED = True
REASON = Reason(
    en="A table with policy unique promises that one row at most holds; where two do, it has no answer.",
    zh="策略为 unique 的表至多一行适用；两行同时适用就没有答案。",
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
inputs: [urgent, headcount]
rows:
  - {id: "1", urgent: true, headcount: {at_least: 3}, then: high}
  - {id: "2", urgent: true, headcount: {at_most: 3}, then: low}
# ^ "2"
  - {id: "3", urgent: false, headcount: any, then: low}
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report two rows that hold together, with a case."""
    for each in proofs(loaded):
        for found in each.faults(OVERLAP):
            yield fault(
                CODE, each.rule(found.rules[1]), one=found.rules[0], other=found.rules[1], case=told(found.case)
            )
