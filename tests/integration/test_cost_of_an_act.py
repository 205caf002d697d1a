"""An act costs what it changes: as many calls on a long case as on a short one, among many items as among few.

Counts decide, not times: they are the same on every machine.
"""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext
from itertools import islice
from pathlib import Path

import pytest
from tests.large_case import CASE, acts_on, calls, large_case

from zhengxie_flow import Engine
from zhengxie_flow.errors import SubscriberFailed
from zhengxie_flow.services import folded_cases, kept_rows
from zhengxie_flow.services.projecting import projection_of

SHORT, LONG = 20, 2_000
FEW, MANY = 5, 500
ROUND = 4


@pytest.fixture(autouse=True)
def not_held_against_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What every test looks at by sample (`tests/conftest.py`) is no cost of an act."""
    for kind, name in ((folded_cases.FoldedCases, "read"), (kept_rows.KeptRows, "work_out")):
        monkeypatch.setattr(kind, name, getattr(kind, name).__wrapped__)


def cost(engine: Engine) -> list[int]:
    """The calls of each kind of act, once the case is known."""
    acts = acts_on(engine)
    for act in islice(acts, 2 * ROUND):
        act()
    return [calls(act) for act in islice(acts, ROUND)]


def test_an_act_costs_as_much_on_a_long_case_as_on_a_short_one() -> None:
    with large_case("sqlite://", FEW, SHORT) as short, large_case("sqlite://", FEW, LONG) as long:
        assert all(after <= before * 1.02 for before, after in zip(cost(short), cost(long), strict=True))


def test_an_act_costs_as_much_among_many_items_as_among_few() -> None:
    with large_case("sqlite://", FEW, SHORT) as few, large_case("sqlite://", MANY, SHORT) as many:
        assert all(after <= before * 1.2 for before, after in zip(cost(few), cost(many), strict=True))


def spoil(db: Path) -> None:
    """Forge a row, so that all rows of the case are written anew where it is found."""
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE zx_deadlines SET open = 1 - open")


def stored(engine: Engine) -> tuple[object, ...]:
    """The rows that the journal keeps, and those that judging all of the case gives."""
    with engine.context.journal.transaction() as transaction:
        rows = transaction.deadlines(CASE)
    compiled, case = engine.context.read(CASE)
    derived = engine.context.derived(compiled, case)
    return rows, projection_of(derived, "").rows


def test_rows_that_differ_are_written_among_those_that_stay(tmp_path: Path) -> None:
    db = tmp_path / "many.db"
    with large_case(db, 120, SHORT) as engine:
        acts = acts_on(engine)
        for number, act in enumerate(islice(acts, ROUND)):
            act()
            kept, judged = stored(engine)
            assert kept == judged
            engine.advance(
                CASE, "dispose_opinion", by="municipal_government", item=f"o{5 * number}",
                fields={"disposition": "adopted", "reason": "r"},
            )  # fmt: skip
            engine.advance(
                CASE, "register_opinion", by="undertaking_department", item=f"n{number}",
                fields={"counterpart": "b", "content": "c"},
            )  # fmt: skip
            kept, judged = stored(engine)
            assert kept == judged
        assert engine.verify() == ()
        with Engine(db, clock=engine.context.clock) as other:  # another program writes in between, or writes all anew
            for _ in range(3):
                other.advance(CASE, "dispose_opinion", by="municipal_government", item="o7",
                              fields={"disposition": "adopted", "reason": "r"})  # fmt: skip
            next(acts)()
            spoil(db)
            assert other.rebuild()
            next(acts)()
        kept, judged = stored(engine)
        assert kept == judged
        assert engine.verify() == ()


def test_rows_that_differ_are_written_on_a_server(postgresql: str) -> None:
    with large_case(postgresql, 110, SHORT) as engine:
        for act in islice(acts_on(engine), 2 * ROUND):
            act()
        kept, judged = stored(engine)
        assert kept == judged
        assert engine.verify() == ()


def test_a_write_that_was_undone_leaves_nothing_to_go_on_from(tmp_path: Path) -> None:
    failing = [False]

    def fail(_context: object, _written: object) -> None:
        if failing[0]:
            raise RuntimeError

    with large_case(tmp_path / "many.db", 120, SHORT) as engine:
        engine.subscribe(fail)
        for failing[0], act in zip(
            [False, False, False, True, True, False, True, False] * 2, acts_on(engine), strict=False
        ):
            with pytest.raises(SubscriberFailed) if failing[0] else nullcontext():
                act()
            kept, judged = stored(engine)
            assert kept == judged
