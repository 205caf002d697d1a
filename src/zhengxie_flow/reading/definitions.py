"""Definitions from files: a process with its law, register and decisions, resolved into one bundle.

A process id is its path under ``processes/`` without ``.yaml``.  Its law (``law.yaml``) and register
(``interpretations.yaml``) lie beside it, its decisions in the folder of the same name under ``rules/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from zhengxie_flow.errors import InvalidDefinition, InvalidInput, NotFound, Problem, Where
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.citation import Instrument, Register
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.definition import Definition, resolve
from zhengxie_flow.model.process import Process
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.positions import in_order
from zhengxie_flow.reading.text import read_text
from zhengxie_flow.reading.validation import problems_from
from zhengxie_flow.reading.yaml_reader import read_yaml

LAW = "law.yaml"
REGISTER = "interpretations.yaml"
SCENARIOS = "scenarios"


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file as read: its label for messages, its text and its values with positions."""

    label: str
    text: str
    node: Node


@dataclass(frozen=True, slots=True)
class Loaded:
    """A definition with the sources it came from, for checks that point into them."""

    definition: Definition
    process: Source
    law: Source | None = None
    register: Source | None = None
    decisions: dict[str, tuple[Source, Node]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Files:
    """The two folders that policy staff write: ``processes/`` and ``rules/``."""

    processes: Path
    rules: Path

    def ids(self) -> Iterator[str]:
        """The ids of all processes, in order."""
        if not self.processes.is_dir():
            return
        for path in sorted(self.processes.rglob("*.yaml")):
            inner = path.relative_to(self.processes)
            if path.name not in (LAW, REGISTER) and SCENARIOS not in inner.parts[:-1]:
                yield str(PurePosixPath(inner.with_suffix("")))

    def scenarios(self, process: str | None = None) -> Iterator[Path]:
        """The scenario files of all processes, or of those beside one."""
        root = self.processes if process is None else (self.processes / process).parent
        for path in sorted(root.rglob("*.yaml")):
            if SCENARIOS in path.relative_to(self.processes).parts[:-1]:
                yield path

    def path(self, process: str) -> Path:
        """The file of a process.  Raises `NotFound` ZX4003 with the processes there are."""
        path = self.processes / f"{process}.yaml"
        inside = path.resolve().is_relative_to(self.processes.resolve())
        if not inside or path.name in (LAW, REGISTER) or not path.is_file():
            raise NotFound("ZX4003", process=process, known=tuple(self.ids()))
        return path

    def load(self, process: str) -> Loaded:
        """Read and resolve a process.  Raises `InvalidDefinition` with the problems of all its files at once."""
        path = self.path(process)
        return _load(process, path, path.parent, self.rules / Path(process).parent, self.processes.parent)


def load_file(path: Path) -> Loaded:
    """A process file that stands alone or in a ``processes/`` folder; its rules are looked for beside that folder."""
    resolved = path.resolve()
    for parent in resolved.parents:
        if parent.name == "processes":
            process = str(PurePosixPath(resolved.relative_to(parent).with_suffix("")))
            return Files(parent, parent.parent / "rules").load(process)
    return _load(resolved.stem, resolved, resolved.parent, resolved.parent / "rules", resolved.parent)


def _load(process: str, path: Path, folder: Path, rules: Path, root: Path) -> Loaded:
    problems: list[Problem] = []
    source = _read(path, root, Process, problems)
    law = _read_optional(folder / LAW, root, Instrument, problems)
    register = _read_optional(folder / REGISTER, root, Register, problems)
    decisions = _read_decisions(rules, root, problems)
    if source is None or problems:
        raise InvalidDefinition(problems=in_order(problems))
    bundle: dict[str, Any] = {
        "format": 1,
        "id": process,
        "process": plain(source.node.value),
        "law": plain(law.node.value) if law else None,
        "register": plain(register.node.value) if register else None,
        "decisions": [plain(node.value) for _, node in decisions.values()],
    }
    used = [source, law, register, *{id(entry): entry for entry, _ in decisions.values()}.values()]
    sources = {entry.label: entry.text for entry in used if entry is not None}
    return Loaded(resolve(bundle, sources), source, law, register, decisions)


def _read(path: Path, root: Path, model: type[Model], problems: list[Problem]) -> Source | None:
    """A file that holds one thing of a kind; its problems are collected, not raised."""
    label = label_of(path, root)
    try:
        text = read_text(path, name=label)
        node = read_yaml(text, label)
    except InvalidInput as error:
        problems.extend(error.problems)
        return None
    _validate(node, label, model, problems)
    return Source(label, text, node)


def _read_optional(path: Path, root: Path, model: type[Model], problems: list[Problem]) -> Source | None:
    return _read(path, root, model, problems) if path.is_file() else None


def _validate(node: Node, label: str, model: type[Model], problems: list[Problem]) -> None:
    try:
        model.model_validate(node.value)
    except ValidationError as error:
        problems.extend(problems_from(error, node, label, model))


def _read_decisions(folder: Path, root: Path, problems: list[Problem]) -> dict[str, tuple[Source, Node]]:
    """Every decision of a rules folder; a file holds one, or a list of them."""
    found: dict[str, tuple[Source, Node]] = {}
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        label = label_of(path, root)
        try:
            text = read_text(path, name=label)
            top = read_yaml(text, label, top="any")
        except InvalidInput as error:
            problems.extend(error.problems)
            continue
        source = Source(label, text, top)
        for node in top.items if top.kind == "list" else (top,):
            before = len(problems)
            _validate(node, label, Decision, problems)
            if len(problems) > before:
                continue
            name = node.value["decision"]
            if name in found:
                line, column = node.fields["decision"].position
                where = Where(file=label, line=line, column=column)
                problems.append(Problem("ZX1160", where, {"decision": name, "first": found[name][0].label}))
            else:
                found[name] = (source, node)
    return found


def label_of(path: Path, root: Path) -> str:
    """How messages call a file: relative to the project where it lies in it."""
    try:
        return str(PurePosixPath(path.relative_to(root)))
    except ValueError:
        return str(path)


def plain(value: Any) -> Any:
    """Values as JSON has them; decimals become text, because the journal holds no floats."""
    match value:
        case Decimal():
            return str(value)
        case dict():
            return {key: plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
    return value
