"""Mutation testing of a process: the mutants its scenarios detect, and those that survive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from zhengxie_flow.bootstrap import CompiledFiles, ProjectDefinitions
from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.engine import CompiledProcess, compile_process
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import Scenario
from zhengxie_flow.reading.calendars import CalendarFiles
from zhengxie_flow.reading.definitions import Files, Loaded
from zhengxie_flow.reading.positions import follow, locate
from zhengxie_flow.reading.sources import read_stories
from zhengxie_flow.services.queries.scenarios import run
from zhengxie_flow.testing.mutant import Mutant, list_positions
from zhengxie_flow.testing.mutants import mutants

Fate = Literal["killed", "survived", "equivalent", "refused"]


@dataclass(frozen=True, slots=True)
class MutantOutcome:
    """The outcome of a mutant.

    ``killed`` by the scenario named; ``survived`` all; ``equivalent``: survived, as declared; ``refused``: the
    definition does not load, so it is no mutant.
    """

    mutant: Mutant
    fate: Fate
    file: str
    line: int
    by: str | None = None


class MutatedProcess:
    """A process with its scenarios, ready to be mutated.

    Args:
        files: The project.
        process: The id of the process.
    """

    def __init__(self, files: Files, process: str) -> None:
        self.id = process
        self.loaded: Loaded = files.load(process)
        self._definitions = ProjectDefinitions(CompiledFiles(files))
        entries = list(_scenarios(files, {process, *_parent_processes(files, process)}))
        self.scenarios: list[Scenario] = [scenario for scenario, _ in entries]
        self._words = {id(scenario): _words(written) for scenario, written in entries}
        self._snapshots = lru_cache(maxsize=None)(CalendarFiles(project=files.rules).snapshot)
        self._kills: dict[int, int] = {}

    def mutants(self, kinds: Iterable[str] = ()) -> list[Mutant]:
        """Return its mutants, of some kinds or all."""
        selected = frozenset(kinds)
        return [mutant for mutant in mutants(self.loaded.definition.bundle) if not selected or mutant.kind in selected]

    def failing(self) -> list[str]:
        """Return the scenarios that fail without any mutation and so detect no mutant."""
        compiled = compile_process(self.loaded.definition)
        return [scenario.scenario for scenario in self.scenarios if not self._passes(compiled, scenario)]

    def judge(self, mutant: Mutant, equivalents: Mapping[str, str] | None = None) -> MutantOutcome:
        """Run scenarios against a mutant until one fails, the likely ones first.

        Args:
            mutant: One of `mutants`.
            equivalents: Reasons by id of mutants declared equivalent.

        Returns:
            The outcome, with the place of the mutation in its file.
        """
        file, line = self.place(mutant)
        try:
            compiled = compile_process(resolve(mutant.apply(self.loaded.definition.bundle)))
        except (ValidationError, ZhengxieError):
            return MutantOutcome(mutant, "refused", file, line)
        for scenario in self._likely(mutant):
            if not self._passes(compiled, scenario):
                self._kills[id(scenario)] = self._kills.get(id(scenario), 0) + 1
                return MutantOutcome(mutant, "killed", file, line, scenario.scenario)
        return MutantOutcome(mutant, "equivalent" if mutant.id in (equivalents or {}) else "survived", file, line)

    @property
    def follows_another(self) -> bool:
        """True for an overlay: nearly all its rules stand in the file of the process it follows."""
        return self.loaded.definition.bundle.get("base") is not None

    def place(self, mutant: Mutant) -> tuple[str, int]:
        """Return the file and line of a mutation."""
        section, rest = mutant.path[0], list_positions(self.loaded.definition.bundle, mutant.path)[1:]
        if section == "process":
            source = self.loaded.process
            node = follow(source.node, rest).node
            return node.file or source.label, node.line
        ruled = self.loaded.decisions if section == "decisions" else self.loaded.parameters
        entry = ruled[str(mutant.path[1])]
        return entry[0].label, locate(entry[1], rest[1:])[0]

    def _likely(self, mutant: Mutant) -> Sequence[Scenario]:
        words = mutant.words

        def rank(scenario: Scenario) -> tuple[int, int]:
            return -len(words & self._words[id(scenario)]), -self._kills.get(id(scenario), 0)

        return sorted(self.scenarios, key=rank)

    def _passes(self, compiled: CompiledProcess, scenario: Scenario) -> bool:
        """Return whether a scenario passes; one that cannot be judged at all does not."""

        def process(name: str) -> tuple[CompiledProcess, Any]:
            resolved = compiled if name == self.id else self._definitions.by_id(name)
            return resolved, partial(self._snapshots, resolved.calendar)

        try:
            main, calendars = process(scenario.process)
            return run(main, scenario, calendars, process).passed
        except ZhengxieError:
            return False


def stale(equivalents: Iterable[str], judged: Iterable[MutantOutcome]) -> list[str]:
    """Return the declared equivalents that name no mutant, or one that a scenario detects after all."""
    equivalent = {outcome.mutant.id for outcome in judged if outcome.fate == "equivalent"}
    return sorted(set(equivalents) - equivalent)


def _parent_processes(files: Files, process: str) -> set[str]:
    """Return the processes with this one as a subcase, at any depth: their scenarios may detect its mutants too."""
    direct = {
        name: {kind.process for kind in files.read(name).definition.process.subcases.values()} for name in files.ids()
    }
    ancestors: set[str] = set()
    new = {process}
    while new:
        new = {name for name, subprocesses in direct.items() if subprocesses & new} - ancestors
        ancestors |= new
    return ancestors


def _scenarios(files: Files, processes: set[str]) -> Iterator[tuple[Scenario, Any]]:
    for path in files.scenarios():
        for entry in read_stories(path, files.root, []):
            if isinstance(entry.scenario, Scenario) and entry.scenario.process in processes:
                yield entry.scenario, entry.node.value


def _words(value: Any) -> frozenset[str]:
    """Return every id that a scenario mentions."""
    if isinstance(value, dict):
        return frozenset(value).union(*map(_words, value.values()))
    if isinstance(value, list):
        return frozenset().union(*map(_words, value))
    return frozenset({value}) if isinstance(value, str) else frozenset()


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Judged": "MutantOutcome", "Process": "MutatedProcess"})
