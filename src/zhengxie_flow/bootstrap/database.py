"""Opening of an engine's journal, with creation of a missing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhengxie_flow.errors import StorageError
from zhengxie_flow.model.patience import DEFAULT

if TYPE_CHECKING:
    from zhengxie_flow.storage import SqlJournal


def open_or_create(db: Any, *, read_only: bool, create: bool, patience: float = DEFAULT) -> SqlJournal:
    """Open the journal; create it first where it is missing and may be created.

    Args:
        db: A database URL, the path of an SQLite file, or an SQLAlchemy connection.
        read_only: True to open it for reading alone.
        create: True where a missing journal may be created.
        patience: Seconds to wait for a lock, where the URL does not say.

    Returns:
        The open journal.

    Raises:
        StorageError: The database cannot be used.
    """
    from zhengxie_flow import storage

    try:
        return storage.open_journal(db, read_only=read_only, busy_timeout=patience)
    except StorageError as error:
        empty = error.code == "ZX5001" or (error.code == "ZX5002" and error.params.get("found") == "-")
        if read_only or not create or not empty:
            raise
    return storage.create(db, busy_timeout=patience)
