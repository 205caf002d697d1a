"""Events that are about other events: one is replaced or withdrawn, or personal values of it were erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.events.assignments import reassigned
from zhengxie_flow.engine.events.attribution import Moment
from zhengxie_flow.engine.events.decide import Command, known_action, known_role, not_future, read_fields
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.engine.events.statements import check_statement, known_fact, known_item
from zhengxie_flow.engine.state_machine.items import corrected
from zhengxie_flow.errors import NotFound, UsageError, Where
from zhengxie_flow.model.body import (
    ActBody,
    AnyBody,
    AssignedBody,
    Body,
    CorrectedBody,
    DeemedBody,
    DeterminedBody,
    ErasedBody,
    ExplainedBody,
    LinkedBody,
    MovedBody,
    OpenedBody,
    PlannedBody,
    RecomputedBody,
    SubcaseBody,
    UrgedBody,
    plain,
    read_body,
)
from zhengxie_flow.model.body_parts import ErasedPlace, ReplacedValues
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.instant import read_instant
from zhengxie_flow.model.values import FactRef, ValueType, read_value
from zhengxie_flow.spelling import known_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction: the event that it is about, the reason, and the new values or the withdrawal.

    Attributes:
        event: The sequence number of the event to correct.
        reason: The reason for the correction.
        retract: True to withdraw the event, instead of ``changes``.
        changes: New values by field; ``at``, ``by`` and ``for`` are among the fields.
    """

    event: int
    reason: str
    retract: bool = False
    changes: Mapping[str, Any] | None = None


def correct(recording: Recording, correction: Correction) -> Event:
    """The event that withdraws an earlier event, or replaces fields of it.

    Args:
        recording: The case, who corrects, and when.
        correction: The event to correct, and what becomes of it.

    Raises:
        NotFound: ZX4033 for an unknown event.
        UsageError: ZX4029 without a reason, ZX4034, ZX4070 or ZX4080 for an event that cannot be corrected, ZX4035
            for both or neither of ``retract`` and ``changes``, ZX1201 for an unknown role, and the codes of reading the
            new values.
        Refused: ZX4043 for a role that may not correct, where it is asked for now.
    """
    case, event, changes = recording.case, correction.event, dict(correction.changes or {})
    if not correction.reason.strip():
        raise UsageError("ZX4029", where=Where(case=case.id))
    target = next((entry for entry in case.events if entry.sequence == event), None)
    if target is None:
        raise NotFound("ZX4033", where=Where(case=case.id, event=event))
    known_role(recording.compiled, recording.attribution.by)
    check_statement(recording, "correct")
    if (code := _uncorrectable(target.type)) is not None:
        raise UsageError(code, where=Where(case=case.id, event=event))
    _refuse_copy_of_subcase(case, _original(case, target), event)
    if correction.retract == bool(changes):
        raise UsageError("ZX4035", where=Where(case=case.id, event=event))
    replacement = None if correction.retract else _replacement(recording, _original(case, target), changes)
    body = CorrectedBody(reason=correction.reason, retract=correction.retract, replacement=replacement)
    corrected_event = recording.event(EventType.CORRECTED, body, target.action)
    return replace(corrected_event, supersedes=target.sequence, item=target.item)


def _uncorrectable(kind: EventType) -> str | None:
    """The error code for a kind of event that is never corrected; None where it can be."""
    match kind:
        case EventType.OPENED:
            return "ZX4034"
        case EventType.ERASED:
            return "ZX4080"
        case (
            EventType.ACT | EventType.DEEMED | EventType.SUBCASE | EventType.DETERMINED | EventType.PLANNED
            | EventType.EXPLAINED | EventType.CORRECTED | EventType.MOVED | EventType.LINKED | EventType.ASSIGNED
            | EventType.RECOMPUTED | EventType.URGED
        ):  # fmt: skip
            return None
        case _:
            assert_never(kind)


def _refuse_copy_of_subcase(case: Case, target: Event, event: int) -> None:
    """Refuse to correct an event copied from a subcase: it is corrected there (`UsageError` ZX4070)."""
    if isinstance(target.body, SubcaseBody):
        report = target.body.subcase
        raise UsageError("ZX4070", where=Where(case=case.id, event=event), subcase=report.case, there=report.event)


def erase(recording: Recording, event: int, name: str, places: Sequence[ErasedPlace], *, reason: str) -> Event:
    """The event that records an erasure of personal values, without the values.

    Args:
        recording: The case, who erases, and when.
        event: The sequence number of the event whose values were erased.
        name: The field that was asked for.
        places: The JSON pointers that were emptied, by event.
        reason: The reason for the erasure.

    Raises:
        UsageError: ZX4029 without a reason.
    """
    if not reason.strip():
        raise UsageError("ZX4029", where=Where(case=recording.case.id))
    body = ErasedBody(event=event, field=name, places=tuple(places), reason=reason)
    return recording.event(EventType.ERASED, body)


def versions(case: Case, event: int) -> frozenset[int]:
    """Sequence numbers of an event and of every correction in its chain.

    Raises:
        NotFound: ZX4033 for an unknown event.
        UsageError: ZX4070 for an event copied from a subcase.
    """
    target = next((entry for entry in case.events if entry.sequence == event), None)
    if target is None:
        raise NotFound("ZX4033", where=Where(case=case.id, event=event))
    original = _original(case, target)
    _refuse_copy_of_subcase(case, original, event)
    return frozenset(entry.sequence for entry in case.events if _original(case, entry) is original)


