"""Decisions on commands: ``advance`` asks and may be refused, ``record`` states the past and is judged afterwards.

Nothing is written here.  A preview is the same call without the write.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from zhengxie_flow.conditions import Scope, Trace
from zhengxie_flow.engine import authority
from zhengxie_flow.engine.compile import CompiledAction, CompiledProcess
from zhengxie_flow.engine.editions.governing import in_force
from zhengxie_flow.engine.editions.volumes import binds
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.evolve import evolve
from zhengxie_flow.engine.events.void_acts import refusals_for_void_act
from zhengxie_flow.engine.exemptions.grants import refusals_for_grant
from zhengxie_flow.engine.judging.judge import judge
from zhengxie_flow.engine.judging.requirements import requirement_holds
from zhengxie_flow.engine.state_machine.items import changes, check_successor, refusals_for_item
from zhengxie_flow.engine.state_machine.ways import destinations
from zhengxie_flow.engine.validity import is_void, may_act
from zhengxie_flow.engine.view import Calendars, CaseView, view_before
from zhengxie_flow.errors import NotFound, Reason, Refused, Unmet, UsageError, Where
from zhengxie_flow.model.body import ActBody
from zhengxie_flow.model.body_parts import StateChange
from zhengxie_flow.model.case import Act, Case, Item
from zhengxie_flow.model.event import Event, EventType, Mode
from zhengxie_flow.model.fast_dataclass import maker
from zhengxie_flow.model.process import Action, Requirement
from zhengxie_flow.model.values import read_value
from zhengxie_flow.model.verdict import SATISFIED, UNSETTLED
from zhengxie_flow.needs import NeededField, NeededVerdict
from zhengxie_flow.spelling import known_names, unknown_name

_act, _event, _scope = maker(Act), maker(Event), maker(Scope)  # made in every step
_act_body, NO_CHANGE = maker(ActBody), ActBody()
ACT, ADVANCED, RECORDED = EventType.ACT, Mode.ADVANCED, Mode.RECORDED  # an enum looks its members up anew each time
MAX_ITEM_ID = 100
ALL_ITEMS = "all"
"""In scenarios and case files ``for: all`` means every item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to act.  ``at`` None asks to act now; a time records an act that happened then."""

    action: str
    by: str
    at: date | datetime | None = None
    item: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    actor: str | None = None
    recorded_by: str | None = None
    key: str = ""

    @property
    def attribution(self) -> Attribution:
        """The attribution of the command, without what it asks for."""
        return Attribution(
            by=self.by, at=self.at, item=self.item, evidence=self.evidence,
            actor=self.actor, recorded_by=self.recorded_by, key=self.key,
        )  # fmt: skip


def decide(compiled: CompiledProcess, case: Case, command: Command, calendars: Calendars, now: datetime) -> Event:
    """Decide on a command: the event it leads to, not yet written.

    Args:
        compiled: The definition whose state machine the case follows.
        case: The case as it stands.
        command: The act asked for or recorded.
        calendars: The calendar as published by a day.
        now: The instant of the decision.

    Returns:
        The event, without the hashes that the journal fills in.

    Raises:
        Refused: An act asked for is not allowed now, with all reasons at once.
        NotFound: An unknown action or item.
        UsageError: A role, field or time that cannot be read or cannot be true.
    """
    known_action(compiled, command.action)
    known_role(compiled, command.by, command.item)
    fields = read_fields(compiled.outlines[command.action], command)
    asked = command.at is None
    occurred = now.astimezone(case.zone) if command.at is None else not_future(command.at, now, case)
    key = (occurred.date() if isinstance(occurred, datetime) else occurred, case.version + 1)  # in the process's zone
    proposed = propose(view_before(compiled, case, calendars, judge, key), command, fields)
    event = _event(  # the journal chains it and fills in the hashes
        case=case.id,
        sequence=key[1],
        type=ACT,
        mode=ADVANCED if asked else RECORDED,
        occurred=occurred,
        recorded=now,
        action=command.action,
        item=command.item,
        by=command.by,
        actor=command.actor,
        recorded_by=command.recorded_by,
        body=proposed.body(),
        evidence=command.evidence,
        definition=compiled.hash,
        calendar=calendars(key[0]).calendar_hash,
        key=command.key,
    )
    if asked and (reasons := proposed.refusals(event)):
        raise Refused(where=Where(case=case.id), reasons=reasons, action=command.action, state=proposed.view.state)
    return event


@dataclass(frozen=True, slots=True)
class ProposedAct:
    """An act in its case just before it is done: what it would change, and what stands against it.

    Attributes:
        view: The case just before it.
        outline: The action.
        act: The act.
        scope: The act with the item it is about.
        moved: The state that it is sure to lead to; None where there is none.
    """

    view: CaseView
    outline: CompiledAction
    act: Act
    scope: Scope
    moved: str | None

    def body(self) -> ActBody:
        """The body of its event: what it changes."""
        return _body(self.view, self.outline, self.act, self.scope.item, self.moved)

    def refusals(self, event: Event) -> tuple[Reason, ...]:
        """Every reason to refuse it, where it is asked for now.

        Args:
            event: Its event.
        """
        view, compiled = self.view, self.view.compiled
        reasons = _reasons(view, self.outline, self.act, self.scope, self.moved)
        law = in_force(view, view.day).compiled if compiled.editions else compiled
        limited = law.outlines.get(self.act.action, self.outline).limited
        if limited:
            reasons += refusals_for_void_act(_after(view, event), event.sequence, limited)
        return tuple(reasons)


_proposed = maker(ProposedAct)


def propose(view: CaseView, command: Command, fields: dict[str, Any]) -> ProposedAct:
    """Put an act into its case.

    Args:
        view: The case at the place of the act on the timeline.
        command: The act.
        fields: Its fields in their plain form.

    Raises:
        NotFound: An unknown action or item.
        UsageError: The item cannot be added or replaced.
    """
    action, outline = known_action(view.compiled, command.action), view.compiled.outlines[command.action]
    item = _item(view, action, outline, command)
    act = _act(view.until, command.action, command.by, command.item, fields, None, command.actor)
    scope = _scope(act, item, item)
    return _proposed(view, outline, act, scope, _destination(view, outline, act, scope))


def _after(view: CaseView, event: Event) -> CaseView:
    """The case right after an act that is asked for."""
    key = (view.day, event.sequence + 1)
    return view_before(view.compiled, evolve(view.case, event), view.calendars, view.judge, key)


def known_action(compiled: CompiledProcess, name: str) -> Action:
    """Look an action of the process up, or raise `NotFound` ZX1201 with the nearest names."""
    try:
        return compiled.process.actions[name]
    except KeyError:
        raise NotFound("ZX1201", **unknown_name("action", name, compiled.process.actions)) from None


def known_role(compiled: CompiledProcess, role: str | None, item: str | None = None) -> None:
    """Check that a role is one of the process (or the item itself), or raise `UsageError` ZX1201."""
    if role is not None and role not in compiled.process.roles and role not in compiled.process.items and role != item:
        raise UsageError("ZX1201", **unknown_name("role", role, compiled.process.roles))


def not_future(at: date | datetime, now: datetime, case: Case) -> date | datetime:
    """Check that a time is not in the future and return it, an instant in the zone of the process (ZX4012, ZX2001)."""
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise UsageError("ZX2001", where=Where(case=case.id), given=at.isoformat())
        at = at.astimezone(case.zone)
        later = at > now
    else:
        later = at > now.astimezone(case.zone).date()
    if later:
        raise UsageError("ZX4012", where=Where(case=case.id), given=at.isoformat(), now=now.isoformat())
    return at


def read_fields(outline: CompiledAction, command: Command) -> dict[str, Any]:
    """The fields of an act in their plain form; unknown names and wrong types are `UsageError`."""
    fields: dict[str, Any] = {}
    kinds = outline.kinds
    for name, value in command.fields.items():
        kind = kinds.get(name)
        if kind is None:
            raise UsageError("ZX4021", name=name, action=command.action, **known_names(name, kinds))
        if value is not None:
            fields[name] = read_value(kind, value, name)
    return fields


def _item(view: CaseView, action: Action, outline: CompiledAction, command: Command) -> Item | None:
    """The item an act is about: one in the case, or a new one for an action that adds."""
    kind = outline.item_type
    if kind is None:
        if command.item is not None:
            raise UsageError("ZX4022", action=command.action, item=command.item)
        return None
    if command.item is None:
        raise UsageError("ZX4023", action=command.action, type=kind)
    items = view.case.items.get(kind, {})
    if action.adds:
        check_item_id(command.item)
        if command.item in items:
            raise UsageError("ZX4024", item=command.item, type=kind)
        return Item(kind, command.item, (view.day, 0), dict(command.fields))
    if command.item not in items:
        raise NotFound("ZX4025", item=command.item, type=kind, **known_names(command.item, tuple(items)))
    check_successor(items, action, command.fields)
    return items[command.item]


def check_item_id(item: str) -> None:
    """An item id is the caller's: printable, not blank, of at most 100 characters, and not the word for all of them."""
    if not item.strip() or len(item) > MAX_ITEM_ID or not item.isprintable() or item == ALL_ITEMS:
        raise UsageError("ZX4039", given=item[:MAX_ITEM_ID], limit=MAX_ITEM_ID)


