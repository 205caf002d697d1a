"""The audit of a case: every duty, requirement, power and finding, as of a civil day and by what was known."""

from __future__ import annotations

from dataclasses import replace

from zhengxie_flow.engine.audit_line import clause_of
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.derivation import DerivedCase
from zhengxie_flow.engine.editions.governing import ids_in_editions
from zhengxie_flow.engine.findings.collect import findings
from zhengxie_flow.engine.judging.judge import lines, past_lines
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.verdict import CaseAudit, Judgement, Verdict


def audit(derived: DerivedCase) -> CaseAudit:
    """Judge a case as it stood at the end of a day.

    Nothing is written and past verdicts are not kept: the same events, definition and calendars give the same lines.

    Args:
        derived: The case as of the day.

    Returns:
        The verdicts on every obligation, requirement and power, and the findings.
    """
    compiled, case, view = derived.compiled, derived.case, derived.view
    verdicts: list[Judgement] = []
    for name in ids_in_editions(compiled, lambda edition: tuple(edition.process.obligations)):
        judgements = [*lines(view, name), *past_lines(view, name)]
        verdicts += judgements or [_nothing_to_judge(compiled, name)]
    for name in ids_in_editions(compiled, lambda edition: (*edition.requirements, *edition.process.exemptions)):
        verdicts += lines(view, name)
    verdicts += list(findings(view, verdicts))
    verdicts = [with_deciding_roles(view, line) for line in verdicts]
    return CaseAudit(case.id, case.process, view.state, tuple(verdicts))


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
        who=duty.who,
    )
