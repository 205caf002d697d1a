"""Checks of conditions over items: quantifiers and states."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model import condition as c
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.condition_uses import quantified, visits
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1315",
    "ambiguous-state",
    en="Where an item is looked at, `in_state` means its own state or that of the case; one name cannot mean both.",
    zh="在审视某一对象之处，in_state 既可指该对象自己的状态，也可指本案的状态；同一名称不能兼指两者。",
)
def ambiguous_state(loaded: Loaded) -> Iterator[Defect]:
    """Report states in conditions that the item in sight and the case both have."""
    process = loaded.definition.process
    for visit in visits(loaded):
        kind = process.items.get(visit.names.item or "")
        if isinstance(visit.condition, c.InState) and kind is not None:
            for index, name in enumerate(visit.condition.in_state):
                if name in kind.states and name in process.states:
                    place: Place = visit.place.at("in_state", index)
                    yield Defect(place, name=name, type=visit.names.item)


@check(
    "ZX1243",
    "every-without-count",
    en="What is asked of every item is true when there are no items; a count beside it says whether none is enough.",
    zh="对“每一项”的要求在一项也没有时也算满足；应另写 count，说明没有是否可以。",
    severity="warning",
)
def every_without_count(loaded: Loaded) -> Iterator[Defect]:
    """Report ``every`` where nobody says whether none is enough.

    A ``count`` or ``some`` of the same items says so when asked of the same action or duty, and a ``count`` of at least
    one when any action requires it.
    """
    actions = {name: action for name, (action, _) in loaded.definition.process.requirements().items()}
    asked: set[tuple[object, str]] = set()
    required: set[str] = set()
    for visit in visits(loaded):
        if isinstance(visit.condition, c.Count | c.Some):
            kind = quantified(visit.condition)[1]
            asked.add((actions.get(visit.owner[1], visit.owner), kind))
            if isinstance(visit.condition, c.Count) and visit.condition.at_least and visit.owner[1] in actions:
                required.add(kind)
    for visit in visits(loaded):
        if isinstance(visit.condition, c.Every):
            kind = visit.condition.every
            if kind not in required and (actions.get(visit.owner[1], visit.owner), kind) not in asked:
                yield Defect(visit.place.at("every"), type=kind)


CHECKS = (ambiguous_state, every_without_count)
