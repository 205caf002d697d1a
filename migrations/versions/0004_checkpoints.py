"""Checkpoints hold the heads that changed, under a root of their own, with the note that names them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LEAST_VERSION = "0.7.0"


def upgrade() -> None:
    """Add the columns, empty in the checkpoints that are there: those hold all heads, and are read as they are."""
    for name in ("heads_root", "note"):  # not in a batch: SQLite would copy the table, and lose its triggers
        op.add_column("zx_checkpoints", sa.Column(name, sa.Text))
    journal = sa.table("zx_journal", sa.column("name", sa.String), sa.column("value", sa.Text))
    op.execute(journal.update().where(journal.c.name == "least_version").values(value=LEAST_VERSION))
