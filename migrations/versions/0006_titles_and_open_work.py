"""Heads say what their case is called; the deadline rows hold what is open without a day, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LEAST_VERSION = "0.11.0"


def upgrade() -> None:
    """Add the columns, empty: what was projected before is worked out anew where it is read."""
    op.add_column("zx_heads", sa.Column("title", sa.Text))
    for column in (
        sa.Column("kind", sa.String(32), nullable=False, server_default="dated"),
        sa.Column("roles", sa.Text, nullable=False, server_default="[]"),
        sa.Column("fact", sa.Text),
        sa.Column("stopped_since", sa.Date),
        sa.Column("units_left", sa.Integer),
        sa.Column("working_calendar", sa.Text),
    ):
        op.add_column("zx_deadlines", column)
    deadlines = sa.table("zx_deadlines", sa.column("day", sa.Date), sa.column("kind", sa.String))
    op.execute(deadlines.update().where(deadlines.c.day.is_(None)).values(kind="waiting"))
    journal = sa.table("zx_journal", sa.column("name", sa.String), sa.column("value", sa.Text))
    op.execute(journal.update().where(journal.c.name == "least_version").values(value=LEAST_VERSION))
