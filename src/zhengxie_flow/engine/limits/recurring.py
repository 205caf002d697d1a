"""Recurring duties: a round for every month, quarter, half year or year, each due by its own day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from zhengxie_flow.calendars.arithmetic import shift
from zhengxie_flow.engine.limits.anchors import AnchorState
from zhengxie_flow.engine.limits.choosing import ChosenPart
from zhengxie_flow.engine.limits.counting_out import Counting, counted_out
from zhengxie_flow.engine.limits.periods import first_day, last_day, named_start
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.state_machine.items import end_of_life
from zhengxie_flow.model.case import Act, Key, end_of
from zhengxie_flow.model.counting import MONTHS
from zhengxie_flow.model.personal import readable
from zhengxie_flow.model.recurrence import Recurrence


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
        The rounds of the periods that began before the case or the item ended; the first one where none has yet.
    """
    view, item = run.scope.view, run.scope.item
    since = view.case.opened if item is None else max(view.case.opened, item.key[0])
    in_force = view.compiled.since
    start = since if in_force is None else max(since, in_force)
    end = end_of_life(view, item)
    periods = _periods(run, every, start, view.day if end is None else min(end.key[0], view.day))
    closing = _closing(run, every, periods, acts)
    return tuple(_round(run, period, number, closing.get(number - 1)) for number, period in enumerate(periods, 1))


def _periods(run: Counting, every: Recurrence, start: date, today: date) -> list[CivilPeriodDays]:
    """The periods that have begun by a day and whose last day had not passed at the start; at least one."""
    months = MONTHS[every.period]
    first = shift(first_day(every.period, start), -months, "month")
    periods: list[CivilPeriodDays] = []
    while first <= today or not periods:
        period = CivilPeriodDays(first, _due(every, first))
        if period.due >= start or (_resolved(run, period).day or period.due) >= start:
            periods.append(period)
        first = shift(first, months, "month")
    return periods


def _due(every: Recurrence, first: date) -> date:
    if every.by == "last":
        return last_day(every.period, first)
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
    return named_start(every.period, value)


def _round(run: Counting, period: CivilPeriodDays, number: int, act: Act | None) -> Round:
    acts = () if act is None else (act,)
    opened = _opened(period) if number > 1 else None
    return Round(replace(_resolved(run, period), number=number, opened_at=opened), acts)


def _resolved(run: Counting, period: CivilPeriodDays) -> ResolvedLimit:
    """The limit of a period: due by its day, which may give way to a working day."""
    come = period.due <= run.scope.view.day
    kind: Literal["actual", "planned"] = "actual" if come else "planned"
    anchor = AnchorState(kind, period.due, end_of(period.due), by_time=not come, set_at=_opened(period))
    return counted_out(run, ChosenPart(run.limit, anchor))


def _opened(period: CivilPeriodDays) -> Key:
    return (period.first, -1)


def following(every: Recurrence, day: date) -> Iterator[date]:
    """The first day of the period after the one of a day, on which another round opens."""
    yield shift(first_day(every.period, day), MONTHS[every.period], "month")
