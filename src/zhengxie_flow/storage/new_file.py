"""Files written beside their place, for the owner alone, and there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from zhengxie_flow.errors import Conflict, StorageError

if TYPE_CHECKING:
    from os import PathLike


@contextmanager
def new_file(target: str | PathLike[str]) -> Iterator[Path]:
    """Provide a file to be written; it becomes the target when the block ends without an exception.

    Args:
        target: The place of the new file.

    Yields:
        An empty file beside it, readable by its owner alone.

    Raises:
        Conflict: ZX5126, there is a file already.
        StorageError: ZX5131, it cannot be written.
    """
    place = Path(target)
    work: str | None = None
    try:
        if os.path.lexists(place):
            raise Conflict("ZX5126", file=str(place))
        descriptor, work = tempfile.mkstemp(prefix=".zhengxie-", dir=place.parent)  # mode 0600
        os.close(descriptor)
        yield Path(work)
        descriptor = os.open(work, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _put_in_place(work, place)
    except OSError as error:
        raise StorageError("ZX5131", file=str(place), detail=error.strerror or str(error)) from error
    finally:
        if work is not None:
            with suppress(OSError):
                Path(work).unlink()


def _put_in_place(work: str, place: Path) -> None:
    """Give a finished file its name, unless there is one of that name by now."""
    try:
        os.link(work, place)
    except FileExistsError as error:
        raise Conflict("ZX5126", file=str(place)) from error
    except OSError:  # a file system without links
        os.rename(work, place)  # noqa: PTH104
    if os.name != "nt":
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
