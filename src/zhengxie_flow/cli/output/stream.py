"""Output: one JSON document, or text for people; always UTF-8, and a reader that leaves early is no fault."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Final, TextIO

from zhengxie_flow.cli.output.cell import neutralised, neutralised_json
from zhengxie_flow.errors import StorageError

FORMAT: Final = 1
"""The version of the JSON documents; it grows when a key is removed or changes its meaning."""


def use_utf8() -> None:
    """Write UTF-8 whatever the locale says; what cannot be encoded (a stray byte of an argument) is shown escaped.

    A stream that was closed before the program began takes everything and keeps nothing.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def write_json(document: dict[str, Any]) -> None:
    """Write the one document to standard output; ``data`` or ``error`` are plain JSON values."""
    write_raw(neutralised_json(json.dumps({"format": FORMAT, **document}, ensure_ascii=False, indent=2)) + "\n")


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text for people, as `write_raw` does; what would steer a terminal is escaped, whoever it comes from."""
    write_raw(neutralised(text), stream)


def write_raw(text: str, stream: TextIO | None = None) -> None:
    """Write and flush what has no characters that steer a terminal but our own; a reader that left ends it.

    Any other failure (a full disk) is raised as `StorageError` ZX6016, once: what is written to the stream after it
    is discarded too.
    """
    stream = stream or sys.stdout
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _redirect_to_null(stream)
    except OSError as error:
        _redirect_to_null(stream)
        raise StorageError("ZX6016", reason=error.strerror or str(error)) from error


def _redirect_to_null(stream: TextIO) -> None:
    """Redirect a broken stream to the null device, so that closing it at exit cannot fail either."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
