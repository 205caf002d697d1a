"""Every place where a definition names something else, with the names that would be right there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import FieldRef, Test
from zhengxie_flow.model.exemption import Exemption, OfDuty
from zhengxie_flow.model.limit import ActAnchor, Deem, DueAnchor, FieldDay, FirstOf, LastOf, NamedAnchor
from zhengxie_flow.model.process import Action, Process, Requirement
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.reading.checks.cache import remembered
from zhengxie_flow.reading.checks.condition_uses import (
    AnchorUse,
    ConditionUse,
    LimitUse,
    anchors,
    limits,
    quantified,
    visits,
)
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import Names, act_fields
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.spelling import suggest


@dataclass(frozen=True, slots=True)
class NameReference:
    """One name of a kind, where it stands, and what could stand there."""

    kind: str
    name: str
    place: Place
    known: tuple[str, ...]


def each(kind: str, names: Iterable[str], place: Place, known: Iterable[str]) -> Iterator[NameReference]:
    """The mentions in a list (or in a lone value that stands for a list)."""
    choices = tuple(known)
    for index, name in enumerate(names):
        yield NameReference(kind, name, place.at(index), choices)


def one(kind: str, name: str | None, place: Place, known: Iterable[str]) -> Iterator[NameReference]:
    """The mention in a value, where there is one."""
    if name is not None:
        yield NameReference(kind, name, place, tuple(known))


def duties(process: Process) -> tuple[str, ...]:
    """The ids of everything that is owed."""
    return (*process.obligations, *process.requirements())


@remembered
def mentions(loaded: Loaded) -> Iterator[NameReference]:
    """Everything that a process and its decisions name."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    yield from _typed(process, process.facts, top.at("facts"))
    for name, item in process.items.items():
        yield from _typed(process, item.fields, top.at("items", name, "fields"))
    for name, action in process.actions.items():
        yield from _action(process, action, top.at("actions", name))
    yield from _obligations(process, top)
    yield from _exemptions(process, top)
    for name, action in process.actions.items():
        at = top.at("actions", name, "by_parameter")
        yield from one("parameter", action.by_parameter, at, loaded.definition.parameters)
    for name, kind in process.subcases.items():
        yield NameReference("process", kind.process, top.at("subcases", name, "process"), loaded.processes)
        yield from each("role", kind.by, top.at("subcases", name, "by"), process.roles)
        yield from _typed(process, kind.fields, top.at("subcases", name, "with"))
    for ruled in limits(loaded):
        yield from _limit(loaded, ruled)
    for hung in anchors(loaded):
        yield from _anchor(process, hung)
    for visit in visits(loaded):
        yield from _condition(loaded, visit)
    yield from _recorded(loaded)


def actors(process: Process) -> tuple[str, ...]:
    """Who may act: roles, and items that act themselves."""
    return (*process.roles, *process.items)


def _typed(process: Process, types: Mapping[str, ValueType | FactRef], place: Place) -> Iterator[NameReference]:
    for name, kind in types.items():
        if isinstance(kind, FactRef):
            yield NameReference("fact", name, place.name(name), tuple(process.facts))
            continue
        yield from each("role", kind.by, place.at(name, "by"), actors(process))
        yield from each("role", kind.countersigned_by, place.at(name, "countersigned_by"), process.roles)
        if isinstance(kind.of, str):
            yield NameReference("item", kind.of, place.at(name, "of"), tuple(process.items))


def _action(process: Process, action: Action, place: Place) -> Iterator[NameReference]:
    yield from each("role", action.by, place.at("by_parameter" if action.by_parameter else "by"), actors(process))
    yield from each("state", action.from_, place.at("from"), process.states)
    yield from one("state", action.to, place.at("to"), process.states)
    for index, move in enumerate(action.moves):
        yield from each("state", move.from_, place.at("moves", index, "from"), process.states)
        yield from one("state", move.to, place.at("moves", index, "to"), process.states)
    keys = {"for": action.for_, "adds": action.adds, "withdraws": action.withdraws, "replaces": action.replaces}
    for key, kind in keys.items():
        yield from one("item", kind, place.at(key), process.items)
    own = process.items[action.item_type].states if action.item_type in process.items else {}
    for index, step in enumerate(action.item if own else ()):
        yield from each("state", step.from_, place.at("item", index, "from"), own)
        yield from one("state", step.to, place.at("item", index, "to"), own)
    yield from _safeguards(process, action, place)
    yield from each("obligation", action.carries, place.at("carries"), process.obligations)
    yield from _typed(process, action.fields, place.at("with"))
    for index, entry in enumerate(action.requires):
        if not isinstance(entry, Requirement):
            yield NameReference("duty", entry.obligation, place.at("requires", index, "obligation"), duties(process))
    yield from each("obligation", action.closes, place.at("closes"), process.obligations)
    for index, deem in enumerate(action.deem):
        yield from _deem(process, deem, place.at("deem", index))


