"""Acts that the law deems done: by the mere passing of time, or by another act.

They are computed from the case alone, so the audit and a live run find the same ones, and each is found once: it cites
the duty, item and anchor it came from, and a journal that holds it already gives nothing new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.editions.volumes import binds
from zhengxie_flow.engine.events.evolve import effective
from zhengxie_flow.engine.judging.discharge import obligation_rounds, obligation_status
from zhengxie_flow.engine.judging.status import Owed
from zhengxie_flow.engine.limits.resolve import with_granted_limit
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.state_machine.items import changes, end_of_life
from zhengxie_flow.engine.state_machine.ways import destinations
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.body import DeemedBody
from zhengxie_flow.model.body_parts import ItemChanges, StateChange
from zhengxie_flow.model.case import Act, Item, end_of
from zhengxie_flow.model.event import Event, EventType, Mode, is_provisional
from zhengxie_flow.model.lapse import Deem
from zhengxie_flow.model.values import FactRef
from zhengxie_flow.model.verdict import Verdict

DEEPEST = 100
"""Bound on acts deemed one because of the other; a definition that exceeds it deems in a circle."""


@dataclass(frozen=True, slots=True)
class DeemedAct:
    """An act deemed done: its event, the act that it follows from (None where time alone brought it), and its day.

    The day is that of the act, or the last day of the limit that lapsed; its event may be of an earlier one (``at:
    anchor``), from which clocks that hang on it count.  ``provisional``: it hangs on a day that is not firm, or on an
    act that does; every reading derives it, and no journal is told of it.
    """

    event: Event
    act: Act | None
    day: date
    provisional: bool = False


def next_deemed(view: CaseView) -> DeemedAct | None:
    """The earliest deemed act that is not in the case yet.

    On one day what an act brings goes before what the end of the day does, and lapses go in the order of the file, then
    of the items.
    """
    effective_events = effective(view.case.events)  # a withdrawn one may come again
    causes = {cause_of(event) for event in effective_events if event.type is EventType.DEEMED}
    new = [deemed for deemed in (*_by_acts(view), *_lapsed(view)) if cause_of(deemed.event) not in causes]
    return min(new, key=lambda deemed: deemed.day, default=None)


def without_receipts(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events of a case without the receipts of deemed acts, without the corrections of these, and of those."""
    left_out: set[int] = set()
    for event in events:
        if event.type is EventType.DEEMED or event.supersedes in left_out:
            left_out.add(event.sequence)
    return tuple(event for event in events if event.sequence not in left_out) if left_out else tuple(events)


def cause_of(event: Event) -> str:
    """The duty, item and anchor (or the act) that an act deemed done follows from."""
    assert isinstance(event.body, DeemedBody)  # noqa: S101  # by its type
    return event.body.deemed_by


def _lapsed(view: CaseView) -> Iterator[DeemedAct]:
    """Duties not performed by their last day, whose limit says what then counts as done."""
    for name, duty in view.compiled.process.obligations.items():
        limit = duty.limit
        if limit is None or limit.consequence is None:
            continue
        for item in [None] if duty.for_ is None else view.all_items(duty.for_):
            if evaluate_optional(duty.when, view, Scope(item=item, this=item), Trace()) is not True:
                continue  # while it is unknown whether the duty applies, its limit brings nothing about
            owed = Owed(name, duty, item)
            for status in obligation_rounds(view, owed):
                if status.resolved is not None:
                    yield from _lapse(view, owed, limit.consequence, status.resolved)


def _lapse(view: CaseView, owed: Owed, deem: Deem, resolved: ResolvedLimit) -> Iterator[DeemedAct]:
    """The act deemed done when a round of a limit has passed, unless an exemption lifted the duty."""
    name, duty, item = owed
    limit = with_granted_limit(view, name, duty, item, resolved)
    if limit is not None:
        owed = owed._replace(duty=duty.model_copy(update={"limit": limit}))
        rounds = obligation_rounds(view, owed)
        resolved = rounds[min(resolved.number, len(rounds)) - 1].resolved or resolved
    if resolved.day is None or not resolved.anchor.actual or (resolved.high or date.max) >= view.day:
        return
    then = view.at(end_of(resolved.day))
    if end_of_life(then, item) is not None or (item is not None and then.has_ended(item)):
        return  # a case or an item that has ended waits for nothing
    if view.judge(then, name, item) is Verdict.EXEMPT or not binds(view.compiled, view.case, name, resolved.day):
        return
    if obligation_status(then, owed).verdict in (Verdict.PENDING, Verdict.PROVISIONAL):
        day = resolved.day if deem.at == "due" else resolved.anchor.day or resolved.day
        then = view.read_at(end_of(resolved.day))
        origin = f"{name}/{item.id if item else ''}/{resolved.anchor.event or ''}"
        doubtful = not resolved.firm or is_provisional(resolved.anchor.event)
        yield from _event(then, deem, Occasion(origin, item, day, lapsed=resolved.day, provisional=doubtful))


def _by_acts(view: CaseView) -> Iterator[DeemedAct]:
    """Actions whose act is at the same time an act of another."""
    for act in view.past(view.case.timeline):
        for index, deem in enumerate(view.compiled.action(act.action).deem):
            item = next((items[act.item] for items in view.case.items.values() if act.item in items), None)
            then = view.read_at((act.key[0], act.key[1] + 1))
            origin = f"{act.action}/{act.item or ''}/{act.sequence}/{index}"
            doubtful = is_provisional(act.sequence)
            yield from _event(then, deem, Occasion(origin, item, act.day, act, provisional=doubtful))


@dataclass(frozen=True, slots=True)
class Occasion:
    """The occasion of a deemed act: the duty or act it follows from, its item and its day, and that act or last day."""

    origin: str
    item: Item | None
    day: date
    act: Act | None = None
    lapsed: date | None = None
    provisional: bool = False


def _event(view: CaseView, deem: Deem, occasion: Occasion) -> Iterator[DeemedAct]:
    item, day = occasion.item, occasion.day
    scope = Scope(act=occasion.act, item=item, this=item)
    if evaluate_optional(deem.when, view, scope, Trace()) is not True:
        return
    action = view.compiled.action(deem.action)
    facts = {name: value for name, value in deem.fields.items() if isinstance(action.fields.get(name), FactRef)}
    done = Act((day, view.case.version + 1), deem.action, None, item.id if item else None, dict(deem.fields))
    touched = changes(view, action, done, item if item is not None and item.type == action.item_type else None)
    moved = () if touched is None else touched.moved
    state = view.state
    target = destinations(view, done, item).sure(state)
    body = DeemedBody(
        deemed_by=occasion.origin,
        fields=dict(deem.fields) or None,
        facts=facts or None,
        items=ItemChanges(moved=moved) if moved else None,
        state=StateChange(from_=state, to=target) if target != state else None,
    )
    event = Event(
        case=view.case.id,
        sequence=view.case.version + 1,
        type=EventType.DEEMED,
        mode=Mode.RECORDED,
        occurred=day,
        recorded=datetime.combine(day, time(23, 59, 59), view.case.zone),
        action=deem.action,
        item=item.id if item is not None and action.item_type == item.type else None,
        body=body,
        definition=view.compiled.hash,
        calendar=view.calendar().calendar_hash,
    )
    yield DeemedAct(event, occasion.act, occasion.lapsed or day, occasion.provisional)
