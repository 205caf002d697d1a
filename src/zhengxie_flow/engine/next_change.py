"""The next day on which time alone may change a case: what a list of many cases may rely on until then.

A limit ends or opens, a set day comes, a grant or an office expires, an edition comes into force: each hangs on a day
that is known now.  Between today and the first of these days, nothing but a new event, definition or calendar changes
the state of the case, its deadlines or its verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from zhengxie_flow.engine.derivation import DerivedCase
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.engine.limits.recurring import following
from zhengxie_flow.engine.watched import alike
from zhengxie_flow.model.base import Period
from zhengxie_flow.model.case import Act, Assertion, Case, Plan

ONE = timedelta(days=1)
_DAY = len("2026-01-01")


def next_change(derived: DerivedCase, rows: Iterable[Deadline]) -> date | None:
    """Compute the first day after that of a case on which time alone may change it.

    Args:
        derived: The case as of a day.
        rows: Its deadlines as of that day.

    Returns:
        The day, or that of the case where time has brought what the journal does not say yet; None where the case waits
        for events only.
    """
    if not derived.written:
        return derived.as_of
    days = (
        first_day_of_rows(rows, derived.as_of),
        first_day_of_case(derived.case, derived.as_of),
        first_day_of_law(derived),
    )
    return min((day for day in days if day is not None), default=None)


def first_day_of_rows(rows: Iterable[Deadline], as_of: date) -> date | None:
    """Compute the first day after another on which time alone may change deadlines; None where there is none."""
    return _first((day for row in rows for day in (row.anchor_date, row.day, row.earliest, row.latest)), as_of)


def first_day_of_law(derived: DerivedCase) -> date | None:
    """Compute the first day after that of a case on which its law may change; None where there is none."""
    return _first(_of_law(derived), derived.as_of)


def first_day_of_case(case: Case, as_of: date, before: tuple[Case, date | None] | None = None) -> date | None:
    """Compute the first day after another that something recorded in a case names; None where there is none.

    Args:
        case: The case.
        as_of: The day.
        before: An earlier stage of the case with its first day: where it only grew since, the rest is looked at alone.
    """
    grown = None if before is None else _grown(before[0], case)
    if before is None or grown is None:
        return _first(_of_case(case), as_of)
    first = _first(grown, as_of)
    return first if before[1] is None or (first is not None and first < before[1]) else before[1]


def _first(days: Iterable[date | None], as_of: date) -> date | None:
    """The first day after another on which something changes: some things begin with their day, others end with it."""
    known = min((day for day in days if day is not None and as_of <= day < date.max), default=None)
    return known if known is None or known > as_of else known + ONE


def _of_case(case: Case) -> Iterator[date]:
    """The days that facts, fields, items and plans of a case name."""
    for assertions in case.facts.values():
        yield from _of_assertions(assertions, case)
    yield from _of_acts(case.timeline, case)
    for items in case.items.values():
        for item in items.values():
            yield from _dates(item.fields.values(), case)
    for plans in case.plans.values():
        yield from _of_plans(plans, case)


def _of_assertions(assertions: Iterable[Assertion], case: Case) -> Iterator[date]:
    return _dates((assertion.value for assertion in assertions), case)


def _of_acts(acts: Iterable[Act], case: Case) -> Iterator[date]:
    for act in acts:
        if act.fields:
            yield from _dates(act.fields.values(), case)


def _of_plans(plans: Iterable[Plan], case: Case) -> Iterator[date]:
    for plan in plans:
        yield plan.to.astimezone(case.zone).date() if isinstance(plan.to, datetime) else plan.to


def _grown(before: Case, after: Case) -> list[date] | None:
    """The days that a case names which has only grown since an earlier stage, in what is new; None for any other."""
    days: list[date] = []
    for old, new, read in (
        ({"": before.timeline}, {"": after.timeline}, _of_acts),
        (before.facts, after.facts, _of_assertions),
        (before.plans, after.plans, _of_plans),
    ):
        if not old.keys() <= new.keys():
            return None
        for name, rows in _others(old, new):
            earlier = old.get(name, ())
            if not alike(earlier, rows[: len(earlier)]):
                return None
            days += read(rows[len(earlier) :], after)
    of_items = _of_grown_items(before, after)
    return None if of_items is None else days + of_items


def _of_grown_items(before: Case, after: Case) -> list[date] | None:
    """The days that new items of a case name; None where earlier ones are gone, or name others now."""
    days: list[date] = []
    if not before.items.keys() <= after.items.keys():
        return None
    for kind, items in _others(before.items, after.items):
        earlier = before.items.get(kind, {})
        if not earlier.keys() <= items.keys():
            return None
        for name, item in _others(earlier, items):
            if name not in earlier:
                days += _dates(item.fields.values(), after)
            elif earlier[name].fields != item.fields:
                return None
    return days


def _others(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    """The entries of a table that an earlier one does not have as they are."""
    if before is after:
        return []
    return [(name, value) for name, value in after.items() if before.get(name) is not value]


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
