"""The files of a journal are the owner's alone, and an erasure that was cut short is finished by the next opening."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.program import PYTHONPATH, run
from tests.support import DATA

from zhengxie_flow import Engine, storage
from zhengxie_flow.storage.erasures import UNFINISHED

PROJECT = DATA / "personal"
PERSON = "张三丰张三丰"
ERASE = f"""
import os
from zhengxie_flow import Engine
from zhengxie_flow.storage.connections import OwnEngine
OwnEngine.forget = lambda self, patient=True: os._exit(9)  # killed between the commit and the emptying of the log
engine = Engine("cases.db", project={str(PROJECT)!r})
engine.open("town/petition", "P", by="clerk", facts={{"petitioner": {PERSON!r}, "topic": "x"}})
engine.erase("P", 1, "petitioner", reason="asked", by="clerk")
"""


@pytest.fixture(autouse=True)
def _open_mask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A mask that lets everybody read, as many servers have it."""
    before = os.umask(0o022)
    monkeypatch.chdir(tmp_path)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: f"{stat.S_IMODE(path.stat().st_mode):04o}" for path in folder.glob("*.db*")}


def holding(folder: Path) -> list[str]:
    """The files in which the value stands."""
    return [path.name for path in folder.glob("cases.db*") if PERSON.encode() in path.read_bytes()]


def test_a_journal_is_made_for_its_owner_alone_whoever_makes_it(tmp_path: Path) -> None:
    assert run("--db", "upgraded.db", "db", "upgrade").code == 0
    assert run("init", "city").code == 0
    with Engine("made.db", project=PROJECT) as engine:
        engine.open("town/petition", "P", by="clerk", facts={"petitioner": PERSON, "topic": "x"})
        assert set(modes(tmp_path)) == {"upgraded.db", "made.db", "made.db-wal", "made.db-shm"}
        assert set(modes(tmp_path).values()) == {"0600"}
    assert set(modes(tmp_path / "city").values()) == {"0600"}
    Path("linked.db").symlink_to(tmp_path / "behind.db")
    storage.upgrade("linked.db")
    assert modes(tmp_path)["behind.db"] == "0600"


def test_a_mode_that_was_chosen_is_kept(tmp_path: Path) -> None:
    storage.upgrade("cases.db")
    Path("cases.db").chmod(0o640)
    with Engine("cases.db", project=PROJECT) as engine:
        engine.open("town/petition", "P", by="clerk", facts={"petitioner": PERSON, "topic": "x"})
        assert set(modes(tmp_path).values()) == {"0640"}


def test_an_erasure_that_was_cut_short_is_finished_by_the_next_opening_for_writing(tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": PYTHONPATH}
    killed = subprocess.run([sys.executable, "-c", ERASE], env=environ, check=False, capture_output=True)
    assert killed.returncode == 9, killed.stderr
    assert holding(tmp_path), "nothing was left: the test shows nothing"
    with Engine("cases.db", project=PROJECT, read_only=True) as engine:
        assert [finding.kind for finding in engine.verify()] == ["erased"]
    assert holding(tmp_path), "who only reads changes nothing"
    doctor = run("--project", PROJECT, "--db", "cases.db", "--format", "json", "doctor")
    (erasures,) = [check for check in doctor.data["checks"] if check["id"] == "erasures"]
    assert (doctor.code, erasures["status"]) == (1, "failed")
    with Engine("cases.db", project=PROJECT) as engine:
        assert holding(tmp_path) == []
        assert [finding.kind for finding in engine.verify()] == ["erased"]
    with sqlite3.connect("cases.db") as rows:
        assert rows.execute("SELECT value FROM zx_journal WHERE name = ?", (UNFINISHED,)).fetchall() == []


def test_while_another_reads_an_erasure_stays_unfinished_and_nobody_waits_for_it(tmp_path: Path) -> None:
    with Engine("cases.db", project=PROJECT) as engine:
        engine.open("town/petition", "P", by="clerk", facts={"petitioner": PERSON, "topic": "x"})
    with sqlite3.connect("cases.db", isolation_level=None) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM zx_events").fetchone()
        with storage.open_journal("cases.db", busy_timeout=0.01) as journal, journal.transaction() as write:
            (datum,) = [datum for datum in journal.personal("P") if PERSON in (datum.value or "")]
            write.erase_personal("P", 1, datum.field, at=datetime(2026, 3, 2, tzinfo=UTC), ground="asked")
        with storage.open_journal("cases.db") as journal:  # it does not wait for the reader
            assert journal.personal("P")
        assert holding(tmp_path)
        reading.execute("COMMIT")
    reading.close()
    with storage.open_journal("cases.db"):
        assert holding(tmp_path) == []


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_a_database_is_a_regular_file(tmp_path: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo("odd.db")
    elif kind == "folder":
        Path("odd.db").mkdir()
    else:
        Path("odd.db").symlink_to("/dev/zero")
    for command in (("list",), ("db", "upgrade"), ("db", "current"), ("verify",)):
        answer = run("--db", "odd.db", "--format", "json", *command)
        assert (answer.code, answer.error["code"]) == (6, "ZX5018")
    assert [path.name for path in tmp_path.iterdir()] == ["odd.db"]
