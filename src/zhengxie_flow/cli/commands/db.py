"""``zhengxie db``: the schema of the database."""

from __future__ import annotations

from dataclasses import asdict

import typer

from zhengxie_flow.cli.session import session_of


def upgrade(context: typer.Context) -> None:
    """Make the tables, or bring them to the newest schema."""
    from zhengxie_flow import storage

    session = session_of(context)
    revision = storage.upgrade(session.settings.db)
    data = {"database": session.database, "schema": revision}
    session.say(data, session.text("cli.db.at", database=session.database, schema=revision))


def current(context: typer.Context) -> None:
    """Show which schema the database is at; null when it holds no journal."""
    from zhengxie_flow import storage

    session = session_of(context)
    revision = storage.current(session.settings.db)
    data = {"database": session.database, "schema": revision}
    session.say(data, session.text("cli.db.at", database=session.database, schema=revision))


def rebuild(context: typer.Context) -> None:
    """Write heads and deadlines anew where they are not what the events give."""
    session = session_of(context)
    found = session.engine().rebuild()
    data = {"database": session.database, "rebuilt": [asdict(finding) for finding in found]}
    count = len({finding.case for finding in found})
    session.say(data, session.text("cli.db.rebuilt", database=session.database, count=count))


def checkpoint(context: typer.Context) -> None:
    """Keep where every case stands, under one hash to be written down elsewhere."""
    session = session_of(context)
    made = session.engine().checkpoint()
    data = {"database": session.database, "taken": made.taken, "cases": len(made.heads), "root": made.root}
    session.say(data, session.text("cli.db.checkpointed", count=len(made.heads), taken=made.taken[:16], root=made.root))


FAMILY = {"upgrade": upgrade, "current": current, "rebuild": rebuild, "checkpoint": checkpoint}
