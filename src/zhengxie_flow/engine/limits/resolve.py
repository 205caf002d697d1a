"""Time limits resolved on a case: the part that counts, its anchor, and the day it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from zhengxie_flow.calendars import LimitCount, Snapshot, add_hours
from zhengxie_flow.conditions import Scope, Trace
from zhengxie_flow.engine.exemptions.grants import exemptions_reaching, with_granted_amount
from zhengxie_flow.engine.limits.anchors import AnchorState, Due, LimitScope, matching, resolve_anchor
from zhengxie_flow.engine.limits.answers import holds, possible_outcomes
from zhengxie_flow.engine.limits.resolved import ResolvedLimit, merged
from zhengxie_flow.engine.limits.running_limit import (
    restarted,
    run_clock,
)
from zhengxie_flow.engine.limits.suspensions import ONE
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.base import Period
from zhengxie_flow.model.case import Item, Key, end_of
from zhengxie_flow.model.counting import elapsed, hours_in
from zhengxie_flow.model.limit import Limit, Part, ends
from zhengxie_flow.model.process import Obligation

OUTSIDE = "ZX2008"
"""The calendar's error code for a day outside its data."""


def resolve_limit(
    view: CaseView, limit: Limit, item: Item | None, snapshot: Snapshot | None = None, _path: tuple[str, ...] = ()
) -> ResolvedLimit:
    """Resolve a limit on a case: choose its part, find its anchor, count its day.

    Args:
        view: The case up to a position on its timeline.
        limit: The limit.
        item: The item the duty is owed for, where it is owed for each.
        snapshot: The calendar to count with, by default that of the view.

    Returns:
        The resolved limit; without a day where the anchor is unknown.  While conditions are unknown on which the day
        hangs, it is the strictest day still possible, with the bounds of the others.

    ``_path`` names the obligations on the way here: a chain of limits that leads back to itself stays unknown.
    """
    if view.answers is not None:
        return _resolve(view, limit, item, snapshot, _path)
    outcomes = possible_outcomes(view, lambda assumed: _resolve(assumed, limit, item, snapshot, _path))
    return merged(outcomes.results, outcomes.needs)


def _resolve(
    view: CaseView, limit: Limit, item: Item | None, snapshot: Snapshot | None, _path: tuple[str, ...]
) -> ResolvedLimit:
    """Resolve a limit under the answers that a view assumes."""
    calendar = snapshot or view.calendar()
    if limit.parts_of:
        return _capped([_resolve(view, part, item, calendar, _path) for part in limit.parts_of], limit)
    due = _DueDays(view, calendar, _path)
    choice = _choose(view, limit, item, due)
    first = choice.anchor
    anchor = restarted(view, limit, first, item)
    if anchor is not first:  # it starts anew, and what counts is read anew
        choice = _choose(view, limit, item, due, anchor)
    part = choice.part
    if part is None:
        return ResolvedLimit(limit, anchor, calendar, parameter=choice.parameter, first=first)
    resolved = ResolvedLimit(limit, anchor, calendar, part, presumed=choice.presumed, first=first)
    if anchor.day is None:
        return resolved
    if elapsed(part.unit):
        return _in_hours(view, resolved, part, anchor)
    if part.amount is None:
        opened = anchor.set_at if part.direction == "by_date" else None
        if part.direction == "order_before" and anchor.whole_day:
            last = anchor.day - ONE
            return replace(resolved, day=last, low=last, high=last)
        low, high = anchor.low or anchor.day, anchor.high or anchor.day
        return replace(resolved, day=anchor.day, low=low, high=high, opened=opened)
    try:
        return _counted(view, resolved, part, item, due)
    except CalendarError as error:
        if error.code != OUTSIDE:
            raise
        return replace(resolved, beyond=error)


def clocks(view: CaseView, limit: Limit, item: Item | None) -> Iterator[CaseView]:
    """The case as it is, and as it was each time the clock of a limit started anew."""
    yield view
    for part in limit.components:
        yield from (view.at(act.key) for act in matching(view, part.restarts_on, item))


