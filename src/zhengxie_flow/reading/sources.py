"""The YAML files of a definition as read: texts with positions, checked for shape, one file or a folder at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from operator import is_
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from zhengxie_flow.errors import InvalidInput, Problem, Where
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.parameter import Parameters
from zhengxie_flow.model.scenario import CaseFile, Scenario
from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.file_names import EDITIONS, LAW, REGISTER, SCENARIOS, SIGNATURES, VOLUMES, label_of
from zhengxie_flow.reading.links import leaving
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.validation import problems_from
from zhengxie_flow.reading.yaml_reader import read_yaml

__all__ = [
    "EDITIONS",
    "LAW",
    "REGISTER",
    "SCENARIOS",
    "SIGNATURES",
    "VOLUMES",
    "Loaded",
    "ProcessPlace",
    "RuleSources",
    "ScenarioSource",
    "SourceFile",
    "entries",
    "label_of",
    "plain",
    "read_any",
    "read_optional",
    "read_rules",
    "read_source",
    "read_stories",
    "validate",
]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One YAML file as read: its label for messages, its text and its values with positions."""

    label: str
    text: str
    node: Node


@dataclass(frozen=True, slots=True)
class ScenarioSource:
    """A scenario or case file as read, with its file and its values there."""

    source: SourceFile
    node: Node
    scenario: Scenario | CaseFile


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Loaded:
    """A definition with the sources it came from, for checks that point into them.

    ``alone`` says that no other process shares its law and decisions; ``scenarios`` are there when somebody asked for
    them to be checked with it; ``rules`` is the rules folder of its project and ``processes`` the ids of all in it;
    ``below`` holds the values of the processes of its subcases.  ``editions`` are the later editions of the process in
    order; ``amendment`` is the file by which this became what it is, an edition's or an overlay's; ``peers`` are the
    other processes that are checked with it; ``vocabulary`` and ``labels`` are what it shares with the processes beside
    it, and their English labels.  ``signatures`` is the file that says who signed it.  ``volumes`` are the volumes
    attached to it, for a check all in reach; where any is attached, ``own`` is the process as its own text states it.
    """

    definition: Definition
    process: SourceFile
    law: SourceFile | None = None
    register: SourceFile | None = None
    decisions: dict[str, tuple[SourceFile, Node]] = field(default_factory=dict)
    parameters: dict[str, tuple[SourceFile, Node]] = field(default_factory=dict)
    alone: bool = True
    scenarios: tuple[ScenarioSource, ...] = ()
    rules: Path | None = None
    processes: tuple[str, ...] = ()
    subcases: dict[str, dict[str, Any]] = field(default_factory=dict)
    editions: tuple[Loaded, ...] = ()
    amendment: SourceFile | None = None
    peers: tuple[Loaded, ...] = ()
    vocabulary: SourceFile | None = None
    labels: SourceFile | None = None
    signatures: SourceFile | None = None
    volumes: tuple[SourceFile, ...] = ()
    own: Loaded | None = None


@dataclass(frozen=True, slots=True)
class ProcessPlace:
    """The place of a process among files.

    Attributes:
        path: its file; its law and register lie beside it.
        rules: the folder of its decisions.
        processes: the folder of the processes that may be its subcases.
        root: the folder that messages name files from.
        shared_rules: the folder of what all processes share: calendars and conventions.
    """

    path: Path
    rules: Path
    processes: Path
    root: Path
    shared_rules: Path


def read_source(path: Path, root: Path, model: type[Model], problems: list[Problem]) -> SourceFile | None:
    """Read a file that holds one model; its problems are collected, not raised."""
    source = read_any(path, root, problems, top="map")
    if source is not None:
        validate(source.node, source.label, model, problems)
    return source


def read_optional(path: Path, root: Path, model: type[Model], problems: list[Problem]) -> SourceFile | None:
    """Read a file that may be missing."""
    return read_source(path, root, model, problems) if path.is_file() else None


def read_any(
    path: Path, root: Path, problems: list[Problem], *, top: Literal["map", "any"] = "any"
) -> SourceFile | None:
    """Read a file as YAML, whatever it holds; its problems are collected, not raised."""
    label = label_of(path, root)
    if (link := leaving(path, root, label)) is not None:
        problems.append(link)
        return None
    try:
        text = read_text(path, name=label)
        return SourceFile(label, text, read_yaml(text, label, top=top))
    except InvalidInput as error:  # characters, sizes and encodings as well as YAML
        problems.extend(error.problems)
        return None


def validate(node: Node, label: str, model: type[Model], problems: list[Problem]) -> bool:
    """Validate values against a model: true if they fit; otherwise the problems are collected."""
    try:
        model.model_validate(node.value)
    except ValidationError as error:
        problems.extend(problems_from(error, node, label, model))
        return False
    return True


@dataclass(slots=True)
class RuleSources:
    """Contents of a rules folder: decisions and parameters by name, each with its file and its values there."""

    decisions: dict[str, tuple[SourceFile, Node]] = field(default_factory=dict)
    parameters: dict[str, tuple[SourceFile, Node]] = field(default_factory=dict)


def read_rules(folder: Path, root: Path, problems: list[Problem]) -> RuleSources:
    """Every decision and parameter of a rules folder; a file holds one decision, a list of them, or parameters."""
    rules = RuleSources()
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        source = read_any(path, root, problems)
        for node in entries(source) if source is not None else ():
            if source is None:
                continue
            if "parameters" in node.fields:
                if validate(node, source.label, Parameters, problems):
                    for name, value in node.fields["parameters"].fields.items():
                        _named(rules.parameters, name, (source, value), value, problems)
            elif validate(node, source.label, Decision, problems):
                _named(rules.decisions, node.value["decision"], (source, node), node.fields["decision"], problems)
    return rules


def _named(
    named: dict[str, tuple[SourceFile, Node]],
    name: str,
    entry: tuple[SourceFile, Node],
    at: Node,
    problems: list[Problem],
) -> None:
    """Register a decision or parameter under its name; a second one of that name is a problem."""
    if name in named:
        where = Where(file=entry[0].label, line=at.line, column=at.column)
        problems.append(Problem("ZX1160", where, {"decision": name, "first": named[name][0].label}))
    else:
        named[name] = entry


def read_stories(path: Path, root: Path, problems: list[Problem]) -> tuple[ScenarioSource, ...]:
    """The scenarios of a file, one or a list of them, or the case file it is."""
    source = read_any(path, root, problems)
    stories: list[ScenarioSource] = []
    for node in entries(source) if source is not None else ():
        model = CaseFile if "case" in node.fields and "scenario" not in node.fields else Scenario
        if source is not None and validate(node, source.label, model, problems):
            stories.append(ScenarioSource(source, node, model.model_validate(node.value)))
    return tuple(stories)


def entries(source: SourceFile) -> tuple[Node, ...]:
    """Return the entries of a file: itself, or the members of its list."""
    return source.node.items if source.node.kind == "list" else (source.node,)


def plain(value: Any) -> Any:
    """Values as JSON has them; decimals become text, because the journal holds no floats.

    What is plain already stays the same object: read it, do not change it.
    """
    match value:
        case Decimal():
            return str(value)
        case dict():
            made = {key: plain(inner) for key, inner in value.items()}
            return value if all(made[key] is inner for key, inner in value.items()) else made
        case list():
            members = [plain(inner) for inner in value]
            return value if all(map(is_, members, value)) else members
        case tuple():
            return [plain(inner) for inner in value]
    return value
