"""The feed under writers at the same time: whatever order they commit in, a reader that goes on misses nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from tests.support import tries

from zhengxie_flow import Conflict, storage
from zhengxie_flow.model.feed import FeedEntry, FeedPage
from zhengxie_flow.ports import Journal
from zhengxie_flow.storage import Access, feed, tables
from zhengxie_flow.testing.builders import make_event, write


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> Iterator[sa.Engine]:
    """The engine of an embedding program, with the tables of a journal."""
    url = request.getfixturevalue("postgresql") if request.param == "postgresql" else f"sqlite:///{tmp_path}/j.db"
    storage.upgrade(url)
    engine = sa.create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def server(postgresql: str) -> Iterator[sa.Engine]:
    storage.upgrade(postgresql)
    engine = sa.create_engine(postgresql)
    yield engine
    engine.dispose()


def events(page: FeedPage) -> list[tuple[str, int]]:
    return [(event.case, event.sequence) for _, event in page.entries]


def row_ids(engine: sa.Engine) -> list[str]:
    """The cases of the events, by the ids that their rows took."""
    with engine.connect() as connection:
        return list(connection.execute(sa.select(tables.events.c.case_id).order_by(tables.events.c.id)).scalars())


def interleaved(server: sa.Engine, reader: Journal) -> tuple[FeedPage, FeedPage]:
    """What is read between two commits, and after both: the first takes its row id, the second one commits first."""
    own = storage.open_journal(server)
    with server.connect() as first:
        write(storage.open_journal(first), "first", make_event("first", 1), expected=0)
        write(own, "second", make_event("second", 1), expected=0)
        between = reader.feed()
        first.commit()
    return between, reader.feed(between.next)


def test_a_write_that_commits_later_with_a_lower_row_id_is_not_skipped(server):
    between, after = interleaved(server, storage.open_journal(server))
    assert row_ids(server) == ["first", "second"]
    assert (events(between), events(after)) == ([("second", 1)], [("first", 1)])
    assert [position for position, _ in (*between.entries, *after.entries)] == [1, 2]


def test_row_ids_alone_would_skip_it(server, monkeypatch):
    monkeypatch.setitem(feed._PAGE, "postgresql", feed._of_row_ids())  # what the feed takes care of
    between, after = interleaved(server, storage.open_journal(server))
    assert (events(between), events(after)) == ([("second", 1)], [])  # the first was lost


def test_on_sqlite_the_second_waits_for_the_first(tmp_path):
    storage.upgrade(tmp_path / "j.db")
    engine = sa.create_engine(f"sqlite:///{tmp_path}/j.db")
    with storage.open_journal(f"sqlite:///{tmp_path}/j.db?patience=0.01") as own, engine.connect() as first:
        write(storage.open_journal(first), "first", make_event("first", 1), expected=0)
        with pytest.raises(Conflict):
            write(own, "second", make_event("second", 1), expected=0)
        assert events(own.feed()) == []
        first.commit()
        write(own, "second", make_event("second", 1), expected=0)
        assert events(own.feed()) == [("first", 1), ("second", 1)]
    engine.dispose()


def test_what_a_program_has_not_committed_is_not_read_on_its_connection_either(database):
    with database.connect() as connection:
        journal = storage.open_journal(connection)
        write(journal, "a", make_event("a", 1), expected=0)
        assert events(journal.feed()) == []
        connection.rollback()
        write(journal, "b", make_event("b", 1), expected=0)
        connection.commit()
        assert events(journal.feed()) == [("b", 1)]


def test_a_transaction_that_rolls_back_bars_nobody(database):
    own = storage.open_journal(database)
    with database.connect() as connection:
        write(storage.open_journal(connection), "gone", make_event("gone", 1), expected=0)
        connection.rollback()
    write(own, "a", make_event("a", 1), expected=0)
    first = own.feed()
    assert events(first) == [("a", 1)]
    write(own, "a", make_event("a", 2), expected=1)
    assert events(own.feed(first.next)) == [("a", 2)]


def test_a_transaction_that_stays_open_keeps_nobody_waiting(server):
    own = storage.open_journal(server)
    with server.connect() as idle:
        idle.execute(sa.text("CREATE TEMPORARY TABLE slow (n integer)"))  # it has a number, and goes on for hours
        write(own, "a", make_event("a", 1), expected=0)
        assert events(own.feed()) == [("a", 1)]


class Play:
    """Open transactions, writes, commits, rollbacks and readings in an order by lot, in a single thread."""

    def __init__(self, server: sa.Engine, seed: int) -> None:
        self.server, self.seed = server, seed
        self.own = storage.open_journal(server)
        self.lot = random.Random(seed)  # no secret
        self.open: list[tuple[sa.Connection, str, int]] = []
        self.committed: list[tuple[str, int]] = []
        self.read: list[FeedEntry] = []
        self.reached = self.start = self.own.feed(0, 10_000).next

    def go(self, steps: int) -> None:
        for step in range(steps):
            if len(self.open) < 3:
                self.open.append((self.server.connect(), f"c{self.seed}-{step}", 0))
            self.lot.choice([self.append, self.append, self.commit, self.roll_back, self.follow])()
        while self.open:
            self.commit()
        self.follow(1000)

    def append(self) -> None:
        connection, case, version = self.open.pop(self.lot.randrange(len(self.open)))
        write(storage.open_journal(connection), case, make_event(case, version + 1), expected=version)
        self.open.append((connection, case, version + 1))

    def commit(self) -> None:
        connection, case, version = self.open.pop(self.lot.randrange(len(self.open)))
        with connection:
            connection.commit()
        self.committed += [(case, number) for number in range(1, version + 1)]

    def roll_back(self) -> None:
        connection, _, _ = self.open.pop(self.lot.randrange(len(self.open)))
        connection.close()

    def follow(self, limit: int = 2) -> None:
        page = self.own.feed(self.reached, limit)
        self.reached = page.next
        self.read += page.entries


def test_whatever_the_order_of_commits_a_reader_that_goes_on_misses_nothing(server):
    for seed in range(tries(12)):
        play = Play(server, seed)
        play.go(16)
        places = [(entry.event.case, entry.event.sequence) for entry in play.read]
        assert sorted(places) == sorted(play.committed)
        assert [position for position, _ in play.read] == list(range(play.start + 1, play.start + 1 + len(places)))
        for case in {case for case, _ in places}:
            assert [number for name, number in places if name == case] == sorted(
                number for name, number in play.committed if name == case
            )
    assert list(play.own.verify()) == []


def test_positions_go_on_after_the_journal_was_restored_on_another_server(server, postgresql_server):
    """A backup is rows; the other server counts transactions from its own beginning, which must not matter."""
    source = storage.open_journal(server)
    for number in range(1, 4):
        write(source, "a", make_event("a", number), expected=number - 1)
    before = source.feed()
    write(source, "a", make_event("a", 4), expected=3)  # nobody has read this one yet
    copied: dict[sa.Table, list[Any]] = {}
    with server.connect() as connection:
        for table in (tables.events, tables.heads, tables.feed):
            copied[table] = [dict(row._mapping) for row in connection.execute(sa.select(table))]
    restored = sa.create_engine(postgresql_server)
    with restored.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA restored_feed"))
    try:
        journal = storage.open_or_create(
            restored, Access(schema="restored_feed"), storage.CheckedSchemas(), create=True
        )
        with restored.begin() as connection:
            connection.execute(sa.text("SET LOCAL search_path = restored_feed"))
            for table, stored in copied.items():
                connection.execute(sa.insert(table), stored)
                if "id" in table.c:
                    values = {"name": f"{table.name}_id_seq", "value": max(row["id"] for row in stored)}
                    connection.execute(sa.text("SELECT setval(CAST(:name AS regclass), :value)"), values)
        assert journal.feed().entries[:3] == before.entries
        assert events(journal.feed(before.next)) == [("a", 4)]
        write(journal, "b", make_event("b", 1), expected=0)
        assert events(journal.feed(before.next)) == [("a", 4), ("b", 1)]
        assert list(journal.verify()) == []
    finally:
        with restored.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA restored_feed CASCADE"))
        restored.dispose()


def test_who_cannot_give_positions_in_time_says_so(server):
    own = storage.open_journal(server)
    write(own, "a", make_event("a", 1), expected=0)
    with server.connect() as other:
        other.execute(feed._LOCK, {"space": feed._LOCK_SPACE})
        quick = sa.create_engine(server.url, connect_args={"options": f"{_options(server)} -c lock_timeout=50"})
        with pytest.raises(Conflict) as caught:
            storage.open_journal(quick).feed()
        quick.dispose()
    assert (caught.value.code, caught.value.retry) == ("ZX5003", "in_time")
    assert events(own.feed()) == [("a", 1)]


def _options(server: sa.Engine) -> str:
    options = server.url.query["options"]
    return options if isinstance(options, str) else " ".join(options)


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ("DELETE FROM zx_feed", "zx_feed: ..0"),
        ("UPDATE zx_feed SET last_sequence = 1", "zx_feed: ..1"),
        ("UPDATE zx_feed SET last_sequence = 3", "zx_feed: 1..3"),
        ("UPDATE zx_feed SET case_id = 'b'", "zx_feed: ..0"),
        ("UPDATE zx_feed SET position = 7", "zx_feed: position=7"),
    ],
)
def test_verification_finds_events_that_whoever_follows_would_never_read(server, damage, place):
    own = storage.open_journal(server)
    write(own, "a", make_event("a", 1), make_event("a", 2), expected=0)
    assert own.feed().next == 2
    assert list(own.verify()) == []
    with server.begin() as connection:
        connection.execute(sa.text(damage))
    first = next(iter(own.verify()))
    assert (first.case, first.kind, first.found) == ("a", "orphan", place)
