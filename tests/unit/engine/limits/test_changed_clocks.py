"""A clock that is stopped, lengthened, given another amount and a day that is set, in every order, against a walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

import pytest
from tests.property.made_calendars import EVERY_DAY, ONE, made
from tests.property.test_term_oracle import Term, Walk

from zhengxie_flow.engine.limits.clock_end import ClockEnd, ClockEnds, EndChange, HeldDays
from zhengxie_flow.engine.limits.suspensions import OPEN_END, ClockStop
from zhengxie_flow.engine.limits.term_rules import CountingRules
from zhengxie_flow.model.case import LAST
from zhengxie_flow.model.convention import RuleSet
from zhengxie_flow.model.limit import Part

WEEKENDS = frozenset(day for day in EVERY_DAY if day.weekday() > 4)
OFF = (WEEKENDS | {date(2026, 4, 6), date(2026, 5, 1)}) - {date(2026, 5, 9)}
CALENDAR = made(OFF)
START = date(2026, 4, 2)  # a Thursday
NEVER = date.max


@dataclass(frozen=True)
class Event:
    """What happens to a clock on a day: it stops until another, or its end is changed by an action."""

    on: date
    until: date | None = None
    added: int | None = None
    unit: str | None = None
    amount: int | None = None
    day: date | None = None
    action: str = "extend"


@dataclass
class Book:
    """The walk: the un-rolled end, by what it is counted, the stops in force, and the day that a stop in the roll left."""

    base: Term
    set_roll: str
    from_rolled: bool
    convention: bool
    clip: date | None = None
    stops: list[tuple[date, date, bool, bool]] = field(default_factory=list)
    fixed: bool = False
    floor: date = date.min

    def __post_init__(self) -> None:
        self.term = self.base
        self.end = self.first()

    def first(self) -> date:
        walk = Walk(self.term, OFF, OFF)
        return walk.grown(walk.nominal())

    def last(self) -> date:
        """The last day that the end leads to."""
        term = replace(self.term, roll=self.set_roll, added=0) if self.fixed else self.term
        walk = Walk(term, OFF, OFF)
        day = walk.roll(self.end)
        return max(walk.roll(day + term.added * ONE) if term.added else day, self.floor)

    def hold(self, first: date, last: date) -> None:
        """The end moves by the days held: working days in a term of those."""
        working = self.term.unit == "working_day"
        units = sum(not working or first + n * ONE not in OFF for n in range(1, (last - first).days + 1))
        while units:
            self.end += ONE
            units -= not working or self.end not in OFF

    def stop(self, first: date, last: date, *, in_roll: bool, on_last: bool) -> None:
        if not in_roll:
            self.hold(first, last)
            return
        self.floor = last if on_last else last + ONE
        while self.floor in OFF:
            self.floor += ONE

    def take(self, event: Event) -> None:
        if event.until is not None:
            due = self.last()
            if event.on <= due:
                last = event.until if self.clip is None else min(event.until, self.clip)
                held = (event.on, last, event.on > self.end, event.on > self.end and event.on == due)
                self.stops.append(held)
                self.stop(held[0], held[1], in_roll=held[2], on_last=held[3])
        elif event.added is not None:
            unit = self.term.unit if event.unit is None else event.unit
            begin = self.last() if self.from_rolled else self.end
            term = replace(self.term, start=begin, amount=event.added, unit=unit, count="event_excluded")
            self.end, self.fixed = Walk(term, OFF, OFF).nominal(), False
        elif event.amount is not None:
            unit = self.base.unit if event.unit is None else event.unit
            roll = self.base.roll if self.convention else "none" if unit == "working_day" else "next"
            run = None if unit == "working_day" else self.base.run
            self.term = replace(self.base, amount=event.amount, unit=unit, roll=roll, run=run)
            self.fixed, self.floor = False, date.min
            self.end = self.first()
            for first, last, _, on_last in self.stops:
                self.stop(first, last, in_roll=first > self.end, on_last=on_last)
        elif event.day is not None:
            self.end, self.fixed = event.day, True
            for first, last, *_ in self.stops:
                self.hold(max(first, event.on), last)


@dataclass(frozen=True)
class Rules:
    """The rules of a clock: none of its own, or those of a convention."""

    convention: bool
    term: Term
    set_roll: str = "none"
    from_rolled: bool = False

    def book(self, clip: date | None = None) -> Book:
        return Book(self.term, self.set_roll, self.from_rolled, self.convention, clip)

    def part(self, amount: int, unit: str | None = None) -> Part:
        return Part.model_validate({"within": amount, "unit": unit or self.term.unit, "after": "x"})

    def clock(self) -> ClockEnds:
        part, law = self.part(self.term.amount), {"law": "1"}
        if not self.convention:
            return ClockEnds(CALENDAR, START, part)
        written: dict[str, Any] = {
            "count": {"is": self.term.count, **law}, "roll": {"forward": self.term.roll, "set_day": self.set_roll, **law},
            "extension": {"from": "rolled" if self.from_rolled else "nominal", **law},
        }  # fmt: skip
        if self.term.added:
            written["added"] = {"days": self.term.added, **law}
        if self.term.run is not None:
            written["grow"] = {"run": self.term.run, "units": ("calendar_day", "week", "month"), **law}
        rules = CountingRules(part, RuleSet.model_validate(written), CALENDAR, "order")
        return ClockEnds(CALENDAR, START, part, None, rules)


def apply(rules: Rules, run: ClockEnds, event: Event, place: int) -> None:
    """The same event as the engine takes it."""
    if event.until is not None:
        end = OPEN_END if event.until == NEVER else (event.until, LAST)
        run.stop(ClockStop((event.on, place), end))
        return
    base = None if event.amount is None else rules.part(event.amount, event.unit)
    unit: Any = event.unit
    run.steps.append(EndChange(event.action, (event.on, place), event.added, unit, base, event.day))


def shown(run: ClockEnds, end: ClockEnd | None) -> tuple[Any, ...]:
    assert end is not None
    floor = date.min if end.floor is None else end.floor
    return end.day, end.fixed, floor, run.rolled(end)


def walked(book: Book) -> tuple[Any, ...]:
    return book.end, book.fixed, book.floor, book.last()


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


EVENTS = (
    Event(day("04-07"), until=day("04-09")),
    Event(day("04-08"), until=day("04-20")),
    Event(day("04-11"), until=day("04-17")),  # on a Saturday: perhaps in the roll
    Event(day("04-13"), until=day("04-15")),
    Event(day("04-07"), added=3),
    Event(day("04-08"), added=1, unit="month"),
    Event(day("04-09"), amount=15, action="renew"),
    Event(day("04-09"), amount=4, action="renew"),
    Event(day("04-08"), amount=5, action="renew"),  # used up on the day on which a stop began
    Event(day("04-10"), day=day("04-25"), action="appoint"),  # a Saturday
    Event(day("04-08"), day=day("04-16"), action="appoint"),
    Event(day("04-09"), day=day("04-24"), action="appoint"),  # on the day on which a stop ended
)
RENEWED = [
    (Event(day("04-07"), until=day("04-09")), Event(day("04-08"), amount=amount, unit=unit, action="renew"), later)
    for amount, unit in ((1, "month"), (2, "week"), (12, "calendar_day"), (9, "working_day"))
    for later in EVENTS[3:6]
]  # fmt: skip
"""Another amount in another unit."""
STORIES: list[tuple[Event, ...]] = [
    (), *((event,) for event in EVENTS), *product(EVENTS, repeat=2),
    *(story for story in product(EVENTS[::2], repeat=3) if len(set(story)) == 3),
    *RENEWED,
]  # fmt: skip
"""What happened, in the order in which it is told; stops that follow one another do not overlap."""


def apart(story: Sequence[Event]) -> bool:
    """Stops are united before a clock sees them: here they come in order, and none begins within another."""
    stops = [event for event in story if event.until is not None]
    return all(one.until is not None and one.until <= other.on for one, other in pairwise(stops))


TOLD = [story for story in STORIES if apart(story)]
ORDINARY = [
    Rules(False, Term(START, 9, "calendar_day", roll="next")), Rules(False, Term(START, 5, "working_day")),
    Rules(False, Term(START, 2, "week", roll="next")), Rules(False, Term(START, 1, "month", roll="next")),
]  # fmt: skip
BY_RULES = [
    Rules(True, Term(START, 9, "calendar_day", roll="next")),
    Rules(True, Term(START, 9, "calendar_day", roll="next"), "next", from_rolled=True),
    Rules(True, Term(START, 9, "calendar_day", "first_day_included", roll="previous", added=2), "previous"),
    Rules(True, Term(START, 6, "calendar_day", "clear_days", roll="next", run=3), "next"),
    Rules(True, Term(START, 5, "working_day", "clear_days"), "next"),
    Rules(True, Term(START, 1, "month", "first_day_included", roll="none")),
]


@pytest.mark.parametrize("rules", [*ORDINARY, *BY_RULES], ids=lambda rules: f"{rules.convention}-{rules.term.unit}")
def test_the_end_is_where_the_walk_leads_whatever_happens_in_whatever_order(rules):
    for story in TOLD:
        run, book = rules.clock(), rules.book()
        for place, event in enumerate(story):
            apply(rules, run, event, place)
            book.take(event)
            assert shown(run, run.end()) == walked(book), story[: place + 1]


@pytest.mark.parametrize("rules", [*ORDINARY, *BY_RULES], ids=lambda rules: f"{rules.convention}-{rules.term.unit}")
def test_an_open_stop_has_no_end_until_it_is_cut_off(rules):
    for story in TOLD[: len(EVENTS) + 1]:
        opened = (*story, Event(day("04-10"), until=NEVER))
        if not apart(opened):
            continue
        run = rules.clock()
        for place, event in enumerate(opened):
            apply(rules, run, event, place)
        last = rules.book()
        for event in story:
            last.take(event)
        if last.last() < day("04-10"):
            assert run.end() is not None, story  # it came too late
            continue
        assert run.end() is None, story
        for clip in (day("04-10"), day("04-14"), day("04-30")):
            book = rules.book(clip)
            for event in story:
                book.take(event)
            book.take(opened[-1])
            assert shown(run, run.end(clip=clip)) == walked(book), (story, clip)


def test_the_end_without_an_action_leaves_out_its_changes_alone():
    for rules in (*ORDINARY, *BY_RULES):
        for story in TOLD:
            if any(event.until is not None for event in story):
                continue
            run = rules.clock()
            for place, event in enumerate(story):
                apply(rules, run, event, place)
            for action in ("extend", "renew", "appoint", "other"):
                book = rules.book()
                for event in story:
                    if event.action != action:
                        book.take(event)
                assert shown(run, run.end(without=action)) == walked(book), (story, action)


@pytest.mark.parametrize("rules", [*ORDINARY, *BY_RULES], ids=lambda rules: f"{rules.convention}-{rules.term.unit}")
def test_the_whole_units_beyond_an_end(rules):
    """As many units as fit between the end and a later day: working days one by one, others each from the end."""
    run = rules.clock()
    end = run.end()
    assert end is not None
    for later in range(-2, 45):
        last = end.day + timedelta(days=later)
        if rules.term.unit == "working_day":
            wanted = sum(end.day + n * ONE not in OFF for n in range(1, later + 1))
        else:
            after = [Walk(replace(rules.term, start=end.day, amount=n, count="event_excluded"), OFF, OFF).nominal() for n in range(1, 50 if rules.term.unit == "calendar_day" else 7)]  # fmt: skip
            wanted = sum(day <= last for day in after)
        assert run.units(end, last) == wanted, later


def test_a_clock_stands_still_after_the_place_it_stopped_at_up_to_the_place_it_went_on():
    run = ORDINARY[0].clock()
    run.stop(ClockStop((day("04-07"), 3), (day("04-09"), 5)))
    for place, stands in (
        ((day("04-07"), 3), False), ((day("04-07"), 4), True), ((day("04-09"), 5), True), ((day("04-09"), 6), False),
    ):  # fmt: skip
        assert run.stopped(place) is stands
    run.steps.clear()
    assert not run.stopped((day("04-08"), 0))


@pytest.mark.parametrize("rules", [ORDINARY[0], BY_RULES[0]], ids=["ordinary", "by rules"])
@pytest.mark.parametrize(("first", "in_roll", "on_last", "floor"), [
    ("04-11", False, False, None),  # the un-rolled end, a Saturday
    ("04-12", True, False, "04-20"),  # leaves a working day after it
    ("04-13", True, True, "04-17"),  # on the last day: that of its end
])  # fmt: skip
def test_a_stop_that_prolongs_another_does_what_that_one_does(rules, first, in_roll, on_last, floor):
    run = rules.clock()
    run.stop(ClockStop((day(first), 1), (day("04-14"), 2)))
    run.stop(ClockStop((day("04-14"), 2), (day("04-17"), 4), began=(day("04-14"), 1), joins=True))
    held = [step for step in run.steps if isinstance(step, HeldDays)]
    assert [(step.first, step.last) for step in held] == [(day(first), day("04-14")), (day("04-14"), day("04-17"))]
    assert [(step.in_roll, step.on_last) for step in held] == [(in_roll, on_last)] * 2
    end = run.end()
    assert end is not None
    assert end.floor == (None if floor is None else day(floor))
    assert end.day == (day("04-11") if in_roll else day("04-17"))


@pytest.mark.parametrize(("change", "in_roll"), [
    (None, True),
    (Event(day("04-13"), added=1), True),
    (Event(day("04-13"), amount=20), False),  # another amount, which is not used up when the other stop begins
    (Event(day("04-13"), day=day("04-30"), action="appoint"), False),
    (Event(day("04-13"), day=day("04-10"), action="appoint"), True),
])  # fmt: skip
def test_a_stop_that_prolongs_another_is_held_against_the_end_that_an_act_set_since(change, in_roll):
    rules = ORDINARY[0]
    run = rules.clock()
    run.stop(ClockStop((day("04-12"), 1), (day("04-15"), 2)))
    if change is not None:
        apply(rules, run, change, 1)
    run.stop(ClockStop((day("04-15"), 2), (day("04-17"), 4), began=(day("04-14"), 1), joins=True))
    *_, held = (step for step in run.steps if isinstance(step, HeldDays))
    assert held.in_roll is in_roll


def test_a_stop_after_the_last_day_is_none():
    for rules, last in ((ORDINARY[0], "04-13"), (BY_RULES[0], "04-13"), (ORDINARY[1], "04-10")):
        for on, steps in ((day(last), 1), (day(last) + ONE, 0)):
            run = rules.clock()
            run.stop(ClockStop((on, 1), (on + 2 * ONE, 2)))
            assert len(run.steps) == steps
        run = rules.clock()  # where its days begin only later, the place of the act counts
        run.stop(ClockStop((day(last) + ONE, 1), (day(last) + 2 * ONE, 2), began=(day("04-08"), 1)))
        assert len(run.steps) == 1
