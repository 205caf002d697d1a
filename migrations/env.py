"""Run by alembic for every migration; the connection always comes from `zhengxie_flow.storage.upgrade`.

There is no alembic.ini: where the database is, and whose transaction this is, is the caller's business.
"""

from __future__ import annotations

from alembic import context

from zhengxie_flow.storage import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    version_table=tables.VERSION_TABLE,
    transactional_ddl=True,  # SQLite can, once BEGIN has been said
)
with context.begin_transaction():
    context.run_migrations()
