# ruff: noqa: S608 - forging statements is the test
"""`verify` names the first break of each case and its kind, whatever was done to the tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.tampering import unguarded

from zhengxie_flow import storage
from zhengxie_flow.errors import ChainBroken
from zhengxie_flow.model.event import Event, canonical, content
from zhengxie_flow.storage import SqlJournal, chain, tables
from zhengxie_flow.storage.rows import event_row
from zhengxie_flow.testing.builders import NOW, make_definition, make_event, make_head

if TYPE_CHECKING:
    from pathlib import Path

Tamper = Callable[[sa.Connection], None]
COUNT = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}"
    url: str = request.getfixturevalue("postgresql")
    return url


@pytest.fixture
def journal(place: str) -> Iterator[SqlJournal]:
    """Three cases of six events; the middle one will be tampered with."""
    definition = make_definition()
    with storage.create(place) as journal:
        with journal.transaction() as transaction:
            transaction.keep_definition(definition)
            for case in ("a", "b", "c"):
                events = [
                    make_event(case, number, body={"fields": {"n": number}}, definition=definition.hash)
                    for number in range(1, COUNT + 1)
                ]
                transaction.append(make_head(case, definition=definition.hash), events, expected_version=0)
        assert list(journal.verify()) == []
        yield journal


@pytest.fixture
def tampered(place: str, journal: SqlJournal) -> Iterator[Callable[[Tamper], list[tuple[Any, ...]]]]:
    """Do something to the tables behind the engine's back; gives (case, sequence, kind) of every finding."""
    engine = sa.create_engine(place)

    def run(tamper: Tamper) -> list[tuple[Any, ...]]:
        with engine.begin() as connection, unguarded(connection):
            tamper(connection)
        return [(finding.case, finding.sequence, finding.kind) for finding in journal.verify()]

    yield run
    engine.dispose()


def sql(*statements: str) -> Tamper:
    def tamper(connection: sa.Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return tamper


def at(number: int) -> str:
    return f"case_id = 'b' AND sequence = {number}"


def renumber(old: int, new: int) -> str:
    return f"UPDATE zx_events SET sequence = {new} WHERE {at(old)}"


@pytest.mark.parametrize(
    "column",
    ["type", "mode", "action", "item", "by_role", "actor", "recorded_by", "calendar", "definition", "key"],
)
def test_any_text_of_an_event(tampered: Callable[[Tamper], Any], column: str) -> None:
    assert tampered(sql(f"UPDATE zx_events SET {column} = 'forged' WHERE {at(3)}")) == [("b", 3, "changed")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body", "'{\"n\":4}'"),
        ("body", "'{\"n\": 3}'"),  # the same value, other bytes
        ("body", "'not json'"),
        ("evidence", "'[\"forged\"]'"),
        ("occurred", "'2026-03-04'"),
        ("occurred", "'nonsense'"),
        ("occurred_day", "'2026-03-04'"),
        ("precision", "'instant'"),
        ("recorded", "'2026-03-05T10:30:15.000250+09:00'"),
        ("supersedes", "1"),
        ("schema_version", "2"),
        ("hash", "'sha256:00'"),
        ("hash", "'md5:00'"),
        ("hash", "''"),
        ("previous_hash", "'sha256:00'"),
    ],
)
def test_any_other_column(tampered: Callable[[Tamper], Any], column: str, value: str) -> None:
    assert tampered(sql(f"UPDATE zx_events SET {column} = {value} WHERE {at(3)}")) == [("b", 3, "changed")]


@pytest.mark.parametrize("number", [1, 2, 5, 6])
def test_changed_wherever_it_stands(tampered: Callable[[Tamper], Any], number: int) -> None:
    assert tampered(sql(f"UPDATE zx_events SET actor = 'x' WHERE {at(number)}")) == [("b", number, "changed")]


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_removed(tampered: Callable[[Tamper], Any], number: int) -> None:
    assert tampered(sql(f"DELETE FROM zx_events WHERE {at(number)}")) == [("b", number, "removed")]