def _reasons(view: CaseView, outline: CompiledAction, act: Act, scope: Scope, moved: str | None) -> list[Reason]:
    """Reasons to refuse an act now: role, state, required fields, requirements."""
    action = outline.action
    reasons: list[Reason] = []
    if not may_act(view, action, act.by, act.item):
        reasons.append(Reason("role", "false", action.by, _clause(action)))
    if moved is None:
        reasons.append(_no_way(view, action, act, scope.item))
    if outline.item_type is not None:
        reasons += refusals_for_item(view, action, act, scope.item, _clause(action))
    if outline.watched:
        reasons += authority.refusals_for_actor(view.compiled, view.case, act, _clause(action))
    reasons += [
        Reason(f"with.{name}", "unknown", (name,), _clause(action))
        for name in outline.required
        if act.fields.get(name) is None
    ]
    law, asked = view, outline
    if view.compiled.editions:
        law = in_force(view, view.day)
        asked = law.compiled.outlines.get(act.action, outline)
    for entry, repeats in asked.requires:
        if isinstance(entry, Requirement) and not binds(law.compiled, view.case, entry.id, view.day):
            continue
        reason = _repeated(law, entry, scope) if repeats else _own(law, entry, scope, action)
        if reason is not None:
            reasons.append(reason)
    if asked.exempts:
        reason_ids = {reason.id for reason in reasons}
        reasons += [reason for reason in refusals_for_grant(law, act) if reason.id not in reason_ids]
    return reasons


