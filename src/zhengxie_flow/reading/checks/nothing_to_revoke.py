"""Revocations of roles that nobody lends."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1257"
NAME = "nothing-to-revoke"
REASON = Reason(
    en="Only a role that some action delegates is borrowed and can be taken back.",
    zh="只有某个行为委托出去的角色才是借来的，才谈得上撤销。",
)
GOOD: tuple[Example, ...] = (
    """\
roles:
  deputy: {zh: 副职, en: Deputy}
actions:
  lend: {zh: 委托, en: Delegate, law: "2", by: mayor, from: planned, delegates: {role: deputy}}
  take_back: {zh: 撤销委托, en: Take back, law: "2", by: mayor, from: planned, revokes: deputy}
""",
)
BAD: tuple[Example, ...] = (
    """\
roles:
  deputy: {zh: 副职, en: Deputy}
actions:
  lend: {zh: 委托, en: Delegate, law: "2", by: mayor, from: planned, delegates: {role: deputy}}
  take_back: {zh: 撤销委托, en: Take back, law: "2", by: mayor, from: planned, revokes: [deputy, office]}
# ^ office
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report roles under ``revokes`` that no action of the process delegates."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    lent = dict.fromkeys(done.delegates.role for done in process.actions.values() if done.delegates is not None)
    for action, done in process.actions.items():
        for index, role in enumerate(done.revokes):
            if role in process.roles and role not in lent:
                place = top.at("actions", action, "revokes", index)
                yield fault(CODE, place, role=role, action=action, known=", ".join(lent))
