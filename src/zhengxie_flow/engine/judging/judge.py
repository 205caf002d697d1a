"""The verdict on one duty: its standing, then its force, excuses, exemptions, and the end of the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, assert_never

from zhengxie_flow.conditions import Scope, Trace, evaluate, evaluate_optional
from zhengxie_flow.conditions.truth import Truth, conjunction
from zhengxie_flow.engine.audit_line import acted, clause_of, edition
from zhengxie_flow.engine.editions.governing import Governs, Seen, governed
from zhengxie_flow.engine.exemptions.grants import (
    WAIVED,
    ExemptionEffect,
    holds_at,
    judge_exemption,
    liftings,
    shortened,
    shown,
    waived,
)
from zhengxie_flow.engine.judging.discharge import ObligationStatus, moment_of, stand
from zhengxie_flow.engine.judging.force import SOFTENED, is_soft, reasons_given, shown_force, weighed
from zhengxie_flow.engine.judging.requirements import judge_requirement
from zhengxie_flow.engine.state_machine.items import end_of_life, left_behind
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item, Key, end_of
from zhengxie_flow.model.counting import Direction
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import SATISFIED, Judgement, Verdict, worst
from zhengxie_flow.model.working import Basis, DeemedDay, EndedBy, Hindsight, Note

V = Verdict
OPEN = frozenset({V.PENDING, V.PROVISIONAL})
_NOT_YET_JUDGED = OPEN | {V.NOT_APPLICABLE, V.EXEMPT}


def judge_obligation(view: CaseView, ident: str, item: Item | None) -> Judgement:
    """The verdict on one obligation (of one item, where it is owed for each)."""
    if item is not None and item.ended is not None and view.over(item):
        return left_behind(judge_obligation(view.at(item.ended), ident, item), item)
    duty = view.compiled.obligation(ident)
    trace = Trace()
    scope = Scope(item=item, this=item)
    applies = conjunction(
        (
            evaluate_optional(view.compiled.process.when, view, scope, trace),
            evaluate_optional(duty.when, view, scope, trace),
        )
    )
    if applies is False:
        return _line(view, ident, duty, item, ObligationStatus(V.NOT_APPLICABLE), trace)
    standing = stand(view, duty, item)
    if _before_force(view, standing):
        return _line(view, ident, duty, item, ObligationStatus(V.NOT_APPLICABLE, standing.window), trace)
    line = _lifted(view, ident, duty, item, standing, trace) or _ended(view, ident, duty, item, standing, trace)
    return _if_applies(line, applies, trace)


def _if_applies(line: Judgement, applies: Truth, trace: Trace) -> Judgement:
    """Unknown whether the duty holds at all: that must be judged first, once there is anything to judge."""
    if applies is not None:
        return line
    needs = tuple(dict.fromkeys((*line.needs, *trace.needs)))
    return replace(line, needs=needs, verdict=line.verdict if line.verdict in _NOT_YET_JUDGED else V.NEEDS_JUDGEMENT)


def _before_force(view: CaseView, standing: ObligationStatus) -> bool:
    """Whether the last day to perform lies before the process came into force."""
    begin = view.compiled.since
    return (
        begin is not None and standing.window is not None and standing.window.day is not None
    ) and standing.window.day < begin


def _lifted(
    view: CaseView, ident: str, duty: Obligation, item: Item | None, standing: ObligationStatus, trace: Trace
) -> Judgement | None:
    """The duty as exemptions leave it, None where none reaches it: the latest grant wins, and all are shown."""
    moment = moment_of(view, standing)
    found = tuple(
        one
        for one in liftings(view, ident, duty.law, item)
        if holds_at(view, one, moment, item)
        and (one.key is None or not _settled_before(view, ident, duty, item, standing, one.key))
    )
    if not found:
        return None
    behind = [entry for one in found for entry in view.compiled.exemption(one.exemption).interpretation]
    note = shown(view, found)
    line = (
        _line(view, ident, duty, item, ObligationStatus(V.EXEMPT, standing.window, standing.act), trace, note)
        if found[0].to is None
        else _partly(view, ident, duty, item, standing, trace, found[0], note)
    )
    detail = (*line.detail, WAIVED) if line.verdict is V.EXEMPT and waived(found[0], item) else line.detail
    return replace(line, detail=detail, interpretations=tuple(dict.fromkeys((*line.interpretations, *behind))))


def _partly(
    view: CaseView,
    ident: str,
    duty: Obligation,
    item: Item | None,
    standing: ObligationStatus,
    trace: Trace,
    lifting: ExemptionEffect,
    note: Note,
) -> Judgement:
    """The duty under a limit made shorter: exempt where that was kept and the ordinary one was not."""
    ordinary = _ended(view, ident, duty, item, standing, trace)
    limit = None if duty.limit is None else shortened(view, duty.limit, lifting, item)
    if limit is None or ordinary.verdict in SATISFIED:
        return ordinary
    less = duty.model_copy(update={"limit": limit})
    line = _ended(view, ident, less, item, stand(view, less, item), trace)
    if line.verdict.severity < ordinary.verdict.severity:
        return ordinary  # a lift never asks for more
    kept = V.EXEMPT if line.verdict is V.PASS else line.verdict
    return replace(line, verdict=kept, detail=(*line.detail, "partial"), notes=(*line.notes, note))


def _settled_before(
    view: CaseView, ident: str, duty: Obligation, item: Item | None, standing: ObligationStatus, key: Key
) -> bool:
    """Whether a duty was already performed or already past due at a place in time; nothing cures that afterwards.

    Past due by a plan that has since been moved on is not: each new plan tests anew.
    """
    if standing.act is not None and standing.act.key < key:
        return True
    before = view.at(key)
    then = _ended(before, ident, duty, item, stand(before, duty, item), Trace())
    if then.verdict is V.OVERDUE and then.anchor is not None and then.anchor.kind == "planned":
        window = standing.window
        return window is None or window.day is None or window.day < key[0]
    return then.verdict in (V.BREACH, V.OVERDUE, V.DEVIATION, V.INCOMPLETE)


def _ended(
    view: CaseView, ident: str, duty: Obligation, item: Item | None, standing: ObligationStatus, trace: Trace
) -> Judgement:
    """The duty with its force, and what the end of the case or of the item, or a closing act, makes of it."""
    closers = view.acts(view.compiled.closers.get(ident, ()))
    closing = next((act for act in closers if item is None or act.key > item.key), None)
    end = end_of_life(view, item)
    line = _weighed(view, ident, duty, item, standing, trace)
    if closing is not None:
        return _after_closing(view, ident, duty, item, standing, trace, closing)
    if end is None or standing.performed:
        return line
    then = stand(_just_after(view, end.key), duty, item)
    asked_no_more = end.withdrawn and then.verdict is V.NEEDS_PARAMETER
    if then.verdict not in OPEN and not asked_no_more and not _could_be_moved(then):
        return line
    if end.withdrawn or duty.force == "may" or _not_yet_due(then):
        return _line(view, ident, duty, item, replace(then, verdict=V.NOT_APPLICABLE, detail=(end.state,)), trace)
    missed = replace(then, verdict=V.BREACH, detail=(end.state,))
    return _weighed(view, ident, duty, item, missed, trace, note=EndedBy(end.event))


def _could_be_moved(standing: ObligationStatus) -> bool:
    """Overdue by nothing but a plan, which no other plan will replace any more."""
    window = standing.window
    return standing.verdict is V.OVERDUE and window is not None and not (window.anchor.actual or window.anchor.by_time)


def _not_yet_due(standing: ObligationStatus) -> bool:
    """A running clock with a day still to come, or one that time alone would have set running."""
    window = standing.window
    if window is None or window.direction == "order_after":
        return False
    return window.anchor.by_time or (window.anchor.actual and (window.day is not None or window.suspended))


def _after_closing(
    view: CaseView,
    ident: str,
    duty: Obligation,
    item: Item | None,
    standing: ObligationStatus,
    trace: Trace,
    closing: Act,
) -> Judgement:
    """After an act that closes it, a duty not performed is missed: incomplete for an item, a breach otherwise."""
    line = _weighed(view, ident, duty, item, standing, trace)
    in_time = standing.act is not None and (item is not None or standing.act.key < closing.key)
    if in_time or duty.force == "may":
        return line
    if standing.act is None and not _missed(view, duty, item, standing, closing):
        return line
    note = EndedBy(closing.sequence)
    if item is not None:
        open_ = replace(standing, verdict=V.INCOMPLETE, missing=(item.id,), waits_for=())
        return _line(view, ident, duty, item, open_, trace, note=note)
    return _weighed(view, ident, duty, item, replace(standing, verdict=V.BREACH, waits_for=()), trace, note=note)


def _missed(view: CaseView, duty: Obligation, item: Item | None, standing: ObligationStatus, closing: Act) -> bool:
    """Whether a duty not performed was still open at the closing act, or overdue by it: for an item that stays so."""
    if stand(_just_after(view, closing.key), duty, item).verdict in OPEN:
        return True
    return _by_closing(standing, closing) if item is not None else standing.verdict is V.OVERDUE


def _by_closing(standing: ObligationStatus, closing: Act) -> bool:
    """Missed by nothing but the closing act: the limit only says before what, and that had not happened earlier."""
    window = standing.window
    if window is None or window.direction != "order_before":
        return False
    return window.anchor.key is not None and window.anchor.key >= closing.key


def _just_after(view: CaseView, key: Key) -> CaseView:
    return view.at((key[0], key[1] + 1))


def _weighed(
    view: CaseView,
    ident: str,
    duty: Obligation,
    item: Item | None,
    standing: ObligationStatus,
    trace: Trace,
    note: Note | None = None,
) -> Judgement:
    """The standing with the duty's force; a soft duty departed from with a reason in time is justified."""
    verdict, detail = weighed(standing.verdict, duty), standing.detail
    if duty.force == "may" and not standing.performed:
        verdict = V.NOT_APPLICABLE
    if is_soft(duty) and verdict in SOFTENED:
        excuse = _excuse(view, ident, duty, item, standing)
        if excuse is not None:
            verdict, detail = V.DEVIATION_JUSTIFIED, (*detail, *excuse)
    return _line(view, ident, duty, item, replace(standing, verdict=verdict, detail=detail), trace, note)


