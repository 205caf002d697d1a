"""The runtime of an embedding program: definitions and calendars compiled once, for engines on any database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zhengxie_flow.bootstrap.async_engine import AsyncEngine
from zhengxie_flow.bootstrap.attachments import Place
from zhengxie_flow.bootstrap.engine import Engine
from zhengxie_flow.bootstrap.projects import Project
from zhengxie_flow.bootstrap.shared import EngineOptions, SharedParts
from zhengxie_flow.bootstrap.subscribing import Followers, Subscriber
from zhengxie_flow.errors import UsageError

if TYPE_CHECKING:
    from zhengxie_flow.ports import Authorise, Clock, Ids, MayRead
    from zhengxie_flow.storage import AsyncDatabase, Database, PoolOptions

INTERVAL = 1.0
"""Seconds in which the files of a project are not looked at again."""


class Runtime:
    """Definitions and calendars of a project, compiled once and shared by threads; `on` gives an engine on a database.

    A process is compiled when it is first needed, or by `compile` when the program starts.  A file that changes on disk
    is noticed within a second; texts, and several projects taken together, are read anew by `refresh` alone.

    Args:
        project: A project folder; `Packaged` or None for the files of a package or of this one; texts by the path of
            their file; or several of these, which find each other's processes, rules and calendars.
        clock: The source of the present instant; None for the wall clock.
        ids: The source of idempotency keys; None for random ones.
        interval: Seconds in which the files are not looked at again; 0 to look at every act.
        authorise: The hook that is asked before every write whether somebody may do it; None to allow all.
        may_read: The hook that is asked whether a reader may see a value (see `Engine.reading_as`); None to show all.
        subscribers: Functions to be called within each write of its engines (see `Engine.subscribe`).
        outbox: The topics of which the outbox gets messages: ``event.recorded``, ``deadline.changed``.

    Raises:
        NotFound: ZX6020, ZX6021, there is no such project; ZX6093, no such package.
        UsageError: ZX6090 to ZX6092, ``project`` is of another kind, or its files cannot stand together; ZX4016,
            ``interval`` is no number of seconds, or a hook no function; ZX4096, a subscriber cannot be called; ZX1201,
            there is no such topic.

    Example:
        >>> from sqlalchemy import create_engine
        >>> from zhengxie_flow import Runtime
        >>> runtime = Runtime()
        >>> database = create_engine("sqlite://")
        >>> with database.begin() as connection:
        ...     event = runtime.on(connection).open("jilin/tracking", "case-1", by="general_office")
        >>> event.sequence
        1
    """

    def __init__(
        self,
        project: Project = None,
        *,
        clock: Clock | None = None,
        ids: Ids | None = None,
        interval: float = INTERVAL,
        authorise: Authorise | None = None,
        may_read: MayRead | None = None,
        subscribers: Sequence[Subscriber] = (),
        outbox: Sequence[str] = (),
    ) -> None:
        if isinstance(interval, bool) or not isinstance(interval, int | float) or not interval >= 0:
            raise UsageError("ZX4016", name="interval", given=repr(interval)[:80], wanted="float")
        self._shared = SharedParts(project, clock, ids, interval, Followers(subscribers, outbox))
        checked = EngineOptions(authorise=authorise, may_read=may_read)
        self._authorise, self._may_read = checked.authorise, checked.may_read

    def on(
        self,
        db: Database,
        *,
        read_only: bool = False,
        create: bool | None = None,
        patience: float | None = None,
        clock_back: str | None = None,
        attachments: Place = None,
        schema: str | None = None,
        pool: PoolOptions | None = None,
    ) -> Engine:
        """Return an engine on a database.

        On a connection, session or engine of the caller's own this costs microseconds, once its schema was examined:
        make one for each request, and let it go.  On a URL it opens connections of its own: make one, keep it, and
        close it.

        Args:
            db: A database URL; the path of an SQLite file; ``sqlite://`` for a new database in memory; an SQLAlchemy
                engine, on whose connections each write is a transaction; or an SQLAlchemy connection or session, in
                whose transaction writes are kept or undone as the caller decides.
            read_only: True to open the database for reading alone.
            create: True to create the journal's tables where they are missing, False to refuse a database without them
                (ZX5002); None to create them on SQLite, and on PostgreSQL to leave that to
                `zhengxie_flow.storage.upgrade`.
            patience: Seconds to wait for a lock (see `Engine`).
            clock_back: The reason for writing although the clock was set back (see `Engine`).
            attachments: The place of files that prove what events say (see `Engine`).
            schema: The schema of PostgreSQL that holds the journal; None for the one the connection finds by itself.
            pool: Options of the pool of a URL, such as ``{"pool_size": 20, "pool_pre_ping": True}``.

        Returns:
            The engine.

        Raises:
            StorageError: The database cannot be used.
            UsageError: ZX5060 to ZX5071, ``db`` or an option is of another kind; the message says what to pass.

        Example:
            >>> with Runtime().on("sqlite://") as engine:
            ...     engine.heads()
            ()
        """
        options = EngineOptions(
            read_only, create, patience, clock_back, attachments, schema, pool, self._authorise, self._may_read
        )
        return Engine.of(self._shared, db, options)

    def on_async(
        self,
        db: AsyncDatabase,
        *,
        create: bool | None = None,
        clock_back: str | None = None,
        attachments: Place = None,
        schema: str | None = None,
    ) -> AsyncEngine:
        """Return an engine on an asynchronous connection or session.

        Args:
            db: An open connection or session of ``sqlalchemy.ext.asyncio``.
            create: True to create the journal's tables where they are missing, False to refuse a database without them
                (ZX5002); None to create them on SQLite, and on PostgreSQL to leave that to
                `zhengxie_flow.storage.upgrade`.
            clock_back: The reason for writing although the clock was set back (see `Engine`).
            attachments: The place of files that prove what events say (see `Engine`).
            schema: The schema of PostgreSQL that holds the journal; None for the one the connection finds by itself.

        Returns:
            The engine; its methods are those of `Engine`, to be awaited.

        Raises:
            UsageError: ZX5063, ZX5064, ZX5070, ``db`` is of another kind.
        """
        options = EngineOptions(
            create=create, clock_back=clock_back, attachments=attachments, schema=schema,
            authorise=self._authorise, may_read=self._may_read,
        )  # fmt: skip
        return AsyncEngine.of(self._shared, db, options)

    def compile(self, *processes: str) -> tuple[str, ...]:
        """Compile processes now, with the calendars they count by: when a program starts, before anybody waits for it.

        Args:
            processes: Their ids; none for all of the project.

        Returns:
            The ids.

        Raises:
            NotFound: ZX4003, the project has no such process.
            InvalidDefinition: The files have faults, all of them at once.

        Example:
            >>> Runtime().compile("jilin/tracking")
            ('jilin/tracking',)
        """
        return self._shared.compile(processes)

    def refresh(self) -> None:
        """Read the files of the project again, however long ago that was: engines made before see it too.

        Calendars are those of the engine: one made before keeps them.

        Example:
            >>> runtime = Runtime()
            >>> runtime.refresh()
        """
        self._shared.refresh()
