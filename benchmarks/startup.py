"""Cost of starting: commands that need no database, against a bare interpreter and the parser they rest on."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # the measuring lies beside this file, the package may not

import os
import subprocess
from collections.abc import Callable, Iterator

from benchmarks._measure import Goal, main, ratio

ROUNDS = 15
SOURCE = str(Path(__file__).resolve().parents[1] / "src")
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((SOURCE, os.environ.get("PYTHONPATH", "")))}


def python(code: str, *args: str) -> Callable[[], object]:
    """A run of an interpreter of its own."""
    command = [sys.executable, "-c", code, *args]
    return lambda: subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True)  # noqa: S603  # our own


def zhengxie(*args: str) -> Callable[[], object]:
    """A run of the program."""
    return python("from zhengxie_flow.cli.entry import run; run()", *args)


def goals() -> Iterator[Goal]:
    """All goals of starting."""
    bare, parser = python("pass"), python("import typer")
    what = "zhengxie --version over an interpreter that imports typer"
    yield Goal(what, ratio(zhengxie("--version"), parser, rounds=ROUNDS), 3.0, "at most")
    day = zhengxie("calendar", "day", "2026-10-10")
    yield Goal("zhengxie calendar day over the same", ratio(day, parser, rounds=ROUNDS), 4.0, "at most")
    package = python("import zhengxie_flow")
    yield Goal("import zhengxie_flow over a bare interpreter", ratio(package, bare, rounds=ROUNDS), 2.5, "at most")


if __name__ == "__main__":
    main("startup", goals)
