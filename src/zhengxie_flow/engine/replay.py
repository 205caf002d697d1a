"""Replay of a journal: whether each event was lawful when it was written, asked of the definition of its case.

The chain proves that nothing was changed since, and `conformance` that the definition has a place for each name.  Here
the functions that decide on a command are asked once more, with the case as it was known then: an act of a role that is
none, a move that the definition does not make, a lapse that never came are found although every hash fits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from zhengxie_flow.engine.audit_line import edition_label
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.derivation import derive
from zhengxie_flow.engine.editions.governing import edition_governing_life
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.decide import Command, known_role, propose
from zhengxie_flow.engine.events.deemed_acts import cause_of
from zhengxie_flow.engine.events.moves import move
from zhengxie_flow.engine.events.recording import Recording, RecordingTime
from zhengxie_flow.engine.events.statements import (
    check_determination,
    check_opener,
    check_statement,
    kinds_determined,
)
from zhengxie_flow.engine.judging.judge import judge
from zhengxie_flow.engine.view import Calendars, view_before
from zhengxie_flow.errors import NotFound, Reason, Refused, UsageError
from zhengxie_flow.model.body import (
    ActBody,
    AnyBody,
    AssignedBody,
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
    items_of,
    plain,
    read_body,
    state_of,
)
from zhengxie_flow.model.body_parts import ItemChanges, StateChange
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, Mode
from zhengxie_flow.model.personal import alike, withheld

REFUSED, UNLIKE, UNDEEMED, IMPOSSIBLE = "ZX5912", "ZX5913", "ZX5914", "ZX5915"
"""An act or statement that was to be refused; changes that the definition does not make; a receipt of what time did not
bring; an event that names what there is not."""


Statement = DeterminedBody | PlannedBody | ExplainedBody | LinkedBody | AssignedBody | UrgedBody


@dataclass(frozen=True, slots=True)
class Objection:
    """Objection of the definition of a case to one of its events.

    Attributes:
        code: The code of the message.
        expected: What the definition gives; None where it gives nothing of the kind.
        found: What the event says.
        reasons: The reasons for which the act or statement was to be refused.
    """

    code: str
    expected: str | None
    found: str | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Circumstances by which an event is judged: the definition with the editions beside it, and the calendar.

    Attributes:
        compiled: The definition that the case was under.
        calendars: The calendar as published by a day.
    """

    compiled: CompiledProcess
    calendars: Calendars


def first_objection(candidates: Iterable[Circumstances], case: Case | None, event: Event) -> Objection | None:
    """Judge an event by the definition and calendar of its time.

    Args:
        candidates: Those in which it may have been written, the likeliest first: an event does not keep which editions
            there were.
        case: The case with all events before it; None for the opening.
        event: The event.

    Returns:
        None where it was lawful under one of the candidates, else the objection under the first.
    """
    first: Objection | None = None
    for circumstances in candidates:
        objection = _objection(circumstances, case, event)
        if objection is None:
            return None
        first = first or objection
    return first


def _objection(circumstances: Circumstances, case: Case | None, event: Event) -> Objection | None:
    try:
        if case is None:
            return _of_opening(circumstances.compiled, event)
        return _of_event(circumstances, case, event)
    except Refused as error:
        reasons = _judged(case, error.reasons)
        return Objection(REFUSED, None, _name(event), reasons) if reasons else None
    except (UsageError, NotFound) as error:
        return Objection(IMPOSSIBLE, None, str(error))


def _of_event(circumstances: Circumstances, case: Case, event: Event) -> Objection | None:
    body = event.body
    match body:
        case ActBody():
            return _of_act(circumstances, case, event, body)
        case DeemedBody():
            return _of_receipt(circumstances, case, event)
        case MovedBody():
            return _of_move(circumstances, case, event, body)
        case CorrectedBody():
            return _of_correction(circumstances, case, event, body)
        case SubcaseBody():
            return _unless_same(None, state_of(body)) or _unless_same(None, items_of(body))
        case DeterminedBody() | PlannedBody() | ExplainedBody() | LinkedBody() | AssignedBody() | UrgedBody():
            return _of_statement(circumstances, case, event, body)
        case OpenedBody() | ErasedBody() | RecomputedBody():
            return None  # they change nothing in the case, and `conformance` knows one opening
        case _:
            assert_never(body)


def _of_opening(compiled: CompiledProcess, event: Event) -> Objection | None:
    """A case opened now begins in the first state; one that is told of may have begun in another."""
    body = event.body
    if not isinstance(body, OpenedBody):
        return None
    attribution = _attribution(event)
    known_role(compiled, attribution.by)
    check_opener(compiled, event.case, attribution)
    if event.mode is Mode.ADVANCED:
        return _unless_same(StateChange(to=compiled.process.start), body.state)
    return None


def _of_act(circumstances: Circumstances, case: Case, event: Event, body: ActBody) -> Objection | None:
    """The changes an act made, and for one that was asked for the reasons against it."""
    compiled, calendars = circumstances.compiled, circumstances.calendars
    known_role(compiled, event.by or "", event.item)
    fields = dict(body.fields or {})
    command = Command(action=event.action or "", by=event.by or "", item=event.item, fields=fields, actor=event.actor)
    first: Objection | None = None
    for day in dict.fromkeys((_recorded(case, event), event.day(case.zone))):  # an import decides as of the act's day
        decided_on = derive(compiled, case, calendars, day).numbered
        place = (event.day(case.zone), event.sequence)
        proposed = propose(view_before(compiled, decided_on, calendars, judge, place), command, fields)
        reasons = proposed.refusals(event) if event.mode is Mode.ADVANCED else ()
        objection = Objection(REFUSED, None, _name(event), reasons) if (reasons := _judged(case, reasons)) else None
        objection = objection or _unlike(proposed.body(), replace(body, clock=None, line=None))
        if objection is None or event.mode is Mode.ADVANCED:
            return objection
        first = first or objection
    return first


