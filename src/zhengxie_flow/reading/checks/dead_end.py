"""States that no case gets out of."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.life import exits, reached, sound
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1231"
NAME = "dead-end"
REASON = Reason(
    en="A case comes to an end in a final state; where none can be reached any more, it stays open for ever.",
    zh="案件应在终局状态结束；到达不了任何终局状态的，案件将永远悬置。",
)
GOOD: tuple[Example, ...] = (
    """\
states:
  dropped: {zh: 已撤回, en: Dropped, law: "3", final: withdrawn}
actions:
  drop: {zh: 撤回, en: Drop, law: "3", by: office, from: [planned, held], to: dropped}
""",
)
BAD: tuple[Example, ...] = (
    """\
states:
  stalled: {zh: 搁置, en: Stalled, law: "3"}
# ^ stalled
actions:
  stall: {zh: 搁置, en: Stall, law: "3", by: office, from: held, to: stalled}
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report states that a case can come to and from which no final state can be reached."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    if not sound(loaded):
        return
    ways = exits(process)
    final = {name for name, state in process.states.items() if state.final}
    for state in reached(ways, [process.start]):
        if not reached(ways, [state]) & final:
            yield fault(CODE, top.name("states", state), state=state)
