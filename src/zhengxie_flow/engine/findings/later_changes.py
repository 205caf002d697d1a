"""Findings on what was learnt later: entries in the record by which an adverse verdict became milder.

Each correction, determination, plan, link, move and late entry is held against the case just before and just after it
was recorded, as of the day it was recorded or the day of the audit, whichever is earlier.  What one import brought in
counts as one entry.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.events.deemed_acts import without_receipts
from zhengxie_flow.engine.events.evolve import fold
from zhengxie_flow.engine.events.personal import personal_names
from zhengxie_flow.engine.events.value_changes import corrected_event, value_changes
from zhengxie_flow.engine.findings.influence import (
    EVERYTHING,
    NOTHING,
    Influence,
    reach_of_act,
    reach_of_changes,
    reach_of_first_answers,
    reach_of_plans,
)
from zhengxie_flow.engine.findings.line import BACKDATED, CORRECTION, finding
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.body import CorrectedBody, DeterminedBody, SubcaseBody, facts_of, items_of, state_of
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.findings import MilderRecord, MilderVerdict, ValueChange
from zhengxie_flow.model.limit import FirstOf, LastOf, Limit
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import ADVERSE, Judgement, Verdict

_CHANGING = frozenset({EventType.CORRECTED, EventType.DETERMINED, EventType.PLANNED, EventType.LINKED, EventType.MOVED})
_STATED = frozenset({EventType.ACT, EventType.EXPLAINED, EventType.SUBCASE})
Lines = Sequence[Judgement]
ViewAtStage = Callable[[Case, date], CaseView]
"""The view of a case as recorded, with what time had brought by the end of a day."""
JudgeView = Callable[[CaseView, Influence], Lines]
"""Judges the lines of a view that an influence reaches."""
LineKey = tuple[str, str | None, int, bool, int | None]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry in the record: the events from ``first`` up to ``end`` in journal order, and the one it is named by."""

    first: int
    end: int
    event: Event


