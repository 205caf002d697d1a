"""A child under ptrace: its writing system calls are counted, cut short by a kill, made to fail, or written down.

What a program does to the disk and to a server is a sequence of system calls; between any two of them it may be killed, and
each of them may find the disk full.  Here the n-th is hit surely, where a random moment would hit it by luck.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

_TRACEME, _GETREGS, _SETREGS, _SYSCALL, _SETOPTIONS, _INFO = 0, 12, 13, 24, 0x4200, 0x420E
_SYSGOOD, _EXITKILL = 1, 0x100000
_ENTRY, _EXIT = 1, 2
_STOP = signal.SIGTRAP | 0x80
_CREATE = os.O_CREAT

# Only the calls that change a file, a folder or what the other end of a connection has seen.
_CALLS = {
    "x86_64": {
        1: "write", 18: "pwrite64", 20: "writev", 296: "pwritev", 40: "sendfile", 326: "copy_file_range", 76: "truncate",
        77: "ftruncate", 285: "fallocate", 74: "fsync", 75: "fdatasync", 257: "openat", 82: "rename", 264: "renameat",
        316: "renameat2", 86: "link", 265: "linkat", 88: "symlink", 266: "symlinkat", 87: "unlink", 263: "unlinkat",
        84: "rmdir", 83: "mkdir", 258: "mkdirat", 90: "chmod", 91: "fchmod", 268: "fchmodat", 44: "sendto", 46: "sendmsg",
    },
    "aarch64": {
        64: "write", 68: "pwrite64", 66: "writev", 70: "pwritev", 71: "sendfile", 285: "copy_file_range", 45: "truncate",
        46: "ftruncate", 47: "fallocate", 82: "fsync", 83: "fdatasync", 56: "openat", 38: "renameat", 276: "renameat2",
        37: "linkat", 36: "symlinkat", 35: "unlinkat", 34: "mkdirat", 52: "fchmod", 53: "fchmodat", 206: "sendto",
        211: "sendmsg",
    },
}  # fmt: skip
_FILLING = {"write", "pwrite64", "writev", "pwritev", "sendfile", "copy_file_range", "ftruncate", "fallocate"}
_NAMING = {"openat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "mkdir", "mkdirat"}
_BY_DESCRIPTOR = _FILLING | {"fsync", "fdatasync", "fchmod", "sendto", "sendmsg"}
_STEPS = {
    "fsync": "sync", "fdatasync": "sync", "mkdir": "mkdir", "mkdirat": "mkdir", "unlink": "unlink", "unlinkat": "unlink",
    "rmdir": "unlink",
}  # fmt: skip
_STEPS_OF_TWO = {"rename": "rename", "renameat": "rename", "renameat2": "rename", "link": "link", "linkat": "link"}
SPACE = frozenset(_FILLING | _NAMING | {"fsync", "fdatasync"})
"""The calls that a full disk makes fail."""


@dataclass(slots=True)
class Call:
    """One writing system call of the child."""

    pid: int
    name: str
    args: tuple[int, ...]
    path: str = ""
    result: int = 0

    def resolve(self) -> None:
        """Find the path of the file it writes."""
        if self.name in _BY_DESCRIPTOR:
            try:
                self.path = os.readlink(f"/proc/{self.pid}/fd/{self.args[0]}").removesuffix(" (deleted)")
            except OSError:
                self.path = ""
            return
        self.path = self.argument(*_PATH_AT.get(self.name, (0, None)))

    def argument(self, name: int, folder: int | None) -> str:
        """Return a path among the arguments, in full."""
        text = _string(self.pid, self.args[name])
        at = None if folder is None else ctypes.c_int(self.args[folder]).value
        base = f"/proc/{self.pid}/cwd" if at in {None, -100} else f"/proc/{self.pid}/fd/{at}"
        return os.path.normpath(os.path.join(os.readlink(base), text))

    def other(self) -> str:
        """Return the second path of a rename or link, in full."""
        return self.argument(*((3, 2) if self.name in {"renameat", "renameat2", "linkat"} else (1, None)))


# By call: which argument is the path, and which the folder it starts from.
_PATH_AT: dict[str, tuple[int, int | None]] = dict.fromkeys(("openat", "renameat", "renameat2", "linkat", "unlinkat", "mkdirat", "fchmodat"), (1, 0)) | {"symlink": (1, None), "symlinkat": (2, 1)}  # fmt: skip


class Policy(Protocol):
    """What is done with the writing calls of a child."""

    def enter(self, call: Call) -> str | int | None:
        """Look at a call before it is made: ``kill`` kills the child, a number makes the call fail with it."""

    def leave(self, call: Call) -> None:
        """Look at a call after it was made."""


@dataclass
class Counting:
    """Counts the calls, and keeps their names."""

    names: list[str] = field(default_factory=list)

    def enter(self, call: Call) -> None:
        self.names.append(f"{call.name} {Path(call.path).name}")

    def leave(self, call: Call) -> None:
        """Nothing."""


@dataclass
class Killing(Counting):
    """Kills the child before its n-th call, counted from 0."""

    at: int = 0

    def enter(self, call: Call) -> str | None:
        super().enter(call)
        return "kill" if len(self.names) > self.at else None


@dataclass
class Failing(Counting):
    """Makes the n-th call on a file below a folder fail, and all those after it that need room too."""

    folder: str = "/"
    at: int = 0
    errno: int = 28
    calls: frozenset[str] = SPACE
    once: bool = False

    def enter(self, call: Call) -> int | None:
        if call.name not in self.calls or not call.path.startswith(self.folder):
            return None
        super().enter(call)
        number = len(self.names) - 1
        return self.errno if (number == self.at if self.once else number >= self.at) else None


@dataclass
class Recording:
    """Writes down what was done to the files below a folder, with the bytes, and what was acknowledged between.

    With ``at`` the child is killed before the call that would be the step of that number, counted from 0.
    """

    folder: str
    acknowledged: str
    at: int | None = None
    steps: list[tuple[object, ...]] = field(default_factory=list)
    _new: bool = False

    def enter(self, call: Call) -> str | None:
        self._new = call.name == "openat" and not os.path.exists(call.path)
        due = self.at is not None and len(self.steps) >= self.at
        return "kill" if due and call.path.startswith(self.folder) else None

    def leave(self, call: Call) -> None:
        if call.result < 0:
            return
        if call.path == self.acknowledged:
            self.steps.append(("acknowledged", self._written(call)[1]))
        elif call.path.startswith(self.folder):
            self._keep(call)

    def _keep(self, call: Call) -> None:
        if call.name in _STEPS:
            self.steps.append((_STEPS[call.name], call.path))
        elif call.name in _STEPS_OF_TWO:
            self.steps.append((_STEPS_OF_TWO[call.name], call.path, call.other()))
        elif call.name == "openat" and self._new:
            self.steps.append(("create", call.path))
        elif call.name in {"openat", "ftruncate", "truncate"}:
            if call.name != "openat" or call.args[2] & os.O_TRUNC:
                self.steps.append(("truncate", call.path, 0 if call.name == "openat" else call.args[1]))
        elif call.name in _FILLING - {"fallocate"}:
            self.steps.append(("write", call.path, *self._written(call)))

    def _written(self, call: Call) -> tuple[int, bytes]:
        """Where and what a call has written, read back from the file."""
        if call.name in {"pwrite64", "pwritev"}:
            offset = call.args[3]
        else:
            position = Path(f"/proc/{call.pid}/fdinfo/{call.args[0]}").read_text(encoding="ascii").split()[1]
            offset = int(position) - call.result
        with open(f"/proc/{call.pid}/fd/{call.args[0]}", "rb") as stream:
            stream.seek(offset)
            return offset, stream.read(call.result)


def available() -> str | None:
    """Why no child can be traced here; None where it can."""
    if platform.system() != "Linux" or platform.machine() not in _CALLS:
        return f"system calls are traced on Linux on {' and '.join(_CALLS)} alone"
    pid = os.fork()
    if pid == 0:
        os._exit(0 if start() else 1)
    _, status = os.waitpid(pid, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        return "this system does not permit ptrace"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def failing_possible() -> str | None:
    """Why no call can be made to fail here; None where it can."""
    return None if platform.machine() == "x86_64" else "system calls are made to fail on x86_64 alone"


def start() -> bool:
    """Stop the calling process, as its parent's child to be traced; False where that is not permitted."""
    if _libc().ptrace(_TRACEME, 0, None, None) != 0:
        return False
    os.kill(os.getpid(), signal.SIGSTOP)
    return True


