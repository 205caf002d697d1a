"""Which end belongs to which beginning of a stop, and whether its condition holds anywhere in it, against plain lists."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from tests.support import cn
from tests.unit.engine.test_limits import did

from zhengxie_flow.engine import CompiledProcess, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.engine.limits.anchors import NOTHING_DUE, LimitScope
from zhengxie_flow.engine.limits.suspensions import OPEN_END, ClockStop, suspensions
from zhengxie_flow.model.case import LAST
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

FIRST = date(2026, 3, 1)
TODAY = date(2026, 3, 28)
CALENDAR = cn(FIRST)
BEGINS: dict[str, str | None] = {"stop": None, "ask": "guest", "call": "host"}
ENDS: dict[str, str | None] = {"resume": None, "reply": "guest", "back": "host"}
"""Acts that begin and end stops, each with the type of item it is about."""
Happening = tuple[int, str, str | None, int | None]
"""The day, the act, the item, and the day it names as the end."""


@cache
def compiled(until: str, when: str | None = None) -> CompiledProcess:
    ends: dict[str, Any] = {
        "acts": {"done": list(ENDS)}, "own": "ask.until", "either": {"first_of": [{"done": ["resume", "reply"]}, "ask.until", "back"]},
    }  # fmt: skip
    actions: dict[str, Any] = {"receive": {"by": "office"}, "answer": {"by": "office"}}
    for name, kind in (BEGINS | ENDS).items():
        actions[name] = {
            "by": "office",
            **({"for": kind} if kind else {}),
            "with": {"until": {"type": "date"}, "sure": {"type": "bool"}},
        }
    stop = {"from": {"done": list(BEGINS)}, "until": ends[until], **({"when": when} if when else {})}
    limit = {"within": 60, "unit": "calendar_day", "after": "receive", "suspended": stop}
    process = {
        "language": 1, "process": "p", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}}, "actions": actions,
        "items": {kind: {"fields": {}} for kind in ("guest", "host")}, "facts": {"ready": {"type": "bool", "by": "office"}},
        "obligations": {"o.answer": {"law": "1", "do": "answer", "limit": limit}},
    }  # fmt: skip
    return compile_process(resolve({"id": "x/p", "process": process}))


def day(number: int) -> date:
    return date.fromordinal(FIRST.toordinal() + number)


def stops(process: CompiledProcess, told: list[dict[str, Any]], today: date = TODAY) -> list[ClockStop]:
    opening = Opening(items={kind: {"a": {}, "b": {}} for kind in ("guest", "host")})
    by = Attribution(by="office", at=FIRST)
    story, _ = begin(ScriptSource(process, cn), "c", opening, by, instant(FIRST, process))
    for written in told:
        happening = ScriptEvent.model_validate({"by": "office", **written})
        list(story.apply(happening, instant(happening.at, process)))
    view = derive(process, story.case, cn, today).view
    limit = (
        process.obligations["o.answer"].limit
        if hasattr(process, "obligations")
        else process.obligation("o.answer").limit
    )
    assert limit is not None
    return suspensions(LimitScope(view, None, CALENDAR, NOTHING_DUE), limit)


def written(happening: Happening) -> dict[str, Any]:
    number, name, item, until = happening
    fields = {} if until is None else {"until": day(until).isoformat()}
    return did(day(number).isoformat(), name, **({"for": item} if item else {}), **({"with": fields} if fields else {}))


def drawn(seed: int) -> list[Happening]:
    """Beginnings and ends on days of their own, about one of two items of two types or about none."""
    chance = Random(seed)
    story: list[Happening] = []
    for number in sorted(chance.sample(range(1, 26), 7)):
        name = chance.choice([*BEGINS, *ENDS])
        kind = (BEGINS | ENDS)[name]
        own = name in BEGINS and chance.random() < 0.4
        story.append(
            (number, name, chance.choice("ab") if kind else None, number + chance.randint(0, 5) if own else None)
        )
    return story


def end_of(happening: Happening, story: list[Happening]) -> int | None:
    """The day of the first end after a beginning, about the same item if both are about one of a type; None: it goes on."""
    number, name, item, _ = happening
    for later, other, about, _ in story:
        if (
            later > number
            and other in ENDS
            and (None in (BEGINS[name], ENDS[other]) or BEGINS[name] != ENDS[other] or about == item)
        ):
            return later
    return None


@pytest.mark.parametrize("seed", range(40))
def test_each_stop_ends_with_the_next_end_about_the_same_item(seed):
    story = drawn(seed)
    found = stops(compiled("acts"), [written(happening) for happening in story])
    shown = [(stop.begin[0], None if stop.end == OPEN_END else stop.end[0]) for stop in found]
    ends = [(happening[0], end_of(happening, story)) for happening in story if happening[1] in BEGINS]
    assert shown == [(day(number), None if end is None else day(end)) for number, end in ends]


@pytest.mark.parametrize(("own", "wanted"), [(None, None), (4, (4, LAST)), (9, (9, LAST)), (3, (3, LAST))])
def test_a_stop_ends_at_the_end_of_the_day_that_its_own_beginning_names(own, wanted):
    (stop,) = stops(compiled("own"), [written((3, "ask", "a", own))])
    assert stop.end == (OPEN_END if wanted is None else (day(wanted[0]), wanted[1]))
    assert stops(compiled("own"), [written((3, "ask", "a", 2))]) == []  # before it begins: it holds nothing


@pytest.mark.parametrize(("happenings", "wanted"), [
    ([(5, "resume", None, None)], 5),
    ([(12, "resume", None, None)], 9),
    ([(5, "reply", "a", None)], 5),
    ([(5, "reply", "b", None)], 9),
    ([(5, "back", "a", None)], 5),
    ([], 9),
])  # fmt: skip
def test_the_first_of_several_ends_counts(happenings, wanted):
    told = [written(happening) for happening in [(3, "ask", "a", 9), *happenings]]
    (stop,) = stops(compiled("either"), told)
    assert stop.end[0] == day(wanted)


@pytest.mark.parametrize(("sure", "stands"), [(True, True), (False, False)])
def test_a_field_of_the_act_that_begins_a_stop_may_be_its_condition(sure, stands):
    told = [did(day(4).isoformat(), "stop", **{"with": {"sure": sure}}), did(day(9).isoformat(), "resume")]
    assert bool(stops(compiled("acts", "sure"), told)) is stands


ASSERTIONS = [(), *(((number, value),) for number in (2, 4, 6, 9, 10) for value in (True, False)),
              *(((first, True), (second, False)) for first, second in ((2, 4), (2, 3), (2, 6), (6, 7), (3, 4), (9, 10))),
              *(((first, False), (second, True)) for first, second in ((2, 4), (2, 6), (2, 9), (2, 10), (6, 9)))]  # fmt: skip


def true_in(assertions: tuple[tuple[int, bool], ...], first: int, last: int) -> bool | None:
    """Whether a fact is true at any moment of a stop; a first answer counts for what was before.

    What was determined on the day of an act of the story was determined after it.
    """
    if not assertions:
        return None
    before = [value for number, value in assertions if number < first]
    at_first = before[-1] if before else assertions[0][1]
    return at_first or any(value for number, value in assertions if first <= number < last)


@pytest.mark.parametrize(("assertions", "ended"), [*product(ASSERTIONS, (True, False))])
def test_a_stop_counts_wholly_where_its_condition_holds_anywhere_in_it(assertions, ended):
    told = [did(day(4).isoformat(), "stop"), *([did(day(9).isoformat(), "resume")] if ended else [])]
    told += [
        {"at": day(number).isoformat(), "determine": {"ready": value}, "reason": "r"} for number, value in assertions
    ]
    told.sort(key=lambda entry: entry["at"])
    found = stops(compiled("acts", "ready"), told)
    wanted = true_in(assertions, 4, 9 if ended else 28)
    assert bool(found) is bool(wanted), assertions
