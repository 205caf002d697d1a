"""Reminders of a case: which rung of which ladder is due on which day.

Everything here follows from the recorded events, the definition and the calendar alone.  Whether a reminder was written
or delivered changes nothing; its id tells whoever writes it that it was written before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import attrgetter
from typing import Final

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.engine.derivation import DerivedCase
from zhengxie_flow.engine.events.evolve import effective
from zhengxie_flow.engine.judging.deadlines import RemindedLimit, reminded_limits
from zhengxie_flow.engine.judging.judge import judged
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.body import UrgedBody
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.counting import in_working_days
from zhengxie_flow.model.event import Event, EventType, canonical
from zhengxie_flow.model.internal_control import Span
from zhengxie_flow.model.reminder import MOST_REPETITIONS, Recipients, ReminderLadder, Rung, TargetDate

_RECORDED = attrgetter("recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder: a rung of a ladder for one duty, item and round, and the day on which it is due.

    Attributes:
        case: The id of the case.
        obligation: The id of the duty.
        item: The item the duty is owed for.
        round: The round of its limit.
        ladder: The id of the ladder.
        rung: The id of the rung.
        number: Which of its repetitions it is, from 1.
        due: The last day of the duty as it now stands.
        target: The office's own target date; None where the ladder sets none.
        day: The day on which the reminder is due.
        to: The recipients that the rung names; none where those are reminded who owe the duty.
    """

    case: str
    obligation: str
    item: str | None
    round: int
    ladder: str
    rung: str
    number: int
    due: date
    target: date | None
    day: date
    to: Recipients = ()

    @property
    def id(self) -> str:
        """The stable id: the same for the same rung and repetition while the last day of the duty stays the same."""
        named = [self.case, self.obligation, self.item, self.round, self.ladder, self.rung, self.number]
        digest = hashlib.sha256(canonical([*named, self.due.isoformat()])).hexdigest()
        return f"reminder:{digest[:40]}"


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders of a case as of a day: those due by then, in order, and the day of the next one."""

    due: tuple[Reminder, ...] = ()
    next_day: date | None = None


REMINDING: Final = frozenset({EventType.OPENED, EventType.MOVED, EventType.URGED})
"""The types of events that reminders rest on, whatever the limit: what brings a case its law, and what was urged."""

NOTHING = Reminders()
"""The reminders of a case without ladders."""


def reminders(
    derived: DerivedCase, limits: Sequence[RemindedLimit], reminding: Sequence[Event] | None = None
) -> Reminders:
    """Compute the reminders of a case that are due by its day.

    A reminder is due while its duty is open, on the day of its rung.  Of the rungs that had passed when the present
    last day became known, the last counts, on that day; none does where an import brought it.  A rung outside the
    calendar's data has no day.

    Args:
        derived: The case as of a day.
        limits: Its limits that ladders remind of, as `zhengxie_flow.engine.judging.deadlines.Work` has them.
        reminding: Its events of the types in `REMINDING`, where they are at hand.

    Returns:
        The reminders by day, and on one day in the order of the obligations, the ladders and their rungs.
    """
    if not limits:
        return NOTHING
    if reminding is None:
        reminding = [event for event in derived.case.events if event.type in REMINDING]
    ascent = _Ascent(derived, reminding)
    due: list[Reminder] = []
    coming: list[date] = []
    for limit in limits:
        for name, ladder in ascent.ladders(limit.edition).items():
            if limit.obligation not in ladder.obligations:
                continue
            for rung, number, day, target in ascent.days(limit, name, ladder):
                if day > derived.as_of:
                    coming.append(day)
                    continue
                reminder = Reminder(
                    case=derived.case.id, obligation=limit.obligation, item=limit.item, round=limit.round,
                    ladder=name, rung=rung.id, number=number, due=limit.due, target=target, day=day, to=rung.to,
                )  # fmt: skip
                due.append(reminder)
    return Reminders(tuple(sorted(due, key=lambda reminder: reminder.day)), min(coming, default=None))


class _Ascent:
    """Days of the rungs of a case; limits that agree in all their days share them."""

    def __init__(self, derived: DerivedCase, reminding: Sequence[Event]) -> None:
        self.derived = derived
        urged = any(event.type is EventType.URGED for event in reminding)
        self.urged = _Urged.of(derived.case) if urged else _Urged({})
        self.calendar = derived.view.calendar()
        self.always = [event for event in reminding if event.type is not EventType.URGED]
        self.kept: dict[object, list[tuple[Rung, int, date, date | None]]] = {}
        self.used: dict[str, Mapping[str, ReminderLadder]] = {}

    def ladders(self, edition: str) -> Mapping[str, ReminderLadder]:
        """The ladders of an edition that are in use on the day of the case."""
        if edition not in self.used:
            compiled = self.derived.compiled
            all_editions = (compiled, *compiled.editions)
            judging = next((entry for entry in all_editions if entry.hash == edition), compiled)
            view = replace(self.derived.view, compiled=judging)
            ladders = judging.process.reminders.items()
            self.used[edition] = {name: ladder for name, ladder in ladders if _in_use(view, name)}
        return self.used[edition]

    def days(
        self, limit: RemindedLimit, name: str, ladder: ReminderLadder
    ) -> list[tuple[Rung, int, date, date | None]]:
        """The rungs up to the day of the case, and the first after it, with their days and the target date."""
        since, imported = self.since(limit)
        hand = tuple(self.urged.on(limit))
        key = (limit.edition, name, limit.start, limit.due, limit.late_from, since, imported, hand)
        if key not in self.kept:
            target = None if ladder.target is None else _target(self.calendar, limit, ladder.target)
            climb = _Climb(ladder, self.calendar, limit.due, limit.late_from, target, since, imported)
            self.kept[key] = [(*step, target) for step in climb.steps(hand, self.derived.as_of)]
        return self.kept[key]

    def since(self, limit: RemindedLimit) -> tuple[date, bool]:
        """The day on which the present last day became known, and whether an import brought it."""
        events = self.derived.case.events  # by number, from 1
        behind = [events[number - 1] for number in limit.behind if number <= len(events)]
        last = max((*behind, *self.always), key=_RECORDED)
        known_on = last.recorded.astimezone(self.derived.case.zone).date()
        return (known_on if limit.resumed is None else max(known_on, limit.resumed)), last.imported


def ladders_of(view: CaseView, obligation: str) -> tuple[ReminderLadder, ...]:
    """The ladders that remind of a duty on the day of a view."""
    ladders = view.compiled.process.reminders.items()
    return tuple(ladder for name, ladder in ladders if obligation in ladder.obligations and _in_use(view, name))


def _in_use(view: CaseView, ladder: str) -> bool:
    """True for a ladder of the process itself, or of a volume that binds the case on the day of the view."""
    for volume in view.compiled.definition.volumes:
        if ladder in volume.brings.get("reminders", ()):
            return volume.binding(view.day, view.case.opened) is not None
    return True


@dataclass(frozen=True, slots=True)
class _Urged:
    """The days on which somebody urged by hand, by duty and item."""

    days: Mapping[tuple[str, str | None], Sequence[date]]

    @classmethod
    def of(cls, case: Case) -> _Urged:
        days: dict[tuple[str, str | None], list[date]] = {}
        for event in effective(case.events):
            if isinstance(event.body, UrgedBody):
                days.setdefault((event.body.obligation, event.item), []).append(event.day(case.zone))
        return cls(days)

    def on(self, limit: RemindedLimit) -> Sequence[date]:
        return self.days.get((limit.obligation, limit.item), ())


def last_reminder(derived: DerivedCase, obligation: str, item: str | None) -> tuple[date, Span] | None:
    """The day on which those who owe a duty were last reminded or urged, and the time that has to pass before the next.

    Args:
        derived: The case as of a day.
        obligation: The id of the duty.
        item: The item it is owed for.

    Returns:
        The day and the shortest interval; None where no ladder sets one, or nobody was reminded yet.
    """
    view = derived.view
    spans = [ladder.interval for ladder in ladders_of(view, obligation) if ladder.interval is not None]
    if not spans:
        return None
    days = [*_Urged.of(derived.case).days.get((obligation, item), ())]
    days += [
        reminder.day
        for reminder in reminders(derived, tuple(reminded_limits(judged(view, obligation)))).due
        if (reminder.item, reminder.to) == (item, ())
    ]
    span = max(spans, key=lambda span: moved(view.calendar(), derived.as_of, span, 1) or derived.as_of)
    return (max(days), span) if days else None


@dataclass(frozen=True, slots=True)
class _Climb:
    """A ladder at one limit: the days its rungs are counted from.

    Attributes:
        ladder: The ladder.
        calendar: The calendar whose working days are counted.
        due: The last day.
        late_from: The last day it can still turn out to be: what comes after the last day is counted from there.
        target: The office's own target date.
        since: The day on which the present last day became known.
        imported: True where an import brought it.
    """

    ladder: ReminderLadder
    calendar: Snapshot
    due: date
    late_from: date
    target: date | None
    since: date
    imported: bool

    def steps(self, hand: Sequence[date], until: date) -> Iterator[tuple[Rung, int, date]]:
        """The rungs of the ladder up to a day, and the first after it, at least the interval apart."""
        last: dict[Recipients, date] = {}
        for day, rung, number in self._from_since():
            shown = self._spaced(day, last.get(rung.to), () if rung.to else hand)
            last[rung.to] = shown
            yield rung, number, shown
            if day > until:  # a rung never comes before its own day, so all that follow come later too
                return

    def _from_since(self) -> Iterator[tuple[date, Rung, int]]:
        """The rungs by day; of those that had passed when the last day became known, the last one on that day."""
        passed: tuple[date, Rung, int] | None = None
        for day, rung, number in self._by_day():
            if day < self.since:
                passed = None if self.imported else (self.since, rung, number)
                continue
            if passed is not None:
                yield passed
                passed = None
            yield day, rung, number
        if passed is not None:
            yield passed

    def _by_day(self) -> Iterator[tuple[date, Rung, int]]:
        """All rungs with their repetitions, by day and then in the order in which they are written."""
        rows = [iter(self._of_rung(rung)) for rung in self.ladder.rungs]
        heads = [next(row, None) for row in rows]
        while any(head is not None for head in heads):
            place = min(
                (place for place, head in enumerate(heads) if head is not None),
                key=lambda place: (heads[place] or (date.max,))[0],
            )
            head = heads[place]
            assert head is not None  # noqa: S101  # of those that are there
            yield head
            heads[place] = next(rows[place], None)

    def _of_rung(self, rung: Rung) -> Iterator[tuple[date, Rung, int]]:
        base = self.due if rung.of == "due" else self.target
        if base is None:
            return
        if rung.after is not None and rung.of == "due":
            base = self.late_from
        span, step = (rung.before, -1) if rung.before is not None else (rung.after, 1)
        day = base if span is None else moved(self.calendar, base, span, step)
        number, end = 1, base if rung.before is not None else date.max
        while day is not None and day <= end:
            yield day, rung, number
            if rung.every is None or number >= (rung.times or MOST_REPETITIONS):
                return
            day, number = moved(self.calendar, day, rung.every, 1), number + 1

    def _spaced(self, day: date, before: date | None, hand: Sequence[date]) -> date:
        """The first day from a day that is at least the interval after the reminder before and after all urging."""
        interval = self.ladder.interval
        if interval is None or not interval.days:
            return day
        while True:
            earlier = [other for other in hand if other <= day]
            last = max([*earlier, *(() if before is None else (before,))], default=None)
            free = None if last is None else moved(self.calendar, last, interval, 1)
            if free is None or free <= day:
                return day
            day = free


def moved(calendar: Snapshot, day: date, span: Span, step: int) -> date | None:
    """The day some days after another, or before it where ``step`` is -1; None outside the calendar's data."""
    if not span.days:
        return day
    with suppress(CalendarError, OverflowError):
        if in_working_days(span.unit):
            return calendar.add(day, step * span.days)
        return day + timedelta(days=step * span.days)
    return None


def _target(calendar: Snapshot, limit: RemindedLimit, target: TargetDate) -> date | None:
    """The office's own target date, which never lies after the last day."""
    if target.before is not None:
        return moved(calendar, limit.due, target.before, -1)
    if target.within is None or limit.start is None:
        return None
    own = moved(calendar, limit.start, target.within, 1)
    return None if own is None else min(own, limit.due)
