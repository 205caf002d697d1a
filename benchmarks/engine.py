"""What one act costs, against a bare step of `transitions`; and what a hundred thousand open cases weigh."""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # this folder would hide the standard library's calendar

from collections.abc import Iterator
from datetime import date

from benchmarks._measure import Goal, main, ratio, seconds
from tests.support import cn, mini, shanghai, tell

from zhengxie_flow.engine import Command, decide, evolve
from zhengxie_flow.engine.statements import Opening, Told, open_case
from zhengxie_flow.engine.step import Cursor
from zhengxie_flow.model.case import Case

NOW = shanghai("2026-03-04T10:00:00")
STORY = tell({"at": "2026-03-04", "do": "hold"}, state="ready")
PLAIN = Command(action="conclude", by="department")
REPORT = Command(action="report", by="office", fields={"to": ["council", "committee"]})
STEPS = 100
MANY = 100_000


def goals() -> Iterator[Goal]:
    """All goals of the engine."""
    floor = "as a multiple of a bare step of transitions"
    yield Goal(f"decide and evolve an act with a three-valued requirement, {floor}", _against(REPORT), 3, "at most")
    yield Goal(f"decide and evolve an act without requirements, {floor}", _against(PLAIN), 3, "at most")
    yield Goal("opening 100,000 cases, as a multiple of ten times opening 10,000", _linear(), 1.3, "at most")
    yield Goal("one open case in memory, in KiB", _weight(), 1, "at most")


def _against(command: Command) -> float:
    compiled = mini()
    machine = compiled.life._machine  # noqa: SLF001  # the floor is the machine without anything around it
    state = STORY.case.state

    def ours() -> None:
        for _ in range(STEPS):
            evolve(STORY.case, decide(compiled, STORY.case, command, cn, NOW))

    def bare() -> None:
        for _ in range(STEPS):
            machine.events[command.action].trigger(Cursor(state), guards=None)

    return ratio(ours, bare, rounds=51)


def _open(number: int) -> list[Case]:
    compiled, told, opening = mini(), Told(by="office", at=date(2026, 1, 5)), Opening()
    return [evolve(None, open_case(compiled, f"case-{n}", opening, told, NOW, "")) for n in range(number)]


def _linear() -> float:
    return seconds(lambda: _open(MANY)) / (10 * seconds(lambda: _open(MANY // 10)))


def _weight() -> float:
    tracemalloc.start()
    cases = _open(MANY // 10)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / len(cases) / 1024


if __name__ == "__main__":
    main("engine", goals)
