"""``zhengxie calendar``: query the working-day calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.commands.calculating import Asked, part_of, show_term, snapshot_of
from zhengxie_flow.cli.commands.calendar_notices import diff, doctor, import_
from zhengxie_flow.cli.options import AsOf
from zhengxie_flow.cli.parsing import day as civil_day
from zhengxie_flow.cli.session import session_of

if TYPE_CHECKING:
    from zhengxie_flow.calendars import Day
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
    snapshot = snapshot_of(session, calendar, as_of)
    explained = snapshot.explain(civil_day(on))
    session.say(calendar_day(snapshot, explained), lambda page: _day(page, explained))


UnitOption = Annotated[str, typer.Option("--unit", metavar="U")]
CountOption = Annotated[str | None, typer.Option("--count", metavar="WORD")]
ConventionOption = Annotated[str | None, typer.Option("--convention", metavar="C")]
KindOption = Annotated[str | None, typer.Option("--kind", metavar="K")]
RollOption = Annotated[str | None, typer.Option("--roll", metavar="WORD")]
MonthEnd = Annotated[bool, typer.Option("--month-end")]
Stops = Annotated[list[str] | None, typer.Option("--stop", metavar="A..B")]
Extensions = Annotated[list[int] | None, typer.Option("--extend", metavar="N")]
CalendarOption = Annotated[str | None, typer.Option("--calendar", metavar="NAME")]


def add(
    context: typer.Context,
    start: Annotated[str, typer.Argument(metavar="D")],
    n: Amount,
    unit: UnitOption = "working_day",
    count: CountOption = None,
    convention: ConventionOption = None,
    kind: KindOption = None,
    roll: RollOption = None,
    month_end: MonthEnd = False,
    stop: Stops = None,
    extend: Extensions = None,
    calendar: CalendarOption = None,
    as_of: AsOf = None,
) -> None:
    """Count a term forward from a day."""
    words = {"unit": unit, "count": count, "convention": convention, "kind": kind, "roll": roll, "month_end": month_end}
    asked = Asked({"within": n, "after": "start"} | words, start, (stop or [], extend or []))
    show_term(session_of(context), asked, calendar, as_of)


def before(
    context: typer.Context,
    event: Annotated[str, typer.Argument(metavar="D")],
    n: Amount,
    unit: UnitOption = "working_day",
    count: CountOption = None,
    convention: ConventionOption = None,
    kind: KindOption = None,
    roll: RollOption = None,
    month_end: MonthEnd = False,
    calendar: CalendarOption = None,
    as_of: AsOf = None,
    clear_days: Annotated[bool, typer.Option("--clear-days")] = False,
    at_most: Annotated[bool, typer.Option("--at-most")] = False,
) -> None:
    """Count backward from an event."""
    key = "at_most" if at_most else "at_least"
    word = "clear_days" if clear_days else count
    words = {"unit": unit, "count": word, "convention": convention, "kind": kind, "roll": roll, "month_end": month_end}
    show_term(session_of(context), Asked({key: n, "before": "event"} | words, event), calendar, as_of)


def count(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="A")],
    last: Annotated[str, typer.Argument(metavar="B")],
    unit: UnitOption = "working_day",
    calendar: Name = "cn",
    as_of: AsOf = None,
) -> None:
    """Count the units of a closed interval."""
    from zhengxie_flow.engine.limits.calculator import whole_units
    from zhengxie_flow.presentation.documents.calendars import day_count

    session = session_of(context)
    snapshot = snapshot_of(session, calendar, as_of)
    start, end = civil_day(first), civil_day(last)
    number = whole_units(part_of({"within": 1, "after": "start", "unit": unit}), start, end, snapshot)
    days = [snapshot.explain(start + timedelta(offset)) for offset in range((end - start).days + 1)]
    session.say(day_count(snapshot, number, days, unit), lambda page: _counted(page, number, days, unit))


SUBCOMMANDS = {
    "day": day, "add": add, "within": add, "before": before, "count": count, "import": import_, "doctor": doctor,
    "diff": diff,
}  # fmt: skip


def _day(page: Page, day: Day) -> None:
    from zhengxie_flow.cli.rendering.count import day_reason

    weekday = page.say(f"cli.weekday.{day.date.isoweekday()}")
    answer = page.say("cli.day.working" if day.working else "cli.day.off")
    reason = day_reason(page, day.reason, day.instrument, day.festivals)
    status = (page.say("calendar.status.provisional"), "provisional") if day.status != "firm" else None
    page.line(day.date.isoformat(), weekday, (answer, "pass" if day.working else "strong"), reason, status)


def _counted(page: Page, number: int, days: list[Day], unit: str) -> None:
    from zhengxie_flow.cli.rendering.count import every_day

    name = page.say(f"calendar.unit.{unit}")
    text = page.say("cli.count.between", first=days[0].date, last=days[-1].date, count=number, unit=name)
    page.line((text, "strong"))
    every_day(page, days)
