"""Days and hours of acts held against those of a limit, which may not be firm yet."""

from __future__ import annotations

from datetime import date, datetime

from zhengxie_flow.engine.judging.status import ObligationStatus
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.verdict import Verdict

V = Verdict


def not_performed(today: date, resolved: ResolvedLimit, past: Verdict) -> Verdict:
    """Not performed: pending until the day, then past due; on a day that is not firm, provisional."""
    if today > (resolved.high or resolved.day or date.max):
        return past
    return V.PENDING if resolved.firm else V.PROVISIONAL


def done_by(day: date, resolved: ResolvedLimit, late: Verdict) -> Verdict:
    """Performed on a day: by the earliest possible last day it passes, after the latest it is late."""
    if day <= (resolved.low or date.max):
        return V.PASS
    return late if day > (resolved.high or date.max) else V.PROVISIONAL


def not_before(day: date, resolved: ResolvedLimit) -> Verdict:
    """Performed on a day that must not lie before that of the limit."""
    if day >= (resolved.high or date.min):
        return V.PASS
    return V.BREACH if day < (resolved.low or date.min) else V.PROVISIONAL


def by_the_hour(view: CaseView, resolved: ResolvedLimit, act: Act | None) -> ObligationStatus:
    """A limit in hours needs instants: of its anchor, and of the act unless the day alone decides."""
    if resolved.moment is None or resolved.day is None:
        return ObligationStatus(V.NEEDS_JUDGEMENT, resolved, act, needs=("at",))
    if act is None:
        return ObligationStatus(not_performed(view.day, resolved, V.OVERDUE), resolved)
    if not resolved.firm:
        return ObligationStatus(_done_by_an_hour_not_firm(act.day, resolved), resolved, act)
    occurred = act.event.occurred if act.event is not None else act.day
    if isinstance(occurred, datetime):
        return ObligationStatus(V.PASS if occurred <= resolved.moment else V.BREACH, resolved, act)
    if act.day == resolved.day:
        return ObligationStatus(V.NEEDS_JUDGEMENT, resolved, act, needs=("at",))
    return ObligationStatus(V.PASS if act.day < resolved.day else V.BREACH, resolved, act)


def _done_by_an_hour_not_firm(day: date, resolved: ResolvedLimit) -> Verdict:
    """Performed on a day while it is not firm on which day the hours end: certain only before and after all of them."""
    if resolved.low is not None and day < resolved.low:
        return V.PASS
    return V.BREACH if resolved.high is not None and day > resolved.high else V.PROVISIONAL
