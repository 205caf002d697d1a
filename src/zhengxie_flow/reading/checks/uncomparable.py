"""Rules of a decision that hold a fact against what it is not."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import InvalidDefinition, Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.comparing import comparisons
from zhengxie_flow.reading.checks.places import Place
from zhengxie_flow.reading.compiling import unlike
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules import compiled, types_of

CODE = "ZX3117"
NAME = "uncomparable"
REASON = Reason(
    en="A rule that compares unlike things never holds, and nothing can be proved of its decision.",
    zh="规则拿不同类型的东西相比，永远不会成立，所属的决定也无从证明。",
)
GOOD: tuple[Example, ...] = (
    {
        "talk.yaml": """\
facts:
  heard_at: {type: instant, zh: 听取时刻, en: Heard at, law: "3", by: office}
""",
        "duty.yaml": """\
exceptions:
  - {id: "5-1", law: "5", when: {heard_at: {before: "2026-01-01T10:00:00+08:00"}}, then: may_skip, must_record: [why]}
""",
    },
)
BAD: tuple[Example, ...] = (
    {
        "talk.yaml": """\
facts:
  heard_at: {type: instant, zh: 听取时刻, en: Heard at, law: "3", by: office}
""",
        "duty.yaml": """\
exceptions:
  - {id: "5-1", law: "5", when: {heard_at: {before: "2026-01-01T10:00:00"}}, then: may_skip, must_record: [why]}
# ^ "5-1
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report the first such rule of each decision, unless its comparison is told already."""
    told = {id(each.place.node) for each in comparisons(loaded) if not each.fits}
    types = types_of(loaded.definition.process)
    for name, decision in loaded.definition.decisions.items():
        top = Place(*loaded.decisions[name])
        try:
            compiled(decision, types)
        except InvalidDefinition as error:
            if id(top.node) not in told:
                yield from (unlike(decision, top, problem) for problem in error.problems)
