"""Every condition, limit and anchor of a definition with its place and the names in scope, and checks of conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import Condition, FieldRef
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.exemption import when_of
from zhengxie_flow.model.limit import ANCHORED, ActAnchor, Anchor, Limit, Part
from zhengxie_flow.model.process import Action, Requirement
from zhengxie_flow.model.subcase import TOLD
from zhengxie_flow.reading.checks.catalogue import Defect, cached, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import Names, names_of
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.expand import asks

Owner = tuple[str, str]
"""What a condition belongs to (``process move duty exemption subcase decision``), and its id."""


@dataclass(frozen=True, slots=True)
class ConditionUse:
    """One condition, or part of one."""

    condition: Condition
    place: Place
    names: Names
    owner: Owner


@dataclass(frozen=True, slots=True)
class AnchorUse:
    """One anchor of a limit, or part of one."""

    anchor: Anchor
    place: Place
    names: Names
    duty: str


@dataclass(frozen=True, slots=True)
class LimitUse:
    """One limit of a duty, or one of several that another caps."""

    limit: Limit
    place: Place
    names: Names
    duty: str


@dataclass(frozen=True, slots=True)
class NameUse:
    """One name of a fact or an output whose value a parameter has, and the type of that parameter."""

    name: str
    place: Place
    names: Names
    type: str | None


@cached
def condition_uses(loaded: Loaded) -> Iterator[ConditionUse]:
    """Every part of every condition; those of a decision once for each kind of place where it is asked."""
    asked: dict[str, dict[object, Names]] = {}
    nowhere = names_of(loaded)
    for name_use in parameter_fields(loaded):
        decision = name_use.name.rpartition(".")[0]
        if decision in loaded.definition.decisions:
            asked.setdefault(decision, {})[name_use.names.scope] = name_use.names
    todo = [*_of_process(loaded)]
    reached: set[tuple[str, object]] = set()
    while True:
        for root in todo:
            for use in _parts(root):
                for name in asks_of(loaded, use.condition):
                    asked.setdefault(name, {})[use.names.scope] = use.names
                yield use
        todo = [
            root
            for name, decision in loaded.definition.decisions.items()
            for names in (asked.get(name) or ({nowhere.scope: nowhere} if loaded.alone else {})).values()
            if (name, names.scope) not in reached
            for root in _of_decision(loaded, name, decision, names)
        ]
        if not todo:
            return
        reached |= {(root.owner[1], root.names.scope) for root in todo}


@cached
def decided(loaded: Loaded) -> Iterator[tuple[str, str, Place]]:
    """Yield the decisions that each decision refers to, with the place, whether it is used or not."""
    nowhere = names_of(loaded)
    for name, decision in loaded.definition.decisions.items():
        for root in _of_decision(loaded, name, decision, nowhere):
            for use in _parts(root):
                for other in asks_of(loaded, use.condition):
                    yield name, other, place_of(use, other)


def asks_of(loaded: Loaded, condition: Condition) -> Iterator[str]:
    """The decisions that a condition itself looks at: by their outcome, or by an output."""
    if isinstance(condition, c.Decided | c.Compare):
        acts = loaded.definition.process.acts
        yield from asks(condition, [name for name in loaded.definition.decisions if name not in acts])


def place_of(use: ConditionUse, decision: str) -> Place:
    """The place where a condition names a decision."""
    if isinstance(use.condition, c.Compare):
        return use.place.name(use.condition.name)
    return use.place.name("decided", decision)


@cached
def anchors(loaded: Loaded) -> Iterator[AnchorUse]:
    """Every anchor of every limit, those inside ``first_of`` and ``last_of`` too."""
    for limit_use in limits(loaded):
        for key in ANCHORED:
            yield from _at_key(limit_use.limit, key, limit_use.place, limit_use)
            for index, choice in enumerate(limit_use.limit.choose):
                yield from _at_key(choice, key, limit_use.place.at("choose", index), limit_use)
        for index, suspension in enumerate(limit_use.limit.suspended):
            place = limit_use.place.at("suspended", index)
            yield from _anchor_uses(suspension.from_, place.at("from"), limit_use.names, limit_use.duty)
            yield from _anchor_uses(suspension.until, place.at("until"), limit_use.names, limit_use.duty)


def _at_key(part: Part, key: str, place: Place, limit_use: LimitUse) -> Iterator[AnchorUse]:
    anchor = getattr(part, key)
    if anchor is not None:
        yield from _anchor_uses(anchor, place.at(key), limit_use.names, limit_use.duty)


@cached
def limits(loaded: Loaded) -> Iterator[LimitUse]:
    """Every limit, those inside ``earliest_of`` and ``latest_of`` too."""
    top = Place(loaded.process, loaded.process.node)
    for name, duty in loaded.definition.process.obligations.items():
        if duty.limit is not None:
            names = names_of(loaded, item=duty.for_)
            yield from _limits_within(LimitUse(duty.limit, top.at("obligations", name, "limit"), names, name))


def _limits_within(limit_use: LimitUse) -> Iterator[LimitUse]:
    yield limit_use
    for key in ("earliest_of", "latest_of"):
        for index, limit in enumerate(getattr(limit_use.limit, key)):
            yield from _limits_within(LimitUse(limit, limit_use.place.at(key, index), limit_use.names, limit_use.duty))


def _anchor_uses(anchor: Anchor, place: Place, names: Names, duty: str) -> Iterator[AnchorUse]:
    yield AnchorUse(anchor, place, names, duty)
    for step, part in anchor.parts():
        yield from _anchor_uses(part, place.at(*step), names, duty)


def _of_process(loaded: Loaded) -> Iterator[ConditionUse]:
    """The conditions written in a process, each as a whole."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    yield from _root(process.when, top.at("when"), names_of(loaded), ("process", process.process))
    for name, action in process.actions.items():
        yield from _of_action(loaded, name, action, top.at("actions", name))
    for name, duty in process.obligations.items():
        at, names = top.at("obligations", name), names_of(loaded, item=duty.for_)
        yield from _root(duty.when, at.at("when"), names, ("duty", name))
        yield from _root(duty.excused_by, at.at("excused_by"), names, ("duty", name))
    for limit_use in limits(loaded):
        yield from _of_limit(limit_use)
    for anchor_use in anchors(loaded):
        if isinstance(anchor_use.anchor, ActAnchor):
            names = anchor_use.names.of_act(anchor_use.anchor.done)
            yield from _root(anchor_use.anchor.where, anchor_use.place.at("where"), names, ("duty", anchor_use.duty))
    yield from _of_parameters(loaded)
    for name, kind in process.subcases.items():
        yield from _root(kind.when, top.at("subcases", name, "when"), names_of(loaded), ("subcase", name))
    yield from _of_exemptions(loaded, top)


