"""Differences between two sets of rules: for each decision a case with another outcome, or the proof of none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.prove import Counterexample, case_of, some_day
from zhengxie_flow.rules.reference_evaluator import FactsView, replay
from zhengxie_flow.rules.search import BRANCHES, Budget, OutOfBranchesError, landscape

SAME, CHANGED, ADDED, REMOVED, UNPROVED = "same", "changed", "added", "removed", "not_proved"


@dataclass(frozen=True, slots=True)
class DecisionChange:
    """A decision before and after a change of the rules; where it changed, a case with its old and its new outcome."""

    decision: str
    change: str
    case: Counterexample | None = None
    old: Resolved | None = None
    new: Resolved | None = None
    branches: int = 0
    kind: str = "decision"


def diff(
    old: Mapping[str, Ruleset],
    new: Mapping[str, Ruleset],
    *,
    branches: int = BRANCHES,
    others: tuple[Mapping[str, Ruleset], Mapping[str, Ruleset]] | None = None,
) -> tuple[DecisionChange, ...]:
    """Compare two sets of decisions by their ids.

    Args:
        old: the decisions before the change.
        new: the decisions after it.
        branches: the most branches a proof may explore.
        others: the decisions that those may ask, before and after; by default the two sets themselves.

    Returns:
        One change for each id in either set; ``same`` where it was proved that no case is decided otherwise.
    """
    changes: list[DecisionChange] = []
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            changes.append(DecisionChange(name, REMOVED))
        elif name not in old:
            changes.append(DecisionChange(name, ADDED))
        else:
            before, after = others or (old, new)
            changes.append(_compared(name, before, after, branches))
    return tuple(changes)


Folders = Mapping[str, Mapping[str, Ruleset]]


def diff_folders(
    old: Folders, new: Folders, *, branches: int = BRANCHES, kind: str = "decision"
) -> tuple[DecisionChange, ...]:
    """Compare the decisions (or parameters) of several folders: each with that of its own folder.

    An id that is in one folder at most on either side is compared wherever it lies: folders may be renamed.
    """
    changes: list[DecisionChange] = []
    for name in dict.fromkeys(name for side in (old, new) for rulesets in side.values() for name in rulesets):
        homes = [[folder for folder, rulesets in side.items() if name in rulesets] for side in (old, new)]
        if max(map(len, homes)) == 1:
            pairs = [(next(iter(homes[0]), None), next(iter(homes[1]), None), name)]
        else:
            pairs = [(folder, folder, f"{folder}/{name}") for folder in dict.fromkeys((*homes[0], *homes[1]))]
        for before, after, shown_name in pairs:
            sides = (old.get(before or "", {}), new.get(after or "", {}))
            compared = diff({name: sides[0][name]} if name in sides[0] else {},
                       {name: sides[1][name]} if name in sides[1] else {}, branches=branches, others=sides)  # fmt: skip
            changes += [replace(change, decision=shown_name, kind=kind) for change in compared]
    return tuple(changes)


def _compared(name: str, old: Mapping[str, Ruleset], new: Mapping[str, Ruleset], branches: int) -> DecisionChange:
    """One decision in both; the space has the literals of both, so that no change falls between them."""
    both = (old[name], new[name])
    budget = Budget(branches)
    try:
        land = landscape(both, old, new)
    except InvalidDefinition:  # a fact has become another kind of thing; no case can be held against both
        return DecisionChange(name, UNPROVED)

    def judge(held: int, alive: int) -> bool | None:
        if held & land.impossible[0] and held & land.impossible[1]:
            return False
        before, after = (land.standing(side, held, alive) for side in (0, 1))
        if before is None or after is None:
            return None
        if (before.status, before.outcome) == (after.status, after.outcome):
            return False
        barred = alive & land.impossible[0] and alive & land.impossible[1]
        return None if barred else True

    try:
        box = land.search(judge, budget)
    except OutOfBranchesError:
        return DecisionChange(name, UNPROVED, branches=budget.used)
    if box is None:
        return DecisionChange(name, SAME, branches=budget.used)
    case = case_of(land, box)
    day = case.day or some_day(new[name].decision)
    before, after = (replay(rules[name], FactsView(case.facts, day, rulesets=rules)) for rules in (old, new))
    if "pending" in (before.status, after.status) or (before.status, before.outcome) == (after.status, after.outcome):
        return DecisionChange(name, UNPROVED, branches=budget.used)
    return DecisionChange(name, CHANGED, case, before, after, budget.used)


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Change": "DecisionChange"})
