"""Definitions from files: a process with its law, register and decisions, resolved into one bundle.

A process id is its path under ``processes/`` without ``.yaml``.  Its law (``law.yaml``) and register
(``interpretations.yaml``) lie beside it, its decisions in the folder of the same name under ``rules/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from zhengxie_flow.errors import InvalidDefinition, NotFound, Problem
from zhengxie_flow.model.citation import Instrument, Register
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.process import Process
from zhengxie_flow.reading.belonging import belonging
from zhengxie_flow.reading.checks.reference import references
from zhengxie_flow.reading.positions import in_order
from zhengxie_flow.reading.sources import (
    LAW,
    REGISTER,
    SCENARIOS,
    Loaded,
    Source,
    label_of,
    plain,
    read_any,
    read_optional,
    read_rules,
    read_source,
)

__all__ = ["LAW", "REGISTER", "SCENARIOS", "Files", "Loaded", "Source", "label_of", "load_file", "plain"]


@dataclass(frozen=True, slots=True)
class Files:
    """The two folders that policy staff write: ``processes/`` and ``rules/``."""

    processes: Path
    rules: Path

    @property
    def root(self) -> Path:
        """The folder that messages name files from."""
        return self.processes.parent

    def ids(self) -> Iterator[str]:
        """The ids of all processes, in order."""
        if not self.processes.is_dir():
            return
        for path in sorted(self.processes.rglob("*.yaml")):
            inner = path.relative_to(self.processes)
            if _is_process(inner):
                yield str(PurePosixPath(inner.with_suffix("")))

    def scenarios(self, process: str | None = None) -> Iterator[Path]:
        """The scenario files of all processes, or of those beside one."""
        root = self.processes if process is None else (self.processes / process).parent
        if not root.is_dir():
            return
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

    def read(self, process: str) -> Loaded:
        """Read and resolve a process; its shape is right, but names may lead nowhere.  Raises `InvalidDefinition`."""
        path = self.path(process)
        loaded = _read(process, path, path.parent, self.rules / Path(process).parent, self.root, self.processes)
        return replace(loaded, rules=self.rules, processes=tuple(self.ids()))

    @staticmethod
    def read_alone(path: Path) -> Loaded:
        """Like `read`, of a file that lies in no project: its rules are looked for in ``rules/`` beside it."""
        resolved = path.resolve()
        return _read(resolved.stem, resolved, resolved.parent, resolved.parent / "rules", resolved.parent)

    @staticmethod
    def around(path: Path) -> Files | None:
        """The project a file lies in, told by a folder called ``processes`` or ``rules`` above it."""
        for parent in path.resolve().parents:
            if parent.name in ("processes", "rules"):
                return Files(parent.parent / "processes", parent.parent / "rules")
        return None

    def load(self, process: str) -> Loaded:
        """Read a process that can be run.  Raises `InvalidDefinition` with the problems of all its files at once."""
        return _runnable(self.read(process))


def load_file(path: Path) -> Loaded:
    """A process file that stands alone or in a ``processes/`` folder; its rules are looked for beside that folder."""
    resolved = path.resolve()
    home = Files.around(resolved)
    if home is not None and resolved.is_relative_to(home.processes):
        return home.load(str(PurePosixPath(resolved.relative_to(home.processes).with_suffix(""))))
    return _runnable(Files.read_alone(resolved))


def _below(process: dict[str, Any], processes: Path) -> dict[str, dict[str, Any]]:
    """The values of the processes of its subcases; one that cannot be read is told of where it is checked itself."""
    found: dict[str, dict[str, Any]] = {}
    for name, kind in process.get("subcases", {}).items():
        path = processes / f"{kind['process']}.yaml"
        source = read_any(path, path.parent, [], top="map") if path.is_file() else None
        if source is not None and isinstance(source.node.value.get("states"), dict):
            found[name] = source.node.value
    return found


def _with_states(process: dict[str, Any], below: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The values of a process with the states of its subcases, which stand in files of their own."""
    if "subcases" not in process:
        return process
    states = {
        name: {state: (said or {}).get("final", False) for state, said in values["states"].items()}
        for name, values in below.items()
    }
    subcases = {name: {"states": states.get(name, {}), **kind} for name, kind in process["subcases"].items()}
    return {**process, "subcases": subcases}


def _is_process(inner: Path) -> bool:
    return inner.name not in (LAW, REGISTER) and SCENARIOS not in inner.parts[:-1]


def _runnable(loaded: Loaded) -> Loaded:
    """Nothing that a name leads nowhere in reaches the engine."""
    problems = references(loaded)
    if problems:
        raise InvalidDefinition(problems=problems)
    return loaded


def _read(process: str, path: Path, folder: Path, rules: Path, root: Path, processes: Path | None = None) -> Loaded:
    problems: list[Problem] = []
    source = read_source(path, root, Process, problems)
    law = read_optional(folder / LAW, root, Instrument, problems)
    register = read_optional(folder / REGISTER, root, Register, problems)
    found = read_rules(rules, root, problems)
    if source is None or problems:
        raise InvalidDefinition(problems=in_order(problems))
    alone = all(other == path or not _is_process(Path(other.name)) for other in folder.glob("*.yaml"))
    mine = found if alone else belonging(source.node.value, found)
    below = _below(source.node.value, processes or folder)
    bundle: dict[str, Any] = {
        "format": 1,
        "id": process,
        "process": _with_states(plain(source.node.value), below),
        "start": next(iter(source.node.value["states"])),  # the one thing that order alone decides
        "law": plain(law.node.value) if law else None,
        "register": plain(register.node.value) if register else None,
        "decisions": [plain(node.value) for _, node in mine.decisions.values()],
        "parameters": {name: plain(node.value) for name, (_, node) in mine.parameters.items()},
    }
    ruled = [*mine.decisions.values(), *mine.parameters.values()]
    used = [source, law, register, *{id(entry): entry for entry, _ in ruled}.values()]
    sources = {entry.label: entry.text for entry in used if entry is not None}
    definition = resolve(bundle, sources)
    return Loaded(definition, source, law, register, found.decisions, found.parameters, alone, below=below)
