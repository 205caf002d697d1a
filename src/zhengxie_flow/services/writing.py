"""Writes: the one way in which the use cases append events to a case, with its head, deadline rows and parents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Protocol, runtime_checkable

from zhengxie_flow.engine import (
    CompiledProcess,
    evolve,
    fold,
    has_receipts,
    parent_updates,
    receipts_of,
    withdrawals,
)
from zhengxie_flow.engine.editions.governing import GovernedCase, edition_governing_life
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.personal import NOBODY, personal_facts
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.errors import Conflict, NotFound, Where
from zhengxie_flow.model.body import plain
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.evidence import same_documents
from zhengxie_flow.model.personal import alike
from zhengxie_flow.model.written import Written
from zhengxie_flow.ports import Transaction
from zhengxie_flow.services import publishing
from zhengxie_flow.services.appending import draft, store_definition
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.locking import lock, parent_links, stored_parents
from zhengxie_flow.services.recording_order import check_clock
from zhengxie_flow.services.retrying import repeated

Make = Callable[[CompiledProcess, Case], Event]
"""Function from the present case to the event that a command leads to."""


@runtime_checkable
class Repeatable(Protocol):
    """A making of an event that can be repeated as of the instant at which it was first decided."""

    def at(self, moment: datetime) -> Make:
        """The same as of an instant."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A command submitted to a case: by whom, and the version it presupposes.

    Attributes:
        case: The id of the case.
        attribution: The role, time and item of the command, with its idempotency key.
        expected_version: The version the case must have; None for any.
        locked: Other cases that are to stay as they are until the event is stored.
    """

    case: str
    attribution: Attribution
    expected_version: int | None = None
    locked: tuple[str, ...] = ()

    @property
    def key(self) -> str | None:
        """The idempotency key; None where the command has none."""
        return self.attribution.key or None


def write(context: Context, submission: Submission, make: Make, *, act: bool = False, live: bool = False) -> Written:
    """Append one event to a case, with its head and deadline rows, in one transaction.

    Args:
        context: The ports.
        submission: The case, with the idempotency key and the version that the command presupposes; a key already used
            for the same command returns the event it wrote.
        make: Builds the event from the present case.
        act: True for an act, which is decided on the case with all that time has brought by now.
        live: True where the event happens now: what time has brought by now is written before it.

    Returns:
        The event as it is stored, with all that was stored beside it.

    Raises:
        NotFound: ZX4002, there is no such case.
        Conflict: ZX4030, the key was used for another command; ZX4031, the case is at another version; ZX4090, the
            clock was set back.
    """

    def attempt() -> Written:
        with context.definitions.steady():
            return write_once(context, submission, make, act=act, live=live)

    return repeated(context, attempt)


def write_once(
    context: Context, submission: Submission, make: Make, *, act: bool = False, live: bool = False
) -> Written:
    """Append one event like `write`, in a single attempt.

    Args:
        context: The ports.
        submission: The case, with the idempotency key and the version that the command presupposes.
        make: Builds the event from the present case.
        act: True for an act, which is decided on the case with all that time has brought by now.
        live: True where the event happens now.

    Returns:
        The event as it is stored, with all that was stored beside it.

    Raises:
        NotFound: ZX4002, there is no such case.
        Conflict: The version or the key does not fit, or others were in the way.
    """
    case, key, expected_version = submission.case, submission.key, submission.expected_version
    with publishing.transaction(context) as transaction:
        if submission.locked:
            lock(transaction, (case, *submission.locked), stored_parents(context))
        head = transaction.head(case)
        if head is None:
            raise NotFound("ZX4002", where=Where(case=case))
        compiled = context.definitions.by_hash(head.definition)
        current = context.within(transaction, case)
        if key is not None and (earlier := transaction.find_key(case, key)) is not None:
            before = fold(current.events[: earlier.sequence - 1])
            if act:
                before = context.derived(compiled, before, earlier.recorded.astimezone(before.zone).date()).numbered
            again = make.at(earlier.recorded) if isinstance(make, Repeatable) else make
            return Written.of((), _same_command(again(compiled, before), earlier))
        if expected_version is not None and expected_version != head.version:
            raise Conflict("ZX4031", where=Where(case=case), expected=expected_version, version=head.version)
        check_clock(context, current)
        current, receipts = settled(context, compiled, current) if live else (current, ())
        decided_on = context.derived(compiled, current).numbered if act else current
        event = with_idempotency_key(context, make(compiled, decided_on), key)
        after = evolve(current, event)
        if after.definition != current.definition:  # it passed to another edition
            compiled = edition_governing_life(compiled, after)
            store_definition(transaction, compiled)
        stored = commit(context, transaction, GovernedCase(compiled, after), (*receipts, event))
        transaction.main = stored[len(receipts)]
    return Written.of(transaction.appended, transaction.main)


def write_statement(context: Context, submission: Submission, make: Callable[[Recording], Event]) -> Written:
    """Append the event of a statement to a case, like `write`.

    Args:
        context: The ports.
        submission: The case, who makes the statement, and the version that it presupposes.
        make: Builds the event of the statement.

    Returns:
        The event as it is stored, with all that was stored beside it.

    Raises:
        NotFound: There is no such case.
        Conflict: The version or the key does not fit.
    """

    def recorded(compiled: CompiledProcess, case: Case) -> Event:
        return make(Recording(compiled, case, submission.attribution, context.recording_time(compiled)))

    return write(context, submission, recorded)


def settled(
    context: Context, compiled: CompiledProcess, case: Case, day: date | None = None
) -> tuple[Case, tuple[Event, ...]]:
    """Bring a case up to date with what time has brought by a day, without writing.

    Args:
        context: The ports.
        compiled: The definition that governs the case.
        case: The case as recorded.
        day: The civil day; None for today.

    Returns:
        The case after it, and the events that say so in its journal.
    """
    derived = context.derived(compiled, case, day)
    receipts = tuple(with_idempotency_key(context, event, None) for event in receipts_of(derived, context.now()))
    for event in receipts:
        case = evolve(case, event)
    return case, receipts


def commit(
    context: Context, transaction: Transaction, governed: GovernedCase, events: Sequence[Event]
) -> tuple[Event, ...]:
    """Append events like `commit_alone`, and update the parents of the case.

    Args:
        context: The ports.
        transaction: The write.
        governed: The case after the events.
        events: The events to append.

    Returns:
        The events as they are stored.
    """
    after, written = commit_alone(context, transaction, governed, events)
    update_parents(context, transaction, after)
    return written


def commit_alone(
    context: Context, transaction: Transaction, governed: GovernedCase, events: Sequence[Event]
) -> tuple[GovernedCase, tuple[Event, ...]]:
    """Append events to a journal with the head and the deadline rows of their case; its parents are left to the caller.

    Acts deemed done that the new events make obsolete are withdrawn in the same write.

    Args:
        context: The ports.
        transaction: The write.
        governed: The case after the events.
        events: The events to append.

    Returns:
        The case after the write, and the events as they are stored.
    """
    governed, events = with_withdrawals(context, governed, events)
    return governed, append(context, transaction, governed, events)


def with_withdrawals(
    context: Context, governed: GovernedCase, events: Sequence[Event]
) -> tuple[GovernedCase, Sequence[Event]]:
    """Add to new events the withdrawals of the acts deemed done that they make obsolete.

    Args:
        context: The ports.
        governed: The case after the events.
        events: The events to append.

    Returns:
        The case after all of them, and the events.
    """
    compiled, case = governed
    void = context.derived(compiled, case).void if compiled.deems and has_receipts(case) else ()
    if not void:
        return governed, events
    withdrawn = [with_idempotency_key(context, event, None) for event in withdrawals(case, void, context.now())]
    return GovernedCase(compiled, fold((*case.events, *withdrawn))), (*events, *withdrawn)


def update_parents(context: Context, transaction: Transaction, *subcases: GovernedCase) -> None:
    """Mirror the present state of cases into the journals of their parents, each parent read and written once.

    Args:
        context: The ports.
        transaction: The write.
        subcases: The cases.

    Raises:
        NotFound: ZX4002, a parent is not there.
    """
    above = (parent.case for governed in subcases for parent in _links(context, governed.case))
    lock(transaction, above, stored_parents(context))
    mirror(context, transaction, *subcases)


def mirror(context: Context, transaction: Transaction, *subcases: GovernedCase) -> None:
    """Mirror cases like `update_parents`, whose parents are locked already.

    Args:
        context: The ports.
        transaction: The write.
        subcases: The cases.

    Raises:
        NotFound: ZX4002, a parent is not there.
    """
    links: dict[str, list[tuple[GovernedCase, Parent]]] = {}
    for governed in subcases:
        for parent in _links(context, governed.case):  # one it was taken from again has to learn that too
            links.setdefault(parent.case, []).append((governed, parent))
    for case, below in links.items():
        _update_parent(context, transaction, case, below)


def _update_parent(
    context: Context, transaction: Transaction, case: str, below: Sequence[tuple[GovernedCase, Parent]]
) -> None:
    """Mirror cases into the journal of one parent."""
    head = transaction.head(case)
    if head is None:
        raise NotFound("ZX4002", where=Where(case=case))
    compiled = context.definitions.by_hash(head.definition)
    current = context.within(transaction, case)
    time = context.recording_time(compiled)
    for also, group in groupby(below, key=lambda entry: personal_facts(entry[0].compiled)):
        events: list[Event] = []
        for governed, parent in group:
            for update in parent_updates(GovernedCase(compiled, current), governed, parent, time):
                event = with_idempotency_key(context, update, None)
                current = evolve(current, event)
                events.append(event)
        if events:
            append(context, transaction, GovernedCase(compiled, current), events, also=also)


def parents_ever(case: Case) -> tuple[Parent, ...]:
    """Return every parent a case has ever had, also those that a correction took away again.

    Args:
        case: The case.

    Returns:
        The links, in order of time.
    """
    return parent_links(case.events)


def _links(context: Context, case: Case) -> tuple[Parent, ...]:
    return context.folded.summary(case.id, case.events).parents


def append(
    context: Context,
    transaction: Transaction,
    governed: GovernedCase,
    events: Sequence[Event],
    also: frozenset[str] = NOBODY,
) -> tuple[Event, ...]:
    """Append events to one case with its head and deadline rows, personal values stored apart.

    Args:
        context: The ports.
        transaction: The write.
        governed: The case after the events.
        events: The events to append, which follow on those stored.
        also: Names of facts and fields that are personal although the definition does not say so.

    Returns:
        The events as they are stored.

    Raises:
        Conflict: ZX4090, the clock was set back behind the latest instant recorded in the case.
    """
    return draft(context, governed, events, also).store(context, transaction)


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


def _same_command(again: Event, earlier: Event) -> Event:
    """The event written under a key before, if the same command would lead to it ``again``."""
    compared = ("type", "action", "item", "by", "actor", "supersedes", "mode")
    same = all(getattr(again, name) == getattr(earlier, name) for name in compared)
    same = same and same_documents(again.evidence) == same_documents(earlier.evidence)
    body = replace(earlier.body, clock=None, line=None)
    same = (
        same
        and alike(plain(again.body), plain(body))
        and (again.mode == "advanced" or again.occurred == earlier.occurred)
    )
    if not same:
        raise Conflict("ZX4030", where=Where(case=earlier.case, event=earlier.sequence), key=earlier.key)
    return earlier
