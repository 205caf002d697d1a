"""Anchors of time limits: an act that happened, a day set for it, or an event not yet known.

An anchor is *actual* (the act happened), *planned* (its latest plan, or a day set), *projected* (the day it is itself
due, or a day counted from such a day, through chains of any length) or *unknown*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol, assert_never

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.exemptions.grants import exemptions_reaching, holds_at
from zhengxie_flow.engine.limits.answers import holds
from zhengxie_flow.engine.limits.counted_acts import closing_acts, matching
from zhengxie_flow.engine.limits.periods import last_day, named_start
from zhengxie_flow.engine.state_machine.reachability import still_possible
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model import limit as m
from zhengxie_flow.model.case import BEGINNING, Act, Item, Key, end_of, number_of
from zhengxie_flow.model.limit import Anchor
from zhengxie_flow.model.personal import withheld
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import AnchorRef

ItemRef = tuple[str, str]
"""An item by its type and id."""


class Due(Protocol):
    """The day another obligation's limit ends, as an anchor; handed in by the limits, which anchors do not know."""

    def __call__(self, obligation: str, item: Item | None, /, *, until: Key | None = None) -> AnchorState:
        """As things stand, or stood up to a position on the timeline: by its current round."""

    def rounds(self, obligation: str, item: Item | None, /) -> tuple[AnchorState, ...]:
        """The day each of its rounds ends that has one, oldest first."""


@dataclass(frozen=True, slots=True)
class LimitScope:
    """The scope in which a limit is counted: the case, the item the duty is owed for, the calendar, other due days."""

    view: CaseView
    item: Item | None
    calendar: Snapshot
    due: Due


@dataclass(frozen=True, slots=True)
class AnchorState:
    """The resolved anchor of a limit.

    ``low`` and ``high`` bound a planned day that is itself computed on unannounced days; ``moment`` is the instant
    where one is known (limits in hours need it); ``waits_for`` names what would make it known, ``key`` the
    position on the timeline.  ``by_time`` is true for a day to come that needs no act: a day set, or
    the end of a clock that runs or is stopped.  ``item`` is what the act was about; ``set_at`` the position from which
    a set day (the value of a fact or field, the end of a clock) could be met.
    """

    kind: str  # actual | planned | projected | unknown
    day: date | None = None
    key: Key | None = None
    event: int | None = None
    low: date | None = None
    high: date | None = None
    waits_for: tuple[str, ...] = ()
    moment: datetime | None = None
    by_time: bool = False
    item: ItemRef | None = None
    set_at: Key | None = None

    @property
    def actual(self) -> bool:
        """True where it happened."""
        return self.kind == "actual"

    @property
    def projected(self) -> bool:
        """True for a day on which another act is itself only due, or that is counted from one."""
        return self.kind == "projected"

    @property
    def whole_day(self) -> bool:
        """True for a civil day set by a fact or a field: an act before it is done on an earlier day.

        An act, an instant and the end of a clock are places in a day.
        """
        placed_in_day = self.moment is not None or self.day is None or self.key == end_of(self.day)
        return self.set_at is not None and not placed_in_day

    def reference(self) -> AnchorRef:
        """The reference to it that a verdict shows."""
        return AnchorRef(self.kind, self.day, self.event)


def of_act(view: CaseView, act: Act) -> AnchorState:
    """An act as an anchor, on the day it counts for."""
    occurred = act.event.occurred if act.event is not None else None
    moment = occurred if isinstance(occurred, datetime) else None
    kind = view.compiled.action(act.action).item_type if act.item is not None else None
    item = None if kind is None or act.item is None else (kind, act.item)
    return AnchorState("actual", view.deemed(act), act.key, act.sequence, moment=moment, item=item)


def resolve_anchor(
    view: CaseView, anchor: Anchor, item: Item | None, due: Due, since: Key | None = None
) -> AnchorState:
    """Resolve an anchor in a view; acts before the place ``since`` are no anchor."""
    match anchor:
        case m.NamedAnchor():
            return _named(view, anchor.name, item, due, since)
        case m.ActAnchor():
            states = occurrences(view, anchor, item)
            state = next((state for state in states if since is None or placed(state) >= since), None)
            return AnchorState("unknown", waits_for=anchor.done) if state is None else state
        case m.DueAnchor():
            return due(anchor.due, item)
        case m.PeriodEnd():
            return _end_of_period(view, anchor)
        case m.FirstOf():
            return _combined([resolve_anchor(view, part, item, due, since) for part in anchor.first_of], first=True)
        case m.LastOf():
            return _combined([resolve_anchor(view, part, item, due, since) for part in anchor.last_of], first=False)
        case _:
            assert_never(anchor)


