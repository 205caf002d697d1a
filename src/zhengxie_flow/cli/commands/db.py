"""``zhengxie db``: the schema of the database."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.session import session_of
from zhengxie_flow.errors import UsageError


def upgrade(
    context: typer.Context,
    sql: Annotated[bool, typer.Option("--sql")] = False,
    start: Annotated[str | None, typer.Option("--from", metavar="REV")] = None,
) -> None:
    """Create the tables, or upgrade them to the newest schema; with ``--sql`` print what does it and change nothing."""
    from zhengxie_flow import storage
    from zhengxie_flow.presentation.documents.journals import UpgradedDatabase, UpgradeStatements

    session = session_of(context)
    if sql:
        script = storage.upgrade_script(session.settings.db, start=start, busy_timeout=session.patience)
        document = UpgradeStatements(script.dialect, script.start, script.sql)
        session.say(UpgradedDatabase(session.database, script.revision, document), script.sql.rstrip("\n"))
        return
    if start is not None:
        raise UsageError("ZX6004", name="--sql")
    revision = storage.upgrade(session.settings.db, busy_timeout=session.patience)
    session.say(
        UpgradedDatabase(session.database, revision),
        session.text("cli.db.at", database=session.database, schema=revision),
    )


def current(context: typer.Context) -> None:
    """Show the schema of the database, null when it holds no journal, and what it lacks of the newest."""
    from zhengxie_flow import storage
    from zhengxie_flow.presentation.documents.journals import DatabaseSchema

    session = session_of(context)
    state = storage.schema_health(session.settings.db, session.patience)
    name = session.database
    lines = [session.text("cli.db.at", database=name, schema=state.revision)]
    if state.missing:
        lines.append(session.text("cli.db.missing", newest=state.newest, missing=state.missing))
    if state.revision != state.newest:
        lines.append(session.text("cli.db.upgrade_it" if state.missing else "cli.db.newer", newest=state.newest))
    session.say(DatabaseSchema(name, state.revision, state.newest, state.missing), "\n".join(lines))


def rebuild(context: typer.Context) -> None:
    """Rewrite heads and deadlines that differ from the fold of the events."""
    from zhengxie_flow.presentation.documents.journals import Rebuilt

    session = session_of(context)
    findings = session.engine().rebuild()
    count = len({finding.case for finding in findings})
    session.say(
        Rebuilt(session.database, findings), session.text("cli.db.rebuilt", database=session.database, count=count)
    )


def checkpoint(context: typer.Context) -> None:
    """Take a checkpoint: the heads of all cases under one root hash, to be kept elsewhere."""
    from datetime import datetime

    from zhengxie_flow.calendars import CHINA_TIME
    from zhengxie_flow.presentation.documents.journals import checkpoint_taken

    session = session_of(context)
    taken = checkpoint_taken(session.database, session.engine().checkpoint())
    when = datetime.fromisoformat(taken.taken).astimezone(CHINA_TIME).isoformat(timespec="minutes")
    text = session.text("cli.db.checkpointed", count=taken.cases, taken=when, root=taken.root)
    if taken.note is not None:
        text = f"{text}\n{session.text('cli.db.note')}\n{taken.note}".rstrip()
    session.say(taken, text)


def backup(context: typer.Context, file: Annotated[str, typer.Argument(metavar="FILE")]) -> None:
    """Copy an SQLite database to a new file as it stands at one moment, while others write on."""
    from zhengxie_flow import storage
    from zhengxie_flow.presentation.documents.journals import DatabaseBackup

    session = session_of(context)
    done = storage.back_up(session.settings.db, file, busy_timeout=session.patience)
    folder = session.attachments_folder()
    text = session.text("cli.db.backed_up", database=session.database, file=file, bytes=done.size)
    if folder is not None:
        text = f"{text}\n{session.text('cli.db.attachments_next', folder=folder)}"
    session.say(DatabaseBackup(session.database, file, done.schema, done.size, folder), text)


SUBCOMMANDS = {
    "upgrade": upgrade, "current": current, "rebuild": rebuild, "checkpoint": checkpoint, "backup": backup,
}  # fmt: skip
