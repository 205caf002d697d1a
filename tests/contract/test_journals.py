"""The journal contract, run over every backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zhengxie_flow import storage
from zhengxie_flow.testing.memory import MemoryJournal
from zhengxie_flow.testing.storage_contract import JournalContract

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from zhengxie_flow.ports import Journal


class TestMemory(JournalContract):
    @pytest.fixture
    def journal(self) -> Journal:
        return MemoryJournal()


class TestMemorySm3(JournalContract):
    hash_name = "sm3"

    @pytest.fixture
    def journal(self) -> Journal:
        return MemoryJournal(hash_name="sm3")


class TestSqlite(JournalContract):
    @pytest.fixture
    def journal(self, tmp_path: Path) -> Iterator[Journal]:
        with storage.create(tmp_path / "journal.db") as journal:
            yield journal


class TestPostgresql(JournalContract):
    @pytest.fixture
    def journal(self, postgresql: str) -> Iterator[Journal]:
        with storage.create(postgresql) as journal:
            yield journal
