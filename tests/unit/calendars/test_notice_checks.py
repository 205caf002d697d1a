"""What is checked of a notice before it may change a calendar: each fault with its place, and each border on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest

from zhengxie_flow.calendars.checks import CalendarProblem, check_notice, check_runs
from zhengxie_flow.calendars.compose import compose
from zhengxie_flow.calendars.facts import Facts, Notice
from zhengxie_flow.calendars.nominal import statutory_text
from zhengxie_flow.reading.calendars import CalendarFiles

LAW = "国务院令第795号"
ONE = timedelta(days=1)


def ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def spans(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (word.partition("/") for word in text.split())
    return tuple((ordinal(low), ordinal(high or low)) for low, _, high in pairs)


def days(text: str) -> tuple[int, ...]:
    return tuple(ordinal(word) for word in text.split())


# A made-up arrangement for 2027: nobody has announced it.
OFF = "2026-12-31/2027-01-02 2027-02-05/2027-02-12 2027-04-03/2027-04-05 2027-05-01/2027-05-05 2027-06-09 2027-09-15 2027-10-01/2027-10-07"
WORK = "2026-12-27 2027-01-31 2027-02-14 2027-05-08 2027-09-26 2027-10-09"
N27 = Notice("N27", 2027, date(2026, 11, 28), spans(OFF), days(WORK))
AMENDING = Notice(
    "A27", 2027, date(2026, 11, 29), spans("2027-02-14"), days("2027-02-20"), days("2027-02-14"), amends="N27"
)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return CalendarFiles().snapshot("cn", date(2026, 11, 22)).timeline.facts


@pytest.fixture(scope="module")
def with_n27(facts: Facts) -> Facts:
    return replace(facts, notices=(*facts.notices, N27))


def shown(problem: CalendarProblem) -> tuple[str, str, int | None, dict[str, Any]]:
    assert problem.severity == "error"
    return problem.code, problem.key, problem.index, problem.params


def balance(given: int) -> tuple[str, str, None, dict[str, Any]]:
    return "ZX2034", "off_days", None, {"given": given, "wanted": 13, "law": LAW}


def not_off(day: str, festival: str) -> tuple[str, str, None, dict[str, Any]]:
    return "ZX2035", "off_days", None, {"day": day, "festival": festival, "law": LAW}


def outside(key: str, index: int, day: str) -> tuple[str, str, int, dict[str, Any]]:
    return "ZX2030", key, index, {"day": day, "year": 2027}


FAULTS: list[tuple[dict[str, Any], list[Any]]] = [
    ({}, []),
    ({"off": spans(OFF.replace("2027-06-09", "2027-06-10"))}, [not_off("2027-06-09", "dragon_boat")]),
    ({"work": days(WORK.replace("2027-09-26 ", ""))}, [balance(14)]),
    ({"off": spans(OFF + " 2027-10-08")}, [balance(14)]),
    ({"off": spans(OFF.replace("2027-10-01/", "2027-10-04/"))}, [
        balance(12), not_off("2027-10-01", "national_day"), not_off("2027-10-02", "national_day"), not_off("2027-10-03", "national_day")]),
    ({"off": spans(OFF.replace("2027-10-07", "2027-10-06")), "work": days(WORK.replace(" 2027-10-09", ""))}, []),
    # from 24 December of the year before to 31 December of its own
    ({"off": spans("2026-12-24 " + OFF)}, [balance(14)]),
    ({"off": spans("2026-12-23 " + OFF)}, [outside("off_days", 0, "2026-12-23"), balance(14)]),
    ({"off": spans("2026-12-23/2026-12-25 " + OFF)}, [outside("off_days", 0, "2026-12-23"), balance(16)]),
    ({"off": spans(OFF + " 2027-12-31")}, [balance(14)]),
    ({"off": spans(OFF + " 2028-01-03")}, [outside("off_days", 7, "2028-01-03"), balance(14)]),
    ({"off": spans(OFF + " 2027-12-30/2028-01-03")}, [outside("off_days", 7, "2028-01-03"), balance(16)]),
    ({"work": days("2026-12-26 " + WORK)}, [balance(12)]),
    ({"work": days("2026-12-20 " + WORK)}, [outside("work_days", 0, "2026-12-20"), balance(12)]),
    ({"work": days(WORK + " 2028-01-01")}, [outside("work_days", 6, "2028-01-01"), balance(12)]),
    # a make-up day lies on a day of rest that is not off
    ({"work": days(WORK.replace("2027-10-09", "2027-10-08"))}, [
        ("ZX2031", "work_days", 5, {"day": "2027-10-08"})]),
    *[({"work": days(WORK.replace("2027-10-09", day))}, [("ZX2032", "work_days", 5, {"day": day})])
      for day in ("2027-10-02", "2027-10-03", "2027-05-01", "2027-02-06")],
    ({"off": spans("2027-10-09/2027-10-11 " + OFF)}, [("ZX2032", "work_days", 5, {"day": "2027-10-09"}), balance(14)]),
    ({"off": spans("2027-10-08/2027-10-09 " + OFF)}, [("ZX2032", "work_days", 5, {"day": "2027-10-09"}), balance(14)]),
    # its place among the others
    ({"published": date(2027, 12, 31)}, []),
    ({"published": date(2028, 1, 1)}, [("ZX2037", "published", None, {"day": "2028-01-01", "year": 2027})]),
    ({"published": None}, []),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "expected"), FAULTS)
def test_each_fault_has_its_place(facts: Facts, changed: dict[str, Any], expected: list[Any]) -> None:
    assert [shown(problem) for problem in check_notice(N27._replace(**changed), facts)] == expected


def test_of_days_that_reach_too_far_the_one_too_far_is_named(facts: Facts) -> None:
    for written, day in (("2026-12-24/2028-01-03", "2028-01-03"), ("2026-12-23/2027-12-31", "2026-12-23")):
        (problem, *_) = check_notice(Notice("long", 2027, None, spans(written)), facts)
        assert shown(problem) == outside("off_days", 0, day)


def test_one_notice_a_year_and_no_year_left_out(facts: Facts, with_n27: Facts) -> None:
    taken = ("ZX2039", "year", None, {"year": 2027, "known": "N27"})
    again = N27._replace(number="N27 again")
    assert [shown(problem) for problem in check_notice(again, with_n27)] == [taken]
    assert list(check_notice(N27, with_n27)) == []  # itself
    later = replace(with_n27, notices=(*with_n27.notices, AMENDING))
    assert [shown(problem) for problem in check_notice(again, later)] == [taken]
    text = statutory_text(facts, 2028)
    assert text is not None
    left_out = ("ZX2040", "year", None, {"year": 2028, "missing": 2027})
    n28 = Notice("N28", 2028, date(2027, 11, 20), ())
    assert [shown(problem) for problem in check_notice(n28, facts)][:1] == [left_out]
    assert "ZX2040" not in {problem.code for problem in check_notice(n28, with_n27)}
    assert list(check_notice(n28._replace(year=2000, published=None), facts)) == []  # before all others
    assert list(check_notice(N27, replace(facts, notices=(), first=date(2027, 1, 1)))) == []  # the first of all


def test_nothing_is_balanced_without_a_text_in_force(facts: Facts) -> None:
    assert list(check_notice(N27._replace(off=()), replace(facts, statutory=(), lunar={}))) == []
    empty = Notice("first", facts.first.year, None, ())
    assert list(check_notice(empty, replace(facts, notices=()))) == []
    second = [shown(problem) for problem in check_notice(N27, replace(facts, first=date(2026, 1, 1)))]
    assert second == []


AMENDMENTS: list[tuple[dict[str, Any], list[Any]]] = [
    ({}, []),
    ({"amends": "N26"}, [("ZX2038", "amends", None, {"amends": "N26", "year": 2027})]),
    ({"year": 2026}, [
        ("ZX2030", "off_days", 0, {"day": "2027-02-14", "year": 2026}),
        ("ZX2030", "work_days", 0, {"day": "2027-02-20", "year": 2026}),
        ("ZX2030", "clears_work", 0, {"day": "2027-02-14", "year": 2026}),
        ("ZX2038", "amends", None, {"amends": "N27", "year": 2026})]),
    ({"clears": (), "occasion": ("庆典", "feast")}, [("ZX2042", "off_days", 0, {"day": "2027-02-14"})]),
    ({"clears": (), "off": spans("2027-02-09/2027-02-12 2027-02-13/2027-02-14"), "occasion": ("庆典", "feast")}, [
        ("ZX2042", "off_days", 1, {"day": "2027-02-14"})]),
    ({"clears": (), "off": spans("2027-02-14/2027-02-15"), "occasion": ("庆典", "feast")}, [
        ("ZX2042", "off_days", 0, {"day": "2027-02-14"})]),
    ({"off": spans("2027-02-13 2027-02-15"), "clears": (), "work": (), "occasion": ("庆典", "feast")}, []),
    ({"clears": days("2027-02-14 2027-02-21")}, [
        ("ZX2041", "clears_work", 1, {"day": "2027-02-21"}), ("ZX2036", "occasion", None, {"change": 1})]),
    ({"work": ()}, [("ZX2036", "occasion", None, {"change": 1})]),
    ({"work": (), "occasion": ("庆典", "feast")}, []),
    ({"off": spans("2027-02-14/2027-02-15")}, [("ZX2036", "occasion", None, {"change": 1})]),
    ({"off": spans("2027-02-14/2027-02-15"), "work": days("2027-02-20 2027-02-21")}, []),
    ({"work": days("2027-02-20 2027-02-21")}, [("ZX2036", "occasion", None, {"change": -1})]),
    ({"work": days("2027-02-20 2027-01-31")}, []),  # a day that was worked already
    ({"off": spans("2027-02-12 2027-02-14")}, []),  # a day that was off already
    ({"published": date(2028, 1, 1)}, [("ZX2037", "published", None, {"day": "2028-01-01", "year": 2027})]),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "expected"), AMENDMENTS)
def test_an_amendment_says_what_it_takes_back(with_n27: Facts, changed: dict[str, Any], expected: list[Any]) -> None:
    amendment = AMENDING._replace(**changed)
    assert [shown(problem) for problem in check_notice(amendment, with_n27)] == expected
    known = replace(with_n27, notices=(*with_n27.notices, amendment))
    assert [shown(problem) for problem in check_notice(amendment, known)] == expected  # itself changes nothing


def test_a_day_taken_back_once_is_gone(with_n27: Facts) -> None:
    once = replace(with_n27, notices=(*with_n27.notices, AMENDING))
    again = AMENDING._replace(number="A27 again", work=())
    assert [shown(problem) for problem in check_notice(again, once)][0] == (
        "ZX2041", "clears_work", 0, {"day": "2027-02-14"},
    )  # fmt: skip


def test_runs_of_days_off_that_overlap(facts: Facts) -> None:
    """Every pair of runs within a week, in both orders: exactly the second of those that share a day is named."""
    base = ordinal("2027-03-01")
    runs = [(base + low, base + high) for low in range(6) for high in range(low, 6)]
    for one, other in product(runs, runs):
        shared = set(range(one[0], one[1] + 1)) & set(range(other[0], other[1] + 1))
        problems = [shown(problem) for problem in check_notice(N27._replace(off=(one, other)), facts)]
        overlapping = [problem for problem in problems if problem[0] == "ZX2033"]
        day = date.fromordinal(other[0]).isoformat()
        assert overlapping == ([("ZX2033", "off_days", 1, {"day": day})] if shared else []), (one, other)


def long_runs(facts: Facts, year: int) -> list[tuple[str, str, int]]:
    """Runs of more than six days worked that end in a year, found by walking over all of the calendar."""
    timeline = compose(facts)
    found, length, day = [], 0, timeline.first
    while day <= timeline.last + ONE:
        if day <= timeline.last and timeline.flags[(day - timeline.first).days]:
            length += 1
        else:
            if length > 6 and (day - ONE).year == year:
                found.append(((day - length * ONE).isoformat(), (day - ONE).isoformat(), length))
            length = 0
        day += ONE
    return found


@pytest.mark.parametrize("year", [2007, 2012, 2024, 2025, 2026, 2028])
def test_runs_of_working_days_without_a_day_off(facts: Facts, year: int) -> None:
    chance = Random(year)
    weekends = [
        day
        for day in range(date(year, 1, 1).toordinal() - 20, date(year, 12, 31).toordinal() + 20)
        if (day + 6) % 7 > 4
    ]
    turns = [day for day in weekends if date.fromordinal(day).month in (1, 12)]
    found = 0
    for _ in range(12):
        worked = (*chance.sample(weekends, 12), *chance.sample(turns, min(len(turns), 14)))
        local = replace(facts, notices=(*facts.notices, Notice("more work", year, None, (), worked, amends="all")))
        problems = list(check_runs(local, year))
        found += len(problems)
        assert [(p.params["first"], p.params["last"], p.params["days"]) for p in problems] == long_runs(local, year)
        assert {p.severity for p in problems} <= {"error" if year >= 2025 else "warning"}
        assert all((p.code, p.key, p.index, p.params["most"]) == ("ZX2043", "work_days", None, 6) for p in problems)
        assert all(set(p.params) == {"first", "last", "days", "most"} for p in problems)
    assert found > 20


@pytest.mark.parametrize(("year", "severity"), [(2024, "warning"), (2025, "error")])
def test_seven_days_on_end_are_an_error_since_2025(facts: Facts, year: int, severity: str) -> None:
    saturday = next(
        day for day in range(date(year, 3, 1).toordinal(), date(year, 3, 9).toordinal()) if (day + 6) % 7 == 5
    )
    six = replace(facts, notices=(*facts.notices, Notice("six", year, None, (), (saturday,), amends="all")))
    assert list(check_runs(six, year)) == list(check_runs(facts, year))
    seven = replace(
        facts, notices=(*facts.notices, Notice("seven", year, None, (), (saturday, saturday + 1), amends="all"))
    )
    (problem,) = set_of(check_runs(seven, year), check_runs(facts, year))
    assert (problem.severity, problem.params["days"]) == (severity, 12)


def set_of(after: Any, before: Any) -> list[CalendarProblem]:
    ordinary = [problem.params for problem in before]
    return [problem for problem in after if problem.params not in ordinary]


def test_a_problem_without_more_is_an_error() -> None:
    problem = CalendarProblem("ZX2036", "occasion")
    assert (problem.index, problem.params, problem.severity) == (None, {}, "error")
