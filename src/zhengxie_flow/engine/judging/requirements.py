"""The verdict on a requirement: judged at each act of its action, by what was known up to that act."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from zhengxie_flow.conditions import Scope, Trace, evaluate, evaluate_optional
from zhengxie_flow.conditions.failing import failed_conditions
from zhengxie_flow.conditions.truth import Truth, conjunction
from zhengxie_flow.conditions.undone import left_open, not_shown
from zhengxie_flow.engine.audit_line import act_ref, clause_of, edition_label
from zhengxie_flow.engine.editions.governing import Governs
from zhengxie_flow.engine.exemptions.doubtful import doubtful_lifts, in_doubt
from zhengxie_flow.engine.exemptions.grants import (
    WAIVED,
    ExemptionEffect,
    exemptions_reaching,
    holds_at,
    lifted_by,
    waived,
)
from zhengxie_flow.engine.judging.discharge import reference_moment
from zhengxie_flow.engine.judging.force import SOFTENED, adjust_for_force, is_soft, reasons_given, shown_force
from zhengxie_flow.engine.judging.owed import acts_passed_over
from zhengxie_flow.engine.judging.status import ObligationStatus
from zhengxie_flow.engine.state_machine.items import WITHDRAWN
from zhengxie_flow.engine.validity import roles_for
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item, Key, StatePeriod, end_of
from zhengxie_flow.model.process import Requirement
from zhengxie_flow.model.verdict import ADVERSE, Judgement, Verdict
from zhengxie_flow.model.working import Basis, FailedCondition, FailedConditions, Note, PassedOver

V = Verdict
LEFT_OUT = "left_out"
"""The case went past the act that the requirement is asked of; it was left out."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A verdict on a requirement with the act it was judged at, and what its conditions needed and presumed."""

    verdict: Verdict
    act: Act | None = None
    detail: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    trace: Trace = field(default_factory=Trace)
    failed: tuple[FailedCondition, ...] = ()


def judge_requirement(
    view: CaseView, action: str, requirement: Requirement, item: Item | None, governs: Governs | None = None
) -> Judgement:
    """The verdict on a requirement: the worst of the acts it was judged at; an act not done is pending.

    Args:
        view: The case, by the edition that judges, up to some position on its timeline.
        action: The action that asks for the requirement.
        requirement: Its definition.
        item: The item it is judged for, where the action is done for each.
        governs: The days that the edition at hand governs; None for all.

    Returns:
        The audit line.
    """
    acts = [
        act
        for act in view.acts((action,))
        if (item is None or act.item == item.id or view.compiled.action(action).item_type != item.type)
        and (governs is None or governs(act.day))
    ]
    effects = [
        effect for effect in exemptions_reaching(view, requirement.id, requirement.law, item) if effect.to is None
    ]
    lifted = {act.key: _lifted_at(view, effects, act.key, item) for act in acts} if effects else {}
    judged = [_at_act(view, requirement, item, act) for act in acts if not lifted.get(act.key)]
    if judged:
        return min(judged, key=lambda line: line.verdict.severity)
    now = reference_moment(view, ObligationStatus(V.PENDING, act=acts[-1] if acts else None))
    if lifting := _lifted_at(view, effects, now, item):
        detail = (WAIVED,) if waived(lifting[0], item) else ()
        line = _line(view, requirement, item, _Outcome(V.EXEMPT, acts[-1] if acts else None, detail))
        of_exemptions = [
            entry for effect in lifting for entry in view.compiled.exemption(effect.exemption).interpretation
        ]
        both = tuple(dict.fromkeys((*line.interpretations, *of_exemptions)))
        return replace(line, interpretations=both, notes=(lifted_by(view, lifting),))
    ended = view.final
    if not acts and ended != WITHDRAWN and requirement.binding:
        period = acts_passed_over(view).get(action)
        if period is not None:
            return _passed_over(view, action, requirement, item, period)
    if ended:
        return _line(view, requirement, item, _Outcome(V.NOT_APPLICABLE, detail=(view.state,)))
    doubts = (
        doubtful_lifts(view, requirement.id, requirement.law, item, now) if view.compiled.process.exemptions else ()
    )
    line = _line(view, requirement, item, _Outcome(V.PENDING, waits_for=(action,)))
    return in_doubt(line, [doubt for doubt in doubts if doubt.key is not None])


