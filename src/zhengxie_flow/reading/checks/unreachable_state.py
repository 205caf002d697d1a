"""States that no case can come to."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.life import reachable, sound
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1230"
NAME = "unreachable-state"
REASON = Reason(
    en="A state that nothing leads to is never seen; usually an action forgot to name it.",
    zh="没有任何行为通向的状态永远不会出现，多半是某个行为漏写了去向。",
)
GOOD: tuple[Example, ...] = (
    """\
states:
  planned: {zh: 已计划, en: Planned, law: "2"}
  ready: {zh: 已准备, en: Ready, law: "2"}
actions:
  prepare: {zh: 准备, en: Prepare, law: "2", by: office, from: planned, to: ready}
  hold: {zh: 举行, en: Hold, law: "2", by: office, from: [planned, ready], to: held}
""",
)
BAD: tuple[Example, ...] = (
    """\
states:
  planned: {zh: 已计划, en: Planned, law: "2"}
  ready: {zh: 已准备, en: Ready, law: "2"}
# ^ ready
actions:
  hold: {zh: 举行, en: Hold, law: "2", by: office, from: [planned, ready], to: held}
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report states that no sequence of actions reaches from the first one."""
    process = loaded.definition.process
    if not sound(loaded):
        return
    found = reachable(process)
    for state in process.states:
        if state not in found:
            yield fault(CODE, Place(loaded.process, loaded.process.node).name("states", state), state=state)
