"""Checks of time limits: their anchors, the duties they are counted from, their extensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from zhengxie_flow.model.condition import Condition, VerdictIs
from zhengxie_flow.model.counting import ends
from zhengxie_flow.model.limit import (
    ActAnchor,
    DueAnchor,
    FieldValue,
    FirstOf,
    LastOf,
    Limit,
    NamedAnchor,
    PeriodEnd,
)
from zhengxie_flow.model.parameter import with_parameter_roles
from zhengxie_flow.model.process import ByObligation, Process
from zhengxie_flow.reading.checks.catalogue import Defect, advice, check, warning
from zhengxie_flow.reading.checks.conditions import AnchorUse, LimitUse, anchors, condition_uses, limits
from zhengxie_flow.reading.checks.counting import written_parts
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import field_type
from zhengxie_flow.reading.checks.states import exits, possible, reachable, reached, sound
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1233",
    "impossible-anchor",
    en="A clock whose start can never happen never runs, and the obligation stays pending for ever.",
    zh="起算的行为永远不会发生，期限便永远不起算，义务一直处于待定。",
)
def impossible_anchor(loaded: Loaded) -> Iterator[Defect]:
    """Report anchors whose actions are allowed only in states that no case can come to."""
    process = loaded.definition.process
    for anchor_use in anchors(loaded) if sound(loaded) else ():
        names, place = _actions(anchor_use)
        actions = [process.actions[name] for name in names if name in process.actions]
        if actions and not any(possible(process, action) for action in actions):
            yield Defect(place, action=names)


def _actions(anchor_use: AnchorUse) -> tuple[tuple[str, ...], Place]:
    """The actions whose acts an anchor waits for itself, and where it names them."""
    anchor = anchor_use.anchor
    match anchor:
        case NamedAnchor():
            return (anchor.name.partition(".")[0],), anchor_use.place
        case ActAnchor():
            return anchor.done, anchor_use.place.at("done")
        case DueAnchor() | PeriodEnd() | FirstOf() | LastOf():
            return (), anchor_use.place
        case _:
            assert_never(anchor)


_DAYS = ("date", "instant")


@check(
    "ZX1235",
    "undated-anchor",
    en="A clock starts on a day: that of an act, a date or an instant, or the day something was found true.",
    zh="期限自某日起算：行为之日、日期或时刻所在之日，或某事认定成立之日。",
)
def undated_anchor(loaded: Loaded) -> Iterator[Defect]:
    """Report anchors that are neither an action, nor a date or instant, nor a bool fact of the case."""
    for anchor_use in anchors(loaded):
        if not isinstance(anchor_use.anchor, NamedAnchor) or anchor_use.anchor.name in loaded.definition.process.acts:
            continue
        for meaning in anchor_use.names.meanings(anchor_use.anchor.name)[:1]:
            kind = meaning.type.type
            if kind not in _DAYS and not (kind == "bool" and meaning.whose == "fact"):
                yield Defect(anchor_use.place, "name", name=anchor_use.anchor.name, type=kind)


@check(
    "ZX1234",
    "endless-due",
    en="Only a limit with a last day has a day on which it ends; order alone and minimum windows have none.",
    zh="只有有最后一日的期限才有届满之日；只规定先后、只规定最早日的，没有届满之日。",
)
def endless_due(loaded: Loaded) -> Iterator[Defect]:
    """Report ``due`` anchors on duties without a last day; what a parameter makes of a limit is known later."""
    duties = loaded.definition.process.obligations
    for anchor_use in anchors(loaded):
        if not isinstance(anchor_use.anchor, DueAnchor) or anchor_use.anchor.due not in duties:
            continue
        duty = duties[anchor_use.anchor.due]
        if not any(_ends(limit) for limit in (duty.limit.components if duty.limit is not None else ())):
            yield Defect(anchor_use.place.at("due"), duty=anchor_use.anchor.due)


def _ends(limit: Limit) -> bool:
    return limit.parameter is not None or any(ends(part.direction) for part in limit.candidates)


@check(
    "ZX1254",
    "due-of-each",
    en="An obligation owed for each item has a last day for each; which of them is meant is known only for that item.",
    zh="对每个对象分别负的义务，各有各的最后一日；不针对其中某一个的期限，不知道从哪一个起算。",
)
def due_of_each(loaded: Loaded) -> Iterator[Defect]:
    """Report ``due`` anchors on duties owed for items of a type, in limits that are not owed for such items."""
    duties = loaded.definition.process.obligations
    for anchor_use in anchors(loaded):
        if not isinstance(anchor_use.anchor, DueAnchor) or anchor_use.anchor.due not in duties:
            continue
        kind = duties[anchor_use.anchor.due].for_
        if kind not in (None, duties[anchor_use.duty].for_):
            yield Defect(anchor_use.place.at("due"), duty=anchor_use.anchor.due, type=kind, owed=anchor_use.duty)


_WANTED = {"add": ("int",), "to": ("date", "instant")}
_AMOUNT = ("int",)


@check(
    "ZX1256",
    "unfit-extension",
    en="How much an extension adds is a whole number, until when it runs a date; any other field gives neither.",
    zh="延长多少须为整数，延长到哪天须为日期；其他类型的字段给不出来。",
)
def unfit_extension(loaded: Loaded) -> Iterator[Defect]:
    """Report fields named under ``add`` or ``within`` that are no whole number, and under ``to`` that are no date."""
    process = loaded.definition.process
    for limit_use in limits(loaded):
        yield from _unfit_amount(loaded, limit_use)
        for index, extension in enumerate(limit_use.limit.extended_by):
            for key, types in _WANTED.items():
                named = getattr(extension, key)
                if not isinstance(named, FieldValue) or extension.action not in process.acts:
                    continue
                kind = field_type(process, extension.action, named.field)
                if kind is not None and kind.type not in types:
                    place = limit_use.place.at("extended_by", index, key, "field")
                    params = {"name": named.field, "type": kind.type, "action": extension.action}
                    yield Defect(place, "field", key=key, wanted=types[0], **params)


def _unfit_amount(loaded: Loaded, limit_use: LimitUse) -> Iterator[Defect]:
    """A field under ``within`` that is no whole number of the action which starts the clock."""
    process = loaded.definition.process
    for part, place in written_parts(limit_use):
        named = part.within
        anchor = part.anchor or limit_use.limit.anchor
        if not isinstance(named, FieldValue) or not isinstance(anchor, NamedAnchor) or anchor.name not in process.acts:
            continue
        kind = field_type(process, anchor.name, named.field)
        if kind is not None and kind.type not in _AMOUNT:
            params = {"name": named.field, "type": kind.type, "action": anchor.name}
            yield Defect(place.at("within", "field"), "field", key="within", wanted="int", **params)


@check(
    "ZX1262",
    "never-taken",
    en="Of several rules the first that holds counts; behind one that always holds, or is the same, none is reached.",
    zh="几条规则中第一条成立的起作用；排在总是成立的一条之后，或与前面重复的，永远轮不到。",
)
def never_taken(loaded: Loaded) -> Iterator[Defect]:
    """Report ways of an action, steps of an item and rules of an extension that others before them leave nothing."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, action in process.actions.items():
        at = top.at("actions", name)
        yield from _behind([(move.from_, move.when) for move in action.moves], at.at("moves"))
        yield from _behind([(step.from_, step.when) for step in action.item], at.at("item"))
    for limit_use in limits(loaded):
        rules = [((rule.action,), rule.when) for rule in limit_use.limit.extended_by]
        yield from _behind(rules, limit_use.place.at("extended_by"))