def _counted(view: CaseView, resolved: ResolvedLimit, part: Part, item: Item | None, due: Due) -> ResolvedLimit:
    """Count the day of a resolved limit.  Raises `CalendarError` ZX2008 outside the calendar's data."""
    limit, anchor, calendar = resolved.limit, resolved.anchor, resolved.snapshot
    if anchor.day is None:
        return resolved
    if part.direction == "forward" and limit.changeable:
        clock = run_clock(LimitScope(view, item, calendar, due), limit, part, anchor)
        counted = replace(resolved, part=clock.part, clock=clock, day=clock.day, count=clock.count)
        if clock.count is None:
            return replace(counted, low=clock.day, high=clock.day)
        return replace(counted, low=_earliest(clock.count), high=_latest(clock.count))
    count = _count(calendar, part, anchor.day)
    low = count if anchor.low is None else _count(calendar, part, anchor.low)
    high = count if anchor.high is None else _count(calendar, part, anchor.high)
    return replace(resolved, day=count.date, low=_earliest(low), high=_latest(high), count=count)


def _earliest(count: LimitCount) -> date:
    """The interval is worked out only where a notice can still move the day."""
    return count.date if count.status == "firm" else count.earliest


def _latest(count: LimitCount) -> date:
    return count.date if count.status == "firm" else count.latest


def _count(calendar: Snapshot, part: Part, start: date) -> LimitCount:
    amount, convention, direction = part.amount or 1, part.convention, part.direction
    match direction:
        case "forward":
            return calendar.within(start, amount, unit=part.calendar_unit)
        case "backward":
            return calendar.before(start, amount, count=convention, unit=part.calendar_unit)
        case "minimum":
            return calendar.minimum(start, amount, count=convention, unit=part.calendar_unit)
        case "by_date" | "order_before" | "order_after":
            raise ValueError(direction)  # no amount to count
        case _:
            assert_never(direction)


def _in_hours(view: CaseView, resolved: ResolvedLimit, part: Part, anchor: AnchorState) -> ResolvedLimit:
    """Elapsed hours, never rolled; they need the instant of the anchor."""
    if anchor.moment is None:
        return resolved
    amount = part.amount or 0
    hours = amount * hours_in(part.unit)
    moment = add_hours(anchor.moment, -hours if part.direction == "backward" else hours)
    day = moment.astimezone(view.case.zone).date()
    return replace(resolved, moment=moment, day=day, low=day, high=day)


def _capped(parts: list[ResolvedLimit], limit: Limit) -> ResolvedLimit:
    """The earliest or latest of several limits; the latest is known only when all are."""
    dated = [part for part in parts if part.day is not None]
    if not dated or (limit.latest_of and len(dated) < len(parts)):
        return next(part for part in parts if part.day is None)
    pick = max if limit.latest_of else min
    return pick(dated, key=lambda part: part.day or date.max)


@dataclass(frozen=True, slots=True)
class ChosenPart:
    """The part of a limit that counts, its anchor, and what is missing where none counts yet."""

    part: Part | None
    anchor: AnchorState
    parameter: str | None = None
    presumed: tuple[str, ...] = ()


def _choose(view: CaseView, limit: Limit, item: Item | None, due: Due, anew: AnchorState | None = None) -> ChosenPart:
    """The part that counts: as written, by choice, or from the rules; read on the day it starts (or ``anew``)."""
    if limit.parameter is None and not limit.choose:
        return ChosenPart(limit, anew or _anchor(view, limit, item, due))
    always = Period()
    options: list[tuple[Any, Period, Part]] = [(choice.when, always, limit.filled(choice)) for choice in limit.choose]
    if limit.parameter is not None:
        parameter = view.compiled.definition.parameters.get(limit.parameter)
        rows = parameter.rows if parameter is not None else ()
        options = [(row.when, row.in_force, limit.filled(row)) for row in rows]
        if parameter is not None and parameter.default is not None:
            options.append((None, always, limit.filled(parameter.default)))
    for when, in_force, part in options:
        anchor = anew or _anchor(view, part, item, due)
        if not in_force.covers(anchor.day or view.day):
            continue
        trace = Trace()
        truth = _when_started(view, when, anchor, item, trace)
        if truth:
            return ChosenPart(part, anchor, presumed=tuple(trace.presumed))
    anchor = anew or (_anchor(view, limit, item, due) if limit.anchor is not None else AnchorState("unknown"))
    return ChosenPart(None, anchor, parameter=limit.parameter)


