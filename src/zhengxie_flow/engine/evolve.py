"""From events to the case: the fold that every reading of the journal goes through.

Folding takes all events in the order of time.  One event more is put into the case as it stands, at its place in time;
only a correction, which changes what came before it, rebuilds the case from all its events.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter, itemgetter
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from zhengxie_flow.model.case import (
    BEGINNING,
    NOTHING,
    Act,
    Assertion,
    Case,
    Explanation,
    Item,
    Key,
    Parent,
    Pin,
    Placed,
    Plan,
    Stay,
)
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.making import filler, maker

K = TypeVar("K")
V = TypeVar("V", bound=Placed)
Items = dict[str, dict[str, Item]]
Facts = dict[tuple[str | None, str], tuple[Assertion, ...]]

DEFAULT_ZONE = "Asia/Shanghai"

# Under names of their own: an enum looks a member up anew each time it is asked, at the cost of three comparisons.
OPENED, CORRECTED, RECOMPUTED = EventType.OPENED, EventType.CORRECTED, EventType.RECOMPUTED
PLANNED, EXPLAINED, DETERMINED = EventType.PLANNED, EventType.EXPLAINED, EventType.DETERMINED
LINKED, MOVED = EventType.LINKED, EventType.MOVED
ACTS = (EventType.ACT, EventType.DEEMED, EventType.SUBCASE)
"""The events that tell of something done; in the parent, what a subcase did counts as done."""

_BY_KEY = attrgetter("key")
_act, _assertion, _stayed, _case = maker(Act), maker(Assertion), maker(Stay), filler(Case)  # made for every event


def fold(events: Sequence[Event], known_at: datetime | None = None, as_of: date | None = None) -> Case:
    """Rebuild a case from its events in journal order, by what was known at an instant and as of the end of a day.

    ``events`` begins with the opening.  Raises `ValueError` when it does not, or when nothing was known yet.
    """
    known = known_by(events, known_at)
    if not known or known[0].type is not OPENED:
        raise ValueError("a case begins with its opening")
    case = _opened(known[0], known)
    happened = _in_time((event for event in effective(known) if event.type is not RECOMPUTED), case.zone)
    if as_of is not None:
        happened = [(key, event) for key, event in happened if key[0] <= as_of]
    return _filled(case, happened) if happened else case


def known_by(events: Sequence[Event], known_at: datetime | None) -> Sequence[Event]:
    """The events told by an instant; what corrects an event that a clock set back puts later is not known either."""
    if known_at is None:
        return events
    known: dict[int, Event] = {}
    for event in events:
        if event.recorded <= known_at and (event.supersedes is None or event.supersedes in known):
            known[event.sequence] = event
    return tuple(known.values())


def evolve(case: Case | None, event: Event) -> Case:
    """The case after one more event of its journal."""
    if case is None:
        return fold((event,))
    events = (*case.events, event)
    kind, key = event.type, _key(event, case.zone)
    if kind is CORRECTED or (kind in (LINKED, MOVED) and key < case.last):
        return fold(events)
    if kind is RECOMPUTED:  # tells what the calendar did to a deadline; nothing happened in the case
        return replace(case, events=events, version=event.sequence)
    return _put(case, event, key, events)


def _in_time(events: Iterable[Event], zone: ZoneInfo) -> list[tuple[Key, Event]]:
    """What happened after the opening, each with its place in time and in that order."""
    happened = [(_key(event, zone), event) for event in events if event.type is not OPENED]
    happened.sort(key=itemgetter(0))
    return happened


def _filled(case: Case, happened: Sequence[tuple[Key, Event]]) -> Case:
    """A case that was just opened, with everything that happened; each table is built in one go."""
    timeline, stays, explanations = list(case.timeline), list(case.stays), list(case.explanations)
    parents = list(case.parents)
    acts: dict[str, list[Act]] = {}
    facts = {name: list(made) for name, made in case.facts.items()}
    plans: dict[tuple[str, str | None], list[Plan]] = {}
    items: Items = {kind: dict(entries) for kind, entries in case.items.items()}
    for key, event in happened:
        if act := _done(event, key):
            timeline.append(act)
            acts.setdefault(act.action, []).append(act)
        body = event.body
        if "state" in body:
            stays.append(_stay(event, key))
        if "facts" in body:
            for name, made in _asserted(event, key):
                facts.setdefault(name, []).append(made)
        if "items" in body:
            _change_items(items, key, body["items"], event.sequence)
        if event.type is PLANNED and event.action is not None:
            plans.setdefault((event.action, event.item), []).append(_plan(event, key))
        if event.type is EXPLAINED:
            explanations.append(_explanation(event, key))
        if event.type is LINKED:
            parents.append(Parent(**body["parent"]))
    moves = [(key, event) for key, event in happened if event.type is MOVED]
    return replace(
        case,
        definition=moves[-1][1].body["definition"]["to"] if moves else case.definition,
        last=max(case.last, happened[-1][0]),
        timeline=tuple(timeline),
        stays=tuple(stays),
        explanations=tuple(explanations),
        parents=tuple(parents),
        pins=tuple(_pin(event, key) for key, event in moves),
        acts={name: tuple(row) for name, row in acts.items()} or NOTHING,
        facts={name: tuple(row) for name, row in facts.items()} or NOTHING,
        plans={name: tuple(row) for name, row in plans.items()} or NOTHING,
        items=items or NOTHING,
    )


def _put(case: Case, event: Event, key: Key, events: tuple[Event, ...]) -> Case:
    """One event more, in its place in time: what was told before of a later day stays after it."""
    body, kind = event.body, event.type
    late = key < case.last
    put, enter = (_placed, _entered) if late else (_added, _noted)
    stays, timeline, acts, facts = case.stays, case.timeline, case.acts, case.facts
    items, plans, explanations, parents = case.items, case.plans, case.explanations, case.parents
    definition, pins = case.definition, case.pins
    if act := _done(event, key):
        timeline, acts = put(timeline, act), enter(acts, act.action, act)
    if "state" in body:
        stays = put(stays, _stay(event, key))
    if "facts" in body:
        for name, made in _asserted(event, key):
            facts = enter(facts, name, made)
    if "items" in body:
        items = _with_items(case, key, event, events)
    if kind is PLANNED and event.action is not None:
        plans = enter(plans, (event.action, event.item), _plan(event, key))
    elif kind is EXPLAINED:
        explanations = put(explanations, _explanation(event, key))
    elif kind is LINKED:
        parents = (*parents, Parent(**body["parent"]))
    elif kind is MOVED:
        definition, pins = body["definition"]["to"], (*pins, _pin(event, key))
    return _case(  # by position, in the order of the fields of `Case`
        case.id,
        case.process,
        definition,
        case.zone,
        event.sequence,
        events,
        case.last if late else key,
        stays,
        timeline,
        acts,
        facts,
        items,
        plans,
        explanations,
        parents,
        pins,
    )


def _added(things: tuple[V, ...], thing: V) -> tuple[V, ...]:
    """Things in the order of time with one after all of them."""
    return (*things, thing)


def _placed(things: tuple[V, ...], thing: V) -> tuple[V, ...]:
    """Things in the order of time with one in its place among them."""
    index = bisect_right(things, thing.key, key=_BY_KEY)
    return (*things[:index], thing, *things[index:])


def _noted(table: dict[K, tuple[V, ...]], name: K, thing: V) -> dict[K, tuple[V, ...]]:
    """A table with one more thing in a row, after everything in the table."""
    return {**table, name: (*table.get(name, ()), thing)}


def _entered(table: dict[K, tuple[V, ...]], name: K, thing: V) -> dict[K, tuple[V, ...]]:
    """A table with one more thing in its place in a row; rows stand in the order of time too, by their first things."""
    row = _placed(table.get(name, ()), thing)
    if row[0] is not thing:
        return {**table, name: row}
    others = {other: things for other, things in table.items() if other != name}
    return dict(sorted({**others, name: row}.items(), key=lambda entry: entry[1][0].key))


def _with_items(case: Case, key: Key, event: Event, events: tuple[Event, ...]) -> Items:
    """The items after a change of them; a late one is put in order with all others, for an end needs a beginning."""
    if key < case.last:
        items = _given_items(events[0])
        changes = _in_time([one for one in effective(events) if "items" in one.body], case.zone)
    else:
        items, changes = {kind: dict(entries) for kind, entries in case.items.items()}, [(key, event)]
    for moment, changing in changes:
        _change_items(items, moment, changing.body["items"], changing.sequence)
    return items


def effective(events: Sequence[Event]) -> list[Event]:
    """The events that stand: corrections put in the place of what they supersede, withdrawn ones left out."""
    if not any(event.type is CORRECTED for event in events):
        return list(events)
    by_sequence = {event.sequence: event for event in events}
    standing: dict[int, Event | None] = {event.sequence: event for event in events if event.type is not CORRECTED}
    void: set[int] = set()
    settled: set[int] = set()
    for correction in reversed([event for event in events if event.type is CORRECTED]):
        if correction.sequence in void or correction.supersedes is None:
            continue
        root = _root(correction, by_sequence, void)
        if root in settled:
            continue  # a later correction of the same event already decided
        if by_sequence[correction.supersedes].type is CORRECTED and correction.body.get("retract"):
            continue  # withdrawing a correction only revives what it had replaced
        settled.add(root)
        original = by_sequence[root]
        standing[root] = None if correction.body.get("retract") else _replaced(original, correction.body["replacement"])
    return [event for event in standing.values() if event is not None]


def _root(correction: Event, by_sequence: dict[int, Event], void: set[int]) -> int:
    """The event a chain of corrections is about; corrections passed on the way no longer count."""
    target = by_sequence[correction.supersedes or 0]
    while target.type is CORRECTED:
        void.add(target.sequence)
        target = by_sequence[target.supersedes or 0]
    return target.sequence


def _replaced(event: Event, changes: dict[str, Any]) -> Event:
    """An event with the values a correction gives it; its place in the journal stays."""
    known = {name: value for name, value in changes.items() if name in ("item", "by", "actor", "body")}
    if "occurred" in changes:
        known["occurred"] = read_moment(changes["occurred"])
    return replace(event, **known)


def read_moment(text: str) -> date | datetime:
    """An ISO day, or an ISO instant with its offset, as kept in event bodies."""
    return datetime.fromisoformat(text) if len(text) > len("2026-01-01") else date.fromisoformat(text)


def _key(event: Event, zone: ZoneInfo) -> Key:
    return (event.day(zone), event.sequence)


def _opened(event: Event, events: Sequence[Event]) -> Case:
    """A case at its opening; what is given there holds from the beginning, whatever is told later of earlier days."""
    body = event.body
    zone = ZoneInfo(body.get("zone", DEFAULT_ZONE))
    facts: Facts = {
        (None, name): (_assertion(BEGINNING, value, event.by),) for name, value in body.get("facts", {}).items()
    }
    return Case(
        id=event.case,
        process=body["process"],
        definition=event.definition,
        zone=zone,
        version=events[-1].sequence,
        events=tuple(events),
        last=_key(event, zone),
        stays=(Stay(BEGINNING, body["state"]["to"], event.sequence),),
        items=_given_items(event) or NOTHING,
        facts=facts or NOTHING,
        parents=(Parent(**body["parent"]),) if "parent" in body else (),
    )


def _given_items(opening: Event) -> Items:
    items: Items = {}
    _change_items(items, BEGINNING, opening.body.get("items", {}), opening.sequence)
    return items


def _done(event: Event, key: Key) -> Act | None:
    """The act that an event tells of, if it tells of one."""
    if event.action is None or event.type not in ACTS:
        return None
    return _act(key, event.action, event.by, event.item, event.body.get("fields", NOTHING), event, event.actor)


def _stay(event: Event, key: Key) -> Stay:
    return _stayed(key, event.body["state"]["to"], event.sequence)


def _asserted(event: Event, key: Key) -> Iterable[tuple[tuple[str | None, str], Assertion]]:
    """What an event asserts, by item and name: only a person determines a field of an item."""
    item = event.item if event.type is DETERMINED else None
    return [((item, name), _assertion(key, value, event.by)) for name, value in event.body["facts"].items()]


def _pin(event: Event, key: Key) -> Pin:
    """The life passes to another edition."""
    body = event.body
    begins = body["begins"]["from"]
    return Pin(key, body["definition"]["from"], None if begins is None else date.fromisoformat(begins))


def _plan(event: Event, key: Key) -> Plan:
    return Plan(key, read_moment(event.body["to"]))


def _change_items(items: Items, key: Key, change: dict[str, Any], event: int) -> None:
    """What an event did to items: added, moved, ended."""
    for entry in change.get("added", ()):
        items.setdefault(entry["type"], {})[entry["id"]] = _new_item(entry, key, event)
    for entry in change.get("moved", ()):
        if (item := items.get(entry["type"], {}).get(entry["id"])) is not None:
            stays = (*item.stays, Stay(key, entry["to"], event))
            items[entry["type"]][entry["id"]] = replace(item, stays=stays)
    for entry in change.get("ended", ()):
        item = items.get(entry["type"], {}).get(entry["id"])
        if item is not None and item.ended is None:  # gone is gone: what is told of it afterwards ends nothing
            items[entry["type"]][entry["id"]] = replace(item, ended=key, replaced_by=entry.get("replaced_by"))


def _new_item(entry: dict[str, Any], key: Key, event: int) -> Item:
    """An item as it enters: with its first state, where it has states, and the item whose place it takes, if any."""
    return Item(
        entry["type"],
        entry["id"],
        key,
        entry["fields"],
        stays=(Stay(key, entry["state"], event),) if "state" in entry else (),
        replaces=entry.get("replaces"),
        carries=tuple(entry.get("carries", ())),
    )


def _explanation(event: Event, key: Key) -> Explanation:
    body = event.body
    return Explanation(key, body["obligation"], event.item, event.by, body["reason"], body.get("public", False))
