"""A running limit: restarts, suspensions and extensions between its start and its end.

The un-rolled end of a limit is its start plus its amount.  Its events are taken in their order, each against the last
day as it stands just before: a suspension that begins by then moves the end by the units it holds (one that begins
after the un-rolled end, in the roll, leaves a working day after it); a valid extension moves it by its own amount.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any, assert_never

from zhengxie_flow.calendars import LimitCount, Snapshot
from zhengxie_flow.calendars.arithmetic import shift
from zhengxie_flow.conditions import Scope
from zhengxie_flow.engine.authority import missing_authority
from zhengxie_flow.engine.limits.anchors import AnchorState, LimitScope, matching, placed
from zhengxie_flow.engine.limits.answers import holds
from zhengxie_flow.engine.limits.suspensions import ONE, ClockStop, suspensions, united
from zhengxie_flow.model.case import Act, Key
from zhengxie_flow.model.counting import in_working_days
from zhengxie_flow.model.limit import Extension, FieldValue, Limit, Part
from zhengxie_flow.model.personal import readable
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import ExtensionEffect

_by_key = attrgetter("key")


@dataclass(frozen=True, slots=True)
class AppliedExtension:
    """An attempted extension of the limit, with its verdict, the units it added and, where it was cut, those left."""

    act: Act
    verdict: Verdict  # pass | capped | invalid | needs_judgement
    detail: tuple[str, ...] = ()
    units: int = 0
    left: int | None = None
    needs: tuple[str, ...] = ()

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
    resumes: bool = False  # it stands still, and the day on which it goes on is set

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
        return calendar.count(after + ONE, through) if _by_working_days(self.part) else (through - after).days


@dataclass(frozen=True, slots=True)
class _Held:
    """A stop in force.  It moves the end by the units of its days; one that began ``in_roll``, after the un-rolled end,
    leaves a working day after it, or (``on_last``, begun on the last day itself) that of its end.
    """

    first: date
    last: date
    stop: ClockStop
    in_roll: bool = False
    on_last: bool = False


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of the end by an act: units added, another base, or a day that is set (which does not roll)."""

    action: str
    place: Key
    added: int | None = None
    base: Part | None = None
    day: date | None = None


@dataclass(slots=True)
class _End:
    """The end of a clock: un-rolled, by which part, whether a day was set, and the day that a stop in the roll left."""

    day: date
    part: Part
    fixed: bool = False
    floor: date | None = None


