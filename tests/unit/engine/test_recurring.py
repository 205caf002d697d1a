"""Duties of every month, quarter, half year or year against an enumeration of days that shares no code with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.support import CALENDARS, tries
from tests.unit.engine.test_limits import did, lines

ONE = timedelta(days=1)
LENGTH = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
ACTIONS: dict[str, Any] = {
    "answer": {"by": "office", "with": {"period": {"type": "text"}}},
    "close": {"by": "office", "from": "open", "to": "shut"},
    "reopen": {"by": "office", "from": "shut", "to": "open"},
}
STATES: dict[str, Any] = {"open": {}, "shut": {"final": True}}
CN = CALENDARS.snapshot("cn", None)


@dataclass(frozen=True)
class Owed:
    """A recurring duty in plain values: its period, and the month and day in it (None: the last)."""

    period: str
    by: tuple[int, int] | None
    rolls: bool = False

    @property
    def limit(self) -> dict[str, Any]:
        """The limit as it is written."""
        by = {} if self.by is None else {"by": {"month": self.by[0], "day": self.by[1]}}
        roll = {"roll": "next"} if self.rolls else {}
        return {"every": {"period": self.period, "named_by": "period", **by}, **roll}

    def days(self, of: tuple[int, int]) -> list[date]:
        """The days of a period, known by its year and number."""
        day, days = date(of[0], 1, 1), []
        while day.year == of[0]:
            if (day.month - 1) // LENGTH[self.period] == of[1]:
                days.append(day)
            day += ONE
        return days

    def due(self, of: tuple[int, int]) -> date:
        """The last day of a period."""
        days = self.days(of)
        if self.by is not None:
            month = sorted({day.month for day in days})[self.by[0] - 1]
            days = [day for day in days if day.month == month and day.day <= self.by[1]]
        last = days[-1]
        while self.rolls and not CN.is_working_day(last):
            last += ONE
        return last


def of_day(day: date, period: str) -> tuple[int, int]:
    """The period that a day lies in, by year and number."""
    return day.year, (day.month - 1) // LENGTH[period]


def expected(duty: Owed, start: date, acts: list[tuple[date, str | None]], end: date | None, today: date) -> list[Any]:
    """The rounds: verdict and last day, with the day of the act that closed each."""
    horizon = today if end is None else min(today, end)
    periods = [of_day(start - 32 * LENGTH[duty.period] * ONE, duty.period)]
    day = start - 32 * LENGTH[duty.period] * ONE
    while day <= max(horizon, start) + 400 * ONE:
        if of_day(day, duty.period) not in periods:
            periods.append(of_day(day, duty.period))
        day += ONE
    owed = [period for period in periods if duty.due(period) >= start]
    begun = [period for period in owed if duty.days(period)[0] <= horizon] or owed[:1]
    closed: dict[tuple[int, int], date] = {}
    for day, name in acts:
        open_ = [period for period in begun if period not in closed and duty.days(period)[0] <= day]
        if name is not None:
            open_ = [period for period in open_ if period == (int(name[:4]), number_of(name, duty.period))]
        if open_:
            closed[open_[0]] = day
    return [(verdict(duty.due(period), closed.get(period), end, today), duty.due(period), closed.get(period)) for period in begun]  # fmt: skip


def number_of(name: str, period: str) -> int:
    """The number of the period that a day, a month, a quarter or a half year lies in."""
    month = (
        {"Q": lambda n: 3 * n - 2, "H": lambda n: 6 * n - 5}[name[5]](int(name[6]))
        if name[5] in "QH"
        else int(name[5:7])
    )
    return (month - 1) // LENGTH[period]


def verdict(due: date, act: date | None, end: date | None, today: date) -> str:
    if act is not None:
        return "pass" if act <= due else "breach"
    if end is not None and end <= due:
        return "not_applicable"
    return "overdue" if today > due else "pending"


def rounds(duty: Owed, start: date, acts: list[tuple[date, str | None]], end: date | None, today: date) -> list[Any]:
    told: list[tuple[date, dict[str, Any]]] = [(start, did(start.isoformat(), "receive"))]
    told += [
        (day, did(day.isoformat(), "answer", **({"with": {"period": name}} if name else {}))) for day, name in acts
    ]
    told += [(end, did(end.isoformat(), "close"))] if end is not None else []
    written = [happening for day, happening in sorted(told, key=lambda one: one[0]) if day <= today]
    found = lines(duty.limit, written, today.isoformat(), actions=dict(ACTIONS), states=dict(STATES))
    rows = [line for line in found if line.obligation == "the.duty"]
    assert [line.round for line in rows] == list(range(1, len(rows) + 1))
    words = [str(line.verdict).replace("provisional", "pending") for line in rows]
    return [(word, line.due, line.actual and line.actual.date) for word, line in zip(words, rows, strict=True)]


@st.composite
def duties(draw: st.DrawFn) -> Owed:
    period = draw(st.sampled_from(sorted(LENGTH)))
    by = draw(st.none() | st.tuples(st.integers(1, LENGTH[period]), st.integers(1, 31)))
    return Owed(period, by, draw(st.booleans()))


def names(period: str) -> st.SearchStrategy[str | None]:
    """Ways to name a period, none longer than it is."""
    written = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)]
    written += [f"{month}-17" for month in written]
    if LENGTH[period] >= 3:
        written += [f"{year}-Q{n}" for year in (2025, 2026) for n in (1, 2, 3, 4)]
    if LENGTH[period] >= 6:
        written += [f"{year}-H{n}" for year in (2025, 2026) for n in (1, 2)]
    return st.none() | st.sampled_from(written)


DAYS = st.dates(date(2025, 1, 1), date(2026, 6, 30))


@settings(max_examples=tries(40), deadline=None)
@given(duties(), DAYS, st.integers(0, 500), st.lists(st.integers(0, 500), max_size=6), st.none() | st.integers(0, 500), st.data())  # fmt: skip
def test_rounds_are_those_of_the_enumeration(duty, start, later, acts, end, data):
    today = start + timedelta(days=later)
    ended = None if end is None else start + timedelta(days=end)
    done = sorted(start + timedelta(days=day) for day in acts)
    named = [(day, data.draw(names(duty.period))) for day in done if day <= today and (ended is None or day < ended)]
    ended = ended if ended is not None and ended <= today else None
    assert rounds(duty, start, named, ended, today) == expected(duty, start, named, ended, today)


MONTHLY = Owed("month", (1, 10))


def test_opened_within_a_period():
    """A day already past is not owed, one still to come is; one that rolls is past when the rolled day is."""
    opened = {day: rounds(MONTHLY, date(2026, 1, day), [], None, date(2026, 1, 20))[0][1] for day in (9, 10, 11)}
    assert opened == {9: date(2026, 1, 10), 10: date(2026, 1, 10), 11: date(2026, 2, 10)}
    rolling = Owed("month", (1, 10), rolls=True)  # 10 January 2026 is a Saturday
    assert rounds(rolling, date(2026, 1, 11), [], None, date(2026, 1, 11))[0][1] == date(2026, 1, 12)
    assert rounds(rolling, date(2026, 1, 13), [], None, date(2026, 1, 13))[0][1] == date(2026, 2, 10)
    last = Owed("month", None, rolls=True)  # 31 January 2026 is a Saturday
    assert rounds(last, date(2026, 2, 1), [], None, date(2026, 2, 1))[0][1] == date(2026, 2, 2)


def test_an_act_closes_one_round_the_oldest_open():
    start = date(2026, 1, 2)
    acts = [(date(2026, 3, 20), None), (date(2026, 3, 21), None), (date(2026, 3, 22), None), (date(2026, 3, 23), None)]
    closed = [(word, act) for word, _, act in rounds(MONTHLY, start, acts, None, date(2026, 4, 5))]
    assert closed == [
        ("breach", date(2026, 3, 20)), ("breach", date(2026, 3, 21)), ("breach", date(2026, 3, 22)), ("pending", None),
    ]  # fmt: skip


def test_an_act_before_its_period_closes_nothing():
    acts = [(date(2026, 1, 5), "2026-02"), (date(2026, 2, 1), "2026-02")]
    found = rounds(MONTHLY, date(2026, 1, 2), acts, None, date(2026, 2, 20))
    assert found == [("overdue", date(2026, 1, 10), None), ("pass", date(2026, 2, 10), date(2026, 2, 1))]


@pytest.mark.parametrize("name", ["2026-13", "2026-00", "0000-01", "0000", "2026x", "x", "", "2026-Q5", "2026-3", "２０２６-０１", "99999", "2026-Q1", "2026"])  # fmt: skip
def test_a_text_that_names_no_month_leaves_the_oldest_open(name):
    found = rounds(MONTHLY, date(2026, 1, 2), [(date(2026, 2, 3), name)], None, date(2026, 2, 5))
    assert [(word, act) for word, _, act in found] == [("breach", date(2026, 2, 3)), ("pending", None)]


@pytest.mark.parametrize(("period", "name", "closed"), [
    ("month", "2026-02-28", 2), ("month", "2026-02-28T10:00:00+08:00", 2), ("quarter", "2026-05", 2), ("quarter", "2026-Q2", 2),
    ("half_year", "2026-Q3", 2), ("half_year", "2026-H2", 2), ("year", "2026", 1), ("year", "2026-H2", 1),
])  # fmt: skip
def test_ways_to_name_a_period(period, name, closed):
    found = rounds(Owed(period, None), date(2026, 1, 2), [(date(2026, 7, 3), name)], None, date(2026, 7, 5))
    assert [number for number, (_, _, act) in enumerate(found, 1) if act] == [closed]


def test_rounds_end_with_the_case_and_go_on_when_it_is_opened_again():
    told = [did("2026-01-02", "receive"), did("2026-03-09", "close")]
    more = {"actions": dict(ACTIONS), "states": dict(STATES)}

    def found(as_of: str, *others: dict[str, Any]) -> list[tuple[str, int | None]]:
        rows = lines(MONTHLY.limit, [*told, *others], as_of, **{name: dict(value) for name, value in more.items()})
        return [(str(line.verdict), line.round) for line in rows if line.obligation == "the.duty"]

    assert found("2026-12-31") == [("overdue", 1), ("overdue", 2), ("not_applicable", 3)]
    again = did("2026-05-20", "reopen")
    assert found("2026-06-05", again) == [("overdue", number) for number in range(1, 6)] + [("pending", 6)]


def test_a_duty_of_an_item_begins_with_it_and_ends_with_it():
    """Each item has rounds of its own; those of one that left end when it does."""
    actions = {
        "come": {"by": "office", "adds": "unit"},
        "answer": {"by": "office", "for": "unit"},
        "leave": {"by": "office", "for": "unit", "item": {"from": "here", "to": "gone"}},
    }
    told = [
        did("2026-01-02", "receive"),
        did("2026-01-12", "come", **{"for": "u1"}),
        did("2026-02-11", "come", **{"for": "u2"}),
        did("2026-03-02", "answer", **{"for": "u2"}),
        did("2026-03-31", "leave", **{"for": "u1"}),
    ]
    rows = items_of(actions, told, "2026-05-05")
    assert rows == {
        "u1": [("overdue", date(2026, 2, 10)), ("overdue", date(2026, 3, 10))],  # none of April
        "u2": [("pass", date(2026, 3, 10)), ("overdue", date(2026, 4, 10)), ("pending", date(2026, 5, 10))],
    }


def items_of(actions: dict[str, Any], told: list[dict[str, Any]], as_of: str) -> dict[str, list[Any]]:
    """The rounds of each item under the monthly duty."""
    found = lines(
        {"every": {"period": "month", "by": {"day": 10}}}, told, as_of, actions=actions, duty={"for": "unit"},
        items={"unit": {"states": {"here": {}, "gone": {"final": True}}}},
    )  # fmt: skip
    rows: dict[str, list[Any]] = {}
    for line in found:
        if line.obligation == "the.duty" and line.item is not None:
            rows.setdefault(line.item, []).append((str(line.verdict), line.due))
    return rows


@pytest.mark.parametrize(("begins", "first"), [("2026-02-10", 2), ("2026-02-11", 3), ("2025-01-01", 1)])
def test_rounds_begin_when_the_law_does(begins, first):
    found = lines(
        MONTHLY.limit, [did("2026-01-02", "receive")], "2026-04-01", actions=dict(ACTIONS), states=dict(STATES),
        in_force={"from": begins},
    )  # fmt: skip
    assert found[0].due == date(2026, first, 10)
