"""A runtime in an embedding program: compiled once, on whatever database the program has, each mistake with its mend."""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import pkgutil
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import dialects
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy.pool import QueuePool, StaticPool
from tests.projects import put, small
from tests.support import MINI, shanghai
from tests.typed.host_program import Office, letters, metadata

from zhengxie_flow import AsyncEngine, Conflict, Engine, NotFound, Packaged, Runtime, ZhengxieError, storage
from zhengxie_flow.bootstrap import FixedClock, definitions
from zhengxie_flow.bootstrap.async_engine import Awaited, Streamed
from zhengxie_flow.bootstrap.definitions import CompiledFiles
from zhengxie_flow.bootstrap.projects import folder_of
from zhengxie_flow.bootstrap.shared import SharedParts
from zhengxie_flow.errors import InvalidDefinition, StorageError, UsageError
from zhengxie_flow.i18n import texts
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.storage.databases import ASYNC_DRIVERS

CLOCK = FixedClock(shanghai("2026-01-05T09:00:00"))
TALK = {str(path.relative_to(MINI)): path.read_text("utf-8") for path in sorted(MINI.glob("processes/mini/*.yaml"))}
RULES = {str(path.relative_to(MINI)): path.read_text("utf-8") for path in sorted(MINI.glob("rules/**/*.yaml"))}
TEXTS = TALK | RULES
THREADS = 24


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    return Runtime(MINI, clock=CLOCK)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(tmp_path / "theirs.db")))
    yield engine
    engine.dispose()


def open_talk(engine: Engine, case: str = "m1") -> None:
    assert engine.open("mini/talk", case, by="office").sequence == 1
    assert engine.case(case).state == "planned"
    assert [head.case for head in engine.heads() if head.case == case] == [case]


# --- what is a database -----------------------------------------------------------------------------------------------


def in_memory(_: sa.Engine) -> sa.Engine:
    return sa.create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


PLACES: dict[str, Callable[[sa.Engine], Any]] = {
    "url": lambda file: f"sqlite:///{file.url.database}",
    "URL": lambda file: sa.URL.create("sqlite", database=file.url.database),
    "path": lambda file: Path(str(file.url.database)),
    "text": lambda file: str(file.url.database),
    "memory": lambda _: "sqlite://",
    "memory, named": lambda _: ":memory:",
    "memory, URL": lambda _: sa.make_url("sqlite:///:memory:"),
    "engine": lambda file: file,
    "engine with options": lambda file: file.execution_options(stream_results=False),
    "engine in autocommit": lambda file: sa.create_engine(file.url, isolation_level="AUTOCOMMIT"),
    "engine in memory": in_memory,
    "connection": lambda file: file.connect(),
    "session": Session,
    "session of a connection": lambda file: Session(file.connect()),
    "scoped session": lambda file: scoped_session(sessionmaker(file)),
}


@pytest.mark.parametrize("kind", PLACES)
def test_an_engine_stands_on_every_kind_of_database(runtime: Runtime, file: sa.Engine, kind: str) -> None:
    place = PLACES[kind](file)
    with runtime.on(place) as engine:
        open_talk(engine)
        with pytest.raises(Conflict):
            engine.open("mini/talk", "m1", by="office", facts={"urgent": True})
        open_talk(engine, "m2")
        assert engine.verify() == ()
        assert engine.case("m1").version == 1
    if not isinstance(place, str | Path | sa.URL | sa.Engine):
        place.rollback()  # the caller decides
        with pytest.raises(StorageError):
            Engine(file, create=False)
        place.close()
        getattr(place, "bind", file).close() if kind == "session of a connection" else None
    elif isinstance(place, sa.Engine):
        assert len(runtime.on(place).heads()) == 2  # and it was left open
        place.dispose()


