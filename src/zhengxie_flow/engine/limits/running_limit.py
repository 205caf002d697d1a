"""A running limit: restarts, suspensions and extensions between its start and its end.

The un-rolled end of a limit is its start plus its amount.  Each suspension that begins before the end pushes it out
by the units it holds; each valid extension by its own amount; a restart begins anew with the base amount.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from zhengxie_flow.calendars import LimitCount, Snapshot
from zhengxie_flow.calendars.arithmetic import shift
from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.authority import missing_authority
from zhengxie_flow.engine.limits.anchors import AnchorState, Due, LimitScope, matching, occurrences, of_act
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item, Key
from zhengxie_flow.model.limit import Extension, FieldDay, Limit, Part, Suspension
from zhengxie_flow.model.personal import readable
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import ExtensionEffect, SuspensionPeriod

ONE = timedelta(days=1)
OPEN_END: Key = (date.max, 0)


@dataclass(frozen=True, slots=True)
class ClockStop:
    """Days not counted: after ``begin``, up to and including ``end`` (open until an act ends it)."""

    begin: Key
    end: Key

    @property
    def open(self) -> bool:
        """True while nothing has ended it."""
        return self.end == OPEN_END

    def shown(self) -> SuspensionPeriod:
        """As the proof of a limit shows it."""
        return SuspensionPeriod(self.begin[0], None if self.open else self.end[0])


@dataclass(frozen=True, slots=True)
class AppliedExtension:
    """An attempted extension of the limit, with its verdict and the units it added."""

    act: Act
    verdict: Verdict  # pass | capped | invalid
    detail: tuple[str, ...] = ()
    units: int = 0

    def shown(self) -> ExtensionEffect:
        """As the proof of a limit shows it."""
        return ExtensionEffect(self.act.sequence, self.act.day, self.units, str(self.verdict))


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
    fixed: bool = False

    @property
    def suspended(self) -> bool:
        """True while it is stopped."""
        return self.end is None

    @property
    def running_since(self) -> date | None:
        """The day after which it has run without a stop: its start, or the last day of the last suspension.

        None while it is stopped.
        """
        if not self.stops:
            return self.start.day
        return None if self.stops[-1].open else self.stops[-1].end[0]

    def consumed(self, calendar: Snapshot) -> int:
        """Count the units that had run when it last stopped: working days in a limit of working days, else days."""
        if not self.stops or self.start.day is None:
            return 0
        bounds = [self.start.day, *(day for stop in self.stops for day in (stop.begin[0], stop.end[0]))]
        return sum(self._units(calendar, *bounds[place : place + 2]) for place in range(0, len(bounds) - 1, 2))

    def _units(self, calendar: Snapshot, after: date, through: date) -> int:
        """The units in the days after one day, up to and including another."""
        if through <= after:
            return 0
        return calendar.count(after + ONE, through) if self.part.unit == "working_day" else (through - after).days


@dataclass(slots=True)
class _Run:
    """The state of a clock while its events are applied in order of time."""

    calendar: Snapshot
    start: date
    part: Part
    added: list[int] = field(default_factory=list)
    fixed: date | None = None
    stops: list[ClockStop] = field(default_factory=list)

    def end(self) -> date | None:
        """The un-rolled end with all that happened so far; None while the clock is stopped."""
        if self.fixed is not None:
            return self.fixed
        end = self.extend(self.start, self.part.amount or 0)
        for units in self.added:  # one by one: a month from 28 February is not two months from 31 January
            end = self.extend(end, units)
        for stop in self.stops:
            if stop.begin[0] >= end:
                break
            if stop.open:
                return None
            end = self.push(end, stop)
        return end

    def extend(self, day: date, amount: int) -> date:
        """A day plus an amount in the limit's unit, not rolled."""
        if amount == 0:
            return day
        unit = self.part.calendar_unit
        if unit == "working_day":
            return self.calendar.add(day, amount)
        return shift(day, amount, unit)

    def push(self, end: date, stop: ClockStop) -> date:
        """The end moved by the counted units of a suspension."""
        first, last = max(stop.begin[0], self.start), stop.end[0]
        if last <= first:
            return end
        if self.part.unit != "working_day":
            return shift(end, (last - first).days, "calendar_day")
        held = self.calendar.count(date.fromordinal(first.toordinal() + 1), last)
        return self.calendar.add(end, held) if held else end

    def rolled(self, end: date) -> date:
        """The last day: off a rest day where the unit rolls."""
        if self.fixed is not None or self.part.unit == "working_day" or self.calendar.is_working_day(end):
            return end
        return self.calendar.add(end, 1)