def _safeguards(process: Process, action: Action, place: Place) -> Iterator[NameReference]:
    """What an action names so that an audit can look for irregularities."""
    if action.follows is not None:
        written = place.at("follows")
        acts = written.at("acts") if "acts" in written.value.fields else written
        yield from each("action", action.follows.acts, acts, process.actions)
    yield from each("field", action.four_eyes, place.at("four_eyes"), (*action.fields, *process.actions))
    yield from each("role", action.revokes, place.at("revokes"), process.roles)
    if action.delegates is not None:
        at = place.at("delegates")
        yield from one("role", action.delegates.role, at.at("role"), process.roles)
        yield from one("field", action.delegates.from_, at.at("from"), action.fields)
        yield from one("field", action.delegates.until, at.at("until"), action.fields)


def _deem(process: Process, deem: Deem, place: Place) -> Iterator[NameReference]:
    yield from one("action", deem.action, place.at("action"), process.actions)
    if deem.action in process.actions:
        known = act_fields(process, deem.action)
        yield from (
            NameReference("field", name, place.at("with").name(name), known)
            for name in deem.fields
            if name not in known
        )


def _limit(loaded: Loaded, ruled: LimitUse) -> Iterator[NameReference]:
    process, limit, place = loaded.definition.process, ruled.limit, ruled.place
    yield from _name(process, limit.judged_by, place.at("judged_by"), ruled.names)
    yield from each("action", limit.restarts_on, place.at("restarts_on"), process.acts)
    for index, extension in enumerate(limit.extended_by):
        at = place.at("extended_by", index)
        yield from one("action", extension.action, at.at("action"), process.actions)
        yield from each("role", extension.by, at.at("by"), actors(process))
        for key, value in (("add", extension.add), ("to", extension.to)):
            if isinstance(value, FieldDay) and extension.action in process.actions:
                yield from one("field", value.field, at.at(key, "field"), act_fields(process, extension.action))
    if limit.on_lapse is not None:
        yield from _deem(process, limit.on_lapse.deem, place.at("on_lapse", "deem"))
    yield from one("parameter", limit.parameter, place.at("parameter"), loaded.definition.parameters)


def _obligations(process: Process, top: Place) -> Iterator[NameReference]:
    for name, duty in process.obligations.items():
        place = top.at("obligations", name)
        yield from each("role", duty.who, place.at("who"), actors(process))
        yield from one("item", duty.for_, place.at("for"), process.items)
        yield from each("action", duty.do, place.at("do"), process.acts)
        fields = [field for action in duty.do for field in act_fields(process, action)]
        yield from each("field", duty.evidence, place.at("evidence"), fields)


def _exemptions(process: Process, top: Place) -> Iterator[NameReference]:
    for name, exemption in process.exemptions.items():
        place = top.at("exemptions", name)
        yield from one("action", exemption.granted_by, place.at("granted_by"), process.actions)
        yield from one("action", exemption.before, place.at("before"), process.acts)
        yield from each("action", exemption.revoked_by, place.at("revoked_by"), process.acts)
        fields = act_fields(process, exemption.granted_by or "")
        yield from one("field", exemption.expires, place.at("expires"), fields)
        yield from each("field", exemption.evidence, place.at("evidence"), fields)
        for index, entry in enumerate(exemption.must_record):
            yield NameReference("field", entry.field, place.at("must_record", index, "field"), fields)
        for key, lifts in (("lifts", exemption.lifts), ("never_lifts", exemption.never_lifts)):
            for index, lift in enumerate(lifts):
                if isinstance(lift, str):
                    yield NameReference("duty", lift, place.at(key, index), duties(process))
                elif isinstance(lift, OfDuty):
                    yield NameReference("duty", lift.obligation, place.at(key, index, "obligation"), duties(process))
                    if lift.to is not None and isinstance(lift.to.amount, FieldRef):
                        at, names = place.at(key, index, "to", lift.to.key, "field"), _granting(process, exemption)
                        yield from _name(process, lift.to.amount.field, at, names)


def _granting(process: Process, exemption: Exemption) -> Names:
    """The names at a grant, or where the law itself lifts."""
    return Names(process, () if exemption.granted_by is None else (exemption.granted_by,))


def _anchor(process: Process, hung: AnchorUse) -> Iterator[NameReference]:
    anchor = hung.anchor
    match anchor:
        case NamedAnchor():
            if anchor.name not in process.acts:
                choices = (*process.acts, *hung.names.choices())
                yield from _name(process, anchor.name, hung.place, hung.names, choices)
        case ActAnchor():
            yield from each("action", anchor.done, hung.place.at("done"), process.acts)
        case DueAnchor():
            yield from one("obligation", anchor.due, hung.place.at("due"), process.obligations)
        case FirstOf() | LastOf():
            pass  # its parts are visited
        case _:
            assert_never(anchor)


