"""Files of cases: YAML (one case or a list of them) or JSON lines (openings and events, one a line)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zhengxie_flow.errors import InvalidDefinition, InvalidInput, Problem, Where
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.scenario import CaseFile, ScriptEvent
from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.input_bounds import IMPORT
from zhengxie_flow.reading.jsonl import read_json_lines
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.validation import problems_from
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.services.commands.importing import CaseFileLine, Incoming

__all__ = ["LINES", "read_cases"]

LINES = frozenset({".jsonl", ".ndjson"})
"""Endings of files that hold one JSON object a line; all others are YAML (of which JSON is a part)."""

_OPENS = frozenset({"process", "opened"})
"""Keys by which a line is an opening."""


def read_cases(path: Path, *more: Path, name: str | None = None) -> list[Incoming]:
    """Read the cases of one or more files: YAML or JSON lines, by the suffix.

    Args:
        path: the first file.
        more: further files; events in them may belong to cases of earlier ones.
        name: label of the first file in errors; by default its path.

    Returns:
        The cases in the order of the files, each event with its file and line.

    Raises:
        NotFound: ZX1001, no such file.
        InvalidInput: with every fault of the first faulty file, if it is JSON lines.
        InvalidDefinition: the same, if it is YAML.
    """
    cases: dict[str, Incoming] = {}
    for source in (path, *more):
        label = name if name and source is path else str(source)
        read = _lines if source.suffix.lower() in LINES else _yaml
        read(cases, source, label)
    return list(cases.values())


def _yaml(cases: dict[str, Incoming], path: Path, label: str) -> None:
    top = read_yaml(read_text(path, limits=IMPORT, name=label), label, limits=IMPORT, top="any")
    nodes = top.items if top.kind == "list" else (top,)
    problems: list[Problem] = []
    for node in nodes:
        opening = _read(node, label, CaseFile, problems)
        if opening is None:
            continue
        _add_case(cases, opening, _where(label, node.fields.get("case", node)), problems)
        happenings = node.fields["events"].items if "events" in node.fields else ()
        for written, happening in zip(happenings, opening.events, strict=True):
            cases[opening.case].lines.append(CaseFileLine(happening, _where(label, written, opening.case)))
    if problems:
        raise InvalidDefinition(problems=tuple(problems))


def _lines(cases: dict[str, Incoming], path: Path, label: str) -> None:
    problems: list[Problem] = []
    for number, value in read_json_lines(path, name=label):
        if len(problems) >= IMPORT.max_problems:
            problems.append(Problem("ZX1036", Where(label, number, 1), {"count": len(problems)}))
            break
        if _OPENS & value.keys():
            _opening_line(cases, {"language": 1, **value}, label, number, problems)
        else:
            _event_line(cases, value, label, number, problems)
    if problems:
        raise InvalidInput(problems=tuple(problems))


def _opening_line(
    cases: dict[str, Incoming], value: dict[str, Any], label: str, number: int, problems: list[Problem]
) -> None:
    opening = _read(_node(value, number), label, CaseFile, problems)
    if opening is None:
        return
    where = Where(label, number, 1, opening.case)
    _add_case(cases, opening, where, problems)
    cases[opening.case].lines += [CaseFileLine(happening, where) for happening in opening.events]


def _event_line(
    cases: dict[str, Incoming], value: dict[str, Any], label: str, number: int, problems: list[Problem]
) -> None:
    case = value.get("case")
    if not isinstance(case, str) or not case:
        problems.append(Problem("ZX1041", Where(label, number, 1), {"key": "case"}))
        return
    rest = {key: entry for key, entry in value.items() if key != "case"}
    happening = _read(_node(rest, number), label, ScriptEvent, problems)
    if happening is not None:
        where = Where(label, number, 1, case)
        cases.setdefault(case, Incoming(case, where)).lines.append(CaseFileLine(happening, where))


def _add_case(cases: dict[str, Incoming], opening: CaseFile, where: Where, problems: list[Problem]) -> None:
    incoming = cases.setdefault(opening.case, Incoming(opening.case, where))
    if incoming.opening is not None:
        first = incoming.where
        place = first.line if first.file == where.file else f"{first.line} ({first.file})"
        problems.append(Problem("ZX6042", where, {"first": place}))
    incoming.opening, incoming.where = incoming.opening or opening, where


def _read(node: Node, label: str, model: type[Model], problems: list[Problem]) -> Any:
    try:
        return model.model_validate(node.value)
    except ValidationError as error:
        problems.extend(problems_from(error, node, label, model))
        return None


def _where(label: str, node: Node, case: str | None = None) -> Where:
    return Where(label, node.line, node.column, case)


def _node(value: Any, line: int) -> Node:
    """A value of a JSON line as a node: everything in it stands on that line."""
    if isinstance(value, Mapping):
        fields = {key: _node(entry, line) for key, entry in value.items()}
        return Node("map", line, 1, value, keys=dict.fromkeys(value, (line, 1)), fields=fields)
    if isinstance(value, list):
        return Node("list", line, 1, value, items=tuple(_node(entry, line) for entry in value))
    return Node("scalar", line, 1, value, quoted=isinstance(value, str))
