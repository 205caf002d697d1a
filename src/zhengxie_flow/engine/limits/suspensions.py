"""Suspensions of a running limit: the days on which its clock stands still, united so that each counts once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from zhengxie_flow.conditions import Scope, Trace, evaluate
from zhengxie_flow.engine.limits.anchors import AnchorState, Due, ItemRef, LimitScope, occurrences, placed
from zhengxie_flow.engine.limits.answers import assumed
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Item, Key
from zhengxie_flow.model.limit import Limit, Suspension
from zhengxie_flow.model.working import SuspensionPeriod

ONE = timedelta(days=1)
OPEN_END: Key = (date.max, 0)


@dataclass(frozen=True, slots=True)
class ClockStop:
    """Days not counted: after ``begin``, up to and including ``end`` (open until an act ends it)."""

    begin: Key
    end: Key

    @property
    def open(self) -> bool:
        """True while nothing has ended it."""
        return self.end == OPEN_END

    def shown(self) -> SuspensionPeriod:
        """As the proof of a limit shows it."""
        return SuspensionPeriod(self.begin[0], None if self.open else self.end[0])


def suspensions(scope: LimitScope, limit: Limit, start: Key) -> list[ClockStop]:
    """Every suspension since the start, in order, overlaps merged so that they count once."""
    suspended: list[ClockStop] = []
    for suspension in limit.suspended:
        suspended += _paired(scope, suspension, start)
    merged: list[ClockStop] = []
    for stop in sorted(suspended, key=lambda stop: stop.begin):
        if merged and stop.begin <= merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, stop.end))
        else:
            merged.append(stop)
    return merged


def _paired(scope: LimitScope, suspension: Suspension, start: Key) -> list[ClockStop]:
    """Pair each beginning with the next end after it; a beginning during a suspension begins nothing new."""
    stops: list[ClockStop] = []
    stopped: dict[ItemRef | None, Key] = {}  # until when, for each item that acts which stop it are about
    begins = list(occurrences(scope.view, suspension.from_, scope.item))
    for begin in begins:
        key = placed(begin)
        if key < stopped.get(begin.item, key):
            continue
        later = [following for following in map(placed, begins) if following > key]
        end = _next_end(scope, suspension, begin, later)
        if _stops_in(scope, suspension, ClockStop(key, end)):
            stopped[begin.item] = end
            if end > start:
                stops.append(ClockStop(max(key, start), end))
    return stops


def _stops_in(scope: LimitScope, suspension: Suspension, stop: ClockStop) -> bool:
    """True where the condition of a suspension holds anywhere in it, from its beginning to its end, or to now."""
    when, view, item = suspension.when, scope.view, scope.item
    if when is None:
        return True
    act = next((later for later in view.past(view.case.timeline) if later.key == stop.begin), None)
    names, trace, unknown = Scope(act=act, item=item, this=item), Trace(), False
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


def _next_end(scope: LimitScope, suspension: Suspension, begin: AnchorState, later: list[Key]) -> Key:
    """The end of a suspension: the next act that ends it, or the day of a limit that does, whichever comes first.

    Where both acts are about an item of one type, only an act about the same item ends it.  A limit that ends it may
    start anew with each ``later`` beginning: it counts as it ran until then, if it had run out.
    """
    view, item, key = scope.view, scope.item, placed(begin)
    ends = [
        state.key
        for state in occurrences(view, suspension.until, item)
        if state.key is not None and state.key > key and _same_item(begin, state)
    ]
    for until, last in [*((following, following[0] - ONE) for following in later), (None, view.day)]:
        days = _due_days(suspension.until, item, scope.due, until)
        ends += [(day, 2**61) for day in days if day is not None and key[0] <= day <= last]
    return min(ends, default=OPEN_END)


def _same_item(begin: AnchorState, end: AnchorState) -> bool:
    """True unless two acts are about different items of one type."""
    if begin.item is None or end.item is None or begin.item[0] != end.item[0]:
        return True
    return begin.item[1] == end.item[1]


def _due_days(anchor: Any, item: Item | None, due: Due, until: Key | None) -> list[date | None]:
    """The days that limits named in an anchor end on, as things stood up to a position on the timeline."""
    if hasattr(anchor, "due"):
        return [due(anchor.due, item, until=until).day]
    parts = getattr(anchor, "first_of", ())
    return [day for part in parts for day in _due_days(part, item, due, until)]
