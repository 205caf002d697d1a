"""The house keeps its shape: the core is pure, only the edge asks the clock, files stay small."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "zhengxie_flow"
PURE = ("errors.py", "model", "conditions", "calendars", "rules", "engine")
MODULE_LINES = 400


def modules(*rooms: str) -> Iterator[Path]:
    for room in rooms or (".",):
        path = SOURCES / room
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def test_no_module_is_longer_than_a_person_reads_at_once() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: lines for path, lines in lengths.items() if lines > MODULE_LINES} == {}


IMPURE = {
    "open": "a file", "print": "a terminal", "input": "a terminal", "exec": "code as data", "eval": "code as data",
    "compile": "code as data", "__import__": "a module by name",
    "datetime.now": "the clock", "datetime.today": "the clock", "datetime.utcnow": "the clock",
    "date.today": "the clock", "time.time": "the clock", "time.monotonic": "the clock",
    "read_text": "a file", "write_text": "a file", "read_bytes": "a file", "write_bytes": "a file",
}  # fmt: skip


def impurities(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Calls that reach outside, with their lines: the clock, files, the terminal, code in data."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            tail = ".".join(name.split(".")[-2:])
            reaches = IMPURE.get(name) or IMPURE.get(tail) or ("." in name and IMPURE.get(name.rsplit(".", 1)[1]))
            if reaches and tail != "re.compile":
                yield node.lineno, f"{name} reaches {reaches}"


def test_the_core_reaches_no_clock_file_or_terminal() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {what}"
        for path in modules(*PURE)
        for line, what in impurities(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    ["datetime.now(UTC)", "datetime.datetime.now()", "date.today()", "open('x')", "Path('x').read_text()", "eval(x)"],
)
def test_a_reach_outside_is_noticed(code: str) -> None:
    assert list(impurities(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["re.compile('a')", "self.opened()", "clock.now()", "event.date", "journal.read(case)"]
)
def test_what_stays_inside_is_left_alone(code: str) -> None:
    assert not list(impurities(ast.parse(code)))


def test_nobody_but_the_edge_asks_the_wall_clock() -> None:
    """Time is passed in; only the composition root and the places it names may read it."""
    asking = {
        str(path.relative_to(SOURCES))
        for path in modules()
        if re.search(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today)\(", path.read_text(encoding="utf-8"))
    }
    assert asking <= {"bootstrap/clock.py"}


def test_no_test_or_module_sleeps() -> None:
    sleeping = re.compile(r"\btime\.sleep\(|\bsleep\(\d")
    files = [*modules(), *sorted((ROOT / "tests").rglob("*.py"))]
    assert [
        str(path) for path in files if path != Path(__file__) and sleeping.search(path.read_text(encoding="utf-8"))
    ] == []
