"""A definition made ready to run: the life as a machine, and the look-ups every judgement needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from zhengxie_flow.engine.step import Life
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.exemption import Exemption
from zhengxie_flow.model.process import Action, ItemType, Obligation, Process, Requirement
from zhengxie_flow.rules import Ruleset, compiled, types_of


@dataclass(frozen=True, slots=True)
class CompiledProcess:
    """One definition, ready to run; immutable and safe to share between threads."""

    definition: Definition
    process: Process
    life: Life
    zone: ZoneInfo
    requirements: dict[str, tuple[str, Requirement]]  # id -> its action and itself
    producers: dict[str, tuple[str, ...]]  # action -> obligations it performs within a limit
    closers: dict[str, tuple[str, ...]]  # obligation -> actions after which it can no longer be performed
    final: dict[str, bool | str]  # final state -> True or "withdrawn"
    rulesets: dict[str, Ruleset]  # the decisions, compiled
    deems: bool  # whether any act can be deemed done
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
    def begins(self) -> date | None:
        """The first day this edition is in force."""
        return self.process.in_force.from_

    @property
    def since(self) -> date | None:
        """The first day the process was in force, in whatever edition."""
        known = self.definition.edition
        return self.begins if known is None else known.since

    @property
    def by_start(self) -> bool:
        """Whether it leaves cases that started earlier the duties they started with."""
        known = self.definition.edition
        return known is not None and known.transition.rule == "by_start"

    def action(self, name: str) -> Action:
        """An action by its id, or what a subcase brings to its parent; if only another edition has it, that one's."""
        if name not in self.process.acts:
            return next(other.process.acts[name] for other in self.editions if name in other.process.acts)
        return self.process.acts[name]

    def item_type(self, name: str) -> ItemType:
        """A type of item by its id; one that only another edition has is that of the other."""
        if name not in self.process.items:
            return next(other.process.items[name] for other in self.editions if name in other.process.items)
        return self.process.items[name]

    def obligation(self, name: str) -> Obligation:
        """An obligation by its id."""
        return self.process.obligations[name]

    def exemption(self, name: str) -> Exemption:
        """An exemption by its id; one that only another edition has is that of the other."""
        if name not in self.process.exemptions:
            return next(other.process.exemptions[name] for other in self.editions if name in other.process.exemptions)
        return self.process.exemptions[name]

    def ids(self) -> frozenset[str]:
        """Every id a verdict can be about, in this edition or another: obligations, requirements and exemptions."""
        return self.own_ids().union(*(other.own_ids() for other in self.editions))

    def own_ids(self) -> frozenset[str]:
        """Every id a verdict can be about in this edition."""
        return frozenset(self.process.obligations) | frozenset(self.requirements) | frozenset(self.process.exemptions)


def compile_process(definition: Definition) -> CompiledProcess:
    """Make a definition ready to run."""
    process = definition.process
    producers: dict[str, tuple[str, ...]] = {}
    for name, obligation in process.obligations.items():
        if obligation.limit is not None:
            for action in obligation.do:
                producers[action] = (*producers.get(action, ()), name)
    closers: dict[str, tuple[str, ...]] = {}
    for name, action_ in process.actions.items():
        for closed in action_.closes:
            closers[closed] = (*closers.get(closed, ()), name)
    types = types_of(process)
    return CompiledProcess(
        definition=definition,
        process=process,
        life=Life(process),
        zone=ZoneInfo(process.zone),
        requirements=process.requirements(),
        producers=producers,
        closers=closers,
        final={name: state.final for name, state in process.states.items() if state.final},
        rulesets={name: compiled(decision, types) for name, decision in definition.decisions.items()},
        deems=any(duty.limit is not None and duty.limit.on_lapse is not None for duty in process.obligations.values())
        or any(action.deem for action in process.actions.values()),
    )
