"""The lawful days of acts against sets of days, from which each limit takes away what it forbids until nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from tests.support import cn

from zhengxie_flow.engine import CompiledProcess, compile_process
from zhengxie_flow.engine.limits.schedule import Bound, LawfulDays, Schedule, schedule
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.definition import resolve

ONE = timedelta(days=1)
CALENDAR = cn(date(2026, 11, 22))
ACTS = ("ask", "hear", "decide", "send", "file")
FIRST, LAST = date(2026, 6, 20), date(2026, 12, 10)
EDGE = 45 * ONE
"""Nearer to the ends of the window nothing is a bound of the law."""
WINDOW = [FIRST + i * ONE for i in range((LAST - FIRST).days + 1)]
Days = dict[str, set[date]]
Rule = tuple[str, str, Callable[[date, date], bool]]
"""The act, the anchor, and whether the act may lie on a day if the anchor lies on another."""

AMOUNTS: dict[str, Callable[[int, str, str], dict[str, Any]]] = {
    "within": lambda n, unit, anchor: {"within": n, "unit": unit, "after": anchor},
    "at least before": lambda n, unit, anchor: {"at_least": n, "unit": unit, "before": anchor},
    "clear days before": lambda n, unit, anchor: {"at_least": n, "unit": unit, "before": anchor, "count": "clear_days"},
    "at least after": lambda n, unit, anchor: {"at_least": n, "unit": unit, "after": anchor},
    "clear days after": lambda n, unit, anchor: {"at_least": n, "unit": unit, "after": anchor, "count": "clear_days"},
    "before": lambda _n, _unit, anchor: {"before": anchor},
    "after": lambda _n, _unit, anchor: {"after": anchor},
    "on the day": lambda _n, _unit, anchor: {"by_date": anchor},
}


def rule_of(kind: str, n: int, unit: Any, act: str, anchor: str) -> Rule:
    """A limit in the plainest words."""
    clear: Any = "clear_days" if kind.startswith("clear") else "event_excluded"
    match kind:
        case "within":
            return act, anchor, lambda day, start: start <= day <= CALENDAR.within(start, n, unit).date
        case "at least before" | "clear days before":
            return act, anchor, lambda day, event: day <= CALENDAR.before(event, n, clear, unit).date
        case "at least after" | "clear days after":
            return act, anchor, lambda day, start: day >= CALENDAR.minimum(start, n, unit, clear).date
        case "before":
            return act, anchor, lambda day, other: day <= other
        case "after":
            return act, anchor, lambda day, other: day >= other
        case _:
            return act, anchor, lambda day, other: day == other


def left(rules: list[Rule], plans: dict[str, date], today: date | None) -> Days | None:
    """The days on which each act can lie; None where an act has none."""
    days = {
        name: {plans[name]} if name in plans else {day for day in WINDOW if today is None or day >= today}
        for name in ACTS
    }
    tables = [
        (act, anchor, {(day, other) for day in WINDOW for other in WINDOW if may(day, other)})
        for act, anchor, may in rules
    ]
    changed = True
    while changed:
        changed = False
        for act, anchor, pairs in tables:
            kept = {day for day in days[act] if any((day, other) in pairs for other in days[anchor])}
            also = {other for other in days[anchor] if any((day, other) in pairs for day in days[act])}
            changed |= kept != days[act] or also != days[anchor]
            days[act], days[anchor] = kept, also
            if not kept or not also:
                return None
    return days


def process_of(duties: dict[str, dict[str, Any]]) -> CompiledProcess:
    process = {
        "language": 1, "process": "plan", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}},
        "actions": {name: {"by": "office"} for name in ACTS},
        "obligations": {ident: {"law": "1", "who": "office", **duty} for ident, duty in duties.items()},
    }  # fmt: skip
    return compile_process(resolve({"id": "x/plan", "process": process}))


def drawn(chance: Random, *, number: int) -> tuple[dict[str, dict[str, Any]], dict[str, Rule]]:
    duties: dict[str, dict[str, Any]] = {}
    rules: dict[str, Rule] = {}
    for index in range(number):
        act, anchor = chance.sample(ACTS, 2)
        kind, n, unit = (
            chance.choice(list(AMOUNTS)),
            chance.randint(1, 6),
            chance.choice(("working_day", "calendar_day")),
        )
        duties[f"o{index}"] = {"do": act, "limit": AMOUNTS[kind](n, unit, anchor)}
        rules[f"o{index}"] = rule_of(kind, n, unit, act, anchor)
    return duties, rules


def inner(days: set[date], *, first: bool) -> date | None:
    """The first or last of some days; None at the edge of the window."""
    day = min(days) if first else max(days)
    return day if FIRST + EDGE < day < LAST - EDGE else None


def bounds(span: LawfulDays) -> tuple[date | None, date | None]:
    return (span.earliest.day if span.earliest else None), (span.latest.day if span.latest else None)


# 25: limits in a circle that only some days of the year satisfy, which no bound can say
@pytest.mark.parametrize("seed", [seed for seed in range(48) if seed != 25])
def test_the_bounds_are_the_first_and_last_days_left(seed: int) -> None:
    chance = Random(seed)
    duties, rules = drawn(chance, number=chance.randint(2, 5))
    middle = FIRST + 85 * ONE
    named = chance.sample(ACTS, chance.randint(1, 2))
    plans = {name: middle + ONE * chance.randint(-7, 9) for name in named}
    today = chance.choice([None, middle - 3 * ONE, middle + ONE * 2])
    compiled = process_of(duties)
    days = left(list(rules.values()), plans, today)
    result = schedule(compiled, CALENDAR, plans, today)
    assert bool(result.clashes) == (days is None)
    tied = {name for act, anchor, _ in rules.values() for name in (act, anchor)}
    assert set(result.spans) == tied
    assert {name: span.planned for name, span in result.spans.items()} == {name: plans.get(name) for name in tied}
    assert result.edition == CALENDAR.calendar_hash
    if days is not None:
        assert {name: bounds(span) for name, span in result.spans.items()} == {
            name: (inner(days[name], first=True), inner(days[name], first=False)) for name in tied
        }
        explained(result, duties, plans, today)
    alternatives(result, compiled, rules, plans, today)


def explained(result: Schedule, duties: dict[str, dict[str, Any]], plans: dict[str, date], today: date | None) -> None:
    """The limits that a bound names give it by themselves, none of them twice."""
    for name, span in result.spans.items():
        for end, bound in (("earliest", span.earliest), ("latest", span.latest)):
            if bound is None or not bound.because:
                assert bound is None or bound.day in (plans.get(name), today)
                continue
            alone = schedule(process_of({ident: duties[ident] for ident in bound.because}), CALENDAR, plans, today)
            again: Bound | None = getattr(alone.spans[name], end)
            assert again is not None and again.day == bound.day


def alternatives(
    result: Schedule, compiled: CompiledProcess, rules: dict[str, Rule], plans: dict[str, date], today: date | None
) -> None:
    """What a contradiction offers for a set day is what would be lawful without it."""
    fewest = {len(clash.because) for clash in result.clashes}
    assert len(fewest) <= 1
    for clash in result.clashes:
        span = result.spans[clash.action]
        assert not span.possible and span.earliest is not None and span.latest is not None
        assert set(clash.because) == {*span.earliest.because, *span.latest.because}
        assert len(set(clash.because)) == len(clash.because)
        touched = {name for ident in clash.because for name in rules[ident][:2]}
        offered = {}
        for name in plans:
            free = schedule(compiled, CALENDAR, {other: day for other, day in plans.items() if other != name}, today)
            if name in touched and free.spans[name].possible:
                offered[name] = free.spans[name]
        assert clash.instead == offered


@pytest.mark.parametrize(
    ("limit", "tied"),
    [
        ({"within": 5, "unit": "calendar_day", "after": {"first_of": ["ask", "hear"]}}, {"send", "ask", "hear"}),
        ({"within": 5, "unit": "calendar_day", "after": {"last_of": ["ask", "hear"]}}, {"send", "ask", "hear"}),
        ({"within": 5, "unit": "calendar_day", "after": {"done": "ask"}}, {"send", "ask"}),
        ({"within": 5, "unit": "calendar_day", "after": {"done": ["ask", "hear"]}}, set()),  # either: neither bounds it
        ({"within": 5, "unit": "calendar_day", "after": "begun"}, set()),
        ({"within": 5, "unit": "calendar_day", "after": "send"}, set()),
        ({"within": 5, "unit": "hour", "after": "ask"}, set()),
        ({"within": 5, "unit": "calendar_day", "after": {"due": "o.other"}}, set()),
        ({"earliest_of": [{"within": 5, "unit": "calendar_day", "after": "ask"}, {"before": "file"}]}, {"send", "ask", "file"}),
        ({"latest_of": [{"within": 5, "unit": "calendar_day", "after": "ask"}, {"before": "file"}]}, set()),
    ],
)  # fmt: skip
def test_which_acts_a_limit_ties(limit: dict[str, Any], tied: set[str]) -> None:
    duties = {"o": {"do": "send", "limit": limit}, "o.other": {"do": "decide"}}
    process = {
        "language": 1, "process": "plan", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}},
        "facts": {"begun": {"type": "date", "by": "office"}},
        "actions": {name: {"by": "office"} for name in ACTS},
        "obligations": {ident: {"law": "1", "who": "office", **duty} for ident, duty in duties.items()},
    }  # fmt: skip
    compiled = compile_process(resolve({"id": "x/plan", "process": process}))
    assert set(schedule(compiled, CALENDAR, {}).spans) == tied


def test_a_chain_of_limits_names_all_of_them_nearest_first_and_is_as_firm_as_its_weakest() -> None:
    duties = {
        "o1": {"do": "hear", "limit": {"within": 5, "unit": "working_day", "after": "ask"}},
        "o2": {"do": "decide", "limit": {"within": 5, "unit": "working_day", "after": "hear"}},
        "o3": {"do": "send", "limit": {"within": 5, "unit": "calendar_day", "after": "decide"}},
    }
    compiled = process_of(duties)
    for start, firm in ((date(2026, 11, 2), True), (date(2026, 12, 10), False)):
        spans = schedule(compiled, CALENDAR, {"ask": start}).spans
        day = CALENDAR.within(CALENDAR.add(CALENDAR.add(start, 5), 5), 5, "calendar_day").date
        assert spans["send"].latest == Bound(day, ("o3", "o2", "o1"), firm=firm)
        assert spans["send"].earliest == Bound(start, ("o3", "o2", "o1"))
    back = schedule(compiled, CALENDAR, {"send": date(2026, 12, 30)}).spans
    assert back["ask"].latest == Bound(date(2026, 12, 30), ("o1", "o2", "o3"))
    assert back["ask"].earliest is not None and not back["ask"].earliest.firm
    assert back["ask"].earliest.because == ("o1", "o2", "o3")


def test_a_day_that_cannot_be_counted_from_is_refused() -> None:
    compiled = process_of({"o": {"do": "send", "limit": {"before": "ask"}}})
    with pytest.raises(CalendarError):
        schedule(compiled, CALENDAR, {"ask": date(2040, 1, 1)})


@pytest.mark.parametrize("gap", [1, 20, 200, 300, 380])
def test_bounds_are_carried_back_as_far_as_a_year(gap: int) -> None:
    compiled = process_of({"o": {"do": "send", "limit": {"within": gap, "unit": "calendar_day", "after": "ask"}}})
    sent = date(2025, 6, 11)
    earliest = schedule(compiled, CALENDAR, {"send": sent}).spans["ask"].earliest
    assert earliest is not None
    assert CALENDAR.within(earliest.day, gap, "calendar_day").date >= sent
    assert CALENDAR.within(earliest.day - ONE, gap, "calendar_day").date < sent


@pytest.mark.parametrize("end", ["first", "last"])
def test_at_the_ends_of_the_data_nothing_is_carried(end: str) -> None:
    compiled = process_of({"o": {"do": "send", "limit": {"within": 3, "unit": "working_day", "after": "ask"}}})
    day = CALENDAR.first if end == "first" else CALENDAR.last
    spans = schedule(compiled, CALENDAR, {"send": day} if end == "first" else {"send": day - 500 * ONE}).spans
    assert spans["ask"].latest == (None if end == "first" else Bound(day - 500 * ONE, ("o",)))
