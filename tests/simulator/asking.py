"""The same question put to the engine: its lines, round by round."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from tests.simulator.calendar import ONE, OfficeDays
from tests.simulator.histories import FIRST, LAST, Story
from tests.simulator.limit import Limit
from tests.simulator.writing import DUTY, case_of, process_of
from tests.support import CALENDARS

from zhengxie_flow.engine import CompiledProcess, DerivedCase, audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScenarioSetup, ScriptEvent
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant, opening_of

AS_OF = date(2026, 11, 20)


@dataclass(frozen=True)
class Answer:
    """Answer of the engine about one round; ``extensions`` by the place of their acts in the history."""

    number: int
    item: str | None
    verdict: str
    day: date | None
    suspended: bool
    act: int | None
    extensions: tuple[tuple[int, str, int], ...]
    outside: bool = False


@cache
def calendar_of(office: OfficeDays) -> Any:
    """The engine's calendar with the same days of rest."""
    plain = CALENDARS.snapshot("cn", AS_OF)
    days = [FIRST + ONE * number for number in range((LAST - FIRST).days + 1)]
    layer = {
        "id": "made_up",
        "off_days": [day.isoformat() for day in days if plain.is_working_day(day) and not office.works(day)],
        "work_days": [day.isoformat() for day in days if not plain.is_working_day(day) and office.works(day)],
    }
    return CALENDARS.snapshot("cn", AS_OF, overlays=[layer])


@lru_cache(maxsize=256)
def _compiled(written: str) -> CompiledProcess:
    return compile_process(resolve({"id": "x/walk", "process": json.loads(written)}))


def compiled_of(limit: Limit) -> CompiledProcess:
    return _compiled(json.dumps(process_of(limit)))


def told(story: Story, office: OfficeDays) -> tuple[DerivedCase, dict[int, int]]:
    """The case of a story as the engine derives it, and the places of its events in the history."""
    compiled = compiled_of(story.limit)

    def calendars(_: date) -> Any:
        return calendar_of(office)

    written = case_of(story)
    opened = story.question.opened
    case, _ = begin(
        ScriptSource(compiled, calendars),
        written["case"],
        opening_of(ScenarioSetup(**written["given"])),
        Attribution(by="office", at=opened),
        instant(opened, compiled),
    )
    numbers: dict[int, int] = {}
    for order, event in enumerate(written["events"]):
        script_event = ScriptEvent.model_validate(event)
        for recorded in case.apply(script_event, instant(script_event.at, compiled)):
            numbers[recorded.sequence] = story.question.entries[order].order
    return derive(compiled, case.case, calendars, story.question.today), numbers


def ask(story: Story, office: OfficeDays) -> list[Answer]:
    """The engine's lines about the one obligation of a story, by a calendar whose days are settled."""
    derived, numbers = told(story, office)
    lines = audit(derived).verdicts
    return [answer_of(line, numbers) for line in lines if line.obligation == DUTY and not line.is_action]


def answer_of(line: Judgement, numbers: dict[int, int]) -> Answer:
    working = line.proof.working() if line.proof is not None else None
    extensions = getattr(working, "extensions", None) or ()
    return Answer(
        getattr(line, "round", None) or 1,
        line.item,
        line.verdict.value,
        line.day,
        "suspended" in line.detail,
        numbers[line.actual.event] if line.actual is not None else None,
        tuple((numbers[effect.event], effect.verdict, effect.units) for effect in extensions),
        "outside_calendar" in line.detail or "calendar" in line.needs,
    )