def test_a_session_keeps_or_undoes_both_and_an_engine_on_it_goes_on(runtime: Runtime, file: sa.Engine) -> None:
    metadata.create_all(file)
    with Session(file) as session:
        engine = runtime.on(session)
        for matter, keep in (("kept", True), ("undone", False), ("kept too", True)):
            session.execute(letters.insert().values(matter=matter))
            engine.open("mini/talk", matter, by="office")
            session.commit() if keep else session.rollback()
    with file.connect() as connection:
        theirs = connection.execute(sa.select(letters.c.matter).order_by(letters.c.matter)).scalars().all()
    assert theirs == [head.case for head in runtime.on(file).heads()] == ["kept", "kept too"]


@pytest.mark.parametrize("kind", ["memory", "engine in memory", "engine"])
def test_threads_share_a_database(runtime: Runtime, file: sa.Engine, kind: str) -> None:
    with runtime.on(PLACES[kind](file), patience=60) as engine:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: open_talk(engine, f"m{number}"), range(16)))
        assert len(engine.heads()) == 16
        assert engine.verify() == ()


def test_a_write_that_fails_leaves_nothing_on_a_database_of_theirs(runtime: Runtime, file: sa.Engine) -> None:
    for place in (file, in_memory(file), "sqlite://"):
        engine = runtime.on(place)  # type: ignore[arg-type]
        with pytest.raises(ZeroDivisionError), engine.journal.transaction() as write:  # noqa: PT012 - a write is a block
            write.head("a")
            engine.journal.head("a")  # read during the write, on the same connection
            _ = 1 / 0
        open_talk(engine)
        engine.close()


def test_an_engine_of_theirs_needs_one_connection_a_thread(runtime: Runtime, file: sa.Engine) -> None:
    narrow = sa.create_engine(file.url, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.1)
    open_talk(runtime.on(narrow))
    narrow.dispose()


def closed(file: sa.Engine) -> sa.Connection:
    connection = file.connect()
    connection.close()
    return connection


def of_async(_: sa.Engine, what: str) -> Any:
    engine = create_async_engine("sqlite+aiosqlite://")
    made = {
        "AsyncEngine": engine,
        "sync_engine": engine.sync_engine,
        "AsyncConnection": engine.connect(),
        "AsyncSession": async_sessionmaker(engine)(),
        "async_sessionmaker": async_sessionmaker(engine),
    }
    return made[what]


