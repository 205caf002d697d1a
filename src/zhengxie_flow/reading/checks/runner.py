"""Run of every check over the files of a project, and of files that no process reads, reporting all faults at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from zhengxie_flow.errors import InvalidDefinition, Problem
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.citation import Instrument, Register
from zhengxie_flow.model.convention import Convention
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.edition import Adoption, Edition, Overlay
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.scenario import CaseFile, Scenario
from zhengxie_flow.model.signature import Signatures
from zhengxie_flow.model.volume import Volume
from zhengxie_flow.reading.checks.catalogue import all_checks, by_place
from zhengxie_flow.reading.checks.locations import Place, fault
from zhengxie_flow.reading.checks.name_resolution import suggestion
from zhengxie_flow.reading.checks.preconditions import references
from zhengxie_flow.reading.checks.unknown_names import UNKNOWN_NAME
from zhengxie_flow.reading.compiling import compile_all
from zhengxie_flow.reading.expansion import LABELS, VOCABULARY
from zhengxie_flow.reading.expansion.forms import SharedVocabulary, Translations
from zhengxie_flow.reading.links import folders_leaving
from zhengxie_flow.reading.sources import (
    EDITIONS,
    LAW,
    REGISTER,
    SCENARIOS,
    SIGNATURES,
    VOLUMES,
    Loaded,
    ScenarioSource,
    entries,
    label_of,
    read_any,
    read_stories,
    validate,
)
from zhengxie_flow.reading.volume_files import parts_of

if TYPE_CHECKING:
    from zhengxie_flow.reading.definitions import Files

CALENDARS = "calendars"
"""The folder under ``rules/`` that holds no decisions."""


def run(files: Files, paths: Sequence[Path] | None = None) -> tuple[Problem, ...]:
    """Check the files of a project, or some files and folders, of the project or elsewhere.

    A process is checked with its law, register, decisions and scenarios.  Faults that keep a process from being read
    are reported whatever was asked for.

    Args:
        files: the project.
        paths: the files and folders to report on; None: all of the project.

    Returns:
        The problems by file and place, without repetitions.

    Raises:
        NotFound: ZX1001, no file at a path.
    """
    if paths is None:
        return by_place(_Project(files).check(None))
    problems: list[Problem] = []
    inside: set[Path] = set()
    for path in _yaml(paths):
        if _lies_in(path, files):
            inside.add(path.resolve())
        else:
            problems.extend(_elsewhere(path, files))
    if inside:
        problems.extend(_Project(files).check(inside))
    return by_place(problems)


def _yaml(paths: Iterable[Path]) -> list[Path]:
    """Return the files asked for: a folder stands for all YAML in it."""
    groups = [sorted(path.rglob("*.yaml")) if path.is_dir() else [path] for path in paths]
    return [path for group in groups for path in group]


def _lies_in(path: Path, files: Files) -> bool:
    real = path.resolve()
    folders = (files.processes.resolve(), files.rules.resolve())
    return real.is_file() and any(real.is_relative_to(folder) for folder in folders)


def _elsewhere(path: Path, files: Files) -> list[Problem]:
    """A file outside the project: with the project it lies in, else alone or as a story of a process of this one."""
    home = files.project_of(path)
    if home is not None and _lies_in(path, home):
        return _Project(home).check({path.resolve()})
    kind = kind_of(path, path.parent)
    if kind == "process":
        try:
            return _checked(files.read_alone(path))
        except InvalidDefinition as error:
            return list(error.problems)
    if kind in ("scenario", "case"):
        return _Project(files, {path: path.parent}).check({path.resolve()})
    return loose(path, path.parent)


@dataclass(slots=True)
class _Project:
    """One run over a project; ``stories`` are files from elsewhere to be checked with it, with their folders."""

    files: Files
    stories: dict[Path, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def check(self, selected: set[Path] | None) -> list[Problem]:
        """The faults in the selected files (None: in all)."""
        if selected is None:
            for top in (self.files.processes, self.files.rules):
                self.problems.extend(folders_leaving(top, self.files.root))
        scenarios = self._scenarios(selected)
        folders: dict[str, list[str]] = defaultdict(list)
        for process in self.files.ids():
            folders[str(PurePosixPath(process).parent)].append(process)
        concerned = {
            folder: self._read(processes, scenarios)
            for folder, processes in folders.items()
            if selected is None or self._concerned(folder, processes, scenarios, selected)
        }
        every = tuple(loaded for definitions in concerned.values() for loaded in definitions)
        for folder, definitions in concerned.items():
            self._folder(definitions, every, folders[folder], self._labels(selected, folder, folders[folder]))
        if selected is None:
            selected = {path.resolve() for path in (*self._all(self.files.processes), *self._all(self.files.rules))}
        for path in sorted(selected):
            if self._nobodys(path, folders):
                self.problems.extend(loose(path, self.files.root.resolve()))
        return self.problems

    def _all(self, folder: Path) -> Iterable[Path]:
        return folder.rglob("*.yaml")

    def _scenarios(self, selected: set[Path] | None) -> dict[str, list[ScenarioSource]]:
        """The selected scenarios by process; one whose process does not exist is reported at once."""
        root = self.files.root
        paths = dict.fromkeys(self.files.scenarios(), root)
        scenarios: dict[str, list[ScenarioSource]] = defaultdict(list)
        processes = list(self.files.ids())
        former: dict[str, str] | None = None
        for path, home in {**paths, **self.stories}.items():
            if selected is not None and path.resolve() not in selected:
                continue
            for story in read_stories(path, home, self.problems):
                named = story.scenario.process
                if named not in processes:
                    former = self.files.former_ids() if former is None else former
                    named = former.get(named, named)
                if named in processes:
                    scenarios[named].append(story)
                else:
                    place = Place(story.source, story.node, ("process",))
                    params = suggestion(story.scenario.process, processes)
                    self.problems.append(fault(UNKNOWN_NAME, place, kind="process", **params))
        return scenarios

    def _concerned(
        self, folder: str, processes: list[str], scenarios: dict[str, list[ScenarioSource]], selected: set[Path]
    ) -> bool:
        folders = (self.files.processes.resolve() / folder, self.files.rules.resolve() / folder)
        amended = {path.resolve() for process in processes for path in self._amendments(process)}
        return (
            bool(amended & selected)
            or any(path.parent in folders for path in selected)
            or any(process in scenarios for process in processes)
        )

    def _amendments(self, process: str) -> list[Path]:
        """The files of the later editions and of the volumes of a process."""
        return [*self.files.edition_files(process), *self.files.volume_files(process)]

    def _labels(self, selected: set[Path] | None, folder: str, processes: list[str]) -> frozenset[str] | None:
        """Labels of the files whose faults are reported; None: all files."""
        if selected is None:
            return None
        labels = {label_of(path, self.files.root.resolve()) for path in selected}
        labels |= {label_of(path, home) for path, home in self.stories.items()}
        if any(self.files.path(process).resolve() in selected for process in processes):
            beside = (self.files.path(processes[0]).parent, self.files.rules / folder)
            labels |= {label_of(path, self.files.root) for place in beside for path in place.glob("*.yaml")}
            labels |= {label_of(path, self.files.root) for process in processes for path in self._amendments(process)}
        return frozenset(labels)

    def _read(self, processes: list[str], scenarios: dict[str, list[ScenarioSource]]) -> list[Loaded]:
        """The processes of a folder that can be read; the faults of the others are reported at once."""
        definitions: list[Loaded] = []
        for process in processes:
            try:
                definitions.append(
                    replace(self.files.read(process, checked=True), scenarios=tuple(scenarios.get(process, ())))
                )
            except InvalidDefinition as error:
                self.problems.extend(error.problems)
        return definitions

    def _folder(
        self, definitions: list[Loaded], every: tuple[Loaded, ...], processes: list[str], labels: frozenset[str] | None
    ) -> None:
        """All processes of a folder: they share its law, its register and its decisions."""
        complete = len(definitions) == len(processes)
        definitions = [
            replace(loaded, peers=tuple(peer for peer in every if peer.definition.id != loaded.definition.id))
            for loaded in _with_unasked(definitions)
        ]
        problems = _checked(*definitions, shared=complete)
        problems += [problem for loaded in definitions for problem in _of_parts(loaded)]
        self.problems.extend(problem for problem in problems if labels is None or problem.where.file in labels)

    def _volume_files(self, process: str) -> set[Path]:
        return {path.resolve() for path in self.files.volume_files(process)}

    def _nobodys(self, path: Path, folders: Iterable[str]) -> bool:
        """True if no process reads a file: a law or rules without a process beside them."""
        for top in (self.files.processes.resolve(), self.files.rules.resolve()):
            if path.is_relative_to(top):
                inner = path.relative_to(top)
                if top.name == "rules":
                    return CALENDARS not in inner.parts[:1] and str(PurePosixPath(inner.parent)) not in folders
                if EDITIONS in inner.parts[:-1]:
                    return str(PurePosixPath(*(step for step in inner.parts[:-1] if step != EDITIONS))) not in set(
                        self.files.ids()
                    )
                if path.name.endswith(SIGNATURES):
                    return str(inner).removesuffix(SIGNATURES) not in set(self.files.ids())
                if VOLUMES in inner.parts[:-1]:
                    return not any(path.resolve() in self._volume_files(process) for process in self.files.ids())
                shared = path.name in (LAW, REGISTER, VOCABULARY, LABELS)
                alone = shared and str(PurePosixPath(inner.parent)) not in folders
                return alone and SCENARIOS not in inner.parts[:-1]
        return False


def _with_unasked(definitions: list[Loaded]) -> list[Loaded]:
    """Decisions that no process of a folder asks for are checked with its first process."""
    if len(definitions) < 2:
        return definitions
    first = definitions[0]
    asked = {name for entry in definitions for name in entry.definition.decisions}
    unasked = {name: node for name, (_, node) in first.decisions.items() if name not in asked}
    decisions = first.definition.decisions | {
        name: Decision.model_validate(node.value) for name, node in unasked.items()
    }
    return [replace(first, definition=replace(first.definition, decisions=decisions)), *definitions[1:]]


def _of_parts(loaded: Loaded) -> Iterable[Problem]:
    """Names in a process that only a volume defines, or in a volume that only another does."""
    for edition in (loaded, *loaded.editions):
        for part in parts_of(edition):
            yield from references(part)


def _is_overlay(loaded: Loaded) -> bool:
    """True for a process of another folder that a place follows or adopts, and for its later editions."""
    return loaded.definition.bundle.get("base") is not None


def _checked(*loaded: Loaded, shared: bool = True) -> list[Problem]:
    """The faults of processes that rest on the same files; of what they share, those that all of them have."""
    problems: list[Problem] = []
    every = [edition for process in loaded for edition in (process, *process.editions)]
    standalone = [edition for edition in every if not _is_overlay(edition)]
    for check in all_checks():
        if not check.shared:
            problems.extend(problem for edition in every for problem in check.problems(edition))
            continue
        # An overlay is left out: it rests on files that processes of another folder share.
        reports = [list(check.problems(edition)) for edition in standalone]
        if shared and reports:
            everywhere = set.intersection(*({problem.where for problem in report} for report in reports))
            problems.extend(problem for problem in reports[0] if problem.where in everywhere)
    return problems


UNKNOWN_KIND = "ZX1217"
_KINDS: dict[str, type[Model]] = {
    "signatures": Signatures,
    "process": Process,
    "extends": Overlay,
    "adopts": Adoption,
    "amends": Edition,
    "volume": Volume,
    "law": Instrument,
    "register": Register,
    "convention": Convention,
    "vocabulary": SharedVocabulary,
    "labels": Translations,
    "decision": Decision,
    "scenario": Scenario,
    "case": CaseFile,
}
_FIRST = (
    "scenario",
    "case",
    "extends",
    "adopts",
    "amends",
    "volume",
    "signatures",
    "process",
    "convention",
    "decision",
    "vocabulary",
    "labels",
    "register",
    "law",
)
"""In this order: a scenario names its process, an overlay and an edition theirs, a process its law."""


def kind_of(path: Path, root: Path) -> str | None:
    """Kind of a file, by its keys; None where no key decides it or the file cannot be read."""
    source = read_any(path, root, [])
    if source is None or not entries(source):
        return None
    keys = entries(source)[0].fields
    return next((kind for kind in _FIRST if kind in keys), None)


def loose(path: Path, root: Path) -> list[Problem]:
    """The faults of shape in a file; decisions are compiled as well."""
    problems: list[Problem] = []
    source = read_any(path, root, problems)
    if source is None:
        return problems
    kind = kind_of(path, root)
    if kind is None:
        return [fault(UNKNOWN_KIND, Place(source, source.node), known=", ".join(_KINDS))]
    for node in entries(source):
        validate(node, source.label, _KINDS[kind], problems)
    if kind == "decision" and not problems:
        nodes = {str(node.value["decision"]): (source, node) for node in entries(source)}
        decisions = {name: Decision.model_validate(node.value) for name, (_, node) in nodes.items()}
        compile_all(decisions, nodes, {}, problems)
    return problems
