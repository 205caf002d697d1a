"""The walk: day by day through a case, and entry by entry through a day, with plain books of rounds and stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tests.simulator.calendar import ONE, Calendar
from tests.simulator.clock import Clock, Stop
from tests.simulator.directions import backward_rounds, minimum_rounds
from tests.simulator.extending import extend, select
from tests.simulator.facts import day_in_fact, read
from tests.simulator.limit import Entry, ExtensionOutcome, Limit, Place, Question, Round
from tests.simulator.unknown import answered, side_by_side

LATE = 1_000_000
"""The end of a day: after all that was done on it."""


@dataclass
class OpenRound:
    """A round in the books: its clock by the shown calendar, and by those with the fewest and the most days of rest."""

    number: int
    opened: Place
    clocks: tuple[Clock, Clock, Clock]
    act: Place | None = None
    in_time: tuple[bool, bool, bool] = (False, False, False)
    extensions: list[ExtensionOutcome] = field(default_factory=list)
    repeated: list[Place] = field(default_factory=list)
    in_doubt: bool = False
    restarted: Place | None = None

    @property
    def start(self) -> date:
        return self.clocks[0].start

    def running(self, place: Place) -> bool:
        """True while it is neither closed nor past."""
        return self.act is None and self.clocks[0].in_time(place)

    def close(self, place: Place) -> None:
        """Rule 7: by the first act that counts."""
        self.act = place
        shown, fewest, most = (clock.in_time(place) for clock in self.clocks)
        self.in_time = shown, fewest, most


@dataclass
class Doing:
    """An act that performs the obligation, and whether it closed a round."""

    place: Place
    closed: bool = False


class Books:
    """The books of one obligation about one item (or about none)."""

    def __init__(self, limit: Limit, question: Question, item: str | None, calendar: Calendar) -> None:
        self.limit = limit
        self.question = question
        self.item = item
        self.offices = calendar.shown, calendar.fewest, calendar.most
        self.rounds: list[OpenRound] = []
        self.stops: list[Stop] = []
        self.doings: list[Doing] = []

    # -- one entry

    def concerns(self, entry: Entry) -> bool:
        """An obligation per item looks at the acts about its item and at those about none."""
        return self.item is None or entry.item is None or entry.item == self.item

    def take(self, entry: Entry) -> None:
        if entry.kind != "act" or not self.concerns(entry):
            return
        starts = self.anchor(entry)
        self.restart(entry)
        self.stop(entry)
        self.extend(entry, starts=starts)
        self.perform(entry)

    def anchor(self, entry: Entry) -> bool:
        """Rule 2: does the anchor occur, and does it open a round?"""
        anchor = self.limit.anchor
        if entry.name not in anchor.actions:
            return False
        if anchor.where is not None and entry.fields.get(anchor.where) is not True:
            return False
        start = entry.day if anchor.day_field is None else entry.fields.get(anchor.day_field)
        if start is None:
            return False
        if self.rounds and self.limit.occurs == "first":
            return False
        if self.rounds and self.rounds[-1].running(entry.place):
            self.rounds[-1].repeated.append(entry.place)  # it opens nothing, and is noted
            return False
        self.open(entry.place, start)
        return True

    def open(self, place: Place, start: date) -> None:
        """A round begins: stops from before that still go on are in force in it from its first day."""
        shown, fewest, most = (Clock(self.limit, office, start) for office in self.offices)
        current = OpenRound(len(self.rounds) + 1, place, (shown, fewest, most))
        before = self.rounds[-1].opened if self.rounds else None
        self.rounds.append(current)
        for stop in self.stops:
            if stop.last is None or stop.last > start:
                for clock in current.clocks:
                    clock.begin(stop)
        # Rule 4: on the anchor's own day an act counts whatever its order, unless it closed an earlier round.
        for doing in self.doings:
            on_the_day = doing.place[0] >= start
            allowed = self.limit.early_counts and before is not None and doing.place > before
            if not doing.closed and current.act is None and (on_the_day or allowed):
                current.close(doing.place)
                doing.closed = True

    def restart(self, entry: Entry) -> None:
        """Rule 2: a running or stopped round goes on from here; after a past or closed one it opens the next."""
        if entry.name not in self.limit.restarts_on or not self.rounds:
            return
        current = self.rounds[-1]
        if entry.day < current.start:
            return  # the clock has not begun
        if current.running(entry.place):
            for clock in current.clocks:
                clock.restart(entry.place)
            current.restarted = entry.place
            current.in_doubt = False  # the extensions before it are gone
        else:
            self.open(entry.place, entry.day)
            self.rounds[-1].clocks[0].notes.append("opened by a restart")

    def stop(self, entry: Entry) -> None:
        """Rule 3.3: an end frees what began before it, about the same item if both are about one; then new stops."""
        for stop in self.stops:
            rule = self.limit.stops[stop.rule]
            about_another = stop.item is not None and entry.item is not None and stop.item != entry.item
            if entry.name in rule.ends and not about_another and stop.ended is None and stop.begun < entry.place:
                stop.ended = entry.place
        for number, rule in enumerate(self.limit.stops):
            if entry.name not in rule.begins:
                continue
            until = entry.fields.get(rule.end_field) if rule.end_field is not None else None
            stop = Stop(number, entry.place, entry.item, until)
            self.stops.append(stop)
            if self.rounds and self.rounds[-1].act is None:
                for clock in self.rounds[-1].clocks:
                    clock.begin(stop)

    def extend(self, entry: Entry, *, starts: bool) -> None:
        """Rule 3.4, for the round that was opened last."""
        if all(rule.action != entry.name for rule in self.limit.extensions):
            return
        if not self.rounds:
            return
        current = self.rounds[-1]
        if entry.day < current.start and not starts:
            return  # the clock has not begun; only the act that starts it may extend it
        if current.act is not None and current.act < entry.place:
            return  # it is closed: there is nothing to extend
        names = {rule.when[0] for rule in self.limit.extensions if rule.when is not None}
        answers = {name: read(self.question.entries, name, entry.place) for name in names}
        request = select(self.limit.extensions, entry, answers)
        request = request if not starts else type(request)(entry, request.rule, request.unknown, starts=True)
        outcome, *_ = [extend(clock, request) for clock in current.clocks]
        if outcome is not None:
            current.extensions.append(outcome)
            current.in_doubt = current.in_doubt or outcome.verdict == "needs_judgement"

    def perform(self, entry: Entry) -> None:
        """Rule 7: one act closes all rounds open before it; rule 4: on an earlier day than its start it is early."""
        if entry.name not in self.limit.do or (self.item is not None and entry.item != self.item):
            return
        doing = Doing(entry.place)
        for current in self.rounds:
            if current.act is None and entry.day >= current.start:
                current.close(entry.place)
                doing.closed = True
        self.doings.append(doing)

    # -- at the end

    def early(self, current: OpenRound) -> Place | None:
        """The first act after the round before was opened that came before this one's start and closed nothing."""
        before = [other.opened for other in self.rounds if other.number == current.number - 1]
        for doing in self.doings:
            if not doing.closed and doing.place[0] < current.start and all(doing.place > place for place in before):
                return doing.place
        return None

    def judged(self, current: OpenRound) -> Round:
        """The round as it stands at the end of the day one asks on."""
        today = self.question.today
        now: Place = (today, LATE)
        looked_at = current.act if current.act is not None else now
        day = min(looked_at[0], today)
        shown = current.clocks[0]
        stopped = shown.holding(looked_at) is not None
        until = shown.end_of_stops(looked_at) if stopped else None
        stopped = stopped and (until is None or until > current.start)  # it ends before the clock begins
        counted_to = until if until is not None else day
        lasts = [clock.last_day(counted_to) for clock in current.clocks]
        sum_ = shown.reckon(counted_to)
        unknown_end = stopped and until is None
        return Round(
            current.number,
            current.start,
            verdict_on(current, lasts, today, self.limit),
            item=self.item,
            end=None if unknown_end else sum_.end,
            last=None if unknown_end else lasts[0],
            low=None if unknown_end else min(lasts),
            high=None if unknown_end else max(lasts),
            held=sum(sum_.held.values()),
            stopped=stopped and current.act is None,
            projected=stopped and until is not None,
            act=current.act,
            early=self.early(current),
            extensions=tuple(current.extensions),
            repeated=tuple(current.repeated),
            notes=tuple(shown.notes),
            since=current.restarted or current.opened,
        )


