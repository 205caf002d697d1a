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
    from collections.abc import Sequence

    from zhengxie_flow.bootstrap import Engine
    from zhengxie_flow.calendars import Snapshot
    from zhengxie_flow.calendars.difference import Difference
    from zhengxie_flow.cli.output.cell import Cell
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.reading.calendar_doctor import Examination, LibraryComparison
    from zhengxie_flow.reading.notices import ImportedNotice
    from zhengxie_flow.services.commands.recompute import Shift

NO_DATABASE = "ZX5001"


def import_(
    context: typer.Context, file: Annotated[str, typer.Argument(metavar="FILE")], dry_run: DryRun = False
) -> None:
    """Import the notices of a file into the project, then recompute the open deadlines of its cases."""
    from zhengxie_flow.presentation.documents.notices import CalendarImport, NoticeDocument
    from zhengxie_flow.presentation.documents.problems import problem_document
    from zhengxie_flow.reading.notices import import_notice

    session = session_of(context)
    if session.folder is None:
        raise UsageError("ZX6060")
    engine = None if dry_run else _engine(session)  # an unusable database is reported before anything is written
    imported = import_notice(Path(file), session.folder / "rules", recorded_at=session.now(), trial=dry_run)
    shifts = None if engine is None else engine.recompute()
    answer = CalendarImport(
        file=file,
        dry_run=dry_run,
        written=None if imported.path is None else str(imported.path),
        new=tuple(NoticeDocument(notice.number, notice.year, notice.published) for notice in imported.new),
        known=imported.known,
        warnings=tuple(problem_document(warning, session.message_language) for warning in imported.warnings),
        difference=imported.difference,
        deadlines=shifts,
    )
    session.say(answer, lambda page: _imported(page, imported, shifts, dry_run=dry_run))


def _engine(session: Session) -> Engine | None:
    """Open the engine on the project's database; None where there is no database."""
    try:
        return session.engine()
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


def _imported(page: Page, imported: ImportedNotice, shifts: Sequence[Shift] | None, *, dry_run: bool) -> None:
    for warning in imported.warnings:
        for line in problem_text(warning, page.lang).splitlines():
            page.line((line, "provisional"))
    for number in imported.known:
        page.line((page.say("cli.notice.known", notice=number), "dim"))
    for notice in imported.new:
        page.line((page.say("cli.notice.new", notice=notice.number, year=notice.year), "strong"))
    if imported.path is not None:
        page.line(page.say("cli.notice.written", file=imported.path))
    elif dry_run:
        page.line((page.say("cli.notice.dry_run"), "dim"))
    _differs(page, imported.difference)
    if shifts is None:
        return
    page.line((page.say("cli.notice.deadlines", count=len(shifts)), "strong"))
    for shift in shifts:
        _shift(page, shift)


def _shift(page: Page, shift: Shift) -> None:
    place = f"{shift.case} #{shift.event}"
    old, new = (
        f"{deadline.day}"
        + (f" ({page.say('calendar.status.provisional')})" if deadline.status == "provisional" else "")
        for deadline in (shift.old, shift.new)
    )
    page.line(place, shift.obligation, shift.item, (f"{old} → {new}", "strong"), ", ".join(shift.notices), indent=2)
    warned = [("earlier", shift.moved_earlier), ("past", shift.advised_day_past)]
    for name in (name for name, applies in warned if applies):
        message = page.say(f"calendar.warning.{name}", old=shift.old.day, new=shift.new.earliest)
        page.line((message, "overdue"), indent=4)


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
    message = page.say("cli.doctor.compared", library=comparison.library, days=comparison.days, count=count)
    page.line((message, "breach" if count else "pass"))
    for day in comparison.disagreements:
        page.line(day.date.isoformat(), page.say("cli.day.working" if day.working else "cli.day.off"), indent=2)
