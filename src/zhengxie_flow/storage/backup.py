"""Backup of an SQLite database while others read and write it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from zhengxie_flow.errors import StorageError, UsageError
from zhengxie_flow.storage.new_file import new_file
from zhengxie_flow.storage.opening import BUSY_TIMEOUT, current, file_of

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Backup:
    """Backup that was made: the file it is of, its schema, its bytes."""

    source: Path
    schema: str
    size: int


def back_up(url: str, target: str | PathLike[str], *, busy_timeout: float = BUSY_TIMEOUT) -> Backup:
    """Copy an SQLite database as it stands at one moment; others write on meanwhile.

    What was deleted is in no page of the copy.

    Args:
        url: The file path or URL of the database.
        target: The place of the new file, readable by its owner alone.
        busy_timeout: Seconds to wait for a lock.

    Returns:
        The backup.

    Raises:
        UsageError: ZX5132, the database is no SQLite file.
        StorageError: ZX5001, there is no journal; ZX5000, ZX5131, it cannot be copied.
        Conflict: ZX5126, there is such a file already.
    """
    source = file_of(url)
    if source is None:
        raise UsageError("ZX5132", database=url)
    schema = current(url, busy_timeout=busy_timeout)
    if schema is None:
        raise StorageError("ZX5001", database=str(source), detail="it holds no journal")
    address = f"file:{quote(str(source))}?mode=ro"
    with new_file(target) as place:
        try:
            with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=busy_timeout)) as connection:
                connection.execute("VACUUM INTO ?", (str(place),))
        except sqlite3.Error as error:
            raise StorageError("ZX5000", database=str(source), detail=str(error)) from error
        size = place.stat().st_size
    return Backup(source, schema, size)
