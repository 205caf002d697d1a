"""The documents of the working-day calendar."""

from __future__ import annotations

import datetime as dt  # a day has a ``date`` of its own
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from zhengxie_flow.calendars import Day, LimitCount, Snapshot
from zhengxie_flow.calendars.difference import Difference
from zhengxie_flow.model.count_step import CountStep
from zhengxie_flow.model.document import FLAT, OPTIONAL, Firmness, Hash, one_of

if TYPE_CHECKING:
    from zhengxie_flow.engine.limits.calculator import CountedTerm, OneOffTerm


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day, and the calendar that says whether it is worked."""

    calendar: str
    as_of: dt.date | None
    edition: Hash
    day: Day = field(metadata=FLAT)


@dataclass(frozen=True, slots=True)
class OpenReadingResult:
    """The day under one reading of what a convention leaves open, by the ids of the questions."""

    readings: dict[str, str]
    date: dt.date
    moment: dt.datetime | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculatedTerm:
    """A term counted by itself.

    ``date`` is its last day (``forward``), latest day (``backward``) or earliest day (``minimum``); ``verdict`` is
    ``needs_judgement`` where readings of its convention lead to different days, which ``open`` lists.
    """

    date: dt.date
    status: Firmness
    earliest: dt.date
    latest: dt.date
    anchor: dt.date
    n: int
    unit: str
    direction: Annotated[str, one_of("forward", "backward", "minimum", "earliest")]
    count: Annotated[str, one_of("event_excluded", "first_day_included", "clear_days")]
    rolled: bool
    calendar: str
    as_of: dt.date | None
    edition: Hash
    counted: tuple[dt.date, ...]
    skipped: tuple[Day, ...]
    verdict: Annotated[str, one_of("needs_judgement")] | None = field(default=None, metadata=OPTIONAL)
    started: dt.datetime | None = field(default=None, metadata=OPTIONAL)
    moment: dt.datetime | None = field(default=None, metadata=OPTIONAL)
    convention: str | None = field(default=None, metadata=OPTIONAL)
    kind: str | None = field(default=None, metadata=OPTIONAL)
    excepted: str | None = field(default=None, metadata=OPTIONAL)
    steps: tuple[CountStep, ...] | None = field(default=None, metadata=OPTIONAL)
    stops: tuple[tuple[dt.date, dt.date], ...] | None = field(default=None, metadata=OPTIONAL)
    extensions: tuple[int, ...] | None = field(default=None, metadata=OPTIONAL)
    open: tuple[OpenReadingResult, ...] | None = field(default=None, metadata=OPTIONAL)


def calculated_term(term: OneOffTerm, results: Sequence[CountedTerm], calendar: Snapshot) -> CalculatedTerm:
    """Build the document of a term counted by itself, from its result under each reading, the first one shown."""
    first, part = results[0], term.part
    count = first.count
    start = term.start.date() if isinstance(term.start, dt.datetime) else term.start
    low, high = first.possible or ((first.day, first.day) if count is None else (count.earliest, count.latest))
    unsure: Firmness = "firm" if low == high else "provisional"
    proof: dict[str, Any] = {
        "status": unsure if count is None else count.status,
        "earliest": low,
        "latest": high,
        "count": "event_excluded" if count is None else count.count,
        "rolled": count is not None and count.rolled,
        "counted": () if count is None else _not_held(count.counted, term.stops),
        "skipped": () if count is None else count.skipped,
    }
    return CalculatedTerm(
        date=first.day,
        anchor=start,
        n=part.amount or 0,
        unit=part.unit or "working_day",
        direction="forward" if part.direction not in ("backward", "minimum", "earliest") else part.direction,
        calendar=calendar.name,
        as_of=calendar.as_of,
        edition=calendar.calendar_hash,
        verdict="needs_judgement" if len(results) > 1 else None,
        started=term.start if first.moment is not None and isinstance(term.start, dt.datetime) else None,
        moment=first.moment,
        convention=part.convention,
        kind=part.kind,
        excepted=first.excepted,
        steps=first.steps or None,
        stops=term.stops or None,
        extensions=term.extensions or None,
        open=tuple(OpenReadingResult(dict(each.readings), each.day, each.moment) for each in results)
        if len(results) > 1
        else None,
        **proof,
    )


def counted_term(limit: LimitCount) -> CalculatedTerm:
    """Build the document of a term that the calendar itself counted."""
    moved = limit.raw is not None and limit.raw != limit.date
    return CalculatedTerm(
        date=limit.date,
        status=limit.status,
        earliest=limit.earliest,
        latest=limit.latest,
        anchor=limit.anchor,
        n=limit.n,
        unit=limit.unit,
        direction=limit.direction,
        count=limit.count,
        rolled=limit.rolled,
        calendar=limit.calendar,
        as_of=limit.as_of,
        edition=limit.edition,
        counted=limit.counted,
        skipped=limit.skipped,
        steps=(CountStep("nominal", limit.raw), CountStep("rolled", limit.date)) if moved and limit.raw else None,
    )


def _not_held(days: Sequence[dt.date], stops: Sequence[tuple[dt.date, dt.date]]) -> tuple[dt.date, ...]:
    """The days counted, without those on which the term stood still."""
    return tuple(day for day in days if not any(first < day <= last for first, last in stops))


@dataclass(frozen=True, slots=True)
class DayCount:
    """The units of a closed interval of days: working days, or whole units that fit into it."""

    calendar: str
    as_of: dt.date | None
    edition: Hash
    first: dt.date
    last: dt.date
    count: int
    counted: tuple[dt.date, ...]
    skipped: tuple[Day, ...]
    unit: str = "working_day"


@dataclass(frozen=True, slots=True)
class CalendarDifference:
    """The difference of a calendar between the notices known on one day and on another."""

    old_as_of: dt.date
    new_as_of: dt.date
    difference: Difference = field(metadata=FLAT)


def calendar_day(snapshot: Snapshot, day: Day) -> CalendarDay:
    """Build the document of a day, with the calendar that explained it."""
    return CalendarDay(snapshot.name, snapshot.as_of, snapshot.calendar_hash, day)


def day_count(snapshot: Snapshot, number: int, days: Sequence[Day], unit: str = "working_day") -> DayCount:
    """Build the document of a count: all days of an interval, and the number of units in it."""
    return DayCount(
        calendar=snapshot.name,
        as_of=snapshot.as_of,
        edition=snapshot.calendar_hash,
        first=days[0].date,
        last=days[-1].date,
        count=number,
        counted=tuple(day.date for day in days if day.working),
        skipped=tuple(day for day in days if not day.working),
        unit=unit,
    )
