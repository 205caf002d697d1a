"""Conditions on every item that hold when there is none."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model import condition as c
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import warning
from zhengxie_flow.reading.checks.visits import quantified, visits
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1243"
NAME = "every-without-count"
REASON = Reason(
    en="What is asked of every item is true when there are no items; a count beside it says whether none is enough.",
    zh="对“每一项”的要求在一项也没有时也算满足；应另写 count，说明没有是否可以。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  close:
    zh: 办结
    en: Close
    law: "3"
    by: office
    from: held
    to: closed
    requires:
      - id: a3.agreed
        law: "3"
        zh: 客人均已同意
        en: Every guest agrees
        that: {all: [{count: guest, at_least: 1}, {every: guest, is: agrees}]}
""",
)
BAD: tuple[Example, ...] = (
    """\
actions:
  close:
    zh: 办结
    en: Close
    law: "3"
    by: office
    from: held
    to: closed
    requires:
      - {id: a3.agreed, law: "3", that: {every: guest, is: agrees}, zh: 客人均已同意, en: Every guest agrees}
# ^ guest
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report ``every`` where nobody says whether none is enough.

    A ``count`` or ``some`` of the same items says so when asked of the same action or duty, and a ``count`` of at least
    one when any action requires it.
    """
    actions = {name: action for name, (action, _) in loaded.definition.process.requirements().items()}
    asked: set[tuple[object, str]] = set()
    required: set[str] = set()
    for visit in visits(loaded):
        if isinstance(visit.condition, c.Count | c.Some):
            kind = quantified(visit.condition)[1]
            asked.add((actions.get(visit.owner[1], visit.owner), kind))
            if isinstance(visit.condition, c.Count) and visit.condition.at_least and visit.owner[1] in actions:
                required.add(kind)
    for visit in visits(loaded):
        if isinstance(visit.condition, c.Every):
            kind = visit.condition.every
            if kind not in required and (actions.get(visit.owner[1], visit.owner), kind) not in asked:
                yield warning(CODE, visit.place.at("every"), type=kind)
