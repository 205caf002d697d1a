"""Things without a English label."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.labels import labelled
from zhengxie_flow.reading.checks.places import warning
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1226"
NAME = "missing-en"
REASON = Reason(
    en="People see labels, never ids; whoever works in English sees Chinese where the English is missing.",
    zh="人看到的是名称而不是标识符；缺了英文名称，英文界面只能显示中文。",
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
  closed: {zh: 闭会, law: "3", final: true}
# ^ closed
""",
    """\
facts:
  phase:
    type: enum
    of:
      early: {zh: 早, en: Early}
      late: {zh: 闭会}
# ^ late
    zh: 阶段
    en: Phase
    law: "2"
    by: office
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report everything that people see and that has no English label."""
    for thing, label in labelled(loaded):
        if not label.en:
            yield warning(CODE, thing.place.name())
