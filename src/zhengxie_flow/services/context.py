"""What every use case works with, and the one way a case is read and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import partial

from zhengxie_flow.calendars import Snapshot
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
from zhengxie_flow.engine.events.conformance import Vocabulary, misfits
from zhengxie_flow.engine.events.evolve import known_by
from zhengxie_flow.engine.events.personal import NOBODY, personal_facts, personal_fields
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.errors import ChainBroken, Conflict, NotFound, UsageError, Where
from zhengxie_flow.model.body import MovedBody, parent_of, plain
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.personal import alike
from zhengxie_flow.ports import (
    Calendars,
    Clock,
    DeadlineRow,
    Definitions,
    Head,
    Ids,
    Journal,
    StoredDefinition,
    Transaction,
)

Make = Callable[[CompiledProcess, Case], Event]
"""From the case as it stands to the event that a command leads to."""


@dataclass(frozen=True, slots=True)
class Context:
    """The ports of one installation, wired by the bootstrap."""

    journal: Journal
    definitions: Definitions
    calendars: Calendars
    clock: Clock
    ids: Ids

    def now(self) -> datetime:
        """The present instant.  Raises `UsageError` ZX4013 for a clock that gives none, or one without an offset."""
        now = self.clock.now()
        if not isinstance(now, datetime) or now.utcoffset() is None:
            raise UsageError("ZX4013", given=str(now))
        return now

    def calendar(self, compiled: CompiledProcess, as_of: date) -> Snapshot:
        """The process's calendar as published by a day."""
        return self.calendars.snapshot(compiled.process.calendar, as_of)

    def today(self, compiled: CompiledProcess) -> date:
        """The civil day it is in the process's zone."""
        return self.now().astimezone(compiled.zone).date()

    def read(self, case: str, known_at: datetime | None = None) -> tuple[CompiledProcess, Case]:
        """A case from its journal, by what was known at an instant, with the definition it started under.

        Raises `NotFound` ZX4002 for a case that is not there, or that was not opened yet by what was known.
        """
        found = self.known(case, known_at)
        if found is None:
            raise NotFound("ZX4002", where=Where(case=case))
        return found

    def known(self, case: str, known_at: datetime | None) -> tuple[CompiledProcess, Case] | None:
        """The same; None where nobody knew yet that the case had been opened.

        A clock that was set back can put the opening later than what followed it: that is not known then either.
        """
        events = self.journal.events(case)
        if not events:
            if self.journal.head(case) is not None:
                raise ChainBroken("ZX5901", where=Where(case=case, event=1))
            raise NotFound("ZX4002", where=Where(case=case))
        known = known_by(events, known_at)
        if not known or known[0] is not events[0]:
            return None
        check_conformance(self.definitions, events)
        folded = fold(known)
        return self.definitions.by_hash(folded.definition), folded

    def rebuilt(self, events: Sequence[Event]) -> Case:
        """A case from all its stored events.  Raises `ChainBroken` ZX5905 for one that no program of ours wrote."""
        check_conformance(self.definitions, events)
        return fold(events)

    def known_below(self, case: str, subcase: str, known_at: datetime | None) -> tuple[CompiledProcess, Case] | None:
        """A case that another tells of; `ChainBroken` ZX4078 where it is gone."""
        try:
            return self.known(subcase, known_at)
        except NotFound as error:
            if error.code != "ZX4002":
                raise
            raise ChainBroken("ZX4078", where=Where(case=case), subcase=subcase) from error


def vocabulary_of(definitions: Definitions, events: Sequence[Event]) -> Vocabulary:
    """The names of every definition a case was under."""
    moves = (event.body.definition.to for event in events if isinstance(event.body, MovedBody))
    named = [definitions.by_hash(digest) for digest in dict.fromkeys((events[0].definition, *moves))]
    return Vocabulary.of(*named)


