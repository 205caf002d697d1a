"""Irregularities in the record: gaps, backdating, missing proof, late edits, references, four eyes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, assert_never

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.audit_line import act_ref, edition_label
from zhengxie_flow.engine.authority import NOT_IN_FORCE, four_eyes_violation, missing_authority, roles_named
from zhengxie_flow.engine.determinations import countersigned_pairs
from zhengxie_flow.engine.events.evolve import effective
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.body import SubcaseBody
from zhengxie_flow.model.case import Act, Key
from zhengxie_flow.model.counting import Unit
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.findings import (
    AfterClosing,
    Backdated,
    BrokenReference,
    FindingNote,
    FourEyesViolation,
    Gap,
    InvalidDelegation,
    MissingReceipt,
    OpenedSubcase,
)
from zhengxie_flow.model.internal_control import Follows
from zhengxie_flow.model.process import Action
from zhengxie_flow.model.subcase import OPENED
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.model.verdict import ActRef, Judgement, Verdict

AUTHORITY = "integrity.authority"
ANCHOR = "integrity.anchor"
FOUR_EYES = "integrity.four_eyes"
BACKDATED = "integrity.backdated"
RECEIPT = "integrity.receipt"
AFTER_CLOSE = "integrity.after_close"
DELEGATION = "integrity.delegation"
LINK = "integrity.link"
IDS = frozenset({ANCHOR, FOUR_EYES, BACKDATED, RECEIPT, AFTER_CLOSE, DELEGATION, LINK})

_WITHOUT_ACTOR = (EventType.DEEMED, EventType.SUBCASE)
"""Deemed acts, and copies of a subcase's events, which the subcase's own record has to prove."""
_UNPROVEN = (Verdict.NOT_APPLICABLE, Verdict.EXEMPT, Verdict.PENDING, Verdict.NEEDS_PARAMETER)
"""Verdicts that need no proof: not owed, not done, or the amount not set."""


def irregularities(view: CaseView, lines: Iterable[Judgement]) -> Iterator[Judgement]:
    """All irregularities in the record of a case so far.

    Args:
        view: The case up to a position on its timeline.
        lines: The verdicts on its duties.
    """
    acts = [act for act in view.past(view.case.timeline) if act.event is None or act.event.type not in _WITHOUT_ACTOR]
    for act in acts:
        action = view.compiled.action(act.action)
        yield from _gap(view, action, act)
        yield from _four_eyes(view, action, act)
        yield from _delegations(view, action, act)
        yield from _links(view, action, act)
    yield from _subcases_opened(view)
    yield from _countersigned_by_same_person(view)
    yield from _receipts(view, acts, lines)
    yield from _backdated(view)
    yield from _after_close(view)


def _subcases_opened(view: CaseView) -> Iterator[Judgement]:
    """Subcases opened without authority, or under a case that had ended or not begun."""
    for name, kind in view.compiled.process.subcases.items():
        for act in view.acts((f"{name}.{OPENED}",)):
            body = act.event.body if act.event is not None else None
            opened = OpenedSubcase(act.action, body.subcase.case if isinstance(body, SubcaseBody) else "")
            defect = missing_authority(view.compiled, view.case, act.by, act.key)
            if kind.by and act.by is not None and act.by not in kind.by:
                yield _finding(view, AUTHORITY, act, detail=("wrong_authority",), note=opened, who=kind.by)
            elif defect is not None:
                yield _finding(view, DELEGATION, act, detail=(defect,), note=opened)
            if view.compiled.final.get(view.at(act.key).state) or act.day < view.case.opened:
                yield _finding(view, AFTER_CLOSE, act, note=opened)


def _finding(
    view: CaseView, ident: str, subject: Act | Event, note: FindingNote | None = None, **shown: Any
) -> Judgement:
    """One finding about an act or an event."""
    notes = () if note is None else (note,)
    reference = act_ref(subject) if isinstance(subject, Act) else ActRef(subject.sequence, subject.day(view.case.zone))
    verdict = shown.pop("verdict", Verdict.FINDING)
    return Judgement(
        obligation=ident,
        verdict=verdict,
        item=subject.item,
        edition=edition_label(view.compiled),
        actual=reference,
        notes=notes,
        **shown,
    )


# --- the day that an end is declared for -------------------------------------


def _gap(view: CaseView, action: Action, act: Act) -> Iterator[Judgement]:
    """An act that states the end of others, later than the latest of them by more than may lie between."""
    follows = action.follows
    if follows is None:
        return
    per_item = action.item_type is not None
    earlier = [
        previous
        for previous in view.at(act.key).acts(follows.acts)
        if not per_item
        or view.compiled.action(previous.action).item_type != action.item_type
        or previous.item == act.item
    ]
    if not earlier or earlier[-1].day == act.day:
        return
    days, unit = _allowed(view, follows, act)
    gap = _between(view, earlier[-1].day, act.day, unit)
    if gap > days:
        note = Gap(act.action, earlier[-1].action, earlier[-1].day, gap, unit)
        yield _finding(view, ANCHOR, act, detail=("gap",), note=note)


def _allowed(view: CaseView, follows: Follows, act: Act) -> tuple[int, Unit]:
    """The days that may lie between, and their unit; 0 where no number is set."""
    if follows.within is not None:
        return follows.within.days, follows.within.unit
    parameter = view.compiled.definition.parameters.get(follows.parameter or "")
    scope, then = Scope(act=act), view.at(act.key)
    for row in parameter.rows if parameter is not None else ():
        if row.in_force.covers(act.day) and evaluate_optional(row.when, then, scope, Trace()) is True:
            return row.amount or 0, row.unit or "working_day"
    if parameter is not None and parameter.default is not None:
        return parameter.default.amount or 0, parameter.default.unit or "working_day"
    return 0, "working_day"


def _between(view: CaseView, first: date, last: date, unit: Unit) -> int:
    """The number of days after the first, up to and including the last; no act lies outside the calendar's data."""
    match unit:
        case "working_day":
            return view.calendar().count(date.fromordinal(first.toordinal() + 1), last)
        case "calendar_day" | "month" | "year" | "hour":
            return (last - first).days
        case _:
            assert_never(unit)


