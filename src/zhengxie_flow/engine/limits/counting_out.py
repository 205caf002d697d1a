"""One round of a limit counted out: from its start to its day, with what changed its clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import assert_never

from zhengxie_flow.calendars import LimitCount, Snapshot
from zhengxie_flow.calendars.hours import HourRules, hours_end, hours_interval
from zhengxie_flow.calendars.term import TermRules, count_term, set_day
from zhengxie_flow.engine.limits.anchors import AnchorState, LimitScope
from zhengxie_flow.engine.limits.choosing import ChosenPart
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.limits.running_limit import ClockEvents, Start, run_clock
from zhengxie_flow.engine.limits.suspensions import ONE
from zhengxie_flow.engine.limits.term_rules import counting_rules
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.case import Key
from zhengxie_flow.model.counting import elapsed, instant_unit, signed
from zhengxie_flow.model.limit import Limit, Part

OUTSIDE = "ZX2008"
"""The calendar's error code for a day outside its data."""
NO_HOURS = "ZX2070"
"""The calendar's error code where it says of no office when it opens."""


@dataclass(slots=True)
class Counting:
    """A limit being counted, with what may change its clock, which is looked up once for all rounds."""

    scope: LimitScope
    limit: Limit
    _events: ClockEvents | None = None

    @property
    def events(self) -> ClockEvents:
        """The events that may change the clock."""
        if self._events is None:
            self._events = ClockEvents.of(self.scope, self.limit)
        return self._events


def counted_out(run: Counting, choice: ChosenPart, until: Key | None = None) -> ResolvedLimit:
    """Resolve a limit by the part that was chosen for it, as it stood at a place in time."""
    scope, limit = run.scope, run.limit
    anchor, calendar, part = choice.anchor, scope.calendar, choice.part
    if part is None:
        return ResolvedLimit(limit, anchor, calendar, parameter=choice.parameter, needs=choice.needs)
    resolved = ResolvedLimit(limit, anchor, calendar, part, presumed=choice.presumed)
    if anchor.day is None:
        return resolved
    try:
        if elapsed(part.unit):
            return _in_hours(scope, resolved, part, anchor)
        if part.amount is None:
            return _without_amount(scope, resolved, part, anchor.day)
        return _counted(run, resolved, part, until)
    except CalendarError as error:
        if error.code != OUTSIDE:
            raise
        return replace(resolved, beyond=error)


def _without_amount(scope: LimitScope, resolved: ResolvedLimit, part: Part, day: date) -> ResolvedLimit:
    """The day of order alone, or the day by which something is due; one that was set may give way to a day of work."""
    anchor = resolved.anchor
    if part.direction == "order_before" and anchor.whole_day:
        last = day - ONE
        return replace(resolved, day=last, low=last, high=last)
    low, high = anchor.low or day, anchor.high or day
    if part.direction not in ("by_date", "by"):
        return replace(resolved, day=day, low=low, high=high)
    if anchor.set_at is None:
        return replace(resolved, day=day, low=low, high=high)
    rules = counting_rules(scope, part, day)
    if rules is not None:
        term = replace(rules.term(), roll=rules.roll(part, None, "set_day"))
        count = set_day(term, day)
        lower, upper = (count if entry == day else set_day(term, entry) for entry in (low, high))
        end = replace(resolved, day=count.date, low=lower.earliest, high=upper.latest)
        return replace(end, opened=anchor.set_at, count=count, rules=rules)
    return replace(resolved, day=day, low=low, high=high, opened=anchor.set_at)


def _counted(run: Counting, resolved: ResolvedLimit, part: Part, until: Key | None) -> ResolvedLimit:
    """Count the day of a resolved limit.  Raises `CalendarError` ZX2008 outside the calendar's data."""
    limit, anchor, calendar = resolved.limit, resolved.anchor, resolved.snapshot
    if anchor.day is None:
        return resolved
    rules = counting_rules(run.scope, part, anchor.day)
    if part.direction == "forward" and (limit.extended_by or limit.suspended):
        clock = run_clock(run.scope, limit, Start(part, anchor, rules), run.events, until)
        proof = clock.count
        ends = (clock.day, clock.day) if proof is None else (proof.earliest, proof.latest)
        return replace(
            resolved, part=clock.part, clock=clock, day=clock.day, count=proof, low=ends[0], high=ends[1], rules=rules
        )
    counting = partial(counted, calendar, part) if rules is None else partial(_by_rules, rules.term(), part)
    count = counting(anchor.day)
    low = count if anchor.low is None else counting(anchor.low)
    high = count if anchor.high is None else counting(anchor.high)
    return replace(resolved, day=count.date, low=low.earliest, high=high.latest, count=count, rules=rules)


def _by_rules(rules: TermRules, part: Part, start: date) -> LimitCount:
    return count_term(rules, start, part.units)


def counted(calendar: Snapshot, part: Part, start: date) -> LimitCount:
    """Count a part of a limit that says nothing of its own about how it is counted."""
    amount, direction = part.units, part.direction
    match direction:
        case "forward":
            return calendar.within(start, amount, unit=part.calendar_unit)
        case "backward" | "earliest":
            return calendar.before(start, amount, unit=part.calendar_unit, direction=direction)
        case "minimum":
            return calendar.minimum(start, amount, unit=part.calendar_unit)
        case "by_date" | "by" | "order_before" | "order_after":
            raise ValueError(direction)  # no amount to count
        case _:
            assert_never(direction)


def _in_hours(scope: LimitScope, resolved: ResolvedLimit, part: Part, anchor: AnchorState) -> ResolvedLimit:
    """Hours need the instant of the anchor; those of an office need its opening hours."""
    if anchor.moment is None or anchor.day is None:
        return resolved
    rules = counting_rules(scope, part, anchor.day, anchor.moment)
    hours = HourRules(scope.calendar, scope.view.case.zone) if rules is None else rules.hours(scope.view.case.zone)
    amount, unit = signed(part.units, part.direction), instant_unit(part.unit)
    try:
        moment = hours_end(hours, anchor.moment, amount, unit)
    except CalendarError as error:
        if error.code != NO_HOURS:
            raise
        return resolved
    day = moment.astimezone(scope.view.case.zone).date()
    low, high = hours_interval(hours, anchor.moment, moment, (amount, unit))
    return replace(resolved, moment=moment, day=day, low=low, high=high, rules=rules)
