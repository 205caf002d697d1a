"""Ends of a withdrawn case that are written like the end of a finished one."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, warning
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1244"
NAME = "withdrawn-state"
REASON = Reason(
    en="When a case is withdrawn its open duties fall away; at an ordinary end they are missed.",
    zh="案件撤回时未到期的义务随之消灭；按普通终局处理则会被判为未履行。",
)
GOOD: tuple[Example, ...] = (
    """\
states:
  withdrawn: {zh: 已撤回, en: Withdrawn, law: "3", final: withdrawn}
actions:
  drop: {zh: 撤回, en: Drop, law: "3", by: office, from: [planned, held], to: withdrawn}
""",
)
BAD: tuple[Example, ...] = (
    """\
states:
  withdrawn: {zh: 已撤回, en: Withdrawn, law: "3", final: true}
# ^ true
actions:
  drop: {zh: 撤回, en: Drop, law: "3", by: office, from: [planned, held], to: withdrawn}
""",
)


_IDS = frozenset(("withdrawn", "cancelled", "canceled", "abandoned", "revoked", "dropped"))
_WORDS = ("撤回", "撤销", "取消")


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report final states that by their name end a withdrawn case and do not say so."""
    for name, state in loaded.definition.process.states.items():
        sounds_so = name in _IDS or any(word in (state.zh or "") for word in _WORDS)
        if sounds_so and state.final is True:
            yield warning(CODE, Place(loaded.process, loaded.process.node, ("states", name, "final")), state=name)
