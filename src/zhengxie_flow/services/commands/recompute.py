"""Recount of the open deadlines after a change of the calendar, with an event for each deadline that moves.

A deadline row carries the hash of the calendar it was counted with.  Rows of another calendar than today's are counted
again; where the day, its interval or its firmness changed, the case gets one event per deadline, with the value before
and after and the notices behind it.  Verdicts are computed from the events and the calendars whenever they are asked
for, so no past verdict is touched here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated

from zhengxie_flow.calendars.difference import Difference, compare
from zhengxie_flow.engine import CompiledProcess, DerivedCase, deadlines, derive, evolve
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.errors import ChainBroken
from zhengxie_flow.model.body import RecomputedBody
from zhengxie_flow.model.body_parts import CountedDeadline
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.document import one_of
from zhengxie_flow.model.event import Event, EventType, Mode
from zhengxie_flow.ports import DeadlineRow, Transaction
from zhengxie_flow.services import publishing
from zhengxie_flow.services.authorising import AccessRequest, ask_hook
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.projecting import outdated, reproject
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.services.writing import commit, with_idempotency_key

Key = tuple[str, str | None, int]
"""An obligation, the item it is owed for, and the round of its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineStatus:
    """Status of a deadline by one edition of the calendar."""

    day: date | None
    earliest: date | None
    latest: date | None
    status: Annotated[str, one_of("firm", "provisional", "unknown")]
    calendar: str
    anchor_date: date | None = None

    def kept(self) -> CountedDeadline:
        """Return the status as an event stores it."""
        day, earliest, latest = (None if value is None else value.isoformat() for value in self._days())
        return CountedDeadline(day=day, earliest=earliest, latest=latest, status=self.status, calendar=self.calendar)

    def says(self, other: DeadlineStatus) -> bool:
        """Return whether two statuses have the same days and firmness, whatever the edition.

        Args:
            other: The status to compare with.

        Returns:
            True where they do.
        """
        return (self._days(), self.status) == (other._days(), other.status)

    def _days(self) -> tuple[date | None, date | None, date | None]:
        return self.day, self.earliest, self.latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Open deadline that the calendar moved, or made firmer or less firm.

    Attributes:
        case: The id of the case.
        obligation: The id of the obligation.
        item: The item it is owed for.
        round: The round of its limit.
        event: The number of the event that records it.
        old: The status before.
        new: The status after.
        notices: The notices behind the change.
        moved_earlier: True where its day is an earlier one now; never of a window that merely opens.
        advised_day_past: True where the earliest possible day lies before today; never of a window that merely opens.
    """

    case: str
    obligation: str
    item: str | None
    event: int
    old: DeadlineStatus
    new: DeadlineStatus
    notices: tuple[str, ...]
    moved_earlier: bool
    advised_day_past: bool
    round: int = 1


def recompute(context: Context) -> tuple[Shift, ...]:
    """Recount the open deadlines that were counted with another calendar, one transaction per case.

    Doing it again writes nothing.

    Args:
        context: The ports.

    Returns:
        Every deadline that changed.

    Raises:
        Conflict: Another program writes; the cases before it are kept.
        StorageError: The database cannot be used.
    """
    ask_hook(context, AccessRequest("recompute"))
    shifts: list[Shift] = []
    for stale in stale_cases(context):
        shifts += recount(context, stale)
    _refresh(context)
    return tuple(shifts)


def recount(context: Context, stale: StaleCase) -> list[Shift]:
    """Recount the deadlines of a case in a transaction of its own.

    Args:
        context: The ports.
        stale: The case, with the rows of another calendar.

    Returns:
        Every deadline that changed.

    Raises:
        Conflict: Another program writes.
    """
    return repeated(context, partial(_recount, context, stale))


def _recount(context: Context, stale: StaleCase) -> list[Shift]:
    with publishing.transaction(context) as transaction:
        return _recounted(context, transaction, stale)


def _refresh(context: Context) -> None:
    """Project the other cases by today's calendar, so that lists need not work them out; nothing moved in them."""
    for case in outdated(context):
        with suppress(ChainBroken):  # for `verify` to name
            repeated(context, partial(_project, context, case))


def _project(context: Context, case: str) -> None:
    """Project a case by today's calendar; one that was written to meanwhile is projected already."""
    compiled, current = context.read(case)
    with publishing.transaction(context) as transaction:
        head = transaction.head(case)
        if head is not None and head.version == current.version:
            reproject(context, transaction, GovernedCase(compiled, current), context.today(compiled))


@dataclass(frozen=True, slots=True)
class StaleCase:
    """A case with open deadline rows of another calendar than today's, and its definition."""

    case: str
    compiled: CompiledProcess
    rows: Sequence[DeadlineRow]


def stale_cases(context: Context) -> Iterator[StaleCase]:
    """Find the cases with open rows of another calendar than today's.

    Args:
        context: The ports.

    Yields:
        The cases, with those rows.
    """
    by_case: dict[str, list[DeadlineRow]] = defaultdict(list)
    for row in context.journal.deadlines(open_only=True):
        if not row.timed:  # what has no limit is counted by no calendar
            continue
        by_case[row.case].append(row)
    for head in tuple(context.journal.heads()) if by_case else ():
        if head.case in by_case:
            compiled = context.definitions.by_hash(head.definition)
            calendar_hash = context.calendar_hash(compiled)
            if any(row.calendar != calendar_hash for row in by_case[head.case]):
                yield StaleCase(head.case, compiled, by_case[head.case])


