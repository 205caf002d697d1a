"""Attachments in a folder: each file under the hash of its content, so that equal ones are kept once.

A file is copied into ``staging`` while it is hashed, forced onto the disk, made read-only, and moved to its place in
one step.  Folders are the owner's alone (0700), and so are the files (0400).  Nothing here needs a database.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from typing import IO, BinaryIO, Final

from zhengxie_flow.durability import flush_folders
from zhengxie_flow.errors import InvalidInput, NotFound, StorageError
from zhengxie_flow.ports import Attachment, CheckedFile, StagedFile

LIMIT: Final = 100 * 1024 * 1024
"""The largest file that is attached, in bytes, unless a setting says otherwise."""

_CHUNK: Final = 1024 * 1024
_ALGORITHM: Final = "sha256"
_HASH: Final = re.compile(r"sha256:([0-9a-f]{64})\Z")
_FORGOTTEN: Final = 24 * 60 * 60
"""Seconds after which a staged copy is one that a killed program left behind."""

_NOT_WAITING: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""A pipe that nobody writes to is opened at once, and then refused for what it is."""


def chunks(attachment: Attachment, limit: int = LIMIT) -> Iterator[bytes]:
    """Read the content of a file piece by piece.

    Args:
        attachment: The file.
        limit: The largest size, in bytes.

    Yields:
        Its content.

    Raises:
        InvalidInput: It cannot be read (ZX6013), is no ordinary file (ZX5043) or too large (ZX5044).
    """
    source, size = attachment.source, 0
    shown = os.fsdecode(source) if isinstance(source, str | os.PathLike) else attachment.name
    try:
        with _stream(source, shown) as stream:
            while piece := stream.read(_CHUNK):
                size += len(memoryview(piece))  # a stream of text is none of a file
                if size > limit:
                    raise InvalidInput("ZX5044", file=shown, limit=limit)
                yield piece
    except (OSError, ValueError, TypeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput("ZX6013", file=shown, reason=reason) from error


@contextmanager
def _stream(source: str | os.PathLike[str] | bytes | BinaryIO, shown: str) -> Iterator[IO[bytes]]:
    if isinstance(source, bytes):
        import io

        yield io.BytesIO(source)
    elif isinstance(source, str | os.PathLike):
        descriptor = os.open(source, os.O_RDONLY | _NOT_WAITING)
        try:
            _check_ordinary(os.fstat(descriptor).st_mode, shown)
        except BaseException:
            os.close(descriptor)
            raise
        with os.fdopen(descriptor, "rb", buffering=0) as stream:
            yield stream
    else:
        yield source


def _check_ordinary(mode: int, shown: str) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if not stat.S_ISREG(mode):
        raise InvalidInput("ZX5043", file=shown)


def measured(attachment: Attachment, limit: int = LIMIT) -> tuple[str, int]:
    """Return the hash and the size of a file, read piece by piece.

    Args:
        attachment: The file.
        limit: The largest size, in bytes.

    Returns:
        The hash and the size of its content.

    Raises:
        InvalidInput: As `chunks`.
    """
    digest, size = hashlib.new(_ALGORITHM), 0
    for piece in chunks(attachment, limit):
        digest.update(piece)
        size += len(piece)
    return f"{_ALGORITHM}:{digest.hexdigest()}", size


class FolderAttachments:
    """Attachments in a folder (see `zhengxie_flow.ports.Attachments`); the folder is made when the first file comes.

    Args:
        folder: The folder; the one above it must exist.
        limit: The largest size of a file, in bytes.
    """

    def __init__(self, folder: str | os.PathLike[str], *, limit: int = LIMIT) -> None:
        self.folder = Path(folder)
        self.limit = limit

    def __repr__(self) -> str:
        return f"<FolderAttachments {self.folder}>"

    def measure(self, attachment: Attachment) -> tuple[str, int]:
        """Return the hash and the size of a file, without keeping it."""
        return measured(attachment, self.limit)

    def stage(self, attachment: Attachment) -> StagedFile:
        """Copy a file into the folder, where it can be kept from at once."""
        with self._coded():
            staging = self._made(self.folder, self.folder / "staging")
            self._sweep(staging)
            descriptor, place = tempfile.mkstemp(dir=staging)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as copy:
                staged = self._copied(attachment, copy, place)
            with self._coded():
                os.chmod(place, stat.S_IRUSR)  # noqa: PTH101  # paths of strings throughout
        except BaseException:
            _unlink(place)
            raise
        return staged

    def _copied(self, attachment: Attachment, copy: IO[bytes], place: str) -> StagedFile:
        digest, size = hashlib.new(_ALGORITHM), 0
        for piece in chunks(attachment, self.limit):
            digest.update(piece)
            size += len(piece)
            with self._coded():
                view = memoryview(piece)
                while view:
                    view = view[copy.write(view) :]
        with self._coded():
            os.fsync(copy.fileno())
        return StagedFile(f"{_ALGORITHM}:{digest.hexdigest()}", size, place)

    def keep(self, staged: StagedFile) -> None:
        """Move a staged file to its place; a good one that is there already stays, a changed one is replaced."""
        target = self._place(staged.hash)
        if target is None:
            raise StorageError("ZX5045", folder=str(self.folder), detail=staged.hash)
        with self._coded():
            if self.check(staged.hash, staged.size).state == "present":
                _unlink(staged.place)
            else:
                self._made(self.folder / _ALGORITHM, target.parent)
                if os.name == "nt":  # a read-only file is in the way there
                    _unlink(str(target))
                os.replace(staged.place, target)  # noqa: PTH105
            flush_folders(target.parent, self.folder.parent)  # also for one whose program was killed before it did

    def discard(self, staged: StagedFile) -> None:
        """Remove a staged file that was not kept."""
        _unlink(staged.place)

    def holds(self, digest: str, size: int) -> bool:
        """Return whether an ordinary file of this size lies under a hash."""
        place = self._place(digest)
        if place is None:
            return False
        try:
            status = os.lstat(place)
        except OSError:
            return False
        return stat.S_ISREG(status.st_mode) and status.st_size == size

    def check(self, digest: str, size: int) -> CheckedFile:
        """Read a kept file, and compare it with its hash; one that became very much larger is not read to its end."""
        place = self._place(digest)
        if place is None or not os.path.lexists(place):
            return CheckedFile("missing")
        try:
            if os.path.islink(place):  # noqa: PTH114
                return CheckedFile("changed")
            actual, _ = measured(Attachment(digest, place), size)
        except InvalidInput as error:
            return CheckedFile("unreadable" if error.code == "ZX6013" else "changed")
        return CheckedFile("present" if actual == digest else "changed", actual)

    def hashes(self) -> Iterator[str]:
        """List the files by their hashes, in order."""
        try:
            folders = sorted(entry.path for entry in os.scandir(self.folder / _ALGORITHM) if entry.is_dir())
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._failure(error) from error
        for folder in folders:
            with self._coded():
                names = sorted(os.listdir(folder))  # noqa: PTH208
            for name in names:
                digest = f"{_ALGORITHM}:{name}"
                if self._place(digest) == Path(folder, name):
                    yield digest

    def open(self, digest: str) -> BinaryIO:
        """Open a kept file."""
        place = self._place(digest)
        if place is None:
            raise NotFound("ZX5041", hash=digest)
        try:
            return place.open("rb")
        except FileNotFoundError:
            raise NotFound("ZX5041", hash=digest) from None
        except OSError as error:
            raise self._failure(error) from error

    def remove(self, digest: str) -> bool:
        """Remove a kept file for good."""
        place = self._place(digest)
        if place is None:
            return False
        with self._coded():
            present = os.path.lexists(place)
            if present:
                if os.name == "nt":
                    os.chmod(place, stat.S_IWRITE)  # noqa: PTH101
                place.unlink()
            if place.parent.is_dir():  # one that is gone may have been removed by a program that was killed after it
                flush_folders(place.parent, place.parent)
        return present

    def _place(self, digest: str) -> Path | None:
        """Where a file of a hash lies; None for what is no hash, and could name any path."""
        match = _HASH.match(digest)
        return None if match is None else self.folder / _ALGORITHM / match[1][:2] / match[1]

    def _made(self, *folders: Path) -> Path:
        """Make folders, each in the one before, for the owner alone."""
        for folder in folders:
            with suppress(FileExistsError):
                folder.mkdir(mode=stat.S_IRWXU)
        return folders[-1]

    def _sweep(self, staging: Path) -> None:
        """Remove the copies that killed programs left behind."""
        before = time.time() - _FORGOTTEN
        for entry in os.scandir(staging):
            with suppress(OSError):
                if entry.stat(follow_symlinks=False).st_mtime < before:
                    _unlink(entry.path)

    @contextmanager
    def _coded(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> StorageError:
        return StorageError("ZX5045", folder=str(self.folder), detail=error.strerror or str(error))


def _unlink(place: str) -> None:
    with suppress(OSError):
        if os.name == "nt":
            os.chmod(place, stat.S_IWRITE)  # noqa: PTH101
        os.unlink(place)  # noqa: PTH108