def _behind(rules: Sequence[tuple[Sequence[str], Condition | None]], place: Place) -> Iterator[Defect]:
    """The rules that an earlier one leaves nothing of what they are about."""
    for index, (about, when) in enumerate(rules):
        before = [earlier for earlier in rules[:index] if earlier[1] is None or earlier[1] == when]
        taken = {name for names, _ in before for name in names}
        if (about and set(about) <= taken) or any(not names for names, _ in before):
            yield Defect(place.at(index), number=index + 1)


@advice(
    "ZX1263",
    "recurs-while-running",
    en="Happening again while the limit runs, its anchor neither starts it anew nor doubles it; it may be meant to.",
    zh="起算的行为在期限进行中再次发生，期限既不重新起算，也不另起一轮；若本意不同，应当写明。",
)
def recurs_while_running(loaded: Loaded) -> Iterator[Defect]:
    """Report obligations whose anchor can be done again while their limit runs, where nothing says what that means."""
    process = loaded.definition.process
    if not sound(loaded):
        return
    for limit_use in limits(loaded):
        limit, duty = limit_use.limit, process.obligations[limit_use.duty]
        for part in limit.candidates[:1]:
            anchor = part.anchor
            if not isinstance(anchor, NamedAnchor) or anchor.name not in process.actions:
                continue
            said = limit.occurrence is not None or anchor.name in limit.restarts_on or anchor.name in duty.do
            if not said and part.direction == "forward" and _again(process, anchor.name, duty.do):
                yield Defect(limit_use.place.at("after"), action=anchor.name, duty=limit_use.duty)


