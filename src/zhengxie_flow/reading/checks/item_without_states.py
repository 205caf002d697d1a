"""Steps of an item that has no states to step between."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1314"
NAME = "item-without-states"
REASON = Reason(
    en="`item:` says where an act moves the item it is done for; that item's type has to have states.",
    zh="item: 写明行为使所办的对象由何状态转入何状态；该类对象须先写明状态。",
)
_STATES = """\
items:
  paper:
    zh: 文件
    en: Paper
    law: "2"
    fields: {title: {type: text, zh: 题名, en: Title}}
    states:
      drafted: {zh: 已起草, en: Drafted, law: "2"}
      signed: {zh: 已签发, en: Signed, law: "2", final: true}
"""
GOOD: tuple[Example, ...] = (
    _STATES
    + """\
actions:
  draft: {zh: 起草, en: Draft, law: "2", by: office, from: planned, adds: paper}
  sign: {zh: 签发, en: Sign, law: "2", by: mayor, from: planned, for: paper, item: {from: drafted, to: signed}}
""",
)
BAD: tuple[Example, ...] = (
    """\
actions:
  greet: {zh: 接待, en: Greet, law: "2", by: office, from: planned, for: guest, item: {from: invited, to: greeted}}
# ^ {from: invited
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report actions that move an item whose type has no states."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, action in process.actions.items():
        kind = process.items.get(action.item_type or "")
        if action.item and kind is not None and not kind.states:
            yield fault(CODE, top.at("actions", name, "item"), type=action.item_type)
