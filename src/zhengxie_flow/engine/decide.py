"""From a command to events: ``advance`` asks and may be refused, ``record`` tells and is judged afterwards.

Nothing is written here.  A preview is the same call without the write.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.audit import view_of
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.editions import in_force
from zhengxie_flow.engine.exemptions import against_grant
from zhengxie_flow.engine.judge import judge
from zhengxie_flow.engine.parameters import may_act
from zhengxie_flow.engine.requirements import requirement_holds
from zhengxie_flow.engine.view import Calendars, CaseView
from zhengxie_flow.errors import NotFound, Reason, Refused, UsageError, Where
from zhengxie_flow.model.case import Act, Case, Item
from zhengxie_flow.model.event import Event, EventType, Mode
from zhengxie_flow.model.process import Action, ByObligation
from zhengxie_flow.model.values import FactRef, ValueType, read_value
from zhengxie_flow.model.verdict import SATISFIED, UNSETTLED

MAX_ITEM_ID = 100
ALL_ITEMS = "all"
"""In scenarios and case files ``for: all`` means every item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What somebody asks for or tells.  ``at`` None means now (and asks); a time given tells what happened then."""

    action: str
    by: str
    at: date | datetime | None = None
    item: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    actor: str | None = None
    recorded_by: str | None = None
    key: str = ""


def decide(compiled: CompiledProcess, case: Case, command: Command, calendars: Calendars, now: datetime) -> Event:
    """The event a command leads to.

    Raises `Refused` when an authorisation asked for is not allowed now (every reason at once), `UsageError` or
    `NotFound` when the command cannot be true or read.
    """
    action = known_action(compiled, command.action)
    known_role(compiled, command.by, command.item)
    fields = read_fields(compiled, action, command)
    asked = command.at is None
    occurred = now.astimezone(case.zone) if command.at is None else not_future(command.at, now, case)
    key = (_day(occurred, case), case.version + 1)
    view = view_of(compiled, case, calendars, key[0]).at(key)
    item = _item(view, action, command)
    act = Act(key, command.action, command.by, command.item, fields, actor=command.actor)
    scope = Scope(act=act, item=item, this=item)
    moved = _destination(view, act, scope)
    if asked:
        reasons = tuple(_reasons(view, action, act, scope, moved))
        if reasons:
            raise Refused(where=Where(case=case.id), reasons=reasons, action=command.action, state=view.state)
    return Event(
        case=case.id,
        sequence=case.version + 1,
        type=EventType.ACT,
        mode=Mode.ADVANCED if asked else Mode.RECORDED,
        occurred=occurred,
        recorded=now,
        action=command.action,
        item=command.item,
        by=command.by,
        actor=command.actor,
        recorded_by=command.recorded_by,
        body=_changes(view, action, act, moved),
        evidence=command.evidence,
        definition=compiled.hash,
        calendar=view.calendar().edition,
        key=command.key,
    )


def known_action(compiled: CompiledProcess, name: str) -> Action:
    """An action of the process, or `NotFound` ZX4010 with what it has."""
    try:
        return compiled.process.actions[name]
    except KeyError:
        raise NotFound("ZX4010", action=name, known=tuple(compiled.process.actions)) from None


def known_role(compiled: CompiledProcess, role: str | None, item: str | None = None) -> None:
    """A role of the process (or the item itself), or `UsageError` ZX4011."""
    if role is not None and role not in compiled.process.roles and role not in compiled.process.items and role != item:
        raise UsageError("ZX4011", role=role, known=tuple(compiled.process.roles))


def not_future(at: date | datetime, now: datetime, case: Case) -> date | datetime:
    """A time that can have happened, in the process's zone where it is an instant.  Raises ZX4012 or ZX4013."""
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise UsageError("ZX4013", where=Where(case=case.id), given=at.isoformat())
        at = at.astimezone(case.zone)
        later = at > now
    else:
        later = at > now.astimezone(case.zone).date()
    if later:
        raise UsageError("ZX4012", where=Where(case=case.id), given=at.isoformat(), now=now.isoformat())
    return at


def read_fields(compiled: CompiledProcess, action: Action, command: Command) -> dict[str, Any]:
    """The fields of an act in their plain form; unknown names and wrong types are `UsageError`."""
    fields: dict[str, Any] = {}
    item_fields = compiled.process.items[action.adds].fields if action.adds else {}
    for name, value in command.fields.items():
        kind = action.fields.get(name) or item_fields.get(name)
        if kind is None:
            known = (*action.fields, *item_fields)
            raise UsageError("ZX4021", name=name, action=command.action, known=known)
        if value is not None:
            fields[name] = read_value(fact_type(compiled, name, kind), value, name)
    return fields


def fact_type(compiled: CompiledProcess, name: str, kind: ValueType | FactRef) -> ValueType:
    """The type of a ``with:`` entry: its own, or that of the fact it names."""
    return compiled.process.facts[name] if isinstance(kind, FactRef) else kind


