"""Parts that the engines of one runtime share: definitions, calendars, clock, ids, and which schemas are whole."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from zhengxie_flow.bootstrap.attachments import Place, attachments_for
from zhengxie_flow.bootstrap.case_reading import CaseReading
from zhengxie_flow.bootstrap.clock import Backoff, RandomIds, SystemClock
from zhengxie_flow.bootstrap.definitions import CompiledFiles, ProjectDefinitions
from zhengxie_flow.bootstrap.projects import Project, ProjectFolder, folder_of
from zhengxie_flow.bootstrap.subscribing import NOBODY, Followers, Subscriber, bound, check_hook
from zhengxie_flow.errors import InvalidDefinition, UsageError
from zhengxie_flow.model.patience import DEFAULT, PARAMETER, patience_of
from zhengxie_flow.ports import Publishing
from zhengxie_flow.services.context import Context

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.engine_parts import EngineParts
    from zhengxie_flow.ports import Authorise, Clock, Ids, MayRead, Subscription
    from zhengxie_flow.reading.calendars import CalendarFiles
    from zhengxie_flow.storage import CheckedSchemas, Database, PoolOptions, SqlJournal


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Options of one engine (see `zhengxie_flow.bootstrap.engine.Engine`)."""

    read_only: bool = False
    create: bool | None = None
    patience: float | None = None
    clock_back: str | None = None
    attachments: Place = None
    schema: str | None = None
    pool: PoolOptions | None = None
    authorise: Authorise | None = None
    may_read: MayRead | None = None

    def __post_init__(self) -> None:
        """Check the hooks; an asynchronous one would refuse and withhold everything, since nothing awaits it."""
        check_hook("authorise", self.authorise)
        check_hook("may_read", self.may_read)


class SharedParts:
    """Parts that many engines use together, from any thread.

    Args:
        project: The project.
        clock: The source of the present instant; None for the wall clock.
        ids: The source of idempotency keys; None for random ones.
        interval: Seconds in which the files of the project are not looked at again; None for a single engine, which
            looks at its definitions whenever it needs them, and keeps the calendars it began with.
        followers: Who follows the writes of the engines.
    """

    def __init__(
        self,
        project: Project,
        clock: Clock | None,
        ids: Ids | None,
        interval: float | None,
        followers: Followers = NOBODY,
    ) -> None:
        from zhengxie_flow.storage import CheckedSchemas

        self.clock: Clock = clock or SystemClock()
        self.ids: Ids = ids or RandomIds()
        self.checked: CheckedSchemas = CheckedSchemas()
        self.followers = followers
        self._project = project
        self._interval = interval
        self._lock, self._process = Lock(), os.getpid()
        self._folder = folder_of(project)
        self.compiled = CompiledFiles(self._folder.files, interval or 0.0)
        self._read_calendars()

    def _read_calendars(self) -> None:
        from zhengxie_flow.reading.calendars import CalendarFiles

        self._calendars = CalendarFiles(project=self._folder.rules)
        if self._interval is not None:
            self._calendar_files = self._calendars.fingerprint()
            self._look_again = time.monotonic() + self._interval

    def _looking(self) -> Lock:
        """The lock of who looks at the files; one of the parent may be held by a thread that is not in a fork."""
        if self._process != os.getpid():
            self._lock, self._process = Lock(), os.getpid()
        return self._lock

    def calendars(self) -> CalendarFiles:
        """Return the calendars as their files stand; they are looked at once in the interval, by one thread.

        Returns:
            The calendars; engines keep those they were made with.
        """
        if self._interval is None or time.monotonic() < self._look_again:
            return self._calendars
        looking = self._looking()
        if looking.acquire(blocking=False):
            try:
                if self._calendars.fingerprint() == self._calendar_files:
                    self._look_again = time.monotonic() + self._interval
                else:
                    self._read_calendars()
            finally:
                looking.release()
        return self._calendars

    def refresh(self) -> None:
        """Read the files of the project again, all of them, when they are needed next."""
        with self._looking():
            if self._folder.made:
                self._folder = folder_of(self._project)
            self.compiled.forget(self._folder.files)
            self._read_calendars()

    def compile(self, processes: tuple[str, ...]) -> tuple[str, ...]:
        """Compile processes now, with the calendars they count by.

        Args:
            processes: Their ids; none for all of the project.

        Returns:
            The ids.

        Raises:
            NotFound: The project has no such process.
            InvalidDefinition: The files have faults, all of them at once.
        """
        ids = processes or tuple(self.compiled.files.ids())
        problems = []
        for process in ids:
            try:
                compiled = self.compiled.by_id(process)
            except InvalidDefinition as error:
                problems += [problem for problem in error.problems if problem not in problems]
            else:
                today = self.clock.now().astimezone(compiled.zone).date()
                self.calendars().snapshot(compiled.calendar, today)
        if problems:
            raise InvalidDefinition(problems=tuple(problems))
        return ids

    def wire(self, db: Database, options: EngineOptions) -> WiredParts:
        """Open a database and wire the parts of an engine on it.

        Args:
            db: The database.
            options: The options of the engine.

        Returns:
            The parts.

        Raises:
            StorageError: The database cannot be used.
            UsageError: The database or an option is of another kind.
        """
        from zhengxie_flow.storage import Access, open_or_create

        if options.clock_back is not None and not options.clock_back.strip():
            raise UsageError("ZX4029")
        patience = DEFAULT if options.patience is None else patience_of(options.patience, PARAMETER)
        access = Access(options.read_only, patience, options.schema, options.pool)
        journal = open_or_create(db, access, self.checked, create=options.create)
        calendars = self.calendars()
        bind = partial(bound, partial(self._reader, options.schema))
        publishing = Publishing([bind(subscriber) for subscriber in self.followers.subscribers], self.followers.outbox)
        context = Context(
            journal=journal,
            definitions=ProjectDefinitions(self.compiled, journal),
            calendars=calendars,
            clock=self.clock,
            ids=self.ids,
            retries=Backoff(journal.patience),
            clock_back=options.clock_back,
            attachments=attachments_for(db, options.attachments),
            users=journal.users(),
            authorise=options.authorise,
            may_read=options.may_read,
            publishing=publishing,
        )
        return WiredParts(journal, calendars, context, self._folder, bind)

    def _reader(self, schema: str | None, connection: Database) -> CaseReading:
        """The reading methods of an engine on the connection of a write."""
        reader = CaseReading()
        self.wire(connection, EngineOptions(read_only=True, schema=schema)).give(reader)
        return reader


@dataclass(frozen=True, slots=True)
class WiredParts:
    """The parts of one engine.

    Attributes:
        journal: The journal of its database.
        calendars: The working-day calendars.
        context: The ports that every use case works with.
        folder: The files of the project, which last as long as an engine reads them.
        bind: Makes a subscription of a subscriber.
    """

    journal: SqlJournal
    calendars: CalendarFiles
    context: Context
    folder: ProjectFolder
    bind: Callable[[Subscriber], Subscription]

    def give(self, engine: EngineParts) -> None:
        """Give an engine its parts.

        Args:
            engine: The engine.
        """
        engine.journal, engine.context, engine.files = self.journal, self.context, self.folder.files
        engine._calendars, engine._folder, engine._bind = self.calendars, self.folder, self.bind  # noqa: SLF001
