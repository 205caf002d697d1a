"""By how much an act came too late, or too early, for the limit of a duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhengxie_flow.engine.judging.timeliness import day_of_proof
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.counting import ends, opens, unit_of_days
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import Delay

V = Verdict
_LATE = frozenset({V.BREACH, V.OVERDUE, V.DEVIATION, V.FINDING, V.LAPSED, V.OUT_OF_TIME, V.DEVIATION_JUSTIFIED})
_GROWING = _LATE - {V.LAPSED, V.OUT_OF_TIME}
"""Verdicts under which a duty not performed is later by the day; a right that is gone is not."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Miss:
    """A miss of a limit: by how much it was late or early, and the day up to which an act not done is counted late."""

    late_by: Delay | None = None
    early_by: Delay | None = None
    as_of: date | None = None


IN_TIME = Miss()


def miss(view: CaseView, verdict: Verdict, resolved: ResolvedLimit | None, act: Act | None) -> Miss:
    """Measure the miss of a limit, in its own unit.

    Args:
        view: The case up to a position on its timeline.
        verdict: The verdict on the duty.
        resolved: Its limit.
        act: The act that performed it; None where it was not performed.

    Returns:
        The miss; that of a duty not performed is measured up to the day of the view, or the anchor that it had to
        precede.
    """
    if verdict not in _LATE or resolved is None or resolved.day is None:
        return IN_TIME
    if act is None:
        return Miss(_undone(view, resolved) if verdict in _GROWING else None, as_of=_until(view, resolved))
    day = day_of_proof(view, resolved, act)
    if opens(resolved.direction):
        return Miss(early_by=_between(resolved, day, resolved.day))
    if resolved.direction == "order_after":
        return IN_TIME
    occurred = act.event.occurred if act.event is not None else None
    if resolved.moment is not None and isinstance(occurred, datetime):
        return Miss(_hours(resolved, occurred))
    return Miss(_between(resolved, resolved.day, day))


def _until(view: CaseView, resolved: ResolvedLimit) -> date:
    """The day up to which an act not done is late: today, or the event it had to precede, once that happened."""
    anchor = resolved.anchor
    ended = anchor.day if resolved.direction in ("backward", "by") and anchor.actual else None
    return view.day if ended is None else min(view.day, ended)


def _undone(view: CaseView, resolved: ResolvedLimit) -> Delay | None:
    if resolved.day is None or not ends(resolved.direction):
        return None
    return _between(resolved, resolved.day, _until(view, resolved))


def _hours(resolved: ResolvedLimit, occurred: datetime) -> Delay | None:
    """The hours after the moment at which a limit ends, the last one begun counted whole."""
    if resolved.moment is None or resolved.part is None or resolved.part.unit is None or occurred <= resolved.moment:
        return None
    return Delay(-((resolved.moment - occurred) // HOUR), "hour")


def _between(resolved: ResolvedLimit, first: date, last: date) -> Delay | None:
    """The time after one day, up to and including another, in the unit of the limit; None where there is none.

    Days that hold no working day, or lie outside the calendar's data, are counted as calendar days.
    """
    if last <= first:
        return None
    if resolved.counted.first <= first and last <= resolved.counted.last:
        amount, unit = resolved.days_after(first, last)
        if amount:
            return Delay(amount, unit)
    return Delay((last - first).days, unit_of_days(None))
