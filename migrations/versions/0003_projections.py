"""Heads say when time alone changes their case, and what they and their deadlines were worked out from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LEAST_VERSION = "0.6.0"


def upgrade() -> None:
    """Add the columns, empty: what was projected before is worked out anew where it is read."""
    with op.batch_alter_table("zx_heads") as heads:
        heads.add_column(sa.Column("projected", sa.Date))
        heads.add_column(sa.Column("basis", sa.Text))
        heads.add_column(sa.Column("next_change", sa.Date))
    op.create_index("ix_zx_heads_next_change", "zx_heads", ["next_change"])
    op.create_index("ix_zx_heads_basis", "zx_heads", ["definition", "basis"])
    with op.batch_alter_table("zx_deadlines") as deadlines:
        deadlines.add_column(sa.Column("definition", sa.Text))
        deadlines.add_column(sa.Column("edition", sa.Text))
    journal = sa.table("zx_journal", sa.column("name", sa.String), sa.column("value", sa.Text))
    op.execute(journal.update().where(journal.c.name == "least_version").values(value=LEAST_VERSION))
