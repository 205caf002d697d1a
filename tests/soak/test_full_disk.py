"""The disk is full, or fails, at any write: a coded error, nothing half, and the same command succeeds once there is room."""

from __future__ import annotations

import errno
import os
import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.soak.invariants import check_acknowledged, check_killed, check_repeated, findings
from tests.soak.lab import Lab
from tests.soak.project import COMMANDS, Command, Place, Template
from tests.support import SOAK

POINTS = 30 if SOAK else 2
TRIED = [command for command in COMMANDS if SOAK or command.name in {"record", "erase", "calendar import"}]
NO_ROOM = {"ZX5006", "ZX2048"}
SMALL = 2_000_000


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("command", TRIED, ids=lambda command: command.name)
def test_a_write_fails(
    lab: Lab, sqlite_template: Template, command: Command, fault: str, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    """No room from the n-th write on; or the n-th write or flush fails once, as on a bad disk."""
    plan = {"trace": "fail", "errno": getattr(errno, fault), "once": fault == "EIO"}
    with sqlite_template.copy(tmp_path, command) as place:
        before = place.parts()
        done = lab.zhengxie(*command.args(place), plan={**plan, "at": 10**6, "folder": str(place.project)})
        assert done.acknowledged, done.err
        after = place.parts()
    points = range(len(done.calls))
    for at in points if len(points) <= POINTS else chance.sample(points, POINTS):
        with sqlite_template.copy(tmp_path, command) as place:
            done = lab.zhengxie(*command.args(place), plan={**plan, "at": at, "folder": str(place.project)})
            assert done.code in {0, 6}, (at, done.calls[at:], done.err)
            expected = NO_ROOM | ({"ZX5018"} if done.calls[at].startswith("openat") else set())  # SQLite says no more
            assert done.acknowledged or any(code in done.err for code in expected), (at, done.calls[at], done.err)
            check_killed(place, command, before, after, acknowledged=done.acknowledged)
            check_repeated(lab, place, command, after)
        tally[f"writes failed with {fault}"] += 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system in memory that holds two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system can be mounted by root alone")
    yield folder
    subprocess.run(["umount", folder], check=True)


def check_filled(place: Place, said: list[str], case: str) -> None:
    assert said[-1] == "ZX5006"
    assert findings(place) == [], "a journal on a full disk is read and verified as ever"
    check_acknowledged(place, said[:-1])
    assert len(said) > 2, case


def test_a_disk_fills_up(lab: Lab, sqlite_template: Template, small_disk: Path, tally: Counter[str]) -> None:
    with sqlite_template.copy(small_disk / "work") as place:
        for turn in range(3 if SOAK else 1):
            done = lab.program("acts", place.url, str(place.project), f"F{turn}")
            assert done.code == 3, done.err
            check_filled(place, done.said, f"F{turn}")
            size = SMALL * (turn + 2)
            subprocess.run(["mount", "-o", f"remount,size={size}", small_disk], check=True)
            again = lab.program("acts", place.url, str(place.project), f"F{turn}", len(done.said))
            assert again.code == 0, again.said
            check_acknowledged(place, again.said)
            assert findings(place) == []
            tally["small file systems filled up"] += 1


def test_a_file_may_not_grow(lab: Lab, sqlite_template: Template, tmp_path: Path, tally: Counter[str]) -> None:
    """The same by a limit on the size of files, which needs no right to mount anything."""
    with sqlite_template.copy(tmp_path) as place:
        assert place.database is not None
        for turn in range(3 if SOAK else 1):
            size = place.database.stat().st_size + 200_000
            done = lab.program("acts", place.url, str(place.project), f"F{turn}", limits={"RLIMIT_FSIZE": size})
            assert done.code == 3, done.err
            check_filled(place, done.said, f"F{turn}")
            again = lab.program("acts", place.url, str(place.project), f"F{turn}", len(done.said))
            assert again.code == 0, again.said
            check_acknowledged(place, again.said)
            tally["files that might not grow"] += 1
