"""Suspensions of a running limit: the days on which its clock stands still, united so that each counts once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from zhengxie_flow.conditions import Scope, Trace, evaluate
from zhengxie_flow.engine.limits.anchors import AnchorState, LimitScope, occurrences, placed
from zhengxie_flow.engine.limits.answers import assumed
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model import limit as m
from zhengxie_flow.model.case import LAST, Key, end_of
from zhengxie_flow.model.limit import Anchor, Limit, Suspension
from zhengxie_flow.model.personal import readable
from zhengxie_flow.model.working import SuspensionPeriod

ONE = timedelta(days=1)
OPEN_END: Key = (date.max, 0)


@dataclass(frozen=True, slots=True)
class ClockStop:
    """Days not counted: after ``begin``, up to and including ``end`` (open until an act ends it).

    ``began`` is the place of the act behind it, where its days begin only later: with the start of the clock, or after
    those of the stop that it prolongs (``joins``).
    """

    begin: Key
    end: Key
    began: Key | None = None
    joins: bool = False

    @property
    def place(self) -> Key:
        """The place in time at which it takes effect among what else changes the clock."""
        return self.begin if self.began is None or not self.joins else self.began

    @property
    def open(self) -> bool:
        """True while nothing has ended it."""
        return self.end == OPEN_END

    def holds(self, place: Key) -> bool:
        """Return whether the clock stands still at a place in time."""
        return self.begin < place <= self.end

    def shown(self) -> SuspensionPeriod:
        """As the proof of a limit shows it."""
        return SuspensionPeriod(self.begin[0], None if self.open else self.end[0])


def suspensions(scope: LimitScope, limit: Limit) -> list[ClockStop]:
    """Every suspension of a limit so far, each by itself, in order of their beginnings."""
    stops = [stop for suspension in limit.suspended for stop in _stops(scope, suspension)]
    return sorted(stops, key=lambda stop: stop.begin)


def united(stops: Iterable[ClockStop], start: Key, until: Key) -> list[ClockStop]:
    """Suspensions from a start on, united: one that overlaps another holds the days that the other does not.

    Args:
        stops: The suspensions in order of their beginnings.
        start: The start of the clock; what was stopped before it goes on.
        until: The place in time by which they began.

    Returns:
        The suspensions after the start, no two of which share a day.
    """
    merged: list[ClockStop] = []
    for entire in stops:
        if entire.begin >= until:
            break
        if entire.end[0] <= start[0]:
            continue  # it holds no day after the start
        stop = entire if entire.begin >= start else replace(entire, begin=start, began=entire.begin)
        last = merged[-1] if merged else None
        if last is None or stop.begin > last.end:  # one that begins on the day the other ended, after it, is its own
            merged.append(stop)
        elif stop.end > last.end:
            merged.append(ClockStop(last.end, stop.end, stop.began or stop.begin, joins=True))
    return merged


def whole(stops: Iterable[ClockStop]) -> list[ClockStop]:
    """Suspensions with those that prolong them, as one each."""
    joined: list[ClockStop] = []
    for stop in stops:
        if stop.joins and joined and joined[-1].end == stop.begin:
            joined[-1] = replace(joined[-1], end=stop.end)
        else:
            joined.append(stop)
    return joined


def _stops(scope: LimitScope, suspension: Suspension) -> Iterator[ClockStop]:
    """Pair each beginning with what ends it: the day it carries itself, else the next end after it."""
    begins = list(occurrences(scope.view, suspension.from_, scope.item))
    if not begins:
        return
    places = [placed(begin) for begin in begins]
    ends = [_Ends.of(scope, part) for part in _alternatives(suspension.until)]
    for index, begin in enumerate(begins):
        key, later = places[index], places[index + 1 :]
        end = min(part.after(scope, begin, key, later) for part in ends)
        stop = ClockStop(key, end)
        if stop.end > stop.begin and _stops_in(scope, suspension, stop):
            yield stop


@dataclass(frozen=True, slots=True)
class _Ends:
    """The ends of a suspension: an anchor with its occurrences in order of time."""

    anchor: Anchor
    states: list[AnchorState]
    places: list[Key]

    @classmethod
    def of(cls, scope: LimitScope, anchor: Anchor) -> _Ends:
        states = sorted(occurrences(scope.view, anchor, scope.item), key=placed)
        return cls(anchor, states, [placed(state) for state in states])

    def after(self, scope: LimitScope, begin: AnchorState, key: Key, later: Sequence[Key]) -> Key:
        """The end of a suspension: the day its own beginning names, else the next act, or the last day of a limit.

        Where both acts are about an item of one type, only an act about the same item ends it.  A limit that ends it
        may start anew with each ``later`` beginning: it counts as it ran until then, if it had run out.
        """
        own = _own_end(scope.view, self.anchor, begin)
        if own is not None:
            return end_of(own)
        first = bisect_right(self.places, key)
        end = next((placed(state) for state in self.states[first:] if _same_item(begin, state)), OPEN_END)
        if not isinstance(self.anchor, m.DueAnchor):
            return end
        ends = [end]
        for place, last in [*((following, following[0] - ONE) for following in later), (None, scope.view.day)]:
            day = scope.due(self.anchor.due, scope.item, until=place).day
            ends += [(day, LAST)] if day is not None and key[0] <= day <= last else []
        return min(ends)


def _alternatives(anchor: Anchor) -> tuple[Anchor, ...]:
    """The ends of a suspension, the first of which ends it."""
    if not isinstance(anchor, m.FirstOf):
        return (anchor,)
    return tuple(part for inner in anchor.first_of for part in _alternatives(inner))


def _own_end(view: CaseView, until: Anchor, begin: AnchorState) -> date | None:
    """The day that the beginning act itself names as the end; None where it names none."""
    if not isinstance(until, m.NamedAnchor) or "." not in until.name or begin.event is None:
        return None
    action, _, field = until.name.rpartition(".")
    act = next((act for act in view.acts((action,)) if act.sequence == begin.event), None)
    value = None if act is None else readable(act.fields.get(field))
    return None if value is None else date.fromisoformat(str(value)[: len("2026-01-01")])


def _stops_in(scope: LimitScope, suspension: Suspension, stop: ClockStop) -> bool:
    """True where the condition of a suspension holds anywhere in it, from its beginning to its end, or to now."""
    when, view, item = suspension.when, scope.view, scope.item
    if when is None:
        return True
    act = next((later for later in view.past(view.case.timeline) if later.key == stop.begin), None)
    names, trace, unknown = Scope(act=act, item=item), Trace(), False
    for place in _places(view, stop):
        truth = evaluate(when, view.read_at(place), names, trace)
        if truth:
            return True
        unknown = unknown or truth is None
    return unknown and assumed(view, when, names, trace, stop.begin) is True


def _places(view: CaseView, stop: ClockStop) -> list[Key]:
    """The positions at which a condition may change in a suspension: its beginning, around every event, its end."""
    last = min(stop.end, view.until)
    keys = {act.key for act in view.past(view.case.timeline)}
    keys |= {entry.key for assertions in view.case.facts.values() for entry in assertions}
    inside = sorted(key for key in keys if stop.begin < key <= last)
    around = [place for key in inside for place in (key, (key[0], key[1] + 1))]
    return [(stop.begin[0], stop.begin[1] + 1), *(place for place in around if place <= last), last]


def _same_item(begin: AnchorState, end: AnchorState) -> bool:
    """True unless two acts are about different items of one type."""
    if begin.item is None or end.item is None or begin.item[0] != end.item[0]:
        return True
    return begin.item[1] == end.item[1]
