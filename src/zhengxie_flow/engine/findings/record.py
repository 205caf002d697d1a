"""Findings on the record itself: broken references, missing receipts, late entries, entries after the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from zhengxie_flow.engine.events.evolve import effective
from zhengxie_flow.engine.findings.line import AFTER_CLOSE, BACKDATED, CLOCK, LINK, RECEIPT, finding, of_duty
from zhengxie_flow.engine.findings.sequence import days_between
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.body_parts import ClockSetBack
from zhengxie_flow.model.case import BY_TIME, Act, Key, StatePeriod
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.findings import (
    AfterClosing,
    Backdated,
    BrokenReference,
    ClockBehind,
    MissingReceipt,
)
from zhengxie_flow.model.process import Action
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.model.verdict import Judgement, Verdict

_UNPROVEN = (Verdict.NOT_APPLICABLE, Verdict.EXEMPT, Verdict.PENDING, Verdict.NEEDS_PARAMETER)
"""Verdicts that need no proof: not owed, not done, or the amount not set."""


def links(view: CaseView, action: Action, act: Act) -> Iterator[Judgement]:
    """A list of references that leaves out items which were in the case, or names some that were not."""
    for name, kind in action.fields.items():
        field_type = _declared(view, name, kind)
        if field_type is None or field_type.type != "refs" or not isinstance(field_type.of, str):
            continue
        present = [item.id for item in view.at(act.key).items(field_type.of)]
        referenced = act.fields.get(name) or []
        missing = tuple(ident for ident in present if ident not in referenced) if field_type.complete else ()
        unknown = tuple(ident for ident in referenced if ident not in view.case.items.get(field_type.of, {}))
        if missing or unknown:
            yield finding(view, LINK, act, missing=missing, note=BrokenReference(act.action, name, unknown or None))


def receipts(view: CaseView, acts: Sequence[Act], lines: Iterable[Judgement]) -> Iterator[Judgement]:
    """Acts that performed a duty without what it wants as proof; each act once, whatever duties it performed."""
    by_sequence = {act.sequence: act for act in acts}
    unproven: dict[tuple[int, str | None], dict[str, list[str]]] = {}
    for line in lines:
        duty = view.compiled.process.obligations.get(line.obligation)
        act = by_sequence.get(line.actual.event) if line.actual is not None else None
        if duty is None or act is None or line.verdict in _UNPROVEN:
            continue
        for name in _unproven(view, duty.evidence, act):
            key = (act.sequence, of_duty(view, line.obligation))
            unproven.setdefault(key, {}).setdefault(name, []).append(line.obligation)
    for (sequence, volume), names in unproven.items():
        owed = tuple(dict.fromkeys(duty for duties in names.values() for duty in duties))
        note = MissingReceipt(by_sequence[sequence].action, owed)
        yield finding(view, RECEIPT, by_sequence[sequence], note, missing=tuple(names), volume=volume)


def _unproven(view: CaseView, evidence: Sequence[str], act: Act) -> Iterator[str]:
    """The proof fields that an act leaves empty; attached evidence counts as the documents it names."""
    action = view.compiled.action(act.action)
    new = view.compiled.process.items.get(action.adds or action.replaces or "")
    attached = bool(act.event is not None and act.event.evidence)
    for name in evidence:
        kind = action.fields.get(name) or (new.fields.get(name) if new is not None else None)
        if kind is None or act.fields.get(name) is not None:
            continue
        field_type = _declared(view, name, kind)
        if not (attached and field_type is not None and field_type.type == "document"):
            yield name


def _declared(view: CaseView, name: str, kind: ValueType | FactRef) -> ValueType | None:
    """The type of a field, which may be that of the fact it is named after."""
    return view.compiled.process.facts.get(name) if isinstance(kind, FactRef) else kind


def backdated(view: CaseView) -> Iterator[Judgement]:
    """Events recorded later than ``backdated_after`` allows; imported histories are left out."""
    span = view.compiled.process.backdated_after
    if span is None:
        return
    for event in effective(view.case.events):  # withdrawn events are left out
        happened, recorded = event.day(view.case.zone), event.recorded.astimezone(view.case.zone).date()
        if not _of_substance(event.type) or event.imported or happened > view.day or recorded <= happened:
            continue
        late = days_between(view, happened, recorded, span.unit)
        if late > span.days:
            yield finding(view, BACKDATED, event, note=Backdated(recorded, late, span.unit, span.days))


def _of_substance(kind: EventType) -> bool:
    """True for events by which a person acts in the matter, not ones about the case or its record."""
    match kind:
        case EventType.ACT | EventType.DETERMINED | EventType.PLANNED | EventType.EXPLAINED:
            return True
        case (
            EventType.OPENED | EventType.CORRECTED | EventType.DEEMED | EventType.MOVED | EventType.SUBCASE
            | EventType.LINKED | EventType.ASSIGNED | EventType.URGED | EventType.ERASED | EventType.RECOMPUTED
        ):  # fmt: skip
            return False
        case _:
            assert_never(kind)


def clock_behind(view: CaseView) -> Iterator[Judgement]:
    """Events recorded although the clock stood before the instant recorded last, with the reason given for it."""
    for index, event in enumerate(view.case.events):
        mark = event.body.clock
        if isinstance(mark, ClockSetBack) and event.day(view.case.zone) <= view.day:
            latest = max(earlier.recorded for earlier in view.case.events[:index])
            yield finding(view, CLOCK, event, note=ClockBehind(event.recorded, latest, mark.back))


def after_close(view: CaseView) -> Iterator[Judgement]:
    """Statements and changes made after the case had closed."""
    if not view.compiled.final.get(view.state):
        return
    closing = view.stay
    deemed = {event.sequence for event in view.case.events if event.type is EventType.DEEMED}
    for event in view.case.events:
        if event.supersedes in deemed:
            continue  # the withdrawal of a deemed act is automatic, no late edit
        if not _after(view, event, closing) or event.day(view.case.zone) > view.day:
            continue
        is_act = event.type is EventType.ACT
        edited = event.type is EventType.CORRECTED or (_of_substance(event.type) and not is_act)
        slipped_in = is_act and _place(view, event) < closing.key
        if (edited or slipped_in) and not (event.imported and _place(view, event) < closing.key):
            note = AfterClosing(closing.state, closing.key[0], str(event.type))
            yield finding(view, AFTER_CLOSE, event, note=note)


def _after(view: CaseView, event: Event, closing: StatePeriod) -> bool:
    """True where an event came after the case had closed: in the journal, or where time alone closed it, by its day."""
    if closing.key[1] < BY_TIME:
        return event.sequence > closing.event
    return _place(view, event) > closing.key


def _place(view: CaseView, event: Event) -> Key:
    return (event.day(view.case.zone), event.sequence)
