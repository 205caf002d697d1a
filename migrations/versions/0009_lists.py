"""Heads name the cases above them, and lists are read page by page in the order of an index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LEAST_VERSION = "0.11.0"
LINKING = ("opened", "linked")


def upgrade() -> None:
    """Add the column with what the events say, and the indexes."""
    op.add_column("zx_heads", sa.Column("parents", sa.Text))
    _keep_parents()
    op.create_index("ix_zx_heads_process", "zx_heads", ["process", "case_id"])
    op.create_index("ix_zx_heads_state", "zx_heads", ["state", "case_id"])
    op.create_index("ix_zx_deadlines_place", "zx_deadlines", ["open", "day", "case_id", "position"])
    journal = sa.table("zx_journal", sa.column("name", sa.String), sa.column("value", sa.Text))
    op.execute(journal.update().where(journal.c.name == "least_version").values(value=LEAST_VERSION))


def _keep_parents() -> None:
    """Every parent that a case has ever had: what no longer counts is left out where the head is written next."""
    parents: dict[str, list[str]] = {}
    for case, parent in _links():
        above = parents.setdefault(case, [])
        above += [] if parent in above else [parent]
    heads = sa.table("zx_heads", sa.column("case_id", sa.String), sa.column("parents", sa.Text))
    for case, above in parents.items():
        text = json.dumps(above, ensure_ascii=False, separators=(",", ":"))
        op.execute(heads.update().where(heads.c.case_id == case).values(parents=text))


def _links() -> Iterator[tuple[str, str]]:
    columns = [sa.column(name, sa.Text) for name in ("case_id", "body", "type")]
    case, body, kind = columns
    query = sa.select(case, body).select_from(sa.table("zx_events", *columns)).where(kind.in_(LINKING))
    if op.get_context().as_sql:  # nothing is read where only a script is made: lists are worked out anew
        return
    for row in op.get_bind().execute(query.where(body.like('%"parent":%')).order_by(case)):
        parent = _parent(row.body)
        if parent is not None:
            yield row.case_id, parent


def _parent(text: Any) -> str | None:
    try:
        parent = json.loads(text)["parent"]["case"]
    except (ValueError, TypeError, LookupError):  # for `verify` to name
        return None
    return parent if isinstance(parent, str) else None
