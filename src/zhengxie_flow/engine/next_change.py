"""The next day on which time alone may change a case: what a list of many cases may rely on until then.

A limit ends or opens, a set day comes, a grant or an office expires, an edition comes into force: each hangs on a day
that is known now.  Between today and the first of these days, nothing but a new event, definition or calendar changes
the state of the case, its deadlines or its verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from zhengxie_flow.engine.derivation import DerivedCase
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.engine.limits.recurring import following
from zhengxie_flow.model.base import Period
from zhengxie_flow.model.case import Case

ONE = timedelta(days=1)
_DAY = len("2026-01-01")


def next_change(derived: DerivedCase, rows: Iterable[Deadline], reminded: date | None = None) -> date | None:
    """Compute the first day after that of a case on which time alone may change it.

    Args:
        derived: The case as of a day.
        rows: Its deadlines as of that day.
        reminded: The day of the next reminder; None for none.

    Returns:
        The day, or that of the case where time has brought what the journal does not say yet; None where the case waits
        for events only.
    """
    if not derived.written:
        return derived.as_of
    coming = (
        day
        for source in (_of_rows(rows), _of_case(derived.case), _of_law(derived))
        for known in source
        if known >= derived.as_of and known < date.max
        for day in (known, known + ONE)  # some things begin with their day, others end with it
        if day > derived.as_of
    )
    first = min(coming, default=None)
    return first if reminded is None or (first is not None and first < reminded) else reminded


def _of_rows(rows: Iterable[Deadline]) -> Iterator[date]:
    for row in rows:
        yield from (day for day in (row.anchor_date, row.day, row.earliest, row.latest) if day is not None)


def _of_case(case: Case) -> Iterator[date]:
    """The days that facts, fields, items and plans of a case name."""
    for assertions in case.facts.values():
        yield from _dates((assertion.value for assertion in assertions), case)
    for act in case.timeline:
        yield from _dates(act.fields.values(), case)
    for items in case.items.values():
        for item in items.values():
            yield from _dates(item.fields.values(), case)
    for plans in case.plans.values():
        for plan in plans:
            yield plan.to.astimezone(case.zone).date() if isinstance(plan.to, datetime) else plan.to


def _dates(values: Iterable[Any], case: Case) -> Iterator[date]:
    for value in values:
        if isinstance(value, str) and len(value) >= _DAY and value[4:5] == "-" == value[7:8]:
            with suppress(ValueError):  # a text that only looks like a day
                moment = datetime.fromisoformat(value)
                yield moment.date() if moment.tzinfo is None else moment.astimezone(case.zone).date()


def _of_law(derived: DerivedCase) -> Iterator[date]:
    """The days on which editions, offices and parameters begin and end, and while the case goes on, periods."""
    ended = derived.compiled.final.get(derived.view.state)
    for compiled in derived.compiled.editions or (derived.compiled,):
        periods: list[Period] = [compiled.process.in_force]
        periods += [role.in_force for role in compiled.process.roles.values()]
        periods += [row.in_force for parameter in compiled.definition.parameters.values() for row in parameter.rows]
        for period in periods:
            yield from (day for day in (period.from_, period.to) if day is not None)
        for volume in compiled.definition.volumes:
            for attached in volume.periods:
                yield from (day for day in (attached.from_, attached.until) if day is not None)
        for duty in compiled.process.obligations.values():
            for limit in duty.limit.components if duty.limit is not None else ():
                if limit.every is not None and not ended:
                    yield from following(limit.every, derived.as_of)
