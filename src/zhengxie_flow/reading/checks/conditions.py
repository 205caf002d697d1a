"""Checks of conditions over items: quantifiers and states."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model import condition as c
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.condition_uses import condition_uses, quantified
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
    for use in condition_uses(loaded):
        kind = process.items.get(use.names.item or "")
        if isinstance(use.condition, c.InState) and kind is not None:
            for index, name in enumerate(use.condition.in_state):
                if name in kind.states and name in process.states:
                    place: Place = use.place.at("in_state", index)
                    yield Defect(place, "state", name=name, type=use.names.item)


@check(
    "ZX1243",
    "every-without-count",
    en="What is asked of every item is true when there are no items; a count beside it says whether none is enough.",
    zh="对「每一项」的要求在一项也没有时也算满足；应另写 count，说明没有是否可以。",
    severity="warning",
)
def every_without_count(loaded: Loaded) -> Iterator[Defect]:
    """Report ``every`` where the case without items is not provided for.

    A ``count`` or ``some`` of the same items says so when asked of the same action or duty, and a ``count`` of at least
    one when any action requires it.
    """
    actions = {name: action for name, (action, _) in loaded.definition.process.requirements().items()}
    asked: set[tuple[object, str]] = set()
    required: set[str] = set()
    for use in condition_uses(loaded):
        if isinstance(use.condition, c.Count | c.Some):
            kind = quantified(use.condition)[1]
            asked.add((actions.get(use.owner[1], use.owner), kind))
            if isinstance(use.condition, c.Count) and use.condition.at_least and use.owner[1] in actions:
                required.add(kind)
    for use in condition_uses(loaded):
        if isinstance(use.condition, c.Every):
            kind = use.condition.every
            if kind not in required and (actions.get(use.owner[1], use.owner), kind) not in asked:
                yield Defect(use.place.at("every"), type=kind)


CHECKS = (ambiguous_state, every_without_count)
