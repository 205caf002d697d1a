"""Letters and bells, and the journal beside them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhengxie_flow.storage import upgrade_within

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the office and those of the journal, all or none."""
    case = sa.Column("case", sa.String(200), primary_key=True)
    op.create_table("letters", case, sa.Column("sender", sa.String, nullable=False))
    of_case = sa.Column("case", sa.String(200), nullable=False, index=True)
    text = sa.Column("text", sa.String, nullable=False)
    op.create_table("bells", sa.Column("id", sa.Integer, primary_key=True), of_case, text)
    upgrade_within(op)


def downgrade() -> None:
    """The journal stays: it is kept for ever."""
    op.drop_table("bells")
    op.drop_table("letters")
