"""A program that embeds the engine is killed while it writes: what it acknowledged is there, what it did not is whole."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from tests.soak.invariants import check_acknowledged, findings
from tests.soak.lab import Lab
from tests.soak.project import Place, Template
from tests.soak.tried import databases
from tests.support import SOAK

ROUNDS = 60 if SOAK else 1


def numbers(place: Place, case: str) -> list[int]:
    """The numbers of the events of a case, in order."""
    with place.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT sequence FROM zx_events WHERE case_id = '{case}'").all()  # noqa: S608
    return sorted(number for (number,) in rows)


@databases
def test_one_writer_is_killed(
    lab: Lab, template: Template, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    """The same journal, killed over and over: each round recovers what the one before left."""
    with template.copy(tmp_path) as place:
        for turn in range(ROUNDS):
            plan = {"after": chance.uniform(0.05, 0.5)}
            done = lab.program("acts", place.url, str(place.project), f"K{turn}", plan=plan)
            place.settle()
            check_acknowledged(place, done.said)
            stored = numbers(place, f"K{turn}")
            assert stored == list(range(1, len(stored) + 1))
            assert len(stored) - len(done.said) in {0, 1}, "only the act in hand may be there unacknowledged"
            if turn % 10 == 9 or not SOAK:
                assert findings(place) == []
            tally["kills of a long-lived program"] += done.signal == 9
            tally["acts acknowledged by long-lived programs"] += len(done.said)
        assert findings(place) == []


@databases
def test_several_threads_are_killed(
    lab: Lab, template: Template, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    with template.copy(tmp_path) as place:
        for turn in range((ROUNDS + 1) // 2):
            plan = {"after": chance.uniform(0.2, 0.8)}
            done = lab.program("crowd", place.url, str(place.project), f"T{turn}", 4, plan=plan)
            place.settle()
            check_acknowledged(place, done.said)
            tally["kills of a program with several threads"] += done.signal == 9
            tally["acts acknowledged by long-lived programs"] += len(done.said)
        assert findings(place) == []
