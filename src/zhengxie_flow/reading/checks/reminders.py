"""Checks of ladders of reminders: that their duties have a day, that somebody is reminded, that their days fit."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model.counting import opens
from zhengxie_flow.model.internal_control import Span
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.reminder import ReminderLadder, Rung
from zhengxie_flow.reading.checks.catalogue import Defect, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded


def _ladders(loaded: Loaded) -> Iterator[tuple[ReminderLadder, Place]]:
    """Every ladder, with its place."""
    top = Place(loaded.process, loaded.process.node)
    for name, ladder in loaded.definition.process.reminders.items():
        yield ladder, top.at("reminders", name)


def _duties(loaded: Loaded, ladder: ReminderLadder, place: Place) -> Iterator[tuple[str, Obligation, Place]]:
    """The duties of a ladder that are defined, each with the place that names it."""
    at = place.at("obligations")
    for index, name in enumerate(ladder.obligations):
        duty = loaded.definition.process.obligations.get(name)
        if duty is not None:
            yield name, duty, at.entry(index)


@check(
    "ZX1394",
    "reminder-without-a-day",
    en="A reminder counts from the last day of an obligation; one without, or a prohibition, has nothing to count.",
    zh="提醒按义务的期限届满之日推算；没有届满日的义务和禁止性规定无从推算。",
)
def reminder_without_a_day(loaded: Loaded) -> Iterator[Defect]:
    """Report duties of ladders that have no last day: no limit, mere order, a minimum, or a prohibition."""
    for ladder, place in _ladders(loaded):
        for name, duty, at in _duties(loaded, ladder, place):
            parts = () if duty.limit is None else tuple(duty.limit.components)
            candidates = [candidate for part in parts for candidate in part.candidates]
            timed = any(
                not opens(candidate.direction) and candidate.direction != "order_after" for candidate in candidates
            ) or any(part.every is not None for part in parts)
            if duty.forbids or not timed:
                yield Defect(at, "obligation", name=name)


@check(
    "ZX1395",
    "missing-target-date",
    en="A rung that counts from the target date needs a ladder that sets one.",
    zh="按内部目标日推算的档次，要求所在的提醒安排写明目标日。",
)
def missing_target_date(loaded: Loaded) -> Iterator[Defect]:
    """Report rungs with ``of: target`` in a ladder without ``target``."""
    for ladder, place in _ladders(loaded):
        for index, rung in enumerate(ladder.rungs):
            if rung.of == "target" and ladder.target is None:
                yield Defect(place.at("rungs", index, "of"), rung=rung.id)


@check(
    "ZX1396",
    "repeated-rung",
    en="The id of a rung tells its reminders from those of the others.",
    zh="档次的编号用来区分各档次发出的提醒。",
)
def repeated_rung(loaded: Loaded) -> Iterator[Defect]:
    """Report ids that two rungs of a ladder have."""
    for ladder, place in _ladders(loaded):
        taken: set[str] = set()
        for index, rung in enumerate(ladder.rungs):
            if rung.id in taken:
                yield Defect(place.at("rungs", index, "id"), rung=rung.id)
            taken.add(rung.id)


@check(
    "ZX1399",
    "nobody-reminded",
    en="Without to: those who owe the obligation are reminded; where nobody owes it in particular, nobody would be.",
    zh="没有写 to: 的，提醒义务人；条文没有写义务人的，就没有人收到提醒。",
)
def nobody_reminded(loaded: Loaded) -> Iterator[Defect]:
    """Report rungs without recipients of duties that no role owes."""
    for ladder, place in _ladders(loaded):
        for name, duty, _ in _duties(loaded, ladder, place):
            for index, rung in enumerate(ladder.rungs):
                if not rung.to and not duty.bearers:
                    yield Defect(place.at("rungs", index), "obligation", name=name, rung=rung.id)


@warning(
    "ZX1397",
    "rung-before-the-limit",
    en="A reminder before the limit begins to run comes on the day on which it begins.",
    zh="早于起算日的提醒，只能在起算当日发出。",
)
def rung_before_the_limit(loaded: Loaded) -> Iterator[Defect]:
    """Report rungs that lie before the start of a forward limit counted in the same unit."""
    for ladder, place in _ladders(loaded):
        for name, duty, _ in _duties(loaded, ladder, place):
            longest = _longest(duty)
            for index, rung in enumerate(ladder.rungs):
                if (
                    rung.of == "due"
                    and rung.before is not None
                    and longest.get(rung.before.unit, rung.before.days) < (rung.before.days)
                ):
                    at = place.at("rungs", index, "before")
                    yield Defect(at, "obligation", name=name, rung=rung.id, days=rung.before.days)


def _longest(duty: Obligation) -> dict[str, int]:
    """The longest amounts of a forward limit by unit: a rung further back lies before every start."""
    longest: dict[str, int] = {}
    for part in duty.limit.components if duty.limit is not None else ():
        for candidate in part.candidates:
            if candidate.direction == "forward" and candidate.unit and isinstance(candidate.amount, int):
                longest[candidate.unit] = max(candidate.amount, longest.get(candidate.unit, 0))
    return longest


@warning(
    "ZX1398",
    "too-frequent-repetition",
    en="What is repeated sooner than the shortest interval waits for it each time.",
    zh="重复的间隔短于最短间隔的，每次都要等满最短间隔。",
)
def too_frequent_repetition(loaded: Loaded) -> Iterator[Defect]:
    """Report repetitions that are closer than the shortest interval of their ladder, in the same unit."""
    for ladder, place in _ladders(loaded):
        for index, rung in enumerate(ladder.rungs):
            if _closer(rung, ladder.interval):
                assert rung.every is not None  # noqa: S101  # _closer() is false without one
                yield Defect(place.at("rungs", index, "every"), rung=rung.id, days=rung.every.days)


def _closer(rung: Rung, interval: Span | None) -> bool:
    return (
        rung.every is not None
        and interval is not None
        and rung.every.unit == interval.unit
        and rung.every.days < interval.days
    )


CHECKS = (
    reminder_without_a_day,
    missing_target_date,
    repeated_rung,
    nobody_reminded,
    rung_before_the_limit,
    too_frequent_repetition,
)
