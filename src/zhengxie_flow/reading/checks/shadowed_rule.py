"""Rules that never apply."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import warning
from zhengxie_flow.reading.checks.proofs import proofs, told
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.prove import SHADOWED

CODE = "ZX3123"
NAME = "shadowed-rule"
SHARED = True
REASON = Reason(
    en="A rule whose conditions exclude each other, or before which others always go, says nothing.",
    zh="条件自相矛盾，或者总有别的规则在先的规则，等于没写。",
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
policy: exceptions
default: low
exceptions:
  - {id: "1", when: urgent, then: high, priority: 2}
  - {id: "2", when: {all: [urgent, {headcount: {at_most: 3}}]}, then: high, priority: 1}
# ^ "2"
  - {id: "3", when: {headcount: 1}, then: low, priority: 1}
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
rows:
  - {id: "1", urgent: true, headcount: {at_least: 3}, then: high}
  - {id: "2", urgent: true, headcount: {less_than: 3}, then: low}
  - {id: "3", urgent: false, headcount: any, then: low}
  - {id: "4", urgent: true, headcount: {at_least: 5, at_most: 4}, then: low}
# ^ "4"
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report rules that never apply; where their conditions can hold, with a case that shows what goes before them."""
    for each in proofs(loaded):
        for found in each.faults(SHADOWED):
            yield warning(CODE, each.rule(found.rules[0]), rule=found.rules[0], case=told(found.case))
