"""Erasure of the files of an event: who erased which file and why is kept, and the file goes with its last reference.

The event keeps the name and the hash, from which the content cannot be had again.  Where other events refer to the same
content, the file stays for them, and they are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhengxie_flow.engine import evolve
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events import corrections
from zhengxie_flow.engine.events.decide import known_role
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.errors import Conflict, NotFound, Where
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.evidence import EVIDENCE, EvidenceEntry, entries, place_of, read_reference
from zhengxie_flow.model.written import Written
from zhengxie_flow.ports import Transaction
from zhengxie_flow.services import publishing
from zhengxie_flow.services.attaching import attachments_of
from zhengxie_flow.services.authorising import authorise, request_of
from zhengxie_flow.services.commands.erasing import (
    Erasure,
    ErasureRequest,
    Store,
    ValuePlace,
    head_of,
    repeated_erasure,
)
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.services.writing import Submission, append, update_parents, with_idempotency_key


@dataclass(frozen=True, slots=True)
class _Plan:
    event: Event
    governed: GovernedCase
    files: tuple[EvidenceEntry, ...]
    places: tuple[ValuePlace, ...]
    left: tuple[ValuePlace, ...]


def concerns_files(context: Context, submission: Submission, request: ErasureRequest) -> bool:
    """Return whether a request is about the files of an event, and not about a value that happens to have that name.

    Args:
        context: The ports.
        submission: The case.
        request: The field of an event, ``evidence`` or ``/evidence/N`` for its files.

    Returns:
        True for files.
    """
    if request.field != EVIDENCE:
        return request.field.startswith(f"/{EVIDENCE}/")
    data = context.journal.personal(submission.case)
    return not any(datum.sequence == request.event and datum.field.endswith(f"/{EVIDENCE}") for datum in data)


def erase_files(context: Context, submission: Submission, request: ErasureRequest) -> Erasure:
    """Erase files of an event.

    Args:
        context: The ports.
        submission: The case, with the role that erases, its actor and the idempotency key.
        request: The event, which of its files, and why.

    Returns:
        The erasure; an earlier one where that only left a file behind.

    Raises:
        NotFound: The case, the event (ZX4033) or the file (ZX5020) is unknown, or the file was erased before.
        UsageError: ZX5042, there is no place for attachments.
        Conflict: The version or the key does not fit.
    """
    attachments_of(context)
    authorise(context, request_of(f"erase:{request.event}", submission.case, submission.attribution))
    erasure, files = repeated(context, lambda: _recorded(context, submission, request))
    repeated(context, lambda: remove_unreferenced(context, files))
    return erasure


def preview_files(context: Context, submission: Submission, request: ErasureRequest) -> Erasure:
    """Preview `erase_files` without writing.  Raises as that."""
    plan = _plan(context, context.journal, submission, request)
    return Erasure(plan.event, plan.places, plan.left)


def _recorded(
    context: Context, submission: Submission, request: ErasureRequest
) -> tuple[Erasure, tuple[EvidenceEntry, ...]]:
    """The erasure as it is recorded, and the files that it is about."""
    case, expected_version = submission.case, submission.expected_version
    with publishing.transaction(context) as transaction:
        head = head_of(transaction, case)
        if submission.key and (earlier := transaction.find_key(case, submission.key)) is not None:
            return _repeated(earlier, submission, request), _asked(transaction.events(case), request)
        if (unfinished := _unfinished(context, transaction, submission, request)) is not None:
            return unfinished
        plan = _plan(context, transaction, submission, request)
        if expected_version is not None and expected_version != head.version:
            raise Conflict("ZX4031", where=Where(case=case), expected=expected_version, version=head.version)
        event = with_idempotency_key(context, plan.event, submission.key)
        after = GovernedCase(plan.governed.compiled, evolve(plan.governed.case, event))
        [written] = append(context, transaction, after, (event,))
        update_parents(context, transaction, after)
        transaction.main = written
    return Erasure(written, plan.places, plan.left, Written.of(transaction.appended, written)), plan.files


def _repeated(earlier: Event, submission: Submission, request: ErasureRequest) -> Erasure:
    erasure = repeated_erasure(earlier, submission, replace(request, field=EVIDENCE))
    if request.field not in (EVIDENCE, *(place.field for place in erasure.places)):
        raise Conflict("ZX4030", where=Where(case=earlier.case, event=earlier.sequence), key=earlier.key)
    return erasure


def _plan(context: Context, store: Store, submission: Submission, request: ErasureRequest) -> _Plan:
    case = submission.case
    compiled = context.definitions.by_hash(head_of(store, case).definition)
    current = context.rebuilt(store.events(case))
    corrections.versions(current, request.event)  # refuses an unknown event, and one that came from a subcase
    files = tuple(entry for entry in _asked(current.events, request) if not entry.erased)
    if not files:
        raise NotFound("ZX5020", where=Where(case=case, event=request.event), field=request.field)
    known_role(compiled, submission.attribution.by)
    places = tuple(ValuePlace(case, entry.event, place_of(entry.position)) for entry in files)
    recording = Recording(compiled, current, submission.attribution, context.recording_time(compiled))
    kept = [place.kept() for place in places]
    event = corrections.erase(recording, request.event, EVIDENCE, kept, reason=request.reason)
    left = _others(context, files, places)
    return _Plan(event, GovernedCase(compiled, current), files, places, left)


def _asked(events: Sequence[Event], request: ErasureRequest) -> tuple[EvidenceEntry, ...]:
    """The files that a request names, erased or not."""
    of_event = (entry for entry in entries(events) if entry.event == request.event and entry.reference.kept)
    return tuple(entry for entry in of_event if request.field in (EVIDENCE, place_of(entry.position)))


def _others(context: Context, files: Sequence[EvidenceEntry], places: Sequence[ValuePlace]) -> tuple[ValuePlace, ...]:
    """The places of other events that refer to the same content, and are not erased."""
    hashes = {entry.reference.hash for entry in files}
    named = (
        ValuePlace(entry.case, entry.sequence, place_of(entry.position))
        for entry in context.journal.evidence()
        if not entry.erased and read_reference(entry.text).kept and read_reference(entry.text).hash in hashes
    )
    return tuple(place for place in named if place not in places)


def _unfinished(
    context: Context, transaction: Transaction, submission: Submission, request: ErasureRequest
) -> tuple[Erasure, tuple[EvidenceEntry, ...]] | None:
    """An erasure that is on record while its files are still there: the program was killed in between."""
    events = transaction.events(submission.case)
    files = _asked(events, request)
    present = any(
        attachments_of(context).holds(str(entry.reference.hash), entry.reference.size or 0) for entry in files
    )
    if not files or not present or not all(entry.erased for entry in files) or _others(context, files, ()):
        return None
    places = tuple(ValuePlace(submission.case, entry.event, place_of(entry.position)) for entry in files)
    pointers = {place.field for place in places}
    earlier = next(
        event
        for event in reversed(events)
        if any(place.event == request.event and place.field in pointers for place in getattr(event.body, "places", ()))
    )
    return Erasure(earlier, places, (), Written.of((), earlier)), files


def remove_unreferenced(context: Context, files: Sequence[EvidenceEntry]) -> None:
    """Remove files that no event refers to any more; nobody writes meanwhile.

    Args:
        context: The ports.
        files: The entries whose files were erased on record.
    """
    with publishing.transaction(context) as transaction:
        transaction.lock_all()
        for digest in dict.fromkeys(entry.reference.hash for entry in files):
            alone = [entry for entry in files if entry.reference.hash == digest]
            if digest is not None and not _others(context, alone, ()):
                attachments_of(context).remove(digest)
