"""Ports: the protocols that the use cases need from outside; `storage`, `reading` and `bootstrap` implement them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol

from zhengxie_flow.model.document import AnchorKind, Hash, LimitDirection, one_of

if TYPE_CHECKING:
    from zhengxie_flow.calendars import Snapshot
    from zhengxie_flow.engine.compile import CompiledProcess
    from zhengxie_flow.model.event import Event


NOTHING_PERSONAL: Final[Mapping[int, Sequence[str]]] = MappingProxyType({})
"""No personal values in any event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a case: its present state and version, for lists and for optimistic locking."""

    case: str
    process: str  # id of the process, e.g. jilin/consultation
    state: str
    opened: date
    updated: datetime
    version: int  # sequence of its last event
    definition: Hash  # of the definition the case started under (its life is pinned to it)
    hash: str  # hash of its last event


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """Deadline of a case, open or settled, as a rebuildable projection (overdue is never stored)."""

    case: str
    obligation: str
    item: str | None
    clause: str | None
    bearer: str | None  # role that owes the act
    direction: LimitDirection
    amount: int | None
    unit: str | None
    anchor: str | None  # what starts the clock
    anchor_date: date | None
    anchor_kind: AnchorKind
    consumed: int  # units that had run when the clock last stopped: working days, or days where the unit is another
    running_since: date | None  # the day after which it has run without a stop; None where it does not run
    day: date | None  # the due day (forward) or the latest lawful day (backward); None while nothing is known
    earliest: date | None  # interval of a provisional day
    latest: date | None
    status: Annotated[str, one_of("firm", "provisional", "unknown")]
    open: bool  # still to be performed
    calendar: str  # content hash of the snapshot it was computed with


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDefinition:
    """Resolved definition as the journal stores it for good: canonical JSON and the source texts it came from."""

    hash: str
    process: str
    bundle: dict[str, Any]  # canonical JSON of the resolved bundle
    sources: dict[str, str]  # file name -> text as read


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDatum:
    """Personal value of one event, stored beside it; ``field`` is a JSON pointer (RFC 6901) into the event's body.

    ``value`` is canonical JSON text; it and ``salt`` are None once erased, and then ``erased`` says when (ISO
    instant) and ``ground`` on what ground.  ``digest`` is the salted hash in the event.
    """

    case: str
    sequence: int
    field: str
    digest: str
    value: str | None
    salt: str | None
    erased: str | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Finding of `verify`: the first break of a case's chain and its kind."""

    case: str
    sequence: int | None
    kind: Annotated[
        str,
        one_of(
            "changed", "removed", "reordered", "inserted", "head", "definition", "body", "erased",
            "projection", "subcase", "lost", "checkpoint",
        ),
    ]  # fmt: skip
    """Of a chain: changed | removed | reordered | inserted | head | definition | body | erased; of what is stored
    beside it: projection | subcase | lost | checkpoint."""
    expected: str | None
    found: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Version and hash of every case at an instant, under one root hash that names the checkpoint before."""

    taken: str  # ISO instant
    heads: tuple[tuple[str, int, str], ...]  # case, version and hash of its last event, by case
    previous_root: str  # empty: the first one
    root: str


class Transaction(Protocol):
    """Atomic write: everything in it is stored, or nothing is."""

    def head(self, case: str) -> Head | None:
        """Return the case's head as seen inside this write, locked where the database can.

        Args:
            case: The id of the case.

        Returns:
            The head; None where there is no such case.
        """

    def events(self, case: str) -> tuple[Event, ...]:
        """Return all events of a case.

        Args:
            case: The id of the case.

        Returns:
            The events in journal order.
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

    def replace_deadlines(self, case: str, rows: Iterable[DeadlineRow]) -> None:
        """Replace all deadline rows of a case.

        Args:
            case: The id of the case.
            rows: The rows, in their order.
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

    def heads(self) -> Iterator[Head]:
        """Return all heads.

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

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """Return the personal values of a case, erased ones too.

        Args:
            case: The id of the case.

        Returns:
            The values by event and field.
        """

    def deadlines(self, *, until: date | None = None, open_only: bool = True) -> Iterator[DeadlineRow]:
        """Yield deadline rows by day, then case.

        Args:
            until: The last day of interest: rows whose (earliest) day is on or before it; None for all.
            open_only: True to leave out settled deadlines.

        Yields:
            Deadline rows; undated ones last.
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
            root: The root of a checkpoint that must be there, as it was written down elsewhere.

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


class Clock(Protocol):
    """Source of the present instant."""

    @property
    def fixed(self) -> bool:
        """True where it was set by hand: each event written under it is marked."""

    def now(self) -> datetime:
        """Return the present instant, with its offset."""


class Ids(Protocol):
    """Source of idempotency keys where the caller gives none."""

    def new(self) -> str:
        """Return a key that was never used before."""


class Definitions(Protocol):
    """Source of definitions: files by process id, the journal by content hash."""

    def by_id(self, process: str) -> CompiledProcess:
        """Load the process as its files stand now.

        Args:
            process: The id of the process.

        Returns:
            The compiled first edition.

        Raises:
            NotFound: There is no such process.
            InvalidDefinition: The files have faults.
        """

    def by_hash(self, digest: str) -> CompiledProcess:
        """Load a definition that some case was started under.

        Args:
            digest: The hash of the definition.

        Returns:
            The compiled definition.

        Raises:
            NotFound: There is no such definition.
        """


class Calendars(Protocol):
    """Working-day calendars by name, as published by a day."""

    def snapshot(self, name: str, as_of: date) -> Snapshot:
        """Return the immutable calendar as published by a day.

        Args:
            name: The name of the calendar.
            as_of: The day; later notices are left out.

        Returns:
            The calendar.

        Raises:
            NotFound: There is no such calendar.
        """
