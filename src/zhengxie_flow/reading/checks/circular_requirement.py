"""Actions that wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from zhengxie_flow.errors import Problem
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.process import ByObligation, Process
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.circles import circles
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1237"
NAME = "circular-requirement"
REASON = Reason(
    en="An act that has to wait for one that waits for it can never be asked for.",
    zh="互为前提的行为，谁都无法依程序先作出。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  report: {zh: 报告, en: Report, law: "3", by: office, from: held, with: {text: {type: document, zh: 文本, en: Text}},
    requires: [{id: a3.agreed, law: "3", that: {done: agree}, zh: 尚未会签, en: Not agreed}]}
""",
)
BAD: tuple[Example, ...] = (
    """\
actions:
  agree: {zh: 会签, en: Agree, law: "2", by: mayor, from: planned,
    requires: [{id: a2.held, law: "2", that: {all: [{done: hold}, urgent]}, zh: 尚未举行, en: Not held}]}
# ^ hold
""",
    """\
actions:
  report:
    zh: 报告
    en: Report
    law: "3"
    by: office
    from: held
    with: {text: {type: document, zh: 文本, en: Text}}
    requires:
      - {obligation: a3.report}
# ^ a3.report
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report each circle of actions of which one has to be done before the next."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    edges = {name: _before(process, name, top.at("actions", name, "requires")) for name in process.actions}
    for circle, place in circles(edges):
        yield fault(CODE, place, circle=" → ".join(circle))


def _before(process: Process, name: str, requires: Place) -> dict[str, Place]:
    """The actions that must have been done before an action can be asked for, whatever the facts are."""
    found: dict[str, Place] = {}
    for index, entry in enumerate(process.actions[name].requires):
        place = requires.at(index)
        if isinstance(entry, ByObligation):
            duty = process.obligations.get(entry.obligation)
            if duty is not None and duty.when is None and len(duty.do) == 1:
                found.setdefault(duty.do[0], place.at("obligation"))
        elif entry.when is None:
            for action, at in _done(entry.that, place.at("that")):
                found.setdefault(action, at)
    return found


def _done(condition: Condition, place: Place) -> Iterator[tuple[str, Place]]:
    match condition:
        case c.Done():
            if len(condition.done) == 1:
                yield condition.done[0], place.at("done")
        case c.All():
            for step, part in condition.parts():
                yield from _done(part, place.at(*step))
        case (
            c.AnyOf() | c.Not() | c.Compare() | c.Last() | c.Every() | c.Some() | c.Count()
            | c.Decided() | c.SubcaseIs() | c.InState() | c.VerdictIs() | c.ParameterIs()
        ):  # fmt: skip
            pass  # it can be true though no act of one certain action was done
        case _:
            assert_never(condition)
