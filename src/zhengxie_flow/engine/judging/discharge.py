"""Discharge of a duty: the act that performs it, compared with the days its limit allows.

One comparison for all limits: the day of the act against the due, latest or earliest day.  Acts are judged by the
notices published by the day they were done; the verdict in hindsight is shown beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from zhengxie_flow.conditions import Scope
from zhengxie_flow.conditions.comparison import lookup
from zhengxie_flow.engine.limits.anchors import matching
from zhengxie_flow.engine.limits.resolve import ResolvedLimit, resolve_limit
from zhengxie_flow.engine.state_machine.items import performed_before
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item, Key, end_of
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.limit import Limit
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import HindsightVerdict

V = Verdict


@dataclass(frozen=True, slots=True)
class ObligationStatus:
    """The status of a duty before force, excuses and exemptions: plain verdict, resolved limit and performing act."""

    verdict: Verdict
    window: ResolvedLimit | None = None
    act: Act | None = None
    missing: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    hindsight: HindsightVerdict | None = None

    @property
    def performed(self) -> bool:
        """True where an act performs the duty, in time or not."""
        return self.act is not None


def obligation_status(view: CaseView, duty: Obligation, item: Item | None) -> ObligationStatus:
    """The status of a duty in a view, on the assumption that it applies.

    Args:
        view: The case up to a position on its timeline.
        duty: The obligation.
        item: The item it is owed for, where it is owed for each.
    """
    before = performed_before(view, duty, item)
    if before is not None:
        return obligation_status(view, duty, before)
    acts = list(matching(view, duty.do, item))
    if duty.limit is None:
        return ObligationStatus(V.PASS, act=acts[0]) if acts else ObligationStatus(V.PENDING)
    limit = duty.limit
    window = resolve_limit(view, limit, item)
    if window.part is None:
        return _undetermined(window, acts)
    if window.beyond is not None:
        return _beyond(view, window, acts)
    standing = _lateness(limit, _stands(view, limit, item, window, acts))
    return _timely(view, limit, item, standing) if limit.timely else _deemed(standing)


def reference_moment(view: CaseView, standing: ObligationStatus) -> Key:
    """The position on the timeline at which exemptions must hold: performance, at the latest the due day; without
    either the end of the case, or now.
    """
    places: list[Key] = []
    window = standing.window
    if standing.act is not None:
        places.append(standing.act.key)
    if window is not None and window.day is not None:
        exact = window.anchor.key if window.direction in ("order_before", "order_after") else None
        places.append(exact if exact is not None else end_of(window.day))
    if places:
        return min(places)
    return view.stay.key if view.compiled.final.get(view.state) else view.until


def _beyond(view: CaseView, window: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """The calendar's data do not reach the day: nothing to judge yet, or only a person can say."""
    act = acts[0] if acts else None
    anchor = window.anchor.day
    settled = act is not None or (anchor is not None and anchor <= view.day)
    detail = ("outside_calendar",)
    if settled:
        return ObligationStatus(V.NEEDS_JUDGEMENT, window, act, needs=("calendar",), detail=detail)
    return ObligationStatus(V.PROVISIONAL, window, detail=detail, waits_for=window.anchor.waits_for)