@pytest.mark.parametrize("number", range(1, COUNT))
def test_removed_and_the_gap_closed(tampered: Callable[[Tamper], Any], number: int) -> None:
    close = [renumber(later, later - 1) for later in range(number + 1, COUNT + 1)]
    assert tampered(sql(f"DELETE FROM zx_events WHERE {at(number)}", *close)) == [("b", number, "removed")]


def test_all_events_removed(tampered: Callable[[Tamper], Any]) -> None:
    assert tampered(sql("DELETE FROM zx_events WHERE case_id = 'b'")) == [("b", 1, "removed")]


def test_the_tail_removed(tampered: Callable[[Tamper], Any]) -> None:
    assert tampered(sql("DELETE FROM zx_events WHERE case_id = 'b' AND sequence > 3")) == [("b", 4, "removed")]


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 5), (5, 6), (1, 6)])
def test_reordered(tampered: Callable[[Tamper], Any], one: int, other: int) -> None:
    swap = sql(renumber(one, 99), renumber(other, one), renumber(99, other))
    assert tampered(swap) == [("b", one, "reordered")]


def forged(previous_hash: str, sequence: int) -> Event:
    event = make_event("b", sequence, body={"fields": {"forged": True}}, key="forged", previous_hash=previous_hash)
    return replace(event, hash="sha256:" + hashlib.sha256(canonical(content(event))).hexdigest())


@pytest.mark.parametrize("chained", [True, False])
@pytest.mark.parametrize("number", range(1, COUNT + 2))
def test_inserted(journal: SqlJournal, tampered: Callable[[Tamper], Any], number: int, chained: bool) -> None:
    """With a hash that fits its place, or with any: it is not on the way back from the head."""
    hashes = ["", *(event.hash for event in journal.events("b"))]
    event = forged(hashes[number - 1], number) if chained else replace(forged("", number), hash="sha256:no")

    def insert(connection: sa.Connection) -> None:
        for later in range(COUNT, number - 1, -1):
            connection.exec_driver_sql(renumber(later, later + 1))
        connection.execute(sa.insert(tables.events).values(event_row(content(event), event.hash)))

    assert tampered(insert) == [("b", number, "inserted")]


def test_rewritten_with_its_own_hash(journal: SqlJournal, tampered: Callable[[Tamper], Any]) -> None:
    event = forged(journal.events("b")[2].previous_hash, 3)

    def rewrite(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"DELETE FROM zx_events WHERE {at(3)}")
        connection.execute(sa.insert(tables.events).values(event_row(content(event), event.hash)))

    assert tampered(rewrite) == [("b", 3, "changed")]


@pytest.mark.parametrize(
    "change",
    ["hash = 'sha256:00'", "version = 7, hash = 'sha256:00'", "version = 0", "version = 5"],
)
def test_the_head_changed(tampered: Callable[[Tamper], Any], change: str) -> None:
    ((case, _, kind),) = tampered(sql(f"UPDATE zx_heads SET {change} WHERE case_id = 'b'"))
    assert (case, kind) in {("b", "head"), ("b", "removed")}


def test_the_head_removed(tampered: Callable[[Tamper], Any]) -> None:
    assert tampered(sql("DELETE FROM zx_heads WHERE case_id = 'b'")) == [("b", None, "head")]


def test_every_broken_case_is_named_once(tampered: Callable[[Tamper], Any]) -> None:
    breaks = sql(
        "UPDATE zx_events SET actor = 'x' WHERE case_id = 'c'",
        "DELETE FROM zx_events WHERE case_id = 'a' AND sequence IN (2, 4)",
    )
    assert tampered(breaks) == [("a", 2, "removed"), ("c", 1, "changed")]


def test_a_definition_changed(journal: SqlJournal, tampered: Callable[[Tamper], Any]) -> None:
    bundle = json.dumps({"process": "other"})
    found = tampered(sql(f"UPDATE zx_definitions SET bundle = '{bundle}'"))
    assert found == [(case, 1, "definition") for case in ("a", "b", "c")]
    first = next(journal.verify())
    assert first.expected == make_definition().hash
    assert first.found == "sha256:" + hashlib.sha256(canonical(json.loads(bundle))).hexdigest()


