"""Decimals are compared by their worth wherever they stand; the journal keeps them as text."""

from __future__ import annotations

import pytest
from tests.support import judged, line, tell
from tests.unit.engine.test_exemptions import variant

FEE = ("  urgent: {type: bool", """\
  fee: {type: decimal, zh: 费用, en: Fee, law: "5", by: office}
  cap: {type: decimal, presumed: "1.50", zh: 上限, en: Cap, law: "5", by: office}
  urgent: {type: bool""")  # fmt: skip
KIND = "      kind: {type: enum, of: [expert, public], zh: 类别, en: Kind}\n"
SHARE = (KIND, KIND + "      share: {type: decimal, zh: 份额, en: Share}\n")
RATE = (
    "      why: {type: text",
    "      rate: {type: decimal, zh: 比率, en: Rate}\n      why: {type: text",
)


def needing(condition):
    """The statute with a condition on a duty."""
    old = 'law: "3", who: department, do: conclude,'
    return variant(FEE, SHARE, RATE, (old, f"{old} when: {condition},"))


def told(*happenings, condition, **given):
    story = tell(*happenings, compiled=needing(condition), **given)
    return str(line(judged(story, "2026-03-10"), "a3.conclude").verdict) != "not_applicable"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("{fee: 1.5}", True),
        ("{fee: 1.50}", True),
        ("{fee: 1.51}", False),
        ("{fee: [2.0, 1.500]}", True),
        ("{fee: {differs_from: 1.5}}", False),
        ("{fee: {field: cap}}", True),
        ("{cap: {field: fee}}", True),
        ("{fee: {differs_from: {field: cap}}}", False),
        ("{fee: {at_least: {field: cap}}}", True),
        ("{fee: {more_than: 1.4, less_than: 1.6}}", True),
        ("{some: guest, where: {share: {field: fee}}}", True),
        ("{some: guest, where: {share: 1.5}}", True),
        ("{done: spare, where: {rate: 1.5}}", True),
        ("{done: spare, where: {rate: {field: fee}}}", True),
        ("{spare.rate: 1.5}", True),
        ("{spare.rate: {field: cap}}", True),
    ],
)
def test_one_and_a_half_is_one_and_a_half(condition, holds):
    fee = {"at": "2026-01-06", "determine": {"fee": "1.5000"}, "by": "office", "reason": "bill"}
    spare = {"at": "2026-01-07", "do": "spare", "by": "office", "with": {"urgent": True, "why": "x", "rate": "1.50"}}
    items = {"guest": {"g1": {"kind": "expert", "share": "1.500"}}}
    assert told(fee, spare, condition=condition, items=items) is holds
