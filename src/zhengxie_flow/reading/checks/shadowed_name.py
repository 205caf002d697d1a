"""Names that can never be read because they mean something else."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1246"
NAME = "shadowed-name"
REASON = Reason(
    en="`by`, `at` and `for` are what every act has, and a name with a dot is a field of an action.",
    zh="by、at、for 是每个行为自带的；带点的名称指行为的字段。",
)
GOOD: tuple[Example, ...] = (
    """\
facts:
  decided_by: {type: text, zh: 决定人, en: Decided by, law: "3", by: office}
""",
)
BAD: tuple[Example, ...] = (
    """\
facts:
  decision.day: {type: date, zh: 决定日, en: Day of the decision, law: "3", by: office}
# ^ decision.day
""",
    """\
actions:
  close: {zh: 办结, en: Close, law: "3", by: office, from: held, to: closed,
    with: {at: {type: text, zh: 地点, en: Place}}}
# ^ at
""",
)


_OF_EVERY_ACT = ("by", "at", "for")


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report facts with a dot, and facts and fields called ``by``, ``at`` or ``for``."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name in process.facts:
        if name in _OF_EVERY_ACT or "." in name:
            yield fault(CODE, top.name("facts", name), name=name)
    for kind, item in process.items.items():
        for name in item.fields:
            if name in _OF_EVERY_ACT:
                yield fault(CODE, top.name("items", kind, "fields", name), name=name)
    for action, done in process.actions.items():
        for name in done.fields:
            if name in _OF_EVERY_ACT:
                yield fault(CODE, top.name("actions", action, "with", name), name=name)
