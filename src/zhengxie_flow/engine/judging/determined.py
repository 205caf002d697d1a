"""Open texture: what was done is as the law wants it, or in good time, where a recorded determination says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from zhengxie_flow.conditions import Scope
from zhengxie_flow.conditions.comparison import lookup
from zhengxie_flow.engine.judging.status import ObligationStatus, Owed
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Item
from zhengxie_flow.model.limit import Limit
from zhengxie_flow.model.verdict import Verdict

V = Verdict


def as_wanted(view: CaseView, owed: Owed, status: ObligationStatus) -> ObligationStatus:
    """Open texture: performed, but whether as the law wants it only a recorded determination can say."""
    name = owed.duty.judged_by
    if name is None or status.verdict is not V.PASS:
        return status
    answer = lookup(name, view, Scope(item=owed.item, this=owed.item)).value
    if answer is None:
        return replace(status, verdict=V.NEEDS_JUDGEMENT, needs=(name,))
    return status if answer else replace(status, verdict=V.BREACH)


def timely(view: CaseView, limit: Limit, item: Item | None, status: ObligationStatus) -> ObligationStatus:
    """Open texture: performed, but whether in time only a recorded determination can say."""
    if status.verdict is V.OVERDUE and limit.every is not None and limit.judged_by is not None:
        return _of_period(view, limit.judged_by, item, status)
    if status.verdict is not V.PASS:
        return status
    if limit.judged_by is None:
        return replace(status, verdict=V.NEEDS_JUDGEMENT)
    answer = lookup(limit.judged_by, view, Scope(item=item, this=item)).value
    if not answer and _end_to_come(view, limit, status):
        return replace(status, verdict=V.PENDING, act=None)
    if answer is None:
        return replace(status, verdict=V.NEEDS_JUDGEMENT, needs=(limit.judged_by,))
    return status if answer else replace(status, verdict=V.BREACH)


def _of_period(view: CaseView, name: str, item: Item | None, status: ObligationStatus) -> ObligationStatus:
    """A period is over without an act that shows how the duty was performed: a determination answers all the same.

    One that stood already when the period began is not about it.
    """
    scope = Scope(item=item, this=item)
    answer = lookup(name, view, scope).value
    began = None if status.resolved is None else status.resolved.anchor.set_at
    if answer is None or (began is not None and lookup(name, view.at(began), scope).value == answer):
        return replace(status, verdict=V.NEEDS_JUDGEMENT, needs=(name,))
    return replace(status, verdict=V.PASS if answer else V.BREACH)


def _end_to_come(view: CaseView, limit: Limit, status: ObligationStatus) -> bool:
    """True while the period in which something is to be done is not over: it can still be made good."""
    resolved = status.resolved
    return limit.every is not None and resolved is not None and view.day <= (resolved.day or date.max)
