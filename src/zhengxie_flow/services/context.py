"""Context of the use cases, and the one way in which they read a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from zhengxie_flow.calendars import CHINA_TIME, Snapshot
from zhengxie_flow.engine import CompiledProcess, DerivedCase, derive, fold
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events.evolve import known_by
from zhengxie_flow.engine.events.recording import RecordingTime
from zhengxie_flow.errors import ChainBroken, NotFound, UsageError, Where
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.instant import has_civil_days
from zhengxie_flow.ports import (
    Attachments,
    Authorise,
    Calendars,
    Clock,
    Definitions,
    Ids,
    Journal,
    MayRead,
    Publishing,
    Retries,
    StagedFile,
    Transaction,
    UserStore,
)
from zhengxie_flow.services.folded_cases import EventSource, FoldedCases, checked_case
from zhengxie_flow.services.kept_rows import KeptRows


@dataclass(frozen=True, slots=True)
class Context:
    """The ports of one installation, wired by the bootstrap.

    Attributes:
        journal: The journal of all cases.
        definitions: The source of process definitions.
        calendars: The source of working-day calendars.
        clock: The source of the present instant.
        ids: The source of idempotency keys.
        retries: The pauses between attempts of a write; None to try once.
        clock_back: The reason for recording before the latest instant of a case; None where that is refused.
        attachments: The place of the files that events refer to; None where there is none.
        users: The directory of persons and the refusals; None where there is none.
        authorise: The hook that is asked before every write; None to allow all.
        may_read: The hook that is asked before a value is shown to a reader; None to show all.
        staged: Files by their hash that a command brings along, kept with its events; None where files are only read.
        publishing: Who learns of writes; None where nobody does.
        folded: The cases as they were read last.
        kept_rows: The open work of the cases written to last.
    """

    journal: Journal
    definitions: Definitions
    calendars: Calendars
    clock: Clock
    ids: Ids
    retries: Retries | None = None
    clock_back: str | None = None
    attachments: Attachments | None = None
    staged: dict[str, StagedFile] | None = None
    users: UserStore | None = None
    authorise: Authorise | None = None
    may_read: MayRead | None = None
    publishing: Publishing | None = None
    folded: FoldedCases = field(default_factory=FoldedCases)
    kept_rows: KeptRows = field(default_factory=KeptRows)

    def now(self) -> datetime:
        """Return the present instant.

        Returns:
            The instant, with its offset.

        Raises:
            UsageError: ZX2001, the clock gives no instant, or one without an offset; ZX4015, no year of the calendar
                holds it.
        """
        return _checked(self.clock.now())

    def present(self) -> datetime:
        """Return the present instant, also while an import is recorded at the instant at which it began.

        Returns:
            The instant, with its offset.

        Raises:
            UsageError: As `now`.
        """
        return _checked(getattr(self.clock, "running", self.clock).now())

    def calendar(self, compiled: CompiledProcess, as_of: date) -> Snapshot:
        """Return the calendar of a process as published by a day.

        Args:
            compiled: The process.
            as_of: The day; later notices are left out.

        Returns:
            The calendar.
        """
        return self.calendars.snapshot(compiled.calendar, as_of)

    def today(self, compiled: CompiledProcess) -> date:
        """Return the present civil day in the zone of a process.

        Args:
            compiled: The process.

        Returns:
            The day.
        """
        return self.now().astimezone(compiled.zone).date()

    def civil_day(self) -> date:
        """Return the present civil day in China, against which lists of all processes are read."""
        return self.now().astimezone(CHINA_TIME).date()

    def derived(self, compiled: CompiledProcess, case: Case, day: date | None = None) -> DerivedCase:
        """Derive a recorded case as of the end of a day, by itself: its subcases are mirrored in its journal.

        Args:
            compiled: The definition that governs the case.
            case: The case as recorded.
            day: The civil day; None for today.

        Returns:
            The derived case.
        """
        return derive(compiled, case, partial(self.calendar, compiled), day or self.today(compiled))

    def calendar_hash(self, compiled: CompiledProcess) -> str:
        """Return the hash of the calendar of a process as it is known today: what a new event is written under.

        Args:
            compiled: The process.

        Returns:
            The hash.
        """
        return self.calendar(compiled, self.today(compiled)).calendar_hash

    def recording_time(self, compiled: CompiledProcess) -> RecordingTime:
        """Return the time at which a new event is recorded: the present instant, with today's calendar of its process.

        Args:
            compiled: The process.

        Returns:
            The time of recording.
        """
        return RecordingTime.at(self.now(), compiled, partial(self.calendar, compiled))

    def read(self, case: str, known_at: datetime | None = None) -> GovernedCase:
        """Read a case from its journal, by what was known at an instant.

        Args:
            case: The id of the case.
            known_at: The instant up to which events count as recorded; None for all.

        Returns:
            The definition the case started under, and the case.

        Raises:
            NotFound: ZX4002, there is no such case, or it had not been opened yet by what was known.
            ChainBroken: The journal of the case was tampered with.
        """
        governed = self.find(case, known_at)
        if governed is None:
            raise NotFound("ZX4002", where=Where(case=case))
        return governed

    def find(self, case: str, known_at: datetime | None) -> GovernedCase | None:
        """Read a case like `read`; None where its opening had not been recorded yet.

        A clock that was set back can put the opening later than what followed it; the case is not known then either.

        Args:
            case: The id of the case.
            known_at: The instant up to which events count as recorded; None for all.

        Returns:
            The definition the case started under, and the case; None where its opening was recorded later.

        Raises:
            NotFound: ZX4002, there is no such case.
            ChainBroken: The journal of the case was tampered with.
        """
        stored = self.stored(self.journal, case)
        if stored is None:
            if self.journal.head(case) is not None:
                raise ChainBroken("ZX5901", where=Where(case=case, event=1))
            raise NotFound("ZX4002", where=Where(case=case))
        if known_at is not None:
            recorded = known_by(stored.events, known_at)
            if not recorded or recorded[0] is not stored.events[0]:
                return None
            stored = fold(recorded)
        return GovernedCase(self.definitions.by_hash(stored.definition), stored)

    def stored(self, source: EventSource, case: str) -> Case | None:
        """Read a case as it is stored.

        Args:
            source: The journal, or a write to it.
            case: The id of the case.

        Returns:
            The case; None where nothing is stored of it.

        Raises:
            ChainBroken: The journal of the case was tampered with; ZX5905, an event does not fit its definitions.
        """
        return self.folded.read(source, self.definitions, case)

    def within(self, transaction: Transaction, case: str) -> Case:
        """Read a case as it is stored, inside a write to it.

        Args:
            transaction: The write.
            case: The id of the case.

        Returns:
            The case.

        Raises:
            NotFound: ZX4002, there is no such case.
            ChainBroken: As `stored`.
        """
        stored = self.stored(transaction, case)
        if stored is None:
            raise NotFound("ZX4002", where=Where(case=case))
        return stored

    def apart(self) -> Context:
        """Return the same ports for a reading whose result is handed out: nobody can change what is kept through it.

        Returns:
            The context, which keeps no cases.
        """
        return replace(self, folded=FoldedCases(room=0), kept_rows=KeptRows(room=0))

    def rebuilt(self, events: Sequence[Event]) -> Case:
        """Fold a case from all its stored events.

        Args:
            events: The events in journal order.

        Returns:
            The case.

        Raises:
            ChainBroken: ZX5905, an event does not fit the definition of the case.
        """
        return checked_case(self.definitions, events).case

    def find_subcase(self, case: str, subcase: str, known_at: datetime | None) -> GovernedCase | None:
        """Read a subcase like `find`.

        Args:
            case: The id of the parent case, for the message.
            subcase: The id of the subcase.
            known_at: The instant up to which events count as recorded; None for all.

        Returns:
            The definition the subcase started under, and the subcase; None where its opening was recorded later.

        Raises:
            ChainBroken: ZX4078, the subcase that the parent names is gone.
        """
        try:
            return self.find(subcase, known_at)
        except NotFound as error:
            if error.code != "ZX4002":
                raise
            raise ChainBroken("ZX4078", where=Where(case=case), subcase=subcase) from error


def _checked(now: datetime) -> datetime:
    """The present instant as a clock gives it, which may be a program's own."""
    if not isinstance(now, datetime) or now.utcoffset() is None:
        raise UsageError("ZX2001", given=str(now))
    if not has_civil_days(now):
        raise UsageError("ZX4015", given=now.isoformat())
    return now