def _excuse(
    view: CaseView, ident: str, duty: Obligation, item: Item | None, standing: ObligationStatus
) -> tuple[str, ...] | None:
    """What is to be said of a reason given by the due day (for a minimum window: by the act), such as that it was not
    made public; None where none was given.  Unknown excuses nothing.
    """
    window = standing.window
    if window is None or window.day is None:
        return None
    by = standing.act.key if window.direction == "minimum" and standing.act else end_of(window.day)
    then = view.at(by)
    if duty.excused_by is not None:
        return () if evaluate(duty.excused_by, then, Scope(item=item, this=item)) is True else None
    return reasons_given(then, ident, item)


def judge(view: CaseView, ident: str, item: Item | None) -> Verdict:
    """How any duty stands; the worst over its items where it is owed for each and none is named."""
    return worst(line.verdict for line in lines(view, ident, item))


def lines(view: CaseView, ident: str, item: Item | None = None) -> list[Judgement]:
    """The verdicts on an obligation, requirement or exemption: one for each item where it is owed for each.

    Where the process has several editions, each is by the edition that governs it (Art. 15).
    """
    return [line for _, line in judged(view, ident, item)]


def judged(view: CaseView, ident: str, item: Item | None = None) -> list[Seen]:
    """The same, each with the case as looked at by the edition that judges."""
    if view.compiled.editions:
        return list(governed(view, ident, item, _lines))
    return [(view, line) for line in _lines(view, ident, item)]


