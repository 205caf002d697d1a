"""States that no item of their type can come to."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.process import Process
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.life import reached, sound
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1316"
NAME = "unreachable-item-state"
REASON = Reason(
    en="A state of an item that no action moves it to is never seen; usually an `item:` forgot to name it.",
    zh="没有任何行为使对象转入的状态永远不会出现，多半是某个 item: 漏写了去向。",
)
_ITEM = """\
items:
  paper:
    zh: 文件
    en: Paper
    law: "2"
    fields: {title: {type: text, zh: 题名, en: Title}}
    states:
      drafted: {zh: 已起草, en: Drafted, law: "2"}
      signed: {zh: 已签发, en: Signed, law: "2"}
"""
GOOD: tuple[Example, ...] = (
    _ITEM
    + """\
actions:
  draft: {zh: 起草, en: Draft, law: "2", by: office, from: planned, adds: paper}
  sign: {zh: 签发, en: Sign, law: "2", by: mayor, from: planned, for: paper, item: {from: drafted, to: signed}}
""",
)
BAD: tuple[Example, ...] = (
    _ITEM
    + """\
# ^ signed
actions:
  draft: {zh: 起草, en: Draft, law: "2", by: office, from: planned, adds: paper}
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report states of items that no sequence of actions leads to from the first one."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    if not sound(loaded):
        return
    for name, kind in process.items.items():
        start = kind.start
        if start is None:
            continue
        ways = _ways(process, name)
        begins = [step.to for action in process.actions.values() if action.adds == name for step in action.item]
        found = reached(ways, [start, *(state for state in begins if state is not None)])
        for state in kind.states:
            if state not in found:
                yield fault(CODE, top.name("items", name, "states", state), state=state, type=name)


def _ways(process: Process, kind: str) -> dict[str, set[str]]:
    """The states of its own that each state of an item leads to."""
    ways: dict[str, set[str]] = {state: set() for state in process.items[kind].states}
    for action in process.actions.values():
        for step in action.item if action.item_type == kind else ():
            for state in step.from_ or ways:
                if step.to is not None:
                    ways.setdefault(state, set()).add(step.to)
    return ways
