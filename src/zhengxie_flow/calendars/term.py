"""Counting a term by rules that are data: its nominal end, what lengthens it, the roll, what is added after that.

Each step is kept with its clause.  A term that says nothing of its own needs none of this: `Snapshot.within`,
`Snapshot.before` and `Snapshot.minimum` count it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from typing import Literal, assert_never

from zhengxie_flow.calendars.arithmetic import including, shift
from zhengxie_flow.calendars.extremes import extremes, one_more_off
from zhengxie_flow.calendars.proof import Day, OtherLimitCount
from zhengxie_flow.calendars.snapshot import Snapshot
from zhengxie_flow.model.convention import RunsTaken
from zhengxie_flow.model.count_step import CountStep
from zhengxie_flow.model.counting import CalendarUnit, Convention, Counting, Roll, counts_back
from zhengxie_flow.model.document import Firmness

__all__ = [
    "CountStep",
    "TermCount",
    "TermRules",
    "advance",
    "count_term",
    "last_day",
    "nominal_end",
    "set_day",
]  # fmt: skip

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TermRules:
    """The rules by which a term of one unit and direction is counted.

    Attributes:
        counted: The calendar whose working days are counted.
        rolled: The calendar whose days of rest an end may not fall on.
        unit: The unit that is counted: that of the term, or working days where a short term is counted in those.
        count: Whether the day of the event, or a day between, is left out.
        direction: The direction; counting back, every step goes backward.
        keep_month_end: Whether a month's last day leads to a month's last day.
        roll: Where an end on a day of rest goes.
        grows_by_run: The least length of a run of days off that adds as many working days; None: none does.
        runs: The runs that count.
        least_working: The working days that the term has to hold.
        added: The calendar days added after the roll, whose end rolls again.
        clear_edge: Whether the day that stays clear at the end is one of those counted, or any.
        clauses: For each step the clause it rests on.
    """

    counted: Snapshot
    rolled: Snapshot
    unit: CalendarUnit
    count: Convention = "event_excluded"
    direction: Counting = "forward"
    keep_month_end: bool = False
    roll: Roll = "none"
    grows_by_run: int | None = None
    runs: RunsTaken = "every"
    least_working: int = 0
    added: int = 0
    clear_edge: Literal["counted", "any"] = "counted"
    clauses: Mapping[str, str] = field(default_factory=dict)

    @property
    def sign(self) -> int:
        """1 where it counts on, -1 where it counts back."""
        return -1 if counts_back(self.direction) else 1


def advance(rules: TermRules, day: date, amount: int) -> date:
    """The day some units after another (before it if negative), that day not counted; nothing rolls."""
    unit = rules.unit
    match unit:
        case "working_day":
            return rules.counted.add(day, amount)
        case "calendar_day" | "week" | "half_month":
            return shift(day, amount, unit)
        case "month" | "year":
            end = shift(day, amount, unit)
            return _month_end(end) if rules.keep_month_end and day == _month_end(day) else end
        case _:
            assert_never(unit)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def nominal_end(rules: TermRules, start: date, amount: int) -> date:
    """The bare end of a term: its amount counted from the start by the convention.

    Args:
        rules: The rules of the term.
        start: The day of the event, forward or backward of which is counted.
        amount: The units, above nought.
    """
    count, sign = rules.count, rules.sign
    match count:
        case "event_excluded":
            return advance(rules, start, sign * amount)
        case "clear_days":
            if rules.unit == "working_day" and rules.clear_edge == "counted":
                return advance(rules, start, sign * (amount + 1))
            return advance(rules, start, sign * amount) + sign * ONE
        case "first_day_included":
            return _first_included(rules, start, amount)
        case _:
            assert_never(count)


def _first_included(rules: TermRules, start: date, amount: int) -> date:
    """The end of a term whose first day is the day of the event, or the first working day from it."""
    if rules.unit == "working_day":
        return advance(rules, start - rules.sign * ONE, rules.sign * amount)
    end = including(start, rules.sign * amount, rules.unit)
    kept = advance(rules, start, rules.sign * amount)
    return end if kept == shift(start, rules.sign * amount, rules.unit) else kept - rules.sign * ONE


def count_term(rules: TermRules, start: date, amount: int) -> TermCount:
    """Count a term out.

    Args:
        rules: The rules of the term.
        start: The day of the event.
        amount: The units, above nought.

    Returns:
        The count with every step that led to its day.
    """
    steps = tuple(_steps(rules, start, nominal_end(rules, start, amount)))
    return TermCount(
        rules.counted, start, amount, steps[-1].day,
        direction=rules.direction, unit=rules.unit, count=rules.count, raw=steps[0].day, rules=rules, steps=steps,
    )  # fmt: skip


def set_day(rules: TermRules, day: date) -> TermCount:
    """A day that was set, as the last day of a term: rolled where the rules say so."""
    steps = (CountStep("nominal", day), *after_roll(rules, day))
    return TermCount(rules.counted, day, 0, steps[-1].day, unit="calendar_day", raw=day, rules=rules, steps=steps)


def _steps(rules: TermRules, start: date, end: date) -> Iterator[CountStep]:
    """The steps from a nominal end on: those that moved it."""
    yield CountStep("nominal", end, rules.clauses.get("count"))
    if (longer := grown(rules, start, end)) != end:
        kind = "grown" if rules.grows_by_run is not None else "filled"
        yield CountStep(kind, longer, rules.clauses.get("grow" if kind == "grown" else "least_working"))
    yield from after_roll(rules, longer)


def grown(rules: TermRules, start: date, end: date) -> date:
    """An end made later by the days off inside its term, or until the term holds enough working days."""
    if rules.grows_by_run is not None:
        end = _grown_by_runs(rules, start, end, rules.grows_by_run)
    if rules.least_working:
        end = max(end, rules.rolled.add(_first_inside(rules, start) - ONE, rules.least_working))
    return end


def _first_inside(rules: TermRules, start: date) -> date:
    """The first day inside a forward term: that of the event where it is counted, else the one after it."""
    return start if rules.count == "first_day_included" else start + ONE


def _grown_by_runs(rules: TermRules, start: date, end: date, least: int) -> date:
    """An end moved on by as many working days as the runs of days off are long that count."""
    lengths = _long_runs(rules, start, end, least)
    taken = rules.runs
    match taken:
        case "every":
            extra = sum(lengths)
        case "longest":
            extra = max(lengths, default=0)
        case "extended":
            extra = _fixpoint(rules, start, end, least)
        case _:
            assert_never(taken)
    return rules.rolled.add(end, extra) if extra else end


def _fixpoint(rules: TermRules, start: date, end: date, least: int) -> int:
    """The days added when the runs that are met in the days added count too."""
    extra = 0
    while True:
        longer = rules.rolled.add(end, extra) if extra else end
        further = sum(_long_runs(rules, start, longer, least))
        if further == extra:
            return extra
        extra = further


def _long_runs(rules: TermRules, start: date, end: date, least: int) -> list[int]:
    """The lengths of the runs of days off inside a term that are at least so long."""
    return [length for length in runs_off(rules.rolled, _first_inside(rules, start), end) if length >= least]


def runs_off(calendar: Snapshot, first: date, last: date) -> list[int]:
    """The lengths of the runs of days off between two days, both included, as far as they lie between them."""
    runs, length = [], 0
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        if calendar.is_working_day(date.fromordinal(ordinal)):
            runs.append(length)
            length = 0
        else:
            length += 1
    return [run for run in (*runs, length) if run]


def after_roll(rules: TermRules, end: date) -> Iterator[CountStep]:
    """The roll of an end, what is added after it, and the roll of that, as far as they move it."""
    day = rolled(rules, end)
    if day != end:
        yield CountStep("rolled", day, rules.clauses.get("roll"))
    if rules.added:
        day += timedelta(days=rules.sign * rules.added)
        yield CountStep("added", day, rules.clauses.get("added"))
        if (again := rolled(rules, day)) != day:
            yield CountStep("rolled_again", again, rules.clauses.get("roll"))


def last_day(rules: TermRules, end: date) -> date:
    """The last day that an end leads to: rolled, and with what is added after the roll."""
    day = rolled(rules, end)
    return day if not rules.added else rolled(rules, day + timedelta(days=rules.sign * rules.added))


def rolled(rules: TermRules, day: date) -> date:
    """A day, or where it is one of rest, the working day it gives way to."""
    roll, calendar = rules.roll, rules.rolled
    match roll:
        case "none":
            return day
        case "next":
            return day if calendar.is_working_day(day) else calendar.add(day, 1)
        case "previous":
            return day if calendar.is_working_day(day) else calendar.add(day, -1)
        case _:
            assert_never(roll)


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class TermCount(OtherLimitCount):
    """A term counted out by rules of its own: with every step that led to its day, the nominal end first."""

    rules: TermRules
    steps: tuple[CountStep, ...] = ()

    @property
    def status(self) -> Firmness:
        """``provisional`` where the calendar was asked for a day that is not firm yet."""
        days = (self.anchor, *(step.day for step in self.steps))
        first, last = min(days), max(days)
        if not any(calendar.may_change(first, last) for calendar in self._asked()):
            return "firm"
        if any(calendar.announced_by_notice for calendar in self._asked()):
            return "provisional"
        low, high = self._possible()
        return "firm" if low == high else "provisional"

    def _asked(self) -> list[Snapshot]:
        """The calendars on which the day hangs; of a day that was set no working day is counted."""
        rules = self.rules
        asked = [rules.counted] if self.n and rules.unit == "working_day" else []
        moves = rules.roll != "none" or rules.grows_by_run is not None or rules.least_working
        return [*asked, rules.rolled] if moves else asked

    @property
    def _asks_calendar(self) -> bool:
        return bool(self._asked())

    def _counts(self, day: Day) -> bool:
        if self.rules.unit == "working_day":
            return day.working
        return self.raw is None or abs((day.date - self.anchor).days) <= abs((self.raw - self.anchor).days)

    def _possible(self) -> tuple[date, date]:
        counted, rolled_over = self.rules.counted, self.rules.rolled
        alike = counted.calendar_hash == rolled_over.calendar_hash
        pairs = (zip if alike else product)(extremes(counted), extremes(rolled_over))
        days = [self.date, *(day for pair in pairs for day in self._by(*pair))]
        return min(days), max(days)

    def _by(self, counted: Snapshot, rolled_over: Snapshot) -> Iterator[date]:
        """The days by other calendars, and where no list is complete so far, with a day off more near each step.

        Beside the nominal end stands the last day counted, where the day that stays clear after it is any.
        """
        steps = self._steps_by(counted, rolled_over)
        yield steps[-1].day
        for day in dict.fromkeys([steps[0].day - self.rules.sign * ONE, *(step.day for step in steps)]):
            for counted_less, rolled_less in product(
                (counted, *one_more_off(counted, day)), (rolled_over, *one_more_off(rolled_over, day))
            ):
                if (counted_less, rolled_less) != (counted, rolled_over):
                    yield self._steps_by(counted_less, rolled_less)[-1].day

    def _steps_by(self, counted: Snapshot, rolled_over: Snapshot) -> list[CountStep]:
        rules = replace(self.rules, counted=counted, rolled=rolled_over)
        return list(_steps(rules, self.anchor, nominal_end(rules, self.anchor, self.n) if self.n else self.anchor))