def _of_exemptions(loaded: Loaded, top: Place) -> Iterator[ConditionUse]:
    """The conditions of exemptions, all judged at the grant."""
    for name, exemption in loaded.definition.process.exemptions.items():
        names = names_of(loaded, () if exemption.granted_by is None else (exemption.granted_by,))
        at, owner = top.at("exemptions", name), ("exemption", name)
        yield from _root(exemption.when, at.at("when"), names, owner)
        yield from _root(exemption.element, at.at("element"), names, owner)
        for key in ("lifts", "never_lifts"):
            for index, entry in enumerate(getattr(exemption, key)):
                yield from _root(when_of(entry), at.at(key, index, "when"), names, owner)
        for index, recorded in enumerate(exemption.must_record):
            yield from _root(recorded.when, at.at("must_record", index, "when"), names, owner)


def _of_parameters(loaded: Loaded) -> Iterator[ConditionUse]:
    """The conditions on rows of parameters: looked at where a limit does, else over the case."""
    used = {limit_use.limit.parameter: limit_use.names for limit_use in limits(loaded)}
    for name, parameter in loaded.definition.parameters.items():
        names, top = used.get(name, names_of(loaded)), Place(*loaded.parameters[name])
        for index, row in enumerate(parameter.rows):
            yield from _root(row.when, top.at("rows", index, "when"), names, ("parameter", name))


@cached
def parameter_fields(loaded: Loaded) -> Iterator[NameUse]:
    """The facts and outputs that the values of parameters are read from."""
    used = {limit_use.limit.parameter: limit_use.names for limit_use in limits(loaded)}
    for name, parameter in loaded.definition.parameters.items():
        top, names = Place(*loaded.parameters[name]), used.get(name, names_of(loaded))
        places = [*(top.at("rows", index, "value") for index in range(len(parameter.rows))), top.at("default")]
        for setting, place in zip(parameter.settings, places, strict=False):
            if isinstance(setting.value, FieldRef):
                yield NameUse(setting.value.field, place, names, parameter.type)


def _of_limit(limit_use: LimitUse) -> Iterator[ConditionUse]:
    """The conditions on parts of a limit, and on the acts that change its clock."""
    limit, place, owner = limit_use.limit, limit_use.place, ("duty", limit_use.duty)
    for index, choice in enumerate(limit.choose):
        yield from _root(choice.when, place.at("choose", index, "when"), limit_use.names, owner)
    for index, extension in enumerate(limit.extended_by):
        names = limit_use.names.of_act((extension.action,))
        yield from _root(extension.when, place.at("extended_by", index, "when"), names, owner)
    for index, suspension in enumerate(limit.suspended):
        yield from _root(suspension.when, place.at("suspended", index, "when"), limit_use.names, owner)
    if limit.on_lapse is not None:
        yield from _root(limit.on_lapse.deem.when, place.at("on_lapse", "deem", "when"), limit_use.names, owner)


