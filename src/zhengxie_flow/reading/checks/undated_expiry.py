"""Exemptions whose expiry is no date."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.names import act_fields, field_type
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1308"
NAME = "undated-expiry"
REASON = Reason(
    en="A grant expires at the end of a day; only a field of type date or instant names one.",
    zh="豁免在某日终了时失效；只有 date 或 instant 类型的字段才写得出是哪一日。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  spare: {zh: 免除, en: Spare, law: "5", by: mayor, from: planned,
    with: {why: {type: text, zh: 理由, en: Why}, until: {type: date, zh: 有效至, en: Until}}}
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare,
    when: {decided: {duty: may_skip}}, expires: until, lifts: [a2.notice]}
""",
)
BAD: tuple[Example, ...] = (
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare,
    when: {decided: {duty: may_skip}}, expires: why, lifts: [a2.notice]}
# ^ why
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report expiries that name a field of another type."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, exemption in process.exemptions.items():
        action, field = exemption.granted_by or "", exemption.expires or ""
        if field not in act_fields(process, action):
            continue
        kind = field_type(process, action, field)
        if kind is not None and kind.type not in ("date", "instant"):
            yield fault(CODE, top.at("exemptions", name, "expires"), name=field, type=kind.type)
