"""Checks of time limits: their anchors, the duties they are counted from, their extensions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from zhengxie_flow.model.limit import ActAnchor, DueAnchor, FieldValue, FirstOf, LastOf, Limit, NamedAnchor, ends
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.conditions import AnchorUse, anchors, limits
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import field_type
from zhengxie_flow.reading.checks.states import possible, sound
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
        case DueAnchor() | FirstOf() | LastOf():
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


@check(
    "ZX1256",
    "unfit-extension",
    en="How much an extension adds is a whole number, until when it runs a date; any other field gives neither.",
    zh="延长多少须为整数，延长到哪天须为日期；其他类型的字段给不出来。",
)
def unfit_extension(loaded: Loaded) -> Iterator[Defect]:
    """Report fields named under ``add`` that are no whole number, and under ``to`` that are no date."""
    process = loaded.definition.process
    for limit_use in limits(loaded):
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


CHECKS = (impossible_anchor, undated_anchor, endless_due, due_of_each, unfit_extension)
