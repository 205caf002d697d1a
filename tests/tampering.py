"""Changing a journal behind its back, and putting the guards up again, as who hides what he did would."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

GUARDED = ("zx_events", "zx_definitions", "zx_personal", "zx_checkpoints")


@contextmanager
def unguarded(connection: sa.Connection) -> Iterator[sa.Connection]:
    """The tables without their triggers; afterwards they are there again."""
    if connection.dialect.name == "sqlite":
        triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
    else:
        for table in GUARDED:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield connection
        for table in GUARDED:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tamper(url: Any, change: str | Callable[[sa.Connection], Any]) -> None:
    """Carry out a statement, or a function, on a journal whose guards are down."""
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection, unguarded(connection):
            if isinstance(change, str):
                connection.exec_driver_sql(change)
            else:
                change(connection)
    finally:
        engine.dispose()


@contextmanager
def opened(path: Any) -> Iterator[sqlite3.Connection]:
    """An SQLite file without its triggers, by its driver alone; afterwards they are there again, and all is kept."""
    database = sqlite3.connect(path)
    try:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        yield database
        for _, sql in triggers:
            database.execute(sql)
        database.commit()
    finally:
        database.close()
