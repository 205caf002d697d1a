"""The audit of a case: every duty, requirement, power and finding, as of a civil day and by what was known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from zhengxie_flow.engine.audit_line import clause_of
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.editions.governing import ids_in_editions
from zhengxie_flow.engine.events.deemed_acts import cause_of, deemed_events, with_deemed
from zhengxie_flow.engine.events.evolve import effective, evolve, fold
from zhengxie_flow.engine.findings.collect import findings
from zhengxie_flow.engine.judging.judge import at_issue, judge, judged, lines, past_lines
from zhengxie_flow.engine.state_machine.ways import with_answered_ways
from zhengxie_flow.engine.view import Calendars, CaseView, view_on
from zhengxie_flow.model.body import CorrectedBody
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, EventType, Mode
from zhengxie_flow.model.verdict import ADVERSE, CaseAudit, Judgement, Verdict


def view_of(compiled: CompiledProcess, case: Case, calendars: Calendars, as_of: date) -> CaseView:
    """The case at the end of a civil day, ready to be judged."""
    return view_on(compiled, case, calendars, judge, as_of)


def apply_lapsed_limits(
    compiled: CompiledProcess, case: Case, calendars: Calendars, as_of: date, now: datetime
) -> tuple[Case, tuple[Event, ...]]:
    """Apply the deemed acts of lapsed limits that the journal does not hold yet.

    A live run writes them before it acts; the audit computes the same ones.

    Args:
        compiled: The definition of the case.
        case: The case.
        calendars: The calendar as published by a day.
        as_of: The civil day by whose end limits have lapsed.
        now: The instant of recording.

    Returns:
        The case after the deemed acts, and their events.
    """
    case = with_answered_ways(view_of(compiled, case, calendars, as_of))
    fired: list[Event] = []
    for event in deemed_events(compiled, case, calendars, judge, as_of):
        fired.append(replace(event, recorded=now, key=f"deemed:{cause_of(event)}:{event.sequence}"))
        case = evolve(case, fired[-1])
    return case, tuple(fired)


def obsolete_deemed_events(
    compiled: CompiledProcess, case: Case, calendars: Calendars, as_of: date, now: datetime
) -> tuple[Event, ...]:
    """Corrections that withdraw deemed acts which, by the events known now, did not take place.

    They become obsolete when it is recorded late that the duty was performed in time, or that its clock never started.

    Args:
        compiled: The definition of the case.
        case: The case.
        calendars: The calendar as published by a day.
        as_of: The civil day to judge by.
        now: The instant of recording.

    Returns:
        The correcting events, in journal order.
    """
    deemed_acts = [event for event in effective(case.events) if event.type is EventType.DEEMED]
    if not deemed_acts:
        return ()
    deemed = {event.sequence for event in deemed_acts}
    undeemed = fold([event for event in case.events if event.sequence not in deemed and event.supersedes not in deemed])
    again = {cause_of(event) for event in deemed_events(compiled, undeemed, calendars, judge, as_of)}
    gone = [event for event in deemed_acts if cause_of(event) not in again]
    return tuple(
        Event(
            case=case.id, sequence=case.version + 1 + index, type=EventType.CORRECTED, mode=Mode.RECORDED,
            occurred=now.astimezone(case.zone), recorded=now, action=event.action, item=event.item,
            body=CorrectedBody(reason=cause_of(event), retract=True), supersedes=event.sequence,
            definition=compiled.hash, calendar=event.calendar,
        )
        for index, event in enumerate(gone)
    )  # fmt: skip


def audit(compiled: CompiledProcess, case: Case, calendars: Calendars, as_of: date) -> CaseAudit:
    """Judge a case as it stood at the end of a day.

    Nothing is written and past verdicts are not kept: the same events, definition and calendars give the same lines.

    Args:
        compiled: The definition of the case.
        case: The case as known (fold it with ``known_at`` for an earlier knowledge).
        calendars: The calendar as published by a day.
        as_of: The civil day.

    Returns:
        The verdicts on every obligation, requirement and power, and the findings.  A requirement of an act that nobody
        has done, planned or owes, and that the case did not pass over, has no line; an internal control has one only
        where it is broken.
    """
    case = with_deemed(compiled, case, calendars, judge, as_of)
    view = view_of(compiled, case, calendars, as_of)
    verdicts: list[Judgement] = []
    for name in ids_in_editions(compiled, lambda edition: tuple(edition.process.obligations)):
        judgements = [*lines(view, name), *past_lines(view, name)]
        verdicts += judgements or [_nothing_to_judge(compiled, name)]
    for name in ids_in_editions(compiled, lambda edition: tuple(edition.requirements)):
        verdicts += [line for by_edition, line in judged(view, name) if at_issue(by_edition, line)]
    for name in ids_in_editions(compiled, lambda edition: tuple(edition.process.exemptions)):
        verdicts += lines(view, name)
    controls = tuple(line for line in verdicts if line.control)
    verdicts = [line for line in verdicts if not line.control or line.verdict in ADVERSE]
    verdicts += list(findings(view, verdicts))
    verdicts = [with_deciding_roles(view, line) for line in verdicts]
    return CaseAudit(case.id, case.process, view.state, tuple(verdicts), controls=controls)


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
