# ruff: noqa: PT012 - a refused write is a block
"""An embedding program passes its own connection: what we write lives and dies with what it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from zhengxie_flow import storage
from zhengxie_flow.errors import Conflict, StorageError
from zhengxie_flow.storage.versions import newest
from zhengxie_flow.testing.builders import make_event, make_head, write
from zhengxie_flow.testing.following_contract import FollowingContract
from zhengxie_flow.testing.storage_contract import JournalContract

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path


def plain(path: Path) -> sa.Engine:
    """As most programs make it: Python's sqlite3 decides when a transaction begins."""
    return sa.create_engine(sa.URL.create("sqlite", database=str(path)))


def explicit(path: Path) -> sa.Engine:
    """As SQLAlchemy's manual recommends: BEGIN is said by the program."""
    engine = plain(path)

    @sa.event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


@pytest.fixture(params=["plain", "explicit", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    path = tmp_path / "theirs.db"
    if request.param == "postgresql":
        engine = sa.create_engine(request.getfixturevalue("postgresql"))
    else:
        engine = plain(path) if request.param == "plain" else explicit(path)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE events (name TEXT)"))  # a name the journal must not want
        storage.upgrade(connection)
    yield engine
    engine.dispose()


def counts(engine: sa.Engine) -> tuple[int | None, int | None]:
    with engine.connect() as connection:
        theirs = connection.execute(sa.text("SELECT count(*) FROM events")).scalar()
        ours = connection.execute(sa.text("SELECT count(*) FROM zx_events")).scalar()
        return theirs, ours


def both(connection: sa.Connection, *, ours_first: bool) -> None:
    journal = storage.open_journal(connection)
    if ours_first:
        write(journal, "a", make_event("a", 1), expected=0)
    connection.execute(sa.text("INSERT INTO events VALUES ('theirs')"))
    if not ours_first:
        write(journal, "a", make_event("a", 1), expected=0)
    assert len(journal.events("a")) == 1
    assert list(journal.verify()) == []
    journal.close()


@pytest.mark.parametrize("ours_first", [True, False])
def test_their_commit_keeps_both(engine: sa.Engine, ours_first: bool) -> None:
    with engine.connect() as connection:
        both(connection, ours_first=ours_first)
        connection.commit()
    assert counts(engine) == (1, 1)


@pytest.mark.parametrize("ours_first", [True, False])
def test_their_rollback_undoes_both(engine: sa.Engine, ours_first: bool) -> None:
    with engine.connect() as connection:
        both(connection, ours_first=ours_first)
        connection.rollback()
    assert counts(engine) == (0, 0)


@pytest.mark.parametrize("ours_first", [True, False])
def test_leaving_without_commit_undoes_both(engine: sa.Engine, ours_first: bool) -> None:
    with engine.connect() as connection:
        both(connection, ours_first=ours_first)
    assert counts(engine) == (0, 0)


def test_our_refusal_leaves_theirs(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        journal = storage.open_journal(connection)
        connection.execute(sa.text("INSERT INTO events VALUES ('theirs')"))
        with pytest.raises(Conflict), journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1, key="k")], expected_version=0)
            transaction.append(make_head("a"), [make_event("a", 2, key="k")], expected_version=1)
        write(journal, "b", make_event("b", 1), expected=0)
    assert counts(engine) == (1, 1)


def test_their_transaction_block(engine: sa.Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        both(connection, ours_first=True)
        _ = 1 / 0
    assert counts(engine) == (0, 0)


def test_their_upgrade_can_be_rolled_back(tmp_path: Path) -> None:
    for number, make in enumerate((plain, explicit)):
        engine = make(tmp_path / f"{number}.db")
        with engine.connect() as connection:
            storage.upgrade(connection)
            assert storage.current(connection) == newest()
            connection.rollback()
        with engine.connect() as connection:
            assert storage.current(connection) is None
            with pytest.raises(StorageError) as caught:
                storage.open_journal(connection)
            assert caught.value.code == "ZX5002"
            connection.execute(sa.text("SELECT 1"))
        engine.dispose()


class TestContract(JournalContract):
    """The contract on a borrowed connection, without what needs several threads, connections or a commit.

    The feed gives what is committed, and here nothing ever is: it has its tests on the engine of a program (below), and
    on a connection whose transaction ends in the tests of the feed.
    """

    test_of_many_threads_exactly_one_wins_each_version = None  # type: ignore[assignment]
    test_a_write_sees_itself_and_others_see_it_afterwards = None  # type: ignore[assignment]
    test_the_feed_gives_what_was_committed_in_order = None  # type: ignore[assignment]
    test_the_feed_goes_on_where_a_page_ended = None  # type: ignore[assignment]
    test_the_feed_begins_inside_what_one_write_appended = None  # type: ignore[assignment]
    test_positions_never_change = None  # type: ignore[assignment]
    test_a_write_undone_leaves_nothing_in_the_feed_and_bars_nobody = None  # type: ignore[assignment]
    test_a_position_that_was_never_reached_is_refused = None  # type: ignore[assignment]
    test_the_feed_gives_personal_values_back = None  # type: ignore[assignment]
    test_many_writers_and_readers_miss_nothing = None  # type: ignore[assignment]
    test_of_many_workers_only_a_single_one_gets_each_message = None  # type: ignore[assignment]

    @pytest.fixture
    def journal(self, tmp_path: Path) -> Iterator[storage.SqlJournal]:
        engine = plain(tmp_path / "theirs.db")
        with engine.connect() as connection:
            storage.upgrade(connection)
            yield storage.open_journal(connection)
        engine.dispose()


@pytest.mark.parametrize("engine", ["plain", "postgresql"], indirect=True)  # a BEGIN of its own waits for no writer
class TestFollowing(FollowingContract):
    """The feed and the outbox on the engine of a program, where each write commits."""

    @pytest.fixture
    def journal(self, engine: sa.Engine) -> storage.SqlJournal:
        return storage.open_journal(engine)
