"""The proof of a count, day by day: counted days, skipped days, and the notice behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from zhengxie_flow.cli.output.cell import Cell
from zhengxie_flow.cli.output.page import Page

if TYPE_CHECKING:
    from zhengxie_flow.calendars import Day
    from zhengxie_flow.model.convention import Convention
    from zhengxie_flow.model.count_step import CountStep
    from zhengxie_flow.model.working import CountedLimit
    from zhengxie_flow.presentation.documents.calendars import CalculatedTerm

Explain = Callable[[date], "Day | None"]
"""Explanation of a day by a calendar; None where the day is outside the calendar."""

ORDINARY = "working_week"


def day_reason(page: Page, reason: str, instrument: str | None, festivals: Sequence[str] = ()) -> str:
    """Return why a day is worked or not, with the festival and the notice."""
    text = page.say(f"calendar.reason.{reason}", instrument=instrument or "-")
    names = ", ".join(page.say(f"calendar.festival.{name}") for name in festivals)
    return f"{text} {names}".rstrip()


def working_days(page: Page, limit: CountedLimit, explain: Explain, *, indent: int = 0) -> None:
    """Write the proof of a verdict's limit: the start of the count, its days, and its end."""
    heading = page.say(
        _heading(limit.direction, limit.convention, limit.moment) if limit.amount else "cli.count.order",
        start=limit.start,
        amount=limit.amount,
        unit="" if limit.unit is None else page.say(f"calendar.unit.{limit.unit}"),
        date=limit.date,
    )
    page.line(heading, indent=indent)
    if limit.possible is not None:
        low, high = limit.possible
        _possible(page, low, high, indent)
    if limit.excepted is not None:
        page.line(page.say("cli.count.excepted", law=limit.excepted), indent=indent)
    if limit.steps is not None:
        _steps(page, limit.steps, indent + 2)
    skipped = {day.date: day_reason(page, day.reason, day.instrument) for day in limit.skipped or ()}
    _days(page, limit.counted or (), skipped, explain, indent + 2)


def _heading(direction: str, count: str, moment: datetime | None) -> str:
    """The key of the sentence that says from where to where is counted."""
    if direction == "forward" and moment is not None:
        return "cli.count.elapsed"
    return "cli.count.included" if (direction, count) == ("forward", "first_day_included") else f"cli.count.{direction}"


def calculated(page: Page, term: CalculatedTerm, explain: Explain, conventions: Mapping[str, Convention]) -> None:
    """Write a term counted by itself: its day, the steps that led to it, other readings, and the count day by day."""
    unit = page.say(f"calendar.unit.{term.unit}")
    end = term.date if term.moment is None else term.moment.isoformat()
    start = term.anchor if term.started is None else term.started.isoformat()
    key = _heading(term.direction, term.count, term.moment)
    heading = page.say(key, start=start, amount=term.n, unit=unit, date=end)
    page.line((heading, "strong"))
    if term.status != "firm":
        _possible(page, term.earliest, term.latest, 0)
    if term.convention is not None:
        convention = conventions[term.convention]
        name = convention.label(page.lang, term.convention)
        page.line(page.say("cli.count.convention", convention=name, law=convention.law))
    for first, last in term.stops or ():
        page.line(page.say("cli.count.stop", first=first, last=last))
    for units in term.extensions or ():
        page.line(page.say("cli.count.extension", amount=units, unit=unit))
    if term.excepted is not None:
        page.line(page.say("cli.count.excepted", law=term.excepted))
    if term.steps is not None and (len(term.steps) > 1 or term.convention is not None):
        _steps(page, term.steps, 2)
    _readings(page, term, conventions)
    skipped = {day.date: day_reason(page, day.reason, day.instrument, day.festivals) for day in term.skipped}
    _days(page, term.counted, skipped, explain, 2)


def _steps(page: Page, steps: Sequence[CountStep], indent: int) -> None:
    """Write what led from the bare end of a term to its day, with the clause of each step."""
    rows = [(page.say(f"calendar.step.{step.kind}"), step.day.isoformat(), step.clause or "") for step in steps]
    page.table(rows, indent=indent)


def _readings(page: Page, term: CalculatedTerm, conventions: Mapping[str, Convention]) -> None:
    """Write what each reading of an open question leads to."""
    if term.open is None:
        return
    page.line((page.say("cli.count.open"), "provisional"))
    for result in term.open:
        words = [_reading(page, conventions, name, ident) for name, ident in result.readings.items()]
        end = result.date if result.moment is None else result.moment.isoformat()
        page.line(f"{'; '.join(words)}: {end}", indent=2)


def _reading(page: Page, conventions: Mapping[str, Convention], name: str, ident: str) -> str:
    convention, _, question = name.partition(".")
    editions = conventions[convention].editions
    asked = next(edition.unsettled[question] for edition in editions if question in edition.unsettled)
    reading = asked.readings[ident].label(page.lang, ident)
    return page.say("cli.count.reading", question=asked.label(page.lang, question), reading=reading)


def _possible(page: Page, low: date, high: date, indent: int) -> None:
    """Write the interval in which notices still to come may move a day; one day, where no precedent moves it."""
    key = "cli.count.possible" if low < high else "cli.count.likely"
    page.line((page.say(key, low=low, high=high), "provisional"), indent=indent)


def every_day(page: Page, days: Sequence[Day]) -> None:
    """Write all days of an interval, the working days numbered."""
    skipped = {day.date: day_reason(page, day.reason, day.instrument, day.festivals) for day in days if not day.working}
    by_date = {day.date: day for day in days}
    _days(page, [day.date for day in days if day.working], skipped, by_date.get, 2)


def _days(page: Page, counted: Sequence[date], skipped: Mapping[date, str], explain: Explain, indent: int) -> None:
    """Write one row a day in counting order, numbered where it counts."""
    backward = len(counted) > 1 and counted[0] > counted[-1]
    numbers = {day: number for number, day in enumerate(counted, 1)}
    rows = [
        _row(page, day, numbers.get(day), skipped.get(day), explain)
        for day in sorted({*numbers, *skipped}, reverse=backward)
    ]
    page.table(rows, indent=indent)


def _row(page: Page, day: date, number: int | None, reason: str | None, explain: Explain) -> tuple[Cell, ...]:
    weekday = page.say(f"cli.weekday.{day.isoweekday()}")
    if number is None:
        return (("-", "dim"), (day.isoformat(), "dim"), (weekday, "dim"), (reason or "", "dim"))
    explained = explain(day)
    note = (
        None
        if explained is None or explained.reason in (ORDINARY, "calendar_day")
        else day_reason(page, explained.reason, explained.instrument)
    )
    return (str(number), day.isoformat(), weekday, note)