@dataclass(slots=True)
class _Run:
    """The state of a clock while its events are applied in order of time."""

    calendar: Snapshot
    start: date
    part: Part
    started_by: int | None = None
    steps: list[_Held | _Change] = field(default_factory=list)

    def end(self, clip: date | None = None, without: str | None = None) -> _End | None:
        """The end with all that happened so far; None while the clock is stopped.

        Args:
            clip: The day on which an open stop is taken to end; None leaves it open.
            without: The action whose changes are left out.
        """
        end = _End(self.extend(self.start, self.part), self.part)
        stops: list[_Held] = []
        for step in self.steps:
            if isinstance(step, _Change):
                if step.action != without:
                    self._changed(end, step, stops)
                continue
            if step.stop.open and clip is None:
                return None
            last = step.last if clip is None else min(step.last, clip)
            stops.append(step if last == step.last else replace(step, last=last))
            self._stopped(end, stops[-1], in_roll=step.in_roll)
        return end

    def _stopped(self, end: _End, held: _Held, *, in_roll: bool) -> None:
        """Apply a stop: it moves the end, or where only the roll was left, leaves a working day after it."""
        if in_roll:
            end.floor = self.working(held.last if held.on_last else held.last + ONE)
        else:
            end.day = self.push(end, held.first, held.last)

    def _changed(self, end: _End, change: _Change, stops: list[_Held]) -> None:
        """Apply a change: all stops so far count for another base, those after it for a day that is set."""
        if change.added is not None:  # one by one: a month from 28 February is not two months from 31 January
            end.day, end.fixed = self.extend(end.day, end.part, change.added), False
        elif change.base is not None:  # what was added before, or set, goes with the amount it changed
            end.part, end.fixed, end.floor = change.base, False, None
            end.day = self.extend(self.start, change.base)
            for held in stops:
                self._stopped(end, held, in_roll=held.first > end.day)
        elif change.day is not None:
            end.day, end.fixed = change.day, True
            for held in stops:
                end.day = self.push(end, max(held.first, change.place[0]), held.last)

    def extend(self, day: date, part: Part, amount: int | None = None) -> date:
        """A day plus an amount (by default its own) in the unit of a part, not rolled."""
        amount = part.amount or 0 if amount is None else amount
        if amount == 0:
            return day
        unit = part.calendar_unit
        match unit:
            case "working_day":
                return self.calendar.add(day, amount)
            case "calendar_day" | "month" | "year":
                return shift(day, amount, unit)
            case _:
                assert_never(unit)

    def push(self, end: _End, first: date, last: date) -> date:
        """The end moved by the units of the days after one day, up to and including another."""
        if last <= first:
            return end.day
        if not _by_working_days(end.part):
            return shift(end.day, (last - first).days, "calendar_day")
        held = self.calendar.count(first + ONE, last)
        return self.calendar.add(end.day, held) if held else end.day

    def working(self, day: date) -> date:
        """The first working day on or after a day."""
        return day if self.calendar.is_working_day(day) else self.calendar.add(day, 1)

    def rolled(self, end: _End) -> date:
        """The last day: off a rest day where the unit rolls."""
        day = end.day if end.fixed or _by_working_days(end.part) else self.working(end.day)
        return day if end.floor is None else max(day, end.floor)

    def units(self, first: _End, last: date) -> int:
        """The whole units of the limit between its end and a later day."""
        if last <= first.day:
            return 0
        unit = first.part.calendar_unit
        match unit:
            case "working_day":
                return self.calendar.count(first.day + ONE, last)
            case "calendar_day":
                return (last - first.day).days
            case "month" | "year":
                whole = 0
                while self.extend(first.day, first.part, whole + 1) <= last:
                    whole += 1
                return whole
            case _:
                assert_never(unit)

    def stop(self, stop: ClockStop) -> None:
        """Apply a stop, where it begins by the last day as it stands just before."""
        end = self.end()
        if end is None:
            return
        begin, last = stop.begin[0], self.rolled(end)
        if begin <= last:
            in_roll = begin > end.day
            self.steps.append(_Held(begin, stop.end[0], stop, in_roll, on_last=in_roll and begin == last))

    def stopped(self, place: Key) -> bool:
        """Return whether a stop in force holds at a place in time."""
        return any(isinstance(step, _Held) and step.stop.holds(place) for step in self.steps)


def _by_working_days(part: Part) -> bool:
    """True where the days of a limit, of its stops and of its additions are working days."""
    return in_working_days(part.calendar_unit)


@dataclass(frozen=True, slots=True)
class ClockEvents:
    """What may change the clock of a limit, in order of time: suspensions, each by itself, and acts that extend it."""

    stops: list[ClockStop]
    acts: list[Act]

    @classmethod
    def of(cls, scope: LimitScope, limit: Limit) -> ClockEvents:
        """Everything so far."""
        actions = tuple(dict.fromkeys(extension.action for extension in limit.extended_by))
        acts = list(matching(scope.view, actions, scope.item)) if actions else []
        return cls(suspensions(scope, limit) if limit.suspended else [], acts)

    def during(self, start: AnchorState, place: Key) -> list[ClockStop | Act]:
        """What changes a clock from its start until a place in time; the act that starts it is among it."""
        begin = start.day or date.max
        stops = united(self.stops, start.key or (begin, 0), place)
        since = placed(start) if start.set_at is None else max((begin, -1), start.set_at)
        first = bisect_right(self.acts, since, key=_by_key)
        acts = self.acts[first : bisect_left(self.acts, place, lo=first, key=_by_key)]
        if first and self.acts[first - 1].sequence == start.event:
            acts.insert(0, self.acts[first - 1])
        elif start.set_at is not None:  # a day to come, that the act which names it may extend
            acts = [*(act for act in self.acts[:first] if act.sequence == start.event), *acts]
        return sorted([*stops, *acts], key=_place) if stops else list(acts)


def _place(event: ClockStop | Act) -> Key:
    return event.begin if isinstance(event, ClockStop) else event.key


