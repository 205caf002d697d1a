"""The engine in an asynchronous program: each method runs on the connection through SQLAlchemy's ``run_sync``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial, update_wrapper
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from zhengxie_flow.bootstrap.engine import Engine
from zhengxie_flow.bootstrap.projects import Project
from zhengxie_flow.bootstrap.shared import EngineOptions, SharedParts
from zhengxie_flow.bootstrap.subscribing import Subscriber, check_subscriber

if TYPE_CHECKING:
    from zhengxie_flow.ports import Authorise, Clock, Ids, MayRead
    from zhengxie_flow.storage import AsyncDatabase

P = ParamSpec("P")
T = TypeVar("T")
AT_ONCE = 20
"""How many cases a stream reads before the event loop has its turn again."""
S = TypeVar("S", bound=Subscriber)


class Awaited(Generic[P, T]):
    """Method of `Engine` that is awaited: a descriptor with the same arguments and the same result.

    Args:
        method: The method.
    """

    def __init__(self, method: Callable[Concatenate[Engine, P], T]) -> None:
        self._method = method
        update_wrapper(self, method)  # type: ignore[arg-type]

    @overload
    def __get__(self, instance: None, owner: type[AsyncEngine]) -> Self: ...

    @overload
    def __get__(self, instance: AsyncEngine, owner: type[AsyncEngine]) -> Callable[P, Awaitable[T]]: ...

    def __get__(self, instance: AsyncEngine | None, owner: type[AsyncEngine]) -> Self | Callable[P, Awaitable[T]]:
        if instance is None:
            return self
        return update_wrapper(partial(instance.run, self._method), self._method)


class Streamed(Generic[P, T]):
    """Method of `Engine` that gives one value after the other: a descriptor with the same arguments, for ``async for``.

    Args:
        method: The method; its values name their case, and it goes on after one.
    """

    def __init__(self, method: Callable[Concatenate[Engine, P], Iterator[T]]) -> None:
        self._method = method
        update_wrapper(self, method)  # type: ignore[arg-type]

    @overload
    def __get__(self, instance: None, owner: type[AsyncEngine]) -> Self: ...

    @overload
    def __get__(self, instance: AsyncEngine, owner: type[AsyncEngine]) -> Callable[P, AsyncIterator[T]]: ...

    def __get__(self, instance: AsyncEngine | None, owner: type[AsyncEngine]) -> Self | Callable[P, AsyncIterator[T]]:
        if instance is None:
            return self
        return update_wrapper(partial(self._values, instance), self._method)

    async def _values(self, engine: AsyncEngine, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        while batch := await engine.run(self._of_some_cases, *args, **kwargs):
            for value in batch:
                yield value
            kwargs["after"] = _case_of(batch[-1])

    def _of_some_cases(self, engine: Engine, /, *args: P.args, **kwargs: P.kwargs) -> list[T]:
        of_cases = groupby(self._method(engine, *args, **kwargs), _case_of)
        return [value for _, values in islice(of_cases, AT_ONCE) for value in values]


def _case_of(value: Any) -> str:
    return str(value.case)


class AsyncEngine:
    """Legal procedures in an asynchronous program, on its own connection or session.

    A thin wrapper: each method is that of `Engine` with the same arguments, run by ``run_sync`` on the connection, so
    that its statements are awaited and its writes are kept or undone as the program commits or rolls back.  What a
    method computes, it computes in the event loop, for milliseconds; an audit of thousands of cases belongs on a thread
    with an `Engine` of its own.

    Args:
        db: An open connection or session of ``sqlalchemy.ext.asyncio``; it stays open.
        project: The project, as for `zhengxie_flow.Runtime`.
        clock: The source of the present instant; None for the wall clock.
        ids: The source of idempotency keys; None for random ones.
        authorise: The hook that is asked before every write whether somebody may do it; None to allow all.
        may_read: The hook that is asked whether a reader may see a value (see `Engine.reading_as`); None to show all.

    Raises:
        UsageError: ZX5063, the connection is closed; ZX5064, ``db`` makes sessions; ZX5070, it is anything else.

    Example:
        With ``Runtime.on_async`` the definitions are compiled once for all requests::

            async with database.begin() as connection:
                engine = runtime.on_async(connection)
                await engine.open("jilin/tracking", "case-1", by="general_office")
    """

    def __init__(
        self,
        db: AsyncDatabase,
        *,
        project: Project = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        authorise: Authorise | None = None,
        may_read: MayRead | None = None,
    ) -> None:
        options = EngineOptions(authorise=authorise, may_read=may_read)
        self._use(SharedParts(project, clock, ids, None), db, options)

    @classmethod
    def of(cls, shared: SharedParts, db: AsyncDatabase, options: EngineOptions) -> Self:
        """Make an engine of the parts of a runtime.

        Args:
            shared: The parts.
            db: The connection or session.
            options: The options of the engine.

        Returns:
            The engine.
        """
        engine = cls.__new__(cls)
        engine._use(shared, db, options)  # noqa: SLF001 - its own
        return engine

    def _use(self, shared: SharedParts, db: AsyncDatabase, options: EngineOptions) -> None:
        from zhengxie_flow.storage.databases import async_database_of

        self._shared, self._db, self._options = shared, async_database_of(db), options
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: S) -> S:
        """Let a function be called within each write of this engine, as `Engine.subscribe` does.

        Args:
            subscriber: The function, an ordinary one: it is called on the connection as ``run_sync`` lends it.

        Returns:
            The function.

        Raises:
            UsageError: ZX4096, it is no function, or an asynchronous one.
        """
        check_subscriber(subscriber)
        self._subscribers.append(subscriber)
        return subscriber

    async def run(self, use: Callable[Concatenate[Engine, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function with an `Engine` on the connection: for several steps at once, or what has no method here.

        Args:
            use: The function; it takes the engine first.
            args: Further arguments.
            kwargs: Further arguments by name.

        Returns:
            What the function returns.
        """

        def step(database: Any) -> T:
            with Engine.of(self._shared, database, self._options) as engine:
                for subscriber in self._subscribers:
                    engine.subscribe(subscriber)
                return use(engine, *args, **kwargs)

        return await self._db.run_sync(step)

    open = Awaited(Engine.open)
    link = Awaited(Engine.link)
    advance = Awaited(Engine.advance)
    record = Awaited(Engine.record)
    preview = Awaited(Engine.preview)
    move = Awaited(Engine.move)
    move_cases = Awaited(Engine.move_cases)
    determine = Awaited(Engine.determine)
    plan = Awaited(Engine.plan)
    explain = Awaited(Engine.explain)
    assign = Awaited(Engine.assign)
    urge = Awaited(Engine.urge)
    correct = Awaited(Engine.correct)
    erase = Awaited(Engine.erase)
    case = Awaited(Engine.case)
    overview = Awaited(Engine.overview)
    possible = Awaited(Engine.possible)
    effects = Awaited(Engine.effects)
    cases = Awaited(Engine.cases)
    due_page = Awaited(Engine.due_page)
    counts = Awaited(Engine.counts)
    iter_audit = Streamed(Engine.iter_audit)
    iter_events = Streamed(Engine.iter_events)
    audit = Awaited(Engine.audit)
    due = Awaited(Engine.due)
    heads = Awaited(Engine.heads)
    forms = Awaited(Engine.forms)
    labels = Awaited(Engine.labels)
    processes = Awaited(Engine.processes)
    sentences = Awaited(Engine.sentences)
    schedule = Awaited(Engine.schedule)
    exemptions = Awaited(Engine.exemptions)
    register = Awaited(Engine.register)
    coverage = Awaited(Engine.coverage)
    recompute = Awaited(Engine.recompute)
    preview_recompute = Awaited(Engine.preview_recompute)
    feed = Awaited(Engine.feed)
    tick = Awaited(Engine.tick)
    checkpoint = Awaited(Engine.checkpoint)
    verify = Awaited(Engine.verify)
    export_case = Awaited(Engine.export_case)
    import_case = Awaited(Engine.import_case)
    rebuild = Awaited(Engine.rebuild)
    directory = Awaited(Engine.directory)
    add_user = Awaited(Engine.add_user)
    hold = Awaited(Engine.hold)
    set_password = Awaited(Engine.set_password)
    password_matches = Awaited(Engine.password_matches)
    disable_user = Awaited(Engine.disable_user)
    refusals = Awaited(Engine.refusals)