def _passed_over(
    view: CaseView, action: str, requirement: Requirement, item: Item | None, period: StatePeriod
) -> Judgement:
    """The verdict on a requirement of an act that was left out: judged when the case came to a state past it."""
    effects = [effect for effect in exemptions_reaching(view, requirement.id, requirement.law, item) if not effect.to]
    if lifting := _lifted_at(view, effects, period.key, item):
        return replace(_line(view, requirement, item, _Outcome(V.EXEMPT)), notes=(lifted_by(view, lifting),))
    then, scope, trace = view.at(period.key), Scope(item=item, this=item), Trace()
    outline = view.compiled.outlines[action]
    own = outline.kinds.keys() - set(outline.noted)  # a fact may be on record without the act
    shown = requirement.model_copy(
        update={
            "that": not_shown(requirement.that, own),
            "when": None if requirement.when is None else left_open(requirement.when, own),
        }
    )
    verdict = requirement_verdict(requirement, requirement_holds(then, shown, scope, trace, at=view))
    detail: tuple[str, ...] = (LEFT_OUT,)
    if verdict in SOFTENED and is_soft(requirement):
        excuse = reasons_given(view.at(end_of(period.key[0])), requirement.id, item)
        if excuse is not None:
            verdict, detail = V.DEVIATION_JUSTIFIED, (*detail, *excuse)
    line = _line(view, requirement, item, _Outcome(verdict, None, detail, (action,), trace))
    return replace(line, notes=(*line.notes, PassedOver(period.event, period.key[0], period.state)))


def _lifted_at(
    view: CaseView, effects: list[ExemptionEffect], moment: Key, item: Item | None
) -> tuple[ExemptionEffect, ...]:
    """The exemptions that lift a requirement at a position on the timeline."""
    return tuple(
        effect
        for effect in effects
        if (effect.key is None or effect.key < moment) and holds_at(view, effect, moment, item)
    )


def _at_act(view: CaseView, requirement: Requirement, item: Item | None, act: Act) -> Judgement:
    trace, scope, then = Trace(), Scope(act=act, item=item, this=item), view.at(act.key)
    holds = requirement_holds(then, requirement, scope, trace, at=view)
    verdict = requirement_verdict(requirement, holds)
    detail: tuple[str, ...] = ()
    if verdict in SOFTENED and requirement.law and is_soft(requirement):
        excuse = reasons_given(view.at(end_of(act.day)), requirement.id, item)
        if excuse is not None:
            verdict, detail = V.DEVIATION_JUSTIFIED, excuse
    failed = failed_conditions(requirement.that, then, scope) if holds is False else ()
    line = _line(view, requirement, item, _Outcome(verdict, act, detail, trace=trace, failed=failed))
    if verdict not in ADVERSE:
        return line
    return in_doubt(line, tuple(doubtful_lifts(view, requirement.id, requirement.law, item, act.key)))


def requirement_holds(
    view: CaseView, requirement: Requirement, scope: Scope, trace: Trace, *, at: CaseView | None = None
) -> Truth | str:
    """The truth of a requirement at an act; ``"not_applicable"`` where its ``when``, or its process's, is false.

    Args:
        view: The case at the act.
        requirement: The requirement.
        scope: The act and the item in sight.
        trace: Collects the names that the answer rests on.
        at: The case on the day it is judged, where it is read whether the process applies; by default at the act.
    """
    whole = evaluate_optional(view.compiled.process.when, at or view, Scope(), trace)
    applies = whole if whole is False else conjunction((whole, evaluate_optional(requirement.when, view, scope, trace)))
    if applies is False:
        return "not_applicable"
    holds = evaluate(requirement.that, view, scope, trace)
    return holds if applies or holds is True else None


def requirement_verdict(requirement: Requirement, holds: Truth | str) -> Verdict:
    """The verdict for the truth of a requirement: false is a breach, or a finding where it cites no law."""
    if holds == "not_applicable":
        return V.NOT_APPLICABLE
    if holds is None:
        return V.NEEDS_JUDGEMENT
    if holds:
        return V.PASS
    if requirement.unmet == "incomplete":
        return V.INCOMPLETE
    return adjust_for_force(V.BREACH, requirement) if requirement.law else V.FINDING


def _line(view: CaseView, requirement: Requirement, item: Item | None, outcome: _Outcome) -> Judgement:
    """The audit line that an outcome makes."""
    verdict, trace = outcome.verdict, outcome.trace
    unmet = verdict not in (V.PASS, V.NOT_APPLICABLE)
    return Judgement(
        obligation=requirement.id,
        verdict=verdict,
        item=item.id if item else None,
        clause=clause_of(requirement.law),
        force=shown_force(requirement),
        edition=edition_label(view.compiled),
        volume=view.compiled.volume_of(requirement.id),
        detail=outcome.detail,
        actual=act_ref(outcome.act),
        missing=tuple(trace.absent) if unmet else (),
        needs=tuple(trace.needs) if verdict is V.NEEDS_JUDGEMENT else (),
        waits_for=outcome.waits_for,
        interpretations=requirement.interpretation,
        notes=_notes(requirement, outcome),
        presumptions=tuple(trace.presumed),
        control=requirement.id in view.compiled.controls,
        who=roles_for(view, view.compiled.action(view.compiled.requirements[requirement.id][0])),
    )


def _notes(requirement: Requirement, outcome: _Outcome) -> tuple[Note, ...]:
    """The remarks beside a verdict on a requirement."""
    notes: list[Note] = [FailedConditions(outcome.failed)] if outcome.failed else []
    if requirement.basis is not None:
        notes.append(Basis(requirement.basis))
    return tuple(notes)