def verdict_on(current: OpenRound, lasts: list[date], today: date, limit: Limit) -> str:
    """Rules 3 and 5: by the days on which it may end, the act that closed it, and today."""
    if current.act is not None:
        verdict = "provisional"  # in time by one calendar, late by another
        if all(current.in_time):
            return "pass"
        if not any(current.in_time):
            verdict = limit.late
        return "needs_judgement" if current.in_doubt else verdict
    now: Place = (today, LATE)
    if current.clocks[0].holding(now) is not None:
        return "pending"  # nothing stopped is overdue
    if today > max(lasts):
        verdict = "overdue" if limit.late == "breach" else "lapsed"
        return "needs_judgement" if current.in_doubt else verdict
    return "pending" if min(lasts) == max(lasts) else "provisional"


def forward_rounds(limit: Limit, question: Question, item: str | None, calendar: Calendar) -> list[Round]:
    """The rounds of a forward limit about one item."""
    books = Books(limit, question, item, calendar)
    waiting = question.entries
    if limit.anchor.fact is not None:
        # Rule 4: the round of a fact is open from the opening of the case; a changed date moves it.
        start = day_in_fact(waiting, limit.anchor.fact)
        if start is not None:
            books.open((question.opened, -1), start)
    day = min([question.opened, *(entry.day for entry in waiting)])
    while day <= question.today:
        while waiting and waiting[0].day == day:
            books.take(waiting.pop(0))
        day += ONE
    if not books.rounds:
        act = books.doings[0].place if books.doings else None
        return [Round(1, None, "incomplete" if act is not None else "pending", item=item, act=act)]
    return [books.judged(current) for current in books.rounds]


def simulate(limit: Limit, question: Question, calendar: Calendar) -> list[Round]:
    """All rounds of a limit, item by item, in order."""
    directions = {
        "within_after": forward_rounds,
        "at_least_after": minimum_rounds,
        "at_least_before": backward_rounds,
    }
    items: tuple[str | None, ...] = question.items if limit.per_item else (None,)
    walk = directions[limit.direction]
    return side_by_side(
        [
            [outcome for item in items for outcome in walk(limit, answers, item, calendar)]
            for answers in answered(limit, question)
        ]
    )
