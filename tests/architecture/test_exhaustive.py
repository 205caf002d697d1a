"""A new word of the language is a task list: the type checker names every place that has to give it a meaning."""

from __future__ import annotations

import ast
import builtins
import importlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest
from tests.support import SOAK

from zhengxie_flow.model.body import AnyBody
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.counting import UNITS, Convention, Counting, LongUnit
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.limit import Anchor, Lateness
from zhengxie_flow.model.scenario import HappeningKind

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "zhengxie_flow"


@dataclass(frozen=True, slots=True)
class Family:
    """Words told apart by exhaustive matches, and how a new one is put into the model."""

    name: str
    word: str
    members: frozenset[Any]
    file: str
    old: str
    new: str


def members(union: Any) -> frozenset[Any]:
    """The classes of a union that is told apart by heads, or the words of a literal."""
    return frozenset(get_args(get_args(union)[0]) or get_args(union))


HEAD = """@final
class Whenever(Formula):
    whenever: Condition


_Heads = (
    Whenever
    | All
"""
ANCHOR = """@final
class Around(AnchorBase):
    around: Anchor


_Anchors = Around | NamedAnchor"""
BODY = """@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBody(Body):
    signer: str
    clock: ClockMark = None
    line: LineMark = None


AnyBody = (
    SignedBody
    | OpenedBody
"""
FAMILIES = (
    Family("condition", "Whenever", members(Condition), "model/condition.py", "_Heads = (\n    All\n", HEAD),
    Family("anchor", "Around", members(Anchor), "model/limit.py", "_Anchors = NamedAnchor", ANCHOR),
    Family("lateness", "fined", members(Lateness), "model/limit.py", "Lateness = Literal[", 'Lateness = Literal["fined", '),
    Family("unit", "quarter", members(LongUnit), "model/counting.py", "LongUnit = Literal[", 'LongUnit = Literal["quarter", '),
    Family("direction", "amid", members(Counting), "model/counting.py", "Counting = Literal[", 'Counting = Literal["amid", '),
    Family("convention", "whole", members(Convention), "model/counting.py", "Convention = Literal[", 'Convention = Literal["whole", '),
    Family("event", "SIGNED", frozenset(EventType), "model/event_type.py", '    OPENED = "opened"', '    SIGNED = "signed"\n    OPENED = "opened"'),
    Family("body", "SignedBody", frozenset(get_args(AnyBody)), "model/body.py", "AnyBody = (\n    OpenedBody\n", BODY),
    Family("happening", "sign", members(HappeningKind), "model/scenario.py", 'HappeningKind = Literal["do"', 'HappeningKind = Literal["sign", "do"'),
)  # fmt: skip

Function = tuple[str, str]
"""A source file and the name of a function in it."""


def functions(path: Path) -> Iterator[tuple[Function, ast.FunctionDef]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield (path.relative_to(SOURCES).as_posix(), node.name), node


def ends(function: ast.FunctionDef) -> bool:
    """Whether a function holds what the type checker lets nothing come to."""
    return "assert_never(" in ast.unparse(function) or "raise _unknown_" in ast.unparse(function)


def meanings(path: Path, nodes: list[ast.AST]) -> frozenset[Any]:
    """What expressions of a module stand for: words, members of an enum, classes with those under them."""
    name = ".".join(("zhengxie_flow", *path.relative_to(SOURCES).with_suffix("").parts))
    names = {**vars(builtins), **vars(importlib.import_module(name))}
    found: set[Any] = set()
    for node in nodes:
        try:
            value = eval(ast.unparse(node), names)  # noqa: S307  # an expression of our own sources
        except (NameError, AttributeError):
            continue
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, type) and issubclass(each, Enum) is False:
                found |= {member for family in FAMILIES for member in family.members if _is_a(member, each)}
            elif isinstance(each, str):
                found.add(each)
    return frozenset(found)


def _is_a(member: Any, base: type) -> bool:
    return isinstance(member, type) and base is not object and issubclass(member, base)


def told_apart(path: Path, function: ast.FunctionDef) -> frozenset[Any]:
    """The words that a function tells apart: by the cases of its matches, else by its comparisons."""
    nodes: list[ast.AST] = []
    for node in ast.walk(function):
        if isinstance(node, ast.MatchClass):
            nodes.append(node.cls)
        elif isinstance(node, ast.MatchValue):
            nodes.append(node.value)
        elif isinstance(node, ast.Compare):
            nodes.extend(node.comparators)
    return meanings(path, nodes)


