"""Time limits resolved on a case: what the clock hangs on, and the day that comes out.

An anchor is *actual* (the act happened), *planned* (its latest plan, or the day it is itself due) or *unknown*.  A
limit on a planned anchor is projected, through chains of any length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from zhengxie_flow.calendars import Reckoning, Snapshot
from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model import limit as m
from zhengxie_flow.model.case import Act, Item, Key
from zhengxie_flow.model.limit import Anchor, Limit
from zhengxie_flow.model.verdict import AnchorSeen


@dataclass(frozen=True, slots=True)
class AnchorState:
    """What a limit hangs on.

    ``low`` and ``high`` bound a planned day that is itself computed on unannounced days; ``waits_for`` names what would
    make it known, ``key`` the place in time of the act where there is one.
    """

    kind: str  # actual | planned | unknown
    day: date | None = None
    key: Key | None = None
    event: int | None = None
    low: date | None = None
    high: date | None = None
    waits_for: tuple[str, ...] = ()

    @property
    def actual(self) -> bool:
        """Whether it happened."""
        return self.kind == "actual"

    def seen(self) -> AnchorSeen:
        """The part of it that a verdict shows."""
        return AnchorSeen(self.kind, self.day, self.event)


@dataclass(frozen=True, slots=True)
class Window:
    """A limit resolved: its day (last, latest or earliest, by direction) and how firm that day is.

    ``low`` and ``high`` are the earliest and the latest day it can still turn out to be; equal where it is firm.
    """

    limit: Limit
    anchor: AnchorState
    snapshot: Snapshot
    day: date | None = None
    low: date | None = None
    high: date | None = None
    count: Reckoning | None = None

    @property
    def direction(self) -> str:
        """The direction of the limit, in one word."""
        return self.limit.direction

    @property
    def firm(self) -> bool:
        """Whether no notice still to come is expected to move the day."""
        counted = self.count is None or self.count.status == "firm"
        return counted and self.low == self.high

    def working(self) -> dict[str, Any] | None:
        """How the day was found: start, amount, every counted and every skipped day with the instrument behind it."""
        if self.day is None:
            return None
        shown: dict[str, Any] = {
            "direction": self.direction,
            "start": self.anchor.day,
            "amount": self.limit.within or self.limit.at_least,
            "unit": self.limit.unit,
            "convention": self.limit.count,
            "date": self.day,
            "possible": None if self.firm else [self.low, self.high],
            "edition": self.snapshot.edition,
        }
        if self.count is not None:
            shown["counted"] = list(self.count.counted)
            shown["skipped"] = [
                {"date": skipped.date, "reason": skipped.reason, "instrument": skipped.instrument}
                for skipped in self.count.skipped
            ]
        return shown


def resolve_limit(
    view: CaseView, limit: Limit, item: Item | None, snapshot: Snapshot | None = None, _path: tuple[str, ...] = ()
) -> Window:
    """The window of a limit, counted with the calendar of the view or with another snapshot.

    ``_path`` names the obligations on the way here: a chain of limits that leads back to itself stays unknown.
    """
    calendar = snapshot or view.calendar()
    anchor = _resolve_anchor(view, limit.anchor, item, calendar, _path)
    if anchor.day is None:
        return Window(limit, anchor, calendar)
    amount = limit.within or limit.at_least
    if amount is None:
        return Window(limit, anchor, calendar, anchor.day, anchor.low or anchor.day, anchor.high or anchor.day)
    count = _count(calendar, limit, anchor.day, amount)
    low = count if anchor.low is None else _count(calendar, limit, anchor.low, amount)
    high = count if anchor.high is None else _count(calendar, limit, anchor.high, amount)
    return Window(limit, anchor, calendar, count.date, _earliest(low), _latest(high), count)


def _earliest(count: Reckoning) -> date:
    """The interval is worked out only where a notice can still move the day."""
    return count.date if count.status == "firm" else count.earliest


def _latest(count: Reckoning) -> date:
    return count.date if count.status == "firm" else count.latest


def _count(calendar: Snapshot, limit: Limit, start: date, amount: int) -> Reckoning:
    unit = limit.unit or "working_day"
    match limit.direction:
        case "forward":
            return calendar.within(start, amount, unit=unit)
        case "backward":
            return calendar.before(start, amount, count=limit.count, unit=unit)
    return calendar.minimum(start, amount, count=limit.count, unit=unit)


def _resolve_anchor(
    view: CaseView, anchor: Anchor, item: Item | None, calendar: Snapshot, path: tuple[str, ...]
) -> AnchorState:
    match anchor:
        case m.NamedAnchor():
            return _named(view, anchor.name, item, calendar, path)
        case m.ActAnchor():
            return _first_like(view, anchor, item)
        case m.DueAnchor():
            return _due(view, anchor.due, item, calendar, path)
        case m.FirstOf():
            known = [_resolve_anchor(view, part, item, calendar, path) for part in anchor.first_of]
            return _combined(known, first=True)
        case m.LastOf():
            known = [_resolve_anchor(view, part, item, calendar, path) for part in anchor.last_of]
            return _combined(known, first=False)


def _combined(parts: list[AnchorState], *, first: bool) -> AnchorState:
    """The earliest of those known, or the latest once all are known; what happened goes before what is planned."""
    known = [part for part in parts if part.day is not None]
    waits_for = tuple(name for part in parts for name in part.waits_for)
    if not known or (not first and len(known) < len(parts)):
        return AnchorState("unknown", waits_for=waits_for)
    happened = [part for part in known if part.actual]
    if first and happened:
        return min(happened, key=_placed)
    if not first and len(happened) == len(parts):
        return max(happened, key=_placed)
    chosen = (min if first else max)(known, key=_placed)
    return replace(chosen, kind="planned", waits_for=waits_for)


def _placed(state: AnchorState) -> Key:
    return state.key or (state.day or date.max, 0)


def matching(view: CaseView, actions: tuple[str, ...], item: Item | None) -> Iterator[Act]:
    """The acts of some actions so far that are about an item: its own where the action is done per item of its type."""
    for act in view.acts(actions):
        per_item = view.compiled.action(act.action).item_type
        if item is None or per_item != item.type or act.item == item.id:
            yield act


def _named(view: CaseView, name: str, item: Item | None, calendar: Snapshot, path: tuple[str, ...]) -> AnchorState:
    process = view.compiled.process
    if name in process.actions:
        return _action(view, name, item, calendar, path)
    if item is not None and (seen := view.item_field(item, name)) is not None:
        return _dated(view, seen.value, (item.key[0], item.key[1]), name)
    if "." in name:
        action, _, part = name.rpartition(".")
        act = next(matching(view, (action,), item), None)
        return AnchorState("unknown", waits_for=(action,)) if act is None else _dated(
            view, act.fields.get(part), act.key, name
        )  # fmt: skip
    assertion = view.assertion(name)
    if assertion is None:
        return AnchorState("unknown", waits_for=(name,))
    if isinstance(assertion.value, bool):
        if not assertion.value:
            return AnchorState("unknown", waits_for=(name,))
        return AnchorState("actual", assertion.key[0], assertion.key, assertion.key[1] or None)
    return _dated(view, assertion.value, assertion.key, name)


def _dated(view: CaseView, value: Any, key: Key, name: str) -> AnchorState:
    """An anchor that is the value of a date or instant; a day still to come is a plan."""
    if value is None:
        return AnchorState("unknown", waits_for=(name,))
    text = str(value)
    day = (
        datetime.fromisoformat(text).astimezone(view.case.zone).date()
        if len(text) > len("2026-01-01")
        else date.fromisoformat(text)
    )
    return AnchorState("actual" if day <= view.day else "planned", day, (day, key[1]), key[1] or None)


def _action(view: CaseView, name: str, item: Item | None, calendar: Snapshot, path: tuple[str, ...]) -> AnchorState:
    """An action: its first act, else its latest plan, else the day it is itself due by a limit."""
    act = next(matching(view, (name,), item), None)
    if act is not None:
        return AnchorState("actual", act.day, act.key, act.sequence)
    about = item.id if item is not None and view.compiled.action(name).item_type == item.type else None
    planned = view.plan(name, about)
    if planned is not None:
        return AnchorState("planned", planned, waits_for=(name,))
    for obligation in view.compiled.producers.get(name, ()):
        projected = _due(view, obligation, item, calendar, path)
        if projected.day is not None:
            return replace(projected, kind="planned", key=None, event=None, waits_for=(name,))
    return AnchorState("unknown", waits_for=(name,))


def _first_like(view: CaseView, anchor: m.ActAnchor, item: Item | None) -> AnchorState:
    for act in matching(view, anchor.done, item):
        if evaluate_optional(anchor.where, view, Scope(act=act, item=item, this=item), Trace()):
            return AnchorState("actual", act.day, act.key, act.sequence)
    return AnchorState("unknown", waits_for=anchor.done)


def _due(view: CaseView, obligation: str, item: Item | None, calendar: Snapshot, path: tuple[str, ...]) -> AnchorState:
    """The day another duty's limit ends; minimum windows and mere order end nothing."""
    duty = view.compiled.obligation(obligation)
    if obligation in path or duty.limit is None or (duty.for_ and (item is None or duty.for_ != item.type)):
        return AnchorState("unknown", waits_for=(obligation,))
    if duty.limit.direction not in ("forward", "backward", "by_date"):
        return AnchorState("unknown", waits_for=(obligation,))
    window = resolve_limit(view, duty.limit, item, calendar, (*path, obligation))
    return replace(window.anchor, day=window.day, low=window.low, high=window.high)