def _undetermined(window: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """It is not known which part of the limit counts: a number nobody has set, or a fact nobody has determined."""
    act = acts[0] if acts else None
    if window.parameter is not None:
        return ObligationStatus(V.NEEDS_PARAMETER, window, act, needs=(window.parameter,))
    if window.anchor.day is None and act is None:
        return ObligationStatus(V.PENDING, window, waits_for=window.anchor.waits_for, needs=window.needs)
    return ObligationStatus(V.NEEDS_JUDGEMENT, window, act, needs=window.needs)


def _lateness(limit: Limit, standing: ObligationStatus) -> ObligationStatus:
    """The verdict of lateness: a breach, or a right that has lapsed."""
    late = limit.late
    if standing.verdict not in (V.BREACH, V.OVERDUE):
        return standing
    match late:
        case "breach":
            return standing
        case "lapsed":
            return replace(standing, verdict=V.LAPSED)
        case "out_of_time":
            return replace(standing, verdict=V.OUT_OF_TIME if standing.performed else V.LAPSED)
        case _:
            assert_never(late)


def _deemed(standing: ObligationStatus) -> ObligationStatus:
    """The status of a duty performed by a deemed act."""
    act = standing.act
    if standing.verdict is V.PASS and act is not None and act.event is not None and act.event.type is EventType.DEEMED:
        return replace(standing, verdict=V.DEEMED)
    return standing


def _forward(
    view: CaseView, limit: Limit, item: Item | None, window: ResolvedLimit, acts: list[Act]
) -> ObligationStatus:
    """Within n after the anchor, on the very day, or simply after it."""
    if not window.anchor.actual:
        if acts and not window.anchor.by_time:  # done, but what it should have followed is not there
            return ObligationStatus(V.INCOMPLETE, window, acts[0], missing=window.anchor.waits_for)
        return ObligationStatus(_waiting(window), window, waits_for=window.anchor.waits_for)
    start = window.anchor.day or date.max
    act = next((act for act in acts if view.deemed(act) >= start), None)
    if window.direction == "order_after":
        return ObligationStatus(V.PASS if act else V.PENDING, window, act)
    if window.suspended:
        return ObligationStatus(V.PASS if act else V.PENDING, window, act, detail=("suspended",) if act is None else ())
    if window.part is not None and window.part.unit == "hour":
        return _by_the_hour(view, window, act)
    if act is None:
        return ObligationStatus(_undone(view.day, window, V.OVERDUE), window)
    return _compared(view, limit, item, window, act, lambda day, w: _done_by(day, w, V.BREACH))


def _by_the_hour(view: CaseView, window: ResolvedLimit, act: Act | None) -> ObligationStatus:
    """A limit in hours needs instants: of its anchor, and of the act unless the day alone decides."""
    if window.moment is None or window.day is None:
        return ObligationStatus(V.NEEDS_JUDGEMENT, window, act, needs=("at",))
    if act is None:
        return ObligationStatus(V.PENDING if view.day <= window.day else V.OVERDUE, window)
    occurred = act.event.occurred if act.event is not None else act.day
    if isinstance(occurred, datetime):
        return ObligationStatus(V.PASS if occurred <= window.moment else V.BREACH, window, act)
    if act.day == window.day:
        return ObligationStatus(V.NEEDS_JUDGEMENT, window, act, needs=("at",))
    return ObligationStatus(V.PASS if act.day < window.day else V.BREACH, window, act)


def _backward(
    view: CaseView, limit: Limit, item: Item | None, window: ResolvedLimit, acts: list[Act]
) -> ObligationStatus:
    """At least n before the anchor: moving a planned anchor still cures, an anchor that happened no longer does."""
    anchor = window.anchor
    if anchor.day is None:
        if acts:
            return ObligationStatus(V.INCOMPLETE, window, acts[0], missing=anchor.waits_for)
        return ObligationStatus(V.PENDING, window, waits_for=anchor.waits_for)
    late = V.BREACH if anchor.actual else V.OVERDUE
    act = next((act for act in acts if view.deemed(act) <= anchor.day), None)
    if act is not None:
        return _compared(view, limit, item, window, act, lambda day, w: _done_by(day, w, late))
    if anchor.actual and acts:
        return ObligationStatus(late, window, acts[0])
    return ObligationStatus(_undone(view.day, window, late), window, waits_for=anchor.waits_for)


def _minimum(
    view: CaseView, limit: Limit, item: Item | None, window: ResolvedLimit, acts: list[Act]
) -> ObligationStatus:
    """Not earlier than n after the anchor; obliges nobody to act."""
    if not window.anchor.actual:
        if acts and not window.anchor.by_time:
            return ObligationStatus(V.INCOMPLETE, window, acts[0], missing=window.anchor.waits_for)
        return ObligationStatus(_waiting(window), window, waits_for=window.anchor.waits_for)
    act = next((act for act in acts if view.deemed(act) >= (window.anchor.day or date.max)), None)
    if act is None:
        return ObligationStatus(V.PENDING, window)
    return _compared(view, limit, item, window, act, _not_before)


def _order_before(
    view: CaseView, _limit: Limit, _item: Item | None, window: ResolvedLimit, acts: list[Act]
) -> ObligationStatus:
    """Before the anchor, without an amount: on one day the order of the journal decides."""
    anchor = window.anchor
    key = anchor.key or (anchor.day or date.max, 0)
    if not anchor.actual or key >= view.until:  # a limit ends with its last day, not at its beginning
        return ObligationStatus(
            V.PASS if acts else V.PENDING, window, acts[0] if acts else None, waits_for=anchor.waits_for
        )
    earlier = next((act for act in acts if act.key < key), None)
    if earlier is not None:
        return ObligationStatus(V.PASS, window, earlier)
    return ObligationStatus(V.BREACH, window, acts[0] if acts else None)


def _stands(
    view: CaseView, limit: Limit, item: Item | None, window: ResolvedLimit, acts: list[Act]
) -> ObligationStatus:
    """Compare the acts with the resolved limit, by its direction."""
    direction = window.direction
    match direction:
        case "forward" | "by_date" | "order_after":
            return _forward(view, limit, item, window, acts)
        case "backward":
            return _backward(view, limit, item, window, acts)
        case "minimum":
            return _minimum(view, limit, item, window, acts)
        case "order_before":
            return _order_before(view, limit, item, window, acts)
        case _:
            assert_never(direction)


def _waiting(window: ResolvedLimit) -> Verdict:
    return V.PENDING if window.day is None or window.firm else V.PROVISIONAL


def _undone(today: date, window: ResolvedLimit, past: Verdict) -> Verdict:
    """Not performed: pending until the day, then past due; on a day that is not firm, provisional."""
    if not window.firm:
        return V.PROVISIONAL
    return V.PENDING if today <= (window.day or date.max) else past


def _done_by(day: date, window: ResolvedLimit, late: Verdict) -> Verdict:
    """Performed on a day: by the earliest possible last day it passes, after the latest it is late."""
    if day <= (window.low or date.max):
        return V.PASS
    return late if day > (window.high or date.max) else V.PROVISIONAL


def _not_before(day: date, window: ResolvedLimit) -> Verdict:
    """Performed on a day that must not lie before the window's."""
    if day >= (window.high or date.min):
        return V.PASS
    return V.BREACH if day < (window.low or date.min) else V.PROVISIONAL


def _compared(
    view: CaseView,
    limit: Limit,
    item: Item | None,
    window: ResolvedLimit,
    act: Act,
    compare: Callable[[date, ResolvedLimit], Verdict],
) -> ObligationStatus:
    """The verdict by the calendar as known on the day of the act, with what today's calendar would say beside it."""
    then, day = view.calendar(act.day), view.deemed(act)
    if then.edition == window.snapshot.edition:
        return ObligationStatus(compare(day, window), window, act)
    resolved_then = resolve_limit(view, limit, item, then)
    verdict, today = compare(day, resolved_then), compare(day, window)
    if verdict is V.PROVISIONAL:  # the notice has come since: the firm day decides
        return ObligationStatus(today, window, act)
    if resolved_then.day == window.day:
        return ObligationStatus(verdict, window, act)
    hindsight = HindsightVerdict(window.day, window.snapshot.edition, str(today))
    return ObligationStatus(
        verdict, resolved_then, act, detail=("hindsight",) if today is not verdict else (), hindsight=hindsight
    )


def _timely(view: CaseView, limit: Limit, item: Item | None, standing: ObligationStatus) -> ObligationStatus:
    """Open texture: performed, but whether in time only a recorded determination can say."""
    if standing.verdict is not V.PASS:
        return standing
    if limit.judged_by is None:
        return replace(standing, verdict=V.NEEDS_JUDGEMENT)
    answer = lookup(limit.judged_by, view, Scope(item=item, this=item)).value
    if answer is None:
        return replace(standing, verdict=V.NEEDS_JUDGEMENT, needs=(limit.judged_by,))
    return standing if answer else replace(standing, verdict=V.BREACH)
