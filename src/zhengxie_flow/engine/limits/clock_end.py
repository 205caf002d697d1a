"""The end of a running clock: what moves it, in order, and the last day that it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.arithmetic import shift
from zhengxie_flow.calendars.term import TermRules, advance, grown, last_day, nominal_end, rolled
from zhengxie_flow.engine.limits.suspensions import ONE, ClockStop
from zhengxie_flow.engine.limits.term_rules import CountingRules
from zhengxie_flow.model.case import Key
from zhengxie_flow.model.counting import Unit, in_working_days
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
    """A change of the end by an act: units added (the limit's or their own), another base, or a day that is set."""

    action: str
    place: Key
    added: int | None = None
    unit: Unit | None = None
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
    """The state of a clock while its events are applied in order of time.

    ``rules`` are those by which its limit is counted, None where it is counted in the ordinary way.
    """

    calendar: Snapshot
    start: date
    part: Part
    started_by: int | None = None
    rules: CountingRules | None = None
    steps: list[HeldDays | EndChange] = field(default_factory=list)
    _term: tuple[Part, TermRules] | None = None
    _ends: dict[tuple[object, ...], tuple[tuple[HeldDays | EndChange, ...], ClockEnd | None]] = field(
        default_factory=dict
    )

    def end(self, clip: date | None = None, without: str | None = None) -> ClockEnd | None:
        """The end with all that happened so far; None while the clock is stopped.

        Args:
            clip: The day on which an open stop is taken to end; None leaves it open.
            without: The action whose changes are left out.
        """
        if clip is not None and all(step.last <= clip for step in self.steps if isinstance(step, HeldDays)):
            clip = None  # nothing to cut off
        key = (*map(id, self.steps), clip, without)
        known = self._ends.get(key)
        if known is None:  # the steps are kept with it, so that no other takes the identity of one
            known = self._ends[key] = (tuple(self.steps), self._worked_out(clip, without))
        return known[1]

    def _worked_out(self, clip: date | None, without: str | None) -> ClockEnd | None:
        end = ClockEnd(self.first_end(self.part), self.part)
        stops: list[HeldDays] = []
        for step in self.steps:
            if isinstance(step, EndChange):
                if step.action != without:
                    self._changed(end, step, stops)
                continue
            if step.stop.open and clip is None:
                return None
            last = step.last if clip is None else min(step.last, clip)
            stops.append(replace(step, last=last))
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
            base = self.rolled(end) if self.rules is not None and self.rules.extends_rolled else end.day
            part = end.part
            if change.unit is not None:
                part = part.model_copy(update={"unit": change.unit, "within": change.added})
            end.day, end.fixed = self.extend(base, part, change.added), False
        elif change.base is not None:  # what was added before, or set, goes with the amount it changed
            end.part, end.fixed, end.floor = change.base, False, None
            end.day = self.first_end(change.base)
            for held in stops:
                self._stopped(end, held, in_roll=held.first > end.day)
        elif change.day is not None:
            end.day, end.fixed = change.day, True
            for held in stops:
                end.day = self.push(end, max(held.first, change.place[0]), held.last)

    def first_end(self, part: Part) -> date:
        """The un-rolled end of the amount of a part from the start, with what days off inside it add."""
        if self.rules is None:
            return self.extend(self.start, part, part.units)
        rules = self.term(part, self.rules)
        return grown(rules, self.start, nominal_end(rules, self.start, part.units))

    def term(self, part: Part, rules: CountingRules) -> TermRules:
        """The rules of a term by a part."""
        if self._term is None or self._term[0] is not part:
            self._term = (part, rules.term(part))
        return self._term[1]

    def extend(self, day: date, part: Part, amount: int) -> date:
        """A day plus an amount in the unit of a part, not rolled."""
        if amount == 0:
            return day
        if self.rules is not None:
            return advance(self.term(part, self.rules), day, amount)
        unit = part.calendar_unit
        match unit:
            case "working_day":
                return self.calendar.add(day, amount)
            case "calendar_day" | "week" | "half_month" | "month" | "year":
                return shift(day, amount, unit)
            case _:
                assert_never(unit)

    def push(self, end: ClockEnd, first: date, last: date) -> date:
        """The end moved by the units of the days after one day, up to and including another."""
        if last <= first:
            return end.day
        if not self.in_working_days(end.part):
            return shift(end.day, (last - first).days, "calendar_day")
        counted = self.counted(end.part)
        held = counted.count(first + ONE, last)
        return counted.add(end.day, held) if held else end.day

    def counted(self, part: Part) -> Snapshot:
        """The calendar whose working days are counted."""
        return self.calendar if self.rules is None else self.term(part, self.rules).counted

    def in_working_days(self, part: Part) -> bool:
        """True where the days of the limit, of its stops and of its additions are working days."""
        return in_working_days(part.calendar_unit if self.rules is None else self.term(part, self.rules).unit)

    def working(self, day: date) -> date:
        """The first working day on or after a day."""
        calendar = self.calendar if self.rules is None else self.term(self.part, self.rules).rolled
        return day if calendar.is_working_day(day) else calendar.add(day, 1)

    def rolled(self, end: ClockEnd) -> date:
        """The last day: off a rest day where the limit rolls."""
        if end.fixed:
            day = end.day if self.rules is None else self.set_day(end, self.rules)
        elif self.rules is not None:
            day = last_day(self.term(end.part, self.rules), end.day)
        else:
            day = end.day if by_working_days(end.part) else self.working(end.day)
        return day if end.floor is None else max(day, end.floor)

    def set_day(self, end: ClockEnd, rules: CountingRules) -> date:
        """The last day of a day that was set, which rolls only where a rule says so."""
        return rolled(replace(self.term(end.part, rules), roll=rules.roll(end.part, None, "set_day")), end.day)

    def units(self, first: ClockEnd, last: date) -> int:
        """The whole units of the limit between its end and a later day."""
        if last <= first.day:
            return 0
        unit = first.part.calendar_unit if self.rules is None else self.term(first.part, self.rules).unit
        match unit:
            case "working_day":
                return self.counted(first.part).count(first.day + ONE, last)
            case "calendar_day":
                return (last - first.day).days
            case "week" | "half_month" | "month" | "year":
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
        joined = self._joined(stop, end)
        if joined is not None:
            self.steps.append(joined)
            return
        begin, last = (stop.began or stop.begin)[0], self.rolled(end)
        if begin <= last:
            in_roll = begin > end.day
            self.steps.append(HeldDays(stop.begin[0], stop.end[0], stop, in_roll, on_last=in_roll and begin == last))

    def _joined(self, stop: ClockStop, end: ClockEnd) -> HeldDays | None:
        """A stop that prolongs one in force does what that one does, unless an act has put the end elsewhere since."""
        held = next((step for step in reversed(self.steps) if isinstance(step, HeldDays)), None)
        if not stop.joins or held is None or not (held.stop.began or held.stop.begin) < stop.place <= held.stop.end:
            return None
        since = self.steps[self.steps.index(held) + 1 :]
        moved = any(isinstance(step, EndChange) and step.added is None for step in since)
        in_roll = held.in_roll and not (moved and stop.place[0] <= end.day)
        return HeldDays(stop.begin[0], stop.end[0], stop, in_roll, on_last=in_roll and held.on_last)

    def stopped(self, place: Key) -> bool:
        """Return whether a stop in force holds at a place in time."""
        return any(isinstance(step, HeldDays) and step.stop.holds(place) for step in self.steps)


def by_working_days(part: Part) -> bool:
    """True where the days of a limit, of its stops and of its additions are working days."""
    return in_working_days(part.calendar_unit)
