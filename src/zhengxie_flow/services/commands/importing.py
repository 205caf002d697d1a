"""Import of cases and their events: recorded entry by entry, stored all together or not at all.

Importing the same entries again changes nothing.  Every opening and every entry has a key made of its content and of
its place among equal ones (see `import_keys`), so entries added to a file later are told apart from those already
stored, even when the case has grown by other events in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import assert_never

from zhengxie_flow.engine import CompiledProcess, evolve
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.personal import personal_names
from zhengxie_flow.engine.events.statements import link as link_case
from zhengxie_flow.errors import Conflict, InvalidInput, NotFound, Problem, Refused, UsageError, Where, ZhengxieError
from zhengxie_flow.model.body import OpenedBody, parent_of
from zhengxie_flow.model.case import Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.scenario import CaseFile, ScriptEvent
from zhengxie_flow.ports import Clock
from zhengxie_flow.services.attaching import staging
from zhengxie_flow.services.commands.case_script import ScriptedCase, ScriptSource, begin, opening_of
from zhengxie_flow.services.commands.import_files import with_files
from zhengxie_flow.services.commands.import_keys import ImportKey, Lines, opened_by, opening_key
from zhengxie_flow.services.commands.opening import check_case_id
from zhengxie_flow.services.commands.subcases import check_acyclic, matching_parent_link
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.recording_order import check_clock
from zhengxie_flow.services.writing import commit_alone, store_definition, update_parents, with_idempotency_key

NOT_IMPORTED = ("known", "refused", "in_")
"""Keys of an entry that only make sense in a scenario: an import records what happened, as of now."""


@dataclass(frozen=True, slots=True)
class CaseFileLine:
    """An entry of a case file and its place in the file."""

    script_event: ScriptEvent
    where: Where


@dataclass(slots=True)
class Incoming:
    """One case of a file.

    Attributes:
        case: The id of the case.
        where: Its place in the file.
        opening: Its opening; None where the case is stored already.
        lines: Its entries, in the order of the file.
    """

    case: str
    where: Where
    opening: CaseFile | None = None
    lines: list[CaseFileLine] = field(default_factory=list)


@dataclass(slots=True)
class ImportCounts:
    """Counts of an import: cases and events that are new, and those stored already."""

    cases_new: int = 0
    cases_known: int = 0
    events_new: int = 0
    events_known: int = 0


@dataclass(frozen=True, slots=True)
class _Batch:
    """One import: the ports, the instant at which it is recorded, and the processes of the cases that it opens."""

    context: Context
    now: datetime
    processes: Mapping[str, str]

    def parent_process(self, parent: str) -> CompiledProcess:
        """Return the process of a parent case: one that is stored already, or one of the same import (else ZX4077).

        Args:
            parent: The id of the parent case.
        """
        if parent in self.processes:
            return self.context.definitions.by_id(self.processes[parent])
        if self.context.journal.head(parent) is None:
            raise NotFound("ZX4077", parent=parent)
        return self.context.read(parent)[0]


@dataclass(slots=True)
class _Prepared:
    """A case with its events that are still to be written."""

    governed: GovernedCase
    version: int
    events: list[Event]
    events_known: int
    editions: tuple[CompiledProcess, ...]  # those it was and is under


def import_cases(
    context: Context,
    cases: Sequence[Incoming],
    *,
    dry_run: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> ImportCounts:
    """Record every entry of every case in one transaction.

    Args:
        context: The ports.
        cases: The cases of the file.
        dry_run: True to check whether that could be done, without writing.
        progress: A function called after each entry.

    Returns:
        How many cases and events are new, and how many were stored already.

    Raises:
        InvalidInput: Cases cannot be imported; ``problems`` lists all of them.
        Conflict: ZX6040, a case has another opening; ZX4031, it was written to meanwhile.
    """
    if not dry_run and context.staged is None:
        with staging(context) as own:
            return import_cases(own, cases, progress=progress)
    processes = {entry.case: entry.opening.process for entry in cases if entry.opening is not None}
    now = context.now()
    context = replace(context, clock=_Standing(now, context.clock))  # one import is recorded at one instant
    batch = _Batch(context, now, processes)
    prepared: list[_Prepared] = []
    problems: list[Problem] = []
    for incoming in cases:
        try:
            prepared.append(_prepare(batch, incoming, progress))
        except _AtLine as fault:
            error = fault.error
            problems.append(Problem(error.code, fault.where, error.params))
    problems += _cycles(context, cases, prepared)
    if problems:
        raise InvalidInput(problems=tuple(problems))
    if not dry_run:
        _write(context, prepared)
    return _summary(prepared)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A clock that stands while an import is recorded."""

    instant: datetime
    running: Clock

    @property
    def fixed(self) -> bool:
        """True where the clock was set by hand."""
        return getattr(self.running, "fixed", False)

    def now(self) -> datetime:
        """Return the instant at which the import began."""
        return self.instant


