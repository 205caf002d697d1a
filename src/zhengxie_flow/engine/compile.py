"""Compilation of a definition: its state machines, and the look-up tables that every judgement needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from zhengxie_flow.engine.state_machine.machine import StateMachine
from zhengxie_flow.model.base import Period
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.definition import Definition, calendars_beside
from zhengxie_flow.model.exemption import Exemption
from zhengxie_flow.model.former_names import FormerNames
from zhengxie_flow.model.item import SUCCESSOR, ItemType
from zhengxie_flow.model.lapse import Deem
from zhengxie_flow.model.process import Action, AnyRequirement, ByObligation, Obligation, Process, Requirement
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.model.volume import CONTROL, OWN, AttachedVolume
from zhengxie_flow.rules import Ruleset, compiled, types_of


@dataclass(frozen=True, slots=True)
class CompiledAction:
    """The properties of an action that each of its acts needs, looked up once."""

    action: Action
    item_type: str | None
    kinds: dict[str, ValueType]  # its fields, and those of the item it adds
    required: tuple[str, ...]  # fields without which it is not allowed
    noted: tuple[str, ...]  # fields by which it asserts facts of the case
    requires: tuple[tuple[AnyRequirement, bool], ...]  # each with whether it repeats a duty
    exempts: bool  # whether doing it exercises a power to exempt
    guarded: bool  # whether any of its ways holds only under a condition
    guards_items: bool  # whether it moves its item only under a condition
    watched: bool  # whether its actor has to be checked: offices with dates, delegations, four eyes
    goals: frozenset[str | None]  # where its ways lead
    limited: tuple[str, ...]  # obligations under which it may be void or forbidden


@dataclass(frozen=True, slots=True)
class Closer:
    """An action that closes an obligation, where its acts are like something; a miss may follow from another breach."""

    action: str
    where: Condition | None = None
    follows_from: str | None = None
    missed: str | None = None


@dataclass(frozen=True, slots=True)
class CompiledProcess:
    """One definition, ready to run; immutable and safe to share between threads."""

    definition: Definition
    process: Process
    machine: StateMachine
    item_machines: dict[str, StateMachine]  # item type -> the state machine of its items, where it has states
    zone: ZoneInfo
    requirements: dict[str, tuple[str, Requirement]]  # id -> its action and itself
    performs: dict[str, tuple[str, ...]]  # action -> obligations that it performs, of the volume that defines it
    guarded: bool  # whether any way of an act, for the case or an item, holds only under a condition
    controls: frozenset[str]  # obligations and requirements that are internal controls and no law
    closers: dict[str, tuple[Closer, ...]]  # obligation -> what closes it: it can no longer be performed afterwards
    final: dict[str, bool | str]  # final state -> True or "withdrawn"
    rulesets: dict[str, Ruleset]  # the decisions, compiled
    deems: bool  # whether any act can be deemed done
    outlines: dict[str, CompiledAction]  # action -> its properties, looked up once
    deemed_if: dict[str, tuple[tuple[str, Deem], ...]]  # action -> acts that count as it too under a condition
    delegating: dict[str, tuple[str, ...]]  # role -> actions that delegate it for a time
    revoking: dict[str, tuple[str, ...]]  # role -> actions that revoke the delegation
    volume_by_duty: dict[str, AttachedVolume]  # obligation, requirement, exemption -> the volume that states it
    volume_by_action: dict[str, AttachedVolume]  # action -> the volume that defines it
    volume_names: dict[str, str]  # the same -> the name of its volume, where that is not the process's own text
    former: FormerNames | None = None  # the names it had before, where anything was renamed
    other_calendars: tuple[str, ...] = ()  # that its limits are counted by beside that of the process
    companion_of: str | None = None  # the hash of the same edition without the volumes that were attached since
    editions: tuple[CompiledProcess, ...] = field(default=(), repr=False, compare=False)  # all, where there are several

    @property
    def id(self) -> str:
        """The path of the process under ``processes/``."""
        return self.definition.id

    @property
    def hash(self) -> str:
        """The content hash of the definition."""
        return self.definition.hash

    @property
    def calendar(self) -> str:
        """The name of its calendar, followed by those beside it: ``cn``, or ``cn,cn+school``.

        The calendar of that name answers as the first, and knows the others.
        """
        others = {name for edition in (self, *self.editions) for name in edition.other_calendars}
        return ",".join([self.process.calendar, *sorted(others - {self.process.calendar})])

    @property
    def begins(self) -> date | None:
        """The first day this edition is in force."""
        return self.process.in_force.from_

    @property
    def since(self) -> date | None:
        """The first day the process was in force, in whatever edition."""
        edition = self.definition.edition
        return self.begins if edition is None else edition.since

    @property
    def by_start(self) -> bool:
        """True where cases that started earlier keep the duties they started with."""
        edition = self.definition.edition
        return edition is not None and edition.transition.rule == "by_start"

    def action(self, name: str) -> Action:
        """Action by its id, subcase updates included; falls back to the other editions."""
        if name not in self.process.acts:
            return next(other.process.acts[name] for other in self.editions if name in other.process.acts)
        return self.process.acts[name]

    def item_type(self, name: str) -> ItemType:
        """Item type by its id; falls back to the other editions."""
        if name not in self.process.items:
            return next(other.process.items[name] for other in self.editions if name in other.process.items)
        return self.process.items[name]

    def obligation(self, name: str) -> Obligation:
        """Obligation of this edition by its id."""
        return self.process.obligations[name]

    def exemption(self, name: str) -> Exemption:
        """Exemption by its id; falls back to the other editions."""
        if name not in self.process.exemptions:
            return next(other.process.exemptions[name] for other in self.editions if name in other.process.exemptions)
        return self.process.exemptions[name]

    def volume_of(self, ident: str) -> str:
        """The name of the volume that states an obligation, requirement or exemption."""
        return self.volume_names.get(ident, OWN)

    def ids(self) -> frozenset[str]:
        """Ids of all obligations, requirements and exemptions, of this edition and the others."""
        return self.own_ids().union(*(other.own_ids() for other in self.editions))

    def own_ids(self) -> frozenset[str]:
        """Ids of all obligations, requirements and exemptions of this edition."""
        return frozenset(self.process.obligations) | frozenset(self.requirements) | frozenset(self.process.exemptions)


def _outline(process: Process, name: str, action: Action) -> CompiledAction:
    new = action.adds or action.replaces  # the item that takes another's place is a new one
    of_item: dict[str, ValueType] = dict(process.items[new].fields) if new in process.items else {}
    if action.replaces is not None:
        of_item[SUCCESSOR] = ValueType(type="text")
    kinds = {**action.fields, **of_item, **action.fields}  # its own come first and count first
    return CompiledAction(
        action=action,
        item_type=action.item_type,
        kinds={
            field: kind if isinstance(kind, ValueType) else process.facts[field]
            for field, kind in kinds.items()
            if isinstance(kind, ValueType) or field in process.facts
        },
        required=tuple(field for field, kind in kinds.items() if kind.required),
        noted=tuple(field for field, kind in action.fields.items() if isinstance(kind, FactRef)),
        requires=tuple((entry, isinstance(entry, ByObligation)) for entry in action.requires),
        exempts=any(exemption.granted_by == name for exemption in process.exemptions.values()),
        guarded=any(way.when is not None for way in action.ways),
        guards_items=any(step.when is not None for step in action.item),
        goals=frozenset(way.to for way in action.ways),
        watched=bool(action.four_eyes) or _dated_offices(process),
        limited=tuple(ident for ident, duty in process.obligations.items() if _may_be_void(name, duty)),
    )


def _may_be_void(action: str, duty: Obligation) -> bool:
    """True where an action lengthens the limit of a duty, or may be done too early or in spite of it."""
    components = duty.limit.components if duty.limit is not None else ()
    lengthened = any(limit.lengthened_by(action) for limit in components)
    return lengthened or (action in duty.do and (duty.forbids or duty.sets_minimum))


def _deemed_if(process: Process) -> dict[str, tuple[tuple[str, Deem], ...]]:
    """For each action the acts that count as it too under a condition."""
    deemed: dict[str, tuple[tuple[str, Deem], ...]] = {}
    for name, action in process.actions.items():
        for deem in action.deem:
            if deem.when is not None:
                deemed[deem.action] = (*deemed.get(deem.action, ()), (name, deem))
    return deemed


def _dated_offices(process: Process) -> bool:
    """True where authority depends on the day: an office with dates, or a role that acts by delegation."""
    dated = any(role.in_force != Period() for role in process.roles.values())
    return dated or any(action.delegates is not None for action in process.actions.values())


def compile_process(definition: Definition) -> CompiledProcess:
    """Compile a definition into state machines and look-up tables.

    Args:
        definition: A definition that passed validation, with its rules resolved.

    Returns:
        The compiled process, immutable and safe to share between threads.
    """
    process = definition.process
    volume_by_duty = {name: volume for volume in definition.volumes for name in volume.duties}
    volume_by_action = {name: volume for volume in definition.volumes for name in volume.actions}
    performs: dict[str, tuple[str, ...]] = {}
    for name, obligation in process.obligations.items():
        for action in obligation.do:
            if volume_by_duty.get(name) is volume_by_action.get(action):
                performs[action] = (*performs.get(action, ()), name)
    closers: dict[str, tuple[Closer, ...]] = {}
    for name, action_ in process.actions.items():
        for closing in action_.closes:
            for closed in closing.obligations:
                closers[closed] = (
                    *closers.get(closed, ()),
                    Closer(name, closing.where, closing.follows_from, closing.missed),
                )
    delegating: dict[str, tuple[str, ...]] = {}
    revoking: dict[str, tuple[str, ...]] = {}
    for name, action_ in process.actions.items():
        if action_.delegates is not None:
            role = action_.delegates.role
            delegating[role] = (*delegating.get(role, ()), name)
        for role in action_.revokes:
            revoking[role] = (*revoking.get(role, ()), name)
    types, zone = types_of(process, definition.decisions), ZoneInfo(process.zone)
    outlines = {name: _outline(process, name, action) for name, action in process.actions.items()}
    return CompiledProcess(
        definition=definition,
        process=process,
        machine=StateMachine(process),
        item_machines={name: StateMachine(process, name) for name, kind in process.items.items() if kind.states},
        zone=zone,
        requirements=process.requirements(),
        performs=performs,
        controls=frozenset(process.controls)
        | {name for name, volume in volume_by_duty.items() if volume.kind == "control"},
        closers=closers,
        final={name: state.final for name, state in process.states.items() if state.final},
        rulesets={name: compiled(decision, types, zone) for name, decision in definition.decisions.items()},
        deems=any(
            duty.limit is not None and duty.limit.consequence is not None for duty in process.obligations.values()
        )
        or any(action.deem for action in process.actions.values()),
        deemed_if=_deemed_if(process),
        outlines=outlines,
        guarded=any(outline.guarded or outline.guards_items for outline in outlines.values()),
        delegating=delegating,
        revoking=revoking,
        volume_by_duty=volume_by_duty,
        volume_by_action=volume_by_action,
        volume_names=dict.fromkeys(process.controls, CONTROL)
        | {name: volume.volume for name, volume in volume_by_duty.items()},
        former=FormerNames.of(process),
        other_calendars=calendars_beside(definition),
    )
