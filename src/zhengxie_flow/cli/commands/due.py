"""``zhengxie due``: the open deadlines of all cases."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli import options
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
    from zhengxie_flow.presentation.documents.deadlines import DueDeadline, DueList
    from zhengxie_flow.presentation.labels import Labels


STDOUT = "-"


def command(
    context: typer.Context,
    until: Annotated[str | None, typer.Option("--until", metavar="D")] = None,
    ics: Annotated[str | None, typer.Option("--ics", metavar="FILE")] = None,
    process: options.Process = None,
    state: options.State = None,
    office: options.Office = None,
    person: options.Person = None,
    parent: options.Parent = None,
    text: options.Text = None,
    after: options.After = None,
    limit: options.Limit = None,
    format: options.Table = None,  # noqa: A002  # the option's name
) -> int:
    """List the deadlines by day; overdue is computed against today, and stored nowhere."""
    from zhengxie_flow.cli.paging import every_deadline
    from zhengxie_flow.presentation.documents.deadlines import DueList

    session, damage = session_of(context), Damage()
    csv = options.apply_format(session, format)
    filters = {
        "process": process, "state": state, "office": office, "person": person, "parent": parent, "text": text,
    }  # fmt: skip
    if ics == STDOUT and session.json:
        raise UsageError("ZX6062")
    last = None if until is None else day(until)
    engine = session.engine(read_only=True)
    page = every_deadline(engine, (last, filters, session.message_language), after, limit, damage)
    if ics is not None:
        content = _ics(session, engine, [deadline.row for deadline in page.rows], damage)
        if ics == STDOUT:
            write_raw(content.decode())  # its lines end as the format wants it; its texts are one line each
            return damage.report()
        _write_file(Path(ics), content)
    for deadline in page.rows:  # names what cannot be read of its definition
        session.labels_unless_damaged(deadline.row.case, deadline.row.definition, damage)
    if csv:
        write_raw(_sheet(session, page.rows))
        return damage.report()
    due = DueList(page.today, last, ics, page.rows, page.next, damage.documents())
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
    if due.next is not None:
        page.line((page.say("cli.page.next", after=due.next), "dim"))


def _sheet(session: Session, deadlines: Sequence[DueDeadline]) -> str:
    """What is open as a table for spreadsheets."""
    from zhengxie_flow.cli.output.sheet import sheet

    heads = ("day", "left", "overdue", "case", "title", "obligation", "item", "what", "who", "sentence")
    rows: list[tuple[str | int | None, ...]] = []
    for deadline in deadlines:
        row, late = deadline.row, session.text("cli.yes") if deadline.overdue else None
        last = None if row.day is None else row.day.isoformat()
        who = ", ".join(bearer.label for bearer in deadline.bearers)
        rows.append((
            last, deadline.days_left, late, row.case, deadline.case_title, row.obligation, row.item, deadline.title,
            who, deadline.sentence,
        ))  # fmt: skip
    return sheet([session.text(f"cli.head.{name}") for name in heads], rows)
