"""Facts that only those who determine them could countersign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1319"
NAME = "countersigned-by-oneself"
REASON = Reason(
    en="A countersignature is a second hand; where there is but one role, the fact stays unknown for ever.",
    zh="会签须由另一角色作出；只有一个角色的，该事实将永远未知。",
)
GOOD: tuple[Example, ...] = (
    """\
facts:
  harmless: {type: bool, zh: 无害, en: Harmless, law: "2", by: office, countersigned_by: mayor}
""",
)
BAD: tuple[Example, ...] = (
    """\
facts:
  harmless: {type: bool, zh: 无害, en: Harmless, law: "2", by: office, countersigned_by: office}
# ^ office}
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report facts and fields whose determining and countersigning roles are one and the same."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    yield from _alone(process.facts, top.at("facts"))
    for name, kind in process.items.items():
        yield from _alone(kind.fields, top.at("items", name, "fields"))


def _alone(types: Mapping[str, ValueType | FactRef], place: Place) -> Iterator[Problem]:
    for name, kind in types.items():
        if not isinstance(kind, ValueType) or not kind.countersigned_by or not kind.by:
            continue
        if len({*kind.by, *kind.countersigned_by}) < 2:
            roles = ", ".join(kind.countersigned_by)
            yield fault(CODE, place.at(name, "countersigned_by"), name=name, roles=roles)
