"""States that an edition takes away without saying where the cases in them go."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.checks.unknown import suggestion
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1274"
ASTRAY = "ZX1280"
NAME = "removed-state"
REASON = Reason(
    en="A running case may be moved to the new edition, and must then be somewhere.",
    zh="在办案件可以转入新版本，转入后总要处于某个状态。",
)
_EDITION = """\
language: 1
edition: "2021"
amends: example/talk
in_force: {from: 2021-01-01}
"""
_CHANGES = """\
changes:
  states:
    held: null
    over: {zh: 已办毕, en: Over, law: "2"}
  actions:
    hold: {to: over}
    report: {from: over}
    close: {from: over}
"""
GOOD: tuple[Example, ...] = (
    {"processes/example/editions/talk/2021.yaml": _EDITION + "moved_states: {held: over}\n" + _CHANGES},
)
BAD: tuple[Example, ...] = (
    {
        "processes/example/editions/talk/2021.yaml": _EDITION
        + _CHANGES.replace("    held: null\n", "    held: null\n# ^ held\n")
    },
    {
        "processes/example/editions/talk/2021.yaml": _EDITION
        + "moved_states: {held: ovre}\n# ^ ovre (ZX1280)\n"
        + _CHANGES.replace("    held: null\n", "    held: null\n# ^ held\n")
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report states of one edition that the next has not, unless it says what becomes of them."""
    for before, after in pairwise((loaded, *loaded.editions)):
        if after.amendment is None or after.definition.edition is None:
            continue
        there, moved = after.definition.process.states, after.definition.edition.moved_states
        top = Place(after.amendment, after.amendment.node)
        for state in before.definition.process.states:
            if state not in there and moved.get(state) not in there:
                yield fault(CODE, top.name("changes", "states", state), state=state, known=", ".join(there))
        for state, target in moved.items():
            if target not in there:
                params = suggestion(target, there)
                yield fault(ASTRAY, top.at("moved_states", state), state=params.pop("name"), **params)
