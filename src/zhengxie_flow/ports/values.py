"""Values that cross the ports: heads, projections, stored definitions, personal data, findings, checkpoints."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any

from zhengxie_flow.errors import Reason
from zhengxie_flow.model.document import AnchorKind, Hash, RowDirection, RowKind, one_of
from zhengxie_flow.ports.outbox import NewMessage


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
    title: str | None = None  # the case id where none is determined yet; None in a row of a version before 0.11


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """Deadline of a case, open or settled, or what is open without one, as a rebuildable projection (overdue is never
    stored); `zhengxie_flow.engine.judging.deadlines.Deadline` says what its values mean.
    """

    case: str
    obligation: str
    item: str | None
    clause: str | None
    bearer: str | None  # role that owes the act
    direction: RowDirection
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
    definition: str | None = None  # content hash of the definition of the case then; None: of a version before 0.6
    edition: str | None = None  # content hash of the edition that governs it
    round: int = 1  # of its limit, counted from 1
    kind: RowKind = "dated"
    roles: tuple[str, ...] = ()  # every role that owes the act, or may settle the fact
    fact: str | None = None  # of a determination
    stopped_since: date | None = None
    units_left: int | None = None  # of a stopped limit
    working_calendar: str | None = None  # whose working days measure the time left; None: civil days
    office: str | None = None  # to which the bearer's role is assigned in the case today; never stored
    person: str | None = None  # the same

    @property
    def timed(self) -> bool:
        """True where it has a limit, whether that gives it a day or not."""
        return self.direction != "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRow:
    """Period in which a role of a case falls to an office or a person, as a rebuildable projection.

    Attributes:
        case: The id of the case.
        role: The role of its process.
        office: The office; None where it is a person.
        person: The person; None where it is an office.
        from_day: The first day.
        to_day: The last day; None until another assignment is made.
    """

    case: str
    role: str
    office: str | None
    person: str | None
    from_day: date
    to_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What a journal keeps of a case for quick lists, worked out from its events: rebuildable, and only ever read while
    it is current.

    Attributes:
        case: The id of the case.
        as_of: The civil day it was worked out for; None for one of a version before 0.6.
        basis: The hash over the definitions and the calendar it was worked out with.
        next_change: The first day after ``as_of`` on which time alone may change the case; None where none does.
        parents: The ids of the cases above it, in their order.
        rows: The deadlines of the case and what is open without one, in their order.
        assignments: To whom its roles fall, and when, by first day.
        title: The title of the case; None for one of a version before 0.11.
        messages: The reminders that are due by that day, for the outbox; never read back.
    """

    case: str
    as_of: date | None
    basis: str | None
    next_change: date | None
    rows: tuple[DeadlineRow, ...]
    parents: tuple[str, ...] = ()
    title: str | None = None
    assignments: tuple[AssignmentRow, ...] = ()
    messages: tuple[NewMessage, ...] = field(default=(), compare=False)

    def is_of(self, case: str) -> bool:
        """Return whether all its rows are of a case."""
        return all(row.case == case for row in self.rows) and all(row.case == case for row in self.assignments)


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


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """Event as it lies under its hash.

    Attributes:
        record: Its record, with personal values sealed; the canonical bytes of it are what is hashed.
        hash: The hash.
    """

    record: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """Entry of the evidence of an event, as it lies in a journal, and whether an event records its erasure."""

    case: str
    sequence: int
    position: int
    text: str
    erased: bool


PROJECTION, ORPHAN, UNREADABLE, SCHEMA = "projection", "orphan", "unreadable", "schema"
"""Kinds of findings about what is stored beside events: a head or deadline that these do not give, a row that belongs
to nothing, a value or file that cannot be read, a table that is not as the migrations make it."""
ERASED, STALE, UNLAWFUL, UNREFERENCED = "erased", "stale", "unlawful", "unreferenced"
ABSENT = "absent"
NOTES = frozenset({ABSENT, ERASED, STALE, UNREFERENCED})
"""Kinds that are no break: a personal value that did not come with a case from elsewhere, a value erased on record, a
head that nobody reads before it is worked out anew, an attachment that no event refers to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Finding of `verify`: the first break of a case's chain and its kind."""

    case: str
    sequence: int | None
    kind: Annotated[
        str,
        one_of(
            "changed", "removed", "reordered", "inserted", "head", "definition", "body", "erased", "absent",
            "projection", "subcase", "lost", "checkpoint", "orphan", "stale", "schema", "unreadable", "unlawful",
            "evidence_missing", "evidence_changed", "evidence_kept", "unreferenced",
        ),
    ]  # fmt: skip
    """Of a chain: changed | removed | reordered | inserted | head | definition | body | erased | absent; of what is
    stored beside it: projection | subcase | lost | checkpoint | orphan | stale | schema | unreadable; of a replay:
    unlawful; of attachments: evidence_missing | evidence_changed | evidence_kept | unreferenced.  ``absent``,
    ``erased``, ``stale`` and ``unreferenced`` are notes, and no breaks."""
    expected: str | None
    found: str | None
    code: str | None = None
    """The message that says it in words, of a kind that has several."""
    reasons: tuple[Reason, ...] = ()
    """Of ``unlawful``: what stood against the act when it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Version and hash of every case at an instant, under one root hash that covers every checkpoint before.

    Attributes:
        taken: The instant, ISO text with its offset.
        cases: The number of cases.
        events: The number of their events.
        heads: Case, version and hash of the last event of each case written to since the checkpoint before, by case; in
            a checkpoint of a version before 0.7 of all cases.
        previous_root: The root of the checkpoint before; empty for the first one.
        root: The root.
        heads_root: The root over ``heads``; None in a checkpoint of a version before 0.7.
        note: The text that names the root for others, and that a signature is made over: origin, number of checkpoints
            and root, a line each; None in a checkpoint of a version before 0.7.
        signature: Signatures of the note; no version makes any yet.
    """

    taken: str
    cases: int
    events: int
    heads: tuple[tuple[str, int, str], ...]
    previous_root: str
    root: str
    heads_root: str | None = None
    note: str | None = None
    signature: str | None = None