def _no_way(view: CaseView, action: Action, act: Act, item: Item | None) -> Reason:
    """The reason an act has no transition: not allowed in this state, or no guard that holds."""
    allowed = view.compiled.machine.allowed
    if allowed(view.state, act.action):
        trace = Trace()
        destinations(view, act, item, trace)
        return Reason("state", "unknown" if trace.needs else "false", tuple(trace.needs), _clause(action))
    states = tuple(name for name in view.compiled.process.states if allowed(name, act.action))
    return Reason("state", "false", states, _clause(action))


def _clause(action: Action) -> str | None:
    return str(action.law[0]) if action.law else None


def _repeated(view: CaseView, entry: Any, scope: Scope) -> Reason | None:
    """A requirement that repeats a duty is true, unknown or false as the duty stands."""
    verdict = judge(view, entry.obligation, scope.item)
    if verdict in SATISFIED:
        return None
    value: Unmet = "unknown" if verdict in UNSETTLED else "false"
    duty = view.compiled.process.obligations.get(entry.obligation)
    clause = str(duty.law[0]) if duty is not None and duty.law else None
    return Reason(entry.obligation, value, (NeededVerdict(verdict),), clause)


def _own(view: CaseView, requirement: Any, scope: Scope, action: Action) -> Reason | None:
    trace = Trace()
    holds = requirement_holds(view, requirement, scope, trace)
    if holds is True or holds == "not_applicable":
        return None
    names = trace.needs if holds is None else trace.absent
    needs = tuple(NeededField(name) if name in action.fields else name for name in names)
    clause = str(requirement.law[0]) if requirement.law else None
    return Reason(requirement.id, "unknown" if holds is None else "false", needs, clause)


def _destination(view: CaseView, outline: CompiledAction, act: Act, scope: Scope) -> str | None:
    """The state an act is sure to lead to; None where the state does not allow it, or it is unknown which way."""
    machine = view.compiled.machine
    if not outline.guarded:
        return machine.move(view.state, act.action)
    if not machine.allowed(view.state, act.action):
        return None
    possible = destinations(view, act, scope.item)
    return possible.states[0] if possible.allowed else None


def _body(view: CaseView, outline: CompiledAction, act: Act, item: Item | None, moved: str | None) -> ActBody:
    """The changes an act makes: fields, facts, items and the state."""
    facts = {name: act.fields[name] for name in outline.noted if name in act.fields} if outline.noted else None
    items = None if outline.item_type is None else changes(view, outline.action, act, item)
    before = view.state
    if is_void(view, outline.action, act):
        moved = before
    if moved is None:  # recorded outside its `from`: it moved the case all the same, by the way that holds
        moved = destinations(view, act, item).sure(before)
    state = _state_change(before, moved) if moved != before or before in outline.goals else None
    if state is None and items is None and not act.fields:
        return NO_CHANGE
    return _act_body(fields=act.fields or None, facts=facts or None, items=items, state=state)


@cache  # of a process there are few, and one is part of nearly every act
def _state_change(before: str, after: str) -> StateChange:
    return StateChange(from_=before, to=after)
