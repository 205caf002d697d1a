"""Outcomes that a decision never has."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import warning
from zhengxie_flow.reading.checks.proofs import proofs
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.prove import UNREACHABLE

CODE = "ZX3124"
NAME = "unreachable-outcome"
SHARED = True
REASON = Reason(
    en="An outcome that never comes is a rule forgotten, or a leftover.",
    zh="永远得不出的结果，不是漏写了规则，就是多余的。",
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
outcomes: {low: {zh: 低, en: Low}, high: {zh: 高, en: High}, none: {zh: 免, en: None}}
# ^ none
policy: unique
inputs: [urgent, headcount]
rows:
  - {id: "1", urgent: true, headcount: {at_least: 3}, then: high}
  - {id: "2", urgent: true, headcount: {less_than: 3}, then: low}
  - {id: "3", urgent: false, headcount: any, then: low}
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report outcomes that no case leads to."""
    for each in proofs(loaded):
        for found in each.faults(UNREACHABLE):
            yield warning(CODE, each.place.name("outcomes", found.name or ""), outcome=found.name)
