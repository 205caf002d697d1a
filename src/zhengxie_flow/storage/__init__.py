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
    from zhengxie_flow.storage.health import SchemaHealth, schema_health
    from zhengxie_flow.storage.host import CheckedSchemas
    from zhengxie_flow.storage.host_migrations import MigrationOperations, include_object, upgrade_within
    from zhengxie_flow.storage.journal import SqlJournal
    from zhengxie_flow.storage.opening import create, current, file_of, open_journal, open_or_create, upgrade
    from zhengxie_flow.storage.transaction import SqlTransaction
    from zhengxie_flow.storage.upgrade_scripts import UpgradeScript, upgrade_script

__all__ = [
    "Access",
    "AsyncDatabase",
    "Backup",
    "CheckedSchemas",
    "Database",
    "MigrationOperations",
    "PoolOptions",
    "SchemaHealth",
    "SqlJournal",
    "SqlTransaction",
    "UpgradeScript",
    "back_up",
    "create",
    "current",
    "file_of",
    "include_object",
    "open_journal",
    "open_or_create",
    "schema_health",
    "upgrade",
    "upgrade_script",
    "upgrade_within",
]

_HOMES = {
    "Access": "databases",
    "AsyncDatabase": "databases",
    "Backup": "backup",
    "CheckedSchemas": "host",
    "Database": "databases",
    "MigrationOperations": "host_migrations",
    "PoolOptions": "databases",
    "SchemaHealth": "health",
    "SqlJournal": "journal",
    "SqlTransaction": "transaction",
    "back_up": "backup",
    "UpgradeScript": "upgrade_scripts",
    "create": "opening",
    "current": "opening",
    "file_of": "opening",
    "include_object": "host_migrations",
    "open_journal": "opening",
    "open_or_create": "opening",
    "schema_health": "health",
    "upgrade": "opening",
    "upgrade_script": "upgrade_scripts",
    "upgrade_within": "host_migrations",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
