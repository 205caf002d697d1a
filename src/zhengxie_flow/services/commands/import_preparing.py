"""Preparation of the cases of an import: from the entries of a file to the events that are still to be stored.

Nothing is written here, and no lock is needed; every opening and every entry has a key (see `import_keys`) by which it
is recognised when the file is imported again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import assert_never

from zhengxie_flow.engine import CompiledProcess, evolve
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.personal import personal_names
from zhengxie_flow.engine.events.statements import link as link_case
from zhengxie_flow.errors import Conflict, InvalidInput, NotFound, Refused, UsageError, Where, ZhengxieError
from zhengxie_flow.model.body import OpenedBody, SubcaseBody
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.ports import Clock, Head
from zhengxie_flow.services.appending import Draft, draft
from zhengxie_flow.services.commands.case_script import ScriptedCase, ScriptSource, begin, opening_of
from zhengxie_flow.services.commands.import_files import with_files
from zhengxie_flow.services.commands.import_keys import ImportKey, Lines, opened_by, opening_key
from zhengxie_flow.services.commands.import_source import Incoming
from zhengxie_flow.services.commands.opening import check_case_id
from zhengxie_flow.services.commands.subcases import matching_parent_link
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.locking import parent_links
from zhengxie_flow.services.recording_order import check_clock
from zhengxie_flow.services.writing import with_idempotency_key, with_withdrawals

NOT_IMPORTED = ("known", "refused", "in_")
"""Keys of an entry that only make sense in a scenario: an import records what happened, as of now."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Sources that the cases of an import have in common.

    Attributes:
        context: The ports, with a clock that stands (see `standing`).
        events: The source of the stored events of a case: the journal, or the write itself.
        head: The source of the head of a case, like that of its events.
        process: The source of the process of a case that the files open.
    """

    context: Context
    events: Callable[[str], Sequence[Event]]
    head: Callable[[str], Head | None]
    process: Callable[[str], str | None]

    @property
    def now(self) -> datetime:
        """The instant of recording."""
        return self.context.now()

    def parent_process(self, parent: str) -> CompiledProcess:
        """Return the process of a parent case: one that is stored already, or one of the same import (else ZX4077).

        Args:
            parent: The id of the parent case.
        """
        process = self.process(parent)
        if process is not None:
            return self.context.definitions.by_id(process)
        head = self.head(parent)
        if head is None:
            raise NotFound("ZX4077", parent=parent)
        return self.context.definitions.by_hash(head.definition)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A clock that stands.

    Attributes:
        instant: The instant at which it was stopped.
        running: The clock.
    """

    instant: datetime
    running: Clock

    @property
    def fixed(self) -> bool:
        """True where the clock was set by hand."""
        return getattr(self.running, "fixed", False)

    def now(self) -> datetime:
        """Return the instant at which it was stopped."""
        return self.instant


def standing(context: Context) -> Context:
    """Return the ports with a clock that stands at the present instant.

    A family of cases, and what cases above it learn of it, is recorded at one instant: none of it was known earlier
    than the rest.

    Args:
        context: The ports.

    Returns:
        The ports with that clock.
    """
    return replace(context, clock=_Standing(context.now(), context.clock))


@dataclass(frozen=True, slots=True)
class PreparedCase:
    """A case with its events that are still to be written.

    Attributes:
        governed: The case after them.
        version: The version on which they follow; 0 for a new case.
        draft: The events ready to be stored; None where there are none.
        events_new: The number of events from the files that are new.
        events_known: The number of events from the files that are stored already.
        editions: The definitions it was and is under.
    """

    governed: GovernedCase
    version: int
    draft: Draft | None
    events_new: int
    events_known: int
    editions: tuple[CompiledProcess, ...]

    @property
    def id(self) -> str:
        """The id of the case."""
        return self.governed.case.id

    @property
    def size(self) -> int:
        """The number of all its events: what it takes of memory and, where it is new, of time."""
        return self.governed.case.version

    def parents(self) -> tuple[str, ...]:
        """Return the ids of the cases that it lies or ever lay under."""
        return tuple(dict.fromkeys(parent.case for parent in parent_links(self.governed.case.events)))

    def related(self) -> tuple[str, ...]:
        """Return the ids of the cases above and below it, as its journal says."""
        bodies = (event.body for event in self.governed.case.events)
        below = (body.subcase.case for body in bodies if isinstance(body, SubcaseBody))
        return tuple(dict.fromkeys((*self.parents(), *below)))


class AtLine(Exception):
    """An error with the place in the file that it is about."""

    def __init__(self, error: ZhengxieError, where: Where) -> None:
        super().__init__(str(error))
        self.error = error
        self.where = where


