"""``by``, ``before``, ``by_date`` and ``early`` against rounds told by hand from a list of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.support import CALENDARS, tries
from tests.unit.engine.test_limits import did, lines

ONE = timedelta(days=1)
START = date(2026, 3, 1)
CN = CALENDARS.snapshot("cn", None)
ACTIONS: dict[str, Any] = {"name": {"by": "office", "with": {"until": {"type": "date"}}}}


def day(number: int) -> date:
    """A day by its number from the first on."""
    return START + number * ONE


def found(limit: dict[str, Any], told: list[dict[str, Any]], today: date) -> list[tuple[str, date | None]]:
    """The verdict of each round, with the day of its act."""
    happenings = [did(START.isoformat(), "receive"), *told]
    rows = lines(limit, happenings, today.isoformat(), actions=dict(ACTIONS))
    return [(str(one.verdict), one.actual and one.actual.date) for one in rows if one.obligation == "the.duty"]


def done(acts: dict[int, str], today: int) -> list[dict[str, Any]]:
    """What happened by a day, in order."""
    return [did(day(number).isoformat(), acts[number]) for number in sorted(acts) if number <= today]


ACTS = st.dictionaries(st.integers(1, 60), st.sampled_from(("publish", "answer")), max_size=7)
"""Acts on days of their own."""


def numbers(acts: dict[int, str], name: str, today: int) -> list[int]:
    return sorted(number for number, act in acts.items() if act == name and number <= today)


def within(acts: dict[int, str], days: int, today: int, *, early: bool) -> list[tuple[str, date | None]]:
    """The rounds of so many days after each publication, one a publication unless one runs."""
    published, answered = numbers(acts, "publish", today), numbers(acts, "answer", today)
    if not published:
        return [("pending", None)]
    opened: list[int] = []
    spent: set[int] = set()

    def closing(place: int) -> int | None:
        since = opened[place - 1] if early and place else 0 if early else opened[place]
        return next((act for act in answered if act > since and act not in spent), None)

    for publication in published:
        if opened:
            closed = closing(len(opened) - 1)
            closed = closed if closed is not None and closed < publication else None
            if closed is None and publication <= opened[-1] + days:
                continue
            spent |= {closed} if closed is not None else set()
        opened.append(publication)
    rounds = []
    spent_by: set[int] = set()
    for place, begin in enumerate(opened):
        since = (opened[place - 1] if place else 0) if early else begin
        act = next((act for act in answered if act > since and act not in spent_by), None)
        if act is not None and place + 1 < len(opened) and act < opened[place + 1]:
            spent_by.add(act)
        rounds.append((verdict(begin + days, act, today), None if act is None else day(act)))
    return rounds


def verdict(due: int, act: int | None, today: int) -> str:
    if act is not None:
        return "pass" if act <= due else "breach"
    return "overdue" if today > due else "pending"


@settings(max_examples=tries(70), deadline=None)
@given(ACTS, st.integers(1, 15), st.integers(1, 80), st.booleans())
def test_rounds_after_an_act_with_and_without_early_acts(acts, days, today, early):
    limit = {"within": days, "unit": "calendar_day", "after": "publish", "roll": "none"}
    limit |= {"early": "counts"} if early else {}
    rows = found(limit, done(acts, today), day(today))
    expected = within(acts, days, today, early=early)
    if not numbers(acts, "publish", today) and numbers(acts, "answer", today):
        first = day(numbers(acts, "answer", today)[0])
        expected = [("pass" if early else "incomplete", first)]
    assert rows == expected


@settings(max_examples=tries(50), deadline=None)
@given(ACTS, st.integers(1, 80), st.sampled_from(("by", "before")))
def test_rounds_up_to_an_act_each_time(acts, today, word):
    """An act after the publication before and on or before this one meets it."""
    published, answered = numbers(acts, "publish", today), numbers(acts, "answer", today)
    rows = found({word: "publish", "occurrence": "each"}, done(acts, today), day(today))
    expected, since = [], 0
    for publication in published:
        met = any(since < act < publication for act in answered)
        going_on = word == "by" and publication == today  # the day is not over
        expected.append("pass" if met else "pending" if going_on else "breach")
        since = publication
    if not published:
        expected = ["pass" if answered else "pending"]
    assert [word for word, _ in rows] == expected


@settings(max_examples=tries(50), deadline=None)
@given(
    st.integers(1, 60), st.integers(0, 60), st.lists(st.integers(1, 70), max_size=3), st.integers(1, 90),
    st.sampled_from(("by", "by_date", "before")), st.sampled_from((None, "next", "previous", "none")),
)  # fmt: skip
def test_up_to_a_day_that_was_set(to, told, acts, today, word, roll):
    """By a fact, whenever it was found: the first act by the day, or strictly before it, meets it."""
    last = day(to)
    if word == "before":
        last -= ONE
        roll = None
    while roll in ("next", "previous") and not CN.is_working_day(last):
        last += ONE if roll == "next" else -ONE
    limit = {word: "day"} | ({"roll": roll} if roll else {})
    answered = sorted(act for act in acts if act <= today)
    happenings = [did(day(act).isoformat(), "answer") for act in answered]
    fact = {"at": day(told).isoformat(), "determine": {"day": day(to).isoformat()}, "reason": "r"}
    if told <= today:
        happenings.append(fact)
    happenings.sort(key=lambda one: one["at"])
    rows = found(limit, happenings, day(today))
    if told > today:
        assert [row[0] for row in rows] == [{"by_date": "incomplete"}.get(word, "pass") if answered else "pending"]
        return
    act = day(answered[0]) if answered else None
    if act is not None:
        assert rows == [("pass" if act <= last else "breach", act)]
    else:
        late = "breach" if word == "before" else "overdue"
        assert rows == [(late if day(today) > last else "pending", None)]


@settings(max_examples=tries(40), deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(-5, 25)), max_size=3, unique_by=lambda one: one[0]), st.sets(st.integers(1, 60), max_size=4), st.integers(1, 80))  # fmt: skip
def test_by_a_day_that_acts_name(named, acts, today):
    """Each act that names a day opens a round, unless one runs; an act after the naming and by the day meets it."""
    acts = acts - {at for at, _ in named}
    namings = sorted((at, at + further) for at, further in named if at <= today)
    answered = sorted(act for act in acts if act <= today)
    told = [did(day(at).isoformat(), "name", **{"with": {"until": day(to).isoformat()}}) for at, to in namings]
    told = sorted(told + [did(day(act).isoformat(), "answer") for act in answered], key=lambda one: one["at"])
    rows = found({"by": "name.until"}, told, day(today))
    opened: list[tuple[int, int]] = []
    for at, to in namings:
        closed = opened and any(opened[-1][0] < act < at for act in answered)
        if not opened or closed or at > opened[-1][1]:
            opened.append((at, to))
    expected = []
    for at, to in opened:
        act = next((act for act in answered if act > at), None)
        expected.append((verdict(to, act, today), None if act is None else day(act)))
    if not opened:
        expected = [("pass", day(answered[0])) if answered else ("pending", None)]
    assert rows == expected


@pytest.mark.parametrize("order", [("publish", "answer"), ("answer", "publish")])
@pytest.mark.parametrize(("word", "late"), [("by", "pass"), ("by_date", "pass"), ("before", "breach")])
def test_on_one_day_the_order_matters_only_before(order: Sequence[str], word: str, late: str):
    rows = found({word: "publish"}, [did("2026-03-09", act) for act in order], date(2026, 3, 20))
    assert rows[0][0] == ("pass" if order[0] == "answer" else late)


def test_by_a_plan_and_by_the_end_of_another_limit():
    plan = {"at": "2026-03-02", "plan": "publish", "to": "2026-03-10"}
    assert found({"by": "publish"}, [plan], date(2026, 3, 10)) == [("pending", None)]
    assert found({"by": "publish"}, [plan], date(2026, 3, 11)) == [("overdue", None)]
    moved = {"at": "2026-03-11", "plan": "publish", "to": "2026-03-20"}
    assert found({"by": "publish"}, [plan, moved], date(2026, 3, 12)) == [("pending", None)]
    other = {
        "o.other": {"law": "2", "do": "accept", "limit": {"within": 5, "unit": "calendar_day", "after": "receive"}}
    }
    rows = lines({"by": {"due": "o.other"}}, [did("2026-03-02", "receive")], "2026-03-20", obligations=other)
    (line,) = (one for one in rows if one.obligation == "the.duty")
    assert (line.verdict, line.due) == ("overdue", date(2026, 3, 9))


def test_what_its_passing_brings_about():
    limit = {"by": "day", "late": "lapsed", "on_lapse": {"deem": {"action": "reject"}}}
    fact = {"at": "2026-03-02", "determine": {"day": "2026-03-06"}, "reason": "r"}
    assert found(limit, [fact], date(2026, 3, 6)) == [("pending", None)]
    assert found(limit, [fact], date(2026, 3, 7)) == [("lapsed", None)]
    rows = lines(limit, [fact], "2026-03-07", obligations={"o.next": {"law": "3", "do": "appeal", "limit": {"within": 3, "unit": "calendar_day", "after": "reject", "roll": "none"}}})  # fmt: skip
    assert next(one.due for one in rows if one.obligation == "o.next") == date(2026, 3, 9)