def occurrences(view: CaseView, anchor: Anchor, item: Item | None, due: Due | None = None) -> Iterator[AnchorState]:
    """Every time an anchor happened so far, oldest first: each of its acts, each day that its acts name.

    Args:
        view: The case up to a position on its timeline.
        anchor: The anchor.
        item: The item the duty is owed for, where it is owed for each.
        due: Gives the days other duties end, each of their rounds; None leaves out anchors that hang on them.
    """
    match anchor:
        case m.NamedAnchor() if anchor.name in view.compiled.process.acts:
            yield from (of_act(view, act) for act in matching(view, (anchor.name,), item))
        case m.NamedAnchor() if (field := _field_of_acts(view, anchor.name)) is not None:
            action, part = field
            dated = (
                _dated(view, act.fields.get(part), act.key, anchor.name) for act in matching(view, (action,), item)
            )
            yield from (state for state in dated if state.day is not None)
        case m.ActAnchor():
            for act in matching(view, anchor.done, item):
                then = view.read_at((act.key[0], act.key[1] + 1))
                if holds(view, anchor.where, then, Scope(act=act, item=item)):
                    yield of_act(view, act)
        case m.FirstOf():
            states = [state for part in anchor.first_of for state in occurrences(view, part, item, due)]
            yield from sorted(states, key=placed)
        case m.NamedAnchor() | m.PeriodEnd() | m.LastOf():
            state = resolve_anchor(view, anchor, item, due or NOTHING_DUE)
            if state.actual:
                yield state
        case m.DueAnchor():
            yield from () if due is None else due.rounds(anchor.due, item)
        case _:
            assert_never(anchor)


def _field_of_acts(view: CaseView, name: str) -> tuple[str, str] | None:
    """The action and the field that a dotted name means; None for any other name."""
    action, _, part = name.rpartition(".")
    return (action, part) if action in view.compiled.process.acts else None


class _NothingDue:
    """No day of another duty is known."""

    def __call__(self, obligation: str, _item: Item | None, /, *, until: Key | None = None) -> AnchorState:  # noqa: ARG002
        return AnchorState("unknown", waits_for=(obligation,))

    def rounds(self, _obligation: str, _item: Item | None, /) -> tuple[AnchorState, ...]:
        return ()


NOTHING_DUE = _NothingDue()


def _end_of_period(view: CaseView, anchor: m.PeriodEnd) -> AnchorState:
    """The last day of the period that a fact names, else of the one in which the case began; it comes by itself."""
    assertion = None if anchor.named_by is None else view.assertion(anchor.named_by)
    value = None if assertion is None or withheld(assertion.value) else assertion.value
    day = last_day(anchor.end_of, named_start(anchor.end_of, value) or view.case.opened)
    come = day <= view.day
    kind = "actual" if come else "planned"
    return AnchorState(kind, day, end_of(day) if come else None, by_time=not come, set_at=BEGINNING)


def _combined(parts: list[AnchorState], *, first: bool) -> AnchorState:
    """The earliest of those known, or the latest once all are known; what happened goes before what is planned."""
    dated = [part for part in parts if part.day is not None]
    waits_for = tuple(name for part in parts for name in part.waits_for)
    if not dated or (not first and len(dated) < len(parts)):
        return AnchorState("unknown", waits_for=waits_for)
    happened = [part for part in dated if part.actual]
    if first and happened:
        return min(happened, key=placed)
    if not first and len(happened) == len(parts):
        return max(happened, key=placed)
    chosen = (min if first else max)(dated, key=placed)
    comes = [part.actual or part.by_time for part in dated]
    kind = "projected" if any(part.projected for part in dated) else "planned"
    return replace(chosen, kind=kind, waits_for=waits_for, by_time=any(comes) if first else all(comes))


def placed(state: AnchorState) -> Key:
    """The position of an anchor on the timeline: its act's, else the beginning of its day."""
    return state.key or (state.day or date.max, 0)


