"""Measure the words of a Python package: names, docstrings and class names that a reader has to decode.

Works on any package, by its folder or its importable name, without running its code::

    python scripts/words.py src/zhengxie_flow
    python scripts/words.py typer --format json

Four figures:

- bound names that are a pronoun, a preposition or another word that says nothing of what the value is (``found``,
  ``one``, ``each`` ...), as a share of all names bound; a name counts wherever it is bound, as a whole and exactly;
- docstrings that open with an interrogative (``Whether ...``) instead of the term for what is described;
- homonyms: public classes that share their name with a class of another module;
- public functions whose docstring has arguments, a return value, errors or an example in a form that tools read.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PARTICIPLES = ("found", "known", "told", "said", "seen", "made", "given", "wanted")
RELATIONS = ("one", "each", "own", "there", "about", "above", "below", "behind", "news")
INDEFINITE = ("something", "somebody", "nobody", "anybody", "everybody", "anything", "everything", "nothing", "those")
PRONOUNS = frozenset((*PARTICIPLES, *RELATIONS, *INDEFINITE))
"""The list of pronouns, in the wide sense: words that say of a value neither what it is nor what it is for."""
INTERROGATIVE = re.compile(
    r"(What|Whether|Which|Who|Whom|Whose|How|Where|When|Why|Those|From (what|where|which|when|whom))\b"
)
SECTION = re.compile(
    r"^\s*(Args|Arguments|Parameters|Returns|Return|Yields|Raises|Examples?):?\s*$|^\s*:(param|returns?|raises)\b|>>>",
    re.MULTILINE,
)
RECEIVERS = frozenset(("self", "cls"))
"""Names that the language's custom prescribes are no choice of the author."""


@dataclass(slots=True)
class Module:
    """The words of one module.

    Attributes:
        path: of the file, from the folder of the package.
        names: names bound, by kind (``variable parameter function class attribute``).
        pronouns: those of them that are in `PRONOUNS`, by kind and name.
        docstrings: how many there are.
        interrogative: first lines of those that open with an interrogative.
        classes: public classes at the top level.
        functions: public functions and methods.
        documented: those with arguments, a return value, errors or an example.
    """

    path: str
    names: Counter[str] = field(default_factory=Counter)
    pronouns: Counter[tuple[str, str]] = field(default_factory=Counter)
    docstrings: int = 0
    interrogative: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    functions: int = 0
    documented: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A number out of a total."""

    count: int
    total: int

    @property
    def percent(self) -> float:
        """Per cent, to two places; 0 of 0 is 0."""
        return round(100 * self.count / self.total, 2) if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a package."""

    modules: tuple[Module, ...]

    @property
    def pronoun_names(self) -> Share:
        """Names from the list of pronouns among all names bound."""
        return self.of_kinds()

    def of_kinds(self, *kinds: str) -> Share:
        """The same for names of some kinds; without one, for all."""
        wide = not kinds
        hits = sum(n for module in self.modules for (kind, _), n in module.pronouns.items() if wide or kind in kinds)
        return Share(
            hits, sum(n for module in self.modules for kind, n in module.names.items() if wide or kind in kinds)
        )

    @property
    def interrogative_docstrings(self) -> Share:
        """Docstrings that open with an interrogative among all docstrings."""
        return Share(
            sum(len(module.interrogative) for module in self.modules), sum(module.docstrings for module in self.modules)
        )

    @property
    def documented_functions(self) -> Share:
        """Public functions with a section or an example among all public functions."""
        return Share(
            sum(module.documented for module in self.modules), sum(module.functions for module in self.modules)
        )

    @property
    def homonyms(self) -> dict[str, list[str]]:
        """The modules of each public class name that more than one module defines."""
        places: dict[str, list[str]] = defaultdict(list)
        for module in self.modules:
            for name in dict.fromkeys(module.classes):
                places[name].append(module.path)
        return {name: paths for name, paths in sorted(places.items()) if len(paths) > 1}

    def worst(self, count: int) -> list[Module]:
        """The modules with the most pronouns and interrogatives."""
        return sorted(self.modules, key=lambda module: (-_weight(module), module.path))[:count]


def measure(root: Path, exclude: Iterable[str] = ()) -> Report:
    """The figures of all Python files of a package.

    Args:
        root: the folder of the package, or a single file.
        exclude: names of folders and files that are left out wherever they lie.

    Returns:
        The report; files that are no valid Python (templates) are left out.
    """
    left_out = frozenset(exclude)
    modules = []
    for path in [root] if root.is_file() else sorted(root.rglob("*.py")):
        relative = path.relative_to(root.parent if root.is_file() else root)
        if left_out.isdisjoint(relative.parts):
            try:
                tree = ast.parse(path.read_text(encoding="utf-8"))
            except (SyntaxError, UnicodeDecodeError):
                print(f"{path}: no Python, left out", file=sys.stderr)
                continue
            modules.append(read(tree, str(relative)))
    return Report(tuple(modules))


