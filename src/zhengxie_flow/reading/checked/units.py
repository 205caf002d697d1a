"""The units of a run of checks: a file of scenarios, a process as read, and what checks find in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from zhengxie_flow.errors import InvalidDefinition, Problem
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.reading.checked.loose import loose
from zhengxie_flow.reading.checked.records import (
    CheckInfo,
    Findings,
    FindingsRecord,
    Group,
    ProcessRecord,
    Report,
    Story,
    StoryRecord,
    Subject,
)
from zhengxie_flow.reading.checks.catalogue import Check, all_checks
from zhengxie_flow.reading.checks.conflicts import matters
from zhengxie_flow.reading.checks.locations import Place, fault
from zhengxie_flow.reading.checks.name_resolution import suggestion
from zhengxie_flow.reading.checks.preconditions import references
from zhengxie_flow.reading.checks.unknown_names import UNKNOWN_NAME
from zhengxie_flow.reading.definitions import read_alone
from zhengxie_flow.reading.files import Files
from zhengxie_flow.reading.sources import Loaded, ScenarioSource, read_stories
from zhengxie_flow.reading.volume_files import parts_of


def check_infos() -> tuple[CheckInfo, ...]:
    """Every check, in the order in which they run."""
    return tuple(map(CheckInfo.of, all_checks()))


@dataclass(slots=True)
class Units:
    """The units of a project, each worked out when it is asked for; a process and a file of scenarios are read once."""

    files: Files
    _processes: dict[str, Loaded | InvalidDefinition] = field(default_factory=dict)
    _stories: dict[Path, tuple[tuple[ScenarioSource, ...], list[Problem]]] = field(default_factory=dict)

    def stories(self, path: Path, root: Path) -> StoryRecord:
        """Read a file of scenarios.

        Args:
            path: the file.
            root: the folder that it is named from.
        """
        stories, problems = self._read_stories(path, root)
        return StoryRecord(list(problems), [story.scenario.process for story in stories])

    @staticmethod
    def loose(path: Path, root: Path) -> StoryRecord:
        """Read a file that no process reads.

        Args:
            path: the file.
            root: the folder that it is named from.
        """
        return StoryRecord(loose(path, root), [])

    def nobodys(self, story: Story, processes: Sequence[str]) -> Problem:
        """Return the problem of an entry that is about no process."""
        source = self._source(story)
        params = suggestion(source.scenario.process, processes)
        return fault(UNKNOWN_NAME, Place(source.source, source.node, ("process",)), kind="process", **params)

    def process(self, ident: str) -> ProcessRecord:
        """Read a process.

        Args:
            ident: its id.
        """
        loaded = self._loaded(ident)
        if isinstance(loaded, InvalidDefinition):
            return ProcessRecord(list(loaded.problems))
        every = (loaded, *loaded.editions)
        return ProcessRecord(
            [],
            [edition.definition.bundle.get("base") is None for edition in every],
            list(loaded.definition.decisions),
            list(loaded.decisions),
            sorted({matter for edition in every for matter in matters(edition)}),
        )

    def findings(self, subject: Subject, groups: Iterable[Group]) -> dict[Group, FindingsRecord]:
        """Run the checks of some groups on a process.

        Args:
            subject: the process; it can be read.
            groups: the groups.
        """
        groups = tuple(groups)
        stories, peers = (subject.stories if "stories" in groups else ()), (subject.peers if "peers" in groups else ())
        loaded = self._as_checked(replace(subject, stories=stories, peers=peers))
        records = {}
        for group in groups:
            checks = [entry for entry in all_checks() if CheckInfo.of(entry).group == group]
            parts = list(self._of_parts(loaded)) if group == "alone" else []
            records[group] = FindingsRecord(self._findings(loaded, checks), parts)
        return records

    @staticmethod
    def _of_parts(loaded: Loaded) -> Iterator[Problem]:
        """Names in a process that only a volume defines, or in a volume that only another does."""
        for edition in (loaded, *loaded.editions):
            for part in parts_of(edition):
                yield from references(part)

    @staticmethod
    def _findings(loaded: Loaded, checks: Iterable[Check]) -> Findings:
        every = (loaded, *loaded.editions)
        findings = {check.name: [list(check.problems(edition)) for edition in every] for check in checks}
        return {name: list(map(Report, editions)) for name, editions in findings.items() if any(editions)}

    def _loaded(self, ident: str) -> Loaded | InvalidDefinition:
        if ident not in self._processes:
            try:
                self._processes[ident] = self.files.read(ident, checked=True)
            except InvalidDefinition as error:
                self._processes[ident] = error
        return self._processes[ident]

    def _as_checked(self, subject: Subject) -> Loaded:
        """A process with its scenarios, its peers, and the decisions of its folder that no process asks."""
        loaded = self._loaded(subject.process)
        if isinstance(loaded, InvalidDefinition):
            raise loaded
        peers = tuple(peer for peer in map(self._loaded, subject.peers) if isinstance(peer, Loaded))
        loaded = replace(loaded, scenarios=tuple(map(self._source, subject.stories)), peers=peers)
        if not subject.unasked:
            return loaded
        decisions = {name: Decision.model_validate(loaded.decisions[name][1].value) for name in subject.unasked}
        definition = replace(loaded.definition, decisions={**loaded.definition.decisions, **decisions})
        return replace(loaded, definition=definition)

    def _read_stories(self, path: Path, root: Path) -> tuple[tuple[ScenarioSource, ...], list[Problem]]:
        if path not in self._stories:
            problems: list[Problem] = []
            self._stories[path] = read_stories(path, root, problems), problems
        return self._stories[path]

    def _source(self, story: Story) -> ScenarioSource:
        return self._read_stories(story.path, story.root)[0][story.index]


def alone_in(path: Path) -> list[Problem]:
    """The faults of a process file that lies in no project."""
    loaded = read_alone(path)  # it has no editions, and rests on no other process
    return [problem for check in all_checks() for problem in check.problems(loaded)]
