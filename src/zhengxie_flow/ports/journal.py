"""The port of the journal: append-only events of all cases, with what is projected from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from zhengxie_flow.errors import StorageError
from zhengxie_flow.ports.listing import Lists
from zhengxie_flow.ports.outbox import NewMessage, Outbox
from zhengxie_flow.ports.row_changes import RowChange, StoredRows
from zhengxie_flow.ports.values import (
    AssignmentRow,
    Checkpoint,
    DeadlineRow,
    Finding,
    Head,
    PersonalDatum,
    Projection,
    SealedEvent,
    StoredDefinition,
    StoredEvidence,
)

if TYPE_CHECKING:
    from zhengxie_flow.model.event import Event
    from zhengxie_flow.model.feed import FeedPage
Damaged = Callable[[StorageError], None]
"""What is done with a row that cannot be read; without one the reading ends there."""

NOTHING_PERSONAL: Final[Mapping[int, Sequence[str]]] = MappingProxyType({})
"""No personal values in any event."""


class Transaction(Protocol):
    """Atomic write: everything in it is stored, or nothing is.

    Attributes:
        appended: All events appended so far, in the order of storing; who needs them no longer may empty it.
        main: The event that the write was asked for, once its maker has set it.
    """

    appended: list[Event]
    main: Event | None

    def head(self, case: str) -> Head | None:
        """Return the case's head as seen inside this write, locked where the database can.

        Args:
            case: The id of the case.

        Returns:
            The head; None where there is no such case.
        """

    def lock_all(self) -> None:
        """Let nobody else write to any case until the end of this write; to be called first of all."""

    def events(self, case: str) -> tuple[Event, ...]:
        """Return all events of a case.

        Args:
            case: The id of the case.

        Returns:
            The events in journal order.
        """

    def events_since(self, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
        """Return the events of a case after a version, where what was read of it up to there still holds.

        Args:
            case: The id of the case.
            version: The version, at least 1.
            digest: The hash that the case had at that version.

        Returns:
            The events in journal order; None where the case has another hash there, or values were erased since.
        """

    def find_key(self, case: str, key: str) -> Event | None:
        """Find the event already written under an idempotency key.

        Args:
            case: The id of the case.
            key: The key.

        Returns:
            The event; None where the key is new.
        """

    def append(
        self,
        head: Head,
        events: Sequence[Event],
        *,
        expected_version: int,
        personal: Mapping[int, Sequence[str]] = NOTHING_PERSONAL,
    ) -> tuple[Event, ...]:
        """Chain, hash and write events and the new head.

        Args:
            head: The new head; it is stored with the version and hash of the last event.
            events: The events, with ``sequence`` set.
            expected_version: The version the case must have; 0 where it does not exist yet.
            personal: By sequence, the JSON pointers of the personal values in an event's body.  The stored event holds
                a salted hash; `events` gives the value back, or ``{"$erased": "<instant>"}``.

        Returns:
            The events with their hashes.

        Raises:
            Conflict: The head is at another version, or a key is taken.
            InvalidInput: An event holds a value that cannot be stored.
        """

    def append_sealed(
        self, head: Head, events: Sequence[SealedEvent], *, expected_version: int, personal: Sequence[PersonalDatum]
    ) -> None:
        """Write events that were hashed elsewhere, as they are, and the new head.

        Args:
            head: The new head; it is stored with the version and hash of the last event.
            events: The events, which follow on the last one of the case by their numbers and hashes.
            expected_version: The version the case must have; 0 where it does not exist yet.
            personal: A row for each personal value that these events seal.

        Raises:
            Conflict: The head is at another version, or a key is taken.
            ChainBroken: ZX5901, an event does not follow or is not what was hashed.
        """

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """Return the personal values of a case, erased ones too.

        Args:
            case: The id of the case.

        Returns:
            The values by event and field.
        """

    def erase_personal(self, case: str, sequence: int, field: str, *, at: datetime, ground: str) -> None:
        """Erase one personal value for good.

        Args:
            case: The id of the case.
            sequence: The number of the event.
            field: The JSON pointer into the event's body.
            at: The instant of the erasure.
            ground: The ground of the erasure.

        Raises:
            NotFound: ZX5020, there is no such value, or it was erased before.
        """

    def restate(self, head: Head) -> None:
        """Rewrite the columns of a head except its version and hash.

        Args:
            head: The head as the events give it.
        """

    def project(self, projection: Projection, change: RowChange | None = None) -> StoredRows | None:
        """Replace what is kept of a case for quick lists.

        Args:
            projection: The new projection.
            change: How its rows differ from those stored; None where that is not known.

        Returns:
            The rows as stored; None where all are always stored anew.
        """

    def deadlines(self, case: str) -> tuple[DeadlineRow, ...]:
        """Return the deadline rows kept of a case, as this write sees them.

        Args:
            case: The id of the case.

        Returns:
            The rows.
        """

    def put(self, messages: Sequence[NewMessage]) -> None:
        """Put messages into the outbox.

        Args:
            messages: The messages.
        """

    def guarded(self) -> AbstractContextManager[None]:
        """Let somebody else work in the write, who may not end it.

        Raises:
            TransactionEnded: The transaction was ended or to be committed; StorageError: a statement failed in it.
        """

    def keep_definition(self, definition: StoredDefinition) -> None:
        """Store a resolved definition under its hash, unless it is stored already.

        Args:
            definition: The definition.

        Raises:
            StorageError: Its id is not its hash.
        """


class Journal(Protocol):
    """Append-only journal of all cases."""

    @property
    def outbox(self) -> Outbox:
        """The messages to deliver."""

    def feed(self, after: int = 0, limit: int = 1000) -> FeedPage:
        """Read committed events in an order in which none ever appears below one that was read.

        Args:
            after: The position after which to begin.
            limit: The most events to return.

        Returns:
            The page.

        Raises:
            NotFound: ZX5072, the journal never reached ``after``.
        """

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin an immediate write; leaving without an exception commits.

        Returns:
            A context manager that gives the write.

        Raises:
            StorageError: The journal was opened read-only.
            Conflict: Another writer keeps the database locked.
        """

    def head(self, case: str) -> Head | None:
        """Return the head of one case.

        Args:
            case: The id of the case.

        Returns:
            The head; None where there is no such case.
        """

    def heads(self, damaged: Damaged | None = None) -> Iterator[Head]:
        """Return all heads.

        Args:
            damaged: Called with each row that cannot be read.

        Yields:
            The heads, by case id.
        """

    def events(self, case: str) -> tuple[Event, ...]:
        """Return all events of one case, with the personal values not erased.

        Args:
            case: The id of the case.

        Returns:
            The events in journal order; none for an unknown case.
        """

    def sealed(self, case: str) -> tuple[SealedEvent, ...]:
        """Return all events of one case as they lie under their hashes.

        Args:
            case: The id of the case.

        Returns:
            The events in journal order; none for an unknown case.

        Raises:
            ChainBroken: ZX5900, ZX5901, an event cannot be read, does not follow or is not what was hashed.
        """

    def events_since(self, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
        """Return the events of a case after a version, where what was read of it up to there still holds.

        Args:
            case: The id of the case.
            version: The version, at least 1.
            digest: The hash that the case had at that version.

        Returns:
            The events in journal order; None where the case has another hash there, or values were erased since.
        """

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """Return the personal values of a case, erased ones too.

        Args:
            case: The id of the case.

        Returns:
            The values by event and field.
        """

    def evidence(self) -> Iterator[StoredEvidence]:
        """Return the evidence of the events of all cases, as it lies there: what cannot be read is left out.

        Yields:
            The entries, by case, event and place.
        """

    def deadlines(
        self, *, until: date | None = None, open_only: bool = True, damaged: Damaged | None = None
    ) -> Iterator[DeadlineRow]:
        """Yield deadline rows by day, then case.

        Args:
            until: The last day of interest: rows whose (earliest) day is on or before it; None for all.
            open_only: True to leave out settled deadlines.
            damaged: Called with each row that cannot be read, and each of a case that is not there.

        Yields:
            Deadline rows; undated ones last.
        """

    def listing(self, damaged: Damaged | None = None) -> AbstractContextManager[Lists]:
        """Begin a reading of lists that sees one state of the journal; ``damaged`` takes what is unreadable."""

    def assignments(self, case: str | None = None) -> Iterator[AssignmentRow]:
        """Return to whom the roles of cases fall, and when, as it is kept for quick lists.

        Args:
            case: The id of a case; None for all.

        Yields:
            The rows, by case, then first day.
        """

    def bases(self) -> tuple[tuple[str, str | None], ...]:
        """Return what the projections of all cases were worked out from.

        Returns:
            Each pair of the hash of a definition and a basis that some head has.
        """

    def outdated(self, day: date, bases: Collection[tuple[str, str | None]] = ()) -> tuple[str, ...]:
        """Return the cases whose projections do not hold on a day any more.

        Args:
            day: The day: on or before it lies the next change of these cases, or their projection is for a later one.
            bases: The pairs of definition and basis that are no longer current.

        Returns:
            The ids of the cases, in order.
        """

    def projections(self, damaged: Damaged | None = None) -> Iterator[Projection]:
        """Return what is kept of every case for quick lists.

        Args:
            damaged: Called with each row that cannot be read.

        Yields:
            The projections, by case id.
        """

    def checkpoint(self, at: datetime) -> Checkpoint:
        """Store the version and hash of every case under one root hash.

        Args:
            at: The instant of the checkpoint.

        Returns:
            The new checkpoint, or the last one again where nothing was written since.
        """

    def verify(self, root: str | None = None) -> Iterator[Finding]:
        """Verify every chain and checkpoint.

        Args:
            root: The root of a checkpoint that must be there, as it was written down elsewhere, or its note.

        Yields:
            The first break of each broken case.
        """

    def definition(self, digest: str) -> StoredDefinition | None:
        """Return a stored definition.

        Args:
            digest: Its hash.

        Returns:
            The definition; None where there is none.
        """
