"""Decisions of which something could not be proved."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import warning
from zhengxie_flow.reading.checks.proofs import BRANCHES, proofs
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.prove import NOT_PROVED

CODE = "ZX3127"
NAME = "unproved-decision"
SHARED = True
REASON = Reason(
    en="What could not be proved may still be wrong; silence would be taken for a proof.",
    zh="没有证明的仍可能有错；沉默会被当成已经证明。",
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
rows:
  - {id: "1", when: {done: agree}, then: high}
  - {id: "2", when: {not: {done: agree}}, urgent: true, then: low}
  - {id: "3", urgent: false, when: {not: {done: agree}}, headcount: {at_least: 2}, then: low}
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report decisions of which a claim was neither proved nor refuted."""
    for each in proofs(loaded):
        open_ = [claim for claim, settled in each.proof.claims.items() if settled == NOT_PROVED]
        if open_:
            yield warning(CODE, each.place.at("decision"), claims=", ".join(open_), branches=BRANCHES)
