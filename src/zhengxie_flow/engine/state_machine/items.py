"""The life of an item: acts its state allows, transitions, withdrawal and replacement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zhengxie_flow.conditions.truth import Trace
from zhengxie_flow.engine.state_machine.machine import first_open
from zhengxie_flow.engine.state_machine.ways import item_destinations, truths
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import Reason, UsageError
from zhengxie_flow.model.body_parts import ItemAddition, ItemChanges, ItemEnding, ItemMove
from zhengxie_flow.model.case import Act, Item, Key, number_of
from zhengxie_flow.model.item import SUCCESSOR
from zhengxie_flow.model.process import Action, Obligation
from zhengxie_flow.model.verdict import Judgement, Verdict
from zhengxie_flow.model.working import EndedBy, ItemEnded

V = Verdict
ITEM_STATE = "item_state"
"""The reason for refusing an act whose item has ended, or is in a state that does not allow it."""

WITHDRAWN, REPLACED = "withdrawn", "replaced"
_STAYS = frozenset(
    {V.BREACH, V.OVERDUE, V.INVALID, V.DEVIATION, V.FINDING, V.LAPSED, V.OUT_OF_TIME, V.CAPPED}
    | {V.DEEMED, V.DEVIATION_JUSTIFIED, V.EXEMPT, V.PASS, V.NOT_APPLICABLE}
)
"""Verdicts that stay when an item is withdrawn: performed or missed before."""


@dataclass(frozen=True, slots=True)
class End:
    """The state that ended a case or an item: since when, by which event, and whether without its duties."""

    key: Key
    state: str
    event: int
    withdrawn: bool


def end_of_life(view: CaseView, item: Item | None) -> End | None:
    """The final state the case or the item is in, the earlier of the two; None while both are open."""
    ends = []
    final = view.final
    if final:
        since = max(view.stay.key, (view.case.opened, view.stay.event))  # given states have no day
        ends.append(End(since, view.state, view.stay.event, final == WITHDRAWN))
    stays = view.past(item.stays) if item is not None else ()
    if item is not None and stays:
        state = view.compiled.process.items[item.type].states.get(stays[-1].state)
        if state is not None and state.final:
            ends.append(End(stays[-1].key, stays[-1].state, stays[-1].event, state.final == WITHDRAWN))
    return min(ends, key=lambda end: end.key, default=None)


def left_behind(line: Judgement, item: Item) -> Judgement:
    """The verdict on a duty owed for a withdrawn or replaced item, from its verdict at that moment.

    Duties performed or missed by then keep their verdict; open ones are no longer applicable.
    """
    event = number_of(item.ended) if item.ended is not None else None
    notes = (*line.notes, ItemEnded(event, item.replaced_by))
    closed = line.verdict is V.INCOMPLETE and line.note(EndedBy) is not None
    if line.verdict in _STAYS or closed:
        return replace(line, notes=notes)
    detail = (WITHDRAWN if item.replaced_by is None else REPLACED,)
    return replace(
        line,
        verdict=V.NOT_APPLICABLE,
        detail=detail,
        notes=notes,
        missing=(),
        needs=(),
        waits_for=(),
        proof=None,
        late_by=None,
        early_by=None,
    )


def performed_before(view: CaseView, duty: Obligation, item: Item | None) -> Item | None:
    """The replaced item, if its performance of this duty carries over (``carries``)."""
    while item is not None and item.replaces is not None:
        if not any(view.compiled.process.obligations.get(name) is duty for name in item.carries):
            return None
        item = view.case.items[item.type].get(item.replaces)
        if item is not None and any(view.acts_about(name, item.id) for name in duty.do):
            return item
    return None


def refusals_for_item(
    view: CaseView, action: Action, act: Act, item: Item | None, clause: str | None
) -> Iterator[Reason]:
    """Reasons to refuse an act because of its item: ended, or in a state that does not allow it."""
    if item is None or action.adds is not None:
        return
    if view.has_ended(item):
        yield Reason(ITEM_STATE, "false", (), clause)
        return
    machine, state = view.compiled.item_machines.get(item.type), view.item_state(item)
    if machine is None or state is None:
        return
    if not machine.allowed(state, act.action):
        states = view.compiled.process.items[item.type].states
        yield Reason(ITEM_STATE, "false", tuple(name for name in states if machine.allowed(name, act.action)), clause)
    elif not item_destinations(view, act, item, trace := Trace()).allowed:
        yield Reason(ITEM_STATE, "unknown" if trace.needs else "false", tuple(trace.needs), clause)


def disallowed(view: CaseView, act: Act) -> str | None:
    """The state of its item (or how it ended) that did not allow an act which was done; None where it did."""
    action = view.compiled.action(act.action)
    item = view.case.items.get(action.item_type or "", {}).get(act.item or "")
    if item is None or action.adds is not None:
        return None
    if item.ended is not None and item.ended < act.key:
        return WITHDRAWN if item.replaced_by is None else REPLACED
    machine, state = view.compiled.item_machines.get(item.type), view.at(act.key).item_state(item)
    return state if machine is not None and state is not None and not machine.allowed(state, act.action) else None


def changes(view: CaseView, action: Action, act: Act, item: Item | None) -> ItemChanges | None:
    """Work out which items an act adds, moves and ends; None where it touches none."""
    if item is None or act.item is None:
        return None
    if action.adds:
        return ItemChanges(added=(_added(view, action, act, item, act.item),))
    moved = _moved(view, act, item)
    successor = act.fields.get(SUCCESSOR) if action.replaces else None
    ended = (
        ItemEnding(type=item.type, id=item.id, replaced_by=successor) if action.withdraws or action.replaces else None
    )
    if moved is None and ended is None:
        return None
    new = None if successor is None else Item(item.type, successor, item.key, {})
    added = None if new is None else replace(
        _added(view, action, act, new, new.id), replaces=item.id, carries=action.carries
    )  # fmt: skip
    return ItemChanges(
        added=() if added is None else (added,),
        moved=() if moved is None else (moved,),
        ended=() if ended is None else (ended,),
    )


def _added(view: CaseView, action: Action, act: Act, item: Item, ident: str) -> ItemAddition:
    """A new item; it begins in the first state of its type, or in the one the action says."""
    fields = {name: value for name, value in act.fields.items() if name != SUCCESSOR}
    state = view.compiled.process.items[item.type].start
    if state is not None:
        steps = action.item if action.adds else ()
        state = first_open([step.to or state for step in steps], truths(view, steps, act, item)).sure(state)
    return ItemAddition(type=item.type, id=ident, fields=fields, state=state)


def _moved(view: CaseView, act: Act, item: Item) -> ItemMove | None:
    machine, state = view.compiled.item_machines.get(item.type), view.item_state(item)
    if machine is None or state is None:
        return None
    to = item_destinations(view, act, item).sure(state)
    if to == state and state not in {way.to for way in machine.ways(act.action)}:
        return None
    return ItemMove(type=item.type, id=item.id, from_=state, to=to)


def check_successor(present: Mapping[str, Item], action: Action, fields: Mapping[str, Any]) -> None:
    """Check that a replacing item is new and has a printable id, or raise `UsageError` ZX4085."""
    successor = fields.get(SUCCESSOR)
    if action.replaces is None or successor is None:
        return
    if successor in present or not isinstance(successor, str) or not successor.isprintable():
        raise UsageError("ZX4085", item=successor, type=action.replaces)


def corrected(items: ItemChanges, fields: Mapping[str, Any]) -> ItemChanges:
    """Give what an act did to items the fields of a correction: those of the new item, or which item that is."""
    values = {name: value for name, value in fields.items() if name != SUCCESSOR}
    added = tuple(replace(entry, fields={**entry.fields, **values}) for entry in items.added)
    if SUCCESSOR not in fields or not items.ended:
        return replace(items, added=added)
    successor = fields[SUCCESSOR]
    return replace(
        items,
        added=tuple(replace(entry, id=successor) for entry in added),
        ended=tuple(replace(entry, replaced_by=successor) for entry in items.ended),
    )
