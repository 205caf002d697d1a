"""An upgrade of a journal that a released version left behind is killed: the old schema or the new one, and every event."""

from __future__ import annotations

import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from tests import frozen
from tests.soak.lab import Lab
from tests.soak.project import Template
from tests.support import SOAK

from zhengxie_flow import storage

POINTS = 60 if SOAK else 1
RELEASE = frozen.VERSIONS[0]


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_an_upgrade_is_killed(
    lab: Lab, database: str, tmp_path: Path, chance: random.Random, tally: Counter[str], request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgresql_server") if database == "postgresql" else None
    (tmp_path / "old").mkdir()
    old = Template(tmp_path / "old", lab, server, RELEASE)
    with old.copy(tmp_path / "whole") as place:
        before = place.parts()
        calls = lab.zhengxie(*place.options, "db", "upgrade", plan={"trace": "count"}).calls
        place.settle()
        after = place.parts()
    assert before != after
    points = range(len(calls))
    for at in points if len(points) <= POINTS else sorted(chance.sample(points, POINTS)):
        with old.copy(tmp_path / "try") as place:
            done = lab.zhengxie(*place.options, "db", "upgrade", plan={"trace": "kill", "at": at})
            place.settle()
            assert place.parts() in (before, after), calls[at]
            again = lab.zhengxie(*place.options, "db", "upgrade")
            assert again.code == 0, again.err
            place.settle()
            assert place.parts() == after
            with storage.open_journal(place.url) as journal:
                assert [finding for finding in journal.verify() if finding.kind not in {"erased", "projection"}] == []
        tally["kills before a writing system call: db upgrade"] += done.signal == signal.SIGKILL
