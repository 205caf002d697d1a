"""Rounds of a limit: each occurrence of its anchor opens one, if the one before is closed or its last day is over.

Of a duty and item at most one round is open and not past.  A restart before the last day is over goes on with the same
round; after it, or once the round is closed, it opens the next.  So nothing that happens later takes a round away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, assert_never

from zhengxie_flow.engine.limits.anchors import AnchorState
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import BEFORE_ALL, Act, Key
from zhengxie_flow.model.limit import FirstOf, LastOf, Limit, NamedAnchor, Part

Recurrence = Literal["first", "each", "latest"]
"""The occurrences of an anchor that count: the first, each by a round of its own, or the latest before an act."""


def recurrence(limit: Limit, part: Part, do: Sequence[str] = ()) -> Recurrence:
    """The occurrences of the anchor of a part that open rounds, by the word of the limit or by its direction.

    What is only to be done after itself (``do``), in no time that is set, is asked for once.
    """
    direction, anchor = part.direction, part.anchor
    match direction:
        case "forward" | "by_date" | "by":
            return limit.occurrence or ("first" if isinstance(anchor, FirstOf | LastOf) else "each")
        case "order_after":
            itself = isinstance(anchor, NamedAnchor) and anchor.name in do
            return limit.occurrence or ("first" if itself or isinstance(anchor, FirstOf | LastOf) else "each")
        case "backward" | "earliest" | "order_before":
            return limit.occurrence or "first"
        case "minimum":
            return "first" if limit.occurrence == "first" else "latest"
        case _:
            assert_never(direction)


@dataclass(frozen=True, slots=True)
class RoundOpening:
    """The opening of a round.

    Attributes:
        began: The occurrence of the anchor that opened it.
        starts: The starts of its clock, the latest last: ``began``, then the acts that restarted it.
        until: The opening of the next round; None for the last.
        repeated: The occurrences while it ran, which open nothing.
        acts: The acts that may close it, oldest first.
        standing: Its clock as it stood when the next one opened, where nothing had closed it by then.
    """

    began: AnchorState
    starts: tuple[AnchorState, ...]
    until: Key | None = None
    repeated: tuple[AnchorState, ...] = ()
    acts: tuple[Act, ...] = ()
    standing: Standing | None = None

    @property
    def ended(self) -> Key | None:
        """The place from which nothing changes its clock: of the act that closed it, or of the next opening."""
        closed = self.acts[0].key if self.acts else None
        return closed if self.until is None else self.until if closed is None else min(closed, self.until)


class Occurrence(NamedTuple):
    """An occurrence of an anchor at its place in time, or (``restarts``) an act that starts the clock anew.

    ``opened`` is the place from which a day that was set can be met; None where the occurrence is its own place.
    ``early``: an act before it counts too.
    """

    state: AnchorState
    place: Key
    restarts: bool = False
    opened: Key | None = None
    early: bool = False


class Standing(NamedTuple):
    """The standing of a clock just before a place in time.

    ``last`` is the place up to which it may be met; None: without end, for a stopped clock runs out for nobody.
    """

    last: Key | None
    limit: Any


Clock = Callable[[AnchorState, Key], Standing]
"""The standing of a clock that started at a state, just before a place in time."""


def openings(
    view: CaseView, occurrences: Sequence[Occurrence], acts: Sequence[Act], clock: Clock
) -> Iterator[RoundOpening]:
    """Divide the occurrences of an anchor among rounds.

    Args:
        view: The case up to a position on its timeline.
        occurrences: The occurrences and restarts in order of time, the first an occurrence.
        acts: The acts that close a round, in order of time.
        clock: Gives the standing of a clock.

    Yields:
        The openings, oldest first.
    """
    began, starts = occurrences[0], [occurrences[0].state]
    repeated: list[AnchorState] = []
    closers: set[int] = set()
    before: list[Act] = []  # the acts that closed the rounds so far, or will
    closing = _closing(view, acts, began, closers)
    earlier: Key | None = None
    for occurrence in occurrences[1:]:
        begin = starts[-1].day
        if occurrence.restarts and begin is not None and occurrence.place[0] < begin:
            continue  # the clock has not begun
        closed = bool(closing) and closing[0].key < occurrence.place
        standing = None if closed else clock(starts[-1], occurrence.place)
        if standing is not None and not _over(standing, occurrence.place):
            (starts if occurrence.restarts else repeated).append(occurrence.state)
            continue
        yield RoundOpening(began.state, tuple(starts), occurrence.place, tuple(repeated), tuple(closing), standing)
        before += closing[:1]
        closers |= {act.sequence for act in before if act.key < occurrence.place}
        earlier, began, starts, repeated = began.place, occurrence, [occurrence.state], []
        closing = _closing(view, acts, began, closers, earlier)
    yield RoundOpening(began.state, tuple(starts), None, tuple(repeated), tuple(closing))


def _over(standing: Standing, place: Key) -> bool:
    """True where the last day of a clock is over at a place in time."""
    return standing.last is not None and place > standing.last


def _closing(
    view: CaseView, acts: Sequence[Act], began: Occurrence, closers: Collection[int], earlier: Key | None = None
) -> list[Act]:
    """The acts that count for a round, the first of which closes it; ``earlier``: the opening of the round before."""
    if began.early:
        since = BEFORE_ALL if earlier is None else earlier
        return [act for act in acts if act.key > since and act.sequence not in closers]
    if began.opened is not None:
        return [act for act in acts if act.key >= began.opened]
    return [act for act in acts if _counts(view, act, began, closers)]


def _counts(view: CaseView, act: Act, began: Occurrence, closers: Collection[int]) -> bool:
    """True for an act from the day on from which a round counts.

    One recorded before what opened the round counts too, unless it closed an earlier round; one that came first by the
    instants of both does not, whatever was recorded first.
    """
    day, start = view.deemed(act), began.state.day
    if start is None or day < start:
        return start is None
    if day == start and came_first(act, began.state):
        return False
    return act.key > began.place or act.sequence not in closers


def came_first(act: Act, start: AnchorState) -> bool:
    """True for an act that was done before a clock started, by the instants of both."""
    occurred = act.event.occurred if act.event is not None else None
    return isinstance(occurred, datetime) and start.moment is not None and occurred < start.moment
