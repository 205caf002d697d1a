"""Replay of the journal of a case: each event is asked of the definition and the calendar of its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.engine import CompiledProcess, evolve
from zhengxie_flow.engine.editions.governing import link_editions
from zhengxie_flow.engine.replay import Circumstances, first_objection
from zhengxie_flow.model.body import MovedBody
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.ports import UNLAWFUL, Finding
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.kept_projections import earlier_editions


def unlawful_events(context: Context, events: Sequence[Event]) -> Iterator[Finding]:
    """Find the events of a case that its definition did not allow when they were written.

    Args:
        context: The ports.
        events: Its events, which its definitions have a place for.

    Yields:
        A finding for each of them.
    """
    case: Case | None = None
    for event in events:
        objection = first_objection(_circumstances(context, case, event), case, event)
        if objection is not None:
            yield Finding(
                case=event.case,
                sequence=event.sequence,
                kind=UNLAWFUL,
                expected=objection.expected,
                found=objection.found,
                code=objection.code,
                reasons=objection.reasons,
            )
        case = evolve(case, event)


def _circumstances(context: Context, case: Case | None, event: Event) -> Iterator[Circumstances]:
    """The circumstances in which an event may have been written: the calendar it names, with ever fewer editions."""
    definition = event.definition if case is None else case.definition
    for compiled in _definitions(context, definition, event):
        for calendars in _calendars(context, compiled, event):
            yield Circumstances(compiled, calendars)


def _definitions(context: Context, definition: str, event: Event) -> Iterator[CompiledProcess]:
    compiled = context.definitions.by_hash(definition)
    yield compiled
    yield from earlier_editions(compiled)
    if isinstance(event.body, MovedBody):  # to an edition that the files may no longer have
        target = context.definitions.by_hash(event.body.definition.to)
        if target.begins == compiled.begins:  # the same edition, with volumes that were attached since
            target = replace(target, companion_of=compiled.hash)
        yield link_editions([replace(edition, editions=()) for edition in (compiled, target)])[0]


def _calendars(context: Context, compiled: CompiledProcess, event: Event) -> Iterator[Callable[[date], Snapshot]]:
    """The calendar that an event names, where it can be had, then the one of today."""
    current = partial(context.calendar, compiled)
    day = event.day(compiled.zone)
    if current(day).calendar_hash != event.calendar:
        standing = context.calendars.standing(compiled.process.calendar, event.calendar, day)
        if standing is not None:
            yield standing
    yield current
