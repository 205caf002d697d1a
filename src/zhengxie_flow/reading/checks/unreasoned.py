"""Determinations, explanations, corrections and moves in a story that say no reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.scenario import HappeningKind
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1258"
NAME = "unreasoned"
REASON = Reason(
    en="What somebody determines, explains, corrects or decides is recorded with its reason, or not at all.",
    zh="认定、说明、更正和转版都要连同理由一起记录，没有理由不能记录。",
)
GOOD: tuple[Example, ...] = (
    {
        "scenario.yaml": """\
events:
  - {at: 2026-02-05, determine: {urgent: true}, by: office, reason: 会议纪要}
"""
    },
)
BAD: tuple[Example, ...] = (
    {
        "scenario.yaml": """\
events:
  - {at: 2026-02-05, determine: {urgent: true}, by: office}
# ^ determine
  - {at: 2026-02-06, explain: a3.report, by: office}
# ^ explain
"""
    },
)


def _reasoned(kind: HappeningKind) -> bool:
    """Whether happenings of a kind are recorded with their reason."""
    match kind:
        case "determine" | "explain" | "correct" | "move":
            return True
        case "do" | "try" | "plan" | "open" | "link":
            return False
        case _:
            assert_never(kind)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report happenings without a reason that cannot be recorded without one."""
    for member in loaded.scenarios:
        for index, told in enumerate(member.scenario.events):
            if _reasoned(told.kind) and not (told.reason or "").strip():
                place = Place(member.source, member.node).name("events", index, told.kind)
                yield fault(CODE, place, kind=told.kind)
