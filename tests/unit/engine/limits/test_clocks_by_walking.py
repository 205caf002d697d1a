"""One clock with stops and additions, by every word of a convention, against the walk from day to day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
from tests.property.made_calendars import EVERY_DAY, ONE, made
from tests.property.test_term_oracle import Term, Walk

from zhengxie_flow.calendars import LimitCount
from zhengxie_flow.calendars.moments import OfficeHours
from zhengxie_flow.engine.limits.calculator import CountedTerm, OneOffTerm, count_one_off, whole_units
from zhengxie_flow.model.convention import read_conventions
from zhengxie_flow.model.limit import Part

WEEKENDS = frozenset(day for day in EVERY_DAY if day.weekday() > 4)
OFF = (WEEKENDS | {date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)}) - {date(2026, 5, 9)}
CALENDAR = made(OFF)
LAW = {"law": "1"}
Stops = tuple[tuple[date, date], ...]


@dataclass(frozen=True)
class Clock:
    """A clock in plain values: the term, the days it stands still, the units added, and the end those run from."""

    term: Term
    stops: Stops = ()
    added: tuple[int, ...] = ()
    from_rolled: bool = False

    def held(self, end: date, first: date, last: date) -> date:
        """The end moved by what it stood still: working days, or calendar days where all are counted."""
        units = sum(
            self.term.unit != "working_day" or first + (n + 1) * ONE not in OFF for n in range((last - first).days)
        )
        while units:
            end += ONE
            units -= self.term.unit != "working_day" or end not in OFF
        return end

    def last(self, end: date, floor: date) -> date:
        """The last day that an un-rolled end leads to."""
        walk = Walk(self.term, OFF, OFF)
        day = walk.roll(end)
        return max(walk.roll(day + self.term.added * ONE) if self.term.added else day, floor)

    def day(self) -> tuple[date, date]:
        """The un-rolled end, and the last day."""
        walk, floor = Walk(self.term, OFF, OFF), date.min
        end = walk.grown(walk.nominal())
        for units in self.added:
            base = self.last(end, floor) if self.from_rolled else end
            end = Walk(replace(self.term, start=base, amount=units, count="event_excluded"), OFF, OFF).nominal()
        for first, last in self.once():
            due = self.last(end, floor)
            if first <= end:
                end = self.held(end, first, last)
            elif first <= due:
                floor = last if first == due else last + ONE
                while floor in OFF:
                    floor += ONE
        return end, self.last(end, floor)

    def once(self) -> Iterator[tuple[date, date]]:
        """Each day on which it stands still once, none before the start, in runs as they were told."""
        taken = {self.term.start}
        for first, last in sorted(self.stops):
            days = [first + (n + 1) * ONE for n in range((last - first).days)]
            fresh = [day for day in days if day not in taken and day > self.term.start]
            taken |= set(fresh)
            if fresh:
                yield fresh[0] - ONE, fresh[-1]


def counted(clock: Clock, **more: Any) -> CountedTerm:
    """The same clock as the calculator counts it, by a convention or in the ordinary way."""
    term = clock.term
    rules: dict[str, Any] = {"count": {"is": term.count, **LAW}, "roll": {"forward": term.roll, **LAW}}
    if term.added:
        rules["added"] = {"days": term.added, **LAW}
    if term.keep:
        rules["month_end"] = {"is": "keep", **LAW}
    if term.run is not None:
        rules["grow"] = {"run": term.run, "units": ["calendar_day", "week", "month"], **LAW}
    if term.least:
        rules["least"] = {"working_days": term.least, **LAW}
    if clock.from_rolled:
        rules["extension"] = {"from": "rolled", **LAW}
    order = {"language": 1, "convention": "order", "law": "1", "editions": [{"rules": rules}]}
    plain = more.pop("plain", False)
    part = Part.model_validate(
        {"within": term.amount, "unit": term.unit, "after": "x"} | ({} if plain else {"convention": "order"})
    )
    asked = OneOffTerm(part, term.start, clock.stops, clock.added)
    (result,) = count_one_off(asked, CALENDAR, read_conventions({"order": order}), UTC)
    return result


def span(first: str, last: str) -> tuple[date, date]:
    return date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}")


STOPS: list[Stops] = [
    (),
    (span("04-07", "04-09"),),
    (span("04-03", "04-06"),),  # over days off alone, but for none
    (span("03-20", "04-08"),),  # from before the start
    (span("04-08", "04-08"),),
    (span("04-07", "04-13"), span("04-09", "04-16")),  # overlapping
    (span("04-09", "04-16"), span("04-07", "04-09")),  # one after the other, told the other way round
    (span("04-07", "04-20"), span("04-09", "04-13")),  # one inside the other
    (span("04-30", "05-07"), span("04-24", "04-27")),
    (span("04-10", "04-17"), span("05-08", "05-20")),
]
ADDED: list[tuple[int, ...]] = [(), (3,), (2, 1)]
TERMS = [
    *(Term(date(2026, 4, 2), amount, "calendar_day") for amount in (3, 8, 16, 29)),
    *(Term(date(2026, 4, 2), amount, "working_day") for amount in (1, 5, 17)),
    Term(date(2026, 4, 2), 2, "week"), Term(date(2026, 4, 2), 3, "half_month"),
    Term(date(2026, 4, 2), 1, "month"), Term(date(2026, 3, 31), 1, "month"), Term(date(2026, 2, 28), 2, "month"),
]  # fmt: skip
UNITS = ("working_day", "calendar_day", "week", "half_month", "month")


def check(clock: Clock, result: CountedTerm) -> None:
    end, day = clock.day()
    assert result.day == day, (clock, end)
    assert not result.steps or result.steps[-1].day == day, clock
    if clock.stops or clock.added:
        assert (result.steps[0].kind, result.steps[0].day) == ("nominal", end), clock
    if result.count is not None:
        assert result.count.date == day, clock
        assert result.count.anchor == clock.term.start


@pytest.mark.parametrize("unit", UNITS)
def test_an_ordinary_clock_ends_where_the_walk_does(unit):
    for term, stops, added in product(TERMS, STOPS, ADDED):
        if term.unit == unit:
            clock = Clock(replace(term, roll="none" if unit == "working_day" else "next"), stops, added)
            check(clock, counted(clock, plain=True))


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    ("word", "roll"), [*product(("event_excluded", "first_day_included", "clear_days"), ("none", "next"))]
)
def test_a_clock_by_rules_ends_where_the_walk_does(unit, word, roll):
    for term, stops, added, later in product(TERMS, STOPS[:6], ADDED, (0, 2)):
        if term.unit == unit:
            base = replace(term, count=word, roll=roll, added=later, keep=later == 2)
            for from_rolled in (False, True) if added else (False,):
                clock = Clock(base, stops, added, from_rolled)
                check(clock, counted(clock))


@pytest.mark.parametrize(("run", "least"), [(2, 0), (3, 0), (None, 6)])
def test_what_lengthens_a_term_is_counted_before_its_stops(run, least):
    for term, stops in product(TERMS, STOPS):
        if term.unit in ("calendar_day", "week", "month"):
            clock = Clock(replace(term, roll="next", run=run, least=least), stops)
            check(clock, counted(clock))


@pytest.mark.parametrize(("plain", "word"), [
    (True, "event_excluded"), (False, "event_excluded"), (False, "first_day_included"),
])  # fmt: skip
def test_the_proof_counts_each_unit_that_ran(plain, word):
    """Working days and calendar days: those counted, without the days it stood still, are its amount and what was added."""
    for term, stops, added in product(TERMS, STOPS, ADDED):
        if term.unit in ("working_day", "calendar_day"):
            roll = "none" if term.unit == "working_day" else "next"
            clock = Clock(replace(term, count=word, roll=roll), stops, added)
            result = counted(clock, plain=plain)
            stood = {first + (n + 1) * ONE for first, last in clock.once() for n in range((last - first).days)}
            if isinstance(result.count, LimitCount) and not stood & {result.count.date}:
                ran = [day for day in result.count.counted if day not in stood]
                end, _ = clock.day()
                wanted = term.amount + sum(added)
                assert len(ran) == wanted or max(stood, default=date.min) > end, clock


# -- terms in hours, readings, whole units


OPEN = made(WEEKENDS, "open", (OfficeHours(time(17), opens=time(9)),))
AT = datetime(2026, 4, 2, 15, 30, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(("keys", "end"), [
    ({"within": 3, "unit": "hour", "after": "x"}, AT + timedelta(hours=3)),
    ({"at_least": 3, "unit": "hour", "after": "x"}, AT + timedelta(hours=3)),
    ({"at_least": 30, "unit": "hour", "before": "x"}, AT - timedelta(hours=30)),
    ({"at_most": 30, "unit": "hour", "before": "x"}, AT - timedelta(hours=30)),
    ({"within": 3, "unit": "working_hour", "after": "x"}, datetime(2026, 4, 3, 10, 30, tzinfo=UTC)),
    ({"at_least": 7, "unit": "working_hour", "before": "x"}, datetime(2026, 4, 1, 16, 30, tzinfo=UTC)),
    ({"within": 3, "unit": "half_working_day", "after": "x"}, datetime(2026, 4, 6, 11, 30, tzinfo=UTC)),
])  # fmt: skip
def test_a_term_in_hours_ends_at_an_instant(keys, end):
    part = Part.model_validate(keys)
    (result,) = count_one_off(OneOffTerm(part, AT), OPEN, {}, UTC)
    assert (result.moment, result.day, result.possible) == (end, end.date(), (end.date(), end.date()))
    assert (result.count, result.steps, result.readings, result.excepted) == (None, (), {}, None)


def test_a_term_in_hours_from_a_day_runs_from_its_beginning_in_the_zone():
    part = Part.model_validate({"within": 30, "unit": "hour", "after": "x"})
    (result,) = count_one_off(OneOffTerm(part, AT.date()), OPEN, {}, UTC)
    assert result.moment == datetime(2026, 4, 3, 6, tzinfo=UTC)


def test_a_term_in_days_from_an_instant_runs_from_its_day():
    part = Part.model_validate({"within": 3, "unit": "working_day", "after": "x"})
    for start in (AT, AT.date()):
        (result,) = count_one_off(OneOffTerm(part, start), OPEN, {}, UTC)
        assert (result.day, result.moment, result.possible) == (date(2026, 4, 7), None, None)
        (stopped,) = count_one_off(OneOffTerm(part, start, (span("04-03", "04-06"),)), OPEN, {}, UTC)
        assert stopped.day == date(2026, 4, 8)


READINGS = {
    "roll": {"stays": {"roll": {"forward": "none", **LAW}}, "on": {"roll": {"forward": "next", **LAW}}},
    "more": {"no": {}, "two": {"added": {"days": 2, **LAW}}, "three": {"added": {"days": 3, **LAW}}},
}


def asked(names: tuple[str, ...], amount: int, *, stops: Stops = (), **more: Any) -> tuple[CountedTerm, ...]:
    unsettled = {
        name: {
            "zh": name,
            "readings": {ident: {"zh": ident, "rules": rules} for ident, rules in READINGS[name].items()},
        }
        for name in names
    }
    order = {"language": 1, "convention": "order", "law": "1", "editions": [{"unsettled": unsettled, **more}]}
    part = Part.model_validate({"within": amount, "unit": "calendar_day", "after": "x", "convention": "order"})
    return count_one_off(OneOffTerm(part, date(2026, 4, 7), stops), CALENDAR, read_conventions({"order": order}), UTC)


@pytest.mark.parametrize("names", [("roll",), ("more",), ("roll", "more"), ("more", "roll")])
@pytest.mark.parametrize("amount", range(2, 7))
def test_each_set_of_readings_is_counted_and_one_is_shown_where_all_agree(names, amount):
    wanted = {}
    for taken in product(*(READINGS[name] for name in names)):
        chosen = dict(zip(names, taken, strict=True))
        later = {"no": 0, "two": 2, "three": 3}[chosen.get("more", "no")]
        roll = "next" if chosen.get("roll", "on") == "on" else "none"
        term = Term(date(2026, 4, 7), amount, "calendar_day", roll=roll, added=later)
        wanted[tuple((f"order.{name}", ident) for name, ident in chosen.items())] = Walk(term, OFF, OFF).date()
    results = asked(names, amount)
    if len(set(wanted.values())) == 1:
        assert [(result.readings, result.day) for result in results] == [({}, next(iter(wanted.values())))]
    else:
        assert {tuple(result.readings.items()): result.day for result in results} == wanted
        assert list(results[0].readings.values()) == [next(iter(READINGS[name])) for name in names]


def test_each_reading_of_a_clock_that_stood_still_is_named():
    results = asked(("more",), 3, stops=(span("04-08", "04-09"),))
    assert [(result.readings, result.day.day) for result in results] == [
        ({"order.more": ident}, day) for ident, day in (("no", 13), ("two", 15), ("three", 16))
    ]
    (excepted,) = asked((), 4, stops=(span("04-08", "04-09"),), excepted=[{"over": 3, "law": "art. 9"}])
    assert (excepted.excepted, excepted.readings) == ("art. 9", {})


def test_readings_and_exceptions_of_a_term_in_hours_are_named():
    readings = {"run": {"hours": {"is": "elapsed", **LAW}}, "roll": {"hours": {"is": "rolls", **LAW}}}
    unsettled = {
        "hours": {"zh": "x", "readings": {ident: {"zh": ident, "rules": rules} for ident, rules in readings.items()}}
    }
    edition = {"unsettled": unsettled, "excepted": [{"unit": "hour", "over": 30, "law": "art. 9"}]}
    order = {"language": 1, "convention": "order", "law": "1", "editions": [edition]}
    friday = datetime(2026, 4, 10, 15, 30, tzinfo=UTC)
    for amount, excepted in ((20, None), (32, "art. 9")):
        part = Part.model_validate({"within": amount, "unit": "hour", "after": "x", "convention": "order"})
        results = count_one_off(OneOffTerm(part, friday), OPEN, read_conventions({"order": order}), UTC)
        assert [(result.readings, result.day.day, result.excepted) for result in results] == [
            ({"order.hours": "run"}, 11, excepted), ({"order.hours": "roll"}, 13, excepted),
        ]  # fmt: skip


def test_a_term_to_which_the_law_does_not_apply_says_so():
    excepted = [{"unit": "calendar_day", "over": 3, "law": "art. 9"}]
    rules = {"roll": {"forward": "next", **LAW}}
    assert [result.excepted for result in asked((), 3, excepted=excepted, rules=rules)] == [None]
    (result,) = asked((), 4, excepted=excepted, rules=rules)
    assert (result.excepted, result.day) == ("art. 9", date(2026, 4, 11))


@pytest.mark.parametrize(("unit", "most", "lengths"), [
    ("calendar_day", 61, range(60)), ("week", 9, range(60)), ("half_month", 4, range(60)), ("month", 2, range(60)),
    ("year", 1, range(363, 367)),
])  # fmt: skip
def test_whole_units_are_as_many_as_fit_between_two_days(unit, most, lengths):
    part = Part.model_validate({"within": 1, "unit": unit, "after": "x"})
    for first in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 4, 6)):
        ends = [Walk(Term(first, n, unit, "first_day_included"), OFF, OFF).nominal() for n in range(1, most + 1)]
        for length in lengths:
            last = first + length * ONE
            assert whole_units(part, first, last, CALENDAR) == sum(end <= last for end in ends), (first, last)


def test_working_days_between_two_days_are_counted_one_by_one():
    part = Part.model_validate({"within": 1, "unit": "working_day", "after": "x"})
    for length in range(40):
        first = date(2026, 4, 3)
        days = [first + n * ONE for n in range(length + 1)]
        assert whole_units(part, first, days[-1], CALENDAR) == sum(day not in OFF for day in days)
