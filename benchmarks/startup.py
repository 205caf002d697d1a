"""Cost of starting: commands against an empty one that imports what they rest on, and checking against parsing."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # the measuring lies beside this file, the package may not

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks._measure import Goal, main, ratio

ROUNDS = 15
TOP = Path(__file__).resolve().parents[1]
CITY = sorted((TOP / "examples" / "qinghe").glob("*.yaml"))
EMPTY = """
import sqlalchemy.dialects.sqlite, typer
app = typer.Typer(add_completion=False)
@app.command()
def nothing() -> None: pass
app()
"""
"""An empty command that also imports the core of SQLAlchemy and its SQLite dialect."""

PARSE = """
import sys
from pathlib import Path
from ruamel.yaml import YAML
for path in sys.argv[1:]:
    list(YAML(typ="safe").load_all(Path(path).read_bytes()))
"""
"""The files of a project as plain values, by the C parser."""

ADVANCE = ("advance", "QH-11", "collect", "--by", "general_office")
SOURCE = str(TOP / "src")
ENVIRONMENT = {
    **os.environ,
    "ZHENGXIE_CLOCK": "2026-11-22T09:00:00+08:00",
    "PYTHONPATH": os.pathsep.join((SOURCE, os.environ.get("PYTHONPATH", ""))),
}
for _name in ("PYTHONDONTWRITEBYTECODE", "ZHENGXIE_CACHE"):  # what is compiled and kept is part of what is measured
    ENVIRONMENT.pop(_name, None)


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
    with TemporaryDirectory() as folder:
        yield from _of_cases(Path(folder))
        yield from _of_checks(Path(folder))


def _of_cases(folder: Path) -> Iterator[Goal]:
    """Commands on the matters of a city, over an empty command."""
    database = str(folder / "city.db")
    for args in (("db", "upgrade"), ("import", *map(str, CITY))):
        zhengxie("--db", database, *args)()
    empty = python(EMPTY)
    for args in (("show", "QH-01"), ("list",), ("due",), ADVANCE):
        what = f"zhengxie {args[0]} over an empty command that imports SQLAlchemy's core and its SQLite dialect"
        yield Goal(what, ratio(zhengxie("--db", database, *args), empty, rounds=ROUNDS), 1.3, "at most")


def _of_checks(folder: Path) -> Iterator[Goal]:
    """The check of a project: cold over parsing its files, and after one edit over cold."""
    project = folder / "project"
    for name in ("processes", "rules"):
        shutil.copytree(TOP / name, project / name)
    files = [str(path) for name in ("processes", "rules") for path in sorted((project / name).rglob("*.yaml"))]
    cold = zhengxie("--project", str(project), "check", "--no-cache")
    what = "zhengxie check over a program that parses the files of the project with the C parser"
    yield Goal(what, ratio(cold, python(PARSE, *files), rounds=3), 20.0, "at most")
    kept = zhengxie("--project", str(project), "check")
    kept()
    edits = {"nothing was edited": None, "a scenario was edited": "scenarios/notice.yaml", "a process": "measure.yaml"}
    for edit, name in edits.items():
        after = _after_edit(project / "processes" / "jilin" / name, kept) if name else kept
        yield Goal(f"zhengxie check, when {edit}, over check --no-cache", ratio(after, cold, rounds=3), 0.1, "at most")


def _after_edit(path: Path, check: Callable[[], object]) -> Callable[[], object]:
    """A check after one line more in a file."""

    def run() -> None:
        with path.open("a", encoding="utf-8") as stream:
            stream.write("# a word\n")
        check()

    return run


if __name__ == "__main__":
    main("startup", goals)
