"""Every lawful date of a process, from the days already set: earliest and latest, carried through the limits.

Each limit ties two acts by a monotone map of days, so the bounds can be carried back and forth until nothing moves.  A
contradiction is a set day, or today, against limits that cannot all be kept; the limits on the way are named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import assert_never

from zhengxie_flow.calendars import LimitCount, Snapshot
from zhengxie_flow.calendars.term import count_term
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.limits.counting_out import counted
from zhengxie_flow.engine.limits.term_rules import ordinary_rules
from zhengxie_flow.model.counting import elapsed
from zhengxie_flow.model.limit import ActAnchor, Anchor, DueAnchor, FirstOf, LastOf, Limit, NamedAnchor, Part, PeriodEnd

ONE = timedelta(days=1)
TURNS = 20
"""So often a limit may move a bound that rests on it: days off may settle a circle of limits after a few turns."""
Image = tuple[date, bool]
"""A day, and whether no notice to come is expected to move it."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A day an act must keep to, the limits (obligation ids) it comes from, nearest first, and whether it is firm."""

    day: date
    because: tuple[str, ...] = ()
    firm: bool = True


@dataclass(frozen=True, slots=True)
class LawfulDays:
    """The lawful days of an act; an open end is not bounded by any limit."""

    earliest: Bound | None = None
    latest: Bound | None = None
    planned: date | None = None

    @property
    def possible(self) -> bool:
        """True where there is a lawful day at all."""
        return self.earliest is None or self.latest is None or self.earliest.day <= self.latest.day


