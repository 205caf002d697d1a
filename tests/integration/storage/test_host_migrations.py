"""Alembic of an embedding program beside our tables, and the same upgrade as a script of SQL: one schema by every way."""

from __future__ import annotations

import ast
import io
import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from tests.cli.program import run
from tests.support import SOAK

from zhengxie_flow import storage
from zhengxie_flow.errors import StorageError, UsageError
from zhengxie_flow.resources import migrations_dir
from zhengxie_flow.storage import include_object, tables, versions
from zhengxie_flow.storage.schema_shape import _of_postgresql, _of_sqlite
from zhengxie_flow.testing.builders import make_event, write
from zhengxie_flow.testing.postgresql_server import programs

NEWEST = versions.newest()
STARTS = (None, *versions.revisions())
FEW = STARTS if SOAK else (None, STARTS[-2])
"""The way from a later revision is the end of that from an earlier: `make soak` tries all of them on both databases."""

ENV = """
from alembic import context
import sqlalchemy as sa

options = dict(context.config.attributes)
url = options.pop("url")
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True, dialect_opts={"paramstyle": "named"}, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op
from zhengxie_flow import storage

revision, down_revision = "{number}", {before}


def upgrade():
    op.create_table("before{number}", sa.Column("id", sa.Integer, primary_key=True))
    {ours}
    with op.batch_alter_table("before{number}") as table:
        table.add_column(sa.Column("name", sa.Text))
    op.create_table("after{number}", sa.Column("id", sa.Integer, primary_key=True))
    {end}


def downgrade():
    op.drop_table("after{number}")
    op.drop_table("before{number}")
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """What makes an empty database of a kind, as often as it is called."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path}/{uuid.uuid4().hex}.db"
        return
    server: str = request.getfixturevalue("postgresql_server")
    engine, made = sa.create_engine(server), []

    def make() -> str:
        made.append(f"t{uuid.uuid4().hex}")
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(made[-1]))
        return f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{made[-1]}"

    yield make
    with engine.begin() as connection:
        for name in made:
            connection.execute(sa.schema.DropSchema(name, cascade=True))
    engine.dispose()


