"""``zhengxie due``: the open deadlines of all cases."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.damage import Damage
from zhengxie_flow.cli.output.stream import write_raw
from zhengxie_flow.cli.parsing import day
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import StorageError, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhengxie_flow.bootstrap import Engine
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.ports import DeadlineRow
    from zhengxie_flow.presentation.documents.deadlines import DueList
    from zhengxie_flow.presentation.labels import Labels


STDOUT = "-"


def command(
    context: typer.Context,
    until: Annotated[str | None, typer.Option("--until", metavar="D")] = None,
    ics: Annotated[str | None, typer.Option("--ics", metavar="FILE")] = None,
) -> int:
    """List the deadlines by day; overdue is computed against today, and stored nowhere."""
    from zhengxie_flow.presentation.documents.deadlines import due_list
    from zhengxie_flow.presentation.due_rows import worded, words_of

    session, damage = session_of(context), Damage()
    if ics == STDOUT and session.json:
        raise UsageError("ZX6062")
    last = None if until is None else day(until)
    engine = session.engine(read_only=True)
    rows = engine.due(last, damaged=damage)
    today = session.today()
    if ics is not None:
        content = _ics(session, engine, rows, damage)
        if ics == STDOUT:
            write_raw(content.decode())  # its lines end as the format wants it; its texts are one line each
            return damage.report()
        _write_file(Path(ics), content)
    for row in rows:  # names what cannot be read of its definition
        session.labels_unless_damaged(row.case, row.definition, damage)
    words = words_of(engine.context, today, session.message_language)
    due = replace(worded(due_list(rows, today, last, ics), words), damaged=damage.documents())
    session.say(due, lambda page: _text(page, due))
    return damage.report()


def _ics(session: Session, engine: Engine, rows: Sequence[DeadlineRow], damage: Damage) -> bytes:
    """Build the iCalendar file of the deadlines."""
    from zhengxie_flow.reports.ics import Entry, document as ics_document

    heads = {head.case: head for head in engine.heads(damaged=damage)}
    entries = []
    for row in rows:
        if (head := heads.get(row.case)) is not None:
            labels = session.labels_unless_damaged(row.case, head.definition, damage)
            duty, who = (row.obligation, row.bearer) if labels is None else _named(labels, row)
            entries.append(Entry(row, head, duty, who))
    return ics_document(entries, session.now(), session.language)


def _named(labels: Labels, row: DeadlineRow) -> tuple[str, str | None]:
    """The duty of a row, and who owes it."""
    who = labels.role(row.bearer) if row.bearer else None
    holder = row.office or row.person
    return labels.of(row.obligation), f"{who} ({holder})" if who and holder else who


def _write_file(path: Path, content: bytes) -> None:
    """Write the file atomically: a program that reads it meanwhile sees the old one or the new."""
    part = path.parent / f"{path.name}.{os.getpid()}.part"
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise StorageError("ZX6063", where=Where(str(path)), reason=error.strerror or str(error)) from error


def _text(page: Page, due: DueList) -> None:
    if not due.deadlines:
        page.line(page.say("cli.none"))
        return
    from zhengxie_flow.cli.rendering.due import table

    table(page, due.deadlines)
