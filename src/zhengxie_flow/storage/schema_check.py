"""Completeness check of a schema: a database at a revision has every column and trigger of that revision.

A migration runs in one transaction and is never left half done by this program.  A dump that was read in without its
triggers, a copy of some tables, or a change by hand does leave such a schema behind, and it would be noticed only by
an event that cannot be written, or one that can be changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from zhengxie_flow.storage import guards, tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

COLUMN: Final = "column"
TRIGGER: Final = "trigger"


class SchemaPart(NamedTuple):
    """A column or a trigger of a table."""

    kind: str
    table: str
    name: str


COLUMNS: Final = frozenset(
    SchemaPart(COLUMN, table.name, column.name) for table in tables.metadata.tables.values() for column in table.c
)
"""Every column of the newest revision."""

GUARDS: Final = {
    dialect: frozenset(SchemaPart(TRIGGER, table, name) for table, name in texts)
    for dialect, texts in guards.TEXTS.items()
}
"""The triggers, by dialect, that keep what is written from being changed or removed."""

_INVENTORY: Final = {
    "sqlite": """
        SELECT 'column', t.name, c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c
        WHERE t.type = 'table' AND t.name GLOB 'zx_*'
        UNION ALL SELECT type, tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND tbl_name GLOB 'zx_*'
    """,
    "postgresql": """
        SELECT 'column', t.relname, a.attname FROM pg_class AS t JOIN pg_attribute AS a ON a.attrelid = t.oid
        WHERE starts_with(t.relname, 'zx_') AND t.relkind IN ('r', 'p') AND pg_table_is_visible(t.oid)
          AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT 'trigger', t.relname, g.tgname FROM pg_class AS t JOIN pg_trigger AS g ON g.tgrelid = t.oid
        WHERE starts_with(t.relname, 'zx_') AND pg_table_is_visible(t.oid)
          AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A')
    """,
}

_SCHEMAS: Final = """
    SELECT DISTINCT n.nspname FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
    WHERE starts_with(t.relname, 'zx_') AND t.relkind IN ('r', 'p') AND pg_table_is_visible(t.oid) ORDER BY 1
"""


def inventory(connection: Connection) -> frozenset[SchemaPart]:
    """Read every column and enabled trigger of the journal's tables with one query.

    Args:
        connection: An open connection.

    Returns:
        The parts.
    """
    return frozenset(SchemaPart(*row) for row in connection.exec_driver_sql(_INVENTORY[connection.dialect.name]))


def schemas(connection: Connection) -> tuple[str, ...]:
    """List the schemas of PostgreSQL whose tables of a journal are seen together.

    Args:
        connection: An open connection.

    Returns:
        Their names, sorted; none on SQLite.
    """
    if connection.dialect.name != "postgresql":
        return ()
    return tuple(name for (name,) in connection.exec_driver_sql(_SCHEMAS))


def missing(present: Iterable[SchemaPart], dialect: str, *, guards: bool) -> tuple[str, ...]:
    """List the parts of the newest revision that a database lacks.

    Args:
        present: The parts it has.
        dialect: ``sqlite`` or ``postgresql``.
        guards: True to ask for the triggers too.

    Returns:
        Names of tables, columns and triggers, sorted.

    Example:
        >>> missing(COLUMNS, "sqlite", guards=False)
        ()
        >>> missing([], "sqlite", guards=False)[:2]
        ('zx_assignments', 'zx_checkpoints')
    """
    existing = frozenset(present)
    expected = COLUMNS | GUARDS[dialect] if guards else COLUMNS
    tables_present = {part.table for part in existing if part.kind == COLUMN}
    return tuple(sorted({_named(part, tables_present) for part in expected - existing}))


def _named(part: SchemaPart, tables_present: set[str]) -> str:
    if part.table not in tables_present:
        return part.table
    return part.name if part.kind == TRIGGER else f"{part.table}.{part.name}"
