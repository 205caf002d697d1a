"""Writes at the same moment, on both databases: no deadlock ends one, and a key is good for one event, whoever asks."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from tests.integration.test_subcases import nested_town
from tests.projects import edition, put
from tests.support import DATA, MINI, SOAK

from zhengxie_flow import Conflict, Engine, Refused, storage
from zhengxie_flow.bootstrap.clock import Backoff
from zhengxie_flow.errors import InvalidInput, UsageError
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.services import writing
from zhengxie_flow.services.commands import opening
from zhengxie_flow.services.commands.importing import import_cases

ROUNDS = 50 if SOAK else 1
THREADS = 8


class Ticking:
    """A clock that goes on whenever somebody looks at it."""

    fixed = False

    def __init__(self) -> None:
        self._looks = count()

    def now(self) -> datetime:
        return datetime(2026, 4, 1, 2, tzinfo=UTC) + timedelta(milliseconds=next(self._looks))


def in_order(engine: Engine) -> bool:
    """Whether nothing in any case is recorded before what stands above it."""
    cases = [[event.recorded for event in engine.case(head.case).events] for head in engine.heads()]
    return all(instants == sorted(instants) for instants in cases)


OPENED = """\
- {{language: 1, case: M-{0}, process: town/matter, opened: 2026-03-02, by: clerk}}
- {{language: 1, case: A-{0}, process: town/hearing, opened: 2026-03-03, by: clerk, under: M-{0}, as: complaint}}
- {{language: 1, case: Z-{0}, process: town/hearing, opened: 2026-03-03, by: clerk, under: M-{0}, as: hearing}}
"""
GONE_ON = """\
{{"case": "M-{0}", "at": "2026-03-04", "determine": {{"hearing_required": true}}, "by": "clerk", "reason": "many"}}
{{"case": "Z-{0}", "at": "2026-03-05", "do": "hold", "by": "clerk"}}
{{"case": "A-{0}", "at": "2026-03-05", "do": "hold", "by": "clerk"}}
{{"case": "Z-{0}", "at": "2026-03-09", "do": "report", "by": "clerk"}}
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql")
        return url
    return f"sqlite:///{tmp_path}/journal.db"


