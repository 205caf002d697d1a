"""Notes that name the root of a hash tree, in the text form of transparency logs (C2SP signed-note, tlog-checkpoint).

The text is three lines: the origin, which tells one log from another, the number of entries in decimal, and the root in
base64; further lines are allowed and say nothing here.  After a blank line come signatures, one a line, which begin
with a dash (U+2014).  They are neither made nor checked yet, but a note that has some is read.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from typing import Final

_SIZE: Final = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
LONGEST: Final = 1_000_000
"""The longest note that is read, in characters."""


@dataclass(frozen=True, slots=True)
class Note:
    """Note of a tree: its origin, its number of entries and its root, with the lines of signatures."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[str, ...] = ()

    def text(self) -> str:
        r"""Return the text that a signature is made over, with its last line break.

        Example:
            >>> Note("example.org/log", 1, bytes(3)).text()
            'example.org/log\n1\nAAAA\n'
        """
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def read_note(text: str) -> Note:
    r"""Read a note, signed or not; line breaks of Windows and blank space around it are forgiven.

    Args:
        text: The note.

    Returns:
        The note.

    Raises:
        ValueError: The text is no note of a tree; the message says why.

    Example:
        >>> read_note("example.org/log\n1\nAAAA\n\n— example.org/key AAAAAA==\n").size
        1
    """
    if len(text) > LONGEST:
        raise ValueError("longer than a note may be")
    body, _, signed = text.replace("\r\n", "\n").strip().partition("\n\n")
    if _CONTROL.search(body) or _CONTROL.search(signed):
        raise ValueError("a control character")
    origin, size, root, *_ = *body.split("\n"), "", ""
    signatures = tuple(signed.split("\n")) if signed else ()
    if not origin.strip():
        raise ValueError("no origin in the first line")
    if not _SIZE.match(size):
        raise ValueError("no size in the second line")
    if not all(re.match(r"— \S+ \S+\Z", line) for line in signatures):
        raise ValueError("a signature line of another form")
    try:
        digest = b64decode(root, validate=True)
    except (Error, ValueError):
        digest = b""
    if not digest:
        raise ValueError("no base64 root in the third line")
    return Note(origin, int(size), digest, signatures)
