"""The journal: events, personal data, heads, deadlines, definitions, outbox, checkpoints.

A migration is a record of what was done and never imports live table definitions.  There is no downgrade: a
journal is never made poorer.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def bytewise(length: int) -> sa.types.TypeEngine[str]:
    """Text that sorts by code point on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create all tables and forbid changing or deleting what they keep for ever."""
    _events()
    _personal()
    _projections()
    _definitions()
    _outbox()
    _checkpoints()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _events() -> None:
    op.create_table(
        "zx_events",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("case_id", bytewise(200), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("action", sa.Text),
        sa.Column("item", sa.Text),
        sa.Column("by_role", sa.Text),
        sa.Column("actor", sa.Text),
        sa.Column("recorded_by", sa.Text),
        sa.Column("occurred", sa.String(48), nullable=False),
        sa.Column("precision", sa.String(8), nullable=False),
        sa.Column("occurred_day", sa.Date, nullable=False),
        sa.Column("recorded", sa.String(48), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("supersedes", sa.Integer),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("key", bytewise(200)),
        sa.Column("previous_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.UniqueConstraint("case_id", "sequence", name="uq_zx_events_sequence"),
        sa.UniqueConstraint("case_id", "key", name="uq_zx_events_key"),
        sa.CheckConstraint("length(case_id) BETWEEN 1 AND 200", name="ck_zx_events_case_id"),
        sa.CheckConstraint("sequence >= 1", name="ck_zx_events_sequence"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_zx_events_occurred_day", "zx_events", ["occurred_day"])


def _personal() -> None:
    op.create_table(
        "zx_personal",
        sa.Column("case_id", bytewise(200), primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("field", bytewise(500), primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("salt", sa.Text),
        sa.Column("erased", sa.String(48)),
        sa.Column("ground", sa.Text),
        sa.ForeignKeyConstraint(
            ["case_id", "sequence"], ["zx_events.case_id", "zx_events.sequence"], name="fk_zx_personal_event"
        ),
        sa.CheckConstraint("(value IS NULL) = (salt IS NULL)", name="ck_zx_personal_salt"),
        sa.CheckConstraint("(value IS NULL) = (erased IS NOT NULL)", name="ck_zx_personal_erased"),
    )


def _projections() -> None:
    op.create_table(
        "zx_heads",
        sa.Column("case_id", bytewise(200), primary_key=True),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened", sa.Date, nullable=False),
        sa.Column("updated", sa.String(48), nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "zx_deadlines",
        sa.Column("case_id", bytewise(200), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("obligation", sa.Text, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("clause", sa.Text),
        sa.Column("bearer", sa.Text),
        sa.Column("direction", sa.String(32), nullable=False),
        sa.Column("amount", sa.Integer),
        sa.Column("unit", sa.String(32)),
        sa.Column("anchor", sa.Text),
        sa.Column("anchor_date", sa.Date),
        sa.Column("anchor_kind", sa.String(32), nullable=False),
        sa.Column("consumed", sa.Integer, nullable=False),
        sa.Column("running_since", sa.Date),
        sa.Column("day", sa.Date),
        sa.Column("earliest", sa.Date),
        sa.Column("latest", sa.Date),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date),
    )
    op.create_index("ix_zx_deadlines_day", "zx_deadlines", ["day"])
    op.create_index("ix_zx_deadlines_first_day", "zx_deadlines", ["open", "first_day"])


def _definitions() -> None:
    op.create_table(
        "zx_definitions",
        sa.Column("hash", bytewise(160), primary_key=True),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("bundle", sa.Text, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
    )


def _outbox() -> None:
    op.create_table(
        "zx_outbox",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("case_id", bytewise(200), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("due", sa.String(48)),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_by", sa.Text),
        sa.Column("claimed_until", sa.String(48)),
        sa.Column("delivered", sa.String(48)),
        sa.Column("failure", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_zx_outbox_waiting", "zx_outbox", ["delivered", "due"])


def _checkpoints() -> None:
    op.create_table(
        "zx_checkpoints",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("taken", sa.String(48), nullable=False),
        sa.Column("cases", sa.Integer, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("heads", sa.Text, nullable=False),
        sa.Column("previous_root", sa.Text, nullable=False),
        sa.Column("signature_algorithm", sa.Text),
        sa.Column("key_id", sa.Text),
        sa.Column("signature", sa.Text),
        sa.UniqueConstraint("previous_root", name="uq_zx_checkpoints_previous_root"),
        sqlite_autoincrement=True,
    )


KEPT_FOR_EVER = ("zx_events", "zx_definitions", "zx_checkpoints")
ERASING = "OLD.value IS NOT NULL AND NEW.value IS NULL AND NEW.digest = OLD.digest AND NEW.field = OLD.field"
SAME_EVENT = "NEW.case_id = OLD.case_id AND NEW.sequence = OLD.sequence"


def _guard_sqlite() -> None:
    for table in KEPT_FOR_EVER:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER zx_personal_no_delete BEFORE DELETE ON zx_personal "
        "BEGIN SELECT RAISE(ABORT, 'zx_personal: a value is erased, its row stays'); END"
    )
    op.execute(
        f"CREATE TRIGGER zx_personal_only_erase BEFORE UPDATE ON zx_personal "
        f"WHEN NOT ({ERASING} AND {SAME_EVENT}) "
        "BEGIN SELECT RAISE(ABORT, 'zx_personal: a value can only be erased'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION zx_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in KEPT_FOR_EVER:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION zx_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION zx_append_only()"
        )
    op.execute(
        "CREATE TRIGGER zx_personal_no_delete BEFORE DELETE ON zx_personal "
        "FOR EACH ROW EXECUTE FUNCTION zx_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER zx_personal_only_erase BEFORE UPDATE ON zx_personal FOR EACH ROW "
        f"WHEN (NOT ({ERASING} AND {SAME_EVENT})) EXECUTE FUNCTION zx_append_only()"
    )
