"""Commands killed at random moments and at their writing system calls: all of each transaction or nothing of it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.cli.program import PYTHONPATH
from tests.soak.invariants import check_killed, check_repeated
from tests.soak.lab import CLOCK, Lab
from tests.soak.project import Command, Template
from tests.soak.tried import commands, whole
from tests.support import SOAK

RANDOM, POINTS = (16, 16) if SOAK else (1, 2)


@commands(sqlite={"erase"}, postgresql={"record"})
def test_killed_at_a_random_moment(
    lab: Lab, template: Template, command: Command, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    before, after, _ = whole(lab, template, command)
    with template.copy(tmp_path, command) as place:
        seconds = lab.zhengxie(*command.args(place)).seconds
    for number in range(RANDOM):
        ending = signal.SIGINT if number % 8 == 7 else signal.SIGTERM if number % 8 == 3 else signal.SIGKILL
        with template.copy(tmp_path, command) as place:
            done = lab.zhengxie(*command.args(place), plan={"after": chance.random() * seconds * 1.1, "signal": ending})
            place.settle()
            check_killed(place, command, before, after, acknowledged=done.acknowledged)
            check_repeated(lab, place, command, after)
        if done.signal == signal.SIGKILL:
            tally[f"kills at a random moment: {command.name}"] += 1
        elif done.acknowledged:
            tally["commands that had ended when they were to be killed"] += 1
        else:
            assert ending != signal.SIGINT or done.code == 130
            tally[f"interrupts and terminations at a random moment: {command.name}"] += 1


@pytest.mark.usefixtures("traced")
@commands(sqlite={"record", "calendar import"}, postgresql={"import"})
def test_killed_before_a_writing_call(
    lab: Lab, template: Template, command: Command, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    before, after, done = whole(lab, template, command)
    points = range(len(done.calls))
    for at in points if len(points) <= POINTS else chance.sample(points, POINTS):
        with template.copy(tmp_path, command) as place:
            ended = lab.zhengxie(*command.args(place), plan={"trace": "kill", "at": at})
            place.settle()
            assert ended.signal == signal.SIGKILL or ended.acknowledged
            check_killed(place, command, before, after, acknowledged=ended.acknowledged)
            check_repeated(lab, place, command, after)
        tally[f"kills before a writing system call: {command.name}"] += ended.signal == signal.SIGKILL


@commands(sqlite={"record"}, postgresql={"none"})
def test_a_program_of_its_own_is_killed(
    lab: Lab, template: Template, command: Command, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    """Not a fork but the program as a user starts it, from the first line of the interpreter on."""
    before, after, _ = whole(lab, template, command)
    environ = os.environ | {"PYTHONPATH": PYTHONPATH, "ZHENGXIE_CLOCK": CLOCK, "LANG": "C.UTF-8"}
    program = [sys.executable, "-c", "from zhengxie_flow.cli.entry import run; run()"]
    for _ in range(4 if SOAK else 1):
        with template.copy(tmp_path, command) as place:
            started = subprocess.Popen(
                [*program, *command.args(place)], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                started.wait(chance.uniform(0.3, 1.2))
            except subprocess.TimeoutExpired:
                started.kill()
            code = started.wait()
            place.settle()
            check_killed(place, command, before, after, acknowledged=code == 0)
            check_repeated(lab, place, command, after)
        tally["kills of a program started anew"] += code != 0
