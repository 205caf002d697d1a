"""Cost of lists at 100,000 cases: a page over the same keyset query alone, run through SQLAlchemy as a host would."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # the measuring lies beside this file, the package may not

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from benchmarks._measure import Goal, main, ratio

from zhengxie_flow import Engine, Runtime
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.ports import DuePlace
from zhengxie_flow.services.projecting import projection_of
from zhengxie_flow.services.queries.derived_cases import read_derived
from zhengxie_flow.services.queries.place_keys import key_of
from zhengxie_flow.storage import rows
from zhengxie_flow.storage.tables import deadlines, heads

CASES = 100_000
PAGE = 50
NOW = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
PROCESS = "jilin/consultation"
MIDDLE = f"C-{CASES // 2:06}"
DAY = date(2026, 3, 4)
PLACE = (date(2026, 6, 1), "C-000100", 0)
KEY = key_of(DuePlace(False, *PLACE))


def fill(engine: Engine, place: Path) -> None:
    """Open one case, and copy what lists keep of it under many ids, on days that differ."""
    engine.open(
        PROCESS, "C", by="general_office", facts={"phase": "pre_decision"},
        items={"counterpart": {"party_a": {"kind": "democratic_party"}}},
    )  # fmt: skip
    engine.plan("C", "hold", to=DAY, by="undertaking_department")
    head = engine.journal.head("C")
    derived = read_derived(engine.context, "C")
    kept = next(projection for projection in engine.journal.projections() if projection.case == "C")
    assert head is not None
    assert projection_of(derived, kept.basis or "") == kept
    head_rows, due_rows = [], []
    for number in range(CASES):
        name, days = f"C-{number:06}", timedelta(days=number % 400)
        of_case = {**rows.head_row(replace(head, case=name)), **rows.projection_columns(kept)}
        head_rows.append(of_case | {"state": "held" if number % 10 else "proposed"})
        for position, row in enumerate(row for row in kept.rows if row.day is not None):
            moved = replace(row, case=name, day=(row.day or DAY) + days)
            due_rows.append(rows.deadline_row(moved, position))
    with closing(sqlite3.connect(place)) as database, database:
        for table, values in ((heads.name, head_rows), (deadlines.name, due_rows)):
            names = list(values[0])
            marks = ", ".join("?" * len(names))
            insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  # names of our own
            database.executemany(insert, ([_plain(row[name]) for name in names] for row in values))
        database.execute("DELETE FROM zx_deadlines WHERE case_id = 'C'")
        database.execute("UPDATE zx_heads SET next_change = '2027-01-01'")
    engine.tick(cases=["C"])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def alone(database: sa.Engine, query: sa.Select[Any]) -> Callable[[], object]:
    """A query by itself, on a connection of the pool."""

    def run() -> object:
        with database.connect() as connection:
            return connection.execute(query).all()

    return run


def of_heads(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The keyset query of a page of cases."""
    return sa.select(heads).where(*conditions, heads.c.case_id > MIDDLE).order_by(heads.c.case_id).limit(PAGE + 1)


def of_deadlines(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The keyset query of a page of deadlines."""
    order = (deadlines.c.day, deadlines.c.case_id, deadlines.c.position)
    query = sa.select(deadlines).join(heads, heads.c.case_id == deadlines.c.case_id)
    query = query.where(deadlines.c.open == sa.true(), *conditions)
    return query.where(sa.tuple_(*order) > sa.tuple_(*map(sa.literal, PLACE))).order_by(*order).limit(PAGE + 1)


def goals() -> Iterator[Goal]:
    """All goals of lists."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "cases.db"
        database = sa.create_engine(f"sqlite:///{place}")
        with Runtime(clock=FixedClock(NOW)).on(f"sqlite:///{place}") as engine:  # as a host does, who compiles once
            fill(engine, place)
            yield from _pages(engine, database)
        database.dispose()


def _pages(engine: Engine, database: sa.Engine) -> Iterator[Goal]:
    pages: dict[str, tuple[Callable[[], object], sa.Select[Any]]] = {
        "cases": (lambda: engine.cases(after=MIDDLE, limit=PAGE), of_heads()),
        "cases of a process in a state": (
            lambda: engine.cases(process=PROCESS, state="proposed", after=MIDDLE, limit=PAGE),
            of_heads(heads.c.process == PROCESS, heads.c.state == "proposed"),
        ),
        "cases with a text": (
            lambda: engine.cases(text="77", after=MIDDLE, limit=PAGE),
            of_heads(heads.c.case_id.contains("77")),
        ),
        "deadlines": (lambda: engine.due_page(after=KEY, limit=PAGE), of_deadlines()),
        "deadlines of a state": (
            lambda: engine.due_page(state="proposed", after=KEY, limit=PAGE),
            of_deadlines(heads.c.state == "proposed"),
        ),
    }
    for what, (page, query) in pages.items():
        measured = ratio(page, alone(database, query), rounds=101)
        yield Goal(f"a page of {what} out of {CASES:,} over its query alone", measured, 10.0, "at most")


if __name__ == "__main__":
    main("lists", goals)