@pytest.mark.parametrize("statement", ["DELETE FROM zx_definitions", "UPDATE zx_definitions SET bundle = 'not json'"])
def test_a_definition_lost(tampered: Callable[[Tamper], Any], statement: str) -> None:
    assert tampered(sql(statement)) == [(case, 1, "definition") for case in ("a", "b", "c")]


def test_a_definition_no_case_uses(tampered: Callable[[Tamper], Any]) -> None:
    other = make_definition({"other": True})
    forged_row = f"INSERT INTO zx_definitions VALUES ('{other.hash}', 'p', '{{}}', '{{}}')"
    assert tampered(sql(forged_row)) == [("", None, "definition")]


def test_a_long_case_is_told_quickly(place: str) -> None:
    """The first event of 3000 is gone and the rest closed up: no row fits its number any more."""
    with storage.create(place) as journal:
        with journal.transaction() as transaction:
            events = [make_event("b", number) for number in range(1, 3001)]
            transaction.append(make_head("b"), events, expected_version=0)
        engine = sa.create_engine(place)
        with engine.begin() as connection, unguarded(connection):
            connection.exec_driver_sql(f"DELETE FROM zx_events WHERE {at(1)}")
            connection.exec_driver_sql("UPDATE zx_events SET sequence = sequence + 100000")
            connection.exec_driver_sql("UPDATE zx_events SET sequence = sequence - 100001")
        engine.dispose()
        (finding,) = journal.verify()
    assert (finding.sequence, finding.kind) == (1, "removed")


def read_code(read: Callable[[], Any]) -> str:
    with pytest.raises(ChainBroken) as raised:
        read()
    return raised.value.code


def written_to(journal: SqlJournal, case: str) -> Any:
    with journal.transaction() as transaction:
        return transaction.events(case)


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM zx_events WHERE {at(1)}",
        f"DELETE FROM zx_events WHERE {at(3)}",
        f"UPDATE zx_events SET hash = 'sha256:00' WHERE {at(3)}",
        f"UPDATE zx_events SET previous_hash = '' WHERE {at(3)}",
    ],
)
def test_what_is_missing_is_never_read_over(
    journal: SqlJournal, tampered: Callable[[Tamper], Any], statement: str
) -> None:
    tampered(sql(statement))
    assert read_code(lambda: journal.events("b")) == "ZX5901"
    assert len(journal.events("a")) == COUNT


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM zx_events WHERE {at(COUNT)}",
        "DELETE FROM zx_events WHERE case_id = 'b'",
        "DELETE FROM zx_heads WHERE case_id = 'b'",
        "UPDATE zx_heads SET version = 99 WHERE case_id = 'b'",
        "UPDATE zx_heads SET hash = 'sha256:00' WHERE case_id = 'b'",
    ],
)
def test_nothing_is_built_on_events_that_do_not_end_where_the_head_says(
    journal: SqlJournal, tampered: Callable[[Tamper], Any], statement: str
) -> None:
    tampered(sql(statement))
    assert read_code(lambda: written_to(journal, "b")) == "ZX5902"
    assert len(written_to(journal, "a")) == COUNT


def test_a_changed_definition_is_not_used(journal: SqlJournal, tampered: Callable[[Tamper], Any]) -> None:
    tampered(sql("UPDATE zx_definitions SET bundle = '{}'"))
    assert read_code(lambda: journal.definition(make_definition().hash)) == "ZX5903"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE zx_events SET sequence = 'x' WHERE {at(3)}",
        f"UPDATE zx_events SET occurred_day = 'x' WHERE {at(3)}",
        f"UPDATE zx_events SET occurred_day = 5 WHERE {at(3)}",
        "UPDATE zx_heads SET version = 'x' WHERE case_id = 'b'",
    ],
)
def test_sqlite_keeps_what_is_no_number_and_no_day(tmp_path: Path, statement: str) -> None:
    place = tmp_path / "journal.db"
    with storage.create(place) as journal:
        with journal.transaction() as transaction:
            transaction.append(make_head("b"), [make_event("b", n) for n in range(1, COUNT + 1)], expected_version=0)
        engine = sa.create_engine(f"sqlite:///{place}")
        with engine.begin() as connection, unguarded(connection):
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = on")
            connection.exec_driver_sql(statement)
        engine.dispose()
        (finding,) = journal.verify()
    assert finding.case == "b"


