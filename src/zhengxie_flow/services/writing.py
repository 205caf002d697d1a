"""Writes: the one way in which the use cases append events to a case, with its head, deadline rows and parents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from functools import partial
from typing import Protocol, runtime_checkable

from zhengxie_flow.engine import (
    CompiledProcess,
    apply_lapsed_limits,
    deadlines,
    evolve,
    fold,
    obsolete_deemed_events,
    parent_updates,
)
from zhengxie_flow.engine.editions.governing import edition_governing_life
from zhengxie_flow.engine.events.personal import NOBODY, personal_facts, personal_fields
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.errors import Conflict, NotFound, Where
from zhengxie_flow.model.body import parent_of, plain
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.personal import alike
from zhengxie_flow.ports import DeadlineRow, Head, StoredDefinition, Transaction
from zhengxie_flow.services.context import Context

Make = Callable[[CompiledProcess, Case], Event]
"""Function from the present case to the event that a command leads to."""


@runtime_checkable
class Repeatable(Protocol):
    """A making of an event that can be repeated as of the instant at which it was first decided."""

    def at(self, moment: datetime) -> Make:
        """The same as of an instant."""


def write(
    context: Context,
    case: str,
    make: Make,
    *,
    key: str | None = None,
    expected_version: int | None = None,
    live: bool = False,
) -> Event:
    """Append one event to a case, with its head and deadline rows, in one transaction.

    Args:
        context: The ports.
        case: The id of the case.
        make: Builds the event from the present case.
        key: The idempotency key; one already used for the same command returns the event it wrote.
        expected_version: The version the case must have.
        live: True where the event happens now: the acts of limits that have lapsed by now are written before it.

    Returns:
        The event as it is stored.

    Raises:
        NotFound: ZX4002, there is no such case.
        Conflict: ZX4030, the key was used for another command; ZX4031, the case is at another version.
    """
    with context.journal.transaction() as transaction:
        head = transaction.head(case)
        if head is None:
            raise NotFound("ZX4002", where=Where(case=case))
        compiled = context.definitions.by_hash(head.definition)
        current = context.rebuilt(transaction.events(case))
        if key is not None and (earlier := transaction.find_key(case, key)) is not None:
            return _same_command(compiled, current, make, earlier)
        if expected_version is not None and expected_version != head.version:
            raise Conflict("ZX4031", where=Where(case=case), expected=expected_version, version=head.version)
        current, fired = with_lapsed_acts(context, compiled, current) if live else (current, ())
        event = with_idempotency_key(context, make(compiled, current), key)
        after = evolve(current, event)
        if after.definition != current.definition:  # it passed to another edition
            compiled = edition_governing_life(compiled, after)
            store_definition(transaction, compiled)
        return commit(context, transaction, compiled, head, after, (*fired, event))[len(fired)]


def with_lapsed_acts(context: Context, compiled: CompiledProcess, case: Case) -> tuple[Case, tuple[Event, ...]]:
    """Apply the limits of a case that have lapsed by now, without writing.

    Args:
        context: The ports.
        compiled: The definition that governs the case.
        case: The case.

    Returns:
        The case after them, and the events of the acts deemed done.
    """
    calendars = partial(context.calendar, compiled)
    after, fired = apply_lapsed_limits(compiled, case, calendars, context.today(compiled), context.now())
    return after, tuple(with_idempotency_key(context, event, None) for event in fired)


def commit(
    context: Context,
    transaction: Transaction,
    compiled: CompiledProcess,
    head: Head | None,
    case: Case,
    events: Sequence[Event],
    *,
    parents: bool = True,
) -> tuple[Event, ...]:
    """Append events to a journal with the head and the deadline rows of their case, and update its parents.

    Acts deemed done that the new events make obsolete are withdrawn in the same write.

    Args:
        context: The ports.
        transaction: The write.
        compiled: The definition that governs the case.
        head: The head before the write; None for a new case.
        case: The case after the events.
        events: The events to append.
        parents: False where the caller updates the parents afterwards.

    Returns:
        The events as they are stored.
    """
    withdrawn = [
        with_idempotency_key(context, event, None)
        for event in obsolete_deemed_events(
            compiled, case, partial(context.calendar, compiled), context.today(compiled), context.now()
        )
    ]
    if withdrawn:
        events, case = (*events, *withdrawn), fold((*case.events, *withdrawn))
    written = append(context, transaction, compiled, head, case, events)
    if parents:
        update_parents(context, transaction, compiled, case)
    return written


def update_parents(context: Context, transaction: Transaction, compiled: CompiledProcess, case: Case) -> None:
    """Mirror the present state of a case into the journals of its parents.

    Args:
        context: The ports.
        transaction: The write.
        compiled: The definition that governs the case.
        case: The case.

    Raises:
        NotFound: ZX4002, a parent is not there.
    """
    for parent in parents_ever(case):  # one it was taken from again has to learn that too
        head = transaction.head(parent.case)
        if head is None:
            raise NotFound("ZX4002", where=Where(case=parent.case))
        parent_process = context.definitions.by_hash(head.definition)
        current = context.rebuilt(transaction.events(parent.case))
        calendar_hash = context.calendar_hash(parent_process)
        updates = parent_updates(
            current, parent_process, case, compiled, parent, now=context.now(), calendar=calendar_hash
        )
        events = [with_idempotency_key(context, event, None) for event in updates]
        if events:
            append(
                context,
                transaction,
                parent_process,
                head,
                fold((*current.events, *events)),
                events,
                also=personal_facts(compiled),
            )


def parents_ever(case: Case) -> tuple[Parent, ...]:
    """Return every parent a case has ever had, also those that a correction took away again.

    Args:
        case: The case.

    Returns:
        The links, in order of time.
    """
    named = (parent_of(event.body) for event in case.events)
    return tuple(dict.fromkeys(parent for parent in named if parent is not None))


def append(
    context: Context,
    transaction: Transaction,
    compiled: CompiledProcess,
    head: Head | None,
    case: Case,
    events: Sequence[Event],
    also: frozenset[str] = NOBODY,
) -> tuple[Event, ...]:
    """Append events to one case with its head and deadline rows, personal values stored apart.

    Args:
        context: The ports.
        transaction: The write.
        compiled: The definition that governs the case.
        head: The head before the write; None for a new case.
        case: The case after the events.
        events: The events to append.
        also: Names of facts and fields that are personal although the definition does not say so.

    Returns:
        The events as they are stored.
    """
    new = Head(
        case=case.id,
        process=case.process,
        definition=case.definition,
        version=case.version,
        state=case.state,
        opened=case.opened,
        updated=events[-1].recorded,
        hash="",  # the journal chains the events and fills it in
    )
    pointers = {event.sequence: personal_fields(compiled, event, also) for event in events}
    personal = {sequence: paths for sequence, paths in pointers.items() if paths}
    written = transaction.append(new, events, expected_version=head.version if head else 0, personal=personal)
    project(context, transaction, compiled, case)
    return written


def project(context: Context, transaction: Transaction, compiled: CompiledProcess, case: Case) -> None:
    """Rewrite the deadline rows of a case by today's calendar.

    Args:
        context: The ports.
        transaction: The write.
        compiled: The definition that governs the case.
        case: The case.
    """
    transaction.replace_deadlines(case.id, deadline_rows(context, compiled, case, context.today(compiled)))


_COUNTED = tuple(column.name for column in fields(Deadline))
"""The columns of a deadline row that the engine computes."""


def deadline_rows(context: Context, compiled: CompiledProcess, case: Case, as_of: date) -> list[DeadlineRow]:
    """Compute the deadline rows of a case as of a day.

    Args:
        context: The ports.
        compiled: The definition that governs the case.
        case: The case.
        as_of: The civil day.

    Returns:
        The rows, in the order of the process.
    """
    return [
        DeadlineRow(case=case.id, **{name: getattr(row, name) for name in _COUNTED})
        for row in deadlines(compiled, case, partial(context.calendar, compiled), as_of)
    ]


def with_idempotency_key(context: Context, event: Event, key: str | None) -> Event:
    """Return an event with its idempotency key, and with a mark where the clock was set by hand.

    Args:
        context: The ports.
        event: The event.
        key: The key; None for the event's own, else a new one.

    Returns:
        The event ready to be appended.
    """
    body = replace(event.body, clock="fixed") if getattr(context.clock, "fixed", False) else event.body
    return replace(event, key=key or event.key or context.ids.new(), body=body)


def store_definition(transaction: Transaction, compiled: CompiledProcess) -> None:
    """Store the definition that governs a case, unless it is stored already.

    Args:
        transaction: The write.
        compiled: The definition.
    """
    definition = compiled.definition
    transaction.keep_definition(
        StoredDefinition(
            hash=definition.hash, process=definition.id, bundle=definition.bundle, sources=definition.sources
        )
    )


def _same_command(compiled: CompiledProcess, current: Case, make: Make, earlier: Event) -> Event:
    """The event written under a key before, if the command is the same as it was then."""
    before = fold(current.events[: earlier.sequence - 1])
    again = (make.at(earlier.recorded) if isinstance(make, Repeatable) else make)(compiled, before)
    compared = ("type", "action", "item", "by", "actor", "evidence", "supersedes", "mode")
    same = all(getattr(again, name) == getattr(earlier, name) for name in compared)
    body = replace(earlier.body, clock=None, line=None)
    same = (
        same
        and alike(plain(again.body), plain(body))
        and (again.mode == "advanced" or again.occurred == earlier.occurred)
    )
    if not same:
        raise Conflict("ZX4030", where=Where(case=earlier.case, event=earlier.sequence), key=earlier.key)
    return earlier
