"""Alembic of an embedding program, beside our own tables: its comparison leaves them out, its migrations bring them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from zhengxie_flow.storage import tables, upgrading
from zhengxie_flow.storage.opening import upgrade

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

PREFIX: Final = "zx_"
"""How the names of all our tables begin, in this version, those before and those after it."""


class MigrationOperations(Protocol):
    """Operations of a migration of alembic: its module ``op``, or an object of `alembic.operations.Operations`."""

    def get_context(self) -> MigrationContext:
        """Return the context of the migration that runs."""


def include_object(item: object, name: str | None, type_: str, reflected: bool, compare_to: object) -> bool:
    """Return whether alembic compares an object of the database: all but the journal's tables and what belongs to them.

    To be passed as ``include_object`` to ``context.configure`` in the ``env.py`` of an embedding program, or called in
    the program's own.  Without it ``alembic revision --autogenerate`` drops the journal, which the program's metadata
    does not know.

    Args:
        item: The table, or the index, column or constraint of one.
        name: Its name.
        type_: What it is, as alembic calls it: ``table``, ``column``, ``index`` and so on.
        reflected: True where it was read from the database.
        compare_to: The object that it is compared to; None where there is none.

    Returns:
        False for the journal's tables, and for any other whose name begins with ``zx_`` and which only the database
        has: a later version may have made it.

    Example:
        >>> include_object(None, "zx_events", "table", True, None)
        False
        >>> def ours_and_theirs(item, name, type_, reflected, compare_to):
        ...     return include_object(item, name, type_, reflected, compare_to) and name != "spatial_ref_sys"
        >>> ours_and_theirs(None, "matters", "table", True, None)
        True
    """
    table: Any = name if type_ == "table" else getattr(getattr(item, "table", None), "name", None)
    if table == tables.VERSION_TABLE or table in tables.metadata.tables:
        return False
    return not (reflected and compare_to is None and str(table).startswith(PREFIX) and type_ == "table")


def upgrade_within(op: MigrationOperations, *, to: str | None = None, start: str | None = None) -> str:
    """Bring the journal's tables to a schema inside a migration of an embedding program.

    They are made in the migration's transaction, on its connection, and undone with it.  In alembic's ``--sql`` mode
    the statements are written where the migration's own go.  There is no way back: a journal is not dropped, so
    ``downgrade`` leaves it where it is, and an upgrade after that finds it and does nothing.

    Args:
        op: ``alembic.op``, as the migration imports it.
        to: The revision of our schema to bring it to; None for the newest that this version has. Naming it keeps what a
            migration does the same for ever.
        start: The revision at which earlier migrations left it, which is needed in ``--sql`` mode alone, for there no
            database says so; None where this is the first.

    Returns:
        The revision that was asked for.

    Raises:
        UsageError: ZX5080, there is no such revision; ZX5065, the connection is in AUTOCOMMIT mode.
        StorageError: The database cannot be used.
        Conflict: ZX5003, the database is locked.

    Example:
        >>> from alembic.migration import MigrationContext
        >>> from alembic.operations import Operations
        >>> from sqlalchemy import create_engine
        >>> with create_engine("sqlite://").begin() as connection:
        ...     op = Operations(MigrationContext.configure(connection))
        ...     upgrade_within(op, to="0001")
        '0001'
    """
    context = op.get_context()
    revision, before = upgrading.revision_named(to), upgrading.start_named(start)
    if context.as_sql:
        context.impl.static_output(upgrading.as_sql(context.dialect.name, before, revision))
    else:
        connection: Any = context.connection
        upgrade(connection, to=revision)
    return revision
