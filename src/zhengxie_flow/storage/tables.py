"""The tables of the journal.

All names start with ``zx_`` so that an embedding program can keep the journal inside its own database.  Types
are those SQLite and PostgreSQL share; what differs stands in `dialects`.  The migrations under
``migrations/`` create these tables (and a test holds the two against each other); nothing calls
``create_all``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from zhengxie_flow.model.assignment import HOLDER_LENGTH
from zhengxie_flow.model.event import CASE_LENGTH, FIELDS, KEY_LENGTH, FieldForm
from zhengxie_flow.storage.dialects import ROW_ID, bytewise

VERSION_TABLE: Final = "zx_schema"
"""Where alembic keeps the revision; not ``alembic_version``, which may be the embedding program's."""

metadata: Final = MetaData()


def _columns_of_events() -> Iterator[Column[Any]]:
    """The columns of the fields of an event, all of which are under its hash (and the hash itself)."""
    for field in FIELDS:
        kind: Any = Text()  # bodies too: JSON types reorder, which would break the hash; times are ISO text as hashed
        if field.form is FieldForm.NUMBER:
            kind = Integer()
        elif field.name in ("case", "key"):  # looked up by
            kind = bytewise(field.size or 0)
        elif field.size is not None:
            kind = String(field.size)
        yield Column(field.column, kind, nullable=field.nullable or field.name == "key" or field.since > 1)


events: Final = Table(
    "zx_events",
    metadata,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),  # order of writing
    *_columns_of_events(),
    Column("occurred_day", Date, nullable=False),  # civil day of `occurred` in the offset it was written with
    UniqueConstraint("case_id", "sequence", name="uq_zx_events_sequence"),
    UniqueConstraint("case_id", "key", name="uq_zx_events_key"),
    CheckConstraint(f"length(case_id) BETWEEN 1 AND {CASE_LENGTH}", name="ck_zx_events_case_id"),
    CheckConstraint("sequence >= 1", name="ck_zx_events_sequence"),
    Index("ix_zx_events_occurred_day", "occurred_day"),
    sqlite_autoincrement=True,  # a row id is never given twice, even after rows were taken out by force
    implicit_returning=False,
)

EVENT_COLUMNS: Final = tuple(column for column in events.c if column.name not in {"id", "occurred_day"})
"""The columns under an event's hash; its row id and the day, for lookups, follow from these."""

