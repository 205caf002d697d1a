"""Records of what checks found: of a file of scenarios, of a process as read, and of a process as checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.i18n.ids import Assignment, Cycle, LabelledId, Quantity

if TYPE_CHECKING:
    from zhengxie_flow.reading.checks.catalogue import Check


class Report:
    """Problems that a check reports of an edition; those that were kept are read when they are asked for."""

    __slots__ = ("_kept", "_problems", "places")

    def __init__(self, problems: list[Problem] | None = None, kept: tuple[list[Any], str] = ([], "[]")) -> None:
        """Make a report of problems, or of their places and the text they were kept as."""
        self._problems, self._kept = problems, kept[1]
        self.places = [problem.where for problem in problems] if problems is not None else list(starmap(Where, kept[0]))

    @property
    def problems(self) -> list[Problem]:
        """The problems."""
        if self._problems is None:
            self._problems = _read_problems(json.loads(self._kept))
        return self._problems

    def kept(self) -> list[Any]:
        """Return the form of the report on disk.

        Raises:
            NoRecordError: It has none.
        """
        places = [[place.file, place.line, place.column, place.case] for place in self.places]
        return [places, json.dumps(_problems(self.problems), ensure_ascii=False, separators=(",", ":"))]


Findings = dict[str, list[Report]]
"""Reports by the name of their check, one for each edition of a process; a check that finds nothing is left out."""


Group = Literal["alone", "stories", "peers"]
"""Checks that look at a process alone, at its scenarios as well, or at other processes as well."""

GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """A check as a run needs to know it: its name, whether its defects are those of all, and what it looks at."""

    name: str
    shared: bool
    group: Group

    @classmethod
    def of(cls, check: Check) -> Self:
        """Return what a run needs to know of a check."""
        return cls(check.name, check.shared, "stories" if check.stories else "peers" if check.peers else "alone")


@dataclass(frozen=True, slots=True)
class Story:
    """An entry of a file of scenarios: the file, the folder it is named from, and its place in the file."""

    path: Path
    root: Path
    index: int


@dataclass(frozen=True, slots=True)
class Subject:
    """A process as it is checked: with its scenarios, its peers, and decisions that nobody asks."""

    process: str
    unasked: tuple[str, ...] = ()
    stories: tuple[Story, ...] = ()
    peers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A file of scenarios or cases: its problems of shape, and the process that every entry of it is about.

    Of a file that no process reads it holds the problems alone.
    """

    problems: list[Problem]
    processes: list[str]


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process as read.

    Attributes:
        problems: what keeps it from being read.
        standalone: for each of its editions, first to last, False where it rests on files of another folder; none
            where it cannot be read.
        asked: the decisions that it asks.
        rules: all decisions of its folder.
        matters: what its obligations are about, in a form that can be compared with that of another process.
    """

    problems: list[Problem]
    standalone: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    matters: list[str] = field(default_factory=list)

    @property
    def readable(self) -> bool:
        """True where it could be read."""
        return bool(self.standalone)


@dataclass(frozen=True, slots=True)
class FindingsRecord:
    """Findings in a process, and in its parts where volumes are attached to it."""

    findings: Findings
    parts: list[Problem] = field(default_factory=list)


Record = StoryRecord | ProcessRecord | FindingsRecord


class NoRecordError(TypeError):
    """A value that has no form on disk, or a form that is none of a record."""


def to_json(record: Record) -> dict[str, Any]:
    """Return the form of a record on disk.

    Raises:
        NoRecordError: A parameter of a problem has none.
    """
    match record:
        case StoryRecord():
            return {"stories": record.processes, "problems": _problems(record.problems)}
        case ProcessRecord():
            return {
                "problems": _problems(record.problems),
                **{name: getattr(record, name) for name in ("standalone", "asked", "rules", "matters")},
            }
        case FindingsRecord():
            findings = {name: [report.kept() for report in reports] for name, reports in record.findings.items()}
            return {"findings": findings, "parts": _problems(record.parts)}


def from_json(entry: Mapping[str, Any]) -> Record:
    """Return a record from its form on disk.

    Raises:
        LookupError, TypeError, ValueError: It is none.
    """
    if "stories" in entry:
        return StoryRecord(_read_problems(entry["problems"]), entry["stories"])
    if "standalone" in entry:
        rest = (entry[name] for name in ("standalone", "asked", "rules", "matters"))
        return ProcessRecord(_read_problems(entry["problems"]), *rest)
    findings = {
        name: [Report(kept=(places, text)) for places, text in reports] for name, reports in entry["findings"].items()
    }
    return FindingsRecord(findings, _read_problems(entry["parts"]))


def _problems(problems: Iterable[Problem]) -> list[Any]:
    return [
        [
            problem.code,
            [problem.where.file, problem.where.line, problem.where.column, problem.where.case],
            {name: _value(value) for name, value in problem.params.items()},
            problem.severity,
        ]
        for problem in problems
    ]


def _read_problems(entries: Iterable[Any]) -> list[Problem]:
    return [
        Problem(code, Where(*where), {name: _read_value(value) for name, value in params.items()}, severity)
        for code, where, params, severity in entries
    ]


def _value(value: Any) -> Any:
    """A parameter as JSON; what JSON does not have is a mapping of its kind to its parts."""
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is list:
        return [_value(entry) for entry in value]
    kind = type(value)
    if kind not in _PARTS:
        raise NoRecordError(kind.__name__)
    name, parts = _PARTS[kind]
    return {name: parts(value)}


def _read_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_read_value(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    ((name, parts),) = value.items()
    return _READ[name](parts)


_PARTS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    LabelledId: ("id", lambda value: [str(value), value.zh, value.en]),
    Cycle: ("cycle", lambda value: [_value(entry) for entry in value]),
    Assignment: ("assignment", lambda value: [_value(value.name), _value(value.value)]),
    Quantity: ("quantity", lambda value: [value.number, value.unit]),
    Decimal: ("number", str),
    date: ("date", date.isoformat),
    tuple: ("tuple", lambda value: [_value(entry) for entry in value]),
    dict: ("map", lambda value: [[_value(key), _value(entry)] for key, entry in value.items()]),
}
"""The kinds of parameters that JSON does not have: the name of each, and the parts it is kept as."""

_READ: dict[str, Callable[[Any], Any]] = {
    "id": lambda parts: LabelledId(*parts),
    "cycle": lambda parts: Cycle(map(_read_value, parts)),
    "assignment": lambda parts: Assignment(*map(_read_value, parts)),
    "quantity": lambda parts: Quantity(*parts),
    "number": Decimal,
    "date": date.fromisoformat,
    "tuple": lambda parts: tuple(map(_read_value, parts)),
    "map": lambda parts: {_read_value(key): _read_value(entry) for key, entry in parts},
}