# --- who acted ---------------------------------------------------------------


def _four_eyes(view: CaseView, action: Action, act: Act) -> Iterator[Judgement]:
    """Four-eyes violations: an act by the person or role that must not do it."""
    for name in action.four_eyes:
        how = four_eyes_violation(view.compiled, view.case, act, name)
        if how is not None:
            yield _finding(view, FOUR_EYES, act, detail=(how,), note=FourEyesViolation(act.action, name))


def _countersigned_by_same_person(view: CaseView) -> Iterator[Judgement]:
    """Four-eyes violations: a countersignature by the person who made the determination."""
    persons = {event.sequence: event for event in view.case.events}
    for (item, name), assertions in view.case.facts.items():
        for first, second in countersigned_pairs(view.past(assertions), view.kind_of(item, name)):
            determining, countersigning = persons.get(first.key[1]), persons.get(second.key[1])
            if (
                determining is not None
                and countersigning is not None
                and determining.actor is not None
                and determining.actor == countersigning.actor
            ):
                yield _finding(view, FOUR_EYES, countersigning, detail=("same_actor",), needs=(name,))


def _delegations(view: CaseView, action: Action, act: Act) -> Iterator[Judgement]:
    """Acts by a role without the delegation it needs, or that name such a role in a field."""
    for role in (act.by, *roles_named(view.compiled, act)):
        defect = missing_authority(view.compiled, view.case, role, act.key)
        if defect is not None and defect != NOT_IN_FORCE:
            verdict = Verdict.INVALID if action.power and role == act.by else Verdict.FINDING
            note = InvalidDelegation(act.action, role)
            yield _finding(view, DELEGATION, act, verdict=verdict, detail=(defect,), note=note)


def _type(view: CaseView, name: str, kind: ValueType | FactRef) -> str | None:
    field_type = view.compiled.process.facts.get(name) if isinstance(kind, FactRef) else kind
    return field_type.type if field_type is not None else None


# --- the content of the record ---------------------------------------------------


