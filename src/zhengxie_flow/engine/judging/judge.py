"""The verdict on one duty: its status, then its force, excuses, exemptions, and the end of the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.conditions.truth import Truth, conjunction
from zhengxie_flow.engine.editions.governing import Governs, JudgedView, governed
from zhengxie_flow.engine.editions.volumes import bound_day, limited_to_periods
from zhengxie_flow.engine.exemptions.doubtful import doubtful_lifts, in_doubt
from zhengxie_flow.engine.exemptions.grants import (
    WAIVED,
    ExemptionEffect,
    exemptions_reaching,
    holds_at,
    judge_exemption,
    lifted_by,
    waived,
    with_granted_amount,
)
from zhengxie_flow.engine.judging.closing import OPEN, after_closing, closing_of, never_owed, with_force
from zhengxie_flow.engine.judging.discharge import reference_moment
from zhengxie_flow.engine.judging.requirements import judge_requirement
from zhengxie_flow.engine.judging.status import ObligationStatus
from zhengxie_flow.engine.judging.subject import Judging
from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_rounds
from zhengxie_flow.engine.state_machine.items import End, end_of_life, left_behind
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.body import DeemedBody
from zhengxie_flow.model.case import Item, Key
from zhengxie_flow.model.event import is_provisional
from zhengxie_flow.model.verdict import ADVERSE, SATISFIED, Judgement, Verdict, worst
from zhengxie_flow.model.working import EndedBy, Note

V = Verdict
_NOT_YET_JUDGED = OPEN | {V.NOT_APPLICABLE, V.EXEMPT}


def judge_obligation(view: CaseView, ident: str, item: Item | None) -> list[Judgement]:
    """The verdicts on one obligation, one for each round of its limit.

    Args:
        view: The case, by the edition that judges, up to some position on its timeline.
        ident: The id of the obligation.
        item: The item it is owed for, where it is owed for each.

    Returns:
        The audit lines, oldest round first.
    """
    if item is not None and item.ended is not None and view.has_ended(item):
        return [left_behind(line, item) for line in judge_obligation(view.at(item.ended), ident, item)]
    duty = view.compiled.obligation(ident)
    trace = Trace()
    scope = Scope(item=item, this=item)
    applies = conjunction(
        (
            evaluate_optional(view.compiled.process.when, view, scope, trace),
            evaluate_optional(duty.when, view, scope, trace),
        )
    )
    judging = Judging(view, ident, duty, item, trace)
    if applies is False:
        return [judging.line(ObligationStatus(V.NOT_APPLICABLE))]
    return [_if_applies(_judged(judging.of_round(status), status), applies, trace) for status in judging.rounds()]


def _judged(judging: Judging, status: ObligationStatus) -> Judgement:
    """The verdict on one round of an obligation that may apply."""
    if _before_force(judging.view, status):
        return judging.line(ObligationStatus(V.NOT_APPLICABLE, status.resolved))
    return _lifted(judging, status) or _perhaps_lifted(judging, status, _ended(judging, status))


def _if_applies(line: Judgement, applies: Truth, trace: Trace) -> Judgement:
    """Unknown whether the duty holds at all: that must be judged first, once there is anything to judge."""
    if applies is not None:
        return line
    needs = tuple(dict.fromkeys((*line.needs, *trace.needs)))
    return replace(line, needs=needs, verdict=line.verdict if line.verdict in _NOT_YET_JUDGED else V.NEEDS_JUDGEMENT)


def _before_force(view: CaseView, status: ObligationStatus) -> bool:
    """True where the last day to perform lies before the process came into force."""
    begin = view.compiled.since
    return (
        begin is not None and status.resolved is not None and status.resolved.day is not None
    ) and status.resolved.day < begin


def _lifted(judging: Judging, status: ObligationStatus) -> Judgement | None:
    """The duty as exemptions leave it, None where none reaches it: the latest grant wins, and all are shown."""
    view, item = judging.view, judging.item
    moment = reference_moment(view, status)
    effects = tuple(
        effect
        for effect in exemptions_reaching(view, judging.ident, judging.duty.law, item)
        if holds_at(view, effect, moment, item)
        and (effect.key is None or not _settled_before(judging, status, effect.key))
    )
    if not effects:
        return None
    of_exemptions = [entry for effect in effects for entry in view.compiled.exemption(effect.exemption).interpretation]
    note = lifted_by(view, effects)
    line = (
        judging.line(ObligationStatus(V.EXEMPT, status.resolved, status.act), note)
        if effects[0].to is None
        else _partly(judging, status, effects[0], note)
    )
    detail = (*line.detail, WAIVED) if line.verdict is V.EXEMPT and waived(effects[0], item) else line.detail
    return replace(line, detail=detail, interpretations=tuple(dict.fromkeys((*line.interpretations, *of_exemptions))))


def _perhaps_lifted(judging: Judging, status: ObligationStatus, line: Judgement) -> Judgement:
    """An adverse line that an exemption may lift, whose condition nobody has determined: only a person can judge it.

    So is one still open that a grant may lift: whether anything is owed at all hangs on the grant.
    """
    if line.verdict not in ADVERSE and line.verdict not in OPEN:
        return line
    moment = reference_moment(judging.view, status)
    doubts = [
        doubt
        for doubt in doubtful_lifts(judging.view, judging.ident, judging.duty.law, judging.item, moment)
        if (line.verdict in ADVERSE if doubt.key is None else not _settled_before(judging, status, doubt.key))
    ]
    return in_doubt(line, doubts)


def _partly(judging: Judging, status: ObligationStatus, effect: ExemptionEffect, note: Note) -> Judgement:
    """The duty under a shortened limit: exempt where the shorter limit was met and the ordinary one was not."""
    duty = judging.duty
    ordinary = _ended(judging, status)
    limit = None if duty.limit is None else with_granted_amount(judging.view, duty.limit, effect, judging.item)
    if limit is None or ordinary.verdict in SATISFIED:
        return ordinary
    eased = judging.with_duty(duty.model_copy(update={"limit": limit}))
    line = _ended(eased, eased.status() or eased.rounds()[-1])
    if line.verdict.severity < ordinary.verdict.severity:
        return ordinary  # a lift never asks for more
    verdict = V.EXEMPT if line.verdict is V.PASS else line.verdict
    return replace(line, verdict=verdict, detail=(*line.detail, "partial"), notes=(*line.notes, note))


def _settled_before(judging: Judging, status: ObligationStatus, key: Key) -> bool:
    """True where a duty was already performed or past due at a position on the timeline, which no later grant cures.

    Past due by a plan that has since been moved on is not: each new plan tests anew.
    """
    if status.act is not None and status.act.key < key:
        return True
    before = judging.at(key)
    earlier = before.status()
    if earlier is None:  # this round was not opened by then
        return False
    then = _ended(before, earlier)
    if then.verdict is V.OVERDUE and then.anchor is not None and then.anchor.kind == "planned":
        resolved = status.resolved
        return resolved is None or resolved.day is None or resolved.day < key[0]
    return then.verdict in (V.BREACH, V.OVERDUE, V.DEVIATION, V.INCOMPLETE)


def _ended(judging: Judging, status: ObligationStatus) -> Judgement:
    """The duty with its force, and what the end of the case or of the item, or a closing act, makes of it."""
    view, item = judging.view, judging.item
    closing = closing_of(judging, status)
    end = end_of_life(view, item)
    line = with_force(judging, status)
    if closing is not None and (closed := after_closing(judging, status, line, closing)) is not None:
        return closed
    if closing is None and end is None and _open_to_judgement(judging, status):
        return judging.line(ObligationStatus(V.PENDING, status.resolved))
    if end is None or status.performed:
        return line
    lapsed = lapse_day(view, end)
    then = judging.status_after(end.key) if lapsed is None else judging.at(_day_after(lapsed)).status()
    if then is None:  # opened after the end: nobody waits for it
        return judging.line(replace(status, verdict=V.NOT_APPLICABLE, detail=(end.state,)))
    asked_no_more = end.withdrawn and then.verdict is V.NEEDS_PARAMETER
    if then.verdict not in OPEN and not asked_no_more and not _could_be_moved(then):
        return line
    if end.withdrawn or judging.duty.force == "may" or _not_yet_due(then) or never_owed(judging, then, end.key):
        return judging.line(replace(then, verdict=V.NOT_APPLICABLE, detail=(end.state,)))
    missed = replace(then, verdict=V.BREACH, detail=(end.state,))
    return with_force(judging, missed, EndedBy(end.event))


def _open_to_judgement(judging: Judging, status: ObligationStatus) -> bool:
    """True for a duty done, but not yet as the law wants it, that some act has still to close."""
    undecided = judging.duty.judged_by is not None and status.performed and status.verdict is not V.PASS
    return undecided and judging.ident in judging.view.compiled.closers


def lapse_day(view: CaseView, end: End) -> date | None:
    """The day by whose end a duty lapsed and thereby ended the case or the item; None where something else did.

    Whatever fell due by then was missed before the end came.
    """
    event = next((event for event in reversed(view.case.events) if event.sequence == end.event), None)
    if event is None or not isinstance(event.body, DeemedBody):
        return None
    name, _, rest = event.body.deemed_by.partition("/")
    duty = view.compiled.process.obligations.get(name)
    deemed = None if duty is None or duty.limit is None else duty.limit.consequence
    if duty is None or deemed is None:
        return None
    day = event.day(view.case.zone)
    if deemed.at == "due" and not is_provisional(event.sequence):
        return day
    item = view.case.items.get(duty.for_ or "", {}).get(rest.rpartition("/")[0])
    start = rest.rpartition("/")[2]
    rounds = [part.limit for part in resolve_rounds(view, owed_limit(view, name, duty, item))]
    resolved = next((part for part in rounds if str(part.anchor.event or "") == start), rounds[-1])
    return resolved.high or resolved.day or day


def _day_after(day: date) -> Key:
    """The place at which a day is over and nothing of the next one has happened."""
    return (day + timedelta(days=1), -1)


def _could_be_moved(status: ObligationStatus) -> bool:
    """Overdue by nothing but a plan, which no other plan will replace any more."""
    resolved = status.resolved
    return (
        status.verdict is V.OVERDUE and resolved is not None and not (resolved.anchor.actual or resolved.anchor.by_time)
    )


def _not_yet_due(status: ObligationStatus) -> bool:
    """A running clock with a day still to come, or one that time alone would have set running."""
    resolved = status.resolved
    if resolved is None or resolved.direction == "order_after":
        return False
    return resolved.anchor.by_time or (resolved.anchor.actual and (resolved.day is not None or resolved.suspended))


def judge(view: CaseView, ident: str, item: Item | None) -> Verdict:
    """The verdict on any duty in its current round; the worst over its items where it is owed for each."""
    return worst(line.verdict for line in current(lines(view, ident, item)))


def current(several: Iterable[Judgement]) -> list[Judgement]:
    """The lines of the current rounds: of each duty and item the last one opened."""
    last: dict[tuple[str, str | None], Judgement] = {}
    others: list[Judgement] = []
    for line in several:
        if line.is_action:
            others.append(line)
        elif line.round >= last.get((line.obligation, line.item), line).round:
            last[(line.obligation, line.item)] = line
    return [*last.values(), *others]


def lines(view: CaseView, ident: str, item: Item | None = None) -> list[Judgement]:
    """The verdicts on an obligation, requirement or exemption.

    Where the process has several editions, each verdict is by the edition that governs it (Art. 15).

    Args:
        view: The case up to a position on its timeline.
        ident: The id of the obligation, requirement or exemption.
        item: The item to judge; None for all of them.

    Returns:
        One audit line, or one for each item where the duty is owed for each.
    """
    return [line for _, line in judged(view, ident, item)]


def judged(view: CaseView, ident: str, item: Item | None = None) -> list[JudgedView]:
    """The verdicts of `lines`, each with the case as looked at by the edition that judges."""
    if view.compiled.editions:
        return list(governed(view, ident, item, _lines))
    return [(view, line) for line in _lines(view, ident, item)]


def _lines(view: CaseView, ident: str, item: Item | None, governs: Governs | None = None) -> list[Judgement]:
    """The verdicts by one edition, as far as the volume of the duty binds on the day of each."""
    volume = view.compiled.volume_by_duty.get(ident)
    if volume is None:
        return _unlimited_lines(view, ident, item, governs)
    bound = bound_day(view, volume)
    days = bound if governs is None else lambda day: bound(day) and governs(day)
    return list(limited_to_periods(view, volume, _unlimited_lines(view, ident, item, days)))


def _unlimited_lines(view: CaseView, ident: str, item: Item | None, governs: Governs | None) -> list[Judgement]:
    compiled = view.compiled
    if ident in compiled.process.exemptions:
        return [judge_exemption(view, ident, governs)]
    if ident in compiled.requirements:
        action, requirement = compiled.requirements[ident]
        kind = compiled.action(action).item_type
        items = view.all_items(kind) if kind is not None and item is None else _owed_for(view, kind, item)
        present = [owner for owner in items if owner is None or view.acts_about(action, owner.id)]
        return [judge_requirement(view, action, requirement, owner, governs) for owner in present or [None]]
    kind = compiled.obligation(ident).for_  # of the items that are in the case; `past_lines` has the others
    return [line for owner in _owed_for(view, kind, item) for line in judge_obligation(view, ident, owner)]


def past_lines(view: CaseView, ident: str) -> list[Judgement]:
    """The verdicts on an obligation owed for items that were withdrawn or replaced, as of their end."""
    editions = (view.compiled, *view.compiled.editions)
    kind = next(edition.process.obligations[ident].for_ for edition in editions if ident in edition.process.obligations)
    gone = [item for item in view.all_items(kind) if view.has_ended(item)] if kind is not None else []
    return [line for item in gone for line in lines(view, ident, item)]


def _owed_for(view: CaseView, kind: str | None, item: Item | None) -> Iterable[Item | None]:
    """The items a duty is owed for; None where it is owed for the case as a whole."""
    if kind is None:
        return [None]
    return [item] if item is not None and item.type == kind else view.items(kind)
