"""What each rule of a convention, and each key of a limit, makes of the rules by which a term is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
from tests.property.made_calendars import made

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.moments import OfficeHours
from zhengxie_flow.calendars.term import TermRules
from zhengxie_flow.engine.limits.term_rules import CountingRules, set_day_direction
from zhengxie_flow.model.convention import RuleSet
from zhengxie_flow.model.limit import Part

WEEKENDS = frozenset(day for day in (date(2025, 1, 1) + timedelta(n) for n in range(900)) if day.weekday() > 4)
NAMES = ("own", "is", "on", "back", "also")
OTHERS = {name: made(WEEKENDS | {date(2026, 3, 3 + n) for n in range(place)}, name) for place, name in enumerate(NAMES)}
"""Calendars beside one another, each with a day off more than the one before."""
CALENDAR = Snapshot(OTHERS["own"].timeline, None, OTHERS)

DIRECTIONS: Mapping[str, dict[str, Any]] = {
    "forward": {"within": 10, "after": "x"},
    "backward": {"at_least": 10, "before": "x"},
    "minimum": {"at_least": 10, "after": "x"},
    "earliest": {"at_most": 10, "before": "x"},
}
LONG_UNITS = ("calendar_day", "week", "half_month", "month", "year")
UNITS = ("working_day", *LONG_UNITS)


def part(direction: str = "forward", unit: str = "calendar_day", **keys: Any) -> Part:
    """A limit of ten units in a direction."""
    return Part.model_validate({**DIRECTIONS[direction], "unit": unit, **keys})


def rules(**written: Any) -> RuleSet:
    """The rules of a convention, each with a clause of its own name."""
    return RuleSet.model_validate({name: {"law": f"of {name}", **rule} for name, rule in written.items()})


def term(limit: Part, ruled: RuleSet, excepted: str | None = None) -> dict[str, Any]:
    """Everything that is set by the rules of a term, calendars by their names."""
    counting = CountingRules(limit, ruled, CALENDAR, "order", excepted)
    made_of = counting.term()
    values = {name: getattr(made_of, name) for name in TermRules.__slots__}
    return {**values, "counted": made_of.counted.name, "rolled": made_of.rolled.name, "clauses": dict(made_of.clauses)}


def ordinary(direction: str, unit: str) -> dict[str, Any]:
    """A term about which nothing is said."""
    rolls = direction == "forward" and unit != "working_day"
    return {
        "counted": "own", "rolled": "own", "unit": unit, "count": "event_excluded", "direction": direction,
        "keep_month_end": False, "roll": "next" if rolls else "none", "grows_by_run": None, "runs": "every",
        "least_working": 0, "added": 0, "clear_edge": "counted", "clauses": {},
    }  # fmt: skip


EACH = list(product(DIRECTIONS, UNITS))
"""Every direction with every unit of days."""
CALENDAR_DAYS_ON = {("forward", unit) for unit in LONG_UNITS}
ANY = set(EACH)


@pytest.mark.parametrize(("written", "changed", "where", "clause"), [
    ({}, {}, ANY, None),
    ({"count": {"is": "clear_days"}}, {"count": "clear_days"}, ANY, "count"),
    ({"count": {"is": "first_day_included"}}, {"count": "first_day_included"}, ANY, "count"),
    ({"month_end": {"is": "keep"}}, {"keep_month_end": True}, ANY, "month_end"),
    ({"month_end": {"is": "off"}}, {"keep_month_end": False}, ANY, "month_end"),
    ({"added": {"days": 3}}, {"added": 3}, ANY, "added"),
    ({"clear_edge": {"is": "any"}}, {"clear_edge": "any"}, ANY, None),
    ({"clear_edge": {"is": "counted"}}, {"clear_edge": "counted"}, ANY, None),
    ({"roll": {}}, {}, ANY, "roll"),
    ({"roll": dict.fromkeys(DIRECTIONS, "previous")}, {"roll": "previous"}, ANY, "roll"),
    ({"roll": dict.fromkeys(DIRECTIONS, "none")}, {"roll": "none"}, ANY, "roll"),
    ({"roll": dict.fromkeys(DIRECTIONS, "next")}, {"roll": "next"}, ANY, "roll"),
    ({"grow": {"run": 4, "units": UNITS}}, {"grows_by_run": 4}, CALENDAR_DAYS_ON, "grow"),
    ({"grow": {"run": 4, "units": ("week",)}}, {"grows_by_run": 4}, {("forward", "week")}, "grow"),
    ({"grow": {"run": 4}}, {"grows_by_run": 4}, {("forward", "calendar_day"), ("forward", "week")}, "grow"),
    ({"least": {"working_days": 2}}, {"least_working": 2}, CALENDAR_DAYS_ON, "least_working"),
    ({"least": {"working_days": 2, "from_units": 10}}, {"least_working": 2}, CALENDAR_DAYS_ON, "least_working"),
    ({"least": {"working_days": 2, "from_units": 11}}, {"least_working": 2},
     CALENDAR_DAYS_ON - {("forward", "calendar_day")}, "least_working"),
    ({"least": {"working_days": 2, "from_units": 11, "unit": "month"}}, {"least_working": 2},
     CALENDAR_DAYS_ON - {("forward", "month")}, "least_working"),
    ({"extension": {"from": "rolled"}}, {}, ANY, None),
    ({"hours": {"is": "elapsed"}}, {}, ANY, None),
])  # fmt: skip
def test_a_rule_changes_what_it_speaks_of_and_nothing_else(written, changed, where, clause):
    for direction, unit in EACH:
        wanted = ordinary(direction, unit) | (changed if (direction, unit) in where else {})
        wanted["clauses"] = {} if clause is None else {clause: f"of {'least' if clause == 'least_working' else clause}"}
        assert term(part(direction, unit), rules(**written)) == wanted, (direction, unit)


@pytest.mark.parametrize("taken", ["every", "longest", "extended"])
def test_a_rule_of_growth_says_which_runs_count(taken):
    assert term(part(), rules(grow={"run": 2, "takes": taken}))["runs"] == taken
    own = part(grow={"run": 5})
    assert (term(own, rules(grow={"run": 2, "takes": taken}))["grows_by_run"]) == 5
    assert (term(own, rules(grow={"run": 2, "takes": taken}))["runs"]) == "every"


@pytest.mark.parametrize(("direction", "unit"), EACH)
def test_a_rule_of_one_direction_is_for_that_direction(direction, unit):
    for word in DIRECTIONS:
        counted = term(part(direction, unit), rules(count={"is": "clear_days", word: "first_day_included"}))["count"]
        assert counted == ("first_day_included" if word == direction else "clear_days")
        roll = term(part(direction, unit), rules(roll={word: "previous"}))["roll"]
        assert roll == ("previous" if word == direction else ordinary(direction, unit)["roll"])


SHORT = [
    ({"up_to": 10}, {"calendar_day"}),
    ({"up_to": 9}, set()),
    ({"numbers": [3, 10]}, {"calendar_day"}),
    ({"numbers": [3, 11]}, set()),
    ({"up_to": 10, "unit": "week"}, {"week"}),
]


@pytest.mark.parametrize(("rule", "units"), SHORT)
def test_a_short_term_is_counted_in_working_days(rule, units):
    for direction, unit in EACH:
        shortened = unit in units
        wanted = ordinary(direction, "working_day" if shortened else unit)
        wanted["clauses"] = {"short": "of short"} if shortened else {}
        assert term(part(direction, unit), rules(short=rule)) == wanted, (direction, unit)
        assert term(part(direction, unit), rules(short=rule), "art. 9")["unit"] == unit


def test_an_excepted_term_neither_rolls_nor_grows_nor_is_filled_up_and_says_why():
    every = rules(
        roll=dict.fromkeys(DIRECTIONS, "next"), grow={"run": 2, "units": UNITS}, least={"working_days": 3},
        count={"is": "clear_days"}, added={"days": 1}, short={"up_to": 99},
    )  # fmt: skip
    for direction, unit in EACH:
        made_of = term(part(direction, unit), every, "art. 9")
        assert (made_of["roll"], made_of["grows_by_run"], made_of["least_working"]) == ("none", None, 0)
        assert (made_of["unit"], made_of["count"], made_of["added"]) == (unit, "clear_days", 1)
        assert made_of["clauses"]["excepted"] == "art. 9"
    assert "excepted" not in term(part(), every)["clauses"]


@pytest.mark.parametrize(("keys", "rule", "field", "value", "clause"), [
    ({"count": "event_excluded"}, {"count": {"is": "clear_days"}}, "count", "event_excluded", "count"),
    ({"month_end": "off"}, {"month_end": {"is": "keep"}}, "keep_month_end", False, "month_end"),
    ({"month_end": "keep"}, {"month_end": {"is": "off"}}, "keep_month_end", True, "month_end"),
    ({"roll": "previous"}, {"roll": {"forward": "none"}}, "roll", "previous", "roll"),
    ({"grow": {"run": 7}}, {"grow": {"run": 2}}, "grows_by_run", 7, "grow"),
])  # fmt: skip
def test_a_key_of_the_limit_goes_before_the_rule_and_its_clause(keys, rule, field, value, clause):
    made_of = term(part(**keys), rules(**rule))
    assert (made_of[field], made_of["clauses"]) == (value, {})
    assert term(part(**keys), RuleSet())[field] == value
    assert term(part(), rules(**rule))["clauses"] == {clause: f"of {clause}"}


def test_the_limit_says_itself_what_an_exception_would_take_away():
    assert term(part(roll="previous"), RuleSet(), "art. 9")["roll"] == "previous"
    assert term(part(grow={"run": 3}), RuleSet(), "art. 9")["grows_by_run"] == 3


def test_working_days_and_terms_that_are_not_counted_forward_never_grow():
    for direction, unit in EACH:
        grown = term(part(direction, unit, grow={"run": 3}), RuleSet())["grows_by_run"]
        assert grown == (3 if (direction, unit) in CALENDAR_DAYS_ON else None), (direction, unit)


@pytest.mark.parametrize(("rule", "names"), [
    ({}, dict.fromkeys(DIRECTIONS, "own")),
    ({"is": "is"}, dict.fromkeys(DIRECTIONS, "is")),
    ({"is": "is", "forward": "on"}, {"forward": "on", "minimum": "on", "backward": "is", "earliest": "is"}),
    ({"is": "is", "backward": "back"}, {"forward": "is", "minimum": "is", "backward": "back", "earliest": "back"}),
    ({"forward": "on"}, {"forward": "on", "minimum": "on", "backward": "own", "earliest": "own"}),
    ({"backward": "back"}, {"forward": "own", "minimum": "own", "backward": "back", "earliest": "back"}),
    ({"also": "also"}, {"forward": "own&also", "minimum": "own&also", "backward": "own", "earliest": "own"}),
    ({"is": "is", "also": "also"}, {"forward": "is&also", "minimum": "is&also", "backward": "is", "earliest": "is"}),
])  # fmt: skip
@pytest.mark.parametrize(
    ("key", "field", "other"), [("counted", "counted", "rolled"), ("rolled_over", "rolled", "counted")]
)
def test_the_days_counted_and_those_rolled_over_are_of_the_calendar_named(key, field, other, rule, names):
    for direction, name in names.items():
        made_of = term(part(direction), rules(**{key: rule}))
        assert (made_of[field], made_of[other]) == (name, "own"), direction
        own = term(part(direction, calendar="own"), rules(**{key: rule}))[field]
        assert own == name.replace("is", "own"), direction  # a limit's own calendar goes before that of all directions


def test_another_amount_has_rules_of_its_own():
    """A term that an act has set anew is counted by its own unit and size, and by the convention of the limit."""
    counting = CountingRules(part(unit="month"), rules(short={"up_to": 5}, least={"working_days": 2}), CALENDAR)
    assert counting.term().unit == "month"
    short = part(unit="calendar_day", within=5)
    assert (counting.term(short).unit, counting.term(short).roll) == ("working_day", "none")
    assert counting.term(part(unit="calendar_day", within=6)).unit == "calendar_day"
    assert counting.term(part("backward", "week")).direction == "backward"


def test_a_day_that_was_set_counts_nothing():
    day = Part.model_validate({"by": "x"})
    made_of = term(day, rules(short={"up_to": 9, "unit": "working_day"}, least={"working_days": 2}, grow={"run": 1}))
    assert (made_of["unit"], made_of["direction"], made_of["roll"]) == ("working_day", "forward", "none")
    assert (made_of["least_working"], made_of["grows_by_run"]) == (0, None)


SATURDAY, MONDAY, FRIDAY = date(2026, 4, 11), date(2026, 4, 13), date(2026, 4, 10)


def test_a_set_day_rolls_only_by_a_rule_or_key_for_set_days():
    for key in ("by", "by_date"):
        day = Part.model_validate({key: "x"})
        assert set_day_direction(day) == "set_day"
        ends = {
            name: CountingRules(day, ruled, CALENDAR).end(SATURDAY)
            for name, ruled in {
                "nothing": RuleSet(),
                "forward": rules(roll={"forward": "next"}),
                "set": rules(roll={"set_day": "next"}),
                "back": rules(roll={"set_day": "previous"}),
                "added": rules(roll={"set_day": "next"}, added={"days": 5}),
            }.items()
        }
        assert ends == {
            "nothing": SATURDAY, "forward": SATURDAY, "set": MONDAY, "back": FRIDAY, "added": date(2026, 4, 20),
        }  # fmt: skip
        own = Part.model_validate({key: "x", "roll": "next"})
        assert CountingRules(own, rules(roll={"set_day": "previous"}), CALENDAR).end(SATURDAY) == MONDAY
        assert CountingRules(day, rules(roll={"set_day": "next"}), CALENDAR, None, "art. 9").end(SATURDAY) == SATURDAY


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_each_direction_is_that_of_its_count(direction):
    assert set_day_direction(part(direction)) == direction


@pytest.mark.parametrize(("direction", "day"), [
    ("forward", date(2026, 4, 21)), ("minimum", date(2026, 4, 21)),
    ("backward", date(2026, 4, 1)), ("earliest", date(2026, 4, 1)),
])  # fmt: skip
def test_the_end_of_a_term_in_days(direction, day):
    counting = CountingRules(part(direction, count="event_excluded"), RuleSet(), CALENDAR)
    assert counting.end(SATURDAY) == day
    assert counting.counted(SATURDAY).date == day
    assert counting.counted(SATURDAY, 3).n == 3
    assert counting.counted(SATURDAY).n == 10


OPEN_BY_DAY = made(WEEKENDS, "open", (OfficeHours(time(17), opens=time(8)),))
AT = datetime(2026, 4, 10, 10, 20, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(("unit", "rule", "forward", "backward"), [
    ("hour", None, datetime(2026, 4, 10, 20, 20, tzinfo=UTC), datetime(2026, 4, 10, 0, 20, tzinfo=UTC)),
    ("hour", {"is": "elapsed", "from": "event"}, datetime(2026, 4, 10, 20, 20, tzinfo=UTC),
     datetime(2026, 4, 10, 0, 20, tzinfo=UTC)),
    ("hour", {"is": "elapsed", "from": "next_hour"}, datetime(2026, 4, 10, 21, 0, tzinfo=UTC),
     datetime(2026, 4, 10, 0, 20, tzinfo=UTC)),
    ("half_working_day", None, datetime(2026, 4, 17, 10, 20, tzinfo=UTC), datetime(2026, 4, 3, 10, 20, tzinfo=UTC)),
    ("working_hour", None, datetime(2026, 4, 13, 11, 20, tzinfo=UTC), datetime(2026, 4, 9, 9, 20, tzinfo=UTC)),
])  # fmt: skip
def test_the_end_of_a_term_in_hours_is_an_instant(unit, rule, forward, backward):
    ruled = RuleSet() if rule is None else rules(hours=rule)
    ends = {
        direction: CountingRules(part(direction, unit), ruled, OPEN_BY_DAY).end(AT.date(), AT)
        for direction in DIRECTIONS
    }
    assert ends == {"forward": forward, "minimum": forward, "backward": backward, "earliest": backward}
    counting = CountingRules(part("forward", unit), ruled, OPEN_BY_DAY)
    assert counting.end(AT.date()) is None
    assert counting.end(AT.date(), AT.replace(tzinfo=None)) is None


def test_hours_roll_over_the_calendar_of_their_rule():
    counting = CountingRules(part("forward", "hour"), rules(rolled_over={"is": "is"}), CALENDAR)
    assert counting.hours(UTC).calendar.name == "is"
    ruled = rules(rolled_over={"backward": "back"}, hours={"is": "rolls", "from": "next_hour"})
    backward = CountingRules(part("backward", "hour"), ruled, CALENDAR).hours(UTC)
    assert (backward.calendar.name, backward.zone, backward.regime, backward.next_hour) == ("back", UTC, "rolls", True)


def test_an_extension_runs_from_the_rolled_end_only_where_a_rule_says_so():
    for ruled, rolled in (
        (RuleSet(), False),
        (rules(extension={"from": "nominal"}), False),
        (rules(extension={"from": "rolled"}), True),
    ):
        assert CountingRules(part(), ruled, CALENDAR).extends_rolled is rolled