def run_clock(
    scope: LimitScope, limit: Limit, choice: tuple[Part, AnchorState], events: ClockEvents, until: Key | None = None
) -> RunningLimit:
    """Apply every suspension and extension to a forward clock since its start.

    Args:
        scope: The case up to a position on its timeline, with the item, the calendar and the days other duties are due.
        limit: The limit, with its suspensions and extensions.
        choice: The part of it that counts, and the anchor or the latest restart.
        events: What may change it.
        until: The place in time at which the clock is looked at, and after which nothing changes it; None for all.

    Returns:
        The clock with its un-rolled end, its last day and the count that proves it.
    """
    part, start = choice
    begin = start.day or date.max
    run = _Run(scope.calendar, begin, part, start.event)
    place = min(until or scope.view.until, scope.view.until)
    running = start.actual or start.set_at is not None
    changes: list[AppliedExtension] = []
    for event in events.during(start, place) if running else ():
        if isinstance(event, ClockStop):
            run.stop(event)
        elif (change := _extension(scope, run, limit, event)) is not None:
            changes.append(change)
    end = run.end()
    held = tuple(step.stop for step in run.steps if isinstance(step, _Held))
    if end is None:
        changed = run.end(clip=begin)
        return RunningLimit(start, part if changed is None else changed.part, None, None, None, held, tuple(changes))
    waiting = events.stops if begin > scope.view.day else ()  # stops from before a start to come hold it too
    standing = any(stop.holds(scope.view.until) for stop in (*held, *waiting) if stop.end[0] > begin)
    coming = until is None and standing
    return RunningLimit(start, end.part, end.day, run.rolled(end), _proof(run, end), held, tuple(changes), coming)


def _proof(run: _Run, end: _End) -> LimitCount | None:
    """The proof of a clock's end.

    In working or calendar days it is one count over the longer amount, whose suspended days are taken out when shown; a
    month is no number of days, so there only the last step (the roll) is counted.
    """
    if end.fixed or end.floor is not None or end.day <= run.start:
        return None
    if not run.steps:
        return run.calendar.within(run.start, run.part.amount or 1, unit=run.part.calendar_unit)
    if _by_working_days(end.part):
        return run.calendar.within(run.start, run.calendar.count(run.start + ONE, end.day), unit="working_day")
    return run.calendar.within(run.start, (end.day - run.start).days, unit="calendar_day")


def _rule_for(scope: LimitScope, limit: Limit, act: Act) -> Extension | None:
    """The first of the rules naming the action of an extension that holds at it; None where none does."""
    then, names = scope.view.read_at(act.key), Scope(act=act, item=scope.item, this=scope.item)
    rules = (extension for extension in limit.extended_by if extension.action == act.action)
    return next((rule for rule in rules if holds(scope.view, rule.when, then, names)), None)


def _extension(scope: LimitScope, run: _Run, limit: Limit, act: Act) -> AppliedExtension | None:
    """Apply an attempted extension by its rule.  The act that starts the clock need not extend it."""
    extension, starting = _rule_for(scope, limit, act), act.sequence == run.started_by
    if extension is None:
        return None if starting else AppliedExtension(act, Verdict.INVALID, ("no_rule",))
    if starting and not _says_how_far(extension, act):
        return None
    view = scope.view
    allowed = extension.by or view.compiled.action(extension.action).by
    if allowed and act.by is not None and act.by not in allowed:
        return AppliedExtension(act, Verdict.INVALID, ("wrong_authority",))
    if (defect := missing_authority(view.compiled, view.case, act.by, act.key)) is not None:
        return AppliedExtension(act, Verdict.INVALID, (defect,))
    day, end = view.deemed(act), run.end()
    if end is not None and day > run.rolled(end) and not run.stopped(act.key):
        return AppliedExtension(act, Verdict.INVALID, ("after_expiry",))
    return _lengthened(run, extension, act, day)


def _says_how_far(extension: Extension, act: Act) -> bool:
    """True unless the day or amount is a field of the act that was left empty."""
    return all(act.fields.get(name) is not None for name in _fields_of(extension))


def _fields_of(extension: Extension) -> tuple[str, ...]:
    """The fields of the act that say how far an extension goes."""
    named = extension.to.within if isinstance(extension.to, Part) else extension.to
    return tuple(part.field for part in (extension.add, named) if isinstance(part, FieldValue))


