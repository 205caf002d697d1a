"""Erasure of personal values of an event: the value is gone for good, the erasure with its author and reason is kept.

The value is erased together with its copies: in the corrections of the event, in the event they correct, and in the
parent cases it was mirrored into.  Each of those journals gets an event that names the places and never the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from zhengxie_flow.engine import fold
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events import corrections
from zhengxie_flow.engine.events.decide import known_role
from zhengxie_flow.engine.events.personal import LINE
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.errors import Conflict, NotFound, UsageError, Where
from zhengxie_flow.model.body import Body, Changes, ErasedBody, SubcaseBody, facts_of, items_of
from zhengxie_flow.model.body_parts import ErasedPlace
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.written import Written
from zhengxie_flow.ports import Head, PersonalDatum, Transaction
from zhengxie_flow.services import publishing
from zhengxie_flow.services.authorising import authorise, request_of
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.locking import lock, parent_links, stored_parents
from zhengxie_flow.services.recording_order import check_clock
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.services.writing import Submission, append, update_parents, with_idempotency_key


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """Place of a value: a case, an event of it, and the JSON pointer into the event's body."""

    case: str
    event: int
    field: str

    def kept(self) -> ErasedPlace:
        """Return the place as an event stores it."""
        return ErasedPlace(case=self.case, event=self.event, field=self.field)


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """A request to erase the personal values of a field of an event.

    Attributes:
        event: The sequence number of the event.
        field: The name of the field, or a JSON pointer into the event's body.
        reason: The reason, as it is kept.
    """

    event: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """The event that records an erasure, the places that were (or would be) erased, those that still hold the same
    value in other events of the case, and all that was stored (None for a preview).
    """

    event: Event
    places: tuple[ValuePlace, ...]
    left: tuple[ValuePlace, ...]
    stored: Written | None = None


class Store(Protocol):
    """Read access to a journal, or to one write to it."""

    def head(self, case: str) -> Head | None:
        """Return the head of a case; None where there is no such case."""

    def events(self, case: str) -> tuple[Event, ...]:
        """Return the events of a case in journal order."""

    def personal(self, case: str) -> tuple[PersonalDatum, ...]:
        """Return the personal values of a case, erased ones too."""


@dataclass(frozen=True, slots=True)
class _Plan:
    submission: Submission
    request: ErasureRequest
    governed: GovernedCase
    places: tuple[ValuePlace, ...]
    left: tuple[ValuePlace, ...]

    def cases(self) -> tuple[str, ...]:
        """Return the ids of the cases that lose a value, the one asked for first."""
        return tuple(dict.fromkeys((self.submission.case, *(place.case for place in self.places))))


def erase(context: Context, submission: Submission, request: ErasureRequest) -> Erasure:
    """Erase the personal values of a field of an event, with their copies.

    Args:
        context: The ports.
        submission: The case, with the role that erases, its actor and the idempotency key.
        request: The field of an event whose values are erased, and why.

    Returns:
        The erasure.

    Raises:
        NotFound: The case, the event (ZX4033) or the value (ZX5020) is unknown.
        UsageError: ZX4081, the value is part of the event itself; ZX4070, it came from a subcase.
        Conflict: The version or the key does not fit.
    """
    authorise(context, request_of(f"erase:{request.event}", submission.case, submission.attribution))
    return repeated(context, lambda: _attempt(context, submission, request))


def _attempt(context: Context, submission: Submission, request: ErasureRequest) -> Erasure:
    """One attempt of `erase`."""
    case, expected_version = submission.case, submission.expected_version
    with publishing.transaction(context) as transaction:
        head = transaction.head(case)  # first of all: who was faster may have used the key
        if submission.key and (earlier := transaction.find_key(case, submission.key)) is not None:
            return repeated_erasure(earlier, submission, request)
        if head is not None:
            parents = (parent.case for parent in parent_links(transaction.events(case)))
            lock(transaction, parents, stored_parents(context))
        plan = _plan(context, transaction, submission, request)
        if expected_version is not None and expected_version != (version := plan.governed.case.version):
            raise Conflict("ZX4031", where=Where(case=case), expected=expected_version, version=version)
        _event(context, plan, plan.governed)  # refused before anything is gone
        now = context.now()
        for place in plan.places:
            transaction.erase_personal(place.case, place.event, place.field, at=now, ground=request.reason)
        written = [_record(context, transaction, plan, affected) for affected in plan.cases()]
        after = GovernedCase(plan.governed.compiled, context.rebuilt(transaction.events(case)))
        update_parents(context, transaction, after)
        transaction.main = written[0]
    return Erasure(written[0], plan.places, plan.left, Written.of(transaction.appended, written[0]))


def preview(context: Context, submission: Submission, request: ErasureRequest) -> Erasure:
    """Preview `erase` without writing.

    Args:
        context: The ports.
        submission: The case, with the role that would erase.
        request: The field of an event whose values would be erased, and why.

    Returns:
        The erasure that would be written.

    Raises:
        NotFound: The case, the event (ZX4033) or the value (ZX5020) is unknown.
        UsageError: ZX4081, the value is part of the event itself; ZX4070, it came from a subcase.
    """
    plan = _plan(context, context.journal, submission, request)
    return Erasure(_event(context, plan, plan.governed), plan.places, plan.left)


def _record(context: Context, transaction: Transaction, plan: _Plan, case: str) -> Event:
    """Append the event that records the erasure to one of the cases that lost a value."""
    compiled = context.definitions.by_hash(head_of(transaction, case).definition)
    current = context.rebuilt(transaction.events(case))
    key = plan.submission.key if case == plan.submission.case else None
    erasure = with_idempotency_key(context, _event(context, plan, GovernedCase(compiled, current)), key)
    after = GovernedCase(compiled, fold((*current.events, erasure)))
    return append(context, transaction, after, (erasure,))[0]


