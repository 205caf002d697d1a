"""The rules by which a limit is counted on a case: its own keys, else its convention's, else the ordinary ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from itertools import product

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.hours import HourRules, hours_end
from zhengxie_flow.calendars.term import TermCount, TermRules, count_term, last_day
from zhengxie_flow.calendars.union import with_days_off
from zhengxie_flow.conditions import Scope
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.limits.anchors import LimitScope
from zhengxie_flow.engine.limits.answers import holds
from zhengxie_flow.model.case import end_of
from zhengxie_flow.model.condition import Compare, Test
from zhengxie_flow.model.convention import (
    CalendarChoice,
    FoundRules,
    OpenReading,
    RuleSet,
    SetDayDirection,
    TermKind,
    rules_for,
)
from zhengxie_flow.model.counting import (
    CalendarUnit,
    Convention,
    Counting,
    Roll,
    counts_back,
    elapsed,
    in_working_days,
    instant_unit,
    signed,
)
from zhengxie_flow.model.definition import calendar_choices
from zhengxie_flow.model.limit import Part

__all__ = ["CountingRules", "counting_rules", "ordinary_rules"]


@dataclass(frozen=True, slots=True)
class CountingRules:
    """The rules of one limit: those of its convention, and the calendars."""

    part: Part
    rules: RuleSet
    calendar: Snapshot
    convention: str | None = None
    excepted: str | None = None

    def term(self, part: Part | None = None) -> TermRules:
        """The rules of a term by a part of the limit: its own, or another amount that an act has set."""
        part = part or self.part
        unit = part.calendar_unit  # working days of a day that was set, which counts nothing
        direction = _counting(part)
        rules, applies = self.rules, self.excepted is None
        short = None
        if rules.short is not None and applies and rules.short.covers(unit, part.units):
            short = rules.short
            unit = "working_day"
        least = rules.least if applies and _long_enough(part, rules) else None
        return TermRules(
            self._days("counted", direction),
            self._days("rolled_over", direction),
            unit,
            part.count or _count_word(rules, direction),
            direction,
            keep_month_end=(part.month_end or (rules.month_end and rules.month_end.is_)) == "keep",
            roll=self.roll(part, unit, direction),
            grows_by_run=_run(part, rules, applies=applies),
            runs=rules.grow.takes if part.grow is None and rules.grow is not None else "every",
            least_working=0 if least is None else least.working_days,
            added=0 if rules.added is None else rules.added.days,
            clear_edge="counted" if rules.clear_edge is None else rules.clear_edge.is_,
            clauses=self._clauses(short is not None),
        )

    def counted(self, start: date, amount: int | None = None) -> TermCount:
        """The count of the term from a day, by its own amount or another."""
        return count_term(self.term(), start, amount or self.part.units)

    def hours(self, zone: tzinfo) -> HourRules:
        """The rules of a term in hours."""
        rule = self.rules.hours
        calendar = self._days("rolled_over", _counting(self.part))
        if rule is None:
            return HourRules(calendar, zone)
        return HourRules(calendar, zone, rule.is_, rule.from_ == "next_hour")

    def end(self, start: date, moment: datetime | None = None) -> date | datetime | None:
        """The bare result for a term that starts on a day, or at a moment; None where there is none."""
        part = self.part
        if part.amount is None:
            return last_day(replace(self.term(), roll=self.roll(part, None, "set_day")), start)
        if not elapsed(part.unit):
            return count_term(self.term(), start, part.amount).date
        if moment is None or moment.tzinfo is None:
            return None
        return hours_end(self.hours(moment.tzinfo), moment, signed(part.units, part.direction), instant_unit(part.unit))

    def roll(self, part: Part, unit: CalendarUnit | None, direction: SetDayDirection) -> Roll:
        """The roll of an end: by the limit, by the convention, else on to the next working day in a forward count."""
        if part.roll is not None:
            return part.roll
        if self.excepted is not None:
            return "none"
        written: Roll | None = None if self.rules.roll is None else getattr(self.rules.roll, direction)
        if written is not None:
            return written
        return "next" if direction == "forward" and unit is not None and not in_working_days(unit) else "none"

    def _days(self, key: str, direction: Counting) -> Snapshot:
        """The calendar of a set of days, in a direction."""
        rule = getattr(self.rules, key)
        if rule is None:
            return self.calendar
        name = rule.backward if counts_back(direction) else rule.forward
        if name is None and self.part.calendar is None:
            name = rule.is_
        days = self.calendar if name is None else self.calendar.beside(name)
        if rule.also is None or counts_back(direction):
            return days
        return with_days_off(days, self.calendar.beside(rule.also))

    def _clauses(self, short: bool) -> Mapping[str, str]:
        rules, part = self.rules, self.part
        written = {
            "count": rules.count if part.count is None else None,
            "short": rules.short if short else None,
            "roll": rules.roll if part.roll is None else None,
            "grow": rules.grow if part.grow is None else None,
            "least_working": rules.least,
            "added": rules.added,
            "month_end": rules.month_end if part.month_end is None else None,
        }
        clauses = {name: rule.law for name, rule in written.items() if rule is not None}
        return clauses | ({"excepted": self.excepted} if self.excepted is not None else {})

    @property
    def extends_rolled(self) -> bool:
        """True where an extension runs from the end as it has rolled."""
        return self.rules.extension is not None and self.rules.extension.from_ == "rolled"


def _long_enough(part: Part, rules: RuleSet) -> bool:
    """True where a term is long enough that it has to hold a least of working days."""
    if rules.least is None or part.direction != "forward" or in_working_days(part.calendar_unit):
        return False
    return part.unit != rules.least.unit or part.units >= rules.least.from_units


def _count_word(rules: RuleSet, direction: Counting) -> Convention:
    if rules.count is None:
        return "event_excluded"
    word: Convention | None = getattr(rules.count, direction)
    return word or rules.count.is_


def _run(part: Part, rules: RuleSet, *, applies: bool) -> int | None:
    if part.direction != "forward" or in_working_days(part.calendar_unit):
        return None
    if part.grow is not None:
        return part.grow.run
    grows = rules.grow is not None and applies and part.unit in rules.grow.units
    return rules.grow.run if grows and rules.grow is not None else None


def _counting(part: Part) -> Counting:
    direction = part.direction
    return direction if direction in ("backward", "minimum", "earliest") else "forward"


def set_day_direction(part: Part) -> SetDayDirection:
    """The direction of a part as conventions tell them apart."""
    return "set_day" if part.direction in ("by", "by_date") else _counting(part)


def counting_rules(scope: LimitScope, part: Part, start: date, moment: datetime | None = None) -> CountingRules | None:
    """The rules of a part of a limit that starts on a day; None where it is counted in the ordinary way.

    What its convention leaves open is asked where the readings lead to different days.
    """
    compiled = scope.view.compiled
    if part.counted_plainly and compiled.process.convention is None:
        return None
    ruled, found = _ruled(compiled, part, _calendar(scope, part, start), start)
    return _settled(scope, ruled, found, (start, moment))


def ordinary_rules(compiled: CompiledProcess, part: Part, calendar: Snapshot, start: date) -> CountingRules | None:
    """The rules of a part of a limit without a case: by the first reading, and the calendar of the process."""
    if part.counted_plainly and compiled.process.convention is None:
        return None
    own = part.calendar
    ruled, found = _ruled(compiled, part, calendar if not isinstance(own, str) else calendar.beside(own), start)
    for question in found.open:
        ruled = replace(ruled, rules=next(iter(question.readings.values())).over(ruled.rules))
    return ruled


def _ruled(compiled: CompiledProcess, part: Part, calendar: Snapshot, start: date) -> tuple[CountingRules, FoundRules]:
    name = part.convention or compiled.process.convention
    if name is None:
        return CountingRules(part, RuleSet(), calendar), FoundRules(RuleSet())
    term = TermKind(set_day_direction(part), part.unit, part.units, part.kind)
    found = rules_for(compiled.definition.conventions, name, term, start)
    return CountingRules(part, found.rules, calendar, name, found.excepted), found


def _settled(
    scope: LimitScope, ruled: CountingRules, found: FoundRules, start: tuple[date, datetime | None]
) -> CountingRules:
    """The rules under the readings that the view assumes; the first of each question where it assumes none."""
    for question in found.open:
        readings = list(question.readings.items())
        chosen = readings[0][1]
        if scope.view.answers is not None and _matters(ruled, found, question, start):
            for ident, rules in readings[1:]:
                if scope.view.answers.answer(("convention", question.name, ident), (question.name,)):
                    chosen = rules
                    break
        ruled = replace(ruled, rules=chosen.over(ruled.rules))
    return ruled


def _matters(
    ruled: CountingRules, found: FoundRules, question: OpenReading, start: tuple[date, datetime | None]
) -> bool:
    """True where the readings of a question lead to different days, whatever the others of the same term are."""
    others = [list(other.readings.values()) for other in found.open if other.ident != question.ident]
    for taken in product(*others):
        base = ruled.rules
        for rules in taken:
            base = rules.over(base)
        ends = {replace(ruled, rules=rules.over(base)).end(*start) for rules in question.readings.values()}
        if len(ends) > 1:
            return True
    return False


def _calendar(scope: LimitScope, part: Part, start: date) -> Snapshot:
    """The calendar of a limit: that of the process, its own, or the one that a fact names on the day it starts."""
    own = part.calendar
    if own is None:
        return scope.calendar
    if not isinstance(own, CalendarChoice):
        return scope.calendar.beside(own)
    then, names = scope.view.read_at(end_of(start)), Scope(item=scope.item)
    choices = calendar_choices(scope.view.compiled.process, own)
    *values, last = choices
    for value in values:
        if holds(scope.view, Compare(name=own.field, test=Test(equals=value)), then, names):
            return scope.calendar.beside(choices[value])
    return scope.calendar.beside(choices[last])
