"""Files of cases: YAML (one case or a list of them) or JSON lines (openings and events, one a line)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zhengxie_flow.errors import InvalidDefinition, InvalidInput, Problem, Where
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.scenario import CaseFile, ScriptEvent
from zhengxie_flow.reading.case_spool import CaseSpool
from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.input_bounds import IMPORT
from zhengxie_flow.reading.jsonl import read_json_lines
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.validation import problems_from
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.services.commands.import_source import CaseFileLine

__all__ = ["LINES", "read_cases"]

LINES = frozenset({".jsonl", ".ndjson"})
"""Endings of files that hold one JSON object a line; all others are YAML (of which JSON is a part)."""

_OPENS = frozenset({"process", "opened"})
"""Keys by which a line is an opening."""

_LONGEST_ID = 200
"""Characters of a case id; longer ones are cut in messages."""


def _nothing() -> None:
    """No progress to show."""


def read_cases(path: Path, *more: Path, name: str | None = None, progress: Callable[[], None] = _nothing) -> CaseSpool:
    """Read the cases of one or more files: YAML or JSON lines, by the suffix.

    All files are read and checked to their end; the cases are then taken from the result one by one.

    Args:
        path: the first file.
        more: further files; events in them may belong to cases of earlier ones.
        name: label of the first file in errors; by default its path.
        progress: a function called after each line of JSON, and after each case of YAML.

    Returns:
        The cases in the order of the files, each event with its file and line; to be closed.

    Raises:
        NotFound: ZX1001, no such file.
        InvalidInput: with every fault of the first faulty file, if it is JSON lines.
        InvalidDefinition: the same, if it is YAML.
        StorageError: ZX6081, the temporary file could not be written.
    """
    cases = CaseSpool()
    try:
        for source in (path, *more):
            label = name if name and source is path else str(source)
            reading = _Reading(cases, label, progress)
            if source.suffix.lower() in LINES:
                reading.lines(source)
            else:
                reading.yaml(source)
    except BaseException:
        cases.close()
        raise
    return cases


@dataclass(frozen=True, slots=True)
class _Reading:
    """The reading of one file.

    Attributes:
        cases: Where the cases go.
        label: The file as messages name it.
        progress: What is called after each line or case.
        problems: What is wrong in the file.
    """

    cases: CaseSpool
    label: str
    progress: Callable[[], None]
    problems: list[Problem] = field(default_factory=list)

    def yaml(self, path: Path) -> None:
        top = read_yaml(read_text(path, limits=IMPORT, name=self.label), self.label, limits=IMPORT, top="any")
        for node in top.items if top.kind == "list" else (top,):
            if self._full(node.line):
                break
            opening = self._read(node, CaseFile)
            if opening is not None:
                happenings = node.fields["events"].items if "events" in node.fields else ()
                lines = [
                    CaseFileLine(happening, self._where(written, opening.case))
                    for written, happening in zip(happenings, opening.events, strict=True)
                ]
                self._open(opening, self._where(node.fields.get("case", node)), lines)
            self.progress()
        if self.problems:
            raise InvalidDefinition(problems=tuple(self.problems))

    def lines(self, path: Path) -> None:
        for number, value in read_json_lines(path, name=self.label):
            if self._full(number):
                break
            if _OPENS & value.keys():
                self._opening_line({"language": 1, **value}, number)
            else:
                self._event_line(value, number)
            self.progress()
        if self.problems:
            raise InvalidInput(problems=tuple(self.problems))

    def _full(self, line: int) -> bool:
        """True where there are so many problems already that the rest is not looked at."""
        if len(self.problems) < IMPORT.max_problems:
            return False
        self.problems.append(Problem("ZX1036", Where(self.label, line, 1), {"count": len(self.problems)}))
        return True

    def _opening_line(self, value: dict[str, Any], number: int) -> None:
        opening = self._read(_node(value, number), CaseFile)
        if opening is not None:
            where = Where(self.label, number, 1, opening.case)
            self._open(opening, where, [CaseFileLine(happening, where) for happening in opening.events])

    def _event_line(self, value: dict[str, Any], number: int) -> None:
        case = value.get("case")
        if not isinstance(case, str) or not case:
            self.problems.append(Problem("ZX1041", Where(self.label, number, 1), {"key": "case"}))
            return
        if len(case) > _LONGEST_ID:
            params = {"given": case[:_LONGEST_ID], "limit": _LONGEST_ID}
            self.problems.append(Problem("ZX4037", Where(self.label, number, 1), params))
            return
        rest = {key: entry for key, entry in value.items() if key != "case"}
        happening = self._read(_node(rest, number), ScriptEvent)
        if happening is not None:
            self.cases.add_line(case, CaseFileLine(happening, Where(self.label, number, 1, case)))

    def _open(self, opening: CaseFile, where: Where, lines: list[CaseFileLine]) -> None:
        first = self.cases.opened_at(opening.case)
        if first is not None:
            file, line = first
            place = line if file == where.file else f"{line} ({file})"
            self.problems.append(Problem("ZX6042", where, {"first": place}))
            return
        self.cases.add_opening(opening, where, lines)

    def _read(self, node: Node, model: type[Model]) -> Any:
        try:
            return model.model_validate(node.value)
        except ValidationError as error:
            self.problems.extend(problems_from(error, node, self.label, model))
            return None

    def _where(self, node: Node, case: str | None = None) -> Where:
        return Where(self.label, node.line, node.column, case)


def _node(value: Any, line: int) -> Node:
    """A value of a JSON line as a node: everything in it stands on that line."""
    if isinstance(value, Mapping):
        fields = {key: _node(entry, line) for key, entry in value.items()}
        return Node("map", line, 1, value, keys=dict.fromkeys(value, (line, 1)), fields=fields)
    if isinstance(value, list):
        return Node("list", line, 1, value, items=tuple(_node(entry, line) for entry in value))
    return Node("scalar", line, 1, value, quoted=isinstance(value, str))
