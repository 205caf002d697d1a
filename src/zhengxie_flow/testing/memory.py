"""A journal in memory: the same behaviour as the one on disk, without a database (and without SQLAlchemy)."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from zhengxie_flow.errors import Conflict, InternalError, NotFound, Where
from zhengxie_flow.model.evidence import entries
from zhengxie_flow.model.feed import FeedEntry, FeedPage
from zhengxie_flow.ports import NOTHING_PERSONAL, Message, Projection, SealedEvent, StoredEvidence
from zhengxie_flow.storage import chain
from zhengxie_flow.storage.chain import Chained
from zhengxie_flow.storage.checkpoints import CheckpointChain, CheckpointLog
from zhengxie_flow.storage.diagnosis import HeadMark, Link, StoredChain, examine
from zhengxie_flow.storage.digests import GENESIS, hasher
from zhengxie_flow.testing.memory_lists import MemoryLists
from zhengxie_flow.testing.memory_outbox import MemoryOutbox, new_messages
from zhengxie_flow.testing.memory_shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from zhengxie_flow.model.event import Event
    from zhengxie_flow.ports import (
        AssignmentRow,
        Checkpoint,
        Damaged,
        DeadlineRow,
        Finding,
        Head,
        NewMessage,
        PersonalDatum,
        RowChange,
        StoredDefinition,
    )

PATIENCE: Final = 5.0
"""Seconds a write waits for another one, as on disk."""


class MemoryTransaction:
    """One write (see `zhengxie_flow.ports.Transaction`)."""

    def __init__(self, shelf: Shelf, hash_name: str) -> None:
        self._shelf = shelf
        self._hash_name = hash_name
        self._error: Exception | None = None
        self.appended: list[Event] = []
        self.main: Event | None = None

    def head(self, case: str) -> Head | None:
        """Return the head of a case as seen inside this transaction; None where there is no case."""
        return self._shelf.heads.get(case)

    def lock_all(self) -> None:
        """Do nothing: a transaction in memory is alone."""

    def events(self, case: str) -> tuple[Event, ...]:
        """Return the events of a case in journal order, with those appended in this transaction."""
        return self._shelf.read(case)

    def events_since(self, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
        """Return the events of a case after a version (see `zhengxie_flow.ports.Transaction.events_since`)."""
        return self._shelf.read_since(case, version, digest)

    def find_key(self, case: str, key: str) -> Event | None:
        """Return the event already written under an idempotency key, or None."""
        if not key:
            return None
        return next((event for event in self._shelf.read(case) if event.key == key), None)

    def append(
        self,
        head: Head,
        events: Sequence[Event],
        *,
        expected_version: int,
        personal: Mapping[int, Sequence[str]] = NOTHING_PERSONAL,
    ) -> tuple[Event, ...]:
        """Append events to a case and replace its head (see `zhengxie_flow.ports.Transaction.append`)."""
        try:
            return self._append(head, events, expected_version, personal)
        except Exception as error:
            self._error = self._error or error
            raise

    def _append(
        self, head: Head, events: Sequence[Event], expected_version: int, personal: Mapping[int, Sequence[str]]
    ) -> tuple[Event, ...]:
        chain.check_order(head, events, expected_version)
        _, previous = self._end(head.case, expected_version)
        chained = chain.link(events, previous, self._hash_name, personal)
        written = self._shelf.store(head, chained)
        self.appended += written
        return written

    def _end(self, case: str, expected_version: int) -> tuple[int, str]:
        """The version and hash of a case; raises where that is not the version expected."""
        before = self.head(case)
        version, digest = (before.version, before.hash) if before else (0, GENESIS)
        if version != expected_version:
            raise chain.stale(case, expected_version, version)
        return version, digest

    def append_sealed(
        self, head: Head, events: Sequence[SealedEvent], *, expected_version: int, personal: Sequence[PersonalDatum]
    ) -> None:
        """Write events that were hashed elsewhere, as they are, and the new head.

        Raises:
            Conflict: The case is at another version (ZX4031), or a key is taken (ZX4030).
            ChainBroken: An event does not follow or is not what was hashed (ZX5901).
        """
        try:
            end = self._end(head.case, expected_version)
            copies = [SealedEvent(deepcopy(event.record), event.hash) for event in events]
            chained = chain.linked_elsewhere(head.case, copies, personal, end)
            self.appended += self._shelf.store(head, chained)
        except Exception as error:
            self._error = self._error or error
            raise

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """Return the personal values of a case, erased ones too, by event and field."""
        return self._shelf.personal.get(case, ())

    def erase_personal(self, case: str, sequence: int, field: str, *, at: datetime, ground: str) -> None:
        """Erase one personal value for good.

        Raises:
            NotFound: There is no such value, or it was erased before (ZX5020).
        """
        place, kept = (sequence, field), self.personal(case)
        present = [datum for datum in kept if (datum.sequence, datum.field) == place and datum.value is not None]
        if not present:
            raise NotFound("ZX5020", where=Where(case=case, event=sequence), field=field)
        erased = replace(present[0], value=None, salt=None, erased=at.isoformat(), ground=ground)
        self._shelf.keep_personal(case, (erased if datum is present[0] else datum for datum in kept))

    def restate(self, head: Head) -> None:
        """Rewrite the derived columns of a head; its version and hash stay as they are."""
        before = self._shelf.heads.get(head.case)
        if before is not None:
            kept = replace(head, version=before.version, hash=before.hash, title=before.title)
            self._shelf.heads[head.case] = kept

    def project(self, projection: Projection, change: RowChange | None = None) -> None:  # noqa: ARG002 - all is stored
        """Replace what is kept of a case for quick lists.

        Raises:
            InternalError: A row belongs to another case (ZX5017).
        """
        case = projection.case
        if not projection.is_of(case):
            raise InternalError("ZX5017", where=Where(case=case), why="deadline of another case")
        self._shelf.projections[case] = projection
        if case in self._shelf.heads:
            self._shelf.heads[case] = replace(self._shelf.heads[case], title=projection.title)

    def deadlines(self, case: str) -> tuple[DeadlineRow, ...]:
        """Return the deadline rows kept of a case, in their order."""
        projection = self._shelf.projections.get(case)
        return () if projection is None else projection.rows

    def put(self, messages: Sequence[NewMessage]) -> None:
        """Put messages into the outbox."""
        self._shelf.messages += new_messages(messages, self._shelf.messages)

    def guarded(self) -> AbstractContextManager[None]:
        """Do nothing: nobody but this can end a write in memory."""
        return nullcontext()

    def keep_definition(self, definition: StoredDefinition) -> None:
        """Store a resolved definition under its hash, once.

        Raises:
            StorageError: The hash is not that of its bundle (ZX5008).
        """
        if definition.hash not in self._shelf.definitions:
            chain.check_definition(definition)
            self._shelf.definitions[definition.hash] = definition

    def settle(self) -> None:
        """Raise the first error of the transaction, if any: a write that was refused is not kept."""
        if self._error is not None:
            raise self._error


class MemoryJournal:
    """An append-only journal in memory for tests, scenarios and previews (see `zhengxie_flow.ports.Journal`).

    Args:
        hash_name: The hash function of the chains, ``sha256`` or ``sm3``.

    Example:
        >>> journal = MemoryJournal()
        >>> journal.head("QH-01") is None
        True
    """

    def __init__(self, *, hash_name: str = "sha256") -> None:
        hasher(hash_name)
        self._hash_name = hash_name
        self._shelf = Shelf()
        self._turn = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        """Begin a transaction; leaving without an exception commits it, one at a time.

        Raises:
            Conflict: Another thread is writing (ZX5003).
        """
        if not self._turn.acquire(timeout=PATIENCE):
            raise Conflict("ZX5003", retry="in_time", database="memory", detail="another thread is writing")
        try:
            shelf = self._shelf.copy()
            write = MemoryTransaction(shelf, self._hash_name)
            yield write
            write.settle()
            self._shelf = shelf
        finally:
            self._turn.release()

    def head(self, case: str) -> Head | None:
        """Return the head of a case; None where there is no case."""
        return self._shelf.heads.get(case)

    def heads(self, damaged: Damaged | None = None) -> Iterator[Head]:  # noqa: ARG002  # nothing here can be damaged
        """Yield all heads, by case id."""
        heads = self._shelf.heads
        yield from (heads[case] for case in sorted(heads))

    def events(self, case: str) -> tuple[Event, ...]:
        """Return the events of a case in journal order (empty: no such case), with the personal values left."""
        return self._shelf.read(case)

    def sealed(self, case: str) -> tuple[SealedEvent, ...]:
        """Return the events of a case as they lie under their hashes, as copies."""
        return self._shelf.sealed(case)

    @property
    def outbox(self) -> MemoryOutbox:
        """The messages to deliver."""
        return MemoryOutbox(self)

    def feed(self, after: int = 0, limit: int = 1000) -> FeedPage:
        """Read committed events in the order in which they were committed.

        Raises:
            NotFound: The journal never reached ``after`` (ZX5072).
        """
        shelf = self._shelf
        if after > len(shelf.order):
            raise NotFound("ZX5072", database="memory", after=after, newest=len(shelf.order))
        places = shelf.order[after : after + limit]
        cases = {case: shelf.read(case) for case, _ in places}
        entries = tuple(
            FeedEntry(position, cases[case][sequence - 1])
            for position, (case, sequence) in enumerate(places, start=after + 1)
        )
        return FeedPage(entries, after + len(entries), len(shelf.order) > after + limit)

    def change_messages(self, change: Callable[[Message], Message | None]) -> tuple[Message, ...]:
        """Replace messages of the outbox, in a transaction of its own.

        Args:
            change: Gives what becomes of a message; None where it stays as it is.

        Returns:
            The messages that were replaced, as they are now.
        """
        with self.transaction() as write:
            shelf = write._shelf  # noqa: SLF001  # its own
            changed = {message.id: after for message in shelf.messages if (after := change(message)) is not None}
            shelf.messages = tuple(changed.get(message.id, message) for message in shelf.messages)
        return tuple(changed.values())

    def messages(self) -> tuple[Message, ...]:
        """Return every message of the outbox, by id."""
        return self._shelf.messages

    def events_since(self, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
        """Return the events of a case after a version (see `zhengxie_flow.ports.Journal.events_since`)."""
        return self._shelf.read_since(case, version, digest)

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """Return the personal values of a case, erased ones too, by event and field."""
        return self._shelf.personal.get(case, ())

    def evidence(self) -> Iterator[StoredEvidence]:
        """Yield the evidence of the events of all cases, by case, event and place."""
        shelf = self._shelf
        for case in sorted(shelf.events):
            for entry in entries(shelf.read(case)):
                yield StoredEvidence(case, entry.event, entry.position, entry.reference.text(), entry.erased)

    def deadlines(
        self,
        *,
        until: date | None = None,
        open_only: bool = True,
        damaged: Damaged | None = None,  # noqa: ARG002
    ) -> Iterator[DeadlineRow]:
        """Yield deadline rows by day (undated last), then case.

        Args:
            until: Only those that may fall by this day.
            open_only: Leave out those that are met or void.
            damaged: Never called.
        """
        rows = [(row, place) for kept in self._shelf.projections.values() for place, row in enumerate(kept.rows)]
        rows.sort(key=lambda pair: (pair[0].day is None, pair[0].day or date.min, pair[0].case, pair[1]))
        for row, _ in rows:
            first = row.earliest or row.day
            if (row.open or not open_only) and (until is None or (first is not None and first <= until)):
                yield row

    @contextmanager
    def listing(self, damaged: Damaged | None = None) -> Iterator[MemoryLists]:  # noqa: ARG002
        """Give the lists of the journal as it stands."""
        yield MemoryLists(dict(sorted(self._shelf.heads.items())), self._shelf.projections)

    def assignments(self, case: str | None = None) -> Iterator[AssignmentRow]:
        """Yield to whom the roles of cases fall, and when, by case, then first day."""
        kept = self._shelf.projections
        yield from (row for name in sorted(kept) if case in (None, name) for row in kept[name].assignments)

    def bases(self) -> tuple[tuple[str, str | None], ...]:
        """Return each pair of definition and basis that some head has."""
        return tuple({(head.definition, self._projection(head).basis) for head in self.heads()})

    def outdated(self, day: date, bases: Collection[tuple[str, str | None]] = ()) -> tuple[str, ...]:
        """Return the cases whose projections do not hold on a day any more, in order."""
        with self.listing() as lists:
            return lists.outdated(day, bases)

    def projections(self, damaged: Damaged | None = None) -> Iterator[Projection]:  # noqa: ARG002
        """Yield what is kept of every case for quick lists, by case id."""
        yield from (self._projection(head) for head in self.heads())

    def _projection(self, head: Head) -> Projection:
        nothing = Projection(case=head.case, as_of=None, basis=None, next_change=None, rows=())
        return self._shelf.projections.get(head.case, nothing)

    def definition(self, digest: str) -> StoredDefinition | None:
        """Return a stored definition by its hash, or None."""
        return self._shelf.definitions.get(digest)

    def checkpoint(self, at: datetime) -> Checkpoint:
        """Take a checkpoint of all heads; the last one again where nothing was written since."""
        with self.transaction() as write:
            shelf = write._shelf  # noqa: SLF001  # its own
            log = CheckpointLog().follow(shelf.checkpoints)
            checkpoint = log.next(self.heads(), at, self._hash_name)
            if checkpoint is not log.last:
                shelf.checkpoints = (*shelf.checkpoints, checkpoint)
        return checkpoint

    def verify(self, root: str | None = None) -> Iterator[Finding]:
        """Verify every chain; the same diagnosis as on disk."""
        shelf = self._shelf
        line = CheckpointChain.of(shelf.checkpoints, root)
        definitions: dict[str, str | None] = {
            digest: chain.definition_hash(kept) for digest, kept in shelf.definitions.items()
        }

        def personal(case: str, _sequences: Sequence[int]) -> Mapping[int, Sequence[PersonalDatum]]:
            return shelf.data(case)

        for case in sorted(shelf.heads.keys() | shelf.events.keys()):
            head = shelf.heads.get(case)
            mark = None if head is None else HeadMark(head.version, head.hash, head.definition)
            links = [_link(kept) for kept in shelf.events.get(case, ())]
            stored = StoredChain(case, links, mark)
            yield from examine(stored, definitions=definitions, personal=personal, earlier=line.first_difference)
        yield from line.lost(shelf.heads.keys() | shelf.events.keys())
        yield from line.broken


def _link(kept: Chained) -> Link:
    return Link(kept.record["sequence"], kept.record["previous_hash"], kept.hash, kept.record)
