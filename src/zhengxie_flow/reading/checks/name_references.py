"""Every place where a definition names something else, with the names that would be right there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import FieldRef, Test
from zhengxie_flow.model.exemption import Exemption, OfDuty
from zhengxie_flow.model.lapse import Deem
from zhengxie_flow.model.limit import ActAnchor, DueAnchor, FieldValue, FirstOf, LastOf, NamedAnchor, PeriodEnd
from zhengxie_flow.model.process import Action, Process, Requirement
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.reading.checks.catalogue import cached
from zhengxie_flow.reading.checks.conditions import (
    AnchorUse,
    ConditionUse,
    LimitUse,
    anchors,
    condition_uses,
    limits,
    parameter_fields,
    quantified,
)
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import Names, act_fields, names_of
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.spelling import suggest


@dataclass(frozen=True, slots=True)
class NameReference:
    """Reference by name, with its place and the choices there; its kind is a concept of the glossary, or ``name``."""

    kind: str
    name: str
    place: Place
    choices: tuple[str, ...]


def references_in(kind: str, names: Iterable[str], place: Place, choices: Iterable[str]) -> Iterator[NameReference]:
    """Yield the references in a list, or in a lone value that stands for a list."""
    choices = tuple(choices)
    for index, name in enumerate(names):
        yield NameReference(kind, name, place.at(index), choices)


def reference_to(kind: str, name: str | None, place: Place, choices: Iterable[str]) -> Iterator[NameReference]:
    """Yield the reference in a value, where there is one."""
    if name is not None:
        yield NameReference(kind, name, place, tuple(choices))


def duties(process: Process) -> tuple[str, ...]:
    """The ids of everything that is owed."""
    return (*process.obligations, *process.requirements())


@cached
def name_references(loaded: Loaded) -> Iterator[NameReference]:
    """Everything that a process and its decisions name."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    yield from _typed(process, process.facts, top.at("facts"))
    for name, item in process.items.items():
        yield from _typed(process, item.fields, top.at("items", name, "fields"))
    for name, action in process.actions.items():
        yield from _action(process, action, top.at("actions", name))
    yield from _obligations(process, top)
    yield from _judging(loaded, top)
    yield from _name(process, process.title, top.at("title"), names_of(loaded, tuple(process.actions)))
    yield from _exemptions(loaded, top)
    for name, action in process.actions.items():
        at = top.at("actions", name, "by_parameter")
        yield from reference_to("parameter", action.by_parameter, at, loaded.definition.parameters)
    for name, kind in process.subcases.items():
        yield NameReference("process", kind.process, top.at("subcases", name, "process"), loaded.processes)
        yield from references_in("role", kind.by, top.at("subcases", name, "by"), process.roles)
        yield from _typed(process, kind.fields, top.at("subcases", name, "with"))
    for kind_of in ("plan", "explain", "correct", "open", "assign", "urge"):
        at = top.at("statements", kind_of, "by")
        yield from references_in("role", getattr(process.statements, kind_of).by, at, process.roles)
    yield from _reminders(process, top.at("reminders"))
    yield from references_in("duty", process.controls, top.at("controls"), duties(process))
    for limit_use in limits(loaded):
        yield from _limit(loaded, limit_use)
    for anchor_use in anchors(loaded):
        yield from _anchor(process, anchor_use)
    for use in condition_uses(loaded):
        yield from _condition(loaded, use)
    for name_use in parameter_fields(loaded):
        yield from _name(process, name_use.name, name_use.place, name_use.names)
    yield from _recorded(loaded)


def _reminders(process: Process, place: Place) -> Iterator[NameReference]:
    """The duties that ladders remind of, and the roles and parties that they remind."""
    for name, ladder in process.reminders.items():
        yield from references_in("obligation", ladder.obligations, place.at(name, "obligations"), process.obligations)
        for index, rung in enumerate(ladder.rungs):
            to = place.at(name, "rungs", index, "to")
            for number, recipient in enumerate(rung.to):
                at = to.entry(number)
                written = at.value.kind == "map"
                role, party = (at.at("role"), at.at("party")) if written else (at, at)
                yield from reference_to("role", recipient.role, role, process.roles)
                yield from reference_to("item_type", recipient.party, party, process.items)