def prepare(batch: Batch, incoming: Incoming) -> PreparedCase:
    """Work out what of a case is still to be written.

    Args:
        batch: The import.
        incoming: The case.

    Returns:
        The case with its new events.

    Raises:
        AtLine: An entry cannot be recorded.
        Conflict: ZX6040, the case has another opening.
    """
    stored = batch.events(incoming.case)
    try:
        scripted, events = _resumed(batch.context, incoming, stored) if stored else _begun(batch, incoming)
    except (UsageError, NotFound) as error:
        raise AtLine(error, incoming.where) from None
    editions = {scripted.compiled.hash: scripted.compiled}
    lines = Lines(stored, personal_names(scripted.compiled))
    for line in incoming.lines:
        import_key, sequence = lines.resolve(line.script_event)
        if sequence is not None:
            if line.script_event.id is not None:
                scripted.labels[line.script_event.id] = sequence
        else:
            try:
                script_event = with_files(batch.context, line.script_event, line.where.file)
                events += _events(batch, scripted, script_event, import_key)
            except (InvalidInput, NotFound, Refused, UsageError) as error:
                raise AtLine(error, line.where) from None
        editions[scripted.compiled.hash] = scripted.compiled
    if stored and events:
        check_clock(batch.context, scripted.case)
    events_known, events_new = _count_known(incoming, stored, lines.matched), len(events)
    governed, complete = with_withdrawals(batch.context, GovernedCase(scripted.compiled, scripted.case), events)
    ready = draft(batch.context, governed, complete) if events else None
    return PreparedCase(governed, len(stored), ready, events_new, events_known, tuple(editions.values()))


def _resumed(context: Context, incoming: Incoming, stored: Sequence[Event]) -> tuple[ScriptedCase, list[Event]]:
    opening = incoming.opening
    compiled = context.definitions.by_hash(stored[0].definition)
    if opening is not None and not opened_by(stored[0], opening, personal_names(compiled)):
        where = Where(incoming.where.file, incoming.where.line, incoming.where.column, incoming.case)
        raise Conflict("ZX6040", where=where, process=_process(stored[0]))
    folded = context.rebuilt(stored)
    compiled = context.definitions.by_hash(folded.definition)
    return ScriptedCase(compiled, partial(context.calendar, compiled), folded), []


def _begun(batch: Batch, incoming: Incoming) -> tuple[ScriptedCase, list[Event]]:
    context, opening = batch.context, incoming.opening
    if opening is None:
        raise NotFound("ZX4002", where=Where(case=incoming.case))
    check_case_id(incoming.case)
    compiled = context.definitions.by_id(opening.process)
    attribution = Attribution(by=opening.by, at=opening.opened)
    calendars, under = partial(context.calendar, compiled), opening.under
    parent = None
    if under is not None:
        parent = matching_parent_link(batch.parent_process(under), compiled.id, under, opening.as_)
    script_opening = opening_of(opening.given, parent)
    scripted, event = begin(ScriptSource(compiled, calendars), incoming.case, script_opening, attribution, batch.now)
    return scripted, [_with_key(context, event, opening_key(opening, personal_names(compiled)))]


def _events(batch: Batch, scripted: ScriptedCase, script_event: ScriptEvent, import_key: ImportKey) -> list[Event]:
    context, kind = batch.context, script_event.kind
    match kind:
        case "try" | "open":
            raise UsageError("ZX6041", key=kind)
        case "do" | "determine" | "plan" | "explain" | "correct" | "move":
            _check_importable(script_event)
            return [
                _with_key(
                    context, event, import_key if index == 0 else replace(import_key, key=f"{import_key.key}.{index}")
                )
                for index, event in enumerate(scripted.apply(script_event, batch.now))
            ]
        case "link":
            _check_importable(script_event)
            parent = batch.parent_process(script_event.link or "")
            return [_with_key(context, _link_event(scripted, script_event, parent, batch.now), import_key)]
        case _:
            assert_never(kind)


def _check_importable(script_event: ScriptEvent) -> None:
    """Raise `UsageError` ZX6041 for a key that only a scenario can have."""
    for name in NOT_IMPORTED:
        if getattr(script_event, name) is not None:
            raise UsageError("ZX6041", key=name.rstrip("_"))


def _link_event(
    scripted: ScriptedCase, script_event: ScriptEvent, parent_process: CompiledProcess, now: datetime
) -> Event:
    """The event by which a running case is attached to a parent."""
    parent = matching_parent_link(
        parent_process, scripted.case.process, script_event.link or "", script_event.as_, linked=True
    )
    allowed = parent_process.process.subcases[parent.subcase].by
    if script_event.by is None and len(allowed) != 1:
        raise UsageError("ZX4014", subject="link", known=allowed)
    attribution = Attribution(
        by=script_event.by or allowed[0], at=script_event.at, evidence=script_event.references, actor=script_event.actor
    )
    event = link_case(scripted.recording(attribution, now), parent)
    scripted.case = evolve(scripted.case, event)
    if script_event.id is not None:
        scripted.labels[script_event.id] = event.sequence
    return event


def _with_key(context: Context, event: Event, import_key: ImportKey) -> Event:
    """The event with the key of its entry, and the fingerprint of the entry where it has one."""
    body = event.body if import_key.line is None else replace(event.body, line=import_key.line)
    return with_idempotency_key(context, replace(event, body=body), import_key.key)


def _process(opening: Event) -> str:
    return opening.body.process if isinstance(opening.body, OpenedBody) else "-"


def _count_known(incoming: Incoming, stored: Sequence[Event], matched: set[str]) -> int:
    """The number of events of the journal that come from this file."""
    opened = int(bool(stored) and incoming.opening is not None)
    return opened + sum(event.key.partition(".")[0] in matched for event in stored)
