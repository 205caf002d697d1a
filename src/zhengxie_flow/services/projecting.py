"""Projections: what the journal keeps of a case for quick lists, and what it was worked out from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from functools import partial

from zhengxie_flow.engine import CompiledProcess, DerivedCase
from zhengxie_flow.engine.case_title import case_title, has_titles
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.engine.judging.reminders import Reminder, reminders
from zhengxie_flow.errors import ChainBroken, NotFound
from zhengxie_flow.model.assignment import assignment_periods
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.topic import DEADLINE_CHANGED, REMINDER_DUE
from zhengxie_flow.ports import AssignmentRow, DeadlineRow, NewMessage, Overtaken, Projection, Transaction
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.kept_rows import WorkedRows, all_worked_out

_COUNTED = tuple(column.name for column in fields(Deadline))
"""The columns of a deadline row that the engine computes."""

METHOD = "3"
"""Raised whenever the engine counts otherwise than before, so that what was projected earlier is worked out anew."""

EARLIER_METHODS: frozenset[str] = frozenset({"1", "2"})
"""The methods of earlier versions, which may still stand in a journal; any other was written by no version."""


def untitled(basis: str | None) -> bool:
    """Return whether a projection is one of an earlier version, which kept no titles.

    Args:
        basis: What it was worked out from.
    """
    return basis is None or basis.partition(":")[0] in EARLIER_METHODS


def reproject(context: Context, transaction: Transaction, governed: GovernedCase, as_of: date) -> None:
    """Renew what the journal keeps of a case for quick lists: its deadline rows, and the state its head names.

    Args:
        context: The ports.
        transaction: The write.
        governed: The case as recorded, under the definition that governs it.
        as_of: The civil day.
    """
    compiled, case = governed
    derived = context.derived(compiled, case, as_of)
    head = transaction.head(case.id)
    if head is not None and head.state != derived.case.state:
        transaction.restate(replace(head, state=derived.case.state))
    project(context, transaction, kept_projection(context, derived))


def project(context: Context, transaction: Transaction, projection: Projection) -> None:
    """Replace what the journal keeps of a case for quick lists; where that is asked for, the outbox says what changed.

    Args:
        context: The ports.
        transaction: The write.
        projection: The new projection.
    """
    if context.publishing is not None and DEADLINE_CHANGED in context.publishing.topics:
        head = transaction.head(projection.case)
        version = 0 if head is None else head.version
        transaction.put(deadline_messages(transaction.deadlines(projection.case), projection, version))
    if projection.messages:
        transaction.put(projection.messages)
    kept, case, rows = context.kept_rows, projection.case, projection.rows
    kept.store(case, rows, transaction.project(projection, kept.change(case, rows)))


def deadline_messages(before: Iterable[DeadlineRow], after: Projection, version: int) -> tuple[NewMessage, ...]:
    """Compare the deadlines of a case before and after a write.

    Args:
        before: The rows before.
        after: The projection after.
        version: The version of the case.

    Returns:
        A message for each deadline that is new, moved, was settled or is gone.
    """
    old, new = (
        {(row.obligation, row.item, row.round): row for row in rows if row.timed} for rows in (before, after.rows)
    )
    changed = (key for key in dict.fromkeys((*old, *new)) if _says(old.get(key)) != _says(new.get(key)))
    return tuple(
        NewMessage(
            case=after.case,
            sequence=version,
            topic=DEADLINE_CHANGED,
            payload={"case": after.case, "event": version, "obligation": obligation, "item": item, "round": round_},
        )
        for obligation, item, round_ in changed
    )


def _says(row: DeadlineRow | None) -> tuple[object, ...] | None:
    """What a deadline row says of its day, for comparing."""
    return None if row is None else (row.day, row.earliest, row.latest, row.status, row.open)


def kept_projection(context: Context, derived: DerivedCase) -> Projection:
    """Work out the projection of a derived case, going on from what is kept of it.

    Args:
        context: The ports.
        derived: The case as of a day.

    Returns:
        The projection.
    """
    worked_out_with = basis(context, derived.compiled, derived.as_of)
    worked = context.kept_rows.work_out(derived, worked_out_with, partial(deadline_row, derived))
    reminding = context.folded.summary(derived.case.id, derived.case.events).reminding
    return _projection(derived, worked_out_with, worked, reminding)


def projection_of(derived: DerivedCase, basis: str) -> Projection:
    """Work out the projection of a derived case, judging all of it.

    Args:
        derived: The case as of a day.
        basis: The hash over what it is worked out with.

    Returns:
        The projection.
    """
    return _projection(derived, basis, all_worked_out(derived, partial(deadline_row, derived)))


def _projection(
    derived: DerivedCase, basis: str, worked: WorkedRows, reminding: Sequence[Event] | None = None
) -> Projection:
    reminded = reminders(derived, worked.limits, reminding)
    days = [day for day in (worked.next_change, reminded.next_day) if day is not None]
    return Projection(
        case=derived.case.id,
        as_of=derived.as_of,
        basis=basis,
        next_change=min(days, default=None),
        rows=worked.rows,
        parents=tuple(dict.fromkeys(parent.case for parent in derived.case.parents)),
        assignments=tuple(assignment_rows(derived.case)) if derived.case.assignments else (),
        title=case_title(derived.compiled, derived.case),
        messages=tuple(reminder_message(reminder, derived.version) for reminder in reminded.due),
    )


def reminder_message(reminder: Reminder, version: int) -> NewMessage:
    """Return the message of a reminder: ids and days alone, under its stable id.

    Args:
        reminder: The reminder.
        version: The version of the case.

    Returns:
        The message.
    """
    named = ("case", "obligation", "item", "round", "ladder", "rung", "number")
    days = {"day": reminder.day.isoformat(), "due": reminder.due.isoformat()}
    payload = {name: getattr(reminder, name) for name in named} | days
    return NewMessage(
        case=reminder.case, sequence=version, topic=REMINDER_DUE, payload={**payload, "event": version}, key=reminder.id
    )


def assignment_rows(case: Case) -> Iterator[AssignmentRow]:
    """Work out to whom the roles of a case fall, and when.

    Args:
        case: The case as recorded.

    Yields:
        The rows, by first day.
    """
    for period in assignment_periods(case.assignments):
        made = period.assignment
        yield AssignmentRow(
            case=case.id,
            role=made.role,
            office=made.office,
            person=made.person,
            from_day=made.begins,
            to_day=period.ends,
        )


def deadline_row(derived: DerivedCase, row: Deadline) -> DeadlineRow:
    """Convert a deadline that the engine computed to a row of its case.

    Args:
        derived: The case.
        row: The deadline.

    Returns:
        The row.
    """
    columns = {name: getattr(row, name) for name in _COUNTED}
    return DeadlineRow(case=derived.case.id, definition=derived.compiled.hash, **columns)


def basis(context: Context, compiled: CompiledProcess, day: date) -> str:
    """Hash what the projections of a process are worked out with: its editions and the calendar as published by a day.

    Args:
        context: The ports.
        compiled: The definition that governs the case.
        day: The civil day.

    Returns:
        The hash.
    """
    return basis_of(compiled, context.calendar(compiled, day).calendar_hash)


def basis_of(compiled: CompiledProcess, calendar_hash: str) -> str:
    """Hash what projections are worked out with.

    Args:
        compiled: The definition that governs the case, with its editions.
        calendar_hash: The hash of the calendar.

    Returns:
        The method and the hash.
    """
    editions = [edition.hash for edition in compiled.editions or (compiled,)]
    digest = hashlib.sha256("\n".join((compiled.hash, *editions, calendar_hash)).encode()).hexdigest()
    return f"{METHOD}:sha256:{digest}"


def outdated(context: Context) -> tuple[str, ...]:
    """Find the cases whose projections do not hold today: by time alone, a new edition or another calendar.

    Args:
        context: The ports.

    Returns:
        The ids of the cases, in order.
    """
    now = overtaken_by_now(context)
    return context.journal.outdated(now.day, now.bases)


def overtaken_by_now(context: Context) -> Overtaken:
    """Return the test of projections that do not hold today: by time alone, a new edition or another calendar.

    Args:
        context: The ports.
    """
    bases: list[tuple[str, str | None]] = []
    deeming: set[str] = set()
    latest = context.now().date()
    for definition, stored in context.journal.bases():
        with suppress(NotFound, ChainBroken):  # for `verify` to name: nothing can be worked out without it
            compiled = context.definitions.by_hash(definition)
            today = context.today(compiled)
            latest = max(latest, today)
            if stored != basis(context, compiled, today):
                bases.append((definition, stored))
            if compiled.deems or (untitled(stored) and has_titles(compiled)):
                deeming.add(definition)
    return Overtaken(latest, tuple(bases), frozenset(deeming))
