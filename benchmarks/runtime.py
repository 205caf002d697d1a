"""Cost of a runtime in a host: an engine on its connection against a bare savepoint, and what compiling once saves."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # the measuring lies beside this file, the package may not

from collections.abc import Callable, Iterator
from itertools import count
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from benchmarks._measure import Goal, main, ratio, times
from sqlalchemy.orm import Session

from zhengxie_flow import Engine, Runtime, storage

PROCESS, ROLE = "jilin/consultation", "general_office"
NUMBERS = count()


def opening(connection: sa.Connection, engine: Callable[[sa.Connection], Engine]) -> Callable[[], None]:
    """A case opened inside the host's transaction, and undone with a savepoint of it."""

    def run() -> None:
        with connection.begin_nested() as savepoint:
            engine(connection).open(PROCESS, f"case-{next(NUMBERS)}", by=ROLE)
            savepoint.rollback()

    return run


def savepoint_of(connection: sa.Connection) -> Callable[[], None]:
    """An empty savepoint: the least that a host does for a step that may be undone."""

    def run() -> None:
        connection.begin_nested().rollback()

    return run


def goals() -> Iterator[Goal]:
    """All goals of a runtime."""
    runtime = Runtime()
    runtime.compile(PROCESS)
    with TemporaryDirectory() as folder:
        database = sa.create_engine(sa.URL.create("sqlite", database=f"{folder}/cases.db"))
        storage.upgrade(database)
        with database.connect() as connection, Session(connection) as session:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            runtime.on(connection).open(PROCESS, "first", by=ROLE)  # which keeps the definition
            floor = times(savepoint_of(connection), 10)
            for name, place in (("connection", connection), ("session", session), ("engine", database)):
                on = times(lambda place=place: runtime.on(place), 10)  # type: ignore[misc]
                yield Goal(
                    f"an engine on a host's {name} over an empty savepoint",
                    ratio(on, floor, rounds=101),
                    1.0,
                    "at most",
                )
            warm, cold = opening(connection, runtime.on), opening(connection, Engine)
            what = "opening a case: compiling each time over a runtime that compiled once"
            yield Goal(what, ratio(cold, warm, rounds=7), 10.0, "at least")
            what = "opening a case with a runtime over an empty savepoint"
            yield Goal(what, ratio(warm, savepoint_of(connection), rounds=51), 300.0, "at most")
        database.dispose()


if __name__ == "__main__":
    main("runtime", goals)
