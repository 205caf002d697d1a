"""A server of children: each is a fork of a process that has loaded the program, and is killed as the request says.

Starting an interpreter takes half a second, forking one a hundredth of it; what the child runs is the same.  The requests
and answers are lines of JSON on standard input and output.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import select
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn

from tests.cli.program import run
from tests.soak import connections, tracing
from tests.support import MINI

from zhengxie_flow.cli.main import main

LONGEST = 120  # seconds after which a child is taken to hang


def serve() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what anything prints by mistake is no answer
    with tempfile.TemporaryDirectory() as folder:
        warm(Path(folder))
        for number, line in enumerate(sys.stdin):
            request = json.loads(line)
            print(json.dumps(perform(request, Path(folder), number)), file=answers, flush=True)


def warm(folder: Path) -> None:
    """Load what commands load when they first need it."""
    os.environ["ZHENGXIE_CLOCK"] = "2026-11-30T09:00:00+08:00"
    place = ("--project", MINI, "--db", folder / "warm.db")
    for line in (
        "db upgrade", "open mini/talk --case w --by office", "record w agree --at 2026-01-12 --by partner", "audit w",
        "tick", "db rebuild", "db checkpoint", "verify", "show w", "calendar day 2026-01-01", "import missing.yaml",
    ):  # fmt: skip
        run(*place, *line.split())
    importlib.import_module("zhengxie_flow.reading.notices")
    importlib.import_module("tests.soak.programs")
    os.environ.pop("ZHENGXIE_CLOCK")


def perform(request: dict[str, Any], folder: Path, number: int) -> dict[str, Any]:
    """Run a child and say how it ended."""
    files = [folder / f"{number}.{name}" for name in ("out", "err", "said")]
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        child(request, files)
    policy = policy_of(request["plan"], str(files[2]))
    status = awaited(pid, request["plan"]) if policy is None else tracing.follow(pid, policy)
    seconds = time.perf_counter() - started
    if isinstance(policy, tracing.Recording):
        Path(request["plan"]["to"]).write_bytes(pickle.dumps(policy.steps))
    out, err, said = ((file.read_text(encoding="utf-8") if file.exists() else "") for file in files)
    for file in files:
        file.unlink(missing_ok=True)
    return {
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        "out": out,
        "err": err,
        "said": said.splitlines(),
        "seconds": seconds,
        "calls": policy.names if isinstance(policy, tracing.Counting) else [],
    }


def policy_of(plan: dict[str, Any], acknowledged: str) -> tracing.Policy | None:
    match plan.get("trace"):
        case "count":
            return tracing.Counting()
        case "kill":
            return tracing.Killing(at=plan["at"])
        case "fail":
            calls = frozenset(plan["calls"]) if "calls" in plan else tracing.SPACE
            return tracing.Failing(
                folder=plan["folder"], at=plan["at"], errno=plan["errno"], calls=calls, once=plan.get("once", False)
            )
        case "record":
            return tracing.Recording(plan["folder"], acknowledged, plan.get("at"))
    return None


def awaited(pid: int, plan: dict[str, Any]) -> int:
    """Wait for a child, or send it a signal when its time has come."""
    handle = os.pidfd_open(pid)
    try:
        if not select.select([handle], [], [], plan.get("after", LONGEST))[0]:
            os.kill(pid, plan.get("signal", signal.SIGKILL))
        if not select.select([handle], [], [], LONGEST)[0]:
            os.kill(pid, signal.SIGKILL)
    finally:
        os.close(handle)
    return os.waitpid(pid, 0)[1]


def child(request: dict[str, Any], files: list[Path]) -> NoReturn:
    """Be the child: the command line, or a function of ``programs``."""
    code = 99
    try:
        signal.alarm(LONGEST)
        for descriptor, file in enumerate(files[:2], 1):
            opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(opened, descriptor)
            os.close(opened)
        sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        for name, value in request.get("limits", {}).items():
            limit(name, value)
        connections.disturb(request["plan"].get("connection"))
        policy = policy_of(request["plan"], "")
        said = os.open(files[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        if policy is not None and not tracing.start():
            os._exit(98)
        if request["program"] == "zhengxie":
            code = main(request["args"])
        else:
            program = getattr(importlib.import_module("tests.soak.programs"), request["program"])
            code = program(lambda line: os.write(said, f"{line}\n".encode()), *request["args"]) or 0
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001  # a fork that returns would be a second server
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def limit(name: str, value: int) -> None:
    """Set a resource limit; a file that grows beyond it is an error rather than a signal."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(getattr(resource, name), (value, value))


if __name__ == "__main__":
    serve()
