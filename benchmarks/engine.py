"""Cost of one act, against a bare step of `transitions` and other state machines; cost of many cases and events.

An act moves the case from one state to another, and so does the bare step it is held against: the same move of the same
machine, without command, condition, event or case.  An act that stays where it is takes `transitions` little more than
half as long, since nothing is left and nothing entered, and the engine nearly as long: reading the fields, evaluating
the requirement, and making the event and the case are the same.  It is measured too, against the same goal, and with a
requirement it misses it: see docs/explanation/speed.md.
"""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # this folder would hide the standard library's calendar

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from benchmarks._machines import MACHINES
from benchmarks._measure import Goal, main, ratio, seconds, times
from tests.support import cn, mini, shanghai, tell

from zhengxie_flow.engine import Command, CompiledProcess, compile_process, decide, evolve, fold
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.recording import RecordingTime
from zhengxie_flow.engine.events.statements import Opening, open_case
from zhengxie_flow.engine.state_machine.machine import Cursor
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, content
from zhengxie_flow.model.process import Process

NOW = shanghai("2026-03-04T10:00:00")
STORY = tell({"at": "2026-03-04", "do": "hold"}, state="ready")
PLAIN = Command(action="conclude", by="department")
REPORT = Command(action="report", by="office", fields={"to": ["council", "committee"]})
STEPS = 20  # a run of half a millisecond: a longer one is interrupted on a busy machine
FEW_STEPS = 5  # where a peer takes longer
MANY = 100_000
EVENTS = 1_000


def goals() -> Iterator[Goal]:
    """All goals of the engine."""
    floor = "as a multiple of a bare step of transitions"
    moving = _moving()
    yield Goal(f"an act that moves, with a three-valued requirement, {floor}", _bare(moving, REPORT), 3, "at most")
    yield Goal(f"an act that moves, without requirements, {floor}", _bare(moving, PLAIN), 3, "at most")
    yield Goal(f"an act that stays, with a three-valued requirement, {floor}", _bare(mini(), REPORT), 3, "at most")
    yield Goal(f"an act that stays, without requirements, {floor}", _bare(mini(), PLAIN), 3, "at most")
    for peer in MACHINES:
        yield _against(peer, moving)
    yield Goal("opening 100,000 cases, as a multiple of ten times opening 10,000", _linear(), 1.3, "at most")
    yield Goal("one open case in memory, in KiB", _weight(), 1, "at most")
    late_case = _recorded_late(EVENTS)
    yield Goal("folding 1,000 events, as a multiple of reading them with json", _folding(late_case), 1, "at most")
    yield Goal("telling 1,000 events out of order, as a multiple of in order", _late(late_case), 3, "at most")


def _moving() -> CompiledProcess:
    """The small statute with acts that close the case."""
    compiled = mini()
    closing = {name: compiled.action(name).model_copy(update={"to": "closed"}) for name in ("report", "conclude")}
    parts = dict(compiled.process)
    process = Process.model_construct(**{**parts, "actions": {**parts["actions"], **closing}})
    return compile_process(replace(compiled.definition, process=process))


def _bare(compiled: CompiledProcess, command: Command) -> float:
    machine = compiled.machine._machine  # noqa: SLF001  # the floor is the machine without anything around it
    state = STORY.case.state

    def bare() -> None:
        machine.events[command.action].trigger(Cursor(state), guards=None)

    return ratio(_acts(compiled, command, STEPS), times(bare, STEPS), rounds=201)


def _acts(compiled: CompiledProcess, command: Command, number: int) -> Callable[[], None]:
    return times(lambda: evolve(STORY.case, decide(compiled, STORY.case, command, cn, NOW)), number)


def _against(peer: str, compiled: CompiledProcess) -> Goal:
    what = f"an act that moves, with a requirement, {peer} as a multiple of it"
    try:
        theirs = MACHINES[peer]()
    except ModuleNotFoundError:
        return Goal(what, None, 3, "at least", f"{peer} is not installed")
    return Goal(what, ratio(times(theirs, FEW_STEPS), _acts(compiled, REPORT, FEW_STEPS), rounds=201), 3, "at least")


def _open(number: int) -> list[Case]:
    compiled, attribution, opening = mini(), Attribution(by="office", at=date(2026, 1, 5)), Opening()
    return [
        evolve(None, open_case(compiled, f"case-{n}", opening, attribution, RecordingTime(NOW))) for n in range(number)
    ]


def _linear() -> float:
    def quickest(number: int) -> float:
        return min(seconds(lambda: _open(number)) for _ in range(3))

    return quickest(MANY) / (10 * quickest(MANY // 10))


def _weight() -> float:
    tracemalloc.start()
    cases = _open(MANY // 10)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / len(cases) / 1024


def _recorded_late(number: int) -> Case:
    """A case with many acts in it, each told some days after a later one."""
    compiled, case = mini(), STORY.case
    for n in range(number):
        day = date(2026, 3, 5) + timedelta(days=n * 7 % 250)
        act = Command(action=("hear", "report")[n % 2], by="office", at=day)
        case = evolve(case, decide(compiled, case, act, cn, shanghai("2026-12-31T10:00:00")))
    return case


def _folding(case: Case) -> float:
    written = [json.dumps(content(event), ensure_ascii=False) for event in case.events]
    return ratio(lambda: fold(case.events), lambda: [json.loads(line) for line in written])


def _late(case: Case) -> float:
    """Telling events as they come, against telling the same ones sorted."""
    opening, *events_late = case.events
    in_time = sorted(events_late, key=lambda event: event.day(case.zone))
    numbered = [replace(event, sequence=n) for n, event in enumerate(in_time, 2)]

    def evolve_all(events: list[Event]) -> None:
        case_so_far = evolve(None, opening)
        for event in events:
            case_so_far = evolve(case_so_far, event)

    return ratio(lambda: evolve_all(events_late), lambda: evolve_all(numbered), rounds=5)


if __name__ == "__main__":
    main("engine", goals)
