"""Try mutants with tests that are collected once: each mutant in a forked process, until a test fails.

A plugin of pytest.  First every test runs by itself, to see that it passes, how long it takes and which lines it runs;
then each mutant is tried by the tests that run its lines, those first that noticed another mutant of the same function.
"""

from __future__ import annotations

import gc
import math
import os
import pickle
import resource
import selectors
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, Literal, TypeVar

import pytest
from _pytest.runner import runtestprotocol

from code_mutants.mutating import CodeMutant
from code_mutants.planting import NotLoadedError, plant

PATIENCE = 10
"""A test that takes so many times as long as it did, and two seconds more, does not end."""
MEMORY = 4 << 30

Fate = Literal["killed", "survived", "untried"]
Line = tuple[str, int]
_Report = Callable[[str, Any], None]
_Work = Callable[[_Report], None]
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class CodeOutcome:
    """What became of a mutant; ``by`` is the test that noticed it, with "time" where it did not end."""

    mutant: CodeMutant
    fate: Fate
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Baseline:
    passed: bool
    seconds: float = 0.0
    lines: frozenset[Line] = frozenset()


@dataclass(eq=False)
class Trial:
    """Mutants, and how those of a module are found loaded; after the run, what became of each.

    ``warm`` does once what every process would do at its first test, but nothing that the mutated code keeps;
    ``allowed`` says after how many seconds of tests no further one is tried; ``before`` names, by mutant, the test that
    noticed it in an earlier run, which is then tried first; ``jobs`` is how many processes run at a time.
    """

    mutants: list[CodeMutant]
    modules: Callable[[CodeMutant], ModuleType]
    progress: Callable[[Iterable[CodeMutant]], Iterable[CodeMutant]] = iter
    seen: Callable[[CodeOutcome], None] = lambda _: None
    warm: Callable[[], None] = lambda: None
    allowed: Callable[[CodeMutant], float] = lambda _: math.inf
    before: Mapping[str, str] = field(default_factory=dict)
    jobs: int = 1
    outcomes: list[CodeOutcome] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of running the tests once."""
        if session.testsfailed:
            self.failing.append("collection")
            return True
        self.warm()
        gc.collect()
        gc.freeze()  # what is there already is neither looked at nor copied by each process
        files = {path for mutant in self.mutants for path, _ in mutant.lines}
        suite = _Suite(frozenset().union(*(mutant.lines for mutant in self.mutants)))
        works = ((item, partial(_measured, item, files)) for item in session.items)
        for item, (status, measured) in _forked(works, self.jobs):
            baseline = _Baseline(*measured) if status == "ended" else _Baseline(passed=False)
            suite.add(item, baseline)
            self.seconds[item.nodeid] = baseline.seconds
            self.failing += [] if baseline.passed else [item.nodeid]
        gc.freeze()
        if not self.failing:
            for outcome in self._tried(suite):
                self.outcomes.append(outcome)
                self.seen(outcome)
        return True

    def _tried(self, suite: _Suite) -> Iterator[CodeOutcome]:
        for (mutant, items), (status, noticed) in _forked(self._works(suite), self.jobs):
            if status == "fault":
                yield CodeOutcome(mutant, "untried", str(noticed or ""))
            elif status == "ended":
                yield CodeOutcome(mutant, "survived")
            elif status == "import":
                yield CodeOutcome(mutant, "killed", "import")
            else:
                suite.noticed(mutant, items[noticed])
                in_time = "" if status == "failed" else " (time)"
                yield CodeOutcome(mutant, "killed", items[noticed].nodeid + in_time)

    def _works(self, suite: _Suite) -> Iterator[tuple[tuple[CodeMutant, list[pytest.Item]], _Work]]:
        """For each mutant the tests that may notice it, and the work to try them."""
        for mutant in self.progress(self.mutants):
            items = suite.of(mutant, self.before.get(mutant.name, ""))
            yield (mutant, items), partial(self._try, mutant, items, suite) if items else _nothing

    def _try(self, mutant: CodeMutant, items: list[pytest.Item], suite: _Suite, report: _Report) -> None:
        try:
            plant(mutant, self.modules(mutant))
        except NotLoadedError:
            report("import", 0)
            return
        except Exception as error:  # noqa: BLE001
            report("fault", repr(error))
            return
        end = time.process_time() + self.allowed(mutant)
        for index, item in enumerate(items):
            if time.process_time() > end:
                break
            report("running", index)
            _limited(suite.seconds[item])
            following = items[index + 1] if index + 1 < len(items) else None
            if not _passes(item, following):
                report("failed", index)
                return
        report("ended", 0)


@dataclass(eq=False)
class _Suite:
    """The tests that run each of some lines, and which of them noticed mutants of a function before.

    It is kept small: every process that tries a mutant begins as a copy of this one.
    """

    lines: frozenset[Line]
    seconds: dict[pytest.Item, float] = field(default_factory=dict)
    notices: dict[tuple[Path, str | None], Counter[pytest.Item]] = field(default_factory=lambda: defaultdict(Counter))

    def __post_init__(self) -> None:
        self._by_line: dict[Line, list[pytest.Item]] = {line: [] for line in self.lines}

    def add(self, item: pytest.Item, baseline: _Baseline) -> None:
        """Note how long a test takes, and which of the lines it runs."""
        self.seconds[item] = baseline.seconds
        for line in self.lines & baseline.lines:
            self._by_line[line].append(item)

    def of(self, mutant: CodeMutant, before: str = "") -> list[pytest.Item]:
        """The tests that may notice a mutant, the likeliest and the fastest first.

        Likeliest are the one that noticed it before, those that noticed mutants of the same function, then of the same
        module.
        """
        items = {item: None for line in mutant.lines for item in self._by_line[line]}
        here, near = self.notices[mutant.path, mutant.function], self.notices[mutant.path, None]
        return sorted(
            items,
            key=lambda item: (item.nodeid != before, -here[item], -near[item], self.seconds[item]),
        )

    def noticed(self, mutant: CodeMutant, item: pytest.Item) -> None:
        self.notices[mutant.path, mutant.function][item] += 1
        self.notices[mutant.path, None][item] += 1


def _measured(item: pytest.Item, files: set[str], report: _Report) -> None:
    """Run a test by itself, so that it runs also what an earlier test would have kept for it."""
    lines: set[Line] = set()

    def within(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            lines.add((frame.f_code.co_filename, frame.f_lineno))
        return within

    def tracer(frame: FrameType, _event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        lines.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))
        return within

    begin = time.process_time()
    sys.settrace(tracer)
    passed = _passes(item, None)
    sys.settrace(None)
    report("ended", (passed, time.process_time() - begin, frozenset(lines)))


def _nothing(_: _Report) -> None:
    """No work: nothing is reported."""


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return all(report.passed or report.skipped for report in runtestprotocol(item, log=False, nextitem=following))


def _limited(seconds: float) -> None:
    """End this process when a test takes far longer than it did."""
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE * seconds + 2)


def _forked(works: Iterable[tuple[_Key, _Work]], jobs: int) -> Iterator[tuple[_Key, tuple[str, Any]]]:
    """What each piece of work last reported in a process of its own, which ends with it; so many run at a time."""
    with selectors.DefaultSelector() as running:
        for key, work in works:
            child, reading = _started(work)
            running.register(reading, selectors.EVENT_READ, (key, child, bytearray()))
            while len(running.get_map()) >= jobs:
                yield from _ended(running)
        while running.get_map():
            yield from _ended(running)


def _started(work: _Work) -> tuple[int, int]:
    """A process that does a piece of work, and where to read what it reports."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            with os.fdopen(writing, "wb", buffering=0) as pipe:
                work(lambda *told: pipe.write(pickle.dumps(told)))  # type: ignore[arg-type,return-value]
        finally:
            os._exit(0)
    os.close(writing)
    return child, reading


def _ended(running: selectors.BaseSelector) -> Iterator[tuple[Any, tuple[str, Any]]]:
    """Read what there is to read; what the processes that have ended by now reported last."""
    for ready, _ in running.select():
        key, child, told = ready.data
        if read := os.read(ready.fd, 1 << 20):
            told += read
            continue
        running.unregister(ready.fd)
        os.close(ready.fd)
        os.waitpid(child, 0)
        last: tuple[str, Any] = ("fault", None)
        stream = BytesIO(told)
        while stream.tell() < len(told):
            last = pickle.load(stream)  # noqa: S301
        yield key, last