def _lines(view: CaseView, ident: str, item: Item | None, governs: Governs | None = None) -> list[Judgement]:
    compiled = view.compiled
    if ident in compiled.process.exemptions:
        return [judge_exemption(view, ident, governs)]
    if ident in compiled.requirements:
        action, requirement = compiled.requirements[ident]
        kind = compiled.action(action).item_type
        about: Iterable[Item | None] = (
            view.ever(kind) if kind is not None and item is None else _about(view, kind, item)
        )
        present = [one for one in about if one is None or any(act.item == one.id for act in view.acts((action,)))]
        return [judge_requirement(view, action, requirement, one, governs) for one in present or [None]]
    kind = compiled.obligation(ident).for_  # of the items that are in the case; `past_lines` has the others
    return [judge_obligation(view, ident, one) for one in _about(view, kind, item)]


def past_lines(view: CaseView, ident: str) -> list[Judgement]:
    """The verdicts on an obligation owed for items that were withdrawn or replaced, as of their end."""
    every = (view.compiled, *view.compiled.editions)
    kind = next(each.process.obligations[ident].for_ for each in every if ident in each.process.obligations)
    gone = [item for item in view.ever(kind) if view.over(item)] if kind is not None else []
    return [line for item in gone for line in lines(view, ident, item)]


