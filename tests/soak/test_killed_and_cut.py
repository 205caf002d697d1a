"""A program is killed, its command is given again and acknowledged, and then the power goes.

What the killed program had written lies in the memory of the machine, where the second program finds it, and maybe not
on the disk.  To acknowledge what is found there is to promise that it is on the disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.soak.invariants import check_acknowledged, differing
from tests.soak.lab import Lab
from tests.soak.power import Disk, Step
from tests.soak.project import Command, Place, Template
from tests.soak.recorded import breaks_after, followed, least, recorded, said
from tests.soak.tried import commands
from tests.support import SOAK

from zhengxie_flow import storage
from zhengxie_flow.storage.versions import newest

pytestmark = pytest.mark.usefixtures("traced")


def flushes(steps: list[Step]) -> list[int]:
    """The flushes among steps: who is killed before one has written what is not on the disk."""
    return [number for number, step in enumerate(steps) if step[0] == "sync"]


def of_names(steps: list[Step]) -> list[int]:
    """The flushes that are tried: all of them; in `make test` the last of a folder in which a name came or went."""
    every = flushes(steps)
    return every if SOAK else [max(at for at in every if steps[at - 1][0] in {"rename", "unlink"})]


def of_acts(steps: list[Step]) -> list[int]:
    """The flushes that are tried: all of them; in `make test` that of the first act."""
    every = flushes(steps)
    first = next(number for number, step in enumerate(steps) if step[0] == "acknowledged")
    return every if SOAK else [max(at for at in every if at < first)]


def given_again(lab: Lab, place: Place, disk: Disk, at: int, *program: object) -> Iterator[list[Step]]:
    """Kill a program before a step and give it again; replay both, pausing at each acknowledgement of the second."""
    _, steps = followed(lab, place, *program, at=at)
    done, after = followed(lab, place, *program)
    assert done.code == 0, done.err
    for step in steps:
        disk.replay(step)
    for step in after:
        disk.replay(step)
        steps.append(step)
        if step[0] == "acknowledged":
            yield steps
    yield steps


def test_acts_given_again(lab: Lab, sqlite_template: Template, tmp_path: Path, tally: Counter[str]) -> None:
    with sqlite_template.copy(tmp_path / "whole") as place:
        _, whole = recorded(lab, place, "everything", place.url, str(place.project), "E")
    for at in of_acts(whole):
        with sqlite_template.copy(tmp_path / "work") as place:
            disk = Disk(place.project)
            for steps in given_again(lab, place, disk, at, "everything", place.url, str(place.project), "E"):
                with least(disk, place, tmp_path / "image") as copy:
                    check_acknowledged(copy, said(steps))
                    assert breaks_after(copy, said(steps)) == [], (at, said(steps)[-1])
                tally["states of a disk after a kill, the command again and a power cut: acts"] += 1
                if not SOAK:
                    break


@commands(sqlite={"attach", "calendar import"})
def test_commands_given_again(
    lab: Lab, template: Template, command: Command, tmp_path: Path, tally: Counter[str]
) -> None:
    with template.copy(tmp_path / "whole", command) as place:
        _, whole = recorded(lab, place, "zhengxie", *command.args(place))
    for at in of_names(whole):
        with template.copy(tmp_path / "work", command) as place:
            disk = Disk(place.project)
            [_] = given_again(lab, place, disk, at, "zhengxie", *command.args(place))
            with least(disk, place, tmp_path / "image") as copy:
                assert differing(copy.parts(), place.parts()) == [], at
                assert breaks_after(copy, []) == [], at
        tally["states of a disk after a kill, the command again and a power cut: commands"] += 1


@pytest.mark.skipif(not SOAK, reason="as the log of any other command")
def test_an_upgrade_given_again(lab: Lab, sqlite_template: Template, tmp_path: Path, tally: Counter[str]) -> None:
    def program(place: Place) -> list[object]:
        return ["zhengxie", "--db", place.project / "new.db", "db", "upgrade"]

    with sqlite_template.copy(tmp_path / "whole") as place:
        _, whole = recorded(lab, place, *program(place))
    for at in flushes(whole):
        with sqlite_template.copy(tmp_path / "work") as place:
            disk = Disk(place.project)
            [_] = given_again(lab, place, disk, at, *program(place))
            with least(disk, place, tmp_path / "image") as copy:
                assert storage.current(copy.project / "new.db") == newest(), at
        tally["states of a disk after a kill, the command again and a power cut: db upgrade"] += 1