def _of_receipt(circumstances: Circumstances, case: Case, event: Event) -> Objection | None:
    """A deemed act is one that time, or another act, had brought by the day on which it was written down."""
    derived = derive(circumstances.compiled, case, circumstances.calendars, _recorded(case, event))
    cause = cause_of(event)
    same = next((deemed for deemed in derived.unwritten if cause_of(deemed) == cause), None)
    if same is None:
        return Objection(UNDEEMED, None, cause)
    if (same.action, same.item, same.occurred) != (event.action, event.item, event.occurred):
        return Objection(UNDEEMED, f"{_name(same)} {same.occurred}", f"{_name(event)} {event.occurred}")
    return _unlike(same.body, replace(event.body, clock=None, line=None))


def _of_move(circumstances: Circumstances, case: Case, event: Event, body: MovedBody) -> Objection | None:
    """A move to another edition leads where that edition says."""
    editions = circumstances.compiled.editions or (circumstances.compiled,)
    target = next((edition for edition in editions if edition.hash == body.definition.to), None)
    if target is None:  # an edition that the files no longer have among these
        return Objection(IMPOSSIBLE, None, body.definition.to)
    recording = _recording(circumstances, case, event)
    again = move(recording, edition_label(target), reason=body.reason, basis=body.basis)
    expected = again.body
    back = editions.index(target) < editions.index(edition_governing_life(circumstances.compiled, case))
    if back and body.state is None and case.state in target.process.states and isinstance(expected, MovedBody):
        expected = replace(expected, state=None)  # versions before 0.11 left the state as it was
    return _unlike(expected, replace(body, clock=None, line=None))


def _of_correction(circumstances: Circumstances, case: Case, event: Event, body: CorrectedBody) -> Objection | None:
    """A correction gives an act other values, and never another move."""
    if event.by is not None:  # what the program itself withdraws has no role
        check_statement(_recording(circumstances, case, event), "correct")
    if body.replacement is None or "body" not in body.replacement:
        return None
    root = event
    while isinstance(root.body, CorrectedBody):
        root = case.events[(root.supersedes or 1) - 1]
    corrected = read_body(root.type, body.replacement["body"])
    return _unless_same(state_of(root.body), state_of(corrected)) or _unless_same(
        _moves(items_of(root.body)), _moves(items_of(corrected))
    )


def _moves(items: ItemChanges | None) -> ItemChanges | None:
    """The changes of items, without the fields that may be corrected."""
    return None if items is None else replace(items, added=tuple(replace(entry, fields={}) for entry in items.added))


def _of_statement(circumstances: Circumstances, case: Case, event: Event, body: Statement) -> Objection | None:
    """A statement of now is one that its role may make."""
    recording = _recording(circumstances, case, event)
    known_role(circumstances.compiled, event.by)
    if event.mode is Mode.ADVANCED:
        match body:
            case DeterminedBody():
                check_determination(recording, kinds_determined(recording, body.facts))
            case PlannedBody():
                check_statement(recording, "plan")
            case ExplainedBody():
                check_statement(recording, "explain", body.obligation)
            case AssignedBody():
                check_statement(recording, "assign")
            case UrgedBody():
                check_statement(recording, "urge")
            case LinkedBody():
                pass  # who may link is for the definition of the parent to say
            case _:
                assert_never(body)
    return None


def _recording(circumstances: Circumstances, case: Case, event: Event) -> Recording:
    time = RecordingTime.at(event.recorded, circumstances.compiled, circumstances.calendars)
    return Recording(circumstances.compiled, case, _attribution(event), time)


def _attribution(event: Event) -> Attribution:
    at = None if event.mode is Mode.ADVANCED else event.occurred
    return Attribution(by=event.by, at=at, item=event.item, evidence=event.evidence, actor=event.actor, key=event.key)


def _recorded(case: Case, event: Event) -> date:
    return event.recorded.astimezone(case.zone).date()


def _judged(case: Case | None, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons that hold: an unknown value may have been recorded values of the case were erased."""
    erased = case is not None and any(_has_erased(plain(event.body)) for event in case.events)
    return tuple(reason for reason in reasons if not (erased and reason.value == "unknown"))


def _has_erased(value: Any) -> bool:
    if isinstance(value, dict):
        return withheld(value) or any(map(_has_erased, value.values()))
    return isinstance(value, list) and any(map(_has_erased, value))


def _unlike(again: AnyBody, body: AnyBody) -> Objection | None:
    """The first thing that an event changes otherwise than its definition."""
    ours, theirs = plain(again), plain(body)
    if alike(ours, theirs):
        return None
    names = (name for name in (*ours, *theirs) if not alike(ours.get(name), theirs.get(name)))
    name = next(names, "")
    return Objection(UNLIKE, _told(name, ours.get(name)), _told(name, theirs.get(name)))


def _unless_same(expected: Any, actual: Any) -> Objection | None:
    if expected == actual:
        return None
    name = "state" if isinstance(actual or expected, StateChange) else "items"
    texts = (None if part is None else _told(name, plain(part)) for part in (expected, actual))
    return Objection(UNLIKE, next(texts), next(texts))


def _told(name: str, value: Any) -> str | None:
    """A change as text: a move of the state as its two ends."""
    if value is None:
        return None
    if name == "state":
        return f"state {value.get('from', '-')} -> {value['to']}"
    return name  # the values of fields and items may be personal


def _name(event: Event) -> str:
    item = f"[{event.item}]" if event.item else ""
    return f"{event.action or event.type}{item}"
