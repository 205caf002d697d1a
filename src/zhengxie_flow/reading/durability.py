"""Durability of new files: their names reach the disk, so that a power cut after the answer takes none of them away."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["flush_folders"]


def flush_folders(folder: Path, top: Path) -> None:
    """Flush a folder and those above it to the disk, with the names that were put into them.

    Where a system keeps folders in another way (as Windows does), nothing is done.

    Args:
        folder: The folder of a new file.
        top: The last folder above it that may have got a new name.

    Raises:
        OSError: A folder cannot be flushed.
    """
    if os.name != "posix":
        return
    for each in (folder, *folder.parents):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if each == top:
            return
