"""Alembic of the office: its comparison leaves the journal's tables alone."""

from __future__ import annotations

import os

from alembic import context
from office.tables import Base, database

from zhengxie_flow.storage import include_object

url = context.config.attributes.get("url") or os.environ["OFFICE_DATABASE"]
if context.is_offline_mode():
    context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = database(url)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, include_object=include_object)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()
