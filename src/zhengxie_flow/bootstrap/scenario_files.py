"""Scenario files: read with their places, run, and reported with ``file:line``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zhengxie_flow.bootstrap.definitions import CompiledFiles, ProjectDefinitions
from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.errors import InvalidDefinition, InvalidInput, NotFound, Problem, UsageError, Where
from zhengxie_flow.model.scenario import Scenario
from zhengxie_flow.ports import Calendars
from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.definitions import Files, label_of
from zhengxie_flow.reading.links import leaving
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.positions import locate
from zhengxie_flow.reading.validation import problems_from
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.services.queries.scenarios import Failure, Outcome, run

WHOLE_RUN = float("inf")
"""Seconds in which files are not looked at again: a run judges all scenarios by the files as they stood."""


@dataclass(frozen=True, slots=True)
class WrittenScenario:
    """A scenario as it is written in a file."""

    file: str
    node: Node
    scenario: Scenario

    def line(self, failure: Failure) -> int:
        """Return the line of a failed expectation."""
        return locate(self.node, failure.loc)[0]


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario that was run: its process, its calendars and its outcome."""

    written: WrittenScenario
    compiled: CompiledProcess
    calendars: Callable[[date], Any]
    outcome: Outcome


def find(files: Files, paths: Sequence[str]) -> list[Path]:
    """Find the scenario files of paths.

    Args:
        files: The project, whose scenarios are all meant where no path is given.
        paths: Files, folders of scenarios, or folders of processes, which stand for the scenarios below them.

    Returns:
        The files, each once.

    Raises:
        UsageError: There are none (ZX6031).
    """
    if not paths:
        selected = list(files.scenarios()) if files.processes.is_dir() else []
    else:
        selected = [file for path in paths for file in _scenario_files(Path(path))]
    if not selected:
        raise UsageError("ZX6031")
    return list(dict.fromkeys(selected))


def _scenario_files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    every = sorted(path.rglob("*.yaml"))
    within = [file for file in every if "scenarios" in file.relative_to(path).parts[:-1]]
    return within if within and path.name != "scenarios" else every


def read(paths: Sequence[Path], root: Path) -> list[WrittenScenario]:
    """Read every scenario of some files, named from a folder.

    Raises:
        InvalidDefinition: With the problems of all files at once.
    """
    problems: list[Problem] = []
    scenarios: list[WrittenScenario] = []
    for path in paths:
        label = label_of(path, root)
        if (link := leaving(path, root, label)) is not None:
            problems.append(link)
        else:
            scenarios += _read(path, label, problems)
    if problems:
        raise InvalidDefinition(problems=tuple(problems))
    return scenarios


def _read(path: Path, label: str, problems: list[Problem]) -> Iterator[WrittenScenario]:
    try:
        top = read_yaml(read_text(path, name=label), label, top="any")
    except InvalidInput as error:
        problems.extend(error.problems)
        return
    for node in top.items if top.kind == "list" else (top,):
        try:
            yield WrittenScenario(label, node, Scenario.model_validate(node.value))
        except ValidationError as error:
            problems.extend(problems_from(error, node, label, Scenario))


def play(files: Files, calendars: Calendars, written: Sequence[WrittenScenario]) -> Iterator[Played]:
    """Run scenarios one by one.

    Raises:
        InvalidDefinition: A process itself cannot be read.
    """
    definitions = ProjectDefinitions(CompiledFiles(files, WHOLE_RUN))

    def process(name: str) -> tuple[CompiledProcess, Any]:
        compiled = definitions.by_id(name)
        return compiled, partial(calendars.snapshot, compiled.calendar)

    for entry in written:
        try:
            compiled = definitions.by_id(entry.scenario.process)
        except NotFound as error:
            line, column = entry.node.fields["process"].position
            raise InvalidDefinition(error.code, where=Where(entry.file, line, column), **error.params) from None
        snapshot: Any = partial(calendars.snapshot, compiled.calendar)
        yield Played(entry, compiled, snapshot, run(compiled, entry.scenario, snapshot, process))
