"""A running limit: restarts, suspensions and extensions between its start and its end.

The un-rolled end of a limit is its start plus its amount.  Its events are taken in their order, each against the last
day as it stands just before: a suspension that begins by then moves the end by the units it holds (one that begins
after the un-rolled end, in the roll, leaves a working day after it); a valid extension moves it by its own amount.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from zhengxie_flow.calendars import LimitCount, Snapshot
from zhengxie_flow.calendars.term import TermRules, count_term
from zhengxie_flow.engine.limits.anchors import AnchorState, LimitScope, placed
from zhengxie_flow.engine.limits.clock_end import ClockEnd, ClockEnds, HeldDays, by_working_days
from zhengxie_flow.engine.limits.counted_acts import matching
from zhengxie_flow.engine.limits.extensions import AppliedExtension, apply_extension
from zhengxie_flow.engine.limits.suspensions import ONE, ClockStop, suspensions, united
from zhengxie_flow.engine.limits.term_rules import CountingRules
from zhengxie_flow.model.case import Act, Key
from zhengxie_flow.model.counting import Convention, in_working_days
from zhengxie_flow.model.limit import Limit, Part

_by_key = attrgetter("key")


@dataclass(frozen=True, slots=True)
class RunningLimit:
    """A clock as it stands: ``end`` is the un-rolled last day (None while it is stopped), ``count`` the proof of it."""

    start: AnchorState
    part: Part
    end: date | None
    day: date | None
    count: LimitCount | None
    stops: tuple[ClockStop, ...] = ()
    changes: tuple[AppliedExtension, ...] = ()
    resumes: bool = False  # it stands still, and the day on which it goes on is set
    left: int | None = None  # while it is stopped: the units that had not run when it stopped last

    @property
    def suspended(self) -> bool:
        """True while it is stopped."""
        return self.end is None

    def stopped(self, place: Key) -> bool:
        """Return whether it stands still at a place in time."""
        return any(stop.holds(place) for stop in self.stops)

    @property
    def running_since(self) -> date | None:
        """The day after which it has run without a stop: its start, or the last day of the last suspension.

        None while it is stopped.
        """
        if not self.stops:
            return self.start.day
        return None if self.stops[-1].open else self.stops[-1].end[0]

    @property
    def stopped_since(self) -> date | None:
        """The day on which it stopped, while it is stopped; None while it runs."""
        if not self.suspended or not self.stops:
            return None
        since = self.stops[-1].begin
        for stop in reversed(self.stops[:-1]):  # one that was prolonged from inside stands before
            if stop.end[0] < since[0]:
                break
            since = stop.begin
        return since[0]

    def consumed(self, calendar: Snapshot) -> int:
        """Count the units that had run when it last stopped: working days in a limit of working days, else days."""
        if self.start.day is None:
            return 0
        bounds = [self.start.day, *(day for stop in self.stops for day in (stop.begin[0], stop.end[0]))]
        return sum(self._units(calendar, *bounds[place : place + 2]) for place in range(0, len(bounds) - 1, 2))

    def _units(self, calendar: Snapshot, after: date, through: date) -> int:
        """The units in the days after one day, up to and including another."""
        if through <= after:
            return 0
        return calendar.count(after + ONE, through) if by_working_days(self.part) else (through - after).days


@dataclass(frozen=True, slots=True)
class ClockEvents:
    """Events that may change the clock of a limit, in order: suspensions, each by itself, and acts that extend it."""

    stops: list[ClockStop]
    acts: list[Act]

    @classmethod
    def of(cls, scope: LimitScope, limit: Limit) -> ClockEvents:
        """Everything so far."""
        actions = tuple(dict.fromkeys(extension.action for extension in limit.extended_by))
        return cls(suspensions(scope, limit), list(matching(scope.view, actions, scope.item)))

    def during(self, start: AnchorState, place: Key) -> list[ClockStop | Act]:
        """Events that change a clock from its start until a place in time; the act that starts it is among them."""
        begin = start.day or date.max
        stops = united(self.stops, start.key or (begin, 0), place)
        since = placed(start) if start.set_at is None else max((begin, -1), start.set_at)
        first = bisect_right(self.acts, since, key=_by_key)
        acts = self.acts[first : bisect_left(self.acts, place, lo=first, key=_by_key)]
        if first and self.acts[first - 1].sequence == start.event:
            acts.insert(0, self.acts[first - 1])
        elif start.set_at is not None:  # a day to come, that the act which names it may extend
            acts = [*(act for act in self.acts[:first] if act.sequence == start.event), *acts]
        return sorted([*stops, *acts], key=_place)


def _place(event: ClockStop | Act) -> Key:
    return event.place if isinstance(event, ClockStop) else event.key


class Start(NamedTuple):
    """The start of a clock: the part of the limit that counts, the anchor or the latest restart, and the rules."""

    part: Part
    anchor: AnchorState
    rules: CountingRules | None = None


def run_clock(
    scope: LimitScope, limit: Limit, choice: Start, events: ClockEvents, until: Key | None = None
) -> RunningLimit:
    """Apply every suspension and extension to a forward clock since its start.

    Args:
        scope: The case up to a position on its timeline, with the item, the calendar and the days other duties are due.
        limit: The limit, with its suspensions and extensions.
        choice: The start of the clock.
        events: What may change it.
        until: The place in time at which the clock is looked at, and after which nothing changes it; None for all.

    Returns:
        The clock with its un-rolled end, its last day and the count that proves it.
    """
    part, start, rules = choice
    begin = start.day or date.max
    run = ClockEnds(scope.calendar, begin, part, start.event, rules)
    place = min(until or scope.view.until, scope.view.until)
    running = start.actual or start.set_at is not None
    changes: list[AppliedExtension] = []
    for event in events.during(start, place) if running else ():
        if isinstance(event, ClockStop):
            run.stop(event)
        elif (change := apply_extension(scope, run, limit, event)) is not None:
            changes.append(change)
    end = run.end()
    held = tuple(step.stop for step in run.steps if isinstance(step, HeldDays))
    if end is None:
        changed = run.end(clip=begin)
        counted = part if changed is None else changed.part
        left = _left(run, held[-1].begin[0])
        return RunningLimit(start, counted, None, None, None, held, tuple(changes), left=left)
    waiting = events.stops if begin > scope.view.day else ()  # stops from before a start to come hold it too
    standing = any(stop.holds(scope.view.until) for stop in (*held, *waiting) if stop.end[0] > begin)
    coming = until is None and standing
    return RunningLimit(start, end.part, end.day, run.rolled(end), count_of(run, end), held, tuple(changes), coming)


def _left(run: ClockEnds, stopped: date) -> int | None:
    """The units between the day on which a clock stopped and the end it would have had without that stop."""
    end = run.end(clip=stopped)
    if end is None:
        return None
    if end.day <= stopped:
        return 0
    counts = run.in_working_days(end.part)
    return run.counted(end.part).count(stopped + ONE, end.day) if counts else (end.day - stopped).days


def count_of(run: ClockEnds, end: ClockEnd) -> LimitCount | None:
    """The count that proves a clock's end; None where a set day, or the end of a stop, is its last day.

    In working or calendar days it is one count over the longer amount, whose suspended days are taken out when shown; a
    month is no number of days, so there only the last step (the roll) is counted.
    """
    if end.fixed or end.floor is not None:
        return None
    if run.rules is not None:
        term = run.term(end.part, run.rules)
        return count_term(term, run.start, run.part.units) if not run.steps else _whole(run, end, term)
    if not run.steps:
        return run.calendar.within(run.start, run.part.units, unit=run.part.calendar_unit)
    if by_working_days(end.part):
        return run.calendar.within(run.start, run.calendar.count(run.start + ONE, end.day))
    return run.calendar.within(run.start, (end.day - run.start).days, unit="calendar_day")


def _whole(run: ClockEnds, end: ClockEnd, term: TermRules) -> LimitCount:
    """The count of a clock that stops and extensions moved: one over the longer amount, rolled by its own rules."""
    included = term.count == "first_day_included"
    count: Convention = "first_day_included" if included else "event_excluded"
    plain = replace(term, count=count, grows_by_run=None, least_working=0)
    first = run.start if included else run.start + ONE
    if in_working_days(term.unit):
        return count_term(replace(plain, unit="working_day"), run.start, term.counted.count(first, end.day))
    return count_term(replace(plain, unit="calendar_day"), run.start, (end.day - first).days + 1)
