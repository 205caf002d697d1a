"""Checks of facts: who determines them, who countersigns, which a subcase reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.reading.checks.catalogue import Defect, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded


@warning(
    "ZX1252",
    "nobody-determines",
    en="A fact becomes known when a role that may determines it, or an act asserts it; else it stays unknown.",
    zh="事实由有权的角色认定或由行为写明；否则永远未知。",
)
def nobody_determines(loaded: Loaded) -> Iterator[Defect]:
    """Report facts without ``by`` that no action asserts."""
    process = loaded.definition.process
    asserted = {
        name for action in process.actions.values() for name, kind in action.fields.items() if isinstance(kind, FactRef)
    }
    for name, fact in process.facts.items():
        if not fact.by and name not in asserted:
            yield Defect(Place(loaded.process, loaded.process.node).name("facts", name), "fact", name=name)


@check(
    "ZX1319",
    "countersigned-by-oneself",
    en="A countersignature is a second hand; where there is but one role, the fact stays unknown for ever.",
    zh="会签须由另一角色作出；只有一个角色的，该事实将永远未知。",
)
def countersigned_by_oneself(loaded: Loaded) -> Iterator[Defect]:
    """Report facts and fields whose determining and countersigning roles are one and the same."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    yield from _alone(process.facts, top.at("facts"))
    for name, kind in process.items.items():
        yield from _alone(kind.fields, top.at("items", name, "fields"))


def _alone(types: Mapping[str, ValueType | FactRef], place: Place) -> Iterator[Defect]:
    for name, kind in types.items():
        if not isinstance(kind, ValueType) or not kind.countersigned_by or not kind.by:
            continue
        if len({*kind.by, *kind.countersigned_by}) < 2:
            yield Defect(place.at(name, "countersigned_by"), "name", name=name, roles=kind.countersigned_by)


@check(
    "ZX1292",
    "untold-fact",
    en="What a subcase tells its parent are facts of its own process; anything else would never arrive.",
    zh="子案件告诉上级案件的，是它自己流程里的事实；别的永远不会传到。",
)
def untold_fact(loaded: Loaded) -> Iterator[Defect]:
    """Report fields of subcases that are no fact of their process, or one of another type."""
    top = Place(loaded.process, loaded.process.node)
    for name, kind in loaded.definition.process.subcases.items():
        facts: dict[str, Any] = loaded.subcases.get(name, {}).get("facts") or {}
        for field, field_type in kind.fields.items() if name in loaded.subcases else ():
            if not _alike(field_type, facts.get(field)):
                place = top.at("subcases", name, "with").name(field)
                yield Defect(place, "field", name=field, process=kind.process)


def _alike(field_type: ValueType, fact: Any) -> bool:
    if not isinstance(fact, dict) or fact.get("type") != field_type.type:
        return False
    return field_type.of is None or set(field_type.of) == set(fact.get("of") or ())


CHECKS = (nobody_determines, countersigned_by_oneself, untold_fact)
