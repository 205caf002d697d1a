"""The statements built in for every procedure: open, determine, plan, explain, correct; each becomes one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhengxie_flow.engine.authority import DELEGATION, NOT_IN_FORCE, missing_authority
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.determinations import may_determine
from zhengxie_flow.engine.events.attribution import Attribution, Moment
from zhengxie_flow.engine.events.decide import check_item_id, known_action, known_role
from zhengxie_flow.engine.events.recording import Recording, RecordingTime
from zhengxie_flow.engine.statement_authority import refusals_for_statement, roles_for_statement
from zhengxie_flow.errors import NotFound, Reason, Refused, UsageError, Where
from zhengxie_flow.model.body import DeterminedBody, ExplainedBody, LinkedBody, OpenedBody, PlannedBody
from zhengxie_flow.model.body_parts import ItemAddition, ItemChanges, StateChange
from zhengxie_flow.model.case import Case, Item, Parent
from zhengxie_flow.model.event import Event, EventType, Mode
from zhengxie_flow.model.statement import StatementKind
from zhengxie_flow.model.values import ValueType, read_value
from zhengxie_flow.spelling import known_names, unknown_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The initial facts, items by type and id, and (for tests) a state other than the start.

    ``parent`` is the case it is opened under, as which of its subcases.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    items: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    state: str | None = None
    parent: Parent | None = None


def open_case(
    compiled: CompiledProcess, case: str, opening: Opening, attribution: Attribution, time: RecordingTime
) -> Event:
    """The event that begins a case.

    Args:
        compiled: The edition the case starts under.
        case: The id of the case.
        opening: Its initial facts and items.
        attribution: The role and person that open it, and when.
        time: The time of recording.

    Raises:
        UsageError: A role, fact, item or state the process does not have, or a time in the future.
        Refused: ZX4043 for a role that may not open a case now.
    """
    known_role(compiled, attribution.by)
    check_opener(compiled, case, attribution)
    if attribution.at is not None:
        _check_opening_day(compiled, case, attribution.at, time.now)
    state = opening.state or compiled.process.start
    if state not in compiled.process.states:
        raise UsageError("ZX1201", **unknown_name("state", state, compiled.process.states))
    for entries in opening.items.values():
        for ident in entries:
            check_item_id(ident)
    added = tuple(
        ItemAddition(
            type=kind, id=ident, fields=_item_fields(compiled, kind, fields), state=compiled.process.items[kind].start
        )
        for kind, entries in opening.items.items()
        for ident, fields in entries.items()
    )
    facts = {name: read_value(known_fact(compiled, name), value, name) for name, value in opening.facts.items()}
    body = OpenedBody(
        process=compiled.id,
        zone=compiled.process.zone,
        state=StateChange(to=state),
        facts=facts or None,
        items=ItemChanges(added=added) if added else None,
        parent=opening.parent,
    )
    return Event(
        case=case,
        sequence=1,
        type=EventType.OPENED,
        mode=Mode.ADVANCED if attribution.at is None else Mode.RECORDED,
        occurred=_opening_time(compiled, attribution.at, time.now),
        recorded=time.now,
        by=attribution.by,
        actor=attribution.actor,
        recorded_by=attribution.recorded_by,
        body=body,
        evidence=attribution.evidence,
        definition=compiled.hash,
        calendar=time.calendar,
        key=attribution.key,
    )


def link(recording: Recording, parent: Parent) -> Event:
    """The event that links a case to a parent.

    Args:
        recording: The case, who links it, and when.
        parent: The parent case, and as which of its subcases.

    Raises:
        UsageError: ZX4071 when it is linked already, ZX1201 for an unknown role.
    """
    case = recording.case
    known_role(recording.compiled, recording.attribution.by)
    if any((present.case, present.subcase) == (parent.case, parent.subcase) for present in case.parents):
        raise UsageError("ZX4071", where=Where(case=case.id), parent=parent.case, subcase=parent.subcase)
    return recording.event(EventType.LINKED, LinkedBody(parent=parent))


def _opening_time(compiled: CompiledProcess, at: Moment | None, now: datetime) -> Moment:
    moment = now if at is None else at
    return moment.astimezone(compiled.zone) if isinstance(moment, datetime) else moment


def _check_opening_day(compiled: CompiledProcess, case: str, at: Moment, now: datetime) -> None:
    if isinstance(at, datetime) and at.tzinfo is None:
        raise UsageError("ZX2001", where=Where(case=case), given=at.isoformat())
    later = at > now if isinstance(at, datetime) else at > now.astimezone(compiled.zone).date()
    if later:
        raise UsageError("ZX4012", where=Where(case=case), given=at.isoformat(), now=now.isoformat())


def known_fact(compiled: CompiledProcess, name: str) -> ValueType:
    """Look the type of a fact up, or raise `UsageError` ZX1201."""
    try:
        return compiled.process.facts[name]
    except KeyError:
        raise UsageError("ZX1201", **unknown_name("fact", name, compiled.process.facts)) from None


def _item_fields(compiled: CompiledProcess, kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    types = compiled.process.items.get(kind)
    if types is None:
        raise UsageError("ZX1201", **unknown_name("item_type", kind, compiled.process.items))
    unknown = [name for name in fields if name not in types.fields]
    if unknown:
        raise UsageError("ZX4021", name=unknown[0], action=kind, **known_names(unknown[0], types.fields))
    return {name: read_value(types.fields[name], value, name) for name, value in fields.items() if value is not None}


def determine(recording: Recording, facts: Mapping[str, Any], *, reason: str, basis: str | None = None) -> Event:
    """The event by which a person determines facts of the case, or fields of an item.

    Args:
        recording: The case, who determines, when, and of which item.
        facts: The values by name.
        reason: The reason for the determination.
        basis: The document it rests on.

    Raises:
        UsageError: ZX4029 without a reason, ZX4040 without facts, ZX1201 for an unknown fact.
        NotFound: ZX4025 for an unknown item.
        Refused: ZX4038 for a role without authority, where the determination is asked for now.
    """
    compiled, case, attribution = recording.compiled, recording.case, recording.attribution
    if not reason.strip():
        raise UsageError("ZX4029", where=Where(case=case.id))
    if not facts:
        raise UsageError("ZX4040", where=Where(case=case.id))
    known_role(compiled, attribution.by)
    kinds = kinds_determined(recording, facts)
    values = {name: read_value(kinds[name], value, name) for name, value in facts.items()}
    if attribution.at is None:  # asked for now: only those with authority may
        check_determination(recording, kinds)
    body = DeterminedBody(facts=values, reason=reason, basis=basis or None)
    return recording.event(EventType.DETERMINED, body)


def kinds_determined(recording: Recording, facts: Iterable[str]) -> dict[str, ValueType]:
    """The types of facts of the case, or of fields of the item that a determination is about.

    Args:
        recording: The case, and of which item.
        facts: The names.

    Raises:
        UsageError: ZX1201 for an unknown fact.
        NotFound: ZX4025 for an unknown item.
    """
    compiled, item = recording.compiled, known_item(recording.case, recording.attribution.item)
    fields = compiled.process.items[item.type].fields if item is not None else {}
    return {name: fields.get(name) or known_fact(compiled, name) for name in facts}


def check_determination(recording: Recording, kinds: Mapping[str, ValueType]) -> None:
    """Raise `Refused` ZX4038 where a role may not determine a fact now.

    Args:
        recording: The case, who determines, and when.
        kinds: The types of the facts.
    """
    for name, kind in kinds.items():
        _may_determine(recording, kind, name)


def check_statement(recording: Recording, kind: StatementKind, duty: str | None = None) -> None:
    """Raise `Refused` ZX4043 where a statement is asked for now by a role that may not make it.

    Args:
        recording: The case, who makes the statement, and when.
        kind: The statement.
        duty: The duty that an explanation is about.
    """
    case, by = recording.case, recording.attribution.by
    if recording.attribution.at is not None or by is None:
        return
    key = (recording.time.now.astimezone(case.zone).date(), case.version + 1)
    allowed = roles_for_statement(recording.compiled, kind, duty)
    if reasons := refusals_for_statement(recording.compiled, case, by, key, allowed):
        raise Refused("ZX4043", where=Where(case=case.id), reasons=reasons, statement=kind)


def check_opener(compiled: CompiledProcess, case: str, attribution: Attribution) -> None:
    """Raise `Refused` ZX4043 where a case is to be opened now by a role that may not open it."""
    allowed = compiled.process.statements.by("open")
    if attribution.at is None and attribution.by is not None and allowed and attribution.by not in allowed:
        raise Refused("ZX4043", where=Where(case=case), reasons=(Reason("role", "false", allowed),), statement="open")


def _may_determine(recording: Recording, kind: ValueType, name: str) -> None:
    """Raise `Refused` ZX4038 for a role that may not determine a fact, is not in force or not delegated today."""
    allowed, case, by = may_determine(kind), recording.case, recording.attribution.by
    key = (recording.time.now.astimezone(case.zone).date(), case.version + 1)
    defect = missing_authority(recording.compiled, case, by, key)
    if allowed and by not in allowed:
        reason = Reason("role", "false", allowed)
    elif defect is not None:
        reason = Reason("role" if defect == NOT_IN_FORCE else DELEGATION, "false", (by or "",))
    else:
        return
    raise Refused("ZX4038", where=Where(case=case.id), reasons=(reason,), name=name)


def known_item(case: Case, ident: str | None) -> Item | None:
    """Look an item of the case up, or raise `NotFound` ZX4025."""
    if ident is None:
        return None
    for items in case.items.values():
        if ident in items:
            return items[ident]
    idents = tuple(name for items in case.items.values() for name in items)
    raise NotFound("ZX4025", item=ident, type="item", **known_names(ident, idents))


def plan(recording: Recording, action: str, to: Moment) -> Event:
    """The event that plans an action for a day; a later plan replaces an earlier one.

    Args:
        recording: The case, who plans, when, and for which item.
        action: The action.
        to: The day or instant it is planned for.

    Raises:
        NotFound: ZX1201 for an unknown action, ZX4025 for an unknown item.
        UsageError: ZX1201 for an unknown role, ZX2001 for an instant without a zone.
        Refused: ZX4043 for a role that may not plan, where it is asked for now.
    """
    known_action(recording.compiled, action)
    known_role(recording.compiled, recording.attribution.by)
    check_statement(recording, "plan")
    known_item(recording.case, recording.attribution.item)
    if isinstance(to, datetime) and to.tzinfo is None:
        raise UsageError("ZX2001", where=Where(case=recording.case.id), given=to.isoformat())
    return recording.event(EventType.PLANNED, PlannedBody(to=to.isoformat()), action)


def explain(recording: Recording, obligation: str, reason: str, *, public: bool = False) -> Event:
    """The event that gives a reason for departing from a duty; it excuses only a soft duty, and only in time.

    Args:
        recording: The case, who explains, when, and for which item.
        obligation: The id of the duty.
        reason: The reason.
        public: True where the reason was made public.

    Raises:
        NotFound: ZX4032 for an unknown duty, ZX4025 for an unknown item.
        UsageError: ZX4029 without a reason, ZX1201 for an unknown role.
        Refused: ZX4043 for a role that neither owes the duty nor is named, where it is asked for now.
    """
    compiled, case = recording.compiled, recording.case
    if obligation not in compiled.ids():
        raise NotFound("ZX4032", obligation=obligation, **known_names(obligation, sorted(compiled.ids())))
    if not reason.strip():
        raise UsageError("ZX4029", where=Where(case=case.id))
    known_role(compiled, recording.attribution.by)
    check_statement(recording, "explain", obligation)
    known_item(case, recording.attribution.item)
    body = ExplainedBody(obligation=obligation, reason=reason, public=public)
    return recording.event(EventType.EXPLAINED, body)
