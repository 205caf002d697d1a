"""What is repeated after a conflict, how often, and how long."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from zhengxie_flow.bootstrap.clock import Backoff
from zhengxie_flow.errors import Conflict, Refused
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.retrying import ATTEMPTS, repeated


@dataclass
class Clock:
    """Time that passes only while somebody waits."""

    at: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.pauses.append(seconds)


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def context(time: Clock) -> Context:
    ports = dict.fromkeys(("journal", "definitions", "calendars", "clock", "ids"))
    return Context(**ports, retries=Backoff(5.0, seconds=lambda: time.at, sleep=time.sleep, chance=lambda: 1.0))


def failing(time: Clock, retry: str, times: int, costs: float = 0.0):
    """A write that meets so many conflicts, each after some time."""
    tries = []

    def attempt() -> int:
        tries.append(retry)
        time.at += costs
        if len(tries) <= times:
            raise Conflict("ZX5003", retry=retry, database="d", detail="x")
        return len(tries)

    return attempt, tries


@pytest.mark.parametrize("retry", ["at_once", "in_time"])
def test_what_may_help_is_repeated(context, time, retry):
    attempt, _ = failing(time, retry, 3)
    assert repeated(context, attempt) == 4
    assert time.pauses == [0.002, 0.004, 0.008]


def test_a_conflict_that_stays_is_raised_after_so_many_attempts(context, time):
    attempt, tries = failing(time, "at_once", 10**6)
    with pytest.raises(Conflict):
        repeated(context, attempt)
    assert len(tries) == ATTEMPTS
    assert max(time.pauses) == 0.1


def test_a_lock_is_waited_for_no_longer_than_the_patience(context, time):
    attempt, tries = failing(time, "in_time", 10**6, costs=2.0)
    with pytest.raises(Conflict):
        repeated(context, attempt)
    assert len(tries) == 3


def test_a_lost_race_is_repeated_however_long_it_took(context, time):
    attempt, _ = failing(time, "at_once", 3, costs=60.0)
    assert repeated(context, attempt) == 4


@pytest.mark.parametrize("error", [Conflict("ZX4036", process="p"), Refused(action="a", state="s")])
def test_what_cannot_help_is_raised_at_once(context, time, error):
    def attempt() -> None:
        raise error

    with pytest.raises(type(error)):
        repeated(context, attempt)
    assert time.pauses == []


def test_without_retries_there_is_one_attempt(context, time):
    attempt, tries = failing(time, "at_once", 1)
    with pytest.raises(Conflict):
        repeated(replace(context, retries=None), attempt)
    assert len(tries) == 1


def test_pauses_are_of_random_length(time):
    chances = iter([0.0, 0.25, 0.99])
    backoff = Backoff(5.0, sleep=time.sleep, chance=lambda: next(chances))
    for attempt in (1, 5, 50):
        backoff.pause(attempt)
    assert time.pauses == [0.0, 0.008, 0.099]


def test_an_ordinary_conflict_crosses_a_process_border_as_it_is():
    import pickle

    error = pickle.loads(pickle.dumps(Conflict("ZX5003", retry="in_time", database="d", detail="x")))  # noqa: S301
    assert (error.code, error.retry, error.params["database"]) == ("ZX5003", "in_time", "d")
