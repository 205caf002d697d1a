"""Parts of a clock by themselves: which occurrences open rounds, where a round ends, and how far an end is moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from tests.support import cn
from tests.unit.engine.test_limits import ACTIONS, did

from zhengxie_flow.engine import compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.engine.limits.anchors import AnchorState
from zhengxie_flow.engine.limits.clock_end import ClockEnd, ClockEnds, EndChange, HeldDays
from zhengxie_flow.engine.limits.extensions import AppliedExtension
from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_limit, resolve_rounds
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.limits.rounds import RoundOpening, recurrence
from zhengxie_flow.engine.limits.suspensions import ClockStop
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.limit import Limit
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

ONE = timedelta(days=1)
CALENDAR = cn(date(2026, 11, 22))
AN_ACT: dict[str, Any] = {"after": "receive"}
FIVE: dict[str, Any] = {"within": 5, "unit": "working_day", "after": "receive"}


# -- which occurrences open rounds

ANCHORS: dict[str, Any] = {
    "an act": "receive", "itself": "answer", "one of several acts": {"done": ["receive", "answer"]}, "the first of two": {"first_of": ["receive", "answer"]},
    "the last of two": {"last_of": ["receive", "answer"]}, "another limit": {"due": "o"},
}  # fmt: skip
SHAPES: dict[str, dict[str, Any]] = {
    "forward": {"within": 5, "unit": "working_day"}, "minimum": {"at_least": 5, "unit": "working_day"}, "backward": {"at_least": 5, "unit": "working_day"},
    "order_after": {}, "order_before": {}, "by_date": {},
}  # fmt: skip
KEY = {
    "forward": "after",
    "minimum": "after",
    "backward": "before",
    "order_after": "after",
    "order_before": "before",
    "by_date": "by_date",
}


@pytest.mark.parametrize(("shape", "anchor", "occurrence"), list(product(SHAPES, ANCHORS, (None, "first", "each"))))
def test_which_occurrences_open_rounds(shape: str, anchor: str, occurrence: str | None) -> None:
    written = {**SHAPES[shape], KEY[shape]: ANCHORS[anchor], **({"occurrence": occurrence} if occurrence else {})}
    limit = Limit.model_validate(written)
    if shape == "minimum":
        expected = "first" if occurrence == "first" else "latest"
    elif occurrence is not None:
        expected = occurrence
    elif shape in ("backward", "order_before") or anchor in ("the first of two", "the last of two"):
        expected = "first"
    else:
        expected = "first" if shape == "order_after" and anchor == "itself" else "each"
    assert limit.direction == shape
    assert recurrence(limit, limit, ("answer",)) == expected


@pytest.mark.parametrize(("until", "act"), list(product((None, 3, 8), (None, 2, 8, 9))))
def test_a_round_ends_with_its_act_or_the_next_opening_whichever_is_first(until: int | None, act: int | None) -> None:
    places = {number: (date(2026, 3, number), number) for number in (2, 3, 8, 9)}
    acts = (
        ()
        if act is None
        else (Act(places[act], "answer", None, None, {}), Act((date(2026, 4, 1), 20), "answer", None, None, {}))
    )
    opening = RoundOpening(AnchorState("actual"), (), until=None if until is None else places[until], acts=acts)
    assert opening.ended == min((places[number] for number in (until, act) if number is not None), default=None)


# -- how far an end is moved


def part(unit: str, amount: int = 2) -> Limit:
    return Limit.model_validate({"within": amount, "unit": unit, "after": "receive"})


def starts() -> Iterator[date]:
    yield from (date(2026, 1, 28) + i * ONE for i in range(0, 60, 3))


@pytest.mark.parametrize("unit", ["working_day", "calendar_day", "month", "year"])
def test_the_units_between_two_days_are_the_most_that_fit(unit: str) -> None:
    run = ClockEnds(CALENDAR, date(2026, 1, 5), part(unit))
    for first in starts():
        for last in (first - ONE, first, first + ONE, first + 12 * ONE, first + 31 * ONE, first + 366 * ONE):
            fits = [n for n in range(400) if run.extend(first, part(unit), n) <= last] if last > first else [0]
            assert run.units(ClockEnd(first, part(unit)), last) == max(fits), (first, last)


@pytest.mark.parametrize("unit", ["working_day", "calendar_day", "month", "year"])
def test_an_end_is_its_start_and_its_amount_unless_told_another(unit: str) -> None:
    run = ClockEnds(CALENDAR, date(2026, 1, 5), part(unit))
    for first in starts():
        assert run.extend(first, part(unit), 0) == first
        assert run.extend(first, part(unit), 2) > run.extend(first, part(unit), 1) > first
    assert run.end() == ClockEnd(run.extend(run.start, part(unit), 2), part(unit))


@pytest.mark.parametrize("unit", ["working_day", "calendar_day", "month"])
def test_a_stop_moves_an_end_by_its_days(unit: str) -> None:
    run = ClockEnds(CALENDAR, date(2026, 1, 5), part(unit))
    for first in starts():
        for size in (-1, 0, 1, 5, 11):
            held = [first + i * ONE for i in range(1, size + 1)]
            day = end = date(2026, 3, 9)
            for _ in held if unit != "working_day" else [d for d in held if CALENDAR.is_working_day(d)]:
                day = CALENDAR.add(day, 1) if unit == "working_day" else day + ONE
            assert run.push(ClockEnd(end, part(unit)), first, first + size * ONE) == day


def step(first: int, last: int | None, **more: Any) -> HeldDays:
    end = (date.max, 0) if last is None else (date(2026, 3, last), 5)
    stop = ClockStop((date(2026, 3, first), 4), end)
    return HeldDays(stop.begin[0], stop.end[0], stop, **more)


def test_without_an_action_and_with_an_open_stop_taken_to_end() -> None:
    base = part("calendar_day", 10)  # from 2 March to 12 March
    run = ClockEnds(
        CALENDAR,
        date(2026, 3, 2),
        base,
        steps=[EndChange("add", (date(2026, 3, 3), 1), added=4), step(4, 6), step(9, None)],
    )
    assert run.end() is None
    assert run.end(clip=date(2026, 3, 9)) == ClockEnd(date(2026, 3, 18), base)
    assert run.end(clip=date(2026, 3, 11)) == ClockEnd(date(2026, 3, 20), base)
    assert run.end(clip=date(2026, 3, 11), without="add") == ClockEnd(date(2026, 3, 16), base)
    assert run.end(clip=date(2026, 3, 11), without="other") == ClockEnd(date(2026, 3, 20), base)
    fixed = ClockEnds(
        CALENDAR,
        date(2026, 3, 2),
        base,
        steps=[step(3, 5), EndChange("set", (date(2026, 3, 4), 1), day=date(2026, 3, 14)), step(6, 8)],
    )
    assert fixed.end() == ClockEnd(date(2026, 3, 17), base, fixed=True)  # one day after 4 March, two of the second stop
    other = part("working_day", 3)
    based = ClockEnds(
        CALENDAR,
        date(2026, 3, 2),
        base,
        steps=[
            EndChange("add", (date(2026, 3, 3), 1), added=4),
            step(4, 6),
            EndChange("new", (date(2026, 3, 9), 1), base=other),
        ],
    )
    assert based.end() == ClockEnd(date(2026, 3, 9), other)  # 5 March and two working days of the stop


# -- one act of extension


def view_of(limit: dict[str, Any], told: list[dict[str, Any]], as_of: str, **more: Any) -> CaseView:
    actions: dict[str, Any] = {name: {"by": "office"} for name in ACTIONS}
    fields = {"days": {"type": "int"}, "until": {"type": "date"}}
    actions |= {
        "extend": {"by": ["office", "head"], "with": fields},
        "receive": {"by": "office", "with": fields},
        **more.pop("actions", {}),
    }
    process = {
        "language": 1, "process": "clock", "law": "x-1", "roles": {"office": {}, "head": {}, "clerk": {}}, "states": {"open": {}},
        "facts": {"grave": {"type": "bool", "by": "office"}}, "actions": actions,
        "obligations": {"the.duty": {"law": "1", "do": "answer", "limit": limit}},
    }  # fmt: skip
    compiled = compile_process(resolve({"id": "x/clock", "process": process}))
    first = date(2026, 3, 2)
    story, _ = begin(
        ScriptSource(compiled, cn), "c", Opening(), Attribution(by="office", at=first), instant(first, compiled)
    )
    for written in told:
        happening = ScriptEvent.model_validate({"by": "office", **written})
        list(story.apply(happening, instant(happening.at, compiled)))
    return derive(compiled, story.case, cn, date.fromisoformat(as_of)).view


def resolved(
    limit: dict[str, Any], told: list[dict[str, Any]], as_of: str = "2026-03-20", **more: Any
) -> ResolvedLimit:
    view = view_of(limit, told, as_of, **more)
    owed = owed_limit(view, "the.duty", view.compiled.process.obligations["the.duty"], None)
    last = resolve_rounds(view, owed)[-1].limit
    whole = resolve_limit(view, owed)
    assert (
        (whole.day, whole.low, whole.high, whole.number) == (last.day, last.low, last.high, last.number)
        or whole.differs
        or whole.needs
    )
    return whole


Outcome = tuple[str, tuple[str, ...], int, int | None, tuple[str, ...]]


def outcomes(limit: ResolvedLimit) -> list[Outcome]:
    return [(change.verdict.value, change.detail, change.units, change.left, change.needs) for change in limit.changes]


RECEIVED = did("2026-03-02", "receive")


def asked(day: int, **fields: Any) -> dict[str, Any]:
    return did(f"2026-03-{day:02}", "extend", **({"with": fields} if fields else {}))


PASS = ("pass", (), 4, None, ())
EXTENSIONS: list[tuple[dict[str, Any], list[dict[str, Any]], list[Outcome], int | None]] = [
    ({"add": 4}, [asked(3)], [PASS], 13),
    ({"add": 4, "times": 1}, [asked(3), asked(4)], [PASS, ("capped", (), 0, 0, ())], 13),
    ({"add": 4, "times": 2}, [asked(3), asked(4)], [PASS, PASS], 19),
    ({"add": 4, "up_to": 6}, [asked(3), asked(4), asked(5)], [PASS, ("capped", (), 2, 2, ()), ("capped", (), 0, 0, ())], 17),
    ({"add": 4, "up_to": 4}, [asked(3), asked(4)], [PASS, ("capped", (), 0, 0, ())], 13),
    ({"add": {"field": "days"}}, [asked(3, days=4)], [PASS], 13),
    ({"add": {"field": "days"}}, [asked(3)], [("needs_judgement", (), 0, None, ("days",))], 9),
    ({"add": {"field": "days"}, "up_to": 3}, [asked(3, days=3)], [("pass", (), 3, None, ())], 12),
    ({"to": {"within": 9}}, [asked(3)], [PASS], 13),
    ({"to": {"within": 5}}, [asked(3)], [("invalid", ("not_longer",), 0, None, ())], 9),
    ({"to": {"within": {"field": "days"}}}, [asked(3, days=9)], [PASS], 13),
    ({"to": {"within": {"field": "days"}}}, [asked(3)], [("needs_judgement", (), 0, None, ("days",))], 9),
    ({"to": {"within": 9}, "up_to": 3}, [asked(3)], [("capped", (), 3, 3, ())], 12),
    ({"to": {"within": 9}, "up_to": 4}, [asked(3)], [PASS], 13),
    ({"to": {"within": 9}, "up_to": 4}, [asked(3), asked(4)], [PASS, ("invalid", ("not_longer",), 0, None, ())], 13),
    ({"to": {"field": "until"}}, [asked(3, until="2026-03-13")], [PASS], 13),
    ({"to": {"field": "until"}}, [asked(3)], [("needs_judgement", (), 0, None, ("until",))], 9),
    ({"to": {"field": "until"}}, [asked(3, until="2026-03-09")], [("invalid", ("not_longer",), 0, None, ())], 9),
    ({"to": {"field": "until"}, "up_to": 4}, [asked(3, until="2026-03-14")], [("capped", (), 4, 4, ())], 13),
    ({"to": {"field": "until"}, "up_to": 4}, [asked(3, until="2026-03-11"), asked(4, until="2026-03-20")], [("pass", (), 2, None, ()), ("capped", (), 2, 2, ())], 13),
    ({"to": {"field": "until"}, "up_to": 4}, [asked(3, until="2026-03-13"), asked(4, until="2026-03-20")], [PASS, ("capped", (), 0, 0, ())], 13),
    ({"add": 4, "by": "head"}, [asked(3)], [("invalid", ("wrong_authority",), 0, None, ())], 9),
    ({"add": 4, "by": "head"}, [{**asked(3), "by": "head"}], [PASS], 13),
    ({"add": 4, "when": "grave"}, [{"at": "2026-03-03", "determine": {"grave": False}, "reason": "r"}, asked(4)], [("invalid", ("no_rule",), 0, None, ())], 9),
    ({"add": 4, "when": "grave"}, [{"at": "2026-03-03", "determine": {"grave": True}, "reason": "r"}, asked(4)], [PASS], 13),
    ({"add": 4}, [asked(9)], [PASS], 13),
    ({"add": 4}, [asked(10)], [("invalid", ("after_expiry",), 0, None, ())], 9),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "told", "expected", "day"), EXTENSIONS)
def test_what_becomes_of_an_extension(
    rule: dict[str, Any], told: list[dict[str, Any]], expected: list[Outcome], day: int | None
) -> None:
    limit = {**FIVE, "extended_by": {"action": "extend", **rule}}  # until Monday 9 March
    found = resolved(limit, [RECEIVED, *told])
    assert outcomes(found) == expected
    assert found.day == (None if day is None else date(2026, 3, day))
    effects = getattr(found.working(), "extensions", None) or ()
    assert [(effect.date, effect.verdict) for effect in effects] == [
        (change.act.day, change.verdict.value) for change in found.changes
    ]
    assert all(isinstance(change, AppliedExtension) and change.act.action == "extend" for change in found.changes)


HELD = {"suspended": {"from": "stop", "until": "resume"}}
STOPPED = [RECEIVED, did("2026-03-04", "stop")]


@pytest.mark.parametrize(
    ("rule", "told", "expected", "day"),
    [
        # from 4 to 11 March five working days are held: 16 March, and what is added
        ({"add": 4}, [asked(6), did("2026-03-11", "resume")], [PASS], 20),
        ({"add": 4, "up_to": 2}, [asked(6), did("2026-03-11", "resume")], [("capped", (), 2, 2, ())], 18),
        ({"to": {"within": 9}}, [asked(6), did("2026-03-11", "resume")], [PASS], 20),
        ({"to": {"within": 9}, "up_to": 2}, [asked(6), did("2026-03-11", "resume")], [("capped", (), 2, 2, ())], 18),
        # when asked for, two days were held: 11 March; a day that is set moves by the three days after it alone
        ({"to": {"field": "until"}}, [asked(6, until="2026-03-13"), did("2026-03-11", "resume")], [("pass", (), 2, None, ())], 18),
        ({"to": {"field": "until"}}, [asked(6, until="2026-03-11"), did("2026-03-11", "resume")], [("invalid", ("not_longer",), 0, None, ())], 16),
        ({"to": {"field": "until"}, "up_to": 1}, [asked(6, until="2026-03-13"), did("2026-03-11", "resume")], [("capped", (), 1, 1, ())], 17),
        ({"add": 4}, [asked(30), did("2026-03-31", "resume")], [PASS], None),
    ],
)  # fmt: skip
def test_what_becomes_of_an_extension_while_the_clock_stands(
    rule: dict[str, Any], told: list[dict[str, Any]], expected: list[Outcome], day: int | None
) -> None:
    found = resolved({**FIVE, **HELD, "extended_by": {"action": "extend", **rule}}, [*STOPPED, *told], "2026-04-20")
    assert outcomes(found) == expected
    assert day is None or found.day == date(2026, 3, day)


def test_the_act_that_starts_the_clock_extends_it_only_where_it_says_how_far() -> None:
    limit = {**FIVE, "extended_by": {"action": "receive", "add": {"field": "days"}}}
    silent = resolved(limit, [RECEIVED])
    assert (outcomes(silent), silent.day) == ([], date(2026, 3, 9))
    telling = resolved(limit, [did("2026-03-02", "receive", **{"with": {"days": 4}})])
    assert (outcomes(telling), telling.day) == ([PASS], date(2026, 3, 13))
    unfit = {**FIVE, "extended_by": {"action": "receive", "add": 4, "when": "grave"}}
    known = [{"at": "2026-03-02", "determine": {"grave": False}, "reason": "r"}, RECEIVED]
    assert outcomes(resolved(unfit, known)) == []


@pytest.mark.parametrize(
    ("amount", "day", "needs"),
    [(None, None, ("days",)), (0, None, ("days",)), (-2, None, ("days",)), (1, 3, ()), (7, 11, ())],
)
def test_an_amount_that_the_starting_act_names(amount: int | None, day: int | None, needs: tuple[str, ...]) -> None:
    limit = {"within": {"field": "days"}, "unit": "working_day", "after": "receive"}
    fields = {} if amount is None else {"with": {"days": amount}}
    found = resolved(limit, [did("2026-03-02", "receive", **fields)])
    assert (found.day, found.needs) == (None if day is None else date(2026, 3, day), needs)
    assert found.part is None or found.part.amount == amount
    waiting = resolved(limit, [])
    assert (waiting.day, waiting.needs, waiting.anchor) == (None, (), AnchorState("unknown", waits_for=("receive",)))
    planned = resolved(limit, [{"at": "2026-03-02", "plan": "receive", "to": "2026-03-30"}])
    assert (planned.day, planned.anchor) == (None, AnchorState("unknown", waits_for=("receive",)))
