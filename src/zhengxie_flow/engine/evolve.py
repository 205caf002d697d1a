"""From events to the case: the fold that every reading of the journal goes through.

An event in order is applied to the case as it stands; one that lies earlier in time, or a correction, rebuilds the case
from all its events, because it changes what came after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
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
    Plan,
    Stay,
)
from zhengxie_flow.model.event import Event, EventType

K = TypeVar("K")
V = TypeVar("V")

DEFAULT_ZONE = "Asia/Shanghai"

_ACTS = frozenset({EventType.ACT, EventType.DEEMED, EventType.SUBCASE})
"""The events that tell of something done; in the parent, what a subcase did counts as done."""


def fold(events: Sequence[Event], known_at: datetime | None = None, as_of: date | None = None) -> Case:
    """Rebuild a case from its events in journal order, by what was known at an instant and as of the end of a day.

    ``events`` begins with the opening.  Raises `ValueError` when it does not, or when nothing was known yet.
    """
    known = [event for event in events if known_at is None or event.recorded <= known_at]
    if not known or known[0].type is not EventType.OPENED:
        raise ValueError("a case begins with its opening")
    opening = known[0]
    case = _opened(opening, known)
    for event in _in_time(effective(known), case.zone):
        if event.sequence != opening.sequence and (as_of is None or event.day(case.zone) <= as_of):
            case = _apply(case, event)
    return case


def evolve(case: Case | None, event: Event) -> Case:
    """The case after one more event of its journal."""
    if case is None:
        return fold((event,))
    events = (*case.events, event)
    if event.type is EventType.CORRECTED or _key(event, case.zone) < case.last:
        return fold(events)
    return _apply(case, event, events=events, version=event.sequence)


def effective(events: Sequence[Event]) -> list[Event]:
    """The events that stand: corrections put in the place of what they supersede, withdrawn ones left out."""
    by_sequence = {event.sequence: event for event in events}
    standing: dict[int, Event | None] = {
        event.sequence: event for event in events if event.type is not EventType.CORRECTED
    }
    void: set[int] = set()
    settled: set[int] = set()
    for correction in reversed([event for event in events if event.type is EventType.CORRECTED]):
        if correction.sequence in void or correction.supersedes is None:
            continue
        root = _root(correction, by_sequence, void)
        if root in settled:
            continue  # a later correction of the same event already decided
        if by_sequence[correction.supersedes].type is EventType.CORRECTED and correction.body.get("retract"):
            continue  # withdrawing a correction only revives what it had replaced
        settled.add(root)
        original = by_sequence[root]
        standing[root] = None if correction.body.get("retract") else _replaced(original, correction.body["replacement"])
    return [event for event in standing.values() if event is not None]


def _root(correction: Event, by_sequence: dict[int, Event], void: set[int]) -> int:
    """The event a chain of corrections is about; corrections passed on the way no longer count."""
    target = by_sequence[correction.supersedes or 0]
    while target.type is EventType.CORRECTED:
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


def _in_time(events: Iterable[Event], zone: ZoneInfo) -> list[Event]:
    return sorted(events, key=lambda event: _key(event, zone))


def _opened(event: Event, events: Sequence[Event]) -> Case:
    """A case at its opening; what is given there holds from the beginning, whatever is told later of earlier days."""
    body = event.body
    zone = ZoneInfo(body.get("zone", DEFAULT_ZONE))
    items: dict[str, dict[str, Item]] = {}
    for entry in body.get("items", {}).get("added", ()):
        items.setdefault(entry["type"], {})[entry["id"]] = Item(entry["type"], entry["id"], BEGINNING, entry["fields"])
    facts: dict[tuple[str | None, str], tuple[Assertion, ...]] = {
        (None, name): (Assertion(BEGINNING, value, event.by),) for name, value in body.get("facts", {}).items()
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
        items=items or NOTHING,
        facts=facts or NOTHING,
        parents=(Parent(**body["parent"]),) if "parent" in body else (),
    )


def _apply(case: Case, event: Event, **changes: Any) -> Case:
    """One event that lies after everything applied so far, with what else changes of the case."""
    if event.type is EventType.RECOMPUTED:  # tells what the calendar did to a deadline; nothing happened in the case
        return replace(case, **changes)
    key = _key(event, case.zone)
    body = event.body
    changes["last"] = key
    if event.type in _ACTS and event.action is not None:
        act = Act(key, event.action, event.by, event.item, body.get("fields", {}), event, event.actor)
        changes["timeline"] = (*case.timeline, act)
        changes["acts"] = _appended(case.acts, event.action, act)
    if "state" in body:
        changes["stays"] = (*case.stays, Stay(key, body["state"]["to"], event.sequence))
    if "facts" in body:
        changes["facts"] = _asserted(case, event, key)
    if "items" in body:
        changes["items"] = _with_items(case, key, body["items"])
    if event.type is EventType.PLANNED and event.action is not None:
        changes["plans"] = _appended(case.plans, (event.action, event.item), Plan(key, read_moment(body["to"])))
    if event.type is EventType.LINKED:
        changes["parents"] = (*case.parents, Parent(**body["parent"]))
    if event.type is EventType.MOVED:
        changes |= _pinned(case, key, body)
    if event.type is EventType.EXPLAINED:
        changes["explanations"] = (*case.explanations, _explanation(event, key))
    return replace(case, **changes)


def _pinned(case: Case, key: Key, body: dict[str, Any]) -> dict[str, Any]:
    """The life passes to another edition."""
    begins = body["begins"]["from"]
    pin = Pin(key, body["definition"]["from"], None if begins is None else date.fromisoformat(begins))
    return {"definition": body["definition"]["to"], "pins": (*case.pins, pin)}


def _appended(table: dict[K, tuple[V, ...]], name: K, value: V) -> dict[K, tuple[V, ...]]:
    return {**table, name: (*table.get(name, ()), value)}


def _asserted(case: Case, event: Event, key: Key) -> dict[tuple[str | None, str], tuple[Assertion, ...]]:
    facts = dict(case.facts)
    item = event.item if event.type is EventType.DETERMINED else None
    for name, value in event.body["facts"].items():
        facts[item, name] = (*facts.get((item, name), ()), Assertion(key, value, event.by))
    return facts


def _with_items(case: Case, key: Key, change: dict[str, Any]) -> dict[str, dict[str, Item]]:
    items = {kind: dict(entries) for kind, entries in case.items.items()}
    for entry in change.get("added", ()):
        items.setdefault(entry["type"], {})[entry["id"]] = Item(entry["type"], entry["id"], key, entry["fields"])
    for entry in change.get("ended", ()):
        if (item := items.get(entry["type"], {}).get(entry["id"])) is not None:
            items[entry["type"]][entry["id"]] = replace(item, ended=key)
    return items


def _explanation(event: Event, key: Key) -> Explanation:
    body = event.body
    return Explanation(key, body["obligation"], event.item, event.by, body["reason"], body.get("public", False))
