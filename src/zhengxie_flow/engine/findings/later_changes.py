"""Findings on what was learnt later: entries in the record by which an adverse verdict became milder.

Each correction, determination, plan, link, move and late entry is held against the case just before and just after it
was recorded, as of the day it was recorded or the day of the audit, whichever is earlier.  What one import brought in
counts as one entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.events.evolve import fold
from zhengxie_flow.engine.events.personal import personal_names
from zhengxie_flow.engine.events.value_changes import corrected_event, value_changes
from zhengxie_flow.engine.findings.influence import Influence, influence_of
from zhengxie_flow.engine.findings.line import BACKDATED, CORRECTION, finding
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.findings import MilderRecord, MilderVerdict, ValueChange
from zhengxie_flow.model.verdict import ADVERSE, Judgement, Verdict

_CHANGING = frozenset(
    {EventType.CORRECTED, EventType.DETERMINED, EventType.PLANNED, EventType.LINKED, EventType.MOVED}
)
_STATED = frozenset({EventType.ACT, EventType.EXPLAINED})
Lines = Sequence[Judgement]
JudgeCase = Callable[[Case, date, Influence], Lines]
"""Judges a case as recorded, as of a day: the lines that an influence reaches."""
LineKey = tuple[str, str | None, bool, int | None]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry in the record: the events from ``first`` up to ``end`` in journal order, with the one it is named by."""

    first: int
    end: int
    event: Event


@dataclass(slots=True)
class _Record:
    """The events as they were recorded, and the lines at each stage of them."""

    view: CaseView
    events: tuple[Event, ...]
    judge: JudgeCase
    lines: dict[tuple[int, date, Influence], Lines] = field(default_factory=dict)

    def stage(self, end: int, day: date, influence: Influence) -> Lines:
        """The lines as of a day by the first events, of which there are ``end``."""
        key = (end, day, influence)
        if key not in self.lines:
            self.lines[key] = self.judge(fold(self.events[:end]), day, influence)
        return self.lines[key]


def later_changes(view: CaseView, judge: JudgeCase) -> Iterator[Judgement]:
    """The entries in the record of a case that made an adverse verdict milder.

    A first answer does so too where it came after the shortest last day still possible, and moves it; any other answer
    to what needed a judgement does not.

    Args:
        view: The case at the end of the day of the audit.
        judge: Judges an earlier stage of the record.
    """
    events = _recorded(view.case)
    entries = [entry for entry in _entries(view, events) if entry.first > 0]
    if not entries:
        return
    record = _Record(view, events, judge)
    for entry in entries:
        verdicts = tuple(_milder(record, entry))
        if verdicts:
            note = MilderRecord(
                entry=str(entry.event.type),
                recorded=_day_recorded(view, entry.event),
                changed=corrected_event(events, entry.event),
                values=_shown(view.compiled, value_changes(events, entry.event)),
                verdicts=verdicts,
            )
            yield finding(view, CORRECTION if entry.event.type in _CHANGING else BACKDATED, entry.event, note)


def _recorded(case: Case) -> tuple[Event, ...]:
    """The events of a case without the acts that time alone has brought, and the withdrawals of these."""
    deemed = {event.sequence for event in case.events if event.type is EventType.DEEMED}
    if not deemed:
        return case.events
    return tuple(event for event in case.events if event.sequence not in deemed and event.supersedes not in deemed)


def _entries(view: CaseView, events: Sequence[Event]) -> Iterator[_Entry]:
    """The entries by which a verdict may have become milder, in order of recording."""
    index = 0
    while index < len(events):
        event = events[index]
        end = index + 1
        if event.imported:
            while end < len(events) and events[end].imported and events[end].recorded == event.recorded:
                end += 1
            yield _Entry(index, end, _leading(events[index:end]))
        elif _may_change(view, event):
            yield _Entry(index, end, event)
        index = end


def _leading(events: Sequence[Event]) -> Event:
    """The event that an import is named by: the first that changes what was said before, else the first."""
    return next((event for event in events if event.type is EventType.CORRECTED), events[0])


def _may_change(view: CaseView, event: Event) -> bool:
    """True for a change of the record, and for an entry made later than the day it speaks of."""
    if event.type is EventType.CORRECTED:
        return True
    happened = event.day(view.case.zone)
    if happened > view.day:
        return False
    return event.type in _CHANGING or (event.type in _STATED and happened < _day_recorded(view, event))


def _day_recorded(view: CaseView, event: Event) -> date:
    return event.recorded.astimezone(view.case.zone).date()


def _milder(record: _Record, entry: _Entry) -> Iterator[MilderVerdict]:
    """The lines that became milder by an entry."""
    day = min(record.view.day, _day_recorded(record.view, entry.event))
    influence = influence_of(record.view.compiled, record.events[entry.first : entry.end])
    before = record.stage(entry.first, day, influence)
    if not any(line.verdict in ADVERSE or _may_be_late(line) for line in before):
        return
    after = _by_key(record.stage(entry.end, day, influence))
    answers = entry.event.type is EventType.DETERMINED
    for key, lines in _by_key(before).items():
        others = after.get(key, ())
        for place, line in enumerate(lines):
            other = others[place] if place < len(others) else None
            if _is_milder(line, other) or (answers and other is not None and _moved_late(line, other)):
                yield MilderVerdict(line.obligation, line.item, str(line.verdict), other and str(other.verdict))


def _by_key(lines: Lines) -> Mapping[LineKey, Lines]:
    """The lines of each duty and item, the worst first; of a finding those about one event."""
    by_key: dict[LineKey, list[Judgement]] = {}
    for line in lines:
        about = line.actual.event if line.actual is not None and _of_event(line) else None
        by_key.setdefault((line.obligation, line.item, line.is_action, about), []).append(line)
    return {key: sorted(rows, key=lambda line: line.verdict.severity) for key, rows in by_key.items()}


def _of_event(line: Judgement) -> bool:
    return line.is_action or line.obligation.startswith("integrity.")


def _is_milder(line: Judgement, other: Judgement | None) -> bool:
    return line.verdict in ADVERSE and (other is None or other.verdict.severity > line.verdict.severity)


def _may_be_late(line: Judgement) -> bool:
    """True where a duty hangs on an answer, and would be missed by the shortest last day still possible."""
    proof = line.proof
    return (
        line.verdict is Verdict.NEEDS_JUDGEMENT
        and isinstance(proof, ResolvedLimit)
        and proof.differs
        and proof.direction in ("forward", "by_date")
        and not ADVERSE.isdisjoint(line.outcomes)
    )


def _moved_late(line: Judgement, other: Judgement) -> bool:
    """True where the first answer moved a last day that could already have been over."""
    return _may_be_late(line) and line.due is not None and other.due is not None and other.due > line.due


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