def _links(view: CaseView, action: Action, act: Act) -> Iterator[Judgement]:
    """A list of references that leaves out items which were in the case, or names some that were not."""
    for name, kind in action.fields.items():
        field_type = view.compiled.process.facts.get(name) if isinstance(kind, FactRef) else kind
        if field_type is None or field_type.type != "refs" or not isinstance(field_type.of, str):
            continue
        present = [item.id for item in view.at(act.key).items(field_type.of)]
        referenced = act.fields.get(name) or []
        missing = tuple(ident for ident in present if ident not in referenced) if field_type.complete else ()
        unknown = tuple(ident for ident in referenced if ident not in view.case.items.get(field_type.of, {}))
        if missing or unknown:
            yield _finding(view, LINK, act, missing=missing, note=BrokenReference(act.action, name, unknown or None))


def _receipts(view: CaseView, acts: Sequence[Act], lines: Iterable[Judgement]) -> Iterator[Judgement]:
    """Acts that performed a duty without what it wants as proof; each act once, whatever duties it performed."""
    by_sequence = {act.sequence: act for act in acts}
    unproven: dict[int, dict[str, list[str]]] = {}
    for line in lines:
        duty = view.compiled.process.obligations.get(line.obligation)
        act = by_sequence.get(line.actual.event) if line.actual is not None else None
        if duty is None or act is None or line.verdict in _UNPROVEN:
            continue
        for name in _unproven(view, duty.evidence, act):
            unproven.setdefault(act.sequence, {}).setdefault(name, []).append(line.obligation)
    for sequence, names in unproven.items():
        owed = tuple(dict.fromkeys(duty for duties in names.values() for duty in duties))
        note = MissingReceipt(by_sequence[sequence].action, owed)
        yield _finding(view, RECEIPT, by_sequence[sequence], missing=tuple(names), note=note)


def _unproven(view: CaseView, evidence: Sequence[str], act: Act) -> Iterator[str]:
    """The proof fields that an act leaves empty; attached evidence counts as the documents it names."""
    action = view.compiled.action(act.action)
    new = view.compiled.process.items.get(action.adds or action.replaces or "")
    attached = bool(act.event is not None and act.event.evidence)
    for name in evidence:
        kind = action.fields.get(name) or (new.fields.get(name) if new is not None else None)
        if kind is None or act.fields.get(name) is not None:
            continue
        if not (attached and _type(view, name, kind) == "document"):
            yield name


def _backdated(view: CaseView) -> Iterator[Judgement]:
    """Events recorded later than ``backdated_after`` allows; imported histories are left out."""
    span = view.compiled.process.backdated_after
    if span is None:
        return
    for event in effective(view.case.events):  # withdrawn events are left out
        happened, recorded = event.day(view.case.zone), event.recorded.astimezone(view.case.zone).date()
        if not _of_substance(event.type) or event.imported or happened > view.day or recorded <= happened:
            continue
        late = _between(view, happened, recorded, span.unit)
        if late > span.days:
            yield _finding(view, BACKDATED, event, note=Backdated(recorded, late, span.unit, span.days))


def _of_substance(kind: EventType) -> bool:
    """True for events by which a person acts in the matter, not ones about the case or its record."""
    match kind:
        case EventType.ACT | EventType.DETERMINED | EventType.PLANNED | EventType.EXPLAINED:
            return True
        case (
            EventType.OPENED | EventType.CORRECTED | EventType.DEEMED | EventType.MOVED | EventType.SUBCASE
            | EventType.LINKED | EventType.ERASED | EventType.RECOMPUTED
        ):  # fmt: skip
            return False
        case _:
            assert_never(kind)


def _after_close(view: CaseView) -> Iterator[Judgement]:
    """Statements and changes made after the case had closed."""
    if not view.compiled.final.get(view.state):
        return
    closing = view.stay
    deemed = {event.sequence for event in view.case.events if event.type is EventType.DEEMED}
    for event in view.case.events:
        if event.supersedes in deemed:
            continue  # the withdrawal of a deemed act is automatic, no late edit
        if event.sequence <= closing.event or event.day(view.case.zone) > view.day:
            continue
        is_act = event.type is EventType.ACT
        edited = event.type is EventType.CORRECTED or (_of_substance(event.type) and not is_act)
        slipped_in = is_act and _place(view, event) < closing.key
        if (edited or slipped_in) and not (event.imported and _place(view, event) < closing.key):
            note = AfterClosing(closing.state, closing.key[0], str(event.type))
            yield _finding(view, AFTER_CLOSE, event, note=note)


def _place(view: CaseView, event: Event) -> Key:
    return (event.day(view.case.zone), event.sequence)