def check_conformance(definitions: Definitions, events: Sequence[Event]) -> None:
    """Refuse to build on an event that the definition of its case has no place for: `ChainBroken` ZX5905."""
    found = next(misfits(vocabulary_of(definitions, events), events), None)
    if found is not None:
        where = Where(case=events[0].case, event=found.sequence)
        raise ChainBroken("ZX5905", where=where, place=found.place, name=found.name)


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

    ``live``: the event happens now, so what time has produced until now is written before it.

    A ``key`` already used for the same command returns the event it wrote; for another command it is a `Conflict`
    ZX4030.  ``expected_version`` that is no longer the case's version is a `Conflict` ZX4031.
    """
    with context.journal.transaction() as transaction:
        head = transaction.head(case)
        if head is None:
            raise NotFound("ZX4002", where=Where(case=case))
        compiled = context.definitions.by_hash(head.definition)
        known = context.rebuilt(transaction.events(case))
        if key is not None and (earlier := transaction.find_key(case, key)) is not None:
            return _same(compiled, known, make, earlier)
        if expected_version is not None and expected_version != head.version:
            raise Conflict("ZX4031", where=Where(case=case), expected=expected_version, version=head.version)
        known, fired = produced(context, compiled, known) if live else (known, ())
        event = stamped(context, make(compiled, known), key)
        after = evolve(known, event)
        if after.definition != known.definition:  # it passed to another edition
            compiled = edition_governing_life(compiled, after)
            keep(transaction, compiled)
        return commit(context, transaction, compiled, head, after, (*fired, event))[len(fired)]


def produced(context: Context, compiled: CompiledProcess, case: Case) -> tuple[Case, tuple[Event, ...]]:
    """The acts that time has produced until now, and the case after them."""
    calendars = partial(context.calendar, compiled)
    after, fired = apply_lapsed_limits(compiled, case, calendars, context.today(compiled), context.now())
    return after, tuple(stamped(context, event, None) for event in fired)


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
    """Append events to a journal with the head and the deadline rows of the case they lead to, and tell its parents.

    Acts deemed done that, with what is told now, never were, are withdrawn with it.
    """
    withdrawn = [
        stamped(context, event, None)
        for event in obsolete_deemed_events(
            compiled, case, partial(context.calendar, compiled), context.today(compiled), context.now()
        )
    ]
    if withdrawn:
        events, case = (*events, *withdrawn), fold((*case.events, *withdrawn))
    written = append(context, transaction, compiled, head, case, events)
    if parents:
        tell_parents(context, transaction, compiled, case)
    return written


def tell_parents(context: Context, transaction: Transaction, compiled: CompiledProcess, case: Case) -> None:
    """Bring the journals of the cases that a case lies under up to what it now says.

    Raises `NotFound` ZX4002 for a parent that is not there.
    """
    for parent in parents_ever(case):  # one it was taken from again has to learn that too
        head = transaction.head(parent.case)
        if head is None:
            raise NotFound("ZX4002", where=Where(case=parent.case))
        above = context.definitions.by_hash(head.definition)
        known = context.rebuilt(transaction.events(parent.case))
        edition = context.calendar(above, context.today(above)).edition
        told = parent_updates(known, above, case, compiled, parent, now=context.now(), calendar=edition)
        news = [stamped(context, event, None) for event in told]
        if news:
            append(context, transaction, above, head, fold((*known.events, *news)), news, also=personal_facts(compiled))


def parents_ever(case: Case) -> tuple[Parent, ...]:
    """Every case that events of a case have placed it under, also those a correction took it from again."""
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
    """Append events to one journal with its head and deadline rows, personal values kept apart.

    ``also`` are facts that are personal in the case they were told from.
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
    personal = {sequence: found for sequence, found in pointers.items() if found}
    written = transaction.append(new, events, expected_version=head.version if head else 0, personal=personal)
    project(context, transaction, compiled, case)
    return written


def project(context: Context, transaction: Transaction, compiled: CompiledProcess, case: Case) -> None:
    """Write the deadline rows of a case anew, by today's calendar."""
    transaction.replace_deadlines(case.id, deadline_rows(context, compiled, case, context.today(compiled)))


_COUNTED = tuple(column.name for column in fields(Deadline))
"""The columns of a deadline row that the engine works out."""


def deadline_rows(context: Context, compiled: CompiledProcess, case: Case, as_of: date) -> list[DeadlineRow]:
    """The deadline rows of a case as of a day."""
    return [
        DeadlineRow(case=case.id, **{name: getattr(row, name) for name in _COUNTED})
        for row in deadlines(compiled, case, partial(context.calendar, compiled), as_of)
    ]


def stamped(context: Context, event: Event, key: str | None) -> Event:
    """The event with its idempotency key, and marked where the clock was set by hand."""
    body = replace(event.body, clock="fixed") if getattr(context.clock, "fixed", False) else event.body
    return replace(event, key=key or event.key or context.ids.new(), body=body)


def keep(transaction: Transaction, compiled: CompiledProcess) -> None:
    """Store the definition a case is started under, once."""
    definition = compiled.definition
    transaction.keep_definition(
        StoredDefinition(
            hash=definition.hash, process=definition.id, bundle=definition.bundle, sources=definition.sources
        )
    )


def _same(compiled: CompiledProcess, known: Case, make: Make, earlier: Event) -> Event:
    """The event written under a key before, if the command is the same as it was then."""
    before = fold(known.events[: earlier.sequence - 1])
    again = make(compiled, before)
    told = ("type", "action", "item", "by", "actor", "evidence", "supersedes", "mode")
    same = all(getattr(again, name) == getattr(earlier, name) for name in told)
    body = replace(earlier.body, clock=None, line=None)
    same = (
        same
        and alike(plain(again.body), plain(body))
        and (again.mode == "advanced" or again.occurred == earlier.occurred)
    )
    if not same:
        raise Conflict("ZX4030", where=Where(case=earlier.case, event=earlier.sequence), key=earlier.key)
    return earlier
