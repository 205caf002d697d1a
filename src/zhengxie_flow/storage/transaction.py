"""Write transaction of the journal in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from zhengxie_flow.errors import ChainBroken, NotFound, Where
from zhengxie_flow.ports import NOTHING_PERSONAL, StoredRows
from zhengxie_flow.storage import (
    assignment_rows,
    case_events,
    chain,
    deadline_writing,
    erasures,
    feed,
    outbox,
    personal_rows,
    rows,
    tables,
)
from zhengxie_flow.storage.dialects import Target, insert_once, is_key_violation, lock_out
from zhengxie_flow.storage.digests import GENESIS
from zhengxie_flow.storage.faults import translated
from zhengxie_flow.storage.guarding import guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from zhengxie_flow.model.event import Event
    from zhengxie_flow.ports import (
        AssignmentRow,
        DeadlineRow,
        Head,
        NewMessage,
        PersonalDatum,
        Projection,
        RowChange,
        SealedEvent,
        StoredDefinition,
    )
    from zhengxie_flow.storage.raw import AnyRow

_case: BindParameter[str] = bindparam("case")
_HAS_ASSIGNMENTS = select(tables.assignments.c.position).where(tables.assignments.c.case_id == _case).exists()
_HEAD = (
    select(tables.heads, _HAS_ASSIGNMENTS.label("assigned")).where(tables.heads.c.case_id == _case).with_for_update()
)
_BY_KEY = select(*tables.EVENT_COLUMNS).where(tables.events.c.case_id == _case, tables.events.c.key == bindparam("key"))
_KNOWN_DEFINITION = select(tables.definitions.c.hash).where(tables.definitions.c.hash == bindparam("digest"))
_ADVANCE_HEAD = update(tables.heads).where(
    tables.heads.c.case_id == _case, tables.heads.c.version == bindparam("expected")
)
_PROJECT = update(tables.heads).where(tables.heads.c.case_id == _case)
_DROP_ASSIGNMENTS = delete(tables.assignments).where(tables.assignments.c.case_id == _case)
_DEADLINES = select(tables.deadlines).where(tables.deadlines.c.case_id == _case).order_by(tables.deadlines.c.position)


class SqlTransaction:
    """Write transaction (see `zhengxie_flow.ports.Transaction`); made by `SqlJournal.transaction`.

    Once an `append` was refused the whole write is lost: leaving it raises that error again, even if it was caught, so
    that a half-done write can never be kept by mistake.
    """

    def __init__(self, connection: Connection, where: Target, hash_name: str) -> None:
        self._connection = connection
        self._where = where
        self._hash_name = hash_name
        self._heads: dict[str, Head | None] = {}
        self._definitions: set[str] = set()
        self._unassigned: set[str] = set()  # the cases of which no assignment is kept
        self._before: dict[str, AnyRow] = {}  # heads as first read
        self._rows: dict[str, StoredRows] = {}  # by this write
        self._spoiled: Exception | None = None
        self._ranges: list[tuple[str, int, int]] = []
        self.appended: list[Event] = []
        self.main: Event | None = None
        self.erased = False

    @property
    def connection(self) -> Connection:
        """The connection of the write."""
        return self._connection

    def head(self, case: str) -> Head | None:
        """Return the case's head as seen inside this write; its row is locked on PostgreSQL.

        Args:
            case: The id of the case.

        Returns:
            The head; None where there is no such case.
        """
        if case not in self._heads:
            with translated(self._where):
                result = self._connection.execute(_HEAD, {"case": case})
                self._heads[case] = next(rows.read(result, self._to_head, "zx_heads"), None)
        return self._heads[case]

    def _to_head(self, row: AnyRow) -> Head:
        if not row.assigned:
            self._unassigned.add(row.case_id)
        self._before.setdefault(row.case_id, row)
        return rows.to_head(row)

    def lock_all(self) -> None:
        """Let nobody else write to any case until the end of this write; to be called first of all."""
        with translated(self._where):
            lock_out(self._connection, tables.heads)

    def events(self, case: str) -> tuple[Event, ...]:
        """Return all events of a case in journal order, with those this write appended.

        Args:
            case: The id of the case.

        Returns:
            The events; none for an unknown case.

        Raises:
            ChainBroken: ZX5902, they do not end where the head says, so nothing is to be built on them.
        """
        self.head(case)  # first of all: it locks the case
        with translated(self._where):
            stored = case_events.all_events(self._connection, case)
        self._check_end(case, stored, (0, GENESIS))
        return stored

    def events_since(self, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
        """Return the events of a case after a version (see `zhengxie_flow.ports.Transaction.events_since`)."""
        self.head(case)
        with translated(self._where):
            stored = case_events.events_since(self._connection, case, version, digest)
        if stored is not None:
            self._check_end(case, stored, (version, digest))
        return stored

    def _check_end(self, case: str, stored: Sequence[Event], before: tuple[int, str]) -> None:
        """Check that events which follow on a version end where the head says."""
        head = self.head(case)
        end = (stored[-1].sequence, stored[-1].hash) if stored else before
        if end != ((head.version, head.hash) if head else (0, GENESIS)):
            raise ChainBroken("ZX5902", where=Where(case=case), version=head.version if head else 0, found=end[0])

    def find_key(self, case: str, key: str) -> Event | None:
        """Find the event already written under an idempotency key.

        Args:
            case: The id of the case.
            key: The key.

        Returns:
            The event; None where the key is new.
        """
        if not key:
            return None
        with translated(self._where):
            row = self._connection.execute(_BY_KEY, {"case": case, "key": key}).one_or_none()
            if row is None:
                return None
            return rows.to_event(row, personal_rows.by_event(self._connection, case).get(row.sequence, ()))

    def append(
        self,
        head: Head,
        events: Sequence[Event],
        *,
        expected_version: int,
        personal: Mapping[int, Sequence[str]] = NOTHING_PERSONAL,
    ) -> tuple[Event, ...]:
        """Chain, hash and write events and the new head.

        That takes two statements besides the reading of the old head, and one more where there are personal values.

        Args:
            head: The new head.
            events: The events, with ``sequence`` set.
            expected_version: The version the case must have; 0 where it does not exist yet.
            personal: By sequence, the JSON pointers of the personal values in an event's body.

        Returns:
            The events with their hashes.

        Raises:
            Conflict: ZX4031, the case is at another version; ZX4030, a key is taken.
            InvalidInput: ZX5009, an event holds a value that cannot be stored.
            UsageError: ZX4037, the case id cannot be stored.
        """
        try:
            with translated(self._where):
                return self._append(head, events, expected_version, personal)
        except Exception as error:
            self._spoiled = self._spoiled or error
            raise

    def _append(
        self, head: Head, events: Sequence[Event], expected_version: int, personal: Mapping[int, Sequence[str]]
    ) -> tuple[Event, ...]:
        chain.check_order(head, events, expected_version)
        _, previous = self._end(head.case, expected_version)
        chained = chain.link(events, previous, self._hash_name, personal)
        return self._insert(head, chained, expected_version)

    def append_sealed(
        self, head: Head, events: Sequence[SealedEvent], *, expected_version: int, personal: Sequence[PersonalDatum]
    ) -> None:
        """Write events that were hashed elsewhere (see `zhengxie_flow.ports.Transaction.append_sealed`)."""
        try:
            with translated(self._where):
                before = self._end(head.case, expected_version)
                chained = chain.linked_elsewhere(head.case, events, personal, before)
                self._insert(head, chained, expected_version)
        except Exception as error:
            self._spoiled = self._spoiled or error
            raise

    def _end(self, case: str, expected_version: int) -> tuple[int, str]:
        """The version and the last hash of a case, which must be at a version."""
        before = self.head(case)
        version, previous = (before.version, before.hash) if before else (0, GENESIS)
        if version != expected_version:
            raise chain.stale(case, expected_version, version)
        return version, previous

    def _insert(self, head: Head, chained: Sequence[chain.Chained], expected_version: int) -> tuple[Event, ...]:
        """Write the rows of events, and the head first: it says at once who was slower."""
        last = chained[-1]
        finished = chain.finished_head(head, last.record["sequence"], last.hash)
        self._write_head(finished, expected_version)
        try:
            self._connection.execute(
                insert(tables.events), [rows.event_row(link.record, link.hash) for link in chained]
            )
        except IntegrityError as error:
            if is_key_violation(error):
                keys = ", ".join(link.record["key"] for link in chained if link.record["key"])
                raise chain.key_taken(head.case, keys) from error
            raise chain.stale(head.case, expected_version, last.record["sequence"]) from error
        self._heads[head.case] = finished
        if data := [datum for link in chained for datum in link.personal]:
            self._connection.execute(insert(tables.personal), [personal_rows.personal_row(datum) for datum in data])
        written = tuple(link.event() for link in chained)
        self.appended += written
        if self._connection.dialect.name != "sqlite":
            self._ranges.append((head.case, written[0].sequence, written[-1].sequence))
        return written

    def _write_head(self, head: Head, expected: int) -> None:
        """The version is compared again by the statement that writes, whatever was read before."""
        if expected == 0:
            try:
                self._connection.execute(insert(tables.heads).inline(), rows.head_row(head))
            except IntegrityError as error:  # the case was opened since it was read
                raise chain.stale(head.case, 0, 1) from error
            self._unassigned.add(head.case)
            return
        values = rows.head_row(head)
        values["case"] = values.pop("case_id")
        result = self._connection.execute(_ADVANCE_HEAD, {**values, "expected": expected})
        if result.rowcount != 1:
            raise chain.stale(head.case, expected, expected + 1)

    def restate(self, head: Head) -> None:
        """Rewrite the columns of a head except its version and hash.

        Args:
            head: The head as the events give it.
        """
        values = {name: value for name, value in rows.head_row(head).items() if name not in ("version", "hash")}
        table = tables.heads
        with translated(self._where):
            self._connection.execute(update(table).where(table.c.case_id == head.case).values(values))
        self._heads.pop(head.case, None)

    def project(self, projection: Projection, change: RowChange | None = None) -> StoredRows | None:
        """Replace what is kept of a case for quick lists (see `zhengxie_flow.ports.Transaction.project`).

        Raises:
            InternalError: ZX5017, a row belongs to another case.
        """
        case = projection.case
        stands = deadline_writing.stands(change, self._rows.get(case), self._before.get(case))
        with translated(self._where):
            self._connection.execute(_PROJECT, {"case": case, **rows.projection_columns(projection)})
            positions = deadline_writing.write_rows(self._connection, projection, change if stands else None)
            self._assign(case, projection.assignments)
        head = self._heads.get(case)
        if head is None:
            return None
        stored = StoredRows(head.version, head.hash, projection.as_of, projection.basis, positions)
        self._rows[case] = stored
        return stored

    def _assign(self, case: str, assignments: Sequence[AssignmentRow]) -> None:
        """Replace the assignments that are kept of a case; most have none, which the reading of its head tells."""
        if case not in self._unassigned:
            self._connection.execute(_DROP_ASSIGNMENTS, {"case": case})
            self._unassigned.add(case)
        if assignments:
            values = [assignment_rows.assignment_row(row, position) for position, row in enumerate(assignments)]
            self._connection.execute(insert(tables.assignments), values)
            self._unassigned.discard(case)

    def deadlines(self, case: str) -> tuple[DeadlineRow, ...]:
        """Return the deadline rows kept of a case, as this write sees them.

        Args:
            case: The id of the case.

        Returns:
            The rows in their order.
        """
        with translated(self._where):
            stored = self._connection.execute(_DEADLINES, {"case": case})
            return tuple(rows.read(stored, rows.to_deadline, tables.deadlines.name))

    def put(self, messages: Sequence[NewMessage]) -> None:
        """Put messages into the outbox.

        Args:
            messages: The messages.
        """
        with translated(self._where):
            outbox.put(self._connection, messages)

    def guarded(self) -> AbstractContextManager[None]:
        """Let somebody else work in the write (see `zhengxie_flow.ports.Transaction.guarded`)."""
        return guarded(self._connection, self._where, self.appended[0].hash if self.appended else None)

    def keep_definition(self, definition: StoredDefinition) -> None:
        """Store a resolved definition under its hash, unless it is stored already.

        Args:
            definition: The definition.

        Raises:
            StorageError: ZX5008, its id is not its hash.
        """
        if definition.hash in self._definitions:
            return
        with translated(self._where):
            stored = self._connection.execute(_KNOWN_DEFINITION, {"digest": definition.hash}).first()
            if stored is None:
                chain.check_definition(definition)
                insert_once(self._connection, tables.definitions, rows.definition_row(definition))
        self._definitions.add(definition.hash)

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """Return the personal values of a case, erased ones too.

        Args:
            case: The id of the case.

        Returns:
            The values by event and field.
        """
        with translated(self._where):
            return personal_rows.of_case(self._connection, case)

    def erase_personal(self, case: str, sequence: int, field: str, *, at: datetime, ground: str) -> None:
        """Erase one personal value for good; the chain stays valid and `verify` reports it as ``erased``.

        Args:
            case: The id of the case.
            sequence: The number of the event.
            field: The JSON pointer into the event's body.
            at: The instant of the erasure.
            ground: The ground of the erasure.

        Raises:
            NotFound: ZX5020, there is no such value, or it was erased before.
        """
        personal = tables.personal
        statement = (
            update(personal)
            .where(personal.c.case_id == case, personal.c.sequence == sequence, personal.c.field == field)
            .where(personal.c.value.is_not(None))
            .values(value=None, salt=None, erased=at.isoformat(), ground=ground)
        )
        with translated(self._where):
            if self._connection.execute(statement).rowcount != 1:
                raise NotFound("ZX5020", where=Where(case=case, event=sequence), field=field)
            erasures.begin(self._connection, at)
        self.erased = True

    def settle(self) -> None:
        """Raise the error of a refused append again, so that its write is not kept; else note it for the feed."""
        if self._spoiled is not None:
            raise self._spoiled
        if self._ranges:
            with translated(self._where):
                feed.note(self._connection, self._ranges)