def _anchor(view: CaseView, part: Part, item: Item | None, due: Due) -> AnchorState:
    return AnchorState("unknown") if part.anchor is None else resolve_anchor(view, part.anchor, item, due)


def _when_started(view: CaseView, when: Any, anchor: AnchorState, item: Item | None, trace: Trace) -> bool | None:
    """The truth of a condition on the day the clock started; a first answer given later counts from then."""
    if when is None:
        return True
    start = view if anchor.day is None else view.read_at(end_of(anchor.day))
    return holds(view, when, start, Scope(item=item, this=item), trace)


@dataclass(slots=True)  # made for every limit: a frozen one takes three times as long
class _DueDays:
    """The days that other duties' limits end, met on the way to a limit; ``path`` names the duties on that way."""

    view: CaseView
    calendar: Snapshot
    path: tuple[str, ...]

    def __call__(self, obligation: str, item: Item | None, /, *, until: Key | None = None) -> AnchorState:
        """The day another duty's limit ends; minimum limits and mere order end nothing."""
        view = self.view if until is None else self.view.at(until)
        duty = view.compiled.obligation(obligation)
        owner = item if item is not None and duty.for_ == item.type else None
        if obligation in self.path or duty.limit is None or (duty.for_ is not None and owner is None):
            return AnchorState("unknown", waits_for=(obligation,))
        onward = (*self.path, obligation)
        resolved = resolve_limit(view, duty.limit, item, self.calendar, onward)
        limit = with_granted_limit(view, obligation, duty, owner, resolved)
        if limit is not None:
            resolved = _later(resolved, resolve_limit(view, limit, item, self.calendar, onward))
        if not ends(resolved.direction) or resolved.day is None:
            waits_for = resolved.anchor.waits_for or (obligation,)
            return AnchorState("unknown", waits_for=waits_for, by_time=resolved.suspended)
        return _ending(view, resolved, resolved.day)


def with_granted_limit(
    view: CaseView, ident: str, duty: Obligation, item: Item | None, resolved: ResolvedLimit
) -> Limit | None:
    """A duty's limit as the latest grant leaves it that was given in time and only changes its amount, else None."""
    if resolved.day is None or duty.limit is None:
        return None
    for effect in exemptions_reaching(view, ident, duty.law, item):
        if (
            effect.grant is None
            or effect.grant.act.key > end_of(resolved.day)
            or effect.grant.end < end_of(resolved.day)
        ):
            continue
        if any(act.key < effect.grant.act.key for act in matching(view, duty.do, item)):
            continue  # performed by then: there was nothing left to make shorter
        return with_granted_amount(view, duty.limit, effect, item)
    return None


def _later(ordinary: ResolvedLimit, less: ResolvedLimit) -> ResolvedLimit:
    """The resolved limit after shortening; a lift never asks for more."""
    return less if less.day is not None and ordinary.day is not None and less.day > ordinary.day else ordinary


def _ending(view: CaseView, resolved: ResolvedLimit, day: date) -> AnchorState:
    """The end of a resolved limit as an anchor: at the end of its last day, still to come (it may move) or reached."""
    runs = resolved.anchor.actual or resolved.anchor.by_time
    reached = resolved.anchor.actual and day <= view.day
    return replace(
        resolved.anchor,
        kind="actual" if reached else "projected" if resolved.anchor.projected else "planned",
        day=day,
        key=end_of(day),
        low=resolved.low,
        high=resolved.high,
        moment=resolved.moment,
        by_time=runs and not reached,
        set_at=resolved.anchor.key if resolved.anchor.actual else None,
    )
