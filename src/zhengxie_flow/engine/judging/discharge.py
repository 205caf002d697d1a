"""Discharge of a duty: the act that performs it, compared with the days its limit allows.

One comparison for all limits: the day of the act against the due, latest or earliest day.  Acts are judged by the
notices published by the day they were done; the verdict in hindsight is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from zhengxie_flow.conditions import Scope, Trace, evaluate
from zhengxie_flow.engine.judging.against_days import by_the_hour, done_by, not_before, not_performed
from zhengxie_flow.engine.judging.determined import as_wanted, timely
from zhengxie_flow.engine.judging.hindsight import with_hindsight
from zhengxie_flow.engine.judging.status import ObligationStatus, Owed
from zhengxie_flow.engine.judging.timeliness import day_of_proof
from zhengxie_flow.engine.limits.anchors import performed_by
from zhengxie_flow.engine.limits.answers import Outcomes, possible_outcomes
from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_rounds
from zhengxie_flow.engine.limits.resolved import ResolvedLimit, merged
from zhengxie_flow.engine.state_machine.items import end_of_life, performed_before
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item, Key, end_of
from zhengxie_flow.model.counting import elapsed
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.limit import Deem, DueAnchor, Limit
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import ADVERSE, UNSETTLED, Verdict

V = Verdict


def obligation_status(view: CaseView, owed: Owed) -> ObligationStatus:
    """The status of the current round of a duty: the last one opened (see `obligation_rounds`)."""
    return obligation_rounds(view, owed)[-1]


def obligation_rounds(view: CaseView, owed: Owed) -> tuple[ObligationStatus, ...]:
    """The status of each round of a duty in a view, oldest first, on the assumption that it applies.

    Args:
        view: The case up to a position on its timeline.
        owed: The duty.

    Returns:
        At least one status, each under every answer still possible to what is unknown: that on which all agree, else an
        open one where none is adverse, else one that needs a judgement.
    """
    before = performed_before(view, owed.duty, owed.item)
    if before is not None:
        return obligation_rounds(view, owed._replace(item=before))
    if view.answers is not None:
        return _statuses(view, owed)
    outcomes = possible_outcomes(view, lambda assumed: _statuses(assumed, owed))
    if len(outcomes.results) == 1:
        return outcomes.results[0]
    count = max(map(len, outcomes.results))
    return tuple(_agreed(_of_round(outcomes, index)) for index in range(count))


def _of_round(outcomes: Outcomes[tuple[ObligationStatus, ...]], index: int) -> Outcomes[ObligationStatus]:
    """The outcomes of a round under each set of answers; where there is none of its number, nothing is owed in it."""
    absent = ObligationStatus(V.NOT_APPLICABLE)
    results = tuple(rounds[index] if index < len(rounds) else absent for rounds in outcomes.results)
    if results[0] is absent:  # what is shown first is a round that there is
        results = tuple(sorted(results, key=lambda status: status is absent))
    return Outcomes(results, outcomes.needs, outcomes.complete)


_OPEN = frozenset({V.PROVISIONAL, V.PENDING})
_UNDECIDED = _OPEN | UNSETTLED


def _agreed(outcomes: Outcomes[ObligationStatus]) -> ObligationStatus:
    """The status that those still possible have in common."""
    statuses = outcomes.results
    if len(statuses) == 1:
        return statuses[0]
    resolved = [status.resolved for status in statuses if status.resolved is not None]
    limit = merged(resolved, outcomes.needs) if resolved else None
    possible = {verdict for status in statuses for verdict in status.outcomes or (status.verdict,)}
    verdicts = tuple(sorted(possible, key=lambda verdict: verdict.severity))
    needs = tuple(dict.fromkeys((*(name for status in statuses for name in status.needs), *outcomes.needs)))
    if outcomes.complete and len(verdicts) == 1:
        status = _on_day(statuses, limit)
        return replace(status, resolved=limit, needs=needs if status.verdict in _UNDECIDED else status.needs)
    still_open = [status for status in statuses if status.verdict in _OPEN]
    if outcomes.complete and still_open and not ADVERSE.intersection(verdicts):
        status = min(still_open, key=lambda status: status.verdict.severity)
        return replace(status, resolved=limit, needs=needs, outcomes=verdicts)
    act = next((status.act for status in statuses if status.act is not None), None)
    return ObligationStatus(V.NEEDS_JUDGEMENT, limit, act, needs=needs, outcomes=verdicts)


def _on_day(statuses: Sequence[ObligationStatus], limit: ResolvedLimit | None) -> ObligationStatus:
    """The status whose limit ends on the day that is shown."""
    day = limit.day if limit is not None else None
    return next(
        (status for status in statuses if status.resolved is not None and status.resolved.day == day), statuses[0]
    )


def _statuses(view: CaseView, owed: Owed) -> tuple[ObligationStatus, ...]:
    """The status of each round of a duty under the answers that a view assumes."""
    duty = owed.duty
    if duty.limit is None:
        act = next(performing(view, duty, owed.item), None)
        status = _due_with(view, owed) if act is None else ObligationStatus(V.PASS, act=act)
        return (as_wanted(view, owed, status),)
    rounds = resolve_rounds(view, owed_limit(view, *owed))
    return tuple(as_wanted(view, owed, _status(view, owed, part.limit, list(part.acts))) for part in rounds)


def _due_with(view: CaseView, owed: Owed) -> ObligationStatus:
    """The status of a duty not performed that has no time of its own: overdue once another one is."""
    name = owed.duty.due_with
    if name is None:
        return ObligationStatus(V.PENDING)
    with_limit = owed._replace(duty=owed.duty.model_copy(update={"limit": Limit(by=DueAnchor(due=name))}))
    status = _statuses(view, with_limit)[-1]
    return status if status.verdict is V.OVERDUE else ObligationStatus(V.PENDING)


def _status(view: CaseView, owed: Owed, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """The status of one round of a duty with a limit."""
    duty, limit = owed.duty, owed.duty.limit
    assert limit is not None  # noqa: S101  # the caller's condition
    if resolved.part is None:
        act = acts[0] if acts else None
        if resolved.needs:
            return ObligationStatus(V.NEEDS_JUDGEMENT, resolved, act, needs=resolved.needs)
        return ObligationStatus(V.NEEDS_PARAMETER, resolved, act, needs=_listed(resolved.parameter))
    if resolved.beyond is not None:
        return _beyond(view, resolved, acts)
    status = _lateness(limit, _compare_acts(view, owed, resolved, acts))
    status = timely(view, limit, owed.item, status) if limit.timely else _deemed(status)
    status = _in_doubt(status)
    return status if limit.consequence is None else _consequence(view, limit.consequence, duty, owed.item, status)


def _in_doubt(status: ObligationStatus) -> ObligationStatus:
    """A round missed whose end hangs on an extension that leaves open how far it goes: only a person can say."""
    resolved = status.resolved
    if status.verdict not in _MISSED or resolved is None:
        return status
    needs = [name for change in resolved.changes if change.verdict is V.NEEDS_JUDGEMENT for name in change.needs]
    if not needs:
        return status
    return replace(
        status, verdict=V.NEEDS_JUDGEMENT, needs=tuple(dict.fromkeys(needs)), outcomes=(status.verdict, V.PASS)
    )


def _listed(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


_MISSED = frozenset({V.BREACH, V.OVERDUE, V.LAPSED, V.OUT_OF_TIME})


def _consequence(
    view: CaseView, deem: Deem, duty: Obligation, item: Item | None, status: ObligationStatus
) -> ObligationStatus:
    """A round missed whose consequence hangs on what nobody has determined: only a person can say what it comes to."""
    when, resolved = deem.when, status.resolved
    if when is None or status.verdict not in _MISSED or resolved is None or resolved.day is None:
        return status
    end, trace = end_of(resolved.day), Trace()
    if end_of_life(view.at(end), item) is not None:
        return status
    if evaluate(when, view.read_at(end), Scope(item=item, this=item), trace) is not None:
        return status
    deemed = (V.DEEMED,) if deem.action in duty.do else ()
    return replace(status, verdict=V.NEEDS_JUDGEMENT, needs=tuple(trace.needs), outcomes=(status.verdict, *deemed))


def performing(view: CaseView, duty: Obligation, item: Item | None) -> Iterator[Act]:
    """The acts so far that perform a duty, in time or not."""
    return performed_by(view, duty.do, item, duty.jointly)


def reference_moment(view: CaseView, status: ObligationStatus) -> Key:
    """The position on the timeline at which exemptions must hold: performance, at the latest the due day; without
    either the end of the case, or now.
    """
    places: list[Key] = []
    resolved = status.resolved
    if status.act is not None:
        places.append(status.act.key)
    if resolved is not None and resolved.day is not None:
        order = resolved.direction in ("order_before", "order_after") and resolved.day == resolved.anchor.day
        exact = resolved.anchor.key if order else None
        places.append(exact if exact is not None else end_of(resolved.day))
    if places:
        return min(places)
    return view.stay.key if view.final else view.until


def _beyond(view: CaseView, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """The calendar's data do not reach the day: nothing to judge yet, or only a person can say."""
    act = acts[0] if acts else None
    anchor = resolved.anchor.day
    settled = act is not None or (anchor is not None and anchor <= view.day)
    detail = ("outside_calendar",)
    if settled:
        return ObligationStatus(V.NEEDS_JUDGEMENT, resolved, act, needs=("calendar",), detail=detail)
    return ObligationStatus(V.PROVISIONAL, resolved, detail=detail, waits_for=resolved.anchor.waits_for)


