"""The program as tests call it: in this process, with what it wrote and how it ended."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import MINI

from zhengxie_flow.cli.main import main

CLOCK = "2026-04-30T10:00:00+08:00"
PYTHONPATH = os.pathsep.join(os.path.abspath(folder) for folder in sys.path)
"""Where a child process finds what this one imports, wherever either was started."""
GUESTS = {"guest": {"g1": {"kind": "expert"}, "g2": {"kind": "public"}}}


@dataclass(frozen=True)
class Answer:
    """What one command line led to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output, which must be one JSON document and nothing else."""
        found = json.loads(self.out)
        assert found["format"] == 1
        assert set(found) - {"format"} in ({"data"}, {"error"})
        return found

    @property
    def data(self) -> Any:
        return self.document["data"]

    @property
    def error(self) -> Any:
        return self.document["error"]


def run(*args: object) -> Answer:
    """One command line."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(arg) for arg in args])
    return Answer(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Desk:
    """A database of the small statute, and the program pointed at it."""

    db: Path

    def __call__(self, *args: object) -> Answer:
        """A command with text for people."""
        return run("--project", MINI, "--db", self.db, "--lang", "en", *args)

    def json(self, *args: object) -> Answer:
        """A command with a JSON document."""
        return run("--project", MINI, "--db", self.db, "--format", "json", *args)

    def bytes(self) -> bytes:
        """The database as it lies on disk."""
        return self.db.read_bytes()

    def events(self, case: str) -> list[dict[str, Any]]:
        """The events of a case."""
        events: list[dict[str, Any]] = self.json("show", case).data["events"]
        return events


def case_file(case: str = "c1", *events: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A case of the small statute as it is imported."""
    return {
        "language": 1,
        "case": case,
        "process": "mini/talk",
        "opened": "2026-01-05",
        "by": "office",
        "given": {"items": GUESTS},
        "events": list(events),
        **more,
    }


def write(path: Path, content: Any) -> Path:
    """Content as JSON, which YAML takes as it is."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def write_lines(path: Path, *lines: dict[str, Any]) -> Path:
    """One JSON object a line."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path
