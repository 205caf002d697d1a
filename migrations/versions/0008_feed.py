"""Events have positions in a feed, given on PostgreSQL when they are committed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LEAST_VERSION = "0.11.0"


def upgrade() -> None:
    """Add the table; on PostgreSQL the events that are there get the positions in which they were written."""
    postgresql = op.get_context().dialect.name == "postgresql"
    case = sa.String(200, collation="C") if postgresql else sa.String(200)
    op.create_table(
        "zx_feed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("case_id", case, nullable=False),
        sa.Column("first_sequence", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger),
        sa.UniqueConstraint("case_id", "last_sequence", name="uq_zx_feed_sequence"),
        sa.UniqueConstraint("position", name="uq_zx_feed_position"),
        sqlite_autoincrement=True,
    )
    if postgresql:
        op.execute("LOCK TABLE zx_events IN SHARE MODE")
        op.execute(
            "INSERT INTO zx_feed (case_id, first_sequence, last_sequence, position) "
            "SELECT case_id, sequence, sequence, row_number() OVER (ORDER BY id) FROM zx_events ORDER BY id"
        )
    journal = sa.table("zx_journal", sa.column("name", sa.String), sa.column("value", sa.Text))
    op.execute(journal.update().where(journal.c.name == "least_version").values(value=LEAST_VERSION))
