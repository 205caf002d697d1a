"""Heads and deadline rows are copies: `verify` tells where they differ from the events, `db rebuild` writes them anew."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.cli.program import Desk
from tests.cli.test_output_schema import check
from tests.tampering import opened

SPOILS = {
    "state": "UPDATE zx_heads SET state = 'closed'",
    "process": "UPDATE zx_heads SET process = 'mini/other'",
    "opened": "UPDATE zx_heads SET opened = '2020-01-01'",
    "day": "UPDATE zx_deadlines SET day = '2030-01-01' WHERE day IS NOT NULL",
    "first_day": "UPDATE zx_deadlines SET first_day = '2030-01-01' WHERE position = 0",
    "lost": "DELETE FROM zx_deadlines",
    "settled": "UPDATE zx_deadlines SET open = 1 - open",
}


def spoil(db: Path, statement: str) -> None:
    with sqlite3.connect(db) as connection:
        assert connection.execute(statement).rowcount > 0


def dump(db: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(db) as connection:
        rows = connection.execute("SELECT * FROM zx_deadlines ORDER BY case_id, position").fetchall()
        return [*connection.execute("SELECT * FROM zx_heads ORDER BY case_id"), *rows]


@pytest.mark.parametrize("statement", SPOILS.values(), ids=list(SPOILS))
def test_a_copy_that_differs_is_told_and_rebuilt_the_same(told: Desk, statement: str) -> None:
    before = dump(told.db)
    assert told("verify").code == 0
    spoil(told.db, statement)
    spoiled = dump(told.db)
    assert spoiled != before
    verified = told.json("verify")
    check(verified, "verify")
    assert (verified.code, verified.data["intact"]) == (1, False)
    assert [(found["case"], found["kind"]) for found in verified.data["findings"]] == [("c1", "projection")]
    assert dump(told.db) == spoiled
    rebuilt = told.json("db", "rebuild")
    check(rebuilt, "db.rebuild")
    assert (rebuilt.code, rebuilt.data["rebuilt"]) == (0, verified.data["findings"])
    assert dump(told.db) == before
    assert told("verify").code == 0
    assert told.json("db", "rebuild").data["rebuilt"] == []


def test_a_later_day_is_no_difference(told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-09-30T10:00:00+08:00")
    before = told.json("due").data
    assert told("verify").code == 0
    spoil(told.db, SPOILS["lost"])
    assert len(told.json("db", "rebuild").data["rebuilt"]) == 1
    assert told.json("due").data == before
    assert told("verify").code == 0


def test_a_case_with_a_broken_chain_is_not_rebuilt(told: Desk) -> None:
    with sqlite3.connect(told.db) as connection:
        (guard,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'zx_events_no_update'").fetchone()
        connection.execute("DROP TRIGGER zx_events_no_update")
        connection.execute("UPDATE zx_events SET by_role = 'mayor' WHERE sequence = 3")
        connection.execute(guard)
    spoil(told.db, "UPDATE zx_heads SET state = 'closed'")
    before = dump(told.db)
    assert [found["kind"] for found in told.json("verify").data["findings"]] == ["changed"]
    assert told.json("db", "rebuild").data["rebuilt"] == []
    assert dump(told.db) == before


def test_a_checkpoint_written_down_holds_the_journal_to_it(told: Desk) -> None:
    made = told.json("db", "checkpoint")
    check(made, "db.checkpoint")
    root = made.data["root"]
    assert told.json("db", "checkpoint").data == made.data  # nothing was written since
    assert told("verify", "--root", root).code == 0
    unknown = told.json("verify", "--root", "sha256:00")
    check(unknown, "verify")
    assert (unknown.code, [found["kind"] for found in unknown.data["findings"]]) == (1, ["checkpoint"])
    with opened(told.db) as connection:
        for table in ("zx_events", "zx_heads", "zx_deadlines"):
            connection.execute(f"DELETE FROM {table} WHERE case_id = 'c1'")  # noqa: S608
    lost = told.json("verify", "--root", root)
    check(lost, "verify")
    assert [(found["case"], found["kind"]) for found in lost.data["findings"]] == [("c1", "lost")]
