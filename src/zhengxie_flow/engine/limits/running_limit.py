"""A running limit: restarts, suspensions and extensions between its start and its end.

The un-rolled end of a limit is its start plus its amount.  Each suspension that begins before the end pushes it out
by the units it holds; each valid extension by its own amount; a restart begins anew with the base amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from zhengxie_flow.calendars import LimitCount, Snapshot
from zhengxie_flow.calendars.arithmetic import shift
from zhengxie_flow.conditions import Scope
from zhengxie_flow.engine.authority import missing_authority
from zhengxie_flow.engine.limits.anchors import AnchorState, LimitScope, matching, of_act, placed
from zhengxie_flow.engine.limits.answers import holds
from zhengxie_flow.engine.limits.suspensions import ONE, OPEN_END, ClockStop, suspensions
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item, Key
from zhengxie_flow.model.counting import in_working_days
from zhengxie_flow.model.limit import Extension, FieldDay, Limit, Part
from zhengxie_flow.model.personal import readable
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import ExtensionEffect


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
        return calendar.count(after + ONE, through) if _by_working_days(self.part) else (through - after).days


@dataclass(slots=True)
class _Run:
    """The state of a clock while its events are applied in order of time."""

    calendar: Snapshot
    start: date
    part: Part
    started_by: int | None = None
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
        match unit:
            case "working_day":
                return self.calendar.add(day, amount)
            case "calendar_day" | "month" | "year":
                return shift(day, amount, unit)
            case _:
                assert_never(unit)

    def push(self, end: date, stop: ClockStop) -> date:
        """The end moved by the counted units of a suspension."""
        first, last = max(stop.begin[0], self.start), stop.end[0]
        if last <= first:
            return end
        if not _by_working_days(self.part):
            return shift(end, (last - first).days, "calendar_day")
        held = self.calendar.count(date.fromordinal(first.toordinal() + 1), last)
        return self.calendar.add(end, held) if held else end

    def rolled(self, end: date) -> date:
        """The last day: off a rest day where the unit rolls."""
        if self.fixed is not None or _by_working_days(self.part) or self.calendar.is_working_day(end):
            return end
        return self.calendar.add(end, 1)


def _by_working_days(part: Part) -> bool:
    """True where the days of a limit, of its stops and of its additions are working days."""
    return in_working_days(part.calendar_unit)


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
    run = _Run(scope.calendar, begin, part, start.event)
    key = start.key or (begin, 0)
    stops = suspensions(scope, limit, key) if start.actual else []
    changes: list[AppliedExtension] = []
    for act in _extending(scope, limit, start) if start.actual else ():
        run.stops = [
            stop if stop.end <= act.key else replace(stop, end=OPEN_END) for stop in stops if stop.begin < act.key
        ]
        change = _extension(scope, run, limit, act, changes)
        if change is not None:
            changes.append(change)
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
    if _by_working_days(run.part):
        held = run.calendar.count(date.fromordinal(run.start.toordinal() + 1), end)
        return run.calendar.within(run.start, held, unit="working_day")
    return run.calendar.within(run.start, (end - run.start).days, unit="calendar_day")


def _extending(scope: LimitScope, limit: Limit, start: AnchorState) -> list[Act]:
    """The attempted extensions since the start, the act that starts the clock among them, in order of time."""
    if not limit.extended_by:
        return []
    actions = tuple(dict.fromkeys(extension.action for extension in limit.extended_by))
    since = placed(start)
    acts = matching(scope.view, actions, scope.item)
    return [act for act in acts if act.key > since or act.sequence == start.event]


def _rule_for(scope: LimitScope, limit: Limit, act: Act) -> Extension | None:
    """The first of the rules naming the action of an extension that holds at it; None where none does."""
    then, names = scope.view.read_at(act.key), Scope(act=act, item=scope.item, this=scope.item)
    rules = (extension for extension in limit.extended_by if extension.action == act.action)
    return next((rule for rule in rules if holds(scope.view, rule.when, then, names)), None)


def _extension(
    scope: LimitScope, run: _Run, limit: Limit, act: Act, before: list[AppliedExtension]
) -> AppliedExtension | None:
    """Apply an attempted extension by its rule.  The act that starts the clock need not extend it."""
    extension, starting = _rule_for(scope, limit, act), act.sequence == run.started_by
    if extension is None:
        return None if starting else AppliedExtension(act, Verdict.INVALID, ("no_rule",))
    if starting and not _says_how_far(extension, act):
        return None
    return _extend(scope, run, extension, act, before)


def _extend(
    scope: LimitScope, run: _Run, extension: Extension, act: Act, before: list[AppliedExtension]
) -> AppliedExtension:
    """Apply an extension: its verdict, and the units it adds."""
    view = scope.view
    allowed = extension.by or view.compiled.action(extension.action).by
    if allowed and act.by is not None and act.by not in allowed:
        return AppliedExtension(act, Verdict.INVALID, ("wrong_authority",))
    if (defect := missing_authority(view.compiled, view.case, act.by, act.key)) is not None:
        return AppliedExtension(act, Verdict.INVALID, (defect,))
    end = run.end()
    if end is not None and view.deemed(act) > run.rolled(end):
        return AppliedExtension(act, Verdict.INVALID, ("after_expiry",))
    earlier = [change for change in before if change.verdict is not Verdict.INVALID and change.act.action == act.action]
    if extension.times is not None and len(earlier) >= extension.times:
        return AppliedExtension(act, Verdict.CAPPED, left=0)
    return _apply(run, extension, act, sum(change.units for change in earlier))


def _says_how_far(extension: Extension, act: Act) -> bool:
    """True unless the day or amount is a field of the act that was left empty."""
    fields = [part.field for part in (extension.add, extension.to) if isinstance(part, FieldDay)]
    return all(act.fields.get(name) is not None for name in fields)


def merged_changes(runs: Sequence[RunningLimit], needs: tuple[str, ...]) -> tuple[AppliedExtension, ...]:
    """The extensions as they come out under every answer still possible: where these differ, only a person can say."""
    by_act: dict[Key, list[AppliedExtension]] = {}
    for run in runs:
        for change in run.changes:
            by_act.setdefault(change.act.key, []).append(change)
    changes = []
    for versions in by_act.values():
        first = versions[0]
        if len(versions) < len(runs) or any(version != first for version in versions):
            doubt = any(version.verdict is not first.verdict for version in versions) or len(versions) < len(runs)
            first = AppliedExtension(first.act, Verdict.NEEDS_JUDGEMENT, needs=needs) if doubt else first
        changes.append(first)
    return tuple(changes)


def _apply(run: _Run, extension: Extension, act: Act, used: int) -> AppliedExtension:
    if extension.to is not None:
        if isinstance(extension.to, FieldDay):
            set_day = readable(act.fields.get(extension.to.field))
            if set_day is None:
                return AppliedExtension(act, Verdict.NEEDS_JUDGEMENT, needs=(extension.to.field,))
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
        needs = (extension.add.field,) if isinstance(extension.add, FieldDay) else ()
        return AppliedExtension(act, Verdict.NEEDS_JUDGEMENT, needs=needs)
    room = int(requested) if extension.up_to is None else max(0, min(int(requested), extension.up_to - used))
    if run.fixed is not None:
        run.fixed = run.extend(run.fixed, room)
    else:
        run.added.append(room)
    if room == int(requested):
        return AppliedExtension(act, Verdict.PASS, units=room)
    return AppliedExtension(act, Verdict.CAPPED, units=room, left=room)
