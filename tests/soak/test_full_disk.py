"""The disk is full, or fails, at any write: a coded error, nothing half, and the same command succeeds once there is room."""

from __future__ import annotations

import errno
import os
import pwd
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.soak.invariants import check_acknowledged, check_killed, check_repeated, findings
from tests.soak.lab import Lab
from tests.soak.project import Command, Place, Template
from tests.soak.tried import commands
from tests.support import SOAK

POINTS = 30 if SOAK else 1
NO_ROOM = {"ZX5006", "ZX5045", "ZX2048"}
SMALL, SERVER = 2_000_000, 12_000_000


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO"])
@commands(sqlite={"erase", "calendar import"})
def test_a_write_fails(
    lab: Lab,
    template: Template,
    command: Command,
    fault: str,
    tmp_path: Path,
    chance: random.Random,
    tally: Counter[str],
) -> None:
    """No room from the n-th write on; or the n-th write or flush fails once, as on a bad disk."""
    plan = {"trace": "fail", "errno": getattr(errno, fault), "once": fault == "EIO"}
    with template.copy(tmp_path, command) as place:
        before = place.parts()
        done = lab.zhengxie(*command.args(place), plan={**plan, "at": 10**6, "folder": str(place.project)})
        assert done.acknowledged, done.err
        after = place.parts()
    points = range(len(done.calls))
    for at in points if len(points) <= POINTS else chance.sample(points, POINTS):
        with template.copy(tmp_path, command) as place:
            done = lab.zhengxie(*command.args(place), plan={**plan, "at": at, "folder": str(place.project)})
            assert done.code in {0, 6}, (at, done.calls[at:], done.err)
            expected = NO_ROOM | ({"ZX5018"} if done.calls[at].startswith("openat") else set())  # SQLite says no more
            assert done.acknowledged or any(code in done.err for code in expected), (at, done.calls[at], done.err)
            check_killed(place, command, before, after, acknowledged=done.acknowledged)
            check_repeated(lab, place, command, after)
        tally[f"writes failed with {fault}"] += 1


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Path]:
    """A small file system in memory."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system can be mounted by root alone")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def enlarge(folder: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=True)


def check_filled(place: Place, said: list[str], case: str) -> None:
    assert said[-1] == "ZX5006"
    assert findings(place) == [], "a journal on a full disk is read and verified as ever"
    check_acknowledged(place, said[:-1])
    assert len(said) > 2, case


def test_a_disk_fills_up(lab: Lab, sqlite_template: Template, tmp_path: Path, tally: Counter[str]) -> None:
    with mounted(tmp_path / "disk", SMALL) as disk, sqlite_template.copy(disk / "work") as place:
        for turn in range(3 if SOAK else 1):
            done = lab.program("acts", place.url, str(place.project), f"F{turn}", 1, 10**6, 2_000)
            assert done.code == 3, done.err
            check_filled(place, done.said, f"F{turn}")
            enlarge(disk, SMALL * (turn + 2))
            again = lab.program(
                "acts", place.url, str(place.project), f"F{turn}", max(1, len(done.said) - 3), len(done.said) + 2, 2_000
            )
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
            again = lab.program(
                "acts", place.url, str(place.project), f"F{turn}", max(1, len(done.said) - 3), len(done.said) + 2
            )
            assert again.code == 0, again.said
            check_acknowledged(place, again.said)
            tally["files that might not grow"] += 1


@pytest.mark.skipif(
    bool(os.environ.get("ZHENGXIE_TEST_POSTGRESQL")), reason="fills the disk of a server of its own alone"
)
@pytest.mark.skipif(not SOAK, reason="takes a minute")
def test_the_disk_of_a_server_fills_up(
    lab: Lab, postgresql_template: Template, tmp_path: Path, tally: Counter[str]
) -> None:
    with mounted(Path(tempfile.mkdtemp(prefix="zx-full-")) / "disk", SERVER) as disk:
        os.chown(disk, pwd.getpwnam("nobody").pw_uid, -1)  # as which the server runs where the tests run as root
        os.chmod(disk.parent, 0o755)
        postgresql_template.asks(f"CREATE TABLESPACE zx_small LOCATION '{disk}'")
        try:
            with postgresql_template.copy(tmp_path, where="TABLESPACE zx_small") as place:
                done = lab.program("acts", place.url, str(place.project), "F", 1, 10**6, 9_900)
                assert done.code == 3, done.err
                place.settle()
                check_filled(place, done.said, "F")
                enlarge(disk, 2 * SERVER)
                again = lab.program(
                    "acts", place.url, str(place.project), "F", max(1, len(done.said) - 3), len(done.said) + 2, 9_900
                )
                assert again.code == 0, again.said
                place.settle()
                check_acknowledged(place, again.said)
                assert findings(place) == []
                tally["disks of a server filled up"] += 1
        finally:
            postgresql_template.asks("DROP TABLESPACE zx_small")
    shutil.rmtree(disk.parent)
