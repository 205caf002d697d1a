"""Measuring and reporting: ratios within one run, medians, one line a goal."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal and what was measured; ``what`` says what the ratio compares and in which direction."""

    what: str
    ratio: float | None
    goal: float
    bound: Literal["at most", "at least"]
    reason: str | None = None  # why nothing was measured

    @property
    def ok(self) -> bool | None:
        """True where the goal was reached; None where a peer is not installed."""
        if self.ratio is None:
            return None
        return self.ratio <= self.goal if self.bound == "at most" else self.ratio >= self.goal


def run_over(call: Callable[[Any], object], values: list[Any]) -> Callable[[], None]:
    """A run over many values."""

    def run() -> None:
        for value in values:
            call(value)

    return run


def seconds(run: Callable[[], object]) -> float:
    """Return the seconds that one run takes."""
    start = perf_counter()
    run()
    return perf_counter() - start


def ratio(measured: Callable[[], object], reference: Callable[[], object], *, rounds: int = 15) -> float:
    """Return the time of ``measured`` as a multiple of ``reference``: the median over rounds in which both run.

    A run of less than a millisecond and many rounds are best: a busy machine then disturbs few of them, and the median
    does not see it.
    """
    measured()
    reference()  # warm: no first-time work in the figures
    gc.disable()
    try:
        return median(seconds(measured) / seconds(reference) for _ in range(rounds))
    finally:
        gc.enable()


def times(call: Callable[[], object], number: int) -> Callable[[], None]:
    """A run of the same call many times over."""

    def run() -> None:
        for _ in range(number):
            call()

    return run


def report(bench: str, goals: Iterable[Goal]) -> int:
    """Print one line a goal, as text or as JSON; 1 when one falls short, else 0."""
    parser = argparse.ArgumentParser(description=f"The goals of the benchmark {bench}.")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    as_json = parser.parse_args().format == "json"
    failed = False
    for goal in goals:
        failed |= goal.ok is False
        print(_json(bench, goal) if as_json else _text(bench, goal), flush=True)
    return int(failed)


def _json(bench: str, goal: Goal) -> str:
    line = {
        "bench": bench,
        "what": f"{goal.what} ({goal.bound})",
        "ratio": None if goal.ratio is None else round(goal.ratio, 2),
        "goal": goal.goal,
        "ok": goal.ok,
    }
    if goal.reason:
        line["reason"] = goal.reason
    return json.dumps(line, ensure_ascii=False)


def _text(bench: str, goal: Goal) -> str:
    mark = {True: "ok  ", False: "FAIL", None: "--  "}[goal.ok]
    measured = f"{goal.ratio:8.2f}" if goal.ratio is not None else f"{'':>8}"
    because = f": {goal.reason}" if goal.reason else ""
    return f"{mark} {bench}: {goal.what}: {measured} ({goal.bound} {goal.goal:g}){because}"


def main(bench: str, goals: Callable[[], Iterable[Goal]]) -> None:
    """Run a benchmark as a program."""
    sys.exit(report(bench, goals()))
