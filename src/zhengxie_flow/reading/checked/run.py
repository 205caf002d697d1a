"""Run of every check over the files of a project, and of files that no process reads, reporting all faults at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from zhengxie_flow.errors import InvalidDefinition, Problem
from zhengxie_flow.reading.checked.content import Content, program
from zhengxie_flow.reading.checked.records import (
    GROUPS,
    CheckInfo,
    FindingsRecord,
    Group,
    ProcessRecord,
    Record,
    Report,
    Story,
    StoryRecord,
    Subject,
)
from zhengxie_flow.reading.checked.store import FindingStore
from zhengxie_flow.reading.file_names import (
    EDITIONS,
    LABELS,
    LAW,
    REGISTER,
    SCENARIOS,
    SIGNATURES,
    VOCABULARY,
    VOLUMES,
    label_of,
)
from zhengxie_flow.reading.files import Files
from zhengxie_flow.reading.links import folders_leaving
from zhengxie_flow.reading.problem_order import by_place

if TYPE_CHECKING:
    from zhengxie_flow.reading.checked.units import Units

R = TypeVar("R", bound=Record)

CALENDARS = "calendars"
"""The folder under ``rules/`` that holds no decisions."""


def run(files: Files, paths: Sequence[Path] | None = None, *, keep: bool = False) -> tuple[Problem, ...]:
    """Check the files of a project, or some files and folders, of the project or elsewhere.

    A process is checked with its law, register, decisions and scenarios.  Faults that keep a process from being read
    are reported whatever was asked for.

    Args:
        files: the project.
        paths: the files and folders to report on; None: all of the project.
        keep: True to keep what is found in the project, and to take what was kept for the same content.

    Returns:
        The problems by file and place, without repetitions.

    Raises:
        NotFound: ZX1001, no file at a path.
    """
    if paths is None:
        return by_place(_check(files, None, keep=keep))
    problems: list[Problem] = []
    inside: set[Path] = set()
    for path in _yaml(paths):
        if _lies_in(path, files):
            inside.add(path.resolve())
        else:
            problems.extend(_elsewhere(path, files))
    if inside:
        problems.extend(_check(files, inside, keep=keep))
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
    from zhengxie_flow.reading.checked.loose import kind_of, loose
    from zhengxie_flow.reading.checked.units import alone_in

    home = files.project_of(path)
    if home is not None and _lies_in(path, home):
        return _check(home, {path.resolve()}, keep=False)
    kind = kind_of(path, path.parent)
    if kind == "process":
        try:
            return alone_in(path)
        except InvalidDefinition as error:
            return list(error.problems)
    if kind in ("scenario", "case"):
        return _Project(files, None, stories={path: path.parent}).check({path.resolve()})
    return loose(path, path.parent)


def _check(files: Files, selected: set[Path] | None, *, keep: bool) -> list[Problem]:
    content = Content.of(files) if keep else None
    kept = None if content is None else _Kept(content, FindingStore(files.root, program()))
    problems = _Project(files, kept).check(selected)
    if kept is not None:
        kept.store.save()
    return problems


@dataclass(slots=True)
class _Kept:
    """Kept findings, and the content by which they are looked up."""

    content: Content
    store: FindingStore


@dataclass
class _Project:
    """One run over a project; ``stories`` are files from elsewhere to be checked with it, with their folders."""

    files: Files
    kept: _Kept | None
    stories: dict[Path, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def units(self) -> Units:
        """Units that work out whatever is not kept."""
        from zhengxie_flow.reading.checked.units import Units

        return Units(self.files)

    @cached_property
    def checks(self) -> tuple[CheckInfo, ...]:
        """All checks in their order."""
        listed = None if self.kept is None else self.kept.store.checks()
        if listed is None:
            from zhengxie_flow.reading.checked.units import check_infos

            listed = check_infos()
            if self.kept is not None:
                self.kept.store.keep_checks(listed)
        return listed

    @cached_property
    def volumes(self) -> frozenset[Path]:
        """The files of the volumes in reach of any process, without links."""
        return frozenset(path.resolve() for process in self.ids for path in self.files.volume_files(process))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of all processes."""
        return tuple(self.files.ids())

    def check(self, selected: set[Path] | None) -> list[Problem]:
        """The faults in the selected files (None: in all)."""
        if selected is None:
            for top in (self.files.processes, self.files.rules):
                self.problems.extend(folders_leaving(top, self.files.root))
        scenarios = self._scenarios(selected)
        folders: dict[str, list[str]] = defaultdict(list)
        for process in self.ids:
            folders[str(PurePosixPath(process).parent)].append(process)
        concerned = {
            folder: self._read(processes)
            for folder, processes in folders.items()
            if selected is None or self._concerned(folder, processes, scenarios, selected)
        }
        every = {process: record for readable in concerned.values() for process, record in readable.items()}
        for folder, readable in concerned.items():
            subjects = _subjects(readable, every, scenarios)
            problems = self._folder(subjects, readable, complete=len(readable) == len(folders[folder]))
            labels = self._labels(selected, folder, folders[folder])
            self.problems.extend(problem for problem in problems if labels is None or problem.where.file in labels)
        if selected is None:
            selected = {path.resolve() for path in (*self._all(self.files.processes), *self._all(self.files.rules))}
        for path in sorted(selected):
            if self._nobodys(path, folders):
                self.problems.extend(self._loose(path).problems)
        return self.problems

    def _loose(self, path: Path) -> StoryRecord:
        """The faults of a file that no process reads."""
        key = None if self.kept is None else self.kept.content.key_of_file("loose", path)
        return self._remembered(StoryRecord, key, lambda: self.units.loose(path, self.files.root.resolve()))

    def _all(self, folder: Path) -> Iterable[Path]:
        return folder.rglob("*.yaml")

    def _scenarios(self, selected: set[Path] | None) -> dict[str, list[Story]]:
        """The selected scenarios by process; one whose process does not exist is reported at once."""
        root = self.files.root
        paths = dict.fromkeys(self.files.scenarios(), root)
        scenarios: dict[str, list[Story]] = defaultdict(list)
        former: dict[str, str] | None = None
        for path, home in {**paths, **self.stories}.items():
            if selected is not None and path.resolve() not in selected:
                continue
            record = self._stories_of(path, home)
            self.problems.extend(record.problems)
            for index, process in enumerate(record.processes):
                story, named = Story(path, home, index), process
                if named not in self.ids:
                    former = self.files.former_ids() if former is None else former
                    named = former.get(named, named)
                if named in self.ids:
                    scenarios[named].append(story)
                else:
                    self.problems.append(self.units.nobodys(story, self.ids))
        return scenarios

    def _stories_of(self, path: Path, home: Path) -> StoryRecord:
        key = None if self.kept is None else self.kept.content.key_of_file("stories", path)
        return self._remembered(StoryRecord, key, lambda: self.units.stories(path, home))

    def _remembered(self, kind: type[R], key: str | None, work_out: Callable[[], R]) -> R:
        """The record under a key, else one that is worked out now."""
        record = self._recalled(kind, key)
        if record is None:
            record = work_out()
            self._keep(key, record)
        return record

    def _recalled(self, kind: type[R], key: str | None) -> R | None:
        """The record that is kept under a key; None where none of that kind is."""
        record = None if self.kept is None or key is None else self.kept.store.get(key)
        return record if isinstance(record, kind) else None

    def _keep(self, key: str | None, record: Record) -> None:
        if self.kept is not None and key is not None:
            self.kept.store.put(key, record)

    def _concerned(
        self, folder: str, processes: list[str], scenarios: dict[str, list[Story]], selected: set[Path]
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

    def _read(self, processes: list[str]) -> dict[str, ProcessRecord]:
        """The processes of a folder that can be read; the faults of the others are reported at once."""
        readable: dict[str, ProcessRecord] = {}
        for process in processes:
            record = self._process(process)
            if record.readable:
                readable[process] = record
            self.problems.extend(record.problems)
        return readable

    def _process(self, process: str) -> ProcessRecord:
        key = None if self.kept is None else self.kept.content.key_of(process)
        return self._remembered(ProcessRecord, key, lambda: self.units.process(process))

    def _folder(
        self, subjects: Sequence[Subject], records: dict[str, ProcessRecord], *, complete: bool
    ) -> list[Problem]:
        """The faults of all processes of a folder: of what they share, those that all of them have."""
        checked = {subject.process: self._findings(subject) for subject in subjects}
        problems: list[Problem] = []
        for check in self.checks:
            reports = {
                process: record.findings.get(check.name) or [Report([]) for _ in records[process].standalone]
                for process, record in checked.items()
            }
            if not check.shared:
                for report in (report for editions in reports.values() for report in editions):
                    problems += report.problems
                continue
            # An overlay is left out: it rests on files that processes of another folder share.
            standing = [
                report
                for process, editions in reports.items()
                for report, standalone in zip(editions, records[process].standalone, strict=True)
                if standalone
            ]
            everywhere = set.intersection(*(set(report.places) for report in standing)) if standing else set()
            if complete and everywhere:
                problems += [problem for problem in standing[0].problems if problem.where in everywhere]
        return problems + [problem for record in checked.values() for problem in record.parts]

    def _findings(self, subject: Subject) -> FindingsRecord:
        """Findings of all checks in a process."""
        keys = dict.fromkeys(GROUPS) if self.kept is None else _keys(self.kept.content, subject)
        recalled = {group: self._recalled(FindingsRecord, key) for group, key in keys.items()}
        records = {group: record for group, record in recalled.items() if record is not None}
        missing = [group for group in GROUPS if group not in records]
        for group, record in (self.units.findings(subject, missing) if missing else {}).items():
            records[group] = record
            self._keep(keys[group], record)
        findings = {name: editions for record in records.values() for name, editions in record.findings.items()}
        return FindingsRecord(findings, [problem for record in records.values() for problem in record.parts])

    def _nobodys(self, path: Path, folders: Iterable[str]) -> bool:
        """True if no process reads a file: a law or rules without a process beside them."""
        for top in (self.files.processes.resolve(), self.files.rules.resolve()):
            if path.is_relative_to(top):
                inner = path.relative_to(top)
                if top.name == "rules":
                    return CALENDARS not in inner.parts[:1] and str(PurePosixPath(inner.parent)) not in folders
                if EDITIONS in inner.parts[:-1]:
                    return str(PurePosixPath(*(step for step in inner.parts[:-1] if step != EDITIONS))) not in self.ids
                if path.name.endswith(SIGNATURES):
                    return str(inner).removesuffix(SIGNATURES) not in self.ids
                if VOLUMES in inner.parts[:-1]:
                    return path not in self.volumes
                shared = path.name in (LAW, REGISTER, VOCABULARY, LABELS)
                alone = shared and str(PurePosixPath(inner.parent)) not in folders
                return alone and SCENARIOS not in inner.parts[:-1]
        return False


def _keys(content: Content, subject: Subject) -> dict[Group, str | None]:
    """The key of each group of checks on a process: the files of it, and of what the group looks at beside it."""
    base = content.key_of(subject.process)
    named = [(label_of(story.path, story.root), story.index) for story in subject.stories]
    paths = [story.path for story in subject.stories]
    peers = [content.key_of(peer) for peer in subject.peers]
    return {
        "alone": content.key("alone", base, (), subject.unasked),
        "stories": content.key("with stories", base, paths, subject.unasked, named),
        "peers": content.key("with peers", base, (), subject.unasked, peers),
    }


def _subjects(
    readable: dict[str, ProcessRecord], every: dict[str, ProcessRecord], scenarios: dict[str, list[Story]]
) -> list[Subject]:
    """The processes of a folder as they are checked."""
    first = next(iter(readable), None)
    asked = {name for record in readable.values() for name in record.asked}
    subjects = []
    for process, record in readable.items():
        # Decisions that no process of a folder asks for are checked with its first process.
        nobody_asks = process == first and len(readable) > 1
        unasked = tuple(name for name in record.rules if name not in asked) if nobody_asks else ()
        matters = set(record.matters)
        peers = tuple(
            other for other, peer in every.items() if other != process and not matters.isdisjoint(peer.matters)
        )
        subjects.append(Subject(process, unasked, tuple(scenarios.get(process, ())), peers))
    return subjects
