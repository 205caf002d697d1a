"""The lines of a case file: canonical JSON, each with a digest over all lines up to it.

A line is ``{"digest":"sha256:HEX","entry":{...}}``, where the digest is the hash of the digest before (none for the
first line) and the canonical bytes of the entry.  A line has only one byte form, so whatever byte is changed, the line
shows it; a line that was taken out or put in shows at the next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from zhengxie_flow.errors import InvalidInput, Where
from zhengxie_flow.model.event import canonical

Entry = dict[str, Any]
"""An entry of a case file as plain JSON values."""

LONGEST_LINE: Final = 32 * 1024 * 1024
"""Bytes of the longest line."""

_BEGINNING: Final = b'{"digest":"sha256:'
_DIGEST_LENGTH: Final = len("sha256:") + 64


def next_digest(digest: str, entry: bytes) -> str:
    """Return the digest of a line.

    Args:
        digest: That of the line before; empty for the first.
        entry: The canonical bytes of its entry.
    """
    return f"sha256:{hashlib.sha256(digest.encode() + entry).hexdigest()}"


class LineWriter:
    """Lines that are being written.

    Args:
        stream: Takes the bytes.
        name: The file, as messages name it.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        self.digest = ""
        self.size = 0

    def write(self, entry: Entry) -> None:
        """Write an entry.

        Args:
            entry: The entry.

        Raises:
            InvalidInput: ZX5127, it is longer than a line may be.
        """
        content = canonical(entry)
        self.digest = next_digest(self.digest, content)
        line = b'{"digest":"' + self.digest.encode() + b'","entry":' + content + b"}\n"
        if len(line) > LONGEST_LINE:
            raise InvalidInput("ZX5127", where=Where(file=self._name), size=len(line), limit=LONGEST_LINE)
        self._stream.write(line)
        self.size += len(line)


class LineReader:
    """Lines that are being read and verified, one after the other.

    Args:
        stream: Gives the bytes.
        name: The file, as messages name it.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self.name = stream, name
        self.digest = ""
        self.number = 0
        self.size = 0

    def entries(self) -> Iterator[Entry]:
        """Read the entries to the end of the stream.

        Yields:
            The entries.

        Raises:
            InvalidInput: ZX5120, a line is not as it was written; ZX5130, this is no case file.
        """
        while line := self._stream.readline(LONGEST_LINE + 1):
            self.number += 1
            self.size = len(line)
            yield self._entry(line)

    def unfit(self, detail: str) -> InvalidInput:
        """Build the error of an entry that is as it was written and still does not fit.

        Args:
            detail: The reason.

        Returns:
            The error ZX5121.
        """
        return InvalidInput("ZX5121", where=Where(file=self.name, line=self.number), detail=detail)

    def _entry(self, line: bytes) -> Entry:
        if self.number == 1 and not line.startswith(_BEGINNING):
            raise InvalidInput("ZX5130", where=Where(file=self.name))
        try:
            read = json.loads(line)
            digest, entry = read["digest"], read["entry"]
            content = canonical(entry)
            expected = next_digest(self.digest, content)
            written = b'{"digest":"' + expected.encode() + b'","entry":' + content + b"}\n"
        except (ValueError, TypeError, KeyError, RecursionError):
            written, digest, entry, expected = b"", None, None, ""
        if written != line or digest != expected or not isinstance(entry, dict):
            raise InvalidInput("ZX5120", where=Where(file=self.name, line=self.number))
        self.digest = expected
        return entry