def follow(pid: int, policy: Policy) -> int:
    """Let a child that called `start` run to its end under a policy; its status as of `os.waitpid`."""
    _, status = os.waitpid(pid, 0)
    if not os.WIFSTOPPED(status):
        return status
    _ptrace(_SETOPTIONS, pid, _SYSGOOD | _EXITKILL)
    calls = _CALLS[platform.machine()]
    forward, pending, error = 0, None, 0
    while True:
        _ptrace(_SYSCALL, pid, forward)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            return status
        forward = 0
        if os.WSTOPSIG(status) != _STOP:
            forward = os.WSTOPSIG(status)
            continue
        kind, values = _information(pid)
        if kind == _ENTRY:
            pending, error = _entered(pid, calls.get(values[0]), values[1:]), 0
            answer = None if pending is None else policy.enter(pending)
            if answer == "kill":
                os.kill(pid, signal.SIGKILL)
                return os.waitpid(pid, 0)[1]
            if isinstance(answer, int):
                error = answer
                _registers(pid, orig_rax=-1)
        elif kind == _EXIT and pending is not None:
            if error:
                _registers(pid, rax=-error)
            pending.result = -error if error else values[0]
            policy.leave(pending)
            pending = None


def _entered(pid: int, name: str | None, args: tuple[int, ...]) -> Call | None:
    if name is None or (name == "openat" and not args[2] & _CREATE):
        return None
    call = Call(pid, name, args)
    call.resolve()
    return None if call.path.startswith(("/dev/", "/proc/")) else call


