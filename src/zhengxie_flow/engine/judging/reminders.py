"""Reminders of a case: which rung of which ladder is due on which day.

Everything here follows from the recorded events, the definition and the calendar alone.  Whether a reminder was written
or delivered changes nothing; its id tells whoever writes it that it was written before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.derivation import DerivedCase
from zhengxie_flow.engine.editions.governing import JudgedView
from zhengxie_flow.engine.events.evolve import effective
from zhengxie_flow.engine.judging.deadlines import duty_lines, is_open_work
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.body import UrgedBody
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.counting import in_working_days
from zhengxie_flow.model.event import Event, EventType, canonical
from zhengxie_flow.model.internal_control import Span
from zhengxie_flow.model.reminder import MOST_REPETITIONS, Recipients, ReminderLadder, Rung, TargetDate
from zhengxie_flow.model.verdict import Judgement


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
        line: The audit line of the duty, with the proof of its last day.
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
    line: Judgement | None = field(default=None, compare=False, repr=False)

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


NOTHING = Reminders()
"""The reminders of a case without ladders."""


def has_ladders(compiled: CompiledProcess) -> bool:
    """Return whether a process, or another edition of it, has ladders of reminders."""
    return bool(compiled.process.reminders) or any(edition.process.reminders for edition in compiled.editions)


def reminders(derived: DerivedCase, lines: Iterable[JudgedView] | None = None) -> Reminders:
    """Compute the reminders of a case that are due by its day.

    A reminder is due while its duty is open, on the day of its rung.  Of the rungs that had passed when the present
    last day became known, the last counts, on that day; none does where an import brought it.

    Args:
        derived: The case as of a day.
        lines: Its lines of duties, where they are at hand.

    Returns:
        The reminders by day, and on one day in the order of the ladders and their rungs.

    Raises:
        CalendarError: Never for a rung outside the calendar's data: that one has no day.
    """
    if not has_ladders(derived.compiled):
        return NOTHING
    urged = _Urged.of(derived.case)
    events = {event.sequence: event for event in derived.case.events}
    due: list[Reminder] = []
    coming: list[Reminder] = []
    for view, line in duty_lines(derived.view) if lines is None else lines:
        for name, ladder in view.compiled.process.reminders.items():
            if line.obligation in ladder.obligations and _in_use(view, name):
                climb = _Climb.of(view, line, ladder, events)
                if climb is None:
                    continue
                for reminder in climb.reminders(name, urged, derived.as_of):
                    (due if reminder.day <= derived.as_of else coming).append(reminder)
    next_day = min((reminder.day for reminder in coming), default=None)
    return Reminders(tuple(sorted(due, key=lambda reminder: reminder.day)), next_day)


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
        if any(event.type is EventType.URGED for event in case.events):
            for event in effective(case.events):
                if isinstance(event.body, UrgedBody):
                    days.setdefault((event.body.obligation, event.item), []).append(event.day(case.zone))
        return cls(days)

    def on(self, line: Judgement) -> Sequence[date]:
        return self.days.get((line.obligation, line.item), ())


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
        for reminder in reminders(derived).due
        if (reminder.obligation, reminder.item, reminder.to) == (obligation, item, ())
    ]
    span = max(spans, key=lambda span: moved(view.calendar(), derived.as_of, span, 1) or derived.as_of)
    return (max(days), span) if days else None


@dataclass(frozen=True, slots=True)
class _Climb:
    """A ladder at one line of a case: the days its rungs are counted from.

    Attributes:
        case: The id of the case.
        line: The line of the duty.
        ladder: The ladder.
        calendar: The calendar whose working days are counted.
        due: The last day.
        late_from: The last day it can still turn out to be: what comes after the last day is counted from there.
        target: The office's own target date.
        since: The day on which the present last day became known.
        imported: True where an import brought it.
    """

    case: str
    line: Judgement
    ladder: ReminderLadder
    calendar: Snapshot
    due: date
    late_from: date
    target: date | None
    since: date
    imported: bool

    @classmethod
    def of(cls, view: CaseView, line: Judgement, ladder: ReminderLadder, events: Mapping[int, Event]) -> _Climb | None:
        """The ladder at a line; None for a duty that is not open, or has no last day that counts."""
        limit = line.proof
        if not isinstance(limit, ResolvedLimit) or not is_open_work(view, line):
            return None
        if limit.day is None or limit.direction in ("order_after", "earliest") or limit.projected:
            return None
        calendar = view.calendar()
        target = None if ladder.target is None else _target(calendar, limit, ladder.target)
        behind = [events[number] for number in _behind(view.case, limit) if number in events]
        known = [event.recorded.astimezone(view.case.zone).date() for event in behind]
        last = max(behind, key=lambda event: event.recorded, default=None)
        return cls(
            case=view.case.id,
            line=line,
            ladder=ladder,
            calendar=calendar,
            due=limit.day,
            late_from=limit.high or limit.day,
            target=target,
            since=max([*known, *_resumed(limit)], default=view.case.opened),
            imported=last is not None and last.imported,
        )

    def reminders(self, name: str, urged: _Urged, until: date) -> Iterator[Reminder]:
        """The reminders of the ladder up to a day, and the first after it, at least the interval apart."""
        last: dict[Recipients, date] = {}
        hand = urged.on(self.line)
        for day, rung, number in self._from_since():
            shown = self._spaced(day, last.get(rung.to), () if rung.to else hand)
            last[rung.to] = shown
            yield Reminder(
                case=self.case, obligation=self.line.obligation, item=self.line.item, round=self.line.round,
                ladder=name, rung=rung.id, number=number, due=self.due, target=self.target, day=shown, to=rung.to,
                line=self.line,
            )  # fmt: skip
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


def _target(calendar: Snapshot, limit: ResolvedLimit, target: TargetDate) -> date | None:
    """The office's own target date, which never lies after the last day."""
    assert limit.day is not None  # noqa: S101  # _Climb.of() passes only limits with a day
    if target.before is not None:
        return moved(calendar, limit.day, target.before, -1)
    if target.within is None or limit.anchor.day is None or limit.direction != "forward":
        return None
    own = moved(calendar, limit.anchor.day, target.within, 1)
    return None if own is None else min(own, limit.day)


def _behind(case: Case, limit: ResolvedLimit) -> Iterator[int]:
    """The numbers of the events that the present last day hangs on, and of the last move to another edition."""
    if limit.anchor.event is not None:
        yield limit.anchor.event
    yield from (change.act.sequence for change in limit.changes if change.units or change.verdict.value != "invalid")
    yield from (event.sequence for event in case.events if event.type in (EventType.OPENED, EventType.MOVED))


def _resumed(limit: ResolvedLimit) -> tuple[date, ...]:
    """The day after which a clock that was stopped goes on."""
    if limit.clock is None or not limit.clock.stops or limit.running_since is None:
        return ()
    return (limit.running_since,)
