"""The document of the impact of a register: which entries matter over the open cases, and what cannot be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhengxie_flow.model.citation import Interpretation
from zhengxie_flow.model.reading_trials import Combinations, ReadingTrial, ReadingTrials, UntriedEntry
from zhengxie_flow.model.verdict import Judgement, Verdict, VerdictChange


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """One line that comes out otherwise; a verdict is null where there is no such line."""

    case: str
    obligation: str
    item: str | None
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """The number of lines that go from one verdict to another."""

    before: Verdict | None
    after: Verdict | None
    count: int


@dataclass(frozen=True, slots=True)
class EntryImpact:
    """The changes that one alternative of an entry makes in the open cases.

    ``lines`` rest on the entry as they stand; ``days`` counts those of which another last day is all that differs.
    """

    entry: str
    zh: str | None
    en: str | None
    signed: bool
    reading: str
    lines: int
    cases: tuple[str, ...]
    days: int
    outcomes: tuple[OutcomeCount, ...]
    changes: tuple[ChangedVerdict, ...]


@dataclass(frozen=True, slots=True)
class RegisterImpact:
    """The entries that matter over the open cases, those that change most lines first."""

    as_of: date
    known_at: datetime
    cases: int
    readings: tuple[EntryImpact, ...]
    untried: tuple[UntriedEntry, ...]
    combinations: Combinations | None

    @property
    def effective(self) -> tuple[EntryImpact, ...]:
        """The readings that change anything."""
        return tuple(impact for impact in self.readings if impact.changes)


def register_impact(trials: ReadingTrials, entries: Mapping[str, Interpretation]) -> RegisterImpact:
    """Build the document of the impact of a register.

    Args:
        trials: The trials of the open cases.
        entries: The entries of the registers by number, for their labels.
    """
    audit = trials.audit
    impacts = sorted(_impacts(trials.trials, entries), key=lambda impact: (-len(impact.changes), -impact.days))
    return RegisterImpact(
        audit.as_of, audit.known_at, len(audit.cases), tuple(impacts), trials.untried, trials.combinations
    )


def _impacts(trials: Iterable[ReadingTrial], entries: Mapping[str, Interpretation]) -> Iterator[EntryImpact]:
    for trial in trials:
        ((number, reading),) = trial.readings.items()
        entry = entries.get(number)
        zh, en, signed = (None, None, False) if entry is None else (entry.zh, entry.en, entry.signed)
        changes = tuple(map(_changed, trial.changes))
        yield EntryImpact(
            number, zh, en, signed, reading, trial.lines, trial.cases, trial.days, tuple(_outcomes(changes)), changes
        )


def _changed(change: VerdictChange) -> ChangedVerdict:
    return ChangedVerdict(
        change.case, change.obligation, change.item, _verdict(change.before), _verdict(change.after)
    )  # fmt: skip


def _verdict(line: Judgement | None) -> Verdict | None:
    return None if line is None else line.verdict


def _outcomes(changes: Sequence[ChangedVerdict]) -> Iterator[OutcomeCount]:
    """The pairs of verdicts, the most frequent first."""
    for (before, after), count in Counter((change.before, change.after) for change in changes).most_common():
        yield OutcomeCount(before, after, count)