def _about(view: CaseView, kind: str | None, item: Item | None) -> Iterable[Item | None]:
    if kind is None:
        return [None]
    return [item] if item is not None and item.type == kind else view.items(kind)


def _shown_as(direction: Direction) -> Literal["due", "latest", "earliest"] | None:
    """As what the day of a limit is shown: mere order after something has none."""
    match direction:
        case "forward" | "by_date":
            return "due"
        case "backward" | "order_before":
            return "latest"
        case "minimum":
            return "earliest"
        case "order_after":
            return None
        case _:
            assert_never(direction)


def _line(
    view: CaseView,
    ident: str,
    duty: Obligation,
    item: Item | None,
    standing: ObligationStatus,
    trace: Trace,
    note: Note | None = None,
) -> Judgement:
    window = standing.window
    shown = _shown_as(window.direction) if window else None
    day = window.day if window else None
    facts = view.compiled.process.facts
    presumed = tuple(trace.presumed)
    behind = [entry for name in presumed if name in facts for entry in facts[name].interpretation]
    return Judgement(
        obligation=ident,
        verdict=standing.verdict,
        item=item.id if item else None,
        clause=clause_of(duty.law),
        force=shown_force(duty),
        edition=edition(view),
        detail=standing.detail,
        due=day if shown == "due" else None,
        latest=day if shown == "latest" else None,
        earliest=day if shown == "earliest" else None,
        date_status=None if window is None or day is None else ("firm" if window.firm else "provisional"),
        anchor=window.anchor.seen() if window else None,
        actual=acted(standing.act),
        missing=standing.missing,
        needs=standing.needs,
        waits_for=standing.waits_for,
        interpretations=tuple(dict.fromkeys((*duty.interpretation, *behind))),
        presumptions=presumed,
        calendar=window.snapshot.edition if window else None,
        proof=window,
        notes=_notes(view, duty, standing, note),
        who=duty.who,
    )


def _notes(view: CaseView, duty: Obligation, standing: ObligationStatus, note: Note | None) -> tuple[Note, ...]:
    """What there is to say beside a verdict, ``note`` first."""
    notes: list[Note] = [] if note is None else [note]
    if standing.hindsight is not None:
        notes.append(Hindsight(standing.hindsight))
    if standing.act is not None and (counts_for := view.deemed(standing.act)) != standing.act.day:
        notes.append(DeemedDay(counts_for))
    if duty.basis is not None:
        notes.append(Basis(duty.basis))
    return tuple(notes)
