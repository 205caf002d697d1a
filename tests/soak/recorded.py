"""Programs whose every write is recorded, so that the disk can be left as a power cut would leave it."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.soak.invariants import findings
from tests.soak.lab import Lab, Outcome
from tests.soak.power import Disk, Least, Step
from tests.soak.project import Place

ERASED_FILE = "E j"
"""What `programs.everything` acknowledges once a file of evidence is erased."""


def recorded(lab: Lab, place: Place, *program: object, at: int | None = None) -> tuple[Disk, list[Step]]:
    """The disk before a program, and what the program did to it; with ``at`` it is killed before that step."""
    disk = Disk(place.project)
    done, steps = followed(lab, place, *program, at=at)
    assert done.code == 0 if at is None else done.signal is not None or done.code == 0, done.err
    return disk, steps


def followed(lab: Lab, place: Place, *program: object, at: int | None = None) -> tuple[Outcome, list[Step]]:
    """How a recorded program ended, and what it did to the disk."""
    to = place.project.parent / "steps"
    plan = {"trace": "record", "folder": str(place.project), "to": str(to), "at": at}
    run = lab.zhengxie if program[0] == "zhengxie" else lab.program
    done = run(*(program[1:] if program[0] == "zhengxie" else program), plan=plan)
    steps: list[Step] = pickle.loads(to.read_bytes())  # noqa: S301  # written by our own child
    return done, steps


@contextmanager
def least(disk: Disk, place: Place, to: Path) -> Iterator[Place]:
    """The state of the disk in which nothing is left but what was flushed."""
    to.mkdir()
    disk.image(to, Least())
    copy = Place(to, f"sqlite:///{to}/zhengxie.db", place.inputs)
    try:
        yield copy
    finally:
        copy.engine.dispose()
        shutil.rmtree(to)


def said(steps: list[Step]) -> list[str]:
    """What was acknowledged in some steps."""
    return [line for step in steps if step[0] == "acknowledged" for line in step[1].decode().splitlines()]


def breaks_after(copy: Place, acknowledged: list[str]) -> list[tuple[str, str]]:
    """What `verify` finds after a cut; until the erasure of a file is acknowledged, the file may be there still.

    The erasure is recorded first, and the file goes when the command is given again.
    """
    kept = "evidence_kept: " if ERASED_FILE not in acknowledged else None
    return [finding for finding in findings(copy) if kept is None or not finding[1].startswith(kept)]
