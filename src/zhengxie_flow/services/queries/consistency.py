"""Consistency of cases with their parents' journals, and of erased values with the events that record them.

The progress of a subcase is in its own journal and, under another hash, in those of its parents.  Whoever takes a whole
case away, or writes one of the two anew, leaves the other as a witness.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from zhengxie_flow.engine import parent_updates
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events.corrections import replaced_body
from zhengxie_flow.engine.events.recording import RecordingTime
from zhengxie_flow.errors import NotFound, StorageError
from zhengxie_flow.model.body import ErasedBody, SubcaseBody
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.personal import NOT_CARRIED
from zhengxie_flow.ports import Finding, PersonalDatum
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.writing import parents_ever

LOST, SUBCASE, REMOVED = "lost", "subcase", "removed"
"""A case that others name is gone; a parent differs from its subcase; a value was removed without erasure."""
CHANGED = "changed"
"""A value that was erased is there again, or when and why it was is not what the event says."""
AT_ONCE = timedelta(minutes=1)
"""Longest time between the erasure of a value and the recording of the event that says so, in one transaction."""
_OFFSET = len("+08:00")


def unexplained_erasures(context: Context, case: Case) -> Iterator[Finding]:
    """Find personal values that are gone without an event that records their erasure, or back in spite of one.

    Args:
        context: The ports.
        case: The case.

    Yields:
        A finding per value.
    """
    recorded = {
        (place.event, place.field): (event, event.body.reason)
        for event in case.events
        if isinstance(event.body, ErasedBody)
        for place in event.body.places
    }
    for datum in context.journal.personal(case.id):
        erasure = recorded.get((datum.sequence, datum.field))
        if datum.ground == NOT_CARRIED:  # a note of its own says that it never was here
            continue
        if datum.value is None and erasure is None:
            yield Finding(case=case.id, sequence=datum.sequence, kind=REMOVED, expected=datum.digest, found=None)
        elif erasure is not None and (wrong := _unlike_erasure(datum, *erasure)) is not None:
            expected, actual = wrong
            yield Finding(case=case.id, sequence=datum.sequence, kind=CHANGED, expected=expected, found=actual)


def _unlike_erasure(datum: PersonalDatum, event: Event, reason: str) -> tuple[str, str] | None:
    """The first thing in an erased value that is not as the event of its erasure has it."""
    if datum.value is not None or datum.erased is None:
        return f"erased by {event.case}#{event.sequence}", datum.digest  # the value itself is not repeated
    if datum.ground != reason:
        return f"ground={reason}", f"ground={datum.ground}"
    apart = abs(datetime.fromisoformat(datum.erased) - event.recorded)
    if apart > AT_ONCE or datum.erased[-_OFFSET:] != event.recorded.isoformat()[-_OFFSET:]:
        return f"erased={event.recorded.isoformat()}", f"erased={datum.erased}"
    return None


def subcase_mismatches(
    context: Context, case: Case, cases: Collection[str], broken: Collection[str], parents: dict[str, Case]
) -> Iterator[Finding]:
    """Find mismatches between a case and its parents' journals, and missing parents or subcases.

    Args:
        context: The ports.
        case: The case.
        cases: The ids of all cases.
        broken: The cases that are reported already; nothing is compared with them.
        parents: A cache of the parents read so far, for a catalogue has many cases.

    Yields:
        The findings.
    """
    for place in parents_ever(case):
        if place.case in broken:
            continue
        if place.case not in cases:
            yield _lost(place.case, case)
            continue
        if place.case not in parents:
            try:
                parents[place.case] = context.rebuilt(context.journal.events(place.case))
            except (StorageError, NotFound):  # the parent is a finding of its own
                continue
        yield from _outdated_update(context, case, place, parents[place.case])
    mirrored = (event.body.subcase.case for event in case.events if isinstance(event.body, SubcaseBody))
    yield from (_lost(name, case) for name in dict.fromkeys(mirrored) if name not in cases and name not in broken)


def _lost(name: str, witness: Case) -> Finding:
    return Finding(case=name, sequence=None, kind=LOST, expected=witness.id, found=None)


def _outdated_update(context: Context, case: Case, link: Parent, parent: Case) -> Iterator[Finding]:
    """The first event that would have to update the parent; one under a later edition may ask for other facts."""
    parent_process, process = (context.definitions.by_hash(side.definition) for side in (parent, case))
    if parent.pins:
        return
    governed_parent, subcase = GovernedCase(parent_process, parent), GovernedCase(process, case)
    for event in parent_updates(governed_parent, subcase, link, RecordingTime(context.now()))[:1]:
        body = replaced_body(event, parent.events) or event.body
        expected = f"{case.id}#{body.subcase.event}" if isinstance(body, SubcaseBody) else None
        actual = None if event.supersedes is None else f"{link.case}#{event.supersedes}"
        yield Finding(case=link.case, sequence=event.supersedes, kind=SUBCASE, expected=expected, found=actual)
