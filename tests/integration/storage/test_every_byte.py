"""Changes of single values, in every column of every table: each is found by `verify`, or listed with the reason."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.byte_changes import LISTED, SURROGATES, Sweep, changes, project, small_journal, some, sweep
from tests.support import SOAK

from zhengxie_flow import Engine
from zhengxie_flow.storage import tables

EMPTY = {"zx_outbox", "zx_feed"}  # of the feed a test of its own tells
BESIDE = {"zx_users", "zx_holdings", "zx_refusals", "zx_jobs", "zx_workers"}
"""Empty too: persons, refusals and the work of workers are no part of the record of a case, which is all that is verified.
"""


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[tuple[Engine, sa.Connection]]:
    clock = small_journal(tmp_path / "cases.db", tmp_path / "city")
    made = sa.create_engine(f"sqlite:///{tmp_path / 'cases.db'}")
    with made.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.isolation_level = None  # type: ignore[attr-defined]
        connection.exec_driver_sql("BEGIN")
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = on")
        with Engine(connection, project=project(tmp_path / "city"), clock=clock, read_only=True) as engine:
            yield engine, connection
        connection.rollback()
    made.dispose()


def judge(done: Sweep) -> None:
    """Everything was found that is not listed; what no change of is found at all is a surrogate."""
    if SOAK:
        sys.stderr.write(f"{done.figures()}\n")
    assert {place: entries[:3] for place, entries in done.missed.items() if place not in LISTED} == {}
    present = {
        (table.name, column.name)
        for table in tables.metadata.tables.values()
        if table.name not in EMPTY | BESIDE
        for column in table.c
    }
    assert present <= done.tried.keys()
    never = {place for place in done.tried if not done.found[place] and done.refused[place] < done.tried[place]}
    assert never <= SURROGATES


def test_every_change_of_a_value_is_found(on_sqlite: tuple[Engine, sa.Connection]) -> None:
    engine, connection = on_sqlite
    entries = list(changes(connection, thorough=SOAK))
    judge(sweep(engine, connection, entries if SOAK else some(entries, 4)))


def test_changes_inside_postgresql_are_found(postgresql: str, tmp_path: Path) -> None:
    """By its superuser, with all triggers and foreign keys switched off for the session."""
    clock = small_journal(postgresql, tmp_path / "city")
    made = sa.create_engine(postgresql)
    with made.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        with Engine(connection, project=project(tmp_path / "city"), clock=clock, read_only=True) as engine:
            entries = list(changes(connection, thorough=False))
            judge(sweep(engine, connection, entries if SOAK else some(entries, 1)))
        connection.rollback()
    made.dispose()
