"""Durability of files and their names: what was acknowledged is on the disk, whichever program has written it.

A program that is killed between a write and its flush leaves content, a new name or a removal in the memory of the
machine.  The next program sees it there as if it were on the disk, and would promise what a power cut takes away: who
relies on what another has written flushes it first.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["flush_file", "flush_folders"]


def flush_folders(folder: Path, top: Path) -> None:
    """Flush a folder and those above it to the disk, with the names that were put into them or taken away.

    Where a system keeps folders in another way (as Windows does), nothing is done.  Where a folder may be passed
    through but not read, and so not be opened either, everything is flushed.

    Args:
        folder: The folder of a file.
        top: The last folder above it that may have got a new name.

    Raises:
        OSError: A folder cannot be flushed.
    """
    if os.name != "posix":
        return
    for each in (folder, *folder.parents):
        try:
            _flush(each, os.O_RDONLY)
        except PermissionError:
            os.sync()
            return
        if each == top:
            return


def flush_file(path: Path) -> None:
    """Flush a file to the disk, with its name, where it is there and holds anything.

    Args:
        path: The file; it can be written.

    Raises:
        OSError: It cannot be flushed.
    """
    try:
        if not path.stat().st_size:
            return
        _flush(path, os.O_RDWR)  # Windows flushes nothing that is open for reading alone
    except FileNotFoundError:
        return
    flush_folders(path.parent, path.parent)


def _flush(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
