"""Definitions from files: a process with its law, register and decisions, resolved into one bundle.

A process id is its path under ``processes/`` without ``.yaml``.  Its law (``law.yaml``) and register
(``interpretations.yaml``) lie beside it, its decisions in the folder of the same name under ``rules/``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from zhengxie_flow.errors import InvalidDefinition, NotFound, Problem, Where
from zhengxie_flow.model.citation import Instrument, Register
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.edition import Edition, Overlay
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.validated import ValidatedParts
from zhengxie_flow.reading.adoption import ADOPTS, adopted_process, check_controls
from zhengxie_flow.reading.attached_files import attached_paths, read_volumes
from zhengxie_flow.reading.attachment_targets import AttachmentTargets
from zhengxie_flow.reading.checks.name_resolution import suggestion
from zhengxie_flow.reading.checks.preconditions import references
from zhengxie_flow.reading.conventions import used_conventions
from zhengxie_flow.reading.edition_files import DefinitionReading, amended_edition, overlaid_process
from zhengxie_flow.reading.expansion import expanded, read_beside
from zhengxie_flow.reading.file_names import is_process
from zhengxie_flow.reading.files import Files, volume_paths
from zhengxie_flow.reading.positions import in_order
from zhengxie_flow.reading.signatures import read_signatures
from zhengxie_flow.reading.sources import (
    EDITIONS,
    LAW,
    REGISTER,
    SCENARIOS,
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
from zhengxie_flow.reading.volume_files import periods_attached, with_volumes

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
class DefinitionFiles:
    """The definitions that the files of a project hold."""

    files: Files

    @property
    def root(self) -> Path:
        """The folder that messages name files from."""
        return self.files.root

    @property
    def processes(self) -> Path:
        """The folder of processes."""
        return self.files.processes

    def read(self, process: str, *, checked: bool = False) -> Loaded:
        """Read a process without checking its references (see `Files.read`)."""
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
        path = self.files.path(process)
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
            base = loaded.definition.bundle["base"]
            if base["controls"]:
                check_controls(source, read_volumes(attached_paths(self.processes, [base["id"]]), self.root, []))
            return replace(loaded, editions=self._editions(loaded), signatures=signatures)
        place = ProcessPlace(path, self.files.rules / Path(process).parent, self.processes, self.root, self.files.rules)
        loaded = _read(process, place, source, problems)
        loaded = replace(loaded, rules=self.files.rules, processes=tuple(self.files.ids()))
        return replace(loaded, editions=self._editions(loaded), signatures=signatures)

    def periods_attached(self, targets: AttachmentTargets) -> dict[str, list[dict[str, Any]]]:
        """The periods in which volumes count for a process, by their names (see `Files.periods_attached`)."""
        problems: list[Problem] = []
        volumes = read_volumes(attached_paths(self.processes, targets.ids), self.root, problems)
        return {} if problems else periods_attached(volumes, targets)

    def _editions(self, first: Loaded) -> tuple[Loaded, ...]:
        """The later editions of a process, by the day they begin, each made from the one before."""
        process = first.definition.id
        paths = self.files.edition_files(process)
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
            path = self.files.path(name)
        except NotFound as error:
            guess = suggestion(name, error.params["known"])
            raise InvalidDefinition(problems=(Problem("ZX1201", where, {"kind": "process", **guess}),)) from None
        other = read_any(path, self.root, [], top="map")
        if other is not None and {"extends", ADOPTS} & set(other.node.fields):
            raise InvalidDefinition(problems=(Problem("ZX1276", where, {"name": name}),))
        return self._own(name, [])


def read_alone(path: Path) -> Loaded:
    """Read a file that lies in no project, like `Files.read`; its rules are looked for in ``rules/`` beside it.

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
    return runnable(read_alone(resolved))


def runnable(loaded: Loaded) -> Loaded:
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
    alone = all(other == place.path or not is_process(Path(other.name)) for other in folder.glob("*.yaml"))
    validator = ValidatedParts()
    mine = contents if alone else used_rules(source.node.value, contents, validator)
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
    definition = resolve(bundle, sources, validator=validator)
    loaded = Loaded(definition, source, law, register, contents.decisions, contents.parameters, alone)
    return replace(loaded, subcases=subcases, vocabulary=beside.vocabulary, labels=beside.labels)
