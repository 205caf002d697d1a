"""Things without a Chinese label."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.labels import labelled
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1225"
NAME = "missing-zh"
REASON = Reason(
    en="People see labels, never ids; whoever works in Chinese needs every one of them.",
    zh="人看到的是名称而不是标识符；缺了中文名称，工作人员就看不懂。",
)
GOOD: tuple[Example, ...] = (
    """\
states:
  closed: {zh: 已办结, en: Closed, law: "3", final: true}
""",
    """\
facts:
  phase: {type: enum, of: [early, late], zh: 阶段, en: Phase, law: "2", by: office}
""",
)
BAD: tuple[Example, ...] = (
    """\
states:
  closed: {en: Closed, law: "3", final: true}
# ^ closed
""",
    """\
facts:
  phase:
    type: enum
    of:
      early: {zh: 早, en: Early}
      late: {en: Closed}
# ^ late
    zh: 阶段
    en: Phase
    law: "2"
    by: office
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report everything that people see and that has no Chinese label."""
    for thing, label in labelled(loaded):
        if not label.zh:
            yield fault(CODE, thing.place.name())
