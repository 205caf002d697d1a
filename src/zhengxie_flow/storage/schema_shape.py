"""Verification of the schema: tables, indexes, constraints and triggers are those that the migrations make.

A table without its constraints takes in what should never lie there, and one whose trigger was replaced by another of
the same name can be changed unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, Connection, ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects import registry

from zhengxie_flow.ports import SCHEMA, UNREADABLE, Finding
from zhengxie_flow.storage import guards, tables, versions
from zhengxie_flow.storage.texts import as_text

Shape = dict[tuple[str, str, str], str]
"""The parts of a schema: kind, table and name of each, with its text."""

TRIGGER: Final = "trigger"
_LONG: Final = {"varchar": "character varying"}
_SHOWN: Final = 20


def findings(connection: Connection) -> Iterator[Finding]:
    """Find where the schema of a journal is not as the migrations make it.

    Args:
        connection: An open connection.

    Yields:
        A finding for each part that is missing or another, and for each trigger that is none of ours.
    """
    dialect = connection.dialect.name
    if versions.revision_number(connection) != versions.newest():  # of a later one there may be more, and other parts
        return
    present = _of_sqlite(connection) if dialect == "sqlite" else _of_postgresql(connection)
    specified = expected(dialect)
    for part in sorted(specified.keys() | {part for part in present if part[0] == TRIGGER}):
        specification, actual = specified.get(part), present.get(part)
        if specification is None or actual is None or guards.normal(specification) != guards.normal(actual):
            name = f"{part[0]} {part[1]}.{part[2]}"
            texts = (None if text is None else f"{name}: {text}" for text in (specification, actual))
            yield Finding(case="", sequence=None, kind=SCHEMA, expected=next(texts), found=next(texts))
    if dialect == "sqlite":
        yield from _integrity(connection)
    else:
        yield from _shadowed(connection)


@lru_cache(maxsize=2)
def _dialect(name: str) -> Any:
    """The dialect of a database, loaded when its types are compared."""
    return registry.load(name)()


def expected(dialect: str) -> Shape:
    """Return the shape of the newest revision.

    Args:
        dialect: ``sqlite`` or ``postgresql``.

    Returns:
        Every column, index, constraint and trigger.
    """
    shape: Shape = {}
    for table in tables.metadata.tables.values():
        for column in table.c:
            shape["column", table.name, column.name] = _column(column, dialect)
        for index in table.indexes:
            columns = _listed(column.name for column in index.columns)
            shape["index", table.name, str(index.name)] = f"unique {columns}" if index.unique else columns
        for constraint in table.constraints:
            if (named := _constraint(constraint, table, dialect)) is not None:
                shape["constraint", table.name, named[0]] = named[1]
    for (name, trigger), text in guards.TEXTS[dialect].items():
        shape[TRIGGER, name, trigger] = text
    if dialect == "postgresql":
        shape["function", "", "zx_append_only"] = guards.FUNCTION_TEXT
    return shape


def _column(column: Column[Any], dialect: str) -> str:
    kind = str(column.type.compile(_dialect(dialect))).lower()
    if dialect == "postgresql":
        kind, _, collation = kind.partition(" collate ")
        name, bracket, size = kind.partition("(")
        kind = _LONG.get(name, name) + bracket + size + (f" collate {collation}" if collation else "")
    required = "" if column.nullable else " not null"
    return f"{kind}{required}" + (" primary key" if dialect == "sqlite" and column.primary_key else "")


def _constraint(constraint: Any, table: Table, dialect: str) -> tuple[str, str] | None:
    """The name and text of a constraint; None for a primary key of SQLite, which its columns tell."""
    match constraint:
        case CheckConstraint():  # PostgreSQL gives it back in other words
            return str(constraint.name), "check" if dialect == "postgresql" else f"check ({constraint.sqltext})"
        case UniqueConstraint():
            columns = _listed(column.name for column in constraint.columns)
            return (str(constraint.name) if dialect == "postgresql" else columns), f"unique {columns}"
        case ForeignKeyConstraint():
            own = _listed(constraint.column_keys)
            other = _listed(element.column.name for element in constraint.elements)
            name = str(constraint.name) if dialect == "postgresql" else own
            return name, f"foreign key {own} {constraint.referred_table.name} {other}"
        case _ if dialect == "postgresql":
            return f"{table.name}_pkey", f"primary key {_listed(column.name for column in table.primary_key)}"
        case _:
            return None


def _listed(names: Any) -> str:
    return ", ".join(names)


def _of_sqlite(connection: Connection) -> Shape:
    shape: Shape = {}
    for table in tables.metadata.tables.values():
        for _, name, kind, required, _, key in connection.exec_driver_sql(f"PRAGMA table_info({table.name})"):
            text = f"{kind.lower()}{' not null' if required else ''}{' primary key' if key else ''}"
            shape["column", table.name, name] = text
        shape.update(_indexes(connection, table.name))
        shape.update(_foreign_keys(connection, table.name))
    parts = "SELECT type, tbl_name, name, sql FROM sqlite_master WHERE tbl_name GLOB 'zx_*'"
    for kind, table, name, sql in connection.exec_driver_sql(parts):
        if kind == TRIGGER:
            shape[TRIGGER, table, name] = sql
        elif kind == "table" and table in tables.metadata.tables:
            shape.update(_checks(tables.metadata.tables[table], sql))
    return shape


def _indexes(connection: Connection, table: str) -> Shape:
    """The indexes of a table, and its unique constraints by their columns."""
    shape: Shape = {}
    for _, index, unique, origin, partial in connection.exec_driver_sql(f"PRAGMA index_list({table})").fetchall():
        columns = _listed(str(row[2]) for row in connection.exec_driver_sql(f"PRAGMA index_info({index})"))
        if origin == "c":
            text = f"{'unique ' if unique else ''}{columns}{' where' if partial else ''}"
            shape["index", table, index] = text
        elif origin == "u":
            shape["constraint", table, columns] = f"unique {columns}"
    return shape


def _foreign_keys(connection: Connection, table: str) -> Shape:
    shape: Shape = {}
    keys: dict[int, list[Any]] = {}
    for row in connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})"):
        keys.setdefault(row[0], []).append(row)
    for rows in keys.values():
        own, other = _listed(row[3] for row in rows), _listed(row[4] for row in rows)
        shape["constraint", table, own] = f"foreign key {own} {rows[0][2]} {other}"
    return shape


def _checks(table: Table, sql: str) -> Shape:
    """The check constraints of a table whose words stand in its text."""
    text = guards.normal(sql)
    shape: Shape = {}
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            check = f"check ({constraint.sqltext})"
            if guards.normal(f"constraint {constraint.name} {check}") in text:
                shape["constraint", table.name, str(constraint.name)] = check
    return shape


_POSTGRESQL: Final = """
    SELECT 'column', t.relname, a.attname,
           format_type(a.atttypid, a.atttypmod)
           || CASE WHEN l.collname = 'default' OR l.collname IS NULL THEN '' ELSE ' collate ' || l.collname END
           || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
      FROM pg_class AS t JOIN pg_attribute AS a ON a.attrelid = t.oid
      LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
     WHERE starts_with(t.relname, 'zx_') AND t.relkind IN ('r', 'p') AND pg_table_is_visible(t.oid)
       AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'index', t.relname, i.relname,
           CASE WHEN x.indisunique THEN 'unique ' ELSE '' END
           || (SELECT string_agg(pg_get_indexdef(x.indexrelid, k, true), ', ' ORDER BY k)
                 FROM generate_series(1, x.indnkeyatts) AS k)
           || CASE WHEN x.indpred IS NULL THEN '' ELSE ' where' END
           || CASE WHEN x.indisvalid THEN '' ELSE ' invalid' END
      FROM pg_class AS t JOIN pg_index AS x ON x.indrelid = t.oid JOIN pg_class AS i ON i.oid = x.indexrelid
     WHERE starts_with(t.relname, 'zx_') AND pg_table_is_visible(t.oid)
    UNION ALL
    SELECT 'constraint', t.relname, c.conname,
           CASE c.contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique ' WHEN 'p' THEN 'primary key '
                          WHEN 'f' THEN 'foreign key ' ELSE c.contype::text END
           || CASE WHEN c.contype IN ('u', 'p', 'f') THEN
              (SELECT string_agg(a.attname, ', ' ORDER BY o.n) FROM unnest(c.conkey) WITH ORDINALITY AS o(k, n)
                 JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = o.k) ELSE '' END
           || CASE WHEN c.contype = 'f' THEN ' ' || (SELECT relname FROM pg_class WHERE oid = c.confrelid) || ' ' ||
              (SELECT string_agg(a.attname, ', ' ORDER BY o.n) FROM unnest(c.confkey) WITH ORDINALITY AS o(k, n)
                 JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = o.k) ELSE '' END
           || CASE WHEN c.convalidated THEN '' ELSE ' not valid' END
      FROM pg_class AS t JOIN pg_constraint AS c ON c.conrelid = t.oid
     WHERE starts_with(t.relname, 'zx_') AND pg_table_is_visible(t.oid) AND c.contype IN ('c', 'u', 'p', 'f')
    UNION ALL
    SELECT 'trigger', t.relname, g.tgname,
           replace(pg_get_triggerdef(g.oid), ' ON ' || quote_ident(n.nspname) || '.', ' ON ')
           || CASE WHEN g.tgenabled IN ('O', 'A') THEN '' ELSE ' disabled' END
      FROM pg_class AS t JOIN pg_trigger AS g ON g.tgrelid = t.oid JOIN pg_namespace AS n ON n.oid = t.relnamespace
     WHERE starts_with(t.relname, 'zx_') AND pg_table_is_visible(t.oid) AND NOT g.tgisinternal
    UNION ALL
    SELECT 'trigger', t.relname, r.rulename, 'rule' FROM pg_class AS t JOIN pg_rewrite AS r ON r.ev_class = t.oid
     WHERE starts_with(t.relname, 'zx_') AND t.relkind IN ('r', 'p') AND pg_table_is_visible(t.oid)
    UNION ALL
    SELECT 'function', '', p.proname, p.prosrc FROM pg_proc AS p
     WHERE p.proname = 'zx_append_only' AND pg_function_is_visible(p.oid)
