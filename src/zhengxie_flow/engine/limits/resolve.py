"""Time limits resolved on a case: the part that counts, its anchor, and the day it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.engine.compile import Closer
from zhengxie_flow.engine.exemptions.grants import exemptions_reaching, with_granted_amount
from zhengxie_flow.engine.limits.anchors import AnchorState, LimitScope, occurrences, of_act, placed, planned
from zhengxie_flow.engine.limits.answers import possible_outcomes
from zhengxie_flow.engine.limits.choosing import choose
from zhengxie_flow.engine.limits.counted_acts import closing_acts, matching, performed_by
from zhengxie_flow.engine.limits.counting_out import Counting, counted_out
from zhengxie_flow.engine.limits.extensions import AppliedExtension
from zhengxie_flow.engine.limits.recurring import Round, recurring_rounds
from zhengxie_flow.engine.limits.resolved import ResolvedLimit, merged
from zhengxie_flow.engine.limits.rounds import Occurrence, RoundOpening, Standing, came_first, openings, recurrence
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item, Key, end_of
from zhengxie_flow.model.counting import ends
from zhengxie_flow.model.limit import Limit, NamedAnchor, Part
from zhengxie_flow.model.process import Obligation


class OwedLimit(NamedTuple):
    """A limit as it is owed: for an item or the case, met by acts of ``do``, given up by acts of ``closers``."""

    limit: Limit
    item: Item | None
    do: tuple[str, ...]
    closers: tuple[Closer, ...] = ()
    jointly: tuple[str, ...] = ()


def owed_limit(view: CaseView, ident: str, duty: Obligation, item: Item | None) -> OwedLimit:
    """The limit of an obligation that has one, as it is owed for an item or the case."""
    assert duty.limit is not None  # noqa: S101  # the caller's condition
    return OwedLimit(duty.limit, item, duty.do, view.compiled.closers.get(ident, ()), duty.jointly)


def resolve_limit(view: CaseView, owed: OwedLimit, snapshot: Snapshot | None = None) -> ResolvedLimit:
    """Resolve the current round of a limit: the last one opened.

    Args:
        view: The case up to a position on its timeline.
        owed: The limit.
        snapshot: The calendar to count with, by default that of the view.

    Returns:
        The resolved limit; without a day where the anchor is unknown.  While conditions are unknown on which the day
        hangs, it is the strictest day still possible, with the bounds of the others.
    """
    return _current(view, owed, snapshot or view.calendar(), ())


def resolve_rounds(view: CaseView, owed: OwedLimit, snapshot: Snapshot | None = None) -> tuple[Round, ...]:
    """Resolve every round of a limit, oldest first: choose its part, find its start, count its day.

    Args:
        view: The case up to a position on its timeline, with the answers it assumes to what is unknown.
        owed: The limit.
        snapshot: The calendar to count with, by default that of the view.

    Returns:
        At least one round; where the anchor is unknown, one without a day.
    """
    return _rounds(view, owed, snapshot or view.calendar(), ())


def _current(view: CaseView, owed: OwedLimit, calendar: Snapshot, path: tuple[str, ...]) -> ResolvedLimit:
    """The current round; ``path`` names the obligations on the way, for a chain that leads back stays unknown."""
    if view.answers is not None:
        return _rounds(view, owed, calendar, path)[-1].limit
    outcomes = possible_outcomes(view, lambda assumed: _rounds(assumed, owed, calendar, path)[-1].limit)
    return merged(outcomes.results, outcomes.needs)


def _rounds(view: CaseView, owed: OwedLimit, calendar: Snapshot, path: tuple[str, ...]) -> tuple[Round, ...]:
    """The rounds of a limit under the answers that a view assumes."""
    limit, item = owed.limit, owed.item
    if limit.parts_of:
        parts = [_rounds(view, owed._replace(limit=part), calendar, path) for part in limit.parts_of]
        return _joined(parts, limit, view.day)
    scope = LimitScope(view, item, calendar, _DueDays(view, calendar, path))
    run = Counting(scope, limit)
    acts = tuple(performed_by(view, owed.do, item, owed.jointly))
    if limit.every is not None:
        return recurring_rounds(run, limit.every, acts)
    choice = choose(scope, limit)
    part, first = choice.part, choice.anchor
    if part is None or first.day is None:
        return (Round(counted_out(run, choice), acts),)
    how = recurrence(limit, part, owed.do)
    occurring = _only(first, part) if how == "first" else _occurrences(scope, limit, part, first)
    if how == "latest":
        return tuple(_minimum_rounds(run, occurring, acts))
    if part.direction in ("backward", "earliest", "order_before") or (part.direction == "by" and first.set_at is None):
        if how == "first":
            return (Round(counted_out(run, choice), acts),)
        return tuple(_backward_rounds(run, occurring, acts))
    occurring = _with_restarts(scope, limit, occurring, first)
    if len(occurring) <= 1:
        if first.moment is not None and part.early != "counts":
            acts = tuple(act for act in acts if not came_first(act, first))
        closing = _closing(view, owed, acts) if limit.extended_by or limit.suspended else ()
        until = _closed_at(view, closing, first.day)
        return (Round(counted_out(run, choice, until), acts, until),)
    closing = _closing(view, owed, acts)
    opened = openings(view, occurring, closing, partial(_standing, run))
    return tuple(_round(run, opening, number, owed.closers) for number, opening in enumerate(opened, 1))


def _closing(view: CaseView, owed: OwedLimit, acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """The acts that close rounds of a limit: those that meet it, and those after which it can be met no more."""
    closing = [closing.act for closing in closing_acts(view, owed.closers, owed.item) if not closing.needs]
    return acts if not closing else tuple(sorted((*acts, *closing), key=lambda act: act.key))


def _closed_at(view: CaseView, acts: Iterable[Act], begin: date) -> Key | None:
    """The place of the act that closes the only round of a limit: nothing later changes its clock."""
    return next((act.key for act in acts if view.deemed(act) >= begin), None)


def _only(first: AnchorState, part: Part) -> list[Occurrence]:
    return [_occurrence(first, part)]


def _occurrence(state: AnchorState, part: Part) -> Occurrence:
    """An occurrence at its place in time: of a day that was set, where it was set; of the end of a clock, that end."""
    opened = state.set_at if part.direction in ("by_date", "by") else None
    ends_clock = opened is None and state.day is not None and state.key == end_of(state.day)
    place = placed(state) if ends_clock else state.set_at or placed(state)
    return Occurrence(state, place, opened=opened, early=part.early == "counts")


def _occurrences(scope: LimitScope, limit: Limit, part: Part, first: AnchorState) -> list[Occurrence]:
    """Every occurrence of the anchors that the parts of a limit have, oldest first."""
    anchors = dict.fromkeys(candidate.anchor for candidate in _candidates(scope.view, limit, part))
    states = [
        state
        for anchor in anchors
        if anchor is not None
        for state in occurrences(scope.view, anchor, scope.item, scope.due)
    ]
    if len(states) <= 1:  # as it was resolved, a plan or a projection among it
        return _only(first, part)
    return sorted((_occurrence(state, part) for state in states), key=lambda occurrence: occurrence.place)


def _candidates(view: CaseView, limit: Limit, part: Part) -> Iterable[Part]:
    """The parts that a limit can come to, by choice or from the rules."""
    if limit.anchor is not None:
        return (part,)
    if limit.parameter is None:
        return limit.candidates
    return (*limit.candidates, *map(limit.filled, view.compiled.definition.parameters[limit.parameter].settings))


def _with_restarts(
    scope: LimitScope, limit: Limit, occurring: list[Occurrence], first: AnchorState
) -> list[Occurrence]:
    """The occurrences, with the acts that start the clock anew after the first of them."""
    if not limit.restarts_on or not first.actual:
        return occurring
    begin = occurring[0].place
    again = [
        Occurrence(of_act(scope.view, act), act.key, restarts=True, early=occurring[0].early)
        for act in matching(scope.view, limit.restarts_on, scope.item)
        if act.key > begin
    ]
    places = {occurrence.place for occurrence in again}
    rest = [occurrence for occurrence in occurring if occurrence.place not in places]
    return sorted((*rest, *again), key=lambda occurrence: occurrence.place)


def _standing(run: Counting, start: AnchorState, place: Key) -> Standing:
    """The standing of a clock just before a place in time: its last day, where it has one."""
    resolved = counted_out(run, choose(run.scope, run.limit, start), place)
    if resolved.day is None or resolved.stands_still(place) or resolved.direction == "order_after":
        return Standing(None, resolved)
    return Standing(end_of(resolved.day), resolved)


def _round(run: Counting, opening: RoundOpening, number: int, closers: tuple[Closer, ...]) -> Round:
    """A round as it is resolved: by its latest start, with what happened until it was closed or the next one opened."""
    limit = run.limit
    if opening.standing is not None:
        resolved: ResolvedLimit = opening.standing.limit
    else:
        resolved = counted_out(run, choose(run.scope, limit, opening.starts[-1]), opening.ended)
    if limit.extended_by and len(opening.starts) > 1:
        resolved = replace(resolved, forgotten=tuple(_forgotten(run, opening.starts)))
    if number > 1 or opening.repeated or len(opening.starts) > 1:
        opened_at = placed(opening.began) if number > 1 else None
        repeated = tuple(state.event for state in opening.repeated if state.event is not None)
        resolved = replace(resolved, first=opening.began, number=number, repeated=repeated, opened_at=opened_at)
    given_up = {closer.action for closer in closers}
    acts = tuple(act for act in opening.acts if act.action not in given_up) if closers else opening.acts
    closed = opening.acts[0].key if opening.acts else None
    return Round(resolved, acts, closed)


def _forgotten(run: Counting, starts: tuple[AnchorState, ...]) -> Iterator[AppliedExtension]:
    """The extensions of a clock before it was started anew: they stand on record, and lengthen nothing after it."""
    for start, following in pairwise(starts):
        yield from counted_out(run, choose(run.scope, run.limit, start), placed(following)).changes


def _minimum_rounds(run: Counting, occurring: list[Occurrence], acts: tuple[Act, ...]) -> Iterator[Round]:
    """A round for each act, judged by the latest occurrence before it; one to come after the last occurrence."""
    last: Occurrence | None = None
    number = 0
    for act in acts:
        before = _before(run.scope.view, occurring, act)
        if before is not None:
            last, number = before, number + 1
            yield Round(replace(counted_out(run, choose(run.scope, run.limit, last.state)), number=number), (act,))
    if occurring[-1] is not last:
        coming = counted_out(run, choose(run.scope, run.limit, occurring[-1].state))
        yield Round(replace(coming, number=number + 1), ())


def _before(view: CaseView, occurring: list[Occurrence], act: Act) -> Occurrence | None:
    """The latest occurrence before an act; on one day the first one counts whatever its order."""
    day = view.deemed(act)
    come = [occurrence for occurrence in occurring if occurrence.state.day is not None and occurrence.state.day <= day]
    earlier = [occurrence for occurrence in come if occurrence.place < act.key]
    return earlier[-1] if earlier else next((entry for entry in come if entry.place[0] <= day), None)


def _backward_rounds(run: Counting, occurring: list[Occurrence], acts: tuple[Act, ...]) -> Iterator[Round]:
    """A round for each occurrence, closed only by acts after the occurrence before; the last one for a later plan."""
    states = [occurrence.state for occurrence in occurring]
    places = [occurrence.place for occurrence in occurring]
    if (plan := _planned_after(run.scope, run.limit, occurring[-1])) is not None:
        states.append(plan)
    for number, state in enumerate(states, 1):
        counting = acts if number == 1 else tuple(act for act in acts if act.key > places[number - 2])
        yield Round(replace(counted_out(run, choose(run.scope, run.limit, state)), number=number), counting)


def _planned_after(scope: LimitScope, limit: Limit, last: Occurrence) -> AnchorState | None:
    """The day for which the anchor is planned again after its last occurrence."""
    anchor = limit.anchor
    if not isinstance(anchor, NamedAnchor) or not last.state.actual:
        return None
    return planned(scope.view, anchor.name, scope.item, since=last.place)


def _joined(parts: list[tuple[Round, ...]], limit: Limit, today: date) -> tuple[Round, ...]:
    """The rounds of the earliest or latest of several limits; a part with fewer rounds stays in its last.

    A part that is mere order after something ends nothing: what was done before that does not count.
    """
    ending = [part for part in parts if part[0].limit.direction != "order_after"]
    if not ending:
        ending = parts
    begins = [part[0].limit.began for part in parts if part not in ending]
    count = max(map(len, ending))
    rounds = ([_since(part[min(index, len(part) - 1)], begins) for part in ending] for index in range(count))
    return tuple(_capped(joined, limit, number, today) for number, joined in enumerate(rounds, 1))


def _since(round_: Round, begins: Sequence[AnchorState]) -> Round:
    """A round with the acts alone that were done once all of these had happened."""
    if not begins:
        return round_
    acts = tuple(act for act in round_.acts if all(begin.actual and placed(begin) < act.key for begin in begins))
    return round_._replace(acts=acts)


def _binding(dated: list[Round], limit: Limit, today: date) -> list[Round]:
    """The rounds of which the earliest counts: once a day has passed, none that is only projected."""
    firm = [part for part in dated if not part.limit.anchor.projected]
    passed = any(part.limit.day is not None and part.limit.day < today for part in firm)
    return firm if limit.joins_first and passed else dated


def _order(part: Round) -> tuple[date, bool]:
    """Rounds by their days; on one day what is only projected comes last."""
    return part.limit.day or date.max, part.limit.anchor.projected


def _capped(rounds: list[Round], limit: Limit, number: int, today: date) -> Round:
    """The earliest or latest of several limits; the latest is known only when all are."""
    dated = [part for part in rounds if part.limit.day is not None]
    if not dated or (limit.latest_of and len(dated) < len(rounds)):
        chosen = next(part for part in rounds if part.limit.day is None)
    else:
        pick = max if limit.latest_of else min
        chosen = pick(_binding(dated, limit, today), key=_order)
    return chosen._replace(limit=replace(chosen.limit, number=number))


@dataclass(slots=True)  # made for every limit: a frozen one takes three times as long
class _DueDays:
    """The days that other duties' limits end, met on the way to a limit; ``path`` names the duties on that way."""

    view: CaseView
    calendar: Snapshot
    path: tuple[str, ...]

    def __call__(self, obligation: str, item: Item | None, /, *, until: Key | None = None) -> AnchorState:
        """The day another duty's current round ends; minimum limits and mere order end nothing."""
        view = self.view if until is None else self.view.at(until)
        owed = self._owed(view, obligation, item)
        if owed is None:
            return AnchorState("unknown", waits_for=(obligation,))
        return self._ending(view, obligation, owed, _current(view, owed, self.calendar, (*self.path, obligation)))

    def rounds(self, obligation: str, item: Item | None, /) -> tuple[AnchorState, ...]:
        """The days the rounds of another duty end."""
        owed = self._owed(self.view, obligation, item)
        if owed is None:
            return ()
        rounds = _rounds(self.view, owed, self.calendar, (*self.path, obligation))
        ends_ = [self._ending(self.view, obligation, owed, part.limit) for part in rounds]
        return tuple(state for state in ends_ if state.day is not None)

    def _owed(self, view: CaseView, obligation: str, item: Item | None) -> OwedLimit | None:
        duty = view.compiled.obligation(obligation)
        owner = item if item is not None and duty.for_ == item.type else None
        if obligation in self.path or duty.limit is None or (duty.for_ is not None and owner is None):
            return None
        return owed_limit(view, obligation, duty, owner if duty.for_ is not None else item)

    def _ending(self, view: CaseView, obligation: str, owed: OwedLimit, resolved: ResolvedLimit) -> AnchorState:
        """The end of a round of another duty, as a grant may have changed it."""
        duty = view.compiled.obligation(obligation)
        owner = owed.item if duty.for_ is not None else None
        limit = with_granted_limit(view, obligation, duty, owner, resolved)
        if limit is not None:
            changed = _current(view, owed._replace(limit=limit), self.calendar, (*self.path, obligation))
            resolved = _later(resolved, changed)
        if not ends(resolved.direction) or resolved.day is None:
            waits_for = resolved.anchor.waits_for or (obligation,)
            return AnchorState("unknown", waits_for=waits_for, by_time=resolved.suspended)
        return _ending(view, resolved, resolved.day)