def _name(
    process: Process, name: str | None, place: Place, names: Names, choices: tuple[str, ...] | None = None
) -> Iterator[NameReference]:
    """A name that is looked up: itself, or the action and the field it is made of."""
    if name is None or names.meanings(name):
        return
    action, dot, field = name.rpartition(".")
    if not dot:
        yield NameReference("name", name, place, names.choices() if choices is None else choices)
    elif action in process.acts:
        yield NameReference("field", field, place, act_fields(process, action))
    elif action in process.subcases:
        yield NameReference("action", name, place, process.subcases[action].acts(action))
    else:
        meant = suggest(name, process.acts) or ""  # what a subcase brings, or a field of an act
        yield NameReference("action", name if "." in meant else action, place, tuple(process.acts))


def _condition(loaded: Loaded, visit: ConditionUse) -> Iterator[NameReference]:  # noqa: C901  # one case for each head
    process, place, condition = loaded.definition.process, visit.place, visit.condition
    match condition:
        case c.Compare():
            yield from _name(process, condition.name, place.name(condition.name), visit.names)
            yield from _operands(process, condition, visit)
        case c.Done():
            yield from each("action", condition.done, place.at("done"), process.acts)
            for key in ("before", "after", "since"):
                yield from one("action", getattr(condition, key), place.at(key), process.acts)
        case c.Last():
            yield from each("action", condition.last, place.at("last"), process.acts)
        case c.Every() | c.Some() | c.Count():
            kind, name = quantified(condition)
            yield from one("item", name, place.at(kind), process.items)
        case c.SubcaseIs():
            ((name, _),) = condition.subcase.items()
            yield NameReference("subcase", name, place.name("subcase", name), tuple(process.subcases))
        case c.InState():
            looked_at = process.items.get(visit.names.item or "")
            known_states = (*(looked_at.states if looked_at is not None else ()), *process.states)
            yield from each("state", condition.in_state, place.at("in_state"), known_states)
        case c.Decided():
            yield from _decided(loaded, condition, place)
        case c.ParameterIs():
            yield from _parameter(loaded, condition, place)
        case c.VerdictIs():
            yield from _verdict(process, condition, place)
        case c.Connective():
            pass  # its parts are visited
        case _:
            assert_never(condition)


def _verdict(process: Process, condition: c.VerdictIs, place: Place) -> Iterator[NameReference]:
    ((duty, wanted),) = condition.verdict.items()
    yield NameReference("duty", duty, place.name("verdict", duty), (*duties(process), *process.exemptions))
    yield from each("verdict", wanted, place.at("verdict", duty), map(str, Verdict))


def _decided(loaded: Loaded, condition: c.Decided, place: Place) -> Iterator[NameReference]:
    ((name, wanted),) = condition.decided.items()
    yield NameReference("decision", name, place.name("decided", name), tuple(loaded.definition.decisions))
    decision = loaded.definition.decisions.get(name)
    if decision is not None:
        yield from each("outcome", wanted, place.at("decided", name), decision.outcomes)


def _parameter(loaded: Loaded, condition: c.ParameterIs, place: Place) -> Iterator[NameReference]:
    ((name, wanted),) = condition.parameter.items()
    yield NameReference("parameter", name, place.name("parameter", name), tuple(loaded.definition.parameters))
    known = loaded.definition.parameters.get(name)
    kind = known.kind if known is not None else None
    if kind is not None and isinstance(kind.of, dict):
        yield from each("value", wanted, place.at("parameter", name), kind.of)


def _operands(process: Process, condition: c.Compare, visit: ConditionUse) -> Iterator[NameReference]:
    """What a name is held against: other names, and roles where it says who acted."""
    meanings = visit.names.meanings(condition.name)
    about_roles = bool(meanings) and meanings[0].type.type == "role"
    for operand, place in operands(condition.test, visit.place.at(condition.name)):
        if isinstance(operand, FieldRef):
            yield from _name(process, operand.field, place.at("field"), visit.names)
        elif about_roles and isinstance(operand, str) and operand != "this":
            yield NameReference("role", operand, place, actors(process))


def operands(test: Test, place: Place) -> Iterator[tuple[object, Place]]:
    """Everything a test names or gives, with its place."""
    for key in Test.model_fields:
        given = getattr(test, key)
        if isinstance(given, tuple):
            yield from ((entry, place.at(key, index)) for index, entry in enumerate(given))
        elif given is not None:
            yield given, place.at(key)


def _recorded(loaded: Loaded) -> Iterator[NameReference]:
    """What a rule wants on record has to be a field of the act that grants the exemption resting on it."""
    process = loaded.definition.process
    for exemption in process.exemptions.values():
        if not isinstance(exemption.when, c.Decided) or exemption.granted_by not in process.actions:
            continue
        (name,) = exemption.when.decided
        decision = loaded.definition.decisions.get(name)
        for index, rule in enumerate(decision.rules if decision is not None else ()):
            place = Place(*loaded.decisions[name], (loaded.definition.decisions[name].rules_key, index, "must_record"))
            yield from each("field", rule.must_record, place, act_fields(process, exemption.granted_by))
