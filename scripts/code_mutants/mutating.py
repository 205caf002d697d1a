"""The mutants of a file: what mutmut's operators write in place of each node, named so that moved lines do not matter.

Decorated functions (properties, cached properties) are mutated too, which mutmut itself leaves out; of what stands
outside functions only the constants of a module are.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider, WhitespaceInclusivePositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

CONTEXT = 32
"""Characters of the statement kept in a name on either side of what was mutated."""
LEADING = re.compile(rf"^.*?(?=\b.{{0,{CONTEXT}}}$)", re.DOTALL)
TRAILING = re.compile(rf"(?<=^.{{{CONTEXT}}}).*$", re.DOTALL)
WORD = re.compile(r"[\w=<>!+*/-]")


@dataclass(frozen=True, slots=True)
class CodeMutant:
    """One change of one function, and its name.

    ``change`` is the first and the last place in the ``text`` of the file, which all its mutants share, that it
    replaces, and what stands there then: every process that tries a mutant begins as a copy of the one that holds all.
    ``lines`` are those of the innermost statement up to the end of what was changed, or those that name a constant: a
    test that runs none of them cannot notice.  ``function`` is the dotted name within the module, empty for a constant.
    """

    name: str
    path: Path
    function: str
    line: int
    lines: frozenset[tuple[str, int]]
    text: str
    change: tuple[int, int, str]

    @property
    def source(self) -> str:
        """The whole text of its file with the change."""
        low, high, put = self.change
        return self.text[:low] + put + self.text[high:]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement or the head of one, and the function it stands in."""

    function: str
    first: int
    head: int
    last: int
    definition: bool = False
    constant: str = ""


def mutants_of(path: Path, root: Path, readers: Sequence[Path] = ()) -> list[CodeMutant]:
    """Every mutant of a file that Python compiles and that is another program.

    Args:
        path: The file.
        root: The package, by which modules are named.
        readers: The other files that may name its constants.
    """
    source = path.read_text(encoding="utf-8")
    statements = list(_statements(ast.parse(source)))
    original = compile(source, str(path), "exec", dont_inherit=True)
    mutants, counted = [], Counter[str]()
    for first, last, text in _changes(source):
        statement = max(
            (held for held in statements if held.first <= first <= held.last), key=lambda held: held.first, default=None
        )
        if statement is None or not _runs_otherwise(original, text, path):
            continue
        end = statement.last if statement.definition else last
        if statement.constant:
            lines = frozenset(line for file in {path, *readers} for line in _naming(file, statement.constant))
        else:
            lines = frozenset((str(path), line) for line in range(statement.first, end + 1))
        module = path.relative_to(root).with_suffix("").as_posix()
        label = f"{module} {statement.function or '-'}: {_change(source, text, statement)}"
        counted[label] += 1
        name = label if counted[label] == 1 else f"{label} #{counted[label]}"
        change = _difference(source, text)
        mutants.append(CodeMutant(name, path, statement.function, statement.first, lines, source, change))
    return mutants


class _Visitor(MutationVisitor):
    """mutmut's visitor, which goes into decorated functions too and notes the place of each change."""

    METADATA_DEPENDENCIES = (*MutationVisitor.METADATA_DEPENDENCIES, WhitespaceInclusivePositionProvider)

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and node.decorators:
            return False
        return super()._skip_node_and_children(node)


