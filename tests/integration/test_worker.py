"""A worker on SQLite: what time brings and every rung once, whatever happens to the worker, the clock or a case."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.projects import ROOT
from tests.support import DATA

from zhengxie_flow.bootstrap import Engine
from zhengxie_flow.bootstrap.working import WorkerOptions, release, worker_on
from zhengxie_flow.errors import StorageError
from zhengxie_flow.jobs import failures
from zhengxie_flow.jobs.worker import WorkDone, Worker

PROJECT = DATA / "reminders"
START = datetime.fromisoformat("2026-03-02T09:00+08:00")
DAY = timedelta(days=1)


@dataclass
class Hand:
    """A clock that is set by hand, and waits by moving on."""

    at: datetime = START
    fixed: bool = False
    stopping: bool = False
    waited: list[float] = field(default_factory=list)
    during: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.at += timedelta(seconds=seconds)
        self.during()


class Bench:
    """An engine with some cases, and workers on it."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.path = Hand(), folder / "cases.db"
        self.engine = Engine(self.path, project=PROJECT, clock=self.clock)

    def open(self, *cases: str) -> None:
        for case in cases:
            self.engine.open("desk/request", case, by="desk")
            self.engine.advance(case, "receive", by="desk")

    def worker(self, **options: Any) -> Worker:
        return worker_on(self.engine, WorkerOptions(name="w", waiter=self.clock, **options))

    def drain(self) -> WorkDone:
        return self.worker().drain()

    def on(self, day: str) -> WorkDone:
        self.clock.at = datetime.fromisoformat(day + "T09:00+08:00")
        return self.drain()

    def written(self) -> list[tuple[Any, ...]]:
        messages = self.engine.outbox.messages(limit=10_000)
        assert len({message.key for message in messages}) == len(messages)
        return [
            tuple(message.payload[name] for name in ("case", "rung", "number", "day")) for message in messages
        ]  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path) -> Any:
    made = Bench(tmp_path)
    yield made
    made.engine.close()


ALL = [("soon", 1, "03-09"), ("target", 1, "03-12"), ("day", 1, "03-16"), ("late", 1, "03-17"), ("head", 1, "03-18")]


def expected(case: str) -> list[tuple[Any, ...]]:
    return [(case, rung, number, f"2026-{day}") for rung, number, day in ALL]


def test_a_worker_that_looks_every_day_writes_each_rung_on_its_day(bench: Bench) -> None:
    bench.open("a")
    seen: list[tuple[str, int]] = []
    for number in range(18):
        bench.on((date(2026, 3, 2) + number * DAY).isoformat())
        seen.append((str(bench.clock.at.date())[5:], len(bench.written())))
    assert bench.written() == expected("a")
    grew = [day for (day, count), (_, before) in zip(seen[1:], seen, strict=False) if count > before]
    assert grew == [day for *_, day in ALL]


def test_what_was_missed_while_no_worker_ran_comes_in_order_and_once(bench: Bench) -> None:
    bench.open("a", "b")
    done = bench.on("2026-03-19")
    assert (done.ticked, done.failed, done.set_aside) == (2, 0, 0)
    for case in ("a", "b"):
        assert [row for row in bench.written() if row[0] == case] == expected(case)
    assert bench.drain().ticked == 0


@pytest.mark.parametrize("seed", range(6))
def test_a_clock_that_jumps_writes_nothing_twice(bench: Bench, seed: int) -> None:
    chance = random.Random(seed)  # not for secrets
    bench.open("a")
    for _ in range(12):
        bench.on((date(2026, 3, 2) + chance.randrange(40) * DAY).isoformat())
    bench.on("2026-03-19")
    rows = bench.written()
    assert expected("a") == sorted(rows, key=lambda row: row[3])[:5]
    assert not bench.engine.verify()


def test_two_workers_share_the_work_and_double_nothing(bench: Bench) -> None:
    bench.open(*"abcd")
    bench.clock.at += 20 * DAY
    first, second = bench.worker(), bench.worker()
    first.turn()
    second.turn()
    assert len(bench.written()) == 4 * 6