def restarted(view: CaseView, limit: Limit, start: AnchorState, item: Item | None) -> AnchorState:
    """The last start of the clock: its anchor, or the latest act that restarts it."""
    if not limit.restarts_on or not start.actual:
        return start
    again = [
        act for act in matching(view, limit.restarts_on, item) if act.key > (start.key or (start.day or date.max, 0))
    ]
    return of_act(view, again[-1]) if again else start


def run_clock(scope: LimitScope, limit: Limit, part: Part, start: AnchorState) -> RunningLimit:
    """Apply every suspension and extension to a forward clock since its start.

    Args:
        scope: The case up to a position on its timeline, with the item, the calendar and the days other duties are due.
        limit: The limit, with its suspensions and extensions.
        part: The part of it that counts.
        start: The anchor, or the latest restart.

    Returns:
        The clock with its un-rolled end, its last day and the count that proves it.
    """
    begin = start.day or date.max
    run = _Run(scope.calendar, begin, part)
    key = start.key or (begin, 0)
    stops = _stops(scope, limit, key) if start.actual else []
    changes: list[AppliedExtension] = []
    for act, extension in _extending(scope, limit, key) if start.actual else ():
        run.stops = [
            stop if stop.end <= act.key else replace(stop, end=OPEN_END) for stop in stops if stop.begin < act.key
        ]
        changes.append(_extend(scope, run, extension, act, changes))
    run.stops = stops
    end = run.end()
    if end is None:
        return RunningLimit(start, run.part, None, None, None, tuple(stops), tuple(changes))
    held = tuple(stop for stop in stops if stop.begin[0] < end)
    day = run.rolled(end)
    return RunningLimit(start, run.part, end, day, _proof(run, end), held, tuple(changes), run.fixed is not None)


def _proof(run: _Run, end: date) -> LimitCount | None:
    """The proof of a clock's end.

    In working or calendar days it is one count over the longer amount, whose suspended days are taken out when shown; a
    month is no number of days, so there only the last step (the roll) is counted.
    """
    if run.fixed is not None:
        return None
    changed = run.added or run.stops
    if not changed:
        return run.calendar.within(run.start, run.part.amount or 1, unit=run.part.calendar_unit)
    if run.part.unit == "working_day":
        held = run.calendar.count(date.fromordinal(run.start.toordinal() + 1), end)
        return run.calendar.within(run.start, held, unit="working_day")
    return run.calendar.within(run.start, (end - run.start).days, unit="calendar_day")


def _stops(scope: LimitScope, limit: Limit, start: Key) -> list[ClockStop]:
    """Every suspension since the start, in order, overlaps merged so that they count once."""
    suspended: list[ClockStop] = []
    for suspension in limit.suspended:
        suspended += _paired(scope, suspension, start)
    merged: list[ClockStop] = []
    for stop in sorted(suspended, key=lambda stop: stop.begin):
        if merged and stop.begin <= merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, stop.end))
        else:
            merged.append(stop)
    return merged


def _paired(scope: LimitScope, suspension: Suspension, start: Key) -> list[ClockStop]:
    """Pair each beginning with the next end after it; a beginning during a suspension begins nothing new."""
    view, item = scope.view, scope.item
    stops: list[ClockStop] = []
    begins = [begin.key or (begin.day or date.max, 0) for begin in occurrences(view, suspension.from_, item)]
    for key in begins:
        if stops and key < stops[-1].end:
            continue
        act = next((later for later in view.past(view.case.timeline) if later.key == key), None)
        names = Scope(act=act, item=item, this=item)
        if evaluate_optional(suspension.when, view.at((key[0], key[1] + 1)), names, Trace()) is not True:
            continue
        end = _next_end(scope, suspension, key, [later for later in begins if later > key])
        if end > start:
            stops.append(ClockStop(max(key, start), end))
    return stops


