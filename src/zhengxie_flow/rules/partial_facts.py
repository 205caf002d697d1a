"""Decisions over facts that are partly unknown: the outcomes still possible.

They are exact, by a case split, where strong Kleene logic alone would leave more of them open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhengxie_flow.conditions import NOWHERE, View
from zhengxie_flow.conditions.comparison import lookup
from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.facts_view import truth
from zhengxie_flow.rules.policy import shown
from zhengxie_flow.rules.prove import matters
from zhengxie_flow.rules.reference_evaluator import FactsView, replay
from zhengxie_flow.rules.regions import DAY
from zhengxie_flow.rules.resolve import resolve
from zhengxie_flow.rules.search import BRANCHES, Budget, Landscape, OutOfBranchesError, Restriction, landscape
from zhengxie_flow.rules.space import Box

Ending = tuple[str, str | None]
"""A status and, where decided, the outcome."""


@dataclass(frozen=True, slots=True)
class PartialDecision:
    """The status of a decision over facts that are partly unknown.

    ``endings`` are all ways it can still end (exact), ``needs`` the unknown facts that can still make a difference;
    ``exact`` is false where that was more than could be explored, or rests on conditions beyond facts alone.
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

    def box(self, view: View) -> Box:
        """The part of the space that a view leaves: by its facts, and, of a case, by what rests on acts and items."""
        box = self.land.of_facts({**self.facts(view), DAY: view.day.isoformat()})
        for index, condition in self.land.space.conditions.items():
            holds = truth(condition, self._own(view))
            if holds is not None:
                box[index] = 2 if holds else 1
        return box

    def _own(self, view: View) -> View:
        """The view, with facts alone compared as the decision compares them."""
        return (
            replace(view, kinds=self.land.space.kinds, zone=self.ruleset.zone) if isinstance(view, FactsView) else view
        )

    def facts(self, view: View) -> dict[str, Any]:
        """The known facts that the decision looks at."""
        values = {name: lookup(name, view, NOWHERE).value for name in self.names}
        return {name: value for name, value in values.items() if value is not None}

    def endings(self, start: Box, values: Mapping[str, Any] | None = None) -> tuple[Ending, ...]:
        """Every way the decision can end in a part of the space.  Raises `OutOfBranchesError`.

        Args:
            start: the regions still possible.
            values: the known facts, for those that are compared with each other.
        """
        land, reached = self.land, dict[Ending, None]()
        barred = land.impossible[0]

        def judge(held: int, alive: int) -> bool | None:
            if held & barred:
                return False
            stands = land.standing(0, held, alive)
            if stands is None:
                return None
            ending = (stands.status, stands.outcome)
            if ending not in reached:
                if alive & barred:
                    return None
                reached[ending] = None
            return False

        land.search(judge, Budget(self.branches), Restriction(start=start, values=values))
        return tuple(sorted(reached, key=str))

    def over(self, facts: Mapping[str, Any], day: date, *, presumed: frozenset[str] = frozenset()) -> FactsView:
        """Facts alone, as a view; a fact left out is unknown."""
        return FactsView(facts, day, presumed, self.ruleset.kinds, self.ruleset.zone, self.others)

    def standing(self, view: View) -> PartialDecision:
        """The status of the decision in a view."""
        alone = isinstance(view, FactsView)
        resolved = replay(self.ruleset, view) if isinstance(view, FactsView) else resolve(self.ruleset, view, NOWHERE)
        if alone:
            used = tuple(name for name in self.names if lookup(name, view, NOWHERE).presumed)
            resolved = replace(resolved, presumed=used)
        if resolved.status != "pending":
            return PartialDecision(resolved, ((resolved.status, resolved.outcome),), (), exact=True)
        start = self.box(view)
        try:
            endings = self.endings(start, self.facts(view))
            needs = self.needs(view, start) or resolved.needs
        except OutOfBranchesError:
            possible = tuple(("decided", outcome) for outcome in resolved.possible)
            return PartialDecision(resolved, possible, resolved.needs, exact=False)
        exact = all(index in start for index in self.land.space.conditions) and not self.land.opaque_rules
        if len(endings) == 1:
            ((status, outcome),) = endings
            outcomes, value = ((outcome,) if outcome is not None else ()), self._value(outcome)
            return PartialDecision(
                replace(resolved, status=status, outcome=outcome, needs=(), possible=outcomes, value=value),
                endings,
                (),
                exact,
            )
        possible_ = tuple(outcome for status, outcome in endings if status == "decided" and outcome is not None)
        return PartialDecision(replace(resolved, needs=needs, possible=possible_), endings, needs, exact)

    def _value(self, outcome: str | None) -> Any:
        """The outcome itself, by its one line of text; None where only a list or a number could be."""
        policy = self.ruleset.policy
        values = (*policy.values, *([] if policy.default is None else [policy.default]))
        return next((value for value in values if shown(value) == outcome), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The facts that the decision, or a decision it asks, looks at."""
        variables = self.land.space
        return tuple(name for name, indices in variables.of_name.items()
                     if name != DAY and variables.is_fact(indices[0]))  # fmt: skip

    def needs(self, view: View, start: Box) -> tuple[str, ...]:
        """The unknown facts that can still make a difference.  Raises `OutOfBranchesError`."""
        budget, facts = Budget(self.branches), self.facts(view)
        return tuple(name for name in self.names if name not in facts and matters(self.land, 0, name, budget, start))


def inquiry(ruleset: Ruleset, others: Mapping[str, Ruleset] | None = None, *, branches: int = BRANCHES) -> Inquiry:
    """Ask about a decision whose facts are partly unknown.

    Args:
        ruleset: the decision.
        others: the decisions that it may ask.
        branches: the most branches one answer may explore.

    Returns:
        The inquiry, from which `next_question.ask` orders the questions.
    """
    return Inquiry(ruleset, others, branches=branches)
