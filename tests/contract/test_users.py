"""The directory and the refusals beside the journal, over both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from zhengxie_flow import storage
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.model.directory import ADDED, DISABLED, Holding, UserChange, directory_of
from zhengxie_flow.ports import AccessRefusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from zhengxie_flow.storage import SqlJournal

AT = "2026-03-02T09:00:00+08:00"


class UserContract:
    """What a directory has to do, wherever it lies."""

    def test_rows_come_back_in_order(self, journal: SqlJournal) -> None:
        users = journal.users()
        changes = [
            UserChange(person="zhang", change=ADDED, label="张三", at=AT, by="root"),
            UserChange(person="zhang", change=DISABLED, at=AT),
        ]
        held = Holding(
            kind="office", name="finance", holder_kind="person", holder="zhang",
            from_day=date(2026, 1, 1), to_day=date(2026, 6, 30), at=AT, by="root",
        )  # fmt: skip
        for change in changes:
            users.change(change)
        users.hold(held)
        assert list(users.changes()) == changes
        assert list(users.holdings()) == [held]
        assert directory_of(users.changes(), users.holdings()).users["zhang"].disabled

    def test_refusals_come_back_page_by_page(self, journal: SqlJournal) -> None:
        users = journal.users()
        for number in range(5):
            users.refuse(AccessRefusal(at=AT, actor="li", role="owner", action=f"plan:{number}", case=None, reason="r"))
        first = list(users.refusals(limit=2))
        rest = list(users.refusals(first[-1].number))
        assert [refusal.action for refusal in (*first, *rest)] == [f"plan:{number}" for number in range(5)]
        assert rest[0].number > first[-1].number

    @pytest.mark.parametrize("statement", ["UPDATE zx_users SET label = 'x'", "DELETE FROM zx_users"])
    def test_what_was_entered_is_never_changed(self, journal: SqlJournal, statement: str) -> None:
        journal.users().change(UserChange(person="zhang", change=ADDED, at=AT))
        source = journal._source  # no way of ours changes a row
        with pytest.raises((DBAPIError, ZhengxieError)), source.writing() as connection:
            connection.execute(text(statement))
        assert [change.label for change in journal.users().changes()] == [None]


class TestSqlite(UserContract):
    @pytest.fixture
    def journal(self, tmp_path: Path) -> Iterator[SqlJournal]:
        with storage.create(tmp_path / "journal.db") as journal:
            yield journal


class TestPostgresql(UserContract):
    @pytest.fixture
    def journal(self, postgresql: str) -> Iterator[SqlJournal]:
        with storage.create(postgresql) as journal:
            yield journal
