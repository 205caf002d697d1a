"""Attachments in memory, for tests, scenarios and previews."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO

from zhengxie_flow.errors import NotFound
from zhengxie_flow.ports import Attachment, CheckedFile, StagedFile
from zhengxie_flow.storage.attachments import LIMIT, chunks


class MemoryAttachments:
    """Attachments in memory (see `zhengxie_flow.ports.Attachments`).

    Args:
        limit: The largest size of a file, in bytes.

    Attributes:
        files: The content of each file by its hash; a test may change it.

    Example:
        >>> files = MemoryAttachments()
        >>> staged = files.stage(Attachment("letter.txt", b"Dear all"))
        >>> files.keep(staged)
        >>> files.open(staged.hash).read()
        b'Dear all'
    """

    def __init__(self, *, limit: int = LIMIT) -> None:
        self.limit = limit
        self.files: dict[str, bytes] = {}
        self._staged: dict[str, bytes] = {}
        self._places = count(1)

    def measure(self, attachment: Attachment) -> tuple[str, int]:
        """Return the hash and the size of a file, without keeping it."""
        content = b"".join(chunks(attachment, self.limit))
        return f"sha256:{hashlib.sha256(content).hexdigest()}", len(content)

    def stage(self, attachment: Attachment) -> StagedFile:
        """Copy a file to where it can be kept from at once."""
        content = b"".join(chunks(attachment, self.limit))
        place = str(next(self._places))
        self._staged[place] = content
        return StagedFile(f"sha256:{hashlib.sha256(content).hexdigest()}", len(content), place)

    def keep(self, staged: StagedFile) -> None:
        """Keep a staged file for good."""
        if staged.place in self._staged:  # else it was kept before
            self.files[staged.hash] = self._staged.pop(staged.place)

    def discard(self, staged: StagedFile) -> None:
        """Remove a staged file that was not kept."""
        self._staged.pop(staged.place, None)

    def holds(self, digest: str, size: int) -> bool:
        """Return whether a file of this hash and size is kept."""
        return digest in self.files and len(self.files[digest]) == size

    def check(self, digest: str, size: int) -> CheckedFile:
        """Compare a kept file with its hash."""
        if digest not in self.files:
            return CheckedFile("missing")
        actual = f"sha256:{hashlib.sha256(self.files[digest]).hexdigest()}"
        return CheckedFile("present" if actual == digest and self.holds(digest, size) else "changed", actual)

    def hashes(self) -> Iterator[str]:
        """List the files by their hashes, in order."""
        yield from sorted(self.files)

    def open(self, digest: str) -> BinaryIO:
        """Open a kept file."""
        if digest not in self.files:
            raise NotFound("ZX5041", hash=digest)
        return io.BytesIO(self.files[digest])

    def remove(self, digest: str) -> bool:
        """Remove a kept file for good."""
        return self.files.pop(digest, None) is not None
