"""Tables are made when they are asked for: on SQLite by opening, on PostgreSQL by that word alone; none are upgraded so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session
from tests.cli.program import run
from tests.support import MINI

from zhengxie_flow import Engine, Runtime, StorageError, storage
from zhengxie_flow.i18n import texts
from zhengxie_flow.storage.versions import newest

RUNTIME = Runtime(MINI)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/cases.db"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def host(url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url)
    yield engine
    engine.dispose()


def on_connection(use: Callable[..., Engine]) -> Callable[..., None]:
    def door(host: sa.Engine, **options: Any) -> None:
        with host.begin() as connection:
            use(connection, **options)

    return door


def on_session(host: sa.Engine, **options: Any) -> None:
    with Session(host) as session, session.begin():
        RUNTIME.on(session, **options)


def by_url(use: Callable[..., Engine]) -> Callable[..., None]:
    def door(host: sa.Engine, **options: Any) -> None:
        with closing(use(host.url.render_as_string(hide_password=False), **options)):
            pass

    return door


def asynchronous(host: sa.Engine, **options: Any) -> None:
    driver = "sqlite+aiosqlite" if host.dialect.name == "sqlite" else "postgresql+psycopg_async"

    async def program() -> None:
        database = create_async_engine(host.url.set(drivername=driver))
        try:
            async with database.begin() as connection:
                await RUNTIME.on_async(connection, **options).heads()
        finally:
            await database.dispose()

    asyncio.run(program())


DOORS: dict[str, Callable[..., None]] = {
    "Engine(url)": by_url(lambda db, **options: Engine(db, project=MINI, **options)),
    "on(url)": by_url(RUNTIME.on),
    "on(engine)": lambda host, **options: RUNTIME.on(host, **options).heads() and None,
    "on(connection)": on_connection(RUNTIME.on),
    "Engine(connection)": on_connection(lambda db, **options: Engine(db, project=MINI, **options)),
    "on(session)": on_session,
    "on_async": asynchronous,
}


def parts(host: sa.Engine) -> set[str]:
    with host.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def refused(door: str, host: sa.Engine, **options: Any) -> str:
    before = parts(host)
    with pytest.raises(StorageError) as caught:
        DOORS[door](host, **options)
    assert parts(host) == before, door
    assert "db upgrade" in texts()[caught.value.code].fix_en
    return f"{caught.value.code} {caught.value.params.get('found')}"


@pytest.mark.parametrize("door", DOORS)
def test_no_door_makes_tables_on_postgresql_unasked(door: str, url: str, host: sa.Engine) -> None:
    parts(host)  # the file is there, as an empty one
    assert refused(door, host, create=False) == "ZX5002 -"
    if host.dialect.name == "postgresql":
        assert refused(door, host) == "ZX5002 -"
        DOORS[door](host, create=True)
    else:
        DOORS[door](host)
    assert storage.current(url) == newest()
    DOORS[door](host)


def test_no_door_upgrades_a_journal_that_is_there(url: str, host: sa.Engine) -> None:
    storage.upgrade(url, to="0003")
    for door in DOORS:
        for create in (None, True, False):
            assert refused(door, host, create=create) == "ZX5002 0003"
    for words in (("list",), ("open", "mini/talk", "--case", "m", "--by", "office"), ("db", "rebuild"), ("verify",)):
        answer = run("--project", MINI, "--db", url, "--format", "json", *words)
        assert (answer.code, answer.error["code"]) == (6, "ZX5002")
    assert storage.current(url) == "0003"


def test_the_command_line_makes_tables_by_one_command_alone(url: str, host: sa.Engine) -> None:
    parts(host)
    for words in (("list",), ("open", "mini/talk", "--case", "m", "--by", "office"), ("db", "rebuild"), ("verify",)):
        answer = run("--project", MINI, "--db", url, "--format", "json", *words)
        assert (answer.code, answer.error["code"]) == (6, "ZX5002")
        assert "db upgrade" in answer.error["fix"]
    assert parts(host) == set()
    assert run("--db", url, "db", "upgrade").code == 0
    assert run("--project", MINI, "--db", url, "list").code == 0
