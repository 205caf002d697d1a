"""The house keeps its shape: the core is pure, only the edge asks the clock, files stay small."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "zhengxie_flow"
PURE = ("errors.py", "model", "conditions", "calendars", "rules", "proofs", "engine")
MODULE_LINES = 400


def modules(*rooms: str) -> Iterator[Path]:
    for room in rooms or (".",):
        path = SOURCES / room
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def test_no_module_is_longer_than_a_person_reads_at_once() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: lines for path, lines in lengths.items() if lines > MODULE_LINES} == {}


PARAMETERS = 5
MANY_PARAMETERS = {
    "bootstrap/case_lists.py": "methods of the engine: embedding programs pass each argument by name",
    "bootstrap/async_engine.py": "an engine is made from what an asynchronous program brings",
    "bootstrap/case_statements.py": "methods of the engine: embedding programs pass each argument by name",
    "bootstrap/case_writing.py": "methods of the engine: embedding programs pass each argument by name",
    "bootstrap/engine.py": "the engine is made from what an embedding program brings",
    "bootstrap/runtime.py": "an engine of a runtime is made from the same",
    "cli/commands": "a command takes a parameter for each argument and option",
    "cli/main.py": "the program takes a parameter for each option",
    "errors.py": "a reason is made of its fields, whose texts become needs of a kind",
    "reading/calendars.py": "load_calendar, which programs call",
}


def parameters(tree: ast.AST) -> Iterator[tuple[str, int, int]]:
    """Every function with its line and the number of its parameters, without the instance or class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            yield node.name, node.lineno, sum(parameter.arg not in {"self", "cls"} for parameter in taken)


def longest_signature(*rooms: str) -> int:
    return max(
        number for path in modules(*rooms) for _, _, number in parameters(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_what_a_function_needs_is_a_few_values() -> None:
    contracted = {path for room in MANY_PARAMETERS for path in modules(room)}
    many = [
        f"{path.relative_to(ROOT)}:{line} {name} takes {number}"
        for path in modules()
        if path not in contracted
        for name, line, number in parameters(ast.parse(path.read_text(encoding="utf-8")))
        if number > PARAMETERS
    ]
    assert many == []


@pytest.mark.parametrize("room", MANY_PARAMETERS)
def test_only_modules_whose_callers_fix_the_signatures_take_more(room: str) -> None:
    assert longest_signature(room) > PARAMETERS


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
