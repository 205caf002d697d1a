"""The port of the attachments: files that prove what events say, kept by the hash of their content."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol

FileState = Literal["present", "missing", "changed", "unreadable"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """File to be attached to an event as evidence.

    Attributes:
        name: Its name, for people; it stands in the event for ever.
        source: Its path, its content, or a stream of it that is read once.
    """

    name: str
    source: str | os.PathLike[str] | bytes | BinaryIO


@dataclass(frozen=True, slots=True)
class StagedFile:
    """Copy of a file that is not kept yet: the hash and size of its content, and where it lies meanwhile."""

    hash: str
    size: int
    place: str


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """Result of looking at a kept file: its state, and the hash of what is there."""

    state: FileState
    hash: str | None = None


class Attachments(Protocol):
    """Files kept by the hash of their content; equal ones are kept once.

    A file is staged before the write that refers to it begins, and kept inside that write, before it commits: an event
    never refers to a file that is not there, and what a crash leaves behind is a file that nothing refers to.
    """

    def measure(self, attachment: Attachment) -> tuple[str, int]:
        """Read a file without keeping it.

        Args:
            attachment: The file.

        Returns:
            The hash and the size of its content.

        Raises:
            InvalidInput: It cannot be read (ZX6013), is no ordinary file (ZX5043) or too large (ZX5044).
        """

    def stage(self, attachment: Attachment) -> StagedFile:
        """Copy a file to where it can be kept from at once.

        Args:
            attachment: The file.

        Returns:
            The copy.

        Raises:
            InvalidInput: As `measure`.
            StorageError: ZX5045, the copy cannot be written.
        """

    def keep(self, staged: StagedFile) -> None:
        """Keep a staged file for good; once this returns, it outlives a power cut.  May be called again.

        Args:
            staged: The copy.

        Raises:
            StorageError: ZX5045, it cannot be written.
        """

    def discard(self, staged: StagedFile) -> None:
        """Remove a staged file that was not kept; does nothing for one that was.

        Args:
            staged: The copy.
        """

    def holds(self, digest: str, size: int) -> bool:
        """Return whether a file of this hash and size is kept, by a look that does not read it.

        Args:
            digest: The hash of its content.
            size: The size of its content.

        Returns:
            True where there is one.
        """

    def check(self, digest: str, size: int) -> CheckedFile:
        """Read a kept file, and compare it with its hash.

        Args:
            digest: The hash of its content.
            size: The size of its content.

        Returns:
            Its state.
        """

    def hashes(self) -> Iterator[str]:
        """List the files that are kept.

        Yields:
            The hash of each.
        """

    def open(self, digest: str) -> BinaryIO:
        """Open a kept file.

        Args:
            digest: The hash of its content.

        Returns:
            A stream of its content, to be closed by the caller.

        Raises:
            NotFound: ZX5041, there is none.
            StorageError: ZX5045, it cannot be read.
        """

    def remove(self, digest: str) -> bool:
        """Remove a kept file for good, because it was erased on record.

        Args:
            digest: The hash of its content.

        Returns:
            True where there was one.

        Raises:
            StorageError: ZX5045, it cannot be removed.
        """
