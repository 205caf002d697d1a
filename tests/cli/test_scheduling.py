"""Every lawful date of a process, from the command line; no database is needed."""

from __future__ import annotations

import pytest
from tests.cli.program import run
from tests.support import MINI


def schedule(*args: str):
    return run("--project", MINI, "--lang", "en", "schedule", "mini/talk", *args)


def test_the_dates_around_a_session():
    answer = run("--project", MINI, "--format", "json", "schedule", "mini/talk", "--plan", "hold=2026-03-04")
    assert answer.code == 0
    notify = next(one for one in answer.data["actions"] if one["action"] == "notify")
    assert (notify["latest"], notify["because"], notify["status"]) == ("2026-02-05", ["a2.notice"], "firm")


def test_a_plan_that_cannot_be_kept_ends_with_1_and_says_what_could():
    answer = schedule("--plan", "hold=2026-05-06", "--today", "today")
    assert answer.code == 1
    assert "not possible" in answer.out
    assert "possible instead: Hold (hold) 2026-05-23 to" in answer.out


def test_without_any_day_it_says_what_to_give():
    answer = schedule()
    assert answer.code == 0
    assert "--plan ACTION=DAY" in answer.out


@pytest.mark.parametrize(
    ("args", "code", "exit_code"),
    [
        (("--plan", "dance=2026-05-06"), "ZX1201", 4),
        (("--plan", "hold"), "ZX6010", 2),
        (("--plan", "hold=tomorrow"), "ZX2003", 2),
        (("--plan", "hold=1999-01-01"), "ZX2008", 2),
    ],
)
def test_what_cannot_be_read(args, code, exit_code):
    answer = run("--project", MINI, "--format", "json", "schedule", "mini/talk", *args)
    assert (answer.code, answer.error["code"]) == (exit_code, code)
