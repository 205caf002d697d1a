"""The connection to PostgreSQL is lost at any statement of a command, or the server itself is killed."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.soak.connections import WAYS
from tests.soak.invariants import check_acknowledged, check_killed, check_repeated, findings
from tests.soak.lab import Lab
from tests.soak.project import Command, Template
from tests.soak.tried import commands, whole
from tests.support import SOAK

POINTS = 8 if SOAK else 1
LOST = {"ZX5014"}


def points(number: int, chance: random.Random, most: int) -> Iterator[int]:
    return iter(range(number) if number <= most else sorted(chance.sample(range(number), most)))


def statements(lab: Lab, template: Template, folder: Path, command: Command | None) -> int:
    """How many statements and commits a command (or the long-lived program) makes."""
    count = folder / "count"
    plan = {"connection": {"at": None, "count": str(count)}}
    with template.copy(folder, command) as place:
        if command is None:
            done = lab.program("retried", place.url, str(place.project), "R", plan=plan)
        else:
            done = lab.zhengxie(*command.args(place), plan=plan)
        assert done.code == 0, done.err
        place.settle()
    return len(count.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("way", WAYS if SOAK else WAYS[2:])
@commands(postgresql={"erase"})
def test_a_command_loses_its_connection(
    lab: Lab,
    template: Template,
    command: Command,
    way: str,
    tmp_path: Path,
    chance: random.Random,
    tally: Counter[str],
) -> None:
    before, after, _ = whole(lab, template, command)
    for at in points(statements(lab, template, tmp_path, command), chance, POINTS):
        with template.copy(tmp_path, command) as place:
            plan = {"connection": {"at": at, "way": way}}
            done = lab.zhengxie(*command.args(place), plan=plan)
            place.settle()
            assert done.code == 6, (at, done.err)
            assert any(code in done.err for code in LOST), done.err
            check_killed(place, command, before, after, acknowledged=False)
            check_repeated(lab, place, command, after)
        tally[f"connections lost in a command: {way}"] += 1


@pytest.mark.parametrize("way", WAYS)
def test_a_long_lived_program_goes_on(
    lab: Lab, postgresql_template: Template, way: str, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    """The same engine, given the same again, needs no new start, and every act is there exactly once."""
    total = statements(lab, postgresql_template, tmp_path, None)
    for at in points(total, chance, total if SOAK else 1):
        with postgresql_template.copy(tmp_path) as place:
            plan = {"connection": {"at": at, "way": way}}
            done = lab.program("retried", place.url, str(place.project), "R", plan=plan)
            if done.code != 0:  # lost while the engine was being opened
                assert [code for code in LOST if code in done.err], done.err
                assert done.said == []
                lab.program("retried", place.url, str(place.project), "R")
            place.settle()
            assert set(done.said) <= LOST
            check_acknowledged(place, ["R a", "R b", "R/1 c", "R d"])
            assert findings(place) == []
            with place.engine.connect() as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM zx_checkpoints").scalar() == 1
        tally[f"connections lost in a long-lived program: {way}"] += 1


@pytest.mark.skipif(bool(os.environ.get("ZHENGXIE_TEST_POSTGRESQL")), reason="kills a server of its own alone")
def test_the_server_is_killed(
    lab: Lab, postgresql_template: Template, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    """One server process is killed, so that all end and the server recovers from its log."""
    total = statements(lab, postgresql_template, tmp_path, None)
    for at in points(total, chance, 30 if SOAK else 1):
        with postgresql_template.copy(tmp_path) as place:
            place.checkpoint()  # a sequence copied with its database does not survive a crash before one
            url = f"{place.url}&options=-csynchronous_commit%3Don"  # as a server is set up that is meant to keep things
            plan = {"connection": {"at": at, "way": "killed"}}
            done = lab.program("retried", url, str(place.project), "R", 100_000, plan=plan)
            if done.code != 0:
                lab.program("retried", url, str(place.project), "R", 100_000)
            place.settle()
            assert set(done.said) <= LOST
            check_acknowledged(place, ["R a", "R b", "R/1 c", "R d"])
            assert findings(place) == []
        tally["servers killed"] += 1