def _next_end(scope: LimitScope, suspension: Suspension, begin: Key, later: list[Key]) -> Key:
    """The end of a suspension: the next act that ends it, or the day of a limit that does, whichever comes first.

    Such a limit may start anew with each ``later`` beginning: it counts as it ran until then, if it had run out.
    """
    view, item = scope.view, scope.item
    ends = [
        state.key for state in occurrences(view, suspension.until, item) if state.key is not None and state.key > begin
    ]
    for until, last in [*((key, key[0] - ONE) for key in later), (None, view.day)]:
        days = _due_days(suspension.until, item, scope.due, until)
        ends += [(day, 2**61) for day in days if day is not None and begin[0] <= day <= last]
    return min(ends, default=OPEN_END)


def _due_days(anchor: Any, item: Item | None, due: Due, until: Key | None) -> list[date | None]:
    """The days that limits named in an anchor end on, as things stood up to a position on the timeline."""
    if hasattr(anchor, "due"):
        return [due(anchor.due, item, until=until).day]
    parts = getattr(anchor, "first_of", ())
    return [day for part in parts for day in _due_days(part, item, due, until)]


def _extending(scope: LimitScope, limit: Limit, start: Key) -> list[tuple[Act, Extension]]:
    """The attempted extensions since the start, in order of time."""
    acts = [
        (act, extension)
        for extension in limit.extended_by
        for act in matching(scope.view, (extension.action,), scope.item)
        if act.key > start
    ]
    return sorted(acts, key=lambda pair: pair[0].key)


def _extend(
    scope: LimitScope, run: _Run, extension: Extension, act: Act, before: list[AppliedExtension]
) -> AppliedExtension:
    """Apply an extension: its verdict, and the units it adds."""
    view, item = scope.view, scope.item
    allowed = extension.by or view.compiled.action(extension.action).by
    if allowed and act.by is not None and act.by not in allowed:
        return AppliedExtension(act, Verdict.INVALID, ("wrong_authority",))
    if (defect := missing_authority(view.compiled, view.case, act.by, act.key)) is not None:
        return AppliedExtension(act, Verdict.INVALID, (defect,))
    end = run.end()
    if end is not None and view.deemed(act) > run.rolled(end):
        return AppliedExtension(act, Verdict.INVALID, ("after_expiry",))
    then = view.at(act.key)
    if evaluate_optional(extension.when, then, Scope(act=act, item=item, this=item), Trace()) is not True:
        return AppliedExtension(act, Verdict.INVALID)
    earlier = [change for change in before if change.verdict is not Verdict.INVALID and change.act.action == act.action]
    if extension.times is not None and len(earlier) >= extension.times:
        return AppliedExtension(act, Verdict.CAPPED)
    return _apply(run, extension, act, sum(change.units for change in earlier))


def _apply(run: _Run, extension: Extension, act: Act, used: int) -> AppliedExtension:
    if extension.to is not None:
        if isinstance(extension.to, FieldDay):
            set_day = readable(act.fields.get(extension.to.field))
            if set_day is None:
                return AppliedExtension(act, Verdict.NEEDS_JUDGEMENT)
            run.fixed = date.fromisoformat(str(set_day)[:10])
        else:  # the later act wins: what earlier ones added, or a day they set, goes with the amount they changed
            run.part, run.fixed = extension.to.filled(run.part), None
            run.added.clear()
        return AppliedExtension(act, Verdict.PASS)
    requested = (
        extension.add
        if isinstance(extension.add, int)
        else readable(act.fields.get(extension.add.field))
        if extension.add
        else 0
    )
    if requested is None:
        return AppliedExtension(act, Verdict.NEEDS_JUDGEMENT)
    room = int(requested) if extension.up_to is None else max(0, min(int(requested), extension.up_to - used))
    if run.fixed is not None:
        run.fixed = run.extend(run.fixed, room)
    else:
        run.added.append(room)
    return AppliedExtension(act, Verdict.PASS if room == int(requested) else Verdict.CAPPED, units=room)
