"""How much a step asks of the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from zhengxie_flow import storage
from zhengxie_flow.testing.builders import make_deadline, make_event, make_head, make_projection, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from zhengxie_flow.storage import SqlJournal


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    with storage.create(tmp_path / "journal.db") as journal:
        yield journal


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of any engine meanwhile, each by its first words."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(" ".join(statement.split()[:3]).removesuffix("(case_id,"))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_opening_a_case(journal: SqlJournal) -> None:
    with counted() as seen:
        write(journal, "a", *(make_event("a", number) for number in range(1, 51)), expected=0)
    assert [statement.split()[0] for statement in seen] == ["BEGIN", "SELECT", "INSERT", "INSERT"]


def test_one_step_with_its_deadlines(journal: SqlJournal) -> None:
    write(journal, "a", make_event("a", 1), expected=0)
    with counted() as seen, journal.transaction() as transaction:
        head = transaction.head("a")
        assert head is not None
        transaction.append(make_head("a"), [make_event("a", 2), make_event("a", 3)], expected_version=head.version)
        rows = [make_deadline("a", f"o{number}", None) for number in range(20)]
        transaction.project(make_projection("a", rows))
    assert seen == [
        "BEGIN IMMEDIATE",
        "SELECT zx_heads.case_id, zx_heads.process,",
        "UPDATE zx_heads SET",
        "INSERT INTO zx_events",
        "UPDATE zx_heads SET",
        "DELETE FROM zx_deadlines",
        "INSERT INTO zx_deadlines",
    ]


def test_many_steps_in_one_write_look_at_the_head_once(journal: SqlJournal) -> None:
    with counted() as seen, journal.transaction() as transaction:
        for version in range(10):
            transaction.append(make_head("a"), [make_event("a", version + 1)], expected_version=version)
    assert sum(statement.startswith("SELECT") for statement in seen) == 1
    assert len(seen) == 2 + 10 * 2


def test_verify_reads_as_often_for_many_cases_as_for_few(journal: SqlJournal) -> None:
    counts = []
    for number in range(6):
        write(journal, f"c{number}", make_event(f"c{number}", 1), expected=0)
        if number in (1, 5):
            with counted() as seen:
                assert list(journal.verify()) == []
            counts.append(len(seen))
    assert counts[0] == counts[1]
