"""Export of cases: each with its parents and subcases, and with all that is needed to read and judge it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from typing import Final

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.errors import Conflict, NotFound, Where
from zhengxie_flow.model.body import MovedBody, SubcaseBody
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.evidence import entries
from zhengxie_flow.model.personal import NOT_CARRIED
from zhengxie_flow.ports import (
    CalendarEdition,
    CaseFamily,
    CaseFileSink,
    FiledCase,
    PersonalDatum,
    StoredDefinition,
)
from zhengxie_flow.services.appending import stored_definition
from zhengxie_flow.services.attaching import attachments_of
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.locking import parent_links
from zhengxie_flow.services.queries.judged_lines import judged_lines
from zhengxie_flow.services.retrying import ATTEMPTS

_SATURDAY: Final = 5


@dataclass(slots=True)
class CaseExport:
    """Export of cases into a file.

    Attributes:
        context: The ports.
        evidence: True to carry attachments.
        progress: Called with the number of cases after some were written.
    """

    context: Context
    evidence: bool = False
    progress: Callable[[int], None] = lambda _: None
    _done: set[str] = field(default_factory=set)
    _definitions: set[str] = field(default_factory=set)
    _calendars: set[tuple[str, str]] = field(default_factory=set)
    _files: set[str] = field(default_factory=set)

    def write(self, sink: CaseFileSink, case: str | None) -> None:
        """Write a case with its family, or all cases.

        Args:
            sink: The file.
            case: The id of the case; None for all, in the order of their ids.

        Raises:
            NotFound: ZX4002, there is no such case; ZX5041, a file that an event refers to is gone.
            ChainBroken: The journal of a case was tampered with.
            Conflict: ZX4031, others write to the cases all the time.
        """
        if case is not None:
            self._family(sink, case)
            return
        for name in [head.case for head in self.context.journal.heads()]:
            if name not in self._done:
                self._family(sink, name)

    def _family(self, sink: CaseFileSink, case: str) -> None:
        family, by_case = self._steady(case)
        if self.evidence:
            self._attach(sink, by_case.values())
        sink.put(family)
        self._done.update(filed.case for filed in family.cases)
        self.progress(len(family.cases))

    def _steady(self, case: str) -> tuple[CaseFamily, Mapping[str, Sequence[Event]]]:
        """A family as it stood at one moment: read again where somebody wrote to it meanwhile."""
        context = self.context
        for _ in range(ATTEMPTS):
            by_case = _related(context, case)
            marks = {name: events[-1].hash for name, events in by_case.items()}
            filed = tuple(self._filed(name) for name in sorted(by_case))
            heads = {name: context.journal.head(name) for name in by_case}
            same = all(head is not None and head.hash == marks[name] for name, head in heads.items())
            if same and all(entry.sealed[-1].hash == marks[entry.case] for entry in filed):
                definitions = self._definitions_of(by_case)
                calendars = self._calendars_of(chain.from_iterable(by_case.values()))
                return CaseFamily(definitions=definitions, calendars=calendars, cases=filed), by_case
        raise Conflict("ZX4031", where=Where(case=case), retry="at_once", expected=len(marks), version=len(heads))

    def _filed(self, case: str) -> FiledCase:
        context = self.context
        day = context.today(context.read(case).compiled)
        return FiledCase(
            case=case,
            sealed=context.journal.sealed(case),
            personal=tuple(map(_without_marks, context.journal.personal(case))),
            as_of=day,
            judged=judged_lines(context, case, day),
        )

    def _definitions_of(self, by_case: dict[str, Sequence[Event]]) -> tuple[StoredDefinition, ...]:
        """The definitions that cases name, and the editions they are judged by, as far as they are not in the file."""
        context, needed = self.context, dict[str, None]()
        for events in by_case.values():
            needed |= dict.fromkeys(event.definition for event in events if event.definition)
            moves = (event.body.definition for event in events if isinstance(event.body, MovedBody))
            needed |= dict.fromkeys(digest for move in moves for digest in (move.from_, move.to))
            needed |= dict.fromkeys(
                edition.hash for edition in context.definitions.by_hash(events[0].definition).editions
            )
        new = [digest for digest in needed if digest not in self._definitions]
        self._definitions.update(new)
        return tuple(map(self._definition, new))

    def _definition(self, digest: str) -> StoredDefinition:
        stored = self.context.journal.definition(digest)
        if stored is not None:
            return stored
        return stored_definition(self.context.definitions.by_hash(digest))

    def _calendars_of(self, events: Iterable[Event]) -> tuple[CalendarEdition, ...]:
        """The editions of calendars that events were written under, as far as they are not in the file."""
        context, editions = self.context, list[CalendarEdition]()
        for event in events:
            if not event.calendar or not event.definition:
                continue
            compiled = context.definitions.by_hash(event.definition)
            key = (compiled.calendar, event.calendar)
            if key not in self._calendars:
                self._calendars.add(key)
                editions.append(self._edition(*key, event.recorded.astimezone(compiled.zone).date()))
        return tuple(editions)

    def _edition(self, name: str, digest: str, day: date) -> CalendarEdition:
        try:
            snapshot = self.context.calendars.snapshot(name, day)
            if snapshot.calendar_hash != digest:
                standing = self.context.calendars.standing(name, digest, day)
                if standing is None:
                    return CalendarEdition(name=name, hash=digest)
                snapshot = standing(day)
        except NotFound:  # the project has it no more
            return CalendarEdition(name=name, hash=digest)
        return calendar_edition(name, snapshot)

    def _attach(self, sink: CaseFileSink, histories: Iterable[Sequence[Event]]) -> None:
        """Write the files that the events of cases refer to and that were not erased, each once a file."""
        for history in histories:
            for entry in entries(history):
                digest, size = entry.reference.hash, entry.reference.size
                if digest is None or size is None or entry.erased or digest in self._files:
                    continue
                self._files.add(digest)
                with attachments_of(self.context).open(digest) as stream:
                    sink.attach(digest, size, stream)


def calendar_edition(name: str, snapshot: Snapshot) -> CalendarEdition:
    """Write down the days of an edition of a calendar.

    Args:
        name: The name of the calendar.
        snapshot: The calendar.

    Returns:
        The days that are other than in a plain week from Monday to Friday.
    """
    working: list[date] = []
    resting: list[date] = []
    for offset in range((snapshot.last - snapshot.first).days + 1):
        day = snapshot.first + timedelta(offset)
        weekend = day.weekday() >= _SATURDAY
        if snapshot.is_working_day(day) == weekend:
            (working if weekend else resting).append(day)
    return CalendarEdition(
        name=name,
        hash=snapshot.calendar_hash,
        first=snapshot.first,
        last=snapshot.last,
        settled_through=snapshot.settled_through,
        working=tuple(working),
        resting=tuple(resting),
    )


def _related(context: Context, case: str) -> dict[str, Sequence[Event]]:
    """The events of a case, and of every case above and below it."""
    waiting, by_case = [case], dict[str, Sequence[Event]]()
    while waiting:
        name = waiting.pop()
        if name in by_case:
            continue
        events = context.journal.events(name)
        if not events:
            raise NotFound("ZX4002", where=Where(case=name))
        by_case[name] = events
        waiting += [parent.case for parent in parent_links(events)]
        waiting += [event.body.subcase.case for event in events if isinstance(event.body, SubcaseBody)]
    return by_case


def _without_marks(datum: PersonalDatum) -> PersonalDatum:
    """A personal value as a file has it: one that never came here was not erased."""
    return replace(datum, erased=None, ground=None) if datum.ground == NOT_CARRIED else datum
