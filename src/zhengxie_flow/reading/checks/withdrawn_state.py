"""Ends of a withdrawn case that are written like the end of a finished one."""

from __future__ import annotations

import re
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
    """\
states:
  annulled: {zh: 已撤销, en: Annulled, law: "3", final: true}
actions:
  annul: {zh: 撤销, en: Annul, law: "3", by: office, from: [planned, held], to: annulled}
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


_IDS = frozenset(("withdrawn", "abandoned", "dropped"))
_LABEL = re.compile(r"(已|自行|主动)*(撤回|撤件|撤诉)(申请|案件|申报|请求|提案)?")
_ENDED_BY_THE_OFFICE = ("撤销", "取消", "作废")  # an act annulled, which leaves what was owed until then as it was


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report final states that by their name end a withdrawn case and do not say so."""
    for name, state in loaded.definition.process.states.items():
        if state.final is True and _sounds_withdrawn(name, state.zh or ""):
            yield warning(CODE, Place(loaded.process, loaded.process.node, ("states", name, "final")), state=name)


def _sounds_withdrawn(name: str, label: str) -> bool:
    """Whether a state sounds like the end of a case whose applicant takes it back, not of an act that is annulled."""
    if any(word in label for word in _ENDED_BY_THE_OFFICE):
        return False
    return name in _IDS or _LABEL.fullmatch(label) is not None