def _information(pid: int) -> tuple[int, tuple[int, ...]]:
    """The kind of a stop, with number and arguments of the call, or its result."""
    buffer = ctypes.create_string_buffer(88)
    _ptrace(_INFO, pid, ctypes.addressof(buffer), 88)
    kind = buffer.raw[0]
    if kind == _ENTRY:
        return kind, struct.unpack_from("7Q", buffer.raw, 24)
    return kind, struct.unpack_from("q", buffer.raw, 24)


def _registers(pid: int, **values: int) -> None:
    """Set registers of a stopped child (x86_64)."""
    buffer = ctypes.create_string_buffer(27 * 8)
    _ptrace(_GETREGS, pid, ctypes.addressof(buffer))
    for name, value in values.items():
        struct.pack_into("q", buffer, {"rax": 10, "orig_rax": 15}[name] * 8, value)
    _ptrace(_SETREGS, pid, ctypes.addressof(buffer))


def _string(pid: int, address: int) -> str:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        text = b""
        while b"\0" not in text:  # page by page: the next one may not be there
            memory.seek(address + len(text))
            text += memory.read(4096 - (address + len(text)) % 4096)
        return os.fsdecode(text[: text.index(b"\0")])


def _ptrace(request: int, pid: int, data: int = 0, address: int = 0) -> None:
    if _libc().ptrace(request, pid, address, data) < 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request:#x}")


def _libc() -> ctypes.CDLL:
    global _LIBRARY  # noqa: PLW0603  # loaded where it is first needed
    if _LIBRARY is None:
        _LIBRARY = ctypes.CDLL(None, use_errno=True)
        _LIBRARY.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        _LIBRARY.ptrace.restype = ctypes.c_long
    return _LIBRARY


_LIBRARY: ctypes.CDLL | None = None