personal: Final = Table(
    "zx_personal",
    metadata,
    Column("case_id", bytewise(CASE_LENGTH), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("field", bytewise(500), primary_key=True),  # JSON pointer into the event's body
    Column("digest", Text, nullable=False),  # the salted hash in the event
    Column("value", Text),  # canonical JSON; NULL once erased
    Column("salt", Text),  # NULL once erased, else the value could be guessed
    Column("erased", String(48)),  # when, ISO instant
    Column("ground", Text),  # on what ground
    ForeignKeyConstraint(
        ["case_id", "sequence"], ["zx_events.case_id", "zx_events.sequence"], name="fk_zx_personal_event"
    ),
    CheckConstraint("(value IS NULL) = (salt IS NULL)", name="ck_zx_personal_salt"),
    CheckConstraint("(value IS NULL) = (erased IS NOT NULL)", name="ck_zx_personal_erased"),
)

heads: Final = Table(
    "zx_heads",
    metadata,
    Column("case_id", bytewise(CASE_LENGTH), primary_key=True),
    Column("process", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened", Date, nullable=False),
    Column("updated", String(48), nullable=False),
    Column("hash", Text, nullable=False),
    Column("projected", Date),  # the day its projection was worked out for
    Column("basis", Text),  # hash over the definitions and the calendar it was worked out with
    Column("next_change", Date),  # the first day after it on which time alone may change the case
    Column("parents", Text),  # canonical JSON: the ids of the cases above it; NULL where there are none
    Index("ix_zx_heads_process", "process", "case_id"),
    Index("ix_zx_heads_state", "state", "case_id"),
    Column("title", Text),  # as its projection has it; never a personal value
    Index("ix_zx_heads_next_change", "next_change"),
    Index("ix_zx_heads_projected", "projected"),
    Index("ix_zx_heads_basis", "definition", "basis"),
)

deadlines: Final = Table(
    "zx_deadlines",
    metadata,
    Column("case_id", bytewise(CASE_LENGTH), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),  # order within the case
    Column("obligation", Text, nullable=False),
    Column("item", Text),
    Column("clause", Text),
    Column("bearer", Text),
    Column("direction", String(32), nullable=False),
    Column("amount", Integer),
    Column("unit", String(32)),
    Column("anchor", Text),
    Column("anchor_date", Date),
    Column("anchor_kind", String(32), nullable=False),
    Column("consumed", Integer, nullable=False),
    Column("running_since", Date),
    Column("day", Date),
    Column("earliest", Date),
    Column("latest", Date),
    Column("status", String(32), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("calendar", Text, nullable=False),
    Column("first_day", Date),  # `earliest`, else `day`: the day from which the row matters to `due --until`
    Column("definition", Text),  # hash of the definition of the case
    Column("edition", Text),  # hash of the edition that governs the row
    Column("round", Integer, nullable=False, server_default="1"),
    Column("kind", String(32), nullable=False, server_default="dated"),
    Column("roles", Text, nullable=False, server_default="[]"),  # JSON: the roles
    Column("fact", Text),  # of a determination
    Column("stopped_since", Date),
    Column("units_left", Integer),
    Column("working_calendar", Text),
    Index("ix_zx_deadlines_day", "day"),
    Index("ix_zx_deadlines_first_day", "open", "first_day"),
    Index("ix_zx_deadlines_place", "open", "day", "case_id", "position"),  # the order of the list
)

assignments: Final = Table(
    "zx_assignments",
    metadata,
    Column("case_id", bytewise(CASE_LENGTH), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),  # order within the case: by first day
    Column("role", Text, nullable=False),
    Column("office", bytewise(HOLDER_LENGTH)),  # this or the person
    Column("person", bytewise(HOLDER_LENGTH)),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date),  # the last day, NULL: until another is made
    Index("ix_zx_assignments_office", "office", "case_id"),
    Index("ix_zx_assignments_person", "person", "case_id"),
)
"""To which office or person the roles of each case fall, and when: worked out from the events, like the deadlines."""

users: Final = Table(
    "zx_users",
    metadata,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("person", bytewise(HOLDER_LENGTH), nullable=False),
    Column("change", String(32), nullable=False),  # added, password, disabled
    Column("label", Text),
    Column("password", Text),  # a salted hash with its parameters
    Column("at", String(48), nullable=False),  # ISO instant
    Column("by_person", Text),
    Index("ix_zx_users_person", "person", "id"),
    sqlite_autoincrement=True,
    implicit_returning=False,
)
"""Changes of what is kept of persons, one a row."""

holdings: Final = Table(
    "zx_holdings",
    metadata,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),  # of what is held: role, office
    Column("name", bytewise(HOLDER_LENGTH), nullable=False),
    Column("holder_kind", String(32), nullable=False),  # person, office
    Column("holder", bytewise(HOLDER_LENGTH), nullable=False),
    Column("from_day", Date),
    Column("to_day", Date),  # the last day
    Column("at", String(48), nullable=False),
    Column("by_person", Text),
    sqlite_autoincrement=True,
    implicit_returning=False,
)
"""Who holds which office or role, and when; a later row of the same holding and first day replaces an earlier one."""

refusals: Final = Table(
    "zx_refusals",
    metadata,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("at", String(48), nullable=False),
    Column("actor", Text),
    Column("role", Text),
    Column("action", Text, nullable=False),
    Column("case_id", bytewise(CASE_LENGTH)),
    Column("reason", Text, nullable=False),
    sqlite_autoincrement=True,
    implicit_returning=False,
)
"""What somebody asked for and was not allowed to do."""

definitions: Final = Table(
    "zx_definitions",
    metadata,
    Column("hash", bytewise(160), primary_key=True),
    Column("process", Text, nullable=False),
    Column("bundle", Text, nullable=False),  # JSON in the order written
    Column("sources", Text, nullable=False),  # canonical JSON: file name -> text as read
)

journal_properties: Final = Table(
    "zx_journal",
    metadata,
    Column("name", String(32), primary_key=True),  # least_version: of the program, to read this journal
    Column("value", Text, nullable=False),
)
"""The properties of the journal itself."""

outbox: Final = Table(
    "zx_outbox",
    metadata,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("case_id", bytewise(CASE_LENGTH), nullable=False),
    Column("sequence", Integer, nullable=False),  # the event that caused the message
    Column("topic", Text, nullable=False),
    Column("payload", Text, nullable=False),  # canonical JSON; ids only, never personal data
    Column("due", String(48)),  # not before, ISO instant in UTC
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("claimed_by", Text),
    Column("claimed_until", String(48)),
    Column("delivered", String(48)),
    Column("failure", Text),
    Column("key", bytewise(KEY_LENGTH)),  # of a message that is put in once, however often it arises
    Index("ix_zx_outbox_waiting", "delivered", "due"),
    Index("uq_zx_outbox_key", "key", unique=True),
    sqlite_autoincrement=True,
    implicit_returning=False,
)

jobs: Final = Table(
    "zx_jobs",
    metadata,
    Column("kind", String(32), primary_key=True),  # tick
    Column("subject", bytewise(CASE_LENGTH), primary_key=True),  # the id of the case
    Column("state", String(32), nullable=False),  # waiting, set_aside
    Column("attempts", Integer, nullable=False),
    Column("at", String(48), nullable=False),  # of the last attempt, ISO instant in UTC
    Column("again", String(48)),  # not before
    Column("code", String(32)),
    Column("failure", Text),
)
"""Jobs of workers that failed: those to be tried again, and those set aside."""

workers: Final = Table(
    "zx_workers",
    metadata,
    Column("name", bytewise(HOLDER_LENGTH), primary_key=True),
    Column("started", String(48), nullable=False),  # ISO instant in UTC
    Column("seen", String(48), nullable=False),
    Column("done", String(48)),  # when it last had nothing left to do
    Column("stopped", String(48)),
)
"""The workers, and when they were seen."""

feed: Final = Table(
    "zx_feed",
    metadata,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("case_id", bytewise(CASE_LENGTH), nullable=False),
    Column("first_sequence", Integer, nullable=False),  # of what one write appended to the case
    Column("last_sequence", Integer, nullable=False),
    Column("position", BigInteger),  # of the last of these events; NULL until they are committed and somebody reads
    UniqueConstraint("case_id", "last_sequence", name="uq_zx_feed_sequence"),
    UniqueConstraint("position", name="uq_zx_feed_position"),
    sqlite_autoincrement=True,
    implicit_returning=False,
)
"""Positions of events on PostgreSQL (see `feed`); on SQLite, where row ids are positions, it is empty."""

checkpoints: Final = Table(
    "zx_checkpoints",
    metadata,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("taken", String(48), nullable=False),  # ISO instant
    Column("cases", Integer, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("root", Text, nullable=False),  # hash over this and all earlier checkpoints, with its algorithm
    Column("heads", Text, nullable=False),  # canonical JSON [[case, version, hash], ...] by case, so a loss has a name:
    # of the cases written to since the checkpoint before; where `heads_root` is NULL, as before 0.7, of all cases
    Column("previous_root", Text, nullable=False),
    Column("signature_algorithm", Text),
    Column("key_id", Text),
    Column("signature", Text),  # lines of the signed note; no version makes any yet
    Column("heads_root", Text),  # hash over `heads`, with its algorithm
    Column("note", Text),  # what a signature is made over: origin, number of checkpoints, root
    UniqueConstraint("previous_root", name="uq_zx_checkpoints_previous_root"),  # one line of checkpoints, no fork
    sqlite_autoincrement=True,
    implicit_returning=False,
)