def host(folder: Path, url: str, *migrations: str, end: str = "pass", **options: Any) -> Config:
    """An alembic environment of a host, each migration with a line of ours in its middle."""
    versions_folder = folder / "host" / "versions"
    shutil.rmtree(folder / "host", ignore_errors=True)
    versions_folder.mkdir(parents=True)
    (folder / "host/env.py").write_text(ENV, "utf-8")
    shutil.copy(migrations_dir() / "script.py.mako", folder / "host")
    for number, ours in enumerate(migrations, 1):
        before = repr(str(number - 1)) if number > 1 else None
        (versions_folder / f"{number}_.py").write_text(
            MIGRATION.format(number=number, before=before, ours=ours, end=end), "utf-8"
        )
    config = Config(output_buffer=io.StringIO())
    config.set_main_option("script_location", str(folder / "host"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(url=url, target_metadata=sa.MetaData(), **options)
    return config


def connected(url: str, use: Callable[[sa.Connection], Any]) -> Any:
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            return use(connection)
    finally:
        engine.dispose()


def names(url: str) -> set[str]:
    return set(connected(url, lambda connection: sa.inspect(connection).get_table_names()))


def shape(url: str) -> Any:
    """All that a schema is made of, and what the migrations write into it."""

    def read(connection: sa.Connection) -> Any:
        texts: set[tuple[Any, ...]] = set()
        if connection.dialect.name == "sqlite":
            parts: dict[Any, Any] = dict(_of_sqlite(connection))
            query = "SELECT type, name, sql FROM sqlite_master WHERE name LIKE '%zx%'"
            texts = {(*row[:2], " ".join(str(row[2]).split())) for row in connection.exec_driver_sql(query)}
        else:
            parts = dict(_of_postgresql(connection))
            query = (
                "SELECT table_name, column_name, regexp_replace(column_default, '''[^'']*''', '') FROM "
                "information_schema.columns WHERE table_schema = current_schema() AND starts_with(table_name, 'zx_')"
            )
            texts = {tuple(row) for row in connection.exec_driver_sql(query)}
        rows = [
            sorted(map(tuple, connection.exec_driver_sql(query)))
            for query in ("SELECT * FROM zx_schema", "SELECT * FROM zx_journal")
        ]
        return parts, texts, rows

    return connected(url, read)


def play(url: str, sql: str) -> bool:
    """Run a script as an administrator does; whether it went through."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            try:
                connection.executescript(sql)
            except sqlite3.Error:
                return False
        return True
    installed = programs()
    program = "psql" if installed is None else installed / "bin/psql"
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    words = [program, "-X", "-q", "-v", "ON_ERROR_STOP=1", address]
    return subprocess.run(words, input=sql, text=True, capture_output=True, check=False).returncode == 0


def at(place: Callable[[], str], revision: str | None) -> str:
    url = place()
    if revision is not None:
        assert storage.upgrade(url, to=revision) == revision
    return url


def is_whole(url: str) -> bool:
    with storage.open_journal(url) as journal:
        return list(journal.verify()) == [] and storage.current(url) == NEWEST


# --- what their comparison sees ---------------------------------------------------------------------------------------


def theirs() -> sa.MetaData:
    metadata = sa.MetaData()
    matters = sa.Table("matters", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    sa.Table("notes", metadata, sa.Column("matter", sa.ForeignKey(matters.c.id), index=True))
    return metadata


def proposal(config: Config, folder: Path) -> str:
    command.revision(config, "change", autogenerate=True, version_path=str(folder / "host/versions"))
    (file,) = (folder / "host/versions").glob("*change.py")
    text = file.read_text("utf-8")
    file.unlink()
    return text


def test_a_comparison_leaves_our_tables_alone_and_sees_theirs(place: Callable[[], str], tmp_path: Path) -> None:
    url = at(place, NEWEST)

    def make(connection: sa.Connection) -> None:
        theirs().create_all(connection)
        for table in ("gone", "spatial", "zx_of_a_later_version"):
            connection.exec_driver_sql(f"CREATE TABLE {table} (id integer)")
        connection.exec_driver_sql("CREATE INDEX ix_later ON zx_of_a_later_version (id)")

    def both(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
        return include_object(item, name, kind, reflected, compare_to) and name != "spatial"

    connected(url, make)
    metadata = theirs()
    metadata.tables["matters"].append_column(sa.Column("closed", sa.Date))
    all_of_ours = len(tables.metadata.tables) + 2  # with that of revisions, and that of a later version
    for option, dropped in (
        ({}, all_of_ours + 2),
        ({"include_object": include_object}, 2),
        ({"include_object": both}, 1),
    ):
        config = host(tmp_path, url, **option)
        command.stamp(config, "head")
        config.attributes["target_metadata"] = metadata
        text = proposal(config, tmp_path)
        upgrade = text.partition("def downgrade")[0]
        assert upgrade.count("drop_table") == dropped
        assert ("zx_" in text) is (option == {})
        assert "closed" in upgrade
        assert "drop_table('gone')" in upgrade
    metadata.tables["matters"]._columns.remove(metadata.tables["matters"].c.closed)
    for table in ("gone", "spatial"):
        connected(url, lambda connection, table=table: connection.exec_driver_sql(f"DROP TABLE {table}"))
    config = host(tmp_path, url, include_object=include_object)
    config.attributes["target_metadata"] = theirs()
    command.check(config)  # nothing to do


def test_every_table_of_ours_is_left_out_even_where_their_metadata_has_it() -> None:
    for name in (*tables.metadata.tables, tables.VERSION_TABLE):
        table = sa.Table(name, sa.MetaData(), sa.Column("x", sa.Integer))
        for reflected in (True, False):
            assert not include_object(table, name, "table", reflected, None)
            assert not include_object(table, name, "table", reflected, table)
            assert not include_object(table.c.x, "x", "column", reflected, None)
    mine = sa.Table("zx_mine", sa.MetaData(), sa.Column("x", sa.Integer))
    assert include_object(mine, "zx_mine", "table", False, None)  # which they declare themselves
    assert include_object(mine, "zx_mine", "table", True, mine)
    assert not include_object(mine, "zx_mine", "table", True, None)
    assert include_object(mine.c.x, "x", "column", True, mine.c.x)
    assert include_object(None, "north", "schema", True, None)


# --- their migrations bring our tables --------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["storage.upgrade_within(op)", "storage.upgrade(op.get_bind())"])
def test_a_migration_of_theirs_brings_our_tables_from_every_revision(
    place: Callable[[], str], tmp_path: Path, line: str
) -> None:
    for start in FEW if "within" in line else FEW[2:]:
        url = at(place, start)
        command.upgrade(host(tmp_path, url, line), "head")
        assert is_whole(url), start
        assert {"before1", "after1", "alembic_version"} <= names(url)


def test_what_their_migration_undoes_is_undone_with_it(place: Callable[[], str], tmp_path: Path) -> None:
    for start in (None, "0003"):
        url = at(place, start)
        before = names(url)
        with pytest.raises(ZeroDivisionError):
            command.upgrade(host(tmp_path, url, "storage.upgrade_within(op)", end="1 / 0"), "head")
        assert storage.current(url) == start
        assert {name for name in names(url) if name.startswith("zx_")} == before


ASYNC_ENV = """
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine


def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def run(url):
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(run(context.config.attributes["url"]))
"""


def test_an_asynchronous_program_migrates_too(place: Callable[[], str], tmp_path: Path) -> None:
    url = place()
    config = host(tmp_path, url, "storage.upgrade_within(op)")
    (tmp_path / "host/env.py").write_text(ASYNC_ENV, "utf-8")
    driver = "sqlite+aiosqlite" if url.startswith("sqlite") else "postgresql+psycopg_async"
    config.attributes["url"] = sa.make_url(url).set(drivername=driver)
    command.upgrade(config, "head")
    assert is_whole(url)
    assert "after1" in names(url)


def test_the_way_back_keeps_the_journal(place: Callable[[], str], tmp_path: Path) -> None:
    url = place()
    config = host(tmp_path, url, "storage.upgrade_within(op)")
    command.upgrade(config, "head")
    with storage.open_journal(url) as journal:
        write(journal, "a", make_event("a", 1), expected=0)
    command.downgrade(config, "base")
    assert "before1" not in names(url)
    for _ in range(2):
        with storage.open_journal(url) as journal:
            assert len(journal.events("a")) == 1
        command.upgrade(config, "head")


def test_migrations_that_name_their_revision_do_the_same_for_ever(place: Callable[[], str], tmp_path: Path) -> None:
    lines = (
        'storage.upgrade_within(op, to="0002")',
        f'storage.upgrade_within(op, to="{NEWEST}", start="0002")',
        'storage.upgrade_within(op, to="0001", start="0001")',
    )
    url = place()
    config = host(tmp_path, url, *lines)
    command.upgrade(config, "1")
    assert storage.current(url) == "0002"
    command.upgrade(config, "head")
    assert is_whole(url)
    by_script = place()
    scripted = host(tmp_path, by_script, *lines)
    command.upgrade(scripted, "head", sql=True)
    assert play(by_script, scripted.output_buffer.getvalue())  # type: ignore[union-attr]
    assert is_whole(by_script)
    assert shape(by_script) == shape(url)
    assert {"before1", "after3"} <= names(by_script)


def test_upgrades_at_one_moment_do_not_mind_each_other(place: Callable[[], str]) -> None:
    urls = [place() for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda url: storage.upgrade(url, busy_timeout=60), urls * 2))
    assert all(map(is_whole, urls))


@pytest.mark.parametrize("name", ["9", "head", "", "0006x", 5])
def test_a_revision_that_there_is_not_is_refused(tmp_path: Path, name: Any) -> None:
    for use in (
        lambda: storage.upgrade(tmp_path / "a.db", to=name),
        lambda: storage.upgrade_script(str(tmp_path / "a.db"), start=name),
    ):
        with pytest.raises(UsageError) as caught:
            use()
        assert caught.value.code == "ZX5080"
    assert list(tmp_path.iterdir()) == []


def test_every_migration_takes_its_operations_from_one_name() -> None:
    """The runner puts its own ``op`` there; what a migration imported by another name would be that of the process."""
    for file in sorted((migrations_dir() / "versions").glob("*.py")):
        imported = [
            node
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        of_alembic = [ast.unparse(node) for node in imported if "alembic" in ast.unparse(node)]
        assert of_alembic in (["from alembic import op"], []), file.name


# --- a script for an administrator ------------------------------------------------------------------------------------


def test_a_script_makes_the_schema_that_an_upgrade_makes(place: Callable[[], str]) -> None:
    whole = shape(at(place, NEWEST))
    for start in STARTS if place().startswith("sqlite") else FEW:
        url = at(place, start)
        before = storage.current(url) if start else None
        script = storage.upgrade_script(url)
        assert (script.start, script.revision) == (start, NEWEST)
        assert script == storage.upgrade_script(url, start=start or "empty")  # by word and by look
        assert (storage.current(url) if start else None) == before == start  # nothing was written
        assert play(url, script.sql), start
        assert is_whole(url)
        assert shape(url) == whole, start


def test_a_new_journal_is_made_as_the_migrations_make_it(place: Callable[[], str]) -> None:
    """In an empty file the statements run that the migrations write out; going step by step gives the same."""
    url = place()
    for revision in versions.revisions():
        storage.upgrade(url, to=revision)
    assert is_whole(url)
    assert shape(url) == shape(at(place, NEWEST))


def test_a_script_for_another_revision_changes_nothing(place: Callable[[], str]) -> None:
    for stands, start in (("0002", "0003"), ("0003", "0002"), (NEWEST, "empty"), (None, "0001")):
        url = at(place, stands)
        assert not play(url, storage.upgrade_script(url, start=start).sql), (stands, start)
        assert storage.current(url) == stands


def test_a_script_is_not_written_for_a_journal_that_is_unknown(place: Callable[[], str]) -> None:
    url = at(place, NEWEST)
    connected(url, lambda connection: connection.exec_driver_sql("UPDATE zx_schema SET version_num = '0000x'"))
    with pytest.raises(StorageError) as caught:
        storage.upgrade_script(url)
    assert caught.value.code == "ZX5002"


def test_the_command_prints_the_script_and_writes_nothing(place: Callable[[], str], tmp_path: Path) -> None:
    url = at(place, "0003")
    printed = run("--db", url, "--lang", "en", "db", "upgrade", "--sql")
    assert printed.out == storage.upgrade_script(url).sql
    assert storage.current(url) == "0003"
    now = run("--db", url, "--format", "json", "db", "current").data
    assert (now["schema"], now["newest"]) == ("0003", NEWEST)
    assert {"zx_checkpoints.note", "zx_deadlines.round"} <= set(now["missing"])
    assert "db upgrade" in run("--db", url, "--lang", "en", "db", "current").out
    answer = run("--db", url, "--format", "json", "db", "upgrade", "--sql", "--from", "empty").data
    assert (answer["schema"], answer["script"]["start"]) == (NEWEST, None)
    assert play(place(), answer["script"]["sql"])
    assert run("--db", url, "--format", "json", "db", "upgrade", "--from", "empty").error["code"] == "ZX6004"
    absent = tmp_path / "absent.db"
    assert "CREATE TABLE zx_events" in run("--db", absent, "db", "upgrade", "--sql").out
    assert not absent.exists()
