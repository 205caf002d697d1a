"""Import cases and what happened to them: recorded line by line, kept all together or not at all.

Importing the same lines again changes nothing.  Every opening and every happening is known by a key made of its content
and of its place among equal ones (see `import_keys`), so lines added to a file later are told apart from those already
there, even when the case has grown by other events in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import assert_never

from zhengxie_flow.engine import CompiledProcess, evolve
from zhengxie_flow.engine.events.personal import personal_names
from zhengxie_flow.engine.events.statements import Attribution, link as link_case
from zhengxie_flow.errors import Conflict, InvalidInput, NotFound, Problem, Refused, UsageError, Where, ZhengxieError
from zhengxie_flow.model.body import OpenedBody, parent_of
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.scenario import CaseFile, ScriptEvent
from zhengxie_flow.services.commands.case_script import ScriptedCase, begin
from zhengxie_flow.services.commands.import_keys import ImportKey, Lines, opened_by, opening_mark
from zhengxie_flow.services.commands.opening import check_case_id
from zhengxie_flow.services.commands.subcases import check_no_circle, fitting_place
from zhengxie_flow.services.context import Context, commit, keep, stamped, tell_parents

NOT_IMPORTED = ("known", "refused", "in_")
"""Keys of a happening that only make sense in a scenario: an import tells what happened, as of now."""


@dataclass(frozen=True, slots=True)
class CaseFileLine:
    """One happening and its place in the file."""

    happening: ScriptEvent
    where: Where


@dataclass(slots=True)
class Incoming:
    """One case of a file: its opening (None: it is there already) and what happened, in the order of the file."""

    case: str
    where: Where
    opening: CaseFile | None = None
    lines: list[CaseFileLine] = field(default_factory=list)


@dataclass(slots=True)
class ImportCounts:
    """What an import brought, and what was there already."""

    cases_new: int = 0
    cases_known: int = 0
    events_new: int = 0
    events_known: int = 0


@dataclass(slots=True)
class _Prepared:
    """A case with the events to be written."""

    compiled: CompiledProcess
    case: Case
    version: int
    events: list[Event]
    known: int
    editions: tuple[CompiledProcess, ...]  # those it was and is under


def import_cases(
    context: Context,
    cases: Sequence[Incoming],
    *,
    dry_run: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> ImportCounts:
    """Record every line of every case in one transaction; with ``dry_run`` only look whether that could be done.

    ``progress`` is called after each line.  Raises `InvalidInput` with a problem for each case that cannot be imported,
    and `Conflict` when a case stands under another opening (ZX6040) or was written to meanwhile (ZX4031).
    """
    now = context.now()
    prepared: list[_Prepared] = []
    problems: list[Problem] = []
    above = {each.case: each.opening.process for each in cases if each.opening is not None}
    for incoming in cases:
        try:
            prepared.append(_prepare(context, incoming, now, above, progress))
        except _AtLine as fault:
            error = fault.error
            problems.append(Problem(error.code, fault.where, error.params))
    problems += _circles(context, cases, prepared)
    if problems:
        raise InvalidInput(problems=tuple(problems))
    if not dry_run:
        _write(context, prepared)
    return _summary(prepared)


class _AtLine(Exception):
    """An error with the line of the file that it is about."""

    def __init__(self, error: ZhengxieError, where: Where) -> None:
        super().__init__(str(error))
        self.error = error
        self.where = where


def _prepare(
    context: Context, incoming: Incoming, now: datetime, above: Mapping[str, str], progress: Callable[[], None]
) -> _Prepared:
    known = context.journal.events(incoming.case)
    try:
        story, made = _resumed(context, incoming, known) if known else _begun(context, incoming, now, above)
    except (UsageError, NotFound) as error:
        raise _AtLine(error, incoming.where) from None
    editions = {story.compiled.hash: story.compiled}
    lines = Lines(known, personal_names(story.compiled))
    for line in incoming.lines:
        mark, there = lines.meet(line.happening)
        if there is not None:
            if line.happening.id is not None:
                story.labels[line.happening.id] = there
        else:
            try:
                made += _told(context, story, line.happening, above, mark, now)
            except (UsageError, NotFound, Refused) as error:
                raise _AtLine(error, line.where) from None
        editions[story.compiled.hash] = story.compiled
        progress()
    told = _known(incoming, known, lines.found)
    return _Prepared(story.compiled, story.case, len(known), made, told, tuple(editions.values()))


def _resumed(context: Context, incoming: Incoming, known: Sequence[Event]) -> tuple[ScriptedCase, list[Event]]:
    opening = incoming.opening
    compiled = context.definitions.by_hash(known[0].definition)
    if opening is not None and not opened_by(known[0], opening, personal_names(compiled)):
        where = Where(incoming.where.file, incoming.where.line, incoming.where.column, incoming.case)
        raise Conflict("ZX6040", where=where, process=_process(known[0]))
    folded = context.rebuilt(known)
    compiled = context.definitions.by_hash(folded.definition)
    return ScriptedCase(compiled, partial(context.calendar, compiled), folded), []


def _above(context: Context, parent: str, above: Mapping[str, str]) -> CompiledProcess:
    """The process of a case to lie under: one that is there already, or one of the same import (else ZX4077)."""
    if parent in above:
        return context.definitions.by_id(above[parent])
    if context.journal.head(parent) is None:
        raise NotFound("ZX4077", parent=parent)
    return context.read(parent)[0]


def _begun(
    context: Context, incoming: Incoming, now: datetime, above: Mapping[str, str]
) -> tuple[ScriptedCase, list[Event]]:
    opening = incoming.opening
    if opening is None:
        raise NotFound("ZX4002", where=Where(case=incoming.case))
    check_case_id(incoming.case)
    compiled = context.definitions.by_id(opening.process)
    told = Attribution(by=opening.by, at=opening.opened)
    calendars, under = partial(context.calendar, compiled), opening.under
    parent = None
    if under is not None:
        parent = fitting_place(_above(context, under, above), opening.process, under, opening.as_)
    story, event = begin(compiled, calendars, incoming.case, opening.given, told, now, parent=parent)
    return story, [_marked(context, event, opening_mark(opening, personal_names(compiled)))]


def _told(
    context: Context,
    story: ScriptedCase,
    happening: ScriptEvent,
    above: Mapping[str, str],
    mark: ImportKey,
    now: datetime,
) -> list[Event]:
    kind = happening.kind
    match kind:
        case "try" | "open":
            raise UsageError("ZX6041", key=kind)
        case "do" | "determine" | "plan" | "explain" | "correct" | "move":
            _check_importable(happening)
            return [
                _marked(context, event, mark if index == 0 else replace(mark, key=f"{mark.key}.{index}"))
                for index, event in enumerate(story.tell(happening, now))
            ]
        case "link":
            _check_importable(happening)
            parent = _above(context, happening.link or "", above)
            return [_marked(context, _linked(story, happening, parent, now), mark)]
        case _:
            assert_never(kind)


def _check_importable(happening: ScriptEvent) -> None:
    """Refuse what only a scenario can say (`UsageError` ZX6041)."""
    for name in NOT_IMPORTED:
        if getattr(happening, name) is not None:
            raise UsageError("ZX6041", key=name.rstrip("_"))


def _linked(story: ScriptedCase, happening: ScriptEvent, above: CompiledProcess, now: datetime) -> Event:
    """The event by which a case that stands on its own is taken under another."""
    parent = fitting_place(above, story.case.process, happening.link or "", happening.as_, linked=True)
    allowed = above.process.subcases[parent.subcase].by
    if happening.by is None and len(allowed) != 1:
        raise UsageError("ZX4014", subject="link", known=allowed)
    told = Attribution(
        by=happening.by or allowed[0], at=happening.at, evidence=happening.evidence, actor=happening.actor
    )
    edition = story.calendars(now.astimezone(story.compiled.zone).date()).edition
    event = link_case(story.compiled, story.case, parent, told, now, edition)
    story.case = evolve(story.case, event)
    if happening.id is not None:
        story.labels[happening.id] = event.sequence
    return event


def _circles(context: Context, cases: Sequence[Incoming], prepared: Sequence[_Prepared]) -> list[Problem]:
    """A problem for each case that would come to lie under itself."""
    brought = {each.case.id: each for each in prepared}

    def parents(name: str) -> Sequence[Parent]:
        return (brought[name].case if name in brought else context.read(name)[1]).parents

    problems: list[Problem] = []
    for incoming in cases:
        each = brought.get(incoming.case)
        for event in each.events if each is not None else ():
            parent = parent_of(event.body)
            if parent is not None:
                try:
                    check_no_circle(incoming.case, parent.case, parents)
                except UsageError as error:
                    problems.append(Problem(error.code, incoming.where, error.params))
    return problems


def _marked(context: Context, event: Event, mark: ImportKey) -> Event:
    """The event with the key of its line, and what else it is known by."""
    body = event.body if mark.line is None else replace(event.body, line=mark.line)
    return stamped(context, replace(event, body=body), mark.key)


def _process(opening: Event) -> str:
    return opening.body.process if isinstance(opening.body, OpenedBody) else "-"


def _known(incoming: Incoming, known: Sequence[Event], found: set[str]) -> int:
    """How many events of the journal this file speaks of."""
    opened = int(bool(known) and incoming.opening is not None)
    return opened + sum(event.key.partition(".")[0] in found for event in known)


def _write(context: Context, prepared: Sequence[_Prepared]) -> None:
    """Write everything; a case that somebody wrote to since it was read undoes it all."""
    changed = [each for each in prepared if each.events]
    if not changed:
        return
    with context.journal.transaction() as transaction:
        for each in changed:
            head = transaction.head(each.case.id)
            version = head.version if head is not None else 0
            if version != each.version:
                raise Conflict("ZX4031", where=Where(case=each.case.id), expected=each.version, version=version)
            for edition in each.editions:
                keep(transaction, edition)
            commit(context, transaction, each.compiled, head, each.case, each.events, parents=False)
        for each in changed:  # once all are there: a parent may come later in the file
            tell_parents(context, transaction, each.compiled, each.case)


def _summary(prepared: Sequence[_Prepared]) -> ImportCounts:
    return ImportCounts(
        cases_new=sum(each.version == 0 for each in prepared),
        cases_known=sum(each.version > 0 for each in prepared),
        events_new=sum(len(each.events) for each in prepared),
        events_known=sum(each.known for each in prepared),
    )
