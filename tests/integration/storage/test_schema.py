"""The migrations make exactly the tables the code works with, and forbid what the journal must not allow."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from zhengxie_flow import storage
from zhengxie_flow.errors import StorageError
from zhengxie_flow.model.event import Event, content
from zhengxie_flow.resources import migrations_dir
from zhengxie_flow.storage import tables
from zhengxie_flow.storage.rows import event_row
from zhengxie_flow.storage.versions import newest, revisions
from zhengxie_flow.testing.builders import make_event, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}"
    url: str = request.getfixturevalue("postgresql")
    return url


def test_the_known_revisions_are_the_migrations() -> None:
    script = ScriptDirectory(str(migrations_dir()))
    assert [found.revision for found in reversed(list(script.walk_revisions()))] == list(revisions())
    assert script.get_heads() == [newest()]


def test_the_migrations_make_the_tables_of_the_code(place: str) -> None:
    assert storage.upgrade(place) == newest() == storage.current(place)
    engine = sa.create_engine(place)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "version_table": tables.VERSION_TABLE,
            },
        )
        assert compare_metadata(context, tables.metadata) == []
        inspector = sa.inspect(connection)
        for table in tables.metadata.sorted_tables:
            names = {str(check.name) for check in table.constraints if isinstance(check, sa.CheckConstraint)}
            assert {check["name"] for check in inspector.get_check_constraints(table.name)} == names
    engine.dispose()


def test_every_field_of_an_event_has_a_column() -> None:
    columns = {column.name for column in tables.events.columns}
    assert set(event_row(content(make_event("a", 1)), "h")) == columns - {"id"}
    assert len(Event.__dataclass_fields__) == len(columns - {"id", "precision", "occurred_day"})


def test_upgrading_again_changes_nothing(place: str) -> None:
    with storage.create(place) as journal:
        write(journal, "a", make_event("a", 1), expected=0)
    assert storage.upgrade(place) == newest()
    with storage.open_journal(place) as journal:
        assert len(journal.events("a")) == 1


def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    storage.upgrade(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE zx_schema SET version_num = '9999'")
        connection.execute("UPDATE zx_journal SET value = '99.0'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError) as caught:
        storage.upgrade(path)
    assert (caught.value.code, caught.value.params["found"]) == ("ZX5022", "9999")
    assert path.read_bytes() == before


def test_a_failed_upgrade_leaves_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE zx_checkpoints (mine)")  # in the way of the last table
    connection.close()
    with pytest.raises(StorageError):
        storage.upgrade(path)
    assert storage.current(path) is None
    with sqlite3.connect(path) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert names == {"zx_checkpoints"}


def test_upgrade_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        storage.upgrade(tmp_path / "absent" / "journal.db")
    assert caught.value.code == "ZX5001"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE zx_events SET actor = 'somebody else'",
        "DELETE FROM zx_events",
        "UPDATE zx_definitions SET bundle = '{}'",
        "DELETE FROM zx_definitions",
        "UPDATE zx_checkpoints SET root = ''",
        "DELETE FROM zx_checkpoints",
    ],
)
def test_what_is_kept_is_not_changed_through_sql(place: str, statement: str) -> None:
    with storage.create(place) as journal:
        write(journal, "a", make_event("a", 1), expected=0)
    engine = sa.create_engine(place)
    with engine.begin() as connection:
        connection.execute(sa.insert(tables.definitions).values(hash="x", process="p", bundle="{}", sources="{}"))
        connection.execute(
            sa.insert(tables.checkpoints).values(
                taken="2026-03-05T00:00:00+00:00", cases=1, events=1, root="r", heads="[]", previous_root=""
            )
        )
    with pytest.raises(sa.exc.DBAPIError) as caught, engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert re.search("append-only", str(caught.value))
    engine.dispose()


def test_row_ids_are_never_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with storage.create(path) as journal:
        write(journal, "a", make_event("a", 1), make_event("a", 2), expected=0)
        with sqlite3.connect(path) as connection:
            connection.execute("DROP TRIGGER zx_events_no_delete")
            connection.execute("DELETE FROM zx_events WHERE id = 2")
        write(journal, "b", make_event("b", 1), expected=0)
        assert connection.execute("SELECT id FROM zx_events ORDER BY id").fetchall() == [(1,), (3,)]
        connection.close()
