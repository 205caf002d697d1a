"""A database that is at its revision in name only is refused when it is opened, with what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from zhengxie_flow import storage
from zhengxie_flow.errors import StorageError
from zhengxie_flow.storage import schema_check, tables
from zhengxie_flow.storage.schema_check import COLUMN, COLUMNS, GUARDS, TRIGGER, SchemaPart
from zhengxie_flow.storage.versions import newest
from zhengxie_flow.testing.builders import make_event, write


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A whole journal with one event."""
    url = f"sqlite:///{tmp_path}/journal.db" if request.param == "sqlite" else request.getfixturevalue("postgresql")
    with storage.create(url) as journal:
        write(journal, "a", make_event("a", 1), expected=0)
    return str(url)


@pytest.fixture
def engine(place: str) -> Iterator[sa.Engine]:
    made = sa.create_engine(place)
    yield made
    made.dispose()


@pytest.fixture
def does(engine: sa.Engine) -> Callable[[str], None]:
    """A hand in the database."""

    def statement(text: str) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(text)

    return statement


def drops(engine: sa.Engine, guard: SchemaPart) -> str:
    return f"DROP TRIGGER {guard.name}" + (f" ON {guard.table}" if engine.dialect.name == "postgresql" else "")


def refusal(place: str | sa.Connection, *, read_only: bool = False) -> tuple[str, str]:
    with pytest.raises(StorageError) as caught:
        storage.open_journal(place, read_only=read_only)
    return caught.value.code, str(caught.value.params.get("missing", caught.value.params.get("found")))


def refusals(place: str) -> set[tuple[str, str]]:
    """How it is refused to a writer and to a reader."""
    return {refusal(place, read_only=read_only) for read_only in (False, True)}


def test_the_parts_are_those_the_migrations_make(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        found = schema_check.inventory(connection)
    version = SchemaPart(COLUMN, tables.VERSION_TABLE, "version_num")
    assert found == COLUMNS | GUARDS[engine.dialect.name] | {version}


@pytest.mark.parametrize("table", [name for name in sorted(tables.metadata.tables) if name != "zx_events"])
def test_a_missing_table_is_refused(place: str, does: Callable[[str], None], table: str) -> None:
    does(f"DROP TABLE {table}")
    ((code, lacking),) = refusals(place)
    assert (code, lacking.split(", ")[0]) == ("ZX5023", table)


def test_a_missing_column_is_refused(place: str, does: Callable[[str], None]) -> None:
    does("ALTER TABLE zx_heads DROP COLUMN updated")
    does("ALTER TABLE zx_outbox DROP COLUMN failure")
    assert refusals(place) == {("ZX5023", "zx_heads.updated, zx_outbox.failure")}


@pytest.mark.parametrize("number", range(8))
def test_what_lacks_a_guard_takes_no_event_and_can_still_be_read(
    place: str, engine: sa.Engine, does: Callable[[str], None], number: int
) -> None:
    guard = sorted(GUARDS[engine.dialect.name])[number]
    does(drops(engine, guard))
    assert refusal(place) == ("ZX5023", guard.name)
    with storage.open_journal(place, read_only=True) as journal:
        assert len(journal.events("a")) == 1
        (finding,) = journal.verify()
        assert finding.kind == "schema"
        assert guard.name in str(finding.expected)


def test_every_guard_is_tried(engine: sa.Engine) -> None:
    assert len(GUARDS[engine.dialect.name]) == 12


def test_a_guard_that_is_switched_off_is_missing(postgresql: str) -> None:
    storage.upgrade(postgresql)
    made = sa.create_engine(postgresql)
    with made.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE zx_events DISABLE TRIGGER zx_events_append_only")
    made.dispose()
    assert refusal(postgresql) == ("ZX5023", "zx_events_append_only")


def test_several_revisions_are_refused(place: str, does: Callable[[str], None]) -> None:
    does("INSERT INTO zx_schema (version_num) VALUES ('0000')")
    assert refusals(place) == {("ZX5002", f"0000, {newest()}")}
    with pytest.raises(StorageError) as caught:
        storage.upgrade(place)
    assert caught.value.code == "ZX5002"


def test_tables_without_a_revision_are_refused(place: str, does: Callable[[str], None]) -> None:
    does("DELETE FROM zx_schema")
    assert refusals(place) == {("ZX5002", "-")}
    with pytest.raises(StorageError):
        storage.upgrade(place)


def test_an_embedding_program_is_refused_too(engine: sa.Engine, does: Callable[[str], None]) -> None:
    does("DROP TABLE zx_checkpoints")
    with engine.connect() as connection:
        assert refusal(connection)[0] == "ZX5023"


def test_an_upgrade_does_not_call_it_done(place: str, does: Callable[[str], None]) -> None:
    does("DROP TABLE zx_outbox")
    with pytest.raises(StorageError) as caught:
        storage.upgrade(place)
    assert (caught.value.code, caught.value.params["missing"]) == ("ZX5023", "zx_outbox")


def test_an_upgrade_that_is_interrupted_leaves_nothing(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for place in (f"sqlite:///{tmp_path}/journal.db", request.getfixturevalue("postgresql")):
        made = sa.create_engine(place)
        with made.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE zx_checkpoints (mine integer)")  # in the way of the last table
        with pytest.raises(StorageError):
            storage.upgrade(place)
        assert storage.current(place) is None
        assert refusal(place) == ("ZX5002", "-")
        with made.connect() as connection:
            assert schema_check.inventory(connection) == {SchemaPart(COLUMN, "zx_checkpoints", "mine")}
        made.dispose()


def test_what_is_missing_is_named_once_and_in_order() -> None:
    whole = COLUMNS | GUARDS["sqlite"]
    assert schema_check.missing(whole, "sqlite", guards=True) == ()
    lacking = {
        *(part for part in whole if part.table == "zx_outbox"),
        SchemaPart(COLUMN, "zx_heads", "hash"),
        SchemaPart(TRIGGER, "zx_events", "zx_events_no_update"),
    }
    assert schema_check.missing(whole - lacking, "sqlite", guards=False) == ("zx_heads.hash", "zx_outbox")
    expected = ("zx_events_no_update", "zx_heads.hash", "zx_outbox")
    assert schema_check.missing(whole - lacking, "sqlite", guards=True) == expected
