"""The client of the server of children, and how a child ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.cli.program import PYTHONPATH

CLOCK = "2026-11-30T09:00:00+08:00"


@dataclass(frozen=True)
class Outcome:
    """How a child ended: its exit code or the signal that killed it, what it wrote, and what it acknowledged."""

    code: int | None
    signal: int | None
    out: str
    err: str
    said: list[str]
    seconds: float
    calls: list[str]

    @property
    def acknowledged(self) -> bool:
        """True where the command ended well."""
        return self.code == 0


class Lab:
    """A server of children, ended with the context."""

    def __enter__(self) -> Self:
        environ = {key: value for key, value in os.environ.items() if not key.startswith(("ZHENGXIE_", "LC_"))}
        environ |= {"PYTHONPATH": PYTHONPATH, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
        self._server = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("server.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def zhengxie(self, *args: object, plan: dict[str, Any] | None = None, **more: Any) -> Outcome:
        """Run a command line of the program."""
        return self._ask("zhengxie", args, plan, more)

    def program(self, name: str, *args: object, plan: dict[str, Any] | None = None, **more: Any) -> Outcome:
        """Run a function of ``programs``, which acknowledges line by line."""
        return self._ask(name, args, plan, more)

    def _ask(
        self, program: str, args: tuple[object, ...], plan: dict[str, Any] | None, more: dict[str, Any]
    ) -> Outcome:
        request = {
            "program": program,
            "args": [str(arg) if isinstance(arg, Path) or program == "zhengxie" else arg for arg in args],
            "plan": plan or {},
            "env": {"ZHENGXIE_CLOCK": more.pop("clock", CLOCK), "ZHENGXIE_DEBUG": str(int(more.pop("debug", False)))},
            "cwd": str(more.pop("cwd", "/")),
            **more,
        }
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return Outcome(**json.loads(self._server.stdout.readline()))
