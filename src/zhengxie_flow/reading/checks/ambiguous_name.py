"""Check of names with two meanings in one place."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import FieldRef
from zhengxie_flow.model.limit import NamedAnchor
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.condition_uses import anchors, condition_uses
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_references import operands
from zhengxie_flow.reading.checks.name_resolution import Names
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1251",
    "ambiguous-name",
    en="A name that is a field and a fact at once would silently mean the field; say which by renaming one.",
    zh="既是字段又是事实的名称会被默认当作字段；应改名以示区别。",
)
def ambiguous_name(loaded: Loaded) -> Iterator[Defect]:
    """Report names in conditions and limits that fit more than one of action, act, item and case."""
    process = loaded.definition.process
    for use in condition_uses(loaded):
        if not isinstance(use.condition, c.Compare):
            continue
        name, at = use.condition.name, use.place.at(use.condition.name)
        yield from _two(name, use.place.name(name), use.names)
        for operand, place in operands(use.condition.test, at):
            if isinstance(operand, FieldRef):
                yield from _two(operand.field, place.at("field"), use.names)
    for anchor_use in anchors(loaded):
        if isinstance(anchor_use.anchor, NamedAnchor):
            yield from _two(
                anchor_use.anchor.name, anchor_use.place, anchor_use.names, acted=anchor_use.anchor.name in process.acts
            )


def _two(name: str, place: Place, names: Names, *, acted: bool = False) -> Iterator[Defect]:
    if len(names.meanings(name)) + acted > 1:
        yield Defect(place, "name", name=name)


CHECKS = (ambiguous_name,)
