"""What a convention leaves open: every set of readings is counted out, and a question is asked where it matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest
from tests.unit.engine.limits.test_rules_of_a_term import CALENDAR
from tests.unit.engine.test_limits import did, lines, the

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.engine import compile_process
from zhengxie_flow.engine.limits.schedule import schedule
from zhengxie_flow.model.definition import resolve

LAW = {"law": "1"}
QUESTIONS: Mapping[str, dict[str, dict[str, Any]]] = {
    "roll": {
        "stays": {"roll": {"forward": "none", **LAW}},
        "later": {"roll": {"forward": "next", **LAW}},
        "earlier": {"roll": {"forward": "previous", **LAW}},
    },
    "added": {"nothing": {}, "three": {"added": {"days": 3, **LAW}}},
    "short": {"long": {}, "short": {"short": {"up_to": 9, **LAW}}},
    "counted": {"own": {}, "other": {"counted": {"is": "on", **LAW}}},
    "word": {"after": {"count": {"is": "event_excluded", **LAW}}, "clear": {"count": {"is": "clear_days", **LAW}}},
    "least": {"none": {}, "two": {"least": {"working_days": 2, "from_units": 1, **LAW}}},
}
"""Questions by name, each with its readings; "counted" matters only to a term that is short."""


def calendar(_: date) -> Snapshot:
    return CALENDAR


def convention(asked: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, Any]:
    unsettled = {
        name: {"zh": name, "en": name, "readings": {ident: {"zh": ident, "rules": found} for ident, found in readings.items()}}
        for name, readings in asked.items()
    }  # fmt: skip
    return {"language": 1, "convention": "order", "law": "1", "editions": [{"rules": rules, "unsettled": unsettled}]}


def line(limit: dict[str, Any], start: str, asked: Mapping[str, Any], rules: Mapping[str, Any]) -> Any:
    written = {"order": convention(asked, rules)}
    found = lines(
        limit, [did(start, "receive")], start[:10], calendars=calendar, convention="order", conventions=written
    )
    return the(found)


def settled(limit: dict[str, Any], start: str, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], date]]:
    """The last day under each set of readings."""
    for taken in product(*(QUESTIONS[name] for name in names)):
        rules = {}
        for name, ident in zip(names, taken, strict=True):
            rules |= QUESTIONS[name][ident]
        yield taken, line(limit, start, {}, rules).due


def matters(ends: Mapping[tuple[str, ...], date], place: int) -> bool:
    """Whether the readings of a question ever lead to different days while those of all others stay."""
    groups: dict[tuple[str, ...], set[date]] = {}
    for taken, day in ends.items():
        groups.setdefault(taken[:place] + taken[place + 1 :], set()).add(day)
    return any(len(days) > 1 for days in groups.values())


@pytest.mark.parametrize("names", [
    ("roll",), ("added",), ("short", "counted"), ("counted", "short"), ("roll", "added"), ("counted", "word"), ("least",),
    ("counted", "short", "word"),
])  # fmt: skip
@pytest.mark.parametrize("start", ["2026-03-02", "2026-03-05", "2026-03-08"])
@pytest.mark.parametrize("unit", ["calendar_day", "working_day"])
def test_bounds_are_those_of_all_readings_and_only_what_matters_is_asked(names, start, unit):
    limit = {"within": 5, "unit": unit, "after": "receive"}
    ends = dict(settled(limit, start, names))
    asked = {name: QUESTIONS[name] for name in names}
    shown = line(limit, start, asked, {})
    wanted = {f"order.{name}" for place, name in enumerate(names) if matters(ends, place)}
    assert set(shown.needs) == wanted
    assert shown.due == min(ends.values())
    possible = shown.working.limit.possible
    assert possible == ((min(ends.values()), max(ends.values())) if len(set(ends.values())) > 1 else None)


@pytest.mark.parametrize(("within", "excepted", "day"), [(3, None, 16), (4, "art. 9", 15)])
def test_a_term_is_excepted_by_its_size_on_a_case_too(within, excepted, day):
    """From Wednesday 11 March: Saturday rolls on to Monday; Sunday, a day more, stays."""
    edition = {
        "rules": {"roll": {"forward": "next", **LAW}},
        "excepted": [{"unit": "calendar_day", "over": 3, "law": "art. 9"}],
    }
    order = {"language": 1, "convention": "order", "law": "1", "editions": [edition]}
    limit = {"within": within, "unit": "calendar_day", "after": "receive"}
    told = [did("2026-03-11", "receive")]
    found = the(lines(limit, told, "2026-03-11", calendars=calendar, convention="order", conventions={"order": order}))
    assert (found.due, found.working.limit.excepted) == (date(2026, 3, day), excepted)


@pytest.mark.parametrize(
    ("start", "asked"), [("2026-03-09T15:30:00+08:00", False), ("2026-03-13T15:30:00+08:00", True)]
)
def test_a_question_about_hours_is_asked_where_the_instant_makes_it_matter(start, asked):
    readings = {"run": {"hours": {"is": "elapsed", **LAW}}, "roll": {"hours": {"is": "rolls", **LAW}}}
    limit = {"within": 24, "unit": "hour", "after": "receive"}
    found = line(limit, start, {"hours": readings}, {})
    assert found.needs == (("order.hours",) if asked else ())
    begun = date.fromisoformat(start[:10])
    assert found.due == date.fromordinal(begun.toordinal() + 1)
    possible = (date(2026, 3, 14), date(2026, 3, 16)) if asked else None
    assert found.working.limit.possible == possible


@pytest.mark.parametrize("direction", ["forward", "backward", "minimum", "set_day"])
def test_a_term_is_excepted_by_its_direction_on_a_case_too(direction):
    edition = {"rules": {}, "excepted": [{"direction": direction, "law": "art. 9"}]}
    order = {"language": 1, "convention": "order", "law": "1", "editions": [edition]}
    for limit, of in (
        ({"within": 3, "unit": "calendar_day", "after": "receive"}, "forward"),
        ({"at_least": 3, "unit": "calendar_day", "before": "receive"}, "backward"),
        ({"at_least": 3, "unit": "calendar_day", "after": "receive"}, "minimum"),
    ):
        told = [did("2026-03-11", "receive")]
        found = the(
            lines(limit, told, "2026-03-11", calendars=calendar, convention="order", conventions={"order": order})
        )
        assert found.working.limit.excepted == ("art. 9" if of == direction else None)


@pytest.mark.parametrize(("kind", "day"), [(None, 13), ("mail", 16), ("other", 13)])
def test_a_kind_of_term_has_rules_of_its_own_on_a_case(kind, day):
    edition = {
        "rules": {"roll": {"forward": "next", **LAW}},
        "kinds": {"mail": {"added": {"days": 3, **LAW}}, "other": {}},
    }
    order = {"language": 1, "convention": "order", "law": "1", "editions": [edition]}
    limit = {"within": 3, "unit": "calendar_day", "after": "receive", **({"kind": kind} if kind else {})}
    told = [did("2026-03-10", "receive")]
    found = the(lines(limit, told, "2026-03-10", calendars=calendar, convention="order", conventions={"order": order}))
    assert found.due == date(2026, 3, day)


PLACES = {"here": "own", "there": "on", "yonder": "back"}
CHOSEN = {"within": 10, "unit": "working_day", "after": "receive", "calendar": {"field": "place", "of": PLACES}}


def determined(at: str, place: str) -> dict[str, Any]:
    return {"at": at, "determine": {"place": place}, "reason": "r"}


def by(name: str) -> date:
    return CALENDAR.beside(name).within(date(2026, 2, 27), 10).date


RECEIVED = did("2026-02-27", "receive")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("at", ["2026-02-27", "2026-03-01"])
def test_a_fact_names_the_calendar_on_the_day_the_clock_starts_or_at_its_first_answer(place, at):
    found = the(lines(CHOSEN, [RECEIVED, determined(at, place)], "2026-03-02", calendars=calendar))
    assert (found.due, found.needs) == (by(PLACES[place]), ())


def test_a_later_answer_changes_no_calendar():
    told = [RECEIVED, determined("2026-02-27", "there"), determined("2026-03-02", "yonder")]
    assert the(lines(CHOSEN, told, "2026-03-02", calendars=calendar)).due == by("on")


def test_an_unknown_calendar_gives_the_bounds_of_all():
    found = the(lines(CHOSEN, [RECEIVED], "2026-03-02", calendars=calendar))
    ends = {by(name) for name in PLACES.values()}
    assert (found.due, found.needs, found.working.limit.possible) == (min(ends), ("place",), (min(ends), max(ends)))


def test_a_field_of_the_item_names_the_calendar_of_its_limit():
    items = {"unit": {"fields": {"seat": {"type": "text"}}}}
    actions = {
        "add": {"by": "office", "adds": "unit", "with": {"seat": {"type": "text"}}},
        "answer": {"by": "office", "for": "unit"},
    }
    limit = {"within": 10, "unit": "working_day", "after": "receive", "calendar": {"field": "seat", "of": PLACES}}
    told = [RECEIVED, *(did("2026-02-27", "add", **{"for": place, "with": {"seat": place}}) for place in PLACES)]
    found = lines(
        limit, told, "2026-03-02", calendars=calendar, items=items, actions=actions, duty={"for": "unit"}
    )  # fmt: skip
    assert {entry.item: entry.due for entry in found if entry.obligation == "the.duty"} == {
        place: by(name) for place, name in PLACES.items()
    }


def test_a_calendar_of_its_own_is_that_of_the_limit_alone():
    for name in PLACES.values():
        limit = {"within": 10, "unit": "working_day", "after": "receive", "calendar": name}
        assert the(lines(limit, [RECEIVED], "2026-03-02", calendars=calendar)).due == by(name)


# -- without a case: lawful dates by the first reading


def latest(limit: dict[str, Any], day: date, **more: Any) -> date:
    process = {
        "language": 1, "process": "p", "law": "1", "roles": {"office": {}}, "states": {"open": {}},
        "actions": {name: {"by": "office"} for name in ("receive", "answer")},
        "obligations": {"the.duty": {"law": "1", "do": "answer", "limit": limit}}, **more.pop("process", {}),
    }  # fmt: skip
    compiled = compile_process(resolve({"id": "x/p", "process": process, **more}))
    span = schedule(compiled, CALENDAR, {"receive": day}).spans["answer"]
    assert span.latest is not None
    return span.latest.day


@pytest.mark.parametrize("keys", [
    {}, {"calendar": "on"}, {"count": "clear_days"}, {"roll": "previous"}, {"unit": "week", "grow": {"run": 2}},
    {"unit": "month", "month_end": "keep"}, {"unit": "working_day", "calendar": "back"}, {"convention": "order"},
])  # fmt: skip
@pytest.mark.parametrize("named", [False, True])
def test_lawful_dates_are_counted_as_on_a_case(keys, named):
    limit = {"within": 5, "unit": "calendar_day", "after": "receive", **keys}
    conventions = {"order": convention({}, QUESTIONS["added"]["three"] | QUESTIONS["word"]["clear"])}
    more = {"convention": "order"} if named else {}
    for day in (date(2026, 2, 28), date(2026, 3, 2), date(2026, 3, 8)):
        told = [did(day.isoformat(), "receive")]
        due = the(lines(limit, told, day.isoformat(), calendars=calendar, conventions=conventions, **more)).due
        assert latest(limit, day, process=more, conventions=conventions) == due


def test_lawful_dates_take_the_first_reading_of_each_question():
    limit = {"within": 5, "unit": "calendar_day", "after": "receive"}
    for order in ((0, 1, 2), (1, 0, 2), (2, 1, 0)):
        readings = list(QUESTIONS["roll"].items())
        asked = {"roll": dict(readings[place] for place in order), "added": dict(reversed(QUESTIONS["added"].items()))}
        day = date(2026, 3, 2)
        first = readings[order[0]][1] | QUESTIONS["added"]["three"]
        wanted = line(limit, day.isoformat(), {}, first).due
        found = latest(limit, day, process={"convention": "order"}, conventions={"order": convention(asked, {})})
        assert found == wanted
