"""What is still possible when some facts are unknown: exactly, by the case split, not only as far as Kleene logic sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.prove import matters
from zhengxie_flow.rules.regions import DAY
from zhengxie_flow.rules.replay import FactsView, replay
from zhengxie_flow.rules.search import BRANCHES, Budget, Landscape, OutOfBranchesError, landscape
from zhengxie_flow.rules.space import Box

Ending = tuple[str, str | None]
"""A status and, where decided, the outcome."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands.

    ``endings`` are all ways it can still end (exact), ``needs`` the unknown facts that can still make a difference;
    ``exact`` is false where that was more than could be explored, or rests on what facts alone do not tell.
    """

    resolved: Resolved
    endings: tuple[Ending, ...]
    needs: tuple[str, ...]
    exact: bool


class Inquiry:
    """Questions about one decision over facts that are partly unknown."""

    def __init__(
        self, ruleset: Ruleset, others: Mapping[str, Ruleset] | None = None, *, branches: int = BRANCHES
    ) -> None:
        self.ruleset = ruleset
        self.others = {**(others or {}), ruleset.name: ruleset}
        self.branches = branches
        self._land: Landscape | None = None

    @property
    def land(self) -> Landscape:
        """The decision as boxes."""
        if self._land is None:
            self._land = landscape([self.ruleset], self.others)
        return self._land

    def box(self, facts: Mapping[str, Any], day: date) -> Box:
        """The part of the space that facts leave on a day."""
        return self.land.of_facts({**facts, DAY: day.isoformat()})

    def endings(self, start: Box) -> tuple[Ending, ...]:
        """Every way the decision can end in a part of the space.  Raises `OutOfBranchesError`."""
        land, found = self.land, dict[Ending, None]()
        barred = land.impossible[0]

        def judge(held: int, alive: int) -> bool | None:
            if held & barred:
                return False
            stands = land.standing(0, held, alive)
            if stands is None:
                return None
            ending = (stands.status, stands.outcome)
            if ending not in found:
                if alive & barred:
                    return None
                found[ending] = None
            return False

        land.search(judge, Budget(self.branches), start=start)
        return tuple(sorted(found, key=str))

    def standing(self, facts: Mapping[str, Any], day: date, *, presumed: frozenset[str] = frozenset()) -> Standing:
        """How the decision stands over facts as they are kept; a fact that is not there is unknown."""
        view = FactsView(facts, day, presumed, self.others)
        resolved = replay(self.ruleset, view)
        used = tuple(name for name in presumed if name in self.names)
        resolved = replace(resolved, presumed=used)
        if resolved.status != "pending":
            return Standing(resolved, ((resolved.status, resolved.outcome),), (), exact=True)
        start = self.box(facts, day)
        try:
            endings = self.endings(start)
            needs = self.needs(facts, start)
        except OutOfBranchesError:
            return Standing(resolved, tuple(("decided", one) for one in resolved.possible), resolved.needs, exact=False)
        opaque = tuple(each.name for each in self.land.space.variables if each.group == "opaque")
        if len(endings) == 1:
            ((status, outcome),) = endings
            settled = replace(
                resolved, status=status, outcome=outcome, needs=(), possible=(outcome,) if outcome else ()
            )
            return Standing(settled, endings, (), exact=not opaque)
        possible = tuple(outcome for status, outcome in endings if status == "decided" and outcome is not None)
        pending = replace(resolved, needs=needs or resolved.needs, possible=possible)
        return Standing(pending, endings, needs or resolved.needs, exact=not opaque)

    @property
    def names(self) -> tuple[str, ...]:
        """Every fact the decision looks at, those of the decisions it asks too."""
        variables = self.land.space
        return tuple(name for name, indices in variables.of_name.items()
                     if name != DAY and not variables.is_opaque(indices[0]))  # fmt: skip

    def needs(self, facts: Mapping[str, Any], start: Box) -> tuple[str, ...]:
        """The unknown facts that can still make a difference.  Raises `OutOfBranchesError`."""
        budget = Budget(self.branches)
        return tuple(
            name for name in self.names if facts.get(name) is None and matters(self.land, 0, name, budget, start)
        )


def inquiry(ruleset: Ruleset, others: Mapping[str, Ruleset] | None = None, *, branches: int = BRANCHES) -> Inquiry:
    """Ask about a decision."""
    return Inquiry(ruleset, others, branches=branches)