"""


def _of_postgresql(connection: Connection) -> Shape:
    return {(row[0], row[1], row[2]): row[3] for row in connection.exec_driver_sql(_POSTGRESQL.replace("%", "%%"))}


def _integrity(connection: Connection) -> Iterator[Finding]:
    """The faults that SQLite itself finds in its file: pages, indexes unlike their tables, constraints."""
    for (message,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_SHOWN})").fetchall():
        if message != "ok":
            yield Finding(case="", sequence=None, kind=UNREADABLE, expected=None, found=as_text(message))
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_SHOWN):
        if table in tables.metadata.tables:
            place = f"{table}, row {row}: not in {parent}"
            yield Finding(case="", sequence=None, kind=UNREADABLE, expected=None, found=place)


def _shadowed(connection: Connection) -> Iterator[Finding]:
    """Another journal on the search path, behind this one: whoever reads a journal should know which."""
    hidden = connection.exec_driver_sql(
        "SELECT n.nspname FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace "
        "WHERE t.relname = 'zx_events' AND t.relkind IN ('r', 'p') AND NOT pg_table_is_visible(t.oid) "
        "AND n.nspname = ANY (current_schemas(false)) ORDER BY 1"
    )
    for (schema,) in hidden:
        current = connection.exec_driver_sql("SELECT current_schema()").scalar()
        yield Finding(case="", sequence=None, kind=SCHEMA, expected=f"schema {current}", found=f"schema {schema}")