def _judging(loaded: Loaded, top: Place) -> Iterator[NameReference]:
    """The facts and fields that say whether something was done as the law wants it."""
    for name, duty in loaded.definition.process.obligations.items():
        names = names_of(loaded, item=duty.for_)
        yield from _name(loaded.definition.process, duty.judged_by, top.at("obligations", name, "judged_by"), names)


def actors(process: Process) -> tuple[str, ...]:
    """Return the possible actors: roles, and types of items that act themselves."""
    return (*process.roles, *process.items)


def _typed(process: Process, types: Mapping[str, ValueType | FactRef], place: Place) -> Iterator[NameReference]:
    for name, kind in types.items():
        if isinstance(kind, FactRef):
            yield NameReference("fact", name, place.name(name), tuple(process.facts))
            continue
        yield from references_in("role", kind.by, place.at(name, "by"), actors(process))
        yield from references_in("role", kind.countersigned_by, place.at(name, "countersigned_by"), process.roles)
        if isinstance(kind.of, str):
            yield NameReference("item_type", kind.of, place.at(name, "of"), tuple(process.items))


def _action(process: Process, action: Action, place: Place) -> Iterator[NameReference]:
    yield from references_in(
        "role", action.by, place.at("by_parameter" if action.by_parameter else "by"), actors(process)
    )
    yield from references_in("state", action.from_, place.at("from"), process.states)
    yield from reference_to("state", action.to, place.at("to"), process.states)
    for index, move in enumerate(action.moves):
        yield from references_in("state", move.from_, place.at("moves", index, "from"), process.states)
        yield from reference_to("state", move.to, place.at("moves", index, "to"), process.states)
    keys = {"for": action.for_, "adds": action.adds, "withdraws": action.withdraws, "replaces": action.replaces}
    for key, kind in keys.items():
        yield from reference_to("item_type", kind, place.at(key), process.items)
    states = process.items[action.item_type].states if action.item_type in process.items else {}
    for index, step in enumerate(action.item if states else ()):
        yield from references_in("state", step.from_, place.at("item", index, "from"), states)
        yield from reference_to("state", step.to, place.at("item", index, "to"), states)
    yield from _safeguards(process, action, place)
    yield from references_in("obligation", action.carries, place.at("carries"), process.obligations)
    yield from _typed(process, action.fields, place.at("with"))
    for index, entry in enumerate(action.requires):
        if not isinstance(entry, Requirement):
            yield NameReference(
                "obligation", entry.obligation, place.at("requires", index, "obligation"), duties(process)
            )
    for index, closing in enumerate(action.closes):
        at = place.at("closes").entry(index)
        several = at.at("obligations") if "obligations" in at.value.fields else at
        yield from references_in("obligation", closing.obligations, several, process.obligations)
        yield from reference_to("obligation", closing.follows_from, at.at("follows_from"), process.obligations)
    for index, deem in enumerate(action.deem):
        yield from _deem(process, deem, place.at("deem", index))


def _safeguards(process: Process, action: Action, place: Place) -> Iterator[NameReference]:
    """Names in the internal controls of an action."""
    if action.follows is not None:
        written = place.at("follows")
        acts = written.at("acts") if "acts" in written.value.fields else written
        yield from references_in("action", action.follows.acts, acts, process.actions)
    yield from references_in("field", action.four_eyes, place.at("four_eyes"), (*action.fields, *process.actions))
    yield from references_in("field", action.void_without, place.at("void_without"), tuple(action.fields))
    yield from references_in("role", action.revokes, place.at("revokes"), process.roles)
    if action.delegates is not None:
        at = place.at("delegates")
        yield from reference_to("role", action.delegates.role, at.at("role"), process.roles)
        yield from reference_to("field", action.delegates.from_, at.at("from"), action.fields)
        yield from reference_to("field", action.delegates.until, at.at("until"), action.fields)


def _deem(process: Process, deem: Deem, place: Place) -> Iterator[NameReference]:
    yield from reference_to("action", deem.action, place.at("action"), process.actions)
    if deem.action in process.actions:
        fields = act_fields(process, deem.action)
        yield from (
            NameReference("field", name, place.at("with").name(name), fields)
            for name in deem.fields
            if name not in fields
        )