def _day(occurred: date | datetime, case: Case) -> date:
    return occurred.astimezone(case.zone).date() if isinstance(occurred, datetime) else occurred


def _item(view: CaseView, action: Action, command: Command) -> Item | None:
    """The item an act is about: one in the case, or a new one for an action that adds."""
    kind = action.item_type
    if kind is None:
        if command.item is not None:
            raise UsageError("ZX4022", action=command.action, item=command.item)
        return None
    if command.item is None:
        raise UsageError("ZX4023", action=command.action, type=kind)
    known = view.case.items.get(kind, {})
    if action.adds:
        check_item_id(command.item)
        if command.item in known:
            raise UsageError("ZX4024", item=command.item, type=kind)
        return Item(kind, command.item, (view.day, 0), dict(command.fields))
    if command.item not in known:
        raise NotFound("ZX4025", item=command.item, type=kind, known=tuple(known))
    return known[command.item]


def check_item_id(item: str) -> None:
    """An item id is the caller's: printable, not blank, of at most 100 characters, and not the word for all of them."""
    if not item.strip() or len(item) > MAX_ITEM_ID or not item.isprintable() or item == ALL_ITEMS:
        raise UsageError("ZX4039", given=item[:MAX_ITEM_ID], limit=MAX_ITEM_ID)


def _reasons(view: CaseView, action: Action, act: Act, scope: Scope, moved: str | None) -> list[Reason]:
    """Everything that stands against an act now: role, state, required fields, requirements."""
    reasons: list[Reason] = []
    clause = str(action.law[0]) if action.law else None
    if not may_act(view, action, act.by, act.item):
        reasons.append(Reason("role", "false", action.by, clause))
    if not view.compiled.life.allowed(view.state, act.action):
        allowed = [name for name in view.compiled.process.states if view.compiled.life.allowed(name, act.action)]
        reasons.append(Reason("state", "false", tuple(allowed), clause))
    elif moved is None:
        reasons.append(Reason("state", "unknown", (), clause))
    for name, kind in action.fields.items():
        if kind.required and act.fields.get(name) is None:
            reasons.append(Reason(f"with.{name}", "unknown", (name,), clause))
    law = in_force(view, view.day)
    for entry in law.compiled.action(act.action).requires:
        reason = _repeated(law, entry, scope) if isinstance(entry, ByObligation) else _own(law, entry, scope)
        if reason is not None:
            reasons.append(reason)
    known = {reason.id for reason in reasons}
    reasons += [reason for reason in against_grant(law, act) if reason.id not in known]
    return reasons


def _repeated(view: CaseView, entry: ByObligation, scope: Scope) -> Reason | None:
    """A requirement that repeats a duty is true, unknown or false as the duty stands."""
    verdict = judge(view, entry.obligation, scope.item)
    if verdict in SATISFIED:
        return None
    value = "unknown" if verdict in UNSETTLED else "false"
    duty = view.compiled.process.obligations.get(entry.obligation)
    clause = str(duty.law[0]) if duty is not None and duty.law else None
    return Reason(entry.obligation, value, (str(verdict),), clause)


def _own(view: CaseView, requirement: Any, scope: Scope) -> Reason | None:
    trace = Trace()
    holds = requirement_holds(view, requirement, scope, trace)
    if holds is True or holds == "not_applicable":
        return None
    needs = tuple(trace.needs) if holds is None else tuple(trace.absent)
    clause = str(requirement.law[0]) if requirement.law else None
    return Reason(requirement.id, "unknown" if holds is None else "false", needs, clause)


def _guards(view: CaseView, act: Act, scope: Scope) -> list[bool]:
    """For each way of the action, whether its ``when`` holds; unknown opens nothing."""
    ways = view.compiled.life.ways(act.action)
    return [evaluate_optional(way.when, view, scope, Trace()) is True for way in ways]


def _destination(view: CaseView, act: Act, scope: Scope) -> str | None:
    return view.compiled.life.move(view.state, act.action, _guards(view, act, scope))


def _changes(view: CaseView, action: Action, act: Act, moved: str | None) -> dict[str, Any]:
    """What an act changes, in plain values: fields, facts, items and the state."""
    body: dict[str, Any] = {}
    if act.fields:
        body["fields"] = act.fields
    noted = (name for name, kind in action.fields.items() if isinstance(kind, FactRef))
    facts = {name: act.fields[name] for name in noted if name in act.fields}
    if facts:
        body["facts"] = facts
    items = _item_changes(action, act)
    if items:
        body["items"] = items
    if moved is None:  # recorded outside its `from`: it moved the case all the same
        moved = view.compiled.life.destination(act.action) or action.to or view.state
    if moved != view.state or (action.ways and view.state in {way.to for way in action.ways}):
        body["state"] = {"from": view.state, "to": moved}
    return body


def _item_changes(action: Action, act: Act) -> dict[str, Any]:
    if action.adds:
        return {"added": [{"type": action.adds, "id": act.item, "fields": act.fields}]}
    if action.withdraws or action.replaces:
        return {"ended": [{"type": action.item_type, "id": act.item}]}
    return {}
