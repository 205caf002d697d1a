"""Register entries that are cited and not there."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.mentions import Mention, each
from zhengxie_flow.reading.checks.things import things
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1212"
NAME = "unknown-interpretation"
REASON = Reason(
    en="A reading of the law rests on its entry in the interpretation register, so the entry must be there.",
    zh="对法条的解释以解释登记为依据，所引登记必须存在。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, interpretation: I-1}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, interpretation: [I-1, I-11]}
# ^ I-11
""",
    {
        "duty.yaml": """\
exceptions:
  - {id: "5-1", law: "5", reading: {zh: 任一即可, en: Any will do, interpretation: I-7},
# ^ I-7
    when: urgent, then: may_skip}
"""
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report every citation of a register entry that the register does not have."""
    yield from unknown(loaded, "interpretation", CODE, _cited(loaded))


def _cited(loaded: Loaded) -> Iterator[Mention]:
    entries = tuple(loaded.definition.interpretations)
    for thing in things(loaded):
        cited = getattr(thing.model, "interpretation", None) or ()
        numbers = (cited,) if isinstance(cited, str) else cited
        yield from each("interpretation", numbers, thing.place.at("interpretation"), entries)
