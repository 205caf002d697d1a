"""Facts that a subcase is to tell and that its process does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1292"
NAME = "untold-fact"
REASON = Reason(
    en="What a subcase tells its parent are facts of its own process; anything else would never arrive.",
    zh="子案件告诉上级案件的，是它自己流程里的事实；别的永远不会传到。",
)
GOOD: tuple[Example, ...] = (
    """\
subcases:
  second: {zh: 再次会商, en: Second meeting, law: "3", process: example/talk,
    with: {urgent: {type: bool, zh: 紧急, en: Urgent}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
subcases:
  second: {zh: 再次会商, en: Second meeting, law: "3", process: example/talk,
    with: {urgency: {type: bool, zh: 紧急, en: Urgent}}}
# ^ urgency
""",
    """\
subcases:
  second: {zh: 再次会商, en: Second meeting, law: "3", process: example/talk,
    with: {urgent: {type: int, zh: 紧急, en: Urgent}}}
# ^ urgent
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report fields of subcases that are no fact of their process, or one of another type."""
    top = Place(loaded.process, loaded.process.node)
    for name, kind in loaded.definition.process.subcases.items():
        facts: dict[str, Any] = loaded.below.get(name, {}).get("facts") or {}
        for field, wanted in kind.fields.items() if name in loaded.below else ():
            if not _alike(wanted, facts.get(field)):
                place = top.at("subcases", name, "with").name(field)
                yield fault(CODE, place, name=field, process=kind.process)


def _alike(wanted: ValueType, fact: Any) -> bool:
    if not isinstance(fact, dict) or fact.get("type") != wanted.type:
        return False
    return wanted.of is None or set(wanted.of) == set(fact.get("of") or ())
