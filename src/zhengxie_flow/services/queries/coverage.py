"""Coverage of a definition by scenarios: a part that no scenario reaches was never tried."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from zhengxie_flow.conditions import Scope
from zhengxie_flow.engine import CompiledProcess, view_of
from zhengxie_flow.engine.view import Calendars, CaseView
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.verdict import CaseAudit, Verdict
from zhengxie_flow.services.queries.scenarios import Outcome, ScenarioOutcome

IDLE = frozenset({Verdict.NOT_APPLICABLE, Verdict.PENDING})
"""Verdicts that come without any act done or missed."""

DEFAULT = "default"
"""The name of the default of a decision among its rows."""


@dataclass(frozen=True, slots=True)
class DefinitionPart:
    """One kind of part of a definition: the ids exercised, and those not exercised."""

    exercised: tuple[str, ...]
    not_exercised: tuple[str, ...]


@dataclass(slots=True)
class Coverage:
    """Coverage of one definition by the scenarios so far.

    Attributes:
        compiled: The definition.
        actions: The actions done.
        duties: The obligations, requirements and exemptions judged or expected.
        rows: The rows of decisions that fired.
    """

    compiled: CompiledProcess
    actions: set[str] = field(default_factory=set)
    duties: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)

    def add(self, outcome: Outcome, calendars: Calendars) -> None:
        """Add what one scenario exercised: acts done, duties judged or expected, reasons of refusals, rows fired.

        Args:
            outcome: The outcome of the scenario.
            calendars: The calendar by day.
        """
        scenario = outcome.scenario
        if outcome.audit is None or outcome.case is None:
            return
        case: Case = outcome.case
        self._judged(case, outcome.audit, calendars, scenario.as_of)
        self.duties |= {
            expected.obligation for expected in scenario.expect if expected.obligation is not None and not expected.in_
        }
        self.duties |= {reason for script_event in scenario.events for reason in script_event.refused or ()}

    def add_below(self, judged: ScenarioOutcome, as_of: date) -> None:
        """Add what a subcase exercised of its own process in a scenario of its parent's.

        Args:
            judged: The subcase at the end of the scenario.
            as_of: The day of the scenario.
        """
        self._judged(judged.case, judged.audit, judged.calendars, as_of)

    def _judged(self, case: Case, audit: CaseAudit, calendars: Calendars, as_of: date) -> None:
        self.actions |= {act.action for act in case.timeline}
        self.duties |= {line.obligation for line in audit.verdicts if line.verdict not in IDLE}
        self.rows |= set(_rows_fired(self.compiled, case, calendars, as_of))

    def parts(self) -> dict[str, DefinitionPart]:
        """Return the coverage of every kind of part.

        Returns:
            The parts by kind, in the order of the definition.
        """
        process = self.compiled.process
        rows = [row for name in self.compiled.definition.decisions for row in _rows(self.compiled, name)]
        return {
            "clauses": _part(self._clauses(), self._clauses(self.actions | self.duties)),
            "actions": _part(process.actions, self.actions),
            "obligations": _part(process.obligations, self.duties),
            "requirements": _part(self.compiled.requirements, self.duties),
            "exemptions": _part(process.exemptions, self.duties),
            "rules": _part(rows, self.rows),
        }

    def _clauses(self, only: set[str] | None = None) -> dict[str, None]:
        """The clauses that actions and duties of the process cite."""
        process = self.compiled.process
        cited: dict[str, tuple[ClauseRef, ...]] = {
            **{name: action.law for name, action in process.actions.items()},
            **{name: duty.law for name, duty in process.obligations.items()},
            **{name: requirement.law for name, (_, requirement) in self.compiled.requirements.items()},
            **{name: exemption.law for name, exemption in process.exemptions.items()},
        }
        return {str(ref): None for name, law in cited.items() if only is None or name in only for ref in law}


def _part(every: Iterable[str], reached: Container[str]) -> DefinitionPart:
    names = tuple(every)
    return DefinitionPart(
        tuple(name for name in names if name in reached), tuple(name for name in names if name not in reached)
    )


def _rows(compiled: CompiledProcess, name: str) -> Iterator[str]:
    decision = compiled.definition.decisions[name]
    yield from (f"{name}/{rule.id}" for rule in decision.rules)
    if decision.default is not None:
        yield f"{name}/{DEFAULT}"


def _rows_fired(compiled: CompiledProcess, case: Case, calendars: Calendars, as_of: date) -> Iterator[str]:
    """The rows that decided, at each act and at the end."""
    end = view_of(compiled, case, calendars, as_of)
    points: list[tuple[CaseView, Scope]] = [(end, Scope())]
    points += [(end.at(act.key), Scope(act=act)) for act in end.past(case.timeline)]
    for view, scope in points:
        for name in compiled.definition.decisions:
            resolved = view.decision(name, scope)
            if resolved.status == "decided":
                yield from (f"{name}/{row}" for row in resolved.fired or (DEFAULT,))
