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
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, Literal

import pytest
from _pytest.runner import runtestprotocol

from code_mutants.mutating import CodeMutant
from code_mutants.planting import NotLoadedError, plant

PATIENCE = 10
"""A test that takes so many times as long as it did, and two seconds more, does not end."""
MEMORY = 4 << 30

Fate = Literal["killed", "survived", "untried"]
_Report = Callable[[str, Any], None]


@dataclass(frozen=True, slots=True)
class CodeOutcome:
    """What became of a mutant; ``by`` is the test that noticed it, with "time" where it did not end."""

    mutant: CodeMutant
    fate: Fate
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Baseline:
    passed: bool
    seconds: float
    lines: frozenset[tuple[str, int]]


@dataclass(eq=False)
class Trial:
    """Mutants, and how those of a module are found loaded; after the run, what became of each.

    ``warm`` does once what every process would do at its first test, but nothing that the mutated code keeps;
    ``allowed`` says how many seconds of tests a mutant is tried with.
    """

    mutants: list[CodeMutant]
    modules: Callable[[CodeMutant], ModuleType]
    progress: Callable[[Iterable[CodeMutant]], Iterable[CodeMutant]] = iter
    seen: Callable[[CodeOutcome], None] = lambda _: None
    warm: Callable[[], None] = lambda: None
    allowed: Callable[[CodeMutant], float] = lambda _: math.inf
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
        baselines = {item: _baseline(item, files) for item in session.items}
        self.seconds = {item.nodeid: baseline.seconds for item, baseline in baselines.items()}
        self.failing += [item.nodeid for item, baseline in baselines.items() if not baseline.passed]
        if not self.failing:
            for outcome in self._tried(_Suite(baselines)):
                self.outcomes.append(outcome)
                self.seen(outcome)
        return True

    def _tried(self, suite: _Suite) -> Iterator[CodeOutcome]:
        for mutant in self.progress(self.mutants):
            items = suite.of(mutant, self.allowed(mutant))
            if not items:
                yield CodeOutcome(mutant, "untried")
                continue
            status, noticed = _forked(partial(self._try, mutant, items, suite))
            if status == "fault":
                yield CodeOutcome(mutant, "untried", str(noticed))
            elif status == "ended":
                yield CodeOutcome(mutant, "survived")
            elif status == "import":
                yield CodeOutcome(mutant, "killed", "import")
            else:
                suite.noticed(mutant, items[noticed])
                in_time = "" if status == "failed" else " (time)"
                yield CodeOutcome(mutant, "killed", items[noticed].nodeid + in_time)

    def _try(self, mutant: CodeMutant, items: list[pytest.Item], suite: _Suite, report: _Report) -> None:
        try:
            plant(mutant, self.modules(mutant))
        except NotLoadedError:
            report("import", 0)
            return
        except Exception as error:  # noqa: BLE001
            report("fault", repr(error))
            return
        for index, item in enumerate(items):
            report("running", index)
            _limited(suite.baselines[item].seconds)
            following = items[index + 1] if index + 1 < len(items) else None
            if not _passes(item, following):
                report("failed", index)
                return
        report("ended", 0)


@dataclass(eq=False)
class _Suite:
    """The tests with what they run, and which of them noticed mutants of a function before."""

    baselines: dict[pytest.Item, _Baseline]
    notices: dict[tuple[Path, str | None], Counter[pytest.Item]] = field(default_factory=lambda: defaultdict(Counter))

    def __post_init__(self) -> None:
        self._by_line: dict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
        for item, baseline in self.baselines.items():
            for line in baseline.lines:
                self._by_line[line].append(item)

    def of(self, mutant: CodeMutant, allowed: float) -> list[pytest.Item]:
        """The tests that may notice a mutant, the likeliest and the fastest first, while there is time for them.

        Likeliest are those that noticed mutants of the same function, then of the same module.
        """
        items = {item: None for line in mutant.lines for item in self._by_line.get(line, ())}
        here, near = self.notices[mutant.path, mutant.function], self.notices[mutant.path, None]
        ordered = sorted(items, key=lambda item: (-here[item], -near[item], self.baselines[item].seconds))
        sums = accumulate(self.baselines[item].seconds for item in ordered)
        return [item for item, seconds in zip(ordered, sums, strict=True) if seconds <= allowed or item is ordered[0]]

    def noticed(self, mutant: CodeMutant, item: pytest.Item) -> None:
        self.notices[mutant.path, mutant.function][item] += 1
        self.notices[mutant.path, None][item] += 1


def _baseline(item: pytest.Item, files: set[str]) -> _Baseline:
    """Run a test by itself, so that it runs also what an earlier test would have kept for it."""

    def run(report: _Report) -> None:
        lines: set[tuple[str, int]] = set()

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

    status, measured = _forked(run)
    return _Baseline(*measured) if status == "ended" else _Baseline(passed=False, seconds=0.0, lines=frozenset())


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return all(report.passed or report.skipped for report in runtestprotocol(item, log=False, nextitem=following))


def _limited(seconds: float) -> None:
    """End this process when a test takes far longer than it did."""
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE * seconds + 2)


def _forked(work: Callable[[_Report], None]) -> tuple[str, Any]:
    """What a piece of work last reported in a process of its own, which ends with it."""
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
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    last: tuple[str, Any] = ("fault", None)
    stream = BytesIO(told)
    while stream.tell() < len(told):
        last = pickle.load(stream)  # noqa: S301
    return last
