"""The audit of a case: every duty, requirement, power and finding, as of a civil day and by what was known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial

from zhengxie_flow.engine.audit_line import clause_of
from zhengxie_flow.engine.case_title import case_title
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.derivation import DerivedCase, derive
from zhengxie_flow.engine.editions.governing import (
    edition_governing_life,
    exemptions_of,
    ids_in_editions,
    obligations_of,
)
from zhengxie_flow.engine.findings.collect import findings
from zhengxie_flow.engine.findings.influence import EVERYTHING, Influence
from zhengxie_flow.engine.findings.later_changes import later_changes, with_later_changes
from zhengxie_flow.engine.judging.judge import judged, lines, past_lines
from zhengxie_flow.engine.judging.owed import at_issue
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.verdict import ADVERSE, CaseAudit, Judgement, Verdict


def audit(derived: DerivedCase) -> CaseAudit:
    """Judge a case as it stood at the end of a day.

    Nothing is written and past verdicts are not kept: the same events, definition and calendars give the same lines.

    Args:
        derived: The case as of the day.

    Returns:
        The verdicts on every obligation, requirement and power, and the findings.  A requirement of an act that nobody
        has done, planned or owes, and that the case did not pass over, has no line; an internal control has one only
        where it is broken.
    """
    case, view = derived.case, derived.view
    judged_lines = _duty_lines(view)
    controls = tuple(line for line in judged_lines if line.control)
    verdicts = _with_findings(view, judged_lines)
    verdicts = with_later_changes(verdicts, tuple(later_changes(view, partial(_earlier, derived), _lines_within)))
    verdicts = [with_deciding_roles(view, line) for line in verdicts]
    if case.assignments:
        verdicts = [_with_holders(case, line, view.day) for line in verdicts]
        controls = tuple(_with_holders(case, line, view.day) for line in controls)
    title = case_title(derived.compiled, case)
    return CaseAudit(case.id, case.process, view.state, tuple(verdicts), controls=controls, title=title)


def _with_holders(case: Case, line: Judgement, day: date) -> Judgement:
    """A line with the holders of its roles in the case: on the day of its act, else on the day asked about."""
    day = day if line.actual is None else line.actual.date
    held = {role: case.assigned(role, day) for role in line.who}
    assigned = {role: made for role, made in held.items() if made is not None}
    return replace(line, assigned=assigned) if assigned else line


def _earlier(derived: DerivedCase, case: Case, day: date) -> CaseView:
    """A case at an earlier stage of its record, as of a day."""
    return derive(edition_governing_life(derived.compiled, case), case, derived.calendars, day).view


def _lines_within(view: CaseView, influence: Influence) -> list[Judgement]:
    """The lines that an influence reaches; the findings too, where it reaches everything."""
    judged_lines = _duty_lines(view, influence)
    return _with_findings(view, judged_lines) if influence is EVERYTHING else judged_lines


def _duty_lines(view: CaseView, influence: Influence = EVERYTHING) -> list[Judgement]:
    """The verdicts on the obligations, requirements and exemptions that an influence reaches, controls too."""
    compiled = view.compiled

    def reached(names: Iterable[str]) -> Iterable[str]:
        return names if influence is None else [name for name in names if name in influence]

    verdicts: list[Judgement] = []
    for name in reached(obligations_of(compiled)):
        judgements = [*lines(view, name), *past_lines(view, name)]
        verdicts += judgements or [_nothing_to_judge(compiled, name)]
    for name in reached(ids_in_editions(compiled, lambda edition: tuple(edition.requirements))):
        verdicts += [line for by_edition, line in judged(view, name) if at_issue(by_edition, line)]
    for name in reached(exemptions_of(compiled)):
        verdicts += lines(view, name)
    return _of_one_wrong(verdicts) if any(line.follows_from is not None for line in verdicts) else verdicts


def _of_one_wrong(verdicts: list[Judgement]) -> list[Judgement]:
    """The lines; one follows from the breach of another duty only where that is adverse itself."""
    adverse = {line.obligation for line in verdicts if line.verdict in ADVERSE}
    return [line if line.follows_from in adverse else replace(line, follows_from=None) for line in verdicts]


def _with_findings(view: CaseView, judged_lines: list[Judgement]) -> list[Judgement]:
    """The lines that an audit shows, with the findings: of the internal controls only those that are broken."""
    shown = [line for line in judged_lines if not line.control or line.verdict in ADVERSE]
    return [*shown, *findings(view, shown)]


def with_deciding_roles(view: CaseView, line: Judgement) -> Judgement:
    """A line that waits for facts, with the roles that may make each of them known."""
    roles_by_fact = {name: roles for name in line.needs if (roles := view.who_settles(line.item, name))}
    return replace(line, needs_by=roles_by_fact) if roles_by_fact else line


def _nothing_to_judge(compiled: CompiledProcess, name: str) -> Judgement:
    """A duty owed for each item of a type that the case has none of."""
    owner = (
        compiled
        if name in compiled.process.obligations
        else next(edition for edition in compiled.editions if name in edition.process.obligations)
    )
    duty = owner.obligation(name)
    return Judgement(
        obligation=name,
        verdict=Verdict.NOT_APPLICABLE,
        clause=clause_of(duty.law),
        force=duty.force,
        volume=owner.volume_of(name),
        control=name in owner.controls,
        who=duty.bearers,
    )
