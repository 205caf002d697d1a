r"""Decoding of files: size, encoding, line ends, and invisible characters.

A file is UTF-8.  A leading byte order mark is dropped, Windows and old Mac line ends become ``\n`` (one
for one, so line numbers stay).  Other encodings are recognised only to say how to convert them: guessing
would turn a mistaken guess into a wrong verdict.
"""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path
from typing import BinaryIO

from zhengxie_flow.errors import InvalidInput, NotFound, Where
from zhengxie_flow.reading.characters import bad_characters, forbidden_in
from zhengxie_flow.reading.input_bounds import DEFINITION, Limits

__all__ = ["decode", "open_input", "read_text"]

_OPENING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Flags that open nothing which waits for somebody else, and change no byte."""

_PIECE = 1 << 20

_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: str | Path, *, limits: Limits = DEFINITION, name: str | None = None) -> str:
    """Read one UTF-8 file whole.

    Args:
        path: the file.
        limits: bounds on its size.
        name: label of the file in errors; by default the path as given.

    Returns:
        The text, its lines ending in a line feed.

    Raises:
        NotFound: ZX1001, no such file.
        InvalidInput: ZX1002 not a regular file, ZX1003 unreadable, ZX1004 too large (no byte is read), ZX1005 to ZX1007
            another encoding, ZX1008 and ZX1009 control and invisible characters.
    """
    label = name or str(path)
    with open_input(path, max_bytes=limits.max_bytes, name=label) as stream:
        data = _bounded(stream, limits.max_bytes, label)
    return decode(data, label)


def open_input(path: str | Path, *, max_bytes: int, name: str | None = None) -> BinaryIO:
    """Open a regular file for reading bytes, or raise as `read_text` does.

    This is the only place where the package opens a file that a user named: no other may hang on it.
    """
    label = name or str(path)
    where = Where(label)
    try:
        # A pipe or device is refused before it is opened: a pipe waits for a writer, a device never ends.
        _refuse(Path(path).stat(), max_bytes, where)
        descriptor = os.open(path, _OPENING)
        try:
            _refuse(os.fstat(descriptor), max_bytes, where)  # another may have taken its place since
            return os.fdopen(descriptor, "rb")
        except BaseException:
            os.close(descriptor)
            raise
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("ZX1001", where=where, file=label) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL inside the path
        raise InvalidInput("ZX1003", where=where, reason=_reason(error)) from error


def _refuse(status: os.stat_result, max_bytes: int, where: Where) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InvalidInput("ZX1002", where=where, kind=_kind(status.st_mode))
    if status.st_size > max_bytes:
        raise InvalidInput("ZX1004", where=where, size=status.st_size, limit=max_bytes)


def _piece(stream: BinaryIO, label: str) -> bytes:
    try:
        return stream.read(_PIECE)
    except OSError as error:
        raise InvalidInput("ZX1003", where=Where(label), reason=_reason(error)) from error


def _bounded(stream: BinaryIO, max_bytes: int, label: str) -> bytes:
    try:
        data = stream.read(max_bytes + 1)
    except OSError as error:
        raise InvalidInput("ZX1003", where=Where(label), reason=_reason(error)) from error
    if len(data) > max_bytes:  # it grew between the look and the read
        raise InvalidInput("ZX1004", where=Where(label), size=len(data), limit=max_bytes)
    return data


def _kind(mode: int) -> str:
    for test, kind in ((stat.S_ISDIR, "directory"), (stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket")):
        if test(mode):
            return kind
    return "device"


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def decode(data: bytes, file: str | None = None, *, first_line: int = 1) -> str:
    r"""Turn bytes into text with ``\n`` line ends, or raise InvalidInput ZX1005 to ZX1009 with the place of
    the first fault.

    ``first_line`` is the line number of the first byte, for a caller that reads line by line.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    _refuse_wide(data, file)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = _byte_place(data, error.start, file, first_line)
        code = "ZX1005" if _is_gb18030(data) else "ZX1007"
        raise InvalidInput(code, where=where, byte=f"0x{data[error.start]:02X}") from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if problems := bad_characters(text, file, first_line=first_line):
        raise InvalidInput(problems=problems)
    return text


def _refuse_wide(data: bytes, file: str | None) -> None:
    """UTF-16 and UTF-32, with their mark or, for mostly Latin text, by the NUL in every other byte."""
    if data.startswith(_UTF32):
        raise InvalidInput("ZX1006", where=Where(file, 1, 1), encoding="UTF-32")
    head = data[:200]
    lanes = sorted((head[0::2].count(0), head[1::2].count(0)))
    if data.startswith(_UTF16) or (lanes[0] == 0 and lanes[1] >= 4 and lanes[1] * 8 >= len(head)):
        raise InvalidInput("ZX1006", where=Where(file, 1, 1), encoding="UTF-16")


def _is_gb18030(data: bytes) -> bool:
    """True if bytes are GB 18030, the national encoding, and read as Chinese.

    Latin-1 text sometimes decodes too, but not to common hanzi.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    if forbidden_in(text.replace("\r", "")):
        return False  # an image or a program, not a text
    wide = [character for character in text if ord(character) > 0x7F]
    usual = sum(
        "\u4e00" <= character <= "\u9fff" or "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef"
        for character in wide
    )
    return bool(wide) and usual * 2 > len(wide)


def _byte_place(data: bytes, index: int, file: str | None, first_line: int) -> Where:
    before = data[:index].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = before.count(b"\n") + first_line
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return Where(file, line, column)
