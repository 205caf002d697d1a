"""Start-up: a command loads what it needs, not what its neighbours need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = str(Path(__file__).parents[1] / "data" / "time")
HEAVY = ("alembic", "holidays", "numpy", "sqlalchemy")
RUN = """
import contextlib, io, json, sys
{prepare}
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    code = {run}
print(json.dumps([code, sorted(set(sys.modules) & set(sys.argv[1:]))]))
"""


def loaded(prepare: str, run: str, watched: tuple[str, ...] = HEAVY) -> tuple[object, list[str]]:
    """The result of ``run`` in a fresh interpreter, and which of the watched packages it loaded."""
    source = RUN.format(prepare=prepare, run=run)
    done = subprocess.run(
        [sys.executable, "-c", source, *watched], capture_output=True, text=True, encoding="utf-8", check=True
    )
    code, modules = json.loads(done.stdout)
    return code, modules


def command(*args: str) -> tuple[object, list[str]]:
    return loaded("from zhengxie_flow.cli.main import main", f"main({list(args)!r})")


@pytest.mark.parametrize(
    "args",
    [
        ("--version",),
        ("check", "--help"),
        ("--project", PROJECT, "check"),
        ("--project", PROJECT, "test"),
        ("calendar", "day", "2026-03-04"),
        ("calendar", "add", "2026-03-04", "15"),
        ("calendar", "before", "2026-03-04", "15"),
        ("calendar", "count", "2026-02-01", "2026-03-04"),
    ],
    ids=lambda args: "-".join(args).replace(PROJECT, "time"),
)
def test_what_needs_no_database_loads_none(args: tuple[str, ...]) -> None:
    assert command(*args) == (0, [])


MATTER = Path(__file__).parents[2] / "examples" / "qinghe" / "QH-X2.yaml"
MOST = 400
"""Modules of this program that a command on a case loads: a count, not a time, and so the same on every machine."""

READS_YAML = ("holidays", "icalendar", "numpy", "rich.console", "ruamel.yaml", "sqlalchemy.dialects.postgresql",
              "zhengxie_flow.reading.checks", "zhengxie_flow.reading.definitions", "zhengxie_flow.reading.sources")  # fmt: skip
"""What only reading definitions, another database or another form of output needs."""


@pytest.fixture(scope="module")
def case_of_today(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with one case of the packaged files, under definitions as they are now."""
    place = str(tmp_path_factory.mktemp("light") / "a.db")
    assert command("--db", place, "db", "upgrade")[0] == 0
    assert command("--db", place, "import", str(MATTER))[0] == 0
    return place


@pytest.mark.parametrize(
    "args",
    [
        ("show", "QH-X2"),
        ("list",),
        ("due",),
        ("advance", "QH-X2", "withdraw", "--by", "principal_leader"),
        ("record", "QH-X2", "withdraw", "--by", "principal_leader", "--at", "2026-09-05"),
    ],
    ids=lambda args: args[0],
)
def test_a_command_on_a_case_loads_what_it_uses(case_of_today: str, args: tuple[str, ...]) -> None:
    run = ["--db", case_of_today, *args]
    own = "sum(name.startswith('zhengxie_flow.') for name in sys.modules)"
    count, modules = loaded(
        "from zhengxie_flow.cli.main import main", f"(main({run!r}), {own})[1]", ("alembic", *READS_YAML)
    )
    assert modules == []
    assert isinstance(count, int)
    assert count <= MOST


def test_a_command_on_cases_does_load_the_database(tmp_path: Path) -> None:
    assert command("--db", str(tmp_path / "a.db"), "db", "upgrade") == (0, ["alembic", "sqlalchemy"])


def test_importing_the_package_loads_nothing_of_it() -> None:
    rooms = ("pydantic", "zhengxie_flow.bootstrap", "zhengxie_flow.errors", "zhengxie_flow.model")
    assert loaded("import zhengxie_flow", "0", HEAVY + rooms) == (0, [])
    assert loaded("import zhengxie_flow", "zhengxie_flow.Refused and 0", HEAVY + rooms) == (0, ["zhengxie_flow.errors"])