def _named(view: CaseView, name: str, item: Item | None, due: Due, since: Key | None) -> AnchorState:
    process = view.compiled.process
    if name in process.acts:
        return _action(view, name, item, due, since)
    if item is not None and (field := view.item_field(item, name)) is not None:
        return _dated(view, field.value, item.key, name)
    if "." in name:
        action, _, part = name.rpartition(".")
        if (output := view.output(action, part, Scope(item=item))) is not None:
            state = replace(_dated(view, output.value, BEGINNING, name), set_at=BEGINNING)
            return state if output.value is not None else replace(state, waits_for=output.needs or (name,))
        acts = list(matching(view, (action,), item))
        if not acts:
            return AnchorState("unknown", waits_for=(action,))
        naming = next((act for act in acts if act.fields.get(part) is not None), acts[0])
        return _dated(view, naming.fields.get(part), naming.key, name)
    assertion = view.assertion(name)
    if assertion is None or assertion.value is False:
        return AnchorState("unknown", waits_for=(name,))
    if assertion.value is True:
        assertion = view.since_true(name) or assertion
        return AnchorState("actual", assertion.key[0], assertion.key, number_of(assertion.key) or None)
    return replace(_dated(view, assertion.value, assertion.key, name), set_at=BEGINNING)


def _dated(view: CaseView, value: Any, key: Key, name: str) -> AnchorState:
    """An anchor that is the value of a date or instant; a day still to come is a plan."""
    if value is None or withheld(value):
        return AnchorState("unknown", waits_for=(name,))
    text = str(value)
    moment = datetime.fromisoformat(text) if len(text) > len("2026-01-01") else None
    day = date.fromisoformat(text) if moment is None else moment.astimezone(view.case.zone).date()
    come = day <= view.day
    kind = "actual" if come else "planned"
    return AnchorState(kind, day, (day, key[1]), number_of(key) or None, moment=moment, by_time=not come, set_at=key)


def _action(view: CaseView, name: str, item: Item | None, due: Due, since: Key | None) -> AnchorState:
    """An action: its first act, else its latest plan, else the day it is itself due by a limit."""
    act = next((act for act in matching(view, (name,), item) if since is None or act.key >= since), None)
    if act is not None:
        return of_act(view, act)
    plan = planned(view, name, item)
    if plan is not None:
        return plan
    projected = _projected(view, name, item, due)
    if projected is None or projected.day is None:
        return AnchorState("unknown", waits_for=(name,))
    return replace(projected, kind="projected", key=None, event=None, waits_for=(name,), by_time=False, set_at=None)


def planned(view: CaseView, name: str, item: Item | None, since: Key | None = None) -> AnchorState | None:
    """The day an action is planned for by the latest plan after a place in time; None without one."""
    if name not in view.compiled.process.acts:
        return None
    owner = item.id if item is not None and view.compiled.action(name).item_type == item.type else None
    day = view.plan(name, owner, since)
    return None if day is None else AnchorState("planned", day, waits_for=(name,))


def _projected(view: CaseView, name: str, item: Item | None, due: Due) -> AnchorState | None:
    """The day an action not done is itself due, by the one duty that names it and nothing else; None without one.

    The duty has to be owed still, and the action allowed in a state that the case can still come to.
    """
    duties = view.compiled.performs.get(name, ())
    if len(duties) != 1:
        return None
    duty = view.compiled.obligation(duties[0])
    if duty.only_act is None or duty.limit is None or not duty.obliges:
        return None
    owner = item if item is not None and duty.for_ == item.type else None
    if not still_possible(view, name) or not _owed(view, duties[0], duty, owner):
        return None
    return due(duties[0], item)


def _owed(view: CaseView, ident: str, duty: Obligation, item: Item | None) -> bool:
    """True while a duty may apply, was not closed, and no exemption has lifted it."""
    scope = Scope(item=item)
    if any(evaluate_optional(when, view, scope, Trace()) is False for when in (view.compiled.process.when, duty.when)):
        return False
    if (item is not None and view.has_ended(item)) or closing_acts(view, view.compiled.closers.get(ident, ()), item):
        return False
    effects = exemptions_reaching(view, ident, duty.law, item)
    return not any(effect.to is None and holds_at(view, effect, view.until, item) for effect in effects)