def _original(case: Case, target: Event) -> Event:
    """The first event of a chain of corrections."""
    return _corrected(target, case.events)


def _corrected(event: Event, events: Sequence[Event]) -> Event:
    while event.type is EventType.CORRECTED:
        event = events[(event.supersedes or 1) - 1]
    return event


def replaced_body(event: Event, events: Sequence[Event]) -> Body | None:
    """The whole body that a correction puts in the place of another; None for any other event."""
    body = event.body
    if not isinstance(body, CorrectedBody) or body.replacement is None or "body" not in body.replacement:
        return None
    return read_body(_corrected(event, events).type, body.replacement["body"])


def _replacement(recording: Recording, target: Event, changes: dict[str, Any]) -> ReplacedValues:
    """The values of an event after a correction, complete, so that reading it needs no definition."""
    compiled, case = recording.compiled, recording.case
    values: ReplacedValues = {}
    if (at := changes.pop("at", None)) is not None:
        moment = at if isinstance(at, date) else _read(str(at), case)
        values["occurred"] = not_future(moment, recording.time.now, case).isoformat()
    if (by := changes.pop("by", None)) is not None:
        known_role(compiled, by)
        values["by"] = by
    if (item := changes.pop("for", None)) is not None:
        values["item"] = known_item(case, item).id  # type: ignore[union-attr]  # a given id is known or refused
    if changes:
        values["body"] = plain(_new_body(compiled, case, target, changes))
    return values


def _read(text: str, case: Case) -> Moment:
    try:
        return read_instant(text) if len(text) > len("2026-01-01") else date.fromisoformat(text)
    except ValueError:
        raise UsageError("ZX4015", where=Where(case=case.id), given=text) from None


def _only(target: Event, changes: Mapping[str, Any], changeable: tuple[str, ...]) -> None:
    """Refuse changes outside the changeable fields of an event; its time and actor are always changeable."""
    for name in changes:
        if name not in changeable:
            raise UsageError(
                "ZX4021", name=name, action=str(target.type), **known_names(name, (*changeable, "at", "by"))
            )


def _explanation(compiled: CompiledProcess, case: Case, changes: dict[str, Any]) -> dict[str, Any]:
    """The changed fields of an explanation, in their plain form."""
    if "obligation" in changes and changes["obligation"] not in compiled.ids():
        raise NotFound(
            "ZX4032",
            obligation=changes["obligation"],
            **known_names(str(changes["obligation"]), sorted(compiled.ids())),
        )
    if "reason" in changes and not str(changes["reason"]).strip():
        raise UsageError("ZX4029", where=Where(case=case.id))
    kinds = {"obligation": "text", "reason": "text", "public": "bool"}
    return {name: read_value(ValueType(type=kinds[name]), value, name) for name, value in changes.items()}


def _new_body(compiled: CompiledProcess, case: Case, target: Event, changes: dict[str, Any]) -> AnyBody:
    """The body of an event with what a correction changes in it."""
    body = target.body
    match body:
        case ActBody() | DeemedBody():
            return _act_with(compiled, target, body, changes)
        case DeterminedBody():
            values = {name: read_value(known_fact(compiled, name), value, name) for name, value in changes.items()}
            return replace(body, facts={**body.facts, **values})
        case PlannedBody():
            _only(target, changes, ("to",))
            to = changes["to"]
            return replace(body, to=(to if isinstance(to, date) else _read(str(to), case)).isoformat())
        case ExplainedBody(obligation=obligation, reason=reason, public=public):
            _only(target, changes, ("obligation", "reason", "public"))
            before = {"obligation": obligation, "reason": reason, "public": public}
            return replace(body, **_explanation(compiled, case, before | changes))
        case AssignedBody():
            _only(target, changes, ("role", "to", "office", "person", "from"))
            return reassigned(compiled, case, body, changes)
        case UrgedBody():
            _only(target, changes, ("note",))
            note = changes.get("note", body.note)
            return replace(body, note=None if note is None else str(note))
        case (
            OpenedBody()
            | CorrectedBody()
            | MovedBody()
            | SubcaseBody()
            | LinkedBody()
            | ErasedBody()
            | RecomputedBody()
        ):
            _only(target, changes, ())
            return body
        case _:
            assert_never(body)


def _act_with(
    compiled: CompiledProcess, target: Event, body: ActBody | DeemedBody, changes: dict[str, Any]
) -> ActBody | DeemedBody:
    """The body of an act once fields of it have other values."""
    name, items = target.action or "", body.items
    action = known_action(compiled, name)
    fields = read_fields(compiled.outlines[name], Command(action=name, by=target.by or "", fields=changes))
    facts = {field: value for field, value in fields.items() if isinstance(action.fields.get(field), FactRef)}
    return replace(
        body,
        fields={**(body.fields or {}), **fields},
        facts={**(body.facts or {}), **facts} or None,
        items=corrected(items, fields) if items is not None and items.added else items,
    )
