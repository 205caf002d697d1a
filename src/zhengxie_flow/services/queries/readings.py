"""Cases judged again under each alternative reading of the register, one at a time; combinations only within bounds.

A line depends on a reading where it comes out otherwise under it: see `decides`.  The whole case is judged
again, and not the lines alone that name the entry: a reading acts through facts, decisions, parameters and the days of
other lines as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations, islice, product
from math import prod

from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.editions.interpretations import reread, touches
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.citation import Interpretation
from zhengxie_flow.model.difference import compared, differences
from zhengxie_flow.model.reading_trials import (
    Combinations,
    ReadingTrial,
    ReadingTrials,
    Untriable,
    UntriedEntry,
    decides,
)
from zhengxie_flow.model.verdict import Audit, CaseAudit, Judgement, VerdictChange
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.audit import Auditor, Chosen, chosen_cases, registers_of
from zhengxie_flow.services.queries.question import ReadingsQuestion

Step = Callable[[], None]
Reading = tuple[tuple[str, str], ...]
"""Alternatives by entry, in the order of the register; one of them, or several together."""
LineKey = tuple[str, str, str | None, bool, int]


def try_readings(context: Context, question: ReadingsQuestion, step: Step = lambda: None) -> ReadingTrials:
    """Judge cases under each other reading that the register knows.

    Args:
        context: The ports.
        question: What is asked.
        step: Called after each case.

    Returns:
        The audit with its lines marked, and what each reading changes.

    Raises:
        NotFound: A case that was named does not exist.
    """
    trials = _Trials(context, question)
    judged: list[tuple[date, CaseAudit]] = []
    for day, compiled, case in _asked(context, question):
        judged.append((day, trials.judge(day, compiled, case)))
        step()
    instant = question.known_at or context.now()
    last = question.as_of or max((day for day, _ in judged), default=instant.date())
    return trials.result(Audit(last, instant, tuple(audited for _, audited in judged)))


def _asked(context: Context, question: ReadingsQuestion) -> Iterator[Chosen]:
    for day, compiled, case in chosen_cases(
        context, question.cases, as_of=question.as_of, known_at=question.known_at
    ):  # fmt: skip
        of_process = question.process is None or case.process == question.process
        if of_process and not (question.open_only and case.state in compiled.final):
            yield day, compiled, case


@dataclass(slots=True)
class _Trials:
    """The trials of one question: the definitions under each reading, and what came of each case."""

    context: Context
    question: ReadingsQuestion
    registers: dict[str, list[Mapping[str, Interpretation]]] = field(default_factory=dict)
    other: dict[tuple[str, Reading], CompiledProcess | None] = field(default_factory=dict)
    auditors: dict[Reading, Auditor] = field(default_factory=dict)
    definitions: dict[str, dict[str, CompiledProcess]] = field(default_factory=dict)  # definitions by process and hash
    base: Auditor = field(init=False)
    changes: dict[Reading, dict[LineKey, VerdictChange]] = field(default_factory=dict)
    resting: dict[str, set[LineKey]] = field(default_factory=dict)  # the lines that name each entry
    unfit: set[tuple[str, str]] = field(default_factory=set)
    tried: int = 0
    possible: int = 0

    def __post_init__(self) -> None:
        self.base = Auditor(self.context, self.question.known_at, self._noted)

    def judge(self, day: date, compiled: CompiledProcess, case: Case) -> CaseAudit:
        """Judge one case as it is and under each reading, and return it with its lines marked."""
        before = self.base.judge(compiled, case, day)
        for key, line in _lines(before):
            for entry in line.interpretations:
                self.resting.setdefault(entry, set()).add(key)
        involved = [
            definition
            for process in dict.fromkeys(_processes(before))
            for definition in self.definitions[process].values()
        ]
        readings = [reading for reading in self._single(involved) if self._touches(reading, involved)]
        by_reading: dict[Reading, dict[LineKey, VerdictChange]] = {}
        for reading in readings:
            by_reading[reading] = self._tried(reading, (day, compiled, case), before)
        for reading, changed in by_reading.items():
            self.changes.setdefault(reading, {}).update(changed)
        if self.question.combinations:
            self._combined((day, compiled, case), before, by_reading)
        return _marked(before, by_reading)

    def _noted(self, compiled: CompiledProcess) -> CompiledProcess:
        """The definition itself, which is kept in mind."""
        self.definitions.setdefault(compiled.id, {})[compiled.hash] = compiled
        return compiled

    def _registers(self, compiled: CompiledProcess) -> list[Mapping[str, Interpretation]]:
        if compiled.hash not in self.registers:
            self.registers[compiled.hash] = registers_of(self.context, compiled)
        return self.registers[compiled.hash]

    def _single(self, involved: Sequence[CompiledProcess]) -> list[Reading]:
        """Every alternative that sets anything, of the process and of those of its subcases."""
        registers = [register for compiled in involved for register in self._registers(compiled)]
        return list(dict.fromkeys(
            ((number, name),)
            for register in registers
            for number, entry in register.items()
            for name in entry.runnable
        ))  # fmt: skip

    def _touches(self, reading: Reading, involved: Sequence[CompiledProcess]) -> bool:
        """True if a reading changes one of some definitions."""
        return any(self._law(reading, compiled) is not compiled for compiled in involved)

    def _law(self, reading: Reading, compiled: CompiledProcess) -> CompiledProcess:
        """A definition under a reading; itself where the reading sets nothing of it, or fits it not."""
        key = (compiled.hash, reading)
        if key not in self.other:
            self.other[key] = self._reread(reading, compiled)
        return self.other[key] or compiled

    def _reread(self, reading: Reading, compiled: CompiledProcess) -> CompiledProcess | None:
        registers = self._registers(compiled)
        sets = [_settings(registers, number, name) for number, name in reading]
        if not any(touches(compiled, settings) for settings in sets):
            return None
        try:
            return reread(compiled, dict(reading), registers)
        except UsageError:
            self.unfit.update(reading if len(reading) == 1 else ())
            return None

    def _tried(self, reading: Reading, chosen: Chosen, before: CaseAudit) -> dict[LineKey, VerdictChange]:
        day, compiled, case = chosen
        if reading not in self.auditors:
            known_at = self.question.known_at
            self.auditors[reading] = Auditor(self.context, known_at, lambda definition: self._law(reading, definition))
        after = self.auditors[reading].judge(compiled, case, day)
        return {_key(change): change for change in _changes(before, after)}

    def _combined(
        self, chosen: Chosen, before: CaseAudit, single: Mapping[Reading, Mapping[LineKey, VerdictChange]]
    ) -> None:
        """Try sets of readings, the smallest first, and keep what none of the set changes in that way by itself."""
        by_entry: dict[str, list[tuple[str, str]]] = {}
        for ((number, name),) in single:
            by_entry.setdefault(number, []).append((number, name))
        self.possible += prod(len(names) + 1 for names in by_entry.values()) - 1 - len(single)
        for reading in islice(_sets(tuple(by_entry.values())), self.question.combinations):
            self.tried += 1
            for key, change in self._tried(reading, chosen, before).items():
                alone = [single[(member,)].get(key) for member in reading]
                if decides(change) and not any(other and _result(other) == _result(change) for other in alone):
                    self.changes.setdefault(reading, {})[key] = change

    def result(self, audit: Audit) -> ReadingTrials:
        """The audit with all trials, by entry."""
        trials = [self._trial(reading, tuple(changes.values())) for reading, changes in self.changes.items()]
        trials.sort(key=lambda trial: sorted(trial.readings.items()))
        together = tuple(trial for trial in trials if len(trial.readings) > 1)
        combined = Combinations(self.tried, self.possible, together) if self.question.combinations else None
        alone = tuple(trial for trial in trials if len(trial.readings) == 1)
        untried = tuple(self._untried({entry for trial in alone for entry in trial.readings}))
        return ReadingTrials(audit, alone, untried, combined)

    def _trial(self, reading: Reading, changes: Sequence[VerdictChange]) -> ReadingTrial:
        """A trial with the changes that decide anything; those of another day alone are counted."""
        deciding = tuple(filter(decides, changes))
        lines = len(self.resting.get(reading[0][0], ())) if len(reading) == 1 else 0
        return ReadingTrial(dict(reading), lines, deciding, len(changes) - len(deciding))

    def _untried(self, tried: set[str]) -> Iterator[UntriedEntry]:
        """The entries that lines rest on and that could not be tried."""
        entries = {number: entry for registers in self.registers.values() for register in registers
                   for number, entry in register.items()}  # fmt: skip
        for number, name in sorted(self.unfit):
            yield UntriedEntry(number, name, "unfit", len(self.resting.get(number, ())))
        for number in sorted(self.resting):
            if number not in tried and number not in {unfit for unfit, _ in self.unfit}:
                entry = entries.get(number)
                any_alternative = entry is not None and entry.alternatives
                reason: Untriable = "not_to_be_judged_by" if any_alternative else "no_alternative"
                yield UntriedEntry(number, None, reason, len(self.resting[number]))


def _settings(registers: Iterable[Mapping[str, Interpretation]], number: str, name: str) -> Mapping[str, object]:
    """The settings of an alternative, by the first register that has any."""
    entries = (register[number] for register in registers if number in register)
    return next((entry.runnable[name].sets for entry in entries if name in entry.runnable), {})


def _sets(by_entry: Sequence[Sequence[tuple[str, str]]]) -> Iterator[Reading]:
    """Sets of alternatives of two or more entries, the smallest first."""
    for size in range(2, len(by_entry) + 1):
        for entries in combinations(by_entry, size):
            yield from product(*entries)


def _lines(audited: CaseAudit) -> Iterator[tuple[LineKey, Judgement]]:
    """The lines of a case, and those of its subcases that are part of it."""
    for line in audited.verdicts:
        yield (audited.case, line.obligation, line.item, line.is_action, line.round), line
    for subcase in audited.subcases:
        if not subcase.linked:
            yield from _lines(subcase.audit)


def _processes(audited: CaseAudit) -> Iterator[str]:
    """The processes of a case and of all its subcases."""
    yield audited.process
    for subcase in audited.subcases:
        yield from _processes(subcase.audit)


def _changes(before: CaseAudit, after: CaseAudit) -> Iterator[VerdictChange]:
    """The lines that differ, in the case and in the subcases that are part of it."""
    yield from differences(before, after)
    others = {subcase.case: subcase.audit for subcase in after.subcases}
    for subcase in before.subcases:
        if not subcase.linked and subcase.case in others:
            yield from _changes(subcase.audit, others[subcase.case])


def _key(change: VerdictChange) -> LineKey:
    line = change.after if change.before is None else change.before
    action, number = (False, 1) if line is None else (line.is_action, line.round)
    return change.case, change.obligation, change.item, action, number


def _result(change: VerdictChange) -> object:
    return None if change.after is None else compared(change.after)


def _marked(audited: CaseAudit, by_reading: Mapping[Reading, Mapping[LineKey, VerdictChange]]) -> CaseAudit:
    """The audit with each line that a reading changes, and the entries of those readings on it."""
    entries: dict[int, list[str]] = {}
    for reading, changes in by_reading.items():
        for change in changes.values():
            if change.before is not None and decides(change):
                entries.setdefault(id(change.before), []).extend(number for number, _ in reading)

    def marked(case: CaseAudit) -> CaseAudit:
        verdicts = tuple(
            replace(line, depends_on_reading=tuple(dict.fromkeys(entries.get(id(line), ())))) for line in case.verdicts
        )
        subcases = tuple(
            subcase if subcase.linked else replace(subcase, audit=marked(subcase.audit)) for subcase in case.subcases
        )
        return replace(case, verdicts=verdicts, subcases=subcases)

    return marked(audited)
