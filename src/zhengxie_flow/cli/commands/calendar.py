"""``zhengxie calendar``: query the working-day calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.commands.calendar_notices import diff, doctor, import_
from zhengxie_flow.cli.options import AsOf
from zhengxie_flow.cli.parsing import day as civil_day
from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from zhengxie_flow.calendars import Day, LimitCount, Snapshot
    from zhengxie_flow.cli.output.page import Page

Name = Annotated[str, typer.Option("--calendar", metavar="NAME")]
Amount = Annotated[int, typer.Argument(metavar="N")]


def day(
    context: typer.Context,
    on: Annotated[str, typer.Argument(metavar="D")],
    calendar: Name = "cn",
    as_of: AsOf = None,
) -> None:
    """Show whether a day is a working day, and why."""
    from zhengxie_flow.presentation.documents.calendars import calendar_day

    session = session_of(context)
    snapshot = _snapshot(session, calendar, as_of)
    explained = snapshot.explain(civil_day(on))
    session.say(calendar_day(snapshot, explained), lambda page: _day(page, explained))


def add(
    context: typer.Context,
    start: Annotated[str, typer.Argument(metavar="D")],
    n: Amount,
    calendar: Name = "cn",
    as_of: AsOf = None,
) -> None:
    """Count forward; the day itself is not counted."""
    session = session_of(context)
    limit = _snapshot(session, calendar, as_of).within(civil_day(start), n)
    _show_limit(session, limit)


def before(
    context: typer.Context,
    event: Annotated[str, typer.Argument(metavar="D")],
    n: Amount,
    calendar: Name = "cn",
    as_of: AsOf = None,
    clear_days: Annotated[bool, typer.Option("--clear-days")] = False,
) -> None:
    """Count backward; the day of the event is not counted."""
    session = session_of(context)
    snapshot = _snapshot(session, calendar, as_of)
    limit = snapshot.before(civil_day(event), n, count="clear_days" if clear_days else "event_excluded")
    _show_limit(session, limit)


def count(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="A")],
    last: Annotated[str, typer.Argument(metavar="B")],
    calendar: Name = "cn",
    as_of: AsOf = None,
) -> None:
    """Count the working days of a closed interval."""
    from zhengxie_flow.presentation.documents.calendars import day_count

    session = session_of(context)
    snapshot = _snapshot(session, calendar, as_of)
    start, end = civil_day(first), civil_day(last)
    number = snapshot.count(start, end)
    days = [snapshot.explain(start + timedelta(offset)) for offset in range((end - start).days + 1)]
    session.say(day_count(snapshot, number, days), lambda page: _counted(page, number, days))


SUBCOMMANDS = {
    "day": day, "add": add, "before": before, "count": count, "import": import_, "doctor": doctor, "diff": diff,
}  # fmt: skip


def _snapshot(session: Session, name: str, as_of: str | None) -> Snapshot:
    from zhengxie_flow.reading.calendars import load

    known_on = None if as_of is None else civil_day(as_of)
    rules = None if session.folder is None else session.folder / "rules"
    return load(name, known_on, project=rules)


def _show_limit(session: Session, limit: LimitCount) -> None:
    from zhengxie_flow.cli.rendering.count import limit_count

    session.say(limit, lambda page: limit_count(page, limit))


def _day(page: Page, day: Day) -> None:
    from zhengxie_flow.cli.rendering.count import day_reason

    weekday = page.say(f"cli.weekday.{day.date.isoweekday()}")
    answer = page.say("cli.day.working" if day.working else "cli.day.off")
    reason = day_reason(page, day.reason, day.instrument, day.festivals)
    status = (page.say("calendar.status.provisional"), "provisional") if day.status != "firm" else None
    page.line(day.date.isoformat(), weekday, (answer, "pass" if day.working else "strong"), reason, status)


def _counted(page: Page, number: int, days: list[Day]) -> None:
    from zhengxie_flow.cli.rendering.count import every_day

    page.line((page.say("cli.count.between", first=days[0].date, last=days[-1].date, count=number), "strong"))
    every_day(page, days)
