"""Definitions from files: a process with its law, register and decisions, resolved into one bundle.

A process id is its path under ``processes/`` without ``.yaml``.  Its law (``law.yaml``) and register
(``interpretations.yaml``) lie beside it, its decisions in the folder of the same name under ``rules/``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from zhengxie_flow.errors import InvalidDefinition, NotFound, Problem, Where
from zhengxie_flow.model.citation import Instrument, Register
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.edition import Edition, Overlay
from zhengxie_flow.model.process import Process
from zhengxie_flow.reading.adoption import ADOPTS, adopted_process, check_controls
from zhengxie_flow.reading.attached_files import attached_paths, read_volumes, volume_paths
from zhengxie_flow.reading.checks.name_resolution import suggestion
from zhengxie_flow.reading.checks.preconditions import references
from zhengxie_flow.reading.conventions import used_conventions
from zhengxie_flow.reading.edition_files import DefinitionReading, amended_edition, overlaid_process
from zhengxie_flow.reading.expansion import NO_PROCESS, expanded, read_beside
from zhengxie_flow.reading.former_ids import former_ids
from zhengxie_flow.reading.links import leaving
from zhengxie_flow.reading.positions import in_order
from zhengxie_flow.reading.signatures import read_signatures
from zhengxie_flow.reading.sources import (
    EDITIONS,
    LAW,
    REGISTER,
    SCENARIOS,
    SIGNATURES,
    VOLUMES,
    Loaded,
    ProcessPlace,
    SourceFile,
    label_of,
    plain,
    read_any,
    read_optional,
    read_rules,
    read_source,
    validate,
)
from zhengxie_flow.reading.subcase_definitions import subcase_states, with_states
from zhengxie_flow.reading.used_rules import used_rules
from zhengxie_flow.reading.volume_files import AttachmentTargets, periods_attached, with_volumes
from zhengxie_flow.spelling import known_names

__all__ = [
    "EDITIONS",
    "LAW",
    "REGISTER",
    "SCENARIOS",
    "Files",
    "Loaded",
    "SourceFile",
    "label_of",
    "load_file",
    "plain",
]


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

    def current_id(self, process: str) -> str:
        """The id of a process today, for one that it may have had before (``was:``).

        Args:
            process: the id; it comes back where no process was ever called so.
        """
        if (self.processes / f"{process}.yaml").is_file():
            return process
        return self.former_ids().get(process, process)

    def former_ids(self) -> dict[str, str]:
        """The ids of processes today by those they had before."""
        return former_ids(self.processes, self.root, self.ids())

    def path(self, process: str) -> Path:
        """Return the file of a process.

        Args:
            process: its id.

        Raises:
            NotFound: ZX4003, with the ids of the processes there are.
            InvalidDefinition: ZX6085, a link leads out of the project.
        """
        path = self.processes / f"{process}.yaml"
        inside = path.is_relative_to(self.processes) and ".." not in Path(process).parts
        if inside and (link := leaving(path, self.root, label_of(path, self.root))) is not None:
            raise InvalidDefinition(problems=(link,))
        if not inside or not _is_process(Path(path.name)) or not path.is_file():
            raise NotFound("ZX4003", process=process, **known_names(process, tuple(self.ids())))
        return path

    def read(self, process: str, *, checked: bool = False) -> Loaded:
        """Read a process without checking its references.

        Args:
            process: its id, the path below ``processes/`` without the suffix.
            checked: True to have all volumes in reach with it, attached or not, so that they can be checked.

        Returns:
            The definition, valid in shape; names in it may lead nowhere.

        Raises:
            NotFound: ZX4003, with the ids of the processes there are.
            InvalidDefinition: with every problem of shape in its files.
        """
        problems: list[Problem] = []
        loaded = self._own(process, problems)
        targets = AttachmentTargets.of(process, loaded.definition.bundle)
        if checked:
            paths = list(dict.fromkeys(path for ident in targets.ids for path in volume_paths(self.processes, ident)))
        else:
            paths = attached_paths(self.processes, targets.ids)
        volumes = read_volumes(paths, self.root, problems)
        if volumes and not problems:
            loaded = with_volumes(loaded, volumes, targets, DefinitionReading(self.processes, problems))
        if problems:
            raise InvalidDefinition(problems=in_order(problems))
        return loaded

    def _own(self, process: str, problems: list[Problem]) -> Loaded:
        """The process as its own text states it, in all its editions."""
        path = self.path(process)
        source = read_any(path, self.root, problems, top="map")
        signatures = read_signatures(path, self.root, problems)
        if source is not None and "extends" in source.node.fields:
            if problems:
                raise InvalidDefinition(problems=in_order(problems))
            return replace(self._overlay(process, source), signatures=signatures)
        if source is not None and ADOPTS in source.node.fields:
            if problems:
                raise InvalidDefinition(problems=in_order(problems))
            loaded = adopted_process(process, source, self._base, DefinitionReading(self.processes))
            paths = attached_paths(self.processes, [loaded.definition.bundle["base"]["id"]])
            check_controls(source, read_volumes(paths, self.root, []))
            return replace(loaded, editions=self._editions(loaded), signatures=signatures)
        place = ProcessPlace(path, self.rules / Path(process).parent, self.processes, self.root, self.rules)
        loaded = _read(process, place, source, problems)
        loaded = replace(loaded, rules=self.rules, processes=tuple(self.ids()))
        return replace(loaded, editions=self._editions(loaded), signatures=signatures)

    def has_editions(self, process: str) -> bool:
        """True if there is a folder for later editions of a process."""
        head, _, name = process.rpartition("/")
        return os.path.isdir(os.path.join(self.processes, head, EDITIONS, name))  # noqa: PTH112, PTH118  # asked at every step

    def edition_files(self, process: str) -> list[Path]:
        """The files of the later editions of a process."""
        path = self.processes / process
        return sorted((path.parent / EDITIONS / path.name).glob("*.yaml"))

    def volume_files(self, process: str) -> list[Path]:
        """The files of the volumes in reach of a process."""
        return volume_paths(self.processes, process)

    def periods_attached(self, targets: AttachmentTargets) -> dict[str, list[dict[str, Any]]]:
        """The periods in which volumes count for a process, by their names; files with faults are left out.

        Args:
            targets: the processes whose volumes it takes.
        """
        problems: list[Problem] = []
        volumes = read_volumes(attached_paths(self.processes, targets.ids), self.root, problems)
        return {} if problems else periods_attached(volumes, targets)

    def _editions(self, first: Loaded) -> tuple[Loaded, ...]:
        """The later editions of a process, by the day they begin, each made from the one before."""
        process = first.definition.id
        paths = self.edition_files(process)
        if not paths:
            return ()
        problems: list[Problem] = []
        read = [read_source(path, self.root, Edition, problems) for path in paths]
        sources = [source for source in read if source is not None]
        problems += [
            _amends_another(source, process) for source in sources if source.node.value.get("amends") != process
        ]
        if problems:
            raise InvalidDefinition(problems=in_order(problems))
        sources.sort(key=lambda source: str(source.node.value["in_force"]["from"]))
        editions, before = [], first
        since = first.definition.bundle["process"].get("in_force", {}).get("from")
        for source in sources:
            edition = amended_edition(before, source, since, DefinitionReading(self.processes, problems))
            if edition is None or problems:
                raise InvalidDefinition(problems=in_order(problems))
            editions.append(before := edition)
        return tuple(editions)

    def _overlay(self, process: str, source: SourceFile) -> Loaded:
        """The process that an overlay stands for, with the later editions of its base."""
        problems: list[Problem] = []
        if not validate(source.node, source.label, Overlay, problems):
            raise InvalidDefinition(problems=in_order(problems))
        base = self._base(source)
        overlay = Overlay.model_validate(source.node.value)
        begins = overlay.in_force.from_ or base.definition.process.in_force.from_
        every = [base, *base.editions]
        past = [
            edition
            for edition in every[1:]
            if begins is not None and (edition.definition.process.in_force.from_ or begins) <= begins
        ]
        since = begins.isoformat() if begins is not None else None
        reading = DefinitionReading(self.processes, problems)
        first = overlaid_process(every[len(past)], source, process, reading)
        later = [
            overlaid_process(edition, source, process, reading, since=since or "") for edition in every[len(past) + 1 :]
        ]
        if first is None or problems:
            raise InvalidDefinition(problems=in_order(problems))
        return replace(first, alone=False, editions=tuple(edition for edition in later if edition is not None))

    def _base(self, source: SourceFile, key: str = "extends") -> Loaded:
        """The process that an overlay extends or a place adopts, which is neither itself."""
        name, node = source.node.value[key], source.node.fields[key]
        where = Where(source.label, node.line, node.column)
        try:
            path = self.path(name)
        except NotFound as error:
            guess = suggestion(name, error.params["known"])
            raise InvalidDefinition(problems=(Problem("ZX1201", where, {"kind": "process", **guess}),)) from None
        other = read_any(path, self.root, [], top="map")
        if other is not None and {"extends", ADOPTS} & set(other.node.fields):
            raise InvalidDefinition(problems=(Problem("ZX1276", where, {"name": name}),))
        return self._own(name, [])

    @staticmethod
    def read_alone(path: Path) -> Loaded:
        """Read a file that lies in no project, like `read`; its rules are looked for in ``rules/`` beside it.

        Args:
            path: the file of the process.

        Raises:
            InvalidDefinition: with every problem of shape in its files.
        """
        resolved = path.resolve()
        problems: list[Problem] = []
        source = read_any(resolved, resolved.parent, problems, top="map")
        folder = resolved.parent
        return _read(
            resolved.stem, ProcessPlace(resolved, folder / "rules", folder, folder, folder / "rules"), source, problems
        )

    @staticmethod
    def project_of(path: Path) -> Files | None:
        """Return the project that a file lies in, by a folder called ``processes`` or ``rules`` above it.

        Args:
            path: any path.

        Returns:
            The folders of the project; None where there is no such folder.
        """
        for parent in path.resolve().parents:
            if parent.name in ("processes", "rules"):
                return Files(parent.parent / "processes", parent.parent / "rules")
        return None

    def load(self, process: str) -> Loaded:
        """Read a process that can be run.

        Args:
            process: its id.

        Returns:
            The definition, with its later editions.

        Raises:
            NotFound: ZX4003, no such process.
            InvalidDefinition: with the problems of all its files at once.
        """
        return _runnable(self.read(process))


def load_file(path: Path) -> Loaded:
    """Load a process from its file, ready for the engine.

    Args:
        path: a process file in the ``processes/`` folder of a project, or one that stands alone; the rules of a project
            lie in ``rules/`` beside that folder.

    Returns:
        The definition with its sources and its later editions.

    Raises:
        NotFound: ZX1001, no such file; ZX4003, no process of the project.
        InvalidDefinition: with every problem of every file, names that lead nowhere included.
    """
    resolved = path.resolve()
    home = Files.project_of(resolved)
    if home is not None and resolved.is_relative_to(home.processes):
        return home.load(str(PurePosixPath(resolved.relative_to(home.processes).with_suffix(""))))
    return _runnable(Files.read_alone(resolved))


def _is_process(inner: Path) -> bool:
    if inner.name.endswith(SIGNATURES) or inner.name in NO_PROCESS:
        return False
    return not {SCENARIOS, EDITIONS, VOLUMES} & set(inner.parts[:-1])


def _runnable(loaded: Loaded) -> Loaded:
    """Return the definition; raises `InvalidDefinition` if any name in it is unknown."""
    problems = tuple(problem for edition in (loaded, *loaded.editions) for problem in references(edition))
    if problems:
        raise InvalidDefinition(problems=problems)
    return loaded


def _amends_another(source: SourceFile, process: str) -> Problem:
    """Return the problem of an edition in the folder of one process that amends another."""
    node = source.node.fields["amends"]
    where = Where(source.label, node.line, node.column)
    return Problem("ZX1272", where, {"amends": str(node.value), "process": process})


def _read(process: str, place: ProcessPlace, source: SourceFile | None, problems: list[Problem]) -> Loaded:
    folder, root = place.path.parent, place.root
    beside = read_beside(folder, root, problems)
    if source is not None:
        source = expanded(source, beside, problems)
        validate(source.node, source.label, Process, problems)
    law = read_optional(folder / LAW, root, Instrument, problems)
    register = read_optional(folder / REGISTER, root, Register, problems)
    contents = read_rules(place.rules, root, problems)
    if source is None or problems:
        raise InvalidDefinition(problems=in_order(problems))
    alone = all(other == place.path or not _is_process(Path(other.name)) for other in folder.glob("*.yaml"))
    mine = contents if alone else used_rules(source.node.value, contents)
    subcases = subcase_states(source.node.value, place.processes, root, problems)
    ruling = [node for _, node in mine.parameters.values()]
    conventions = used_conventions(source.node, source.label, ruling, place.shared_rules, problems)
    if problems:
        raise InvalidDefinition(problems=in_order(problems))
    bundle: dict[str, Any] = {
        "format": 1,
        "id": process,
        "process": with_states(plain(source.node.value), subcases),
        "start": next(iter(source.node.value["states"])),  # the one thing that order alone decides
        "law": plain(law.node.value) if law else None,
        "register": plain(register.node.value) if register else None,
        "decisions": [plain(node.value) for _, node in mine.decisions.values()],
        "parameters": {name: plain(node.value) for name, (_, node) in mine.parameters.items()},
    }
    if conventions.sources:
        bundle["conventions"] = conventions.entries
    ruled = [*mine.decisions.values(), *mine.parameters.values()]
    used = [source, law, register, beside.vocabulary, beside.labels, *{id(entry): entry for entry, _ in ruled}.values()]
    sources = {entry.label: entry.text for entry in used if entry is not None} | conventions.texts
    definition = resolve(bundle, sources)
    loaded = Loaded(definition, source, law, register, contents.decisions, contents.parameters, alone)
    return replace(loaded, subcases=subcases, vocabulary=beside.vocabulary, labels=beside.labels)