def told_apart_in_full() -> dict[Function, frozenset[Any]]:
    """Every function that ends in what nothing comes to, with the words it tells apart."""
    return {
        place: told_apart(path, function)
        for path in sorted(SOURCES.rglob("*.py"))
        for place, function in functions(path)
        if ends(function)
    }


def asked_for(scratch: Path) -> dict[Function, str]:
    """What the type checker says, by function, once every family has a word more."""
    package = scratch / "src" / SOURCES.name
    shutil.copytree(SOURCES, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", scratch)
    for family in FAMILIES:
        changed = package / family.file
        text = changed.read_text(encoding="utf-8")
        assert text.count(family.old) == 1, family.name
        changed.write_text(text.replace(family.old, family.new), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty", "src"],
        cwd=scratch, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[Function, str] = {}
    for row in done.stdout.splitlines():
        where = re.fullmatch(r"src/zhengxie_flow/(\S+?):(\d+): error: (.*)", row)
        assert where is not None, row
        file, line, says = where[1], int(where[2]), where[3]
        names = [
            function
            for function in ast.walk(ast.parse((package / file).read_text(encoding="utf-8")))
            if isinstance(function, ast.FunctionDef) and function.lineno <= line <= (function.end_lineno or 0)
        ]
        innermost = max(names, key=lambda function: function.lineno)
        found[file, innermost.name] = found.get((file, innermost.name), "") + says
    return found


@pytest.mark.skipif(not SOAK, reason="the type checker reads the package anew: half a minute, for `make soak`")
def test_a_new_word_is_asked_for_everywhere_it_needs_a_meaning(tmp_path: Path) -> None:
    """One test for all families, because the type checker takes as long for one new word as for eight."""
    complaints, ending = asked_for(tmp_path), told_apart_in_full()
    for family in FAMILIES:
        needed = {place for place, words in ending.items() if family.members <= words}
        assert needed, family.name
        assert {place for place, says in complaints.items() if family.word in says} == needed
    assert [says for says in complaints.values() if 'expected "Never"' not in says] == []


def test_whoever_tells_words_apart_tells_all_of_them_apart() -> None:
    """A match over several words of a family ends in what nothing comes to: no word falls through in silence."""
    silent = [
        (place, family.name)
        for path in sorted(SOURCES.rglob("*.py"))
        if "match " in path.read_text(encoding="utf-8")
        for place, function in functions(path)
        if not ends(function) and any(isinstance(node, ast.Match) for node in ast.walk(function))
        for family in FAMILIES
        if len(family.members & told_apart(path, function)) > 1
    ]
    assert silent == []


def test_units_are_told_apart_by_matches_alone() -> None:
    """A comparison with one unit takes every other for the rest in silence; a match names the place for a new one."""
    compared = [
        (path.relative_to(SOURCES).as_posix(), ast.unparse(node))
        for path in sorted(SOURCES.rglob("*.py"))
        if path.relative_to(SOURCES).parts[0] in ("engine", "model")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        and "unit" in ast.unparse(node.left)
        and any(isinstance(other, ast.Constant) and other.value in UNITS for other in node.comparators)
    ]
    assert compared == []


def test_a_new_head_is_read_walked_reserved_and_described_from_the_model_alone(tmp_path: Path) -> None:
    package = tmp_path / SOURCES.name
    shutil.copytree(SOURCES, package, ignore=shutil.ignore_patterns("__pycache__"))
    family = FAMILIES[0]
    changed = package / family.file
    changed.write_text(changed.read_text(encoding="utf-8").replace(family.old, family.new), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READ], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


READ = """\
from pydantic import TypeAdapter
from zhengxie_flow.model.base import RESERVED
from zhengxie_flow.model.condition import HEADS, Compare, Condition, Not
from zhengxie_flow.reading.yaml_schema import schema_of

read = TypeAdapter(Condition).validate_python({"whenever": {"any": ["urgent", "secret"]}})
(inner,) = read.children()
assert [compare.name for compare in inner.children()] == ["urgent", "secret"]
assert [place for place, _ in read.parts()] == [("whenever",)]
turned = read.map(lambda part: Not.model_construct(not_=part))
assert turned.children()[0].children() == (inner,)
assert read.map(lambda part: part) is read
assert "whenever" in HEADS and "whenever" in RESERVED
assert "Whenever" in schema_of("process")["$defs"]
"""