def _limit(loaded: Loaded, limit_use: LimitUse) -> Iterator[NameReference]:
    process, limit, place = loaded.definition.process, limit_use.limit, limit_use.place
    yield from _name(process, limit.judged_by, place.at("judged_by"), limit_use.names)
    yield from references_in("action", limit.restarts_on, place.at("restarts_on"), process.acts)
    for index, extension in enumerate(limit.extended_by):
        at = place.at("extended_by", index)
        yield from reference_to("action", extension.action, at.at("action"), process.actions)
        yield from references_in("role", extension.by, at.at("by"), actors(process))
        for key, value in (("add", extension.add), ("to", extension.to)):
            if isinstance(value, FieldValue) and extension.action in process.actions:
                yield from reference_to(
                    "field", value.field, at.at(key, "field"), act_fields(process, extension.action)
                )
    if limit.on_lapse is not None:
        yield from _deem(process, limit.on_lapse.deem, place.at("on_lapse", "deem"))
    yield from reference_to("parameter", limit.parameter, place.at("parameter"), loaded.definition.parameters)


def _obligations(process: Process, top: Place) -> Iterator[NameReference]:
    for name, duty in process.obligations.items():
        place = top.at("obligations", name)
        yield from references_in("role", duty.who, place.at("who"), actors(process))
        yield from references_in("role", duty.jointly, place.at("jointly"), actors(process))
        yield from reference_to("obligation", duty.due_with, place.at("due_with"), process.obligations)
        yield from reference_to("item_type", duty.for_, place.at("for"), process.items)
        yield from references_in("action", duty.do, place.at("do"), process.acts)
        fields = [field for action in duty.do for field in act_fields(process, action)]
        yield from references_in("field", duty.evidence, place.at("evidence"), fields)


def _exemptions(loaded: Loaded, top: Place) -> Iterator[NameReference]:
    process = loaded.definition.process
    for name, exemption in process.exemptions.items():
        place = top.at("exemptions", name)
        yield from reference_to("action", exemption.granted_by, place.at("granted_by"), process.actions)
        yield from reference_to("action", exemption.before, place.at("before"), process.acts)
        yield from references_in("action", exemption.revoked_by, place.at("revoked_by"), process.acts)
        fields = act_fields(process, exemption.granted_by or "")
        yield from reference_to("field", exemption.expires, place.at("expires"), fields)
        yield from references_in("field", exemption.evidence, place.at("evidence"), fields)
        for index, entry in enumerate(exemption.must_record):
            yield NameReference("field", entry.field, place.at("must_record", index, "field"), fields)
        for key, lifts in (("lifts", exemption.lifts), ("never_lifts", exemption.never_lifts)):
            for index, lift in enumerate(lifts):
                if isinstance(lift, str):
                    yield NameReference("obligation", lift, place.at(key, index), duties(process))
                elif isinstance(lift, OfDuty):
                    yield NameReference(
                        "obligation", lift.obligation, place.at(key, index, "obligation"), duties(process)
                    )
                    if lift.to is not None and isinstance(lift.to.amount, FieldRef):
                        at, names = place.at(key, index, "to", lift.to.key, "field"), _granting(loaded, exemption)
                        yield from _name(process, lift.to.amount.field, at, names)


def _granting(loaded: Loaded, exemption: Exemption) -> Names:
    """The names at a grant, or where the law itself lifts."""
    return names_of(loaded, () if exemption.granted_by is None else (exemption.granted_by,))


def _anchor(process: Process, anchor_use: AnchorUse) -> Iterator[NameReference]:
    anchor = anchor_use.anchor
    match anchor:
        case NamedAnchor():
            if anchor.name not in process.acts:
                choices = (*process.acts, *anchor_use.names.choices())
                yield from _name(process, anchor.name, anchor_use.place, anchor_use.names, choices)
        case ActAnchor():
            yield from references_in("action", anchor.done, anchor_use.place.at("done"), process.acts)
        case DueAnchor():
            yield from reference_to("obligation", anchor.due, anchor_use.place.at("due"), process.obligations)
        case PeriodEnd():
            yield from reference_to("fact", anchor.named_by, anchor_use.place.at("named_by"), process.facts)
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


