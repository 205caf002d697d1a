"""Folded cases, kept from one reading to the next: of a case that was read before only its new events are read.

A kept case is never trusted over the journal: each reading asks for the event that the case ended with, and where its
hash is another one, or values were erased since, the whole case is read again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final, Protocol

from zhengxie_flow.engine import CompiledProcess, evolve, fold
from zhengxie_flow.engine.events.conformance import Misfit, Vocabulary, misfits
from zhengxie_flow.errors import ChainBroken, Where
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.ports import Definitions
from zhengxie_flow.services.journal_summary import NO_EVENTS, JournalSummary

ROOM: Final = 30_000
"""So many events are kept at most, of all cases together: some 100 MB."""


class EventSource(Protocol):
    """The journal, or a write to it."""

    def events(self, case: str) -> tuple[Event, ...]:
        """See `zhengxie_flow.ports.Journal.events`."""

    def events_since(self, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
        """See `zhengxie_flow.ports.Journal.events_since`."""


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case folded from events that its definitions have a place for.

    Attributes:
        case: The case.
        definitions: The definitions it has been under, as they were linked when its events were held against them.
        vocabulary: Their names.
        summary: What writes ask of all its events.
    """

    case: Case
    definitions: tuple[CompiledProcess, ...]
    vocabulary: Vocabulary
    summary: JournalSummary


class FoldedCases:
    """Cases as they were read last, those used last kept longest; safe to share between threads.

    Args:
        room: The most events that are kept of all cases together; 0 to keep nothing.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._used = 0
        self._cases: OrderedDict[str, CheckedCase] = OrderedDict()
        self._turn = Lock()

    def read(self, source: EventSource, definitions: Definitions, case: str) -> Case | None:
        """Read a case as it is stored.

        Args:
            source: The journal, or a write to it.
            definitions: The source of definitions.
            case: The id of the case.

        Returns:
            The case; None where nothing is stored of it.

        Raises:
            ChainBroken: An event is missing or cannot be read; ZX5905, it does not fit the definitions of the case.
            NotFound: ZX4006, a definition of the case is not stored.
        """
        kept = self._cases.get(case)
        later = None
        if kept is not None:
            last = kept.case.events[-1]
            later = source.events_since(case, last.sequence, last.hash)
        if kept is None or later is None:
            events = source.events(case)
            if not events:
                return None
            checked = checked_case(definitions, events)
        else:
            checked = _continued(definitions, kept, later)
        self._keep(checked)
        return checked.case

    def summary(self, case: str, events: Sequence[Event]) -> JournalSummary:
        """Summarise events of a case, going on from what is kept of it where they begin with the same.

        Args:
            case: The id of the case.
            events: The events in journal order: those stored, and perhaps new ones.

        Returns:
            The summary.
        """
        kept = self._cases.get(case)
        return (NO_EVENTS if kept is None else kept.summary).through(events)

    def kept(self) -> tuple[str, ...]:
        """Return the ids of the cases that are kept, the one that goes next first."""
        with self._turn:
            return tuple(self._cases)

    def _keep(self, checked: CheckedCase) -> None:
        case, size = checked.case.id, len(checked.case.events)
        if size > self._room:
            return
        with self._turn:
            before = self._cases.pop(case, None)
            self._used += size - (0 if before is None else len(before.case.events))
            self._cases[case] = checked
            while self._used > self._room:
                _, oldest = self._cases.popitem(last=False)
                self._used -= len(oldest.case.events)


def checked_case(definitions: Definitions, events: Sequence[Event]) -> CheckedCase:
    """Fold a case from all its stored events, once its definitions are found to have a place for each of them.

    Args:
        definitions: The source of definitions.
        events: The events in journal order, at least one.

    Returns:
        The case.

    Raises:
        ChainBroken: ZX5905, an event does not fit the definitions of the case.
    """
    summary = NO_EVENTS.through(events)
    reached = _reached(definitions, summary)
    vocabulary = Vocabulary.of(*reached)
    _check(vocabulary, events)
    return CheckedCase(fold(events), reached, vocabulary, summary)


def _continued(definitions: Definitions, kept: CheckedCase, later: Sequence[Event]) -> CheckedCase:
    """A case after later events; where its definitions are others than before, all events are held against them."""
    events = kept.case.events + tuple(later)
    summary = kept.summary.through(events) if later else kept.summary
    reached = _reached(definitions, summary)
    same = len(reached) == len(kept.definitions) and all(map(_is, reached, kept.definitions))
    if same and not later:
        return kept
    vocabulary = kept.vocabulary if same else Vocabulary.of(*reached)
    _check(vocabulary, events, len(kept.case.events) if same else 0)
    case = kept.case
    for event in later:
        case = evolve(case, event)
    return CheckedCase(case, reached, vocabulary, summary)


def _is(left: object, right: object) -> bool:
    return left is right


def definitions_of(definitions: Definitions, events: Sequence[Event]) -> tuple[CompiledProcess, ...]:
    """Return every definition of its process that a case has been under.

    Args:
        definitions: The source of definitions.
        events: The events of the case.

    Returns:
        The definition it was opened under, then those it moved to.
    """
    return _reached(definitions, NO_EVENTS.through(events))


def _reached(definitions: Definitions, summary: JournalSummary) -> tuple[CompiledProcess, ...]:
    opened = definitions.by_hash(summary.events[0].definition)
    reached = [definitions.by_hash(digest) for digest in summary.moved_to]
    return (opened, *(edition for edition in reached if edition.id == opened.id))


def first_misfit(definitions: Definitions, events: Sequence[Event]) -> Misfit | None:
    """Return the first thing in the events of a case that its definitions have no place for.

    Args:
        definitions: The source of definitions.
        events: The events of the case.

    Returns:
        What does not fit; None where everything does.

    Raises:
        NotFound: ZX4006, a definition of the case is not stored.
    """
    return next(misfits(Vocabulary.of(*definitions_of(definitions, events)), events), None)


def _check(vocabulary: Vocabulary, events: Sequence[Event], after: int = 0) -> None:
    misfit = next(misfits(vocabulary, events, after), None)
    if misfit is not None:
        where = Where(case=events[0].case, event=misfit.sequence)
        raise ChainBroken("ZX5905", where=where, place=misfit.place, name=misfit.name)
