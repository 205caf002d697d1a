"""The engine: everything a program asks of legal procedures on one database."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from zhengxie_flow.bootstrap.attachments import Place
from zhengxie_flow.bootstrap.case_files import CaseFiles
from zhengxie_flow.bootstrap.case_lists import CaseLists
from zhengxie_flow.bootstrap.case_reading import CaseReading
from zhengxie_flow.bootstrap.case_writing import CaseWriting
from zhengxie_flow.bootstrap.following import Following
from zhengxie_flow.bootstrap.journal_upkeep import JournalUpkeep
from zhengxie_flow.bootstrap.projects import Project
from zhengxie_flow.bootstrap.reading_view import ReaderView
from zhengxie_flow.bootstrap.screens import Screens
from zhengxie_flow.bootstrap.shared import EngineOptions, SharedParts
from zhengxie_flow.bootstrap.subscribing import Followers, Subscriber
from zhengxie_flow.bootstrap.user_keeping import UserKeeping
from zhengxie_flow.services import arguments

if TYPE_CHECKING:
    from zhengxie_flow.ports import Authorise, Clock, Ids, MayRead
    from zhengxie_flow.storage import Database, PoolOptions


class Engine(CaseWriting, CaseReading, CaseLists, Screens, CaseFiles, Following, JournalUpkeep, UserKeeping):
    """Legal procedures on one database: open, advance, record, judge.

    Safe to share between threads; use it as a context manager.  The methods come in families: those that write
    to a case (`CaseWriting`), those that read and judge (`CaseReading`), those that list many cases (`CaseLists`),
    those that fill screens (`Screens`), those that carry cases from one journal to another (`CaseFiles`), those that
    follow what is written (`Following`), those that look after the journal (`JournalUpkeep`), and those that keep the
    directory of persons (`UserKeeping`).

    Args:
        db: A database URL; the path of an SQLite file; ``sqlite://`` for a new database in memory, on whose one
            connection threads take turns; an SQLAlchemy engine; or an SQLAlchemy connection or session of the caller's
            own (the engine's writes then commit or roll back with the caller's).
        project: The folder with ``processes/`` and ``rules/``; None for the packaged ones; or what else
            `zhengxie_flow.Runtime` takes, which compiles them once for many engines.
        clock: The source of the present instant; None for the wall clock.
        ids: The source of idempotency keys; None for random ones.
        read_only: True to open the database for reading alone.
        create: True to create the journal's tables, and a missing SQLite file; False to refuse a database without them
            (ZX5001, ZX5002); None to create them on SQLite, and on PostgreSQL to leave that to
            `zhengxie_flow.storage.upgrade` or ``zhengxie db upgrade``.  Opening never upgrades a journal that is there.
        patience: Seconds to wait for a lock, at most 600, where the database URL does not say (``?patience=``); None
            for the usual five.  Has no meaning for a connection or session of the caller's own.
        clock_back: The reason for writing although the clock stands before the instant recorded last in a case, as it
            is kept in each such event; None to refuse that (ZX4090).
        attachments: The place of files that prove what events say: a folder, or a place of the caller's own; None for
            the folder ``FILE.attachments`` beside an SQLite file that is named, and for none elsewhere.
        schema: The schema of PostgreSQL that holds the journal, such as one for each tenant; None for the one the
            connection finds by itself.
        pool: Options of the pool of connections to a URL, such as ``{"pool_size": 20, "pool_pre_ping": True}``.
        authorise: The hook that is asked before every write whether somebody may do it; None to allow all.
        may_read: The hook that is asked whether a reader may see a value (see `reading_as`); None to show all.
        subscribers: Functions to be called within each write (see `subscribe`).
        outbox: The topics of which the outbox gets messages: ``event.recorded``, ``deadline.changed``.

    Raises:
        StorageError: The database cannot be used.
        NotFound: ZX6020, ZX6021, there is no such project.
        UsageError: ZX5030, ``patience`` is no such number; ZX4029, ``clock_back`` is blank; ZX5060 to ZX5071, ``db`` is
            nothing that can be used, and what to pass instead.

    Example:
        A case is opened, a refused act says why, and the audit judges what happened:

        >>> from datetime import UTC, date, datetime
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from zhengxie_flow import Engine, Refused
        >>> from zhengxie_flow.bootstrap import FixedClock
        >>> clock = FixedClock(datetime(2026, 1, 20, 1, 0, tzinfo=UTC))
        >>> with TemporaryDirectory() as folder, Engine(Path(folder) / "cases.db", clock=clock) as engine:
        ...     opened = engine.open(
        ...         "jilin/consultation", "bus-fares", by="general_office", facts={"phase": "pre_decision"},
        ...         items={"counterpart": {"party_a": {"kind": "democratic_party"}}},
        ...     )
        ...     planned = engine.plan("bus-fares", "hold", to=date(2026, 3, 4), by="undertaking_department")
        ...     [notice] = [row for row in engine.due() if row.obligation == "a7.2.notice"]
        ...     try:
        ...         engine.advance("bus-fares", "hold", by="general_office")
        ...     except Refused as refused:
        ...         reasons = [reason.id for reason in refused.reasons]
        ...     worst = engine.audit("bus-fares").worst
        >>> opened.sequence, planned.sequence
        (1, 2)
        >>> notice.item, notice.day.isoformat()
        ('party_a', '2026-02-05')
        >>> reasons[:2]
        ['role', 'state']
        >>> print(worst)
        pending
    """

    def __init__(
        self,
        db: Database,
        *,
        project: Project = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        read_only: bool = False,
        create: bool | None = None,
        patience: float | None = None,
        clock_back: str | None = None,
        attachments: Place = None,
        schema: str | None = None,
        pool: PoolOptions | None = None,
        authorise: Authorise | None = None,
        may_read: MayRead | None = None,
        subscribers: Sequence[Subscriber] = (),
        outbox: Sequence[str] = (),
    ) -> None:
        options = EngineOptions(read_only, create, patience, clock_back, attachments, schema, pool, authorise, may_read)
        self._use(SharedParts(project, clock, ids, None, Followers(subscribers, outbox)), db, options)

    @classmethod
    def of(cls, shared: SharedParts, db: Database, options: EngineOptions) -> Self:
        """Make an engine of the parts of a runtime (see `zhengxie_flow.Runtime.on`).

        Args:
            shared: The parts.
            db: The database.
            options: The options of the engine.

        Returns:
            The engine.
        """
        engine = cls.__new__(cls)
        engine._use(shared, db, options)  # noqa: SLF001 - its own
        return engine

    def _use(self, shared: SharedParts, db: Database, options: EngineOptions) -> None:
        shared.wire(db, options).give(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @arguments.typed
    def reading_as(self, actor: str) -> ReaderView:
        """Return the reads of this engine for a reader, without what the hook ``may_read`` withholds from them.

        Args:
            actor: The person or office that reads.

        Returns:
            A light view of this engine that only reads.

        Example:
            >>> from zhengxie_flow import Engine
            >>> with Engine("sqlite://", may_read=lambda actor, case, field: field != "matter") as engine:
            ...     engine.reading_as("zhang").heads()
            ()
        """
        return ReaderView(self, actor)

    def close(self) -> None:
        """Close every connection the engine made; a connection of the caller's own stays open."""
        self.journal.close()
