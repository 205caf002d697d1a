"""Exemptions that shorten a limit which cannot be shortened so."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.exemption import OfDuty
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1307"
NAME = "unfit-replacement"
REASON = Reason(
    en="A shorter limit replaces an amount that is there: within for within, at_least for at_least.",
    zh="缩短期限只是换掉原有的天数：原来写 within 的换 within，写 at_least 的换 at_least。",
)
GOOD: tuple[Example, ...] = (
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare,
    lifts: [{obligation: a2.notice, to: {at_least: 2}}, a3.report]}
""",
)
BAD: tuple[Example, ...] = (
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare,
    lifts: [{obligation: a2.notice, to: {within: 2}}]}
# ^ within
""",
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare,
    lifts: [a3.report, {obligation: a2.agreed, to: {at_least: 2}}]}
# ^ at_least
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report replacements of an amount that the limit has not."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, exemption in process.exemptions.items():
        for index, entry in enumerate(exemption.lifts):
            if not isinstance(entry, OfDuty) or entry.to is None:
                continue
            duty, key = process.obligations.get(entry.obligation), entry.to.key
            parts = () if duty is None or duty.limit is None or duty.limit.parts_of else duty.limit.candidates
            fits = [part for part in parts if getattr(part, key) is not None]
            if not fits and not (parts and duty and duty.limit and duty.limit.parameter):
                place = top.at("exemptions", name, "lifts", index, "to").name(key)
                yield fault(CODE, place, duty=entry.obligation, given=key)
