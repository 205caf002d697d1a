"""Making a folder whole or not at all: it is filled beside its place, and moved there when it is complete.

A program that is killed meanwhile leaves nothing at the place.  What it leaves beside it is locked as long as it runs,
and removed by the next one that clears up there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PREFIX: Final = ".init-"
"""Beginning of the names of folders that are being filled."""

RANDOM: Final = 8
"""The length of what `tempfile` makes up for the rest of the name."""

LOCK: Final = ".lock"
"""The file that is locked while a folder is being filled."""

COMPLETE: Final = ".complete"
"""The file that says that a folder was filled, and is being moved to its place."""


@contextmanager
def new_folder(target: Path, content: Sequence[str]) -> Iterator[Path]:
    """Provide an empty folder to be filled; it becomes the target when the block ends without an exception.

    Args:
        target: The place of the new folder; it, and folders above it, may be missing.
        content: The names of what will be in it, in the order in which they appear in a target that exists already.

    Yields:
        The folder to be filled.

    Raises:
        OSError: It cannot be made.
    """
    target, missing, home = _placed(target)
    work, lock = _begun(home)
    try:
        filled = work / target.relative_to(home) if missing else work
        filled.mkdir(parents=True, exist_ok=True)
        yield filled
        if missing:  # one rename for all of it
            (work / target.relative_to(home).parts[0]).rename(missing[-1])
        else:
            (work / COMPLETE).touch()
            _move(work, target, content)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        os.close(lock)


def _begun(home: Path) -> tuple[Path, int]:
    """A new folder to be filled, and the descriptor of its lock.

    Before it is locked, another program may take it for one that a killed program left, and remove it: then there is
    another one.
    """
    while True:
        work = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
        with suppress(FileNotFoundError):
            lock = os.open(work / LOCK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            _lock(lock)
            if (work / LOCK).exists():
                return work, lock
            os.close(lock)


def clear_up(target: Path, content: Sequence[str]) -> None:
    """Remove what killed programs left at, or beside, the place of a folder; what one had completed goes there.

    Args:
        target: The place of the folder.
        content: The names of what belongs in it.
    """
    _clear(_placed(target)[2], content)


def _placed(target: Path) -> tuple[Path, list[Path], Path]:
    """The place of a folder, what is missing of it, and the folder that is there, in which it is filled."""
    place = Path(os.path.abspath(target))  # noqa: PTH100  # links are followed, not resolved
    missing = [folder for folder in (place, *place.parents) if not folder.exists()]
    return place, missing, missing[-1].parent if missing else place


def _move(work: Path, target: Path, content: Sequence[str]) -> None:
    for name in content:  # on the same disk, so each rename is atomic
        if (work / name).exists() and not (target / name).exists():
            (work / name).rename(target / name)


def _clear(home: Path, content: Sequence[str]) -> None:
    """Remove what killed programs left in a folder; what one had completed goes where it belongs."""
    for work in home.glob(f"{PREFIX}*"):
        with suppress(OSError):
            try:
                descriptor = os.open(work / LOCK, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            except FileNotFoundError:  # killed before it was locked, or while it was removed; any other is somebody's
                if len(work.name) == len(PREFIX) + RANDOM:
                    if [entry.name for entry in work.iterdir()] == [COMPLETE]:
                        (work / COMPLETE).unlink()
                    work.rmdir()
                continue
            try:
                if _lock(descriptor):
                    if (work / COMPLETE).exists():
                        _move(work, home, content)
                    shutil.rmtree(work, ignore_errors=True)
            finally:
                os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Take the lock of a folder; False where a running program has it."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock

        flock(descriptor, LOCK_EX | LOCK_NB)
    except (ImportError, OSError):  # Windows: what a killed program left behind stays there
        return False
    return True
