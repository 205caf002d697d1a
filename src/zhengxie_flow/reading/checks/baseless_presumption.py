"""Presumptions that rest on nothing."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.things import things
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1240"
NAME = "baseless-presumption"
REASON = Reason(
    en="What holds until somebody determines otherwise decides cases, so the law or a register entry must say so.",
    zh="在无人认定之前以何者为准，会左右结论，须有条款或解释登记为据。",
)
GOOD: tuple[Example, ...] = (
    """\
facts:
  urgent: {type: bool, presumed: false, zh: 紧急, en: Urgent, law: "5", by: office}
""",
)
BAD: tuple[Example, ...] = (
    """\
facts:
  urgent: {type: bool, presumed: false, zh: 紧急, en: Urgent, by: office}
# ^ false
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report presumptions without a clause and without an entry of the register."""
    for thing in things(loaded):
        kind = thing.model
        if isinstance(kind, ValueType) and kind.presumed is not None and not kind.law and not kind.interpretation:
            yield fault(CODE, thing.place.at("presumed"))
