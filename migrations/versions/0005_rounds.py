"""Deadlines say which round of their limit they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LEAST_VERSION = "0.8.0"


def upgrade() -> None:
    """Add the column; the rows that are there count as first rounds, and are worked out anew where they are read."""
    op.add_column("zx_deadlines", sa.Column("round", sa.Integer, nullable=False, server_default="1"))
    journal = sa.table("zx_journal", sa.column("name", sa.String), sa.column("value", sa.Text))
    op.execute(journal.update().where(journal.c.name == "least_version").values(value=LEAST_VERSION))
