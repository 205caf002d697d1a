"""Terms counted by rules against a walk from day to day that shares no code with them.

The walk keeps a set of days off and steps; months are found by looking for the day of the same number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import example, given, settings, strategies as st
from tests.property.made_calendars import EVERY_DAY, ONE, days_off, made, near
from tests.support import tries

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.extremes import extremes
from zhengxie_flow.calendars.term import TermRules, count_term, last_day, nominal_end, set_day
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.model.counting import counts_back
from zhengxie_flow.reading.calendars import load

UNITS = ("working_day", "calendar_day", "week", "half_month", "month", "year")
WORDS = ("event_excluded", "first_day_included", "clear_days")
ROLLS = ("none", "next", "previous")
MOST = {"working_day": 40, "calendar_day": 90, "week": 12, "half_month": 7, "month": 6, "year": 1}


@dataclass(frozen=True)
class Term:
    """A term and the rules by which it is counted, in plain values."""

    start: date
    amount: int
    unit: str
    count: str = "event_excluded"
    direction: str = "forward"
    keep: bool = False
    roll: str = "none"
    run: int | None = None
    runs: str = "every"
    least: int = 0
    added: int = 0
    edge: str = "counted"

    def rules(self, counted: Snapshot, rolled: Snapshot) -> TermRules:
        """The rules as the engine takes them."""
        words: dict[str, Any] = {
            "keep_month_end": self.keep, "roll": self.roll, "grows_by_run": self.run, "runs": self.runs,
            "least_working": self.least, "added": self.added, "clear_edge": self.edge,
        }  # fmt: skip
        unit: Any = self.unit
        return TermRules(counted, rolled, unit, self.count, self.direction, **words)  # type: ignore[arg-type]


@st.composite
def terms(draw: st.DrawFn) -> Term:
    """Any term whose rules can be told of it."""
    unit = draw(st.sampled_from(UNITS))
    direction = draw(st.sampled_from(("forward", "backward", "minimum", "earliest")))
    grows = direction == "forward" and unit != "working_day"
    return Term(
        draw(near | st.sampled_from(LAST_DAYS)),
        draw(st.integers(1, MOST[unit])),
        unit,
        draw(st.sampled_from(WORDS)),
        direction,
        draw(st.booleans()),
        draw(st.sampled_from(ROLLS)),
        draw(st.none() | st.integers(1, 4)) if grows else None,
        draw(st.sampled_from(("every", "longest", "extended"))),
        draw(st.sampled_from((0, 0, 2, 5))) if grows else 0,
        draw(st.sampled_from((0, 0, 3))),
        draw(st.sampled_from(("counted", "any"))),
    )


LAST_DAYS = [day for day in EVERY_DAY if date(2025, 1, 1) <= day < date(2026, 7, 1) and (day + ONE).day <= 3]
"""The ends of months, with the days before and after."""


MONTHS: dict[tuple[int, int], list[date]] = {}
"""The days of each month."""
for _day in EVERY_DAY:
    MONTHS.setdefault((_day.year, _day.month), []).append(_day)


class Walk:
    """A term counted by stepping; the first set of days off is that counted by, the second that rolled over."""

    def __init__(self, term: Term, counted: frozenset[date], rolled: frozenset[date]) -> None:
        self.term, self.counted, self.rolled = term, counted, rolled
        self.step = -ONE if term.direction in ("backward", "earliest") else ONE

    def nominal(self) -> date:
        """The day on which the amount is used up."""
        term = self.term
        if term.unit == "working_day":
            return self.by_working_days()
        if term.count == "first_day_included":
            return self.last_of_units()
        end = self.corresponding(term.amount)[0]
        return end + self.step if term.count == "clear_days" else end

    def by_working_days(self) -> date:
        term = self.term
        day = term.start if term.count == "first_day_included" else term.start + self.step
        left = term.amount
        while True:
            left -= day not in self.counted
            if left == 0:
                break
            day += self.step
        if term.count == "clear_days":  # the day on which the act may be done: after the last clear day
            day += self.step
            while term.edge == "counted" and day in self.counted:
                day += self.step
        return day

    def corresponding(self, amount: int) -> tuple[date, bool]:
        """The day so many units on, and whether its month lacks the day of the same number."""
        term = self.term
        if term.unit in ("calendar_day", "week"):
            day = term.start
            for _ in range(amount * (7 if term.unit == "week" else 1)):
                day += self.step
            return day, False
        months = {"half_month": amount // 2, "month": amount, "year": 12 * amount}[term.unit]
        day, lacking = self.month(months)
        for _ in range(15 if term.unit == "half_month" and amount % 2 else 0):
            day += self.step
        return day, lacking

    def month(self, months: int) -> tuple[date, bool]:
        """The day of the same number so many months on, else the last of the month."""
        start, keep = self.term.start, self.term.keep and self.term.unit != "half_month"
        year, month = start.year, start.month
        for _ in range(months):
            month += self.step.days
            year, month = (year + 1, 1) if month == 13 else (year - 1, 12) if month == 0 else (year, month)
        days = MONTHS[year, month]
        same = [day for day in days if day.day == start.day]
        if keep and (start + ONE).month != start.month:
            return days[-1], not same
        return (same or days)[-1], not same

    def last_of_units(self) -> date:
        """The last day of units whose first day is the start itself."""
        term = self.term
        whole = replace(term, amount=term.amount - term.amount % 2) if term.unit == "half_month" else term
        end, lacking = Walk(whole, self.counted, self.rolled).corresponding(whole.amount)
        if not (lacking and self.step == ONE):
            end -= self.step
        for _ in range(15 if whole.amount != term.amount else 0):
            end += self.step
        return end

    def inside(self, end: date) -> Iterator[date]:
        """The days of the term up to a day."""
        day = self.term.start if self.term.count == "first_day_included" else self.term.start + ONE
        while day <= end:
            yield day
            day += ONE

    def runs(self, end: date) -> list[int]:
        """The lengths of the runs of days off in the term that are long enough."""
        text = "".join("-" if day in self.rolled else " " for day in self.inside(end))
        return [len(run) for run in text.split() if self.term.run is not None and len(run) >= self.term.run]

    def working_days_after(self, day: date, number: int) -> date:
        while number:
            day += ONE
            number -= day not in self.rolled
        return day

    def grown(self, end: date) -> date:
        """The end with what lengthens the term."""
        term, longer = self.term, end
        if term.run is not None:
            lengths = self.runs(end)
            extra = max(lengths, default=0) if term.runs == "longest" else sum(lengths)
            longer = self.working_days_after(end, extra)
            while term.runs == "extended" and sum(self.runs(longer)) > extra:
                extra = sum(self.runs(longer))
                longer = self.working_days_after(end, extra)
        while sum(day not in self.rolled for day in self.inside(longer)) < term.least:
            longer += ONE
        return longer

    def roll(self, day: date) -> date:
        way = {"none": timedelta(0), "next": ONE, "previous": -ONE}[self.term.roll]
        while way and day in self.rolled:
            day += way
        return day

    def date(self) -> date:
        """The day to which all of it leads."""
        day = self.roll(self.grown(self.nominal()))
        return self.roll(day + self.term.added * self.step) if self.term.added else day


@settings(max_examples=tries(100), deadline=None)
@given(terms(), days_off(), days_off() | st.none())
@example(Term(date(2026, 1, 31), 3, "half_month", "first_day_included"), frozenset(), None)
@example(Term(date(2026, 2, 28), 1, "month", "first_day_included", keep=True), frozenset(), None)
@example(
    Term(date(2026, 3, 1), 5, "calendar_day", "first_day_included", run=3),
    frozenset({date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)}),
    None,
)
@example(Term(date(2026, 3, 2), 1, "calendar_day", "first_day_included", least=2), frozenset(), None)
def test_a_term_ends_where_the_walk_does(term, off, rolled_off):
    rolled_off = off if rolled_off is None else rolled_off
    counted, rolled = made(off), made(rolled_off, "rolled")
    walk = Walk(term, off, rolled_off)
    rules = term.rules(counted, rolled)
    assert nominal_end(rules, term.start, term.amount) == walk.nominal()
    count = count_term(rules, term.start, term.amount)
    assert (count.date, count.steps[-1].day, count.raw) == (walk.date(), walk.date(), walk.nominal())
    assert count.status == "firm"
    assert count.earliest == count.date == count.latest


@settings(max_examples=tries(30), deadline=None)
@given(near, st.sampled_from(ROLLS), st.sampled_from((0, 3)), days_off())
def test_a_day_that_was_set_rolls_as_the_walk_does(day, roll, added, off):
    term = Term(day, 0, "calendar_day", roll=roll, added=added)
    rules = term.rules(made(off), made(off))
    walk = Walk(term, off, off)
    rolled = walk.roll(day)
    expected = walk.roll(rolled + added * ONE) if added else rolled
    assert set_day(rules, day).date == last_day(rules, day) == expected


@settings(max_examples=tries(40), deadline=None)
@given(terms(), days_off(), days_off())
def test_more_days_off_never_give_an_earlier_forward_day(term, off, more):
    term = replace(term, direction="forward", roll="next" if term.roll == "previous" else term.roll)
    fewer, many = made(off), made(off | more)
    if term.edge == "any" and term.count == "clear_days":
        term = replace(term, edge="counted")
    early = count_term(term.rules(fewer, fewer), term.start, term.amount).date
    assert early <= count_term(term.rules(many, many), term.start, term.amount).date


@settings(max_examples=tries(40), deadline=None)
@given(terms(), days_off())
def test_one_unit_more_is_never_earlier(term, off):
    rules = term.rules(made(off), made(off))
    less, more = (count_term(rules, term.start, term.amount + further).date for further in (0, 1))
    assert more <= less if counts_back(term.direction) else less <= more


OPEN = {
    "cn": load("cn", date(2025, 6, 1)),
    "cn+": load("cn", date(2025, 6, 1), overlays=[{"id": "town", "off_days": ["2026-03-09", "2026-10-12"]}]),
    "NL": load("NL"),
    "CN": load("CN"),
    "TR": load("TR"),
}
"""Calendars some days of which are not firm, by name."""


def soon(term: Term, later: int) -> Term:
    """A term that starts some days after 2025 and ends well inside the calendars."""
    unit = "month" if term.unit == "year" else term.unit
    return replace(term, start=date(2026, 1, 1) + timedelta(days=later), amount=min(term.amount, 20), unit=unit)


def between(calendar: Snapshot, picks: list[bool]) -> Snapshot:
    """A calendar that may still come: of its open days some are taken as worked, some as days off."""
    fewest, most = (found.timeline for found in extremes(calendar))
    flags = bytearray(fewest.flags)
    places = [place for place, flag in enumerate(fewest.flags) if flag != most.flags[place]]
    for number, place in enumerate(places):
        if picks[number % len(picks)]:
            flags[place] = most.flags[place]
    timeline = calendar.timeline
    return Snapshot(
        Timeline("between", timeline.first, bytes(flags), notices=(), firm_through=timeline.last, facts=timeline.facts)
    )


def arranged(calendar: Snapshot, picks: list[int]) -> Snapshot:
    """A calendar that may still come: each festival is arranged as in one of the ways known of it."""
    spread, timeline = calendar.spread, calendar.timeline
    flags = bytearray(timeline.flags)
    for day, festivals in spread.flips.items():
        place = day - timeline.base - 1
        if 0 <= place < len(flags):
            flags[place] = spread.weekly[place]
            for festival, changes in festivals:
                way = picks[festival % len(picks)] % spread.sizes[festival]
                flags[place] = max(0, min(1, flags[place] + dict(changes).get(way, 0)))
    return Snapshot(
        Timeline("come", timeline.first, bytes(flags), notices=(), firm_through=timeline.last, facts=timeline.facts)
    )


@settings(max_examples=tries(40), deadline=None)
@given(
    terms(), st.sampled_from(sorted(OPEN)), st.lists(st.integers(0, 20), min_size=3, max_size=7), st.integers(0, 400)
)
def test_the_day_stays_within_its_bounds_however_festivals_are_arranged(term, name, picks, later):
    term = soon(term, later)
    calendar, come = OPEN[name], arranged(OPEN[name], picks)
    count = count_term(term.rules(calendar, calendar), term.start, term.amount)
    assert count.earliest <= count_term(term.rules(come, come), term.start, term.amount).date <= count.latest


@settings(max_examples=tries(40), deadline=None)
@given(
    terms(),
    st.sampled_from(sorted(OPEN)),
    st.sampled_from(sorted(OPEN)) | st.none(),
    st.lists(st.booleans(), min_size=1, max_size=7),
    st.integers(0, 400),
)
def test_the_day_stays_within_its_bounds_whatever_comes(term, name, other, picks, later):
    term = soon(term, later)
    counted, rolled = OPEN[name], OPEN[other or name]
    count = count_term(term.rules(counted, rolled), term.start, term.amount)
    assert count.earliest <= count.date <= count.latest
    come = count_term(term.rules(between(counted, picks), between(rolled, picks)), term.start, term.amount)
    assert count.earliest <= come.date <= count.latest


LISTED = ("NL", "TR")
"""Those whose days nobody arranges; where a day may be taken twice, the range of an ordinary count counts it twice."""


@settings(max_examples=tries(40), deadline=None)
@given(st.sampled_from(LISTED), st.integers(0, 900), st.integers(1, 30), st.sampled_from(("forward", "backward")))
def test_bounds_by_rules_are_no_narrower_than_those_of_an_ordinary_count(name, later, amount, direction):
    calendar, start = OPEN[name], date(2026, 1, 1) + timedelta(days=later)
    plain = calendar.within(start, amount) if direction == "forward" else calendar.before(start, amount)
    count = count_term(Term(start, amount, "working_day", direction=direction).rules(calendar, calendar), start, amount)
    assert count.date == plain.date
    assert count.earliest <= plain.earliest <= plain.latest <= count.latest
    assert count.status == plain.status


LISTED = ("NL", "TR")
"""Those whose days nobody arranges; where a day may be taken twice, the range of an ordinary count counts it twice."""


@settings(max_examples=tries(40), deadline=None)
@given(st.sampled_from(LISTED), st.integers(0, 900), st.integers(1, 60), st.sampled_from(UNITS[1:]))
def test_bounds_of_a_roll_are_no_narrower_than_those_of_an_ordinary_one(name, later, amount, unit):
    calendar, start = OPEN[name], date(2026, 1, 1) + timedelta(days=later % 350)
    amount = min(amount, MOST[unit])
    plain = calendar.within(start, amount, unit=unit)
    count = count_term(Term(start, amount, unit, roll="next").rules(calendar, calendar), start, amount)
    assert count.date == plain.date
    assert count.earliest <= plain.earliest <= plain.latest <= count.latest
