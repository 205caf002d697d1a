"""Things without the clause they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.exemption import Exemption
from zhengxie_flow.model.item import State
from zhengxie_flow.model.process import Action, Obligation, Requirement
from zhengxie_flow.model.rule import Rule
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, warning
from zhengxie_flow.reading.checks.things import things
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1220"
NAME = "missing-law"
REASON = Reason(
    en="What moves a case or binds somebody shows the clause it rests on; without one, a fault is only a finding.",
    zh="凡推动流程或约束当事人的内容都应写明所依条款；没有条款的，违反时只记为发现的问题。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  close:
    zh: 办结
    en: Close
    law: "3"
    by: office
    from: held
    to: closed
    requires:
      - {id: guard.reported, that: {done: report}, zh: 尚未报告, en: Not reported yet}
""",
)
BAD: tuple[Example, ...] = (
    """\
states:
  held: {zh: 已举行, en: Held}
# ^ held
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, do: report, evidence: text}
# ^ a3.report
""",
    """\
actions:
  close:
    zh: 办结
    en: Close
    law: "3"
    by: office
    from: held
    to: closed
    requires:
      - {id: a3.reported, that: {done: report}, zh: 尚未报告, en: Not reported yet}
# ^ {id
""",
)


_BINDING = (State, Action, Obligation, Exemption)
_ARTICLE = re.compile(r"a\d")
"""How the id of a requirement begins that puts a clause into effect; the house's own rules are named otherwise."""


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report states, actions, duties and exemptions without a clause, and rows of decisions that have none at all."""
    for thing in things(loaded):
        if isinstance(thing.model, Decision):
            yield from _rows(thing.model, thing.place)
        elif getattr(thing.model, "law", None) or getattr(thing.model, "interpretation", None):
            continue
        elif isinstance(thing.model, _BINDING):
            yield warning(CODE, thing.place.name())
        elif isinstance(thing.model, Requirement) and _ARTICLE.match(thing.model.id):
            yield warning(CODE, thing.place)


def _rows(decision: Decision, place: Place) -> Iterator[Problem]:
    for index, rule in enumerate(decision.rules):
        if not decision.law and not _founded(rule):
            yield warning(CODE, place.at(decision.rules_key, index))


def _founded(rule: Rule) -> bool:
    return bool(rule.law) or (rule.reading is not None and rule.reading.interpretation is not None)