def with_granted_limit(
    view: CaseView, ident: str, duty: Obligation, item: Item | None, resolved: ResolvedLimit
) -> Limit | None:
    """A duty's limit as the latest grant leaves it that was given in time and only changes its amount, else None."""
    if resolved.day is None or duty.limit is None:
        return None
    for effect in exemptions_reaching(view, ident, duty.law, item):
        if (
            effect.grant is None
            or effect.grant.act.key > end_of(resolved.day)
            or effect.grant.end < end_of(resolved.day)
        ):
            continue
        if any(act.key < effect.grant.act.key for act in matching(view, duty.do, item)):
            continue  # performed by then: there was nothing left to make shorter
        return with_granted_amount(view, duty.limit, effect, item)
    return None


def _later(ordinary: ResolvedLimit, less: ResolvedLimit) -> ResolvedLimit:
    """The resolved limit after shortening; a lift never asks for more."""
    return less if less.day is not None and ordinary.day is not None and less.day > ordinary.day else ordinary


def _ending(view: CaseView, resolved: ResolvedLimit, day: date) -> AnchorState:
    """The end of a resolved limit as an anchor: at the end of its last day, still to come (it may move) or reached."""
    runs = resolved.anchor.actual or resolved.anchor.by_time
    reached = resolved.anchor.actual and day <= view.day
    return replace(
        resolved.anchor,
        kind="actual" if reached else "projected" if resolved.projected else "planned",
        day=day,
        key=end_of(day),
        low=resolved.low,
        high=resolved.high,
        moment=resolved.moment,
        by_time=runs and not reached,
        set_at=resolved.anchor.key if resolved.anchor.actual else None,
    )
