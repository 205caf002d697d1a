"""Folding events into the case, the way every reading of the journal goes.

Folding takes all events in the order of time.  One more event is put into the case as it stands, at its position on the
timeline; only a correction, which changes earlier events, rebuilds the case from all its events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from operator import itemgetter
from typing import Any, TypeVar, assert_never
from zoneinfo import ZoneInfo

from zhengxie_flow.engine.events.placing import BY_KEY, appended, entered, noted, placed
from zhengxie_flow.model.body import (
    ActBody,
    AssignedBody,
    Changes,
    CorrectedBody,
    DeemedBody,
    DeterminedBody,
    ErasedBody,
    ExplainedBody,
    LinkedBody,
    MovedBody,
    OpenedBody,
    PlannedBody,
    RecomputedBody,
    SubcaseBody,
    UrgedBody,
    items_of,
    read_body,
)
from zhengxie_flow.model.body_parts import ItemAddition, ItemChanges, ReplacedValues, read_moment
from zhengxie_flow.model.case import (
    BEGINNING,
    NOTHING,
    Act,
    Assertion,
    Case,
    EditionPin,
    Explanation,
    HasPosition,
    Item,
    Key,
    Plan,
    RoleAssignment,
    StatePeriod,
)
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.fast_dataclass import filler, maker

K = TypeVar("K")
V = TypeVar("V", bound=HasPosition)
Items = dict[str, dict[str, Item]]
Facts = dict[tuple[str | None, str], tuple[Assertion, ...]]

# Under names of their own: an enum looks a member up anew each time it is asked, at the cost of three comparisons.
OPENED, CORRECTED, RECOMPUTED = EventType.OPENED, EventType.CORRECTED, EventType.RECOMPUTED
LINKED, MOVED = EventType.LINKED, EventType.MOVED
_act, _assertion, _stayed, _case = maker(Act), maker(Assertion), maker(StatePeriod), filler(Case)  # for every event


def fold(events: Sequence[Event], known_at: datetime | None = None, as_of: date | None = None) -> Case:
    """Rebuild a case from its events.

    Args:
        events: The events in journal order, the opening first.
        known_at: Leave out events recorded after this instant.
        as_of: Leave out events that happened after this day.

    Returns:
        The case.

    Raises:
        ValueError: The first event is no opening, or none was recorded by ``known_at``.
    """
    recorded = known_by(events, known_at)
    if not recorded or recorded[0].type is not OPENED:
        raise ValueError("a case begins with its opening")
    case = _opened(recorded[0], recorded)
    happened = _in_time((event for event in effective(recorded) if event.type is not RECOMPUTED), case.zone)
    if as_of is not None:
        happened = [(key, event) for key, event in happened if key[0] <= as_of]
    return _filled(case, happened) if happened else case


def known_by(events: Sequence[Event], known_at: datetime | None) -> Sequence[Event]:
    """Events recorded by an instant, without corrections of events recorded later (a clock was set back)."""
    if known_at is None:
        return events
    recorded: dict[int, Event] = {}
    for event in events:
        if event.recorded <= known_at and (event.supersedes is None or event.supersedes in recorded):
            recorded[event.sequence] = event
    return tuple(recorded.values())


def evolve(case: Case | None, event: Event, place: Key | None = None) -> Case:
    """Apply one more event of its journal to a case.

    Args:
        case: The case so far; None for the opening.
        event: The next event of the journal; it may have happened earlier than others.
        place: Its position on the timeline, where that is not its day and number.

    Returns:
        The case after it.
    """
    if case is None:
        return fold((event,))
    events = case.events + (event,)  # noqa: RUF005 - unpacking copies a long row twice
    kind, key = event.type, place or _key(event, case.zone)
    if kind is CORRECTED or (kind in (LINKED, MOVED) and key < case.last):
        return fold(events)
    if kind is RECOMPUTED:  # tells what the calendar did to a deadline; nothing happened in the case
        return replace(case, events=events, version=event.sequence)
    return _put(case, event, key, events)


def _in_time(events: Iterable[Event], zone: ZoneInfo) -> list[tuple[Key, Event]]:
    """The events after the opening with their positions on the timeline, in the order of time."""
    happened = [(_key(event, zone), event) for event in events if event.type is not OPENED]
    happened.sort(key=itemgetter(0))
    return happened


def _filled(  # noqa: C901, PLR0912  # one case for each kind of event
    case: Case, happened: Sequence[tuple[Key, Event]]
) -> Case:
    """A case that was just opened, with everything that happened; each table is built in one go."""
    timeline, stays = list(case.timeline), list(case.stays)
    explanations, parents = list(case.explanations), list(case.parents)
    moves: list[tuple[Key, MovedBody]] = []
    assignments: list[RoleAssignment] = []
    acts: dict[str, list[Act]] = {}
    acts_of_items: dict[tuple[str, str], list[Act]] = {}
    facts = {name: list(assertions) for name, assertions in case.facts.items()}
    plans: dict[tuple[str, str | None], list[Plan]] = {}
    items: Items = {kind: dict(entries) for kind, entries in case.items.items()}
    for key, event in happened:
        body = event.body
        match body:
            case ActBody() | DeemedBody() | SubcaseBody():
                if event.action is not None:
                    act = _act_of(event, event.action, body, key)
                    timeline.append(act)
                    acts.setdefault(act.action, []).append(act)
                    if act.item is not None:
                        acts_of_items.setdefault((act.action, act.item), []).append(act)
                if body.facts is not None:
                    for name, value in body.facts.items():
                        facts.setdefault((None, name), []).append(_assertion(key, value, event.by))
                if body.items is not None:
                    _change_items(items, key, body.items, event.sequence)
                if body.state is not None:
                    stays.append(_stayed(key, body.state.to, event.sequence))
            case DeterminedBody():
                for name, value in body.facts.items():
                    facts.setdefault((event.item, name), []).append(_assertion(key, value, event.by))
            case PlannedBody():
                if event.action is not None:
                    plans.setdefault((event.action, event.item), []).append(Plan(key, read_moment(body.to)))
            case ExplainedBody():
                explanations.append(_explanation(event, body, key))
            case LinkedBody():
                parents.append(body.parent)
            case MovedBody():
                moves.append((key, body))
                if body.state is not None:
                    stays.append(_stayed(key, body.state.to, event.sequence))
            case AssignedBody():
                assignments.append(_assignment(event, body))
            case OpenedBody() | CorrectedBody() | ErasedBody() | RecomputedBody() | UrgedBody():
                pass  # nothing of its own in an open case: it begins it, rebuilds it, or speaks of the record
            case _:
                assert_never(body)
    return replace(
        case,
        definition=moves[-1][1].definition.to if moves else case.definition,
        last=max(case.last, happened[-1][0]),
        timeline=tuple(timeline),
        stays=tuple(stays),
        explanations=tuple(explanations),
        parents=tuple(parents),
        pins=tuple(_pin(body, key) for key, body in moves),
        assignments=tuple(sorted(assignments, key=BY_KEY)),
        acts={name: tuple(row) for name, row in acts.items()} or NOTHING,
        facts={name: tuple(row) for name, row in facts.items()} or NOTHING,
        plans={name: tuple(row) for name, row in plans.items()} or NOTHING,
        items=items or NOTHING,
        acts_of_items={name: tuple(row) for name, row in acts_of_items.items()} or NOTHING,
    )


def _put(  # noqa: C901, PLR0912  # one case for each kind of event
    case: Case, event: Event, key: Key, events: tuple[Event, ...]
) -> Case:
    """Apply one event at its position on the timeline; events of later days that were recorded before stay after it."""
    body = event.body
    late = key < case.last
    put, enter = (placed, entered) if late else (appended, noted)
    stays, timeline, acts, facts = case.stays, case.timeline, case.acts, case.facts
    items, plans, explanations, parents = case.items, case.plans, case.explanations, case.parents
    definition, pins, assignments = case.definition, case.pins, case.assignments
    acts_of_items = case.acts_of_items
    match body:
        case ActBody() | DeemedBody() | SubcaseBody():
            if event.action is not None:
                act = _act_of(event, event.action, body, key)
                timeline, acts = put(timeline, act), enter(acts, act.action, act)
                if act.item is not None:
                    of_item = (act.action, act.item)
                    acts_of_items = {**acts_of_items, of_item: put(acts_of_items.get(of_item, ()), act)}
            if body.facts is not None:
                for name, value in body.facts.items():
                    facts = enter(facts, (None, name), _assertion(key, value, event.by))
            if body.items is not None:
                items = _with_items(case, key, event, events)
            if body.state is not None:
                stays = put(stays, _stayed(key, body.state.to, event.sequence))
        case DeterminedBody():
            for name, value in body.facts.items():  # only a person determines a field of an item
                facts = enter(facts, (event.item, name), _assertion(key, value, event.by))
        case PlannedBody():
            if event.action is not None:
                plans = enter(plans, (event.action, event.item), Plan(key, read_moment(body.to)))
        case ExplainedBody():
            explanations = put(explanations, _explanation(event, body, key))
        case LinkedBody():
            parents = (*parents, body.parent)
        case MovedBody():
            definition, pins = body.definition.to, (*pins, _pin(body, key))
            if body.state is not None:
                stays = put(stays, _stayed(key, body.state.to, event.sequence))
        case AssignedBody():
            assignments = placed(assignments, _assignment(event, body))  # from whatever day
        case OpenedBody() | CorrectedBody() | ErasedBody() | RecomputedBody() | UrgedBody():
            pass  # nothing of its own in an open case
        case _:
            assert_never(body)
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
        assignments,
        acts_of_items,
    )


def _with_items(case: Case, key: Key, event: Event, events: tuple[Event, ...]) -> Items:
    """The items after a change of them; a late one is put in order with all others, for an end needs a beginning."""
    if key < case.last:
        items = _initial_items(events[0])
        changes = _in_time([entry for entry in effective(events) if items_of(entry.body) is not None], case.zone)
    else:
        items, changes = {kind: dict(entries) for kind, entries in case.items.items()}, [(key, event)]
    for moment, changing in changes:
        if (change := items_of(changing.body)) is not None:
            _change_items(items, moment, change, changing.sequence)
    return items


def effective(events: Sequence[Event]) -> list[Event]:
    """The effective events: corrections in the place of the events they supersede, withdrawn events left out."""
    if not any(event.type is CORRECTED for event in events):
        return list(events)
    by_sequence = {event.sequence: event for event in events}
    by_root: dict[int, Event | None] = {event.sequence: event for event in events if event.type is not CORRECTED}
    void: set[int] = set()
    settled: set[int] = set()
    for correction in reversed([event for event in events if event.type is CORRECTED]):
        if correction.sequence in void or correction.supersedes is None:
            continue
        root = _root(correction, by_sequence, void)
        if root in settled:
            continue  # a later correction of the same event already decided
        assert isinstance(correction.body, CorrectedBody)  # noqa: S101  # by its type
        replacement = correction.body.replacement
        if by_sequence[correction.supersedes].type is CORRECTED and replacement is None:
            continue  # withdrawing a correction only revives what it had replaced
        settled.add(root)
        by_root[root] = None if replacement is None else _replaced(by_sequence[root], replacement)
    return [event for event in by_root.values() if event is not None]


def _root(correction: Event, by_sequence: dict[int, Event], void: set[int]) -> int:
    """The first event of a chain of corrections; corrections passed on the way are marked void."""
    target = by_sequence[correction.supersedes or 0]
    while target.type is CORRECTED:
        void.add(target.sequence)
        target = by_sequence[target.supersedes or 0]
    return target.sequence


def _replaced(event: Event, changes: ReplacedValues) -> Event:
    """An event with the values a correction gives it; its place in the journal stays."""
    values: dict[str, Any] = dict(changes)
    if "occurred" in changes:
        values["occurred"] = read_moment(changes["occurred"])
    if "body" in changes:
        values["body"] = read_body(event.type, changes["body"])
    return replace(event, **values)


def _key(event: Event, zone: ZoneInfo) -> Key:
    return (event.day(zone), event.sequence)


def _opened(event: Event, events: Sequence[Event]) -> Case:
    """A case at its opening; what is given there holds from the beginning, whatever is told later of earlier days."""
    body = event.body
    assert isinstance(body, OpenedBody)  # noqa: S101  # by its type
    zone = ZoneInfo(body.zone)
    facts: Facts = {
        (None, name): (_assertion(BEGINNING, value, event.by),) for name, value in (body.facts or {}).items()
    }
    return Case(
        id=event.case,
        process=body.process,
        definition=event.definition,
        zone=zone,
        version=events[-1].sequence,
        events=tuple(events),
        last=_key(event, zone),
        stays=(StatePeriod(BEGINNING, body.state.to, event.sequence),),
        items=_initial_items(event) or NOTHING,
        facts=facts or NOTHING,
        parents=() if body.parent is None else (body.parent,),
    )


def _initial_items(opening: Event) -> Items:
    items: Items = {}
    if (initial := items_of(opening.body)) is not None:
        _change_items(items, BEGINNING, initial, opening.sequence)
    return items


def _act_of(event: Event, action: str, body: Changes, key: Key) -> Act:
    return _act(key, action, event.by, event.item, body.fields or NOTHING, event, event.actor)


def _pin(body: MovedBody, key: Key) -> EditionPin:
    """The pin of a case whose life moved to another edition."""
    begins = body.begins.from_
    return EditionPin(key, body.definition.from_, None if begins is None else date.fromisoformat(begins))


def _change_items(items: Items, key: Key, change: ItemChanges, event: int) -> None:
    """Apply to items what an event did to them: added, moved, ended."""
    for added in change.added:
        items.setdefault(added.type, {})[added.id] = _new_item(added, key, event)
    for moved in change.moved:
        if (item := items.get(moved.type, {}).get(moved.id)) is not None:
            items[moved.type][moved.id] = replace(item, stays=(*item.stays, StatePeriod(key, moved.to, event)))
    for ended in change.ended:
        item = items.get(ended.type, {}).get(ended.id)
        if item is not None and item.ended is None:  # an item ends once; later endings are ignored
            items[ended.type][ended.id] = replace(item, ended=key, replaced_by=ended.replaced_by)


def _new_item(added: ItemAddition, key: Key, event: int) -> Item:
    """An item as it enters: with its first state, where it has states, and the item whose place it takes, if any."""
    return Item(
        added.type,
        added.id,
        key,
        added.fields,
        stays=() if added.state is None else (StatePeriod(key, added.state, event),),
        replaces=added.replaces,
        carries=added.carries,
    )


def _assignment(event: Event, body: AssignedBody) -> RoleAssignment:
    return RoleAssignment((date.fromisoformat(body.from_), event.sequence), body.role, body.office, body.person)


def _explanation(event: Event, body: ExplainedBody, key: Key) -> Explanation:
    return Explanation(key, body.obligation, event.item, event.by, body.reason, body.public)
