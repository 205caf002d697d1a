"""The books of one round: what moved its end, in order, and where it ends by one calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from tests.simulator.calendar import ONE, OfficeDays, Roll, advance, counted, rolled
from tests.simulator.limit import Limit, Place


@dataclass
class Stop:
    """One stop: from an act, until an act or a day that was set (``until_day``)."""

    rule: int
    begun: Place
    item: str | None = None
    until_day: date | None = None
    ended: Place | None = None

    @property
    def last(self) -> date | None:
        """The last day it holds, once that is settled."""
        return self.ended[0] if self.ended is not None else self.until_day

    def holds_at(self, place: Place) -> bool:
        """True while it goes on at a place in time."""
        if place <= self.begun:
            return False
        if self.ended is not None:
            return place < self.ended
        # The day that was set is held to its end.
        return self.until_day is None or place[0] <= self.until_day


@dataclass(frozen=True)
class Move:
    """One entry of the books.

    ``stop``: days held; ``roll``: a stop that begins when only the roll is left; ``add``: so many units more; ``within``:
    another amount from the same start; ``set``: another last day.
    """

    kind: Literal["stop", "roll", "add", "within", "set"]
    place: Place
    stop: Stop | None = None
    on_last_day: bool = False
    units: int = 0
    day: date | None = None
    action: str | None = None


@dataclass
class Reckoning:
    """The end as it is reckoned, move by move."""

    end: date
    is_set: bool = False
    not_before: date | None = None
    held: dict[date, int] = field(default_factory=dict)


def days_after(day: date, last: date) -> Iterator[date]:
    day += ONE
    while day <= last:
        yield day
        day += ONE


class Clock:
    """The clock of one round by one calendar."""

    def __init__(self, limit: Limit, office: OfficeDays, start: date) -> None:
        self.limit = limit
        self.office = office
        self.start = start
        self.moves: list[Move] = []
        self.notes: list[str] = []

    # -- what happens to it

    def restart(self, place: Place) -> None:
        """Rule 2: from this day with the base amount; earlier extensions are gone, an open stop goes on."""
        going_on = [move.stop for move in self.moves if move.stop is not None and move.stop.holds_at(place)]
        self.start = place[0]
        self.notes.append("restart")
        self.moves = [Move("stop", place, stop) for stop in going_on]

    def begin(self, stop: Stop) -> None:
        """Rule 3.3: a stop is in force if it begins on or before the last day, or while the clock is stopped."""
        day = stop.begun[0]
        if (holding := self.holding(stop.begun)) is not None:
            # A prolongation from inside: it does what the other stop does, unless the end was put elsewhere since then.
            moved = any(move.kind in ("set", "within") and move.place > holding.place for move in self.moves)
            kind = "stop" if moved and day <= self.reckon(day).end else holding.kind
            self.moves.append(replace(holding, kind=kind, place=stop.begun, stop=stop))
            return
        last = self.last_day(day)
        if day > last:
            self.notes.append("stop after the last day")
            return  # it has no effect
        if day == last:
            self.notes.append("stop on the last day")
        if day <= self.reckon(day).end:
            self.moves.append(Move("stop", stop.begun, stop))
        else:
            self.notes.append("stop in the roll")
            self.moves.append(Move("roll", stop.begun, stop, on_last_day=day == last))

    def write(self, move: Move) -> None:
        self.moves.append(move)

    # -- what the books say

    def holding(self, place: Place) -> Move | None:
        """The entry of a stop that holds the clock at a place, if any does."""
        for move in self.moves:
            if move.stop is not None and move.stop.holds_at(place):
                return move
        return None

    def in_time(self, place: Place) -> bool:
        """Rules 1, 3.4: on or before the last day, or while the clock is stopped."""
        return self.holding(place) is not None or place[0] <= self.last_day(place[0])

    def without(self, action: str) -> Clock:
        """The same books without what one action wrote in them."""
        other = Clock(self.limit, self.office, self.start)
        other.moves = [move for move in self.moves if move.action != action]
        return other

    def reckon(self, now: date) -> Reckoning:
        """The end, move by move from the start; a stop that is open is taken as ending now."""
        limit = self.limit
        sum_ = Reckoning(counted(self.start, limit.amount, limit.counting, self.office))
        stops: list[Move] = []
        for move in self.moves:
            if move.stop is not None:
                stops.append(move)
                self._hold(move, sum_, now, weigh=False)
            elif move.kind == "add":
                # Rule 3.4: from the end on, one addition after the other.
                sum_.end, sum_.is_set = advance(sum_.end, move.units, limit.counting, self.office), False
            elif move.kind == "within":
                # Rule 3.4: the new amount from the same start, and all stops count.
                sum_ = Reckoning(counted(self.start, move.units, limit.counting, self.office))
                for stop in stops:
                    self._hold(stop, sum_, now, weigh=True)
            elif move.day is not None:
                # Rule 3.4: the day that was set; only days held after the act move it.
                sum_.end, sum_.is_set = move.day, True
                for day in sorted(sum_.held):
                    if day > move.place[0]:
                        self._move_by(sum_, day)
        return sum_

    def _hold(self, move: Move, sum_: Reckoning, now: date, *, weigh: bool) -> None:
        """Rule 3.3: the days after the one it begins on, up to and including its last, each only once."""
        stop = move.stop
        assert stop is not None
        begun, last = stop.begun[0], stop.last
        moves_the_end = move.kind == "stop" if not weigh else begun <= sum_.end
        for day in days_after(begun, now if last is None else min(last, now)):
            if day <= self.start or day in sum_.held:
                continue
            sum_.held[day] = 1 if self.counts(day) else 0
            if moves_the_end:
                self._move_by(sum_, day)
        if not moves_the_end and last is not None:
            # Only the roll was left: the first working day after the stop, or on its last day if it began on the last.
            first = rolled(last if move.on_last_day else last + ONE, "next", self.office)
            sum_.not_before = max(first, sum_.not_before or first)

    def counts(self, day: date) -> bool:
        """Rule 3.3: working days are held in a limit of working days, else calendar days."""
        return self.limit.unit != "working_day" or self.office.works(day)

    def _move_by(self, sum_: Reckoning, day: date) -> None:
        """One day was held: if it is one that counts, the end is one such day later."""
        if not self.counts(day):
            return
        sum_.end += ONE
        while not self.counts(sum_.end):
            sum_.end += ONE

    def last_day(self, now: date) -> date:
        """Rule 3.5: the end, rolled; a stop in the roll may make it later."""
        sum_ = self.reckon(now)
        last = rolled(sum_.end, self.roll_of(is_set=sum_.is_set), self.office)
        return last if sum_.not_before is None else max(last, sum_.not_before)

    def roll_of(self, *, is_set: bool) -> Roll:
        """Rule 6: a limit in calendar days, weeks, months or years rolls on, all else does not, set days too."""
        if self.limit.roll is not None:
            return self.limit.roll
        return "none" if is_set or self.limit.unit == "working_day" else "next"

    def end_of_stops(self, place: Place) -> date | None:
        """The day on which all stops that hold the clock will have ended, if all those days were set."""
        days = [move.stop.last for move in self.moves if move.stop is not None and move.stop.holds_at(place)]
        ends = [day for day in days if day is not None]
        return max(ends) if len(ends) == len(days) else None