def _lengthened(run: _Run, extension: Extension, act: Act, day: date) -> AppliedExtension:
    """Apply a valid attempt: the end must become later, and no later than its cap."""
    before = run.end(clip=day)
    change = None if before is None else _change(extension, act, before.part)
    if before is None or change is None:
        return AppliedExtension(act, Verdict.NEEDS_JUDGEMENT, needs=_fields_of(extension))
    earlier = [step for step in run.steps if isinstance(step, _Change) and step.action == extension.action]
    if extension.times is not None and len(earlier) >= extension.times:
        return AppliedExtension(act, Verdict.CAPPED, left=0)
    if _day_with(run, change, day) <= before.day:
        return AppliedExtension(act, Verdict.INVALID, ("not_longer",))
    allowed = change if extension.up_to is None else _within_cap(run, change, earlier, extension.up_to)
    if allowed is None:
        return AppliedExtension(act, Verdict.CAPPED, left=0)
    units = run.units(before, _day_with(run, allowed, day)) if allowed.added is None else allowed.added
    run.steps.append(allowed)
    if allowed == change:
        return AppliedExtension(act, Verdict.PASS, units=units)
    return AppliedExtension(act, Verdict.CAPPED, units=units, left=units)


def _day_with(run: _Run, change: _Change, clip: date) -> date:
    """The un-rolled end that a change would lead to, an open stop taken to end on a day."""
    if change.day is not None:
        return change.day
    run.steps.append(change)
    end = run.end(clip=clip)
    run.steps.pop()
    return date.min if end is None else end.day


def _within_cap(run: _Run, change: _Change, earlier: Sequence[_Change], up_to: int) -> _Change | None:
    """The part of a change within the units that an action may add in all; None where nothing is left.

    Amounts are held against the sum of amounts; once an action set a day or another amount, days against the day that
    lies so many units after the end without it.
    """
    if change.added is not None and all(step.added is not None for step in earlier):
        left = up_to - sum(step.added or 0 for step in earlier)
        return replace(change, added=min(change.added, left)) if left > 0 else None
    clip = change.place[0]
    before, without = run.end(clip=clip), run.end(clip=clip, without=change.action)
    if before is None or without is None:
        return None
    furthest = run.extend(without.day, without.part, up_to)
    if change.day is not None:
        allowed = replace(change, day=min(change.day, furthest))
    else:
        allowed = _most(change, lambda part: _day_with(run, part, clip) <= furthest)
    return allowed if _day_with(run, allowed, clip) > before.day else None


def _most(change: _Change, fits: Callable[[_Change], bool]) -> _Change:
    """A change by the largest amount, up to the one asked for, that fits; larger ones fit less."""
    amount = change.added if change.base is None else change.base.amount
    smaller = range(1, (amount or 0) + 1)
    return _amounting(change, bisect_left(smaller, True, key=lambda candidate: not fits(_amounting(change, candidate))))


def _amounting(change: _Change, amount: int) -> _Change:
    """A change of the same kind by another amount."""
    if change.base is None:
        return replace(change, added=amount)
    return replace(change, base=change.base.model_copy(update={"within": amount or None}))


def _change(extension: Extension, act: Act, part: Part) -> _Change | None:
    """The change an extension asks for; None where the field that says how far was left empty."""
    value: Any = next((readable(act.fields.get(name)) for name in _fields_of(extension)), extension.add)
    if isinstance(extension.to, Part):
        base = extension.to if extension.to.amount else extension.to.model_copy(update={"within": value})
        return _Change(extension.action, act.key, base=base.filled(part)) if base.amount else None
    if value is None:
        return None
    if isinstance(extension.to, FieldValue):
        day = date.fromisoformat(str(value)[: len("2026-01-01")])
        return _Change(extension.action, act.key, day=day)
    return _Change(extension.action, act.key, added=int(value))


def merged_changes(runs: Sequence[Sequence[AppliedExtension]], needs: tuple[str, ...]) -> tuple[AppliedExtension, ...]:
    """The extensions as they come out under every answer still possible: where these differ, only a person can say."""
    if len(runs) == 1:
        return tuple(runs[0])
    by_act: dict[Key, list[AppliedExtension]] = {}
    for changes_of_run in runs:
        for change in changes_of_run:
            by_act.setdefault(change.act.key, []).append(change)
    changes = []
    for versions in by_act.values():
        first = versions[0]
        if len(versions) < len(runs) or any(version != first for version in versions):
            doubt = any(version.verdict is not first.verdict for version in versions) or len(versions) < len(runs)
            first = AppliedExtension(first.act, Verdict.NEEDS_JUDGEMENT, needs=needs) if doubt else first
        changes.append(first)
    return tuple(changes)