def _changes(source: str) -> Iterator[tuple[int, int, str]]:
    """First and last line of each node that an operator changes, and the text of the file with the change."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = wrapper.visit(visitor)
    places = wrapper.resolve(PositionProvider)
    spans = wrapper.resolve(WhitespaceInclusivePositionProvider)
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    for mutation in visitor.mutations:
        node, mutated = mutation.original_node, mutation.mutated_node
        place, span = places[node], spans[node]
        low = offsets[span.start.line - 1] + span.start.column
        high = offsets[span.end.line - 1] + span.end.column
        if source[low:high] == module.code_for_node(node):
            text = source[:low] + module.code_for_node(mutated) + source[high:]
        else:  # a block, whose text depends on its indentation
            text = module.deep_replace(node, mutated).code
        yield place.start.line, place.end.line, text


def _statements(tree: ast.Module) -> Iterator[_Statement]:
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and not _declares(node):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            yield replace(_statement("", node), constant=ast.unparse(target))
        yield from _functions(node, ())


@cache
def _names(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Each name that stands in the code of a file, its line, and the first line of its statement."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return tuple(
        (node.id, node.lineno, statement.lineno)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.stmt) and not isinstance(statement, ast.ClassDef)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
    )


def _naming(path: Path, name: str) -> Iterator[tuple[str, int]]:
    """The places of a file that name a constant."""
    for other, line, first in _names(path):
        if other == name:
            yield str(path), line
            yield str(path), first


def _declares(node: ast.Assign | ast.AnnAssign) -> bool:
    """True for what says something to readers, the type checker or a serialiser and is counted with nowhere."""
    annotation = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else ""
    if isinstance(node.value, ast.Subscript):  # an alias of a type
        return True
    return annotation == "TypeAlias" or ast.unparse(node).startswith("__all__") or "TypeVar(" in ast.unparse(node)


def _functions(node: ast.stmt, outer: tuple[str, ...]) -> Iterator[_Statement]:
    if isinstance(node, ast.ClassDef):
        for inner in node.body:
            yield from _functions(inner, (*outer, node.name))
    elif isinstance(node, ast.FunctionDef):
        function = ".".join((*outer, node.name))
        yield _statement(function, node)
        yield from _inner(node, function)


def _inner(node: ast.AST, function: str) -> Iterator[_Statement]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            yield _statement(function, child)
        yield from _inner(child, function)


def _statement(function: str, node: ast.stmt | ast.ExceptHandler | ast.match_case) -> _Statement:
    within = getattr(node, "body", None) or getattr(node, "cases", None) or []
    head = within[0] if within else None
    start = (node.pattern if isinstance(node, ast.match_case) else node).lineno
    end = within[-1] if isinstance(node, ast.match_case) else node
    last = end.end_lineno or start
    above = (head.pattern.lineno if isinstance(head, ast.match_case) else head.lineno) - 1 if head else last
    return _Statement(function, start, max(above, start), last, isinstance(node, ast.FunctionDef))


def _runs_otherwise(original: object, text: str, path: Path) -> bool:
    try:
        return compile(text, str(path), "exec", dont_inherit=True) != original
    except SyntaxError:
        return False


def _change(source: str, text: str, statement: _Statement) -> str:
    """What was there and what stands there now, in the words of the statement around it."""
    lines = source.splitlines(keepends=True)
    first, end, size = _size(lines[: statement.first - 1]), _size(lines[: statement.head]), len(source)
    low = first + _same(source[first:], text[first:])
    high = size - _same(source[low:][::-1], text[low:][::-1])
    while low > first and WORD.match(source[low - 1]):
        low -= 1
    while high < size and WORD.match(source[high]):
        high += 1
    was, now = source[low:high], text[low : len(text) - (size - high)]
    if low > first and not (was and now):  # what is only left out or put in is easier to find by the sign before it
        low, was, now = low - 1, source[low - 1] + was, source[low - 1] + now
    before, after = source[first:low], source[high : max(end, high)]
    kept = f"{LEADING.sub('', before, count=1)}[{_short(was)} -> {_short(now)}]{TRAILING.sub('', after, count=1)}"
    return " ".join(kept.split())


def _difference(source: str, text: str) -> tuple[int, int, str]:
    """The span of a text in which another differs, and what stands there in the other."""
    low = _same(source, text)
    left = _same(source[low:][::-1], text[low:][::-1])
    return low, len(source) - left, text[low : len(text) - left]


def _same(left: str, right: str) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if left[low:middle] == right[low:middle] else (low, middle - 1)
    return low


def _size(lines: list[str]) -> int:
    return sum(map(len, lines))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 2 * CONTEXT else f"{words[:CONTEXT]} ... {words[-CONTEXT // 2 :]}"
