"""Limits that hang on an act that can never happen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.limit import ActAnchor, DueAnchor, FirstOf, LastOf, NamedAnchor
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.life import possible, sound
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.checks.visits import Hung, anchors
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1233"
NAME = "impossible-anchor"
REASON = Reason(
    en="A clock whose start can never happen never runs, and the duty stays pending for ever.",
    zh="起算的行为永远不会发生，期限便永远不起算，义务一直处于待定。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: {first_of: [hold, agree]}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
states:
  ready: {zh: 已准备, en: Ready, law: "2"}
# ^ ready (ZX1230)
actions:
  publish: {zh: 公布, en: Publish, law: "2", by: office, from: ready}
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: publish}}
# ^ publish
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report anchors whose actions are allowed only in states that no case can come to."""
    process = loaded.definition.process
    for hung in anchors(loaded) if sound(loaded) else ():
        names, place = _actions(hung)
        actions = [process.actions[name] for name in names if name in process.actions]
        if actions and not any(possible(process, action) for action in actions):
            yield fault(CODE, place, action=", ".join(names))


def _actions(hung: Hung) -> tuple[tuple[str, ...], Place]:
    """The actions whose acts an anchor waits for itself, and where it names them."""
    anchor = hung.anchor
    match anchor:
        case NamedAnchor():
            return (anchor.name.partition(".")[0],), hung.place
        case ActAnchor():
            return anchor.done, hung.place.at("done")
        case DueAnchor() | FirstOf() | LastOf():
            return (), hung.place
        case _:
            assert_never(anchor)
