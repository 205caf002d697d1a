"""Terms of every unit, word and direction against the walk from day to day, over the days on which they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from tests.property.made_calendars import EVERY_DAY, FACTS, FIRST, ONE, made
from tests.property.test_term_oracle import MOST, ROLLS, UNITS, WORDS, Term, Walk

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.term import count_term, last_day, nominal_end, set_day
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.model.counting import counts_back

DIRECTIONS = ("forward", "backward", "minimum", "earliest")
WEEKENDS = frozenset(day for day in EVERY_DAY if day.weekday() > 4)
FESTIVALS = frozenset(
    date(2026, month, first) + place * ONE
    for month, first, length in ((1, 1, 3), (2, 16, 7), (4, 3, 3), (5, 1, 5), (10, 1, 8))
    for place in range(length)
)
OFF = (WEEKENDS | FESTIVALS) - {date(2026, 2, 14), date(2026, 2, 28), date(2026, 10, 10)}
OTHER = WEEKENDS | {date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)}
COUNTED, ROLLED = made(OFF), made(OTHER, "rolled")
STARTS = [
    *(date(2026, month, 1) + place * ONE for month in (1, 3, 5, 10) for place in (-3, -2, -1, 0, 1)),
    date(2026, 2, 14), date(2026, 1, 15), date(2026, 12, 31), date(2026, 8, 29), date(2024, 2, 29),
]  # fmt: skip
CLAUSES = {
    name: f"of {name}" for name in ("count", "grow", "least_working", "roll", "added", "short", "month_end", "excepted")
}


@pytest.mark.parametrize(("unit", "word"), [*product(UNITS, WORDS)])
def test_every_nominal_end_is_where_the_walk_ends(unit, word):
    amounts = range(1, min(MOST[unit], 5) + 1)
    for direction, keep, start, amount in product(DIRECTIONS, (False, True), STARTS, amounts):
        edge = "any" if keep else "counted"
        term = Term(start, amount, unit, word, direction, keep, edge=edge)
        assert nominal_end(term.rules(COUNTED, ROLLED), start, amount) == Walk(term, OFF, OTHER).nominal(), term


@pytest.mark.parametrize(("unit", "word"), [*product(UNITS, WORDS)])
def test_the_ordinary_counts_of_a_calendar_are_where_the_walk_ends(unit, word):
    """`Snapshot.within`, `before` and `minimum` against the walk: forward the end rolls, and nothing else does."""
    units: Any = unit
    for start, amount in product(STARTS, range(1, min(MOST[unit], 3) + 1)):
        roll = "none" if unit == "working_day" else "next"
        forward = COUNTED.within(start, amount, units, word)
        walk = Walk(Term(start, amount, unit, word, "forward", roll=roll), OFF, OFF)
        raw = None if (unit, word) == ("working_day", "event_excluded") else walk.nominal()
        assert (forward.date, forward.raw, forward.n) == (walk.date(), raw, amount)
        assert forward.rolled is (walk.date() != walk.nominal())
        ends = {
            "backward": COUNTED.before(start, amount, word, units),
            "earliest": COUNTED.before(start, amount, word, units, "earliest"),
            "minimum": COUNTED.minimum(start, amount, units, word),
        }
        for direction, count in ends.items():
            walk = Walk(Term(start, amount, unit, word, direction), OFF, OFF)
            assert (count.date, count.raw) == (walk.date(), None)
        for direction, count in {"forward": forward, **ends}.items():
            assert (count.direction, count.unit, count.count, count.anchor) == (direction, unit, word, start)


def steps(walk: Walk) -> Iterator[tuple[str, date, str | None]]:
    """The steps of a term that move its end, each with the clause it rests on."""
    term, end = walk.term, walk.nominal()
    yield "nominal", end, "of count"
    longer = walk.grown(end)
    if longer != end:
        grown = term.run is not None
        yield "grown" if grown else "filled", longer, "of grow" if grown else "of least_working"
    yield from rolls(walk, longer)


def rolls(walk: Walk, end: date) -> Iterator[tuple[str, date, str | None]]:
    """The roll of an end, what is added to it, and the roll of that."""
    term, day = walk.term, walk.roll(end)
    if day != end:
        yield "rolled", day, "of roll"
    if term.added:
        added = day + term.added * walk.step
        yield "added", added, "of added"
        if walk.roll(added) != added:
            yield "rolled_again", walk.roll(added), "of roll"


def shown(count: Any) -> list[tuple[str, date, str | None]]:
    return [(step.kind, step.day, step.clause) for step in count.steps]


GROWTHS = [*product((None, 1, 3), (0, 4)), (8, 0)]
"""The least length of a run that lengthens, with the least number of working days."""


@pytest.mark.parametrize(("unit", "amount"), [("calendar_day", 1), ("calendar_day", 6), ("week", 2), ("month", 1)])
@pytest.mark.parametrize("word", WORDS)
def test_every_step_of_a_term_is_that_of_the_walk(unit, amount, word):
    begin = date(2026, 2, 9)
    for place, (run, least), runs, roll, added in product(
        range(0, 24, 2), GROWTHS, ("every", "longest", "extended"), ROLLS, (0, 3)
    ):
        if run is None and runs != "every":
            continue
        term = Term(
            begin + place * ONE, amount, unit, word, roll=roll, run=run, runs=runs, least=least, added=added
        )  # fmt: skip
        rules = replace(term.rules(COUNTED, COUNTED), clauses=CLAUSES)
        count, walk = count_term(rules, term.start, amount), Walk(term, OFF, OFF)
        wanted = list(steps(walk))
        assert (shown(count), count.date, count.raw) == (wanted, wanted[-1][1], wanted[0][1]), term
        assert last_day(rules, walk.grown(walk.nominal())) == wanted[-1][1], term


@pytest.mark.parametrize(("roll", "added"), [*product(ROLLS, (0, 3))])
def test_every_step_of_a_set_day_is_that_of_the_walk(roll, added):
    for place in range(30):
        day = date(2026, 2, 9) + place * ONE
        term = Term(day, 0, "calendar_day", roll=roll, added=added)
        rules = replace(term.rules(COUNTED, COUNTED), clauses=CLAUSES)
        count = set_day(rules, day)
        wanted = [("nominal", day, None), *rolls(Walk(term, OFF, OFF), day)]
        assert (shown(count), count.date) == (wanted, wanted[-1][1])
        assert (count.anchor, count.raw, count.n) == (day, day, 0)
        assert (count.direction, count.unit, count.count) == ("forward", "calendar_day", "event_excluded")
        assert (count.calendar, count.status, count.edition) == ("made", "firm", COUNTED.calendar_hash)
        assert last_day(rules, day) == wanted[-1][1]


@pytest.mark.parametrize(("unit", "direction"), [*product(("working_day", "calendar_day", "month"), DIRECTIONS)])
@pytest.mark.parametrize("word", WORDS)
def test_the_proof_of_a_term_lists_each_day_once(unit, direction, word):
    """Counted are the days of the bare term (its working days, where those are counted), skipped all others."""
    for start, roll in product(STARTS[:12], ("none", "next")):
        term = Term(start, 2, unit, word, direction, roll=roll)
        count = count_term(term.rules(COUNTED, COUNTED), start, 2)
        assert (count.direction, count.unit, count.count, count.n) == (direction, unit, word, 2)
        assert (count.anchor, count.calendar, count.rules.roll) == (start, "made", roll)
        step = -1 if counts_back(direction) else 1
        first = start if word == "first_day_included" else start + step * ONE
        length = (count.date - first).days * step + 1
        walked = [first + step * place * ONE for place in range(length)]
        bare = Walk(term, OFF, OFF).nominal()
        within = {day for day in walked if (day - bare).days * step <= 0}
        counted = [day for day in walked if (day not in OFF if unit == "working_day" else day in within)]
        assert list(count.counted) == counted, term
        assert [day.date for day in count.skipped] == [day for day in walked if day not in counted], term


def test_days_added_after_the_roll_are_passed_over_without_asking_a_calendar():
    term = Term(date(2026, 4, 1), 2, "calendar_day", added=3)
    count = count_term(term.rules(COUNTED, COUNTED), term.start, 2)
    assert count.counted == (date(2026, 4, 2), date(2026, 4, 3))
    assert [(day.date.day, day.working, day.reason, day.instrument) for day in count.skipped] == [
        (number, True, "calendar_day", None) for number in (4, 5, 6)
    ]


# -- how firm a day is


def calendar(firm_through: date, name: str = "open") -> Snapshot:
    """A calendar of ordinary weeks that is firm up to a day, and whose later days a notice settles."""
    weekly = bytes(day not in WEEKENDS for day in EVERY_DAY)
    return Snapshot(Timeline(name, FIRST, weekly, notices=(), firm_through=firm_through, facts=FACTS))


FIRM, LOOSE = calendar(EVERY_DAY[-1], "firm"), calendar(date(2026, 3, 2), "loose")


@pytest.mark.parametrize(("unit", "roll", "run", "least"), [*product(
    ("working_day", "calendar_day", "month"), ROLLS, (None, 2), (0, 3)
)])  # fmt: skip
def test_a_day_hangs_on_the_calendars_that_it_asks(unit, roll, run, least):
    """Working days are counted by one calendar; rolls, growth and a least of working days ask the other."""
    term = Term(date(2026, 3, 2), 1, unit, roll=roll, run=run, least=least)
    moves = roll != "none" or run is not None or least > 0
    for counted, rolled in product((FIRM, LOOSE), (FIRM, LOOSE)):
        loose = (unit == "working_day" and counted is LOOSE) or (moves and rolled is LOOSE)
        count = count_term(term.rules(counted, rolled), term.start, 1)
        assert count.status == ("provisional" if loose else "firm"), (counted.name, rolled.name)
        assert (len(count.counted) + len(count.skipped) > 0) and count.earliest <= count.date <= count.latest
        if not loose:
            assert count.earliest == count.date == count.latest


@pytest.mark.parametrize(("direction", "last"), [
    ("forward", date(2026, 3, 6)), ("minimum", date(2026, 3, 6)),
    ("backward", date(2026, 3, 4)), ("earliest", date(2026, 3, 4)),
])  # fmt: skip
def test_a_day_is_firm_where_every_day_of_its_count_is(direction, last):
    term = Term(date(2026, 3, 4), 2, "working_day", direction=direction)
    for firm_through, status in ((last, "firm"), (last - ONE, "provisional")):
        asked = calendar(firm_through)
        assert count_term(term.rules(asked, asked), term.start, 2).status == status


@pytest.mark.parametrize(("word", "last"), [("event_excluded", 1), ("clear_days", 1), ("first_day_included", 0)])
def test_a_day_counted_back_is_firm_where_the_days_before_the_event_are(word, last):
    """The day of the event itself is asked only where it is counted."""
    for unit in ("working_day", "calendar_day"):
        for event in (LOOSE.firm_through + (last + place) * ONE for place in range(2)):
            firm = unit == "calendar_day" or event <= LOOSE.firm_through + last * ONE
            for direction in ("backward", "earliest"):
                count = LOOSE.before(event, 2, word, unit, direction)
                assert count.status == ("firm" if firm else "provisional"), (event, unit)


def test_a_day_counted_on_is_firm_up_to_the_last_firm_day():
    for unit, word in product(("working_day", "calendar_day", "month"), WORDS):
        for place in range(12):
            start = LOOSE.firm_through - place * ONE
            for count in (LOOSE.within(start, 1, unit, word), LOOSE.minimum(start, 1, unit, word)):
                asked = unit == "working_day" or count.direction == "forward"
                firm = (
                    not asked
                    or max(count.date, start if word == "first_day_included" else count.date) <= LOOSE.firm_through
                )
                assert count.status == ("firm" if firm else "provisional"), (start, unit, word)


def test_an_end_on_a_counted_day_never_rolls_whatever_comes():
    """Counted and rolled by one calendar: its bounds are those without a roll, for both change together."""
    asked = calendar(date(2025, 12, 23))
    for start, amount in product((date(2026, 9, 1) + timedelta(days=3 * n) for n in range(14)), (2, 9)):
        term = Term(start, amount, "working_day")
        plain = count_term(term.rules(asked, asked), start, amount)
        rolled = count_term(replace(term, roll="next").rules(asked, asked), start, amount)
        assert (rolled.earliest, rolled.latest) == (plain.earliest, plain.latest)
