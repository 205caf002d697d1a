"""Parts of limits as phrases: amount, anchor, and how the part is counted, as far as it says so itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from zhengxie_flow.model import limit as m
from zhengxie_flow.model.convention import CalendarChoice
from zhengxie_flow.model.limit import AMOUNTS, ANCHORED, Anchor, FieldValue, NamedAnchor, Part
from zhengxie_flow.rules.readback import Name, Phrase, phrase, within


def part_phrase(part: Part) -> Phrase:
    """A part of a limit as a phrase; without an amount the order alone counts."""
    amounts, anchors = tuple(_amounts(part)), tuple(_hung(part))
    length: tuple[Phrase, ...] = (*amounts, *anchors)
    if len(amounts) == len(anchors) == 1:
        length = (Phrase("part.from_anchor", {"length": amounts[0], "anchor": anchors[0]}),)
    return Phrase("part", {"parts": (*length, *_counted(part)) or (Phrase("part.order"),)})


def anchor_phrase(anchor: Anchor) -> Any:
    """An anchor as a name or a phrase."""
    match anchor:
        case NamedAnchor():
            return _quoted(Name("anchor", anchor.name))
        case m.ActAnchor():
            acts = Phrase("or", {"parts": tuple(_quoted(Name("action", act)) for act in anchor.done)})
            return (
                acts
                if anchor.where is None
                else Phrase("with.where", {"said": acts, "value": within(anchor.done, phrase(anchor.where))})
            )
        case m.DueAnchor():
            return Phrase("anchor.due", {"duty": Name("duty", anchor.due)})
        case m.PeriodEnd():
            end = Phrase(f"anchor.end_of.{anchor.end_of}")
            if anchor.named_by is None:
                return end
            return Phrase("anchor.end_of.named", {"end": end, "fact": Name("fact", anchor.named_by)})
        case m.FirstOf():
            return Phrase("anchor.first", {"anchors": tuple(map(anchor_phrase, anchor.first_of))})
        case m.LastOf():
            return Phrase("anchor.last", {"anchors": tuple(map(anchor_phrase, anchor.last_of))})
        case _:
            assert_never(anchor)


def _quoted(name: Name) -> Phrase:
    return Phrase("quoted", {"name": name})


def amount_phrase(amount: int | FieldValue, unit: str | None) -> Phrase:
    """An amount of units, or the field that holds it."""
    number = Phrase("field", {"fact": Name("fact", amount.field)}) if isinstance(amount, FieldValue) else amount
    return Phrase("amount", {"amount": number, "unit": Phrase(f"unit.{unit}") if unit is not None else ""})


def _amounts(part: Part) -> Iterator[Phrase]:
    for key in AMOUNTS:
        amount = getattr(part, key)
        if amount is not None:
            yield Phrase(f"part.{key}", {"amount": amount_phrase(amount, part.unit)})


def _hung(part: Part) -> Iterator[Phrase]:
    for key in ANCHORED:
        anchor = getattr(part, key)
        if anchor is not None:
            yield Phrase(f"part.{key}", {"anchor": anchor_phrase(anchor)})


def _counted(part: Part) -> Iterator[Phrase]:
    if part.count is not None:
        yield Phrase(f"part.{part.count}")
    for key in ("month_end", "roll", "early"):
        if getattr(part, key) is not None:
            yield Phrase(f"part.{key}.{getattr(part, key)}")
    if part.grow is not None:
        yield Phrase("part.grow", {"days": part.grow.run})
    if part.calendar is not None:
        yield _calendar(part.calendar)
    for key in ("convention", "kind"):
        if getattr(part, key) is not None:
            yield Phrase(f"part.{key}", {key: Name(key, getattr(part, key), part.convention)})
    for key in ("posted", "received") if part.sent is not None else ():
        if getattr(part.sent, key) is not None:
            yield Phrase(f"part.sent.{key}", {"field": Name("fact", getattr(part.sent, key))})


def _calendar(calendar: CalendarChoice | str) -> Phrase:
    """The calendar of a part, or the fact that chooses it, with the calendar for each of its values."""
    if not isinstance(calendar, CalendarChoice):
        return Phrase("part.calendar", {"calendar": calendar})
    chosen = tuple(
        Phrase("calendar.of", {"value": Name("value", value, calendar.field), "calendar": name})
        for value, name in calendar.of.items()
    )
    field = Name("fact", calendar.field)
    if not chosen:
        return Phrase("part.calendar.named", {"fact": field})
    return Phrase("part.calendar.choice", {"fact": field, "choices": chosen})
