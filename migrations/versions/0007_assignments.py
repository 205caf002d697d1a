"""Assignments of cases for lists; persons, what they hold, and refusals beside the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LEAST_VERSION = "0.11.0"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT_FOR_EVER = ("zx_users", "zx_holdings")


def bytewise(length: int) -> sa.types.TypeEngine[str]:
    """Text that sorts by code point on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables, empty: an earlier journal has neither assignments nor persons."""
    op.create_table(
        "zx_assignments",
        sa.Column("case_id", bytewise(200), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("office", bytewise(200)),
        sa.Column("person", bytewise(200)),
        sa.Column("from_day", sa.Date, nullable=False),
        sa.Column("to_day", sa.Date),
    )
    op.create_index("ix_zx_assignments_office", "zx_assignments", ["office", "case_id"])
    op.create_index("ix_zx_assignments_person", "zx_assignments", ["person", "case_id"])
    op.create_table(
        "zx_users",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("person", bytewise(200), nullable=False),
        sa.Column("change", sa.String(32), nullable=False),
        sa.Column("label", sa.Text),
        sa.Column("password", sa.Text),
        sa.Column("at", sa.String(48), nullable=False),
        sa.Column("by_person", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_zx_users_person", "zx_users", ["person", "id"])
    op.create_table(
        "zx_holdings",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", bytewise(200), nullable=False),
        sa.Column("holder_kind", sa.String(32), nullable=False),
        sa.Column("holder", bytewise(200), nullable=False),
        sa.Column("from_day", sa.Date),
        sa.Column("to_day", sa.Date),
        sa.Column("at", sa.String(48), nullable=False),
        sa.Column("by_person", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "zx_refusals",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(48), nullable=False),
        sa.Column("actor", sa.Text),
        sa.Column("role", sa.Text),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("case_id", bytewise(200)),
        sa.Column("reason", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    _guard()
    journal = sa.table("zx_journal", sa.column("name", sa.String), sa.column("value", sa.Text))
    op.execute(journal.update().where(journal.c.name == "least_version").values(value=LEAST_VERSION))


def _guard() -> None:
    """What is kept of persons is never changed; refusals may be cleared away by whoever keeps the database."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT_FOR_EVER:
        if postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION zx_append_only()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION zx_append_only()"
            )
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