def _event(context: Context, plan: _Plan, governed: GovernedCase) -> Event:
    """The event that records the erasure in one of the cases that lose a value."""
    (compiled, current), submission, request = governed, plan.submission, plan.request
    if current.id == submission.case:
        known_role(compiled, submission.attribution.by)
    places = [place.kept() for place in plan.places if place.case == current.id]
    first = request.event if current.id == submission.case else places[0].event
    recording = Recording(compiled, current, submission.attribution, context.recording_time(compiled))
    return corrections.erase(recording, first, _name(request.field), places, reason=request.reason)


def _plan(context: Context, store: Store, submission: Submission, request: ErasureRequest) -> _Plan:
    """The values that a request erases, in all the cases that hold a copy."""
    case, event, field = submission.case, request.event, request.field
    compiled = context.definitions.by_hash(head_of(store, case).definition)
    current = context.rebuilt(store.events(case))
    check_clock(context, current)
    versions = corrections.versions(current, event)
    stored = [datum for datum in store.personal(case) if datum.value is not None]
    chosen = _chosen([datum for datum in stored if datum.sequence in versions], event, field)
    if not chosen:
        raise _missing_value_error(current, event, field)
    values = {datum.value for datum in chosen}
    touched = {datum.sequence for datum in chosen}
    lines = [datum for datum in stored if datum.sequence in touched and _name(datum.field) == LINE]
    copies = [datum for parent in current.parents for datum in _copies(store, parent.case, case, _name(field), values)]
    erased = dict.fromkeys((*map(_place, chosen), *map(_place, lines), *map(_place, copies)))
    left = (place for place in map(_place, (datum for datum in stored if datum.value in values)) if place not in erased)
    return _Plan(submission, request, GovernedCase(compiled, current), tuple(erased), tuple(left))


def _chosen(data: Sequence[PersonalDatum], event: int, field: str) -> list[PersonalDatum]:
    """By a name all its values; by a JSON pointer that value and its equal copies in the event and its corrections."""
    named = [datum for datum in data if _name(datum.field) == _name(field)]
    if not field.startswith("/"):
        return named
    values = {datum.value for datum in named if datum.sequence == event and datum.field == field}
    same_place = {field, f"/replacement/body{field}", field.removeprefix("/replacement/body")}
    return [datum for datum in named if values and (datum.field in same_place or datum.value in values)]


def _copies(store: Store, parent: str, case: str, name: str, values: set[str | None]) -> list[PersonalDatum]:
    """The copies of the values that were mirrored into a parent case."""
    parent_events = store.events(parent)
    sequences = {
        event.sequence
        for event in parent_events
        if any(isinstance(body, SubcaseBody) and body.subcase.case == case for body in _bodies(event, parent_events))
    }
    return [
        datum
        for datum in store.personal(parent)
        if datum.sequence in sequences and _name(datum.field) == name and datum.value in values
    ]


def _bodies(event: Event, events: Sequence[Event]) -> tuple[Body, ...]:
    """The body of an event, and the replacement body that a correction carries."""
    replaced = corrections.replaced_body(event, events)
    return (event.body,) if replaced is None else (event.body, replaced)


def _missing_value_error(case: Case, event: int, field: str) -> UsageError | NotFound:
    """The error where no value can be erased: it is part of the event itself, or there is none (any more)."""
    where, name = Where(case=case.id, event=event), _name(field)
    for body in _bodies(case.events[event - 1], case.events):
        items = items_of(body)
        added = [entry.fields for entry in items.added] if items is not None else []
        fields = body.fields if isinstance(body, Changes) else None
        for values in (facts_of(body) or {}, fields or {}, *added):
            if name in values and not isinstance(values[name], dict):
                return UsageError("ZX4081", where=where, field=field)
    return NotFound("ZX5020", where=where, field=field)


def head_of(store: Store, case: str) -> Head:
    """Return the head of a case.

    Args:
        store: The journal, or a write to it.
        case: The id of the case.

    Returns:
        The head.

    Raises:
        NotFound: ZX4002, there is no such case.
    """
    head = store.head(case)
    if head is None:
        raise NotFound("ZX4002", where=Where(case=case))
    return head


def repeated_erasure(earlier: Event, submission: Submission, request: ErasureRequest) -> Erasure:
    """Return the erasure recorded earlier under a key, provided it is the same one.

    Args:
        earlier: The event with the key.
        submission: The case, with the role that erases and its actor.
        request: The field of an event, and why.

    Returns:
        The erasure.

    Raises:
        Conflict: ZX4030, the key was used for another command.
    """
    body, attribution = earlier.body, submission.attribution
    same_attribution = (earlier.by, earlier.actor) == (attribution.by, attribution.actor)
    if (
        not same_attribution
        or not isinstance(body, ErasedBody)
        or (body.event, body.field, body.reason) != (request.event, _name(request.field), request.reason)
    ):
        raise Conflict("ZX4030", where=Where(case=earlier.case, event=earlier.sequence), key=earlier.key)
    places = tuple(ValuePlace(place.case, place.event, place.field) for place in body.places)
    return Erasure(earlier, places, (), Written.of((), earlier))


def _place(datum: PersonalDatum) -> ValuePlace:
    return ValuePlace(datum.case, datum.sequence, datum.field)


def _name(field: str) -> str:
    """The last name of a field or JSON pointer."""
    return field.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
