"""The journal on disk: tables, chain, verification; SQLite by default, PostgreSQL by URL.

Names are loaded on first use, so that pure parts (`storage.chain`, `storage.diagnosis`) can be used by the
in-memory journal, and so by the scenario runner, without importing SQLAlchemy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhengxie_flow.storage.backup import Backup, back_up
    from zhengxie_flow.storage.databases import Access, AsyncDatabase, Database, PoolOptions
    from zhengxie_flow.storage.host import CheckedSchemas
    from zhengxie_flow.storage.journal import SqlJournal
    from zhengxie_flow.storage.opening import create, current, file_of, open_journal, open_or_create, upgrade
    from zhengxie_flow.storage.transaction import SqlTransaction

__all__ = [
    "Access",
    "AsyncDatabase",
    "Backup",
    "CheckedSchemas",
    "Database",
    "PoolOptions",
    "SqlJournal",
    "SqlTransaction",
    "back_up",
    "create",
    "current",
    "file_of",
    "open_journal",
    "open_or_create",
    "upgrade",
]

_HOMES = {
    "Access": "databases",
    "AsyncDatabase": "databases",
    "Backup": "backup",
    "CheckedSchemas": "host",
    "Database": "databases",
    "PoolOptions": "databases",
    "SqlJournal": "journal",
    "SqlTransaction": "transaction",
    "back_up": "backup",
    "create": "opening",
    "current": "opening",
    "file_of": "opening",
    "open_journal": "opening",
    "open_or_create": "opening",
    "upgrade": "opening",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