@contextmanager
def engines(database: str, project: Path, number: int) -> Iterator[list[Engine]]:
    """Several programs, so to speak, on one database."""
    storage.upgrade(database)
    with ExitStack() as stack:
        clock = Ticking()
        yield [stack.enter_context(Engine(database, project=project, clock=clock, patience=60)) for _ in range(number)]


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """What came of jobs that began at the same moment, each in a thread of its own."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def imported(engine: Engine, file: Path, content: str, *, atomic: bool = False) -> Any:
    file.write_text(content, encoding="utf-8")
    with read_cases(file) as source:
        return import_cases(engine.context, source, atomic=atomic)


@pytest.mark.parametrize("atomic", [False, True], ids=["chunks", "atomic"])
def test_an_import_of_parent_and_children_and_acts_on_them_do_not_stop_each_other(database, tmp_path, atomic):
    with engines(database, DATA / "subcases", 4) as (importer, *others):
        for number in range(ROUNDS):
            imported(importer, tmp_path / "opened.yaml", OPENED.format(number), atomic=atomic)
            notes = GONE_ON.format(number)

            def acts(engine: Engine, case: str) -> None:
                for step in range(3):
                    engine.record(case, "hold", at=date(2026, 3, 6 + step), by="clerk", key=f"{case}.{step}")

            def matter(engine: Engine, number: int = number) -> None:
                for step in range(3):
                    engine.determine(
                        f"M-{number}", {"hearing_required": True}, by="clerk", reason="r", at=date(2026, 3, 6 + step)
                    )

            at_once(
                lambda notes=notes: imported(importer, tmp_path / "on.jsonl", notes, atomic=atomic),
                lambda number=number: acts(others[0], f"A-{number}"),
                lambda number=number: acts(others[1], f"Z-{number}"),
                lambda: matter(others[2]),
            )
            again = imported(importer, tmp_path / "on.jsonl", notes)
            assert (again.events_new, again.events_known) == (0, 4)
            for case, events in (("A", 5), ("Z", 6)):
                assert importer.case(f"{case}-{number}").version == events
        assert in_order(importer)
        assert importer.verify() == ()


def test_two_imports_of_one_file_store_it_once(database, tmp_path):
    whole = OPENED.format(1) + OPENED.format(2)
    with engines(database, DATA / "subcases", 3) as programs:
        done = at_once(*(
            lambda engine=engine, number=number: imported(engine, tmp_path / f"{number}.yaml", whole)
            for number, engine in enumerate(programs)
        ))  # fmt: skip
        assert sorted((counts.cases_new, counts.cases_known) for counts in done) == [(0, 6), (0, 6), (6, 0)]
        assert len(programs[0].heads()) == 6
        assert in_order(programs[0])
        assert programs[0].verify() == ()


def test_a_case_opened_by_many_with_one_key_is_opened_once(database):
    with engines(database, MINI, THREADS) as programs:
        for number in range(80 // THREADS if SOAK else 2):
            events = at_once(*(
                lambda engine=engine, case=f"c{number}": engine.open("mini/talk", case, by="office", key="k")
                for engine in programs
            ))  # fmt: skip
            assert [event.hash for event in events] == [events[0].hash] * THREADS
            assert len(programs[0].case(f"c{number}").events) == 1


def test_many_threads_of_one_program_find_a_connection_each(database):
    threads = 40
    with engines(database, MINI, 1) as (engine,):
        events = at_once(*[lambda: engine.open("mini/talk", "c", by="office", key="k")] * threads)
        assert len({event.hash for event in events}) == 1


@pytest.fixture
def project(tmp_path) -> Path:
    """Small statutes with a case that can be moved, one that can be erased from, and one with others under it."""
    folder = tmp_path / "project"
    folder.mkdir()
    files = {
        f"{part}/{file.relative_to(DATA / source / part)}": file.read_text(encoding="utf-8")
        for source in ("mini", "personal")
        for part in ("processes", "rules")
        for file in (DATA / source / part).rglob("*.yaml")
    }
    changed = "transition: {rule: by_start, by: office}\nchanges: {obligations: {a4.reply: null}}\n"
    return put(folder, files, edition("2026", "2026-03-01", changed))


WRITES: dict[str, Callable[[Engine], Any]] = {
    "open": lambda engine: engine.open("mini/talk", "new", by="office", key="k"),
    "link": lambda engine: engine.link("I", under="P", by="clerk", key="k"),
    "advance": lambda engine: engine.advance("C", "agree", by="partner", key="k"),
    "record": lambda engine: engine.record("C", "agree", at=date(2026, 2, 3), by="partner", key="k"),
    "determine": lambda engine: engine.determine("C", {"urgent": True}, by="office", reason="r", key="k"),
    "plan": lambda engine: engine.plan("C", "hold", to=date(2026, 5, 4), by="department", key="k"),
    "explain": lambda engine: engine.explain("C", "a4.report", reason="r", by="office", key="k"),
    "correct": lambda engine: engine.correct("C", 2, reason="r", retract=True, by="office", key="k"),
    "assign": lambda engine: engine.assign("C", "office", to="finance", by="office", key="k"),
    "urge": lambda engine: engine.urge("C", "a4.report", by="office", at=date(2026, 2, 3), key="k"),
    "move": lambda engine: engine.move("C", to="2026", by="office", reason="r", key="k").event,
    "erase": lambda engine: engine.erase("P", 1, "petitioner", reason="r", by="clerk", key="k").event,
}
"""Every write of a single event that takes a key."""
OF_MANY = {"move_cases"}
"""What writes an event to each of many cases under a key; its tests are those of moves in bulk."""


def test_no_write_with_a_key_is_left_out():
    keyed = {
        name
        for name, method in inspect.getmembers(Engine, inspect.isfunction)
        if not name.startswith("_") and "key" in inspect.signature(inspect.unwrap(method)).parameters
    }
    assert set(WRITES) | OF_MANY == keyed


def prepared(engine: Engine) -> None:
    engine.open("mini/talk", "C", by="office", at=date(2026, 1, 5), items={"guest": {"g1": {}}})
    engine.record("C", "agree", at=date(2026, 1, 12), by="partner")
    engine.open("town/petition", "P", by="clerk", facts={"petitioner": "某人"})
    engine.open("town/inquiry", "I", by="clerk")


def test_a_key_used_by_many_at_once_gives_all_the_first_event(database, project):
    with engines(database, project, 4) as programs:
        prepared(programs[0])
        for name, how in WRITES.items():
            key = f"key of {name}"

            def write(engine: Engine, how: Callable[[Engine], Any] = how, key: str = key) -> Any:
                with_key = _WithKey(engine, key)
                return how(with_key)  # type: ignore[arg-type]

            events = at_once(*(lambda engine=engine, write=write: write(engine) for engine in programs))
            assert len({(event.case, event.sequence, event.hash) for event in events}) == 1, name
            assert events[0].key == key
        assert [finding for finding in programs[0].verify() if finding.kind != "erased"] == []


class _WithKey:
    """An engine whose writes all have one key."""

    def __init__(self, engine: Engine, key: str) -> None:
        self._engine, self._key = engine, key

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._engine, name)
        return lambda *args, **named: method(*args, **{**named, "key": self._key})


def test_a_key_used_between_our_look_and_our_write_gives_the_first_event(database, project, monkeypatch):
    with engines(database, project, 2) as (ours, theirs):
        prepared(theirs)
        for name, how in WRITES.items():
            first: list[Any] = []
            enter = ours.journal.transaction

            @contextmanager
            def transaction(name=name, how=how, first=first, enter=enter) -> Iterator[Any]:
                if not first:
                    first.append(None)
                    first[0] = how(_WithKey(theirs, name))  # type: ignore[arg-type]
                with enter() as write:
                    yield write

            with monkeypatch.context() as patch:
                patch.setattr(ours.journal, "transaction", transaction)
                event = how(_WithKey(ours, name))  # type: ignore[arg-type]
            assert (event.sequence, event.hash, event.key) == (first[0].sequence, first[0].hash, name)


def test_a_case_opened_while_we_open_it_is_that_case(postgresql, monkeypatch):
    with engines(postgresql, MINI, 2) as (ours, theirs):
        theirs.open("mini/talk", "before", by="office")  # the definition is stored
        first: list[Any] = []
        kept = opening.commit_alone

        def commit(context, *args):
            if context is ours.context and not first:
                first.append(None)
                first[0] = theirs.open("mini/talk", "c", by="office", key="k")
            return kept(context, *args)

        monkeypatch.setattr(opening, "commit_alone", commit)
        assert ours.open("mini/talk", "c", by="office", key="k").hash == first[0].hash
        first.clear()
        with pytest.raises(Conflict) as caught:  # the id is taken by another command
            ours.open("mini/talk", "c", by="office", key="other")
        assert caught.value.code == "ZX4036"


def test_of_two_openings_where_the_parent_allows_only_one_the_other_is_refused(database):
    with engines(database, DATA / "subcases", 2) as programs:
        programs[0].open("town/matter", "M", by="clerk")
        programs[0].determine("M", {"hearing_required": True}, by="clerk", reason="many")

        def call(engine: Engine, case: str) -> str:
            try:
                return engine.open("town/hearing", case, by="clerk", under="M", subcase="hearing").case
            except Refused as refused:
                return refused.reasons[0].id

        said = at_once(lambda: call(programs[0], "X"), lambda: call(programs[1], "Y"))
        assert len({*said} & {"X", "Y"}) == 1
        assert "subcases.hearing.many" in said
        assert programs[0].verify() == ()


def test_links_made_at_once_never_close_a_circle(database, tmp_path):
    with engines(database, nested_town(tmp_path / "town"), 3) as programs:
        for number in range(ROUNDS):
            names = [f"{letter}{number}" for letter in "abc"]
            for name in names:
                programs[0].open("town/matter", name, by="clerk")

            def join(engine: Engine, case: str, under: str) -> bool:
                try:
                    engine.link(case, under=under, by="clerk", subcase="part")
                except UsageError as error:
                    assert error.code == "ZX4076"
                    return False
                return True

            linked = at_once(*(
                lambda engine=engine, case=case, under=under: join(engine, case, under)
                for engine, case, under in zip(programs, names, names[1:] + names[:1], strict=True)
            ))  # fmt: skip
            assert sorted(linked) == [False, True, True]
        assert programs[0].verify() == ()


@pytest.mark.parametrize("rivals", [1, 20])
def test_what_comes_to_lie_above_while_we_link_is_locked_too(database, tmp_path, monkeypatch, rivals):
    """Somebody puts another case on top each time; after so many times we give up and say so."""
    with engines(database, nested_town(tmp_path / "town"), 2) as (ours, theirs):
        ours.context = replace(ours.context, retries=Backoff(60, sleep=lambda _: None))
        for name in ("X", "0", *map(str, range(1, rivals + 1))):
            theirs.open("town/matter", name, by="clerk")
        enter, steps = ours.journal.transaction, iter(range(rivals))

        @contextmanager
        def transaction() -> Iterator[Any]:
            if (step := next(steps, None)) is not None:
                theirs.link(str(step), under=str(step + 1), by="clerk", subcase="part")
            with enter() as write:
                yield write

        monkeypatch.setattr(ours.journal, "transaction", transaction)
        if rivals == 1:
            assert ours.link("X", under="0", by="clerk", subcase="part").sequence == 2
        else:
            with pytest.raises(Conflict) as caught:
                ours.link("X", under="0", by="clerk", subcase="part")
            assert (caught.value.code, caught.value.params["parent"]) == ("ZX5031", "0")
        assert theirs.verify() == ()


def test_who_is_chosen_to_end_a_deadlock_goes_on_by_itself(postgresql, monkeypatch):
    """Somebody takes locks the wrong way round: the server ends the deadlock at our cost, and we begin again."""
    lock = text("SELECT version FROM zx_heads WHERE case_id = :case FOR UPDATE")
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    other = create_engine(postgresql.replace("postgresql://", "postgresql+psycopg://"))
    kept, blocked = writing.update_parents, list[Future[Any]]()
    with (
        engines(f"{postgresql}%20-cdeadlock_timeout%3D20ms", DATA / "subcases", 1) as (engine,),
        ThreadPoolExecutor(1) as pool,
        other.connect() as stranger,
        other.connect() as watch,
    ):
        engine.open("town/matter", "M", by="clerk")
        engine.open("town/hearing", "X", by="clerk", under="M", subcase="complaint", at=date(2026, 3, 3))
        stranger.execute(text("SET deadlock_timeout = '60s'"))  # it is never the stranger that gives way
        stranger.execute(lock, {"case": "M"})

        def wrong_way_round() -> None:
            stranger.execute(lock, {"case": "X"})
            stranger.rollback()

        def update(*args: Any) -> None:
            if not blocked:  # we hold X and are about to ask for M
                blocked.append(pool.submit(wrong_way_round))
                while not watch.execute(waiting).scalar():
                    watch.rollback()
            kept(*args)

        monkeypatch.setattr(writing, "update_parents", update)
        assert engine.record("X", "hold", at=date(2026, 3, 5), by="clerk").action == "hold"
        blocked[0].result()
        assert engine.case("M").version == 3
        assert engine.verify() == ()
    other.dispose()


def test_an_import_and_a_link_never_close_a_circle_together(database, tmp_path):
    """The file puts A under B; somebody puts B under C and C under A at the same moment."""
    with engines(database, nested_town(tmp_path / "town"), 3) as programs:
        for number in range(ROUNDS):
            a, b, c = (f"{letter}{number}" for letter in "abc")
            for name in (a, b, c):
                programs[0].open("town/matter", name, by="clerk", at=date(2026, 3, 2))
            line = f'{{"case": "{a}", "at": "2026-03-05", "link": "{b}", "as": "part", "by": "clerk"}}\n'

            def join(engine: Engine, case: str, under: str) -> bool:
                try:
                    engine.link(case, under=under, by="clerk", subcase="part")
                except UsageError as error:
                    assert error.code == "ZX4076"
                    return False
                return True

            def bring(line: str = line) -> bool:
                try:
                    imported(programs[0], tmp_path / "link.jsonl", line)
                except InvalidInput as error:
                    assert error.code == "ZX4076"
                    return False
                return True

            linked = at_once(bring, lambda b=b, c=c: join(programs[1], b, c), lambda c=c, a=a: join(programs[2], c, a))
            assert sorted(linked) == [False, True, True]
        assert programs[0].verify() == ()


def test_an_import_that_finds_another_link_between_is_checked_again(database, tmp_path, monkeypatch):
    with engines(database, nested_town(tmp_path / "town"), 2) as (ours, theirs):
        for name in "AB":
            theirs.open("town/matter", name, by="clerk", at=date(2026, 3, 2))
        enter, first = ours.journal.transaction, [True]

        @contextmanager
        def transaction() -> Iterator[Any]:
            if first:
                first.clear()
                theirs.link("B", under="A", by="clerk", subcase="part")
            with enter() as write:
                yield write

        monkeypatch.setattr(ours.journal, "transaction", transaction)
        line = '{"case": "A", "at": "2026-03-05", "link": "B", "as": "part", "by": "clerk"}\n'
        with pytest.raises(InvalidInput) as caught:
            imported(ours, tmp_path / "link.jsonl", line)
        assert caught.value.code == "ZX4076"
        assert theirs.verify() == ()
