"""A project that is being made is killed: it is there whole, or a second `init` makes it whole, and nothing else is left."""

from __future__ import annotations

import random
import shutil
import signal
from collections import Counter
from pathlib import Path

import pytest
from tests.soak.lab import Lab
from tests.support import SOAK

POINTS = 60 if SOAK else 1
DATABASE = "zhengxie.db"


def files(home: Path) -> dict[str, int]:
    """Every file below a folder with its size, but for the database, whose pages may lie otherwise."""
    found = sorted(home.rglob("*"))
    return {str(file.relative_to(home)): file.stat().st_size * (DATABASE not in file.name) for file in found}


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("present", [False, True], ids=["a new folder", "a folder that is there"])
def test_init_is_killed(lab: Lab, tmp_path: Path, chance: random.Random, tally: Counter[str], *, present: bool) -> None:
    home = tmp_path / "home"
    home.mkdir()
    target = home / "project"

    def begin() -> None:
        shutil.rmtree(home)
        (target if present else home).mkdir(parents=True)

    begin()
    calls = lab.zhengxie("init", target, plan={"trace": "count"}).calls
    whole = files(home)
    points = range(len(calls))
    for at in points if len(points) <= POINTS else sorted(chance.sample(points, POINTS)):
        begin()
        done = lab.zhengxie("init", target, plan={"trace": "kill", "at": at})
        again = lab.zhengxie("init", target)
        if again.code == 2:  # refused, for it is there
            assert files(target) == {name.partition("/")[2]: size for name, size in whole.items() if "/" in name}, (
                calls[at]
            )
        else:
            assert again.code == 0, (at, calls[at], again.err)
            assert files(home) == whole, (at, calls[at])
        assert lab.zhengxie("--project", target, "verify").code == 0
        tally["kills before a writing system call: init"] += done.signal == signal.SIGKILL
