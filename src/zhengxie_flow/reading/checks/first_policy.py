"""Tables that go by the order of their rows."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, warning
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX3128"
NAME = "first-policy"
SHARED = True
REASON = Reason(
    en="Where the first row that holds decides, no row can be read alone, and moving one changes the law.",
    zh="以先适用的一行为准的表，没有一行能单独读懂，挪动一行就改了规则。",
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
policy: first
# ^ first
default: low
inputs: [urgent, headcount]
rows:
  - {id: "1", urgent: true, headcount: {at_least: 3}, then: high}
  - {id: "2", urgent: true, headcount: any, then: low}
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report every table with the policy first."""
    for name, decision in loaded.definition.decisions.items():
        if decision.policy == "first":
            yield warning(CODE, Place(*loaded.decisions[name], ("policy",)))