def _recounted(context: Context, transaction: Transaction, stale: StaleCase) -> list[Shift]:
    """Recount the deadlines of a case, with an event for each that moves."""
    compiled, rows = stale.compiled, stale.rows
    current = context.within(transaction, stale.case)
    today = context.today(compiled)
    snapshot = context.calendar(compiled, today)
    stored = rows[0].calendar  # the rows of a case are written together, with one calendar
    then = context.calendars.standing(compiled.calendar, stored, today)
    old = {(row.obligation, row.item, row.round): _of_row(row) for row in rows}
    if then is not None:  # so that nothing but the calendar makes the difference
        old |= _open(deadlines(derive(compiled, current, then, today)))
    new = _open(deadlines(context.derived(compiled, current, today)))
    difference = None if then is None else compare(then(today), snapshot)
    last_recorded = _last_recorded(current)
    shifts: list[Shift] = []
    for key, (standing, direction) in new.items():
        if key in old and not standing.says(old[key][0]) and last_recorded.get(key) != standing.kept():
            change = _Change(key, old[key][0], standing, direction)
            shifts.append(_shift(current, current.version + len(shifts) + 1, change, difference, today))
    if shifts:
        events = [with_idempotency_key(context, _event(context, compiled, current, shift), None) for shift in shifts]
        for event in events:
            current = evolve(current, event)
        commit(context, transaction, GovernedCase(compiled, current), events)
    else:
        reproject(context, transaction, GovernedCase(compiled, current), today)
    return shifts


def shifts_between(old: DerivedCase, new: DerivedCase) -> list[Shift]:
    """Compare the open deadlines of a case by two states of its calendar.

    Args:
        old: The case as derived by the earlier state.
        new: The same by the later one.

    Returns:
        Every deadline that differs; the events are numbered as a recount would number them.
    """
    today = new.as_of
    difference = compare(old.calendars(today), new.calendars(today))
    before, after = _open(deadlines(old)), _open(deadlines(new))
    changes = [
        _Change(key, before[key][0], standing, direction)
        for key, (standing, direction) in after.items()
        if key in before and not standing.says(before[key][0])
    ]
    return [
        _shift(new.case, new.version + place, change, difference, today)
        for place, change in enumerate(changes, start=1)
    ]


def _of_row(row: DeadlineRow) -> tuple[DeadlineStatus, str]:
    standing = DeadlineStatus(
        day=row.day, earliest=row.earliest, latest=row.latest, status=row.status,
        calendar=row.calendar, anchor_date=row.anchor_date,
    )  # fmt: skip
    return standing, row.direction


def _open(rows: Iterator[Deadline]) -> dict[Key, tuple[DeadlineStatus, str]]:
    return {
        (row.obligation, row.item, row.round): (
            DeadlineStatus(
                day=row.day, earliest=row.earliest, latest=row.latest, status=row.status,
                calendar=row.calendar, anchor_date=row.anchor_date,
            ),
            row.direction,
        )
        for row in rows
        if row.open
    }  # fmt: skip


def _last_recorded(case: Case) -> Mapping[Key, CountedDeadline]:
    """The last recorded recount of each deadline: another program may have recounted since the rows were read."""
    return {
        (event.body.obligation, event.item, event.body.round): event.body.new
        for event in case.events
        if isinstance(event.body, RecomputedBody)
    }


@dataclass(frozen=True, slots=True)
class _Change:
    """The change of a deadline: its key, its status before and after, and the direction of its limit."""

    key: Key
    old: DeadlineStatus
    new: DeadlineStatus
    direction: str


def _shift(case: Case, event: int, change: _Change, difference: Difference | None, today: date) -> Shift:
    old, new = change.old, change.new
    ends = change.direction not in (
        "minimum",
        "earliest",
    )  # a window that opens earlier, or is open already, harms nobody
    return Shift(
        case=case.id,
        obligation=change.key[0],
        item=change.key[1],
        round=change.key[2],
        event=event,
        old=old,
        new=new,
        notices=() if difference is None else _notices(difference, old, new),
        moved_earlier=ends and old.day is not None and new.day is not None and new.day < old.day,
        advised_day_past=ends and new.earliest is not None and new.earliest < today,
    )


def _notices(difference: Difference, old: DeadlineStatus, new: DeadlineStatus) -> tuple[str, ...]:
    """The instruments of the changed days between anchor and day; where there is none, all new ones.

    That is so where only the firmness changed, and where the anchor moved with a limit it depends on.
    """
    days = [day for status in (old, new) for day in (status.anchor_date, status.day) if day is not None]
    named = {
        change.now.instrument: None
        for change in difference.changes
        if days and min(days) <= change.date <= max(days) and change.now.instrument is not None
    }
    return tuple(named) or difference.instruments


def _event(context: Context, compiled: CompiledProcess, case: Case, shift: Shift) -> Event:
    now = context.now()
    return Event(
        case=case.id,
        sequence=shift.event,
        type=EventType.RECOMPUTED,
        mode=Mode.ADVANCED,
        occurred=now.astimezone(case.zone),
        recorded=now,
        item=shift.item,
        body=RecomputedBody(
            obligation=shift.obligation,
            old=shift.old.kept(),
            new=shift.new.kept(),
            notices=tuple(shift.notices),
            moved_earlier=shift.moved_earlier,
            advised_day_past=shift.advised_day_past,
            round=shift.round,
        ),
        definition=compiled.hash,
        calendar=shift.new.calendar,
    )
