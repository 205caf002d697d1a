"""Place of the attachments of an engine: a folder beside its database, unless another is named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zhengxie_flow.ports import Attachments
from zhengxie_flow.storage.attachments import LIMIT, FolderAttachments

if TYPE_CHECKING:
    from zhengxie_flow.storage import Database

SUFFIX: Final = ".attachments"
"""What the folder's name adds to that of the SQLite file."""

Place = Attachments | str | Path | None
"""A place of attachments as the engine takes it: one of the caller's own, a folder, or None for the usual one."""


def attachments_for(db: Database, place: Place, limit: int | None = None) -> Attachments | None:
    """Return the place of the attachments of a database.

    Args:
        db: The database: its URL, the path of an SQLite file, or what an embedding program hands over.
        place: The place that is named.
        limit: The largest size of a file in a folder, in bytes; None for the usual one.

    Returns:
        The place; None where none is named and the database is no file.
    """
    if isinstance(place, str | os.PathLike):
        return FolderAttachments(place, limit=limit or LIMIT)
    if place is not None:
        return place
    from zhengxie_flow.storage import file_of

    file = file_of(db)
    return None if file is None else FolderAttachments(f"{file}{SUFFIX}", limit=limit or LIMIT)
