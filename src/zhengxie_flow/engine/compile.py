"""A definition made ready to run: the life as a machine, and the look-ups every judgement needs."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from zhengxie_flow.engine.step import Life
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.exemption import Exemption
from zhengxie_flow.model.process import Action, Obligation, Process, Requirement
from zhengxie_flow.rules import Ruleset, compiled, types_of


@dataclass(frozen=True, slots=True)
class CompiledProcess:
    """One definition, ready to run; immutable and safe to share between threads."""

    definition: Definition
    process: Process
    life: Life
    lives: dict[str, Life]  # item type -> the life of its items, where it has states
    zone: ZoneInfo
    requirements: dict[str, tuple[str, Requirement]]  # id -> its action and itself
    producers: dict[str, tuple[str, ...]]  # action -> obligations it performs within a limit
    closers: dict[str, tuple[str, ...]]  # obligation -> actions after which it can no longer be performed
    final: dict[str, bool | str]  # final state -> True or "withdrawn"
    rulesets: dict[str, Ruleset]  # the decisions, compiled
    deems: bool  # whether any act can be deemed done
    delegating: dict[str, tuple[str, ...]]  # role -> actions that lend it for a time
    revoking: dict[str, tuple[str, ...]]  # role -> actions that end that

    @property
    def id(self) -> str:
        """The path of the process under ``processes/``."""
        return self.definition.id

    @property
    def hash(self) -> str:
        """The content hash of the definition."""
        return self.definition.hash

    def action(self, name: str) -> Action:
        """An action by its id, or what a subcase brings to its parent."""
        return self.process.acts[name]

    def obligation(self, name: str) -> Obligation:
        """An obligation by its id."""
        return self.process.obligations[name]

    def exemption(self, name: str) -> Exemption:
        """An exemption by its id."""
        return self.process.exemptions[name]

    def ids(self) -> frozenset[str]:
        """Every id a verdict can be about: obligations, requirements and exemptions."""
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
    delegating: dict[str, tuple[str, ...]] = {}
    revoking: dict[str, tuple[str, ...]] = {}
    for name, action_ in process.actions.items():
        if action_.delegates is not None:
            role = action_.delegates.role
            delegating[role] = (*delegating.get(role, ()), name)
        for role in action_.revokes:
            revoking[role] = (*revoking.get(role, ()), name)
    types = types_of(process)
    return CompiledProcess(
        definition=definition,
        process=process,
        life=Life(process),
        lives={name: Life(process, name) for name, kind in process.items.items() if kind.states},
        zone=ZoneInfo(process.zone),
        requirements=process.requirements(),
        producers=producers,
        closers=closers,
        final={name: state.final for name, state in process.states.items() if state.final},
        rulesets={name: compiled(decision, types) for name, decision in definition.decisions.items()},
        deems=any(duty.limit is not None and duty.limit.on_lapse is not None for duty in process.obligations.values())
        or any(action.deem for action in process.actions.values()),
        delegating=delegating,
        revoking=revoking,
    )
