"""The verdict on a duty with its force, and after an act that closes it."""

from __future__ import annotations

from dataclasses import replace

from zhengxie_flow.conditions import evaluate
from zhengxie_flow.engine.judging.discharge import performing
from zhengxie_flow.engine.judging.force import SOFTENED, adjust_for_force, is_soft, reasons_given
from zhengxie_flow.engine.judging.owed import all_passed_over, anchor_is_owed
from zhengxie_flow.engine.judging.status import ObligationStatus
from zhengxie_flow.engine.judging.subject import Judging
from zhengxie_flow.engine.limits.counted_acts import ClosingAct, closing_acts
from zhengxie_flow.engine.state_machine.items import end_of_life
from zhengxie_flow.model.case import BEFORE_ALL, Act, Key, end_of
from zhengxie_flow.model.counting import opens
from zhengxie_flow.model.verdict import Judgement, Verdict
from zhengxie_flow.model.working import EndedBy, Note

V = Verdict
OPEN = frozenset({V.PENDING, V.PROVISIONAL})


def closing_of(judging: Judging, status: ObligationStatus) -> ClosingAct | None:
    """The act that closed a round of a duty, or may have; None where there is none."""
    view, item = judging.view, judging.item
    since = opened(status) if item is None else max(opened(status), item.key)
    closers = view.compiled.closers.get(judging.ident, ())
    return next((closing for closing in closing_acts(view, closers, item) if closing.act.key > since), None)


def opened(status: ObligationStatus) -> Key:
    """The place at which a round was opened; before everything for the first one."""
    opened = None if status.resolved is None else status.resolved.opened_at
    return BEFORE_ALL if opened is None else opened


def never_owed(judging: Judging, status: ObligationStatus, key: Key) -> bool:
    """True where the anchor never happened and nobody owed it, nor was every act that performs the duty passed over."""
    limit, resolved = judging.duty.limit, status.resolved
    if limit is None or resolved is None or resolved.anchor.actual:
        return False
    then = judging.view.at((key[0], key[1] + 1))
    return not all_passed_over(then, judging.duty) and not anchor_is_owed(then, judging.ident, limit, judging.item)


def after_closing(judging: Judging, status: ObligationStatus, line: Judgement, closing: ClosingAct) -> Judgement | None:
    """The line after a closing act: a duty not performed is missed, incomplete for an item and a breach otherwise.

    Where the closing says so it is a breach for an item too, unless some were done, and what comes later is late; so it
    is where it follows from another breach.  None where nothing was open that it could have closed.
    """
    item, act = judging.item, closing.act
    lenient = item is not None and not closing.strict
    in_time = status.act is not None and (lenient or status.act.key < act.key)
    if in_time or judging.duty.force == "may":
        return line
    if status.act is None and not _missed(judging, status, act):
        return None
    if closing.needs:
        outcomes = tuple(dict.fromkeys((line.verdict, V.BREACH)))
        needs = tuple(dict.fromkeys((*line.needs, *closing.needs)))
        return replace(line, verdict=V.NEEDS_JUDGEMENT, needs=needs, outcomes=outcomes)
    note, end = EndedBy(act.sequence), end_of_life(judging.view, item)
    if end is not None and end.event == act.sequence:
        status = replace(status, detail=(*status.detail, end.state))
    if item is not None and status.act is None and (lenient or _partly_done(judging, closing)):
        return judging.line(replace(status, verdict=V.INCOMPLETE, missing=(item.id,), waits_for=()), note)
    missed = with_force(judging, replace(status, verdict=V.BREACH, waits_for=()), note)
    return replace(missed, follows_from=closing.follows_from)


def _partly_done(judging: Judging, closing: ClosingAct) -> bool:
    """True where a duty owed for each of several items had been performed for another one by a closing act."""
    if closing.follows_from is not None:
        return False
    then, duty, item = judging.view.at(closing.act.key), judging.duty, judging.item
    others = (other for other in then.items(duty.for_ or "") if item is None or other.id != item.id)
    return any(True for other in others for _ in performing(then, duty, other))


def _missed(judging: Judging, status: ObligationStatus, closing: Act) -> bool:
    """True where a duty not performed was open at the closing act, or overdue by it: for an item that stays so."""
    then = judging.status_after(closing.key)
    if then is None:
        return False
    if then.verdict in OPEN:
        return not never_owed(judging, then, closing.key)
    return _by_closing(status, closing) if judging.item is not None else status.verdict is V.OVERDUE


def _by_closing(status: ObligationStatus, closing: Act) -> bool:
    """Missed by nothing but the closing act: the limit only says before what, and that had not happened earlier."""
    resolved = status.resolved
    if resolved is None or resolved.direction != "order_before":
        return False
    return resolved.anchor.key is not None and resolved.anchor.key >= closing.key


def with_force(judging: Judging, status: ObligationStatus, note: Note | None = None) -> Judgement:
    """The status with the duty's force; a soft duty departed from with a reason in time is justified."""
    duty = judging.duty
    verdict, detail = adjust_for_force(status.verdict, duty), status.detail
    if duty.force == "may" and not status.performed:
        verdict = V.NOT_APPLICABLE
    if is_soft(duty) and verdict in SOFTENED:
        excuse = _excuse(judging, status)
        if excuse is not None:
            verdict, detail = V.DEVIATION_JUSTIFIED, (*detail, *excuse)
    return judging.line(replace(status, verdict=verdict, detail=detail), note)


def _excuse(judging: Judging, status: ObligationStatus) -> tuple[str, ...] | None:
    """The details of a reason given by the due day (for a minimum limit: by the act), such as that it was not made
    public; None where no reason was given.  Unknown excuses nothing.
    """
    resolved = status.resolved
    if resolved is None or resolved.day is None:
        return None
    by = status.act.key if opens(resolved.direction) and status.act else end_of(resolved.day)
    then = judging.view.at(by)
    excused_by = judging.duty.excused_by
    if excused_by is not None:
        return () if evaluate(excused_by, then, judging.scope) is True else None
    return reasons_given(then, judging.ident, judging.item, since=opened(status))