AWAY, AWAY_TOO = (
    tuple(f"DELETE FROM {table} WHERE case_id = '{case}'" for table in ("zx_events", "zx_heads", "zx_feed"))
    for case in ("b", "a")
)


def test_a_whole_case_taken_away_is_missed_since_the_last_checkpoint(
    journal: SqlJournal, tampered: Callable[[Tamper], Any]
) -> None:
    assert tampered(sql(*AWAY)) == []  # nothing in the journal knows that there was one
    kept = journal.checkpoint(NOW)
    assert tampered(sql(*AWAY_TOO)) == [("a", None, "lost")]
    assert next(journal.verify(kept.root)).case == "a"
    journal.checkpoint(NOW)  # the next one does not excuse it
    assert [(found.case, found.kind) for found in journal.verify()] == [("a", "lost")]


def test_a_chain_written_anew_with_its_head_is_not_that_of_the_checkpoint(
    journal: SqlJournal, tampered: Callable[[Tamper], Any]
) -> None:
    journal.checkpoint(NOW)
    for name in ("b", "c"):
        with journal.transaction() as transaction:
            transaction.append(make_head(name), [make_event(name, COUNT + 1)], expected_version=COUNT)
    forged = chain.link([replace(event, actor="somebody") for event in journal.events("b")], "", "sha256")

    def anew(connection: sa.Connection) -> None:
        connection.execute(sa.delete(tables.events).where(tables.events.c.case_id == "b"))
        connection.execute(sa.insert(tables.events), [event_row(each.record, each.hash) for each in forged])
        connection.execute(sa.update(tables.heads).where(tables.heads.c.case_id == "b").values(hash=forged[-1].hash))

    assert tampered(anew) == [("b", COUNT, "checkpoint")]
    journal.checkpoint(NOW)
    assert [(found.case, found.kind) for found in journal.verify()] == [("b", "checkpoint")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE zx_checkpoints SET heads = '[]' WHERE id = 2",
        "UPDATE zx_checkpoints SET heads = 'no JSON' WHERE id = 2",
        "UPDATE zx_checkpoints SET root = 'md5:00' WHERE id = 2",
        "UPDATE zx_checkpoints SET taken = '2020-01-01T00:00:00+08:00' WHERE id = 2",
        "UPDATE zx_checkpoints SET cases = 9 WHERE id = 2",
        "UPDATE zx_checkpoints SET events = 9 WHERE id = 1",
        "UPDATE zx_checkpoints SET previous_root = 'x' WHERE id = 2",
        "UPDATE zx_checkpoints SET heads_root = NULL WHERE id = 2",
        "UPDATE zx_checkpoints SET note = NULL WHERE id = 2",
        "UPDATE zx_checkpoints SET note = 'o' WHERE id = 1",
        "UPDATE zx_checkpoints SET signature = 'x' WHERE id = 2",
        "UPDATE zx_checkpoints SET key_id = 'x' WHERE id = 2",
        "UPDATE zx_checkpoints SET signature_algorithm = 'x' WHERE id = 1",
        "DELETE FROM zx_checkpoints WHERE id = 1",
    ],
)
def test_a_checkpoint_changed(journal: SqlJournal, tampered: Callable[[Tamper], Any], statement: str) -> None:
    journal.checkpoint(NOW)
    with journal.transaction() as transaction:
        transaction.append(make_head("b"), [make_event("b", COUNT + 1)], expected_version=COUNT)
    journal.checkpoint(NOW)
    assert tampered(sql(statement)) == [("", None, "checkpoint")]


def test_checkpoints_taken_away_are_missed_by_who_wrote_the_root_down(
    journal: SqlJournal, tampered: Callable[[Tamper], Any]
) -> None:
    kept = journal.checkpoint(NOW)
    assert tampered(sql("DELETE FROM zx_checkpoints", *AWAY)) == []
    assert [(found.case, found.kind) for found in journal.verify(kept.root)] == [("", "checkpoint")]
