"""``zhengxie calendar import``, ``doctor`` and ``diff``: import notices, examine the calendar, compare it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhengxie_flow.cli.failures import DONE, NO, problem_text
from zhengxie_flow.cli.options import DryRun
from zhengxie_flow.cli.parsing import day as civil_day
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import StorageError, UsageError

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap import Engine
    from zhengxie_flow.calendars import Snapshot
    from zhengxie_flow.calendars.difference import Difference
    from zhengxie_flow.cli.output.cell import Cell
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.reading.calendar_doctor import Examination, LibraryComparison
    from zhengxie_flow.reading.notices import ImportedNotice
    from zhengxie_flow.services.commands.recount_preview import RecountPreview

NO_DATABASE = "ZX5001"


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE")],
    notice_no: Annotated[str | None, typer.Option("--notice-no", metavar="NO")] = None,
    published: Annotated[str | None, typer.Option("--published", metavar="D")] = None,
    dry_run: DryRun = False,
) -> None:
    """Import the notices of a file into the project, then recompute the open deadlines of its cases."""
    from zhengxie_flow.presentation.documents.notices import CalendarImport, NoticeDocument
    from zhengxie_flow.presentation.documents.problems import problem_document
    from zhengxie_flow.reading.notices import NoticeSource, import_notice

    session = session_of(context)
    if session.folder is None:
        raise UsageError("ZX6060")
    source = NoticeSource(Path(file), notice_no, None if published is None else civil_day(published))
    # An unusable database is reported before anything is written.
    engine = _engine(session, read_only=dry_run)
    imported = import_notice(source, session.folder / "rules", recorded_at=session.now(), trial=dry_run)
    changed = None if engine is None else _changed(engine, imported, dry_run=dry_run)
    answer = CalendarImport(
        file=file,
        dry_run=dry_run,
        written=None if imported.path is None else str(imported.path),
        new=tuple(NoticeDocument(notice.number, notice.year, notice.published) for notice in imported.new),
        known=imported.known,
        warnings=tuple(problem_document(warning, session.message_language) for warning in imported.warnings),
        difference=imported.difference,
        deadlines=None if changed is None else changed.deadlines,
        verdicts=None if changed is None or not dry_run else changed.verdicts,
        unmapped=imported.unmapped,
    )
    session.say(answer, lambda page: _imported(page, imported, changed, dry_run=dry_run))


def _changed(engine: Engine, imported: ImportedNotice, *, dry_run: bool) -> RecountPreview:
    """The deadlines that moved, or on a trial run would move, with the verdicts that would change."""
    from zhengxie_flow.services.commands.recount_preview import RecountPreview

    return engine.preview_recompute(imported.new) if dry_run else RecountPreview(engine.recompute(), ())


def _engine(session: Session, *, read_only: bool) -> Engine | None:
    """Open the engine on the project's database; None where there is no database."""
    try:
        return session.engine(read_only=read_only)
    except StorageError as error:
        if error.code != NO_DATABASE:
            raise
        return None


def doctor(context: typer.Context) -> int:
    """Compare the calendar with other libraries, and with today."""
    from zhengxie_flow.presentation.documents.notices import CalendarExamination
    from zhengxie_flow.reading.calendar_doctor import examine

    session = session_of(context)
    snapshot = _snapshot(session, None)
    examination = examine(snapshot, session.today())
    session.say(
        CalendarExamination(snapshot.name, snapshot.calendar_hash, examination),
        lambda page: _examined(page, examination),
    )
    return DONE if examination.healthy else NO


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="A")],
    new: Annotated[str, typer.Argument(metavar="B")],
    calendar: Annotated[str, typer.Option("--calendar", metavar="NAME")] = "cn",
) -> None:
    """Show the days that differ between the notices known on one day and on another."""
    from zhengxie_flow.calendars.difference import compare
    from zhengxie_flow.presentation.documents.calendars import CalendarDifference

    session = session_of(context)
    days = [civil_day(text) for text in (old, new)]
    difference = compare(*(_snapshot(session, day, calendar) for day in days))
    session.say(CalendarDifference(days[0], days[1], difference), lambda page: _differs(page, difference))


def _snapshot(session: Session, as_of: date | None, name: str = "cn") -> Snapshot:
    from zhengxie_flow.reading.calendars import load

    rules = None if session.folder is None else session.folder / "rules"
    return load(name, as_of, project=rules)


def _imported(page: Page, imported: ImportedNotice, changed: RecountPreview | None, *, dry_run: bool) -> None:
    from zhengxie_flow.cli.rendering.notices import changes, unmapped

    for warning in imported.warnings:
        for line in problem_text(warning, page.lang).splitlines():
            page.line((line, "provisional"))
    unmapped(page, imported.unmapped)
    for number in imported.known:
        page.line((page.say("cli.notice.known", notice=number), "dim"))
    for notice in imported.new:
        page.line((page.say("cli.notice.new", notice=notice.number, year=notice.year), "strong"))
    if imported.path is not None:
        page.line(page.say("cli.notice.written", file=imported.path))
    elif dry_run:
        page.line((page.say("cli.notice.dry_run"), "dim"))
    _differs(page, imported.difference)
    if changed is not None:
        changes(page, changed, dry_run=dry_run)


def _differs(page: Page, difference: Difference) -> None:
    old, new = difference.old.firm_through, difference.new.firm_through
    page.line(page.say("cli.diff.firm", old=old, new=new))
    if not difference.changes:
        page.line(page.say("cli.diff.same"))
        return
    page.line(page.say("cli.diff.days", count=len(difference.changes)))
    page.table([_change(page, change.date.isoformat(), change) for change in difference.changes], indent=2)


def _change(page: Page, day: str, change: Any) -> tuple[Cell, ...]:
    from zhengxie_flow.cli.rendering.count import day_reason

    now = change.now
    answer = page.say("cli.day.working" if now.working else "cli.day.off")
    weekday = page.say(f"cli.weekday.{change.date.isoweekday()}")
    return (day, weekday, (answer, "pass" if now.working else "strong"), day_reason(page, now.reason, now.instrument))


def _examined(page: Page, examination: Examination) -> None:
    age = page.say("cli.doctor.age", days=examination.age) if examination.age is not None else None
    published = None if examination.published is None else examination.published.isoformat()
    page.line(page.say("cli.doctor.newest", notice=examination.newest), published, age)
    page.line(page.say("cli.doctor.firm", day=examination.firm_through))
    for comparison in examination.comparisons:
        _compared(page, comparison)
    if examination.overdue is not None:
        page.line((page.say("cli.doctor.overdue", year=examination.overdue), "breach"))
    key = "cli.doctor.healthy" if examination.healthy else "cli.doctor.unwell"
    page.line((page.say(key), "pass" if examination.healthy else "breach"))


def _compared(page: Page, comparison: LibraryComparison) -> None:
    if not comparison.days:
        page.line((page.say("cli.doctor.absent", library=comparison.library), "dim"))
        return
    count = len(comparison.disagreements)
    message = page.say(
        "cli.doctor.compared",
        library=comparison.library,
        days=comparison.days,
        day=comparison.through,
        count=count,
    )
    page.line((message, "breach" if count else "pass"))
    for day in comparison.disagreements:
        page.line(day.date.isoformat(), page.say("cli.day.working" if day.working else "cli.day.off"), indent=2)
