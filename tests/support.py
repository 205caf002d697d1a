"""What several test modules share: the small statute of ``tests/data/mini`` and a way to tell its stories."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

from zhengxie_flow.engine import CompiledProcess, audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.model.scenario import ScenarioSetup, ScriptEvent
from zhengxie_flow.model.verdict import CaseAudit, Judgement
from zhengxie_flow.reading.calendars import CalendarFiles
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.services.commands.case_script import ScriptedCase, ScriptSource, begin, instant, opening_of

DATA = Path(__file__).parent / "data"
MINI = DATA / "mini"
CALENDARS = CalendarFiles()
_PROCESSES: dict[str, CompiledProcess] = {}
SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
MUTATED = os.environ.get("HYPOTHESIS_PROFILE") == "mutate"


def tries(number: int) -> int:
    """How many examples a property is tried with: many times as many in `make soak`, a part for each mutant of the code."""
    return number * 40 if SOAK else max(number // 4, 10) if MUTATED else number


def cn(as_of: date) -> Any:
    """The Chinese calendar as published by a day."""
    return CALENDARS.snapshot("cn", as_of)


def mini() -> CompiledProcess:
    """The small statute, compiled once."""
    if "mini" not in _PROCESSES:
        _PROCESSES["mini"] = compile_process(Files(MINI / "processes", MINI / "rules").load("mini/talk").definition)
    return _PROCESSES["mini"]


def tell(
    *happenings: dict[str, Any],
    opened: str = "2026-01-05",
    by: str = "office",
    compiled: CompiledProcess | None = None,
    **given: Any,
) -> ScriptedCase:
    """A case of the small statute (or of another process) after some happenings, written as in a scenario."""
    compiled = compiled or mini()
    day = date.fromisoformat(opened)
    items = {"guest": {"g1": {"kind": "expert"}}} if "items" not in given else given.pop("items")
    setting = ScenarioSetup(items=items, **given)
    story, _ = begin(
        ScriptSource(compiled, cn), "case-1", opening_of(setting), Attribution(by=by, at=day), instant(day, compiled)
    )
    for written in happenings:
        happening = ScriptEvent.model_validate(written)
        for _ in story.apply(happening, instant(happening.known or happening.at, compiled)):
            pass
    return story


def judged(story: ScriptedCase, as_of: str) -> CaseAudit:
    """The audit of a story as of a day."""
    return audit(derive(story.compiled, story.case, cn, date.fromisoformat(as_of)))


def line(result: CaseAudit, obligation: str, item: str | None = None) -> Judgement:
    """The one line of an audit about an obligation (of an item)."""
    found = [one for one in result.verdicts if one.obligation == obligation and (item is None or one.item == item)]
    assert len(found) == 1, [one.obligation for one in result.verdicts]
    return found[0]


def shanghai(text: str) -> datetime:
    """An instant of local time."""
    return datetime.fromisoformat(text + "+08:00")


def compiled_from(folder: str, process: str) -> CompiledProcess:
    """A process of ``tests/data``, compiled once."""
    if process not in _PROCESSES:
        root = DATA / folder
        _PROCESSES[process] = compile_process(Files(root / "processes", root / "rules").load(process).definition)
    return _PROCESSES[process]


def story_of(
    compiled: CompiledProcess, *happenings: dict[str, Any], opened: str, by: str, **given: Any
) -> ScriptedCase:
    """A case of any process after some happenings, written as in a scenario."""
    day = date.fromisoformat(opened)
    story, _ = begin(
        ScriptSource(compiled, cn),
        "case-1",
        opening_of(ScenarioSetup(**given)),
        Attribution(by=by, at=day),
        instant(day, compiled),
    )
    for written in happenings:
        happening = ScriptEvent.model_validate(written)
        for _ in story.apply(happening, instant(happening.known or happening.at, compiled)):
            pass
    return story
