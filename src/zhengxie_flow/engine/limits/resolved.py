"""A limit resolved on a case: its day, how firm it is, the proof of it; and several that are still possible, merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from zhengxie_flow.calendars import LimitCount, Snapshot
from zhengxie_flow.calendars.term import TermCount
from zhengxie_flow.engine.limits.anchors import AnchorState
from zhengxie_flow.engine.limits.extensions import AppliedExtension, merged_changes
from zhengxie_flow.engine.limits.running_limit import RunningLimit
from zhengxie_flow.engine.limits.suspensions import ONE, ClockStop, whole
from zhengxie_flow.engine.limits.term_rules import CountingRules
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.case import Key
from zhengxie_flow.model.counting import Direction, Unit, in_working_days, opens, unit_of_days
from zhengxie_flow.model.limit import Limit, Part
from zhengxie_flow.model.verdict import CountProof
from zhengxie_flow.model.working import CountedLimit, Interval, LimitProof, SkippedDay, UncountableLimit


@dataclass(frozen=True, slots=True)
class ResolvedLimit(CountProof):
    """A limit resolved: its day (last, latest or earliest, by direction) and how firm that day is.

    ``low`` and ``high`` are the earliest and the latest day it can still turn out to be; equal where it is firm.
    ``needs`` names the facts without which it is unknown which part counts, ``parameter`` a parameter without a value,
    ``moment`` the instant a limit in hours ends.
    """

    limit: Limit
    anchor: AnchorState
    snapshot: Snapshot
    part: Part | None = None
    day: date | None = None
    low: date | None = None
    high: date | None = None
    count: LimitCount | None = None
    clock: RunningLimit | None = None
    moment: datetime | None = None
    needs: tuple[str, ...] = ()
    parameter: str | None = None
    presumed: tuple[str, ...] = ()
    opened: Key | None = None  # the position from which a day that was set could be met
    differs: bool = False  # by answers nobody has given yet
    first: AnchorState | None = None  # the anchor before a restart
    number: int = 1  # of the round, counted from 1
    opened_at: Key | None = None  # the place at which the round was opened, where there are several
    forgotten: tuple[AppliedExtension, ...] = ()  # the extensions before it was started anew
    repeated: tuple[int, ...] = ()  # the occurrences of the anchor while the round ran, which open nothing
    rules: CountingRules | None = None  # by which it is counted, where it is not in the ordinary way
    beyond: CalendarError | None = None  # the day cannot be counted: it lies outside the calendar's data

    @property
    def began(self) -> AnchorState:
        """The anchor before any restart."""
        return self.first or self.anchor

    @property
    def direction(self) -> Direction:
        """The direction of the limit, in one word."""
        return (self.part or self.limit.candidates[0]).direction

    @property
    def counts_early(self) -> bool:
        """True where an act counts that came before the round was opened."""
        return (self.part or self.limit).early == "counts"

    @property
    def firm(self) -> bool:
        """True where no notice still to come is expected to move the day."""
        counted = self.count is None or self.count.status == "firm"
        return counted and not self.differs and self.low == self.high

    @property
    def suspended(self) -> bool:
        """True while the clock is stopped, and nobody knows until when."""
        return self.clock is not None and self.clock.suspended

    @property
    def stopped(self) -> bool:
        """True while the clock stands still, whether or not the day is set on which it goes on."""
        return self.clock is not None and (self.clock.suspended or self.clock.resumes)

    def stands_still(self, place: Key) -> bool:
        """Return whether the clock stands still at a place in time."""
        return self.clock is not None and self.clock.stopped(place)

    @property
    def projected(self) -> bool:
        """True where the day hangs on one on which an act is itself only due, or on a stop that has yet to end."""
        return self.anchor.projected or (self.clock is not None and self.clock.resumes)

    @property
    def running_since(self) -> date | None:
        """The day after which a forward limit has run without a stop; None where it does not run."""
        if self.direction != "forward" or not self.anchor.actual:
            return None
        return self.anchor.day if self.clock is None else self.clock.running_since

    @property
    def consumed(self) -> int:
        """The units that had run when it last stopped."""
        return 0 if self.clock is None or not self.anchor.actual else self.clock.consumed(self.snapshot)

    @property
    def stopped_since(self) -> date | None:
        """The day on which the clock stopped, while nobody knows until when; None where it is not stopped so."""
        return None if self.clock is None else self.clock.stopped_since

    @property
    def left(self) -> int | None:
        """The units that had not run when the clock stopped; None where it is not stopped."""
        return None if self.clock is None else self.clock.left

    @property
    def working_calendar(self) -> str | None:
        """The calendar whose working days measure what is left; None where days of the civil calendar do."""
        unit = unit_of_days((self.part or self.limit.candidates[0]).unit)
        return self.counted.name if in_working_days(unit) else None

    def days_after(self, last: date, day: date) -> tuple[int, Unit]:
        """The days after a last day, up to and including another: working days in a limit of those, else all."""
        unit = unit_of_days((self.part or self.limit.candidates[0]).unit)
        return self.counted.count(last + ONE, day) if in_working_days(unit) else (day - last).days, unit

    @property
    def counted(self) -> Snapshot:
        """The calendar whose working days it counts."""
        return self.snapshot if self.rules is None or self.rules.calendar is None else self.rules.calendar

    @property
    def changes(self) -> tuple[AppliedExtension, ...]:
        """The extensions that were attempted."""
        return self.clock.changes if self.clock is not None else ()

    def working(self) -> LimitProof | None:
        """The proof of the day: start, amount, every counted and every skipped day with its instrument."""
        if self.beyond is not None:
            return UncountableLimit(direction=self.direction, start=self.anchor.day, outside=self.beyond.params)
        if self.day is None or self.part is None:
            return None
        possible = None if self.low is None or self.high is None or self.firm else Interval(self.low, self.high)
        counted, skipped = self._days()
        return CountedLimit(
            direction=self.direction,
            start=self.anchor.day,
            amount=self.part.amount,
            unit=self.part.unit,
            convention=self.part.count or (self.count.count if self.count is not None else "event_excluded"),
            date=self.day,
            possible=possible,
            edition=self.snapshot.calendar_hash,
            moment=self.moment,
            extensions=tuple(change.shown() for change in self.changes) or None,
            suspended=tuple(stop.shown() for stop in whole(self._stops)) or None,
            counted=counted,
            skipped=skipped,
            counted_by=None if self.rules is None else self.rules.convention,
            excepted=None if self.rules is None else self.rules.excepted,
            steps=self.count.steps if isinstance(self.count, TermCount) else None,
        )

    @property
    def _stops(self) -> tuple[ClockStop, ...]:
        return self.clock.stops if self.clock is not None else ()

    def _days(self) -> tuple[tuple[date, ...], tuple[SkippedDay, ...]] | tuple[None, None]:
        """The days counted, without those on which the clock stood still, and the days passed over."""
        if self.count is None:
            return None, None
        skipped = (SkippedDay(day.date, day.reason, day.instrument) for day in self.count.skipped)
        return tuple(day for day in self.count.counted if not _inside(day, self._stops)), tuple(skipped)


def _inside(day: date, stops: tuple[ClockStop, ...]) -> bool:
    return any(stop.begin[0] < day <= stop.end[0] for stop in stops)


def merged(possible: Sequence[ResolvedLimit], needs: tuple[str, ...]) -> ResolvedLimit:
    """Merge what a limit comes to under every answer still possible: the strictest day, and the bounds of all.

    Args:
        possible: The limit under each set of answers, at least one.
        needs: The facts that would settle which of them it is.

    Returns:
        The only one, or one that is not firm and whose extensions in dispute need a judgement.
    """
    if len(possible) == 1:
        return possible[0]
    dated = [resolved for resolved in possible if resolved.day is not None]
    pick = max if opens(possible[0].direction) else min
    shown = pick(dated, key=lambda resolved: resolved.day or date.max) if dated else possible[0]
    differs = len({(resolved.day, resolved.low, resolved.high) for resolved in possible}) > 1
    if shown.clock is not None:
        runs = [resolved.clock.changes for resolved in possible if resolved.clock is not None]
        shown = replace(shown, clock=replace(shown.clock, changes=merged_changes(runs, needs)))
    if not differs:
        return replace(shown, needs=needs)
    open_ended = len(dated) < len(possible)
    low = min((resolved.low for resolved in dated if resolved.low is not None), default=None)
    high = None if open_ended else max((part.high for part in dated if part.high is not None), default=None)
    return replace(shown, low=low, high=high, differs=True, needs=needs)
