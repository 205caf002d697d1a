"""Turn one thing in a process at a time and see whether its scenarios notice.

A mutant that no scenario notices shows a rule that nothing would catch if somebody wrote it down wrongly.  Prints the
share noticed for each kind, and file and line of every survivor; ends with 1 when the share is below ``--goal``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from zhengxie_flow.bootstrap import project_files
from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.testing.mutant import Mutant
from zhengxie_flow.testing.mutants import KINDS
from zhengxie_flow.testing.mutation import MutantOutcome, MutatedProcess, stale

EQUIVALENTS = Path(__file__).with_name("equivalent_mutants.yaml")


def main(argv: list[str] | None = None) -> int:
    """Run; 0 when every process reaches the goal, 1 when not, 2 when nothing can be measured."""
    asked = _arguments().parse_args(argv)
    files = project_files(asked.project)
    available = list(files.ids())
    unknown = [name for name in asked.process if name not in available]
    if unknown:
        print(f"no such process: {', '.join(unknown)}; there are: {', '.join(available)}", file=sys.stderr)
        return 2
    reports = []
    for name in asked.process or available:
        process = MutatedProcess(files, name)
        if process.follows_another:
            print(f"{name}: follows another process, whose rules are turned there", file=sys.stderr)
            continue
        if not process.scenarios:
            print(f"{name}: no scenarios, nothing measured", file=sys.stderr)
            continue
        failing = process.failing()
        if failing:
            print(f"{name}: these fail already: {', '.join(failing)}", file=sys.stderr)
            return 2
        declared = _equivalents().get(name, {})
        judged = _judged(process, _sample(process.mutants(asked.kind), asked.sample), declared, quiet=asked.quiet)
        whole = not asked.kind and asked.sample is None
        reports.append(_report(name, judged, stale(declared, judged) if whole else [], declared))
    if asked.format == "json":
        print(json.dumps(reports, ensure_ascii=False, indent=2))
    else:
        for report in reports:
            _print(report)
    return 0 if reports and all(report["share"] >= asked.goal and not report["stale"] for report in reports) else 1


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path, default=None, help="the folder with processes/ and rules/")
    parser.add_argument(
        "--process", action="append", default=[], help="a process by its id; again for more; default all"
    )
    parser.add_argument("--kind", action="append", default=[], choices=KINDS, help="only mutants of this kind")
    parser.add_argument("--sample", type=int, default=None, help="so many of each process, spread evenly")
    parser.add_argument("--goal", type=float, default=95.0, help="the share that has to be noticed, in per cent")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


def _sample(every: list[Mutant], size: int | None) -> list[Mutant]:
    """Spread evenly over all, the same ones each time."""
    if size is None or size >= len(every):
        return every
    return [every[index * len(every) // size] for index in range(max(size, 0))]


def _judged(
    process: MutatedProcess, chosen: list[Mutant], declared: dict[str, str], *, quiet: bool
) -> list[MutantOutcome]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True, quiet=quiet)
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        return [process.judge(mutant, declared) for mutant in progress.track(chosen, description=process.id)]


def _equivalents() -> dict[str, dict[str, str]]:
    """The mutants that nothing can tell from the law as written, by process and id, with the reason."""
    node = read_yaml(read_text(EQUIVALENTS, name=EQUIVALENTS.name), EQUIVALENTS.name, top="map")
    return {
        process: {mutant: entry["why"] for entry in entries for mutant in entry["mutants"]}
        for process, entries in node.value["equivalent"].items()
    }


def _report(name: str, judged: list[MutantOutcome], gone: list[str], declared: dict[str, str]) -> dict[str, Any]:
    kinds = {kind: Counter(outcome.fate for outcome in judged if outcome.mutant.kind == kind) for kind in KINDS}
    total = sum(kinds.values(), Counter())
    return {
        "process": name,
        "share": _share(total),
        "kinds": {
            kind: {fate: counted[fate] for fate in ("killed", "survived", "equivalent", "refused")}
            for kind, counted in kinds.items()
        },
        "survivors": [_entry(outcome) for outcome in judged if outcome.fate == "survived"],
        "equivalent": [
            {**_entry(outcome), "why": declared[outcome.mutant.id]}
            for outcome in judged
            if outcome.fate == "equivalent"
        ],
        "stale": gone,
    }


def _share(counted: Counter[str]) -> float:
    """Per cent noticed of those that can be noticed; none at all is all of them."""
    decided = counted["killed"] + counted["survived"]
    return round(100 * counted["killed"] / decided, 1) if decided else 100.0


def _entry(outcome: MutantOutcome) -> dict[str, Any]:
    return {"kind": outcome.mutant.kind, "file": outcome.file, "line": outcome.line, "mutant": outcome.mutant.id}


def _print(report: dict[str, Any]) -> None:
    for survivor in report["survivors"]:
        print(f"{survivor['file']}:{survivor['line']}: {survivor['kind']}: {survivor['mutant']}")
    for mutant in report["stale"]:
        print(f"{EQUIVALENTS.name}: no such survivor any more: {mutant}")
    print(f"{report['process']}: {report['share']} % noticed")
    for kind, counted in report["kinds"].items():
        if not any(counted.values()):
            continue
        print(
            f"  {kind:<12} noticed {counted['killed']:>4}  survived {counted['survived']:>4}"
            f"  equivalent {counted['equivalent']:>3}"
        )


if __name__ == "__main__":
    sys.exit(main())