WRONG: dict[str, tuple[str, Callable[[sa.Engine], Any], str]] = {
    "nothing": ("ZX5060", lambda _: None, "Session"),
    "a number": ("ZX5060", lambda _: 5, "Session"),
    "bytes": ("ZX5060", lambda _: b"cases.db", "Session"),
    "a class": ("ZX5060", lambda _: Session, "Session"),
    "a driver's own connection": ("ZX5060", lambda file: file.raw_connection(), "Connection"),
    "aiosqlite": ("ZX5061", lambda _: "sqlite+aiosqlite:///cases.db", "AsyncEngine"),
    "asyncpg": ("ZX5061", lambda _: "postgresql+asyncpg://u:secret@h/d", "AsyncEngine"),
    "psycopg_async": ("ZX5061", lambda _: sa.make_url("postgresql+psycopg_async://h/d"), "AsyncEngine"),
    "AsyncEngine": ("ZX5062", lambda file: of_async(file, "AsyncEngine"), "on_async"),
    "sync_engine": ("ZX5062", lambda file: of_async(file, "sync_engine"), "on_async"),
    "AsyncConnection": ("ZX5062", lambda file: of_async(file, "AsyncConnection"), "on_async"),
    "AsyncSession": ("ZX5062", lambda file: of_async(file, "AsyncSession"), "on_async"),
    "closed": ("ZX5063", closed, "engine.connect"),
    "sessionmaker": ("ZX5064", sessionmaker, "Call it"),
    "async_sessionmaker": ("ZX5064", lambda file: of_async(file, "async_sessionmaker"), "Call it"),
    "unbound session": ("ZX5069", lambda _: Session(), "Bind the session"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_no_database_is_refused_with_what_to_pass(runtime: Runtime, file: sa.Engine, kind: str) -> None:
    code, make, mend = WRONG[kind]
    value = make(file)
    for use in (runtime.on, lambda db: Engine(db, project=MINI), storage.open_journal):
        with pytest.raises(UsageError) as caught:
            use(value)
        assert caught.value.code == code
        assert "secret" not in str(caught.value)
    assert mend in texts()[code].fix_en
    if kind == "a driver's own connection":
        value.close()


@pytest.mark.parametrize(
    "kind", ["url", "engine", "connection", "session", "closed", "AsyncEngine", "async_sessionmaker"]
)
def test_what_is_not_asynchronous_is_refused_by_the_asynchronous_engine(
    runtime: Runtime, file: sa.Engine, kind: str
) -> None:
    value = PLACES[kind](file) if kind in PLACES else WRONG[kind][1](file)
    for use in (runtime.on_async, AsyncEngine):
        with pytest.raises(UsageError) as caught:
            use(value)
        assert caught.value.code == ("ZX5064" if kind == "async_sessionmaker" else "ZX5070")
    if kind in {"connection", "session"}:
        value.close()


def test_a_connection_that_is_closed_later_says_so(runtime: Runtime, file: sa.Engine) -> None:
    with file.connect() as connection:
        engine = runtime.on(connection)
        open_talk(engine)
    for use in (engine.heads, lambda: engine.plan("m1", "hold", to=CLOCK.at.date(), by="office")):
        with pytest.raises(UsageError) as caught:
            use()
        assert caught.value.code == "ZX5063"


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_every_asynchronous_driver_of_both_databases_is_known(backend: str) -> None:
    package = importlib.import_module(f"{dialects.__name__}.{backend}")
    modules = {info.name for info in pkgutil.iter_modules(package.__path__)}
    drivers = {driver for name in modules for driver in (name, f"{name}_async") if is_async(f"{backend}+{driver}")}
    assert drivers == {driver for driver, instead in ASYNC_DRIVERS.items() if instead.startswith(backend)}


def is_async(name: str) -> bool:
    try:
        return sa.engine.URL.create(name).get_dialect().is_async
    except (sa.exc.NoSuchModuleError, AttributeError):
        return False


def test_a_project_that_is_not_there_or_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    cases: list[tuple[str, type[ZhengxieError], Any]] = [
        ("ZX6020", NotFound, tmp_path / "nowhere"),
        ("ZX6020", NotFound, "\0"),
        ("ZX6021", NotFound, tmp_path / "empty"),
        ("ZX6020", NotFound, [Packaged(), tmp_path / "nowhere"]),
        ("ZX6090", UsageError, 5),
        ("ZX6090", UsageError, b"my-city"),
        ("ZX6090", UsageError, []),
        ("ZX6090", UsageError, [MINI, 5]),
        ("ZX6090", UsageError, {"processes/a.yaml": b"x"}),
        ("ZX6090", UsageError, {5: "x"}),
        *(("ZX6091", UsageError, {path: "x"}) for path in ("a.yaml", "", "processes", "/processes/a.yaml", "processes/../a.yaml", "processes/a.yml", "processes/a\n.yaml", "rules/\0.yaml", "processes\\a.yaml")),
        ("ZX6092", UsageError, [MINI, {"processes/mini/talk.yaml": "other"}]),
        ("ZX6093", NotFound, Packaged("no_such_package")),
        ("ZX6093", NotFound, Packaged("sqlalchemy")),
        ("ZX6093", NotFound, Packaged("")),
    ]  # fmt: skip
    for code, kind, project in cases:
        for make in (Runtime, lambda project: Engine("sqlite://", project=project)):
            with pytest.raises(kind) as caught:
                make(project)
            assert caught.value.code == code, project


@pytest.mark.parametrize("interval", [-1, "1", None, True, float("nan")])
def test_an_interval_is_a_number_of_seconds(interval: Any) -> None:
    with pytest.raises(UsageError) as caught:
        Runtime(MINI, interval=interval)
    assert caught.value.code == "ZX4016"


def test_an_address_in_memory_says_its_patience_and_nothing_else(runtime: Runtime) -> None:
    with runtime.on("sqlite://?patience=7") as engine:
        assert engine.journal.patience == 7
    with pytest.raises(StorageError) as caught:
        runtime.on("sqlite://?cache=shared")
    assert caught.value.code == "ZX5011"


def test_a_link_out_of_one_of_several_projects_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"elsewhere.yaml": "secret: yes", "own/processes/own/a.yaml": "x"})
    (tmp_path / "own/processes/own/b.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(InvalidDefinition) as caught:
        Runtime([MINI, tmp_path / "own"])
    assert caught.value.code == "ZX6085"


# --- what is a project ------------------------------------------------------------------------------------------------

PETITION = "examples/petition/petition"
OVERLAY = f"""\
language: 1
process: petition
extends: {PETITION}
zh: 本市信访
en: Petitions in this town
law: "34"
in_force: {{from: 2026-01-01}}
"""


def test_texts_a_folder_and_several_give_the_same_definition() -> None:
    projects: list[Any] = [MINI, str(MINI), TEXTS, [MINI], [TALK, RULES], [MINI, TEXTS], [Packaged(), MINI]]
    hashes = {CompiledFiles(folder.files).by_id("mini/talk").hash for folder in map(folder_of, projects)}
    assert len(hashes) == 1
    with Engine("sqlite://", project=TEXTS, clock=CLOCK) as engine:
        open_talk(engine)


def test_a_package_and_ones_own_find_each_other() -> None:
    runtime = Runtime([Packaged(), {"processes/own/petition.yaml": OVERLAY}], clock=CLOCK)
    assert runtime.compile("own/petition", PETITION) == ("own/petition", PETITION)
    with runtime.on("sqlite://") as engine:
        for process in ("own/petition", PETITION):
            engine.open(process, process, by="petition_office", facts={"origin": "petition_office"})
        assert len(engine.audit().cases) == 2
        packaged = CompiledFiles(folder_of(None).files).by_id(PETITION)
        assert engine.journal.head(PETITION).definition == packaged.hash  # type: ignore[union-attr]


def test_a_package_brings_definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(tmp_path / "city_rules", {"__init__.py": ""})
    monkeypatch.syspath_prepend(str(tmp_path))
    for project in (Packaged("city_rules"), [Packaged("city_rules"), {}]):
        with Runtime(project, clock=CLOCK).on("sqlite://") as engine:
            open_talk(engine)


def test_what_was_made_for_several_goes_with_them() -> None:
    runtime = Runtime(TEXTS)
    engine = runtime.on("sqlite://")
    folder = engine.files.root
    del runtime
    gc.collect()
    open_talk(engine)  # still there: the engine reads it
    engine.close()
    del engine
    gc.collect()
    assert not folder.exists()


def test_all_faults_of_a_project_come_out_when_it_is_compiled(tmp_path: Path) -> None:
    small(tmp_path, {"processes/bad/a.yaml": "language: 1\n", "processes/bad/b.yaml": "language: 1\n"})
    with pytest.raises(InvalidDefinition) as caught:
        Runtime(tmp_path).compile()
    assert {problem.where.file for problem in caught.value.problems} == {f"processes/bad/{name}.yaml" for name in "ab"}
    with pytest.raises(NotFound):
        Runtime(tmp_path).compile("mini/none")


# --- compiled once ----------------------------------------------------------------------------------------------------


@pytest.fixture
def compiling(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of what is compiled."""
    done: list[str] = []
    compile_process = definitions.compile_process
    monkeypatch.setattr(
        definitions, "compile_process", lambda definition: done.append(definition.id) or compile_process(definition)
    )  # type: ignore[func-returns-value]
    return done


def test_threads_and_journals_compile_once(compiling: list[str], tmp_path: Path) -> None:
    runtime = Runtime(MINI, clock=CLOCK)
    start = threading.Barrier(8)

    def work(number: int) -> None:
        with runtime.on(tmp_path / f"{number}.db") as engine:
            start.wait()
            open_talk(engine)
            engine.audit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert compiling == ["mini/talk"]
    with runtime.on(tmp_path / "0.db") as engine:
        engine.audit()
    assert compiling == ["mini/talk"]


def test_a_journals_definition_is_compiled_once_for_all_journals(compiling: list[str], tmp_path: Path) -> None:
    for number in range(2):
        with Engine(tmp_path / f"{number}.db", project=MINI, clock=CLOCK) as engine:
            open_talk(engine)
    compiling.clear()
    (tmp_path / "own" / "processes").mkdir(parents=True)
    runtime = Runtime(tmp_path / "own", clock=CLOCK)  # which no longer has the process
    for number in (0, 1, 0, 1):
        with runtime.on(tmp_path / f"{number}.db") as engine:
            assert engine.audit("m1").cases
    assert compiling == ["mini/talk"]


class Hand:
    """Elapsed time, set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def renamed(project: Path) -> None:
    path = project / "processes/mini/talk.yaml"
    path.write_text(path.read_text("utf-8").replace("en: ", "en: New ", 1), encoding="utf-8")


def test_files_are_looked_at_once_in_the_interval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds, looks = Hand(), []
    compiled = CompiledFiles(Files(small(tmp_path) / "processes", tmp_path / "rules"), 1.0, seconds)
    monkeypatch.setattr(
        Files, "path", lambda self, process, path=Files.path: looks.append(process) or path(self, process)
    )  # type: ignore[func-returns-value]
    first = compiled.by_id("mini/talk")
    looks.clear()
    renamed(tmp_path)
    for _ in range(100):
        assert compiled.with_editions(compiled.by_id("mini/talk")) is first
    assert looks == []
    seconds.now = 1.0
    assert (changed := compiled.by_id("mini/talk")).hash != first.hash
    renamed(tmp_path)
    assert compiled.by_id("mini/talk") is changed
    compiled.forget(compiled.files)
    assert compiled.by_id("mini/talk").hash not in {changed.hash, first.hash}


def test_an_engine_by_itself_sees_a_changed_file_at_once(tmp_path: Path) -> None:
    with Engine("sqlite://", project=small(tmp_path), clock=CLOCK) as engine:
        before = engine.open("mini/talk", "m1", by="office").definition
        renamed(tmp_path)
        assert engine.open("mini/talk", "m2", by="office").definition != before


def test_refreshing_reads_processes_and_calendars_again(tmp_path: Path) -> None:
    week = "language: 1\ncalendar: hall\nzh: 大厅\nen: Hall\nweek: [mon, tue, wed, thu, fri]\n"
    runtime = Runtime([small(tmp_path / "own", {"rules/calendars/local/hall.yaml": week})], clock=CLOCK, interval=3600)
    several = Runtime([tmp_path / "own", {}], clock=CLOCK)
    for reader in (runtime, several):
        with reader.on("sqlite://") as engine:
            before = engine.open("mini/talk", "m1", by="office").definition
            calendars = engine.context.calendars
            renamed(tmp_path / "own")
            assert engine.open("mini/talk", "m2", by="office").definition == before
            reader.refresh()
            assert engine.open("mini/talk", "m3", by="office").definition != before
            with reader.on("sqlite://") as other:
                assert other.context.calendars is not calendars


def test_a_calendar_that_changed_is_seen_by_the_next_engine(tmp_path: Path) -> None:
    small(tmp_path)
    runtime = Runtime(tmp_path, clock=CLOCK, interval=0)
    with runtime.on("sqlite://") as engine, runtime.on("sqlite://") as same:
        assert engine.context.calendars is same.context.calendars
        put(tmp_path, {"rules/calendars/local/hall.yaml": "language: 1\n"})
        with runtime.on("sqlite://") as changed:
            assert changed.context.calendars is not engine.context.calendars


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_fork_reads_the_files_whatever_its_parent_was_at(tmp_path: Path) -> None:
    shared = SharedParts(small(tmp_path), CLOCK, None, 0.0)
    with shared._looking():
        child = os.fork()
        if child == 0:
            signal.alarm(30)  # it ends the child that waits for ever
            shared.refresh()
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


# --- a host's own transactions ----------------------------------------------------------------------------------------


def explicit(engine: sa.Engine) -> None:
    """As SQLAlchemy's manual recommends for SQLite: BEGIN is said by the program."""
    sa.event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


@pytest.fixture(params=["plain", "explicit", "postgresql"])
def host(request: pytest.FixtureRequest, file: sa.Engine) -> Iterator[sa.Engine]:
    if request.param != "postgresql":
        if request.param == "explicit":
            explicit(file)
        with file.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        yield file
        return
    engine = sa.create_engine(request.getfixturevalue("postgresql"), pool_size=THREADS)
    yield engine
    engine.dispose()


def test_no_opening_inside_a_hosts_transaction_is_lost(host: sa.Engine) -> None:
    metadata.create_all(host)
    storage.upgrade(host)
    runtime = Runtime(MINI, clock=CLOCK)  # nothing is compiled yet
    start = threading.Barrier(THREADS)

    def receive(number: int) -> None:
        start.wait()
        with host.begin() as connection:
            connection.execute(letters.insert().values(matter=f"m{number}"))
            runtime.on(connection).open("mini/talk", f"m{number}", by="office")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(receive, range(THREADS)))
    engine = runtime.on(host)
    with host.connect() as connection:
        theirs = set(connection.execute(sa.select(letters.c.matter)).scalars())
    assert {head.case for head in engine.heads()} == theirs == {f"m{number}" for number in range(THREADS)}
    assert engine.verify() == ()


def test_a_schema_is_examined_once_and_forgotten_with_its_pool(host: sa.Engine, runtime: Runtime) -> None:
    storage.upgrade(host)
    said: list[str] = []
    sa.event.listen(host, "before_cursor_execute", lambda *event: said.append(event[2]))
    with host.connect() as connection:
        runtime.on(connection)
        assert said
        said.clear()
        with Session(host) as session:
            for place in (connection, session, host, host.execution_options(stream_results=False)):
                runtime.on(place)
        assert said == []
    assert (host, None, True) in runtime._shared.checked
    host.dispose()
    gc.collect()
    assert (host, None, True) not in runtime._shared.checked
    assert len(runtime._shared.checked._checked) == 0


def test_tables_made_in_a_transaction_that_is_rolled_back_are_made_again(host: sa.Engine, runtime: Runtime) -> None:
    for keep in (False, False, True):
        with host.connect() as connection:
            open_talk(runtime.on(connection, create=True))
            connection.commit() if keep else connection.rollback()
    assert len(runtime.on(host).heads()) == 1


def test_the_program_of_the_types_runs(file: sa.Engine) -> None:
    metadata.create_all(file)
    office = Office(TEXTS, file)
    assert office.receive("m1").case == "m1"
    assert "requirement" not in office.hold("m1")  # type: ignore[operator]
    with Session(file) as session:
        case, audit = office.judge(session, "m1", CLOCK.at.date())
        assert case.id == "m1"
        assert audit.cases


# --- tenants ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Town:
    """A server with a schema for each of two tenants."""

    url: str
    names: tuple[str, str] = ('north "office"', "south\\ office")


@pytest.fixture
def town(postgresql_server: str) -> Iterator[Town]:
    town = Town(postgresql_server)
    engine = sa.create_engine(town.url)
    with engine.begin() as connection:
        for name in town.names:
            connection.execute(sa.schema.CreateSchema(name))
    yield town
    with engine.begin() as connection:
        for name in town.names:
            connection.execute(sa.schema.DropSchema(name, cascade=True))
    engine.dispose()


def test_tenants_of_a_server_do_not_see_each_other(town: Town, runtime: Runtime) -> None:
    north, south = town.names
    host = sa.create_engine(town.url)
    assert storage.upgrade(town.url, schema=north) == storage.upgrade(host, schema=south)
    assert storage.current(host, schema=north) == storage.current(town.url, schema=south) is not None
    assert storage.current(host) is None
    with runtime.on(town.url, schema=north) as engine:
        open_talk(engine, "by URL")
    open_talk(runtime.on(host, schema=north), "by engine")
    mapped = host.execution_options(schema_translate_map={None: north})
    with host.begin() as connection, Session(mapped) as session, mapped.begin() as other:
        before = connection.exec_driver_sql("SHOW search_path").scalar_one()
        open_talk(runtime.on(connection, schema=north), "by connection")
        with pytest.raises(Conflict):
            runtime.on(connection, schema=north).open("mini/talk", "by URL", by="office", facts={"urgent": True})
        assert connection.exec_driver_sql("SHOW search_path").scalar_one() == before
        open_talk(runtime.on(session), "by session")
        open_talk(runtime.on(other), "by map")
        session.commit()
    kept = ["by URL", "by connection", "by engine", "by map", "by session"]
    with runtime.on(town.url, schema=south) as there, runtime.on(town.url, schema=north) as here:
        assert there.heads() == ()
        open_talk(there, "by URL")  # the same id, another case
        assert [head.case for head in here.heads()] == kept
        assert [head.case for head in runtime.on(host, schema=south).heads()] == ["by URL"]
        assert here.verify() == there.verify() == ()
    host.dispose()


def test_a_schema_that_cannot_be_used_is_refused(town: Town, runtime: Runtime, file: sa.Engine) -> None:
    host = sa.create_engine(town.url)
    for place in (town.url, host):
        with pytest.raises(StorageError) as missing:
            runtime.on(place, schema="no such")
        assert missing.value.code == "ZX5068"
    mapped = host.execution_options(schema_translate_map={None: town.names[0]})
    for place, schema in ((file, "a"), (f"sqlite:///{file.url.database}", "a"), ("sqlite://", "a"), (mapped, town.names[1]), (host, ""), (host, 5), (town.url, "a\0b")):  # fmt: skip
        with pytest.raises(UsageError) as caught:
            runtime.on(place, schema=schema)  # type: ignore[arg-type]
        assert caught.value.code == "ZX5067"
    host.dispose()


def test_a_connection_on_which_each_statement_commits_is_refused(postgresql: str, runtime: Runtime) -> None:
    host = sa.create_engine(postgresql, isolation_level="AUTOCOMMIT")
    open_talk(runtime.on(host, create=True))  # on an engine, transactions are our own
    with host.connect() as connection:
        engine = runtime.on(connection)
        for use in (engine.heads, lambda: engine.open("mini/talk", "m2", by="office")):
            with pytest.raises(UsageError) as caught:
                use()
            assert caught.value.code == "ZX5065"
    host.dispose()


# --- pools ------------------------------------------------------------------------------------------------------------


def test_options_of_a_pool_reach_it(postgresql: str, tmp_path: Path, runtime: Runtime) -> None:
    for url in (postgresql, f"sqlite:///{tmp_path}/cases.db"):
        with runtime.on(
            url, create=True, pool={"pool_size": 3, "max_overflow": 0, "pool_pre_ping": True, "pool_recycle": 60}
        ) as engine:
            open_talk(engine)
            pool: Any = engine.journal._source.engine().pool  # type: ignore[attr-defined]
            assert (pool.size(), pool._max_overflow, pool._pre_ping, pool._recycle) == (3, 0, True, 60)


@pytest.mark.parametrize(
    ("place", "pool", "code"),
    [
        ("sqlite:///x.db", {"size": 3}, "ZX5066"),
        ("sqlite:///x.db", {"pool_size": "3"}, "ZX5066"),
        ("sqlite:///x.db", {"pool_size": True}, "ZX5066"),
        ("sqlite:///x.db", {"pool_size": 0}, "ZX5066"),
        ("sqlite:///x.db", {"pool_size": 1, "max_overflow": 0}, "ZX5066"),
        ("sqlite:///x.db", {"pool_pre_ping": 1}, "ZX5066"),
        ("sqlite:///x.db", {"pool_timeout": -1}, "ZX5066"),
        ("sqlite:///x.db", 5, "ZX5066"),
        ("sqlite:///x.db", {5: 5}, "ZX5066"),
        ("sqlite://", {}, "ZX5071"),
    ],
)
def test_options_of_a_pool_that_there_are_none_of_are_refused(
    place: str, pool: Any, code: str, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        runtime.on(place, pool=pool)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_pool_is_not_for_what_is_theirs(runtime: Runtime, file: sa.Engine) -> None:
    with file.connect() as connection:
        for place in (file, connection, Session(file)):
            with pytest.raises(UsageError) as caught:
                runtime.on(place, pool={"pool_size": 3})
            assert caught.value.code == "ZX5071"


# --- asynchronous -----------------------------------------------------------------------------------------------------


def test_the_asynchronous_engine_has_every_method() -> None:
    public = {name for name, value in inspect.getmembers(Engine, inspect.isfunction) if not name.startswith("_")}
    awaited = {name for name, value in vars(AsyncEngine).items() if isinstance(value, Awaited | Streamed)}
    apart = {"close", "reading_as", "subscribe"}  # a view lasts as long as its engine; to subscribe asks no database
    assert public - apart == awaited
    assert all(inspect.getdoc(getattr(AsyncEngine, name)) for name in awaited)


@pytest.mark.parametrize("driver", ["aiosqlite", "asyncpg", "psycopg_async"])
def test_an_asynchronous_program_keeps_or_undoes_what_is_written(
    driver: str, runtime: Runtime, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    import asyncio

    url = sa.make_url(f"sqlite+aiosqlite:///{tmp_path}/cases.db")
    arguments: dict[str, Any] = {}
    if driver != "aiosqlite":
        server = sa.make_url(request.getfixturevalue("postgresql"))
        url = server.set(drivername=f"postgresql+{driver}")
        if driver == "asyncpg":
            path = str(server.query["options"]).partition("=")[2]
            host = server.query.get("host")
            url = url.set(query={})
            arguments = {"server_settings": {"search_path": path}} | ({"host": host} if host else {})

    async def program() -> None:
        database = create_async_engine(url, connect_args=arguments)
        try:
            async with database.begin() as connection:
                engine = runtime.on_async(connection, create=True)
                opened = await engine.open("mini/talk", "m1", by="office", items={"guest": {"g1": {"kind": "expert"}}})
                assert (opened.sequence, (await engine.case("m1")).state) == (1, "planned")
            async with database.connect() as connection:
                engine = runtime.on_async(connection)
                await engine.plan("m1", "hold", to=CLOCK.at.date(), by="office")
                with pytest.raises(Conflict):
                    await engine.open("mini/talk", "m1", by="office", facts={"urgent": True})
                assert len(await engine.due()) > 0
                await connection.rollback()
            async with async_sessionmaker(database).begin() as session:
                engine = runtime.on_async(session)
                assert (await engine.case("m1")).version == 1
                assert await engine.run(lambda engine: len(engine.heads())) == 1
                assert (await engine.audit("m1")).cases
                assert (await engine.checkpoint()).cases == 1
                assert await engine.verify() == ()
                assert await engine.recompute() == () == await engine.tick()
                assert await engine.rebuild() == ()
        finally:
            await database.dispose()

    asyncio.run(program())
    if driver == "aiosqlite":
        with closing(runtime.on(tmp_path / "cases.db")) as engine:
            assert len(engine.heads()) == 1
