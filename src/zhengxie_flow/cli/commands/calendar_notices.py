"""``zhengxie calendar import``, ``doctor`` and ``diff``: what notices change, and whether the data is still right."""

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
    """Take the notices of a file into the project, then count the open deadlines of its cases again."""
    from zhengxie_flow.presentation.documents.notices import CalendarImport, NoticeDocument
    from zhengxie_flow.presentation.documents.problems import problem_document
    from zhengxie_flow.reading.notices import import_notice

    session = session_of(context)
    if session.folder is None:
        raise UsageError("ZX6060")
    engine = None if dry_run else _engine(session)  # a database that cannot be used is told before anything is written
    done = import_notice(Path(file), session.folder / "rules", recorded_at=session.now(), trial=dry_run)
    shifts = None if engine is None else engine.recompute()
    answer = CalendarImport(
        file=file,
        dry_run=dry_run,
        written=None if done.path is None else str(done.path),
        new=tuple(NoticeDocument(notice.number, notice.year, notice.published) for notice in done.new),
        known=done.known,
        warnings=tuple(problem_document(found, session.message_language) for found in done.warnings),
        difference=done.difference,
        deadlines=shifts,
    )
    session.say(answer, lambda paper: _imported(paper, done, shifts, dry_run=dry_run))


def _engine(session: Session) -> Engine | None:
    """The engine on the project's database; None where there is none."""
    try:
        return session.engine()
    except StorageError as error:
        if error.code != NO_DATABASE:
            raise
        return None


def doctor(context: typer.Context) -> int:
    """Compare the calendar with what others say, and with what day it is."""
    from zhengxie_flow.presentation.documents.notices import CalendarExamination
    from zhengxie_flow.reading.calendar_doctor import examine

    session = session_of(context)
    snapshot = _snapshot(session, None)
    found = examine(snapshot, session.today())
    session.say(CalendarExamination(snapshot.name, snapshot.edition, found), lambda paper: _examined(paper, found))
    return DONE if found.healthy else NO


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="A")],
    new: Annotated[str, typer.Argument(metavar="B")],
    calendar: Annotated[str, typer.Option("--calendar", metavar="NAME")] = "cn",
) -> None:
    """Say which days became different between what was known on one day and on another."""
    from zhengxie_flow.calendars.difference import compare
    from zhengxie_flow.presentation.documents.calendars import CalendarDifference

    session = session_of(context)
    days = [civil_day(text) for text in (old, new)]
    found = compare(*(_snapshot(session, day, calendar) for day in days))
    session.say(CalendarDifference(days[0], days[1], found), lambda paper: _differs(paper, found))


def _snapshot(session: Session, as_of: date | None, name: str = "cn") -> Snapshot:
    from zhengxie_flow.reading.calendars import load

    rules = None if session.folder is None else session.folder / "rules"
    return load(name, as_of, project=rules)


def _imported(paper: Page, done: ImportedNotice, shifts: Sequence[Shift] | None, *, dry_run: bool) -> None:
    for found in done.warnings:
        for line in problem_text(found, paper.lang).splitlines():
            paper.line((line, "provisional"))
    for number in done.known:
        paper.line((paper.say("cli.notice.known", notice=number), "dim"))
    for notice in done.new:
        paper.line((paper.say("cli.notice.new", notice=notice.number, year=notice.year), "strong"))
    if done.path is not None:
        paper.line(paper.say("cli.notice.written", file=done.path))
    elif dry_run:
        paper.line((paper.say("cli.notice.dry_run"), "dim"))
    _differs(paper, done.difference)
    if shifts is None:
        return
    paper.line((paper.say("cli.notice.deadlines", count=len(shifts)), "strong"))
    for shift in shifts:
        _shift(paper, shift)


def _shift(paper: Page, shift: Shift) -> None:
    place = f"{shift.case} #{shift.event}"
    old, new = (
        f"{each.day}" + (f" ({paper.say('calendar.status.provisional')})" if each.status == "provisional" else "")
        for each in (shift.old, shift.new)
    )
    paper.line(place, shift.obligation, shift.item, (f"{old} → {new}", "strong"), ", ".join(shift.notices), indent=2)
    warned = [("earlier", shift.moved_earlier), ("past", shift.advised_day_past)]
    for name in (name for name, applies in warned if applies):
        said = paper.say(f"calendar.warning.{name}", old=shift.old.day, new=shift.new.earliest)
        paper.line((said, "overdue"), indent=4)


def _differs(paper: Page, found: Difference) -> None:
    old, new = found.old.firm_through, found.new.firm_through
    paper.line(paper.say("cli.diff.firm", old=old, new=new))
    if not found.changes:
        paper.line(paper.say("cli.diff.same"))
        return
    paper.line(paper.say("cli.diff.days", count=len(found.changes)))
    paper.table([_change(paper, each.date.isoformat(), each) for each in found.changes], indent=2)


def _change(paper: Page, day: str, change: Any) -> tuple[Cell, ...]:
    from zhengxie_flow.cli.rendering.count import why

    now = change.now
    answer = paper.say("cli.day.working" if now.working else "cli.day.off")
    weekday = paper.say(f"cli.weekday.{change.date.isoweekday()}")
    return (day, weekday, (answer, "pass" if now.working else "strong"), why(paper, now.reason, now.instrument))


def _examined(paper: Page, found: Examination) -> None:
    age = paper.say("cli.doctor.age", days=found.age) if found.age is not None else None
    published = None if found.published is None else found.published.isoformat()
    paper.line(paper.say("cli.doctor.newest", notice=found.newest), published, age)
    paper.line(paper.say("cli.doctor.firm", day=found.firm_through))
    for one in found.comparisons:
        _compared(paper, one)
    if found.overdue is not None:
        paper.line((paper.say("cli.doctor.overdue", year=found.overdue), "breach"))
    key = "cli.doctor.healthy" if found.healthy else "cli.doctor.unwell"
    paper.line((paper.say(key), "pass" if found.healthy else "breach"))


def _compared(paper: Page, one: LibraryComparison) -> None:
    if not one.days:
        paper.line((paper.say("cli.doctor.absent", library=one.library), "dim"))
        return
    count = len(one.disagreements)
    said = paper.say("cli.doctor.compared", library=one.library, days=one.days, count=count)
    paper.line((said, "breach" if count else "pass"))
    for day in one.disagreements:
        paper.line(day.date.isoformat(), paper.say("cli.day.working" if day.working else "cli.day.off"), indent=2)