def _condition(loaded: Loaded, use: ConditionUse) -> Iterator[NameReference]:  # noqa: C901  # one case for each head
    process, place, condition = loaded.definition.process, use.place, use.condition
    match condition:
        case c.Compare():
            yield from _name(process, condition.name, place.name(condition.name), use.names)
            yield from _operands(process, condition, use)
        case c.Done():
            yield from references_in("action", condition.done, place.at("done"), process.acts)
            for key in ("before", "after", "since"):
                yield from reference_to("action", getattr(condition, key), place.at(key), process.acts)
        case c.Last():
            yield from references_in("action", condition.last, place.at("last"), process.acts)
        case c.Every() | c.Some() | c.Count():
            kind, name = quantified(condition)
            yield from reference_to("item_type", name, place.at(kind), process.items)
        case c.SubcaseIs():
            ((name, _),) = condition.subcase.items()
            yield NameReference("subcase", name, place.name("subcase", name), tuple(process.subcases))
        case c.InState():
            looked_at = process.items.get(use.names.item or "")
            known_states = (*(looked_at.states if looked_at is not None else ()), *process.states)
            yield from references_in("state", condition.in_state, place.at("in_state"), known_states)
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
    ((duty, values),) = condition.verdict.items()
    yield NameReference("obligation", duty, place.name("verdict", duty), (*duties(process), *process.exemptions))
    yield from references_in("verdict", values, place.at("verdict", duty), map(str, Verdict))


def _decided(loaded: Loaded, condition: c.Decided, place: Place) -> Iterator[NameReference]:
    ((name, values),) = condition.decided.items()
    yield NameReference("decision", name, place.name("decided", name), tuple(loaded.definition.decisions))
    decision = loaded.definition.decisions.get(name)
    if decision is not None:
        yield from references_in("outcome", values, place.at("decided", name), decision.outcomes)


def _parameter(loaded: Loaded, condition: c.ParameterIs, place: Place) -> Iterator[NameReference]:
    ((name, values),) = condition.parameter.items()
    yield NameReference("parameter", name, place.name("parameter", name), tuple(loaded.definition.parameters))
    parameter = loaded.definition.parameters.get(name)
    kind = parameter.kind if parameter is not None else None
    if kind is not None and isinstance(kind.of, dict):
        yield from references_in("value", values, place.at("parameter", name), kind.of)


def _operands(process: Process, condition: c.Compare, use: ConditionUse) -> Iterator[NameReference]:
    """Names among the operands of a comparison: other fields, and roles where a role is compared."""
    meanings = use.names.meanings(condition.name)
    about_roles = bool(meanings) and meanings[0].type.type == "role"
    for operand, place in operands(condition.test, use.place.at(condition.name)):
        if isinstance(operand, FieldRef):
            yield from _name(process, operand.field, place.at("field"), use.names)
        elif about_roles and isinstance(operand, str) and operand != "this":
            yield NameReference("role", operand, place, actors(process))


def operands(test: Test, place: Place) -> Iterator[tuple[object, Place]]:
    """Everything a test names or gives, with its place."""
    for key in Test.model_fields:
        operand = getattr(test, key)
        if isinstance(operand, tuple):
            yield from ((entry, place.at(key, index)) for index, entry in enumerate(operand))
        elif operand is not None:
            yield operand, place.at(key)


def _recorded(loaded: Loaded) -> Iterator[NameReference]:
    """Fields a rule requires on record; they belong to the act that grants the exemption."""
    process = loaded.definition.process
    for exemption in process.exemptions.values():
        if not isinstance(exemption.when, c.Decided) or exemption.granted_by not in process.actions:
            continue
        (name,) = exemption.when.decided
        decision = loaded.definition.decisions.get(name)
        for index, rule in enumerate(decision.rules if decision is not None else ()):
            place = Place(*loaded.decisions[name], (loaded.definition.decisions[name].rules_key, index, "must_record"))
            yield from references_in("field", rule.must_record, place, act_fields(process, exemption.granted_by))
