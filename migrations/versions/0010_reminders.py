"""Messages of the outbox have a key of their own, and what workers do and cannot do is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LEAST_VERSION = "0.12.0"


def bytewise(length: int) -> sa.types.TypeEngine[str]:
    """Text that sorts by code point on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column, and the tables of workers."""
    op.add_column("zx_outbox", sa.Column("key", bytewise(200)))
    op.create_index("uq_zx_outbox_key", "zx_outbox", ["key"], unique=True)
    op.create_index("ix_zx_heads_projected", "zx_heads", ["projected"])
    op.create_table(
        "zx_jobs",
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("subject", bytewise(200), primary_key=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("at", sa.String(48), nullable=False),
        sa.Column("again", sa.String(48)),
        sa.Column("code", sa.String(32)),
        sa.Column("failure", sa.Text),
    )
    op.create_table(
        "zx_workers",
        sa.Column("name", bytewise(200), primary_key=True),
        sa.Column("started", sa.String(48), nullable=False),
        sa.Column("seen", sa.String(48), nullable=False),
        sa.Column("done", sa.String(48)),
        sa.Column("stopped", sa.String(48)),
    )
    journal = sa.table("zx_journal", sa.column("name", sa.String), sa.column("value", sa.Text))
    op.execute(journal.update().where(journal.c.name == "least_version").values(value=LEAST_VERSION))