@dataclass(slots=True)
class _Record:
    """The events as they were recorded, and the lines at each stage of them."""

    view: CaseView
    events: tuple[Event, ...]
    stage: ViewAtStage
    judge: JudgeView
    views: dict[tuple[int, date], CaseView] = field(default_factory=dict)
    judged: dict[tuple[int, date, Influence], Lines] = field(default_factory=dict)
    stated: dict[tuple[str | None, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note where each value was stated first."""
        for index, event in enumerate(self.events):
            for value in _stated(event):
                self.stated.setdefault(value, index)

    def at(self, end: int, day: date) -> CaseView:
        """The case as of a day by the first events, of which there are ``end``."""
        if (end, day) not in self.views:
            self.views[end, day] = self.stage(fold(self.events[:end]), day)
        return self.views[end, day]

    def lines(self, end: int, day: date, influence: Influence) -> Lines:
        """The lines as of a day by the first events."""
        key = (end, day, influence)
        if key not in self.judged:
            self.judged[key] = self.judge(self.at(end, day), influence)
        return self.judged[key]

    def influence(self, entry: _Entry, day: date) -> Influence:
        """The lines that an entry can make milder."""
        compiled, events = self.view.compiled, self.events[entry.first : entry.end]
        kinds = {event.type for event in events}
        if kinds == {EventType.LINKED}:
            return NOTHING  # it changes the case above, where it is an entry of its own
        if kinds == {EventType.PLANNED}:
            return _reached_by_plans(compiled, events, self.events[: entry.first])
        if kinds == {EventType.ACT} and self._is_last_in_time(entry):
            return reach_of_act(compiled, entry.event.action or "").lines
        facts = [name for event in events if isinstance(event.body, DeterminedBody) for name in event.body.facts]
        if kinds != {EventType.DETERMINED}:
            return EVERYTHING
        if not all(self._is_first_answer(event, entry.first) for event in events):
            return reach_of_changes(compiled, facts).lines
        reach = reach_of_first_answers(compiled, facts)
        return EVERYTHING if reach.life and self._lives_differ(entry, day) else reach.lines

    def _is_first_answer(self, event: Event, first: int) -> bool:
        """True where nobody had stated, and nothing presumed, what is determined."""
        names = event.body.facts if isinstance(event.body, DeterminedBody) else {}
        said = any(self.stated.get((event.item, name), first) < first for name in names)
        return not said and not _presumed(self.view.compiled, names)

    def _is_last_in_time(self, entry: _Entry) -> bool:
        """True for one act in an open case that nothing on record before followed."""
        zone, compiled = self.view.case.zone, self.view.compiled
        day, before = entry.event.day(zone), self.events[: entry.first]
        ended = (compiled.final.get(change.to) for event in before if (change := state_of(event.body)) is not None)
        return entry.end - entry.first == 1 and all(event.day(zone) <= day for event in before) and not any(ended)

    def _lives_differ(self, entry: _Entry, day: date) -> bool:
        before, after = (self.at(end, day).case for end in (entry.first, entry.end))
        return (before.stays, before.items) != (after.stays, after.items) or len(before.timeline) != len(after.timeline)


def _reached_by_plans(compiled: CompiledProcess, plans: Sequence[Event], before: Sequence[Event]) -> Influence:
    """The lines that plans can make milder.

    A first plan only gives a day to what was done before there was one: it was incomplete.
    """
    reached = reach_of_plans(compiled, [event.action or "" for event in plans]).lines
    if reached is EVERYTHING or any(_plans_anew(event, before) for event in plans):
        return reached
    done = {event.action for event in before}
    duties = compiled.process.obligations
    return frozenset(name for name in reached or () if name in duties and _may_be_incomplete(duties[name], done))


def _may_be_incomplete(duty: Obligation, done: set[str | None]) -> bool:
    """True where something that performs a duty was done, or its limit has several anchors."""
    return duty.limit is None or bool(duty.limit.parts_of) or not done.isdisjoint(duty.do) or _joint(duty.limit)


def _joint(limit: Limit) -> bool:
    return any(isinstance(part.anchor, FirstOf | LastOf) for part in limit.candidates)


def _plans_anew(event: Event, before: Sequence[Event]) -> bool:
    """True where the act had a planned day already."""
    return any(
        earlier.type in (EventType.PLANNED, EventType.CORRECTED)
        and earlier.action == event.action
        and earlier.item in (event.item, None)
        for earlier in before
    )


def _presumed(compiled: CompiledProcess, names: Collection[str]) -> bool:
    """True where a fact or a field of an item of one of these names is presumed."""
    tables = [compiled.process.facts, *(kind.fields for kind in compiled.process.items.values())]
    kinds = [table[name] for table in tables for name in names if name in table]
    return any(kind.presumed is not None for kind in kinds)


def _stated(event: Event) -> Iterator[tuple[str | None, str]]:
    """The names of the values that an event states, with the item they are about."""
    body = event.body
    owner = event.item if isinstance(body, DeterminedBody) else None
    yield from ((owner, name) for name in facts_of(body) or ())
    if (changed := items_of(body)) is not None:
        yield from ((added.id, name) for added in changed.added for name in added.fields)
    if isinstance(body, CorrectedBody) and body.replacement is not None:
        replaced = body.replacement.get("body", {})
        yield from ((event.item, name) for key in ("facts", "fields") for name in replaced.get(key, ()))


def later_changes(view: CaseView, stage: ViewAtStage, judge: JudgeView) -> Iterator[Judgement]:
    """The entries in the record of a case that made an adverse verdict milder.

    A first answer does so too where it came after the shortest last day still possible, and moves it; any other answer
    to what needed a judgement does not.

    Args:
        view: The case at the end of the day of the audit.
        stage: The case at an earlier stage of its record.
        judge: Judges it.
    """
    events = without_receipts(view.case.events)
    entries = [entry for entry in _entries(view, events) if entry.first > 0]
    if not entries:
        return
    record = _Record(view, events, stage, judge)
    for entry in entries:
        verdicts = _milder(record, entry)
        if verdicts:
            note = MilderRecord(
                entry=str(entry.event.type),
                recorded=_day_recorded(view, entry.event),
                changed=corrected_event(events, entry.event),
                values=_shown(view.compiled, value_changes(events, entry.event)),
                verdicts=verdicts,
            )
            yield finding(view, CORRECTION if _is_change(entry.event) else BACKDATED, entry.event, note)


def _entries(view: CaseView, events: Sequence[Event]) -> Iterator[_Entry]:
    """The entries by which a verdict may have become milder, in order of recording."""
    index = 0
    while index < len(events):
        end = index + 1
        if _brought(events[index]):
            while end < len(events) and _brought(events[end]) and events[end].recorded == events[index].recorded:
                end += 1
        if _may_change(view, events[index:end]):
            yield _Entry(index, end, _leading(events[index:end]))
        index = end


def _brought(event: Event) -> bool:
    """True for an event that came with others: from a file, or from a subcase."""
    return event.imported or event.type is EventType.SUBCASE


def _leading(events: Sequence[Event]) -> Event:
    """The event that an entry is named by: the first that changes what was said before, else the first."""
    return next((event for event in events if event.type is EventType.CORRECTED), events[0])


def _may_change(view: CaseView, events: Sequence[Event]) -> bool:
    """True for a change of the record, and for an entry made later than the day it speaks of."""
    for event in events:
        if event.type is EventType.CORRECTED:
            return True
        happened = event.day(view.case.zone)
        late = event.type in _STATED and happened < _day_recorded(view, event)
        if happened <= view.day and (late or event.type in _CHANGING):
            return True
    return False


def _is_change(event: Event) -> bool:
    """True for an entry that changes what was said before, the link of a subcase included."""
    body = event.body
    return event.type in _CHANGING or (isinstance(body, SubcaseBody) and body.subcase.linked)


def _day_recorded(view: CaseView, event: Event) -> date:
    return event.recorded.astimezone(view.case.zone).date()


def _milder(record: _Record, entry: _Entry) -> tuple[MilderVerdict, ...]:
    """The lines that became milder by an entry: all of them, as soon as one did."""
    day = min(record.view.day, _day_recorded(record.view, entry.event))
    influence = record.influence(entry, day)
    found = _compared(record, entry, day, influence)
    return found if influence is EVERYTHING or not found else _compared(record, entry, day, EVERYTHING)


def _compared(record: _Record, entry: _Entry, day: date, influence: Influence) -> tuple[MilderVerdict, ...]:
    """The lines within an influence that became milder by an entry."""
    if influence == NOTHING:
        return ()
    before = record.lines(entry.first, day, influence)
    if not any(line.verdict in ADVERSE or _may_be_late(line) for line in before):
        return ()
    after = _by_key(record.lines(entry.end, day, influence))
    answers = entry.event.type is EventType.DETERMINED
    return tuple(
        MilderVerdict(line.obligation, line.item, str(line.verdict), None if other is None else str(other.verdict))
        for key, lines in _by_key(before).items()
        for line, other in zip_longest(lines, after.get(key, ())[: len(lines)])
        if _is_milder(line, other) or (answers and other is not None and _moved_late(line, other))
    )


def _by_key(lines: Lines) -> Mapping[LineKey, Lines]:
    """The lines of each duty and item, the worst first; of a finding those about one event."""
    by_key: dict[LineKey, list[Judgement]] = {}
    for line in lines:
        about = line.actual.event if line.actual is not None and _of_event(line) else None
        by_key.setdefault((line.obligation, line.item, line.round, line.is_action, about), []).append(line)
    return {key: sorted(rows, key=lambda line: line.verdict.severity) for key, rows in by_key.items()}


def _of_event(line: Judgement) -> bool:
    return line.is_action or line.obligation.startswith("integrity.")


def _is_milder(line: Judgement, other: Judgement | None) -> bool:
    return line.verdict in ADVERSE and (other is None or other.verdict.severity > line.verdict.severity)


def _may_be_late(line: Judgement) -> bool:
    """True where a duty hangs on an answer, and would be missed by the strictest day still possible."""
    proof = line.proof
    return (
        line.verdict is Verdict.NEEDS_JUDGEMENT
        and isinstance(proof, ResolvedLimit)
        and proof.differs
        and not ADVERSE.isdisjoint(line.outcomes)
    )


def _moved_late(line: Judgement, other: Judgement) -> bool:
    """True where the first answer moved, to the good, a day that could already have been missed."""
    if not _may_be_late(line) or line.day is None or other.day is None:
        return False
    return other.day < line.day if line.earliest is not None else other.day > line.day


def _shown(compiled: CompiledProcess, changes: Sequence[ValueChange]) -> tuple[ValueChange, ...]:
    """The changes without personal values: an audit says that these changed, not from what to what."""
    personal = personal_names(compiled)
    return tuple(replace(change, old=None, new=None) if change.name in personal else change for change in changes)


def with_later_changes(lines: Lines, changes: Lines) -> list[Judgement]:
    """The lines of an audit with the findings on later changes; a late entry already remarked on stays one line."""
    remarks = {_about(line): line for line in changes}
    merged = [
        line if (other := remarks.pop(_about(line), None)) is None else replace(line, notes=(*line.notes, *other.notes))
        for line in lines
    ]
    return [*merged, *remarks.values()]


def _about(line: Judgement) -> tuple[str, int | None]:
    return (line.obligation, line.actual.event if line.actual is not None else None)
