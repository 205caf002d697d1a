"""The place where findings are kept: one file in a project, which may be removed at any time."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from zhengxie_flow.reading.checked.records import CheckInfo, NoRecordError, Record, from_json, to_json

FOLDER = (".zhengxie", "cache")
NAME = "check.json"
_MOST = 400
"""Records that are kept, those used last; what one run uses is kept whole."""


class FindingStore:
    """Findings by their keys, read from a file and written back to it.

    A file that is damaged, or of another form, is an empty one: its first line is the digest of the rest.

    Args:
        root: the project.
        program: what runs; checks are those of the same program alone.
    """

    def __init__(self, root: Path, program: tuple[str, ...]) -> None:
        self._path = root.joinpath(*FOLDER, NAME)
        self._program = list(program)
        self._records: dict[str, Any] = {}
        self._used: dict[str, Any] = {}
        self._checks: list[Any] | None = None
        self._changed = False
        content = _read(self._path)
        if content is not None and content.get("program") == self._program:
            self._checks, self._records = content["checks"], content["records"]

    def checks(self) -> tuple[CheckInfo, ...] | None:
        """Return the checks of the program; None where nobody has listed them yet."""
        return None if self._checks is None else tuple(CheckInfo(*entry) for entry in self._checks)

    def keep_checks(self, checks: tuple[CheckInfo, ...]) -> None:
        """Keep the list of the checks."""
        self._checks = [[entry.name, entry.shared, entry.group] for entry in checks]
        self._changed = True

    def get(self, key: str) -> Record | None:
        """Return what is kept under a key; None where nothing is."""
        entry = self._records.get(key)
        if entry is None:
            return None
        try:
            record = from_json(entry)
        except (LookupError, TypeError, ValueError, AttributeError):
            return None
        self._used[key] = entry
        return record

    def put(self, key: str, record: Record) -> None:
        """Keep a record under a key; one that has no form on disk is left out."""
        with suppress(NoRecordError):
            self._used[key] = to_json(record)
            self._changed = True

    def save(self) -> None:
        """Write what is kept; where that cannot be, nothing is kept."""
        if not self._changed:
            return
        older = [entry for entry in self._records.items() if entry[0] not in self._used]
        spare = max(_MOST - len(self._used), 0)
        records = dict([*older[max(len(older) - spare, 0) :], *self._used.items()])
        content = {"program": self._program, "checks": self._checks, "records": records}
        body = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()
        with suppress(OSError):
            _write(self._path, body)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        if _is_linked(path):
            return None
        digest, _, body = path.read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        content = json.loads(body)
    except (OSError, ValueError, RecursionError):
        return None
    whole = isinstance(content, dict) and isinstance(content.get("records"), dict)
    return content if whole and isinstance(content.get("checks"), list) else None


def _is_linked(path: Path) -> bool:
    """True where the file, or a folder that was made for it, is a link: it may lead out of the project."""
    return any(place.is_symlink() for place in (path, path.parent, path.parent.parent))


def _write(path: Path, body: bytes) -> None:
    """Write the file in one step: a program that reads it meanwhile sees the old one or the new."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    if _is_linked(path):
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
