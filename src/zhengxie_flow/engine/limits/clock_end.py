"""The end of a running clock: what moves it, in order, and the last day that it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.arithmetic import shift
from zhengxie_flow.engine.limits.suspensions import ONE, ClockStop
from zhengxie_flow.model.case import Key
from zhengxie_flow.model.counting import in_working_days
from zhengxie_flow.model.limit import Part


@dataclass(frozen=True, slots=True)
class HeldDays:
    """A stop in force.  It moves the end by the units of its days; one that began ``in_roll``, after the un-rolled end,
    leaves a working day after it, or (``on_last``, begun on the last day itself) that of its end.
    """

    first: date
    last: date
    stop: ClockStop
    in_roll: bool = False
    on_last: bool = False


@dataclass(frozen=True, slots=True)
class EndChange:
    """A change of the end by an act: units added, another base, or a day that is set (which does not roll)."""

    action: str
    place: Key
    added: int | None = None
    base: Part | None = None
    day: date | None = None


@dataclass(slots=True)
class ClockEnd:
    """The end of a clock: un-rolled, by which part, whether a day was set, and the day that a stop in the roll left."""

    day: date
    part: Part
    fixed: bool = False
    floor: date | None = None


@dataclass(slots=True)
class ClockEnds:
    """The state of a clock while its events are applied in order of time."""

    calendar: Snapshot
    start: date
    part: Part
    started_by: int | None = None
    steps: list[HeldDays | EndChange] = field(default_factory=list)

    def end(self, clip: date | None = None, without: str | None = None) -> ClockEnd | None:
        """The end with all that happened so far; None while the clock is stopped.

        Args:
            clip: The day on which an open stop is taken to end; None leaves it open.
            without: The action whose changes are left out.
        """
        end = ClockEnd(self.extend(self.start, self.part), self.part)
        stops: list[HeldDays] = []
        for step in self.steps:
            if isinstance(step, EndChange):
                if step.action != without:
                    self._changed(end, step, stops)
                continue
            if step.stop.open and clip is None:
                return None
            last = step.last if clip is None else min(step.last, clip)
            stops.append(step if last == step.last else replace(step, last=last))
            self._stopped(end, stops[-1], in_roll=step.in_roll)
        return end

    def _stopped(self, end: ClockEnd, held: HeldDays, *, in_roll: bool) -> None:
        """Apply a stop: it moves the end, or where only the roll was left, leaves a working day after it."""
        if in_roll:
            end.floor = self.working(held.last if held.on_last else held.last + ONE)
        else:
            end.day = self.push(end, held.first, held.last)

    def _changed(self, end: ClockEnd, change: EndChange, stops: list[HeldDays]) -> None:
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

    def push(self, end: ClockEnd, first: date, last: date) -> date:
        """The end moved by the units of the days after one day, up to and including another."""
        if last <= first:
            return end.day
        if not by_working_days(end.part):
            return shift(end.day, (last - first).days, "calendar_day")
        held = self.calendar.count(first + ONE, last)
        return self.calendar.add(end.day, held) if held else end.day

    def working(self, day: date) -> date:
        """The first working day on or after a day."""
        return day if self.calendar.is_working_day(day) else self.calendar.add(day, 1)

    def rolled(self, end: ClockEnd) -> date:
        """The last day: off a rest day where the unit rolls."""
        day = end.day if end.fixed or by_working_days(end.part) else self.working(end.day)
        return day if end.floor is None else max(day, end.floor)

    def units(self, first: ClockEnd, last: date) -> int:
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
            self.steps.append(HeldDays(begin, stop.end[0], stop, in_roll, on_last=in_roll and begin == last))

    def stopped(self, place: Key) -> bool:
        """Return whether a stop in force holds at a place in time."""
        return any(isinstance(step, HeldDays) and step.stop.holds(place) for step in self.steps)


def by_working_days(part: Part) -> bool:
    """True where the days of a limit, of its stops and of its additions are working days."""
    return in_working_days(part.calendar_unit)
