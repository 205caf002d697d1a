"""Items of a story that nobody added."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1214"
NAME = "unknown-item"
REASON = Reason(
    en="An act is about an item that is in the case by then: given at the start, or added by an act before.",
    zh="行为所及的对象必须此前已在本案中：开始时给定，或由先前的行为加入。",
)
GOOD: tuple[Example, ...] = (
    {
        "scenario.yaml": """\
events:
  - {at: 2026-02-05, do: notify, for: all, by: office, with: {method: paper}}
"""
    },
)
BAD: tuple[Example, ...] = (
    {
        "scenario.yaml": """\
events:
  - {at: 2026-02-05, do: notify, for: [g1, g2], by: office, with: {method: paper}}
# ^ g2
"""
    },
    {
        "scenario.yaml": """\
expect:
  - {obligation: a2.notice, for: g11, verdict: pass}
# ^ g11
"""
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report items that are spoken of and not there."""
    yield from unknown(loaded, "item_id", CODE)