def _of_action(loaded: Loaded, name: str, action: Action, at: Place) -> Iterator[ConditionUse]:
    names = names_of(loaded, (name,), action.item_type)
    for index, move in enumerate(action.moves):
        yield from _root(move.when, at.at("moves", index, "when"), names, ("move", name))
    for index, step in enumerate(action.item):
        yield from _root(step.when, at.at("item", index, "when"), names, ("move", name))
    for index, deem in enumerate(action.deem):
        yield from _root(deem.when, at.at("deem", index, "when"), names, ("move", name))
    for index, closing in enumerate(action.closes):
        for kind in dict.fromkeys(
            loaded.definition.process.obligations[duty].for_
            for duty in closing.obligations
            if duty in loaded.definition.process.obligations
        ):
            inside = names_of(loaded, (name,), kind or action.item_type)
            yield from _root(closing.where, at.at("closes", index, "where"), inside, ("move", name))
    for index, entry in enumerate(action.requires):
        if isinstance(entry, Requirement):
            place = at.at("requires", index)
            yield from _root(entry.when, place.at("when"), names, ("duty", entry.id))
            yield from _root(entry.that, place.at("that"), names, ("duty", entry.id))


def _root(condition: Condition | None, place: Place, names: Names, owner: Owner) -> Iterator[ConditionUse]:
    if condition is not None:
        yield ConditionUse(condition, place, names, owner)


def _of_decision(loaded: Loaded, name: str, decision: Decision, names: Names) -> Iterator[ConditionUse]:
    source, node = loaded.decisions[name]
    owner, top = ("decision", name), Place(source, node)
    for index, rule in enumerate(decision.rules):
        at = top.at(decision.rules_key, index)
        yield from _root(rule.when, at.at("when"), names, owner)
        for cell in rule.tests[: len(rule.tests) - (rule.when is not None)]:
            yield ConditionUse(cell, at, names, owner)
    for index, constraint in enumerate(decision.constraints):
        yield ConditionUse(constraint.impossible, top.at("constraints", index, "impossible"), names, owner)


def _parts(use: ConditionUse) -> Iterator[ConditionUse]:
    """A condition and everything inside it."""
    yield use
    names = _inside(use.condition, use.names)
    for place, condition in use.condition.parts():
        yield from _parts(ConditionUse(condition, use.place.at(*place), names, use.owner))


def _inside(condition: Condition, names: Names) -> Names:
    """The names that can be used inside a condition: of the acts or items that it looks at, else its own."""
    match condition:
        case c.Done():
            return names.of_act(condition.done)
        case c.Last():
            return names.of_act(condition.last)
        case c.SubcaseIs():
            return names.of_act(tuple(f"{name}.{TOLD}" for name in condition.subcase))
        case c.Every() | c.Some() | c.Count():
            return names.of_item(quantified(condition)[1])
        case c.Connective() | c.Compare() | c.Decided() | c.InState() | c.VerdictIs() | c.ParameterIs():
            return names
        case _:
            assert_never(condition)


def quantified(condition: c.Every | c.Some | c.Count) -> tuple[str, str]:
    """The head of a condition over items, and the type of item it is about."""
    match condition:
        case c.Every():
            return "every", condition.every
        case c.Some():
            return "some", condition.some
        case c.Count():
            return "count", condition.count
        case _:
            assert_never(condition)


@check(
    "ZX1315",
    "ambiguous-state",
    en="Where an item is looked at, `in_state` means its own state or that of the case; one name cannot mean both.",
    zh="在审视某一对象之处，in_state 既可指该对象自己的状态，也可指本案的状态；同一名称不能兼指两者。",
)
def ambiguous_state(loaded: Loaded) -> Iterator[Defect]:
    """Report states in conditions that the item in sight and the case both have."""
    process = loaded.definition.process
    for use in condition_uses(loaded):
        kind = process.items.get(use.names.item or "")
        if isinstance(use.condition, c.InState) and kind is not None:
            for index, name in enumerate(use.condition.in_state):
                if name in kind.states and name in process.states:
                    place: Place = use.place.at("in_state", index)
                    yield Defect(place, "state", name=name, type=use.names.item)


@warning(
    "ZX1243",
    "every-without-count",
    en="What is asked of every item is true when there are no items; a count beside it says whether none is enough.",
    zh="对「每一项」的要求在一项也没有时也算满足；应另写 count，说明没有是否可以。",
)
def every_without_count(loaded: Loaded) -> Iterator[Defect]:
    """Report ``every`` where the case without items is not provided for.

    A ``count`` or ``some`` of the same items says so when asked of the same action or duty, and a ``count`` of at least
    one when any action requires it.
    """
    actions = {name: action for name, (action, _) in loaded.definition.process.requirements().items()}
    asked: set[tuple[object, str]] = set()
    required: set[str] = set()
    for use in condition_uses(loaded):
        if isinstance(use.condition, c.Count | c.Some):
            kind = quantified(use.condition)[1]
            asked.add((actions.get(use.owner[1], use.owner), kind))
            if isinstance(use.condition, c.Count) and use.condition.at_least and use.owner[1] in actions:
                required.add(kind)
    for use in condition_uses(loaded):
        if isinstance(use.condition, c.Every):
            kind = use.condition.every
            if kind not in required and (actions.get(use.owner[1], use.owner), kind) not in asked:
                yield Defect(use.place.at("every"), type=kind)


CHECKS = (ambiguous_state, every_without_count)
