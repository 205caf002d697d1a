"""Scripts of SQL that upgrade a journal, for databases whose tables only an administrator may make."""

from __future__ import annotations

from dataclasses import dataclass

from zhengxie_flow.model.patience import DEFAULT
from zhengxie_flow.storage import upgrading, versions
from zhengxie_flow.storage.dialects import target
from zhengxie_flow.storage.health import schema_health
from zhengxie_flow.version import __version__

_HOW = {
    "sqlite": "sqlite3 -bail FILE < THIS",
    "postgresql": "psql -v ON_ERROR_STOP=1 -f THIS, with a search_path that begins with the schema of the journal",
}


@dataclass(frozen=True, slots=True)
class UpgradeScript:
    """Script that upgrades a journal.

    Attributes:
        dialect: ``sqlite`` or ``postgresql``.
        start: The revision of the schema at which it begins; None where there is no journal yet.
        revision: The revision to which it leads.
        sql: The statements, in one transaction; a comment alone where there is nothing to do.
    """

    dialect: str
    start: str | None
    revision: str
    sql: str


def upgrade_script(url: str, *, start: str | None = None, busy_timeout: float = DEFAULT) -> UpgradeScript:
    """Write the script that upgrades a journal to the newest schema; nothing is written to the database.

    Args:
        url: The file path or URL.
        start: The revision at which the script begins, ``empty`` for a database without our tables; the database is
            then not looked at.  None to read the revision from it; an SQLite file that is missing has none.
        busy_timeout: Seconds to wait for another writer; what the URL says (``?patience=``) goes before it.

    Returns:
        The script.

    Raises:
        UsageError: ZX5080, there is no such revision.
        StorageError: ZX5002, ZX5022, the journal is at a schema that this version does not know; or the database
            cannot be read.
        Conflict: ZX5003, it is locked.
    """
    where, newest = target(url), versions.newest()
    dialect = where.url.get_backend_name()
    if start is None:
        missing = where.path is not None and not where.path.exists()
        begin = None if missing else schema_health(url, busy_timeout, known=True).revision
    else:
        begin = upgrading.start_named(start)
    steps = upgrading.as_sql(dialect, begin, newest)
    shown = begin or upgrading.EMPTY
    head = f"-- zhengxie-flow {__version__}: the journal's tables, from schema {shown} to {newest}.\n"
    if not steps:
        return UpgradeScript(dialect, begin, newest, f"{head}-- There is nothing to do.\n")
    body = f"BEGIN;\n\n{steps}\nCOMMIT;\n"
    return UpgradeScript(dialect, begin, newest, f"{head}-- Run it with: {_HOW[dialect]}\n\n{body}")
