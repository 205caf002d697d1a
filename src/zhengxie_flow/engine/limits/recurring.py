"""Recurring duties: a round for every month, quarter, half year or year, each due by its own day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from zhengxie_flow.calendars.arithmetic import shift
from zhengxie_flow.engine.limits.anchors import AnchorState
from zhengxie_flow.engine.limits.choosing import ChosenPart
from zhengxie_flow.engine.limits.counting_out import Counting, counted_out
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.model.case import Act, Key, end_of
from zhengxie_flow.model.counting import MONTHS
from zhengxie_flow.model.personal import readable
from zhengxie_flow.model.recurrence import Recurrence

_NAMED = re.compile(r"(\d{4})(?:-(?:(\d\d)|Q([1-4])|H([12])))?(?:-\d\d)?", re.ASCII)


class Round(NamedTuple):
    """A round of a limit: the limit resolved, and the acts that count for it, oldest first.

    ``closed`` is the place of the act that closed it, worked out where acts may lengthen the limit.
    """

    limit: ResolvedLimit
    acts: tuple[Act, ...]
    closed: Key | None = None


@dataclass(frozen=True, slots=True)
class CivilPeriodDays:
    """A period of the civil calendar: its first day, and the day in it by which the duty is due."""

    first: date
    due: date


def recurring_rounds(run: Counting, every: Recurrence, acts: Sequence[Act]) -> tuple[Round, ...]:
    """The rounds of a recurring duty: one a period, from its coming into force and the opening of the case on.

    Args:
        run: The limit being counted.
        every: The periods and the day in them.
        acts: The acts that perform the duty, oldest first; each closes one round.

    Returns:
        The rounds of the periods that have begun; the first one where none has.
    """
    view, item = run.scope.view, run.scope.item
    since = view.case.opened if item is None else max(view.case.opened, item.key[0])
    in_force = view.compiled.since
    start = since if in_force is None else max(since, in_force)
    periods = _periods(every, start, view.day)
    closing = _closing(run, every, periods, acts)
    return tuple(_round(run, period, number, closing.get(number - 1)) for number, period in enumerate(periods, 1))


def _periods(every: Recurrence, start: date, today: date) -> list[CivilPeriodDays]:
    """The periods that have begun by a day and whose day had not passed at the start; at least one."""
    months = MONTHS[every.period]
    first = date(start.year, (start.month - 1) // months * months + 1, 1)
    periods: list[CivilPeriodDays] = []
    while first <= today or not periods:
        due = _due(every, first)
        if due >= start:
            periods.append(CivilPeriodDays(first, due))
        first = shift(first, months, "month")
    return periods


def _due(every: Recurrence, first: date) -> date:
    if every.by == "last":
        month = shift(first, MONTHS[every.period] - 1, "month")
        return month.replace(day=monthrange(month.year, month.month)[1])
    month = shift(first, every.by.month - 1, "month")
    return month.replace(day=min(every.by.day, monthrange(month.year, month.month)[1]))


def _closing(
    run: Counting, every: Recurrence, periods: Sequence[CivilPeriodDays], acts: Sequence[Act]
) -> dict[int, Act]:
    """The act that closes each round that one closes: of the period it names, else the oldest open."""
    closing: dict[int, Act] = {}
    for act in acts:
        named = _named(every, act)
        begun = [place for place, period in enumerate(periods) if period.first <= run.scope.view.deemed(act)]
        wanted = [place for place in begun if named is None or periods[place].first == named]
        place = next((place for place in wanted if place not in closing), None)
        if place is not None:
            closing[place] = act
    return closing


def _named(every: Recurrence, act: Act) -> date | None:
    """The first day of the period that an act names; None where it names none."""
    value = None if every.named_by is None else readable(act.fields.get(every.named_by))
    match = None if value is None else _NAMED.match(str(value))
    if match is None:
        return None
    year, month, quarter, half = match.groups()
    months = MONTHS[every.period]
    place = int(month or 1) if month else 3 * int(quarter) - 2 if quarter else 6 * int(half) - 5 if half else 1
    return date(int(year), (place - 1) // months * months + 1, 1)


def _round(run: Counting, period: CivilPeriodDays, number: int, act: Act | None) -> Round:
    view = run.scope.view
    come = period.due <= view.day
    opened = (period.first, -1)
    anchor = AnchorState(
        "actual" if come else "planned", period.due, end_of(period.due), by_time=not come, set_at=opened
    )
    resolved = counted_out(run, ChosenPart(run.limit, anchor))
    acts = () if act is None else (act,)
    return Round(replace(resolved, number=number, opened_at=opened if number > 1 else None), acts)


def following(every: Recurrence, day: date) -> Iterator[date]:
    """The first day of the period after the one of a day, on which another round opens."""
    months = MONTHS[every.period]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    yield shift(first, months, "month")
