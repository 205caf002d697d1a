"""Mutate the Python code of legal time, one thing at a time, and see whether a test notices.

The mutants are mutmut's.  A survivor has to stand with its reason in ``surviving_mutants.yaml``.  Prints what each
module came to; ends with 1 when a survivor is not listed, when a listed one is noticed or gone, or when fewer than
``--goal`` per cent are noticed.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections import Counter
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from code_mutants.mutating import CodeMutant, mutants_of
from code_mutants.running import CodeOutcome, Trial
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import zhengxie_flow
from zhengxie_flow.calendars import Facts, Notice, Snapshot
from zhengxie_flow.calendars.compose import compose
from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.yaml_reader import read_yaml

ROOT = Path(__file__).parents[1]
PACKAGE = Path(zhengxie_flow.__file__).parent
ROOMS = ("calendars", "engine/limits")
SURVIVORS = Path(__file__).with_name("surviving_mutants.yaml")
KNOWN = 3.0
"""Seconds of tests for a survivor that is listed: one that is noticed by then is no survivor any more."""
TESTS = (
    "tests/unit/calendars",
    "tests/unit/engine",
    "tests/unit/reading/test_durations.py",
    "tests/property/test_calendar_oracle.py",
    "tests/property/test_term_oracle.py",
    "tests/property/test_hours_oracle.py",
    "tests/property/test_open_days.py",
    "tests/integration/test_conventions.py",
    "tests/integration/test_calendars_of_limits.py",
    "tests/cli/test_calculator.py",
    "tests/property/test_limit_laws.py",
    "tests/docs/test_time_page.py::test_each_rule_holds",
    "tests/simulator/in_parts.py",
    "tests/simulator/test_shown.py",
)
"""Tests that are quick and look at what these rooms give; the others are not run for each mutant."""


def main(argv: list[str] | None = None) -> int:
    """Run; 0 when every survivor is listed and the goal is reached, 1 when not, 2 when nothing can be measured."""
    asked = _arguments().parse_args(argv)
    files = [path for room in ROOMS for path in sorted((PACKAGE / room).glob("*.py"))]
    chosen = sorted(
        (path for path in files if not asked.module or _module(path) in asked.module), key=partial(_turn, asked)
    )
    unknown = set(asked.module) - {_module(path) for path in files}
    if unknown:
        print(f"no such module: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    mutants = [mutant for path in chosen for mutant in mutants_of(path, PACKAGE, files) if asked.name in mutant.name]
    earlier = _earlier(asked.record)
    if asked.again:
        mutants = [mutant for mutant in mutants if earlier.get(mutant.name, ("", ""))[0] != "killed"]
    mutants = mutants if asked.sample is None else mutants[:: max(len(mutants) // max(asked.sample, 1), 1)]
    begin = time.monotonic()
    trial = _tried(mutants, asked, {name: by for name, (_, by) in earlier.items()})
    if trial.failing or not trial.outcomes:
        print(f"these fail already: {', '.join(trial.failing) or 'no test'}", file=sys.stderr)
        return 2
    whole = asked.sample is None and not asked.name and not asked.test and not asked.again
    report = _report(trial, whole=whole, minutes=(time.monotonic() - begin) / 60)
    print(json.dumps(report, ensure_ascii=False, indent=2) if asked.format == "json" else _text(report))
    faults = report["unlisted"] or report["killed_though_listed"] or report["gone"]
    return 1 if faults or report["share"] < asked.goal else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--module", action="append", default=[], help="as calendars/arithmetic; again for more")
    parser.add_argument("--name", default="", help="only mutants whose name has this in it")
    parser.add_argument("--sample", type=int, default=None, help="about so many, spread evenly")
    parser.add_argument("--test", action="append", default=[], help="a file of tests in place of the usual ones")
    parser.add_argument(
        "--seconds", type=float, default=math.inf, help="of tests for each mutant; default as many as there are"
    )
    parser.add_argument(
        "--record", type=Path, help="a file of outcomes, one a line: what noticed a mutant there is tried first"
    )
    parser.add_argument("--jobs", type=int, default=1, help="so many processes at a time")
    parser.add_argument("--again", action="store_true", help="only what the record does not say was noticed")
    parser.add_argument("--goal", type=float, default=95.0, help="the share that has to be noticed, in per cent")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


def _module(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def _turn(asked: argparse.Namespace, path: Path) -> int:
    return asked.module.index(_module(path)) if asked.module else 0


def _earlier(record: Path | None) -> dict[str, tuple[str, str]]:
    """By the name of a mutant its last fate on record, and the test that noticed it."""
    if record is None or not record.exists():
        return {}
    lines = map(json.loads, record.read_text(encoding="utf-8").splitlines())
    return {line["mutant"]: (line["fate"], line["by"].removesuffix(" (time)")) for line in lines}


def _tried(mutants: list[CodeMutant], asked: argparse.Namespace, before: dict[str, str]) -> Trial:
    quiet, seconds, record = asked.quiet, asked.seconds, asked.record and asked.record.resolve()
    os.chdir(ROOT)
    os.environ["HYPOTHESIS_PROFILE"] = "mutate"
    console = Console(stderr=True, quiet=quiet)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        listed = _listed()

        def seen(outcome: CodeOutcome) -> None:
            if record is not None:
                with record.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(_entry(outcome), ensure_ascii=False) + "\n")
            if outcome.fate != "killed" and outcome.mutant.name not in listed:
                progress.console.print(f"{outcome.fate}: {outcome.mutant.name}", markup=False, soft_wrap=True)

        def allowed(mutant: CodeMutant) -> float:
            return min(seconds, KNOWN) if mutant.name in listed else seconds

        trial = Trial(
            mutants,
            _loaded,
            lambda every: progress.track(every, description="mutants"),
            seen=seen,
            warm=_warm,
            allowed=allowed,
            before=before,
            jobs=asked.jobs,
        )
        options = ["-q", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "tmp_path_retention_policy=none"]
        pytest.main([*options, "--no-header", "--no-summary", *(asked.test or TESTS)], plugins=[trial])
    return trial


def _warm() -> None:
    """Judge a small case once, by a calendar of its own: what is loaded and built at first use stands ready then."""
    from tests.unit.engine.test_limits import RECEIVED, SIXTY, lines

    facts = Facts("warm", date(2026, 1, 1), (Notice("none", 2026, None, ()),))
    calendar = Snapshot(compose(facts))
    lines(SIXTY, [RECEIVED], "2026-01-20", calendars=lambda _: calendar)


def _loaded(mutant: CodeMutant) -> ModuleType:
    name = _module(mutant.path).removesuffix("/__init__").replace("/", ".")
    return import_module(f"{PACKAGE.name}.{name}")


def _listed() -> dict[str, bool]:
    """The survivors that are known, each with whether it is equivalent: not only noticed by no test."""
    node = read_yaml(read_text(SURVIVORS, name=SURVIVORS.name), SURVIVORS.name, top="map")
    entries = node.value["surviving"]
    return {mutant: not entry.get("untested", False) for entry in entries for mutant in entry["mutants"]}


def _report(trial: Trial, *, whole: bool, minutes: float) -> dict[str, Any]:
    listed = _listed()
    modules: dict[str, Counter[str]] = {}
    for outcome in trial.outcomes:
        modules.setdefault(_module(outcome.mutant.path), Counter())[outcome.fate] += 1
    total = sum(modules.values(), Counter())
    survivors = [outcome for outcome in trial.outcomes if outcome.fate != "killed"]
    names = {outcome.mutant.name for outcome in trial.outcomes}
    for outcome in survivors:
        if listed.get(outcome.mutant.name, False):
            total["equivalent"] += 1
            modules[_module(outcome.mutant.path)]["equivalent"] += 1
    return {
        "share": _share(total),
        "score": _score(total),
        "minutes": round(minutes, 1),
        "modules": {
            name: {**counted, "share": _share(counted), "score": _score(counted)} for name, counted in modules.items()
        },
        "unlisted": [_entry(outcome) for outcome in survivors if outcome.mutant.name not in listed],
        "killed_though_listed": [
            _entry(outcome) for outcome in trial.outcomes if outcome.fate == "killed" and outcome.mutant.name in listed
        ],
        "gone": sorted(name for name in listed if name not in names and name.split()[0] in modules) if whole else [],
    }


def _share(counted: Counter[str]) -> float:
    """The share that is noticed of all mutants, in per cent."""
    every = counted["killed"] + counted["survived"] + counted["untried"]
    return round(100 * counted["killed"] / every, 1) if every else 100.0


def _score(counted: Counter[str]) -> float:
    """The mutation score: the share that is noticed of the mutants that are not equivalent, in per cent."""
    every = counted["killed"] + counted["survived"] + counted["untried"] - counted["equivalent"]
    return round(100 * counted["killed"] / every, 1) if every else 100.0


def _entry(outcome: CodeOutcome) -> dict[str, Any]:
    return {"mutant": outcome.mutant.name, "line": outcome.mutant.line, "fate": outcome.fate, "by": outcome.by}


def _text(report: dict[str, Any]) -> str:
    lines = [
        *(f"{entry['fate']:<9}{entry['line']:>4}  {entry['mutant']}" for entry in report["unlisted"]),
        *(f"{SURVIVORS.name}: noticed by {entry['by']}: {entry['mutant']}" for entry in report["killed_though_listed"]),
        *(f"{SURVIVORS.name}: no such mutant any more: {name}" for name in report["gone"]),
    ]
    for name, counted in report["modules"].items():
        fates = ("killed", "survived", "untried", "equivalent")
        figures = "  ".join(f"{fate} {counted.get(fate, 0):>4}" for fate in fates)
        lines.append(f"{name:<34} {figures}  {counted['share']:>5} %  {counted['score']:>5} %")
    both = f"{report['share']} % noticed, {report['score']} % of those that are not equivalent"
    return "\n".join([*lines, f"{both}, in {report['minutes']} minutes"])


if __name__ == "__main__":
    sys.exit(main())