def _again(process: Process, name: str, do: Sequence[str]) -> bool:
    """True where an action moves a case to where it can be done again before those that close the limit."""
    action = process.actions[name]
    if action.item_type is not None or not action.ways:
        return False
    closing = [process.actions[other] for other in do if other in process.actions]
    goals = {move.to for move in action.ways if move.to is not None}
    sources = {state for move in action.ways for state in move.from_}
    moving = {state: set(goals_) for state, goals_ in exits(process).items()}
    for other in closing:
        for move in other.ways:
            for state in move.from_:
                moving.get(state, set()).discard(move.to or "")
    return bool(reached(moving, goals) & sources)


@check(
    "ZX1285",
    "excluded-extender",
    en="Whoever may lengthen a limit does so by an act; a role that may not do the act never can.",
    zh="延长期限要通过行为作出；不能作出该行为的角色，无从延长。",
)
def excluded_extender(loaded: Loaded) -> Iterator[Defect]:
    """Report roles that an extension names and that its action does not allow to act."""
    definition = loaded.definition
    process = with_parameter_roles(definition.process, definition.parameters, definition.decisions)
    for limit_use in limits(loaded):
        for index, extension in enumerate(limit_use.limit.extended_by):
            action = process.actions.get(extension.action)
            allowed = action.by if action is not None else ()
            place = limit_use.place.at("extended_by").entry(index)
            for number, role in enumerate(extension.by if allowed else ()):
                if role not in allowed:
                    yield Defect(
                        place.at("by").entry(number), "role", role=role, action=extension.action, known=allowed
                    )


@warning(
    "ZX1287",
    "endless-obligation",
    en="What is owed without a time has to end somewhere: by an act that needs or closes it, or with the case.",
    zh="没有期限的义务总要有个终点：需要它、结束它的行为，或者案件的终局。",
)
def endless_obligation(loaded: Loaded) -> Iterator[Defect]:
    """Report obligations without a limit that no act needs or closes and no ordinary end of the case judges."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    if not sound(loaded):
        return
    asked = [use.condition for use in condition_uses(loaded)]
    ended = {name for condition in asked if isinstance(condition, VerdictIs) for name in condition.verdict}
    for action in process.actions.values():
        ended |= {*action.closed, *(entry.obligation for entry in action.requires if isinstance(entry, ByObligation))}
    judged = any(process.states[state].final is True for state in reachable(process) if state in process.states)
    for name, duty in process.obligations.items():
        item = process.items.get(duty.for_ or "")
        of_item = item is not None and any(state.final is True for state in item.states.values())
        if duty.obliges and duty.limit is None and name not in ended and not judged and not of_item:
            yield Defect(top.name("obligations", name), duty=name)


CHECKS = (
    impossible_anchor,
    undated_anchor,
    endless_due,
    due_of_each,
    unfit_extension,
    never_taken,
    recurs_while_running,
    excluded_extender,
    endless_obligation,
)
