"""Checks of how limits are counted: keys without effect, kinds of a convention, calendars that a fact chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Final, assert_never

from zhengxie_flow.errors import CalendarError, InvalidDefinition, NotFound
from zhengxie_flow.model.convention import CalendarChoice, kinds_of
from zhengxie_flow.model.counting import elapsed
from zhengxie_flow.model.definition import calendar_choices, calendars_of
from zhengxie_flow.model.limit import ActAnchor, Anchor, DueAnchor, FirstOf, LastOf, Limit, NamedAnchor, Part, PeriodEnd
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.conditions import LimitUse, limits
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import field_type
from zhengxie_flow.reading.sources import Loaded


def written_parts(limit_use: LimitUse) -> Iterator[tuple[Part, Place]]:
    """The parts of a limit that are written, each at its place."""
    limit = limit_use.limit
    if not limit.choose or any(getattr(limit, key) is not None for key in EFFECTS):
        yield limit, limit_use.place
    for index, choice in enumerate(limit.choose):
        yield choice, limit_use.place.at("choose", index)


@check(
    "ZX1261",
    "without-effect",
    en="A key that does nothing where it stands was meant to: the limit is counted otherwise than its author thinks.",
    zh="写了却不起作用的键，是想让它起作用的：期限的算法与作者想的不同。",
)
def without_effect(loaded: Loaded) -> Iterator[Defect]:
    """Report keys of counting where nothing is counted that they speak of, and ``occurrence`` without a recurrence."""
    for limit_use in limits(loaded):
        limit = limit_use.limit
        ruled = loaded.definition.process.convention is not None
        for part, place in written_parts(limit_use):
            candidates = _candidates(limit, part)
            for key, has_effect in EFFECTS.items():
                idle = getattr(part, key) is not None and limit.parameter is None
                if idle and not any(
                    has_effect(candidate, ruled or candidate.convention is not None) for candidate in candidates
                ):
                    yield Defect(place.at(key), key=key)
        if limit.occurrence is not None and not _may_occur_again(loaded, limit):
            yield Defect(limit_use.place.at("occurrence"), key="occurrence")


def _candidates(limit: Limit, part: Part) -> tuple[Part, ...]:
    """The parts that a written part of a limit can come to."""
    if limit.parts_of:
        return ()
    return limit.candidates if part is limit else (limit.filled(part),)


def _counted(part: Part, _ruled: bool) -> bool:
    return part.amount is not None or part.amount_field is not None


def _by_months(part: Part, _ruled: bool) -> bool:
    return part.unit in ("month", "year")


def _may_rest(part: Part, ruled: bool) -> bool:
    """True where the end of a part may fall on a day of rest."""
    if part.direction in ("by", "by_date"):
        return True
    return _counted(part, ruled) and not elapsed(part.unit) and (part.unit != "working_day" or ruled)


def _grows(part: Part, _ruled: bool) -> bool:
    return part.direction == "forward" and part.unit in ("calendar_day", "week", "half_month", "month", "year")


def _asks_calendar(part: Part, ruled: bool) -> bool:
    return _counted(part, ruled) or part.direction in ("by", "by_date")


def _opens_round(part: Part, _ruled: bool) -> bool:
    return part.direction in ("forward", "order_after", "by_date", "by")


def _ruled(_part: Part, ruled: bool) -> bool:
    return ruled


EFFECTS: Final[Mapping[str, Callable[[Part, bool], bool]]] = {
    "count": _counted,
    "month_end": _by_months,
    "roll": _may_rest,
    "grow": _grows,
    "calendar": _asks_calendar,
    "kind": _ruled,
    "early": _opens_round,
    "sent": _ruled,
}
"""For each key of counting, whether it has an effect on a part, which a convention may rule."""


@check(
    "ZX1331",
    "unknown-kind",
    en="A convention names the kinds of acts and terms for which it has rules of its own; another kind has none.",
    zh="计算规则列明了另有规定的各类行为和期间；没有列明的类别，没有规定可用。",
)
def unknown_kind(loaded: Loaded) -> Iterator[Defect]:
    """Report kinds that the convention of a limit does not know, nor any it is based on."""
    definition = loaded.definition
    for limit_use in limits(loaded):
        for part, place in written_parts(limit_use):
            for candidate in _candidates(limit_use.limit, part):
                name = candidate.convention or definition.process.convention
                if part.kind is not None and name in definition.conventions:
                    kinds = kinds_of(definition.conventions, name)
                    if part.kind not in kinds:
                        known = ", ".join(sorted(kinds))
                        yield Defect(place.at("kind"), convention=name, kind=part.kind, known=known)


@check(
    "ZX1333",
    "calendar-unsaid",
    en="Where a fact chooses the calendar, every value it can have needs one, or a limit would be counted by another.",
    zh="由事实选择日历的，它的每个取值都要有日历，否则期限会按别的日历计算。",
)
def calendar_unsaid(loaded: Loaded) -> Iterator[Defect]:
    """Report values of the fact or field under ``calendar`` that no calendar is named for."""
    for limit_use in limits(loaded):
        for part, place in written_parts(limit_use):
            choice = part.calendar
            if not isinstance(choice, CalendarChoice):
                continue
            for meaning in limit_use.names.meanings(choice.field)[:1]:
                values = meaning.type.of if meaning.type.type == "enum" else ()
                if not calendar_choices(loaded.definition.process, choice):
                    yield Defect(place.at("calendar"), name=choice.field, missing="…")
                missing = [str(value) for value in values or () if choice.of and value not in choice.of]
                if missing:
                    yield Defect(place.at("calendar", "of"), name=choice.field, missing=", ".join(missing))


def _may_occur_again(loaded: Loaded, limit: Limit) -> bool:
    """True where an anchor of a limit is an act, a day that acts name, or the end of another limit."""
    anchors_ = [part.anchor for part in (limit, *limit.candidates) if part.anchor is not None]
    return limit.parameter is not None or any(_recurs(loaded, anchor, limit) for anchor in anchors_)


def _recurs(loaded: Loaded, anchor: Anchor, limit: Limit) -> bool:
    acts = loaded.definition.process.acts
    match anchor:
        case NamedAnchor():
            return anchor.name in acts or anchor.name.rpartition(".")[0] in acts
        case ActAnchor() | DueAnchor():
            return True
        case PeriodEnd():
            return False
        case FirstOf():
            return any(_recurs(loaded, part, limit) for part in anchor.first_of)
        case LastOf():
            return limit.occurrence == "first"
        case _:
            assert_never(anchor)


@check(
    "ZX1332",
    "no-opening-hours",
    en="Hours while an office is open can be counted only by a calendar that says when it opens.",
    zh="办公时间内的小时，只有写明何时开始办公的日历才能计算。",
)
def no_opening_hours(loaded: Loaded) -> Iterator[Defect]:
    """Report limits in working hours or half working days whose calendar has no opening hours."""
    from zhengxie_flow.reading.calendars import CalendarFiles  # not every check needs a calendar

    for limit_use in limits(loaded):
        for part, place in written_parts(limit_use):
            if part.unit not in ("working_hour", "half_working_day"):
                continue
            process = loaded.definition.process
            for name in calendars_of(process, part) or (process.calendar,):
                with suppress(NotFound, CalendarError, InvalidDefinition):  # which another check reports
                    hours = CalendarFiles(project=loaded.rules).snapshot(name).office_hours
                    if not any(entry.opens is not None for entry in hours):
                        yield Defect(place.at("unit"), calendar=name, unit=part.unit)


@check(
    "ZX1334",
    "unfit-sending",
    en="When something was posted and when it arrived are days that the act records in fields of its own.",
    zh="何时交邮、何时到达，是行为自己的字段所记的日期。",
)
def unfit_sending(loaded: Loaded) -> Iterator[Defect]:
    """Report fields under ``sent`` that no act of the obligation has, or that are no date."""
    process = loaded.definition.process
    for limit_use in limits(loaded):
        actions = [name for name in process.obligations[limit_use.duty].do if name in process.acts]
        for part, place in written_parts(limit_use):
            for key in ("posted", "received") if part.sent is not None else ():
                name = getattr(part.sent, key)
                kinds = [
                    kind.type for action in actions if (kind := field_type(process, action, name or "")) is not None
                ]
                if name is not None and not set(kinds) & {"date", "instant"}:
                    yield Defect(place.at("sent", key), name=name)


CHECKS = (without_effect, unknown_kind, calendar_unsaid, no_opening_hours, unfit_sending)
