"""``zhengxie schedule``: every lawful date of a process, from the planned days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.parsing import day, pairs
from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.engine.limits.schedule import Bound, Clash, LawfulDays, Schedule
    from zhengxie_flow.presentation.labels import Labels


def command(
    context: typer.Context,
    process: Annotated[str, typer.Argument(metavar="PROCESS")],
    plan: Annotated[list[str] | None, typer.Option("--plan", metavar="ACTION=D")] = None,
    today: Annotated[str | None, typer.Option("--today", metavar="D")] = None,
) -> int:
    """Propagate the planned days through the limits; exit 1 when they conflict."""
    from zhengxie_flow.bootstrap import project_calendars, project_files
    from zhengxie_flow.engine import compile_process
    from zhengxie_flow.presentation.documents.schedules import planned_schedule, schedule_document
    from zhengxie_flow.presentation.labels import Labels

    session = session_of(context)
    compiled = compile_process(project_files(session.folder).load(process).definition)
    plans = {name: day(text) for name, text in pairs(plan or ()).items()}
    calendar = project_calendars(session.folder).snapshot(compiled.calendar, session.today())
    scheduled = planned_schedule(compiled, calendar, plans, None if today is None else _today(session, today))
    labels = Labels(compiled, session.language)
    session.say(schedule_document(process, scheduled), lambda page: _text(page, labels, scheduled))
    return 1 if scheduled.clashes else 0


def _today(session: Session, text: str) -> date:
    return session.today() if text == "today" else day(text)


def _text(page: Page, labels: Labels, schedule: Schedule) -> None:
    from zhengxie_flow.presentation.documents.schedules import bounded

    for clash in schedule.clashes:
        _clash(page, labels, clash)
    titles = [page.say(f"cli.head.{name}") for name in ("action", "what", "earliest", "latest", "obligation")]
    rows = [_row(page, labels, name, span) for name, span in bounded(schedule)]
    page.table(rows, titles)
    if not rows and not schedule.clashes:
        page.line(page.say("cli.schedule.none"))


def _row(page: Page, labels: Labels, name: str, span: LawfulDays) -> tuple[str | None, ...]:
    def shown(bound: Bound | None) -> str | None:
        if bound is None or bound.firm:
            return None if bound is None else str(bound.day)
        return f"{bound.day} ({page.say('calendar.status.provisional')})"

    from zhengxie_flow.presentation.documents.schedules import bounds

    because = dict.fromkeys(obligation for bound in bounds(span) for obligation in bound.because)
    return name, labels.action(name), shown(span.earliest), shown(span.latest), ", ".join(because)


def _clash(page: Page, labels: Labels, clash: Clash) -> None:
    because = [labels.named("obligation", name) for name in clash.because]
    page.line(page.say("cli.schedule.clash", action=labels.named("action", clash.action), because=because))
    for name, span in clash.instead.items():
        low = span.earliest.day.isoformat() if span.earliest else "…"
        high = span.latest.day.isoformat() if span.latest else "…"
        shown = labels.named("action", name)
        page.line(page.say("cli.schedule.instead", action=shown, earliest=low, latest=high))