@dataclass(frozen=True, slots=True)
class Clash:
    """An act without a lawful day: the limits that leave it none, and the days on which a set act could be instead."""

    action: str
    because: tuple[str, ...]
    instead: dict[str, LawfulDays]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The lawful dates of every act that a limit ties to another."""

    spans: dict[str, LawfulDays]
    clashes: tuple[Clash, ...]
    edition: str


@dataclass(frozen=True, slots=True)
class _Tie:
    """``act`` lies not after (or not before) the image of ``anchor``."""

    obligation: str
    act: str
    anchor: str
    upper: bool
    image: Callable[[date], Image]


def schedule(
    compiled: CompiledProcess, calendar: Snapshot, plans: Mapping[str, date], today: date | None = None
) -> Schedule:
    """Carry the set days through all limits to a fixpoint.

    Contradictions are reported, with what would be possible if one of the set days were free.

    Args:
        compiled: The process.
        calendar: The calendar to count with.
        plans: The days of acts that are done or planned.
        today: The first day on which any other act can lie.

    Returns:
        The lawful days of every act, and the contradictions.

    Raises:
        CalendarError: ZX2008 for a set day outside the calendar's data.
    """
    for day in plans.values():
        calendar.is_working_day(day)  # raises for a day that cannot be counted from
    ties = tuple(_ties(compiled, calendar, today))
    spans = _spread(ties, plans, today, calendar)
    clashes = []
    for action, span in spans.items():
        if not span.possible and span.earliest is not None and span.latest is not None:
            because = tuple(dict.fromkeys((*span.earliest.because, *span.latest.because)))
            clashes.append(Clash(action, because, _instead(ties, plans, today, calendar, because)))
    return Schedule(spans, _nearest(clashes), calendar.calendar_hash)


def _nearest(clashes: list[Clash]) -> tuple[Clash, ...]:
    """One contradiction shows at every act on its way: those with the fewest limits are its source."""
    fewest = min((len(clash.because) for clash in clashes), default=0)
    return tuple(clash for clash in clashes if len(clash.because) == fewest)


def _instead(
    ties: tuple[_Tie, ...], plans: Mapping[str, date], today: date | None, calendar: Snapshot, because: tuple[str, ...]
) -> dict[str, LawfulDays]:
    """For each set act that the limits touch: its lawful days if it were not set."""
    touched = {name for tie in ties if tie.obligation in because for name in (tie.act, tie.anchor)}
    alternatives = {}
    for name in plans:
        if name in touched:
            rest = {other: day for other, day in plans.items() if other != name}
            span = _spread(ties, rest, today, calendar).get(name, LawfulDays())
            if span.possible:
                alternatives[name] = span
    return alternatives


def _ties(compiled: CompiledProcess, calendar: Snapshot, today: date | None) -> Iterator[_Tie]:
    """Every limit as ties between the acts that perform the duty and the acts its clock hangs on.

    Those of a volume count while it is attached.
    """
    actions = compiled.process.acts
    for name, duty in compiled.process.obligations.items():
        volume = compiled.volume_by_duty.get(name)
        if volume is not None and today is not None and volume.period(today) is None:
            continue
        for limit in _flat(duty.limit):
            for part in limit.candidates[-1:]:  # the last choice is the ordinary one
                for anchor in _acts(part.anchor):
                    if anchor in actions:
                        for act in duty.do:
                            if act != anchor and not elapsed(part.unit):
                                yield from _tied(
                                    partial(_Tie, name, act, anchor), part, _image(compiled, part, calendar)
                                )


def _flat(limit: Limit | None) -> Iterator[Limit]:
    if limit is None:
        return
    if not limit.parts_of:
        yield limit
    for part in limit.earliest_of:
        yield from _flat(part)


def _acts(anchor: Anchor | None) -> Iterator[str]:
    match anchor:
        case NamedAnchor():
            yield anchor.name
        case ActAnchor():
            yield from anchor.done if len(anchor.done) == 1 else ()
        case FirstOf():
            for part in anchor.first_of:
                yield from _acts(part)
        case LastOf():
            for part in anchor.last_of:
                yield from _acts(part)
        case DueAnchor() | PeriodEnd() | None:
            pass
        case _:
            assert_never(anchor)


def _image(compiled: CompiledProcess, part: Part, calendar: Snapshot) -> Callable[[date], Image]:
    """The day that a part of a limit leads to from a day."""

    def image(day: date) -> Image:
        rules = ordinary_rules(compiled, part, calendar, day)
        return _counted(counted(calendar, part, day) if rules is None else count_term(rules.term(), day, part.units))

    return image


def _tied(tie: Callable[..., _Tie], part: Part, image: Callable[[date], Image]) -> Iterator[_Tie]:
    direction = part.direction
    match direction:
        case "forward":
            yield tie(upper=False, image=_same)
            yield tie(upper=True, image=image)
        case "backward":
            yield tie(upper=True, image=image)
        case "minimum" | "earliest":
            yield tie(upper=False, image=image)
        case "by":
            yield tie(upper=True, image=_same)
        case "by_date":
            yield tie(upper=False, image=_same)
            yield tie(upper=True, image=_same)
        case "order_before":
            yield tie(upper=True, image=_same)
        case "order_after":
            yield tie(upper=False, image=_same)
        case _:
            assert_never(direction)


def _counted(count: LimitCount) -> Image:
    return count.date, count.status == "firm"


def _same(day: date) -> Image:
    return day, True


def _spread(
    ties: tuple[_Tie, ...], plans: Mapping[str, date], today: date | None, calendar: Snapshot
) -> dict[str, LawfulDays]:
    """Bounds after carrying every tie both ways until nothing moves; an impossible act is carried no further."""
    names = dict.fromkeys([name for tie in ties for name in (tie.anchor, tie.act)])
    spans = {name: LawfulDays() for name in names}
    for name in names:
        day = plans.get(name)
        if day is not None:
            spans[name] = LawfulDays(Bound(day), Bound(day), day)
        elif today is not None:
            spans[name] = LawfulDays(earliest=Bound(today))
    changed = True
    while changed:
        changed = False
        for tie in ties:
            changed |= _carry(spans, tie, calendar)
    return spans


def _carry(spans: dict[str, LawfulDays], tie: _Tie, calendar: Snapshot) -> bool:
    """Carry one tie both ways and return whether a bound moved."""
    act, anchor = spans[tie.act], spans[tie.anchor]
    if not act.possible or not anchor.possible:
        return False
    if tie.upper:
        moved = _lower_latest(spans, tie.act, anchor.latest, tie, _forward(tie, calendar))
        return _raise_earliest(spans, tie.anchor, act.earliest, tie, _first_reaching(tie, calendar)) or moved
    moved = _raise_earliest(spans, tie.act, anchor.earliest, tie, _forward(tie, calendar))
    return _lower_latest(spans, tie.anchor, act.latest, tie, _last_within(tie, calendar)) or moved


Step = Callable[[date], Image | None]


def _raise_earliest(spans: dict[str, LawfulDays], name: str, source: Bound | None, tie: _Tie, step: Step) -> bool:
    current = spans[name].earliest
    bound = None if source is None else _carried(source, tie, step)
    if bound is None or (current is not None and current.day >= bound.day):
        return False
    spans[name] = replace(spans[name], earliest=bound)
    if _in_circle(bound):
        spans[name] = replace(spans[name], latest=replace(bound, day=bound.day - ONE))
    return True


def _lower_latest(spans: dict[str, LawfulDays], name: str, source: Bound | None, tie: _Tie, step: Step) -> bool:
    current = spans[name].latest
    bound = None if source is None else _carried(source, tie, step)
    if bound is None or (current is not None and current.day <= bound.day):
        return False
    spans[name] = replace(spans[name], latest=bound)
    if _in_circle(bound):
        spans[name] = replace(spans[name], earliest=replace(bound, day=bound.day + ONE))
    return True


def _carried(source: Bound, tie: _Tie, step: Step) -> Bound | None:
    """A bound carried over a tie."""
    image = step(source.day)
    return None if image is None else Bound(image[0], (tie.obligation, *source.because), firm=source.firm and image[1])


def _in_circle(bound: Bound) -> bool:
    """True where limits push one another on without end, so that no day is left."""
    return bound.because.count(bound.because[0]) > TURNS


def _forward(tie: _Tie, calendar: Snapshot) -> Step:
    """The image itself, where the calendar reaches."""

    def step(day: date) -> Image | None:
        return tie.image(day) if calendar.first <= day <= calendar.last else None

    return step


def _first_reaching(tie: _Tie, calendar: Snapshot) -> Step:
    """The first day whose image is not before a day."""

    def step(day: date) -> Image | None:
        first = _search(calendar, lambda candidate: tie.image(candidate)[0] >= day, day)
        return None if first is None else (first, tie.image(first)[1])

    return step


def _last_within(tie: _Tie, calendar: Snapshot) -> Step:
    """The last day whose image is not after a day."""

    def step(day: date) -> Image | None:
        beyond = _search(calendar, lambda candidate: tie.image(candidate)[0] > day, day)
        return None if beyond is None else (beyond - ONE, tie.image(beyond - ONE)[1])

    return step


def _search(calendar: Snapshot, holds: Callable[[date], bool], near: date) -> date | None:
    """The first day in the year around a day from which on a monotone question is answered yes."""
    low = max(calendar.first.toordinal() + 400, near.toordinal() - 400)
    high = min(calendar.last.toordinal() - 400, near.toordinal() + 400)
    if low >= high or not holds(date.fromordinal(high)) or holds(date.fromordinal(low)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if holds(date.fromordinal(middle)):
            high = middle
        else:
            low = middle
    return date.fromordinal(high)