class _AtLine(Exception):
    """An error with the place in the file that it is about."""

    def __init__(self, error: ZhengxieError, where: Where) -> None:
        super().__init__(str(error))
        self.error = error
        self.where = where


def _prepare(batch: _Batch, incoming: Incoming, progress: Callable[[], None]) -> _Prepared:
    stored = batch.context.journal.events(incoming.case)
    try:
        scripted, events = _resumed(batch.context, incoming, stored) if stored else _begun(batch, incoming)
    except (UsageError, NotFound) as error:
        raise _AtLine(error, incoming.where) from None
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
                raise _AtLine(error, line.where) from None
        editions[scripted.compiled.hash] = scripted.compiled
        progress()
    if stored and events:
        check_clock(batch.context, scripted.case)
    events_known = _count_known(incoming, stored, lines.matched)
    governed = GovernedCase(scripted.compiled, scripted.case)
    return _Prepared(governed, len(stored), events, events_known, tuple(editions.values()))


def _resumed(context: Context, incoming: Incoming, stored: Sequence[Event]) -> tuple[ScriptedCase, list[Event]]:
    opening = incoming.opening
    compiled = context.definitions.by_hash(stored[0].definition)
    if opening is not None and not opened_by(stored[0], opening, personal_names(compiled)):
        where = Where(incoming.where.file, incoming.where.line, incoming.where.column, incoming.case)
        raise Conflict("ZX6040", where=where, process=_process(stored[0]))
    folded = context.rebuilt(stored)
    compiled = context.definitions.by_hash(folded.definition)
    return ScriptedCase(compiled, partial(context.calendar, compiled), folded), []


def _begun(batch: _Batch, incoming: Incoming) -> tuple[ScriptedCase, list[Event]]:
    context, opening = batch.context, incoming.opening
    if opening is None:
        raise NotFound("ZX4002", where=Where(case=incoming.case))
    check_case_id(incoming.case)
    compiled = context.definitions.by_id(opening.process)
    attribution = Attribution(by=opening.by, at=opening.opened)
    calendars, under = partial(context.calendar, compiled), opening.under
    parent = None
    if under is not None:
        parent = matching_parent_link(batch.parent_process(under), opening.process, under, opening.as_)
    script_opening = opening_of(opening.given, parent)
    scripted, event = begin(ScriptSource(compiled, calendars), incoming.case, script_opening, attribution, batch.now)
    return scripted, [_with_key(context, event, opening_key(opening, personal_names(compiled)))]


def _events(batch: _Batch, scripted: ScriptedCase, script_event: ScriptEvent, import_key: ImportKey) -> list[Event]:
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


def _cycles(context: Context, cases: Sequence[Incoming], prepared: Sequence[_Prepared]) -> list[Problem]:
    """A problem for each case that would become its own ancestor."""
    prepared_by_case = {entry.governed.case.id: entry for entry in prepared}

    def parents(name: str) -> Sequence[Parent]:
        return (prepared_by_case[name].governed if name in prepared_by_case else context.read(name)).case.parents

    problems: list[Problem] = []
    for incoming in cases:
        entry = prepared_by_case.get(incoming.case)
        for event in entry.events if entry is not None else ():
            parent = parent_of(event.body)
            if parent is not None:
                try:
                    check_acyclic(incoming.case, parent.case, parents)
                except UsageError as error:
                    problems.append(Problem(error.code, incoming.where, error.params))
    return problems


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


def _write(context: Context, prepared: Sequence[_Prepared]) -> None:
    """Write everything; a case that was written to since it was read rolls all of it back."""
    changed = [entry for entry in prepared if entry.events]
    if not changed:
        return
    with context.journal.transaction() as transaction:
        for entry in changed:
            head = transaction.head(entry.governed.case.id)
            version = head.version if head is not None else 0
            if version != entry.version:
                where = Where(case=entry.governed.case.id)
                raise Conflict("ZX4031", where=where, expected=entry.version, version=version)
            for edition in entry.editions:
                store_definition(transaction, edition)
            commit_alone(context, transaction, entry.governed, entry.events)
        for entry in changed:  # once all are there: a parent may come later in the file
            update_parents(context, transaction, entry.governed)


def _summary(prepared: Sequence[_Prepared]) -> ImportCounts:
    return ImportCounts(
        cases_new=sum(entry.version == 0 for entry in prepared),
        cases_known=sum(entry.version > 0 for entry in prepared),
        events_new=sum(len(entry.events) for entry in prepared),
        events_known=sum(entry.events_known for entry in prepared),
    )