def read(tree: ast.Module, path: str) -> Module:
    """The words of one module."""
    module = Module(path)
    for node in ast.walk(tree):
        for kind, name in bound(node):
            if name not in RECEIVERS:
                module.names[kind] += 1
                if name in PRONOUNS:
                    module.pronouns[kind, name] += 1
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                module.docstrings += 1
                if INTERROGATIVE.match(text):
                    module.interrogative.append(f"{getattr(node, 'lineno', 1)}: {text.splitlines()[0]}")
    module.classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef) and _public(node.name)]
    for function in _public_functions(tree):
        module.functions += 1
        module.documented += SECTION.search(ast.get_docstring(function) or "") is not None
    return module


def bound(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that one node of the syntax tree binds, with their kinds; imports keep the names of others."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield "function", name
        case ast.ClassDef(name=name):
            yield "class", name
        case ast.arg(arg=name):
            yield "parameter", name
        case ast.Name(id=name, ctx=ast.Store()):  # assignments, loops, comprehensions, with, walrus
            yield "variable", name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield "variable", name
        case ast.MatchMapping(rest=str(name)):
            yield "variable", name
        case ast.Attribute(attr=name, ctx=ast.Store()):
            yield "attribute", name


def _public(name: str) -> bool:
    return not name.startswith("_")


def _public_functions(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions at the top level and methods of public classes."""
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and _public(inner.name):
            yield inner
        elif isinstance(inner, ast.ClassDef) and _public(inner.name):
            yield from _public_functions(inner)


def _weight(module: Module) -> int:
    return module.pronouns.total() + len(module.interrogative)


def locate(name: str) -> Path | None:
    """The folder or file of a package by its path or importable name; None where there is no Python."""
    path = Path(name)
    if path.exists():
        return path if path.is_dir() or path.suffix == ".py" else None
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    return Path(spec.origin) if spec.origin and spec.origin.endswith(".py") else None


def document(report: Report, worst: int) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "files": len(report.modules),
        "pronoun_names": _figures(report.pronoun_names)
        | {"kinds": {kind: _figures(report.of_kinds(kind)) for kind in _kinds(report)}, "words": dict(_words(report))},
        "interrogative_docstrings": _figures(report.interrogative_docstrings),
        "homonyms": report.homonyms,
        "documented_functions": _figures(report.documented_functions),
        "worst": [
            {
                "file": module.path,
                "pronoun_names": module.pronouns.total(),
                "names": module.names.total(),
                "interrogative_docstrings": module.interrogative,
            }
            for module in report.worst(worst)
        ],
    }


def _figures(share: Share) -> dict[str, Any]:
    return {"count": share.count, "total": share.total, "percent": share.percent}


def _kinds(report: Report) -> list[str]:
    return sorted({kind for module in report.modules for kind in module.names})


def _words(report: Report) -> list[tuple[str, int]]:
    total: Counter[str] = Counter()
    for module in report.modules:
        for (_, name), number in module.pronouns.items():
            total[name] += number
    return total.most_common()


def table(report: Report, worst: int) -> str:
    """The report for a terminal."""
    rows = [
        ("names that are pronouns", report.pronoun_names),
        *((f"  of them {kind}", report.of_kinds(kind)) for kind in _kinds(report)),
        ("docstrings that open with an interrogative", report.interrogative_docstrings),
        ("public functions with sections or an example", report.documented_functions),
    ]
    lines = [f"{label:<46} {share.count:>6} of {share.total:>6}  {share.percent:>6.2f} %" for label, share in rows]
    homonyms = report.homonyms
    lines.append(f"{'class names with more than one meaning':<46} {len(homonyms):>6}")
    lines += [f"  {name}: {', '.join(paths)}" for name, paths in homonyms.items()]
    lines.append("most used: " + (", ".join(f"{name} {number}" for name, number in _words(report)[:12]) or "-"))
    lines.append("worst files (pronouns, names, interrogatives):")
    lines += [
        f"  {module.pronouns.total():>4} {module.names.total():>5} {len(module.interrogative):>4}  {module.path}"
        for module in report.worst(worst)
        if _weight(module)
    ]
    return "\n".join(lines) + "\n"


def main(argv: list[str] | None = None) -> int:
    """Run; 0 when there was something to measure, else 2."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", help="a folder, a file, or an importable name")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--exclude", action="append", default=[], help="a folder or file name to leave out; again for more"
    )
    parser.add_argument("--worst", type=int, default=15, help="how many of the worst files are shown")
    options = parser.parse_args(argv)
    root = locate(options.package)
    if root is None:
        print(f"no Python package: {options.package}", file=sys.stderr)
        return 2
    report = measure(root, options.exclude)
    if not report.modules:
        print(f"no Python file in {root}", file=sys.stderr)
        return 2
    if options.format == "json":
        print(json.dumps(document(report, options.worst), ensure_ascii=False, indent=2))
    else:
        print(table(report, options.worst), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
