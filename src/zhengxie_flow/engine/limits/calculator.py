"""One term counted by itself, without a case: by the rules of a convention, with stops and extensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from itertools import product

from zhengxie_flow.calendars import LimitCount, Snapshot
from zhengxie_flow.calendars.hours import HourRules, hours_end, hours_interval
from zhengxie_flow.calendars.term import TermCount, after_roll
from zhengxie_flow.engine.limits.clock_end import ClockEnds, EndChange
from zhengxie_flow.engine.limits.counting_out import counted
from zhengxie_flow.engine.limits.running_limit import count_of
from zhengxie_flow.engine.limits.suspensions import ClockStop
from zhengxie_flow.engine.limits.term_rules import CountingRules, set_day_direction
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.case import LAST
from zhengxie_flow.model.convention import Convention, RuleSet, TermKind, rules_for
from zhengxie_flow.model.count_step import CountStep
from zhengxie_flow.model.counting import elapsed, in_working_days, instant_unit, signed
from zhengxie_flow.model.limit import Part

__all__ = ["CountedTerm", "OneOffTerm", "count_one_off"]

EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class OneOffTerm:
    """A term as somebody asks for it.

    Attributes:
        part: Its amount, unit and direction, and what is said about how it is counted.
        start: The day of the event; an instant for a term in hours.
        stops: The days on which it stands still: after the first, up to and including the last.
        extensions: The units added to it, one after the other.
    """

    part: Part
    start: date | datetime
    stops: tuple[tuple[date, date], ...] = ()
    extensions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CountedTerm:
    """The result under one reading of what a convention leaves open.

    Attributes:
        readings: The reading of each open question, by the id of the question.
        day: The last day, the latest day or the earliest day, by direction.
        count: The count that proves it, where one count does.
        moment: The instant at which a term in hours ends.
        possible: The days on which it may end by what may still change.
        steps: What led from the bare end to the day, with the clause of each.
        excepted: The clause by which the law does not apply to the term.
    """

    readings: Mapping[str, str]
    day: date
    count: LimitCount | None = None
    moment: datetime | None = None
    possible: tuple[date, date] | None = None
    steps: tuple[CountStep, ...] = ()
    excepted: str | None = None


def count_one_off(
    term: OneOffTerm, calendar: Snapshot, conventions: Mapping[str, Convention], zone: tzinfo
) -> tuple[CountedTerm, ...]:
    """Count a term.

    Args:
        term: The term.
        calendar: The calendar, loaded with those that the conventions name.
        conventions: The conventions by id.
        zone: The zone of the days, for a term in hours.

    Returns:
        The result, or one for each reading where readings of a convention lead to different results, the first first.

    Raises:
        CalendarError: ZX2001 to ZX2008 for what cannot be counted, ZX2070 without opening hours.
    """
    choices = _rules(term, calendar, conventions)
    results = tuple(_counted(term, readings, rules, calendar, zone) for readings, rules in choices)
    alike = all((result.day, result.moment) == (results[0].day, results[0].moment) for result in results)
    return (replace(results[0], readings={}),) if alike else results


def _rules(
    term: OneOffTerm, calendar: Snapshot, conventions: Mapping[str, Convention]
) -> Iterator[tuple[dict[str, str], CountingRules | None]]:
    """The rules under each combination of readings."""
    part = term.part
    if part.convention is None:
        yield {}, None if part.counted_plainly else CountingRules(part, RuleSet(), calendar)
        return
    day = term.start.date() if isinstance(term.start, datetime) else term.start
    kind = TermKind(set_day_direction(part), part.unit, part.units, part.kind)
    found = rules_for(conventions, part.convention, kind, day)
    ruled = CountingRules(part, found.rules, calendar, excepted=found.excepted)
    for taken in product(*(question.readings.items() for question in found.open)):
        rules = ruled
        for _, reading in taken:
            rules = replace(rules, rules=reading.over(rules.rules))
        yield {question.name: ident for question, (ident, _) in zip(found.open, taken, strict=True)}, rules


def _counted(
    term: OneOffTerm, readings: dict[str, str], rules: CountingRules | None, calendar: Snapshot, zone: tzinfo
) -> CountedTerm:
    part, excepted = term.part, None if rules is None else rules.excepted
    if elapsed(part.unit):
        return replace(_in_hours(term, rules, calendar, zone), readings=readings, excepted=excepted)
    start = term.start.date() if isinstance(term.start, datetime) else term.start
    if not (term.stops or term.extensions):
        count = counted(calendar, part, start) if rules is None else rules.counted(start)
        steps = count.steps if isinstance(count, TermCount) else _plain_steps(count)
        return CountedTerm(readings, count.date, count, steps=steps, excepted=excepted)
    run = ClockEnds(calendar, start, part, None, rules)
    for number, units in enumerate(term.extensions):
        run.steps.append(EndChange(EXTENSION, (start, number + 1), added=units))
    for first, last in _united(term.stops, start):
        run.stop(ClockStop((first, 0), (last, LAST)))
    end = run.end()
    assert end is not None  # noqa: S101  # every stop has its end
    moved = after_roll(rules.term(end.part), end.day) if rules is not None else ()
    day, to_day = run.rolled(end), [CountStep("nominal", end.day), *moved]
    if to_day[-1].day != day:
        to_day.append(CountStep("rolled", day))
    return CountedTerm(readings, day, count_of(run, end), steps=tuple(to_day), excepted=excepted)


def _united(stops: Sequence[tuple[date, date]], start: date) -> Iterator[tuple[date, date]]:
    """Stops in order, each day held once and none before the start."""
    held = start
    for first, last in sorted(stops):
        if last > held:
            yield max(first, held), last
            held = last


def _plain_steps(count: LimitCount) -> tuple[CountStep, ...]:
    """The steps of a term counted in the ordinary way: its bare end, and the roll."""
    if count.raw is None or count.raw == count.date:
        return ()
    return (CountStep("nominal", count.raw), CountStep("rolled", count.date))


def _in_hours(term: OneOffTerm, rules: CountingRules | None, calendar: Snapshot, zone: tzinfo) -> CountedTerm:
    part = term.part
    start = term.start if isinstance(term.start, datetime) else datetime.combine(term.start, datetime.min.time(), zone)
    hours = HourRules(calendar, zone) if rules is None else rules.hours(zone)
    amount, unit = signed(part.units, part.direction), instant_unit(part.unit)
    moment = hours_end(hours, start, amount, unit)
    possible = hours_interval(hours, start, moment, (amount, unit))
    return CountedTerm({}, moment.astimezone(zone).date(), moment=moment, possible=possible)


def whole_units(part: Part, first: date, last: date, calendar: Snapshot) -> int:
    """The whole units of a part in a closed interval of days: working days, or calendar units that fit into it.

    Raises:
        CalendarError: ZX2007 where the last day lies before the first, ZX2008 outside the data, ZX2011 for hours.
    """
    if elapsed(part.unit):
        raise CalendarError("ZX2011", given=part.unit)
    working, whole = calendar.count(first, last), 0
    if in_working_days(part.calendar_unit):
        return working
    rules = CountingRules(part.model_copy(update={"count": "first_day_included", "roll": "none"}), RuleSet(), calendar)
    while rules.counted(first, whole + 1).date <= last:
        whole += 1
    return whole


def calendars_of(conventions: Sequence[Convention]) -> list[str]:
    """The names of the calendars that conventions count by, in order."""
    return sorted({name for convention in conventions for name in convention.calendars()})
