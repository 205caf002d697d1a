"""The journal says which version of the program can read it at the least."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LEAST_VERSION = "0.4.0"


def upgrade() -> None:
    """Create the table of what a journal says of itself, with the least version that can read it."""
    about = op.create_table(
        "zx_journal",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.bulk_insert(about, [{"name": "least_version", "value": LEAST_VERSION}])
