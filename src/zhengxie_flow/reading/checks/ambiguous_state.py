"""States that an item and the case both have, asked for where both are in sight."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model import condition as c
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.checks.visits import visits
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1315"
NAME = "ambiguous-state"
REASON = Reason(
    en="Where an item is looked at, `in_state` means its own state or that of the case; one name cannot mean both.",
    zh="在审视某一对象之处，in_state 既可指该对象自己的状态，也可指本案的状态；同一名称不能兼指两者。",
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
      %s: {zh: 已用, en: Used, law: "2"}
actions:
  draft: {zh: 起草, en: Draft, law: "2", by: office, from: planned, adds: paper}
  use: {zh: 使用, en: Use, law: "2", by: office, from: planned, for: paper, item: {from: drafted, to: %s}}
obligations:
"""
GOOD: tuple[Example, ...] = (
    _ITEM % ("used", "used")
    + """\
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {some: paper, is: {in_state: used}}}
""",
)
BAD: tuple[Example, ...] = (
    _ITEM % ("held", "held")
    + """\
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {some: paper, is: {in_state: held}}}
# ^ held
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report states in conditions that the item in sight and the case both have."""
    process = loaded.definition.process
    for visit in visits(loaded):
        kind = process.items.get(visit.names.item or "")
        if isinstance(visit.condition, c.InState) and kind is not None:
            for index, name in enumerate(visit.condition.in_state):
                if name in kind.states and name in process.states:
                    place: Place = visit.place.at("in_state", index)
                    yield fault(CODE, place, name=name, type=visit.names.item)
