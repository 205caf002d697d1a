"""The verdict of hindsight: an act is judged by the notices published by its day, and later ones are shown beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from zhengxie_flow.engine.judging.status import ObligationStatus, Owed
from zhengxie_flow.engine.judging.timeliness import day_of_proof
from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_rounds
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import HindsightVerdict


def with_hindsight(
    view: CaseView,
    owed: Owed,
    status: ObligationStatus,
    compare: Callable[[date, ResolvedLimit], Verdict],
) -> ObligationStatus:
    """The status by the calendar as known on the day of the act, with what today's calendar would say beside it.

    Args:
        view: The case up to a position on its timeline.
        owed: The duty.
        status: The status by today's calendar.
        compare: Compares the day of an act with a limit.
    """
    resolved, act, today = status.resolved, status.act, status.verdict
    if resolved is None or act is None:
        return status  # nothing was compared
    then = view.calendar(act.day)
    if then.calendar_hash == resolved.snapshot.calendar_hash:
        return status
    rounds = resolve_rounds(view, owed_limit(view, *owed), then)
    resolved_then = rounds[min(resolved.number, len(rounds)) - 1].limit
    verdict = compare(day_of_proof(view, resolved_then, act), resolved_then)
    if verdict is Verdict.PROVISIONAL:  # the notice has come since: the firm day decides
        return status
    if resolved_then.day == resolved.day:
        return replace(status, verdict=verdict)
    hindsight = HindsightVerdict(resolved.day, resolved.snapshot.calendar_hash, str(today))
    return ObligationStatus(
        verdict, resolved_then, act, detail=("hindsight",) if today is not verdict else (), hindsight=hindsight
    )