def test_a_job_that_fails_is_set_aside_with_its_code_and_keeps_no_other_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from zhengxie_flow.jobs import worker as module

    real = module.tick

    def poisoned(context: Any, cases: Any = None, **options: Any) -> Any:
        if cases == ["a"]:
            raise ValueError("张三的身份证号")
        return real(context, cases, **options)

    monkeypatch.setattr(module, "tick", poisoned)
    bench.open("a", "b")
    bench.clock.at += 8 * DAY
    worker = bench.worker()
    with caplog.at_level(logging.INFO, logger="zhengxie_flow"):
        for _ in range(failures.ATTEMPTS):
            worker.drain()
            bench.clock.at += timedelta(hours=7)
    [job] = bench.engine.journal.work().jobs()
    assert (job.subject, job.state, job.attempts, job.code, job.failure) == (
        "a",
        "set_aside",
        5,
        "ZX9000",
        "ValueError",
    )
    assert worker.done.set_aside == 1
    assert {row[0] for row in bench.written()} == {"b"}
    assert "身份证" not in caplog.text
    assert not any("身份证" in str(vars(record)) for record in caplog.records)
    monkeypatch.setattr(module, "tick", real)
    assert bench.drain().ticked == 0  # until somebody lets it be tried again
    assert release(bench.engine.journal.work()) == 1
    assert bench.drain().ticked == 1
    assert bench.engine.journal.work().jobs() == ()
    assert {row[0] for row in bench.written()} == {"a", "b"}


def test_a_clock_behind_the_journal_puts_a_case_off_and_sets_nothing_aside(bench: Bench) -> None:
    bench.open("a")
    bench.clock.at += 40 * DAY
    bench.engine.advance("a", "ask", by="desk")
    bench.clock.at -= 30 * DAY
    for _ in range(8):
        bench.drain()
        bench.clock.at += timedelta(hours=1)
    jobs = bench.engine.journal.work().jobs()
    assert all((job.state, job.code) == ("waiting", "ZX4090") for job in jobs)
    bench.clock.at += 31 * DAY
    bench.drain()
    assert not bench.engine.journal.work().jobs()


def test_it_works_until_an_instant_and_says_when_it_was_seen(bench: Bench) -> None:
    bench.open("a")
    end = START + 15 * DAY
    worker = bench.worker(poll=6 * 3600.0)
    worker.run(end)
    assert bench.clock.at >= end
    assert [row[1] for row in bench.written()] == ["soon", "target", "day", "late"]
    [seen] = bench.engine.journal.work().workers()
    assert (seen.name, seen.started, seen.stopped) == ("w", START, bench.clock.at)


def test_it_lives_through_a_database_that_is_away_for_a_while(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = bench.worker(poll=60.0)
    away = {"left": 3}
    turn = Worker.turn

    def sometimes(self: Worker) -> WorkDone:
        if away["left"]:
            away["left"] -= 1
            raise StorageError("ZX5000", database="x", detail="away")
        return turn(self)

    monkeypatch.setattr(Worker, "turn", sometimes)
    worker.run(START + timedelta(minutes=10))
    assert worker.done.turns > 0
    away["left"] = 10_000
    bench.clock.stopping = False
    with pytest.raises(StorageError):
        worker.run(START + DAY)


def test_an_idle_worker_writes_next_to_nothing(bench: Bench) -> None:
    worker = bench.worker(poll=5.0)
    puts: list[Any] = []
    store = worker.store
    real = store.put_worker
    store.put_worker = lambda row: (puts.append(row), real(row))[1]  # type: ignore[method-assign]
    worker.run(START + timedelta(minutes=10))
    assert worker.done.turns == 120
    assert len(puts) <= 23


def program(folder: Path, *arguments: str) -> list[str]:
    run = "from zhengxie_flow.cli.entry import run; run()"
    return [sys.executable, "-c", run, "--project", str(PROJECT), "--db", str(folder), *arguments]


def test_the_program_drains_ends_on_sigterm_and_answers_as_a_document(bench: Bench, tmp_path: Path) -> None:
    bench.open("a")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "ZHENGXIE_CLOCK": "2026-03-19T09:00+08:00"}
    once = subprocess.run(
        program(bench.path, "--format", "json", "worker", "--once"),
        env=environment, capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert '"ticked":1' in once.stdout.replace(" ", "")
    assert bench.written() == expected("a")
    running = subprocess.Popen(
        program(bench.path, "--format", "json", "worker", "--name", "long", "--poll", "600"),
        env={name: value for name, value in environment.items() if name != "ZHENGXIE_CLOCK"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
    )  # fmt: skip
    work = bench.engine.journal.work()
    for _ in range(600):
        if any(worker.name == "long" and worker.done for worker in work.workers()):
            break
        with suppress(subprocess.TimeoutExpired):
            running.wait(0.05)
    running.send_signal(signal.SIGTERM)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert '"worker":"long"' in out.replace(" ", "")
    assert next(worker for worker in work.workers() if worker.name == "long").stopped is not None
