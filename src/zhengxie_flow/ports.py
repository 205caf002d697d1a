"""What the use cases need from outside, as protocols; `storage`, `reading` and `bootstrap` bring the real ones."""

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
"""Events of whose values none is personal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest known standing of a case: what `list` shows and what optimistic locking compares."""

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
    """One open or settled time limit of a case, as a rebuildable projection (overdue is never stored)."""

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
    """A resolved definition as the journal keeps it for ever: canonical JSON and the source texts it came from."""

    hash: str
    process: str
    bundle: dict[str, Any]  # canonical JSON of the resolved bundle
    sources: dict[str, str]  # file name -> text as read


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDatum:
    """One personal value of one event, kept apart.  ``field`` is a JSON pointer (RFC 6901) into the event's body.

    ``value`` is canonical JSON text; it and ``salt`` are None once erased, and then ``erased`` says when (ISO
    instant) and ``ground`` on what ground.  ``digest`` is what stands in the event.
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
    """What `verify` found: the first break of a case's chain and its kind."""

    case: str
    sequence: int | None
    kind: Annotated[
        str,
        one_of(
            "changed", "removed", "reordered", "inserted", "head", "definition", "body", "erased",
            "projection", "subcase", "lost", "checkpoint",
        ),
    ]  # fmt: skip
    """Of a chain: changed | removed | reordered | inserted | head | definition | body | erased; of what is kept beside
    it: projection | subcase | lost | checkpoint."""
    expected: str | None
    found: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Where every case stood at an instant, under one hash that names the checkpoint before."""

    taken: str  # ISO instant
    heads: tuple[tuple[str, int, str], ...]  # case, version and hash of its last event, by case
    previous_root: str  # empty: the first one
    root: str


class Transaction(Protocol):
    """One write: everything in it is kept, or nothing is."""

    def head(self, case: str) -> Head | None:
        """The case's head as seen inside this write (locked where the database can)."""

    def events(self, case: str) -> tuple[Event, ...]:
        """All events of a case in journal order."""

    def find_key(self, case: str, key: str) -> Event | None:
        """The event already written under an idempotency key."""

    def append(
        self,
        head: Head,
        events: Sequence[Event],
        *,
        expected_version: int,
        personal: Mapping[int, Sequence[str]] = NOTHING_PERSONAL,
    ) -> tuple[Event, ...]:
        """Chain, hash and write events and the new head; `Conflict` when the head is no longer at
        ``expected_version`` (0: the case does not exist yet).  The events come with ``sequence`` set; the returned
        ones carry their hashes, and the head is stored with the last one.

        ``personal`` names, by sequence, the JSON pointers of the values in an event's body that are kept apart: the
        stored event holds a salted hash, `events` gives the value back, or ``{"$erased": "<instant>"}``.
        """

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """The personal values of a case, erased ones too, by event and field."""

    def erase_personal(self, case: str, sequence: int, field: str, *, at: datetime, ground: str) -> None:
        """Erase one personal value for good; `NotFound` ZX5020 when there is none, or none any more."""

    def restate(self, head: Head) -> None:
        """Write what a head says of its case anew; its version and hash stay as they are."""

    def replace_deadlines(self, case: str, rows: Iterable[DeadlineRow]) -> None:
        """Make these the deadline rows of the case."""

    def keep_definition(self, definition: StoredDefinition) -> None:
        """Store a resolved definition under its hash, once."""


class Journal(Protocol):
    """Append-only memory of all cases."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin an immediate write; leaving without an exception commits."""

    def head(self, case: str) -> Head | None:
        """The head of one case."""

    def heads(self) -> Iterator[Head]:
        """All heads, by case id."""

    def events(self, case: str) -> tuple[Event, ...]:
        """All events of one case in journal order (empty: no such case), with the personal values that are left."""

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """The personal values of a case, erased ones too, by event and field."""

    def deadlines(self, *, until: date | None = None, open_only: bool = True) -> Iterator[DeadlineRow]:
        """Deadline rows by day, then case; ``until`` keeps those whose (earliest) day is on or before it."""

    def checkpoint(self, at: datetime) -> Checkpoint:
        """Keep where every case stands; the last checkpoint again where nothing was written since."""

    def verify(self, root: str | None = None) -> Iterator[Finding]:
        """Check every chain and checkpoint; yields the first break of each broken case.

        ``root`` is that of a checkpoint there must be, as it was written down elsewhere.
        """

    def definition(self, digest: str) -> StoredDefinition | None:
        """A definition kept earlier, by its hash."""


class Clock(Protocol):
    """Where now comes from."""

    @property
    def fixed(self) -> bool:
        """Whether it was set by hand; such a clock marks each event it writes."""

    def now(self) -> datetime:
        """The present instant, aware."""


class Ids(Protocol):
    """Where idempotency keys come from when the caller gives none."""

    def new(self) -> str:
        """A key nobody used before."""


class Definitions(Protocol):
    """Where definitions come from: files by process id, the journal by content hash."""

    def by_id(self, process: str) -> CompiledProcess:
        """The process as its files stand now.  Raises `NotFound` or `InvalidDefinition`."""

    def by_hash(self, digest: str) -> CompiledProcess:
        """A definition that some case was started under."""


class Calendars(Protocol):
    """Working-day calendars by name, as published by a day."""

    def snapshot(self, name: str, as_of: date) -> Snapshot:
        """The immutable calendar as the public could know it on a day."""
