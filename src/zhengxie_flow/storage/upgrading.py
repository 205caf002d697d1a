"""Migrations of the journal, run on a connection or written out as SQL for others to run.

The commands of alembic keep their context in variables of the process.  A migration of an embedding program would lose
its own context by them, and two upgrades could not run at once; so each run here has a context of its own.
"""

from __future__ import annotations

from functools import lru_cache, partial
from io import StringIO
from sqlite3 import complete_statement
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection
from sqlalchemy.dialects import registry

from zhengxie_flow.errors import UsageError
from zhengxie_flow.resources import migrations_dir
from zhengxie_flow.storage import tables, versions
from zhengxie_flow.storage.dialects import UPGRADE_LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.runtime.migration import MigrationContext, RevisionStep
    from sqlalchemy import Dialect, Executable

EMPTY: Final = "empty"
"""The name, among revisions, of a database without the journal's tables."""

_LOCK: Final = f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK});"
_STARTS_AT: Final = {
    "sqlite": """\
CREATE TEMPORARY TABLE zx_starts_at (revision TEXT NOT NULL CHECK (revision = '{start}'));
INSERT INTO zx_starts_at SELECT group_concat(version_num) FROM zx_schema;
DROP TABLE zx_starts_at;
""",
    "postgresql": """\
DO $$ BEGIN
  IF (SELECT string_agg(version_num, ', ') FROM zx_schema) IS DISTINCT FROM '{start}' THEN
    RAISE EXCEPTION 'the journal is not at schema {start}';
  END IF;
END $$;
""",
}
"""Statements that fail on a journal at another revision than the script was written for."""


def revision_named(name: object) -> str:
    """Return a revision of the schema that was named.

    Args:
        name: The revision; None for the newest.

    Returns:
        The revision.

    Raises:
        UsageError: ZX5080, there is no such revision.

    Example:
        >>> revision_named("0001")
        '0001'
    """
    if name is None:
        return versions.newest()
    if name not in versions.revisions():
        raise UsageError("ZX5080", given=ascii(name)[:80], known=", ".join(versions.revisions()))
    return str(name)


def start_named(name: object) -> str | None:
    """Return the revision at which a database stands, as it was named.

    Args:
        name: The revision; None or ``empty`` for a database without the journal's tables.

    Returns:
        The revision; None for none.

    Raises:
        UsageError: ZX5080, there is no such revision.
    """
    if name is None or name == EMPTY:
        return None
    if name not in versions.revisions():
        raise UsageError("ZX5080", given=ascii(name)[:80], known=", ".join((EMPTY, *versions.revisions())))
    return str(name)


def run(connection: Connection, present: str | None, to: str) -> None:
    """Run the migrations on a connection, in its transaction.

    Args:
        connection: A connection inside a write.
        present: The revision of the journal; None where there is none.
        to: The revision to bring it to; nothing happens where it is at that or a later one.
    """
    if present is None and connection.dialect.name == "sqlite":
        for statement in _for_an_empty_file(to):
            connection.exec_driver_sql(statement)
    elif present is None or present < to:
        from alembic.runtime.migration import MigrationContext  # only an upgrade needs it, and it is slow to load

        MigrationContext.configure(connection, opts=_options(to)).run_migrations()


@lru_cache(maxsize=4)
def _for_an_empty_file(to: str) -> tuple[str, ...]:
    """The statements that make a journal in SQLite: written out once, each new journal costs a seventh of migrating."""
    pieces, statement = as_sql("sqlite", None, to).splitlines(keepends=True), ""
    statements = []
    for piece in pieces:
        statement += piece
        if complete_statement(statement):
            statements.append(statement.strip())
            statement = ""
    return tuple(statements)


def as_sql(dialect: str, start: str | None, to: str) -> str:
    """Write out the statements of the migrations, without those that begin and end a transaction.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        start: The revision at which the journal stands; None where there is none.
        to: The revision to bring it to.

    Returns:
        The statements; none where it is at that or a later revision.

    Example:
        >>> as_sql("sqlite", "0003", "0003")
        ''
        >>> as_sql("sqlite", None, "0001").splitlines()[0]
        'CREATE TABLE zx_schema ('
    """
    from alembic.runtime.migration import MigrationContext

    if start is not None and start >= to:
        return ""
    buffer = StringIO()
    # The driver takes a sign of per cent twice, and nobody else does: so the dialect is one without a driver's marks.
    plain: Dialect = registry.load(dialect)(paramstyle="named")
    options = _options(to, as_sql=True, output_buffer=buffer, starting_rev=start)
    MigrationContext.configure(dialect=plain, opts=options).run_migrations()
    before = [_LOCK] if dialect == "postgresql" else []
    if start is not None:
        before.append(_STARTS_AT[dialect].format(start=start))
    return "\n\n".join([*(text.strip() for text in before), buffer.getvalue().strip()]) + "\n"


def _write_out(context: MigrationContext, statement: Executable | str, **_: Any) -> None:
    """Write out a statement with the values in their places; alembic itself would leave marks there."""
    if not isinstance(statement, str):
        values = {"literal_binds": True}
        statement = str(statement.compile(dialect=context.dialect, compile_kwargs=values))  # type: ignore[attr-defined]
    context.impl.static_output(f"{statement.strip()};")


def _options(to: str, **more: Any) -> dict[str, Any]:
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    def steps(heads: tuple[str, ...], context: MigrationContext) -> Iterator[RevisionStep]:
        """The steps, each with the operations of this run in place of those that alembic keeps for the process."""
        operations = Operations(context)
        if context.as_sql:
            operations.execute = partial(_write_out, context)  # type: ignore[method-assign]
        for step in script._upgrade_revs(to, heads):  # type: ignore[arg-type]  # noqa: SLF001 - there is no other
            step.revision.module.op = operations  # type: ignore[attr-defined]
            yield step

    script = ScriptDirectory(str(migrations_dir()))
    # SQLite can put what defines tables into a transaction, once BEGIN has been said.
    return {"version_table": tables.VERSION_TABLE, "transactional_ddl": True, "fn": steps, **more}