def _lateness(limit: Limit, status: ObligationStatus) -> ObligationStatus:
    """The verdict of lateness: a breach, or a right that has lapsed."""
    late = limit.late
    if status.verdict not in (V.BREACH, V.OVERDUE):
        return status
    match late:
        case "breach":
            return status
        case "lapsed":
            return replace(status, verdict=V.LAPSED)
        case "out_of_time":
            return replace(status, verdict=V.OUT_OF_TIME if status.performed else V.LAPSED)
        case _:
            assert_never(late)


def _deemed(status: ObligationStatus) -> ObligationStatus:
    """The status of a duty performed by a deemed act."""
    act = status.act
    if status.verdict is V.PASS and act is not None and act.event is not None and act.event.type is EventType.DEEMED:
        return replace(status, verdict=V.DEEMED)
    return status


def _forward(view: CaseView, owed: Owed, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """Within n after the anchor, on the very day, or simply after it."""
    early = resolved.counts_early
    if (opened := resolved.opened) is not None:
        return _by_set_day(view, owed, resolved, [act for act in acts if early or act.key >= opened])
    if early and acts and not resolved.anchor.actual:
        return ObligationStatus(V.PASS, resolved, acts[0])
    if not resolved.anchor.actual:
        if acts and not resolved.anchor.by_time:  # done, but what it should have followed is not there
            return ObligationStatus(V.INCOMPLETE, resolved, acts[0], missing=resolved.anchor.waits_for)
        detail = ("suspended",) if resolved.stopped else ()
        return ObligationStatus(_waiting(resolved), resolved, waits_for=resolved.anchor.waits_for, detail=detail)
    start = resolved.anchor.day or date.max
    act = next((act for act in acts if early or view.deemed(act) >= start), None)
    if resolved.direction == "order_after":
        return ObligationStatus(V.PASS if act else V.PENDING, resolved, act)
    if resolved.suspended or (resolved.stopped if act is None else resolved.stands_still(act.key)):
        return ObligationStatus(
            V.PASS if act else V.PENDING, resolved, act, detail=("suspended",) if act is None else ()
        )
    if resolved.part is not None and elapsed(resolved.part.unit):
        return by_the_hour(view, resolved, act)
    if act is None:
        return ObligationStatus(not_performed(view.day, resolved, V.OVERDUE), resolved)
    status = ObligationStatus(done_by(day_of_proof(view, resolved, act), resolved, V.BREACH), resolved, act)
    return with_hindsight(view, owed, status, lambda day, other: done_by(day, other, V.BREACH))


def _by_set_day(view: CaseView, owed: Owed, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """On or before a day that was set for it, from the act that set it on."""
    act = acts[0] if acts else None
    if act is None:
        return ObligationStatus(not_performed(view.day, resolved, V.OVERDUE), resolved)
    status = ObligationStatus(done_by(day_of_proof(view, resolved, act), resolved, V.BREACH), resolved, act)
    return with_hindsight(view, owed, status, lambda day, other: done_by(day, other, V.BREACH))


def _backward(view: CaseView, owed: Owed, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """At least n before the anchor: moving a planned anchor still cures, an anchor that happened no longer does."""
    anchor = resolved.anchor
    if anchor.day is None:
        if acts:
            return ObligationStatus(V.INCOMPLETE, resolved, acts[0], missing=anchor.waits_for)
        return ObligationStatus(V.PENDING, resolved, waits_for=anchor.waits_for)
    late = V.BREACH if anchor.actual else V.PENDING if anchor.projected else V.OVERDUE
    furthest = max(anchor.day, resolved.day or anchor.day)  # a roll may lead past the event
    act = next((act for act in acts if view.deemed(act) <= furthest), None)
    if act is not None:
        status = ObligationStatus(done_by(view.deemed(act), resolved, late), resolved, act)
        return with_hindsight(view, owed, status, lambda day, other: done_by(day, other, late))
    if anchor.actual and acts:
        return ObligationStatus(late, resolved, acts[0])
    return ObligationStatus(not_performed(view.day, resolved, late), resolved, waits_for=anchor.waits_for)


def _by_act(view: CaseView, owed: Owed, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """On or before the day of an act, or of the plan of one: whatever was done before it is in time."""
    if resolved.anchor.day is None and acts:
        return ObligationStatus(V.PASS, resolved, acts[0])
    return _backward(view, owed, resolved, acts)


def _minimum(view: CaseView, owed: Owed, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """Not earlier than n after the anchor; creates no duty to act."""
    if not resolved.anchor.actual:
        if acts and not resolved.anchor.by_time:
            return ObligationStatus(V.INCOMPLETE, resolved, acts[0], missing=resolved.anchor.waits_for)
        return ObligationStatus(_waiting(resolved), resolved, waits_for=resolved.anchor.waits_for)
    act = next((act for act in acts if view.deemed(act) >= (resolved.anchor.day or date.max)), None)
    if act is None:
        return ObligationStatus(V.PENDING, resolved)
    status = ObligationStatus(not_before(view.deemed(act), resolved), resolved, act)
    return with_hindsight(view, owed, status, not_before)


def _earliest(view: CaseView, owed: Owed, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """Not earlier than n before the anchor, as it is planned or was; creates no duty to act."""
    anchor, act = resolved.anchor, acts[0] if acts else None
    if anchor.day is None and act is not None:
        return ObligationStatus(V.INCOMPLETE, resolved, act, missing=anchor.waits_for)
    if act is None:
        return ObligationStatus(_waiting(resolved), resolved, waits_for=anchor.waits_for)
    early = V.BREACH if anchor.actual else V.PROVISIONAL  # a plan may still move, and the day with it

    def judged(day: date, other: ResolvedLimit) -> Verdict:
        verdict = not_before(day, other)
        return early if verdict is V.BREACH else verdict

    return with_hindsight(view, owed, ObligationStatus(judged(view.deemed(act), resolved), resolved, act), judged)


def _order_before(view: CaseView, _owed: Owed, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """Before the anchor, without an amount: on one day the order of the journal decides; before a set day, that day."""
    anchor = resolved.anchor
    beginning = (anchor.day or date.max, 0)
    key = beginning if anchor.whole_day else anchor.key or beginning
    if not anchor.actual or key >= view.until:  # a limit ends with its last day, not at its beginning
        return ObligationStatus(
            V.PASS if acts else V.PENDING, resolved, acts[0] if acts else None, waits_for=anchor.waits_for
        )
    earlier = next((act for act in acts if act.key < key), None)
    if earlier is not None:
        return ObligationStatus(V.PASS, resolved, earlier)
    return ObligationStatus(V.BREACH, resolved, acts[0] if acts else None)


def _compare_acts(view: CaseView, owed: Owed, resolved: ResolvedLimit, acts: list[Act]) -> ObligationStatus:
    """Compare the acts with the resolved limit, by its direction."""
    direction = resolved.direction
    match direction:
        case "forward" | "by_date" | "order_after":
            return _forward(view, owed, resolved, acts)
        case "by":
            compare = _by_act if resolved.opened is None else _forward
            return compare(view, owed, resolved, acts)
        case "backward":
            return _backward(view, owed, resolved, acts)
        case "minimum":
            return _minimum(view, owed, resolved, acts)
        case "earliest":
            return _earliest(view, owed, resolved, acts)
        case "order_before":
            return _order_before(view, owed, resolved, acts)
        case _:
            assert_never(direction)


def _waiting(resolved: ResolvedLimit) -> Verdict:
    return V.PENDING if resolved.day is None or resolved.firm else V.PROVISIONAL
