"""Delegations whose first or last day is no date."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.names import field_type
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1320"
NAME = "undated-delegation"
REASON = Reason(
    en="Whether somebody acts under a delegation in force is asked by the day; its first and last day are dates.",
    zh="委托是否有效以日期判断；其起止须为日期字段。",
)
GOOD: tuple[Example, ...] = (
    """\
roles:
  deputy: {zh: 副职, en: Deputy}
actions:
  lend: {zh: 委托, en: Delegate, law: "2", by: mayor, from: planned, delegates: {role: deputy, until: last_day},
    with: {last_day: {type: date, zh: 截止, en: Last day}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
roles:
  deputy: {zh: 副职, en: Deputy}
actions:
  lend: {zh: 委托, en: Delegate, law: "2", by: mayor, from: planned, delegates: {role: deputy, until: last_day},
# ^ last_day
    with: {last_day: {type: text, zh: 截止, en: Last day}}}
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report fields that say when a delegation begins or ends and are no dates."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for action, done in process.actions.items():
        if done.delegates is None:
            continue
        for key, name in (("from", done.delegates.from_), ("until", done.delegates.until)):
            kind = field_type(process, action, name) if name is not None else None
            if kind is not None and kind.type not in ("date", "instant"):
                yield fault(CODE, top.at("actions", action, "delegates", key), name=name, action=action)
